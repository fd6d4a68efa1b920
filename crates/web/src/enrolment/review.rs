//! The reviewers' pile: problems first, one decision for many, each with its reason.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use kehou_app::enrolment::{self, Copy, Decided, Part, Pile, PileItem, StepView};
use kehou_db::Failed;
use kehou_domain::access::{EndService, EnterPaper, ReadApplications, ReviewApplications};
use kehou_domain::enrolment::chain::{Status, Step};
use kehou_domain::enrolment::review::{Ground, Judgement};
use kehou_domain::ids::{ApplicationId, EntityId};
use serde::{Deserialize, Serialize};

use super::signing::{SignedPaper, signed_paper};
use super::{class, id, words};
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// How many settled applications a page shows: nobody acts on them, and a school has as many as children.
const A_PAGE: usize = 50;

/// Which applications the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Mine,
    Waiting,
    Settled,
}

/// The list's address.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    show: String,
    /// From which place on, where not all fit on a page.
    #[serde(default)]
    from: usize,
    #[serde(default)]
    done: Option<u32>,
    /// An application whose own page led here: it stands ticked.
    #[serde(default)]
    tick: Option<String>,
}

impl Filter {
    /// What waits for the reader, after so many were decided.
    fn mine(done: Option<u32>) -> Filter {
        Filter { show: "mine".to_owned(), done, ..Filter::default() }
    }
}

/// One line of the list.
struct Line {
    item: PileItem,
    class: String,
    choices: Vec<String>,
    step: String,
    status: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "enrolment/applications.html")]
struct ApplicationsPage {
    base: String,
    term: Option<String>,
    /// Whether the plan gives the reader's role a part at all.
    has_part: bool,
    steps: Vec<(String, u32)>,
    shown: Shown,
    counts: [usize; 3],
    overdue: usize,
    lines: Vec<Line>,
    /// Where the list begins and goes on, when it is longer than a page.
    first: String,
    next: String,
    verifies_need: bool,
    form: DecisionForm,
    done: Option<u32>,
    not: Vec<(String, String)>,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct DecisionForm {
    #[serde(default)]
    pub(super) application: Vec<String>,
    /// Everybody who waits for the acting role.
    #[serde(default)]
    pub(super) all: String,
    #[serde(default)]
    pub(super) verdict: String,
    #[serde(default)]
    pub(super) need_seen: String,
    #[serde(default)]
    pub(super) ground: String,
    #[serde(default)]
    pub(super) note: String,
}

/// What a decision did, as the store remembers it for the same key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub(super) done: u32,
    /// Application, name, reason in words.
    pub(super) not: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "enrolment/card.html")]
struct CardPage {
    base: String,
    item: PileItem,
    class: String,
    choices: Vec<String>,
    steps: Vec<(String, String, &'static str)>,
    papers: Vec<SignedPaper>,
    /// Where the agreement can be entered that the family signed on paper.
    enter: Option<String>,
}

fn line(lang: Lang, item: PileItem) -> Line {
    Line {
        class: class(lang, item.class),
        choices: words::choices(lang, &item.choices),
        step: item.step.map(|step| words::step(lang, step)).unwrap_or_default(),
        status: words::status_tag(item.status),
        item,
    }
}

fn belongs(shown: Shown, item: &PileItem) -> bool {
    match shown {
        Shown::Mine => item.mine,
        Shown::Waiting => item.status == Status::Waiting && !item.mine,
        Shown::Settled => item.status != Status::Waiting,
    }
}

/// The addresses of the first page and the next one of what is settled, each empty where there is none.
fn around(base: &str, shown: Shown, (from, settled): (usize, usize)) -> (String, String) {
    let is_there = |is: bool, path: String| if is { path } else { String::new() };
    let is_settled = shown == Shown::Settled;
    let next = from.saturating_add(A_PAGE);
    (
        is_there(is_settled && 0 < from, format!("{base}?show=settled")),
        is_there(is_settled && next < settled, format!("{base}?show=settled&from={next}")),
    )
}

async fn page(seat: &Seat, filter: &Filter, form: DecisionForm) -> Result<ApplicationsPage, Fault> {
    let lang = seat.lang();
    let part = if filter.show == "settled" { Part::All } else { Part::Waiting };
    let pile: Option<Pile> = seat.read::<ReadApplications, _>(move |tx| enrolment::pile(tx, part)).await?;
    let (items, steps) =
        pile.as_ref().map(|pile| (pile.items.clone(), pile.steps.clone())).unwrap_or_default();
    let count = |shown| items.iter().filter(|item| belongs(shown, item)).count();
    let settled = pile.as_ref().map_or(0, |pile| pile.settled);
    let counts = [count(Shown::Mine), count(Shown::Waiting), usize::try_from(settled).unwrap_or(usize::MAX)];
    let shown = match filter.show.as_str() {
        "waiting" => Shown::Waiting,
        "settled" => Shown::Settled,
        "mine" => Shown::Mine,
        _ if counts[0] == 0 && 0 < counts[1] => Shown::Waiting,
        _ => Shown::Mine,
    };
    let base = seat.path("applications");
    let (first, next) = around(&base, shown, (filter.from, counts[2]));
    let verifies = |item: &PileItem| matches!(item.step, Some(Step::Review { verifies_need: true, .. }));
    Ok(ApplicationsPage {
        base,
        has_part: pile.as_ref().is_none_or(|pile| pile.has_part),
        term: pile.map(|pile| pile.sign_up.term_name),
        steps: steps.iter().map(|count| (words::step(lang, count.step), count.waiting)).collect(),
        shown,
        counts,
        overdue: items.iter().filter(|item| item.overdue && item.mine).count(),
        verifies_need: items.iter().any(|item| item.mine && verifies(item)),
        lines: items
            .into_iter()
            .filter(|item| belongs(shown, item))
            .skip(if shown == Shown::Settled { filter.from } else { 0 })
            .take(if shown == Shown::Settled { A_PAGE } else { usize::MAX })
            .map(|item| line(lang, item))
            .collect(),
        first,
        next,
        form,
        done: filter.done,
        not: Vec::new(),
        problems: Problems::none(),
    })
}

pub(super) async fn index(seat: Seat, Query(filter): Query<Filter>) -> Result<Response, Fault> {
    let application = filter.tick.iter().cloned().collect();
    let page = page(&seat, &filter, DecisionForm { application, ..DecisionForm::default() }).await?;
    seat.page(&page)
}

/// The judgement of a form, or what is missing.
pub(super) fn judgement(lang: Lang, form: &DecisionForm) -> Result<Judgement, Refusal> {
    let ground = || {
        let missing = Refusal::new("ground_missing", lang.t("请选退回或不通过的理由")).at("ground");
        Ground::parse(&form.ground).ok_or(missing)
    };
    match form.verdict.as_str() {
        "approve" => Ok(Judgement::Approve { need_seen: !form.need_seen.is_empty() }),
        "return" => Ok(Judgement::Return(ground()?)),
        "refuse" => Ok(Judgement::Refuse(ground()?)),
        _ => Err(Refusal::new("verdict_missing", lang.t("请选通过、退回或不通过")).at("verdict")),
    }
}

/// Decides, and remembers the outcome in words under the request's key.
pub(super) async fn decide_with(
    seat: &Seat,
    key: &Key,
    form: &DecisionForm,
) -> Result<Result<Outcome, Problems>, Fault> {
    let lang = seat.lang();
    let ids = chosen(seat, form).await?;
    let judgement = match (judgement(lang, form), ids.is_empty()) {
        (Ok(judgement), false) => judgement,
        (judged, nobody) => {
            let nobody =
                nobody.then(|| Refusal::new("nothing_ticked", lang.t("请先勾选要审核的学生")).at("all"));
            return Ok(Err(nobody.into_iter().chain(judged.err()).collect()));
        }
    };
    let note: String = form.note.chars().take(500).collect();
    let decided = seat.write::<ReviewApplications, Outcome, Refusal>(key, move |tx| {
        let decided = enrolment::decide(tx, &ids, &judgement, &note);
        match decided {
            Ok(decided) => Ok(outcome(lang, &decided)),
            Err(failed) => Err(failed.map(|why| Refusal::new("refused", words::cannot_decide(lang, &why)))),
        }
    });
    Ok(decided.await?.map_err(Problems::from))
}

/// That nobody was decided, as when another page was quicker.
fn nobody_decided(lang: Lang) -> Refusal {
    Refusal::new("nobody_decided", lang.t("没有审核任何人：名单已有变化，请刷新后再看")).at("all")
}

/// The applications that the form means.
async fn chosen(seat: &Seat, form: &DecisionForm) -> Result<Vec<ApplicationId>, Fault> {
    if form.all.is_empty() {
        return Ok(form.application.iter().filter_map(|text| ApplicationId::parse(text)).collect());
    }
    let pile = seat.read::<ReadApplications, _>(|tx| enrolment::pile(tx, Part::Waiting)).await?;
    let items = pile.map(|pile| pile.items).unwrap_or_default();
    Ok(items.into_iter().filter(|item| item.mine).map(|item| item.id).collect())
}

fn outcome(lang: Lang, decided: &Decided) -> Outcome {
    let not = decided.not.iter();
    let not = not.map(|one| (one.id.to_string(), one.name.clone(), words::cannot_decide(lang, &one.why)));
    Outcome { done: decided.done, not: not.collect() }
}

pub(super) async fn decide(seat: Seat, key: Key, Form(form): Form<DecisionForm>) -> Result<Response, Fault> {
    let outcome = decide_with(&seat, &key, &form).await?;
    match outcome {
        Ok(Outcome { done: 0, not }) if not.is_empty() => {
            let mut page = page(&seat, &Filter::mine(None), form).await?;
            page.problems = nobody_decided(seat.lang()).into();
            seat.refused(&page)
        }
        Ok(Outcome { done, not }) if not.is_empty() => {
            Ok(crate::answer::see_other(&format!("{}?done={done}", seat.path("applications"))))
        }
        Ok(Outcome { done, not }) => {
            // those that could not be decided stay ticked
            let application = not.iter().map(|(id, _, _)| id.clone()).collect();
            let left = DecisionForm { application, all: String::new(), ..form };
            let done = Some(done).filter(|done| 0 < *done);
            let mut page = page(&seat, &Filter::mine(done), left).await?;
            page.not = not.into_iter().map(|(_, name, why)| (name, why)).collect();
            seat.refused(&page)
        }
        Err(problems) => {
            let mut page = page(&seat, &Filter::mine(None), form).await?;
            page.problems = problems;
            seat.refused(&page)
        }
    }
}

pub(super) async fn show(
    seat: Seat,
    Path((_, application)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let application: ApplicationId = id(&application)?;
    let (item, steps): (PileItem, Vec<StepView>) =
        seat.read::<ReadApplications, _>(move |tx| enrolment::application_card(tx, application)).await?;
    let copies: Vec<Copy> =
        seat.read::<ReadApplications, _>(move |tx| enrolment::copies(tx, application)).await?;
    let lang = seat.lang();
    let steps = steps.iter().map(|one| {
        let state = match one.view {
            enrolment::View::Done { .. } => "done",
            enrolment::View::Now { .. } => "now",
            enrolment::View::Ahead | enrolment::View::Returned { .. } | enrolment::View::Refused { .. } => "",
        };
        (words::step(lang, one.step), words::view(lang, &one.view), state)
    });
    seat.page(&CardPage {
        base: seat.path("applications"),
        class: class(lang, item.class),
        choices: words::choices(lang, &item.choices),
        steps: steps.collect(),
        papers: copies.into_iter().map(signed_paper).collect(),
        enter: enter_agreement(&seat, &item),
        item,
    })
}

/// Where the agreement of an application that waits for it is entered from paper.
fn enter_agreement(seat: &Seat, item: &PileItem) -> Option<String> {
    let waits = item.status == Status::Waiting && item.step == Some(Step::Agreement);
    let path = || seat.path(&format!("papers/new?student={}", item.student));
    (waits && seat.may::<EnterPaper>()).then(path)
}

/// Whether the seat may end places: shown beside the list of places.
pub(super) fn may_end(seat: &Seat) -> bool {
    seat.may::<EndService>()
}

/// A use case without refusals of its own, as a keyed write takes it.
pub(super) fn never<T>(done: kehou_db::Result<T>) -> Result<T, Failed<Refusal>> {
    done.map_err(Failed::from)
}

impl ApplicationsPage {
    fn is(&self, shown: &str) -> bool {
        matches!(
            (self.shown, shown),
            (Shown::Mine, "mine") | (Shown::Waiting, "waiting") | (Shown::Settled, "settled")
        )
    }

    fn ticked(&self, id: &ApplicationId) -> bool {
        self.form.application.contains(&id.to_string())
    }
}
