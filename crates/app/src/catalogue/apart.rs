//! Offerings of which no child has both, as the office declares them.

use kehou_db::{Error, Event, Result, SchoolTx, Tx};
use kehou_domain::access::ReadOfferings;
use kehou_domain::catalogue::{Details, Status};
use kehou_domain::ids::OfferingId;
use serde_json::json;

use super::rows;

/// Another offering of the term in the same slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Which.
    pub id: OfferingId,
    /// What it says.
    pub details: Details,
    /// Whether it was declared to be apart from the one that is looked at.
    pub is_apart: bool,
}

/// The other offerings of the term that meet in a slot of this one, by title; what ended only where it is apart.
pub fn beside(tx: &mut Tx<ReadOfferings>, id: OfferingId) -> Result<Vec<Beside>> {
    let term = rows::offering(tx, id)?.term;
    let all = rows::of_term(tx, term)?;
    let own = all.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    let mut beside = Vec::new();
    for one in all.into_iter().filter(|one| one.id != id) {
        let is_apart = own.apart.contains(&one.id);
        let may_be = one.status != Status::Withdrawn && own.details.shares_a_slot(&one.details);
        if is_apart || may_be {
            beside.push(Beside { id: one.id, details: one.details, is_apart });
        }
    }
    Ok(beside)
}

/// From now on no child has both; whether that may be said is for who knows what families choose.
pub(crate) fn keep_apart(tx: &mut SchoolTx, (one, other): (OfferingId, OfferingId)) -> Result<()> {
    rows::apart::add(tx, one.min(other), one.max(other))?;
    tx.event(Event::new("KeepOfferingsApart", one).facts(json!({ "other": other.to_string() })))
}

/// A child may have both again.
pub(crate) fn let_together(tx: &mut SchoolTx, (one, other): (OfferingId, OfferingId)) -> Result<()> {
    rows::apart::remove(tx, one.min(other), one.max(other))?;
    tx.event(Event::new("LetOfferingsTogether", one).facts(json!({ "other": other.to_string() })))
}
