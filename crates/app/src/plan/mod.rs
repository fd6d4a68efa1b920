//! The plan of a school (一校一案): reading its file, and its versions from draft to in force (O3).

pub mod edit;
pub mod file;
mod kept;
mod left_out;
mod rows;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{ApprovePlan, DraftPlan, FilePlan, KeepCalendar, ReadCalendar, ReadPlan};
use kehou_domain::ids::{AccountId, PlanVersionId, TermId};
use kehou_domain::plan::{
    self, Agreed, DayKind, Grades, InForce, Meets, Plan, Stage, TermUnready, VersionRefused,
};
use serde_json::json;

use crate::{calendar, people};
use file::read;
use left_out::{Held, count, tell_kept, tell_left_out, without_time};
pub use left_out::{LeftOut, Losses, left_out};

/// A version with its place on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The version.
    pub id: PlanVersionId,
    /// Its number in the school, from 1.
    pub number: i64,
    /// SHA-256 of its text, in hexadecimal.
    pub digest: String,
    /// Where it stands.
    pub stage: Stage,
    /// The first day it rules, once it is put in force.
    pub in_force_from: Option<Date>,
    /// How the bureau calls the filing.
    pub filing_ref: Option<String>,
    /// Who wrote it, and when.
    pub made: Taken,
    /// Who checked it, and when.
    pub checked: Option<Taken>,
    /// Who approved it, and when.
    pub approved: Option<Taken>,
    /// Who noted the filing, and when.
    pub filed: Option<Taken>,
}

/// A step taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// What a step answers.
pub type Step<T> = std::result::Result<T, Failed<VersionRefused>>;

/// The plan in force on the day; `NotFound` when none is.
pub(crate) fn plan_on(tx: &mut SchoolTx, day: Date) -> Result<Arc<Plan>> {
    Ok(version_on(tx, day)?.1)
}

/// The plan of the version that was put in force from the latest day on, past or to come; nothing when none was.
pub(crate) fn newest(tx: &mut SchoolTx) -> Result<Option<Arc<Plan>>> {
    in_force_on(tx, Date::MAX)
}

/// The version in force on the day, and its plan: what is done for an earlier day follows the version of that day.
pub(crate) fn version_on(tx: &mut SchoolTx, day: Date) -> Result<(PlanVersionId, Arc<Plan>)> {
    let (id, digest) = rows::in_force_on(tx, day)?.ok_or(Error::NotFound)?;
    Ok((id, sound(tx, id, &digest)?))
}

/// The plans that rule from a day on, each with its first day: the one of the day itself, then those to come.
pub(crate) fn from_day(tx: &mut SchoolTx, day: Date) -> Result<Vec<(Date, Arc<Plan>)>> {
    let known = rows::ruling(tx)?;
    let begin = known.iter().rposition(|(_, _, from)| *from <= day).unwrap_or(0);
    let ruling = known.into_iter().skip(begin);
    ruling.map(|(id, digest, from)| Ok((from, sound(tx, id, &digest)?))).collect()
}

/// The plan in force on the day, when one is.
fn in_force_on(tx: &mut SchoolTx, day: Date) -> Result<Option<Arc<Plan>>> {
    match plan_on(tx, day) {
        Err(Error::NotFound) => Ok(None),
        plan => plan.map(Some),
    }
}

/// The plan of a version that was checked.
pub(crate) fn version(tx: &mut SchoolTx, id: PlanVersionId) -> Result<Arc<Plan>> {
    let version = rows::version(tx, id)?;
    sound(tx, id, &version.digest)
}

/// The plan of a text that was found sound; it is read from the text once and then kept.
fn sound(tx: &mut SchoolTx, id: PlanVersionId, digest: &str) -> Result<Arc<Plan>> {
    if let Some(plan) = kept::plan(digest) {
        return Ok(plan);
    }
    let text = rows::text(tx, id)?;
    let plan = read(&text)
        .plan
        .ok_or(Error::Column { column: 0, found: "a plan that cannot be read".to_owned() })?;
    Ok(kept::keep(digest, plan))
}

/// The plan in force on the day, for the page; nothing when none is.
pub fn in_force(tx: &mut Tx<ReadPlan>, day: Date) -> Result<Option<(Version, Arc<Plan>)>> {
    let Some((id, digest)) = rows::in_force_on(tx, day)? else { return Ok(None) };
    Ok(Some((rows::version(tx, id)?, sound(tx, id, &digest)?)))
}

/// The plan in force on the day and what kind of day it is by the school's calendar; nothing when none is in force.
pub fn day(tx: &mut Tx<ReadPlan>, date: Date) -> Result<Option<(Arc<Plan>, DayKind)>> {
    let Some((id, digest)) = rows::in_force_on(tx, date)? else { return Ok(None) };
    let kind = match (calendar::service_day(tx, date)?, date.weekday()) {
        (Ok(day), _) => DayKind::School { follows: day.weekday },
        (Err(_), Weekday::Saturday | Weekday::Sunday) => DayKind::Weekend,
        (Err(_), _) => DayKind::Closed,
    };
    Ok(Some((sound(tx, id, &digest)?, kind)))
}

/// Every version that the role may read, newest first, and which rules the day of the request.
pub fn versions(tx: &mut Tx<ReadPlan>) -> Result<(Vec<Version>, Option<PlanVersionId>)> {
    let (today, role) = (tx.today(), tx.role());
    let ruling = rows::in_force_on(tx, today)?.map(|(id, _)| id);
    let mut versions = rows::versions(tx)?;
    versions.retain(|version| plan::may_read(role, version.stage, version.in_force_from));
    Ok((versions, ruling))
}

/// A version and its text; one that the role may not read is not there.
pub fn read_version(tx: &mut Tx<ReadPlan>, id: PlanVersionId) -> Result<(Version, String)> {
    let version = rows::version(tx, id)?;
    if !plan::may_read(tx.role(), version.stage, version.in_force_from) {
        return Err(Error::NotFound);
    }
    Ok((version, rows::text(tx, id)?))
}

/// The grades that the school has today, which a plan is held against (B1).
pub fn school_grades(tx: &mut Tx<ReadPlan>) -> Result<Grades> {
    let today = tx.today();
    people::grades_on(tx, today)
}

/// Writes a new draft, sound or not: what was sent is kept.
pub fn draft(tx: &mut Tx<DraftPlan>, text: &str) -> Result<PlanVersionId> {
    rows::hold(tx)?;
    let (id, number) = (tx.new_id(), rows::last_number(tx)? + 1);
    rows::save_new(tx, id, number, text)?;
    tx.event(Event::of::<DraftPlan>(id).facts(json!({ "number": number, "digest": kept::digest(text) })))?;
    Ok(id)
}

/// Puts another text in a version that is not yet approved; it has to be checked anew. `read` is the digest of the text
/// that was changed: what somebody else saved since is not undone.
pub fn redraft(tx: &mut Tx<DraftPlan>, id: PlanVersionId, read: &str, text: &str) -> Step<()> {
    rows::hold(tx)?;
    let version = rows::version(tx, id)?;
    plan::may_change(version.stage).map_err(Failed::Refused)?;
    if version.digest != read {
        return Err(Failed::Refused(VersionRefused::Changed));
    }
    rows::save_text(tx, id, text)?;
    let facts = json!({ "number": version.number, "before": version.digest, "after": kept::digest(text) });
    Ok(tx.event(Event::of::<DraftPlan>(id).facts(facts))?)
}

/// Finds a draft sound.
pub fn check(tx: &mut Tx<DraftPlan>, id: PlanVersionId) -> Step<()> {
    rows::hold(tx)?;
    let version = rows::version(tx, id)?;
    let stage = plan::step(version.stage, Stage::Draft).map_err(Failed::Refused)?;
    let problems = read(&rows::text(tx, id)?).problems.len();
    if 0 < problems {
        return Err(Failed::Refused(VersionRefused::NotSound { problems }));
    }
    rows::save_checked(tx, id, stage)?;
    Ok(tx.event(
        Event::new("CheckPlan", id).facts(json!({ "number": version.number, "digest": version.digest })),
    )?)
}

/// The principal approves a checked version whose times are stated.
pub fn approve(tx: &mut Tx<ApprovePlan>, id: PlanVersionId) -> Step<()> {
    rows::hold(tx)?;
    let version = rows::version(tx, id)?;
    plan::step(version.stage, Stage::Checked).map_err(Failed::Refused)?;
    let plan = sound(tx, id, &version.digest)?;
    let stage = plan::approve(&plan, version.stage).map_err(Failed::Refused)?;
    rows::save_approved(tx, id, stage)?;
    Ok(tx.event(
        Event::of::<ApprovePlan>(id).facts(json!({ "number": version.number, "digest": version.digest })),
    )?)
}

/// Notes that the bureau has an approved version.
pub fn note_filing(tx: &mut Tx<FilePlan>, id: PlanVersionId, reference: &str) -> Step<()> {
    rows::hold(tx)?;
    let version = rows::version(tx, id)?;
    let stage = plan::step(version.stage, Stage::Approved).map_err(Failed::Refused)?;
    plan::note_filing(reference).map_err(Failed::Refused)?;
    rows::save_filed(tx, id, stage, reference.trim())?;
    Ok(tx.event(
        Event::of::<FilePlan>(id).facts(json!({ "number": version.number, "reference": reference.trim() })),
    )?)
}

/// Puts a filed version in force from a day; families whose places have no time in it are told (C3, C9).
pub fn put_in_force(tx: &mut Tx<FilePlan>, id: PlanVersionId, from: Date, agreed: Agreed) -> Step<()> {
    rows::hold(tx)?;
    let version = rows::version(tx, id)?;
    let left_out = decide_in_force(tx, &version, from, agreed)?;
    rows::save_in_force(tx, id, from)?;
    let plan = sound(tx, id, &version.digest)?;
    tell_left_out(tx, &plan, &left_out, from)?;
    let facts = json!({
        "number": version.number, "from": from.to_string(), "left_out": count(&left_out),
    });
    Ok(tx.event(Event::new("PutPlanInForce", id).facts(facts))?)
}

/// Takes back that a version is to rule, as long as its day has not come: another may take that day.
pub fn take_back(tx: &mut Tx<FilePlan>, id: PlanVersionId) -> Step<()> {
    rows::hold(tx)?;
    let version = rows::version(tx, id)?;
    plan::take_back(version.in_force_from, tx.today()).map_err(Failed::Refused)?;
    let told = match version.in_force_from {
        Some(from) => {
            let plan = sound(tx, id, &version.digest)?;
            without_time(tx, &plan, from)?
        }
        None => Vec::new(),
    };
    rows::clear_in_force(tx, id)?;
    let today = tx.today();
    tell_kept(tx, &told, today)?;
    let facts = json!({ "number": version.number, "from": version.in_force_from.map(|day| day.to_string()) });
    Ok(tx.event(Event::new("TakePlanBack", id).facts(facts))?)
}

/// Whether the version may rule from the day; says whose places it has no time for.
fn decide_in_force(tx: &mut SchoolTx, version: &Version, from: Date, agreed: Agreed) -> Step<Vec<Held>> {
    if version.stage != Stage::Filed {
        return Err(Failed::Refused(VersionRefused::WrongStage { stage: version.stage }));
    }
    if let Some(from) = version.in_force_from {
        return Err(Failed::Refused(VersionRefused::InForce { from }));
    }
    let plan = sound(tx, version.id, &version.digest)?;
    let grades = people::grades_on(tx, from)?;
    plan::fits(&plan, grades).map_err(Failed::Refused)?;
    let others: Vec<InForce> = rows::in_force(tx)?;
    plan::put_in_force(&plan, from, tx.today(), &others).map_err(Failed::Refused)?;
    let left_out = without_time(tx, &plan, from)?;
    let meets = Meets { begun_today: rows::begun_today(tx)?, left_out: count(&left_out) };
    plan::may_begin(from, tx.today(), agreed, meets).map_err(Failed::Refused)?;
    Ok(left_out)
}

/// The days, of these with the weekday that they follow, on which the plan in force has no slot at all: the calendar
/// alone would call them days of service (C3).
pub fn idle_days(tx: &mut Tx<ReadCalendar>, days: &[(Date, Weekday)]) -> Result<Vec<Date>> {
    let mut idle = Vec::new();
    for (day, follows) in days {
        if is_idle(tx, *day, *follows)? {
            idle.push(*day);
        }
    }
    Ok(idle)
}

/// Whether the plan in force on a day has no slot for the weekday that the day follows (C3).
pub(crate) fn is_idle(tx: &mut SchoolTx, day: Date, follows: Weekday) -> Result<bool> {
    let plan = in_force_on(tx, day)?;
    Ok(plan.is_some_and(|plan| plan.slots_on(day, DayKind::School { follows }).is_empty()))
}

/// Opens a term that was in preparation, once a plan rules the first day of its service (C1).
pub fn open_term(tx: &mut Tx<KeepCalendar>, id: TermId) -> std::result::Result<(), Failed<TermUnready>> {
    rows::hold(tx)?;
    let from = calendar::term(tx, id)?.service_from;
    let plan = match rows::in_force_on(tx, from)? {
        Some((version, digest)) => Some(sound(tx, version, &digest)?),
        None => None,
    };
    let over = calendar::open_though_over(tx, from)?;
    plan::open_term(plan.as_deref(), from, over).map_err(Failed::Refused)?;
    Ok(calendar::set_term_status(tx, id, calendar::TermStatus::Open)?)
}
