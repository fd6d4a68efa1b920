//! Names that stand in a class and objections to them, for programs: the same use cases as the pages (F10).

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kehou_app::enrolment::{self, Objection, Publication};
use kehou_domain::access::{PublishClass, ReadOwnEnrolment};
use kehou_domain::enrolment::objection::Finding;
use kehou_domain::ids::{ApplicationId, ObjectionId, PublicationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::objections::{self, ObjectionForm};
use super::{id, own_child};
use crate::family::Family;
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::refusal::Refusal;
use crate::seat::Seat;

/// A list of names in a class, with what was said against them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NameList {
    /// The list's id, or null when none stands.
    publication: Option<String>,
    /// First day on which it stands, as in 2026-09-01.
    opens_on: Option<String>,
    /// Last day.
    closes_on: Option<String>,
    names: Vec<ListedName>,
    /// A family reads its own objections, the school all of this list.
    objections: Vec<ObjectionLine>,
}

/// A child on the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListedName {
    application: String,
    name: String,
}

/// An objection.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ObjectionLine {
    objection: String,
    name: String,
    what: String,
    said_at: String,
    /// `upheld` or `dismissed`, once it has an answer.
    finding: Option<String>,
    answer: String,
}

fn name_list(
    publication: Option<&Publication>,
    names: Vec<(ApplicationId, String)>,
    objections: Vec<Objection>,
) -> NameList {
    let objection = |one: Objection| ObjectionLine {
        objection: one.id.to_string(),
        name: one.name,
        what: one.what,
        said_at: one.said_at.to_string(),
        finding: one.finding.map(|finding| finding.word().to_owned()),
        answer: one.answer,
    };
    let name = |(application, name): (ApplicationId, String)| ListedName {
        application: application.to_string(),
        name,
    };
    NameList {
        publication: publication.map(|one| one.id.to_string()),
        opens_on: publication.map(|one| one.opens_on.to_string()),
        closes_on: publication.map(|one| one.closes_on.to_string()),
        names: names.into_iter().map(name).collect(),
        objections: objections.into_iter().map(objection).collect(),
    }
}

pub(super) async fn family_show(
    family: Family,
    Path(student): Path<String>,
) -> Result<Json<NameList>, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let student = child.student;
    let names = scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::class_names(tx, student)).await?;
    let (publication, listed) = names.shown.unzip();
    Ok(Json(name_list(publication.as_ref(), listed.unwrap_or_default(), names.mine)))
}

pub(super) async fn show(
    seat: Seat,
    Path((_, publication)): Path<(String, String)>,
) -> Result<Json<NameList>, Fault> {
    let publication: PublicationId = id(&publication)?;
    let shown = seat.read::<PublishClass, _>(move |tx| enrolment::publication(tx, publication)).await?;
    Ok(Json(name_list(Some(&shown.publication), shown.names, shown.objections)))
}

/// An objection to one child on the list.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewObjectionTo {
    application: String,
    what: String,
}

impl From<NewObjectionTo> for ObjectionForm {
    fn from(new: NewObjectionTo) -> ObjectionForm {
        ObjectionForm { application: new.application, what: new.what }
    }
}

/// What was said.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SaidObjection {
    objection: String,
}

fn said(result: Result<String, Refusal>) -> Response {
    match result {
        Ok(objection) => Json(SaidObjection { objection }).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

pub(super) async fn family_create(
    family: Family,
    key: Key,
    Path((student, publication)): Path<(String, String)>,
    Json(new): Json<NewObjectionTo>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let by = objections::ByFamily { scope: &scope, lang: family.lang(), student: child.student };
    objections::family_says(by, &key, id(&publication)?, &new.into()).await.map(said)
}

pub(super) async fn create(
    seat: Seat,
    key: Key,
    Path((_, publication)): Path<(String, String)>,
    Json(new): Json<NewObjectionTo>,
) -> Result<Response, Fault> {
    objections::school_notes(&seat, &key, id(&publication)?, &new.into()).await.map(said)
}

/// The school's answer.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewAnswer {
    /// `upheld` or `dismissed`.
    finding: String,
    answer: String,
}

/// Where the answer belongs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Answered {
    publication: String,
}

pub(super) async fn answer(
    seat: Seat,
    key: Key,
    Path((_, objection)): Path<(String, String)>,
    Json(new): Json<NewAnswer>,
) -> Result<Response, Fault> {
    let objection: ObjectionId = id(&objection)?;
    let finding = Finding::parse(&new.finding)
        .ok_or_else(|| Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", "finding"))?;
    Ok(match objections::school_answers(&seat, &key, objection, (finding, new.answer)).await? {
        Ok(publication) => Json(Answered { publication }).into_response(),
        Err(refusal) => refusal.into_response(),
    })
}
