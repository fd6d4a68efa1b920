//! Enrolment for programs: the same use cases as the pages, as JSON.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kehou_app::enrolment::{self, ChildWish, NoApplication, Offered, PileItem, Service, View};
use kehou_domain::access::{ApplyForService, FileList, ReadApplications};
use kehou_domain::enrolment::apply::{Choice, Need};
use kehou_domain::ids::{ApplicationId, EntityId, FilingId};
use kehou_domain::typed::{LONGEST_NOTE, is_longer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::review::{DecisionForm, decide_with};
use super::{id, own_child, words};
use crate::family::Family;
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::refusal::Problems;
use crate::refusal::Refusal;
use crate::seat::Seat;

/// A slot on a weekday.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SlotDay {
    /// The slot's id in the plan.
    pub(super) slot: String,
    /// 1 is Monday.
    pub(super) weekday: i8,
}

/// An application on the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ApplicationLine {
    id: String,
    name: String,
    grade: Option<u8>,
    class: Option<i64>,
    guardian: String,
    choices: Vec<SlotDay>,
    need: Option<String>,
    remark: String,
    /// `waiting`, `returned`, `refused`, `withdrawn` or `enrolled`.
    status: String,
    /// `review`, `publication`, `filing` or `agreement`, while it waits.
    step: Option<String>,
    due_on: String,
    overdue: bool,
    /// Whether the acting role decides now.
    mine: bool,
    /// `own_act` or `paper`.
    source: String,
    handed_in_at: String,
}

/// A decision on one application or many.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct NewDecision {
    applications: Vec<String>,
    /// `approve`, `return` or `refuse`.
    verdict: String,
    /// Whether the reviewer confirmed that the child can't leave on time.
    #[serde(default)]
    need_seen: bool,
    /// The ground's word, for `return` and `refuse`.
    #[serde(default)]
    ground: String,
    #[serde(default)]
    note: String,
}

/// What a decision did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Decided {
    done: u32,
    not: Vec<NotDecided>,
}

/// One application that could not be decided.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct NotDecided {
    application: String,
    message: String,
}

/// A child on a filed list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct FiledChild {
    name: String,
    sex: String,
    grade: Option<u8>,
    class: Option<i64>,
    choices: Vec<SlotDay>,
}

/// Where a child's application stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ChildService {
    student: String,
    name: String,
    status: Option<String>,
    steps: Vec<StepState>,
    choices: Vec<SlotDay>,
    from_on: Option<String>,
    to_on: Option<String>,
    /// Why the family can't apply today, or null.
    hindrance: Option<Refusal>,
}

/// One step of the chain.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StepState {
    step: String,
    /// `done`, `now`, `ahead`, `returned` or `refused`.
    state: String,
}

/// An application.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct NewApplication {
    choices: Vec<SlotDay>,
    #[serde(default)]
    need: String,
    #[serde(default)]
    remark: String,
}

/// What was handed in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct HandedIn {
    application: String,
}

pub(super) fn slot_days(choices: &[Offered]) -> Vec<SlotDay> {
    let one =
        |offered: &Offered| SlotDay { slot: offered.choice.slot.clone(), weekday: offered.choice.weekday };
    choices.iter().map(one).collect()
}

fn application_line(item: PileItem) -> ApplicationLine {
    ApplicationLine {
        id: item.id.to_string(),
        grade: item.class.map(|class| class.grade),
        class: item.class.map(|class| class.number),
        choices: slot_days(&item.choices),
        name: item.name,
        guardian: item.guardian,
        need: item.need.map(|need| need.word().to_owned()),
        remark: item.remark,
        status: item.status.word().to_owned(),
        step: item.step.map(|step| step.word().to_owned()),
        due_on: item.due_on.to_string(),
        overdue: item.overdue,
        mine: item.mine,
        source: item.source.word().to_owned(),
        handed_in_at: item.handed_in_at.to_string(),
    }
}

pub(super) async fn applications(seat: Seat) -> Result<Json<Vec<ApplicationLine>>, Fault> {
    let pile = seat.read::<ReadApplications, _>(|tx| enrolment::pile(tx, enrolment::Part::All)).await?;
    let items = pile.map(|pile| pile.items).unwrap_or_default();
    Ok(Json(items.into_iter().map(application_line).collect()))
}

pub(super) async fn decide(seat: Seat, key: Key, Json(new): Json<NewDecision>) -> Result<Response, Fault> {
    if let Some(wrong) = new.applications.iter().find(|text| ApplicationId::parse(text).is_none()) {
        return Err(Fault::malformed_in("applications 里的 {what} 不是编号", wrong.as_str()));
    }
    if new.applications.is_empty() {
        let message = seat.lang().t("applications 是空的，请写要审核的报名的编号");
        return Ok(Refusal::new("nothing_ticked", message).at("applications").into_response());
    }
    let form = DecisionForm {
        application: new.applications,
        all: String::new(),
        verdict: new.verdict,
        need_seen: if new.need_seen { "1".to_owned() } else { String::new() },
        ground: new.ground,
        note: new.note,
    };
    Ok(match decide_with(&seat, &key, &form).await? {
        Ok(outcome) => {
            let not = outcome.not.into_iter();
            let not = not.map(|(application, _, message)| NotDecided { application, message }).collect();
            Json(Decided { done: outcome.done, not }).into_response()
        }
        Err(refusal) => refusal.into_response(),
    })
}

pub(super) async fn filing(
    seat: Seat,
    Path((_, filing)): Path<(String, String)>,
) -> Result<Json<Vec<FiledChild>>, Fault> {
    let filing: FilingId = id(&filing)?;
    let (_, lines) = seat.read::<FileList, _>(move |tx| enrolment::filing(tx, filing)).await?;
    let one = |line: enrolment::FilingLine| FiledChild {
        grade: line.class.map(|class| class.grade),
        class: line.class.map(|class| class.number),
        choices: slot_days(&line.choices),
        name: line.name,
        sex: line.sex,
    };
    Ok(Json(lines.into_iter().map(one).collect()))
}

fn state(view: &View) -> &'static str {
    match view {
        View::Done { .. } => "done",
        View::Now { .. } => "now",
        View::Ahead => "ahead",
        View::Returned { .. } => "returned",
        View::Refused { .. } => "refused",
    }
}

pub(super) async fn service(
    family: Family,
    Path(student): Path<String>,
) -> Result<Json<ChildService>, Fault> {
    let (_, child) = own_child(&family, &student).await?;
    let lang = family.lang();
    let Service { application, place, .. } = &child;
    let steps = application
        .iter()
        .flat_map(|one| &one.steps)
        .map(|one| StepState { step: one.step.word().to_owned(), state: state(&one.view).to_owned() });
    Ok(Json(ChildService {
        student: child.student.to_string(),
        name: child.name.clone(),
        status: application.as_ref().map(|one| one.status.word().to_owned()),
        steps: steps.collect(),
        choices: application.as_ref().map(|one| slot_days(&one.choices)).unwrap_or_default(),
        from_on: place.as_ref().map(|place| place.stay.from_on.to_string()),
        to_on: place.as_ref().and_then(|place| place.stay.to_on).map(|day| day.to_string()),
        hindrance: child.hindrance.as_ref().map(|why| words::cannot_apply(lang, why)),
    }))
}

pub(super) async fn apply(
    family: Family,
    key: Key,
    Path(student): Path<String>,
    Json(new): Json<NewApplication>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let lang = family.lang();
    let choices =
        new.choices.into_iter().map(|one| Choice { slot: one.slot, weekday: one.weekday }).collect();
    if is_longer(&new.remark, LONGEST_NOTE) {
        let refusal = Refusal::new("too_long", lang.t("最多写 500 个字")).at("remark");
        return Ok(refusal.into_response());
    }
    let (need, remark) = (Need::parse(&new.need), new.remark);
    let wishes = [ChildWish { student: child.student, choices, need, remark }];
    let applied = scope
        .write::<ApplyForService, HandedIn, Vec<Refusal>>(&key.0, move |tx| {
            let made = enrolment::apply(tx, &wishes);
            let said =
                |why: Vec<NoApplication>| why.iter().map(|one| words::cannot_apply(lang, &one.why)).collect();
            let made = made.map_err(|failed| failed.map(said))?;
            Ok(HandedIn { application: made.first().map(ToString::to_string).unwrap_or_default() })
        })
        .await?;
    Ok(match applied {
        Ok(handed_in) => Json(handed_in).into_response(),
        Err(refusals) => Problems::from(refusals).into_response(),
    })
}
