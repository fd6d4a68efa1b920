//! Sheets (G7): the day's sign-in, the week's statistics, the month's summary, and its keeping.
//!
//! They are the attendance set of the archive (Q1, Q2), by class where a class is asked for (Q3).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{CloseMonth, ReadSheets, Role};
use kehou_domain::attendance::{Line, MonthSheet, Tally, hash, month_text};
use kehou_domain::custody::{Mark, Sight, State, Whereabouts};
use kehou_domain::grouping::class_name;
use kehou_domain::ids::{ClassId, GroupId, SessionId, StudentId};
use kehou_domain::people::class::ClassKey;
use serde_json::json;

use super::rows::{self, sheets::Named};
use super::session::{InClub, Session, Status, in_clubs, sees_all, sight};
use crate::{custody, people};

/// One session's part of a day's sign-in sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySheet {
    /// The session.
    pub session: Session,
    /// Its children.
    pub lines: Vec<DayLine>,
    /// What they add up to.
    pub tally: Tally,
    /// The clubs in which children of the class sat meanwhile.
    pub in_clubs: Vec<InClub>,
}

/// One child's line of a day's sign-in sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLine {
    /// The child's name.
    pub name: String,
    /// The number in the class, where the school gives numbers.
    pub seat_no: Option<u32>,
    /// The home class, in the session of a club.
    pub class: Option<ClassKey>,
    /// What is known of the child in the session.
    pub mark: Mark,
    /// Who said so, and when; nothing while nobody has.
    pub marked_by: Option<Sight>,
    /// Where the child was last known to be.
    pub whereabouts: Whereabouts,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// A week's statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekSheet {
    /// Monday.
    pub from: Date,
    /// Sunday.
    pub to: Date,
    /// The days on which there were sessions, with what they add up to.
    pub days: Vec<(Date, Tally)>,
    /// One line for each group and slot.
    pub lines: Vec<WeekLine>,
    /// What the week adds up to.
    pub total: Tally,
}

/// One group's line of a week's statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekLine {
    /// The group.
    pub group_name: String,
    /// What the school calls the slot.
    pub slot_name: String,
    /// Beside each day of the sheet, what it adds up to; nothing where the group did not meet.
    pub days: Vec<Option<Tally>>,
    /// What the week adds up to.
    pub total: Tally,
}

/// A civil month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

impl Month {
    /// The month that the day lies in.
    pub fn of(day: Date) -> Month {
        Month { first: day.first_of_month() }
    }

    /// The month of this text: `2026-11`.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, month) =
            text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
        Some(Month { first: Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()? })
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.first.last_of_month()
    }

    /// The month before.
    #[must_use]
    pub fn before(self) -> Month {
        Month::of(self.first.checked_sub(1.day()).unwrap_or(self.first))
    }

    /// The month after.
    #[must_use]
    pub fn after(self) -> Month {
        Month::of(self.last().checked_add(1.day()).unwrap_or(self.first))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

/// A month's summary, and how it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthView {
    /// The month.
    pub month: Month,
    /// The children by class and seat number.
    pub sheet: MonthSheet,
    /// What was kept, when the month is closed.
    pub closed: Option<ClosedMonth>,
    /// Whether the ledger still says what was kept.
    pub agrees: bool,
}

/// A month as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedMonth {
    /// When.
    pub closed_at: Timestamp,
    /// Its text, over which the hash is taken.
    pub text: String,
    /// The SHA-256 of the text.
    pub hash: String,
}

/// Why a month is not closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseRefused {
    /// It is not over.
    NotOver {
        /// Its last day.
        last_on: Date,
    },
    /// It was closed before.
    Closed,
    /// Some rolls were never called.
    Unmarked {
        /// How many marks are missing.
        marks: u32,
    },
}

/// The day's sign-in sheets, one for each session (G7).
pub fn day_sheet(tx: &mut Tx<ReadSheets>, day: Date) -> Result<Vec<DaySheet>> {
    let sessions = own_sessions(tx, day, day)?;
    let states = custody::states_on(tx, day)?;
    let named = rows::sheets::named(tx, day, day)?;
    let mut away = rows::sessions::away(tx, day)?;
    let sheet = |session: Session| {
        let line = |child: &Named| day_line(&session, child, states.get(&child.student)?);
        let mut lines: Vec<DayLine> = named.iter().filter_map(line).collect();
        lines.sort_by(|a, b| {
            let class = |line: &DayLine| line.class.map(|key| (key.grade_on(day), key.class_no));
            let place = |line: &DayLine| (class(line), line.seat_no.is_none(), line.seat_no);
            place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name))
        });
        let tally = Tally::of(lines.iter().map(|line| line.mark));
        let in_clubs = in_clubs(&session, &mut away);
        DaySheet { session, lines, tally, in_clubs }
    };
    Ok(sessions.into_iter().map(sheet).collect())
}

fn day_line(session: &Session, child: &Named, state: &State) -> Option<DayLine> {
    Some(DayLine {
        name: child.name.clone(),
        seat_no: child.seat_no,
        class: child.class.filter(|_| session.class.is_none()).map(|(_, key)| key),
        mark: state.mark(session.id)?,
        marked_by: state.said_by(session.id),
        whereabouts: state.whereabouts(),
        since: state.learnt_from().map(|sight| sight.at),
    })
}

/// A group with its name and that of its slot, and its days.
type Own = (GroupId, (String, String), BTreeMap<Date, Tally>);

/// The statistics of the week that the day lies in (G7).
pub fn week_sheet(tx: &mut Tx<ReadSheets>, day: Date) -> Result<WeekSheet> {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    let from = day.checked_sub(back.days()).unwrap_or(day);
    let to = from.checked_add(6.days()).unwrap_or(day);
    let sessions = own_sessions(tx, from, to)?;
    let tallies = tallies(&custody::states_between(tx, from, to)?);
    let mut days: BTreeMap<Date, Tally> = BTreeMap::new();
    let mut lines: Vec<Own> = Vec::new();
    for session in sessions {
        let tally = tallies.get(&session.id).copied().unwrap_or_default();
        let of_day = days.entry(session.day).or_default();
        *of_day = of_day.with(tally);
        let at = lines.iter().position(|line| line.0 == session.group && line.1.1 == session.slot_name);
        let at = at.unwrap_or_else(|| {
            let called = (session.group_name.clone(), session.slot_name.clone());
            lines.push((session.group, called, BTreeMap::new()));
            lines.len() - 1
        });
        lines[at].2.insert(session.day, tally);
    }
    let days: Vec<(Date, Tally)> = days.into_iter().collect();
    let line = |(_, (group_name, slot_name), own): Own| WeekLine {
        group_name,
        slot_name,
        days: days.iter().map(|(day, _)| own.get(day).copied()).collect(),
        total: own.values().fold(Tally::default(), |sum, tally| sum.with(*tally)),
    };
    let lines = lines.into_iter().map(line).collect();
    let total = days.iter().fold(Tally::default(), |sum, (_, tally)| sum.with(*tally));
    Ok(WeekSheet { from, to, days, lines, total })
}

/// The summary of a month (G7).
pub fn month_sheet(tx: &mut Tx<ReadSheets>, month: Month) -> Result<MonthView> {
    let on = month.last().min(tx.today());
    let role = tx.role();
    let only = if sees_all(role) {
        None
    } else if role == Role::GradeHead {
        people::bound_classes(tx)?
    } else {
        Some(vec![own_class(tx, on)?])
    };
    let sheet = summary(tx, month, only.as_deref())?;
    let closed = rows::sheets::closed(tx, &month.to_string())?;
    let agrees = match (&closed, &only) {
        (Some(closed), None) => {
            hash(&month_text(&tx.school().name, &month.to_string(), &sheet)) == closed.hash
        }
        (Some(_) | None, _) => true,
    };
    Ok(MonthView { month, sheet, closed, agrees })
}

/// One club's part of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClubMonth {
    /// The club.
    pub name: String,
    /// What the school calls its slot.
    pub slot_name: String,
    /// Its children by class and name, each with the club's sessions alone.
    pub lines: Vec<Line>,
}

/// The month club by club (G7): how often each child came to it.
pub fn club_months(tx: &mut Tx<ReadSheets>, month: Month) -> Result<Vec<ClubMonth>> {
    let mut sessions = own_sessions(tx, month.first(), month.last())?;
    sessions.retain(|session| session.class.is_none());
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let states = custody::states_between(tx, month.first(), month.last())?;
    let named = rows::sheets::named(tx, month.first(), month.last())?;
    let mut clubs: BTreeMap<(String, String, GroupId), BTreeSet<SessionId>> = BTreeMap::new();
    for session in sessions {
        let club = (session.group_name, session.slot_name, session.group);
        clubs.entry(club).or_default().insert(session.id);
    }
    let club = |((name, slot_name, _), held): (_, BTreeSet<SessionId>)| {
        let tallies = by_child(&states, |session| held.contains(&session));
        ClubMonth { name, slot_name, lines: lines(month, &named, tallies) }
    };
    Ok(clubs.into_iter().map(club).collect())
}

/// A roll with children whom nobody has called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRoll {
    /// The session.
    pub session: Session,
    /// How many.
    pub unmarked: u32,
}

/// The rolls of a month that have to be called before it can be closed, by day (G7).
pub fn open_rolls(tx: &mut Tx<CloseMonth>, month: Month) -> Result<Vec<OpenRoll>> {
    let tallies = tallies(&custody::states_between(tx, month.first(), month.last())?);
    let sessions = own_sessions(tx, month.first(), month.last())?;
    let open = |session: Session| {
        let unmarked = tallies.get(&session.id).map_or(0, |tally| tally.unmarked);
        (0 < unmarked).then_some(OpenRoll { session, unmarked })
    };
    Ok(sessions.into_iter().filter_map(open).collect())
}

/// Closes a month: its summary is kept for the academic office with its hash, and its rolls no longer change (G7).
pub fn close_month(
    tx: &mut Tx<CloseMonth>,
    month: Month,
) -> std::result::Result<String, Failed<CloseRefused>> {
    rows::sessions::hold_day(tx, month.last())?;
    let closed = rows::sheets::closed(tx, &month.to_string())?;
    let sheet = summary(tx, month, None)?;

    if closed.is_some() {
        return Err(Failed::Refused(CloseRefused::Closed));
    }
    if tx.today() <= month.last() {
        return Err(Failed::Refused(CloseRefused::NotOver { last_on: month.last() }));
    }
    let total = sheet.total();
    if 0 < total.unmarked {
        return Err(Failed::Refused(CloseRefused::Unmarked { marks: total.unmarked }));
    }

    let text = month_text(&tx.school().name, &month.to_string(), &sheet);
    let hash = hash(&text);
    rows::sheets::close(tx, &month.to_string(), &text, &hash)?;
    let facts = json!({ "children": sheet.lines.len(), "expected": total.expected, "hash": hash });
    tx.event(Event::of::<CloseMonth>(month).facts(facts))?;
    Ok(hash)
}

/// Whether the month of the day was closed.
pub(super) fn is_closed(tx: &mut SchoolTx, day: Date) -> Result<bool> {
    Ok(rows::sheets::closed(tx, &Month::of(day).to_string())?.is_some())
}

fn summary(tx: &mut SchoolTx, month: Month, only: Option<&[ClassId]>) -> Result<MonthSheet> {
    let states = custody::states_between(tx, month.first(), month.last())?;
    let mut named = rows::sheets::named(tx, month.first(), month.last())?;
    named.retain(|child| only.is_none_or(|only| child.class.is_some_and(|(class, _)| only.contains(&class))));
    Ok(MonthSheet { lines: lines(month, &named, by_child(&states, |_| true)) })
}

/// What each child's marks in these sessions add up to.
fn by_child(
    states: &BTreeMap<(Date, StudentId), State>,
    counts: impl Fn(SessionId) -> bool,
) -> BTreeMap<StudentId, Tally> {
    let mut tallies: BTreeMap<StudentId, Tally> = BTreeMap::new();
    for ((_, student), state) in states {
        let own = state.sessions().filter(|session| counts(*session));
        let tally = tallies.entry(*student).or_default();
        own.filter_map(|session| state.mark(session)).for_each(|mark| tally.add(mark));
    }
    tallies
}

/// The lines of those who were expected at all, by class, seat number and name.
fn lines(month: Month, named: &[Named], mut tallies: BTreeMap<StudentId, Tally>) -> Vec<Line> {
    let mut placed: Vec<(Place, Line)> = Vec::new();
    for child in named {
        let Some(tally) = tallies.remove(&child.student).filter(|tally| 0 < tally.expected) else { continue };
        let class = child.class.map(|(_, key)| key);
        let grade = |key: ClassKey| key.grade_on(month.last());
        let name_of = |key: ClassKey| class_name(grade(key).unwrap_or(0), u32::from(key.class_no));
        let place = (class.map(|key| (grade(key), key.class_no)), (child.seat_no.is_none(), child.seat_no));
        let line = Line {
            student: child.student,
            class: class.map(name_of).unwrap_or_default(),
            name: child.name.clone(),
            tally,
        };
        placed.push((place, line));
    }
    placed.sort_by(|(a, one), (b, other)| {
        a.cmp(b).then_with(|| one.name.cmp(&other.name)).then(one.student.cmp(&other.student))
    });
    placed.into_iter().map(|(_, line)| line).collect()
}

/// Where a child stands on the month's sheet, as on the school's lists: grade and class, then seat number, those
/// without one last.
type Place = (Option<(Option<u8>, u8)>, (bool, Option<u32>));

/// What each session adds up to.
fn tallies(states: &BTreeMap<(Date, StudentId), State>) -> BTreeMap<SessionId, Tally> {
    let mut tallies: BTreeMap<SessionId, Tally> = BTreeMap::new();
    for state in states.values() {
        for session in state.sessions() {
            if let Some(mark) = state.mark(session) {
                tallies.entry(session).or_default().add(mark);
            }
        }
    }
    tallies
}

/// The sessions of the span that were held: a homeroom teacher's own class's, those of a grade head's grades, or all.
fn own_sessions(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Vec<Session>> {
    let mut sessions = rows::sessions::between(tx, from, to)?;
    let sight = sight(tx)?;
    sessions.retain(|session| session.status != Status::Cancelled && sight.has(session));
    Ok(sessions)
}

fn own_class(tx: &mut SchoolTx, day: Date) -> Result<ClassId> {
    let staff = people::acting_staff(tx)?;
    people::homeroom_classes(tx, staff, day)?.pop().ok_or(Error::NotAllowed)
}
