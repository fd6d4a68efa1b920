//! Calling a day off: asked of those who know who is here (C11).

use kehou_db::{Failed, Tx};
use kehou_domain::access::KeepCalendar;
use kehou_domain::calendar::school::{LocalDay, LocalRefused, call_off};

use crate::{calendar, custody};

/// Says how a day differs from the country's calendar (C3, C11). `told` is how many children are here, as whoever calls
/// the service off was told.
pub fn set_local_day(
    tx: &mut Tx<KeepCalendar>,
    local: &LocalDay,
    told: u32,
) -> Result<(), Failed<LocalRefused>> {
    let underway = custody::underway(tx, local.day)?;
    call_off(local, tx.today(), underway, told).map_err(Failed::Refused)?;
    calendar::set_local_day(tx, local)
}
