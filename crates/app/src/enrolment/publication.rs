//! The names shown in the class before anybody starts (F10).

use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::PublishClass;
use kehou_domain::enrolment::chain::{Stand, Status, Step, Verdict, next_step, publication_closes_on};
use kehou_domain::enrolment::objection::{After, Finding, after};
use kehou_domain::enrolment::review::Ground;
use kehou_domain::ids::{ApplicationId, ClassId, PublicationId};
use serde_json::json;

use super::apply::{Application, advance, tell};
use super::objection::Objection;
use super::review::{Part, visible};
use super::rows::{applications, publications as rows};
use super::setting::{InClass, in_sight, only_classes, rules_for, rules_of};
use super::signup::current;

/// A class whose names can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassToPublish {
    /// The class.
    pub class: InClass,
    /// The names that would be shown.
    pub names: Vec<String>,
}

/// Names that stand or stood in a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// The class.
    pub class: InClass,
    /// First day.
    pub opens_on: Date,
    /// Last day.
    pub closes_on: Date,
    /// How many names.
    pub names: u32,
    /// How many of them have gone on from this step.
    pub settled: u32,
}

/// One publication with its names and what was said against them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The publication.
    pub publication: Publication,
    /// The children on the list, by name.
    pub names: Vec<(ApplicationId, String)>,
    /// The objections, those without an answer first.
    pub objections: Vec<Objection>,
}

/// The classes that wait for their names to be shown, and the publications of the term. A homeroom teacher sees
/// their own class.
pub fn publications(tx: &mut Tx<PublishClass>) -> db::Result<(Vec<ClassToPublish>, Vec<Publication>)> {
    let Some(sign_up) = current(tx)? else { return Ok((Vec::new(), Vec::new())) };
    let rules = rules_for(tx, &sign_up)?;
    let mut waiting: Vec<ClassToPublish> = Vec::new();
    for one in visible(tx, &sign_up, &rules, Part::Waiting)? {
        let Some(class) = one.class else { continue };
        let step = rules.chain.steps.get(one.application.step);
        let here =
            matches!(step, Some(Step::Publication { .. })) && one.application.status == Status::Waiting;
        if !here || rows::is_shown(tx, &one.application)? {
            continue;
        }
        match waiting.iter_mut().find(|known| known.class.id == class.id) {
            Some(known) => known.names.push(one.name),
            None => waiting.push(ClassToPublish { class, names: vec![one.name] }),
        }
    }
    let mut shown = rows::publications(tx, sign_up.term)?;
    let bound_to = only_classes(tx)?;
    shown.retain(|publication| in_sight(bound_to.as_deref(), Some(publication.class)));
    Ok((waiting, shown))
}

/// Shows the names of a class from today on, for the plan's days (F10).
pub fn publish_class(tx: &mut Tx<PublishClass>, class: ClassId) -> Result<PublicationId, Failed<()>> {
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let rules = rules_for(tx, &sign_up)?;
    let mut names: Vec<Application> = Vec::new();
    let mut days = 0;
    for one in visible(tx, &sign_up, &rules, Part::Waiting)?
        .into_iter()
        .filter(|one| one.class.is_some_and(|known| known.id == class))
    {
        let step = rules.chain.steps.get(one.application.step).copied();
        if let (Some(Step::Publication { days: stands }), Status::Waiting) = (step, one.application.status)
            && !rows::is_shown(tx, &one.application)?
        {
            days = stands;
            names.push(one.application);
        }
    }
    if names.is_empty() {
        return Err(Failed::Refused(()));
    }
    let id = rows::add(tx, &sign_up, class, days, &names)?;
    for application in &names {
        tell(tx, application, "class_published")?;
    }
    let closes_on = last_day(tx.today(), i64::from(days.max(1)));
    tell_class(tx, (class, id), closes_on)?;
    let facts = json!({ "class": class.to_string(), "days": days, "names": names.len() });
    tx.event(Event::of::<PublishClass>(id).facts(facts))?;
    Ok(id)
}

/// Families of the class whose own child is not on the list may object as well, and learn where (F10).
fn tell_class(tx: &mut SchoolTx, list: (ClassId, PublicationId), closes_on: Date) -> db::Result<()> {
    for (account, student, name) in rows::families_beside(tx, list)? {
        let facts = json!({ "child": name, "student": student.to_string(), "day": closes_on.to_string() });
        tx.tell(account, "class_names_shown", &facts)?;
    }
    Ok(())
}

/// One publication with its names.
pub fn publication(tx: &mut Tx<PublishClass>, id: PublicationId) -> db::Result<Shown> {
    let publication = in_reach(tx, id)?;
    let names = rows::names(tx, id)?;
    Ok(Shown { publication, names, objections: rows::objections(tx, id)? })
}

/// A publication of the term that the acting role may see.
pub(super) fn in_reach(tx: &mut SchoolTx, id: PublicationId) -> db::Result<Publication> {
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let known = rows::publications(tx, sign_up.term)?;
    let publication = known.into_iter().find(|one| one.id == id).ok_or(db::Error::NotFound)?;
    if in_sight(only_classes(tx)?.as_deref(), Some(publication.class)) {
        Ok(publication)
    } else {
        Err(db::Error::NotFound)
    }
}

/// After the last day everybody on a list goes on, except those to whom an objection held, who go back to the
/// family, and those whose objection has no answer yet (F10). Says how many went on or back. The nightly job does it.
pub fn close_publications(tx: &mut Tx<PublishClass>) -> db::Result<u32> {
    let Some(sign_up) = current(tx)? else { return Ok(0) };
    let today = tx.today();
    let mut moved = 0;
    for one in rows::publications(tx, sign_up.term)? {
        if one.settled < one.names && one.closes_on < today {
            moved += close(tx, one.id)?;
        }
    }
    Ok(moved)
}

fn close(tx: &mut SchoolTx, id: PublicationId) -> db::Result<u32> {
    let mut moved = 0;
    for (application, _) in rows::names(tx, id)? {
        moved += u32::from(settle(tx, id, application)?);
    }
    if 0 < moved {
        tx.event(Event::of::<PublishClass>(id).facts(json!({ "closed": moved })))?;
    }
    Ok(moved)
}

/// Moves one application from its publication step; no when it does not wait there, or waits for an answer.
pub(super) fn settle(tx: &mut SchoolTx, list: PublicationId, id: ApplicationId) -> db::Result<bool> {
    let application = applications::held(tx, id)?;
    let rules = rules_of(tx, application.plan_version)?;
    let stand = next_step(&rules.chain, &applications::verdicts(tx, &application)?);
    let (Stand::Waiting { at, step: Step::Publication { .. } }, Status::Waiting) =
        (stand, application.status)
    else {
        return Ok(false);
    };
    let found = rows::objections_to(tx, list, id)?;
    let findings: Vec<Option<Finding>> = found.iter().map(|(finding, _)| *finding).collect();
    let mut decision = applications::NewDecision::passed("publication");
    match after(&findings) {
        After::Waits => return Ok(false),
        After::GoesOn => {}
        After::GoesBack => {
            let held = found.into_iter().find(|(finding, _)| *finding == Some(Finding::Upheld));
            decision.verdict = Verdict::Returned;
            decision.ground = Some(Ground::ChoiceUnclear);
            decision.note = held.map(|(_, answer)| answer).unwrap_or_default();
        }
    }
    applications::add_decision(tx, &application, at, &decision)?;
    advance(tx, &application)?;
    Ok(true)
}

/// The last day of a publication.
pub(super) fn last_day(opens_on: Date, days: i64) -> Date {
    publication_closes_on(opens_on, u8::try_from(days).unwrap_or(u8::MAX))
}
