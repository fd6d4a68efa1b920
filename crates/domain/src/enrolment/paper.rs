//! The paper route: a form on paper is entered by one person and confirmed by another.

use crate::ids::AccountId;

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
pub enum CannotConfirm {
    /// The one who entered it can't confirm it.
    SamePerson,
    /// Nobody would find the paper again.
    PlaceMissing,
}

/// A paper that two people have seen; only `confirm` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    paper: Paper,
    confirmed_by: AccountId,
}

/// The second person's confirmation.
pub fn confirm(paper: Paper, confirmed_by: AccountId) -> Result<Confirmed, CannotConfirm> {
    if paper.place.trim().is_empty() {
        return Err(CannotConfirm::PlaceMissing);
    }
    if paper.entered_by == confirmed_by {
        return Err(CannotConfirm::SamePerson);
    }
    Ok(Confirmed { paper, confirmed_by })
}

impl Confirmed {
    /// Who entered and who confirmed it: two different people.
    pub fn seen_by(&self) -> (AccountId, AccountId) {
        (self.paper.entered_by, self.confirmed_by)
    }
}
