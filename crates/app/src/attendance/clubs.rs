//! The catalogue or the staff changes in the middle of the term: days whose sessions were made already follow at once (G1, G2). Later
//! days are made from seats and catalogue anyway.

use jiff::civil::Date;
use kehou_db::{Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepOfferings, KeepStaff, ReviewOfferings};
use kehou_domain::allocation::round::{Retire, RetireRefused};
use kehou_domain::catalogue::{DecideRefused, Status};
use kehou_domain::ids::{OfferingId, StaffId};

use super::local::follow;
use crate::allocation::round;
use crate::catalogue::{self, Said};
use crate::people;

/// Takes an offering back to change it, or ends it: from that moment its children are with their classes again, but for
/// whoever was called already.
pub fn retire_offering(
    tx: &mut Tx<KeepOfferings>,
    id: OfferingId,
    wish: &Retire,
) -> std::result::Result<Status, Failed<RetireRefused>> {
    let status = round::retire(tx, id, wish)?;
    follow_from_today(tx)?;
    Ok(status)
}

/// Publishes an offering or sends it back: one that is offered again has its children back.
pub fn decide_offering(
    tx: &mut Tx<ReviewOfferings>,
    id: OfferingId,
    said: &Said,
) -> std::result::Result<Status, Failed<DecideRefused>> {
    let status = catalogue::decide(tx, id, said)?;
    if status == Status::Published {
        follow_from_today(tx)?;
    }
    Ok(status)
}

/// Notes that a member of staff has left: the children of a club that nobody leads any more are with their classes, unless
/// somebody stands in.
pub fn note_staff_leaving(tx: &mut Tx<KeepStaff>, id: StaffId) -> Result<()> {
    people::note_staff_leaving(tx, id)?;
    follow_from_today(tx)
}

fn follow_from_today(tx: &mut SchoolTx) -> Result<()> {
    let today = tx.today();
    follow(tx, (today, Date::MAX))
}
