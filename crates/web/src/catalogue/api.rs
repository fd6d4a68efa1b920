//! Offerings for programs: the same use cases as the pages.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kehou_app::catalogue::{self as offered, CopyLine, Line, Said};
use kehou_domain::access::{ReadCatalogue, ReadOfferings};
use kehou_domain::catalogue::{Flag, Meeting, Status, Step, Verdict};
use kehou_domain::ids::{EntityId, OfferingId, TermId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::form::{self, RetireForm};
use super::typed::OfferingForm;
use super::{brought, copies, id, review, words};
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// When an offering meets.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct MeetingOut {
    /// 1 (Monday) to 7.
    weekday: i8,
    /// The slot's id in the plan.
    slot: String,
}

/// Words that a reviewer looks at; `above_most` for a group larger than the plan's in principle.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FlagOut {
    /// The banned kind, `charge` or `above_most`.
    concern: String,
    /// `title`, `description` or `materials`; nothing for a size.
    part: Option<String>,
    /// The very words; nothing for a size.
    found: Option<String>,
    /// A sentence in the account's language.
    message: String,
}

/// One offering.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferingOut {
    id: String,
    term: String,
    title: String,
    /// `club`, `moving_class`, `temporary_group` or `open_activity`.
    kind: String,
    topic: String,
    meetings: Vec<MeetingOut>,
    venue: String,
    /// The teacher's id.
    teacher: Option<String>,
    teacher_name: String,
    capacity: u16,
    minimum: u16,
    grades: Vec<u8>,
    /// `anyone`, `girls` or `boys`.
    sex: String,
    description: String,
    materials: String,
    /// Collected for somebody else in a term, in fen; nothing where nothing is.
    cost_fen: Option<u64>,
    /// The ids of offerings that no child has besides it.
    apart: Vec<String>,
    /// `draft`, `in_review`, `returned`, `published` or `withdrawn`.
    status: String,
    /// To be sent with a decision, so that nothing is passed unread.
    version: u32,
    /// What does not fit the plan, clashes or is missing; empty for those who only read the catalogue.
    wrongs: Vec<String>,
    flags: Vec<FlagOut>,
}

/// An offering to be written.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewOffering {
    /// The term's id; the one that runs or comes next when it is left out.
    #[serde(default)]
    term: String,
    title: String,
    /// `club`, `moving_class`, `temporary_group` or `open_activity`.
    kind: String,
    topic: String,
    meetings: Vec<MeetingOut>,
    #[serde(default)]
    venue: String,
    /// The id of a member of staff.
    #[serde(default)]
    teacher: String,
    capacity: u16,
    minimum: u16,
    grades: Vec<u8>,
    /// `anyone`, `girls` or `boys`; `anyone` when it is left out.
    #[serde(default)]
    sex: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    materials: String,
    /// In yuan, as in 50 or 50.50.
    #[serde(default)]
    cost: String,
}

/// The reviewer's word.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewVerdict {
    /// The version that was read.
    version: u32,
    /// `publish` or `send_back`.
    verdict: String,
    /// Must be given to send back.
    #[serde(default)]
    reason: String,
}

/// What the office says when it takes an offering back or ends it.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewRetirement {
    /// How many children have a seat, as somebody has seen; must be given where there are any.
    #[serde(default)]
    agreed: Option<u32>,
    /// Why it ends; must be given where children have a seat, and their families read it.
    #[serde(default)]
    reason: String,
}

/// What was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Written {
    /// The offering's id.
    offering: String,
}

/// What the last term published.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LastTermOut {
    /// The term that would be copied to.
    term: String,
    /// The last term's name; nothing when none published anything.
    from: Option<String>,
    offerings: Vec<CopyOut>,
}

/// An offering of the last term.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CopyOut {
    id: String,
    title: String,
    /// Whether the new term has it already.
    exists: bool,
    /// What does not fit the plan in force, and whether the teacher has left, in sentences.
    notes: Vec<String>,
}

/// Offerings to be copied.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewCopies {
    /// The term's id.
    term: String,
    /// The ids of the last term's offerings.
    offerings: Vec<String>,
}

/// What copying did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CopiedOut {
    /// New drafts.
    copied: u32,
    /// Chosen ones that the term had already.
    existed: u32,
}

/// Where an offering stands now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Moved {
    status: String,
}

pub(super) async fn index(seat: Seat) -> Result<Json<Vec<OfferingOut>>, Fault> {
    let keeps = seat.may::<ReadOfferings>();
    let found = if keeps {
        seat.read::<ReadOfferings, _>(|tx| offered::offerings(tx, None)).await?
    } else {
        seat.read::<ReadCatalogue, _>(offered::published).await?
    };
    let Some(catalogue) = found else { return Ok(Json(Vec::new())) };
    let (lang, plan) = (seat.lang(), catalogue.setting.plan.clone());
    let lines = catalogue.lines.into_iter().map(|line| {
        let wrongs = if keeps { words::wrongs(lang, plan.as_deref(), &line) } else { Vec::new() };
        let flags = if keeps { line.flags.iter().map(|one| flag(lang, one)).collect() } else { Vec::new() };
        out(&line, wrongs, flags)
    });
    Ok(Json(lines.collect()))
}

fn flag(lang: Lang, flag: &Flag) -> FlagOut {
    let message = words::flag(lang, flag);
    match flag {
        Flag::Wording { concern, part, found, by_plan: _ } => FlagOut {
            concern: concern.word().to_owned(),
            part: Some(part.word().to_owned()),
            found: Some(found.clone()),
            message,
        },
        Flag::AboveMost(_) => FlagOut { concern: "above_most".to_owned(), part: None, found: None, message },
    }
}

fn out(line: &Line, wrongs: Vec<String>, flags: Vec<FlagOut>) -> OfferingOut {
    let (offering, details) = (&line.offering, line.offering.details.clone());
    OfferingOut {
        id: offering.id.to_string(),
        term: offering.term.to_string(),
        kind: details.kind.word().to_owned(),
        topic: details.topic.word().to_owned(),
        meetings: meetings_out(&details.meetings),
        teacher: details.teacher.map(|teacher| teacher.to_string()),
        teacher_name: offering.teacher_name.clone(),
        capacity: details.capacity,
        minimum: details.minimum,
        grades: details.grades.iter().collect(),
        sex: details.sex.word().to_owned(),
        cost_fen: details.cost.map(|cost| cost.0),
        apart: offering.apart.iter().map(ToString::to_string).collect(),
        status: offering.status.word().to_owned(),
        version: offering.version,
        title: details.title,
        venue: details.venue,
        description: details.description,
        materials: details.materials,
        wrongs,
        flags,
    }
}

pub(super) fn meetings_out(meetings: &[Meeting]) -> Vec<MeetingOut> {
    meetings.iter().map(|one| MeetingOut { weekday: one.weekday, slot: one.slot.0.clone() }).collect()
}

impl From<NewOffering> for OfferingForm {
    fn from(new: NewOffering) -> OfferingForm {
        let meetings = new.meetings.iter().map(|one| format!("{}/{}", one.weekday, one.slot));
        OfferingForm {
            meeting: meetings.collect(),
            grade: new.grades.iter().map(u8::to_string).collect(),
            capacity: new.capacity.to_string(),
            minimum: new.minimum.to_string(),
            version: String::new(),
            term: new.term,
            title: new.title,
            kind: new.kind,
            topic: new.topic,
            venue: new.venue,
            teacher: new.teacher,
            sex: new.sex,
            description: new.description,
            materials: new.materials,
            cost: new.cost,
        }
    }
}

pub(super) async fn create(seat: Seat, key: Key, Json(new): Json<NewOffering>) -> Result<Response, Fault> {
    let form = OfferingForm::from(new);
    let term: Option<TermId> =
        if form.term.is_empty() { None } else { Some(TermId::parse(&form.term).ok_or(Fault::NotFound)?) };
    let setting = form::setting(&seat, term).await?;
    match form::write(&seat, &key, &setting, &form).await? {
        Ok(offering) => Ok(Json(Written { offering }).into_response()),
        Err(problems) => refused(problems),
    }
}

fn refused(problems: Problems) -> Result<Response, Fault> {
    problems.into_first().map(IntoResponse::into_response).ok_or(Fault::Conflict)
}

pub(super) async fn hand_in(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let offering: OfferingId = id(&offering)?;
    match form::handed_in(&seat, &key, offering).await? {
        Ok(()) => Ok(Json(Moved { status: Status::InReview.word().to_owned() }).into_response()),
        Err(problems) => refused(problems),
    }
}

pub(super) async fn take_back(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewRetirement>,
) -> Result<Response, Fault> {
    retire(&seat, &key, id(&offering)?, (Step::TakeBack, new)).await
}

pub(super) async fn withdraw(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewRetirement>,
) -> Result<Response, Fault> {
    retire(&seat, &key, id(&offering)?, (Step::Withdraw, new)).await
}

async fn retire(
    seat: &Seat,
    key: &Key,
    offering: OfferingId,
    (step, new): (Step, NewRetirement),
) -> Result<Response, Fault> {
    let agreed = new.agreed.map(|seats| seats.to_string()).unwrap_or_default();
    let form = RetireForm { agreed, reason: new.reason };
    Ok(match form::retired(seat, key, offering, (step, &form)).await? {
        Ok(status) => Json(Moved { status }).into_response(),
        Err(refusal) => refusal.into_response(),
    })
}

pub(super) async fn decide(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewVerdict>,
) -> Result<Response, Fault> {
    let offering: OfferingId = id(&offering)?;
    let Some(verdict) = Verdict::parse(&new.verdict) else {
        let refusal = Refusal::new("no_verdict", seat.lang().t("请选通过还是退回")).at("verdict");
        return Ok(refusal.into_response());
    };
    let said = Said { read: new.version, verdict, reason: new.reason };
    Ok(match review::decided(&seat, &key, offering, said).await? {
        Ok(status) => Json(Moved { status }).into_response(),
        Err(refusal) => refusal.into_response(),
    })
}

pub(super) async fn last_term(seat: Seat) -> Result<Json<LastTermOut>, Fault> {
    let found = seat.read::<ReadOfferings, _>(|tx| offered::last_term(tx, None)).await?;
    let found = found.ok_or(Fault::NotFound)?;
    let (lang, plan) = (seat.lang(), found.setting.plan.as_deref());
    let line = |line: &CopyLine| CopyOut {
        id: line.offering.id.to_string(),
        title: line.offering.details.title.clone(),
        exists: line.exists,
        notes: brought::copy_notes(lang, plan, line),
    };
    Ok(Json(LastTermOut {
        term: found.setting.term.id.to_string(),
        from: found.from.as_ref().map(|term| term.name.clone()),
        offerings: found.lines.iter().map(line).collect(),
    }))
}

pub(super) async fn copy(seat: Seat, key: Key, Json(new): Json<NewCopies>) -> Result<Response, Fault> {
    let chosen: Option<Vec<OfferingId>> = new.offerings.iter().map(|text| OfferingId::parse(text)).collect();
    let term: TermId = id(&new.term)?;
    Ok(match copies::copied(&seat, &key, term, chosen.ok_or(Fault::NotFound)?).await? {
        Ok((copied, existed)) => Json(CopiedOut { copied, existed }).into_response(),
        Err(refusal) => refusal.into_response(),
    })
}
