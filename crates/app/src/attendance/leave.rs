//! Leave (G5): filed by guardians before the cut-off, or written down by a teacher who was told.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{EnterLeave, FileLeave, ReadSessions, Role};
use kehou_domain::attendance::{self, LeaveKind, LeaveRefused, Span, cut_off};
use kehou_domain::custody::{Mark, What};
use kehou_domain::ids::{LeaveId, SessionId, StudentId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::SlotId;
use kehou_domain::typed::is_longer;
use serde_json::json;

use super::day::covers;
use super::rows;
use super::session::sees_all;
use crate::custody::{self, NewFact};
use crate::{calendar, people, plan};

/// A leave that is about to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLeave {
    /// The child.
    pub student: StudentId,
    /// Its days.
    pub span: Span,
    /// Only this slot of the days; without one, all.
    pub slot: Option<SlotId>,
    /// Why.
    pub kind: LeaveKind,
    /// A word about it; may be empty.
    pub reason: String,
}

/// A leave as filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledLeave {
    /// Its id.
    pub id: LeaveId,
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub name: String,
    /// Its days.
    pub span: Span,
    /// Only this slot of the days; without one, all.
    pub slot: Option<SlotId>,
    /// Why.
    pub kind: LeaveKind,
    /// A word about it; may be empty.
    pub reason: String,
    /// Whether it stands, or was taken back.
    pub stands: bool,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// In which role it was filed.
    pub filed_as: Role,
}

/// A leave on the list of a day, with the child's class of that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnLeave {
    /// The leave.
    pub leave: FiledLeave,
    /// The class; none for a child who has left.
    pub class: Option<ClassKey>,
}

/// A child's leaves, with the slots that one may be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeavesOfChild {
    /// The child's name.
    pub name: String,
    /// The leaves, the newest first.
    pub filed: Vec<FiledLeave>,
    /// The child's slots with their names.
    pub slots: Vec<(SlotId, String)>,
}

/// Why a leave is not filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRefused {
    /// The rules of leave say no.
    Rule(LeaveRefused),
    /// The reason is too long.
    ReasonTooLong,
    /// The child is not in this slot.
    OtherSlot,
}

/// Why a leave is not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeBackRefused {
    /// It was taken back before.
    TakenBack,
    /// It is over.
    Over,
}

/// The longest reason, in characters.
const LONGEST_REASON: usize = 200;

/// Whether the reason is longer than somebody at a class door reads.
pub fn long_reason(reason: &str) -> Option<FileRefused> {
    is_longer(reason, LONGEST_REASON).then_some(FileRefused::ReasonTooLong)
}

/// The acting guardian's own child's leaves, the newest first.
pub fn own_leaves(tx: &mut Tx<FileLeave>, student: StudentId) -> Result<LeavesOfChild> {
    people::own_child(tx, student)?;
    of_child(tx, student)
}

/// A child's leaves, for its teachers.
pub fn leaves_of(tx: &mut Tx<EnterLeave>, student: StudentId) -> Result<LeavesOfChild> {
    own_pupil(tx, student)?;
    of_child(tx, student)
}

fn of_child(tx: &mut SchoolTx, student: StudentId) -> Result<LeavesOfChild> {
    let today = tx.today();
    let filed = rows::leave::of_student(tx, student)?;
    let name = rows::sessions::student_name(tx, student)?;
    Ok(LeavesOfChild { name, filed, slots: rows::leave::slots_of(tx, student, today)? })
}

/// Children of the acting teacher whose name contains the text: who was it that called?
pub fn children_to_excuse(tx: &mut Tx<EnterLeave>, text: &str) -> Result<Vec<people::Named>> {
    let mut own = Vec::new();
    for child in people::named(tx, text)? {
        if sees_all(tx.role()) || is_own_pupil(tx, child.id)? {
            own.push(child);
        }
    }
    Ok(own)
}

/// Everyone who is on leave on the day, class by class.
pub fn leaves_on(tx: &mut Tx<ReadSessions>, day: Date) -> Result<Vec<OnLeave>> {
    let mut leaves = rows::leave::filed_on(tx, day)?;
    if sees_all(tx.role()) {
        return Ok(leaves);
    }
    let mut own = Vec::new();
    for on_leave in leaves.drain(..) {
        if is_own_pupil(tx, on_leave.leave.student)? {
            own.push(on_leave);
        }
    }
    Ok(own)
}

/// A guardian files leave for an own child, before the cut-off (G5). The class's teacher is told.
pub fn file_leave(
    tx: &mut Tx<FileLeave>,
    leave: &NewLeave,
) -> std::result::Result<LeaveId, Failed<Vec<FileRefused>>> {
    people::own_child(tx, leave.student)?;
    let id = file(tx, leave)?;
    tell_teachers(tx, leave)?;
    Ok(id)
}

/// A teacher writes down leave that the family told (G5).
pub fn enter_leave(
    tx: &mut Tx<EnterLeave>,
    leave: &NewLeave,
) -> std::result::Result<LeaveId, Failed<Vec<FileRefused>>> {
    own_pupil(tx, leave.student)?;
    file(tx, leave)
}

fn file(tx: &mut SchoolTx, leave: &NewLeave) -> std::result::Result<LeaveId, Failed<Vec<FileRefused>>> {
    rows::leave::hold_student(tx, leave.student)?;
    let today = tx.today();
    let limit = todays_limit(tx, leave.student)?;
    let LeavesOfChild { filed, slots, .. } = of_child(tx, leave.student)?;

    let wrong = match attendance::file_leave(leave.span, tx.at(), today, limit, tx.role()) {
        Ok(()) => on_service_days(tx, leave.span)?.err(),
        Err(wrong) => Some(wrong),
    };
    let is_there = filed.iter().any(|known| known.stands && meets(known, leave));
    let wrong = wrong.or(is_there.then_some(LeaveRefused::There)).map(FileRefused::Rule);
    let is_other = |slot: &SlotId| slots.iter().all(|(known, _)| known != slot);
    let other = leave.slot.as_ref().is_some_and(is_other).then_some(FileRefused::OtherSlot);
    let refused: Vec<FileRefused> =
        wrong.into_iter().chain(other).chain(long_reason(&leave.reason)).collect();
    if !refused.is_empty() {
        return Err(Failed::Refused(refused));
    }

    let id: LeaveId = tx.new_id();
    rows::leave::save(tx, id, leave)?;
    if leave.span.covers(today) {
        mark_today(tx, leave, id)?;
    }
    let facts = json!({
        "student": leave.student.to_string(), "from": leave.span.from_on.to_string(),
        "to": leave.span.to_on.to_string(), "kind": leave.kind.word(),
    });
    let personal = json!({ "reason": leave.reason.trim() });
    tx.event(Event::of::<FileLeave>(id).facts(facts).about(leave.student, personal))?;
    Ok(id)
}

/// How many days after a leave the next day with a service is looked for.
const LOOK_AHEAD_DAYS: i64 = 60;

/// Whether the leave is for days of service within the school's terms.
fn on_service_days(tx: &mut SchoolTx, span: Span) -> Result<std::result::Result<(), LeaveRefused>> {
    let terms_end_on = calendar::last_day(tx)?;
    let first = match terms_end_on {
        Some(ends_on) if span.to_on <= ends_on => {
            let ahead = span.to_on.saturating_add(jiff::Span::new().days(LOOK_AHEAD_DAYS)).min(ends_on);
            first_service_day(tx, span.from_on, ahead)?
        }
        Some(_) | None => None,
    };
    Ok(attendance::on_service_days(span, terms_end_on, first))
}

/// The first day of the span that has a service by calendar and plan, or may have one once that is decided (C3).
fn first_service_day(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Option<Date>> {
    for day in calendar::span(tx, from, to)? {
        let is_served = match &day.service {
            Ok(service) => !plan::is_idle(tx, day.date, service.weekday)?,
            Err(why) => why.is_undecided(),
        };
        if is_served {
            return Ok(Some(day.date));
        }
    }
    Ok(None)
}

/// Takes back what the acting guardian's child has not used yet.
pub fn take_back(tx: &mut Tx<FileLeave>, id: LeaveId) -> std::result::Result<(), Failed<TakeBackRefused>> {
    let leave = rows::leave::leave(tx, id)?;
    people::own_child(tx, leave.student)?;
    rows::leave::hold_student(tx, leave.student)?;
    let leave = rows::leave::leave(tx, id)?;

    if !leave.stands {
        return Err(Failed::Refused(TakeBackRefused::TakenBack));
    }
    let today = tx.today();
    let is_open = custody::day_is_open(tx, today)?.is_ok();
    if leave.span.to_on < today || (leave.span.to_on == today && !is_open) {
        return Err(Failed::Refused(TakeBackRefused::Over));
    }

    rows::leave::take_back(tx, id)?;
    if leave.span.covers(today) && is_open {
        unmark_today(tx, &leave)?;
    }
    tx.event(Event::new("TakeBackLeave", id).facts(json!({ "student": leave.student.to_string() })))?;
    Ok(())
}

/// Until when today's leave may be filed for the child; nothing when it has no session today.
fn todays_limit(tx: &mut SchoolTx, student: StudentId) -> Result<Option<Timestamp>> {
    let today = tx.today();
    let Some(starts_at) = rows::sessions::first_session(tx, student, today)? else { return Ok(None) };
    let rule = match plan::plan_on(tx, today) {
        Ok(plan) => plan.absence.and_then(|absence| absence.cut_off),
        Err(Error::NotFound) => None,
        Err(fault) => return Err(fault),
    };
    Ok(Some(cut_off(rule, today, starts_at)))
}

fn meets(known: &FiledLeave, new: &NewLeave) -> bool {
    let same_days = known.span.from_on <= new.span.to_on && new.span.from_on <= known.span.to_on;
    same_days && (known.slot.is_none() || new.slot.is_none() || known.slot == new.slot)
}

/// Marks the leave on the lists of today that nobody has called yet.
fn mark_today(tx: &mut SchoolTx, leave: &NewLeave, id: LeaveId) -> Result<()> {
    let today = tx.today();
    let state = custody::state_of(tx, leave.student, today)?;
    let mut facts = Vec::new();
    for session in todays_sessions(tx, leave.student, leave.slot.as_ref())? {
        if state.mark(session) == Some(Mark::Unmarked) {
            facts.push(NewFact::now(leave.student, Some(session), What::OnLeave(Some(id))));
        }
    }
    custody::record_all(tx, today, "", facts).map(|_| ())
}

/// Takes the leave off the lists of today where nothing else has been said since.
fn unmark_today(tx: &mut SchoolTx, leave: &FiledLeave) -> Result<()> {
    let today = tx.today();
    let facts = custody::facts_of(tx, leave.student, today)?;
    let marked = facts.iter().filter(|fact| fact.what == What::OnLeave(Some(leave.id)));
    let undone = marked.map(|fact| NewFact {
        corrects: Some(fact.id),
        ..NewFact::now(leave.student, fact.session, What::Undone)
    });
    custody::record_all(tx, today, "", undone.collect()).map(|_| ())
}

fn todays_sessions(tx: &mut SchoolTx, student: StudentId, slot: Option<&SlotId>) -> Result<Vec<SessionId>> {
    let today = tx.today();
    let sessions = rows::sessions::sessions_of(tx, student, today)?;
    Ok(sessions.into_iter().filter(|(_, of, _)| covers(slot, of)).map(|(id, _, _)| id).collect())
}

fn tell_teachers(tx: &mut SchoolTx, leave: &NewLeave) -> Result<()> {
    let today = tx.today();
    let name = rows::sessions::student_name(tx, leave.student)?;
    let facts = json!({
        "child": name, "student": leave.student.to_string(), "from": leave.span.from_on.to_string(),
        "to": leave.span.to_on.to_string(), "kind": leave.kind.word(),
    });
    for account in rows::sessions::teacher_accounts(tx, leave.student, today)? {
        tx.tell(account, "leave_filed", &facts)?;
    }
    Ok(())
}

/// A child of one's own class or groups; those who lead the day see all.
pub(super) fn own_pupil(tx: &mut SchoolTx, student: StudentId) -> Result<()> {
    if sees_all(tx.role()) || is_own_pupil(tx, student)? { Ok(()) } else { Err(Error::NotFound) }
}

fn is_own_pupil(tx: &mut SchoolTx, student: StudentId) -> Result<bool> {
    if tx.role() == Role::GradeHead {
        let (classes, today) = (people::bound_classes(tx)?.unwrap_or_default(), tx.today());
        return Ok(people::class_on(tx, student, today)?.is_some_and(|class| classes.contains(&class)));
    }
    let Some(staff) = rows::sessions::acting_staff(tx) else { return Ok(false) };
    let today = tx.today();
    rows::sessions::teaches(tx, staff, student, today)
}
