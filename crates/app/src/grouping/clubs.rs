//! The groups of clubs (G1): one for each offering and slot in which children have seats.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time, Weekday};
use kehou_db::{Event, Result, SchoolTx};
use kehou_domain::catalogue::{Meeting, Status};
use kehou_domain::grouping::Standing;
use kehou_domain::ids::{GroupId, OfferingId, StaffId, StudentId, TermId};
use kehou_domain::moment::instant;
use kehou_domain::plan::SlotId;
use serde_json::json;

use super::rows;
use crate::allocation::round::{Seated, seats_on};
use crate::catalogue::{self, Offering};

/// A day of a term, with the weekday that it follows and what the plan calls its slots.
#[derive(Clone, Copy)]
pub(crate) struct ClubDay<'a> {
    pub(crate) term: TermId,
    pub(crate) day: Date,
    pub(crate) follows: Weekday,
    pub(crate) slot_names: &'a BTreeMap<SlotId, String>,
}

/// The clubs of a day.
#[derive(Debug, Default)]
pub(crate) struct Clubs {
    /// Every club's group of the term, with its slot and what the catalogue says of it on this day.
    pub(crate) groups: BTreeMap<GroupId, (SlotId, Standing)>,
    /// The club of each child in each slot, by its seat since before the day.
    pub(crate) seats: BTreeMap<(StudentId, SlotId), GroupId>,
    /// Who works here: whoever stands in for a club's teacher is one of them.
    pub(crate) staff: BTreeSet<StaffId>,
}

/// A club's group as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ClubGroup {
    pub(super) id: GroupId,
    pub(super) offering: OfferingId,
    pub(super) slot: SlotId,
    pub(super) name: String,
    pub(super) teacher: Option<StaffId>,
    pub(super) venue: String,
}

/// Gives every club with seats its group, named and led as the catalogue says, and says who has a seat in which.
pub(crate) fn clubs(tx: &mut SchoolTx, at: ClubDay<'_>) -> Result<Clubs> {
    let before = instant(at.day, Time::midnight());
    let seats = seats_on(tx, (at.term, Some(at.follows.to_monday_one_offset())), before)?;
    let known = rows::clubs::of_term(tx, at.term)?;
    if seats.is_empty() && known.is_empty() {
        return Ok(Clubs::default());
    }
    let offerings: BTreeMap<OfferingId, Offering> =
        catalogue::of_term(tx, at.term)?.into_iter().map(|one| (one.id, one)).collect();
    let groups = follow(tx, at, (&offerings, &seats), known)?;
    let staff = rows::staff(tx)?.into_iter().map(|card| card.id).collect();
    let of_seat = |seat: &Seated| {
        let group = groups.iter().find(|one| one.offering == seat.offering && one.slot == seat.slot)?;
        Some(((seat.student, seat.slot.clone()), group.id))
    };
    let standing = |group: &ClubGroup| {
        offerings
            .get(&group.offering)
            .map_or(Standing::Withdrawn, |one| standing(one, (&group.slot, at.follows), &staff))
    };
    Ok(Clubs {
        seats: seats.iter().filter_map(of_seat).collect(),
        groups: groups.iter().map(|one| (one.id, (one.slot.clone(), standing(one)))).collect(),
        staff,
    })
}

/// What the catalogue says of a club on a weekday.
fn standing(offering: &Offering, (slot, follows): (&SlotId, Weekday), staff: &BTreeSet<StaffId>) -> Standing {
    let weekday = follows.to_monday_one_offset();
    let meets = |meeting: &Meeting| meeting.weekday == weekday && meeting.slot == *slot;
    if offering.status != Status::Published {
        Standing::Withdrawn
    } else if !offering.details.meetings.iter().any(meets) {
        Standing::NotToday
    } else if offering.details.teacher.is_none_or(|teacher| !staff.contains(&teacher)) {
        Standing::NoTeacher
    } else {
        Standing::Meets
    }
}

/// Opens the groups that are missing and brings the others in line with what was published.
fn follow(
    tx: &mut SchoolTx,
    at: ClubDay<'_>,
    (offerings, seats): (&BTreeMap<OfferingId, Offering>, &[Seated]),
    known: Vec<ClubGroup>,
) -> Result<Vec<ClubGroup>> {
    let mut groups = known;
    let wanted: BTreeSet<(OfferingId, &SlotId)> =
        seats.iter().map(|seat| (seat.offering, &seat.slot)).collect();
    let mut opened = Vec::new();
    for (offering, slot) in wanted {
        let is_there = groups.iter().any(|one| one.offering == offering && one.slot == *slot);
        if let Some(one) = offerings.get(&offering).filter(|_| !is_there) {
            opened.push(as_published(tx.new_id(), slot, one));
        }
    }
    if !opened.is_empty() {
        rows::clubs::open(tx, at, &opened)?;
        tx.event(Event::new("FormClubs", at.term).facts(json!({ "opened": opened.len() })))?;
    }
    for group in &mut groups {
        let published = offerings.get(&group.offering).filter(|one| one.status == Status::Published);
        let Some(now) = published.map(|one| as_published(group.id, &group.slot, one)) else { continue };
        if now != *group {
            rows::clubs::change(tx, &now)?;
            *group = now;
        }
    }
    groups.extend(opened);
    Ok(groups)
}

fn as_published(id: GroupId, slot: &SlotId, offering: &Offering) -> ClubGroup {
    ClubGroup {
        id,
        offering: offering.id,
        slot: slot.clone(),
        name: offering.details.title.clone(),
        teacher: offering.details.teacher,
        venue: offering.details.venue.clone(),
    }
}

/// How many children have a seat in each offering and slot of the term now.
pub(super) fn sizes(tx: &mut SchoolTx, term: TermId) -> Result<BTreeMap<(OfferingId, SlotId), u32>> {
    let now = tx.at();
    let seats = seats_on(tx, (term, None), now)?;
    let children: BTreeSet<(OfferingId, SlotId, StudentId)> =
        seats.into_iter().map(|seat| (seat.offering, seat.slot, seat.student)).collect();
    let mut sizes = BTreeMap::new();
    for (offering, slot, _) in children {
        *sizes.entry((offering, slot)).or_default() += 1;
    }
    Ok(sizes)
}
