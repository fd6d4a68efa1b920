//! Seasons (冬令时, 夏令时): spans of the year with their own windows; no clock is moved (C1).

use jiff::civil::Date;

/// A day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// The day of every year with this month and day; nothing when no year has it.
    pub fn new(month: i8, day: i8) -> Option<MonthDay> {
        // 2024 is a leap year: 29 February counts
        Date::new(2024, month, day).ok().map(|_| MonthDay { month, day })
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> i8 {
        self.day
    }

    /// The day of every year on which this date falls.
    pub fn of(date: Date) -> MonthDay {
        MonthDay { month: date.month(), day: date.day() }
    }
}

/// One season's days in every year, both ends included; it may reach over the new year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeasonDates<S> {
    /// Which season.
    pub season: S,
    /// Its first day.
    pub from: MonthDay,
    /// Its last day.
    pub until: MonthDay,
}

impl<S> SeasonDates<S> {
    /// Whether the season holds on this date.
    pub fn holds_on(&self, date: Date) -> bool {
        let on = MonthDay::of(date);
        if self.from <= self.until {
            self.from <= on && on <= self.until
        } else {
            self.from <= on || on <= self.until
        }
    }
}

/// The season that holds on this date, from the dates that the plan states (C1); nothing when none does.
pub fn season_on<S>(seasons: &[SeasonDates<S>], date: Date) -> Option<&S> {
    seasons.iter().find(|dates| dates.holds_on(date)).map(|dates| &dates.season)
}
