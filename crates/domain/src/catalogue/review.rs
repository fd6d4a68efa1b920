//! From draft to published: who may take which step, and what the reviewer decides (D8, R2).

use crate::ids::AccountId;
use crate::plan::words;
use crate::typed::{LONGEST_NOTE, is_longer};

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = LONGEST_NOTE;

words! {
    /// Where an offering stands.
    Status {
        /// Being written.
        Draft = "draft",
        /// With the reviewer.
        InReview = "in_review",
        /// Sent back with a reason.
        Returned = "returned",
        /// Families can read it.
        Published = "published",
        /// Not offered any more.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What the office does with an offering.
    Step {
        /// Hands it to the reviewer.
        HandIn = "hand_in",
        /// Takes it back to change it.
        TakeBack = "take_back",
        /// Takes it off the list.
        Withdraw = "withdraw",
    }
}

words! {
    /// What the reviewer says.
    Verdict {
        /// Families may read it.
        Publish = "publish",
        /// It has to be changed.
        SendBack = "send_back",
    }
}

/// The step is none of this status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongStatus(pub Status);

/// Why the reviewer's word does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecideRefused {
    /// It does not wait for a review.
    WrongStatus(Status),
    /// It was changed after the reviewer had read it.
    Changed,
    /// The reviewer had a hand in it: nobody passes the own work.
    OwnWork,
    /// It is sent back without a reason.
    NoReason,
    /// The reason is too long.
    ReasonTooLong,
    /// It does not fit the plan in force.
    Unfit,
    /// Its venue or teacher is taken by a published offering.
    Clash,
}

/// What is known when the reviewer speaks.
#[derive(Debug, Clone, Copy)]
pub struct Review<'a> {
    /// Where the offering stands.
    pub status: Status,
    /// Whether it is still what the reviewer read.
    pub is_as_read: bool,
    /// Who wrote, changed and handed it in.
    pub authors: &'a [AccountId],
    /// Who reviews it.
    pub reviewer: AccountId,
    /// Whether it fits the plan in force.
    pub fits: bool,
    /// Whether a published offering takes its venue or teacher.
    pub clashes: bool,
    /// What the reviewer writes to the office.
    pub reason: &'a str,
}

/// Whether its text may be changed: not while it is read, nor while families go by it.
pub const fn may_change(status: Status) -> bool {
    matches!(status, Status::Draft | Status::Returned)
}

/// Where a step of the office leads.
pub const fn step(status: Status, step: Step) -> Result<Status, WrongStatus> {
    match (step, status) {
        (Step::HandIn, Status::Draft | Status::Returned) => Ok(Status::InReview),
        (Step::TakeBack, Status::InReview | Status::Published | Status::Withdrawn) => Ok(Status::Draft),
        (Step::Withdraw, Status::Draft | Status::Returned | Status::Published) => Ok(Status::Withdrawn),
        (Step::HandIn | Step::TakeBack | Step::Withdraw, _) => Err(WrongStatus(status)),
    }
}

/// Where the reviewer's word leads. Flags do not stand here: they are shown and never decide.
pub fn decide(review: Review<'_>, verdict: Verdict) -> Result<Status, DecideRefused> {
    if review.status != Status::InReview {
        return Err(DecideRefused::WrongStatus(review.status));
    }
    if !review.is_as_read {
        return Err(DecideRefused::Changed);
    }
    if review.authors.contains(&review.reviewer) {
        return Err(DecideRefused::OwnWork);
    }
    if is_longer(review.reason, LONGEST_REASON) {
        return Err(DecideRefused::ReasonTooLong);
    }
    match verdict {
        Verdict::SendBack if review.reason.trim().is_empty() => Err(DecideRefused::NoReason),
        Verdict::SendBack => Ok(Status::Returned),
        Verdict::Publish if !review.fits => Err(DecideRefused::Unfit),
        Verdict::Publish if review.clashes => Err(DecideRefused::Clash),
        Verdict::Publish => Ok(Status::Published),
    }
}
