//! Sessions, rolls and facts for programs: the same use cases as the pages.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kehou_app::attendance::{self, Call, Mention, Session};
use kehou_domain::access::{CallRoll, ReadSessions};
use kehou_domain::attendance::{Part, Said, Saying};
use kehou_domain::custody::{Counts, Fact};
use kehou_domain::ids::{EntityId, FactId, SessionId, StudentId};
use kehou_domain::moment::{from_millis, millis};
use kehou_domain::people::class::{ClassKey, school_year};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{id, words};
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::lang::Lang;
use crate::people::words as people_words;
use crate::refusal::Refusal;
use crate::seat::Seat;

/// Where the children of a list are; the parts add up to `expected`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(super) struct CountsOut {
    expected: u32,
    /// The late ones among them.
    present: u32,
    absent: u32,
    leave: u32,
    late: u32,
    left: u32,
    unmarked: u32,
}

/// One session.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionOut {
    id: String,
    group: String,
    /// The home class's id; nothing for a club or a group of several classes.
    class: Option<String>,
    slot: String,
    slot_name: String,
    day: String,
    /// Milliseconds since 1970.
    starts_at: i64,
    /// Milliseconds since 1970.
    ends_at: i64,
    teacher: Option<String>,
    venue: String,
    /// `planned`, `called`, `confirmed` or `cancelled`.
    status: String,
    head_count: Option<u32>,
    /// To be sent back with a roll, so that nothing newer is overwritten.
    version: u32,
    counts: CountsOut,
}

/// The class of a child of a roll.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClassOut {
    /// As the school calls it, in the account's language.
    name: String,
    /// 1 to 9, on the day of the roll.
    grade: Option<u8>,
    class_no: u8,
    entered_year: i16,
}

/// One child of a roll.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChildOut {
    student: String,
    name: String,
    seat_no: Option<u32>,
    /// The home class on the day: in a club or a group of several classes it tells the children apart.
    class: Option<ClassOut>,
    /// `unmarked`, `present`, `late`, `absent`, `leave`, `left_early` or `gone`.
    mark: String,
    /// The fact that says so.
    fact: Option<String>,
    /// When that happened, in milliseconds since 1970.
    at: Option<i64>,
}

/// A session's roll.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RollOut {
    session: SessionOut,
    /// Whether it holds every child, and not those of a grade head's own grades alone.
    whole: bool,
    children: Vec<ChildOut>,
}

/// What is said of one child.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct MarkIn {
    student: String,
    /// `unmarked`, `present`, `late`, `absent` or `leave`.
    mark: String,
    /// When it was seen, in milliseconds since 1970.
    at: Option<i64>,
    /// The id that the device gives the fact.
    fact: Option<String>,
}

/// A roll to be saved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct RollIn {
    /// The version that the device saw.
    version: Option<u32>,
    marks: Vec<MarkIn>,
    /// What is said of everyone still unmarked.
    rest: Option<String>,
    /// The device's name.
    #[serde(default)]
    device: String,
}

/// What saving did.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct SavedOut {
    /// The moment of the save, in milliseconds since 1970.
    at: i64,
    noted: u32,
    counts: CountsOut,
}

/// One fact of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactOut {
    id: String,
    student: String,
    session: Option<String>,
    kind: String,
    at: i64,
    arrived_at: i64,
    device: String,
    account: String,
    role: String,
    corrects: Option<String>,
}

/// Which day.
#[derive(Debug, Deserialize)]
pub(super) struct On {
    on: Option<String>,
}

pub(super) async fn sessions(seat: Seat, Query(on): Query<On>) -> Result<Json<Vec<SessionOut>>, Fault> {
    let day: Date = match on.on {
        None => seat.today(),
        Some(on) => {
            on.parse().map_err(|_| Fault::malformed_in("{what} 要写成日期，例如 2026-11-24", "on"))?
        }
    };
    let cards = seat.read::<ReadSessions, _>(move |tx| attendance::sessions(tx, day)).await?;
    Ok(Json(cards.into_iter().map(|card| session_out(card.session, card.counts)).collect()))
}

pub(super) async fn roll(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
) -> Result<Json<RollOut>, Fault> {
    let session: SessionId = id(&session)?;
    let roll = seat.read::<ReadSessions, _>(move |tx| attendance::roll(tx, session)).await?;
    let (lang, day) = (seat.lang(), roll.session.day);
    let child = |child: attendance::RollChild| ChildOut {
        class: child.pupil.class.map(|class| class_out(lang, class, day)),
        student: child.pupil.id.to_string(),
        name: child.pupil.name,
        seat_no: child.pupil.seat_no,
        mark: child.mark.word().to_owned(),
        fact: child.marked_by.map(|sight| sight.fact.to_string()),
        at: child.marked_by.map(|sight| millis(sight.at)),
    };
    let (session, whole) = (session_out(roll.session, roll.counts), roll.part == Part::Whole);
    Ok(Json(RollOut { session, whole, children: roll.children.into_iter().map(child).collect() }))
}

pub(super) async fn save(
    seat: Seat,
    key: Key,
    Path((_, session)): Path<(String, String)>,
    Json(roll): Json<RollIn>,
) -> Result<Response, Fault> {
    let session: SessionId = id(&session)?;
    let call = call(session, &roll)?;
    let lang = seat.lang();
    let saved = seat.write::<CallRoll, SavedOut, Refusal>(&key, move |tx| {
        let saved = attendance::save_roll(tx, &call);
        let saved = saved.map_err(|why| why.map(|why| words::roll_refused(lang, why)))?;
        Ok(SavedOut { at: millis(saved.at), noted: saved.noted, counts: counts_out(saved.counts) })
    });
    Ok(match saved.await? {
        Ok(saved) => Json(saved).into_response(),
        Err(refusal) => refused(&seat, session, refusal).await?.into_response(),
    })
}

/// The refusal for a program: with the child's name for its id, and with nothing of what a page shows below.
async fn refused(seat: &Seat, session: SessionId, refusal: Refusal) -> Result<Refusal, Fault> {
    if refusal.code == "changed" {
        let message = seat.lang().t("别人刚存过这份点名，请重新读取名单再存").to_owned();
        return Ok(Refusal { message, ..refusal });
    }
    let roll = seat.read::<ReadSessions, _>(move |tx| attendance::roll(tx, session)).await?;
    Ok(super::roll::named(refusal, &roll))
}

pub(super) async fn facts(
    seat: Seat,
    Path((_, session)): Path<(String, String)>,
) -> Result<Json<Vec<FactOut>>, Fault> {
    let session: SessionId = id(&session)?;
    let facts = seat.read::<ReadSessions, _>(move |tx| attendance::facts(tx, session)).await?;
    Ok(Json(facts.into_iter().map(fact_out).collect()))
}

fn call(session: SessionId, roll: &RollIn) -> Result<Call, Fault> {
    let wrong = |text: &str| Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", text);
    let mention = |mark: &MarkIn| {
        let student = StudentId::parse(&mark.student).ok_or_else(|| wrong(&mark.student))?;
        let said = Said::parse(&mark.mark).ok_or_else(|| wrong(&mark.mark))?;
        let fact = match &mark.fact {
            None => None,
            Some(fact) => Some(FactId::parse(fact).ok_or_else(|| wrong(fact))?),
        };
        Ok(Mention { saying: Saying { student, said }, at: mark.at.and_then(from_millis), fact })
    };
    let rest = match &roll.rest {
        None => None,
        Some(rest) => Some(Said::parse(rest).ok_or_else(|| wrong(rest))?),
    };
    let mentions = roll.marks.iter().map(mention).collect::<Result<Vec<Mention>, Fault>>()?;
    Ok(Call {
        session,
        version: roll.version,
        mentions,
        rest,
        device: roll.device.chars().take(100).collect(),
    })
}

fn session_out(session: Session, counts: Counts) -> SessionOut {
    SessionOut {
        id: session.id.to_string(),
        group: session.group_name,
        class: session.class.map(|class| class.to_string()),
        slot: session.slot.0,
        slot_name: session.slot_name,
        day: session.day.to_string(),
        starts_at: millis(session.starts_at),
        ends_at: millis(session.ends_at),
        teacher: session.teacher.map(|teacher| teacher.to_string()),
        venue: session.venue,
        status: session.status.word().to_owned(),
        head_count: session.head_count,
        version: session.version,
        counts: counts_out(counts),
    }
}

fn class_out(lang: Lang, class: ClassKey, day: Date) -> ClassOut {
    ClassOut {
        name: people_words::class(lang, class, school_year(day)),
        grade: class.grade_on(day),
        class_no: class.class_no,
        entered_year: class.entered_year,
    }
}

fn counts_out(counts: Counts) -> CountsOut {
    let Counts { expected, present, absent, leave, late, left, unmarked } = counts;
    CountsOut { expected, present, absent, leave, late, left, unmarked }
}

fn fact_out(fact: Fact) -> FactOut {
    FactOut {
        id: fact.id.to_string(),
        student: fact.student.to_string(),
        session: fact.session.map(|session| session.to_string()),
        kind: fact.what.kind().word().to_owned(),
        at: millis(fact.at),
        arrived_at: millis(fact.arrived_at),
        device: fact.device,
        account: fact.account.to_string(),
        role: fact.role.word().to_owned(),
        corrects: fact.corrects.map(|wrong| wrong.to_string()),
    }
}
