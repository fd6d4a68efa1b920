//! The country's public holidays and make-up days, as the State Council's general office announces them.
//!
//! A year is here when its notice has been published. Nothing is worked out: a year without a notice is an
//! error, because the exchange of days follows no rule (C3).
//! From 2025 the amended holiday regulation (国务院令第795号) counts New Year's Eve and 2 May among the
//! statutory holidays; the notices since then already contain them.

use std::fmt;

use jiff::civil::{Date, date};

use super::{DayKind, plain};

/// A day as the country's notices leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// The holiday it belongs to: of a day off, or of a make-up day the holiday it pays for.
    pub name: Option<&'static str>,
    /// The number of the notice that says so, for days that a notice names.
    pub notice: Option<&'static str>,
}

/// The year's notice has not been published (or is older than the first year kept here).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpublished {
    /// The civil year asked for.
    pub year: i16,
}

impl fmt::Display for Unpublished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the public holidays of {} are not published", self.year)
    }
}

impl std::error::Error for Unpublished {}

/// One notice of the State Council's general office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// The year whose days it sets; it may reach a few days into the year before.
    pub year: i16,
    /// Its number.
    pub number: &'static str,
    /// Its title.
    pub title: &'static str,
    breaks: &'static [Break],
}

/// One holiday with the days that are worked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Break {
    name: &'static str,
    first: Date,
    last: Date,
    worked: &'static [Date],
}

/// A holiday from `first` to `last` of one year, given as month and day.
const fn off(
    year: i16,
    name: &'static str,
    first: (i8, i8),
    last: (i8, i8),
    worked: &'static [Date],
) -> Break {
    Break { name, first: date(year, first.0, first.1), last: date(year, last.0, last.1), worked }
}

/// The first year whose days are kept.
pub const FIRST_YEAR: i16 = 2019;

/// The last year whose notice has been published.
pub const LAST_YEAR: i16 = 2026;

/// What the country says about this day.
pub fn day(on: Date) -> Result<Day, Unpublished> {
    if on.year() < FIRST_YEAR || LAST_YEAR < on.year() {
        return Err(Unpublished { year: on.year() });
    }
    let said = NOTICES.iter().find_map(|notice| said_by(notice, on));
    Ok(said.unwrap_or(Day { date: on, kind: plain(on), name: None, notice: None }))
}

/// The notices that set the days of this year, the latest first.
pub fn notices_of(year: i16) -> impl Iterator<Item = &'static Notice> {
    NOTICES.iter().filter(move |notice| notice.year == year)
}

fn said_by(notice: &Notice, on: Date) -> Option<Day> {
    notice.breaks.iter().find_map(|rest| {
        let kind = rest.kind_of(on)?;
        Some(Day { date: on, kind, name: Some(rest.name), notice: Some(notice.number) })
    })
}

impl Break {
    fn kind_of(&self, on: Date) -> Option<DayKind> {
        if self.first <= on && on <= self.last {
            return Some(DayKind::Holiday);
        }
        self.worked.contains(&on).then_some(DayKind::MakeUpDay)
    }
}

/// Every notice kept; one that changes another stands before it.
const NOTICES: &[Notice] = &[
    Notice {
        year: 2026,
        number: "国办发明电〔2025〕7号",
        title: "国务院办公厅关于2026年部分节假日安排的通知",
        breaks: &[
            off(2026, "元旦", (1, 1), (1, 3), &[date(2026, 1, 4)]),
            off(2026, "春节", (2, 15), (2, 23), &[date(2026, 2, 14), date(2026, 2, 28)]),
            off(2026, "清明节", (4, 4), (4, 6), &[]),
            off(2026, "劳动节", (5, 1), (5, 5), &[date(2026, 5, 9)]),
            off(2026, "端午节", (6, 19), (6, 21), &[]),
            off(2026, "中秋节", (9, 25), (9, 27), &[]),
            off(2026, "国庆节", (10, 1), (10, 7), &[date(2026, 9, 20), date(2026, 10, 10)]),
        ],
    },
    Notice {
        year: 2025,
        number: "国办发明电〔2024〕12号",
        title: "国务院办公厅关于2025年部分节假日安排的通知",
        breaks: &[
            off(2025, "元旦", (1, 1), (1, 1), &[]),
            off(2025, "春节", (1, 28), (2, 4), &[date(2025, 1, 26), date(2025, 2, 8)]),
            off(2025, "清明节", (4, 4), (4, 6), &[]),
            off(2025, "劳动节", (5, 1), (5, 5), &[date(2025, 4, 27)]),
            off(2025, "端午节", (5, 31), (6, 2), &[]),
            off(2025, "国庆节、中秋节", (10, 1), (10, 8), &[date(2025, 9, 28), date(2025, 10, 11)]),
        ],
    },
    Notice {
        year: 2024,
        number: "国办发明电〔2023〕7号",
        title: "国务院办公厅关于2024年部分节假日安排的通知",
        breaks: &[
            off(2024, "元旦", (1, 1), (1, 1), &[]),
            off(2024, "春节", (2, 10), (2, 17), &[date(2024, 2, 4), date(2024, 2, 18)]),
            off(2024, "清明节", (4, 4), (4, 6), &[date(2024, 4, 7)]),
            off(2024, "劳动节", (5, 1), (5, 5), &[date(2024, 4, 28), date(2024, 5, 11)]),
            off(2024, "端午节", (6, 10), (6, 10), &[]),
            off(2024, "中秋节", (9, 15), (9, 17), &[date(2024, 9, 14)]),
            off(2024, "国庆节", (10, 1), (10, 7), &[date(2024, 9, 29), date(2024, 10, 12)]),
        ],
    },
    Notice {
        year: 2023,
        number: "国办发明电〔2022〕16号",
        title: "国务院办公厅关于2023年部分节假日安排的通知",
        breaks: &[
            Break { name: "元旦", first: date(2022, 12, 31), last: date(2023, 1, 2), worked: &[] },
            off(2023, "春节", (1, 21), (1, 27), &[date(2023, 1, 28), date(2023, 1, 29)]),
            off(2023, "清明节", (4, 5), (4, 5), &[]),
            off(2023, "劳动节", (4, 29), (5, 3), &[date(2023, 4, 23), date(2023, 5, 6)]),
            off(2023, "端午节", (6, 22), (6, 24), &[date(2023, 6, 25)]),
            off(2023, "中秋节、国庆节", (9, 29), (10, 6), &[date(2023, 10, 7), date(2023, 10, 8)]),
        ],
    },
    Notice {
        year: 2022,
        number: "国办发明电〔2021〕11号",
        title: "国务院办公厅关于2022年部分节假日安排的通知",
        breaks: &[
            off(2022, "元旦", (1, 1), (1, 3), &[]),
            off(2022, "春节", (1, 31), (2, 6), &[date(2022, 1, 29), date(2022, 1, 30)]),
            off(2022, "清明节", (4, 3), (4, 5), &[date(2022, 4, 2)]),
            off(2022, "劳动节", (4, 30), (5, 4), &[date(2022, 4, 24), date(2022, 5, 7)]),
            off(2022, "端午节", (6, 3), (6, 5), &[]),
            off(2022, "中秋节", (9, 10), (9, 12), &[]),
            off(2022, "国庆节", (10, 1), (10, 7), &[date(2022, 10, 8), date(2022, 10, 9)]),
        ],
    },
    Notice {
        year: 2021,
        number: "国办发明电〔2020〕27号",
        title: "国务院办公厅关于2021年部分节假日安排的通知",
        breaks: &[
            off(2021, "元旦", (1, 1), (1, 3), &[]),
            off(2021, "春节", (2, 11), (2, 17), &[date(2021, 2, 7), date(2021, 2, 20)]),
            off(2021, "清明节", (4, 3), (4, 5), &[]),
            off(2021, "劳动节", (5, 1), (5, 5), &[date(2021, 4, 25), date(2021, 5, 8)]),
            off(2021, "端午节", (6, 12), (6, 14), &[]),
            off(2021, "中秋节", (9, 19), (9, 21), &[date(2021, 9, 18)]),
            off(2021, "国庆节", (10, 1), (10, 7), &[date(2021, 9, 26), date(2021, 10, 9)]),
        ],
    },
    // the epidemic: 1 February, first meant to be worked, and 2 February became days off
    Notice {
        year: 2020,
        number: "国办发明电〔2020〕1号",
        title: "国务院办公厅关于延长2020年春节假期的通知",
        breaks: &[off(2020, "春节", (1, 24), (2, 2), &[date(2020, 1, 19)])],
    },
    Notice {
        year: 2020,
        number: "国办发明电〔2019〕16号",
        title: "国务院办公厅关于2020年部分节假日安排的通知",
        breaks: &[
            off(2020, "元旦", (1, 1), (1, 1), &[]),
            off(2020, "春节", (1, 24), (1, 30), &[date(2020, 1, 19)]),
            off(2020, "清明节", (4, 4), (4, 6), &[]),
            off(2020, "劳动节", (5, 1), (5, 5), &[date(2020, 4, 26), date(2020, 5, 9)]),
            off(2020, "端午节", (6, 25), (6, 27), &[date(2020, 6, 28)]),
            off(2020, "国庆节、中秋节", (10, 1), (10, 8), &[date(2020, 9, 27), date(2020, 10, 10)]),
        ],
    },
    Notice {
        year: 2019,
        number: "国办发明电〔2019〕3号",
        title: "国务院办公厅关于调整2019年劳动节假期安排的通知",
        breaks: &[off(2019, "劳动节", (5, 1), (5, 4), &[date(2019, 4, 28), date(2019, 5, 5)])],
    },
    Notice {
        year: 2019,
        number: "国办发明电〔2018〕15号",
        title: "国务院办公厅关于2019年部分节假日安排的通知",
        breaks: &[
            Break {
                name: "元旦",
                first: date(2018, 12, 30),
                last: date(2019, 1, 1),
                worked: &[date(2018, 12, 29)],
            },
            off(2019, "春节", (2, 4), (2, 10), &[date(2019, 2, 2), date(2019, 2, 3)]),
            off(2019, "清明节", (4, 5), (4, 5), &[]),
            off(2019, "劳动节", (5, 1), (5, 1), &[]),
            off(2019, "端午节", (6, 7), (6, 7), &[]),
            off(2019, "中秋节", (9, 13), (9, 13), &[]),
            off(2019, "国庆节", (10, 1), (10, 7), &[date(2019, 9, 29), date(2019, 10, 12)]),
        ],
    },
];
