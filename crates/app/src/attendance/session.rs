//! Sessions: one group's meeting in one slot of one day, and whose it is.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{ReadSessions, Role, StandIn};
use kehou_domain::custody::{Counts, Mark, State, Whereabouts};
use kehou_domain::ids::{ClassId, GroupId, SessionId, StaffId, StudentId};
use kehou_domain::plan::SlotId;
use serde_json::json;

use super::rows;
use crate::{calendar, custody, people};

/// How far a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Nobody has called the whole roll yet.
    Planned,
    /// Everyone is marked.
    Called,
    /// The head count agreed with the roll.
    Confirmed,
    /// Not held: the school paused the service or closed (C11).
    Cancelled,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 4] = [Status::Planned, Status::Called, Status::Confirmed, Status::Cancelled];

    /// The status's word in the store and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Planned => "planned",
            Status::Called => "called",
            Status::Confirmed => "confirmed",
            Status::Cancelled => "cancelled",
        }
    }

    /// The status of this word.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The group that meets.
    pub group: GroupId,
    /// The group's name: the home class's.
    pub group_name: String,
    /// The slot.
    pub slot: SlotId,
    /// What the school calls the slot.
    pub slot_name: String,
    /// The day.
    pub day: Date,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Who leads it, when somebody was named.
    pub teacher: Option<StaffId>,
    /// The name of who leads it; empty when nobody was named.
    pub teacher_name: String,
    /// The room; may be empty.
    pub venue: String,
    /// How far it is.
    pub status: Status,
    /// When everyone was marked for the first time.
    pub called_at: Option<Timestamp>,
    /// The head count that agreed.
    pub head_count: Option<u32>,
    /// When heads were counted.
    pub counted_at: Option<Timestamp>,
    /// Grows with every change: a page that shows an older one is out of date.
    pub version: u32,
    /// The homeroom teacher of the group's class on the day.
    pub homeroom: Option<StaffId>,
    /// The home class of the group, when it is one class's.
    pub class: Option<ClassId>,
}

/// A child on a session's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pupil {
    /// The child.
    pub id: StudentId,
    /// The name.
    pub name: String,
    /// The number in the class, where the school gives numbers.
    pub seat_no: Option<u32>,
}

/// A session with its counts, as on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionCard {
    /// The session.
    pub session: Session,
    /// Where its children are.
    pub counts: Counts,
    /// How many were missing in it and are still being looked for.
    pub looked_for: usize,
}

/// The sessions of the day that are the acting person's: for those who lead the day, all (G2).
pub fn sessions(tx: &mut Tx<ReadSessions>, day: Date) -> Result<Vec<SessionCard>> {
    let mut sessions = rows::sessions::sessions(tx, day)?;
    if sees_all(tx.role()) {
        let states = custody::states_on(tx, day)?;
        return Ok(sessions.into_iter().map(|session| card(session, states.values())).collect());
    }
    let sight = sight(tx)?;
    sessions.retain(|session| sight.has(session));
    let mut cards = Vec::with_capacity(sessions.len());
    for session in sessions {
        let states = custody::states_in(tx, session.id, day)?;
        cards.push(card(session, states.values()));
    }
    Ok(cards)
}

/// Whether the day's sessions were made: if not, the day has to be prepared first.
pub fn is_prepared(tx: &mut Tx<ReadSessions>, day: Date) -> Result<bool> {
    rows::sessions::is_prepared(tx, day)
}

/// Whether nobody has decided yet that there is service on the day (C3).
pub fn is_undecided(tx: &mut Tx<ReadSessions>, day: Date) -> Result<bool> {
    calendar::is_undecided(tx, day)
}

/// Gives a session to another teacher for this day.
pub fn stand_in(
    tx: &mut Tx<StandIn>,
    id: SessionId,
    teacher: StaffId,
) -> std::result::Result<(), Failed<std::convert::Infallible>> {
    let held = rows::sessions::hold(tx, id)?;
    rows::sessions::set_teacher(tx, id, teacher)?;
    let before = held.teacher.map(|teacher| teacher.to_string());
    let facts = json!({ "before": before, "after": teacher.to_string() });
    tx.event(Event::of::<StandIn>(id).facts(facts))?;
    Ok(())
}

fn card<'a>(session: Session, states: impl Iterator<Item = &'a State> + Clone) -> SessionCard {
    let counts = Counts::of(states.clone().filter_map(|state| state.mark(session.id)));
    let is_looked_for = |state: &&State| {
        state.whereabouts() == Whereabouts::Missing && state.mark(session.id) == Some(Mark::Absent)
    };
    let looked_for = states.filter(is_looked_for).count();
    SessionCard { session, counts, looked_for }
}

/// Whether the role sees and serves every session, not only its own.
pub(super) fn sees_all(role: Role) -> bool {
    matches!(role, Role::DutyLeader | Role::AcademicOffice | Role::Principal | Role::SafetyOffice)
}

/// Which sessions the acting person sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sight {
    /// All: those who lead the day.
    Every,
    /// Those of the classes of a grade head's grades (G1).
    Classes(Vec<ClassId>),
    /// A teacher's own.
    Own(Option<StaffId>),
}

impl Sight {
    /// Whether the session is in sight.
    pub(super) fn has(&self, session: &Session) -> bool {
        match self {
            Sight::Every => true,
            Sight::Classes(classes) => session.class.is_some_and(|class| classes.contains(&class)),
            Sight::Own(staff) => is_own(session, *staff),
        }
    }
}

/// What the acting person sees of the sessions.
pub(super) fn sight(tx: &mut SchoolTx) -> Result<Sight> {
    if sees_all(tx.role()) {
        return Ok(Sight::Every);
    }
    if tx.role() == Role::GradeHead {
        return Ok(Sight::Classes(people::bound_classes(tx)?.unwrap_or_default()));
    }
    Ok(Sight::Own(rows::sessions::acting_staff(tx)))
}

/// A session is a teacher's own when it was given to them, or when they are the class's homeroom teacher.
fn is_own(session: &Session, staff: Option<StaffId>) -> bool {
    staff.is_some() && (session.teacher == staff || session.homeroom == staff)
}

/// Refuses those whose session it is not, as if it were nobody's business of theirs.
pub(super) fn own(tx: &mut SchoolTx, session: &Session) -> Result<()> {
    if sight(tx)?.has(session) { Ok(()) } else { Err(Error::NotAllowed) }
}

/// The same for a session that is held, where the homeroom teacher is looked up only when needed.
pub(super) fn own_held(tx: &mut SchoolTx, held: &rows::sessions::Held) -> Result<()> {
    if sees_all(tx.role()) {
        return Ok(());
    }
    let staff = rows::sessions::acting_staff(tx).ok_or(Error::NotAllowed)?;
    if held.teacher == Some(staff) || rows::sessions::is_homeroom(tx, held.group, staff, held.day)? {
        return Ok(());
    }
    Err(Error::NotAllowed)
}
