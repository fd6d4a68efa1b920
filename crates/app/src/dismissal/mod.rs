//! Dismissal: the pick-up list, the gate, handing over, closing, and what a family sees of the day
//! (H1–H3, H6, H9, H10, H12, C2, A6, A9, G4).

mod board;
mod closing;
mod gate;
mod handover;
mod home;
mod pickup;
mod restriction;
mod rows;
mod stop;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Result, SchoolTx};
use kehou_domain::access::Role;
use kehou_domain::ids::{AccountId, GuardianId, StudentId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::ReleaseMode;
use serde_json::Value;

pub use board::{
    Board, Fingerprint, GroupLine, LateCard, MissingCard, Sheet, SheetLine, board, fingerprint, sheet,
};
pub use closing::{CloseDayRefused, ClosedDay, GroupToClose, SessionCard, close_day, close_group, closing};
pub use gate::{
    AtGate, Candidate, Gate, GateChild, Look, ReleaseOutcome, Wave, check, child_at_gate, gate, release,
};
pub use handover::{GroupChild, GroupNow, HandoverRefused, group_now, hand_over, stay_late};
pub use home::{ChildDay, ChildToday, DayFact, SessionNow, Step, StepKind, StepState, child_day, today};
pub use pickup::{
    GivenConsent, Naming, PickupList, consent, end_delegate, name_delegate, pickup_list, withdraw_consent,
};
pub use restriction::{
    KeptRestriction, NewRestriction, RestrictionList, RestrictionRefused, Source, lift, restrict,
    restrictions,
};
pub use stop::{StopCard, settle, stop};

/// A child as pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildCard {
    /// The child.
    pub id: StudentId,
    /// The name.
    pub name: String,
    /// The home class, when the child sits in one.
    pub class: Option<ClassKey>,
    /// The grade on the day, when the class has one.
    pub grade: Option<u8>,
}

/// A guardian as those who call one see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianCard {
    /// The guardian.
    pub id: GuardianId,
    /// The name.
    pub name: String,
    /// What they are to the child.
    pub relation: String,
    /// The telephone number, in the clear.
    pub phone: Option<String>,
    /// The account, when they sign in.
    pub account: Option<AccountId>,
}

/// When each grade goes home today, and how it may (C2, H1).
#[derive(Debug, Clone, Default)]
pub(crate) struct WaysHome {
    leaves: BTreeMap<u8, Timestamp>,
    modes: BTreeMap<u8, Vec<ReleaseMode>>,
}

impl WaysHome {
    /// When the grade's wave goes; when the plan states no time, the end of the child's last session.
    fn wave(&self, grade: Option<u8>, ends_at: Timestamp) -> Timestamp {
        grade.and_then(|grade| self.leaves.get(&grade).copied()).unwrap_or(ends_at)
    }

    /// The modes that the plan offers the grade; a child without a grade is collected.
    fn modes(&self, grade: Option<u8>) -> Vec<ReleaseMode> {
        let offered = grade.and_then(|grade| self.modes.get(&grade).cloned());
        offered.unwrap_or_else(|| vec![ReleaseMode::Guardian, ReleaseMode::Delegate])
    }
}

/// The ways home of a day without a plan in force: every child is collected when its last session ends.
pub(crate) fn ways_home(_: &mut SchoolTx, _: Date) -> Result<WaysHome> {
    Ok(WaysHome::default())
}

/// The modes that today's plan offers the grade.
fn modes_of(tx: &mut SchoolTx, grade: Option<u8>) -> Result<Vec<ReleaseMode>> {
    let today = tx.today();
    Ok(ways_home(tx, today)?.modes(grade))
}

/// The last day before this one.
fn day_before(day: Date) -> Date {
    day.yesterday().expect("no school was open on the calendar's first day")
}

/// Tells everyone who leads the duty (A6, A9).
fn tell_duty_leaders(tx: &mut SchoolTx, kind: &'static str, facts: &Value) -> Result<()> {
    tx.tell_role(Role::DutyLeader, kind, facts)
}
