//! The office's side of a round for programs: set up, made known, sealed, drawn, published, given up.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use kehou_app::allocation::round::{self, Draw};
use kehou_db::{Failed, Tx};
use kehou_domain::access::{KeepRounds, ReadRounds};
use kehou_domain::allocation::round::{Favours, Method, Setup, Way};
use kehou_domain::allocation::{Rules, Scheme};
use kehou_domain::ids::RoundId;
use kehou_domain::plan::SlotId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::api::round_out;
use super::round::{not_a_hash, sealed, written_hash};
use super::rounds::{CLOSINGS, SCHEMES, SIBLINGS, TITLES, setting, word_of};
use super::{id, said};
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A round to be written.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewRound {
    /// The term's id; empty for the one that runs or comes next. A round that is there keeps its own.
    #[serde(default)]
    term: String,
    name: String,
    /// `ranked` or `first_come`.
    way: String,
    /// The slot's id in the plan.
    slot: String,
    /// The most offerings a week.
    weekly_limit: u8,
    /// When families may begin, such as 2026-11-24T00:00:00Z.
    opens_at: String,
    /// When they have to be done.
    closes_at: String,
    /// Which public value counts; nothing first come.
    #[serde(default)]
    beacon: String,
    #[serde(default)]
    rules: RulesIo,
}

/// The rules of a round; what is not sent is as usual.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct RulesIo {
    /// `da` or `most-seats`.
    method: String,
    /// `perday` or `one`: a ticket a day, or one for the week.
    scheme: String,
    /// `once` or `repeat`: how often a child has a title.
    titles: String,
    /// `reopening`, `for_good` or `never`: what becomes of offerings below their minimum.
    closing: String,
    /// `apart` or `together`: whether siblings draw together.
    siblings: String,
    /// Whether a child that had a title in the term before comes first for it within its tier.
    goes_on: bool,
    /// In how many of a hundred seats priority groups come first; nothing for all.
    priority_percent: Option<u8>,
    /// Whether a child whose list says so gives up what it drew for a free seat beside a sibling.
    beside_siblings: bool,
    /// How many seats of each offering are kept for children for whom the school chooses.
    office_seats: u16,
    /// First come: how long a seat waits to be confirmed.
    hold_minutes: u32,
}

impl Default for RulesIo {
    fn default() -> RulesIo {
        let (rules, favours) = (Rules::default(), Favours::default());
        RulesIo::of((Method::Deferred, Scheme::default()), rules, favours, SignedDuration::from_mins(30))
    }
}

impl RulesIo {
    fn of(
        (method, scheme): (Method, Scheme),
        rules: Rules,
        favours: Favours,
        hold: SignedDuration,
    ) -> RulesIo {
        RulesIo {
            method: method.word().to_owned(),
            scheme: word_of(&SCHEMES, &scheme),
            titles: word_of(&TITLES, &rules.titles),
            closing: word_of(&CLOSINGS, &rules.closing),
            siblings: word_of(&SIBLINGS, &favours.siblings),
            goes_on: favours.goes_on,
            beside_siblings: favours.beside,
            priority_percent: favours.priority_percent,
            office_seats: favours.office_seats,
            hold_minutes: u32::try_from(hold.as_mins()).unwrap_or(u32::MAX),
        }
    }

    /// The rules of a round as it stands.
    pub(super) fn read(setup: &Setup) -> RulesIo {
        RulesIo::of((setup.method, setup.scheme), setup.rules, setup.favours, setup.hold)
    }
}

/// A round to be made known.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewAnnouncement {
    /// The hash of a secret that the school keeps itself, in hexadecimal; empty where the service keeps it.
    #[serde(default)]
    commitment: String,
}

/// What a draw is held with.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewDraw {
    /// The public value that was named in advance.
    beacon: String,
    /// The secret in hexadecimal, where the school kept it itself.
    #[serde(default)]
    secret: String,
}

/// A round to be given up.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewCallingOff {
    /// Families read it.
    why: String,
}

/// A word of a table, or which field has none that is known.
fn known<T: Copy>(table: &[(&str, T)], field: &'static str, word: &str) -> Result<T, Fault> {
    let found = table.iter().find(|(known, _)| *known == word).map(|(_, one)| *one);
    found.ok_or_else(|| unknown(field))
}

fn unknown(field: &'static str) -> Fault {
    Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", field)
}

fn moment(field: &'static str, text: &str) -> Result<Timestamp, Fault> {
    text.parse().map_err(|_| Fault::malformed_in("{what} 要写成时间，例如 2026-11-24T00:00:00Z", field))
}

fn setup(new: NewRound) -> Result<Setup, Fault> {
    let rules = new.rules;
    Ok(Setup {
        name: new.name,
        way: Way::parse(&new.way).ok_or_else(|| unknown("way"))?,
        slot: SlotId(new.slot),
        weekly_limit: new.weekly_limit,
        method: Method::parse(&rules.method).ok_or_else(|| unknown("method"))?,
        scheme: known(&SCHEMES, "scheme", &rules.scheme)?,
        rules: Rules {
            titles: known(&TITLES, "titles", &rules.titles)?,
            closing: known(&CLOSINGS, "closing", &rules.closing)?,
        },
        favours: Favours {
            siblings: known(&SIBLINGS, "siblings", &rules.siblings)?,
            goes_on: rules.goes_on,
            beside: rules.beside_siblings,
            priority_percent: rules.priority_percent,
            office_seats: rules.office_seats,
        },
        opens_at: moment("opens_at", &new.opens_at)?,
        closes_at: moment("closes_at", &new.closes_at)?,
        beacon: new.beacon,
        hold: SignedDuration::from_mins(i64::from(rules.hold_minutes)),
    })
}

pub(super) async fn create(seat: Seat, key: Key, Json(new): Json<NewRound>) -> Result<Response, Fault> {
    let (lang, term) = (seat.lang(), setting(&seat, &new.term).await?.0);
    let setup = setup(new)?;
    let written = seat.write::<KeepRounds, String, Vec<Refusal>>(&key, move |tx| {
        let written = round::create(tx, term, &setup);
        Ok(written.map_err(|why| why.map(|why| said::not_kept(lang, &why)))?.to_string())
    });
    match written.await? {
        Ok(round) => stands(&seat, id(&round)?).await,
        Err(refusals) => Ok(Problems::from(refusals).into_response()),
    }
}

pub(super) async fn update(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewRound>,
) -> Result<Response, Fault> {
    let (lang, setup): (Lang, Setup) = (seat.lang(), setup(new)?);
    go(&seat, &key, &wanted, move |tx, wanted| {
        round::update(tx, wanted, &setup).map_err(|why| why.map(|why| said::not_kept(lang, &why)))
    })
    .await
}

pub(super) async fn announce(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewAnnouncement>,
) -> Result<Response, Fault> {
    let lang = seat.lang();
    let Ok(own) = written_hash(&new.commitment) else {
        return Ok(not_a_hash(lang, "commitment").into_response());
    };
    go(&seat, &key, &wanted, move |tx, wanted| {
        round::announce(tx, wanted, own).map_err(|why| why.map(|why| said::not_announced(lang, &why)))
    })
    .await
}

pub(super) async fn seal(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let lang = seat.lang();
    go(&seat, &key, &wanted, move |tx, wanted| sealed(lang, tx, wanted)).await
}

pub(super) async fn draw(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewDraw>,
) -> Result<Response, Fault> {
    let lang = seat.lang();
    let Ok(secret) = written_hash(&new.secret) else {
        return Ok(not_a_hash(lang, "secret").into_response());
    };
    let typed = Draw { beacon: new.beacon, secret };
    go(&seat, &key, &wanted, move |tx, wanted| {
        round::draw(tx, wanted, &typed).map_err(|why| why.map(|why| vec![said::not_drawn(lang, &why)]))
    })
    .await
}

pub(super) async fn publish(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let lang = seat.lang();
    go(&seat, &key, &wanted, move |tx, wanted| {
        round::publish(tx, wanted).map_err(|why| why.map(|why| vec![said::step(lang, why)]))
    })
    .await
}

pub(super) async fn call_off(
    seat: Seat,
    Path((_, wanted)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewCallingOff>,
) -> Result<Response, Fault> {
    let lang = seat.lang();
    go(&seat, &key, &wanted, move |tx, wanted| {
        round::call_off(tx, wanted, &new.why)
            .map_err(|why| why.map(|why| vec![said::not_called_off(lang, why)]))
    })
    .await
}

/// One step; the answer is the round as it stands then.
async fn go(
    seat: &Seat,
    key: &Key,
    wanted: &str,
    act: impl Fn(&mut Tx<KeepRounds>, RoundId) -> Result<(), Failed<Vec<Refusal>>> + Send + Sync + 'static,
) -> Result<Response, Fault> {
    let wanted: RoundId = id(wanted)?;
    match seat.write::<KeepRounds, (), Vec<Refusal>>(key, move |tx| act(tx, wanted)).await? {
        Ok(()) => stands(seat, wanted).await,
        Err(refusals) => Ok(Problems::from(refusals).into_response()),
    }
}

async fn stands(seat: &Seat, wanted: RoundId) -> Result<Response, Fault> {
    let one = seat.read::<ReadRounds, _>(move |tx| round::overview(tx, wanted)).await?;
    Ok(Json(round_out(&one.round, one.stage)).into_response())
}
