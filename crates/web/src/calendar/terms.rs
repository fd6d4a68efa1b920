//! Terms: added, corrected and removed while they are to come, opened and closed.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::calendar::{self, NewTerm, TermStatus};
use kehou_app::{enrolment, plan};
use kehou_db::Failed;
use kehou_domain::access::KeepCalendar;
use kehou_domain::calendar::school::TermRefused;
use kehou_domain::ids::{EntityId, TermId};
use kehou_domain::people::class::school_year;
use kehou_domain::plan::TermUnready;
use serde::Deserialize;

use super::pages::{Month, read_day, show_page, sure_field};
use super::words;
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "calendar/term.html")]
struct TermPage {
    base: String,
    /// The term that is corrected; none when one is added.
    term: Option<TermId>,
    form: TermForm,
    problems: Problems,
}

/// A term as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct TermForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    starts_on: String,
    #[serde(default)]
    ends_on: String,
    #[serde(default)]
    service_from: String,
}

/// A status as a button sends it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct StatusForm {
    status: String,
    /// For the end of a term: how many children hold a place, as was told.
    #[serde(default)]
    sure: String,
}

fn term_page(seat: &Seat, term: Option<TermId>, form: TermForm, problems: Problems) -> TermPage {
    TermPage { base: seat.path(""), term, form, problems }
}

pub(super) async fn new_term(seat: Seat) -> Result<Response, Fault> {
    seat.page(&term_page(&seat, None, TermForm::default(), Problems::none()))
}

pub(super) async fn create_term(seat: Seat, key: Key, Form(form): Form<TermForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let refused = |form, problems| seat.refused(&term_page(&seat, None, form, problems));
    let new = match read_term(&seat, None, &form).await? {
        Ok(new) => new,
        Err(problems) => return refused(form, problems),
    };
    let added = seat
        .write::<KeepCalendar, (), Vec<Refusal>>(&key, move |tx| {
            calendar::add_term(tx, &new).map(drop).map_err(|failed| term_refused(lang, failed))
        })
        .await?;
    match added {
        Ok(()) => Ok(see_other(&seat.path("calendar"))),
        Err(refusals) => refused(form, refusals.into()),
    }
}

fn term_refused(lang: Lang, failed: Failed<Vec<TermRefused>>) -> Failed<Vec<Refusal>> {
    failed.map(|why| refusals(lang, &why))
}

fn refusals(lang: Lang, why: &[TermRefused]) -> Vec<Refusal> {
    let refusal = |why| Refusal::new("term", words::term_refused(lang, why)).at(words::term_field(why));
    why.iter().map(refusal).collect()
}

fn id(text: &str) -> Result<TermId, Fault> {
    TermId::parse(text).ok_or(Fault::NotFound)
}

pub(super) async fn edit_term(
    seat: Seat,
    Path((_, term)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let id = id(&term)?;
    let term = seat.read::<KeepCalendar, _>(move |tx| calendar::term_to_correct(tx, id)).await?.term;
    let form = TermForm {
        name: term.name,
        starts_on: term.starts_on.to_string(),
        ends_on: term.ends_on.to_string(),
        service_from: term.service_from.to_string(),
    };
    seat.page(&term_page(&seat, Some(id), form, Problems::none()))
}

pub(super) async fn update_term(
    seat: Seat,
    Path((_, term)): Path<(String, String)>,
    key: Key,
    Form(form): Form<TermForm>,
) -> Result<Response, Fault> {
    let (lang, id) = (seat.lang(), id(&term)?);
    let refused = |form, problems| seat.refused(&term_page(&seat, Some(id), form, problems));
    let new = match read_term(&seat, Some(id), &form).await? {
        Ok(new) => new,
        Err(problems) => return refused(form, problems),
    };
    let corrected = seat
        .write::<KeepCalendar, (), Vec<Refusal>>(&key, move |tx| {
            calendar::correct_term(tx, id, &new).map_err(|failed| term_refused(lang, failed))
        })
        .await?;
    match corrected {
        Ok(()) => Ok(see_other(&seat.path("calendar"))),
        Err(refusals) => refused(form, refusals.into()),
    }
}

pub(super) async fn remove_term(
    seat: Seat,
    Path((_, term)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let (lang, id) = (seat.lang(), id(&term)?);
    let removed = seat
        .write::<KeepCalendar, (), Refusal>(&key, move |tx| {
            calendar::remove_term(tx, id).map_err(|failed| {
                failed.map(|why| Refusal::new("term", words::term_refused(lang, &why)).at("terms"))
            })
        })
        .await?;
    match removed {
        Ok(()) => Ok(see_other(&seat.path("calendar"))),
        Err(refusal) => seat.refused(&show_page(&seat, &Month::default(), refusal.into()).await?),
    }
}

/// The term as typed, or everything that is wrong with it: what cannot be read, and what the days that can be read are
/// refused for. `id` is the term that is corrected.
async fn read_term(
    seat: &Seat,
    id: Option<TermId>,
    form: &TermForm,
) -> Result<Result<NewTerm, Problems>, Fault> {
    let (lang, mut problems) = (seat.lang(), Problems::none());
    let mut name = form.name.trim().to_owned();
    if name.is_empty() || 40 < name.chars().count() {
        problems.add("name", lang.t("请填学期名称，如 第一学期"));
        name.clear();
    }
    let starts_on = read_day(lang, ("starts_on", "开学日期"), &form.starts_on, &mut problems);
    let ends_on = read_day(lang, ("ends_on", "最后一个上学日"), &form.ends_on, &mut problems);
    let service_from =
        read_day(lang, ("service_from", "课后服务开始日期"), &form.service_from, &mut problems);
    let (Some(starts_on), Some(ends_on)) = (starts_on, ends_on) else { return Ok(Err(problems)) };
    // a first day of the service that cannot be read is no second fault
    let service_from = service_from.unwrap_or(starts_on);
    let new = NewTerm { school_year: school_year(starts_on), name, starts_on, ends_on, service_from };
    if problems.is_empty() {
        return Ok(Ok(new));
    }
    let wrong = seat.read::<KeepCalendar, _>(move |tx| calendar::wrong_days(tx, id, &new)).await?;
    problems.and(refusals(lang, &wrong));
    Ok(Err(problems))
}

pub(super) async fn set_status(
    seat: Seat,
    Path((_, term)): Path<(String, String)>,
    key: Key,
    Form(form): Form<StatusForm>,
) -> Result<Response, Fault> {
    let term = TermId::parse(&term).ok_or(Fault::NotFound)?;
    let unknown = || Fault::malformed_in("{what} 没有这个值，可用的值见 /api/openapi.json", "status");
    let status = TermStatus::parse(&form.status).ok_or_else(unknown)?;
    let (lang, told) = (seat.lang(), form.sure.parse().ok());
    let done = seat
        .write::<KeepCalendar, (), Refusal>(&key, move |tx| match status {
            TermStatus::Open => plan::open_term(tx, term).map_err(|why| term_unready(lang, why)),
            TermStatus::Closed => enrolment::end_term(tx, term, told)
                .map_err(|failed| failed.map(|why| words::not_ended(lang, why).at(&sure_field(term)))),
            TermStatus::Draft => Ok(calendar::set_term_status(tx, term, status)?),
        })
        .await?;
    match done {
        Ok(()) => Ok(see_other(&seat.path("calendar"))),
        Err(refusal) => seat.refused(&show_page(&seat, &Month::default(), refusal.into()).await?),
    }
}

fn term_unready(lang: Lang, failed: Failed<TermUnready>) -> Failed<Refusal> {
    failed.map(|why| Refusal::new("term_unready", words::term_unready(lang, why)).at("terms"))
}
