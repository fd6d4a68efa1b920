//! Objecting to a name that is shown in a class, and the school's answer (F10).

use jiff::Timestamp;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{AnswerObjections, ObjectToName, PublishClass, ReadOwnEnrolment};
use kehou_domain::enrolment::objection::{self as rule, CannotObject, Finding, Standing};
use kehou_domain::ids::{ApplicationId, ObjectionId, PublicationId, StudentId};
use serde_json::json;

use super::publication::{Publication, in_reach, settle};
use super::rows::publications as rows;
use super::setting::{Pupil, own_pupil};
use super::signup::current;

/// An objection to one child on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Its id.
    pub id: ObjectionId,
    /// The child on the list.
    pub name: String,
    /// What was said.
    pub what: String,
    /// When it was said.
    pub said_at: Timestamp,
    /// What the school found, once it has answered.
    pub finding: Option<Finding>,
    /// The answer; empty before it.
    pub answer: String,
}

/// What a family sees of its child's class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassNames {
    /// The child.
    pub student: StudentId,
    /// The list that stands today, with its names.
    pub shown: Option<(Publication, Vec<(ApplicationId, String)>)>,
    /// The acting guardian's own objections of the term.
    pub mine: Vec<Objection>,
}

/// Against whom, and what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewObjection {
    /// The list.
    pub publication: PublicationId,
    /// The child on it.
    pub application: ApplicationId,
    /// What is said.
    pub what: String,
}

/// The names that stand in the own child's class today (F10).
pub fn class_names(tx: &mut Tx<ReadOwnEnrolment>, student: StudentId) -> db::Result<ClassNames> {
    let shown = standing(tx, student)?;
    let shown = match shown {
        Some(publication) => {
            let names = rows::names(tx, publication.id)?;
            Some((publication, names))
        }
        None => None,
    };
    Ok(ClassNames { student, shown, mine: rows::own_objections(tx)? })
}

/// The list that stands today in the class of the acting guardian's child.
fn standing(tx: &mut SchoolTx, student: StudentId) -> db::Result<Option<Publication>> {
    let pupil = own_pupil(tx, student)?;
    stands_in(tx, &pupil)
}

/// The list that stands today in a child's class.
pub(super) fn stands_in(tx: &mut SchoolTx, pupil: &Pupil) -> db::Result<Option<Publication>> {
    let (Some(class), Some(sign_up)) = (pupil.class, current(tx)?) else { return Ok(None) };
    let today = tx.today();
    let here =
        |one: &Publication| one.class.id == class.id && one.opens_on <= today && today <= one.closes_on;
    Ok(rows::publications(tx, sign_up.term)?.into_iter().find(here))
}

/// A guardian of the class objects while the names stand (F10).
pub fn object_to_name(
    tx: &mut Tx<ObjectToName>,
    student: StudentId,
    new: &NewObjection,
) -> Result<ObjectionId, Failed<CannotObject>> {
    let shown = standing(tx, student)?.filter(|shown| shown.id == new.publication);
    let shown = shown.ok_or(Failed::Refused(CannotObject::NotShown))?;
    let id = object(tx, &shown, new, Some(student))?;
    tx.event(Event::of::<ObjectToName>(id).facts(json!({ "list": new.publication.to_string() })))?;
    Ok(id)
}

/// Staff write down what a family said by word of mouth (F10).
pub fn note_objection(
    tx: &mut Tx<PublishClass>,
    new: &NewObjection,
) -> Result<ObjectionId, Failed<CannotObject>> {
    let shown = in_reach(tx, new.publication)?;
    let id = object(tx, &shown, new, None)?;
    tx.event(Event::of::<ObjectToName>(id).facts(json!({ "list": new.publication.to_string() })))?;
    Ok(id)
}

fn object(
    tx: &mut SchoolTx,
    shown: &Publication,
    new: &NewObjection,
    student: Option<StudentId>,
) -> Result<ObjectionId, Failed<CannotObject>> {
    let standing = Standing { opens_on: shown.opens_on, closes_on: shown.closes_on };
    rule::object(standing, &new.what, tx.today()).map_err(Failed::Refused)?;
    if !rows::names(tx, shown.id)?.iter().any(|(application, _)| *application == new.application) {
        return Err(Failed::Refused(CannotObject::NotListed));
    }
    if let Some(child) = student {
        rows::hold_list(tx, shown.id)?;
        rule::once(rows::said_for(tx, new, child)?).map_err(Failed::Refused)?;
    }
    Ok(rows::add_objection(tx, new, student)?)
}

/// The office answers, once. An objection that holds takes the name off and back to its family at once; after the last
/// day any answer moves the name (F10).
pub fn answer_objection(
    tx: &mut Tx<AnswerObjections>,
    id: ObjectionId,
    finding: Finding,
    answer: &str,
) -> Result<PublicationId, Failed<CannotObject>> {
    let held = rows::hold_objection(tx, id)?;
    rule::answer(held.finding, answer).map_err(Failed::Refused)?;
    rows::answer_objection(tx, id, finding, answer)?;
    let shown = in_reach(tx, held.publication)?;
    let standing = Standing { opens_on: shown.opens_on, closes_on: shown.closes_on };
    if rule::moves_now(finding, standing, tx.today()) {
        settle(tx, held.publication, held.application)?;
    }
    if let Some(student) = held.student {
        tx.tell(held.said_by, "objection_answered", &json!({ "student": student.to_string() }))?;
    }
    tx.event(Event::of::<AnswerObjections>(id).facts(json!({ "finding": finding.word() })))?;
    Ok(held.publication)
}
