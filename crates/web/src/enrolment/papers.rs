//! The paper route: enter a signed form, and confirm what somebody else entered.

use askama::Template;
use axum::extract::{Path, Query};
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

/// A paper in words.
struct Line {
    one: PaperOnList,
    class: String,
    /// What was entered, one line for each thing that the second person compares with the sheet.
    says: Vec<String>,
}

#[derive(Template)]
#[template(path = "enrolment/papers.html")]
struct PapersPage {
    base: String,
    lines: Vec<Line>,
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

/// The child whose own page led to the form.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Picked {
    #[serde(default)]
    student: String,
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
    let lines =
        papers.into_iter().map(|one| Line { class: class(lang, one.class), says: says(lang, &one), one });
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
    let (part, student) = (name.clone(), StudentId::parse(&form.student));
    let found = match student {
        Some(student) if name.is_empty() => {
            vec![seat.read::<EnterPaper, _>(move |tx| enrolment::child_to_enter(tx, student)).await?]
        }
        None if name.is_empty() => Vec::new(),
        Some(_) | None => seat.read::<EnterPaper, _>(move |tx| enrolment::children_named(tx, &part)).await?,
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

/// The search, or the form of a child whose own page led here.
pub(super) async fn new(seat: Seat, Query(picked): Query<Picked>) -> Result<Response, Fault> {
    let signed_on = seat.today().to_string();
    let form = PaperForm { student: picked.student, signed_on, ..PaperForm::default() };
    let page = new_page(&seat, form, Problems::none()).await?;
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
fn read(lang: Lang, form: &PaperForm, child: Option<&PaperChild>) -> Result<NewPaper, Problems> {
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
        (Some(_), ..) => Err(missing(lang, form, child, choices.is_empty())),
    }
}

/// Everything that a form lacks whose child is known.
fn missing(lang: Lang, form: &PaperForm, child: Option<&PaperChild>, nothing_chosen: bool) -> Problems {
    // a signed agreement is for what the application asks for
    let asks = child.is_none_or(|child| child.to_sign.is_none());
    let need_checked = child.is_some_and(|child| child.need_checked);
    let mut problems = Problems::none();
    if GuardianId::parse(&form.guardian).is_none() {
        problems.add("guardian", lang.t("请选签字的监护人"));
    }
    if dates::typed(&form.signed_on).is_none() {
        problems.add("signed_on", lang.t("请填签字日期"));
    }
    let no_need = asks && need_checked && Need::parse(&form.need).is_none();
    let lacks = [
        (asks && nothing_chosen, CannotEnter::Apply(CannotApply::NothingChosen)),
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
    page.problems = match read(lang, &page.form, page.child.as_ref()) {
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

/// Everything that was entered from a form on paper, for the person who compares it with the sheet (F4).
fn says(lang: Lang, one: &PaperOnList) -> Vec<String> {
    let line = |head: &str, value: &str| format!("{}{}{value}", lang.t(head), words::colon(lang));
    let what = if one.signs.is_some() { "签好的协议" } else { "报名" };
    let mut lines = vec![line(what, &words::choices(lang, &one.choices).join(semicolon(lang)))];
    if let Some(why) = one.paper.need {
        lines.push(line("原因", lang.t(words::need(why))));
    }
    if !one.paper.remark.is_empty() {
        lines.push(line("备注", &one.paper.remark));
    }
    if one.paper.covers_agreement && one.signs.is_none() {
        lines.push(lang.t("含签好的协议").to_owned());
    }
    lines
}

const fn semicolon(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
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

    /// What the application asks for whose signed agreement can be entered.
    fn to_sign(&self, child: &PaperChild) -> Option<Vec<String>> {
        child.to_sign.as_ref().map(|choices| words::choices(self.lang, choices))
    }

    fn ticked(&self, offered: &Offered) -> bool {
        self.form.choice.contains(&value(offered))
    }

    fn said(&self, offered: &Offered) -> String {
        format!("{} {}", offered.name, words::weekday(self.lang, offered.choice.weekday))
    }
}
