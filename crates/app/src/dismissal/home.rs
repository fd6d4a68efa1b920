//! What a family sees of its children's day (H10, G4; rule 5 of the screens: three acts, three records).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use kehou_db::{Error, Result, SchoolTx, Tx};
use kehou_domain::access::SeeOwnChildren;
use kehou_domain::custody::{Ending, Fact, Handing, Receiver, State, What, Whereabouts, state};
use kehou_domain::dismissal::{Outlook, outlook, veiled};
use kehou_domain::ids::{AccountId, GuardianId, StudentId};
use kehou_domain::plan::SlotId;

use super::restriction::barred_from;
use super::rows::{self, Placed};
use super::{ChildCard, StopCard, WaysHome, unclosed, ways_home};
use crate::{calendar, custody, enrolment, people, plan};

/// One child's today.
#[derive(Debug, Clone)]
pub struct ChildToday {
    /// The child.
    pub child: ChildCard,
    /// The day.
    pub day: Date,
    /// What the ledger says.
    pub state: State,
    /// The day's course; empty when no service is planned for the child.
    pub steps: Vec<Step>,
    /// The session that runs now, or the next one, or the last.
    pub session: Option<SessionNow>,
    /// When the child's wave goes.
    pub wave_at: Option<Timestamp>,
    /// Who took the child: name, and what they are to the child.
    pub taken_by: Option<(String, String)>,
    /// What the family is to do about the child's enrolment.
    pub to_do: Option<ToDo>,
    /// What the day may bring to a child who is on no list.
    pub outlook: Outlook,
    /// The last earlier day that was not closed and on which the child has no ending (H9).
    pub unended: Option<Date>,
    /// The child's last day in the school, once it is over.
    pub left_on: Option<Date>,
    /// Who asked for the child at the gate, is on no list, and may still be named (H1).
    pub asked: Vec<StopCard>,
}

/// What a family is to do about a child's enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToDo {
    /// Sign-up is open and nothing was handed in.
    Apply {
        /// The last day of sign-up, when there is one.
        closes_on: Option<Date>,
    },
    /// The application came back.
    Correct,
    /// The school has agreed; the family signs (F4).
    Sign,
    /// The application is on its way at the school.
    Follow,
}

/// A session as the family sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionNow {
    /// What it is called: by its group, or by its slot on a day that has several sessions.
    pub name: String,
    /// The room.
    pub venue: String,
    /// The teacher's name.
    pub teacher: Option<String>,
    /// The teacher's telephone number, in the clear.
    pub teacher_phone: Option<String>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// One step of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When it is planned, or when it happened.
    pub at: Timestamp,
    /// What it is.
    pub what: StepKind,
    /// How far it is.
    pub state: StepState,
}

/// What a step is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// 点到.
    RollCall,
    /// A session, by its group's name, or its slot's on a day that has several.
    Session(String),
    /// 放学.
    GoHome,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// It is done.
    Done,
    /// It is going on.
    Now,
    /// It is to come.
    Coming,
}

/// One day of one child, for its family.
#[derive(Debug, Clone)]
pub struct ChildDay {
    /// The child.
    pub child: ChildCard,
    /// The day.
    pub day: Date,
    /// What the facts add up to.
    pub state: State,
    /// What happened, in order.
    pub facts: Vec<DayFact>,
}

/// One fact as a family reads it.
#[derive(Debug, Clone)]
pub struct DayFact {
    /// The fact.
    pub fact: Fact,
    /// Who took the child, when somebody did.
    pub taken_by: Option<(String, String)>,
    /// Who wrote it down.
    pub noted_by: Option<String>,
}

/// Today of every child of the acting guardian in this school.
pub fn today(tx: &mut Tx<SeeOwnChildren>) -> Result<Vec<ChildToday>> {
    let day = tx.today();
    let children = rows::own_children(tx, day)?;
    let mut sessions: BTreeMap<StudentId, Vec<Placed>> = BTreeMap::new();
    for placed in rows::placed_of_guardian(tx, day)? {
        sessions.entry(placed.child.id).or_default().push(placed);
    }
    let ways = ways_home(tx, day)?;
    let guardian = people::acting_guardian(tx)?;
    let mut states = custody::states_of_guardian(tx, guardian, day)?;
    let takers = takers_and_veil(tx, (guardian, day), &mut states)?;
    let to_do = to_do(tx, day)?;
    let on_a_list = |child: &ChildCard| states.get(&child.id).is_some_and(is_expected);
    let (unended, left) = (unended(tx, guardian)?, rows::left_before(tx, day)?);
    let asked = asked_for(tx, guardian, day)?;
    let mut outlooks =
        if children.iter().all(on_a_list) { BTreeMap::new() } else { outlooks(tx, day, &children)? };
    let at = tx.at();
    Ok(children
        .into_iter()
        .map(|child| {
            let state = states.remove(&child.id).unwrap_or_default();
            let taken_by = takers.get(&taker(state.whereabouts()).unwrap_or_default()).cloned();
            let placed = on_lists(sessions.remove(&child.id).unwrap_or_default(), &state);
            let to_do = to_do.get(&child.id).copied();
            let outlook = outlooks.remove(&child.id).unwrap_or(Outlook::NoService { why: None });
            let unended = unended.get(&child.id).copied();
            let left_on = left.get(&child.id).copied();
            let own =
                |stop: &&StopCard| stop.student == child.id && stop.as_stop().waits(state.whereabouts());
            let asked = asked.iter().filter(own).cloned().collect();
            let seen = Seen { state, placed, taken_by, to_do, outlook, unended, left_on, asked };
            of_child(child, &Moment { day, at, ways: &ways }, seen)
        })
        .collect())
}

/// Who asked for the guardian's children at the gate and could be named by it; of a child that it must not collect it
/// learns nothing (H3).
fn asked_for(tx: &mut SchoolTx, guardian: GuardianId, day: Date) -> Result<Vec<StopCard>> {
    let mut stops = rows::stops_of_guardian(tx, guardian, day)?;
    stops.retain(StopCard::is_for_the_family);
    if !stops.is_empty() {
        let barred = barred_from(tx, guardian)?;
        stops.retain(|stop| !barred.contains(&stop.student));
    }
    Ok(stops)
}

/// Who may have taken a child that has left. What a child's guardian who must not collect it may not read is veiled
/// (H3). Nothing is asked while nobody has left.
fn takers_and_veil(
    tx: &mut SchoolTx,
    (guardian, day): (GuardianId, Date),
    states: &mut BTreeMap<StudentId, State>,
) -> Result<BTreeMap<String, (String, String)>> {
    if !states.values().any(|state| state.whereabouts().has_gone()) {
        return Ok(BTreeMap::new());
    }
    for student in barred_from(tx, guardian)? {
        if let Some(seen) = states.get_mut(&student) {
            *seen = state(&veil(custody::facts_of(tx, student, day)?));
        }
    }
    Ok(rows::takers_of_guardian(tx, day)?.into_iter().collect())
}

/// The facts as a guardian reads them who must not collect the child.
pub(super) fn veil(facts: Vec<Fact>) -> Vec<Fact> {
    facts.into_iter().map(|fact| Fact { what: veiled(fact.what), ..fact }).collect()
}

/// How many days a family is told of a day that was not closed.
const TOLD_DAYS: i64 = 7;

/// The last day, of the latest that were not closed, that ended for a child of this guardian without an ending.
fn unended(tx: &mut SchoolTx, guardian: GuardianId) -> Result<BTreeMap<StudentId, Date>> {
    let today = tx.today();
    let since = today.checked_sub(jiff::Span::new().days(TOLD_DAYS)).unwrap_or(today);
    let mut unended = BTreeMap::new();
    for day in unclosed(tx)?.into_iter().filter(|day| since <= *day) {
        let states = custody::states_of_guardian(tx, guardian, day)?;
        let open = |state: &State| state.whereabouts().is_to_go() && !state.whereabouts().has_gone();
        unended.extend(states.into_iter().filter(|(_, state)| open(state)).map(|(child, _)| (child, day)));
    }
    Ok(unended)
}

fn is_expected(state: &State) -> bool {
    state.whereabouts() != Whereabouts::NotExpected
}

/// What the day may bring to each child: asked only where one of them is on no list.
fn outlooks(tx: &mut SchoolTx, day: Date, children: &[ChildCard]) -> Result<BTreeMap<StudentId, Outlook>> {
    let plan = match plan::plan_on(tx, day) {
        Err(Error::NotFound) => None,
        plan => Some(plan?),
    };
    // a place whose slot the plan no longer has on the weekday brings nobody to school
    let meets = |student: StudentId, slot: &str, weekday: i8| {
        // without a plan in force the places alone speak
        let Some(plan) = plan.as_ref() else { return true };
        let grade = children.iter().find(|child| child.id == student).and_then(|child| child.grade);
        let slot = plan.slot(&SlotId(slot.to_owned()));
        let on = Weekday::from_monday_one_offset(weekday).ok();
        slot.is_some_and(|slot| {
            on.is_some_and(|on| slot.weekdays.has(on)) && grade.is_some_and(|grade| slot.grades.has(grade))
        })
    };
    let (places, list) = (rows::places_of_guardian(tx, day, meets)?, rows::day_list(tx, day)?);
    let service = calendar::service_day(tx, day)?;
    let of = |child: &ChildCard| outlook(places.get(&child.id), &service, list);
    Ok(children.iter().map(|child| (child.id, of(child))).collect())
}

/// What is to do for each child; an application on its way is asked whether it waits for the family.
fn to_do(tx: &mut SchoolTx, day: Date) -> Result<BTreeMap<StudentId, ToDo>> {
    let mut to_do: BTreeMap<StudentId, ToDo> = rows::to_do_of_guardian(tx, day)?.into_iter().collect();
    for (student, one) in &mut to_do {
        if *one == ToDo::Follow && enrolment::waits_for_signature(tx, *student)? {
            *one = ToDo::Sign;
        }
    }
    Ok(to_do)
}

struct Moment<'a> {
    day: Date,
    at: Timestamp,
    ways: &'a WaysHome,
}

struct Seen {
    state: State,
    placed: Vec<Placed>,
    taken_by: Option<(String, String)>,
    to_do: Option<ToDo>,
    outlook: Outlook,
    unended: Option<Date>,
    left_on: Option<Date>,
    asked: Vec<StopCard>,
}

fn of_child(child: ChildCard, moment: &Moment, seen: Seen) -> ChildToday {
    let wave_at = seen.placed.last().map(|placed| moment.ways.wave(child.grade, placed.ends_at));
    let steps =
        wave_at.map(|wave_at| steps(&seen.placed, &seen.state, wave_at, moment.at)).unwrap_or_default();
    ChildToday {
        steps,
        session: current(&seen.placed, moment.at),
        wave_at,
        taken_by: seen.taken_by,
        to_do: seen.to_do,
        outlook: seen.outlook,
        unended: seen.unended,
        left_on: seen.left_on,
        asked: seen.asked,
        state: seen.state,
        day: moment.day,
        child,
    }
}

/// The session that runs now, or the next one, or the last.
/// The sessions that the child is in, without those that it was taken off for another.
pub(super) fn on_lists(mut placed: Vec<Placed>, state: &State) -> Vec<Placed> {
    let is_on = |placed: &Placed| state.mark(placed.session).is_some();
    if placed.iter().any(is_on) {
        placed.retain(is_on);
    }
    placed
}

fn current(placed: &[Placed], now: Timestamp) -> Option<SessionNow> {
    let found = placed.iter().find(|placed| now < placed.ends_at).or(placed.last())?;
    Some(SessionNow {
        name: title(placed, found),
        venue: found.venue.clone(),
        teacher: found.teacher.clone(),
        teacher_phone: found.teacher_phone.clone(),
        starts_at: found.starts_at,
        ends_at: found.ends_at,
    })
}

/// What a session of the day is called: one group leads a boarder through all its slots, so the slot tells them apart.
fn title(placed: &[Placed], one: &Placed) -> String {
    if placed.len() < 2 { one.group.clone() } else { one.slot.clone() }
}

fn steps(placed: &[Placed], state: &State, wave_at: Timestamp, now: Timestamp) -> Vec<Step> {
    let gone = state.whereabouts().has_gone();
    let seen = placed.iter().find_map(|placed| called_in(state, placed));
    let first = placed.first().map_or(wave_at, |placed| placed.starts_at);
    let called = Step {
        at: seen.unwrap_or(first),
        what: StepKind::RollCall,
        state: if seen.is_some() { StepState::Done } else { running(first, wave_at, now) },
    };
    let all = placed;
    let sessions = placed.iter().map(|placed| Step {
        at: placed.starts_at,
        what: StepKind::Session(title(all, placed)),
        state: if gone || seen.is_none() { past(placed.ends_at, now) } else { course(placed, now) },
    });
    let left = state.learnt_from().filter(|_| gone).map(|sight| sight.at);
    let home = Step {
        at: left.unwrap_or(wave_at),
        what: StepKind::GoHome,
        state: if gone { StepState::Done } else { running(wave_at, Timestamp::MAX, now) },
    };
    std::iter::once(called).chain(sessions).chain([home]).collect()
}

/// When the child was called in, in this session.
fn called_in(state: &State, placed: &Placed) -> Option<Timestamp> {
    use kehou_domain::custody::Mark;
    match state.mark(placed.session)? {
        Mark::Present | Mark::Late => state.marked_by(placed.session).map(|sight| sight.at),
        Mark::Unmarked | Mark::Absent | Mark::Leave | Mark::LeftEarly | Mark::Gone => None,
    }
}

fn running(from: Timestamp, to: Timestamp, now: Timestamp) -> StepState {
    if from <= now && now < to { StepState::Now } else { StepState::Coming }
}

fn past(ends_at: Timestamp, now: Timestamp) -> StepState {
    if ends_at <= now { StepState::Done } else { StepState::Coming }
}

fn course(placed: &Placed, now: Timestamp) -> StepState {
    if now < placed.starts_at {
        StepState::Coming
    } else if now < placed.ends_at {
        StepState::Now
    } else {
        StepState::Done
    }
}

/// One day of one's own child: every fact with who took the child and who wrote it down.
pub fn child_day(tx: &mut Tx<SeeOwnChildren>, student: StudentId, day: Date) -> Result<ChildDay> {
    people::own_child(tx, student)?;
    let child = rows::child_card(tx, student)?;
    let guardian = people::acting_guardian(tx)?;
    let mut facts = custody::facts_of(tx, student, day)?;
    if barred_from(tx, guardian)?.contains(&student) {
        facts = veil(facts);
    }
    let state = state(&facts);
    facts.sort_by_key(|fact| (fact.at, fact.id));
    let names = names(tx)?;
    let takers: BTreeMap<String, (String, String)> = rows::takers_of_guardian(tx, day)?.into_iter().collect();
    let facts = facts
        .into_iter()
        .map(|fact| DayFact {
            taken_by: handed_to(&fact.what).and_then(|id| takers.get(&id).cloned()),
            noted_by: names.get(&fact.account).cloned(),
            fact,
        })
        .collect();
    Ok(ChildDay { child, day, state, facts })
}

pub(super) fn names(tx: &mut SchoolTx) -> Result<BTreeMap<AccountId, String>> {
    Ok(rows::staff_names(tx)?.into_iter().collect())
}

pub(super) fn handed_to(what: &What) -> Option<String> {
    match what {
        What::HandedOver(Handing { to, .. }) | What::LetThrough(Handing { to, .. }) => receiver(*to),
        What::Expected
        | What::OnLeave(_)
        | What::Present
        | What::Late
        | What::Absent
        | What::Found(_)
        | What::EarlyLeaveApproved(_)
        | What::LeftEarly(_)
        | What::WentAlone
        | What::TookBus
        | What::StayedLate
        | What::Returned
        | What::NotComing
        | What::SickRoom
        | What::Undone => None,
    }
}

/// The id of who took the child, as the ledger names it.
pub(super) fn taker(whereabouts: Whereabouts) -> Option<String> {
    match whereabouts {
        Whereabouts::Ended(Ending::Collected(to) | Ending::HandedOver(to)) => receiver(to),
        Whereabouts::Ended(_)
        | Whereabouts::NotExpected
        | Whereabouts::Unseen
        | Whereabouts::Here
        | Whereabouts::Missing
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare => None,
    }
}

fn receiver(to: Receiver) -> Option<String> {
    match to {
        Receiver::Guardian(id) => Some(id.to_string()),
        Receiver::Delegate(id) => Some(id.to_string()),
        Receiver::Unlisted | Receiver::Colleague => None,
    }
}
