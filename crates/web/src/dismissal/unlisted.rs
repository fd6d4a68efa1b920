//! The gate's page of a child whose day was called off: what happened, and whom to call.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use kehou_app::dismissal::{self, GuardianCard, LeaderCard, Unlisted};
use kehou_domain::access::WatchGate;
use kehou_domain::ids::StudentId;

use super::gate::on_day;
use super::words;
use crate::fault::Fault;
use crate::filters;
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "dismissal/unlisted.html")]
struct UnlistedPage {
    name: String,
    class: String,
    day: Date,
    why: String,
    guardians: Vec<GuardianCard>,
    leaders: Vec<LeaderCard>,
    list: String,
}

/// The page instead of the child's; a child who was never on the day's list is not there.
pub(super) async fn show(seat: &Seat, student: StudentId, day: Option<Date>) -> Result<Response, Fault> {
    let Unlisted { day, child, why, guardians, leaders } =
        seat.read::<WatchGate, _>(move |tx| dismissal::unlisted(tx, student, day)).await?;
    let lang = seat.lang();
    seat.page(&UnlistedPage {
        class: words::class(lang, &child),
        name: child.name,
        why: why.map(|why| crate::calendar::words::no_service(lang, &why)).unwrap_or_default(),
        list: on_day(seat, "gate", day),
        day,
        guardians,
        leaders,
    })
}

/// Where a form leads whose child has left the list under the guard's hands: to the page that says so.
pub(super) async fn instead(seat: &Seat, student: StudentId, day: Option<Date>) -> Result<String, Fault> {
    seat.read::<WatchGate, _>(move |tx| dismissal::unlisted(tx, student, day)).await?;
    Ok(format!("gate/{student}"))
}
