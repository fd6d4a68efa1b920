//! An offering as it is typed: what the form sends, as facts and back.

use kehou_domain::catalogue::{Details, Kind, Meeting, SexLimit, Topic};
use kehou_domain::ids::{EntityId, StaffId};
use kehou_domain::money::Fen;
use kehou_domain::plan::{Grades, SlotId};
use serde::Deserialize;

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

/// What was typed as facts; what cannot be read is said by its field.
pub(super) fn details(lang: Lang, form: &OfferingForm) -> Result<Details, Problems> {
    let mut problems = Problems::none();
    let mut number = |field, text: &str| match text.trim() {
        "" => Some(0),
        text => text.parse::<u16>().ok().or_else(|| {
            problems.add(field, lang.t("请写整数，如 20"));
            None
        }),
    };
    let (capacity, minimum) = (number("capacity", &form.capacity), number("minimum", &form.minimum));
    let mut known = |field, is_known: bool| {
        if !is_known {
            problems.add(field, lang.t("请从列出的里面选"));
        }
    };
    let (kind, topic) = (Kind::parse(&form.kind), Topic::parse(&form.topic));
    known("kind", kind.is_some());
    known("topic", topic.is_some());
    let meetings: Option<Vec<Meeting>> = form.meeting.iter().map(|text| meeting(text)).collect();
    known("meeting", meetings.is_some());
    let teacher = Some(form.teacher.as_str()).filter(|text| !text.is_empty()).map(StaffId::parse);
    known("teacher", teacher != Some(None));
    let sex = if form.sex.is_empty() { Some(SexLimit::Anyone) } else { SexLimit::parse(&form.sex) };
    known("sex", sex.is_some());
    let cost = cost(&form.cost);
    if cost.is_none() {
        problems.add("cost", lang.t("请写金额，如 50 或 50.50"));
    }
    let read = || {
        Some(Details {
            title: form.title.clone(),
            kind: kind?,
            topic: topic?,
            meetings: meetings?,
            venue: form.venue.clone(),
            teacher: teacher.flatten(),
            capacity: capacity?,
            minimum: minimum?,
            grades: Grades::of(form.grade.iter().filter_map(|grade| grade.parse().ok())),
            sex: sex?,
            description: form.description.clone(),
            materials: form.materials.clone(),
            cost: cost?,
        })
    };
    let details = read();
    details.filter(|_| problems.is_empty()).ok_or(problems)
}

/// `2/afternoon`: the weekday and the slot.
fn meeting(text: &str) -> Option<Meeting> {
    let (weekday, slot) = text.split_once('/')?;
    Some(Meeting { weekday: weekday.parse().ok()?, slot: SlotId(slot.to_owned()) })
}

/// Yuan with at most two decimals; nothing typed and nought are no cost. `None` when it cannot be read.
#[expect(clippy::option_option, reason = "unreadable, no cost, and a cost are three things")]
fn cost(text: &str) -> Option<Option<Fen>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    let (yuan, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(yuan) || !digits(rest) || 6 < yuan.len() || 2 < rest.len() {
        return None;
    }
    let fen = yuan.parse::<u64>().ok()? * 100 + format!("{rest:0<2}").parse::<u64>().ok()?;
    Some((0 < fen).then_some(Fen(fen)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_read_in_yuan() {
        for (text, expected) in [
            ("", Some(None)),
            ("0", Some(None)),
            ("50", Some(Some(Fen(5_000)))),
            (" 50.5 ", Some(Some(Fen(5_050)))),
            ("50.05", Some(Some(Fen(5_005)))),
            ("50.", None),
            (".5", None),
            ("5.005", None),
            ("-5", None),
            ("五十", None),
            ("12345678", None),
        ] {
            assert_eq!(cost(text), expected, "{text}");
        }
    }
}
