//! What a row of the table means in this school and under this plan, or everything that is wrong with it.

use kehou_domain::catalogue::written::{self, Named};
use kehou_domain::catalogue::{
    Details, Fault, Kind, Meeting, SexLimit, Topic, check, is_same, kinds, lacks, openings,
};
use kehou_domain::ids::StaffId;
use kehou_domain::money::Fen;
use kehou_domain::people::cell::{Cell, squeeze};
use kehou_domain::plan::{Grades, Plan, SlotId};

use super::table::{Line, SAID_AGAIN};
use super::{Column, Verdict, Why, Words, Wrong};
use crate::catalogue::{Offering, Status, Teacher};

/// What a row is read by.
pub(super) struct Known<'a> {
    pub(super) plan: &'a Plan,
    pub(super) teachers: &'a [Teacher],
    pub(super) words: &'a Words,
}

/// What becomes of a readable row: the term or an earlier row may have it already.
pub(super) fn verdict(here: &[Offering], before: &[(u32, Details)], details: Details) -> Verdict {
    let mut standing = here.iter().filter(|one| one.status != Status::Withdrawn);
    if standing.any(|one| is_same(&one.details, &details)) {
        return Verdict::Exists;
    }
    if let Some((number, _)) = before.iter().find(|(_, earlier)| is_same(earlier, &details)) {
        return Verdict::Twice(*number);
    }
    let lacks = lacks(&details);
    Verdict::New(Box::new(details), lacks)
}

/// What is wrong with each row of an offering.
pub(super) type Wrongs = Vec<Vec<Wrong>>;

/// The offering that a row states with those that go on with it.
pub(super) fn details(known: &Known<'_>, lines: &[Line]) -> Result<Details, Wrongs> {
    let Some((first, more)) = lines.split_first() else { return Err(Vec::new()) };
    let mut reader = Reader { known, line: first, wrong: Vec::new() };
    let mut details = reader.details();
    let (mut wrongs, mut meetings) = (vec![reader.wrong], vec![details.meetings.clone()]);
    for line in more {
        let mut reader = Reader { known, line, wrong: Vec::new() };
        meetings.push(reader.more(details.kind, (first, &details.meetings)));
        details.meetings.extend(meetings.last().into_iter().flatten().cloned());
        wrongs.push(reader.wrong);
    }
    if wrongs.iter().all(Vec::is_empty) {
        for fault in check(known.plan, &details) {
            let at = row_of(&fault, &meetings);
            wrongs[at].push(wrong_by_plan(&lines[at], fault));
        }
    }
    if wrongs.iter().all(Vec::is_empty) { Ok(details) } else { Err(wrongs) }
}

/// The row that a fault is about: the one that names the day, or else the first.
fn row_of(fault: &Fault, meetings: &[Vec<Meeting>]) -> usize {
    let is_named = |named: &Meeting| match fault {
        Fault::NotOnWeekday(meeting) | Fault::NotForGradesThen { meeting, .. } => named == meeting,
        Fault::NoSuchSlot(slot) => named.slot == *slot,
        Fault::NoTitle
        | Fault::TitleTooLong
        | Fault::VenueTooLong
        | Fault::DescriptionTooLong
        | Fault::MaterialsTooLong
        | Fault::KindNotInPlan(_)
        | Fault::NoMeeting
        | Fault::NoGrade
        | Fault::GradesNotServed(_)
        | Fault::NoSeat
        | Fault::TooManySeats
        | Fault::AboveMost(_)
        | Fault::NoMinimum
        | Fault::MinimumAboveCapacity
        | Fault::BelowFewest(_)
        | Fault::CostNotCharged
        | Fault::DaysOfSeats(_)
        | Fault::BelowSeats(_) => false,
    };
    meetings.iter().position(|row| row.iter().any(is_named)).unwrap_or(0)
}

/// The rows of an offering that can be read: what becomes of it stands at the first.
pub(super) fn right(lines: &[Line], verdict: Verdict) -> Vec<Verdict> {
    let first = lines.first().map_or(0, |line| line.number);
    let more = lines.iter().skip(1).map(|_| Verdict::PartOf(first));
    std::iter::once(verdict).chain(more).collect()
}

/// The rows of an offering of which one at least is wrong: the first is never written without the others.
pub(super) fn wrong(lines: &[Line], wrongs: Wrongs) -> Vec<Verdict> {
    let first = lines.first().map_or(0, |line| line.number);
    let below = wrongs.iter().position(|one| !one.is_empty()).and_then(|at| lines.get(at));
    let below = below.map_or(first, |line| line.number);
    let verdict = |(at, wrong): (usize, Vec<Wrong>)| match (at, wrong.is_empty()) {
        (0, true) => {
            Verdict::Wrong(vec![Wrong { column: None, value: String::new(), why: Why::RowBelow(below) }])
        }
        (_, true) => Verdict::PartOf(first),
        (_, false) => Verdict::Wrong(wrong),
    };
    wrongs.into_iter().enumerate().map(verdict).collect()
}

/// A row while it is read; what cannot be read has a stand-in and is noted.
struct Reader<'a> {
    known: &'a Known<'a>,
    line: &'a Line,
    wrong: Vec<Wrong>,
}

impl Reader<'_> {
    fn details(&mut self) -> Details {
        let only = match kinds(self.known.plan).as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        let words = self.known.words;
        let kind = self.choice(Column::Kind, &words.kinds, only).unwrap_or(Kind::Club);
        let meetings = self.meetings(kind);
        Details {
            title: self.text(Column::Title),
            kind,
            topic: self.choice(Column::Topic, &words.topics, None).unwrap_or(Topic::ALL[0]),
            meetings,
            venue: self.text(Column::Venue),
            teacher: self.teacher(),
            capacity: self.count(Column::Capacity),
            minimum: self.count(Column::Minimum),
            grades: self.grades(),
            sex: self.choice(Column::Sex, &words.sexes, Some(SexLimit::Anyone)).unwrap_or(SexLimit::Anyone),
            description: self.text(Column::Description),
            materials: self.text(Column::Materials),
            cost: self.cost(),
        }
    }

    fn note(&mut self, column: Column, why: Why) {
        let value = self.line.text(column);
        self.wrong.push(Wrong { column: Some(column), value, why });
    }

    /// The cell's text; what a formula broke or a program took for a date is nobody's text.
    fn text(&mut self, column: Column) -> String {
        match self.line.cell(column) {
            Cell::Error(_) => {
                self.note(column, Why::Error);
                String::new()
            }
            Cell::Date(_) => {
                self.note(column, Why::Date);
                String::new()
            }
            cell @ (Cell::Empty | Cell::Text(_) | Cell::Number(_)) => cell.shown(),
        }
    }

    /// One of the choices by its word; `blank` is what an empty cell means.
    fn choice<T: Copy>(&mut self, column: Column, choices: &[(String, T)], blank: Option<T>) -> Option<T> {
        let text = squeeze(&self.text(column)).to_lowercase();
        let found = match text.as_str() {
            "" => blank,
            text => choices
                .iter()
                .find(|(word, _)| squeeze(word).to_lowercase() == text)
                .map(|(_, choice)| *choice),
        };
        if found.is_none() && !self.is_noted(column) {
            self.note(column, Why::Unknown);
        }
        found
    }

    fn is_noted(&self, column: Column) -> bool {
        self.wrong.iter().any(|wrong| wrong.column == Some(column))
    }

    fn meetings(&mut self, kind: Kind) -> Vec<Meeting> {
        let (days, named) = (self.text(Column::Weekdays), self.text(Column::Slot));
        if days.is_empty() {
            // the plan's check says that it meets on no day
            return Vec::new();
        }
        let Some(days) = written::weekdays(&days) else {
            self.note(Column::Weekdays, Why::Unclear);
            return Vec::new();
        };
        let Some(slots) = self.slots(&named) else {
            self.note(Column::Slot, Why::Unknown);
            return Vec::new();
        };
        let mut meetings = Vec::new();
        for weekday in days {
            let then = if slots.is_empty() { self.only_slot(kind, weekday) } else { slots.clone() };
            if then.is_empty() && !self.is_noted(Column::Slot) {
                self.note(Column::Slot, Why::WhichSlot);
            }
            meetings.extend(then.into_iter().map(|slot| Meeting { weekday, slot }));
        }
        meetings
    }

    /// Days and slots of a row that goes on with the offering of the first one, which says all the rest.
    fn more(&mut self, kind: Kind, (first, before): (&Line, &[Meeting])) -> Vec<Meeting> {
        let others = self.line.cells.iter().filter(|(column, cell)| {
            !SAID_AGAIN.contains(column) && !cell.is_blank() && cell.shown() != first.text(*column)
        });
        let others: Vec<Column> = others.map(|(column, _)| *column).collect();
        for column in others {
            self.note(column, Why::NotAsAbove);
        }
        if self.line.text(Column::Weekdays).is_empty() {
            self.note(Column::Weekdays, Why::Unknown);
        }
        let meetings = self.meetings(kind);
        if meetings.iter().any(|meeting| before.contains(meeting)) {
            self.note(Column::Weekdays, Why::MeetsTwice);
        }
        meetings
    }

    /// The slots that a cell names: one by its whole name, or several; nothing when one of them is not known.
    fn slots(&self, named: &str) -> Option<Vec<SlotId>> {
        if let Some(only) = self.slot(named) {
            return Some(vec![only]);
        }
        let mut slots: Vec<SlotId> = Vec::new();
        for part in written::slots(named) {
            let slot = self.slot(&part)?;
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        Some(slots)
    }

    /// The plan's slot of this name.
    fn slot(&self, named: &str) -> Option<SlotId> {
        let named = squeeze(named);
        let mut slots = self.known.plan.slots.iter();
        let found = slots.find(|slot| squeeze(&slot.name) == named || slot.id.as_str() == named);
        found.map(|slot| slot.id.clone())
    }

    /// The only slot that the plan has for the kind on the day, or, where it has none, the plan's only one.
    fn only_slot(&self, kind: Kind, weekday: i8) -> Vec<SlotId> {
        let then = openings(self.known.plan, kind).into_iter();
        let mut then: Vec<SlotId> =
            then.filter(|one| one.meeting.weekday == weekday).map(|one| one.meeting.slot).collect();
        if then.is_empty() {
            then = self.known.plan.slots.iter().map(|slot| slot.id.clone()).collect();
        }
        if then.len() == 1 { then } else { Vec::new() }
    }

    fn grades(&mut self) -> Grades {
        let text = self.text(Column::Grades);
        if text.is_empty() {
            return Grades::default();
        }
        match written::grades(&text) {
            Some(Named::All) => self.known.plan.grades,
            Some(Named::Of(grades)) => grades,
            None => {
                self.note(Column::Grades, Why::Unclear);
                Grades::default()
            }
        }
    }

    fn count(&mut self, column: Column) -> u16 {
        let text = self.text(column);
        if text.is_empty() {
            return 0;
        }
        written::count(&text).unwrap_or_else(|| {
            self.note(column, Why::NoNumber);
            0
        })
    }

    fn cost(&mut self) -> Option<Fen> {
        let text = self.text(Column::Cost);
        written::cost(&text).unwrap_or_else(|| {
            self.note(Column::Cost, Why::NoMoney);
            None
        })
    }

    fn teacher(&mut self) -> Option<StaffId> {
        let named = squeeze(&self.text(Column::Teacher));
        if named.is_empty() {
            return None;
        }
        let of_name = self.known.teachers.iter().filter(|teacher| squeeze(&teacher.name) == named);
        let found: Vec<StaffId> = of_name.map(|teacher| teacher.id).collect();
        match found.as_slice() {
            [only] => return Some(*only),
            [] => self.note(Column::Teacher, Why::NoSuchTeacher),
            _ => self.note(Column::Teacher, Why::SeveralTeachers),
        }
        None
    }
}

/// What the plan says against the row, at the column that it is about.
fn wrong_by_plan(line: &Line, fault: Fault) -> Wrong {
    let column = match &fault {
        Fault::NoTitle | Fault::TitleTooLong => Column::Title,
        Fault::VenueTooLong => Column::Venue,
        Fault::DescriptionTooLong => Column::Description,
        Fault::MaterialsTooLong => Column::Materials,
        Fault::KindNotInPlan(_) => Column::Kind,
        Fault::NoMeeting
        | Fault::NoSuchSlot(_)
        | Fault::NotOnWeekday(_)
        | Fault::NotForGradesThen { .. }
        | Fault::DaysOfSeats(_) => Column::Weekdays,
        Fault::NoGrade | Fault::GradesNotServed(_) => Column::Grades,
        Fault::NoSeat | Fault::TooManySeats | Fault::AboveMost(_) | Fault::BelowSeats(_) => Column::Capacity,
        Fault::NoMinimum | Fault::MinimumAboveCapacity | Fault::BelowFewest(_) => Column::Minimum,
        Fault::CostNotCharged => Column::Cost,
    };
    Wrong { column: Some(column), value: line.text(column), why: Why::Fault(fault) }
}
