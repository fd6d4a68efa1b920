//! Missing children: the list of the duty leader, one child's case, calls and what was learnt (G3, A9).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use kehou_app::attendance::{self, Case, Contact, Learnt};
use kehou_domain::access::{LookForChild, ReadCases};
use kehou_domain::attendance::Answer;
use kehou_domain::custody::Found;
use kehou_domain::ids::{CaseId, EntityId, GuardianId};
use kehou_domain::moment;
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::people::words as people_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// A case on a list.
pub(super) struct CaseLine {
    pub(super) id: String,
    pub(super) initial: String,
    pub(super) name: String,
    pub(super) seat_no: String,
    pub(super) group: String,
    /// The latest that is known, or whom to call.
    pub(super) line: String,
    pub(super) is_open: bool,
    /// The day on which the child was missing.
    pub(super) day: Date,
}

impl CaseLine {
    pub(super) fn of(lang: Lang, case: &Case) -> CaseLine {
        CaseLine {
            id: case.id.to_string(),
            initial: case.name.chars().next().map(String::from).unwrap_or_default(),
            name: case.name.clone(),
            seat_no: case.seat_no.map(|number| number.to_string()).unwrap_or_default(),
            group: format!("{} {}", people_words::group(lang, &case.group_name), case.slot_name),
            line: latest(lang, case),
            is_open: case.is_open,
            day: case.day,
        }
    }
}

/// Somebody to call: what they are to the child, and the name.
fn called(lang: Lang, contact: &Contact) -> String {
    format!("{} {}", people_words::relation(lang, &contact.relation), contact.name)
}

/// The latest call with what was said, or the first person to call.
fn latest(lang: Lang, case: &Case) -> String {
    if let Some(last) = case.attempts.last() {
        let said = if last.said.is_empty() { String::new() } else { format!(": {}", last.said) };
        return format!(
            "{} {}{said}",
            on_its_day(lang, case.day, last.at),
            lang.t(words::answer(last.answer))
        );
    }
    match (case.outcome, case.contacts.first()) {
        (Some(outcome), _) => lang.t(words::outcome(outcome)).to_owned(),
        (None, Some(contact)) => called(lang, contact),
        (None, None) => lang.t("没有登记家长电话").to_owned(),
    }
}

/// The time of a call, with its day when that is not the case's own.
fn on_its_day(lang: Lang, day: Date, at: Timestamp) -> String {
    match moment::day_of(at) {
        on if on == day => words::clock(at),
        on => format!("{} {}", dates::day(lang, on), words::clock(at)),
    }
}

#[derive(Template)]
#[template(path = "attendance/cases.html")]
struct CasesPage {
    school: String,
    open: Vec<CaseLine>,
    closed: Vec<CaseLine>,
    may_look: bool,
    today: Date,
}

/// One call of a case, in words.
struct CallLine {
    at: String,
    who: String,
    answer: &'static str,
    said: String,
}

#[derive(Template)]
#[template(path = "attendance/case.html")]
struct CasePage {
    school: String,
    case: Case,
    /// When it ended and how.
    ended: Option<(Timestamp, &'static str)>,
    calls: Vec<CallLine>,
    phones: Vec<(String, String)>,
    answers: Vec<(&'static str, String)>,
    people: Vec<(String, String)>,
    form: LearnForm,
    problems: Problems,
}

impl CasePage {
    fn is_found(&self, word: &str) -> bool {
        self.form.found == word
    }
}

/// What was learnt, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct LearnForm {
    #[serde(default)]
    guardian: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    said: String,
    #[serde(default)]
    found: String,
}

/// Whose number is to be shown.
#[derive(Debug, Deserialize)]
pub(super) struct DialForm {
    guardian: String,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let today = seat.today();
    let cases = seat.read::<ReadCases, _>(move |tx| attendance::cases(tx, today)).await?;
    let (open, closed): (Vec<CaseLine>, Vec<CaseLine>) =
        cases.iter().map(|case| CaseLine::of(seat.lang(), case)).partition(|line| line.is_open);
    let school = seat.school().code.clone();
    seat.page(&CasesPage { school, open, closed, may_look: seat.may::<LookForChild>(), today })
}

pub(super) async fn show(seat: Seat, Path((_, case)): Path<(String, String)>) -> Result<Response, Fault> {
    let case = read(&seat, id(&case)?).await?;
    let called = case.attempts.iter().rev().find(|attempt| attempt.answer == Answer::Dialled);
    let guardian = called.or(case.attempts.last()).and_then(|attempt| attempt.guardian);
    let guardian = guardian.map(|guardian| guardian.to_string()).unwrap_or_default();
    let form = LearnForm { guardian, ..LearnForm::default() };
    seat.page(&page(&seat, case, form, Problems::none()))
}

pub(super) async fn dial(
    seat: Seat,
    key: Key,
    Path((_, case)): Path<(String, String)>,
    Form(form): Form<DialForm>,
) -> Result<Response, Fault> {
    let (case, guardian): (CaseId, GuardianId) = (id(&case)?, id(&form.guardian)?);
    let dialled = seat.write::<LookForChild, String, Refusal>(&key, move |tx| {
        let attempt = attendance::dial(tx, case, guardian).map_err(|why| why.map(|never| match never {}))?;
        Ok(attempt.to_string())
    });
    match dialled.await? {
        Ok(_) => Ok(see_other(&seat.path(&format!("cases/{case}")))),
        Err(refusal) => refused(&seat, case, LearnForm::default(), refusal.into()).await,
    }
}

pub(super) async fn learn(
    seat: Seat,
    key: Key,
    Path((_, case)): Path<(String, String)>,
    Form(form): Form<LearnForm>,
) -> Result<Response, Fault> {
    let case: CaseId = id(&case)?;
    let problems = unchosen(seat.lang(), &form, &read(&seat, case).await?);
    if !problems.is_empty() {
        return refused(&seat, case, form, problems).await;
    }
    let learnt = learnt(&form)?;
    let lang = seat.lang();
    let session = read(&seat, case).await?.session;
    let written = seat.write::<LookForChild, (), Refusal>(&key, move |tx| {
        attendance::learn(tx, case, &learnt).map_err(|why| why.map(|why| words::learnt_refused(lang, why)))
    });
    match written.await? {
        Ok(()) if form.found.is_empty() => Ok(see_other(&seat.path(&format!("cases/{case}")))),
        Ok(()) => Ok(see_other(&seat.path(&format!("rolls/{session}")))),
        Err(refusal) => refused(&seat, case, form, refusal.into()).await,
    }
}

/// What was not chosen: nobody is written down to have been called, and no outcome, unless somebody says so (G3).
fn unchosen(lang: Lang, form: &LearnForm, case: &Case) -> Problems {
    let mut problems = Problems::none();
    if form.answer.is_empty() {
        problems.add("answer", lang.t("请选电话打得怎么样"));
    }
    let is_call = !form.answer.is_empty() && form.answer != Answer::Seen.word();
    if is_call && form.guardian.is_empty() && !case.contacts.is_empty() {
        problems.add("guardian", lang.t("请选打给了谁"));
    }
    problems
}

async fn refused(seat: &Seat, case: CaseId, form: LearnForm, problems: Problems) -> Result<Response, Fault> {
    let case = read(seat, case).await?;
    seat.refused(&page(seat, case, form, problems))
}

fn learnt(form: &LearnForm) -> Result<Learnt, Fault> {
    let wrong = |field: &str| Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", field);
    let answer = Answer::parse(&form.answer).ok_or_else(|| wrong("answer"))?;
    let found = match form.found.as_str() {
        "" => None,
        word => Some(Found::parse(word).ok_or_else(|| wrong("found"))?),
    };
    let guardian = match form.guardian.as_str() {
        "" => None,
        _ if answer == Answer::Seen => None,
        text => Some(GuardianId::parse(text).ok_or_else(|| wrong("guardian"))?),
    };
    Ok(Learnt { guardian, answer, said: form.said.clone(), found })
}

async fn read(seat: &Seat, case: CaseId) -> Result<Case, Fault> {
    seat.read::<LookForChild, _>(move |tx| attendance::case(tx, case)).await
}

fn page(seat: &Seat, case: Case, form: LearnForm, problems: Problems) -> CasePage {
    let lang = seat.lang();
    let calls = case.attempts.iter().map(|attempt| CallLine {
        at: on_its_day(lang, case.day, attempt.at),
        who: attempt.guardian_name.clone(),
        answer: words::answer(attempt.answer),
        said: attempt.said.clone(),
    });
    let phones = case.attempts.iter().filter_map(|attempt| {
        let phone = attempt.phone.clone()?;
        Some((attempt.guardian_name.clone(), phone))
    });
    let answers = [Answer::Reached, Answer::NoAnswer, Answer::WrongNumber, Answer::Seen];
    let answers = answers.map(|answer| (answer.word(), lang.t(words::answer(answer)).to_owned()));
    let unchosen = || lang.t("请选").to_owned();
    let person = |contact: &Contact| (contact.guardian.to_string(), called(lang, contact));
    let people: Vec<(String, String)> = case.contacts.iter().map(person).collect();
    let nobody = (!people.is_empty()).then(|| (String::new(), unchosen()));
    CasePage {
        school: seat.school().code.clone(),
        ended: case.closed_at.zip(case.outcome.map(words::outcome)),
        calls: calls.collect(),
        phones: phones.collect(),
        answers: std::iter::once(("", unchosen())).chain(answers).collect(),
        people: nobody.into_iter().chain(people).collect(),
        case,
        form,
        problems,
    }
}
