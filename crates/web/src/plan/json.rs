//! Plans as programs read them: the same facts for the JSON pages and the command line.

use jiff::civil::{Date, Time};
use kehou_app::plan::file::Problem;
use kehou_domain::money::LessonHours;
use kehou_domain::plan::{Change, DayKind, Grades, NoService, Plan, SlotOn};
use serde::Serialize;
use utoipa::ToSchema;

use super::words;
use crate::dates;
use crate::lang::Lang;

/// What a plan says of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    /// The plan's short name.
    pub plan: String,
    /// The day.
    pub date: String,
    /// Whether service is held.
    pub service_day: bool,
    /// Why not, as a word.
    pub reason: Option<&'static str>,
    /// `summer` or `winter`; null when the plan has one timetable all year.
    pub season: Option<&'static str>,
    /// What the plan calls the season.
    pub season_name: Option<String>,
    /// Whether the season's dates are assumed.
    pub season_assumed: bool,
    /// The slots.
    pub slots: Vec<Slot>,
    /// When children leave for home.
    pub release: Vec<Leaving>,
    /// When those who do not join leave.
    pub not_joining: Vec<Leaving>,
    /// What the plan leaves open.
    pub open: Vec<String>,
}

/// One slot for the grades that share its times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Slot {
    /// The slot's short name in the plan.
    pub id: String,
    /// What the school calls it.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// The grades.
    pub grades: Vec<u8>,
    /// `all`, `day` or `boarders`.
    pub applies_to: &'static str,
    /// When it begins; null when the plan does not say.
    pub start: Option<String>,
    /// When it ends; null when the plan does not say.
    pub end: Option<String>,
    /// How long it lasts, in minutes; null when the plan does not say.
    pub minutes: Option<u16>,
    /// Whether it begins when lessons end.
    pub from_dismissal: bool,
    /// Ends that families choose among.
    pub batches: Vec<Batch>,
    /// Its parts.
    pub periods: Vec<Period>,
    /// Whether the plan counts it as after-school service.
    pub service: bool,
    /// Whether families may be charged; null when the plan does not say.
    pub chargeable: Option<bool>,
    /// Whether it counts for staff pay; null when the plan does not say.
    pub counts_for_pay: Option<bool>,
    /// Lesson hours that families are billed for, as a decimal number.
    pub billing_lesson_hours: Option<String>,
    /// Lesson hours that staff are credited with, as a decimal number.
    pub staff_lesson_hours: Option<String>,
    /// What children do.
    pub content: Vec<String>,
    /// The same in words.
    pub content_names: String,
    /// Whether the weekdays are assumed.
    pub weekdays_assumed: bool,
}

/// One of several ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Batch {
    /// What the school calls it.
    pub name: String,
    /// When it goes; null when the plan does not say.
    pub at: Option<String>,
}

/// One part of a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    /// What the school calls it.
    pub name: String,
    /// How long it lasts, in minutes; null when the plan does not say.
    pub minutes: Option<u16>,
    /// What children do in it.
    pub content: Vec<String>,
}

/// When some grades leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Leaving {
    /// The grades.
    pub grades: Vec<u8>,
    /// The time; null when the plan does not say.
    pub at: Option<String>,
}

/// What is asked of a plan.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The day.
    pub date: Date,
    /// What kind of day it is.
    pub kind: DayKind,
    /// Only this grade.
    pub grade: Option<u8>,
}

/// What the plan says of the day.
pub fn day(lang: Lang, plan: &Plan, asked: Asked) -> Day {
    let Asked { date, kind, grade } = asked;
    let wanted = grade.map_or(plan.grades, |grade| Grades::of([grade]));
    let slots = plan.slots_on(date, kind).into_iter().filter(|part| !part.grades.and(wanted).is_empty());
    let releases =
        plan.release_on(date, kind).into_iter().map(|release| (release.grades.and(wanted), release.at));
    let season = plan.season_on(date);
    let reason = plan.no_service(date, kind);
    Day {
        plan: plan.code.clone(),
        date: date.to_string(),
        service_day: reason.is_none(),
        reason: reason.map(reason_word),
        season: season.map(|season| season.kind.word()),
        season_name: season.map(|season| season.name.clone()),
        season_assumed: season.is_some_and(|season| season.assumed),
        slots: slots.map(|part| slot(lang, &part, wanted)).collect(),
        release: leavings(releases),
        not_joining: not_joining(plan, asked, wanted),
        open: plan.open_points().into_iter().map(|point| words::open_point(lang, plan, point)).collect(),
    }
}

fn slot(lang: Lang, part: &SlotOn<'_>, wanted: Grades) -> Slot {
    let slot = part.slot;
    let hours = |hours: Option<LessonHours>| hours.map(LessonHours::decimal);
    Slot {
        id: slot.id.to_string(),
        name: slot.name.clone(),
        kind: slot.kind.word(),
        grades: part.grades.and(wanted).iter().collect(),
        applies_to: slot.applies_to.word(),
        start: part.start.map(dates::time),
        end: part.end.map(dates::time),
        minutes: part.minutes,
        from_dismissal: part.from_dismissal,
        batches: batches(slot),
        periods: periods(slot),
        service: slot.service,
        chargeable: slot.chargeable,
        counts_for_pay: slot.counts_for_pay,
        billing_lesson_hours: hours(slot.billing_lesson_hours),
        staff_lesson_hours: hours(slot.staff_lesson_hours),
        content: part.content.iter().map(|content| content.text().to_owned()).collect(),
        content_names: words::content(lang, &part.content),
        weekdays_assumed: slot.weekdays_assumed,
    }
}

fn batches(slot: &kehou_domain::plan::Slot) -> Vec<Batch> {
    let batches = slot.batches.iter();
    batches.map(|batch| Batch { name: batch.name.clone(), at: batch.at.map(dates::time) }).collect()
}

fn periods(slot: &kehou_domain::plan::Slot) -> Vec<Period> {
    let texts = |period: &kehou_domain::plan::Period| {
        period.content.iter().map(|one| one.text().to_owned()).collect()
    };
    let periods = slot.periods.iter();
    periods
        .map(|period| Period { name: period.name.clone(), minutes: period.minutes, content: texts(period) })
        .collect()
}

fn leavings(releases: impl Iterator<Item = (Grades, Option<Time>)>) -> Vec<Leaving> {
    let some = releases.filter(|(grades, _)| !grades.is_empty());
    some.map(|(grades, at)| Leaving { grades: grades.iter().collect(), at: at.map(dates::time) }).collect()
}

fn not_joining(plan: &Plan, asked: Asked, wanted: Grades) -> Vec<Leaving> {
    let DayKind::School { follows } = asked.kind else { return Vec::new() };
    let mut times: Vec<(Grades, Option<Time>)> = Vec::new();
    for grade in wanted.iter() {
        let Some(at) = plan.dismissal_on(asked.date, follows, grade) else { continue };
        match times.iter_mut().find(|(_, known)| *known == Some(at)) {
            Some((grades, _)) => *grades = grades.or(Grades::of([grade])),
            None => times.push((Grades::of([grade]), Some(at))),
        }
    }
    leavings(times.into_iter())
}

const fn reason_word(reason: NoService) -> &'static str {
    match reason {
        NoService::NotStarted { .. } => "not_started",
        NoService::Weekend => "weekend",
        NoService::Closed => "holiday",
        NoService::NotThisWeekday => "no_slot",
    }
}

/// Whether a file is a sound plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Check {
    /// The file's name.
    pub file: String,
    /// Whether nothing is wrong.
    pub ok: bool,
    /// What is wrong.
    pub errors: Vec<Error>,
    /// Rules that the plan does not keep.
    pub warnings: Vec<Warning>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Error {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// A word for programs.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A rule that the plan does not keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// A word for programs.
    pub code: &'static str,
    /// Since when the rule is in force.
    pub since: String,
    /// The notice and the clause.
    pub clause: String,
    /// What the plan does not keep.
    pub message: String,
    /// The slots it is about.
    pub slots: Vec<String>,
}

/// A problem for programs.
pub fn error(lang: Lang, problem: &Problem) -> Error {
    let message = words::problem(lang, &problem.wrong);
    Error { line: problem.line, column: problem.column, code: problem.wrong.code(), message }
}

/// The rules that a plan does not keep.
pub fn warnings(lang: Lang, plan: &Plan) -> Vec<Warning> {
    let warnings = plan.warnings().into_iter().map(|warning| {
        let slots: Vec<_> = warning.slots.iter().filter_map(|id| plan.slot(id)).collect();
        Warning {
            code: warning.rule.word(),
            since: warning.rule.since().to_string(),
            clause: words::clause(lang, warning.rule).to_owned(),
            message: words::warning(lang, warning.rule, &slots),
            slots: warning.slots.iter().map(ToString::to_string).collect(),
        }
    });
    warnings.collect()
}

/// One value that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// The way to the value, with dots.
    pub path: String,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
}

impl From<Change> for Difference {
    fn from(change: Change) -> Difference {
        Difference { path: change.path.join("."), before: change.before, after: change.after }
    }
}
