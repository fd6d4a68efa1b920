//! Late care: from when on, and for whom, somebody stays with a child (H6).

use jiff::Timestamp;

use crate::custody::{CannotFollow, Kind, State, Whereabouts, may_follow};

/// A child whom somebody wants to keep until its family comes.
#[derive(Debug, Clone, Copy)]
pub struct Waiting<'a> {
    /// What the child's day adds up to.
    pub state: &'a State,
    /// Whether this is the child's last session of the day.
    pub goes_home: bool,
    /// When the session ends.
    pub ends_at: Timestamp,
    /// Whether whoever keeps the child says that it came back from the gate.
    pub is_back: bool,
}

/// Why nobody stays late with a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotStay {
    /// The session goes on: nobody is late yet.
    NotOver {
        /// When it ends.
        ends_at: Timestamp,
    },
    /// The child has another session after this one.
    GoesOn,
    /// The child was handed over to the gate: somebody has to say that it is back.
    HandedOver,
    /// Somebody stays with the child already.
    Stays,
    /// The child's day says no.
    Day(CannotFollow),
}

/// H6: a child is kept for its family from the end of its last session on. Where the child is by the ledger decides: one
/// who was handed over is with a colleague, until somebody says that it came back.
pub fn may_stay(waiting: Waiting, at: Timestamp) -> Result<(), CannotStay> {
    may_follow(waiting.state, Kind::StayedLate).map_err(CannotStay::Day)?;
    if !waiting.goes_home {
        return Err(CannotStay::GoesOn);
    }
    if at < waiting.ends_at {
        return Err(CannotStay::NotOver { ends_at: waiting.ends_at });
    }
    match waiting.state.whereabouts() {
        Whereabouts::LateCare => Err(CannotStay::Stays),
        Whereabouts::WithColleague if !waiting.is_back => Err(CannotStay::HandedOver),
        Whereabouts::WithColleague
        | Whereabouts::Here
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::NotExpected
        | Whereabouts::Unseen
        | Whereabouts::Missing
        | Whereabouts::Ended(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date, time};

    use super::*;
    use crate::access::Role;
    use crate::custody::{Check, Fact, Handing, Receiver, What, state};
    use crate::ids::{AccountId, EntityId, FactId, SessionId, StudentId};
    use crate::moment::instant;

    const TUESDAY: Date = date(2026, 11, 24);

    fn at(hour: i8, minute: i8) -> Timestamp {
        instant(TUESDAY, time(hour, minute, 0, 0))
    }

    /// A day of one child in session 7: these facts, one a minute from 17:00 on.
    fn day_of(whats: &[What]) -> State {
        let facts = (0_i8..).zip(whats).map(|(minute, what)| Fact {
            id: FactId::from_bits(u128::try_from(minute).unwrap() + 1),
            student: StudentId::from_bits(5),
            day: TUESDAY,
            session: Some(SessionId::from_bits(7)),
            at: at(17, minute),
            arrived_at: at(17, minute),
            device: String::new(),
            account: AccountId::from_bits(1),
            role: Role::ServiceTeacher,
            corrects: None,
            what: what.clone(),
        });
        state(&facts.collect::<Vec<_>>())
    }

    #[test]
    fn h6_late_care_begins_with_the_end_of_the_last_session_and_not_behind_the_gates_back() {
        let here = [What::Expected, What::Present];
        let gate = Handing { to: Receiver::Colleague, checked: Check::Known, place: "北门".to_owned() };
        let at_gate = [What::Expected, What::Present, What::HandedOver(gate)];
        let kept = [What::Expected, What::Present, What::StayedLate];
        let ends_at = at(17, 20);
        for (facts, goes_home, minute, is_back, expected) in [
            (&here[..], true, 20, false, Ok(())),
            (&here, true, 19, false, Err(CannotStay::NotOver { ends_at })),
            (&here, false, 20, false, Err(CannotStay::GoesOn)),
            (&at_gate, true, 20, false, Err(CannotStay::HandedOver)),
            (&at_gate, true, 20, true, Ok(())),
            (&kept, true, 20, true, Err(CannotStay::Stays)),
            (&here[..1], true, 20, false, Err(CannotStay::Day(CannotFollow::NotSeen))),
        ] {
            let state = day_of(facts);
            let waiting = Waiting { state: &state, goes_home, ends_at, is_back };
            assert_eq!(may_stay(waiting, at(17, minute)), expected, "{facts:?} {minute}");
        }
    }
}
