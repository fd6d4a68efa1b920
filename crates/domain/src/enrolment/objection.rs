//! Objections (异议) to names that are shown in a class, and what becomes of a name when the days are over (F10).

use jiff::civil::Date;

/// The most characters of an objection or an answer.
pub const LONGEST_OBJECTION: usize = 1_000;

/// What the school found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// 成立: the application goes back to its family.
    Upheld,
    /// 不成立: the name goes on.
    Dismissed,
}

/// The days on which names stand, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// First day.
    pub opens_on: Date,
    /// Last day.
    pub closes_on: Date,
}

/// Why an objection is not taken or not answered. Facts only: the words are in `web`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotObject {
    /// The names do not stand today.
    NotShown,
    /// The child is not on the list.
    NotListed,
    /// Nothing is said.
    NothingSaid,
    /// More than [`LONGEST_OBJECTION`] characters.
    TooLong,
    /// The family has said something against this child on this list already.
    Twice,
    /// It is answered already.
    Answered,
}

/// What becomes of a name after its last day, or once an objection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Nobody objected, or no objection held.
    GoesOn,
    /// An objection held: back to the family.
    GoesBack,
    /// An objection has no answer yet.
    Waits,
}

impl Finding {
    /// The finding's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Finding::Upheld => "upheld",
            Finding::Dismissed => "dismissed",
        }
    }

    /// The finding of this word.
    pub fn parse(word: &str) -> Option<Finding> {
        [Finding::Upheld, Finding::Dismissed].into_iter().find(|finding| finding.word() == word)
    }
}

/// Whether somebody may object today with these words (F10).
pub fn object(standing: Standing, what: &str, today: Date) -> Result<(), CannotObject> {
    if today < standing.opens_on || standing.closes_on < today {
        return Err(CannotObject::NotShown);
    }
    said(what)
}

/// Whether an objection with this finding may be answered so: once, and in words.
pub fn answer(found: Option<Finding>, answer: &str) -> Result<(), CannotObject> {
    match found {
        Some(_) => Err(CannotObject::Answered),
        None => said(answer),
    }
}

fn said(text: &str) -> Result<(), CannotObject> {
    match text.trim().chars().count() {
        0 => Err(CannotObject::NothingSaid),
        count if LONGEST_OBJECTION < count => Err(CannotObject::TooLong),
        _ => Ok(()),
    }
}

/// Whether somebody may object who has objected to so many of the same child on the same list before: once is heard,
/// more is not (F10).
pub fn once(before: u32) -> Result<(), CannotObject> {
    if before == 0 { Ok(()) } else { Err(CannotObject::Twice) }
}

/// Whether a finding moves the name today: one that holds does at once, any other when the days are over (F10).
pub fn moves_now(finding: Finding, standing: Standing, today: Date) -> bool {
    finding == Finding::Upheld || standing.closes_on < today
}

/// What becomes of a name with these objections once the days are over.
pub fn after(objections: &[Option<Finding>]) -> After {
    if objections.contains(&Some(Finding::Upheld)) {
        return After::GoesBack;
    }
    if objections.contains(&None) { After::Waits } else { After::GoesOn }
}
