//! What may follow what: asked before a fact is noted, never when facts are read.

use jiff::Timestamp;

use super::fact::Kind;
use super::state::{Ending, State, Whereabouts};

/// Why a fact cannot be noted now. Facts that arrive all the same are read by [`super::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotFollow {
    /// The child is not expected today.
    NotExpected,
    /// Nobody has seen the child yet: the roll comes first.
    NotSeen,
    /// The child is being looked for: that has to be explained first (G3).
    Missing,
    /// The child is in school: somebody has seen it.
    InSchool,
    /// The child's day has ended already.
    Ended(Ending),
    /// Nobody has approved an early leave (G6).
    NotApproved,
    /// The child is not being looked for.
    NotMissing,
    /// The child has not gone.
    NotGone,
    /// The child was handed over or kept late in this very session: it is not missing.
    GivenOut,
    /// The day was closed: what happened on it stands as it stood then (H9).
    DayClosed,
}

/// H9: nothing is noted on a day any more once it was closed at this moment; sheet, board and rolls agree from then on.
pub const fn day_is_open(closed_at: Option<Timestamp>) -> Result<(), CannotFollow> {
    match closed_at {
        None => Ok(()),
        Some(_) => Err(CannotFollow::DayClosed),
    }
}

/// Whether the day is over for this child: gone, collected, or not coming. A child who is not expected has no day that
/// would have to end.
pub fn has_ending(state: &State) -> bool {
    match state.whereabouts() {
        Whereabouts::NotExpected | Whereabouts::Ended(_) => true,
        Whereabouts::Unseen
        | Whereabouts::Here
        | Whereabouts::Missing
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare => false,
    }
}

/// Whether a fact of this kind may be noted of a child in this state.
pub fn may_follow(state: &State, kind: Kind) -> Result<(), CannotFollow> {
    match kind {
        Kind::Expected | Kind::Undone => Ok(()),
        Kind::OnLeave | Kind::NotComing => may_stay_away(state),
        Kind::Present | Kind::Late | Kind::Absent => may_be_called(state),
        Kind::Found => may_be_found(state),
        Kind::SickRoom
        | Kind::StayedLate
        | Kind::EarlyLeaveApproved
        | Kind::HandedOver
        | Kind::WentAlone
        | Kind::TookBus => in_school(state),
        Kind::LeftEarly => may_leave_early(state),
        Kind::LetThrough => may_pass_the_gate(state),
        Kind::Returned => may_return(state),
    }
}

fn may_stay_away(state: &State) -> Result<(), CannotFollow> {
    match state.whereabouts() {
        Whereabouts::NotExpected | Whereabouts::Unseen => Ok(()),
        Whereabouts::Ended(ending) if ending.never_came() => Ok(()),
        Whereabouts::Ended(ending) => Err(CannotFollow::Ended(ending)),
        Whereabouts::Missing => Err(CannotFollow::Missing),
        Whereabouts::Here
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare => Err(CannotFollow::InSchool),
    }
}

/// A child on leave who comes all the same is called like the others; one who has gone has to return first.
fn may_be_called(state: &State) -> Result<(), CannotFollow> {
    match state.whereabouts() {
        Whereabouts::NotExpected => Err(CannotFollow::NotExpected),
        Whereabouts::Ended(ending) if ending.never_came() => Ok(()),
        Whereabouts::Ended(ending) => Err(CannotFollow::Ended(ending)),
        Whereabouts::Unseen
        | Whereabouts::Here
        | Whereabouts::Missing
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare => Ok(()),
    }
}

fn may_be_found(state: &State) -> Result<(), CannotFollow> {
    match state.whereabouts() {
        Whereabouts::Missing | Whereabouts::ElsewhereInSchool | Whereabouts::Ended(Ending::WithFamily) => {
            Ok(())
        }
        Whereabouts::NotExpected
        | Whereabouts::Unseen
        | Whereabouts::Here
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare
        | Whereabouts::Ended(_) => Err(CannotFollow::NotMissing),
    }
}

fn may_leave_early(state: &State) -> Result<(), CannotFollow> {
    in_school(state)?;
    if state.early_leave.is_none() { Err(CannotFollow::NotApproved) } else { Ok(()) }
}

/// The gate may note its part after the teacher's handing over as well as without it: one never implies the other.
fn may_pass_the_gate(state: &State) -> Result<(), CannotFollow> {
    match state.whereabouts() {
        Whereabouts::Ended(Ending::HandedOver(_)) if state.let_through.is_none() => Ok(()),
        Whereabouts::NotExpected
        | Whereabouts::Unseen
        | Whereabouts::Here
        | Whereabouts::Missing
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare
        | Whereabouts::Ended(_) => in_school(state),
    }
}

fn may_return(state: &State) -> Result<(), CannotFollow> {
    match state.whereabouts() {
        Whereabouts::Ended(ending) if !ending.never_came() => Ok(()),
        Whereabouts::WithColleague => Ok(()),
        Whereabouts::NotExpected => Err(CannotFollow::NotExpected),
        Whereabouts::Unseen
        | Whereabouts::Here
        | Whereabouts::Missing
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::LateCare
        | Whereabouts::Ended(_) => Err(CannotFollow::NotGone),
    }
}

fn in_school(state: &State) -> Result<(), CannotFollow> {
    match state.whereabouts() {
        Whereabouts::Here
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare => Ok(()),
        Whereabouts::NotExpected => Err(CannotFollow::NotExpected),
        Whereabouts::Unseen => Err(CannotFollow::NotSeen),
        Whereabouts::Missing => Err(CannotFollow::Missing),
        Whereabouts::Ended(ending) => Err(CannotFollow::Ended(ending)),
    }
}
