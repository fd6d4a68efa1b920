//! What the school says of its days: asked of those who know who is here, followed by the days that were made already,
//! and told to whoever is concerned (C11).

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use kehou_db::{Error, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepCalendar, ReadCalendar};
use kehou_domain::calendar::school::{Confirmed, LocalDay, LocalRefused, Underway, call_off, make_up};
use kehou_domain::ids::SessionId;
use kehou_domain::plan::DayKind;

use super::changed_day::{self, Change};
use super::{NoPlan, Status, day, rows};
use crate::{calendar, custody, plan};

/// Says how a day differs from the country's calendar (C3, C11). Families and teachers whose service that changes are
/// told.
pub fn set_local_day(
    tx: &mut Tx<KeepCalendar>,
    local: &LocalDay,
    confirmed: Confirmed,
) -> std::result::Result<(), Failed<LocalRefused>> {
    make_up(local, tx.today(), confirmed).map_err(Failed::Refused)?;
    if let Some(follows) = local.kind.follows() {
        has_service(tx, local.day, follows)?;
    }
    let underway = underway(tx, local.day)?;
    call_off(local, tx.today(), underway, confirmed).map_err(Failed::Refused)?;

    let before = changed_day::concerned(tx, local.day)?;
    calendar::set_local_day(tx, local)?;
    follow(tx, (local.day, local.day))?;
    Ok(changed_day::tell(tx, local.day, &before, Change::Said(&local.reason))?)
}

/// Takes back what the school said of a day (C11): sessions that were called off are held again, and everybody who was
/// told is told so.
pub fn clear_local_day(tx: &mut Tx<KeepCalendar>, day: Date) -> Result<()> {
    let before = changed_day::concerned(tx, day)?;
    calendar::clear_local_day(tx, day)?;
    follow(tx, (day, day))?;
    changed_day::tell(tx, day, &before, Change::TakenBack)
}

/// Whether the plan in force on the day has a service on the weekday that it would follow; without a plan nobody knows.
fn has_service(
    tx: &mut SchoolTx,
    day: Date,
    follows: Weekday,
) -> std::result::Result<(), Failed<LocalRefused>> {
    match plan::plan_on(tx, day) {
        Ok(plan) if plan.slots_on(day, DayKind::School { follows }).is_empty() => {
            Err(Failed::Refused(LocalRefused::NothingThen { follows }))
        }
        Ok(_) | Err(Error::NotFound) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}

/// What has happened already on the day; of an earlier day, every session has begun.
fn underway(tx: &mut SchoolTx, day: Date) -> Result<Underway> {
    let now = tx.at();
    let sessions = rows::sessions::sessions(tx, day)?;
    let has_begun =
        |session: &super::Session| session.starts_at <= now && session.status != Status::Cancelled;
    let begun: BTreeSet<SessionId> =
        sessions.iter().filter(|session| has_begun(session)).map(|session| session.id).collect();
    custody::underway(tx, day, &begun)
}

/// Declares the days of a span that no notice covers; closures and pauses in it stay. A day on which children are here
/// is called off by itself, where it is said how many.
pub fn declare(
    tx: &mut Tx<KeepCalendar>,
    span: (Date, Date),
    free: &[Date],
    reason: &str,
    told: u32,
) -> std::result::Result<usize, Failed<LocalRefused>> {
    let declared = calendar::declare(tx, span, free, reason, told)?;
    let today = tx.today();
    for local in declared.iter().filter(|local| local.day <= today) {
        let underway = underway(tx, local.day)?;
        call_off(local, today, underway, Confirmed::default()).map_err(Failed::Refused)?;
    }
    follow(tx, span)?;
    Ok(declared.len())
}

/// The days of the span whose sessions were made follow what the calendar says now. A day that is past loses sessions
/// that nobody called and gets none.
pub(super) fn follow(tx: &mut SchoolTx, (from, to): (Date, Date)) -> Result<()> {
    for made in rows::sessions::days_made(tx, from, to)? {
        if made < tx.today() && calendar::service_day(tx, made)?.is_ok() {
            continue;
        }
        rows::sessions::hold_day(tx, made)?;
        match day::make(tx, made) {
            Ok(_) | Err(Failed::Refused(NoPlan)) => {}
            Err(Failed::Fault(fault)) => return Err(fault),
        }
    }
    Ok(())
}

/// The groups that a day still has although its service is called off: their rolls were called or their time had begun,
/// so they stay (C11).
pub fn held_though_off(tx: &mut Tx<ReadCalendar>, day: Date) -> Result<Vec<String>> {
    if calendar::service_day(tx, day)?.is_ok() {
        return Ok(Vec::new());
    }
    let sessions = rows::sessions::sessions(tx, day)?;
    let held = sessions.into_iter().filter(|session| session.status != Status::Cancelled);
    Ok(held.map(|session| session.group_name).collect())
}
