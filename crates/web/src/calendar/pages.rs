//! The calendar page.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use jiff::civil::{Date, Weekday};
use kehou_app::calendar::{self, TermCard, TermStatus};
use kehou_app::{attendance, enrolment};
use kehou_domain::access::{KeepCalendar, ReadCalendar};
use kehou_domain::calendar::national::{self, FIRST_YEAR};
use kehou_domain::calendar::school::{LocalDay, correct_term};
use kehou_domain::ids::TermId;
use serde::Deserialize;

use super::month::{self, Cell};
use super::words;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::lang::Lang;
use crate::refusal::Problems;
use crate::seat::Seat;

#[derive(Template)]
#[template(path = "calendar/show.html")]
pub(super) struct ShowPage {
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
    /// Whether it can be opened.
    is_draft: bool,
    /// Where it can be ended: how many children hold a place in it.
    ends: Option<u32>,
    /// Whether it has not begun, and may be corrected.
    to_come: bool,
}

/// A local day in the list.
struct LocalRow {
    day: Date,
    kind: String,
    reason: String,
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

pub(super) async fn show(seat: Seat, Query(query): Query<Month>) -> Result<Response, Fault> {
    let page = show_page(&seat, &query, Problems::none()).await?;
    seat.page(&page)
}

pub(super) async fn show_page(seat: &Seat, query: &Month, problems: Problems) -> Result<ShowPage, Fault> {
    let unread = || Fault::malformed_in("{what} 要写成月份，例如 2026-11", "month");
    let first = match query.month.as_str() {
        "" => seat.today().first_of_month(),
        month => first_of(month).ok_or_else(unread)?,
    };
    let last = first.last_of_month();
    let (days, terms) = seat.read::<ReadCalendar, _>(move |tx| calendar::read(tx, first, last)).await?;
    let served: Vec<(Date, jiff::civil::Weekday)> =
        days.iter().filter_map(|day| Some((day.date, day.service.as_ref().ok()?.weekday))).collect();
    let idle = seat.read::<ReadCalendar, _>(move |tx| kehou_app::plan::idle_days(tx, &served)).await?;
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
        weeks: month::weeks(lang, &days, &idle, today),
        named: month::named(lang, &days),
        terms: term_rows(seat, terms).await?,
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

pub(super) const MONDAY_FIRST: [Weekday; 7] = [
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

/// The terms; whoever may end one is told how many children hold a place in it.
async fn term_rows(seat: &Seat, cards: Vec<TermCard>) -> Result<Vec<TermRow>, Fault> {
    let (lang, today, may_keep) = (seat.lang(), seat.today(), seat.may::<KeepCalendar>());
    let counted = seat.read::<ReadCalendar, _>(move |tx| {
        let count = |card: &TermCard| match card.status {
            TermStatus::Open if may_keep => enrolment::holders_in_term(tx, card.term.id).map(Some),
            TermStatus::Draft | TermStatus::Open | TermStatus::Closed => Ok(None),
        };
        cards.iter().map(count).collect::<kehou_db::Result<Vec<_>>>().map(|counts| (cards.clone(), counts))
    });
    let (cards, counts) = counted.await?;
    Ok(cards.iter().zip(counts).map(|(card, ends)| term_row(lang, today, card, ends)).collect())
}

impl TermRow {
    /// The id of the question that is asked before it ends.
    fn sure(&self) -> String {
        sure_field(self.id)
    }
}

/// The id of the question that is asked before a term ends.
pub(super) fn sure_field(term: TermId) -> String {
    format!("sure-{term}")
}

fn term_row(lang: Lang, today: Date, card: &TermCard, ends: Option<u32>) -> TermRow {
    let term = &card.term;
    let (from, to) = (dates::full_day(lang, term.starts_on), dates::full_day(lang, term.ends_on));
    TermRow {
        id: term.id,
        name: format!("{}–{} {}", term.school_year, term.school_year + 1, term.name),
        days: format!("{from} – {to}"),
        service_from: term.service_from,
        status: words::term_status(lang, card.status, term, today),
        is_draft: card.status == TermStatus::Draft,
        ends,
        to_come: correct_term(term, today).is_ok(),
    }
}

pub(super) fn month_path(seat: &Seat, day: Date) -> String {
    format!("{}?month={}", seat.path("calendar"), month_word(day))
}

pub(super) fn read_day(
    lang: Lang,
    (field, label): (&str, &str),
    text: &str,
    problems: &mut Problems,
) -> Option<Date> {
    let day = dates::typed(text).filter(|day| (2000..2100).contains(&day.year()));
    if day.is_none() {
        problems.add_named(field, lang.t(label), lang.t("请填日期，如 2026-09-01"));
    }
    day
}
