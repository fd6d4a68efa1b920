//! The end of a guardianship, asked about while the gate depends on it (H1).

use kehou_db::{Failed, Result, SchoolTx, Tx};
use kehou_domain::access::KeepRoster;
use kehou_domain::dismissal::{self, EndRefused, GuardianshipEnd, may_be_told};
use kehou_domain::ids::{GuardianId, StudentId};

use super::restriction::restrictions_of;
use super::rows;
use crate::{custody, people};

/// Whose guardianship ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedGuardian {
    /// The child.
    pub student: StudentId,
    /// The guardian.
    pub guardian: GuardianId,
    /// Whether whoever ends it was asked and means it.
    pub is_sure: bool,
}

/// H1: ends a guardianship; the last guardian who may collect a child in school is ended only when that is meant.
pub fn end_guardianship(
    tx: &mut Tx<KeepRoster>,
    ended: EndedGuardian,
) -> std::result::Result<(), Failed<EndRefused>> {
    people::hold_roster(tx)?;
    let today = tx.today();
    let whereabouts = custody::state_of(tx, ended.student, today)?.whereabouts();
    let others_who_may_collect = others_who_may_collect(tx, ended)?;

    let end = GuardianshipEnd { others_who_may_collect, whereabouts, is_sure: ended.is_sure };
    dismissal::may_end_guardianship(end).map_err(Failed::Refused)?;

    Ok(people::end_guardianship(tx, ended.student, ended.guardian)?)
}

fn others_who_may_collect(tx: &mut SchoolTx, ended: EndedGuardian) -> Result<usize> {
    let guardians = rows::guardians(tx, ended.student)?;
    let restrictions = restrictions_of(tx, ended.student, &guardians)?;
    let today = tx.today();
    let others = guardians.iter().filter(|guardian| guardian.id != ended.guardian);
    Ok(others.filter(|guardian| may_be_told(guardian.id, &restrictions, today)).count())
}
