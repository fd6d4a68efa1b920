//! A school's own calendar: terms, vacations, local days, and whether the service runs on a day.
//!
//! Requirements C3 (school working days only, none in vacations), C11 (pause for epidemic control).

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

use super::national::{self, Unpublished};
use super::{DayKind, plain};
use crate::ids::TermId;
use crate::moment;

/// A term (学期): between two terms lies a vacation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The term's id.
    pub id: TermId,
    /// The civil year in which the school year begins: 2026 for 2026–2027.
    pub school_year: i16,
    /// Its name, as 第一学期.
    pub name: String,
    /// First day of school.
    pub starts_on: Date,
    /// Last day of school.
    pub ends_on: Date,
    /// First day of the after-school service; families apply before it.
    pub service_from: Date,
}

/// Why a term cannot be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermRefused {
    /// The term ends before it begins.
    EndsBeforeStart,
    /// The service begins outside the term.
    ServiceOutsideTerm,
    /// Longer than a school year.
    TooLong {
        /// Its length in days.
        days: i32,
    },
    /// It shares days with a term that is already there.
    Overlaps {
        /// That term's name.
        with: String,
    },
    /// It has begun: what happened in it stays as it is.
    Begun,
    /// Something belongs to it already, so it is not removed.
    InUse,
}

/// The longest term, in days: two semesters with the vacation between them.
const LONGEST_TERM: i32 = 330;

/// Whether the term fits among the school's others; if not, everything that is wrong with it. Days the wrong way round say
/// nothing else.
pub fn add_term(term: &Term, others: &[Term]) -> Result<(), Vec<TermRefused>> {
    if term.ends_on < term.starts_on {
        return Err(vec![TermRefused::EndsBeforeStart]);
    }
    let days = (term.ends_on - term.starts_on).get_days() + 1;
    let other = others.iter().find(|other| other.id != term.id && other.meets(term));
    let wrong = [
        other.map(|other| TermRefused::Overlaps { with: other.name.clone() }),
        (LONGEST_TERM < days).then_some(TermRefused::TooLong { days }),
        (!term.covers(term.service_from)).then_some(TermRefused::ServiceOutsideTerm),
    ];
    let wrong: Vec<TermRefused> = wrong.into_iter().flatten().collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Whether a term may still be corrected or removed: as long as its first day has not come (C3).
pub fn correct_term(before: &Term, today: Date) -> Result<(), TermRefused> {
    if before.starts_on <= today { Err(TermRefused::Begun) } else { Ok(()) }
}

impl Term {
    /// Whether the day lies in the term.
    pub fn covers(&self, day: Date) -> bool {
        self.starts_on <= day && day <= self.ends_on
    }

    fn meets(&self, other: &Term) -> bool {
        self.starts_on <= other.ends_on && other.starts_on <= self.ends_on
    }
}

/// The term that the day lies in; nothing in a vacation.
pub fn term_on(terms: &[Term], day: Date) -> Option<&Term> {
    terms.iter().find(|term| term.covers(day))
}

/// What a school says about one of its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalKind {
    /// The school is closed: sports meeting, polling place, typhoon, local holiday.
    Closure,
    /// The after-school service pauses, as for epidemic control; teaching may go on in another form (C11).
    Pause,
    /// A make-up day with the weekday whose timetable it follows.
    MakeUp(Weekday),
    /// Declared a school day while the country's calendar is unpublished.
    DeclaredSchoolDay,
    /// Declared free while the country's calendar is unpublished.
    DeclaredFree,
}

impl LocalKind {
    /// The kind's word in the store; the followed weekday stands beside it.
    pub const fn word(self) -> &'static str {
        match self {
            LocalKind::Closure => "closure",
            LocalKind::Pause => "pause",
            LocalKind::MakeUp(_) => "make_up",
            LocalKind::DeclaredSchoolDay => "declared_school_day",
            LocalKind::DeclaredFree => "declared_free",
        }
    }

    /// The kind of this word; a make-up day needs the weekday it follows.
    pub fn parse(word: &str, follows: Option<Weekday>) -> Option<LocalKind> {
        match (word, follows) {
            ("closure", None) => Some(LocalKind::Closure),
            ("pause", None) => Some(LocalKind::Pause),
            ("make_up", Some(weekday)) => Some(LocalKind::MakeUp(weekday)),
            ("declared_school_day", None) => Some(LocalKind::DeclaredSchoolDay),
            ("declared_free", None) => Some(LocalKind::DeclaredFree),
            _ => None,
        }
    }

    /// The weekday that a make-up day follows.
    pub const fn follows(self) -> Option<Weekday> {
        match self {
            LocalKind::MakeUp(weekday) => Some(weekday),
            LocalKind::Closure
            | LocalKind::Pause
            | LocalKind::DeclaredSchoolDay
            | LocalKind::DeclaredFree => None,
        }
    }

    /// Whether the kind only stands in for a calendar that is not published yet.
    pub const fn is_declared(self) -> bool {
        matches!(self, LocalKind::DeclaredSchoolDay | LocalKind::DeclaredFree)
    }
}

/// A day on which a school differs from the country, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalDay {
    /// The day.
    pub day: Date,
    /// How it differs.
    pub kind: LocalKind,
    /// Why, in the school's words.
    pub reason: String,
}

/// Why a school may not say this of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalRefused {
    /// A make-up day can only follow Monday to Friday.
    FollowsWeekend,
    /// A declaration stands in for a missing calendar; this year's is published.
    Published {
        /// The year.
        year: i16,
    },
    /// A reason is missing.
    NoReason,
    /// A day without school lies outside the span that is declared.
    FreeOutside {
        /// The day.
        day: Date,
    },
    /// Days of the span are declared already and would change, and whoever declares was not told of so many.
    Redeclares {
        /// How many.
        days: u32,
        /// The first of them.
        first: Date,
        /// The last of them.
        last: Date,
    },
    /// The day is past, and its rolls say that the service was held.
    WasHeld {
        /// How many children were called.
        children: u32,
    },
    /// Children are in the school's hands or may be, and whoever says this was not told of so many.
    ChildrenHere {
        /// How many are here.
        here: u32,
        /// How many more a session that has begun awaits.
        awaited: u32,
    },
    /// The day is past, its rolls were never called, and whoever says this was not told how many were expected.
    NeverCalled {
        /// How many children its sessions awaited.
        children: u32,
    },
    /// A make-up day that is past: nobody can be taught on it any more.
    Past,
    /// A make-up day on a public holiday.
    OnHoliday {
        /// Its name.
        name: &'static str,
    },
    /// A make-up day on a Saturday or Sunday that no notice makes a working day, and nobody said that it is meant.
    OnWeekend,
    /// A make-up day on which the plan in force has no service.
    NothingThen {
        /// The weekday that it would follow.
        follows: Weekday,
    },
}

/// What has happened already on a day of which the school says something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Underway {
    /// How many children a roll has called.
    pub called: u32,
    /// How many are in the school's hands now.
    pub here: u32,
    /// How many more a session that has begun awaits: nobody has called them, and they may sit in the room.
    pub awaited: u32,
}

impl Underway {
    /// How many children whoever calls the day off has to know of.
    pub const fn children(self) -> u32 {
        self.here + self.awaited
    }
}

/// What whoever says something of a day was asked and has confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Confirmed {
    /// How many children are here or awaited, as they were told.
    pub children: u32,
    /// That a make-up day on an ordinary Saturday or Sunday is meant.
    pub weekend: bool,
}

/// Whether the service of a day may be called off: not of a past day whose rolls were called, and not over the heads of
/// children who are here, or may be because their session has begun, unless whoever does it was told how many
/// (C11, H9).
pub fn call_off(
    local: &LocalDay,
    today: Date,
    underway: Underway,
    confirmed: Confirmed,
) -> Result<(), LocalRefused> {
    let Underway { called, here, awaited } = underway;
    match local.kind {
        LocalKind::MakeUp(_) | LocalKind::DeclaredSchoolDay => Ok(()),
        LocalKind::Closure | LocalKind::Pause | LocalKind::DeclaredFree => {
            if local.day < today && 0 < called {
                return Err(LocalRefused::WasHeld { children: called });
            }
            let known = underway.children() == 0 || confirmed.children == underway.children();
            match known || today < local.day {
                true => Ok(()),
                false if local.day < today => Err(LocalRefused::NeverCalled { children: awaited }),
                false => Err(LocalRefused::ChildrenHere { here, awaited }),
            }
        }
    }
}

/// Whether a session of a day that is called off goes on all the same: somebody was called in it, or it has begun today
/// and children may sit in it, until each of them has an ending (C11, H9). A past day has nobody in it any more.
pub fn goes_on(day: Date, starts_at: Timestamp, called: bool, now: Timestamp) -> bool {
    called || (day == moment::day_of(now) && starts_at <= now)
}

/// Whether the school may teach on a make-up day: not in the past, not on a public holiday, and on an ordinary weekend
/// only when that is meant (C3).
pub fn make_up(local: &LocalDay, today: Date, confirmed: Confirmed) -> Result<(), LocalRefused> {
    if local.kind.follows().is_none() {
        return Ok(());
    }
    if local.day < today {
        return Err(LocalRefused::Past);
    }
    match national::day(local.day) {
        Ok(day) if day.kind == DayKind::Holiday => {
            Err(LocalRefused::OnHoliday { name: day.name.unwrap_or_default() })
        }
        Ok(day) if day.kind == DayKind::Weekend && !confirmed.weekend => Err(LocalRefused::OnWeekend),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Whether the school may say this of the day.
pub fn add_local_day(local: &LocalDay) -> Result<(), LocalRefused> {
    if local.reason.trim().is_empty() {
        return Err(LocalRefused::NoReason);
    }
    match local.kind {
        LocalKind::MakeUp(Weekday::Saturday | Weekday::Sunday) => Err(LocalRefused::FollowsWeekend),
        LocalKind::DeclaredSchoolDay | LocalKind::DeclaredFree if national::day(local.day).is_ok() => {
            Err(LocalRefused::Published { year: local.day.year() })
        }
        LocalKind::MakeUp(_)
        | LocalKind::Closure
        | LocalKind::Pause
        | LocalKind::DeclaredSchoolDay
        | LocalKind::DeclaredFree => Ok(()),
    }
}

/// What a school declares for a span that no notice covers: Monday to Friday school, but for the days given.
///
/// The days are shown as declared and give way as soon as the country's calendar is published.
pub fn declare(from: Date, to: Date, free: &[Date], reason: &str) -> Result<Vec<LocalDay>, LocalRefused> {
    if let Some(day) = free.iter().find(|day| **day < from || to < **day) {
        return Err(LocalRefused::FreeOutside { day: *day });
    }
    super::days(from, to)
        .map(|day| {
            let works = plain(day).is_worked() && !free.contains(&day);
            let kind = if works { LocalKind::DeclaredSchoolDay } else { LocalKind::DeclaredFree };
            let local = LocalDay { day, kind, reason: reason.to_owned() };
            add_local_day(&local).map(|()| local)
        })
        .collect()
}

/// Whether a declaration may change what was declared before: only when whoever declares was told of how many days
/// (C3).
pub fn redeclare(before: &[LocalDay], after: &[LocalDay], told: u32) -> Result<(), LocalRefused> {
    let changes =
        |old: &&LocalDay| old.kind.is_declared() && after.iter().any(|new| new.day == old.day && new != *old);
    let days: Vec<Date> = before.iter().filter(changes).map(|old| old.day).collect();
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return Ok(()) };
    let count = u32::try_from(days.len()).unwrap_or(u32::MAX);
    if count == told {
        Ok(())
    } else {
        Err(LocalRefused::Redeclares { days: count, first: *first, last: *last })
    }
}

/// A day as one school has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayAtSchool {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// The holiday's name, where the country names one.
    pub name: Option<&'static str>,
    /// Whether the school declared it because no notice is published.
    pub declared: bool,
}

/// The day as the country's calendar and, where that is missing, the school's declaration leave it.
pub fn day_at_school(date: Date, local: Option<&LocalDay>) -> Result<DayAtSchool, Unpublished> {
    match (national::day(date), local.map(|local| local.kind)) {
        (Ok(day), _) => Ok(DayAtSchool { date, kind: day.kind, name: day.name, declared: false }),
        (Err(_), Some(LocalKind::DeclaredFree)) => Ok(declared(date, DayKind::Weekend)),
        (Err(_), Some(LocalKind::DeclaredSchoolDay)) => Ok(declared(date, DayKind::SchoolDay)),
        (Err(unpublished), Some(LocalKind::Closure | LocalKind::Pause | LocalKind::MakeUp(_)) | None) => {
            Err(unpublished)
        }
    }
}

fn declared(date: Date, kind: DayKind) -> DayAtSchool {
    DayAtSchool { date, kind, name: None, declared: true }
}

/// A day on which the service may run; the plan says which windows it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceDay {
    /// The day.
    pub date: Date,
    /// The weekday whose windows apply: its own, or the one that a make-up day follows.
    pub weekday: Weekday,
    /// The term it lies in.
    pub term: TermId,
    /// Whether the school declared it because no notice is published.
    pub declared: bool,
}

/// Why the service does not run on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoService {
    /// No notice is published and the school has declared nothing.
    Unpublished(Unpublished),
    /// Vacation: no term covers the day.
    Vacation,
    /// The term has begun, the service has not.
    NotYet {
        /// Its first day.
        service_from: Date,
    },
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A public holiday.
    Holiday {
        /// Its name.
        name: &'static str,
    },
    /// Declared free by the school while no notice is published.
    DeclaredFree {
        /// The school's reason.
        reason: String,
    },
    /// A make-up day, but the school has not said which weekday it follows.
    MakeUpUndecided {
        /// The holiday that it pays for.
        name: &'static str,
    },
    /// The school is closed.
    Closure {
        /// Why.
        reason: String,
    },
    /// The service pauses for epidemic control (C11).
    Pause {
        /// Why.
        reason: String,
    },
}

impl NoService {
    /// Whether the day may have a service yet: the calendar or the school has not decided.
    pub const fn is_undecided(&self) -> bool {
        match self {
            NoService::Unpublished(_) | NoService::MakeUpUndecided { .. } => true,
            NoService::Vacation
            | NoService::NotYet { .. }
            | NoService::Weekend
            | NoService::Holiday { .. }
            | NoService::DeclaredFree { .. }
            | NoService::Closure { .. }
            | NoService::Pause { .. } => false,
        }
    }
}

/// Whether the service runs on this day, and which weekday's windows it follows (C3, C11).
pub fn service_day(date: Date, terms: &[Term], local: Option<&LocalDay>) -> Result<ServiceDay, NoService> {
    let term = term_on(terms, date).ok_or(NoService::Vacation)?;
    let (weekday, declared) = working_day(date, local)?;
    if date < term.service_from {
        return Err(NoService::NotYet { service_from: term.service_from });
    }
    Ok(ServiceDay { date, weekday, term: term.id, declared })
}

/// The weekday whose timetable the day follows, and whether it is declared, leaving terms aside.
pub fn working_day(date: Date, local: Option<&LocalDay>) -> Result<(Weekday, bool), NoService> {
    let reason = || local.map(|local| local.reason.clone()).unwrap_or_default();
    match local.map(|local| local.kind) {
        Some(LocalKind::Closure) => return Err(NoService::Closure { reason: reason() }),
        Some(LocalKind::Pause) => return Err(NoService::Pause { reason: reason() }),
        Some(LocalKind::MakeUp(weekday)) => return Ok((weekday, false)),
        Some(LocalKind::DeclaredSchoolDay | LocalKind::DeclaredFree) | None => {}
    }
    let day = day_at_school(date, local).map_err(NoService::Unpublished)?;
    match (day.kind, day.name) {
        (DayKind::SchoolDay, _) => Ok((date.weekday(), day.declared)),
        (DayKind::Holiday, name) => Err(NoService::Holiday { name: name.unwrap_or_default() }),
        (DayKind::MakeUpDay, name) => Err(NoService::MakeUpUndecided { name: name.unwrap_or_default() }),
        (DayKind::Weekend, _) if day.declared => Err(NoService::DeclaredFree { reason: reason() }),
        (DayKind::Weekend, _) => Err(NoService::Weekend),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
