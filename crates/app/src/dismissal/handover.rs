//! The teacher hands the group over to the gate, and late children stay with someone (H2, H6, H12, G4).

use jiff::Timestamp;
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{HandOverGroup, Role};
use kehou_domain::calendar::school::NoService;
use kehou_domain::custody::{
    self as ledger, CannotFollow, Check, Fact, Handing, Kind, Receiver, Sight, State, What, Whereabouts,
};
use kehou_domain::dismissal::{self, CannotStay, Waiting};
use kehou_domain::ids::{EntityId, SessionId, StaffId, StudentId};
use kehou_domain::typed::{LONGEST_PLACE, is_longer};
use serde_json::json;

use super::rows::{self, Placed};
use super::{ChildCard, LeaderCard, SessionCard, ways_home};
use crate::custody::{self, NewFact};
use crate::{attendance, calendar};

/// One group at the end of its session.
#[derive(Debug, Clone)]
pub struct GroupNow {
    /// The session.
    pub session: SessionCard,
    /// Its children, by name.
    pub children: Vec<GroupChild>,
    /// When its day was closed: from then on nothing is noted (H9).
    pub day_closed_at: Option<Timestamp>,
}

/// A group whose session was called off before it began.
#[derive(Debug, Clone)]
pub struct CalledOff {
    /// The session.
    pub session: SessionCard,
    /// Why the day has no service, when it has none.
    pub why: Option<NoService>,
    /// The children who would have come.
    pub children: Vec<ChildCard>,
    /// Those who lead the duty, to call.
    pub leaders: Vec<LeaderCard>,
}

/// One child of the group.
#[derive(Debug, Clone)]
pub struct GroupChild {
    /// The child.
    pub child: ChildCard,
    /// When the child's wave goes.
    pub wave_at: Timestamp,
    /// Where the child is.
    pub whereabouts: Whereabouts,
    /// What that was learnt from.
    pub learnt: Option<Sight>,
    /// Whether this is the child's last session of the day.
    pub goes_home: bool,
}

/// Why children cannot be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandoverRefused {
    /// The day was closed (H9).
    DayClosed,
    /// The session was called off before it began: nobody has the group in hand (C11).
    CalledOff,
    /// Nobody was chosen.
    Nobody,
    /// Where to is missing.
    NoPlace,
    /// The place is longer than [`LONGEST_PLACE`].
    PlaceTooLong,
    /// This child cannot be handed over now.
    Child {
        /// The child's name.
        name: String,
        /// Why not.
        why: CannotFollow,
    },
    /// Nobody stays late with this child now.
    Late {
        /// The child's name.
        name: String,
        /// Why not.
        why: CannotStay,
    },
}

/// With whom somebody stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staying {
    /// The children.
    pub students: Vec<StudentId>,
    /// Whether those who were handed over to the gate have come back.
    pub are_back: bool,
}

impl GroupChild {
    /// Whether the group's teacher answers for the child now.
    pub fn in_room(&self) -> bool {
        match self.whereabouts {
            Whereabouts::Unseen
            | Whereabouts::Here
            | Whereabouts::Missing
            | Whereabouts::ElsewhereInSchool
            | Whereabouts::SickRoom => self.goes_home,
            Whereabouts::NotExpected
            | Whereabouts::WithColleague
            | Whereabouts::LateCare
            | Whereabouts::Ended(_) => false,
        }
    }

    /// Whether somebody stays with the child until its family comes (H6).
    pub fn waits_for_family(&self) -> bool {
        self.goes_home && self.whereabouts == Whereabouts::LateCare
    }

    /// Whether the child can be handed to the gate now.
    pub fn can_be_handed_over(&self) -> bool {
        match self.whereabouts {
            Whereabouts::Here | Whereabouts::ElsewhereInSchool | Whereabouts::SickRoom => true,
            Whereabouts::NotExpected
            | Whereabouts::Unseen
            | Whereabouts::Missing
            | Whereabouts::WithColleague
            | Whereabouts::LateCare
            | Whereabouts::Ended(_) => false,
        }
    }
}

/// G4, H12: one's own group as it stands; a duty leader sees every group.
pub fn group_now(tx: &mut Tx<HandOverGroup>, session: SessionId) -> Result<GroupNow> {
    let session = own_session(tx, session)?;
    let children = children_of(tx, &session)?;
    let day_closed_at = custody::closed_at(tx, session.day)?;
    Ok(GroupNow { session, children, day_closed_at })
}

/// C11, H3: whom to call over a child who is there although its group's session was called off.
pub fn called_off(tx: &mut Tx<HandOverGroup>, session: SessionId) -> Result<CalledOff> {
    let session = own_session(tx, session)?;
    if !session.called_off {
        return Err(Error::NotFound);
    }
    // whoever was taken off the list with the session counts: the page names those who might come all the same
    let placed = rows::placed_in(tx, session.id, session.day)?;
    let children = placed.into_iter().map(|(placed, _)| placed.child).collect();
    let why = calendar::service_day(tx, session.day)?.err();
    Ok(CalledOff { why, children, leaders: rows::leaders(tx)?, session })
}

/// The session, when it is the acting teacher's; any for a duty leader.
pub(super) fn own_session(tx: &mut SchoolTx, session: SessionId) -> Result<SessionCard> {
    let session = rows::session(tx, session)?;
    let acting = tx.person().map(|person| StaffId::from_bits(person.bits()));
    let is_own = session.teacher_id.is_some() && session.teacher_id == acting;
    if is_own || tx.role() == Role::DutyLeader { Ok(session) } else { Err(Error::NotFound) }
}

pub(super) fn children_of(tx: &mut SchoolTx, session: &SessionCard) -> Result<Vec<GroupChild>> {
    let ways = ways_home(tx, session.day)?;
    let states = custody::states_in(tx, session.id, session.day)?;
    let placed = rows::placed_in(tx, session.id, session.day)?;
    let is_listed = |(placed, _): &(Placed, _)| {
        states.get(&placed.child.id).is_none_or(|state| state.mark(session.id).is_some())
    };
    Ok(placed
        .into_iter()
        .filter(is_listed)
        .map(|(placed, last_start)| {
            let state = states.get(&placed.child.id);
            GroupChild {
                wave_at: ways.wave(placed.child.grade, placed.ends_at),
                whereabouts: state.map_or(Whereabouts::Unseen, State::whereabouts),
                learnt: state.and_then(State::learnt_from),
                goes_home: last_start <= placed.starts_at,
                child: placed.child,
            }
        })
        .collect())
}

/// H2, H12: the teacher hands these children over to the gate; all or none.
pub fn hand_over(
    tx: &mut Tx<HandOverGroup>,
    session: SessionId,
    students: &[StudentId],
    place: &str,
) -> std::result::Result<(), Failed<HandoverRefused>> {
    if place.trim().is_empty() {
        return Err(Failed::Refused(HandoverRefused::NoPlace));
    }
    if is_longer(place, LONGEST_PLACE) {
        return Err(Failed::Refused(HandoverRefused::PlaceTooLong));
    }
    let what = What::HandedOver(Handing {
        to: Receiver::Colleague,
        checked: Check::Known,
        place: place.trim().to_owned(),
    });
    let decide = |of: &Chosen| {
        let cannot = |why| HandoverRefused::Child { name: of.child.child.name.clone(), why };
        ledger::may_follow(of.state, Kind::HandedOver).map_err(cannot)
    };
    note_each(tx, session, students, (&what, decide))
}

/// H6: nobody has come for these children yet; the one who writes it down stays with them, from the end of their last
/// session on.
pub fn stay_late(
    tx: &mut Tx<HandOverGroup>,
    session: SessionId,
    staying: &Staying,
) -> std::result::Result<(), Failed<HandoverRefused>> {
    let at = tx.at();
    let decide = |of: &Chosen| {
        let waiting = Waiting {
            state: of.state,
            goes_home: of.child.goes_home,
            ends_at: of.ends_at,
            is_back: staying.are_back,
        };
        let cannot = |why| HandoverRefused::Late { name: of.child.child.name.clone(), why };
        dismissal::may_stay(waiting, at).map_err(cannot)
    };
    note_each(tx, session, &staying.students, (&What::StayedLate, decide))
}

/// A child that was chosen, with what its day adds up to.
struct Chosen<'a> {
    child: &'a GroupChild,
    state: &'a State,
    ends_at: Timestamp,
}

/// Takes back what the acting account noted of this group at one moment: children handed over or kept (H12). What
/// happened to a child since stays, and nothing is taken back once the room is closed.
pub fn take_back(
    tx: &mut Tx<HandOverGroup>,
    session: SessionId,
    noted_at: Timestamp,
) -> std::result::Result<usize, Failed<HandoverRefused>> {
    let session = own_session(tx, session)?;
    if session.closed_at.is_some() {
        return Ok(0);
    }
    custody::day_is_open(tx, session.day)?.map_err(|_| Failed::Refused(HandoverRefused::DayClosed))?;
    let noted = custody::noted_at(tx, session.id, noted_at)?;
    let mut children: Vec<StudentId> = noted.iter().map(|fact| fact.student).collect();
    children.sort_unstable();
    for student in children {
        rows::hold_child(tx, student)?;
    }
    let states = custody::states_in(tx, session.id, session.day)?;
    let undone: Vec<NewFact> =
        noted.iter().filter(|fact| is_last(fact, &states)).map(|fact| undoing(fact, session.id)).collect();
    let count = undone.len();
    let children = undone.iter().map(|fact| fact.student).collect();
    custody::record_all(tx, session.day, "", undone)?;
    attendance::unseen(tx, session.day, &children)?;
    tx.event(Event::new("TakeBackHandover", session.id).facts(json!({ "children": count })))?;
    Ok(count)
}

/// Whether this handing over or staying is the last that is known of its child.
fn is_last(fact: &Fact, states: &std::collections::BTreeMap<StudentId, State>) -> bool {
    let is_ours = matches!(fact.what, What::HandedOver(_) | What::StayedLate);
    let last = states.get(&fact.student).and_then(State::learnt_from);
    is_ours && last.is_some_and(|sight| sight.fact == fact.id)
}

fn undoing(fact: &Fact, session: SessionId) -> NewFact {
    NewFact { corrects: Some(fact.id), ..NewFact::now(fact.student, Some(session), What::Undone) }
}

/// Notes the same fact of each child, held one after the other in the order of their ids.
fn note_each(
    tx: &mut Tx<HandOverGroup>,
    session: SessionId,
    students: &[StudentId],
    (what, decide): (&What, impl Fn(&Chosen) -> std::result::Result<(), HandoverRefused>),
) -> std::result::Result<(), Failed<HandoverRefused>> {
    let session = own_session(tx, session)?;
    custody::day_is_open(tx, session.day)?.map_err(|_| Failed::Refused(HandoverRefused::DayClosed))?;
    if session.called_off {
        return Err(Failed::Refused(HandoverRefused::CalledOff));
    }
    let mut chosen = students.to_vec();
    chosen.sort_unstable();
    chosen.dedup();
    for student in &chosen {
        rows::hold_child(tx, *student)?;
    }
    let children = children_of(tx, &session)?;
    let states = custody::states_in(tx, session.id, session.day)?;

    may_note(&chosen, (&children, &states), session.ends_at, decide).map_err(Failed::Refused)?;

    for student in &chosen {
        custody::record(tx, session.day, (*student, Some(session.id)), what.clone())?;
    }
    attendance::seen_again(tx, &chosen)?;
    let facts = json!({ "kind": what.kind().word(), "children": chosen.len() });
    tx.event(Event::of::<HandOverGroup>(session.id).facts(facts))?;
    Ok(())
}

fn may_note(
    chosen: &[StudentId],
    (children, states): (&[GroupChild], &std::collections::BTreeMap<StudentId, State>),
    ends_at: Timestamp,
    decide: impl Fn(&Chosen) -> std::result::Result<(), HandoverRefused>,
) -> std::result::Result<(), HandoverRefused> {
    if chosen.is_empty() {
        return Err(HandoverRefused::Nobody);
    }
    for student in chosen {
        let child = children.iter().find(|child| child.child.id == *student);
        let (Some(child), Some(state)) = (child, states.get(student)) else {
            let name = child.map(|child| child.child.name.clone()).unwrap_or_default();
            return Err(HandoverRefused::Child { name, why: CannotFollow::NotExpected });
        };
        decide(&Chosen { child, state, ends_at })?;
    }
    Ok(())
}
