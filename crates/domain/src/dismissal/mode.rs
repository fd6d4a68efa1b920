//! How a child goes home: collected, alone or by the school bus, by grade and written consent.

use jiff::civil::Date;

/// How a child leaves the school (离校方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// 有人来接: handed to a guardian or a delegate. What holds when nothing else is agreed.
    Collected,
    /// 自行离校: goes alone, with a guardian's written consent.
    Alone,
    /// 乘校车: onto the school bus, with a guardian's written consent.
    Bus,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 3] = [Mode::Collected, Mode::Alone, Mode::Bus];

    /// The mode's word in the store and in plan files.
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Collected => "collected",
            Mode::Alone => "alone",
            Mode::Bus => "bus",
        }
    }

    /// The mode of this word.
    pub fn parse(word: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// A guardian's written consent to a mode, for a span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// What was agreed to.
    pub mode: Mode,
    /// The first day on which it holds.
    pub from_on: Date,
    /// The last day on which it holds; without one, until withdrawn.
    pub to_on: Option<Date>,
}

impl Consent {
    /// Whether the consent holds on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from_on <= day && self.to_on.is_none_or(|to_on| day <= to_on)
    }
}

/// The youngest grade that may go alone when the plan says nothing (art. 31: grades 1 and 2 are collected).
const YOUNGEST_ALONE: u8 = 3;

/// H1: the modes that a guardian of a child in this grade may agree to.
///
/// `plan` is what the school's plan says of the grade; when it says nothing, grades 1 and 2 are always
/// collected and older children may go alone.
pub fn offered(grade: u8, plan: Option<&[Mode]>) -> Vec<Mode> {
    match plan {
        Some(modes) => modes.to_vec(),
        None if grade < YOUNGEST_ALONE => vec![Mode::Collected],
        None => vec![Mode::Collected, Mode::Alone],
    }
}
