//! Whether an offering fits the plan, and what it lacks before somebody may read it.

use super::{Details, Kind, Meeting, charges, grades_then, kinds, most, rules_in};
use crate::plan::{Grades, Plan, SlotId};
use crate::typed::{LONGEST_NOTE, LONGEST_PLACE, is_longer};

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 30;

/// The longest description, in characters.
pub const LONGEST_DESCRIPTION: usize = 1_000;

/// The most seats that are believed where the plan states no limit: a whole school on its sports ground.
pub const MOST_SEATS: u16 = 2_000;

/// Why an offering cannot be kept so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It has no title.
    NoTitle,
    /// The title is too long.
    TitleTooLong,
    /// The venue's name is too long.
    VenueTooLong,
    /// The description is too long.
    DescriptionTooLong,
    /// What to bring is too long.
    MaterialsTooLong,
    /// The plan has no place for the kind (D1).
    KindNotInPlan(Kind),
    /// It meets on no day.
    NoMeeting,
    /// The plan has no such slot.
    NoSuchSlot(SlotId),
    /// The plan does not hold the slot on that weekday.
    NotOnWeekday(Meeting),
    /// It is for no grade.
    NoGrade,
    /// The plan does not serve these grades (B1).
    GradesNotServed(Grades),
    /// The plan has the kind then for other grades only (C5).
    NotForGradesThen {
        /// When.
        meeting: Meeting,
        /// The grades for which it has not.
        grades: Grades,
    },
    /// It has no seat.
    NoSeat,
    /// More seats than a school has.
    TooManySeats,
    /// More seats than the plan lets such a group have (E3, E4).
    AboveMost(u16),
    /// It is held with nobody.
    NoMinimum,
    /// It can never be held: fewer seats than the fewest children.
    MinimumAboveCapacity,
    /// The plan lets no such group be so small.
    BelowFewest(u16),
    /// Something is to be paid where the plan charges nothing (K6).
    CostNotCharged,
    /// So many children have a seat on the days on which it met.
    DaysOfSeats(u32),
    /// Fewer seats than children have.
    BelowSeats(u32),
}

/// Everything that does not fit, in the order of the form.
pub fn check(plan: &Plan, details: &Details) -> Vec<Fault> {
    let mut faults = texts(details);
    if kinds(plan).contains(&details.kind) {
        faults.extend(meetings(plan, details));
    } else {
        faults.push(Fault::KindNotInPlan(details.kind));
    }
    let not_served = details.grades.without(plan.grades);
    if details.grades.is_empty() {
        faults.push(Fault::NoGrade);
    } else if !not_served.is_empty() {
        faults.push(Fault::GradesNotServed(not_served));
    }
    faults.extend(seats(plan, details));
    if details.cost.is_some() && !charges(plan) {
        faults.push(Fault::CostNotCharged);
    }
    faults
}

/// What a change would take from the children who have a seat: its days, or the seat itself (F12).
pub fn breaks_seats(before: &Details, after: &Details, seats: u32) -> Vec<Fault> {
    if seats == 0 {
        return Vec::new();
    }
    let sorted = |details: &Details| {
        let mut meetings = details.meetings.clone();
        meetings.sort();
        meetings.dedup();
        meetings
    };
    let days = (sorted(before) != sorted(after)).then_some(Fault::DaysOfSeats(seats));
    let fewer = (u32::from(after.capacity) < seats).then_some(Fault::BelowSeats(seats));
    days.into_iter().chain(fewer).collect()
}

fn texts(details: &Details) -> Vec<Fault> {
    let title = if details.title.trim().is_empty() { Some(Fault::NoTitle) } else { None };
    let long = [
        (&details.title, LONGEST_TITLE, Fault::TitleTooLong),
        (&details.venue, LONGEST_PLACE, Fault::VenueTooLong),
        (&details.description, LONGEST_DESCRIPTION, Fault::DescriptionTooLong),
        (&details.materials, LONGEST_NOTE, Fault::MaterialsTooLong),
    ];
    let long = long.into_iter().filter(|(text, most, _)| is_longer(text, *most)).map(|(_, _, fault)| fault);
    title.into_iter().chain(long).collect()
}

fn meetings(plan: &Plan, details: &Details) -> Vec<Fault> {
    if details.meetings.is_empty() {
        return vec![Fault::NoMeeting];
    }
    details.meetings.iter().filter_map(|meeting| meeting_fault(plan, details, meeting)).collect()
}

fn meeting_fault(plan: &Plan, details: &Details, meeting: &Meeting) -> Option<Fault> {
    let Some(slot) = plan.slot(&meeting.slot) else { return Some(Fault::NoSuchSlot(meeting.slot.clone())) };
    let Some(weekday) = meeting.day().filter(|day| slot.weekdays.has(*day)) else {
        return Some(Fault::NotOnWeekday(meeting.clone()));
    };
    let then = grades_then(plan, details.kind, slot, weekday);
    // a grade that the plan serves nowhere is said once, not for every meeting
    let grades = details.grades.and(plan.grades).without(then);
    (!grades.is_empty()).then(|| Fault::NotForGradesThen { meeting: meeting.clone(), grades })
}

fn seats(plan: &Plan, details: &Details) -> Vec<Fault> {
    let mut faults = Vec::new();
    match most(plan, details.kind, &details.meetings) {
        _ if details.capacity == 0 => faults.push(Fault::NoSeat),
        _ if MOST_SEATS < details.capacity => faults.push(Fault::TooManySeats),
        Some((most, false)) if most < details.capacity => faults.push(Fault::AboveMost(most)),
        Some(_) | None => {}
    }
    let fewest = fewest(plan, details).unwrap_or_default();
    if details.minimum == 0 {
        faults.push(Fault::NoMinimum);
    } else if details.capacity < details.minimum {
        faults.push(Fault::MinimumAboveCapacity);
    } else if details.minimum < fewest {
        faults.push(Fault::BelowFewest(fewest));
    }
    faults
}

/// The fewest children of such a group, where the plan says so.
fn fewest(plan: &Plan, details: &Details) -> Option<u16> {
    let rules = details.meetings.iter().flat_map(|meeting| rules_in(plan, details.kind, &meeting.slot));
    rules.filter_map(|rule| rule.min).max()
}

/// What a family must know and nobody has written yet (D10, D11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Where it is held.
    Venue,
    /// Who leads it.
    Teacher,
    /// What children do there.
    Description,
}

/// What is missing before it may be handed in.
pub fn lacks(details: &Details) -> Vec<Lack> {
    let missing = [
        (details.venue.trim().is_empty(), Lack::Venue),
        (details.teacher.is_none(), Lack::Teacher),
        (details.description.trim().is_empty(), Lack::Description),
    ];
    missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, lack)| lack).collect()
}
