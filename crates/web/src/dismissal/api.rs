//! Dismissal for programs: the same use cases as the pages.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use kehou_app::dismissal::{self, GateChild, Look, ReleaseOutcome};
use kehou_domain::access::{ReleaseChild, WatchBoard, WatchGate};
use kehou_domain::custody::{Check, Whereabouts};
use kehou_domain::dismissal::Why;
use kehou_domain::ids::StudentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::board::OnDay;
use super::{home, id, unlisted, who, words};
use crate::family::Family;
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::seat::Seat;

/// Today of one's own children.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChildrenToday {
    children: Vec<ChildNow>,
}

/// One child, now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChildNow {
    /// The child's id.
    student: String,
    name: String,
    school: String,
    /// A sentence in the account's language.
    now: String,
    /// When that was noted, RFC 3339.
    since: Option<String>,
    /// When the child's wave goes, RFC 3339.
    goes_at: Option<String>,
}

pub(super) async fn today(family: Family) -> Result<Json<ChildrenToday>, Fault> {
    let lang = family.lang();
    let children = home::children(&family).await?.into_iter().map(|one| ChildNow {
        student: one.today.child.id.to_string(),
        name: one.today.child.name.clone(),
        now: words::now(lang, &one.today),
        since: one.today.state.learnt_from().map(|sight| sight.at.to_string()),
        goes_at: one.today.wave_at.map(|at| at.to_string()),
        school: one.school,
    });
    Ok(Json(ChildrenToday { children: children.collect() }))
}

/// The gate's list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GateList {
    /// The day, as in 2026-09-01.
    day: String,
    to_go: usize,
    gone: usize,
    children: Vec<GateLine>,
}

/// One child on a list.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own for programs")]
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GateLine {
    /// The child's id.
    student: String,
    name: String,
    group: String,
    /// When the child's wave goes, RFC 3339.
    goes_at: String,
    /// Whether the child has an ending for the day.
    ended: bool,
    /// Whether a stop holds the child.
    held: bool,
    /// Whether a stop of the day still waits for somebody's word, holding the child or not.
    stopped: bool,
    /// Whether nobody had come in time, so that somebody stayed with the child.
    stayed_late: bool,
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Find {
    #[serde(default)]
    find: String,
}

pub(super) async fn gate(seat: Seat, Query(find): Query<Find>) -> Result<Json<GateList>, Fault> {
    let look = Look { find: find.find, ..Look::default() };
    let gate = seat.read::<WatchGate, _>(move |tx| dismissal::gate(tx, &look)).await?;
    let children = gate.children.iter().map(line).collect();
    Ok(Json(GateList { day: gate.day.to_string(), to_go: gate.to_go, gone: gate.gone, children }))
}

fn line(child: &GateChild) -> GateLine {
    GateLine {
        student: child.child.id.to_string(),
        name: child.child.name.clone(),
        group: child.group.clone(),
        goes_at: child.wave_at.to_string(),
        ended: matches!(child.whereabouts, Whereabouts::Ended(_)),
        held: child.held,
        stopped: child.stopped,
        stayed_late: child.stayed_late,
    }
}

/// A wish to let a child go.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewRelease {
    /// `guardian:ID`, `delegate:ID`, `alone`, `bus`, or `other` with a name.
    who: String,
    /// The name of someone on no list.
    #[serde(default)]
    name: String,
    /// How the person was checked: `known`, `asked`, `paper_seen`, `telephoned`.
    checked: String,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Outcome {
    /// `released`, `stopped` or `not_now`.
    #[serde(rename = "outcome")]
    word: String,
    /// The stop that was written down.
    stop: Option<String>,
    /// Why not now: `gone`, `held` over somebody else, `not_called` or `too_early`.
    why: Option<String>,
}

impl From<ReleaseOutcome> for Outcome {
    fn from(outcome: ReleaseOutcome) -> Outcome {
        let (word, stop, why) = match outcome {
            ReleaseOutcome::Released => ("released", None, None),
            ReleaseOutcome::Stopped(stop) => ("stopped", Some(stop.to_string()), None),
            ReleaseOutcome::NotNow(why) => ("not_now", None, Some(Why::word(&why).to_owned())),
        };
        Outcome { word: word.to_owned(), stop, why }
    }
}

pub(super) async fn release(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewRelease>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let collector = who::parse(&new.who, &new.name).ok_or_else(|| malformed("who"))?;
    let checked = Check::parse(&new.checked).ok_or_else(|| malformed("checked"))?;
    let written = seat.write::<ReleaseChild, Outcome, ()>(&key, move |tx| {
        Ok(dismissal::release(tx, (student, None), &collector, checked)?.into())
    });
    match written.await {
        Ok(Ok(outcome)) => Ok(Json(outcome).into_response()),
        Ok(Err(())) => Err(Fault::Conflict),
        Err(Fault::NotFound) => Ok(unlisted::refusal(&seat, student).await?.into_response()),
        Err(fault) => Err(fault),
    }
}

fn malformed(field: &str) -> Fault {
    Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", field)
}

/// What is open today.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenNow {
    /// The day, as in 2026-09-01.
    day: String,
    to_go: usize,
    gone: usize,
    away: usize,
    unseen: usize,
    missing: usize,
    stops: usize,
    late: usize,
    /// Whether the day was closed.
    closed: bool,
    /// Whether nobody has decided yet that there is service on the day.
    undecided: bool,
    /// Earlier days that nobody has closed, the oldest first: each can be asked for.
    earlier: Vec<String>,
    /// Children without an ending, at most 200.
    open: Vec<GateLine>,
}

/// How many children without an ending are listed for programs.
const MOST_OPEN: usize = 200;

pub(super) async fn board(seat: Seat, Query(on): Query<OnDay>) -> Result<Json<OpenNow>, Fault> {
    let day = super::day(&on.day);
    let board = seat.read::<WatchBoard, _>(move |tx| dismissal::board(tx, day)).await?;
    Ok(Json(OpenNow {
        day: board.day.to_string(),
        to_go: board.to_go,
        gone: board.gone,
        away: board.away,
        unseen: board.unseen,
        missing: board.missing.len(),
        stops: board.stops.len(),
        late: board.late.len(),
        closed: board.closed.is_some(),
        undecided: board.undecided,
        earlier: board.earlier.iter().map(ToString::to_string).collect(),
        open: board.open.iter().take(MOST_OPEN).map(line).collect(),
    }))
}
