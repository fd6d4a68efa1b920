//! Closing a group's room by the checklist, and the day (H9, A6).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{CloseDay, HandOverGroup, ReadExceptions};
use kehou_domain::custody::{self as ledger, State};
use kehou_domain::dismissal::{self, CannotClose, Explained, GroupOpen, InHand, Leaving, StillOpen};
use kehou_domain::ids::{SessionId, StaffId, StudentId};
use serde_json::json;

use super::handover::{children_of, own_session};
use super::{GroupChild, rows};
use crate::custody;

/// A session with whether its room was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionCard {
    /// The session.
    pub id: SessionId,
    /// The group's name.
    pub group: String,
    /// The room.
    pub venue: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Its teacher.
    pub teacher_id: Option<StaffId>,
    /// The teacher's name.
    pub teacher: Option<String>,
    /// When the room was closed.
    pub closed_at: Option<Timestamp>,
    /// Its day.
    pub day: Date,
    /// Whether its roll was called.
    pub called: bool,
    /// Whether it was called off before it began (C11).
    pub called_off: bool,
}

impl SessionCard {
    /// G2: whether its time has begun and nobody has called its roll. The first page counts rolls by the same rule.
    pub fn is_uncalled(&self, now: Timestamp) -> bool {
        !self.called && self.starts_at <= now
    }
}

/// A group on the way to being closed.
#[derive(Debug, Clone)]
pub struct GroupToClose {
    /// The session.
    pub session: SessionCard,
    /// The children for whom the teacher still answers.
    pub in_room: Vec<GroupChild>,
    /// The children with whom somebody stays until their family comes (H6).
    pub waiting: Vec<GroupChild>,
    /// When its day was closed: from then on no room is closed (H9).
    pub day_closed_at: Option<Timestamp>,
}

/// How and when the day was closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedDay {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// How many children were expected.
    pub expected: i64,
    /// How many were let go.
    pub released: i64,
    /// How many had no ending when the day was closed.
    pub without_ending: i64,
    /// Why it was closed all the same, or empty.
    pub reason: String,
}

/// The children of a day in numbers, as they stand when it is closed.
pub(super) struct Counted {
    pub(super) expected: usize,
    pub(super) released: usize,
    pub(super) without_ending: usize,
}

/// Earlier days that nobody has closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDays {
    /// The oldest of them, the oldest first.
    pub days: Vec<OpenDay>,
    /// How many more there are.
    pub more: usize,
}

/// An earlier day that nobody has closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenDay {
    /// The day.
    pub day: Date,
    /// How many children have no ending.
    pub without_ending: usize,
    /// How many of them are still being looked for.
    pub missing: usize,
}

/// How many open days are counted through for those who look on.
const COUNTED_DAYS: usize = 10;

/// H9: the earlier days that nobody has closed, for those who answer for the school.
pub fn open_days(tx: &mut Tx<ReadExceptions>) -> Result<OpenDays> {
    let unclosed = super::unclosed(tx)?;
    let mut days = Vec::new();
    for day in unclosed.iter().copied().take(COUNTED_DAYS) {
        let states = custody::states_on(tx, day)?;
        let without_ending = states.values().filter(|state| !ledger::has_ending(state)).count();
        days.push(OpenDay { day, without_ending, missing: rows::missing_on(tx, day)?.len() });
    }
    Ok(OpenDays { days, more: unclosed.len().saturating_sub(COUNTED_DAYS) })
}

/// A day that was closed although children had no ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapDay {
    /// The day.
    pub day: Date,
    /// How it was closed: when, by whom, how many, and why.
    pub closed: ClosedDay,
}

/// H9: the days that were closed although children had no ending, the latest first: they stay in sight of those who answer
/// for the school.
pub fn closed_with_gaps(tx: &mut Tx<ReadExceptions>) -> Result<Vec<GapDay>> {
    rows::days_closed_with_gaps(tx)
}

/// Why the day cannot be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseDayRefused {
    /// The rules say no, for all of these reasons.
    Cannot(Vec<CannotClose>),
    /// It was closed before, and is never opened again.
    Closed,
}

/// H9: what is left to do in the room.
pub fn closing(tx: &mut Tx<HandOverGroup>, session: SessionId) -> Result<GroupToClose> {
    let session = own_session(tx, session)?;
    let children = children_of(tx, &session)?;
    let waiting = children.iter().filter(|child| child.waits_for_family()).cloned().collect();
    let in_room = children.into_iter().filter(GroupChild::in_room).collect();
    let day_closed_at = custody::closed_at(tx, session.day)?;
    Ok(GroupToClose { session, in_room, waiting, day_closed_at })
}

/// H9, H6: the teacher closes the room: all children gone, handed over or named as waiting, every check ticked.
pub fn close_group(
    tx: &mut Tx<HandOverGroup>,
    session: SessionId,
    leaving: Leaving,
) -> std::result::Result<(), Failed<GroupOpen>> {
    let session = own_session(tx, session)?;
    rows::hold_session(tx, session.id)?;
    may_be_closed(tx, &session)?;
    let children = children_of(tx, &session)?;
    let ids = |wanted: fn(&GroupChild) -> bool| -> Vec<StudentId> {
        children.iter().filter(|child| wanted(child)).map(|child| child.child.id).collect()
    };
    let (in_room, waiting) = (ids(GroupChild::in_room), ids(GroupChild::waits_for_family));

    dismissal::close_group(InHand { in_room: &in_room, waiting: &waiting }, leaving)
        .map_err(Failed::Refused)?;

    if session.closed_at.is_none() {
        rows::save_group_closing(tx, session.id, leaving.note)?;
        let facts = json!({ "children": children.len(), "waiting": waiting.len() });
        tx.event(Event::new("CloseGroup", session.id).facts(facts))?;
    }
    Ok(())
}

/// Whether the room has an end of a session to see: its session is held, on a day that nobody has closed.
fn may_be_closed(tx: &mut SchoolTx, session: &SessionCard) -> std::result::Result<(), Failed<GroupOpen>> {
    if session.called_off {
        return Err(Failed::Refused(GroupOpen::CalledOff));
    }
    custody::day_is_open(tx, session.day)?.map_err(|_| Failed::Refused(GroupOpen::DayClosed))
}

/// What stands in the way of closing the day (H9).
pub(super) fn still_open(tx: &mut SchoolTx, day: Date, states: &States) -> Result<StillOpen> {
    let without = states.iter().filter(|(_, state)| !ledger::has_ending(state));
    Ok(StillOpen {
        children: without.map(|(student, _)| *student).collect(),
        missing: rows::missing_on(tx, day)?.len(),
        stops: rows::stops_on(tx, day)?.iter().filter(|stop| stop.holds()).count(),
        groups: rows::sessions_on(tx, day)?.iter().filter(|session| session.closed_at.is_none()).count(),
    })
}

/// What the day of each child adds up to.
pub(super) type States = BTreeMap<StudentId, State>;

/// H9, H10, A6: the duty leader closes the day when nothing is open, and a day that is over with a reason for what is. It
/// is never opened again.
pub fn close_day(
    tx: &mut Tx<CloseDay>,
    day: Date,
    said: Explained,
) -> std::result::Result<(), Failed<CloseDayRefused>> {
    if rows::closed_day(tx, day)?.is_some() {
        return Err(Failed::Refused(CloseDayRefused::Closed));
    }
    let states = custody::states_on(tx, day)?;
    let open = still_open(tx, day, &states)?;
    let sessions = rows::sessions_on(tx, day)?.len();
    let without_ending = open.children.len();
    let reason = if open == StillOpen::default() { "" } else { said.reason };

    dismissal::may_close((day, tx.today()), sessions, open, said)
        .map_err(|why| Failed::Refused(CloseDayRefused::Cannot(why)))?;

    let released = states.values().filter(|state| was_released(state)).count();
    let counted = Counted { expected: states.len(), released, without_ending };
    match rows::save_closed_day(tx, day, &counted, reason) {
        Err(Error::Already) => return Err(Failed::Refused(CloseDayRefused::Closed)),
        saved => saved?,
    }
    let facts = json!({ "expected": states.len(), "released": released, "without_ending": without_ending });
    tx.event(Event::of::<CloseDay>(day).facts(facts))?;
    Ok(())
}

fn was_released(state: &State) -> bool {
    state.whereabouts().has_gone()
}
