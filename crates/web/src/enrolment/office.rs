//! The office: a term's sign-up and its survey, the privacy notice, requests for correction.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::enrolment::CannotOpen;
use kehou_app::enrolment::{
    self, Correction, CorrectionStatus, LetterKind, LetterStatus, PrivacyDraft, PrivacyNotice, SignUp,
    SignUpDraft, SurveyLine, TermChoice,
};
use kehou_domain::access::{AnswerCorrections, KeepNotices, KeepPrivacyNotice, KeepSignUps};
use kehou_domain::enrolment::apply::Window;
use kehou_domain::ids::{CorrectionId, EntityId, NoticeId, TermId};
use serde::Deserialize;

use super::review::never;
use super::{class, id, words};
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::form::number;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "enrolment/sign_up.html")]
struct SignUpPage {
    base: String,
    letters_path: String,
    terms: Vec<(String, String)>,
    letters: Vec<(String, String)>,
    survey: Vec<(String, SurveyLine)>,
    open: bool,
    form: SignUpForm,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SignUpForm {
    #[serde(default)]
    term: String,
    #[serde(default)]
    letter: String,
    #[serde(default)]
    survey_opens_on: String,
    #[serde(default)]
    survey_closes_on: String,
    #[serde(default)]
    opens_on: String,
    #[serde(default)]
    closes_on: String,
    #[serde(default)]
    review_days: String,
}

#[derive(Template)]
#[template(path = "enrolment/privacy.html")]
struct PrivacyPage {
    base: String,
    notice: Option<PrivacyNotice>,
    form: PrivacyForm,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct PrivacyForm {
    #[serde(default)]
    officer: String,
    #[serde(default)]
    officer_phone: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    keep_months: String,
    #[serde(default)]
    afterwards: String,
    #[serde(default)]
    asks_again: String,
}

#[derive(Template)]
#[template(path = "enrolment/corrections.html")]
struct CorrectionsPage {
    base: String,
    requests: Vec<Correction>,
    answering: String,
    form: AnswerForm,
    problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct AnswerForm {
    #[serde(default)]
    status: String,
    #[serde(default)]
    answer: String,
}

impl SignUpForm {
    fn of(sign_up: &SignUp) -> SignUpForm {
        SignUpForm {
            term: sign_up.term.to_string(),
            letter: sign_up.notice.to_string(),
            survey_opens_on: sign_up.survey.0.to_string(),
            survey_closes_on: sign_up.survey.1.to_string(),
            opens_on: sign_up.window.opens_on.to_string(),
            closes_on: sign_up.window.closes_on.map(|day| day.to_string()).unwrap_or_default(),
            review_days: sign_up.review_days.to_string(),
        }
    }

    /// The form as facts, or everything that is missing.
    fn read(&self, lang: Lang) -> Result<SignUpDraft, Problems> {
        let mut problems = Problems::none();
        let mut day = |field: &str, label: &str, text: &str| {
            let day = dates::typed(text);
            if day.is_none() {
                problems.add_named(field, lang.t(label), lang.t("请选日期"));
            }
            day
        };
        let survey_from = day("survey_opens_on", "需求调查第一天", &self.survey_opens_on);
        let survey_to = day("survey_closes_on", "需求调查最后一天", &self.survey_closes_on);
        let opens_on = day("opens_on", "报名第一天", &self.opens_on);
        let closes_on =
            (!self.closes_on.is_empty()).then(|| day("closes_on", "报名最后一天", &self.closes_on)).flatten();
        let (term, notice) = (TermId::parse(&self.term), NoticeId::parse(&self.letter));
        if term.is_none() {
            problems.add("term", lang.t("请选学期"));
        }
        if notice.is_none() {
            problems.add("letter", lang.t("请先发布告知书，再开放报名"));
        }
        let review_days = number(&self.review_days).unwrap_or(0);
        if !problems.is_empty() && !(1..=60).contains(&review_days) {
            problems.and([words::cannot_open(lang, &CannotOpen::ReviewDays)]);
        }
        let survey = (survey_from, survey_to);
        match (term, notice, survey, opens_on) {
            (Some(term), Some(notice), (Some(from), Some(to)), Some(opens_on)) if problems.is_empty() => {
                let window = Window { opens_on, closes_on };
                Ok(SignUpDraft { term, notice, survey: (from, to), window, review_days })
            }
            _ => Err(problems),
        }
    }
}

async fn sign_up_page(
    seat: &Seat,
    form: Option<SignUpForm>,
    problems: Problems,
) -> Result<SignUpPage, Fault> {
    let lang = seat.lang();
    let current = seat.read::<KeepSignUps, _>(enrolment::current_sign_up).await?;
    let terms: Vec<TermChoice> = seat.read::<KeepSignUps, _>(enrolment::terms_to_open).await?;
    let letters = seat.read::<KeepNotices, _>(enrolment::letters).await?;
    let survey = seat.read::<KeepSignUps, _>(enrolment::survey).await?;
    let usable = letters
        .into_iter()
        .filter(|one| one.kind == LetterKind::Letter && one.status == LetterStatus::Published);
    let today = seat.today().to_string();
    let fresh = || SignUpForm {
        survey_opens_on: today.clone(),
        opens_on: today.clone(),
        review_days: "3".to_owned(),
        ..SignUpForm::default()
    };
    let open = current.is_some();
    Ok(SignUpPage {
        base: seat.path("sign-up"),
        letters_path: seat.path("letters"),
        terms: terms.into_iter().map(|term| (term.id.to_string(), term.name)).collect(),
        letters: usable.map(|one| (one.id.to_string(), one.title)).collect(),
        survey: survey.into_iter().map(|line| (class(lang, Some(line.class)), line)).collect(),
        open,
        form: form.unwrap_or_else(|| current.as_ref().map_or_else(fresh, SignUpForm::of)),
        problems,
    })
}

pub(super) async fn sign_up(seat: Seat) -> Result<Response, Fault> {
    let page = sign_up_page(&seat, None, Problems::none()).await?;
    seat.page(&page)
}

pub(super) async fn open_sign_up(
    seat: Seat,
    key: Key,
    Form(form): Form<SignUpForm>,
) -> Result<Response, Fault> {
    let lang = seat.lang();
    let problems = match form.read(lang) {
        Err(problems) => problems,
        Ok(draft) => {
            let opened = seat
                .write::<KeepSignUps, String, Vec<Refusal>>(&key, move |tx| {
                    let opened = enrolment::open_sign_up(tx, &draft);
                    let said =
                        |why: Vec<CannotOpen>| why.iter().map(|why| words::cannot_open(lang, why)).collect();
                    let opened = opened.map_err(|failed| failed.map(said))?;
                    Ok(opened.to_string())
                })
                .await?;
            match opened {
                Ok(_) => return Ok(see_other(&seat.path("sign-up"))),
                Err(refusals) => refusals.into(),
            }
        }
    };
    let page = sign_up_page(&seat, Some(form), problems).await?;
    seat.refused(&page)
}

async fn privacy_page(
    seat: &Seat,
    form: Option<PrivacyForm>,
    problems: Problems,
) -> Result<PrivacyPage, Fault> {
    let notice = seat.read::<KeepPrivacyNotice, _>(enrolment::privacy_notice).await?;
    let known = |notice: &PrivacyNotice| PrivacyForm {
        officer: notice.said.officer.clone(),
        officer_phone: notice.said.officer_phone.clone(),
        place: notice.said.place.clone(),
        keep_months: notice.said.keep_months.to_string(),
        afterwards: notice.said.afterwards.clone(),
        asks_again: String::new(),
    };
    let form = form.unwrap_or_else(|| notice.as_ref().map(known).unwrap_or_default());
    Ok(PrivacyPage { base: seat.path("privacy-notice"), notice, form, problems })
}

pub(super) async fn privacy(seat: Seat) -> Result<Response, Fault> {
    let page = privacy_page(&seat, None, Problems::none()).await?;
    seat.page(&page)
}

impl SignUpPage {
    /// The survey's total of a column.
    fn sum(&self, column: &str) -> u32 {
        let of = |line: &SurveyLine| match column {
            "yes" => line.yes,
            "no" => line.no,
            "unsure" => line.unsure,
            _ => line.children,
        };
        self.survey.iter().map(|(_, line)| of(line)).sum()
    }
}

/// The form as facts, or everything that is missing.
fn privacy_draft(lang: Lang, form: &PrivacyForm) -> Result<PrivacyDraft, Problems> {
    let mut problems = Problems::none();
    let mut said = |field: &str, label: &str, text: &str| {
        let text: String = text.trim().chars().take(200).collect();
        if text.is_empty() {
            problems.add_named(field, lang.t(label), lang.t("请填写，家长要知道"));
        }
        text
    };
    let officer = said("officer", "负责人", &form.officer);
    let officer_phone = said("officer_phone", "负责人电话", &form.officer_phone);
    let place = said("place", "存放地点", &form.place);
    let afterwards = said("afterwards", "到期后怎么处理", &form.afterwards);
    let keep_months = number(&form.keep_months).filter(|months| (1..=240).contains(months));
    if keep_months.is_none() {
        problems.add_named("keep_months", lang.t("孩子离开后保存几个月"), lang.t("填 1 到 240 个月"));
    }
    match keep_months {
        Some(keep_months) if problems.is_empty() => {
            let asks_again = !form.asks_again.is_empty();
            Ok(PrivacyDraft { officer, officer_phone, place, keep_months, afterwards, asks_again })
        }
        Some(_) | None => Err(problems),
    }
}

pub(super) async fn publish_privacy(
    seat: Seat,
    key: Key,
    Form(form): Form<PrivacyForm>,
) -> Result<Response, Fault> {
    match privacy_draft(seat.lang(), &form) {
        Err(problems) => {
            let page = privacy_page(&seat, Some(form), problems).await?;
            seat.refused(&page)
        }
        Ok(draft) => {
            let published = seat
                .write::<KeepPrivacyNotice, String, Refusal>(&key, move |tx| {
                    never(enrolment::publish_privacy_notice(tx, &draft)).map(|id| id.to_string())
                })
                .await?;
            debug_assert!(published.is_ok(), "publishing is never refused");
            Ok(see_other(&seat.path("privacy-notice")))
        }
    }
}

async fn corrections_page(
    seat: &Seat,
    answering: &str,
    form: AnswerForm,
    problems: Problems,
) -> Result<CorrectionsPage, Fault> {
    let requests = seat.read::<AnswerCorrections, _>(enrolment::corrections).await?;
    let base = seat.path("corrections");
    Ok(CorrectionsPage { base, requests, answering: answering.to_owned(), form, problems })
}

pub(super) async fn corrections(seat: Seat) -> Result<Response, Fault> {
    let page = corrections_page(&seat, "", AnswerForm::default(), Problems::none()).await?;
    seat.page(&page)
}

pub(super) async fn answer_correction(
    seat: Seat,
    key: Key,
    Path((_, correction)): Path<(String, String)>,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Fault> {
    let (lang, id): (Lang, CorrectionId) = (seat.lang(), id(&correction)?);
    let status = match form.status.as_str() {
        "declined" => CorrectionStatus::Declined,
        _ => CorrectionStatus::Done,
    };
    let answer = form.answer.clone();
    let answered = seat
        .write::<AnswerCorrections, (), Refusal>(&key, move |tx| {
            let answered = enrolment::answer_correction(tx, id, status, &answer);
            answered
                .map_err(|failed| failed.map(|why| words::cannot_ask(lang, &why, &format!("answer-{id}"))))
        })
        .await?;
    match answered {
        Ok(()) => Ok(see_other(&seat.path("corrections"))),
        Err(refusal) => {
            let page = corrections_page(&seat, &correction, form, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

impl CorrectionsPage {
    /// Whether the refused form is this request's.
    fn is_answering(&self, request: &Correction) -> bool {
        CorrectionId::parse(&self.answering) == Some(request.id)
    }
}
