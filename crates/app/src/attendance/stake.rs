//! What hangs on children who are about to be taken off the roll (G1).

use std::collections::HashSet;

use kehou_db::{Result, Tx};
use kehou_domain::access::ImportRoster;
use kehou_domain::custody::Whereabouts;
use kehou_domain::ids::StudentId;

use crate::{custody, enrolment};

/// How many of some children the school waits for or has in its care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stake {
    /// Today: expected or in school, and not gone yet.
    pub today: u32,
    /// With a place in the service, now or from a later day on.
    pub places: u32,
}

/// What hangs on these children.
pub fn stake(tx: &mut Tx<ImportRoster>, children: &[StudentId]) -> Result<Stake> {
    let children: HashSet<StudentId> = children.iter().copied().collect();
    let today = tx.today();
    let awaited = custody::states_on(tx, today)?.into_iter().filter(|(child, state)| {
        let gone = matches!(state.whereabouts(), Whereabouts::NotExpected | Whereabouts::Ended(_));
        children.contains(child) && !gone
    });
    let awaited = awaited.count();
    let holders = enrolment::place_holders(tx)?.into_iter().filter(|child| children.contains(child)).count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Stake { today: count(awaited), places: count(holders) })
}
