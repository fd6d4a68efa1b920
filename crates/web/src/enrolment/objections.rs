//! The names that stand in a class: what a family sees and says, and the school's answer (F10).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::enrolment::{self, ClassNames, NewObjection, Objection, Shown};
use kehou_db::Scope;
use kehou_domain::access::{AnswerObjections, ObjectToName, PublishClass, ReadOwnEnrolment};
use kehou_domain::enrolment::objection::Finding;
use kehou_domain::ids::{ApplicationId, EntityId, ObjectionId, PublicationId, StudentId};
use serde::Deserialize;

use super::{class, id, own_child, words};
use crate::answer::see_other;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "enrolment/class_names.html")]
struct ClassNamesPage {
    class: String,
    names: ClassNames,
    form: ObjectionForm,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "enrolment/publication.html")]
struct PublicationPage {
    back: String,
    school: String,
    class: String,
    shown: Shown,
    stands: bool,
    may_answer: bool,
    objections: String,
    form: ObjectionForm,
    answered: String,
    problems: Problems,
}

/// What the forms send.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ObjectionForm {
    #[serde(default)]
    pub(super) application: String,
    #[serde(default)]
    pub(super) what: String,
}

/// The office's answer.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct AnswerForm {
    #[serde(default)]
    publication: String,
    #[serde(default)]
    finding: String,
    #[serde(default)]
    answer: String,
}

pub(super) async fn family_show(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let page =
        family_page(&family, &scope, child.student, (ObjectionForm::default(), Problems::none())).await?;
    family.page(&page)
}

async fn family_page(
    family: &Family,
    scope: &Scope,
    student: StudentId,
    (form, problems): (ObjectionForm, Problems),
) -> Result<ClassNamesPage, Fault> {
    let names = scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::class_names(tx, student)).await?;
    let class = names.shown.as_ref().map(|(shown, _)| class(family.lang(), Some(shown.class)));
    Ok(ClassNamesPage { class: class.unwrap_or_default(), names, form, problems })
}

/// The form as facts; a missing choice is a child who is not on the list.
fn read(lang: Lang, publication: PublicationId, form: &ObjectionForm) -> Result<NewObjection, Refusal> {
    let application = ApplicationId::parse(&form.application);
    let application =
        application.ok_or_else(|| Refusal::new("nobody", lang.t("请选对哪一位有异议")).at("application"))?;
    Ok(NewObjection { publication, application, what: form.what.clone() })
}

pub(super) async fn family_create(
    family: Family,
    key: Key,
    Path((student, publication)): Path<(String, String)>,
    Form(form): Form<ObjectionForm>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let student = child.student;
    let by = ByFamily { scope: &scope, lang: family.lang(), student };
    match family_says(by, &key, id(&publication)?, &form).await? {
        Ok(_) => Ok(see_other(&format!("/children/{student}/publication"))),
        Err(refusal) => {
            let page = family_page(&family, &scope, student, (form, refusal.into())).await?;
            family.refused(&page)
        }
    }
}

/// The family of a child of the class.
pub(super) struct ByFamily<'a> {
    pub(super) scope: &'a Scope,
    pub(super) lang: Lang,
    pub(super) student: StudentId,
}

/// A family objects, from a page or from a program: the objection's id, or why not.
pub(super) async fn family_says(
    by: ByFamily<'_>,
    key: &Key,
    publication: PublicationId,
    form: &ObjectionForm,
) -> Result<Result<String, Refusal>, Fault> {
    let (lang, student) = (by.lang, by.student);
    let new = match read(lang, publication, form) {
        Ok(new) => new,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let said = by.scope.write::<ObjectToName, String, Refusal>(&key.0, move |tx| {
        let said = enrolment::object_to_name(tx, student, &new);
        Ok(said.map_err(|failed| failed.map(|why| words::cannot_object(lang, why, "what")))?.to_string())
    });
    said.await.map_err(Fault::from)
}

pub(super) async fn show(
    seat: Seat,
    Path((_, publication)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let page = page(&seat, id(&publication)?, ObjectionForm::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn page(
    seat: &Seat,
    publication: PublicationId,
    form: ObjectionForm,
    problems: Problems,
) -> Result<PublicationPage, Fault> {
    let shown = seat.read::<PublishClass, _>(move |tx| enrolment::publication(tx, publication)).await?;
    let today = seat.today();
    Ok(PublicationPage {
        back: seat.path("publications"),
        school: seat.school().name.clone(),
        class: class(seat.lang(), Some(shown.publication.class)),
        stands: shown.publication.opens_on <= today && today <= shown.publication.closes_on,
        may_answer: seat.may::<AnswerObjections>(),
        objections: seat.path("objections"),
        shown,
        form,
        answered: String::new(),
        problems,
    })
}

pub(super) async fn create(
    seat: Seat,
    key: Key,
    Path((_, publication)): Path<(String, String)>,
    Form(form): Form<ObjectionForm>,
) -> Result<Response, Fault> {
    let publication: PublicationId = id(&publication)?;
    match school_notes(&seat, &key, publication, &form).await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("publications/{publication}")))),
        Err(refusal) => {
            let page = page(&seat, publication, form, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

/// Staff note what a family said, from a page or from a program: the objection's id, or why not.
pub(super) async fn school_notes(
    seat: &Seat,
    key: &Key,
    publication: PublicationId,
    form: &ObjectionForm,
) -> Result<Result<String, Refusal>, Fault> {
    let lang = seat.lang();
    let new = match read(lang, publication, form) {
        Ok(new) => new,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let said = seat.write::<PublishClass, String, Refusal>(key, move |tx| {
        let said = enrolment::note_objection(tx, &new);
        Ok(said.map_err(|failed| failed.map(|why| words::cannot_object(lang, why, "what")))?.to_string())
    });
    said.await
}

/// The office answers, from a page or from a program: the list's id, or why not.
pub(super) async fn school_answers(
    seat: &Seat,
    key: &Key,
    objection: ObjectionId,
    (finding, text): (Finding, String),
) -> Result<Result<String, Refusal>, Fault> {
    let lang = seat.lang();
    let answered = seat.write::<AnswerObjections, String, Refusal>(key, move |tx| {
        let answered = enrolment::answer_objection(tx, objection, finding, &text);
        Ok(answered
            .map_err(|failed| failed.map(|why| words::cannot_object(lang, why, "answer")))?
            .to_string())
    });
    answered.await
}

pub(super) async fn answer(
    seat: Seat,
    key: Key,
    Path((_, objection)): Path<(String, String)>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Fault> {
    let finding = Finding::parse(&form.finding)
        .ok_or_else(|| Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", "finding"))?;
    match school_answers(&seat, &key, id(&objection)?, (finding, form.answer.clone())).await? {
        Ok(publication) => Ok(see_other(&seat.path(&format!("publications/{publication}")))),
        Err(refusal) => {
            let refusal = match refusal.field {
                Some(_) => refusal.at(&format!("answer-{objection}")),
                None => refusal,
            };
            let page = page(&seat, id(&form.publication)?, ObjectionForm::default(), refusal.into()).await?;
            seat.refused(&PublicationPage { answered: form.answer, ..page })
        }
    }
}

/// Whether the objection waits for an answer.
fn is_open(objection: &Objection) -> bool {
    objection.finding.is_none()
}
