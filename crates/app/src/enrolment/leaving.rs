//! Leaving the service: the family at any time, the school only with notice and a reason (B6).

use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{EndService, WithdrawChild};
use kehou_domain::enrolment::chain::Status;
use kehou_domain::enrolment::ending::{CannotEnd, terminate, withdraw};
use kehou_domain::ids::{EnrolmentId, StudentId};
use serde_json::json;

use super::apply::{Application, tell};
use super::rows::{applications, places as rows};
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
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let application = applications::hold_of_child(tx, sign_up.term, student)?.ok_or(db::Error::NotFound)?;
    let place = rows::open_of_child(tx, sign_up.term, student)?;
    if last_day < tx.today() {
        return Err(Failed::Refused(CannotEnd::InThePast));
    }
    if let Some(place) = &place {
        let (held, _) = rows::held(tx, place.id)?;
        let to_on = withdraw(held.stay, last_day, tx.today()).map_err(Failed::Refused)?;
        rows::end(tx, place.id, to_on)?;
    }
    let end = rows::NewEnd {
        student,
        application: Some(application.id),
        enrolment: place.map(|place| place.id),
        side: "family",
        reason,
        last_day,
    };
    finish(tx, &application, &end)?;
    Ok(())
}

/// The school ends a place because the agreement is not kept: with a reason, and not before the notice has run
/// (B6, F7).
pub fn end_service(
    tx: &mut Tx<EndService>,
    id: EnrolmentId,
    last_day: Date,
    reason: &str,
) -> Result<(), Failed<CannotEnd>> {
    let (place, application) = rows::held(tx, id)?;
    let to_on = terminate(place.stay, last_day, reason, tx.today()).map_err(Failed::Refused)?;
    rows::end(tx, id, to_on)?;
    let application = application.ok_or(db::Error::NotFound)?;
    applications::hold(tx, application)?;
    let application = applications::application(tx, application)?;
    let end = rows::NewEnd {
        student: place.student,
        application: Some(application.id),
        enrolment: Some(id),
        side: "school",
        reason,
        last_day: to_on,
    };
    finish(tx, &application, &end)?;
    tell(tx, &application, "service_ended_by_school")?;
    Ok(())
}

fn finish(tx: &mut SchoolTx, application: &Application, end: &rows::NewEnd) -> db::Result<()> {
    let id = rows::add_end(tx, end)?;
    applications::set_standing(tx, application, Status::Withdrawn, application.step)?;
    tx.event(
        Event::new(if end.side == "family" { "WithdrawChild" } else { "EndService" }, id)
            .facts(json!({ "child": end.student.to_string(), "last_day": end.last_day.to_string() }))
            .about(end.student, json!({ "reason": end.reason.trim() })),
    )
}
