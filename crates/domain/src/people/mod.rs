//! People: students, home classes by year of entry, guardians, staff, and what a cell of a roster means.
//!
//! Requirements B1 (only pupils on roll), B4 (priority groups), G1 (the six fields of the roster).

pub mod bound;
pub mod cell;
pub mod class;
pub mod contact;
pub mod flag;
pub mod name;
pub mod phone;
pub mod problem;
pub mod roster;
pub mod turn;

/// A pupil's sex, as the roster says it (G1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
    /// The roster does not say.
    #[default]
    Unstated,
}

impl Sex {
    /// The word in the store and in files: `M`, `F` or nothing.
    pub const fn word(self) -> &'static str {
        match self {
            Sex::Male => "M",
            Sex::Female => "F",
            Sex::Unstated => "",
        }
    }

    /// The sex of this word.
    pub fn parse(word: &str) -> Option<Sex> {
        [Sex::Male, Sex::Female, Sex::Unstated].into_iter().find(|sex| sex.word() == word)
    }
}

/// Whether a pupil goes home every day (走读生) or lives at school (住宿生).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Boarding {
    /// 走读生.
    #[default]
    Day,
    /// 住宿生.
    Boarder,
}

impl Boarding {
    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Boarding::Day => "day",
            Boarding::Boarder => "boarder",
        }
    }

    /// The boarding status of this word.
    pub fn parse(word: &str) -> Option<Boarding> {
        [Boarding::Day, Boarding::Boarder].into_iter().find(|boarding| boarding.word() == word)
    }
}

/// Why a pupil is no longer on roll (B1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftWhy {
    /// Finished the last grade.
    Graduated,
    /// Went to another school.
    Transferred,
    /// Any other reason.
    Other,
    /// Nobody said why: the name was missing from the school's list.
    Unstated,
}

impl LeftWhy {
    /// Every reason.
    pub const ALL: [LeftWhy; 4] =
        [LeftWhy::Graduated, LeftWhy::Transferred, LeftWhy::Other, LeftWhy::Unstated];

    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            LeftWhy::Graduated => "graduated",
            LeftWhy::Transferred => "transferred",
            LeftWhy::Other => "other",
            LeftWhy::Unstated => "unstated",
        }
    }

    /// The reason of this word.
    pub fn parse(word: &str) -> Option<LeftWhy> {
        LeftWhy::ALL.into_iter().find(|why| why.word() == word)
    }
}

#[cfg(test)]
mod tests;
