//! Moving a child by hand: the hard rules hold for the office as for the draw.

use super::{Choosable, Claimant, Stage, StepRefused, Way, WishFault, may_move};
use crate::ids::OfferingId;
use crate::typed::{LONGEST_NOTE, is_longer};

/// Why a child is not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveRefused {
    /// The round stands where nobody moves.
    Step(StepRefused),
    /// Whoever looks at it later wants to know why.
    NoReason,
    /// The reason is too long.
    ReasonTooLong,
    /// The offering, the day or the child does not allow it.
    Wish(WishFault),
    /// The child has this title on another day.
    TitleTaken,
    /// The child has this offering, and the school declared the two to be apart.
    Apart(OfferingId),
    /// The child would have more than the round allows a week.
    WeekFull,
    /// The seat is locked.
    Locked,
    /// It would change nothing.
    Same,
    /// The offering was taken back or ended.
    NotOffered,
    /// No seat is free.
    Full,
    /// Only seats are free that are kept for families who cannot choose themselves, until the round closes.
    KeptAlone,
    /// It is not the last change of that child's day, or was taken back.
    NotTheLast,
}

/// A move that the office wants.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The child, with its seats but for the one that it is moved from.
    pub claimant: &'a Claimant,
    /// Whether the seat of that day is locked.
    pub is_locked: bool,
    /// Where the child goes; nothing when it goes nowhere.
    pub to: Option<&'a Choosable>,
    /// The most a week.
    pub weekly_limit: u8,
    /// Why.
    pub reason: &'a str,
}

/// Whether the move keeps the rules; whether a seat is free shows when it is taken.
pub fn moves(way: Way, stage: Stage, wanted: &Wanted<'_>) -> Result<(), MoveRefused> {
    may_move(way, stage).map_err(MoveRefused::Step)?;
    if wanted.reason.trim().is_empty() {
        return Err(MoveRefused::NoReason);
    }
    if is_longer(wanted.reason, LONGEST_NOTE) {
        return Err(MoveRefused::ReasonTooLong);
    }
    if wanted.is_locked {
        return Err(MoveRefused::Locked);
    }
    let Some(to) = wanted.to else { return Ok(()) };
    let chooser = &wanted.claimant.chooser;
    chooser.may_have(to).map_err(MoveRefused::Wish)?;
    let taken = wanted.claimant.seats.iter().find_map(|has| has.days.and(to.days).iter().next());
    if let Some(day) = taken {
        return Err(MoveRefused::Wish(WishFault::DayTaken(day.cast_signed())));
    }
    if wanted.claimant.seats.iter().any(|has| has.title == to.title) {
        return Err(MoveRefused::TitleTaken);
    }
    if let Some(other) = wanted.claimant.apart_from(to) {
        return Err(MoveRefused::Apart(other));
    }
    if chooser.room(wanted.weekly_limit) <= wanted.claimant.seats.len() {
        return Err(MoveRefused::WeekFull);
    }
    Ok(())
}
