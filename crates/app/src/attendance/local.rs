//! What the school says of its days: asked of those who know who is here, and followed by the days that were made already
//! (C11).

use jiff::civil::Date;
use kehou_db::{Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepCalendar, ReadCalendar};
use kehou_domain::calendar::school::{LocalDay, LocalRefused, call_off};

use super::{NoPlan, Status, day, rows};
use crate::{calendar, custody};

/// Says how a day differs from the country's calendar (C3, C11). `told` is how many children are here, as whoever calls
/// the service off was told.
pub fn set_local_day(
    tx: &mut Tx<KeepCalendar>,
    local: &LocalDay,
    told: u32,
) -> std::result::Result<(), Failed<LocalRefused>> {
    let underway = custody::underway(tx, local.day)?;
    call_off(local, tx.today(), underway, told).map_err(Failed::Refused)?;
    calendar::set_local_day(tx, local)?;
    Ok(follow(tx, (local.day, local.day))?)
}

/// Takes back what the school said of a day (C11): sessions that were called off are held again.
pub fn clear_local_day(tx: &mut Tx<KeepCalendar>, day: Date) -> Result<()> {
    calendar::clear_local_day(tx, day)?;
    follow(tx, (day, day))
}

/// Declares the days of a span that no notice covers; closures and pauses in it stay.
pub fn declare(
    tx: &mut Tx<KeepCalendar>,
    span: (Date, Date),
    free: &[Date],
    reason: &str,
) -> std::result::Result<usize, Failed<LocalRefused>> {
    let declared = calendar::declare(tx, span, free, reason)?;
    follow(tx, span)?;
    Ok(declared)
}

/// The days of the span whose sessions were made follow what the calendar says now. A day that is past loses sessions
/// that nobody called and gets none.
fn follow(tx: &mut SchoolTx, (from, to): (Date, Date)) -> Result<()> {
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

/// The groups that a day still has although its service is called off: their rolls were called, so they stay (C11).
pub fn held_though_off(tx: &mut Tx<ReadCalendar>, day: Date) -> Result<Vec<String>> {
    if calendar::service_day(tx, day)?.is_ok() {
        return Ok(Vec::new());
    }
    let sessions = rows::sessions::sessions(tx, day)?;
    let held = sessions.into_iter().filter(|session| session.status != Status::Cancelled);
    Ok(held.map(|session| session.group_name).collect())
}
