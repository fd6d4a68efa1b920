//! The verdict at the gate: let go, or stop with the next step.

use jiff::Timestamp;
use jiff::civil::Date;

use super::mode::Consent;
use super::pickup::{Delegate, Restriction};
use super::stop::Stop;
use crate::custody::Whereabouts;
use crate::ids::{DelegateId, GuardianId};
use crate::moment;
use crate::people::cell::squeeze;
use crate::plan::ReleaseMode;
use crate::typed::{LONGEST_NAME, is_longer};

/// Who stands there to take the child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collector {
    /// A guardian of the school's roster.
    Guardian(GuardianId),
    /// Someone from the pick-up list.
    Delegate(DelegateId),
    /// Nobody: the child goes alone.
    Alone,
    /// The school bus.
    Bus,
    /// Someone who is on no list, by the name they gave.
    Unnamed(String),
}

/// What the verdict depends on: one child, one day.
#[derive(Debug, Clone)]
pub struct Child {
    /// Where the child is, by the ledger of the day.
    pub whereabouts: Whereabouts,
    /// When the child's wave goes (C2); none when the plan states no time.
    pub wave_at: Option<Timestamp>,
    /// Whether leaving early was approved for today (G6).
    pub early_leave: bool,
    /// The guardians of this day.
    pub guardians: Vec<GuardianId>,
    /// Everyone named for the child, past ones too, so that an ended delegation can be told from none.
    pub delegates: Vec<Delegate>,
    /// Who must not collect.
    pub restrictions: Vec<Restriction>,
    /// Written consents to a mode.
    pub consents: Vec<Consent>,
    /// The modes that the plan offers the child's grade.
    pub modes: Vec<ReleaseMode>,
    /// Today's stops of this child.
    pub stops: Vec<Stop>,
}

/// How an entitled child leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// With this guardian.
    WithGuardian(GuardianId),
    /// With this delegate.
    WithDelegate(DelegateId),
    /// Alone.
    Alone,
    /// Onto the school bus.
    ByBus,
}

/// The answer: let go, or stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// 可以接走, and how the child leaves.
    Release(Leave),
    /// 先不要放行.
    Stop {
        /// The reason.
        why: Why,
        /// What happens now.
        next: Next,
    },
}

/// Why a child is not let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// This person must not collect the child (H3).
    Restricted,
    /// An earlier stop waits for the duty leader.
    Held,
    /// The child has an ending already.
    Gone,
    /// The roll of the child's group was not called yet.
    NotCalled,
    /// The child is missing, or was not in school.
    NotSeen,
    /// On no list.
    NotNamed,
    /// Named, but only from this day on.
    NotYet {
        /// The first day.
        from_on: Date,
    },
    /// Was named until this day.
    Ended {
        /// The last day.
        to_on: Date,
    },
    /// Children of this grade don't leave in this mode.
    ModeNotOffered {
        /// The mode.
        mode: ReleaseMode,
    },
    /// No guardian consented in writing to this mode.
    NoConsent {
        /// The mode.
        mode: ReleaseMode,
    },
    /// The wave goes later, and leaving early was not approved.
    TooEarly {
        /// When the wave goes.
        wave_at: Timestamp,
    },
}

/// What happens after a stop: never a dead end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Where the child waits.
    pub wait: Wait,
    /// Whom to call.
    pub call: Call,
}

/// Where a stopped child waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// In the gate room, in the guard's sight.
    GateRoom,
    /// With the teacher of the group.
    WithTeacher,
    /// In its room, as far as anybody knows.
    Classroom,
    /// The child is not here.
    Nowhere,
    /// The child has left the school.
    HasLeft,
}

/// Why a name that was typed at the gate is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadName {
    /// It is missing.
    Missing,
    /// It is longer than [`LONGEST_NAME`].
    TooLong,
}

impl Collector {
    /// Somebody on no list, by the name that was asked for.
    pub fn unnamed(name: &str) -> Result<Collector, BadName> {
        match name.trim() {
            name if squeeze(name).is_empty() => Err(BadName::Missing),
            name if is_longer(name, LONGEST_NAME) => Err(BadName::TooLong),
            name => Ok(Collector::Unnamed(name.to_owned())),
        }
    }
}

/// Whom to call after a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// A guardian, who may name the person on the spot.
    Guardian,
    /// The duty leader.
    DutyLeader,
    /// The teacher of the group.
    Teacher,
    /// The teacher of the group, to call the roll first.
    RollCaller,
}

impl Why {
    /// H3: whether only a duty leader can end this stop. The others end when a guardian names the person,
    /// when the wave goes, or when someone entitled comes.
    pub const fn needs_duty_leader(&self) -> bool {
        match self {
            Why::Restricted | Why::Held | Why::NotSeen => true,
            Why::Gone
            | Why::NotCalled
            | Why::NotNamed
            | Why::NotYet { .. }
            | Why::Ended { .. }
            | Why::ModeNotOffered { .. }
            | Why::NoConsent { .. }
            | Why::TooEarly { .. } => false,
        }
    }

    /// The reason's word in the store.
    pub const fn word(&self) -> &'static str {
        match self {
            Why::Restricted => "restricted",
            Why::Held => "held",
            Why::Gone => "gone",
            Why::NotCalled => "not_called",
            Why::NotSeen => "not_seen",
            Why::NotNamed => "not_named",
            Why::NotYet { .. } => "not_yet",
            Why::Ended { .. } => "ended",
            Why::ModeNotOffered { .. } => "mode_not_offered",
            Why::NoConsent { .. } => "no_consent",
            Why::TooEarly { .. } => "too_early",
        }
    }

    /// H1: whether a guardian can end this stop by naming the person.
    pub const fn is_for_the_family(&self) -> bool {
        match self {
            Why::NotNamed | Why::NotYet { .. } | Why::Ended { .. } => true,
            Why::Restricted
            | Why::Held
            | Why::Gone
            | Why::NotCalled
            | Why::NotSeen
            | Why::ModeNotOffered { .. }
            | Why::NoConsent { .. }
            | Why::TooEarly { .. } => false,
        }
    }

    /// H1: whether the person is one whom a guardian lets come, so that nothing stands in the way but the child's day.
    pub const fn is_of_the_day(&self) -> bool {
        match self {
            Why::NotCalled | Why::TooEarly { .. } | Why::Held => true,
            Why::Restricted
            | Why::Gone
            | Why::NotSeen
            | Why::NotNamed
            | Why::NotYet { .. }
            | Why::Ended { .. }
            | Why::ModeNotOffered { .. }
            | Why::NoConsent { .. } => false,
        }
    }

    /// What happens now to a child who is there.
    pub const fn next(&self, whereabouts: Whereabouts) -> Next {
        let (wait, call) = match self {
            Why::NotNamed | Why::NotYet { .. } | Why::Ended { .. } if whereabouts.has_gone() => {
                (Wait::HasLeft, Call::DutyLeader)
            }
            Why::NotNamed | Why::NotYet { .. } | Why::Ended { .. }
                if matches!(whereabouts, Whereabouts::Unseen) =>
            {
                (Wait::Classroom, Call::Guardian)
            }
            Why::Restricted | Why::Held => (Wait::GateRoom, Call::DutyLeader),
            Why::NotCalled => (Wait::Classroom, Call::RollCaller),
            Why::NotSeen | Why::Gone => (Wait::Nowhere, Call::DutyLeader),
            Why::NotNamed
            | Why::NotYet { .. }
            | Why::Ended { .. }
            | Why::ModeNotOffered { .. }
            | Why::NoConsent { .. } => (Wait::GateRoom, Call::Guardian),
            Why::TooEarly { .. } => (Wait::WithTeacher, Call::Teacher),
        };
        Next { wait, call }
    }
}

/// H1, H3, C2: whether this collector may take this child at this moment.
///
/// A restriction is looked at first, so that no later reason hides it; a stop that waits for the duty leader
/// comes next; then the child's own day; then the person; then the wave. Somebody on no list is a stop of their own
/// while the child is held, before its roll was called (G2) and after it has left: that they asked for it is a fact.
pub fn may_take(collector: &Collector, child: &Child, at: Timestamp) -> Verdict {
    match permitted(collector, child, at) {
        Ok(leave) => Verdict::Release(leave),
        Err(why) => {
            let next = why.next(child.whereabouts);
            let next =
                if has_family_to_call(child, moment::day_of(at)) { next } else { next.without_family() };
            Verdict::Stop { next, why }
        }
    }
}

/// Whether a guardian is left who may collect the child.
fn has_family_to_call(child: &Child, today: Date) -> bool {
    child.guardians.iter().any(|guardian| !restricted(&Collector::Guardian(*guardian), child, today))
}

impl Next {
    /// H3: what happens when no guardian is left who may collect the child: who leads the duty is called instead.
    #[must_use]
    pub const fn without_family(self) -> Next {
        match self.call {
            Call::Guardian => Next { call: Call::DutyLeader, ..self },
            Call::DutyLeader | Call::Teacher | Call::RollCaller => self,
        }
    }
}

/// H3: whether this guardian may be told of the child's way home: who asked for it, whom others named, who took it. A
/// guardian who must not collect it may not.
pub fn may_be_told(guardian: GuardianId, restrictions: &[Restriction], day: Date) -> bool {
    !restrictions.iter().any(|restriction| restriction.holds_on(day) && restriction.is_of(guardian))
}

fn permitted(collector: &Collector, child: &Child, at: Timestamp) -> Result<Leave, Why> {
    let today = moment::day_of(at);
    if restricted(collector, child, today) {
        return Err(Why::Restricted);
    }
    let unless_stranger = |why: Why| match entitled(collector, child, today) {
        Err(stranger) if stranger.is_for_the_family() => stranger,
        Ok(_) | Err(_) => why,
    };
    if child.stops.iter().any(Stop::holds) {
        return Err(unless_stranger(Why::Held));
    }
    match in_care(child.whereabouts) {
        Err(why @ (Why::NotCalled | Why::Gone)) => return Err(unless_stranger(why)),
        here => here?,
    }
    let leave = entitled(collector, child, today)?;
    match child.wave_at {
        Some(wave_at) if at < wave_at && !child.early_leave => Err(Why::TooEarly { wave_at }),
        _ => Ok(leave),
    }
}

/// Whether the school has the child in its hands: called in, and without an ending.
pub(super) fn in_care(whereabouts: Whereabouts) -> Result<(), Why> {
    match whereabouts {
        Whereabouts::Here
        | Whereabouts::ElsewhereInSchool
        | Whereabouts::SickRoom
        | Whereabouts::WithColleague
        | Whereabouts::LateCare => Ok(()),
        Whereabouts::Unseen => Err(Why::NotCalled),
        Whereabouts::Ended(ending) if !ending.never_came() => Err(Why::Gone),
        Whereabouts::NotExpected | Whereabouts::Missing | Whereabouts::Ended(_) => Err(Why::NotSeen),
    }
}

fn restricted(collector: &Collector, child: &Child, today: Date) -> bool {
    let mut in_force = child.restrictions.iter().filter(|restriction| restriction.holds_on(today));
    in_force.any(|restriction| match collector {
        Collector::Guardian(guardian) => restriction.is_of(*guardian),
        Collector::Delegate(id) => {
            child.delegates.iter().any(|delegate| delegate.id == *id && restriction.names(&delegate.name))
        }
        Collector::Unnamed(name) => restriction.names(name),
        Collector::Alone | Collector::Bus => false,
    })
}

fn entitled(collector: &Collector, child: &Child, today: Date) -> Result<Leave, Why> {
    match collector {
        Collector::Guardian(guardian) if child.guardians.contains(guardian) => {
            Ok(Leave::WithGuardian(*guardian))
        }
        Collector::Guardian(_) | Collector::Unnamed(_) => Err(Why::NotNamed),
        Collector::Delegate(id) => {
            delegated(*id, child, today)?;
            offered(ReleaseMode::Delegate, child)?;
            Ok(Leave::WithDelegate(*id))
        }
        Collector::Alone => consented(ReleaseMode::Alone, child, today).map(|()| Leave::Alone),
        Collector::Bus => consented(ReleaseMode::Bus, child, today).map(|()| Leave::ByBus),
    }
}

/// Whether the plan offers the mode to the child's grade.
fn offered(mode: ReleaseMode, child: &Child) -> Result<(), Why> {
    if child.modes.contains(&mode) { Ok(()) } else { Err(Why::ModeNotOffered { mode }) }
}

/// H1: a delegation counts while it holds and while the guardian who gave it may collect the child.
fn delegated(id: DelegateId, child: &Child, today: Date) -> Result<(), Why> {
    let delegate = child.delegates.iter().find(|delegate| delegate.id == id).ok_or(Why::NotNamed)?;
    let giver = Collector::Guardian(delegate.named_by);
    if !child.guardians.contains(&delegate.named_by) || restricted(&giver, child, today) {
        return Err(Why::NotNamed);
    }
    if delegate.to_on < today {
        return Err(Why::Ended { to_on: delegate.to_on });
    }
    if today < delegate.from_on {
        return Err(Why::NotYet { from_on: delegate.from_on });
    }
    Ok(())
}

/// Art. 31: leaving in this mode needs a grade that may and a written consent of today.
fn consented(mode: ReleaseMode, child: &Child, today: Date) -> Result<(), Why> {
    offered(mode, child)?;
    if child.consents.iter().any(|consent| consent.mode == mode && consent.holds_on(today)) {
        Ok(())
    } else {
        Err(Why::NoConsent { mode })
    }
}
