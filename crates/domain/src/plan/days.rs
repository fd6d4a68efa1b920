//! Grades, weekdays and seasons: the three things that a window depends on.

use jiff::civil::{Date, Weekday};

use super::word::words;

/// A set of grades, 1 to 9 (primary 1–6, junior 7–9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Grades(u16);

impl Grades {
    /// The highest grade of compulsory schooling.
    pub const HIGHEST: u8 = 9;

    /// The set of these grades; numbers outside 1–9 are left out.
    pub fn of(grades: impl IntoIterator<Item = u8>) -> Grades {
        let known = grades.into_iter().filter(|grade| (1..=Grades::HIGHEST).contains(grade));
        Grades(known.fold(0, |bits, grade| bits | (1 << grade)))
    }

    /// Whether the grade is in the set.
    pub fn has(self, grade: u8) -> bool {
        grade <= Grades::HIGHEST && self.0 & (1 << grade) != 0
    }

    /// The grades, lowest first.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (1..=Grades::HIGHEST).filter(move |grade| self.has(*grade))
    }

    /// The grades that are in both sets.
    #[must_use]
    pub fn and(self, other: Grades) -> Grades {
        Grades(self.0 & other.0)
    }

    /// The grades that are in either set.
    #[must_use]
    pub fn or(self, other: Grades) -> Grades {
        Grades(self.0 | other.0)
    }

    /// The grades of this set that are not in the other.
    #[must_use]
    pub fn without(self, other: Grades) -> Grades {
        Grades(self.0 & !other.0)
    }

    /// Whether no grade is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A set of weekdays, 1 (Monday) to 7 (Sunday).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Monday to Friday.
    pub const WORKING: Weekdays = Weekdays(0b11_1110);

    /// The set of these weekdays; numbers outside 1–7 are left out.
    pub fn of(weekdays: impl IntoIterator<Item = u8>) -> Weekdays {
        let known = weekdays.into_iter().filter(|day| (1..=7).contains(day));
        Weekdays(known.fold(0, |bits, day| bits | (1 << day)))
    }

    /// Whether the weekday is in the set.
    pub fn has(self, weekday: Weekday) -> bool {
        self.0 & (1 << number(weekday)) != 0
    }

    /// The weekdays as numbers, Monday first.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (1..=7).filter(move |day| self.0 & (1 << day) != 0)
    }

    /// The weekdays that are in both sets.
    #[must_use]
    pub fn and(self, other: Weekdays) -> Weekdays {
        Weekdays(self.0 & other.0)
    }

    /// The weekdays that are in either set.
    #[must_use]
    pub fn or(self, other: Weekdays) -> Weekdays {
        Weekdays(self.0 | other.0)
    }

    /// How many weekdays are in the set.
    pub fn count(self) -> usize {
        self.iter().count()
    }

    /// Whether no weekday is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The weekday's number, 1 (Monday) to 7 (Sunday).
pub fn number(weekday: Weekday) -> u8 {
    weekday.to_monday_one_offset().unsigned_abs()
}

words! {
    /// A half of the year with an own timetable (C1).
    SeasonKind {
        /// 夏令时, 夏秋季: the warm half.
        Summer = "summer",
        /// 冬令时, 冬春季: the other half.
        Winter = "winter",
    }
}

/// A day of every year. Ordered as the calendar runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    /// 1–12.
    pub month: i8,
    /// 1–31.
    pub day: i8,
}

impl MonthDay {
    /// The month and day of a date.
    pub fn of(date: Date) -> MonthDay {
        MonthDay { month: date.month(), day: date.day() }
    }

    /// The day `05-01`, when the month has it in a leap year.
    pub fn parse(text: &str) -> Option<MonthDay> {
        let (month, day) = text.split_once('-').filter(|(month, day)| month.len() == 2 && day.len() == 2)?;
        let date = Date::new(2024, month.parse().ok()?, day.parse().ok()?).ok()?;
        Some(MonthDay::of(date))
    }
}

impl std::fmt::Display for MonthDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// One half of the year (C1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// Which half.
    pub kind: SeasonKind,
    /// What the plan calls it, as in 夏秋季.
    pub name: String,
    /// The first day.
    pub from: MonthDay,
    /// The last day; before `from` when the season runs over the new year.
    pub to: MonthDay,
    /// Whether the plan's source leaves the dates open and these are assumed.
    pub assumed: bool,
}

impl Season {
    /// Whether the day of the year is in the season.
    pub fn has(&self, day: MonthDay) -> bool {
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            self.from <= day || day <= self.to
        }
    }
}
