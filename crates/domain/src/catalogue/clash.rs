//! One venue or one teacher in two offerings at once (D11, E6).

use jiff::civil::Time;

use super::{Details, Meeting};
use crate::ids::OfferingId;
use crate::plan::{Plan, SeasonKind};

/// What two offerings take at the same time.
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

/// Every clash among the offerings, in their order.
pub fn clashes(plan: &Plan, offerings: &[(OfferingId, &Details)]) -> Vec<Clash> {
    let pairs = offerings
        .iter()
        .enumerate()
        .flat_map(|(place, one)| offerings[place + 1..].iter().map(move |other| (one, other)));
    pairs.flat_map(|(one, other)| between(plan, *one, *other)).collect()
}

/// The clashes of one offering with others; itself among the others is passed over.
pub fn clashes_of(plan: &Plan, one: (OfferingId, &Details), others: &[(OfferingId, &Details)]) -> Vec<Clash> {
    let others = others.iter().filter(|other| other.0 != one.0);
    others.flat_map(|other| between(plan, one, *other)).collect()
}

fn between(plan: &Plan, one: (OfferingId, &Details), other: (OfferingId, &Details)) -> Vec<Clash> {
    let mut over = Vec::new();
    if same_place(&one.1.venue, &other.1.venue) {
        over.push(Over::Venue);
    }
    if one.1.teacher.is_some() && one.1.teacher == other.1.teacher {
        over.push(Over::Teacher);
    }
    if over.is_empty() {
        return Vec::new();
    }
    let Some(weekday) = meet_at_once(plan, one.1, other.1) else { return Vec::new() };
    over.into_iter().map(|over| Clash { one: one.0, other: other.0, over, weekday }).collect()
}

/// Whether two names are the same place: 博艺楼 302 and 博艺楼302 are.
fn same_place(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String { text.chars().filter(|letter| !letter.is_whitespace()).collect() };
    let one = letters(one);
    !one.is_empty() && one == letters(other)
}

/// The first weekday on which both meet at the same time.
fn meet_at_once(plan: &Plan, one: &Details, other: &Details) -> Option<i8> {
    let pairs =
        one.meetings.iter().flat_map(|first| other.meetings.iter().map(move |second| (first, second)));
    let same_day = pairs.filter(|(first, second)| first.weekday == second.weekday);
    let at_once = same_day.filter(|(first, second)| overlap(plan, (one, first), (other, second)));
    at_once.map(|(first, _)| first.weekday).min()
}

fn overlap(plan: &Plan, one: (&Details, &Meeting), other: (&Details, &Meeting)) -> bool {
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
fn hours(plan: &Plan, (details, meeting): (&Details, &Meeting)) -> Vec<(Option<SeasonKind>, Time, Time)> {
    let (Some(slot), Some(weekday)) = (plan.slot(&meeting.slot), meeting.day()) else { return Vec::new() };
    let seasons: Vec<Option<SeasonKind>> = match plan.seasons.as_slice() {
        [] => vec![None],
        seasons => seasons.iter().map(|season| Some(season.kind)).collect(),
    };
    let mut hours = Vec::new();
    for season in seasons {
        for grade in details.grades.and(slot.grades).iter() {
            let known = plan.hours(slot, grade, season, weekday);
            hours.extend(known.map(|(from, to)| (season, from, to)));
        }
    }
    hours
}
