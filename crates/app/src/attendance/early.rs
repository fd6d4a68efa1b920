//! Early leave (G6): reported, passed on by the tutor, decided by the grade head, registered when the child goes.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{DecideEarlyLeave, ReadEarlyLeaves, ReportEarlyLeave, Role};
use kehou_domain::attendance::{EarlyRefused, EarlyStatus, EarlyStep, step};
use kehou_domain::custody::{CannotFollow, Kind, What, may_follow};
use kehou_domain::ids::{EarlyLeaveId, SessionId, StudentId};
use serde_json::json;

use super::rows;
use super::session::{Sight, own_child, sees_child, sight};
use crate::{custody, people};

/// A child's leaving before the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Early {
    /// Its id.
    pub id: EarlyLeaveId,
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub name: String,
    /// The number in the class, where the school gives numbers.
    pub seat_no: Option<u32>,
    /// The session.
    pub session: SessionId,
    /// The day.
    pub day: Date,
    /// The group.
    pub group_name: String,
    /// What the school calls the slot.
    pub slot_name: String,
    /// Why.
    pub reason: String,
    /// How far it is.
    pub status: EarlyStatus,
    /// When the child reported.
    pub reported_at: Timestamp,
    /// When the tutor passed it on.
    pub passed_at: Option<Timestamp>,
    /// When the grade head decided.
    pub decided_at: Option<Timestamp>,
    /// When the child went.
    pub left_at: Option<Timestamp>,
}

/// Why a report is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportRefused {
    /// The child's day says no.
    Day(CannotFollow),
    /// There is an open one already.
    There,
    /// A reason is missing.
    NoReason,
    /// The reason is too long.
    TooLong,
}

/// Why a step is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepRefused {
    /// It is not this step's turn, or not this role's.
    Step(EarlyRefused),
    /// The child's day says no.
    Day(CannotFollow),
}

/// The longest reason, in characters.
const LONGEST_REASON: usize = 200;

/// The day's early leaves: of one's own sessions, or all for those who lead the day.
pub fn early_leaves(tx: &mut Tx<ReadEarlyLeaves>, day: Date) -> Result<Vec<Early>> {
    let mut leaves = rows::early::of_day(tx, day)?;
    let sight = sight(tx)?;
    if sight != Sight::Every {
        let sessions = rows::sessions::sessions(tx, day)?;
        let mut own = Vec::new();
        for early in leaves {
            let session = sessions.iter().find(|session| session.id == early.session);
            if let Some(session) = session
                && sees_child(tx, &sight, (session, early.student))?
            {
                own.push(early);
            }
        }
        leaves = own;
    }
    Ok(leaves)
}

/// What is wrong with the reason of an early leave, alone.
pub fn wrong_reason(reason: &str) -> Option<ReportRefused> {
    match reason.trim().chars().count() {
        0 => Some(ReportRefused::NoReason),
        long if LONGEST_REASON < long => Some(ReportRefused::TooLong),
        _ => None,
    }
}

/// Notes that a child wants to leave before the end, and passes it on (G6): whoever reports is the tutor, who has nothing
/// to decide, so no child waits for a second press. All that is wrong is said at once.
pub fn report_early(
    tx: &mut Tx<ReportEarlyLeave>,
    session: SessionId,
    student: StudentId,
    reason: &str,
) -> std::result::Result<EarlyLeaveId, Failed<Vec<ReportRefused>>> {
    let held = rows::sessions::hold(tx, session)?;
    super::session::own_held(tx, &held)?;
    let reason = reason.trim();
    let state = custody::state_of(tx, student, held.day)?;
    state.mark(session).ok_or(kehou_db::Error::NotFound)?;

    let open = custody::day_is_open(tx, held.day)?;
    let cannot = open.and(may_follow(&state, Kind::EarlyLeaveApproved)).err().map(ReportRefused::Day);
    let there = rows::early::has_open(tx, student, held.day)?.then_some(ReportRefused::There);
    let wrong: Vec<ReportRefused> = cannot.or(there).into_iter().chain(wrong_reason(reason)).collect();
    if !wrong.is_empty() {
        return Err(Failed::Refused(wrong));
    }

    let id = rows::early::save(tx, (session, held.day), student, reason)?;
    let facts = json!({ "student": student.to_string(), "session": session.to_string() });
    tx.event(Event::of::<ReportEarlyLeave>(id).facts(facts).about(student, json!({ "reason": reason })))?;
    advance(tx, id, EarlyStep::PassOn).map_err(|failed| failed.map(not_passed_on))?;
    Ok(id)
}

/// Why a report that was just noted goes no further; its day was asked before.
fn not_passed_on(why: StepRefused) -> Vec<ReportRefused> {
    match why {
        StepRefused::Day(why) => vec![ReportRefused::Day(why)],
        StepRefused::Step(_) => vec![ReportRefused::There],
    }
}

/// The tutor passes on what was only reported, or registers that the child has gone (G6).
pub fn pass_early(
    tx: &mut Tx<ReportEarlyLeave>,
    id: EarlyLeaveId,
    wanted: EarlyStep,
) -> std::result::Result<EarlyStatus, Failed<StepRefused>> {
    advance(tx, id, wanted)
}

/// Registers that a child who may leave early goes, where the gate lets it out before the teacher has (G6).
pub(crate) fn goes_early(tx: &mut SchoolTx, id: EarlyLeaveId) -> Result<()> {
    rows::early::hold(tx, id)?;
    let early = rows::early::early(tx, id)?;
    if early.status != EarlyStatus::Approved {
        return Ok(());
    }
    custody::record(tx, early.day, (early.student, Some(early.session)), What::LeftEarly(id))?;
    rows::early::take_step(tx, id, EarlyStep::Leave, EarlyStatus::Left)?;
    let facts = json!({ "before": early.status.word(), "after": EarlyStatus::Left.word() });
    tx.event(Event::new("StepEarlyLeave", id).facts(facts))
}

/// The grade head lets the child go, or not (G6).
pub fn decide_early(
    tx: &mut Tx<DecideEarlyLeave>,
    id: EarlyLeaveId,
    wanted: EarlyStep,
) -> std::result::Result<EarlyStatus, Failed<StepRefused>> {
    advance(tx, id, wanted)
}

fn advance(
    tx: &mut SchoolTx,
    id: EarlyLeaveId,
    wanted: EarlyStep,
) -> std::result::Result<EarlyStatus, Failed<StepRefused>> {
    rows::early::hold(tx, id)?;
    let early = rows::early::early(tx, id)?;
    let session = rows::sessions::session(tx, early.session)?;
    own_child(tx, &session, early.student)?;
    let state = custody::state_of(tx, early.student, early.day)?;

    custody::day_is_open(tx, early.day)?.map_err(|why| Failed::Refused(StepRefused::Day(why)))?;
    let status =
        step(early.status, wanted, tx.role()).map_err(|why| Failed::Refused(StepRefused::Step(why)))?;
    let what = follows(id, wanted);
    if let Some(what) = &what {
        may_follow(&state, what.kind()).map_err(|why| Failed::Refused(StepRefused::Day(why)))?;
    }

    if let Some(what) = what {
        custody::record(tx, early.day, (early.student, Some(early.session)), what)?;
    }
    rows::early::take_step(tx, id, wanted, status)?;
    tell(tx, &early, status)?;
    let facts = json!({ "before": early.status.word(), "after": status.word() });
    tx.event(Event::new("StepEarlyLeave", id).facts(facts))?;
    Ok(status)
}

/// The fact that a step makes.
fn follows(id: EarlyLeaveId, step: EarlyStep) -> Option<What> {
    match step {
        EarlyStep::PassOn | EarlyStep::Refuse => None,
        EarlyStep::Approve => Some(What::EarlyLeaveApproved(id)),
        EarlyStep::Leave => Some(What::LeftEarly(id)),
    }
}

fn tell(tx: &mut SchoolTx, early: &Early, status: EarlyStatus) -> Result<()> {
    let facts = json!({
        "child": early.name, "student": early.student.to_string(), "group": early.group_name,
        "early_leave": early.id.to_string(),
    });
    match status {
        EarlyStatus::Reported => Ok(()),
        EarlyStatus::PassedOn => tell_deciders(tx, early, &facts),
        EarlyStatus::Approved => tell_teachers(tx, early, "early_leave_approved", &facts),
        EarlyStatus::Refused => tell_teachers(tx, early, "early_leave_refused", &facts),
        EarlyStatus::Left => {
            for account in rows::sessions::guardian_accounts(tx, early.student, early.day)? {
                tx.tell(account, "child_left_early", &facts)?;
            }
            Ok(())
        }
    }
}

/// The grade head of the child's grade; where the school named none, the duty leader, who may decide as well.
fn tell_deciders(tx: &mut SchoolTx, early: &Early, facts: &serde_json::Value) -> Result<()> {
    let heads = people::grade_heads_of(tx, early.student, early.day)?;
    if heads.is_empty() {
        return tx.tell_role(Role::DutyLeader, "early_leave_to_decide", facts);
    }
    heads.into_iter().try_for_each(|account| tx.tell(account, "early_leave_to_decide", facts))
}

fn tell_teachers(
    tx: &mut SchoolTx,
    early: &Early,
    kind: &'static str,
    facts: &serde_json::Value,
) -> Result<()> {
    for account in rows::sessions::teacher_accounts(tx, early.student, early.day)? {
        tx.tell(account, kind, facts)?;
    }
    Ok(())
}
