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
use crate::refusal::Refusal;
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

/// The same for programs: the child's service was called off. A child who was never on the day's list is not there.
pub(super) async fn refusal(seat: &Seat, student: StudentId) -> Result<Refusal, Fault> {
    let Unlisted { child, why, .. } =
        seat.read::<WatchGate, _>(move |tx| dismissal::unlisted(tx, student, None)).await?;
    let lang = seat.lang();
    let gone = lang.fill("{name}不在今天的名单上了。", &[("name", &child.name)]);
    let why = why.map(|why| crate::calendar::words::no_service(lang, &why)).unwrap_or_default();
    let next = lang.t("孩子的课后服务在开始之前停了。孩子在这里，请值班领导过来，并打给家长。");
    let parts = [gone.as_str(), why.as_str(), next];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(Refusal::new("called_off", said.join(" ")))
}

/// Where a form leads whose child has left the list under the guard's hands: to the page that says so.
pub(super) async fn instead(seat: &Seat, student: StudentId, day: Option<Date>) -> Result<String, Fault> {
    seat.read::<WatchGate, _>(move |tx| dismissal::unlisted(tx, student, day)).await?;
    Ok(format!("gate/{student}"))
}
