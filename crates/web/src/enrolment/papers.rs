//! The paper route: enter a signed form, and confirm what somebody else entered.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::enrolment::{self, NewPaper, Offered, PaperChild, PaperOnList, PaperStatus};
use kehou_domain::access::{ConfirmPaper, EnterPaper};
use kehou_domain::enrolment::apply::{Choice, Need};
use kehou_domain::ids::{EntityId, GuardianId, PaperId, StudentId};
use serde::Deserialize;

use super::{class, id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "enrolment/papers.html")]
struct PapersPage {
    base: String,
    lines: Vec<(PaperOnList, String)>,
    may_enter: bool,
    problems: Problems,
}

/// The search and, once a child is picked, the form.
#[derive(Template)]
#[template(path = "enrolment/paper_new.html")]
struct NewPaperPage {
    lang: Lang,
    base: String,
    name: String,
    found: Vec<(PaperChild, String)>,
    child: Option<PaperChild>,
    class: String,
    form: PaperForm,
    problems: Problems,
}

/// The search.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    name: String,
    #[serde(default)]
    student: String,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct PaperForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    student: String,
    #[serde(default)]
    guardian: String,
    #[serde(default)]
    choice: Vec<String>,
    #[serde(default)]
    need: String,
    #[serde(default)]
    remark: String,
    #[serde(default)]
    covers_agreement: String,
    #[serde(default)]
    signed_on: String,
    #[serde(default)]
    place: String,
}

/// What the second person found.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SettleForm {
    #[serde(default)]
    found: String,
}

async fn index_page(seat: &Seat, problems: Problems) -> Result<PapersPage, Fault> {
    let lang = seat.lang();
    let papers = seat.read::<ConfirmPaper, _>(enrolment::papers).await?;
    let lines = papers.into_iter().map(|one| {
        let words = class(lang, one.class);
        (one, words)
    });
    let (base, may_enter) = (seat.path("papers"), seat.may::<EnterPaper>());
    Ok(PapersPage { base, lines: lines.collect(), may_enter, problems })
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let page = index_page(&seat, Problems::none()).await?;
    seat.page(&page)
}

async fn new_page(seat: &Seat, form: PaperForm, problems: Problems) -> Result<NewPaperPage, Fault> {
    let lang = seat.lang();
    let name = form.name.trim().to_owned();
    let part = name.clone();
    let found = if name.is_empty() {
        Vec::new()
    } else {
        seat.read::<EnterPaper, _>(move |tx| enrolment::children_named(tx, &part)).await?
    };
    let child = found.iter().find(|one| one.student.to_string() == form.student).cloned();
    let named = |one: PaperChild| {
        let words = class(lang, one.class);
        (one, words)
    };
    Ok(NewPaperPage {
        lang,
        base: seat.path("papers"),
        name,
        found: found.into_iter().map(named).collect(),
        class: child.as_ref().map(|one| class(lang, one.class)).unwrap_or_default(),
        child,
        form,
        problems,
    })
}

pub(super) async fn new(seat: Seat) -> Result<Response, Fault> {
    let page = new_page(&seat, PaperForm::default(), Problems::none()).await?;
    seat.page(&page)
}

/// Children by a part of their name, or the form of the chosen one.
pub(super) async fn find(seat: Seat, Form(search): Form<Search>) -> Result<Response, Fault> {
    let form = PaperForm {
        name: search.name,
        student: search.student,
        signed_on: seat.today().to_string(),
        ..PaperForm::default()
    };
    let page = new_page(&seat, form, Problems::none()).await?;
    seat.found(&page)
}

/// The form as facts, or the first thing that is missing.
fn read(lang: Lang, form: &PaperForm) -> Result<NewPaper, Refusal> {
    let missing = |field: &str, words: &str| Refusal::new("missing", lang.t(words)).at(field);
    let student: StudentId = id(&form.student).map_err(|_| missing("name", "请先找到学生"))?;
    let guardian: GuardianId = id(&form.guardian).map_err(|_| missing("guardian", "请选签字的监护人"))?;
    let signed_on = form.signed_on.parse().map_err(|_| missing("signed_on", "请填签字日期"))?;
    let choice = |value: &String| {
        let (slot, weekday) = value.rsplit_once('/')?;
        Some(Choice { slot: slot.to_owned(), weekday: weekday.parse().ok()? })
    };
    Ok(NewPaper {
        student,
        guardian,
        choices: form.choice.iter().filter_map(choice).collect(),
        need: Need::parse(&form.need),
        remark: form.remark.chars().take(500).collect(),
        covers_agreement: !form.covers_agreement.is_empty(),
        signed_on,
        place: form.place.chars().take(100).collect(),
    })
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<PaperForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let refusal = match read(lang, &form) {
        Err(refusal) => Some(refusal),
        Ok(paper) => seat
            .write::<EnterPaper, String, Refusal>(&key, move |tx| {
                let entered = enrolment::enter_paper(tx, &paper);
                let entered = entered.map_err(|failed| failed.map(|why| words::cannot_enter(lang, &why)))?;
                Ok(entered.to_string())
            })
            .await?
            .err(),
    };
    match refusal {
        None => Ok(see_other(&seat.path("papers"))),
        Some(refusal) => {
            let page = new_page(&seat, form, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

pub(super) async fn settle(
    seat: Seat,
    key: Key,
    Path((_, paper)): Path<(String, String)>,
    Form(form): Form<SettleForm>,
) -> Result<Response, Fault> {
    let (lang, paper): (Lang, PaperId) = (seat.lang(), id(&paper)?);
    let found = match form.found.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Fault::Malformed("found is yes or no".to_owned())),
    };
    let settled = seat
        .write::<ConfirmPaper, (), Refusal>(&key, move |tx| {
            let settled = enrolment::settle_paper(tx, paper, found);
            settled.map_err(|failed| failed.map(|why| words::cannot_enter(lang, &why)))
        })
        .await?;
    match settled {
        Ok(()) => Ok(see_other(&seat.path("papers"))),
        Err(refusal) => {
            let page = index_page(&seat, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

/// What a tick sends.
fn value(offered: &Offered) -> String {
    format!("{}/{}", offered.choice.slot, offered.choice.weekday)
}

impl NewPaperPage {
    fn signed_by(&self, guardian: &GuardianId) -> bool {
        GuardianId::parse(&self.form.guardian).as_ref() == Some(guardian)
    }

    fn ticked(&self, offered: &Offered) -> bool {
        self.form.choice.contains(&value(offered))
    }

    fn said(&self, offered: &Offered) -> String {
        format!("{} {}", offered.name, words::weekday(self.lang, offered.choice.weekday))
    }
}
