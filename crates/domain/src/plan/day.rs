//! What a plan says of one day: slots with their times, and when children leave (C1, C2, C5).

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

use super::days::{Grades, SeasonKind, number};
use super::slot::{AppliesTo, Content, End, Slot, SlotKind, Start, Window};
use super::{Plan, Weekdays};

/// What kind of day it is, as the school's calendar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A school day, run by the timetable of this weekday (a make-up day follows another one).
    School {
        /// The weekday whose timetable it follows.
        follows: Weekday,
    },
    /// A Saturday or Sunday without lessons: boarders may come back.
    Weekend,
    /// A holiday, a vacation or a closure: nothing is held.
    Closed,
}

/// Why no service is held on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoService {
    /// The plan starts later.
    NotStarted {
        /// The first day.
        starts_on: Date,
    },
    /// It is a weekend.
    Weekend,
    /// It is a holiday, a vacation or a closure.
    Closed,
    /// It is a school day, but the plan has no slot on this weekday.
    NotThisWeekday,
}

/// One slot on one day, for the grades that share its times and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotOn<'a> {
    /// The slot.
    pub slot: &'a Slot,
    /// The grades.
    pub grades: Grades,
    /// When it begins; nothing when the plan does not say.
    pub start: Option<Time>,
    /// When it ends; nothing when the plan does not say or it has no end.
    pub end: Option<Time>,
    /// How many minutes it lasts, where the plan says so by times or as a length.
    pub minutes: Option<u16>,
    /// Whether it begins when lessons end.
    pub from_dismissal: bool,
    /// When children go from it: the wave, or else the end.
    pub leaves: Option<Time>,
    /// What children do.
    pub content: Vec<Content>,
}

/// When some grades leave for home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseOn {
    /// The grades.
    pub grades: Grades,
    /// The time; nothing when the plan does not say.
    pub at: Option<Time>,
}

/// The day as windows see it.
#[derive(Debug, Clone, Copy)]
struct Look {
    season: Option<SeasonKind>,
    weekday: Weekday,
}

impl Plan {
    /// Why no service is held on the day, or nothing when it is held.
    pub fn no_service(&self, date: Date, kind: DayKind) -> Option<NoService> {
        if let Some(starts_on) = self.first_day().filter(|first| date < *first) {
            return Some(NoService::NotStarted { starts_on });
        }
        match kind {
            DayKind::Weekend => Some(NoService::Weekend),
            DayKind::Closed => Some(NoService::Closed),
            DayKind::School { .. } => {
                self.slots_on(date, kind).is_empty().then_some(NoService::NotThisWeekday)
            }
        }
    }

    /// The slots of the day, in the plan's order; one for each set of grades with the same times and content.
    ///
    /// A weekend has nothing but the boarders' return. Times that the plan leaves open are absent, never guessed.
    pub fn slots_on(&self, date: Date, kind: DayKind) -> Vec<SlotOn<'_>> {
        let weekday = match kind {
            DayKind::School { follows } => follows,
            DayKind::Weekend => date.weekday(),
            DayKind::Closed => return Vec::new(),
        };
        if self.first_day().is_some_and(|first| date < first) {
            return Vec::new();
        }
        let look = Look { season: self.season_on(date).map(|season| season.kind), weekday };
        let at_weekend = kind == DayKind::Weekend;
        let held = self.slots.iter().filter(|slot| slot.weekdays.has(weekday));
        held.filter(|slot| at_weekend == (slot.kind == SlotKind::WeekendReturn))
            .flat_map(|slot| self.parts(slot, look))
            .collect()
    }

    /// When each grade leaves for home: at the end of its last slot that leads home, or else when lessons end.
    pub fn release_on(&self, date: Date, kind: DayKind) -> Vec<ReleaseOn> {
        let DayKind::School { follows } = kind else { return Vec::new() };
        let slots = self.slots_on(date, kind);
        let look = Look { season: self.season_on(date).map(|season| season.kind), weekday: follows };
        let mut releases: Vec<ReleaseOn> = Vec::new();
        for own in self.grades.iter().filter_map(|grade| self.release_of(grade, &slots, look)) {
            match releases.iter_mut().find(|release| release.at == own.at) {
                Some(release) => release.grades = release.grades.or(own.grades),
                None => releases.push(own),
            }
        }
        releases
    }

    fn release_of(&self, grade: u8, slots: &[SlotOn<'_>], look: Look) -> Option<ReleaseOn> {
        let own = slots.iter().filter(|part| part.grades.has(grade) && part.slot.kind.leads_home());
        let ends = own.filter(|part| part.slot.applies_to != AppliesTo::Boarders).map(|part| part.leaves);
        let dismissed = || self.dismissed(grade, look).map(Some);
        let at = ends.reduce(Option::max).or_else(dismissed)?;
        Some(ReleaseOn { grades: Grades::of([grade]), at })
    }

    /// When lessons end for the grade on the day, for those who do not stay.
    pub fn dismissal_on(&self, date: Date, weekday: Weekday, grade: u8) -> Option<Time> {
        let season = self.season_on(date).map(|season| season.kind);
        self.dismissed(grade, Look { season, weekday })
    }

    /// From when to when the slot is held for the grade in the season on the weekday; nothing where the plan leaves a
    /// time open.
    pub fn hours(
        &self,
        slot: &Slot,
        grade: u8,
        season: Option<SeasonKind>,
        weekday: Weekday,
    ) -> Option<(Time, Time)> {
        let part = self.part(slot, grade, Look { season, weekday });
        Some((part.start?, part.end?))
    }

    fn dismissed(&self, grade: u8, look: Look) -> Option<Time> {
        let holds = |season: Option<SeasonKind>| season.is_none() || season == look.season;
        let own = self
            .dismissal
            .iter()
            .find(|entry| entry.grades.has(grade) && entry.weekdays.has(look.weekday) && holds(entry.season));
        own.and_then(|entry| entry.at)
    }

    fn parts<'a>(&'a self, slot: &'a Slot, look: Look) -> Vec<SlotOn<'a>> {
        let mut parts: Vec<SlotOn<'a>> = Vec::new();
        for grade in slot.grades.iter() {
            let part = self.part(slot, grade, look);
            let same = parts.iter_mut().find(|known| {
                (known.start, known.end, known.leaves) == (part.start, part.end, part.leaves)
                    && known.content == part.content
            });
            match same {
                Some(known) => known.grades = known.grades.or(part.grades),
                None => parts.push(part),
            }
        }
        parts
    }

    fn part<'a>(&'a self, slot: &'a Slot, grade: u8, look: Look) -> SlotOn<'a> {
        let window = slot.window(grade, look.season, look.weekday);
        let start = window.and_then(|window| match window.start {
            Start::At(time) => Some(time),
            Start::Dismissal => self.dismissed(grade, look),
            Start::NotStated => None,
        });
        let end = window.and_then(|window| match window.end {
            End::At(time) => Some(time),
            End::After(minutes) => {
                start.and_then(|start| start.checked_add(i64::from(minutes).minutes()).ok())
            }
            End::Open | End::NotStated => None,
        });
        let leaves = window.and_then(|window| window.wave).or(end);
        let content = slot.content_on(grade, look.weekday);
        let minutes = window.and_then(|window| minutes(window.end, start, end));
        let from_dismissal = window.is_some_and(|window| window.start == Start::Dismissal);
        SlotOn { slot, grades: Grades::of([grade]), start, end, minutes, from_dismissal, leaves, content }
    }
}

/// The length that the window states, or that lies between its times.
fn minutes(stated: End, start: Option<Time>, end: Option<Time>) -> Option<u16> {
    match (stated, start, end) {
        (End::After(minutes), _, _) => Some(minutes),
        (End::At(_) | End::Open | End::NotStated, Some(start), Some(end)) => {
            u16::try_from(start.duration_until(end).as_mins()).ok()
        }
        (End::At(_) | End::Open | End::NotStated, _, _) => None,
    }
}

impl Slot {
    /// The window of the grade in the season on the weekday.
    pub fn window(&self, grade: u8, season: Option<SeasonKind>, weekday: Weekday) -> Option<&Window> {
        let day = Weekdays::of([number(weekday)]);
        self.windows.iter().find(|window| {
            window.grades.has(grade)
                && !window.weekdays.and(day).is_empty()
                && (window.season.is_none() || window.season == season)
        })
    }

    /// What the grade does on the weekday: the programme, or else the slot's content, or else that of its periods.
    pub fn content_on(&self, grade: u8, weekday: Weekday) -> Vec<Content> {
        let programme =
            self.programme.iter().find(|line| line.grades.has(grade) && line.weekdays.has(weekday));
        match programme {
            Some(line) => line.content.clone(),
            None if self.content.is_empty() => {
                self.periods.iter().flat_map(|period| period.content.clone()).collect()
            }
            None => self.content.clone(),
        }
    }
}
