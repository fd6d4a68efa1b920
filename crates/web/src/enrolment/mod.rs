//! Pages and JSON of enrolment: what families read, answer, hand in and sign, and what the school decides.

mod api;
mod applying;
mod clauses;
mod guardian;
mod leaving;
mod letters;
mod lists;
mod names_api;
mod objections;
mod office;
mod papers;
mod review;
mod signing;
mod takeover;
mod takeover_api;
pub(crate) mod words;

use axum::http::Method;
use kehou_app::enrolment::{self, InClass, Service};
use kehou_db::{Error, Scope};
use kehou_domain::access::{
    AnswerCorrections, AnswerObjections, AnswerSurvey, ApplyForService, AskForCorrection, ConfirmPaper,
    EndService, EnterPaper, FileList, GiveConsent, KeepClauses, KeepNotices, KeepPrivacyNotice, KeepSignUps,
    ObjectToName, PublishClass, ReadApplications, ReadExceptions, ReadNotice, ReadOwnEnrolment, ReadPlaces,
    ReceiveFilings, ReviewApplications, SignAgreement, TakeOverPapers, WithdrawChild,
};
use kehou_domain::ids::{EntityId, StudentId};

use crate::family::Family;
use crate::fault::Fault;
use crate::lang::Lang;
use crate::routes::{Routes, described};

pub(crate) fn routes() -> Routes {
    family_routes().and(review_routes()).and(office_routes()).and(api_routes())
}

fn family_routes() -> Routes {
    Routes::new()
        .get::<ReadOwnEnrolment, _>("/service", guardian::index)
        .get::<ReadOwnEnrolment, _>("/children/{student}/service", guardian::show)
        .get::<ReadOwnEnrolment, _>("/children/{student}/letter", guardian::letter)
        .post::<ReadNotice, _>("/children/{student}/letter", guardian::say_read)
        .get::<ReadOwnEnrolment, _>("/children/{student}/survey", guardian::survey)
        .post::<AnswerSurvey, _>("/children/{student}/survey", guardian::answer)
        .get::<ReadOwnEnrolment, _>("/children/{student}/consents", guardian::consents)
        .post::<GiveConsent, _>("/children/{student}/consents", guardian::consent)
        .get::<ReadOwnEnrolment, _>("/children/{student}/application", applying::show)
        .post::<ApplyForService, _>("/children/{student}/application", applying::create)
        .get::<ReadOwnEnrolment, _>("/children/{student}/agreements/{paper}", signing::show)
        .post::<SignAgreement, _>("/children/{student}/agreements/{paper}", signing::sign)
        .get::<ReadOwnEnrolment, _>("/children/{student}/agreements/{paper}/copies", signing::copies)
        .get::<ReadOwnEnrolment, _>("/children/{student}/publication", objections::family_show)
        .post::<ObjectToName, _>(
            "/children/{student}/publication/{publication}/objections",
            objections::family_create,
        )
        .get::<ReadOwnEnrolment, _>("/children/{student}/withdrawal", leaving::show)
        .post::<WithdrawChild, _>("/children/{student}/withdrawal", leaving::leave)
        .get::<ReadOwnEnrolment, _>("/children/{student}/data", leaving::data)
        .get::<ReadOwnEnrolment, _>("/children/{student}/data.json", leaving::takeout)
        .post::<AskForCorrection, _>("/children/{student}/corrections", leaving::ask)
}

fn review_routes() -> Routes {
    Routes::new()
        .get::<ReadApplications, _>("/schools/{school}/applications", review::index)
        .post::<ReviewApplications, _>("/schools/{school}/applications/decisions", review::decide)
        .get::<ReadApplications, _>("/schools/{school}/applications/{application}", review::show)
        .get::<ReadPlaces, _>("/schools/{school}/places", lists::places)
        .post::<EndService, _>("/schools/{school}/places/{place}/end", lists::end)
        .get::<PublishClass, _>("/schools/{school}/publications", lists::publications)
        .post::<PublishClass, _>("/schools/{school}/publications", lists::publish)
        .get::<PublishClass, _>("/schools/{school}/publications/{publication}", objections::show)
        .post::<PublishClass, _>(
            "/schools/{school}/publications/{publication}/objections",
            objections::create,
        )
        .post::<AnswerObjections, _>("/schools/{school}/objections/{objection}", objections::answer)
        .get::<FileList, _>("/schools/{school}/filings", lists::filings)
        .post::<FileList, _>("/schools/{school}/filings", lists::file)
        .get::<FileList, _>("/schools/{school}/filings/{filing}", lists::filing)
        .get::<FileList, _>("/schools/{school}/filings/{filing}/workbook", lists::workbook)
        .get::<ReceiveFilings, _>("/schools/{school}/received-filings", lists::received_filings)
        .get::<ReceiveFilings, _>("/schools/{school}/received-filings/{filing}", lists::received_filing)
        .post::<ReceiveFilings, _>("/schools/{school}/received-filings/{filing}", lists::receive)
        .get::<ReadExceptions, _>("/schools/{school}/exceptions", lists::exceptions)
        .get::<TakeOverPapers, _>("/schools/{school}/take-over", takeover::show)
        .post::<TakeOverPapers, _>("/schools/{school}/take-over", takeover::create)
        .get::<ConfirmPaper, _>("/schools/{school}/papers", papers::index)
        .get::<EnterPaper, _>("/schools/{school}/papers/new", papers::new)
        .post::<EnterPaper, _>("/schools/{school}/papers/new", papers::find)
        .post::<EnterPaper, _>("/schools/{school}/papers", papers::create)
        .post::<ConfirmPaper, _>("/schools/{school}/papers/{paper}/confirmation", papers::settle)
}

fn office_routes() -> Routes {
    Routes::new()
        .get::<KeepNotices, _>("/schools/{school}/letters", letters::index)
        .get::<KeepNotices, _>("/schools/{school}/letters/new", letters::new)
        .post::<KeepNotices, _>("/schools/{school}/letters", letters::create)
        .get::<KeepNotices, _>("/schools/{school}/letters/{letter}", letters::show)
        .post::<KeepNotices, _>("/schools/{school}/letters/{letter}", letters::update)
        .post::<KeepNotices, _>("/schools/{school}/letters/{letter}/publication", letters::publish)
        .get::<KeepSignUps, _>("/schools/{school}/sign-up", office::sign_up)
        .post::<KeepSignUps, _>("/schools/{school}/sign-up", office::open_sign_up)
        .get::<KeepClauses, _>("/schools/{school}/clauses", clauses::index)
        .get::<KeepClauses, _>("/schools/{school}/clauses/new", clauses::new)
        .post::<KeepClauses, _>("/schools/{school}/clauses", clauses::create)
        .get::<KeepClauses, _>("/schools/{school}/clauses/{set}", clauses::show)
        .post::<KeepClauses, _>("/schools/{school}/clauses/{set}/use", clauses::put_in_use)
        .get::<KeepPrivacyNotice, _>("/schools/{school}/privacy-notice", office::privacy)
        .post::<KeepPrivacyNotice, _>("/schools/{school}/privacy-notice", office::publish_privacy)
        .get::<AnswerCorrections, _>("/schools/{school}/corrections", office::corrections)
        .post::<AnswerCorrections, _>("/schools/{school}/corrections/{correction}", office::answer_correction)
}

fn api_routes() -> Routes {
    Routes::new()
        .api::<ReadApplications, _, (), Vec<api::ApplicationLine>>(
            Method::GET,
            "/api/v1/schools/{school}/applications",
            described("The applications that the seat may see, problems first"),
            api::applications,
        )
        .api::<ReviewApplications, _, api::NewDecision, api::Decided>(
            Method::POST,
            "/api/v1/schools/{school}/applications/decisions",
            described("Decide on applications at one's own step of the chain"),
            api::decide,
        )
        .api::<FileList, _, (), Vec<api::FiledChild>>(
            Method::GET,
            "/api/v1/schools/{school}/filings/{filing}",
            described("The children on a list that was filed with the bureau"),
            api::filing,
        )
        .api::<ReadOwnEnrolment, _, (), api::ChildService>(
            Method::GET,
            "/api/v1/children/{student}/service",
            described("Where one's own child's application stands"),
            api::service,
        )
        .api::<ApplyForService, _, api::NewApplication, api::HandedIn>(
            Method::POST,
            "/api/v1/children/{student}/application",
            described("Apply for one's own child, or hand in again what came back"),
            api::apply,
        )
        .and(objection_routes())
        .api::<TakeOverPapers, _, (), takeover_api::ToTake>(
            Method::GET,
            "/api/v1/schools/{school}/take-over",
            described("The classes, children and slots for which signed papers can be taken over; the class is `?class=`"),
            takeover_api::show,
        )
        .api::<TakeOverPapers, _, takeover_api::NewTakeOver, takeover_api::Taken>(
            Method::POST,
            "/api/v1/schools/{school}/take-over",
            described("Give places to children whose families signed on paper before, all of them or none"),
            takeover_api::create,
        )
}

fn objection_routes() -> Routes {
    Routes::new()
        .api::<ReadOwnEnrolment, _, (), names_api::NameList>(
            Method::GET,
            "/api/v1/children/{student}/publication",
            described("The names that stand in one's own child's class, and one's own objections"),
            names_api::family_show,
        )
        .api::<ObjectToName, _, names_api::NewObjectionTo, names_api::SaidObjection>(
            Method::POST,
            "/api/v1/children/{student}/publications/{publication}/objections",
            described("Object to a name that stands in one's own child's class"),
            names_api::family_create,
        )
        .api::<PublishClass, _, (), names_api::NameList>(
            Method::GET,
            "/api/v1/schools/{school}/publications/{publication}",
            described("A list of names with the objections to it"),
            names_api::show,
        )
        .api::<PublishClass, _, names_api::NewObjectionTo, names_api::SaidObjection>(
            Method::POST,
            "/api/v1/schools/{school}/publications/{publication}/objections",
            described("Note an objection that a family made by word of mouth"),
            names_api::create,
        )
        .api::<AnswerObjections, _, names_api::NewAnswer, names_api::Answered>(
            Method::POST,
            "/api/v1/schools/{school}/objections/{objection}/answer",
            described("Answer an objection, once"),
            names_api::answer,
        )
}

/// The id in an address; anything else is not there.
fn id<I: EntityId>(text: &str) -> Result<I, Fault> {
    I::parse(text).ok_or(Fault::NotFound)
}

/// The membership in which the child is the acting guardian's own, with the child's way into the service.
async fn own_child(family: &Family, student: &str) -> Result<(Scope, Service), Fault> {
    let student: StudentId = id(student)?;
    for scope in family.scopes() {
        match scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::service(tx, student)).await {
            Ok(service) => return Ok((scope.clone(), service)),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Fault::NotFound)
}

/// Every child of the family, school by school.
async fn every_child(family: &Family) -> Result<Vec<(Scope, Service)>, Fault> {
    let mut found = Vec::new();
    for scope in family.scopes() {
        let children = scope.read::<ReadOwnEnrolment, _>(enrolment::children).await?;
        found.extend(children.into_iter().map(|child| (scope.clone(), child)));
    }
    Ok(found)
}

/// A child as a chip above the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chip {
    pub(crate) name: String,
    pub(crate) class: String,
    pub(crate) path: String,
    pub(crate) here: bool,
}

/// The family's children as chips that lead to the same page of each.
pub(crate) async fn chips(family: &Family, page: &str, here: StudentId) -> Result<Vec<Chip>, Fault> {
    let lang = family.lang();
    let children = every_child(family).await?;
    Ok(children.into_iter().map(|(_, child)| chip(lang, &child, page, here)).collect())
}

fn chip(lang: Lang, child: &Service, page: &str, here: StudentId) -> Chip {
    Chip {
        name: child.name.clone(),
        class: words::class(lang, child.class),
        path: format!("/children/{}/{page}", child.student),
        here: child.student == here,
    }
}

/// A class for lists, or a word that there is none.
fn class(lang: Lang, of: Option<InClass>) -> String {
    words::class(lang, of)
}
