//! A missing child's case: who was called, what they said, where the child was.

use jiff::Timestamp;

use crate::custody::{Fact, Found, Kind, standing};

/// How a call to a guardian went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// The number was shown to be called; nothing is written down yet.
    Dialled,
    /// Somebody answered.
    Reached,
    /// Nobody answered.
    NoAnswer,
    /// The number is wrong or switched off.
    WrongNumber,
    /// No call: somebody of the school saw the child.
    Seen,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Answer; 5] =
        [Answer::Dialled, Answer::Reached, Answer::NoAnswer, Answer::WrongNumber, Answer::Seen];

    /// The answer's word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Answer::Dialled => "dialled",
            Answer::Reached => "reached",
            Answer::NoAnswer => "no_answer",
            Answer::WrongNumber => "wrong_number",
            Answer::Seen => "seen",
        }
    }

    /// The answer of this word.
    pub fn parse(word: &str) -> Option<Answer> {
        Answer::ALL.into_iter().find(|answer| answer.word() == word)
    }
}

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Found elsewhere in the school.
    InSchool,
    /// With the family.
    WithFamily,
    /// The child came to the session after all.
    Came,
    /// Nobody was missing: the mark was a slip, or leave had been given.
    Mistaken,
    /// Seen again later, in another session or on another day.
    SeenAgain,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 5] =
        [Outcome::InSchool, Outcome::WithFamily, Outcome::Came, Outcome::Mistaken, Outcome::SeenAgain];

    /// The outcome's word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Outcome::InSchool => "in_school",
            Outcome::WithFamily => "with_family",
            Outcome::Came => "came",
            Outcome::Mistaken => "mistaken",
            Outcome::SeenAgain => "seen_again",
        }
    }

    /// The outcome of this word.
    pub fn parse(word: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// Why a case cannot be closed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseRefused {
    /// It ended: the child was found, has come, or was never missing.
    Closed,
    /// Nobody has said where the child is: somebody in the family has to be reached first.
    NobodyReached,
    /// Where the child is has to be written down.
    NothingSaid,
}

/// Whether something more may be written into a case (G3): not once it ended. What turns out otherwise is said on the
/// roll, which opens the case again for a child who is missing.
pub const fn may_learn(before: Option<Outcome>) -> Result<(), CaseRefused> {
    match before {
        None => Ok(()),
        Some(_) => Err(CaseRefused::Closed),
    }
}

/// G3: whether a fact of this kind says that somebody of the school has seen the child: whoever looks for it, in whatever
/// session of whatever day it went missing, need not look any longer.
pub const fn is_seen_by(kind: Kind) -> bool {
    match kind {
        Kind::Present
        | Kind::Late
        | Kind::SickRoom
        | Kind::LeftEarly
        | Kind::StayedLate
        | Kind::HandedOver
        | Kind::LetThrough
        | Kind::WentAlone
        | Kind::TookBus
        | Kind::Returned => true,
        Kind::Expected
        | Kind::OnLeave
        | Kind::NotComing
        | Kind::Absent
        | Kind::Found
        | Kind::EarlyLeaveApproved
        | Kind::Undone => false,
    }
}

/// When somebody of the school noted on a day that a child was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The notes that count.
    pub stands: Vec<Timestamp>,
    /// The notes that were taken back or replaced.
    pub was_a_slip: Vec<Timestamp>,
}

/// When the child was seen, by the facts of its day.
pub fn seen(facts: &[Fact]) -> Seen {
    let sights = |fact: &&Fact| is_seen_by(fact.what.kind());
    let stands: Vec<&Fact> = standing(facts).filter(sights).collect();
    let slips = facts.iter().filter(sights).filter(|fact| !stands.contains(fact));
    let was_a_slip = slips.map(|fact| fact.arrived_at).collect();
    Seen { stands: stands.iter().map(|fact| fact.arrived_at).collect(), was_a_slip }
}

impl Seen {
    /// G3: whether a search that ended because the child was seen goes on: what ended it was a slip, and nobody else has
    /// seen the child since it began.
    pub fn reopens(&self, opened_at: Timestamp, closed_at: Timestamp) -> bool {
        self.was_a_slip.contains(&closed_at) && self.stands.iter().all(|at| *at < opened_at)
    }
}

/// Whether a case may be closed with what was learnt (G3). "With the family" is known from somebody of the family who was
/// reached in this very call, not from an earlier one; "in school" may be seen with one's own eyes, and needs words.
pub fn close_case(
    before: Option<Outcome>,
    found: Found,
    answer: Answer,
    said: &str,
) -> Result<Outcome, CaseRefused> {
    may_learn(before)?;
    if said.trim().is_empty() {
        return Err(CaseRefused::NothingSaid);
    }
    match found {
        Found::InSchool => Ok(Outcome::InSchool),
        Found::WithFamily => match answer {
            Answer::Reached => Ok(Outcome::WithFamily),
            Answer::Dialled | Answer::NoAnswer | Answer::WrongNumber | Answer::Seen => {
                Err(CaseRefused::NobodyReached)
            }
        },
    }
}
