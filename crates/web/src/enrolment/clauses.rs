//! The clauses of agreement and pledge: read a version, write the next one, put it in use.

use std::borrow::Borrow;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use kehou_app::enrolment::defaults::{self, Language};
use kehou_app::enrolment::{self, ClauseSet, ClauseSetStatus, SetOnList};
use kehou_domain::access::KeepClauses;
use kehou_domain::enrolment::agreement::Unusable;
use kehou_domain::enrolment::agreement::{Clause, Kind, MOST_CLAUSES, Side, Wording};
use kehou_domain::ids::{ClauseSetId, EntityId};
use serde::Deserialize;

use super::review::never;
use super::{id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// How many empty clauses a new version offers below those that it starts from.
const SPARE: usize = 3;

#[derive(Template)]
#[template(path = "enrolment/clauses.html")]
struct ClausesPage {
    base: String,
    sets: Vec<SetOnList>,
}

#[derive(Template)]
#[template(path = "enrolment/clause_set.html")]
struct SetPage {
    base: String,
    school: String,
    set: ClauseSet,
}

#[derive(Template)]
#[template(path = "enrolment/clause_edit.html")]
struct EditPage {
    base: String,
    form: ClausesForm,
    kind: Kind,
    problems: Problems,
}

/// Which paper, and the version or the language that a new one starts from.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Start {
    #[serde(default)]
    paper: String,
    #[serde(default)]
    from: String,
}

/// What the form sends: head, text and side of each clause come in the same order.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ClausesForm {
    #[serde(default)]
    paper: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    preamble: String,
    #[serde(default)]
    head: Vec<String>,
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    side: Vec<String>,
}

impl ClausesForm {
    fn of(wording: &Wording) -> ClausesForm {
        let clauses = &wording.clauses;
        let mut form = ClausesForm {
            paper: wording.kind.word().to_owned(),
            title: wording.title.clone(),
            preamble: wording.preamble.clone(),
            head: clauses.iter().map(|clause| clause.head.clone()).collect(),
            text: clauses.iter().map(|clause| clause.text.clone()).collect(),
            side: clauses.iter().map(|clause| clause.side.word().to_owned()).collect(),
        };
        form.spare();
        form
    }

    /// Empty clauses at the end, to be filled.
    fn spare(&mut self) {
        let most = MOST_CLAUSES.min(self.head.len() + SPARE);
        self.head.resize(most, String::new());
        self.text.resize(most, String::new());
        self.side.resize(most, Side::Both.word().to_owned());
    }

    /// The words of the form; clauses that are empty altogether are left out.
    fn wording(&self, kind: Kind) -> Wording {
        let texts = self.head.iter().zip(&self.text).zip(&self.side);
        let clauses = texts
            .filter(|((head, text), _)| !head.trim().is_empty() || !text.trim().is_empty())
            .map(|((head, text), side)| Clause {
                head: head.trim().to_owned(),
                text: text.trim().to_owned(),
                side: Side::parse(side).unwrap_or(Side::Both),
            });
        Wording {
            kind,
            version: 0,
            title: self.title.chars().take(100).collect(),
            preamble: self.preamble.chars().take(2_000).collect(),
            clauses: clauses.collect(),
        }
    }

    /// Number, head, text and side of each clause.
    fn rows(&self) -> Vec<(usize, &str, &str, &str)> {
        let texts = self.head.iter().zip(&self.text).zip(&self.side);
        (1..)
            .zip(texts)
            .map(|(n, ((head, text), side))| (n, head.as_str(), text.as_str(), side.as_str()))
            .collect()
    }
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let sets = seat.read::<KeepClauses, _>(enrolment::clause_sets).await?;
    seat.page(&ClausesPage { base: seat.path("clauses"), sets })
}

pub(super) async fn show(seat: Seat, Path((_, version)): Path<(String, String)>) -> Result<Response, Fault> {
    let version: ClauseSetId = id(&version)?;
    let read = seat.read::<KeepClauses, _>(move |tx| enrolment::clause_set(tx, version)).await?;
    seat.page(&SetPage { base: seat.path("clauses"), school: seat.school().name.clone(), set: read })
}

pub(super) async fn new(seat: Seat, Query(start): Query<Start>) -> Result<Response, Fault> {
    let kind = Kind::parse(&start.paper).ok_or(Fault::NotFound)?;
    let wording = match ClauseSetId::parse(&start.from) {
        Some(from) => seat.read::<KeepClauses, _>(move |tx| enrolment::clause_set(tx, from)).await?.wording,
        None if start.from == "en" => defaults::wording(kind, Language::English),
        None => defaults::wording(kind, Language::Chinese),
    };
    let form = ClausesForm::of(&wording);
    seat.page(&EditPage { base: seat.path("clauses"), form, kind, problems: Problems::none() })
}

pub(super) async fn create(
    seat: Seat,
    key: Key,
    Form(mut form): Form<ClausesForm>,
) -> Result<Response, Fault> {
    let kind = Kind::parse(&form.paper).ok_or(Fault::NotFound)?;
    let (lang, wording) = (seat.lang(), form.wording(kind));
    let saved = seat
        .write::<KeepClauses, String, Vec<Refusal>>(&key, move |tx| {
            let saved = enrolment::save_clauses(tx, &wording);
            let said = |why: Vec<Unusable>| why.iter().map(|why| words::unusable(lang, why)).collect();
            let saved = saved.map_err(|failed| failed.map(said))?;
            Ok(saved.to_string())
        })
        .await?;
    match saved {
        Ok(id) => Ok(see_other(&seat.path(&format!("clauses/{id}")))),
        Err(refusals) => {
            form.spare();
            seat.refused(&EditPage { base: seat.path("clauses"), form, kind, problems: refusals.into() })
        }
    }
}

pub(super) async fn put_in_use(
    seat: Seat,
    key: Key,
    Path((_, version)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let version: ClauseSetId = id(&version)?;
    let done = seat
        .write::<KeepClauses, (), Refusal>(&key, move |tx| never(enrolment::use_clauses(tx, version)))
        .await?;
    debug_assert!(done.is_ok(), "putting words in use is never refused");
    Ok(see_other(&seat.path("clauses")))
}

/// The words of a version's status, with the tag's colour.
fn status(status: impl Borrow<ClauseSetStatus>) -> (&'static str, &'static str) {
    match *status.borrow() {
        ClauseSetStatus::Draft => ("草稿", ""),
        ClauseSetStatus::InUse => ("使用中", "tag-present"),
        ClauseSetStatus::Retired => ("已停用", ""),
    }
}

impl EditPage {
    /// What is wrong with a clause's head or text.
    fn wrong(&self, field: &str, number: impl Borrow<usize>) -> Option<&str> {
        self.problems.of(&format!("{field}-{}", number.borrow()))
    }
}
