//! An offering as it is typed: what the form sends, as facts and back.

use kehou_domain::catalogue::written::cost;
use kehou_domain::catalogue::{Details, Kind, Meeting, SexLimit, Topic, check, kinds};
use kehou_domain::ids::{EntityId, StaffId};
use kehou_domain::money::Fen;
use kehou_domain::plan::{Grades, Plan, SlotId};
use serde::Deserialize;

use super::words;
use crate::form::number;
use crate::lang::Lang;
use crate::refusal::Problems;

/// An offering as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfferingForm {
    pub(super) term: String,
    /// The version that was read.
    pub(super) version: String,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) topic: String,
    /// `2/afternoon`: the weekday and the slot.
    pub(super) meeting: Vec<String>,
    pub(super) grade: Vec<String>,
    pub(super) venue: String,
    pub(super) teacher: String,
    pub(super) capacity: String,
    pub(super) minimum: String,
    pub(super) sex: String,
    pub(super) description: String,
    pub(super) materials: String,
    /// In yuan.
    pub(super) cost: String,
}

/// An offering as its form shows it.
pub(super) fn typed(details: &Details) -> OfferingForm {
    let meetings = details.meetings.iter().map(|meeting| format!("{}/{}", meeting.weekday, meeting.slot));
    OfferingForm {
        term: String::new(),
        version: String::new(),
        title: details.title.clone(),
        kind: details.kind.word().to_owned(),
        topic: details.topic.word().to_owned(),
        meeting: meetings.collect(),
        grade: details.grades.iter().map(|grade| grade.to_string()).collect(),
        venue: details.venue.clone(),
        teacher: details.teacher.map(|teacher| teacher.to_string()).unwrap_or_default(),
        capacity: details.capacity.to_string(),
        minimum: details.minimum.to_string(),
        sex: details.sex.word().to_owned(),
        description: details.description.clone(),
        materials: details.materials.clone(),
        cost: details.cost.map(Fen::yuan).unwrap_or_default(),
    }
}

/// What was typed as facts, or everything that is wrong with it: what cannot be read, and what the rest lacks.
pub(super) fn details(lang: Lang, plan: &Plan, form: &OfferingForm) -> Result<Details, Problems> {
    let mut problems = Problems::none();
    let details = read(lang, plan, form, &mut problems);
    if problems.is_empty() {
        return Ok(details);
    }
    // what could not be read has a stand-in here, and something is said of it already
    problems.and(check(plan, &details).iter().map(|fault| words::fault(lang, plan, fault)));
    Err(problems)
}

/// What was typed as facts; what cannot be read is said by its field and replaced by something that fits.
fn read(lang: Lang, plan: &Plan, form: &OfferingForm, problems: &mut Problems) -> Details {
    let (minimum, capacity) = seats(lang, form, problems);
    let mut wrong = |field: &str, label: &str, words: &str| {
        problems.add_named(field, lang.t(label), lang.t(words));
    };
    let mut unknown = |field, label| wrong(field, label, "请从列出的里面选");
    let (kind, topic) = (Kind::parse(&form.kind), Topic::parse(&form.topic));
    if kind.is_none() {
        unknown("kind", "类别");
    }
    if topic.is_none() {
        unknown("topic", "内容");
    }
    let meetings: Option<Vec<Meeting>> = form.meeting.iter().map(|text| meeting(text)).collect();
    if meetings.is_none() {
        unknown("meeting", "哪天活动");
    }
    let teacher = Some(form.teacher.as_str()).filter(|text| !text.is_empty()).map(StaffId::parse);
    if teacher == Some(None) {
        unknown("teacher", "老师");
    }
    let sex = if form.sex.is_empty() { Some(SexLimit::Anyone) } else { SexLimit::parse(&form.sex) };
    if sex.is_none() {
        unknown("sex", "性别");
    }
    let cost = cost(&form.cost);
    if cost.is_none() {
        wrong("cost", "代收费（元/学期）", "请写金额，如 50 或 50.50");
    }
    Details {
        title: form.title.clone(),
        kind: kind.or_else(|| kinds(plan).first().copied()).unwrap_or(Kind::Club),
        topic: topic.unwrap_or(Topic::ALL[0]),
        meetings: meetings.unwrap_or_default(),
        venue: form.venue.clone(),
        teacher: teacher.flatten(),
        capacity,
        minimum,
        grades: Grades::of(form.grade.iter().filter_map(|grade| grade.parse().ok())),
        sex: sex.unwrap_or(SexLimit::Anyone),
        description: form.description.clone(),
        materials: form.materials.clone(),
        cost: cost.flatten(),
    }
}

/// The fewest children and the seats. Of two numbers one of which cannot be read, no comparison is made.
fn seats(lang: Lang, form: &OfferingForm, problems: &mut Problems) -> (u16, u16) {
    let mut seats = |field, label: &str, text: &str| match text.trim() {
        "" => Some(0),
        text => number(text).or_else(|| {
            problems.add_named(field, lang.t(label), lang.t("请写整数，如 20"));
            None
        }),
    };
    let capacity = seats("capacity", "名额", &form.capacity);
    let minimum = seats("minimum", "最少几人开班", &form.minimum);
    let stand_in = capacity.or(minimum).unwrap_or(1);
    (minimum.unwrap_or(stand_in), capacity.unwrap_or(stand_in))
}

/// `2/afternoon`: the weekday and the slot.
fn meeting(text: &str) -> Option<Meeting> {
    let (weekday, slot) = text.split_once('/')?;
    Some(Meeting { weekday: weekday.parse().ok()?, slot: SlotId(slot.to_owned()) })
}
