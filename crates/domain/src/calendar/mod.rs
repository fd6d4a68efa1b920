//! Calendar (校历): the country's days off and make-up days, a school's terms and own days, seasons.
//!
//! Requirements B1 (windows and terms), C1 (seasons), C3 (school days only), C10, C11 (pauses).

pub mod national;
pub mod school;
pub mod season;

use jiff::civil::{Date, Weekday};

/// What a day is for schools, before a school's own plan is asked (C3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// An ordinary weekday.
    SchoolDay,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A day off named in a notice, whatever its weekday.
    Holiday,
    /// A Saturday or Sunday that is worked in exchange for a day off (调休).
    MakeUpDay,
}

impl DayKind {
    /// Every kind, in the order of the list above.
    pub const ALL: [DayKind; 4] =
        [DayKind::SchoolDay, DayKind::Weekend, DayKind::Holiday, DayKind::MakeUpDay];

    /// The kind's word, as files and the command line write it.
    pub const fn word(self) -> &'static str {
        match self {
            DayKind::SchoolDay => "school_day",
            DayKind::Weekend => "weekend",
            DayKind::Holiday => "holiday",
            DayKind::MakeUpDay => "make_up_day",
        }
    }

    /// The kind of this word.
    pub fn parse(word: &str) -> Option<DayKind> {
        DayKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether schools work on such a day.
    pub const fn is_worked(self) -> bool {
        matches!(self, DayKind::SchoolDay | DayKind::MakeUpDay)
    }
}

/// What the day would be if no notice spoke of it.
fn plain(date: Date) -> DayKind {
    match date.weekday() {
        Weekday::Saturday | Weekday::Sunday => DayKind::Weekend,
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => {
            DayKind::SchoolDay
        }
    }
}

/// The days from `from` to `to`, both included; none when `to` lies before `from`.
pub fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(move |day| *day <= to)
}
