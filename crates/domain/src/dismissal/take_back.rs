//! A release at the gate that was a mistake, and how it is taken back.

use jiff::{SignedDuration, Timestamp};

use crate::access::Role;
use crate::custody::{Ending, Sight, State, Whereabouts};
use crate::ids::FactId;

/// H10: how long a guard can take back a release; afterwards a duty leader corrects it.
pub const TAKE_BACK_SPAN: SignedDuration = SignedDuration::from_mins(5);

/// Who wants to take a release back, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakingBack {
    /// The role they act in.
    pub role: Role,
    /// The moment.
    pub at: Timestamp,
    /// Whether the day of the release was closed.
    pub day_closed: bool,
}

/// Why a release cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotTakeBack {
    /// The child was not let go at the gate, or something was noted since.
    NotLetGo,
    /// A guard's span is over: the duty leader corrects it.
    TooLate,
    /// A duty leader let the child go: only a duty leader takes that back.
    ByDutyLeader,
    /// The day is closed, and is never opened again (H9).
    DayClosed,
}

/// H10: the release that may be taken back now: the last that is known of the child, within [`TAKE_BACK_SPAN`] unless
/// a duty leader does it.
pub fn release_to_take_back(state: &State, by: TakingBack) -> Result<FactId, CannotTakeBack> {
    let release = let_go(state).ok_or(CannotTakeBack::NotLetGo)?;
    if by.day_closed {
        return Err(CannotTakeBack::DayClosed);
    }
    if by.role == Role::DutyLeader {
        return Ok(release.fact);
    }
    if release.role == Role::DutyLeader {
        return Err(CannotTakeBack::ByDutyLeader);
    }
    if TAKE_BACK_SPAN < by.at.duration_since(release.at) {
        return Err(CannotTakeBack::TooLate);
    }
    Ok(release.fact)
}

/// The fact that let the child go at the gate, when that is the last that is known.
fn let_go(state: &State) -> Option<Sight> {
    match state.whereabouts() {
        Whereabouts::Ended(Ending::Collected(_) | Ending::WentAlone | Ending::TookBus) => state.learnt_from(),
        Whereabouts::NotExpected
        | Whereabouts::Unseen
        | Whereabouts::Here
        | Whereabouts::Missing
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare
        | Whereabouts::Ended(
            Ending::OnLeave | Ending::NotComing | Ending::WithFamily | Ending::HandedOver(_),
        ) => None,
    }
}
