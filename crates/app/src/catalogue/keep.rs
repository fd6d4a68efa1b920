//! What the office does with an offering: write, change, hand in.

use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepOfferings, ReadOfferings};
use kehou_domain::catalogue::{
    CareGroup, Details, Fault, Lack, Over, Status, Step, WrongStatus, breaks_seats, check, clashes_of,
    clashes_with_care, lacks, may_change, step,
};
use kehou_domain::ids::{OfferingId, TermId};
use kehou_domain::plan::Plan;
use serde_json::json;
use std::sync::Arc;

use super::{ClashWith, Offering, Teacher, care_groups, rows, setting, with_care, with_titles};

/// Why an offering is not written so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeepRefused {
    /// The school has no term or no plan in force for it.
    NoPlan,
    /// It does not fit the plan.
    Faults(Vec<Fault>),
    /// It may not be changed where it stands.
    WrongStatus(Status),
    /// Somebody else has changed it since it was read.
    Changed,
}

/// Why an offering does not go to the reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandInRefused {
    /// It cannot be handed in where it stands.
    WrongStatus(Status),
    /// It does not fit the plan in force any more.
    Unfit(Vec<Fault>),
    /// A family must know more.
    Lacks(Vec<Lack>),
    /// Its venue or teacher is taken by an offering that is published or handed in, or by a group of base care.
    Clash(Vec<ClashWith>),
}

/// The staff who can lead an offering.
pub fn teachers(tx: &mut Tx<ReadOfferings>) -> Result<Vec<Teacher>> {
    rows::teachers(tx)
}

/// Writes a new draft for a term.
pub fn create(
    tx: &mut Tx<KeepOfferings>,
    term: TermId,
    details: &Details,
) -> std::result::Result<OfferingId, Failed<KeepRefused>> {
    rows::hold(tx, term)?;
    fits(tx, term, details)?;

    let id = tx.new_id();
    rows::add(tx, id, term, details)?;
    tx.event(Event::of::<KeepOfferings>(id).facts(json!({ "after": facts(details) })))?;
    Ok(id)
}

/// Changes an offering that is a draft or came back. `read` is the version that was read.
pub fn update(
    tx: &mut Tx<KeepOfferings>,
    id: OfferingId,
    read: u32,
    details: &Details,
) -> std::result::Result<(), Failed<KeepRefused>> {
    let before = held(tx, id)?;
    if !may_change(before.status) {
        return Err(Failed::Refused(KeepRefused::WrongStatus(before.status)));
    }
    if before.version != read {
        return Err(Failed::Refused(KeepRefused::Changed));
    }
    fits(tx, before.term, details)?;
    let broken = breaks_seats(&before.details, details, rows::beside::seats(tx, id)?);
    if !broken.is_empty() {
        return Err(Failed::Refused(KeepRefused::Faults(broken)));
    }

    rows::change(tx, id, details)?;
    let facts = json!({ "before": facts(&before.details), "after": facts(details) });
    tx.event(Event::of::<KeepOfferings>(id).facts(facts))?;
    Ok(())
}

/// Hands an offering to the reviewer: whole, fitting the plan, and with a venue and a teacher that are free.
pub fn hand_in(tx: &mut Tx<KeepOfferings>, id: OfferingId) -> std::result::Result<(), Failed<HandInRefused>> {
    let offering = held(tx, id)?;
    let status = step(offering.status, Step::HandIn)
        .map_err(|WrongStatus(status)| Failed::Refused(HandInRefused::WrongStatus(status)))?;
    let plan = plan_for(tx, offering.term)?.ok_or(Error::NotFound)?;
    ready(tx, &plan, &offering)?;

    rows::hand_in(tx, id, status)?;
    tx.event(Event::new("HandInOffering", id).facts(json!({ "version": offering.version })))?;
    Ok(())
}

fn ready(
    tx: &mut SchoolTx,
    plan: &Plan,
    offering: &Offering,
) -> std::result::Result<(), Failed<HandInRefused>> {
    let faults = check(plan, &offering.details);
    if !faults.is_empty() {
        return Err(Failed::Refused(HandInRefused::Unfit(faults)));
    }
    let lacks = lacks(&offering.details);
    if !lacks.is_empty() {
        return Err(Failed::Refused(HandInRefused::Lacks(lacks)));
    }
    let taken = taken_by(tx, plan, offering, &[Status::InReview, Status::Published])?;
    if taken.is_empty() { Ok(()) } else { Err(Failed::Refused(HandInRefused::Clash(taken))) }
}

/// What takes its venue or teacher: the others of these statuses, and groups of base care.
pub(super) fn taken_by(
    tx: &mut SchoolTx,
    plan: &Plan,
    offering: &Offering,
    statuses: &[Status],
) -> Result<Vec<ClashWith>> {
    let mut others = rows::of_term(tx, offering.term)?;
    others.retain(|other| statuses.contains(&other.status));
    let placed: Vec<_> = others.iter().map(|other| (other.id, &other.details)).collect();
    let clashes = clashes_of(plan, (offering.id, &offering.details), &placed);
    let titles: Vec<_> = others.iter().map(|other| (other.id, other.details.title.clone())).collect();
    let mut taken = with_titles(&titles, clashes);
    let term = setting(tx, Some(offering.term))?.ok_or(Error::NotFound)?.term;
    taken.extend(with_care(plan, &offering.details, &care_groups(tx, &term)?));
    Ok(taken)
}

/// What a group of base care would take from published offerings of the term.
pub(crate) fn taken_from_offerings(tx: &mut SchoolTx, term: TermId, group: &CareGroup) -> Result<Vec<Over>> {
    let Some(plan) = plan_for(tx, term)? else { return Ok(Vec::new()) };
    let mut published = rows::of_term(tx, term)?;
    published.retain(|one| one.status == Status::Published);
    let group = std::slice::from_ref(group);
    let taken = published.iter().flat_map(|one| clashes_with_care(&plan, &one.details, group));
    Ok(taken.map(|clash| clash.over).collect())
}

/// Puts an offering where a step has led it; what families hold of it is seen to by who decides the step.
pub(crate) fn set_status(tx: &mut SchoolTx, offering: &Offering, status: Status) -> Result<()> {
    rows::set_status(tx, offering.id, status)?;
    let facts = json!({ "before": offering.status.word(), "after": status.word() });
    tx.event(Event::new("MoveOffering", offering.id).facts(facts))
}

/// The offering, with its term held: what takes a venue waits for whatever else may.
pub(crate) fn held(tx: &mut SchoolTx, id: OfferingId) -> Result<Offering> {
    let term = rows::offering(tx, id)?.term;
    rows::hold(tx, term)?;
    rows::offering(tx, id)
}

pub(super) fn plan_for(tx: &mut SchoolTx, term: TermId) -> Result<Option<Arc<Plan>>> {
    Ok(setting(tx, Some(term))?.and_then(|setting| setting.plan))
}

fn fits(tx: &mut SchoolTx, term: TermId, details: &Details) -> std::result::Result<(), Failed<KeepRefused>> {
    let plan = plan_for(tx, term)?.ok_or(Failed::Refused(KeepRefused::NoPlan))?;
    if let Some(teacher) = details.teacher {
        rows::active_teacher(tx, teacher)?;
    }
    match check(&plan, details) {
        faults if faults.is_empty() => Ok(()),
        faults => Err(Failed::Refused(KeepRefused::Faults(faults))),
    }
}

pub(super) fn facts(details: &Details) -> serde_json::Value {
    let meetings: Vec<String> =
        details.meetings.iter().map(|meeting| format!("{}/{}", meeting.weekday, meeting.slot)).collect();
    json!({
        "title": details.title,
        "kind": details.kind.word(),
        "topic": details.topic.word(),
        "meetings": meetings,
        "venue": details.venue,
        "teacher": details.teacher.map(|teacher| teacher.to_string()),
        "capacity": details.capacity,
        "minimum": details.minimum,
        "grades": details.grades.iter().collect::<Vec<_>>(),
        "sex": details.sex.word(),
        "cost": details.cost.map(|cost| cost.0),
    })
}
