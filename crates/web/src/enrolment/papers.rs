//! The paper route: enter a signed form, and confirm what somebody else entered.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::enrolment::{self, CannotEnter, NewPaper, Offered, PaperChild, PaperOnList, PaperStatus};
use kehou_domain::access::{ConfirmPaper, EnterPaper};
use kehou_domain::enrolment::apply::{CannotApply, Choice, Need};
use kehou_domain::enrolment::paper::CannotCount;
use kehou_domain::ids::{EntityId, GuardianId, PaperId, StudentId};
use serde::Deserialize;

use super::{class, id, words};
use crate::answer::see_other;
use crate::dates;
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

/// The form as facts, or everything that is missing.
fn read(lang: Lang, form: &PaperForm, need_checked: bool) -> Result<NewPaper, Problems> {
    let choice = |value: &String| {
        let (slot, weekday) = value.rsplit_once('/')?;
        Some(Choice { slot: slot.to_owned(), weekday: weekday.parse().ok()? })
    };
    let (student, guardian) = (StudentId::parse(&form.student), GuardianId::parse(&form.guardian));
    let (signed_on, need) = (dates::typed(&form.signed_on), Need::parse(&form.need));
    let choices: Vec<Choice> = form.choice.iter().filter_map(choice).collect();
    match (student, guardian, signed_on) {
        (Some(student), Some(guardian), Some(signed_on)) => Ok(NewPaper {
            student,
            guardian,
            choices,
            need,
            remark: form.remark.chars().take(500).collect(),
            covers_agreement: !form.covers_agreement.is_empty(),
            signed_on,
            place: form.place.chars().take(100).collect(),
        }),
        (None, ..) => Err(Refusal::new("missing", lang.t("请先找到学生")).at("name").into()),
        (Some(_), ..) => Err(missing(lang, form, need_checked, choices.is_empty())),
    }
}

/// Everything that a form lacks whose child is known.
fn missing(lang: Lang, form: &PaperForm, need_checked: bool, nothing_chosen: bool) -> Problems {
    let mut problems = Problems::none();
    if GuardianId::parse(&form.guardian).is_none() {
        problems.add("guardian", lang.t("请选签字的监护人"));
    }
    if dates::typed(&form.signed_on).is_none() {
        problems.add("signed_on", lang.t("请填签字日期"));
    }
    let no_need = need_checked && Need::parse(&form.need).is_none();
    let lacks = [
        (nothing_chosen, CannotEnter::Apply(CannotApply::NothingChosen)),
        (no_need, CannotEnter::Apply(CannotApply::NeedMissing)),
        (form.place.trim().is_empty(), CannotEnter::Paper(CannotCount::PlaceMissing)),
    ];
    let lacks = lacks.into_iter().filter(|(is_lacking, _)| *is_lacking);
    problems.and(lacks.map(|(_, why)| words::cannot_enter(lang, &why)));
    problems
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<PaperForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let mut page = new_page(&seat, form, Problems::none()).await?;
    let need_checked = page.child.as_ref().is_some_and(|child| child.need_checked);
    page.problems = match read(lang, &page.form, need_checked) {
        Err(problems) => problems,
        Ok(paper) => {
            let entered = seat.write::<EnterPaper, String, Vec<Refusal>>(&key, move |tx| {
                let entered = enrolment::enter_paper(tx, &paper);
                let said =
                    |why: Vec<CannotEnter>| why.iter().map(|why| words::cannot_enter(lang, why)).collect();
                Ok(entered.map_err(|failed| failed.map(said))?.to_string())
            });
            match entered.await? {
                Ok(_) => return Ok(see_other(&seat.path("papers"))),
                Err(refusals) => refusals.into(),
            }
        }
    };
    seat.refused(&page)
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
        _ => return Err(Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", "found")),
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
