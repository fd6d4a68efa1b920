//! Dismissal's pages and JSON: the guardian's home and pick-up list, the gate, handing over, the live board.

mod api;
mod board;
mod called_off;
mod gate;
mod handover;
mod home;
mod live;
mod mistaken;
mod paper;
mod paper_api;
mod pickup;
mod restriction;
mod stop;
mod unlisted;
mod verdict;
mod who;
pub(crate) mod words;

use axum::http::Method;
use jiff::civil::Date;
use kehou_domain::access::{
    CloseDay, ConfirmPaper, EnterPaper, HandOverGroup, KeepPickupList, ReleaseChild, RestrictPickup,
    SeeOwnChildren, SettleStop, WatchBoard, WatchGate,
};
use kehou_domain::ids::EntityId;

use crate::fault::Fault;
use crate::routes::{Routes, described};

pub(crate) fn routes() -> Routes {
    family().and(on_paper()).and(at_the_gate()).and(of_the_group()).and(of_the_day()).and(for_programs())
}

fn family() -> Routes {
    Routes::new()
        .get::<SeeOwnChildren, _>("/home", home::show)
        .get::<SeeOwnChildren, _>("/children/{student}/days/{day}", home::day)
        .get::<KeepPickupList, _>("/children/{student}/pickup", pickup::show)
        .post::<KeepPickupList, _>("/children/{student}/delegates", pickup::name)
        .post::<KeepPickupList, _>("/children/{student}/delegates/{delegate}/end", pickup::end)
        .post::<KeepPickupList, _>("/children/{student}/release-consents", pickup::consent)
        .post::<KeepPickupList, _>("/children/{student}/release-consents/{consent}/end", pickup::withdraw)
}

fn on_paper() -> Routes {
    Routes::new()
        .get::<ConfirmPaper, _>("/schools/{school}/signed-papers", paper::index)
        .post::<ConfirmPaper, _>("/schools/{school}/signed-papers/{paper}/confirmation", paper::settle)
        .get::<EnterPaper, _>("/schools/{school}/students/{student}/signed-papers", paper::new)
        .post::<EnterPaper, _>("/schools/{school}/students/{student}/signed-papers", paper::create)
}

fn at_the_gate() -> Routes {
    Routes::new()
        .get::<WatchGate, _>("/schools/{school}/gate", gate::index)
        .post::<WatchGate, _>("/schools/{school}/gate", gate::find)
        .get::<WatchGate, _>("/schools/{school}/gate/{student}", gate::show)
        .post::<ReleaseChild, _>("/schools/{school}/gate/{student}/checks", gate::check)
        .post::<ReleaseChild, _>("/schools/{school}/gate/{student}/releases", gate::release)
        .post::<ReleaseChild, _>("/schools/{school}/gate/{student}/releases/undo", mistaken::take_back)
        .get::<WatchGate, _>("/schools/{school}/stops/{stop}", stop::show)
        .post::<SettleStop, _>("/schools/{school}/stops/{stop}/settlement", stop::settle)
        .get::<RestrictPickup, _>("/schools/{school}/restrictions", restriction::index)
        .post::<RestrictPickup, _>("/schools/{school}/restrictions", restriction::find)
        .get::<RestrictPickup, _>("/schools/{school}/students/{student}/restrictions", restriction::show)
        .post::<RestrictPickup, _>("/schools/{school}/students/{student}/restrictions", restriction::set)
        .post::<RestrictPickup, _>(
            "/schools/{school}/students/{student}/restrictions/{restriction}/end",
            restriction::lift,
        )
}

fn of_the_group() -> Routes {
    Routes::new()
        .get::<HandOverGroup, _>("/schools/{school}/sessions/{session}/handover", handover::show)
        .post::<HandOverGroup, _>("/schools/{school}/sessions/{session}/handover", handover::hand_over)
        .post::<HandOverGroup, _>("/schools/{school}/sessions/{session}/late-stays", handover::stay_late)
        .post::<HandOverGroup, _>("/schools/{school}/sessions/{session}/handover/undo", handover::take_back)
        .get::<HandOverGroup, _>("/schools/{school}/sessions/{session}/closing", handover::closing)
        .post::<HandOverGroup, _>("/schools/{school}/sessions/{session}/closing", handover::close)
}

fn of_the_day() -> Routes {
    Routes::new()
        .get::<WatchBoard, _>("/schools/{school}/board", board::show)
        .get::<WatchBoard, _>("/schools/{school}/board/events", live::events)
        .get::<WatchBoard, _>("/schools/{school}/days/{day}/handover-sheet", board::sheet)
        .post::<CloseDay, _>("/schools/{school}/days/{day}/closing", board::close)
}

fn for_programs() -> Routes {
    Routes::new()
        .api::<SeeOwnChildren, _, (), api::ChildrenToday>(
            Method::GET,
            "/api/v1/children/today",
            described("Today of one's own children in every school"),
            api::today,
        )
        .api::<WatchGate, _, (), api::GateList>(
            Method::GET,
            "/api/v1/schools/{school}/gate",
            described("Today's children as the gate sees them"),
            api::gate,
        )
        .api::<ReleaseChild, _, api::NewRelease, api::Outcome>(
            Method::POST,
            "/api/v1/schools/{school}/gate/{student}/releases",
            described("Let a child go, or stop"),
            api::release,
        )
        .api::<WatchBoard, _, (), api::OpenNow>(
            Method::GET,
            "/api/v1/schools/{school}/board",
            described("What is open today, or with `day` on an earlier day that nobody has closed"),
            api::board,
        )
        .api::<ConfirmPaper, _, (), Vec<paper_api::PaperLine>>(
            Method::GET,
            "/api/v1/schools/{school}/signed-papers",
            described("What families signed on paper: those that wait for a second person, then the latest"),
            paper_api::index,
        )
        .api::<EnterPaper, _, paper_api::NewSignedPaper, paper_api::EnteredPaper>(
            Method::POST,
            "/api/v1/schools/{school}/students/{student}/signed-papers",
            described("Enter what a guardian signed on paper; a second person confirms it"),
            paper_api::create,
        )
        .api::<ConfirmPaper, _, paper_api::Finding, paper_api::Settled>(
            Method::POST,
            "/api/v1/schools/{school}/signed-papers/{paper}/settlement",
            described("Say, as the second person, whether the paper is there and says what was entered"),
            paper_api::settle,
        )
}

/// A day as an address or a form names it; nothing when it names none.
fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// A day that an address names; an address that names no day of the calendar leads nowhere.
fn asked_day(text: &str) -> Result<Option<Date>, Fault> {
    if text.is_empty() { Ok(None) } else { day(text).map(Some).ok_or(Fault::NotFound) }
}

/// The id of an address, or a page that is not there.
fn id<I: EntityId>(text: &str) -> Result<I, Fault> {
    I::parse(text).ok_or(Fault::NotFound)
}
