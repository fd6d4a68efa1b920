//! The paper route: a form on paper is entered by one person and confirmed by another.

use jiff::civil::Date;

use crate::ids::{AccountId, GuardianId};

/// A form on paper as it is typed in: who signed it, when, and where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnPaper<'a> {
    /// Who signed.
    pub guardian: GuardianId,
    /// The day of the signature.
    pub signed_on: Date,
    /// Where the paper lies.
    pub place: &'a str,
}

/// A signed paper that the school has on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Who typed it in.
    pub entered_by: AccountId,
    /// Where the paper lies.
    pub place: String,
}

/// Why a paper does not count. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotCount {
    /// The one who entered it can't confirm it.
    SamePerson,
    /// Nobody would find the paper again.
    PlaceMissing,
    /// Signed on a day that is yet to come.
    SignedLater,
    /// Who signed is no guardian of the child.
    NoGuardian,
    /// It is settled already.
    Settled,
}

/// Whether a form may be entered, given the child's guardians today (R1).
pub fn enter(signed: &OnPaper, guardians: &[GuardianId], today: Date) -> Result<(), Vec<CannotCount>> {
    let no_guardian = (!guardians.contains(&signed.guardian)).then_some(CannotCount::NoGuardian);
    let later = (today < signed.signed_on).then_some(CannotCount::SignedLater);
    let no_place = signed.place.trim().is_empty().then_some(CannotCount::PlaceMissing);
    let wrong: Vec<CannotCount> = no_guardian.into_iter().chain(later).chain(no_place).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// A paper that two people have seen; only `confirm` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    paper: Paper,
    confirmed_by: AccountId,
}

/// The second person's confirmation.
pub fn confirm(paper: Paper, confirmed_by: AccountId) -> Result<Confirmed, CannotCount> {
    if paper.place.trim().is_empty() {
        return Err(CannotCount::PlaceMissing);
    }
    if paper.entered_by == confirmed_by {
        return Err(CannotCount::SamePerson);
    }
    Ok(Confirmed { paper, confirmed_by })
}

impl Confirmed {
    /// Who entered and who confirmed it: two different people.
    pub fn seen_by(&self) -> (AccountId, AccountId) {
        (self.paper.entered_by, self.confirmed_by)
    }
}
