//! Places in the service: made from an admission and nothing else (R1).

use kehou_db::{self as db, Event, SchoolTx, Tx};
use kehou_domain::access::ReadPlaces;
use kehou_domain::enrolment::chain::Decision;
use kehou_domain::enrolment::ending::{Stay, first_day};
use kehou_domain::enrolment::review::may_read;
use kehou_domain::enrolment::will::{Admission, Will, admit};
use kehou_domain::ids::{ApplicationId, EnrolmentId, StudentId};
use serde_json::json;

use super::apply::{Application, Source};
use super::rows::{applications, papers, places as rows};
use super::setting::{InClass, Rules, in_sight, only_classes};
use super::signup::{SignUp, current};

/// A child's place on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: EnrolmentId,
    /// The child.
    pub student: StudentId,
    /// First and last day.
    pub stay: Stay,
}

/// A place on the office's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceOnList {
    /// The place.
    pub place: Place,
    /// The child's name.
    pub name: String,
    /// The child's class.
    pub class: Option<InClass>,
    /// The application that it came from.
    pub application: Option<ApplicationId>,
    /// How the family said so.
    pub will: Source,
}

/// Makes the place when the chain is complete and the family's will is there; says whether it did.
pub(super) fn admit_child(
    tx: &mut SchoolTx,
    application: &Application,
    rules: &Rules,
    decisions: &[Decision],
) -> db::Result<bool> {
    let will = will(tx, application)?;
    let Ok(admission) = admit(&rules.chain, decisions, will) else { return Ok(false) };
    enrol(tx, application, &admission)?;
    Ok(true)
}

/// How the family said so: with their own sign-in, or on a paper that two people saw.
fn will(tx: &mut SchoolTx, application: &Application) -> db::Result<Option<Will>> {
    if application.source == Source::OwnAct {
        return Ok(Some(Will::own_act(application.account, application.handed_in_at)));
    }
    let confirmed = papers::confirmed_for(tx, application.id)?;
    Ok(confirmed.map(Will::paper))
}

fn enrol(tx: &mut SchoolTx, application: &Application, admission: &Admission) -> db::Result<()> {
    let service_from = rows::service_from(tx, application.term)?;
    let before = rows::open_of_child(tx, application.term, application.student)?;
    let from_on = first_day(service_from, tx.today(), before.and_then(|place| place.stay.to_on));
    let choices = applications::choices(tx, application)?;
    let id = rows::add(tx, application, from_on, admission.will().word())?;
    rows::add_slots(tx, id, &choices)?;
    tx.event(Event::new("Enrol", id).facts(json!({
        "child": application.student.to_string(),
        "application": application.id.to_string(),
        "from_on": from_on.to_string(),
        "will": admission.will().word(),
    })))
}

/// The term's places that the acting role may see.
pub fn places(tx: &mut Tx<ReadPlaces>) -> db::Result<Vec<PlaceOnList>> {
    let Some(sign_up) = current(tx)? else { return Ok(Vec::new()) };
    let mut listed = of_term(tx, &sign_up)?;
    let bound_to = only_classes(tx)?;
    listed.retain(|one| in_sight(bound_to.as_deref(), one.class));
    // a place is behind every step: whoever reads applications at the own step alone is led to none
    if !may_read(tx.role(), None) {
        for one in &mut listed {
            one.application = None;
        }
    }
    Ok(listed)
}

/// Everybody who has a place today or from a later day on.
pub(crate) fn place_holders(tx: &mut SchoolTx) -> db::Result<Vec<StudentId>> {
    rows::holders(tx)
}

/// Every place of the term.
pub(super) fn of_term(tx: &mut SchoolTx, sign_up: &SignUp) -> db::Result<Vec<PlaceOnList>> {
    rows::of_term(tx, sign_up.term)
}
