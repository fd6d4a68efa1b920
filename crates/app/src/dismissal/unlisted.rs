//! A child at the gate whose day was called off before its session began: on no list any more, and perhaps still there.

use jiff::civil::Date;
use kehou_db::{Error, Result, Tx};
use kehou_domain::access::WatchGate;
use kehou_domain::calendar::school::NoService;
use kehou_domain::ids::StudentId;

use super::{ChildCard, GuardianCard, LeaderCard, rows, worked_on};
use crate::{calendar, custody};

/// A child who was on the day's list and is no more.
#[derive(Debug, Clone)]
pub struct Unlisted {
    /// The day.
    pub day: Date,
    /// The child.
    pub child: ChildCard,
    /// Why the day has no service, when it has none.
    pub why: Option<NoService>,
    /// The guardians to call.
    pub guardians: Vec<GuardianCard>,
    /// Those who lead the duty, to call.
    pub leaders: Vec<LeaderCard>,
}

/// C11, H3: what the gate is told of a child whose sessions of the day were called off. A child who was never on the
/// day's list is not there.
pub fn unlisted(tx: &mut Tx<WatchGate>, student: StudentId, day: Option<Date>) -> Result<Unlisted> {
    let day = worked_on(tx, day)?;
    if custody::facts_of(tx, student, day)?.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Unlisted {
        day,
        child: rows::child_card(tx, student)?,
        why: calendar::service_day(tx, day)?.err(),
        guardians: rows::guardians(tx, student)?,
        leaders: rows::leaders(tx)?,
    })
}
