//! Offerings of which no child has both: the school declares them in its catalogue, every round of their slot keeps them
//! apart.

use crate::catalogue::{Details, Status};
use crate::ids::OfferingId;

/// An offering that is declared to be apart from another.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'a> {
    /// Its id.
    pub id: OfferingId,
    /// Where it stands.
    pub status: Status,
    /// What is offered.
    pub details: &'a Details,
}

/// Why two offerings stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApartRefused {
    /// They are one.
    Same,
    /// One of them ended.
    Ended,
    /// They meet in no slot that both have: a round is about one slot and knows nothing of another.
    OtherSlot,
    /// Families choose one of them in so many rounds on their way: what was made known there stays as it is.
    Choosing(usize),
}

/// Whether the two may be declared to be apart, with one of them offered in so many rounds on their way.
pub fn may_keep_apart(one: Declared<'_>, other: Declared<'_>, rounds: usize) -> Result<(), ApartRefused> {
    if one.id == other.id {
        return Err(ApartRefused::Same);
    }
    if one.status == Status::Withdrawn || other.status == Status::Withdrawn {
        return Err(ApartRefused::Ended);
    }
    if !one.details.shares_a_slot(other.details) {
        return Err(ApartRefused::OtherSlot);
    }
    may_let_together(rounds)
}

/// Whether the two need be apart no longer.
pub const fn may_let_together(rounds: usize) -> Result<(), ApartRefused> {
    if rounds == 0 { Ok(()) } else { Err(ApartRefused::Choosing(rounds)) }
}
