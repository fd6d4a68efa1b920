//! Rounds for programs: the same use cases as the pages.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kehou_app::allocation::round::{self, Answer, ChildRound, Offered, Round, SeatStep};
use kehou_db::hex;
use kehou_domain::access::{ReadRound, ReadRounds};
use kehou_domain::allocation::round::{Stage, WishList};
use kehou_domain::ids::RoundId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::family::{act, own};
use super::keep_api::RulesIo;
use super::round::{cutoff, kept};
use super::{choices::Meant, id, said};
use crate::family::Family;
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::Problems;
use crate::seat::Seat;

/// A round.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoundOut {
    id: String,
    name: String,
    /// The slot's id in the plan.
    slot: String,
    /// `ranked` or `first_come`.
    way: String,
    /// `draft`, `announced`, `open`, `over`, `sealed`, `drawn`, `published` or `called_off`.
    stage: String,
    opens_at: String,
    closes_at: String,
    /// The most offerings a week.
    weekly_limit: u8,
    rules: RulesIo,
}

/// What anybody may read of a round.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicOut {
    round: RoundOut,
    /// Which public value counts, as it was named in advance.
    beacon_rule: String,
    /// The hash of the secret, in hexadecimal.
    commitment: Option<String>,
    /// The root over the sealed applications, in hexadecimal.
    root: Option<String>,
    /// How many were sealed.
    sealed: Option<u32>,
    /// The secret, once it is revealed.
    secret: Option<String>,
    /// The public value.
    beacon: Option<String>,
    seed: Option<String>,
    offerings: Vec<OfferedOut>,
}

/// An offering of a round.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferedOut {
    /// The offering's id.
    offering: String,
    /// Its place in the round's list, by which wishes name it.
    place: u32,
    /// The ids of offerings that no child has besides it.
    apart: Vec<String>,
    /// The days on which it meets, 1 (Monday) to 5; it is wished for on the first.
    weekdays: Vec<u8>,
    title: String,
    capacity: u16,
    minimum: u16,
    /// Seats that are taken, in a round of first come.
    taken: u16,
    /// Free seats that no family takes itself before a round of first come closes; the school takes them for families who
    /// cannot.
    kept: u16,
    /// How many wished for it when last counted.
    wishes: u32,
    /// How many have a seat, once families were told.
    admitted: Option<u32>,
    /// Whom it takes, in words.
    cutoff: Option<String>,
}

/// A round before one's own child.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChildRoundOut {
    round: RoundOut,
    offerings: Vec<OfferedOut>,
    wishes: Option<Wishes>,
    /// The seats: those given by a draw once families were told, and those of first come that stand.
    seats: Vec<SeatOut>,
    /// The lines in which the child waits.
    line: Vec<LineOut>,
    /// The last day of the child's place in the slot, where it has an end: seats and lines end with it.
    place_ends_on: Option<String>,
    /// How each wish ended, once families were told.
    answers: Vec<AnswerOut>,
}

/// The wishes that stand.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Wishes {
    weekly_limit: u8,
    /// For Monday to Friday the places of offerings, best first.
    days: Vec<Vec<u32>>,
    /// The weekdays whose wishes count first when the week has no room for every day, 1 (Monday) to 5.
    week: Vec<i8>,
    /// Whether the child gives up what it drew for a free seat beside a sibling.
    beside_sibling: bool,
}

/// A seat.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SeatOut {
    /// The first day on which it meets.
    weekday: i8,
    /// The offering's id.
    offering: String,
    /// Until when it waits to be confirmed; nothing when it needs no confirming.
    held_until: Option<String>,
}

/// A place in line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LineOut {
    /// The offering's id.
    offering: String,
    before: u32,
    /// A seat is kept for the child until then.
    offered_until: Option<String>,
}

/// How a wish ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnswerOut {
    place: u32,
    /// The child's ticket for the day, in hexadecimal.
    ticket: String,
    /// Why, as a sentence in the account's language.
    why: String,
    /// What would have had to differ.
    change: Option<String>,
}

/// Wishes to be written.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewWishes {
    /// The most offerings a week that the family wants.
    weekly_limit: u8,
    /// For Monday to Friday the places of offerings, best first.
    days: [Vec<u32>; 5],
    /// The weekdays whose wishes count first when the week has no room for every day, 1 (Monday) to 5; the others follow
    /// by rank.
    #[serde(default)]
    week: Vec<i8>,
    /// Whether the child gives up what it drew for a free seat beside a sibling, where the round heeds that.
    #[serde(default)]
    beside_sibling: bool,
}

/// A step about a seat.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewStep {
    /// `claim`, `accept` or `leave` with a place; `confirm` or `give_up` with a weekday.
    step: String,
    #[serde(default)]
    place: Option<u32>,
    #[serde(default)]
    weekday: Option<i8>,
}

/// It is written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Chosen {
    /// The round's id.
    round: String,
}

pub(super) fn round_out(round: &Round, stage: Stage) -> RoundOut {
    let setup = &round.setup;
    RoundOut {
        id: round.id.to_string(),
        name: setup.name.clone(),
        slot: setup.slot.as_str().to_owned(),
        way: setup.way.word().to_owned(),
        stage: stage.word().to_owned(),
        opens_at: setup.opens_at.to_string(),
        closes_at: setup.closes_at.to_string(),
        weekly_limit: setup.weekly_limit,
        rules: RulesIo::read(setup),
    }
}

fn offered_out(lang: Lang, one: &Offered, stage: Stage) -> OfferedOut {
    let listed = &one.listed;
    OfferedOut {
        offering: one.id.to_string(),
        place: listed.place,
        apart: one.apart.iter().map(ToString::to_string).collect(),
        weekdays: listed.days.iter().collect(),
        title: one.details.title.clone(),
        capacity: listed.seats.capacity,
        minimum: listed.minimum,
        taken: listed.seats.taken,
        kept: kept(one, stage),
        wishes: listed.wished.1,
        admitted: listed.outcome.as_ref().map(|outcome| outcome.admitted),
        cutoff: listed.outcome.as_ref().map(|outcome| cutoff(lang, outcome)),
    }
}

pub(super) async fn index(seat: Seat) -> Result<Json<Vec<RoundOut>>, Fault> {
    let found = seat.read::<ReadRounds, _>(|tx| round::rounds(tx, None)).await?;
    let rounds = found.map(|found| found.rounds).unwrap_or_default();
    Ok(Json(rounds.iter().map(|one| round_out(one, one.stage(seat.at()))).collect()))
}

pub(super) async fn show(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
) -> Result<Json<PublicOut>, Fault> {
    let wanted: RoundId = id(&wanted)?;
    let found = seat.read::<ReadRound, _>(move |tx| round::public(tx, wanted)).await?;
    let (round, drawn) = (&found.round, found.round.drawn.as_ref());
    Ok(Json(PublicOut {
        round: round_out(round, found.stage),
        beacon_rule: round.setup.beacon.clone(),
        commitment: round.commitment.map(|hash| hex(&hash)),
        root: round.sealed.map(|(root, _)| hex(&root)),
        sealed: round.sealed.map(|(_, count)| count),
        secret: drawn.and_then(|drawn| drawn.secret).map(|secret| hex(&secret)),
        beacon: drawn.map(|drawn| drawn.beacon.clone()),
        seed: drawn.map(|drawn| drawn.seed.clone()),
        offerings: found.offered.iter().map(|one| offered_out(seat.lang(), one, found.stage)).collect(),
    }))
}

fn child_out(lang: Lang, one: &ChildRound) -> ChildRoundOut {
    let given = one.seats.iter().map(|(weekday, offering)| SeatOut {
        weekday: *weekday,
        offering: offering.to_string(),
        held_until: None,
    });
    let held = one.held.iter().map(|held| SeatOut {
        weekday: held.weekday,
        offering: held.offering.to_string(),
        held_until: held.until.map(|at| at.to_string()),
    });
    let told = one.stage == Stage::Published;
    let line = one.line.iter().map(|waits| LineOut {
        offering: waits.offering.to_string(),
        before: waits.before,
        offered_until: waits.offered_until.map(|at| at.to_string()),
    });
    ChildRoundOut {
        round: round_out(&one.round, one.stage),
        offerings: one.offered.iter().map(|offered| offered_out(lang, offered, one.stage)).collect(),
        wishes: one.list.as_ref().map(|list| Wishes {
            weekly_limit: list.weekly_limit,
            days: list.days.to_vec(),
            week: list.week.clone(),
            beside_sibling: list.beside,
        }),
        seats: if told { given.collect() } else { held.collect() },
        line: line.collect(),
        place_ends_on: one.place_ends_on.map(|day| day.to_string()),
        answers: one.answers.iter().map(|answer| answer_out(lang, answer, &one.offered)).collect(),
    }
}

fn answer_out(lang: Lang, answer: &Answer, offered: &[Offered]) -> AnswerOut {
    AnswerOut {
        place: answer.place,
        ticket: format!("{:016x}", answer.own.ticket),
        why: said::why(lang, answer, offered),
        change: said::change(lang, answer.change),
    }
}

pub(super) async fn child(
    family: Family,
    Path(student): Path<String>,
) -> Result<Json<Vec<ChildRoundOut>>, Fault> {
    let (_, found) = own(&family, id(&student)?).await?;
    Ok(Json(found.rounds.iter().map(|one| child_out(family.lang(), one)).collect()))
}

pub(super) async fn wish(
    family: Family,
    key: Key,
    Path((student, wanted)): Path<(String, String)>,
    Json(new): Json<NewWishes>,
) -> Result<Response, Fault> {
    let NewWishes { weekly_limit, days, week, beside_sibling: beside } = new;
    let list = WishList { weekly_limit, days, week, beside };
    done(&family, &key, (student, wanted), Meant::Wishes(list)).await
}

pub(super) async fn seat(
    family: Family,
    key: Key,
    Path((student, wanted)): Path<(String, String)>,
    Json(new): Json<NewStep>,
) -> Result<Response, Fault> {
    done(&family, &key, (student, wanted), Meant::Seat(step(&new)?)).await
}

fn step(new: &NewStep) -> Result<SeatStep, Fault> {
    let missing = |field: &'static str| {
        move || Fault::malformed_in("正文缺少字段 {what}，格式见 /api/openapi.json", field)
    };
    let place = || new.place.ok_or_else(missing("place"));
    let weekday = || new.weekday.ok_or_else(missing("weekday"));
    match new.step.as_str() {
        "claim" => place().map(SeatStep::Claim),
        "accept" => place().map(SeatStep::Accept),
        "leave" => place().map(SeatStep::Leave),
        "confirm" => weekday().map(SeatStep::Confirm),
        "give_up" => weekday().map(SeatStep::GiveUp),
        _ => Err(Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", "step")),
    }
}

async fn done(
    family: &Family,
    key: &Key,
    (student, wanted): (String, String),
    meant: Meant,
) -> Result<Response, Fault> {
    let wanted: RoundId = id(&wanted)?;
    Ok(match act(family, key, (wanted, id(&student)?), meant).await? {
        Ok(()) => Json(Chosen { round: wanted.to_string() }).into_response(),
        Err(refusals) => Problems::from(refusals).into_response(),
    })
}
