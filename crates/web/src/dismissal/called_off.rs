//! The page of a group whose session was called off: what happened, and what to do with a child who is there.

use askama::Template;
use kehou_app::dismissal::{self, CalledOff, LeaderCard, SessionCard};
use kehou_domain::access::{HandOverGroup, WatchGate};
use kehou_domain::ids::SessionId;

use super::gate::on_day;
use super::{handover, words};
use crate::fault::Fault;
use crate::filters;
use crate::refusal::Problems;
use crate::seat::Seat;

/// A child who would have come.
struct Line {
    name: String,
    class: String,
    /// Its page at the gate, for roles that let children go.
    path: Option<String>,
}

#[derive(Template)]
#[template(path = "dismissal/called_off.html")]
pub(super) struct CalledOffPage {
    session: SessionCard,
    why: String,
    lines: Vec<Line>,
    leaders: Vec<LeaderCard>,
    problems: Problems,
    back: String,
}

/// The page instead of the handover and of the room's closing.
pub(super) async fn page(
    seat: &Seat,
    session: SessionId,
    problems: Problems,
) -> Result<CalledOffPage, Fault> {
    let CalledOff { session, why, children, leaders } =
        seat.read::<HandOverGroup, _>(move |tx| dismissal::called_off(tx, session)).await?;
    let lang = seat.lang();
    let lines = children.into_iter().map(|child| Line {
        class: words::class(lang, &child),
        path: seat.may::<WatchGate>().then(|| on_day(seat, &format!("gate/{}", child.id), session.day)),
        name: child.name,
    });
    Ok(CalledOffPage {
        lines: lines.collect(),
        why: why.map(|why| crate::calendar::words::no_service(lang, &why)).unwrap_or_default(),
        back: handover::back(seat, session.id),
        session,
        leaders,
        problems,
    })
}
