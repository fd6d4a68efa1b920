//! Who sits in which session of a day: what plan, enrolments, seats and rolls say, brought before the one rule that
//! decides it.

use std::collections::{BTreeMap, BTreeSet};

use kehou_db::{Result, SchoolTx};
use kehou_domain::attendance::{Due, Meeting, sessions_due};
use kehou_domain::calendar::school::ServiceDay;
use kehou_domain::custody::{Mark, State};
use kehou_domain::grouping::{Club, Listed, OnDay, Roll, Standing, Staying, groups_on};
use kehou_domain::ids::{GroupId, SessionId, StudentId};
use kehou_domain::plan::{Grades, SlotId, SlotOn};

use super::{Session, Status};
use crate::grouping::{self, ClubDay, Clubs};

/// What the day of every child who has facts adds up to so far.
pub(super) type States = BTreeMap<StudentId, State>;

/// A day as it should be.
pub(super) struct Seating {
    /// The sessions that somebody sits in, or that would have children if there were any.
    pub(super) due: Vec<Due>,
    /// Sessions of the day in which nobody sits: a club without children, and a class that is in clubs as a whole.
    pub(super) idle: BTreeSet<SessionId>,
    groups: BTreeMap<(StudentId, SlotId), GroupId>,
}

impl Seating {
    /// Each child with its session and slot.
    pub(super) fn wanted(&self, sessions: &[Session]) -> Vec<(StudentId, SessionId, SlotId)> {
        let held = sessions.iter().filter(|session| session.status != Status::Cancelled);
        let ids: BTreeMap<(GroupId, &SlotId), SessionId> =
            held.map(|session| ((session.group, &session.slot), session.id)).collect();
        let placed = self.groups.iter().filter_map(|((student, slot), group)| {
            Some((*student, *ids.get(&(*group, slot))?, slot.clone()))
        });
        placed.collect()
    }
}

/// What was there before the day is made, or made again.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    pub(super) sessions: &'a [Session],
    pub(super) states: &'a States,
}

/// Seats the day (C3, G1, G2): whoever stays sits in the club in which it has a seat, or else with its class.
pub(super) fn seating(
    tx: &mut SchoolTx,
    service: &ServiceDay,
    (slots, slot_names): (&[SlotOn<'_>], &BTreeMap<SlotId, String>),
    before: Before<'_>,
) -> Result<Seating> {
    let (term, day, follows) = (service.term, service.date, service.weekday);
    let bases = grouping::bases(tx, term, (day, follows))?;
    let as_meeting =
        |base: grouping::Base| Meeting { group: base.group, slot: base.slot, grades: base.grades };
    let bases: Vec<Meeting> = bases.into_iter().map(as_meeting).collect();
    let base_due = sessions_due(day, slots, &bases);
    let mut staying = grouping::staying(tx, term, (day, follows))?;
    let is_held = |group: GroupId| {
        let made = before.sessions.iter().any(|made| made.group == group && made.status != Status::Cancelled);
        made || base_due.iter().any(|due| due.group == group)
    };
    let held: BTreeSet<GroupId> =
        bases.iter().map(|base| base.group).filter(|group| is_held(*group)).collect();
    staying.retain(|child| held.contains(&child.base));

    let clubs = grouping::clubs(tx, ClubDay { term, day, follows, slot_names })?;
    let mut listed = listed(before);
    let meetings = club_meetings(&clubs, (&staying, &bases), &listed);
    let club_due = sessions_due(day, slots, &meetings);
    let clubs_on = clubs_on(&clubs, &club_due, before.sessions);
    if tx.today() < day {
        // of a day to come nothing holds but what was called
        listed.retain(|_, on| matches!(on, Listed::Settled(_)));
    }
    let on_day = OnDay { staying: &staying, clubs: &clubs_on, seats: &clubs.seats, listed: &listed };

    let groups = groups_on(on_day);

    // whoever is no class by itself on this day has no session of its own
    let is_other =
        |group: GroupId| clubs.groups.contains_key(&group) || !bases.iter().any(|base| base.group == group);
    Ok(settled(&staying, groups, (base_due, club_due), (before.sessions, is_other)))
}

/// On which roll each child stands, slot by slot.
fn listed(before: Before<'_>) -> BTreeMap<(StudentId, SlotId), Listed> {
    let mut listed = BTreeMap::new();
    let held = before.sessions.iter().filter(|session| session.status != Status::Cancelled);
    for session in held {
        let is_done = matches!(session.status, Status::Called | Status::Confirmed);
        for (student, state) in before.states {
            let Some(mark) = state.mark(session.id) else { continue };
            let key = (*student, session.slot.clone());
            if is_done || mark.is_called() || mark == Mark::Gone {
                listed.insert(key, Listed::Settled(session.group));
            } else {
                listed.entry(key).or_insert(Listed::Waiting(session.group));
            }
        }
    }
    listed
}

/// The clubs with the grades of the children that may sit in them.
fn club_meetings(
    clubs: &Clubs,
    (staying, bases): (&[Staying], &[Meeting]),
    listed: &BTreeMap<(StudentId, SlotId), Listed>,
) -> Vec<Meeting> {
    let grades: BTreeMap<GroupId, Grades> = bases.iter().map(|base| (base.group, base.grades)).collect();
    let mut of_club: BTreeMap<GroupId, Grades> = BTreeMap::new();
    for child in staying {
        let key = (child.student, child.slot.clone());
        let on_roll = listed.get(&key).map(|on| match on {
            Listed::Waiting(group) | Listed::Settled(group) => *group,
        });
        for club in clubs.seats.get(&key).copied().into_iter().chain(on_roll) {
            let known = of_club.entry(club).or_default();
            *known = known.or(grades.get(&child.base).copied().unwrap_or_default());
        }
    }
    let meeting = |(group, (slot, _)): (&GroupId, &(SlotId, Standing))| Meeting {
        group: *group,
        slot: slot.clone(),
        grades: of_club.get(group).copied().unwrap_or_default(),
    };
    clubs.groups.iter().map(meeting).collect()
}

/// The clubs as they stand today: one whose hours the plan does not have does not meet; one whose teacher is away meets
/// when somebody stands in.
fn clubs_on(clubs: &Clubs, due: &[Due], sessions: &[Session]) -> BTreeMap<GroupId, Club> {
    let on = |(group, (_, standing)): (&GroupId, &(SlotId, Standing))| {
        let session = sessions.iter().find(|made| made.group == *group && made.status != Status::Cancelled);
        let stands_in = session.and_then(|made| made.teacher).is_some_and(|who| clubs.staff.contains(&who));
        let standing = match standing {
            Standing::Meets | Standing::NoTeacher if !due.iter().any(|due| due.group == *group) => {
                Standing::NotToday
            }
            Standing::NoTeacher if stands_in => Standing::Meets,
            Standing::Meets | Standing::Withdrawn | Standing::NoTeacher | Standing::NotToday => *standing,
        };
        let is_called = session.is_some_and(|made| matches!(made.status, Status::Called | Status::Confirmed));
        let roll = if is_called { Roll::Called } else { Roll::Open };
        (*group, Club { group: *group, standing, roll })
    };
    clubs.groups.iter().map(on).collect()
}

/// Which sessions are due for the groups as they were decided, and which are not needed.
fn settled(
    staying: &[Staying],
    groups: BTreeMap<(StudentId, SlotId), GroupId>,
    (base_due, club_due): (Vec<Due>, Vec<Due>),
    (sessions, is_other): (&[Session], impl Fn(GroupId) -> bool),
) -> Seating {
    let used: BTreeSet<GroupId> = groups.values().copied().collect();
    // classes that have somebody in a club
    let left: BTreeSet<GroupId> = staying
        .iter()
        .filter(|child| groups.get(&(child.student, child.slot.clone())) != Some(&child.base))
        .map(|child| child.base)
        .collect();
    let is_needed = |group: GroupId| used.contains(&group) || !left.contains(&group);
    let base_due = base_due.into_iter().filter(|due| is_needed(due.group));
    let club_due = club_due.into_iter().filter(|due| used.contains(&due.group));
    let due = base_due.chain(club_due).collect();
    let is_idle = |session: &&Session| {
        let group = session.group;
        session.status == Status::Planned
            && !used.contains(&group)
            && (left.contains(&group) || is_other(group))
    };
    let idle = sessions.iter().filter(is_idle).map(|session| session.id).collect();
    Seating { due, idle, groups }
}
