//! Closing a group's room by the checklist, and the day (H9, A6).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Event, Failed, Result, Tx};
use kehou_domain::access::{CloseDay, HandOverGroup};
use kehou_domain::custody::{self as ledger, State};
use kehou_domain::dismissal::{self, CannotClose, ClosingCheck, GroupOpen, StillOpen};
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
}

/// A group on the way to being closed.
#[derive(Debug, Clone)]
pub struct GroupToClose {
    /// The session.
    pub session: SessionCard,
    /// The children for whom the teacher still answers.
    pub in_room: Vec<GroupChild>,
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
}

/// Why the day cannot be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseDayRefused {
    /// The rules say no.
    Cannot(CannotClose),
    /// It was closed before, and is never opened again.
    Closed,
}

/// H9: what is left to do in the room.
pub fn closing(tx: &mut Tx<HandOverGroup>, session: SessionId) -> Result<GroupToClose> {
    let session = own_session(tx, session)?;
    let in_room = children_of(tx, &session)?.into_iter().filter(GroupChild::in_room).collect();
    Ok(GroupToClose { session, in_room })
}

/// H9: the teacher closes the room: all children gone or handed over, every check ticked.
pub fn close_group(
    tx: &mut Tx<HandOverGroup>,
    session: SessionId,
    ticked: &[ClosingCheck],
    note: &str,
) -> std::result::Result<(), Failed<GroupOpen>> {
    let session = own_session(tx, session)?;
    rows::hold_session(tx, session.id)?;
    let children = children_of(tx, &session)?;
    let in_room: Vec<StudentId> =
        children.iter().filter(|child| child.in_room()).map(|child| child.child.id).collect();

    dismissal::close_group(&in_room, ticked).map_err(Failed::Refused)?;

    if session.closed_at.is_none() {
        rows::save_group_closing(tx, session.id, note)?;
        tx.event(Event::new("CloseGroup", session.id).facts(json!({ "children": children.len() })))?;
    }
    Ok(())
}

/// H9, H10, A6: the duty leader closes the day when nothing is open. It is never opened again.
pub fn close_day(tx: &mut Tx<CloseDay>, day: Date) -> std::result::Result<(), Failed<CloseDayRefused>> {
    let states = custody::states_on(tx, day)?;
    let without: Vec<StudentId> =
        states.iter().filter(|(_, state)| !ledger::has_ending(state)).map(|(student, _)| *student).collect();
    let stops = rows::stops_on(tx, day)?.iter().filter(|stop| stop.holds()).count();
    let sessions = rows::sessions_on(tx, day)?;
    let groups = sessions.iter().filter(|session| session.closed_at.is_none()).count();
    let open = StillOpen { children: without, stops, groups };

    dismissal::may_close((day, tx.today()), sessions.len(), open)
        .map_err(|why| Failed::Refused(CloseDayRefused::Cannot(why)))?;

    let released = states.values().filter(|state| was_released(state)).count();
    match rows::save_closed_day(tx, day, states.len(), released) {
        Err(Error::Already) => return Err(Failed::Refused(CloseDayRefused::Closed)),
        saved => saved?,
    }
    tx.event(Event::of::<CloseDay>(day).facts(json!({ "expected": states.len(), "released": released })))?;
    Ok(())
}

fn was_released(state: &State) -> bool {
    state.whereabouts().has_gone()
}
