//! One venue or one teacher in two places at once: two offerings, or an offering and a group of base care (D11, E6).

use jiff::civil::{Time, Weekday};

use super::{Details, Kind, Meeting};
use crate::ids::{OfferingId, StaffId};
use crate::plan::{Content, ContentKind, Grades, Plan, SeasonKind, Slot, SlotId};

/// What is taken twice at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Over {
    /// The venue.
    Venue,
    /// The teacher.
    Teacher,
}

/// Two offerings that cannot both be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The one.
    pub one: OfferingId,
    /// The other.
    pub other: OfferingId,
    /// What both take.
    pub over: Over,
    /// The first weekday on which they do, 1 (Monday) to 7.
    pub weekday: i8,
}

/// A group of base care as it stands: one class in one slot, on each day on which the class stays together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareGroup {
    /// What people call it: 三(2)班.
    pub name: String,
    /// The slot.
    pub slot: SlotId,
    /// The class's grade.
    pub grade: u8,
    /// The room; may be empty.
    pub venue: String,
    /// Who leads it.
    pub teacher: Option<StaffId>,
}

/// An offering whose venue or teacher a group of base care has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareClash {
    /// The group's name.
    pub group: String,
    /// What both take.
    pub over: Over,
    /// The first weekday on which they do, 1 (Monday) to 7.
    pub weekday: i8,
}

/// What takes a venue and a teacher at some times.
struct Use<'a> {
    venue: &'a str,
    teacher: Option<StaffId>,
    grades: Grades,
    meetings: Vec<Meeting>,
}

impl<'a> Use<'a> {
    fn of(details: &'a Details) -> Use<'a> {
        let (venue, meetings) = (details.venue.as_str(), details.meetings.clone());
        Use { venue, teacher: details.teacher, grades: details.grades, meetings }
    }

    /// A group takes its room and teacher on every day on which its class stays together.
    fn of_care(plan: &Plan, group: &'a CareGroup) -> Use<'a> {
        let slot = plan.slot(&group.slot);
        let days = (1..=7).filter_map(|day| Weekday::from_monday_one_offset(day).ok());
        let together = days.filter(|day| slot.is_some_and(|slot| is_together(slot, group.grade, *day)));
        let meeting =
            |day: Weekday| Meeting { weekday: day.to_monday_one_offset(), slot: group.slot.clone() };
        Use {
            venue: &group.venue,
            teacher: group.teacher,
            grades: Grades::of([group.grade]),
            meetings: together.map(meeting).collect(),
        }
    }
}

/// Whether a class of the grade stays together then: not where the programme has nothing but clubs and moving classes
/// for it, to which its children go apart (C5).
fn is_together(slot: &Slot, grade: u8, weekday: Weekday) -> bool {
    let apart = |content: &Content| match content {
        Content::Kind(ContentKind::Club | ContentKind::InterestGroup | ContentKind::MovingClass) => true,
        Content::Kind(_) | Content::Named(_) => false,
    };
    let content = slot.content_on(grade, weekday);
    let is_held = slot.weekdays.has(weekday) && slot.grades.has(grade);
    is_held && (content.is_empty() || !content.iter().all(apart))
}

/// Every clash among the offerings, in their order.
pub fn clashes(plan: &Plan, offerings: &[(OfferingId, &Details)]) -> Vec<Clash> {
    let pairs = offerings
        .iter()
        .enumerate()
        .flat_map(|(place, one)| offerings[place + 1..].iter().map(move |other| (one, other)));
    pairs.flat_map(|(one, other)| of_two(plan, *one, *other)).collect()
}

/// The clashes of one offering with others; itself among the others is passed over.
pub fn clashes_of(plan: &Plan, one: (OfferingId, &Details), others: &[(OfferingId, &Details)]) -> Vec<Clash> {
    let others = others.iter().filter(|other| other.0 != one.0);
    others.flat_map(|other| of_two(plan, one, *other)).collect()
}

/// The groups of base care that have the offering's venue or teacher when it meets. A temporary group (临时班) is care
/// itself and comes in the class's place.
pub fn clashes_with_care(plan: &Plan, details: &Details, groups: &[CareGroup]) -> Vec<CareClash> {
    if details.kind == Kind::TemporaryGroup {
        return Vec::new();
    }
    let own = Use::of(details);
    let with = |group: &CareGroup| {
        let found = between(plan, &own, &Use::of_care(plan, group));
        let name = group.name.clone();
        found.into_iter().map(move |(over, weekday)| CareClash { group: name.clone(), over, weekday })
    };
    groups.iter().flat_map(with).collect()
}

fn of_two(plan: &Plan, one: (OfferingId, &Details), other: (OfferingId, &Details)) -> Vec<Clash> {
    let found = between(plan, &Use::of(one.1), &Use::of(other.1)).into_iter();
    found.map(|(over, weekday)| Clash { one: one.0, other: other.0, over, weekday }).collect()
}

/// What both take, and the first weekday on which they do.
fn between(plan: &Plan, one: &Use<'_>, other: &Use<'_>) -> Vec<(Over, i8)> {
    let mut over = Vec::new();
    if same_place(one.venue, other.venue) {
        over.push(Over::Venue);
    }
    if one.teacher.is_some() && one.teacher == other.teacher {
        over.push(Over::Teacher);
    }
    if over.is_empty() {
        return Vec::new();
    }
    let Some(weekday) = meet_at_once(plan, one, other) else { return Vec::new() };
    over.into_iter().map(|over| (over, weekday)).collect()
}

/// Whether two names are the same place: 博艺楼 302 and 博艺楼302 are.
fn same_place(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|letter| !letter.is_whitespace()).collect() };
    let one = letters(one);
    !one.is_empty() && one == letters(other)
}

/// The first weekday on which both meet at the same time.
fn meet_at_once(plan: &Plan, one: &Use<'_>, other: &Use<'_>) -> Option<i8> {
    let pairs =
        one.meetings.iter().flat_map(|first| other.meetings.iter().map(move |second| (first, second)));
    let same_day = pairs.filter(|(first, second)| first.weekday == second.weekday);
    let at_once =
        same_day.filter(|(first, second)| overlap(plan, (one.grades, first), (other.grades, second)));
    at_once.map(|(first, _)| first.weekday).min()
}

fn overlap(plan: &Plan, one: (Grades, &Meeting), other: (Grades, &Meeting)) -> bool {
    let (first, second) = (hours(plan, one), hours(plan, other));
    if first.is_empty() || second.is_empty() {
        // where the plan leaves the times open, a slot is one time
        return one.1.slot == other.1.slot;
    }
    first.iter().any(|(season, from, to)| {
        second.iter().any(|(also, since, until)| season == also && from < until && since < to)
    })
}

/// Its hours in each season, for each of its grades.
fn hours(plan: &Plan, (grades, meeting): (Grades, &Meeting)) -> Vec<(Option<SeasonKind>, Time, Time)> {
    let (Some(slot), Some(weekday)) = (plan.slot(&meeting.slot), meeting.day()) else { return Vec::new() };
    let seasons: Vec<Option<SeasonKind>> = match plan.seasons.as_slice() {
        [] => vec![None],
        seasons => seasons.iter().map(|season| Some(season.kind)).collect(),
    };
    let mut hours = Vec::new();
    for season in seasons {
        for grade in grades.and(slot.grades).iter() {
            let known = plan.hours(slot, grade, season, weekday);
            hours.extend(known.map(|(from, to)| (season, from, to)));
        }
    }
    hours
}
