//! A stop at the gate and how a duty leader ends it.

use super::release::in_care;
use crate::custody::Whereabouts;
use crate::typed::{LONGEST_NOTE, is_longer};

/// A stop of today, as far as a later verdict depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Whether only a duty leader can end it.
    pub needs_duty_leader: bool,
    /// Whether the person must not collect the child.
    pub restricted: bool,
    /// Whether it was ended.
    pub settled: bool,
}

impl Stop {
    /// Whether the stop still holds the child.
    pub const fn holds(&self) -> bool {
        self.needs_duty_leader && !self.settled
    }
}

/// How a duty leader ended a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Settlement {
    /// The person was sent away; the child waits for someone entitled.
    TurnedAway,
    /// It was a mistake: the child or the person was taken for another.
    Mistaken,
    /// The child was found: what is known stands in the ledger.
    Found,
    /// A guardian confirmed the person on the telephone, and the duty leader lets the child go with them.
    LetGo,
}

impl Settlement {
    /// Every way.
    pub const ALL: [Settlement; 4] =
        [Settlement::TurnedAway, Settlement::Mistaken, Settlement::Found, Settlement::LetGo];

    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Settlement::TurnedAway => "turned_away",
            Settlement::Mistaken => "mistaken",
            Settlement::Found => "found",
            Settlement::LetGo => "let_go",
        }
    }

    /// Whether a stop may end so: with somebody who must not collect, no child goes, and none was found.
    pub const fn fits(self, stop: Stop) -> bool {
        match self {
            Settlement::TurnedAway | Settlement::Mistaken => true,
            Settlement::Found | Settlement::LetGo => !stop.restricted,
        }
    }

    /// The way of this word.
    pub fn parse(word: &str) -> Option<Settlement> {
        Settlement::ALL.into_iter().find(|settlement| settlement.word() == word)
    }
}

/// Why a stop cannot be ended so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettlementRefused {
    /// It was ended before.
    SettledAlready,
    /// What was done is missing: the note is the record of the duty (A6).
    NoNote,
    /// The note is longer than [`LONGEST_NOTE`].
    NoteTooLong,
    /// Nobody may let go a child with someone who must not collect it.
    MustNotCollect,
    /// The stop is about a person: that the child was found does not end it.
    NotAboutFinding,
    /// The child is not in the school's hands.
    NotInCare,
}

/// H3, A6: a duty leader ends a stop once, and says what was done. No settlement lets a child go with someone who
/// must not collect it, or a child who is not there.
pub fn settle(
    stop: Stop,
    settlement: Settlement,
    whereabouts: Whereabouts,
    note: &str,
) -> Result<(), SettlementRefused> {
    if stop.settled {
        return Err(SettlementRefused::SettledAlready);
    }
    if note.trim().is_empty() {
        return Err(SettlementRefused::NoNote);
    }
    if is_longer(note, LONGEST_NOTE) {
        return Err(SettlementRefused::NoteTooLong);
    }
    match settlement {
        Settlement::LetGo if stop.restricted => Err(SettlementRefused::MustNotCollect),
        Settlement::LetGo => in_care(whereabouts).map_err(|_| SettlementRefused::NotInCare),
        Settlement::Found if stop.restricted => Err(SettlementRefused::NotAboutFinding),
        Settlement::TurnedAway | Settlement::Mistaken | Settlement::Found => Ok(()),
    }
}
