//! The family's pages before applying: where each child stands, the letter, the survey, consents.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::Timestamp;
use kehou_app::enrolment::{self, Consents, Draft, FamilyLetter, Intention, Service, StepView, View, Wish};
use kehou_db::Failed;
use kehou_domain::access::{AnswerSurvey, GiveConsent, ReadNotice, ReadOwnEnrolment};
use kehou_domain::enrolment::agreement::Kind;
use kehou_domain::enrolment::chain::{Status, Step};
use kehou_domain::enrolment::consent::Purpose;
use serde::Deserialize;

use super::{Chip, chips, every_child, own_child, words};
use crate::answer::see_other;
use crate::family::Family;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};

/// One step of the chain, in words.
struct StepLine {
    name: String,
    said: String,
    class: &'static str,
    done: bool,
}

/// Something to do, in the order of doing.
struct Todo {
    icon: &'static str,
    words: &'static str,
    said: String,
    path: String,
}

#[derive(Template)]
#[template(path = "enrolment/service.html")]
struct ServicePage {
    chips: Vec<Chip>,
    child: Service,
    class: String,
    headline: String,
    steps: Vec<StepLine>,
    todos: Vec<Todo>,
    choices: Vec<String>,
    /// What the plan has no time for any more, or soon.
    falls_away: Vec<(String, String)>,
    reason: Option<String>,
    /// The school's plan with its times and fees; empty while another school's seat is taken.
    plan: String,
    /// Whether the plan shows names in the class (F10).
    has_publication: bool,
    papers: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "enrolment/letter.html")]
struct LetterPage {
    child: Service,
    school: String,
    letter: FamilyLetter,
}

#[derive(Template)]
#[template(path = "enrolment/survey.html")]
struct SurveyPage {
    chips: Vec<Chip>,
    child: Service,
    form: SurveyForm,
    days: Vec<(i8, &'static str)>,
    /// Why there is nothing to fill in today.
    closed: Option<String>,
    problems: Problems,
}

/// What the survey's form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SurveyForm {
    #[serde(default)]
    wish: String,
    #[serde(default)]
    weekday: Vec<i8>,
    #[serde(default)]
    remark: String,
}

#[derive(Template)]
#[template(path = "enrolment/consents.html")]
struct ConsentsPage {
    child: Service,
    consents: Consents,
    /// What the family agreed to, where it was saved just now.
    saved: Option<String>,
    lines: Vec<PurposeLine>,
}

/// One purpose with the answer that holds.
struct PurposeLine {
    word: &'static str,
    head: &'static str,
    said: &'static str,
    required: bool,
    given: bool,
    answered: bool,
}

/// What the consents' form sends: the purposes that are ticked.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ConsentForm {
    #[serde(default)]
    purpose: Vec<String>,
}

/// The tab: straight to the only child, or to the first of several.
pub(super) async fn index(family: Family) -> Result<Response, Fault> {
    match every_child(&family).await?.first() {
        Some((_, child)) => Ok(see_other(&format!("/children/{}/service", child.student))),
        None => Err(Fault::NotFound),
    }
}

pub(super) async fn show(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let lang = family.lang();
    let id = child.student;
    let mine = scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::papers_to_sign(tx, id)).await?;
    let copies = scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::own_copies(tx, id)).await?;
    let signed = Kind::ALL.iter().filter(|kind| copies.iter().any(|copy| copy.kind == **kind));
    let papers = signed.map(|kind| kind.word()).collect();
    let open: Vec<_> =
        mine.papers.iter().filter(|paper| paper.open).map(|paper| paper.wording.kind).collect();
    let mut todos = todos(lang, &child, family.today());
    todos.extend(open.into_iter().map(|kind| Todo {
        icon: "pen",
        words: words::kind(kind),
        said: lang.t("读完并签名，约 2 分钟").to_owned(),
        path: format!("/children/{id}/agreements/{}", kind.word()),
    }));
    let application = child.application.as_ref();
    let page = ServicePage {
        chips: chips(&family, "service", id).await?,
        class: words::class(lang, child.class),
        headline: headline(lang, &child),
        steps: application.map(|one| step_lines(lang, &one.steps)).unwrap_or_default(),
        choices: if child.place.is_some() {
            words::choices(lang, &child.attends)
        } else {
            application.map(|one| words::choices(lang, &one.choices)).unwrap_or_default()
        },
        falls_away: child.falls_away.iter().map(|one| words::falls_away(lang, one)).collect(),
        reason: application.and_then(|one| came_back(lang, &one.steps)),
        plan: if scope.school().code == family.scope().school().code {
            format!("/schools/{}/plan", scope.school().code)
        } else {
            String::new()
        },
        has_publication: child.names_stand
            || application.is_some_and(|one| {
                one.steps.iter().any(|step| matches!(step.step, Step::Publication { .. }))
            }),
        todos,
        papers,
        child,
    };
    family.page(&page)
}

fn step_lines(lang: Lang, steps: &[StepView]) -> Vec<StepLine> {
    let line = |one: &StepView| StepLine {
        name: words::step(lang, one.step),
        said: words::view(lang, &one.view),
        class: match one.view {
            View::Done { .. } => "done",
            View::Now { .. } | View::Returned { .. } | View::Refused { .. } => "now",
            View::Ahead => "",
        },
        done: matches!(one.view, View::Done { .. }),
    };
    steps.iter().map(line).collect()
}

fn came_back(lang: Lang, steps: &[StepView]) -> Option<String> {
    steps.iter().find_map(|one| match &one.view {
        View::Returned { ground, note } | View::Refused { ground, note } => {
            Some(words::reason(lang, ground.as_ref(), note))
        }
        View::Done { .. } | View::Now { .. } | View::Ahead => None,
    })
}

/// Where the child stands, in one sentence.
fn headline(lang: Lang, child: &Service) -> String {
    if child.place.is_some() {
        return lang.t("已参加课后服务").to_owned();
    }
    let Some(application) = &child.application else { return lang.t("还没有报名").to_owned() };
    match application.status {
        Status::Waiting => application
            .steps
            .iter()
            .find(|one| matches!(one.view, View::Now { .. }))
            .map_or_else(|| lang.t("办理中").to_owned(), |one| waiting(lang, one.step)),
        status @ (Status::Returned | Status::Refused | Status::Withdrawn | Status::Enrolled) => {
            lang.t(words::status(status)).to_owned()
        }
    }
}

fn waiting(lang: Lang, step: Step) -> String {
    match step {
        Step::Agreement => lang.t("等您签名").to_owned(),
        other @ (Step::Review { .. } | Step::Publication { .. } | Step::Filing) => {
            lang.fill("正在{step}", &[("step", &words::step(lang, other))])
        }
    }
}

/// What the family can do now, in the order of doing.
fn todos(lang: Lang, child: &Service, today: jiff::civil::Date) -> Vec<Todo> {
    let path = |page: &str| format!("/children/{}/{page}", child.student);
    let Some(sign_up) = &child.sign_up else { return Vec::new() };
    let mut todos = Vec::new();
    let mut add =
        |icon, words, said: String, page: &str| todos.push(Todo { icon, words, said, path: path(page) });
    if child.letter.as_ref().is_some_and(|letter| letter.read_at.is_none()) {
        add("mail", "读学校的告知书", lang.t("报名前要先读").to_owned(), "letter");
    }
    let (from, to) = sign_up.survey;
    if from <= today && today <= to && child.intention.is_none() && child.application.is_none() {
        let day = crate::dates::day(lang, to);
        add("clipboard", "填需求调查", lang.fill("{day}前，不等于报名", &[("day", &day)]), "survey");
    }
    if child.consent_missing.is_some() {
        add(
            "shield",
            "看隐私说明并同意",
            lang.t("必需项同意了才能报名，可选项不同意也能参加").to_owned(),
            "consents",
        );
    }
    let may_apply = child.application.as_ref().is_none_or(|one| one.status.is_over());
    if may_apply && child.hindrance.is_none() {
        let said = match sign_up.window.closes_on {
            Some(day) => {
                let day = crate::dates::day(lang, day);
                lang.fill("不用抢，{day}前都能报", &[("day", &day)])
            }
            None => lang.t("随时可以报名").to_owned(),
        };
        add("pen", "报名课后服务", said, "application");
    }
    todos
}

pub(super) async fn letter(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let id = child.letter.as_ref().ok_or(Fault::NotFound)?.id;
    let letter = scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::family_letter(tx, id)).await?;
    family.page(&LetterPage { school: scope.school().name.clone(), child, letter })
}

pub(super) async fn say_read(
    family: Family,
    key: Key,
    Path(student): Path<String>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let id = child.letter.as_ref().ok_or(Fault::NotFound)?.id;
    let done = scope
        .write::<ReadNotice, (), Refusal>(&key.0, move |tx| enrolment::say_read(tx, id).map_err(Failed::from))
        .await?;
    debug_assert!(done.is_ok(), "reading a letter is never refused");
    Ok(see_other(&format!("/children/{}/service", child.student)))
}

fn survey_page(
    chips: Vec<Chip>,
    child: Service,
    (form, problems): (SurveyForm, Problems),
    (lang, today): (Lang, jiff::civil::Date),
) -> SurveyPage {
    let mut days: Vec<i8> = child.offered.iter().map(|offered| offered.choice.weekday).collect();
    days.sort_unstable();
    days.dedup();
    let days = days.into_iter().map(|day| (day, words::weekday(lang, day))).collect();
    let closed = child.sign_up.as_ref().and_then(|sign_up| survey_closed(lang, sign_up.survey, today));
    SurveyPage { chips, child, form, days, closed, problems }
}

/// Why the survey takes no answer today: it is over, or has not begun.
fn survey_closed(
    lang: Lang,
    (opens_on, closes_on): (jiff::civil::Date, jiff::civil::Date),
    today: jiff::civil::Date,
) -> Option<String> {
    let day = |day| crate::dates::day(lang, day);
    if today < opens_on {
        return Some(lang.fill("调查{day}开始", &[("day", &day(opens_on))]));
    }
    (closes_on < today).then(|| lang.fill("调查{day}已经结束", &[("day", &day(closes_on))]))
}

pub(super) async fn survey(family: Family, Path(student): Path<String>) -> Result<Response, Fault> {
    let (_, child) = own_child(&family, &student).await?;
    if child.sign_up.is_none() {
        return Err(Fault::NotFound);
    }
    let form = child.intention.as_ref().map(|said| SurveyForm {
        wish: said.wish.word().to_owned(),
        weekday: said.weekdays.clone(),
        remark: said.remark.clone(),
    });
    let chips = chips(&family, "survey", child.student).await?;
    let filled = (form.unwrap_or_default(), Problems::none());
    let page = survey_page(chips, child, filled, (family.lang(), family.today()));
    family.page(&page)
}

pub(super) async fn answer(
    family: Family,
    key: Key,
    Path(student): Path<String>,
    Form(form): Form<SurveyForm>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let (lang, id) = (family.lang(), child.student);
    let refusal = match Wish::parse(&form.wish) {
        None => Some(Refusal::new("wish_missing", lang.t("请选想不想参加")).at("wish")),
        Some(wish) => {
            let weekdays = if wish == Wish::No { Vec::new() } else { form.weekday.clone() };
            let intention = Intention { wish, weekdays, remark: form.remark.clone() };
            let answered = scope
                .write::<AnswerSurvey, (), Refusal>(&key.0, move |tx| {
                    enrolment::answer_survey(tx, id, &intention)
                        .map_err(|failed| failed.map(|why| words::cannot_answer(lang, &why)))
                })
                .await?;
            answered.err()
        }
    };
    match refusal {
        None => Ok(see_other(&format!("/children/{id}/service"))),
        Some(refusal) => {
            let chips = chips(&family, "survey", id).await?;
            family.refused(&survey_page(chips, child, (form, refusal.into()), (lang, family.today())))
        }
    }
}

/// Whether the answers were saved just now.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Saved {
    #[serde(default)]
    saved: String,
}

pub(super) async fn consents(
    family: Family,
    Path(student): Path<String>,
    Query(Saved { saved }): Query<Saved>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let id = child.student;
    let consents = scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::consents(tx, id)).await?;
    let line = |purpose: &Purpose| {
        let (head, said) = words::purpose(*purpose);
        let answer = consents.answers.iter().find(|answer| answer.purpose == *purpose);
        PurposeLine {
            word: purpose.word(),
            head,
            said,
            required: purpose.is_required(),
            given: answer.is_some_and(|answer| answer.given),
            answered: answer.is_some(),
        }
    };
    let lines: Vec<PurposeLine> = Purpose::ALL.iter().map(line).collect();
    let given: Vec<&str> =
        lines.iter().filter(|line| line.given).map(|line| family.lang().t(line.head)).collect();
    let comma = if family.lang() == Lang::Zh { "、" } else { ", " };
    let saved = (!saved.is_empty()).then(|| given.join(comma));
    family.page(&ConsentsPage { child, consents, saved, lines })
}

pub(super) async fn consent(
    family: Family,
    key: Key,
    Path(student): Path<String>,
    Form(form): Form<ConsentForm>,
) -> Result<Response, Fault> {
    let (scope, child) = own_child(&family, &student).await?;
    let id = child.student;
    let answers: Vec<(Purpose, bool)> = Purpose::ALL
        .into_iter()
        .map(|purpose| (purpose, form.purpose.iter().any(|word| word == purpose.word())))
        .collect();
    let done = scope
        .write::<GiveConsent, (), Refusal>(&key.0, move |tx| {
            enrolment::answer_purposes(tx, id, &answers).map_err(Failed::from)
        })
        .await?;
    debug_assert!(done.is_ok(), "an answer to a purpose is never refused");
    let is_given = |purpose: &Purpose| form.purpose.iter().any(|word| word == purpose.word());
    // without a required one nothing goes on, and the page says so
    let goes_on = Purpose::ALL.iter().filter(|purpose| purpose.is_required()).all(is_given);
    Ok(see_other(&format!("/children/{id}/{}", if goes_on { "service" } else { "consents?saved=1" })))
}

impl LetterPage {
    fn said(&self) -> &Draft {
        &self.letter.letter.said
    }

    fn read_at(&self) -> Option<&Timestamp> {
        self.letter.read_at.as_ref()
    }
}
