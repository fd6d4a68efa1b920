//! A school's own days: closures, pauses, make-up days, and spans that no notice covers.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::civil::{Date, Weekday};
use kehou_app::attendance;
use kehou_domain::access::KeepCalendar;
use kehou_domain::calendar::school::{Confirmed, LocalDay, LocalKind, LocalRefused};
use serde::{Deserialize, Serialize};

use super::pages::{MONDAY_FIRST, month_path, read_day};
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
#[template(path = "calendar/local_day.html")]
struct LocalPage {
    base: String,
    form: LocalForm,
    kinds: Vec<(&'static str, String)>,
    weekdays: Vec<(&'static str, &'static str)>,
    asked: Asked,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "calendar/span.html")]
struct SpanPage {
    base: String,
    form: SpanForm,
    /// How many declared days would change, to be ticked; 0 where nothing is asked.
    redeclares: u32,
    problems: Problems,
}

/// What whoever says something of a day is asked to tick.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Asked {
    /// How many children are here or awaited today.
    here: u32,
    /// How many a past day awaited, whose rolls were never called.
    never_called: u32,
    /// Whether a make-up day on an ordinary weekend is meant.
    weekend: bool,
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
    /// How many children are here or awaited, as was ticked.
    #[serde(default)]
    here: String,
    /// Whether a weekend is meant, as was ticked.
    #[serde(default)]
    weekend: String,
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
    /// How many declared days the ticked sentence named.
    #[serde(default)]
    told: String,
}

fn local_page(seat: &Seat, form: LocalForm, problems: Problems) -> LocalPage {
    let lang = seat.lang();
    let kinds = [LocalKind::Closure, LocalKind::Pause];
    let mut kinds: Vec<_> =
        kinds.into_iter().map(|kind| (kind.word(), words::local_kind(lang, kind))).collect();
    kinds.push(("make_up", lang.t("调休上学").to_owned()));
    let numbers = ["1", "2", "3", "4", "5"].into_iter().zip(MONDAY_FIRST);
    let mut weekdays = vec![("", lang.t("请选周几"))];
    weekdays.extend(numbers.map(|(number, weekday)| (number, dates::weekday(lang, weekday))));
    let asked = Asked { weekend: !form.weekend.is_empty(), ..Asked::default() };
    LocalPage { base: seat.path(""), form, kinds, weekdays, asked, problems }
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
    let local = match read_local(lang, &form) {
        Ok(local) => local,
        Err(problems) => return seat.refused(&local_page(&seat, form, problems)),
    };
    let (day, kind) = (local.day, local.kind);
    let confirmed = Confirmed { children: form.here.parse().unwrap_or(0), weekend: !form.weekend.is_empty() };
    let kept = seat
        .write::<KeepCalendar, (), (Refusal, Asked)>(&key, move |tx| {
            let noted = attendance::set_local_day(tx, &local, confirmed);
            noted.map_err(|failed| failed.map(|why| (words::local_refusal(lang, why), asked(why))))
        })
        .await?;
    match kept {
        Ok(()) if matches!(kind, LocalKind::MakeUp(_)) => Ok(see_other(&month_path(&seat, day))),
        Ok(()) => Ok(see_other(&format!("{}&off={day}", month_path(&seat, day)))),
        Err((refusal, asked)) => {
            let page = local_page(&seat, form, refusal.into());
            seat.refused(&LocalPage {
                asked: Asked { weekend: asked.weekend || page.asked.weekend, ..asked },
                ..page
            })
        }
    }
}

fn read_local(lang: Lang, form: &LocalForm) -> Result<LocalDay, Problems> {
    let mut problems = Problems::none();
    let day = read_day(lang, ("day", "日期"), &form.day, &mut problems);
    let is_make_up = form.kind == "make_up";
    let follows = form.follows.parse().ok().and_then(|number| Weekday::from_monday_one_offset(number).ok());
    let kind = LocalKind::parse(&form.kind, follows.filter(|_| is_make_up));
    match kind {
        None if is_make_up => problems.add("follows", lang.t("请选按周几上课")),
        None => problems.add("kind", lang.t("请选一种情况")),
        Some(_) => {}
    }
    if form.reason.trim().is_empty() {
        problems.and([words::local_refusal(lang, LocalRefused::NoReason)]);
    }
    match (day, kind) {
        (Some(day), Some(kind)) if problems.is_empty() => {
            Ok(LocalDay { day, kind, reason: form.reason.trim().chars().take(200).collect() })
        }
        _ => Err(problems),
    }
}

/// What whoever says something of a day has to confirm.
const fn asked(why: LocalRefused) -> Asked {
    let nothing = Asked { here: 0, never_called: 0, weekend: false };
    match why {
        LocalRefused::ChildrenHere { here, awaited } => Asked { here: here + awaited, ..nothing },
        LocalRefused::NeverCalled { children } => Asked { never_called: children, ..nothing },
        LocalRefused::OnWeekend => Asked { weekend: true, ..nothing },
        LocalRefused::FollowsWeekend
        | LocalRefused::NoReason
        | LocalRefused::FreeOutside { .. }
        | LocalRefused::Redeclares { .. }
        | LocalRefused::Published { .. }
        | LocalRefused::WasHeld { .. }
        | LocalRefused::Past
        | LocalRefused::OnHoliday { .. }
        | LocalRefused::NothingThen { .. } => nothing,
    }
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
    seat.page(&SpanPage {
        base: seat.path(""),
        form: SpanForm::default(),
        redeclares: 0,
        problems: Problems::none(),
    })
}

pub(super) async fn create_span(seat: Seat, key: Key, Form(form): Form<SpanForm>) -> Result<Response, Fault> {
    let lang = seat.lang();
    let refused = |form, redeclares, problems| {
        seat.refused(&SpanPage { base: seat.path(""), form, redeclares, problems })
    };
    let (span, free) = match read_span(lang, &form) {
        Ok(read) => read,
        Err(problems) => return refused(form, 0, problems),
    };
    let told: u32 = form.told.parse().unwrap_or_default();
    let reason: String = form.reason.trim().chars().take(200).collect();
    let done = seat
        .write::<KeepCalendar, usize, (Refusal, u32)>(&key, move |tx| {
            let declared = attendance::declare(tx, span, &free, &reason, told);
            declared.map_err(|failed| failed.map(|why| (words::span_refusal(lang, why), redeclares(why))))
        })
        .await?;
    match done {
        Ok(_) => Ok(see_other(&month_path(&seat, span.0))),
        Err((refusal, redeclares)) => refused(form, redeclares, refusal.into()),
    }
}

/// How many days that are declared already would change, where that is asked.
const fn redeclares(why: LocalRefused) -> u32 {
    if let LocalRefused::Redeclares { days, .. } = why { days } else { 0 }
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
