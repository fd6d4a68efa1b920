//! Leaving the service: the family at any time, the school only with notice and a reason (B6).

use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{EndService, WithdrawChild};
use kehou_domain::enrolment::chain::Status;
use kehou_domain::enrolment::ending::{CannotEnd, in_term, terminate, withdraw};
use kehou_domain::ids::{EnrolmentId, StudentId};
use serde_json::json;

use super::apply::Application;
use super::rows::{applications, people, places as rows};
use super::setting::own_pupil;
use super::signup::current;

/// The acting guardian takes the application back, or ends the place on a day from today on. Nobody has to
/// agree (B6).
pub fn leave(
    tx: &mut Tx<WithdrawChild>,
    student: StudentId,
    last_day: Date,
    reason: &str,
) -> Result<(), Failed<CannotEnd>> {
    own_pupil(tx, student)?;
    leave_for(tx, student, last_day, reason)
}

/// Whether the family may leave on this day; without an application or a place there is nothing to leave.
pub(crate) fn may_leave(
    tx: &mut SchoolTx,
    student: StudentId,
    last_day: Date,
) -> Result<(), Failed<CannotEnd>> {
    left(tx, student, last_day).map(drop)
}

/// Takes the child's application back and ends its place.
pub(crate) fn leave_for(
    tx: &mut SchoolTx,
    student: StudentId,
    last_day: Date,
    reason: &str,
) -> Result<(), Failed<CannotEnd>> {
    let left = left(tx, student, last_day)?;
    if let Some((place, to_on)) = &left.place {
        rows::end(tx, *place, *to_on)?;
    }
    let end = rows::NewEnd {
        student,
        application: left.application.as_ref().map(|application| application.id),
        enrolment: left.place.map(|(place, _)| place),
        side: "family",
        reason,
        last_day,
    };
    Ok(finish(tx, left.application.as_ref(), &end)?)
}

/// What a family leaves: its application, its place with the last day, or both.
struct Left {
    application: Option<Application>,
    place: Option<(EnrolmentId, Date)>,
}

fn left(tx: &mut SchoolTx, student: StudentId, last_day: Date) -> Result<Left, Failed<CannotEnd>> {
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let application = applications::hold_of_child(tx, sign_up.term, student)?;
    let place = rows::open_of_child(tx, sign_up.term, student)?;
    if application.is_none() && place.is_none() {
        return Err(Failed::Fault(db::Error::NotFound));
    }
    if last_day < tx.today() {
        return Err(Failed::Refused(CannotEnd::InThePast));
    }
    let Some(place) = place else { return Ok(Left { application, place: None }) };
    let (held, _) = rows::held(tx, place.id)?;
    in_term(last_day, rows::term_ends_on(tx, place.id)?).map_err(Failed::Refused)?;
    let to_on = withdraw(held.stay, last_day, tx.today()).map_err(Failed::Refused)?;
    Ok(Left { application, place: Some((place.id, to_on)) })
}

/// The school ends a place because the agreement is not kept: with a reason, and not before the notice has run
/// (B6, F7).
pub fn end_service(
    tx: &mut Tx<EndService>,
    id: EnrolmentId,
    last_day: Date,
    reason: &str,
) -> Result<(), Failed<Vec<CannotEnd>>> {
    let (place, application) = rows::held(tx, id)?;
    let ends_on = rows::term_ends_on(tx, id)?;
    in_term(last_day, ends_on).map_err(|why| Failed::Refused(vec![why]))?;
    let to_on = terminate(place.stay, last_day, reason, tx.today()).map_err(Failed::Refused)?;
    rows::end(tx, id, to_on)?;
    let application = application.map(|id| applications::held(tx, id)).transpose()?;
    let end = rows::NewEnd {
        student: place.student,
        application: application.as_ref().map(|application| application.id),
        enrolment: Some(id),
        side: "school",
        reason,
        last_day: to_on,
    };
    finish(tx, application.as_ref(), &end)?;
    let facts = json!({ "student": place.student.to_string() });
    for account in people::accounts(tx, place.student)? {
        tx.tell(account, "service_ended_by_school", &facts)?;
    }
    Ok(())
}

fn finish(tx: &mut SchoolTx, application: Option<&Application>, end: &rows::NewEnd) -> db::Result<()> {
    let id = rows::add_end(tx, end)?;
    if let Some(application) = application {
        applications::set_standing(tx, application, Status::Withdrawn, application.step)?;
    }
    tx.event(
        Event::new(if end.side == "family" { "WithdrawChild" } else { "EndService" }, id)
            .facts(json!({ "child": end.student.to_string(), "last_day": end.last_day.to_string() }))
            .about(end.student, json!({ "reason": end.reason.trim() })),
    )
}
