//! The calendar page, and the forms for terms, local days and unpublished spans.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::{Date, Weekday};
use kehou_app::attendance;
use kehou_app::calendar::{self, NewTerm, TermCard, TermStatus};
use kehou_app::plan;
use kehou_db::Failed;
use kehou_domain::access::{KeepCalendar, ReadCalendar};
use kehou_domain::calendar::national::{self, FIRST_YEAR};
use kehou_domain::calendar::school::{LocalDay, LocalKind, LocalRefused};
use kehou_domain::ids::{EntityId, TermId};
use kehou_domain::people::class::school_year;
use kehou_domain::plan::TermUnready;
use serde::Deserialize;

use super::month::{self, Cell};
use super::words;
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// The longest span declared at once, in days.
const LONGEST_SPAN: i32 = 400;

#[derive(Template)]
#[template(path = "calendar/show.html")]
struct ShowPage {
    base: String,
    problems: Problems,
    may_keep: bool,
    month: String,
    before: String,
    after: String,
    weekdays: Vec<&'static str>,
    weeks: Vec<Vec<Option<Cell>>>,
    /// The days with a name, for a phone, whose cells have room for one letter.
    named: Vec<(String, String)>,
    terms: Vec<TermRow>,
    locals: Vec<LocalRow>,
    notices: Vec<&'static national::Notice>,
    unpublished: Option<String>,
    undecided: Vec<Date>,
    /// A day that was just called off, and the groups that it still has.
    staying: Option<(Date, String)>,
}

/// A term in the list.
struct TermRow {
    id: TermId,
    name: String,
    days: String,
    service_from: Date,
    status: &'static str,
    /// The next status and the words of its button.
    next: Option<(&'static str, &'static str)>,
}

/// A local day in the list.
struct LocalRow {
    day: Date,
    kind: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "calendar/term.html")]
struct TermPage {
    base: String,
    form: TermForm,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "calendar/local_day.html")]
struct LocalPage {
    base: String,
    form: LocalForm,
    kinds: Vec<(&'static str, String)>,
    weekdays: Vec<(&'static str, &'static str)>,
    /// How many children are here, when whoever calls the day off has to know.
    here: u32,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "calendar/span.html")]
struct SpanPage {
    base: String,
    form: SpanForm,
    problems: Problems,
}

/// The month to show, as 2026-11.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Month {
    #[serde(default)]
    month: String,
    /// A day that was just called off.
    #[serde(default)]
    off: String,
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
}

/// A local day as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct LocalForm {
    #[serde(default)]
    day: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    follows: String,
    /// How many children are here, as was ticked.
    #[serde(default)]
    here: String,
    #[serde(default)]
    reason: String,
}

/// A span as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SpanForm {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    free: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn show(seat: Seat, Query(query): Query<Month>) -> Result<Response, Fault> {
    let page = show_page(&seat, &query, Problems::none()).await?;
    seat.page(&page)
}

async fn show_page(seat: &Seat, query: &Month, problems: Problems) -> Result<ShowPage, Fault> {
    let unread = || Fault::malformed_in("{what} 要写成月份，例如 2026-11", "month");
    let first = match query.month.as_str() {
        "" => seat.today().first_of_month(),
        month => first_of(month).ok_or_else(unread)?,
    };
    let last = first.last_of_month();
    let (days, terms) = seat.read::<ReadCalendar, _>(move |tx| calendar::read(tx, first, last)).await?;
    let (lang, today) = (seat.lang(), seat.today());
    let unpublished = days.iter().find_map(|day| day.day.as_ref().err().copied());
    let undecided = calendar::undecided(&days);
    let locals =
        days.iter().filter_map(|day| day.local.as_ref()).map(|local| local_row(lang, local)).collect();
    Ok(ShowPage {
        base: seat.path(""),
        problems,
        may_keep: seat.may::<KeepCalendar>(),
        month: dates::month(lang, first),
        before: month_word(first.yesterday().unwrap_or(first)),
        after: month_word(last.tomorrow().unwrap_or(last)),
        weekdays: MONDAY_FIRST.iter().map(|weekday| dates::weekday(lang, *weekday)).collect(),
        weeks: month::weeks(lang, &days, today),
        named: month::named(lang, &days),
        terms: terms.iter().map(|card| term_row(lang, today, card)).collect(),
        locals,
        notices: national::notices_of(first.year()).collect(),
        unpublished: unpublished.map(|year| words::unpublished(lang, year)),
        undecided,
        staying: staying(seat, &query.off).await?,
    })
}

/// The groups that a day which was just called off still has, in the reader's language.
async fn staying(seat: &Seat, off: &str) -> Result<Option<(Date, String)>, Fault> {
    let Some(day) = off.parse().ok().filter(|_| seat.may::<KeepCalendar>()) else { return Ok(None) };
    let groups = seat.read::<ReadCalendar, _>(move |tx| attendance::held_though_off(tx, day)).await?;
    let comma = if seat.lang() == Lang::Zh { "、" } else { ", " };
    Ok(Some((day, groups.join(comma))).filter(|_| !groups.is_empty()))
}

const MONDAY_FIRST: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The first day of a month written as 2026-11, in years that make sense.
fn first_of(month: &str) -> Option<Date> {
    let date: Date = format!("{month}-01").parse().ok()?;
    (FIRST_YEAR..2100).contains(&date.year()).then_some(date)
}

fn month_word(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn local_row(lang: Lang, local: &LocalDay) -> LocalRow {
    LocalRow { day: local.day, kind: words::local_kind(lang, local.kind), reason: local.reason.clone() }
}

fn term_row(lang: Lang, today: Date, card: &TermCard) -> TermRow {
    let term = &card.term;
    let next = match card.status {
        TermStatus::Draft => Some((TermStatus::Open.word(), lang.t("启用学期"))),
        TermStatus::Open => Some((TermStatus::Closed.word(), lang.t("结束学期"))),
        TermStatus::Closed => None,
    };
    let (from, to) = (dates::full_day(lang, term.starts_on), dates::full_day(lang, term.ends_on));
    TermRow {
        id: term.id,
        name: format!("{}–{} {}", term.school_year, term.school_year + 1, term.name),
        days: format!("{from} – {to}"),
        service_from: term.service_from,
        status: words::term_status(lang, card.status, term, today),
        next,
    }
}

pub(super) async fn new_term(seat: Seat) -> Result<Response, Fault> {
    seat.page(&TermPage { base: seat.path(""), form: TermForm::default(), problems: Problems::none() })
}

pub(super) async fn create_term(seat: Seat, key: Key, Form(form): Form<TermForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let refused = |form, problems| seat.refused(&TermPage { base: seat.path(""), form, problems });
    let new = match read_term(lang, &form) {
        Ok(new) => new,
        Err(problems) => return refused(form, problems),
    };
    let added = seat
        .write::<KeepCalendar, (), Refusal>(&key, move |tx| match calendar::add_term(tx, &new) {
            Ok(_) => Ok(()),
            Err(Failed::Fault(fault)) => Err(Failed::Fault(fault)),
            Err(Failed::Refused(why)) => {
                let refusal =
                    Refusal::new("term", words::term_refused(lang, &why)).at(words::term_field(&why));
                Err(Failed::Refused(refusal))
            }
        })
        .await?;
    match added {
        Ok(()) => Ok(see_other(&seat.path("calendar"))),
        Err(refusal) => refused(form, refusal.into()),
    }
}

fn read_term(lang: Lang, form: &TermForm) -> Result<NewTerm, Problems> {
    let mut problems = Problems::none();
    let mut name = form.name.trim().to_owned();
    if name.is_empty() || 40 < name.chars().count() {
        problems.add("name", lang.t("请填学期名称，如 第一学期"));
        name.clear();
    }
    let starts_on = read_day(lang, ("starts_on", "开学日期"), &form.starts_on, &mut problems);
    let ends_on = read_day(lang, ("ends_on", "最后一个上学日"), &form.ends_on, &mut problems);
    let service_from =
        read_day(lang, ("service_from", "课后服务开始日期"), &form.service_from, &mut problems);
    match (starts_on, ends_on, service_from) {
        (Some(starts_on), Some(ends_on), Some(service_from)) if problems.is_empty() => {
            Ok(NewTerm { school_year: school_year(starts_on), name, starts_on, ends_on, service_from })
        }
        _ => Err(problems),
    }
}

fn read_day(lang: Lang, (field, label): (&str, &str), text: &str, problems: &mut Problems) -> Option<Date> {
    let day = dates::typed(text).filter(|day| (2000..2100).contains(&day.year()));
    if day.is_none() {
        problems.add_named(field, lang.t(label), lang.t("请填日期，如 2026-09-01"));
    }
    day
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
    let lang = seat.lang();
    let done = seat
        .write::<KeepCalendar, (), Refusal>(&key, move |tx| match status {
            TermStatus::Open => plan::open_term(tx, term).map_err(|why| term_unready(lang, why)),
            TermStatus::Draft | TermStatus::Closed => Ok(calendar::set_term_status(tx, term, status)?),
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

fn local_page(seat: &Seat, form: LocalForm, problems: Problems) -> LocalPage {
    let lang = seat.lang();
    let kinds = [LocalKind::Closure, LocalKind::Pause];
    let mut kinds: Vec<_> =
        kinds.into_iter().map(|kind| (kind.word(), words::local_kind(lang, kind))).collect();
    kinds.push(("make_up", lang.t("调休上学").to_owned()));
    let weekdays = ["1", "2", "3", "4", "5"].into_iter().zip(MONDAY_FIRST);
    let weekdays = weekdays.map(|(number, weekday)| (number, dates::weekday(lang, weekday))).collect();
    LocalPage { base: seat.path(""), form, kinds, weekdays, here: 0, problems }
}

pub(super) async fn new_local_day(seat: Seat, Query(form): Query<LocalForm>) -> Result<Response, Fault> {
    seat.page(&local_page(&seat, form, Problems::none()))
}

pub(super) async fn create_local_day(
    seat: Seat,
    key: Key,
    Form(form): Form<LocalForm>,
) -> Result<Response, Fault> {
    let lang = seat.lang();
    let mut problems = Problems::none();
    let day = read_day(lang, ("day", "日期"), &form.day, &mut problems);
    let follows = form.follows.parse().ok().and_then(|number| Weekday::from_monday_one_offset(number).ok());
    let kind = LocalKind::parse(&form.kind, follows.filter(|_| form.kind == "make_up"));
    if kind.is_none() {
        problems.add("kind", lang.t("请选一种情况"));
    }
    if form.reason.trim().is_empty() {
        problems.and([words::local_refusal(lang, LocalRefused::NoReason)]);
    }
    let (Some(day), Some(kind), true) = (day, kind, problems.is_empty()) else {
        return seat.refused(&local_page(&seat, form, problems));
    };
    let local = LocalDay { day, kind, reason: form.reason.trim().chars().take(200).collect() };
    let told = form.here.parse().unwrap_or(0);
    let kept = seat
        .write::<KeepCalendar, (), (Refusal, u32)>(&key, move |tx| {
            let noted = attendance::set_local_day(tx, &local, told);
            noted.map_err(|failed| failed.map(|why| (words::local_refusal(lang, why), here(why))))
        })
        .await?;
    match kept {
        Ok(()) if matches!(kind, LocalKind::MakeUp(_)) => Ok(see_other(&month_path(&seat, day))),
        Ok(()) => Ok(see_other(&format!("{}&off={day}", month_path(&seat, day)))),
        Err((refusal, here)) => seat.refused(&LocalPage { here, ..local_page(&seat, form, refusal.into()) }),
    }
}

/// How many children are here, where that is why a day is not called off.
const fn here(why: LocalRefused) -> u32 {
    match why {
        LocalRefused::ChildrenHere { children } => children,
        LocalRefused::FollowsWeekend
        | LocalRefused::NoReason
        | LocalRefused::Published { .. }
        | LocalRefused::WasHeld { .. } => 0,
    }
}

fn month_path(seat: &Seat, day: Date) -> String {
    format!("{}?month={}", seat.path("calendar"), month_word(day))
}

pub(super) async fn remove_local_day(
    seat: Seat,
    Path((_, day)): Path<(String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let day: Date = day.parse().map_err(|_| Fault::NotFound)?;
    let done =
        seat.write::<KeepCalendar, (), ()>(&key, move |tx| Ok(attendance::clear_local_day(tx, day)?)).await?;
    done.map_err(|()| Fault::NotFound)?;
    Ok(see_other(&month_path(&seat, day)))
}

pub(super) async fn new_span(seat: Seat) -> Result<Response, Fault> {
    seat.page(&SpanPage { base: seat.path(""), form: SpanForm::default(), problems: Problems::none() })
}

pub(super) async fn create_span(seat: Seat, key: Key, Form(form): Form<SpanForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let refused = |form, problems| seat.refused(&SpanPage { base: seat.path(""), form, problems });
    let (span, free) = match read_span(lang, &form) {
        Ok(read) => read,
        Err(problems) => return refused(form, problems),
    };
    let reason: String = form.reason.trim().chars().take(200).collect();
    let done = seat
        .write::<KeepCalendar, usize, Refusal>(&key, move |tx| {
            let declared = attendance::declare(tx, span, &free, &reason);
            declared.map_err(|failed| failed.map(|why| words::local_refusal(lang, why)))
        })
        .await?;
    match done {
        Ok(_) => Ok(see_other(&month_path(&seat, span.0))),
        Err(refusal) => refused(form, refusal.into()),
    }
}

type Span = ((Date, Date), Vec<Date>);

fn read_span(lang: Lang, form: &SpanForm) -> Result<Span, Problems> {
    let mut problems = Problems::none();
    let from = read_day(lang, ("from", "第一天"), &form.from, &mut problems);
    let to = read_day(lang, ("to", "最后一天"), &form.to, &mut problems);
    let free: Option<Vec<Date>> = form.free.split_whitespace().map(dates::typed).collect();
    if free.is_none() {
        problems.add_named("free", lang.t("其中不上学的日期"), lang.t("每行填一个日期，如 2027-01-01"));
    }
    if form.reason.trim().is_empty() {
        problems.and([words::local_refusal(lang, LocalRefused::NoReason)]);
    }
    let (Some(from), Some(to), Some(free)) = (from, to, free) else { return Err(problems) };
    if to < from || LONGEST_SPAN < (to - from).get_days() {
        problems.add("to", lang.t("结束日期要在开始日期之后一年内"));
        return Err(problems);
    }
    if problems.is_empty() { Ok(((from, to), free)) } else { Err(problems) }
}
