//! The verdict at the gate: let go, or stop with the next step.

use jiff::Timestamp;
use jiff::civil::Date;

use super::mode::{Consent, Mode, offered};
use super::pickup::{Delegate, Restriction};
use super::stop::Stop;
use crate::ids::{DelegateId, GuardianId};
use crate::moment;

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

/// H2, H10: how the person who takes the child was checked. In each case the child confirmed them too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// The face is known to who lets go, and child and adult know each other.
    Known,
    /// Name and relation were asked, and the child said the same.
    Asked,
    /// A paper with a photograph was seen.
    PaperSeen,
    /// A guardian confirmed on the telephone.
    Telephoned,
    /// Nobody to check: alone or by bus, by written consent.
    ByConsent,
}

impl Check {
    /// Every way.
    pub const ALL: [Check; 5] =
        [Check::Known, Check::Asked, Check::PaperSeen, Check::Telephoned, Check::ByConsent];

    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Check::Known => "known",
            Check::Asked => "asked",
            Check::PaperSeen => "paper_seen",
            Check::Telephoned => "telephoned",
            Check::ByConsent => "by_consent",
        }
    }

    /// The way of this word.
    pub fn parse(word: &str) -> Option<Check> {
        Check::ALL.into_iter().find(|check| check.word() == word)
    }
}

/// Where the child stands in the day, as far as the gate is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// In a teacher's or the gate's care.
    InCare,
    /// Expected, but nobody has seen the child, or on leave: whoever stands there must be looked into.
    NotSeen,
    /// Has an ending for the day already.
    Gone,
}

/// What the verdict depends on: one child, one day.
#[derive(Debug, Clone)]
pub struct Child {
    /// The child's grade.
    pub grade: u8,
    /// Where the child stands in the day.
    pub presence: Presence,
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
    /// The modes that the plan offers the grade, when it says so.
    pub modes: Option<Vec<Mode>>,
    /// Today's stops of this child.
    pub stops: Vec<Stop>,
}

/// The answer: let go, or stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// 可以接走, and by which mode.
    Release(Mode),
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
    /// Nobody has called the child in today.
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
        mode: Mode,
    },
    /// No guardian consented in writing to this mode.
    NoConsent {
        /// The mode.
        mode: Mode,
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
    /// The child is not here.
    Nowhere,
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
}

impl Why {
    /// H3: whether only a duty leader can end this stop. The others end when a guardian names the person,
    /// when the wave goes, or when someone entitled comes.
    pub const fn needs_duty_leader(&self) -> bool {
        match self {
            Why::Restricted | Why::Held | Why::NotSeen => true,
            Why::Gone
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
            Why::NotSeen => "not_seen",
            Why::NotNamed => "not_named",
            Why::NotYet { .. } => "not_yet",
            Why::Ended { .. } => "ended",
            Why::ModeNotOffered { .. } => "mode_not_offered",
            Why::NoConsent { .. } => "no_consent",
            Why::TooEarly { .. } => "too_early",
        }
    }

    fn next(&self) -> Next {
        let (wait, call) = match self {
            Why::Restricted | Why::Held => (Wait::GateRoom, Call::DutyLeader),
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

impl From<Why> for Verdict {
    fn from(why: Why) -> Verdict {
        let next = why.next();
        Verdict::Stop { why, next }
    }
}

/// H1, H3, C2: whether this collector may take this child at this moment.
///
/// A restriction is looked at first, so that no later reason hides it; a stop that waits for the duty leader
/// comes next; then the child's own day; then the person; then the wave.
pub fn may_take(collector: &Collector, child: &Child, at: Timestamp) -> Verdict {
    match permitted(collector, child, at) {
        Ok(mode) => Verdict::Release(mode),
        Err(why) => why.into(),
    }
}

fn permitted(collector: &Collector, child: &Child, at: Timestamp) -> Result<Mode, Why> {
    let today = moment::day_of(at);
    if restricted(collector, child, today) {
        return Err(Why::Restricted);
    }
    if child.stops.iter().any(Stop::holds) {
        return Err(Why::Held);
    }
    match child.presence {
        Presence::Gone => return Err(Why::Gone),
        Presence::NotSeen => return Err(Why::NotSeen),
        Presence::InCare => {}
    }
    let mode = entitled(collector, child, today)?;
    match child.wave_at {
        Some(wave_at) if at < wave_at && !child.early_leave => Err(Why::TooEarly { wave_at }),
        _ => Ok(mode),
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

fn entitled(collector: &Collector, child: &Child, today: Date) -> Result<Mode, Why> {
    match collector {
        Collector::Guardian(guardian) if child.guardians.contains(guardian) => Ok(Mode::Collected),
        Collector::Guardian(_) | Collector::Unnamed(_) => Err(Why::NotNamed),
        Collector::Delegate(id) => delegated(*id, child, today).map(|()| Mode::Collected),
        Collector::Alone => consented(Mode::Alone, child, today),
        Collector::Bus => consented(Mode::Bus, child, today),
    }
}

/// H1: a delegation counts while it holds and while the guardian who gave it may collect the child.
fn delegated(id: DelegateId, child: &Child, today: Date) -> Result<(), Why> {
    let delegate = child.delegates.iter().find(|delegate| delegate.id == id).ok_or(Why::NotNamed)?;
    let giver = Collector::Guardian(delegate.named_by);
    if !child.guardians.contains(&delegate.named_by) || restricted(&giver, child, today) {
        return Err(Why::NotNamed);
    }
    if today < delegate.from_on {
        return Err(Why::NotYet { from_on: delegate.from_on });
    }
    if delegate.to_on < today {
        return Err(Why::Ended { to_on: delegate.to_on });
    }
    Ok(())
}

/// Art. 31: leaving in this mode needs a grade that may and a written consent of today.
fn consented(mode: Mode, child: &Child, today: Date) -> Result<Mode, Why> {
    if !offered(child.grade, child.modes.as_deref()).contains(&mode) {
        return Err(Why::ModeNotOffered { mode });
    }
    if child.consents.iter().any(|consent| consent.mode == mode && consent.holds_on(today)) {
        Ok(mode)
    } else {
        Err(Why::NoConsent { mode })
    }
}
