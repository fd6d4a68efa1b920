//! Allocation: rounds of choosing for the office, the family and everybody; and files of markets and results in words.

mod api;
mod arrange;
mod cards;
mod choices;
mod desk;
mod family;
mod keep_api;
mod open;
mod round;
mod rounds;
mod said;
pub mod words;

use axum::http::Method;
use kehou_domain::access::{
    ArrangeSeats, ChooseOfferings, EnterWishes, KeepRounds, ReadOwnChoices, ReadRound, ReadRounds,
};
use kehou_domain::ids::EntityId;

use crate::fault::Fault;
use crate::routes::{Entry, Routes, described};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get::<ReadRounds, _>("/schools/{school}/rounds", rounds::index)
        .get::<KeepRounds, _>("/schools/{school}/rounds/new", rounds::new)
        .post::<KeepRounds, _>("/schools/{school}/rounds", rounds::create)
        .get::<ReadRounds, _>("/schools/{school}/rounds/{round}", round::show)
        .get::<KeepRounds, _>("/schools/{school}/rounds/{round}/form", rounds::edit)
        .post::<KeepRounds, _>("/schools/{school}/rounds/{round}", rounds::update)
        .post::<KeepRounds, _>("/schools/{school}/rounds/{round}/announcement", round::announce)
        .post::<KeepRounds, _>("/schools/{school}/rounds/{round}/seal", round::seal)
        .post::<KeepRounds, _>("/schools/{school}/rounds/{round}/draw", round::draw)
        .post::<KeepRounds, _>("/schools/{school}/rounds/{round}/publication", round::publish)
        .post::<KeepRounds, _>("/schools/{school}/rounds/{round}/calling-off", round::call_off)
        .get::<ReadRounds, _>("/schools/{school}/rounds/{round}/market.txt", round::market)
        .get::<ReadRounds, _>("/schools/{school}/rounds/{round}/result.json", round::result)
        .get::<ReadRounds, _>("/schools/{school}/rounds/{round}/arrange", arrange::show)
        .post::<ArrangeSeats, _>("/schools/{school}/rounds/{round}/moves", arrange::go)
        .post::<ArrangeSeats, _>(
            "/schools/{school}/rounds/{round}/moves/{moved}/taking-back",
            arrange::take_back,
        )
        .post::<ArrangeSeats, _>("/schools/{school}/rounds/{round}/locks", arrange::lock)
        .with(Method::GET, "/schools/{school}/rounds/{round}/open", Entry::Anyone, open::show)
        .get::<EnterWishes, _>("/schools/{school}/round-entries", desk::index)
        .get::<EnterWishes, _>("/schools/{school}/round-entries/{round}", desk::show)
        .get::<EnterWishes, _>("/schools/{school}/round-entries/{round}/{student}", desk::child)
        .post::<EnterWishes, _>("/schools/{school}/round-entries/{round}/{student}", desk::tap)
        .get::<ReadOwnChoices, _>("/children/{student}/choices", family::index)
        .get::<ReadOwnChoices, _>("/children/{student}/choices/{round}", family::show)
        .post::<ChooseOfferings, _>("/children/{student}/choices/{round}", family::tap)
        .and(json())
}

fn json() -> Routes {
    Routes::new()
        .api::<ReadRounds, _, (), Vec<api::RoundOut>>(
            Method::GET,
            "/api/v1/schools/{school}/rounds",
            described("The rounds of choosing of the term that runs or comes next, the newest first"),
            api::index,
        )
        .api::<ReadRound, _, (), api::PublicOut>(
            Method::GET,
            "/api/v1/schools/{school}/rounds/{round}",
            described("A round that was made known: rules, commitments, seats, numbers, cut-offs"),
            api::show,
        )
        .and(keeping())
        .api::<ReadOwnChoices, _, (), Vec<api::ChildRoundOut>>(
            Method::GET,
            "/api/v1/children/{student}/choices",
            described("The rounds of one's own child with its wishes, seats, lines and answers"),
            api::child,
        )
        .api::<ChooseOfferings, _, api::NewWishes, api::Chosen>(
            Method::POST,
            "/api/v1/children/{student}/choices/{round}",
            described("Write one's own child's wishes; the last ones count"),
            api::wish,
        )
        .api::<ChooseOfferings, _, api::NewStep, api::Chosen>(
            Method::POST,
            "/api/v1/children/{student}/choices/{round}/seats",
            described("Take, confirm or give up a seat for one's own child, or a place in line"),
            api::seat,
        )
}

/// What the office does with a round.
fn keeping() -> Routes {
    Routes::new()
        .api::<KeepRounds, _, keep_api::NewRound, api::RoundOut>(
            Method::POST,
            "/api/v1/schools/{school}/rounds",
            described("Write a round of choosing as a draft; without a term it is for the one that runs or comes next"),
            keep_api::create,
        )
        .api::<KeepRounds, _, keep_api::NewRound, api::RoundOut>(
            Method::POST,
            "/api/v1/schools/{school}/rounds/{round}",
            described("Change a round that is a draft"),
            keep_api::update,
        )
        .api::<KeepRounds, _, keep_api::NewAnnouncement, api::RoundOut>(
            Method::POST,
            "/api/v1/schools/{school}/rounds/{round}/announcement",
            described("Make a round known: rules, seats and commitment stand from then on"),
            keep_api::announce,
        )
        .api::<KeepRounds, _, (), api::RoundOut>(
            Method::POST,
            "/api/v1/schools/{school}/rounds/{round}/seal",
            described("Seal the applications once the window is over; the service does so by itself a little later"),
            keep_api::seal,
        )
        .api::<KeepRounds, _, keep_api::NewDraw, api::RoundOut>(
            Method::POST,
            "/api/v1/schools/{school}/rounds/{round}/draw",
            described("Hold the draw of a sealed round"),
            keep_api::draw,
        )
        .api::<KeepRounds, _, (), api::RoundOut>(
            Method::POST,
            "/api/v1/schools/{school}/rounds/{round}/publication",
            described("Publish a round; every family that chose is told"),
            keep_api::publish,
        )
        .api::<KeepRounds, _, keep_api::NewCallingOff, api::RoundOut>(
            Method::POST,
            "/api/v1/schools/{school}/rounds/{round}/calling-off",
            described("Give a round up, with a reason that families read"),
            keep_api::call_off,
        )
}

/// The id in an address; anything else is not there.
fn id<I: EntityId>(text: &str) -> Result<I, Fault> {
    I::parse(text).ok_or(Fault::NotFound)
}
