//! Dismissal: the pick-up list, the gate, handing over, closing, and what a family sees of the day
//! (H1–H3, H6, H9, H10, H12, C2, A6, A9, G4).

mod board;
mod closing;
mod gate;
mod guardianship;
mod handover;
mod home;
mod paper;
mod pickup;
mod released;
mod restriction;
mod rows;
mod stop;
mod take_back;
mod takeout;
mod unlisted;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Result, SchoolTx};
use kehou_domain::access::Role;
use kehou_domain::ids::{AccountId, GuardianId, StudentId};
use kehou_domain::moment;
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::{DayKind, ReleaseMode, ReleaseOn};
use serde_json::Value;

pub use board::{
    Board, Fingerprint, GroupLine, LateCard, MissingCard, Sheet, SheetLine, board, fingerprint, sheet,
};
pub use closing::{
    CloseDayRefused, ClosedDay, GapDay, GroupToClose, OpenDay, OpenDays, SessionCard, close_day, close_group,
    closed_with_gaps, closing, open_days,
};
pub use gate::{
    AtGate, Candidate, Gate, GateChild, Look, ReleaseOutcome, Wave, check, child_at_gate, gate, release,
};
pub use guardianship::{EndedGuardian, end_guardianship};
pub use handover::{
    CalledOff, GroupChild, GroupNow, HandoverRefused, Staying, called_off, group_now, hand_over, stay_late,
    take_back,
};
pub use home::{
    ChildDay, ChildToday, DayFact, SessionNow, Step, StepKind, StepState, ToDo, child_day, today,
};
pub use paper::{
    CannotWrite, PaperChild, PaperKind, Says, SignedPaper, WrittenPaper, child_on_paper, settle_signed_paper,
    signed_papers, write_signed_paper,
};
pub use pickup::{
    GivenConsent, Naming, PickupList, consent, end_delegate, name_delegate, pickup_list, withdraw_consent,
};
pub use restriction::{
    KeptRestriction, ListedRestriction, NewRestriction, RestrictionList, RestrictionRefused, Source,
    children_to_restrict, lift, restrict, restricted_children, restriction_wrong, restrictions,
};
pub use stop::{Agreement, Settling, StopAtGate, StopCard, settle, stop};
pub use take_back::take_back_release;
pub use takeout::takeout;
pub use unlisted::{Unlisted, unlisted};

use crate::{calendar, people, plan};

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

/// Somebody who leads the duty, to be called from the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaderCard {
    /// The name.
    pub name: String,
    /// The telephone number, in the clear.
    pub phone: String,
}

/// When each grade goes home today, and how it may (C2, H1).
#[derive(Debug, Clone, Default)]
pub(crate) struct WaysHome {
    leaves: BTreeMap<u8, Timestamp>,
    modes: BTreeMap<u8, Vec<ReleaseMode>>,
}

impl WaysHome {
    /// When the grade's wave goes, but not before the child's last session ends; when the plan states no time, then.
    fn wave(&self, grade: Option<u8>, ends_at: Timestamp) -> Timestamp {
        grade.and_then(|grade| self.leaves.get(&grade).copied()).map_or(ends_at, |at| at.max(ends_at))
    }

    /// The modes that the plan offers the grade; a child without a grade is collected.
    fn modes(&self, grade: Option<u8>) -> Vec<ReleaseMode> {
        let offered = grade.and_then(|grade| self.modes.get(&grade).cloned());
        offered.unwrap_or_else(|| vec![ReleaseMode::Guardian, ReleaseMode::Delegate])
    }
}

/// Every grade that a school may have.
const GRADES: std::ops::RangeInclusive<u8> = 1..=9;

/// The ways home of the day, by the plan in force; without one, every child is collected when its last session ends.
pub(crate) fn ways_home(tx: &mut SchoolTx, day: Date) -> Result<WaysHome> {
    let plan = match plan::plan_on(tx, day) {
        Err(Error::NotFound) => return Ok(WaysHome::default()),
        plan => plan?,
    };
    let modes = GRADES.map(|grade| (grade, plan.release_modes(grade))).collect();
    let Ok(service) = calendar::service_day(tx, day)? else {
        return Ok(WaysHome { leaves: BTreeMap::new(), modes });
    };
    let releases = plan.release_on(day, DayKind::School { follows: service.weekday });
    let at = |release: &ReleaseOn| release.at.map(|at| moment::instant(day, at));
    let leaves = releases.iter().filter_map(|release| at(release).map(|at| (release.grades, at)));
    Ok(WaysHome {
        leaves: leaves.flat_map(|(grades, at)| grades.iter().map(move |grade| (grade, at))).collect(),
        modes,
    })
}

/// The modes that today's plan offers the grade.
fn modes_of(tx: &mut SchoolTx, grade: Option<u8>) -> Result<Vec<ReleaseMode>> {
    let today = tx.today();
    Ok(ways_home(tx, today)?.modes(grade))
}

/// Earlier days that were not closed, the oldest first (H9): they are worked on until somebody closes them.
pub(crate) fn unclosed(tx: &mut SchoolTx) -> Result<Vec<Date>> {
    let today = tx.today();
    rows::unclosed_days(tx, today)
}

/// Whether the day is worked on.
fn is_worked_on(tx: &mut SchoolTx, day: Date) -> Result<bool> {
    Ok(day == tx.today() || unclosed(tx)?.contains(&day))
}

/// The day that is worked on: today, or an earlier one that was asked for and is not closed. Midnight ends no day.
fn worked_on(tx: &mut SchoolTx, asked: Option<Date>) -> Result<Date> {
    let today = tx.today();
    match asked.filter(|day| *day != today) {
        None => Ok(today),
        Some(day) if unclosed(tx)?.contains(&day) => Ok(day),
        Some(_) => Err(Error::NotFound),
    }
}

/// The day that is looked at: one that is worked on, or an earlier one that had sessions and is closed.
fn looked_at(tx: &mut SchoolTx, asked: Option<Date>) -> Result<Date> {
    let today = tx.today();
    match asked.filter(|day| *day < today) {
        Some(day) if rows::closed_day(tx, day)?.is_some() => Ok(day),
        Some(_) | None => worked_on(tx, asked),
    }
}

/// The last day before this one.
fn day_before(day: Date) -> Date {
    day.yesterday().expect("no school was open on the calendar's first day")
}

/// A homeroom teacher reaches the own class's children; the offices reach every child.
fn within_reach(tx: &mut SchoolTx, student: StudentId) -> Result<()> {
    if tx.role() != Role::HomeroomTeacher {
        return Ok(());
    }
    let today = tx.today();
    let class = people::class_on(tx, student, today)?.ok_or(Error::NotFound)?;
    people::own_class(tx, class).map(drop)
}

/// Tells everyone who leads the duty (A6, A9).
fn tell_duty_leaders(tx: &mut SchoolTx, kind: &'static str, facts: &Value) -> Result<()> {
    tx.tell_role(Role::DutyLeader, kind, facts)
}
