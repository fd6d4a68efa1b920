//! Making a day's sessions from plan, calendar and groups: by the nightly job, or when somebody opens the day first.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::PrepareDay;
use kehou_domain::calendar::school::{NoService, ServiceDay, goes_on};
use kehou_domain::custody::{Fact, Mark, What, standing, state as custody_state};
use kehou_domain::ids::{LeaveId, SessionId, StudentId};
use kehou_domain::plan::{DayKind, Plan, SlotId};
use serde_json::json;

use super::seating::{Before, States, seating};
use super::{Session, Status, rows};
use crate::custody::{self, NewFact};
use crate::{calendar, enrolment, grouping, plan};

/// What preparing a day did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// The day has sessions.
    Held {
        /// Children put on the list of a session by this run.
        expected: u32,
        /// Leave marked beforehand by this run.
        on_leave: u32,
    },
    /// The service is not held on this day.
    NotHeld(NoService),
}

/// No plan is in force on the day: nothing can be made, and it is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPlan;

/// Makes the sessions of a day, or brings them up to date (C3, G2): groups follow the enrolments, every group that meets
/// gets its session, every child its place on a list, and leave filed beforehand is marked (G5). Run again, it changes
/// nothing. Whoever has left the school is on no list after the last day (B1).
pub fn prepare_day(tx: &mut Tx<PrepareDay>, day: Date) -> std::result::Result<Prepared, Failed<NoPlan>> {
    rows::sessions::hold_day(tx, day)?;
    enrolment::follow_roll(tx)?;
    make(tx, day)
}

/// C11: a day on which the service was called off after its sessions were made loses those that nobody has called and
/// that have not begun; they are held again when the service is. A day that was closed stays as it is (H9).
pub(super) fn make(tx: &mut SchoolTx, day: Date) -> std::result::Result<Prepared, Failed<NoPlan>> {
    if custody::day_is_open(tx, day)?.is_err() {
        return Ok(Prepared::Held { expected: 0, on_leave: 0 });
    }
    let service = match calendar::service_day(tx, day)? {
        Ok(service) => service,
        Err(why) => return Ok(not_held(tx, day, why)?),
    };
    match plan::plan_on(tx, day) {
        Ok(plan) => Ok(held(tx, &service, &plan)?),
        Err(Error::NotFound) => Err(Failed::Refused(NoPlan)),
        Err(fault) => Err(fault.into()),
    }
}

fn held(tx: &mut SchoolTx, service: &ServiceDay, plan: &Plan) -> Result<Prepared> {
    let day = service.date;
    let slot_names: BTreeMap<SlotId, String> =
        plan.slots.iter().map(|slot| (slot.id.clone(), slot.name.clone())).collect();
    grouping::form(tx, service.term, day, &slot_names)?;
    let ledger = custody::facts_on(tx, day)?;
    let states: States = ledger.iter().map(|(student, facts)| (*student, custody_state(facts))).collect();
    let made = rows::sessions::sessions(tx, day)?;
    let slots = plan.slots_on(day, DayKind::School { follows: service.weekday });
    let before = Before { sessions: &made, states: &states };
    let seating = seating(tx, service, (&slots, &slot_names), before)?;

    rows::sessions::call_off(tx, &seating.idle)?;
    rows::sessions::open_again(tx, day, &seating.due)?;
    rows::sessions::open(tx, day, &seating.due)?;
    rows::sessions::lead_clubs_again(tx, day)?;
    let sessions = rows::sessions::sessions(tx, day)?;
    let wanted = seating.wanted(&sessions);
    let leaves = rows::leave::on_day(tx, day)?;
    let mut facts = facts_of_the_day(&wanted, &leaves, &states);
    facts.extend(no_longer((&wanted, &sessions), &ledger, &states));
    let count = |kind: fn(&What) -> bool| {
        u32::try_from(facts.iter().filter(|fact| kind(&fact.what)).count()).unwrap_or(u32::MAX)
    };
    let prepared = Prepared::Held {
        expected: count(|what| *what == What::Expected),
        on_leave: count(|what| matches!(what, What::OnLeave(_))),
    };
    if !facts.is_empty() {
        let noted = json!({ "facts": facts.len(), "sessions": seating.due.len() });
        custody::record_all(tx, day, "", facts)?;
        tx.event(Event::of::<PrepareDay>(day).facts(noted))?;
    }
    Ok(prepared)
}

/// A leave that covers a child's day: the whole day, or one slot of it.
pub(super) type LeaveOn = (StudentId, LeaveId, Option<SlotId>);

/// The facts that are missing: who is expected and was not, and whose leave is not marked yet.
fn facts_of_the_day(
    wanted: &[(StudentId, SessionId, SlotId)],
    leaves: &[LeaveOn],
    states: &States,
) -> Vec<NewFact> {
    let mut facts = Vec::new();
    let mark =
        |student: &StudentId, session: SessionId| states.get(student).and_then(|state| state.mark(session));
    for (student, session, slot) in wanted {
        if mark(student, *session).is_none() {
            facts.push(NewFact::now(*student, Some(*session), What::Expected));
        }
        let leave = leaves.iter().find(|(child, _, only)| child == student && covers(only.as_ref(), slot));
        let is_open = matches!(mark(student, *session), None | Some(Mark::Unmarked));
        if let Some((_, leave, _)) = leave.filter(|_| is_open) {
            facts.push(NewFact::now(*student, Some(*session), What::OnLeave(Some(*leave))));
        }
    }
    facts
}

/// Children who are on a list, of whom nobody has said anything yet but that they are on leave, and who do not belong
/// there any more: what put them there is taken back.
fn no_longer(
    (wanted, sessions): (&[(StudentId, SessionId, SlotId)], &[Session]),
    ledger: &BTreeMap<StudentId, Vec<Fact>>,
    states: &States,
) -> Vec<NewFact> {
    let wanted: BTreeSet<(StudentId, SessionId)> =
        wanted.iter().map(|(student, session, _)| (*student, *session)).collect();
    let is_done = |id: SessionId| {
        let mut done = sessions.iter().filter(|session| {
            matches!(session.status, Status::Called | Status::Confirmed) && session.id == id
        });
        done.next().is_some()
    };
    let goes = |student: StudentId, session: SessionId| {
        let mark = states.get(&student).and_then(|state| state.mark(session));
        let is_open = match mark {
            Some(Mark::Unmarked) => true,
            Some(Mark::Leave) => !is_done(session),
            Some(Mark::Present | Mark::Late | Mark::Absent | Mark::LeftEarly | Mark::Gone) | None => false,
        };
        is_open && !wanted.contains(&(student, session))
    };
    listings(ledger, goes)
}

/// Whether a leave of one slot, or of the whole day, covers this slot.
pub(super) fn covers(only: Option<&SlotId>, slot: &SlotId) -> bool {
    only.is_none_or(|only| only == slot)
}

/// Calls off the sessions of the day that nobody has called and that have not begun today; those with a roll, and those
/// in which children may sit already, stay as they are.
fn not_held(tx: &mut SchoolTx, day: Date, why: NoService) -> Result<Prepared> {
    let (facts, now) = (custody::facts_on(tx, day)?, tx.at());
    let called = called(&facts);
    let sessions = rows::sessions::sessions(tx, day)?;
    let goes_on = |session: &Session| goes_on(day, session.starts_at, called.contains(&session.id), now);
    let off: BTreeSet<SessionId> = sessions
        .iter()
        .filter(|session| session.status == Status::Planned && !goes_on(session))
        .map(|session| session.id)
        .collect();
    if !off.is_empty() {
        rows::sessions::call_off(tx, &off)?;
        let undone = listings(&facts, |_, session| off.contains(&session));
        custody::record_all(tx, day, "", undone)?;
        tx.event(Event::new("CallOffDay", day).facts(json!({ "sessions": off.len() })))?;
    }
    Ok(Prepared::NotHeld(why))
}

/// The sessions in which some child was called.
fn called(facts: &BTreeMap<StudentId, Vec<Fact>>) -> BTreeSet<SessionId> {
    let mut called = BTreeSet::new();
    for state in facts.values().map(|facts| custody_state(facts)) {
        called.extend(state.sessions().filter(|session| state.mark(*session).is_some_and(Mark::is_called)));
    }
    called
}

/// What puts a child on a list that it goes from, or excuses it there, taken back.
fn listings(
    facts: &BTreeMap<StudentId, Vec<Fact>>,
    goes: impl Fn(StudentId, SessionId) -> bool,
) -> Vec<NewFact> {
    let lists = |fact: &&Fact| {
        matches!(fact.what, What::Expected | What::OnLeave(_))
            && fact.session.is_some_and(|session| goes(fact.student, session))
    };
    let taken_off = |fact: &Fact| NewFact {
        corrects: Some(fact.id),
        ..NewFact::now(fact.student, fact.session, What::Undone)
    };
    facts.values().flat_map(|facts| standing(facts)).filter(lists).map(taken_off).collect()
}
