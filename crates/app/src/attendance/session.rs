//! Sessions: one group's meeting in one slot of one day, and whose it is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{ReadSessions, Role, StandIn};
use kehou_domain::attendance::{Part, part};
use kehou_domain::custody::{CannotFollow, Counts, Mark, State, Whereabouts};
use kehou_domain::ids::{ClassId, GroupId, SessionId, StaffId, StudentId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::SlotId;
use serde_json::json;

use super::rows;
use super::rows::sessions::AwayChild;
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
    /// The group's name: the home class's, or the club's.
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
    /// The home class on the day.
    pub class: Option<ClassKey>,
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
    /// The clubs in which children of the class sit meanwhile.
    pub in_clubs: Vec<InClub>,
    /// Whether the counts are of all its children, or of a grade head's own grades alone (G1).
    pub part: Part,
}

/// Children of a class who sit in a club while the class meets: nobody looks for them there (G2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InClub {
    /// The club.
    pub club: String,
    /// The names of the children.
    pub children: Vec<String>,
}

/// The sessions of the day that are the acting person's: for those who lead the day, all (G2); for a grade head those of
/// the own classes, and of other groups as far as they hold children of the own grades (G1).
pub fn sessions(tx: &mut Tx<ReadSessions>, day: Date) -> Result<Vec<SessionCard>> {
    let sessions = rows::sessions::sessions(tx, day)?;
    let sight = sight(tx)?;
    let has_clubs = rows::sessions::has_clubs(tx, day)?;
    if sight == Sight::Every {
        let states = custody::states_on(tx, day)?;
        let mut away = if has_clubs { rows::sessions::away(tx, day)? } else { Vec::new() };
        let card = |session: Session| {
            let in_clubs = in_clubs(&session, &mut away);
            SessionCard { in_clubs, ..card(session, states.values()) }
        };
        return Ok(sessions.into_iter().map(card).collect());
    }
    let mut cards = Vec::with_capacity(sessions.len());
    for session in sessions {
        let seen = seen_of(tx, &sight, &session)?;
        if seen == InSight::Nobody {
            continue;
        }
        let mut states = custody::states_in(tx, session.id, day)?;
        states.retain(|student, _| seen.has(*student));
        let in_clubs = if has_clubs { of_session(tx, &session)? } else { Vec::new() };
        cards.push(SessionCard { in_clubs, part: seen.part(), ..card(session, states.values()) });
    }
    Ok(cards)
}

/// Whom of a session's children the acting person sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum InSight {
    /// All of them.
    All,
    /// These: the children of a grade head's grades in a group of several classes.
    These(BTreeSet<StudentId>),
    /// Nobody: the session is not the acting person's.
    Nobody,
}

impl InSight {
    pub(super) fn has(&self, student: StudentId) -> bool {
        match self {
            InSight::All => true,
            InSight::These(students) => students.contains(&student),
            InSight::Nobody => false,
        }
    }

    pub(super) fn part(&self) -> Part {
        match self {
            InSight::All => Part::Whole,
            InSight::These(_) => Part::OwnGrades,
            InSight::Nobody => Part::Nothing,
        }
    }
}

/// Whom of a session's children the acting person sees.
pub(super) fn seen_of(tx: &mut SchoolTx, sight: &Sight, session: &Session) -> Result<InSight> {
    if sight.has(session) {
        return Ok(InSight::All);
    }
    let Sight::Grades { grades, .. } = sight else { return Ok(InSight::Nobody) };
    if session.class.is_some() {
        return Ok(InSight::Nobody);
    }
    let states = custody::states_in(tx, session.id, session.day)?;
    let mut pupils = rows::sessions::pupils(tx, session.id)?;
    pupils.retain(|pupil| states.get(&pupil.id).is_some_and(|state| state.mark(session.id).is_some()));
    let grade = |pupil: &Pupil| pupil.class.and_then(|class| class.grade_on(session.day));
    Ok(match part(&pupils.iter().map(grade).collect::<Vec<_>>(), grades) {
        Part::Whole => InSight::All,
        Part::Nothing => InSight::Nobody,
        Part::OwnGrades => {
            let is_own = |pupil: &&Pupil| grade(pupil).is_some_and(|grade| grades.contains(&grade));
            InSight::These(pupils.iter().filter(is_own).map(|pupil| pupil.id).collect())
        }
    })
}

/// Whom of a session's children the acting person sees; refused when it is nobody.
pub(super) fn seen_by_acting(tx: &mut SchoolTx, session: &Session) -> Result<InSight> {
    let sight = sight(tx)?;
    match seen_of(tx, &sight, session)? {
        InSight::Nobody => Err(Error::NotAllowed),
        seen @ (InSight::All | InSight::These(_)) => Ok(seen),
    }
}

/// The children of the session's class who sit in clubs meanwhile.
pub(super) fn of_session(tx: &mut SchoolTx, session: &Session) -> Result<Vec<InClub>> {
    let mut away = rows::sessions::away_of(tx, session.day, session.group)?;
    Ok(in_clubs(session, &mut away))
}

/// Those of the session's class and slot, club by club; they are taken out of the list.
pub(super) fn in_clubs(session: &Session, away: &mut Vec<AwayChild>) -> Vec<InClub> {
    let mut clubs: Vec<InClub> = Vec::new();
    let own = away.extract_if(.., |child| child.base == session.group && child.slot == session.slot);
    for child in own {
        match clubs.last_mut().filter(|last| last.club == child.club) {
            Some(last) => last.children.push(child.name),
            None => clubs.push(InClub { club: child.club, children: vec![child.name] }),
        }
    }
    clubs
}

/// Whether the day's sessions were made as they should be: if not, the day has to be prepared first. A club that was
/// withdrawn or has nobody any more who leads it does not keep its children.
pub fn is_prepared(tx: &mut Tx<ReadSessions>, day: Date) -> Result<bool> {
    Ok(rows::sessions::is_prepared(tx, day)? && !rows::sessions::has_club_astray(tx, day)?)
}

/// Whether nobody has decided yet that there is service on the day (C3).
pub fn is_undecided(tx: &mut Tx<ReadSessions>, day: Date) -> Result<bool> {
    calendar::is_undecided(tx, day)
}

/// Gives a session to another teacher for this day, while the day is open (H9).
pub fn stand_in(
    tx: &mut Tx<StandIn>,
    id: SessionId,
    teacher: StaffId,
) -> std::result::Result<(), Failed<CannotFollow>> {
    let held = rows::sessions::hold(tx, id)?;
    custody::day_is_open(tx, held.day)?.map_err(Failed::Refused)?;
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
    SessionCard { session, counts, looked_for, in_clubs: Vec::new(), part: Part::Whole }
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
    /// Those of the classes of a grade head's grades, and of other groups the children of these (G1).
    Grades {
        /// The classes.
        classes: Vec<ClassId>,
        /// The grades.
        grades: Vec<u8>,
    },
    /// A teacher's own.
    Own(Option<StaffId>),
}

impl Sight {
    /// Whether the session is in sight.
    pub(super) fn has(&self, session: &Session) -> bool {
        match self {
            Sight::Every => true,
            Sight::Grades { classes, .. } => session.class.is_some_and(|class| classes.contains(&class)),
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
        let classes = people::bound_classes(tx)?.unwrap_or_default();
        return Ok(Sight::Grades { classes, grades: people::own_grades(tx)? });
    }
    Ok(Sight::Own(rows::sessions::acting_staff(tx)))
}

/// Whether what happens to a child in the session is in sight: a child in a club is still its class's (G1, G3).
pub(super) fn sees_child(
    tx: &mut SchoolTx,
    sight: &Sight,
    (session, student): (&Session, StudentId),
) -> Result<bool> {
    if sight.has(session) || session.class.is_some() {
        return Ok(sight.has(session));
    }
    let Some(class) = people::class_on(tx, student, session.day)? else { return Ok(false) };
    match sight {
        Sight::Every => Ok(true),
        Sight::Grades { classes, .. } => Ok(classes.contains(&class)),
        Sight::Own(Some(staff)) => Ok(people::homeroom_classes(tx, *staff, session.day)?.contains(&class)),
        Sight::Own(None) => Ok(false),
    }
}

/// Refuses those who see neither the session nor the child in it.
pub(super) fn own_child(tx: &mut SchoolTx, session: &Session, student: StudentId) -> Result<()> {
    let sight = sight(tx)?;
    if sees_child(tx, &sight, (session, student))? { Ok(()) } else { Err(Error::NotAllowed) }
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
