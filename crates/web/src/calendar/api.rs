//! The calendar for programs.

use axum::extract::Query;
use jiff::civil::Date;
use kehou_app::calendar::{self, CalendarDay, TermCard};
use kehou_domain::access::ReadCalendar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words;
use crate::fault::Fault;
use crate::form::Json;
use crate::lang::Lang;
use crate::seat::Seat;

/// The longest span answered at once, in days.
const LONGEST: i32 = 400;

/// Days and terms of a school.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Calendar {
    days: Vec<Day>,
    terms: Vec<Term>,
}

/// One day.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Day {
    date: String,
    /// `school_day`, `weekend`, `holiday` or `make_up_day`; nothing while no notice is published.
    kind: Option<String>,
    /// The holiday's name.
    name: Option<String>,
    /// Whether the school declared the day itself.
    declared: bool,
    /// What the school says of the day: `closure`, `pause`, `make_up`, `declared_school_day`, `declared_free`.
    local: Option<String>,
    /// The weekday, 1 is Monday, whose windows apply when the service runs.
    follows_weekday: Option<i8>,
    /// Why the service does not run, in the reader's language.
    reason: Option<String>,
}

/// One term.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Term {
    id: String,
    school_year: i16,
    name: String,
    starts_on: String,
    ends_on: String,
    service_from: String,
    /// `draft`, `open` or `closed`.
    status: String,
}

/// The span asked for.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Span {
    from: String,
    to: String,
}

pub(super) async fn show(seat: Seat, Query(span): Query<Span>) -> Result<Json<Calendar>, Fault> {
    let read = |text: &str| {
        text.parse::<Date>().map_err(|_| Fault::malformed_in("{what} 要写成日期，例如 2026-11-24", text))
    };
    let (from, to) = (read(&span.from)?, read(&span.to)?);
    if LONGEST < (to - from).get_days() {
        return Err(Fault::malformed_in("一次最多查 {what} 天", LONGEST.to_string()));
    }
    let (days, terms) = seat.read::<ReadCalendar, _>(move |tx| calendar::read(tx, from, to)).await?;
    let lang = seat.lang();
    Ok(Json(Calendar {
        days: days.iter().map(|found| day(lang, found)).collect(),
        terms: terms.iter().map(term).collect(),
    }))
}

fn day(lang: Lang, found: &CalendarDay) -> Day {
    let national = found.day.as_ref().ok();
    let service = found.service.as_ref();
    Day {
        date: found.date.to_string(),
        kind: national.map(|day| day.kind.word().to_owned()),
        name: national.and_then(|day| day.name).map(str::to_owned),
        declared: national.is_some_and(|day| day.declared),
        local: found.local.as_ref().map(|local| local.kind.word().to_owned()),
        follows_weekday: service.ok().map(|day| day.weekday.to_monday_one_offset()),
        reason: service.err().map(|why| words::no_service(lang, why)),
    }
}

fn term(card: &TermCard) -> Term {
    let term = &card.term;
    Term {
        id: term.id.to_string(),
        school_year: term.school_year,
        name: term.name.clone(),
        starts_on: term.starts_on.to_string(),
        ends_on: term.ends_on.to_string(),
        service_from: term.service_from.to_string(),
        status: card.status.word().to_owned(),
    }
}
