//! Who must not collect a child: kept by the office and the homeroom teacher.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::dismissal::{
    self, ChildCard, GuardianCard, KeptRestriction, ListedRestriction, NewRestriction, RestrictionList,
    Source,
};
use kehou_db::Failed;
use kehou_domain::access::RestrictPickup;
use kehou_domain::ids::{EntityId, GuardianId, RestrictionId, StudentId};
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    guardian: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    to_on: String,
}

/// A restriction with its source and with those on the child's lists whom the gate stops for it, in words.
struct Line {
    kept: KeptRestriction,
    source: &'static str,
    barred: String,
}

#[derive(Template)]
#[template(path = "dismissal/restrictions.html")]
struct RestrictionsPage {
    name: String,
    class: String,
    restrictions: Vec<Line>,
    guardians: Vec<GuardianCard>,
    sources: Vec<(&'static str, &'static str)>,
    typed: Typed,
    problems: Problems,
    path: String,
}

/// Whom to record something of.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    name: String,
}

#[derive(Template)]
#[template(path = "dismissal/restricted.html")]
struct RestrictedPage {
    base: String,
    students: String,
    name: String,
    found: Vec<(ChildCard, String)>,
    restricted: Vec<(ChildCard, String)>,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    seat.page(&sought(&seat, Search::default()).await?)
}

/// Children by a part of their name.
pub(super) async fn find(seat: Seat, Form(search): Form<Search>) -> Result<Response, Fault> {
    seat.found(&sought(&seat, search).await?)
}

async fn sought(seat: &Seat, search: Search) -> Result<RestrictedPage, Fault> {
    let (lang, text) = (seat.lang(), search.name.trim().to_owned());
    let name = text.clone();
    let found = seat.read::<RestrictPickup, _>(move |tx| dismissal::children_to_restrict(tx, &text)).await?;
    let restricted = seat.read::<RestrictPickup, _>(dismissal::restricted_children).await?;
    let named = |child: ChildCard| {
        let class = words::class(lang, &child);
        (child, class)
    };
    Ok(RestrictedPage {
        base: seat.path("restrictions"),
        students: seat.path("students"),
        name,
        found: found.into_iter().map(named).collect(),
        restricted: restricted.into_iter().map(named).collect(),
    })
}

pub(super) async fn show(seat: Seat, Path((_, student)): Path<(String, String)>) -> Result<Response, Fault> {
    let list = list(&seat, id(&student)?).await?;
    seat.page(&page(&seat, list, Typed::default(), Problems::none()))
}

async fn list(seat: &Seat, student: StudentId) -> Result<RestrictionList, Fault> {
    seat.read::<RestrictPickup, _>(move |tx| dismissal::restrictions(tx, student)).await
}

fn page(seat: &Seat, list: RestrictionList, typed: Typed, problems: Problems) -> RestrictionsPage {
    RestrictionsPage {
        class: words::class(seat.lang(), &list.child),
        path: seat.path(&format!("students/{}/restrictions", list.child.id)),
        name: list.child.name,
        restrictions: list.restrictions.into_iter().map(|listed| line(seat.lang(), listed)).collect(),
        guardians: list.guardians,
        sources: Source::ALL.iter().map(|source| (source.word(), words::source(*source))).collect(),
        typed,
        problems,
    }
}

fn line(lang: Lang, listed: ListedRestriction) -> Line {
    let barred = listed.guardians.iter().chain(&listed.delegates);
    let barred: Vec<String> = barred.map(|(name, relation)| words::called(lang, name, relation)).collect();
    Line {
        source: words::source(listed.kept.source),
        barred: barred.join(words::comma(lang)),
        kept: listed.kept,
    }
}

pub(super) async fn set(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Typed>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let lang = seat.lang();
    let new = match read(&seat, &form) {
        Ok(new) => new,
        Err(problems) => return again(&seat, student, form, problems).await,
    };
    let written = seat
        .write::<RestrictPickup, (), Vec<Refusal>>(&key, move |tx| {
            let restricted = dismissal::restrict(tx, student, &new);
            let said =
                |refused: Vec<_>| refused.into_iter().map(|why| words::restriction(lang, why)).collect();
            restricted.map(drop).map_err(|failed: Failed<_>| failed.map(said))
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&seat.path(&format!("students/{student}/restrictions")))),
        Err(refusals) => again(&seat, student, form, refusals.into()).await,
    }
}

async fn again(seat: &Seat, student: StudentId, typed: Typed, problems: Problems) -> Result<Response, Fault> {
    let list = list(seat, student).await?;
    seat.refused(&page(seat, list, typed, problems))
}

fn read(seat: &Seat, typed: &Typed) -> Result<NewRestriction, Problems> {
    let lang = seat.lang();
    let mut problems = Problems::none();
    let source = Source::parse(&typed.source);
    if source.is_none() {
        problems.add("source", lang.t("请选依据"));
    }
    let to_on = if typed.to_on.is_empty() { Some(None) } else { dates::typed(&typed.to_on).map(Some) };
    if to_on.is_none() {
        problems.add_named("to_on", lang.t("到哪一天为止"), lang.t("请填日期，例如 2026-11-27"));
    }
    let (Some(source), Some(to_on)) = (source, to_on) else {
        let wrong = dismissal::restriction_wrong(&typed.name, &typed.note);
        problems.and(wrong.into_iter().map(|why| words::restriction(lang, why)));
        return Err(problems);
    };
    let (name, note) = (typed.name.clone(), typed.note.clone());
    Ok(NewRestriction { name, guardian: GuardianId::parse(&typed.guardian), source, note, to_on })
}

/// Nothing but the key.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn lift(
    seat: Seat,
    Path((_, student, restriction)): Path<(String, String, String)>,
    key: Key,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Fault> {
    let (student, restriction): (StudentId, RestrictionId) = (id(&student)?, id(&restriction)?);
    let written = seat
        .write::<RestrictPickup, (), ()>(&key, move |tx| Ok(dismissal::lift(tx, student, restriction)?))
        .await?;
    written.map_or_else(
        |()| Err(Fault::Conflict),
        |()| Ok(see_other(&seat.path(&format!("students/{student}/restrictions")))),
    )
}
