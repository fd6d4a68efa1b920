//! The last term's offerings with ticks: which are copied as drafts, and what has become of each.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use kehou_app::catalogue::{self as offered, Copied, CopyLine, LastTerm};
use kehou_domain::access::{KeepOfferings, ReadOfferings};
use kehou_domain::ids::{EntityId, OfferingId, TermId};
use serde::Deserialize;

use super::{brought, id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::plan::words as plan_words;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// Which term is copied to.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ToTerm {
    #[serde(default)]
    term: String,
}

/// What was ticked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct CopyForm {
    term: String,
    offering: Vec<String>,
}

/// An offering of the last term.
struct Row {
    id: OfferingId,
    title: String,
    said: String,
    /// What somebody has to see to in the copy.
    notes: Vec<String>,
    exists: bool,
    ticked: bool,
}

#[derive(Template)]
#[template(path = "catalogue/copies.html")]
struct CopyPage {
    base: String,
    place: String,
    term: Option<(TermId, String)>,
    from: Option<String>,
    has_plan: bool,
    rows: Vec<Row>,
    /// How many can be copied.
    new: usize,
    problems: Problems,
}

pub(super) async fn show(seat: Seat, Query(asked): Query<ToTerm>) -> Result<Response, Fault> {
    let term: Option<TermId> = if asked.term.is_empty() { None } else { Some(id(&asked.term)?) };
    let page = page(&seat, term, (None, Problems::none())).await?;
    seat.page(&page)
}

/// The page; `ticked` is nothing at first, when everything is.
async fn page(
    seat: &Seat,
    term: Option<TermId>,
    (ticked, problems): (Option<&[String]>, Problems),
) -> Result<CopyPage, Fault> {
    let found = seat.read::<ReadOfferings, _>(move |tx| offered::last_term(tx, term)).await?;
    let (base, place) = (seat.path("offerings"), seat.path("offering-copies"));
    let Some(found) = found else {
        let rows = Vec::new();
        return Ok(CopyPage { base, place, term: None, from: None, has_plan: false, rows, new: 0, problems });
    };
    let rows: Vec<Row> = found.lines.iter().map(|line| row(seat, &found, line, ticked)).collect();
    Ok(CopyPage {
        base,
        place,
        term: Some((found.setting.term.id, found.setting.term.name.clone())),
        from: found.from.as_ref().map(|term| term.name.clone()),
        has_plan: found.setting.plan.is_some(),
        new: rows.iter().filter(|row| !row.exists).count(),
        rows,
        problems,
    })
}

fn row(seat: &Seat, found: &LastTerm, line: &CopyLine, ticked: Option<&[String]>) -> Row {
    let (lang, details) = (seat.lang(), &line.offering.details);
    let mut said = vec![lang.t(words::kind(details.kind)).to_owned()];
    if let Some(plan) = found.setting.plan.as_deref() {
        said.push(words::meetings(lang, plan, details, found.setting.term.service_from));
    }
    said.push(plan_words::grades(lang, details.grades));
    said.extend([details.venue.clone(), line.offering.teacher_name.clone()]);
    said.retain(|part| !part.is_empty());
    let id = line.offering.id;
    Row {
        id,
        title: details.title.clone(),
        said: said.join(" · "),
        notes: brought::copy_notes(lang, found.setting.plan.as_deref(), line),
        exists: line.exists,
        ticked: ticked.is_none_or(|ticked| ticked.contains(&id.to_string())),
    }
}

pub(super) async fn create(seat: Seat, key: Key, Form(form): Form<CopyForm>) -> Result<Response, Fault> {
    let term: TermId = id(&form.term)?;
    let chosen: Option<Vec<OfferingId>> = form.offering.iter().map(|text| OfferingId::parse(text)).collect();
    match copied(&seat, &key, term, chosen.ok_or(Fault::NotFound)?).await? {
        Ok((copied, existed)) => {
            let query = format!("term={term}&brought={copied}&left={existed}");
            Ok(see_other(&seat.path(&format!("offerings?{query}"))))
        }
        Err(refusal) => {
            let page = page(&seat, Some(term), (Some(form.offering.as_slice()), refusal.into())).await?;
            seat.refused(&page)
        }
    }
}

/// Copies the chosen offerings; the answer is how many, and how many were there already.
pub(super) async fn copied(
    seat: &Seat,
    key: &Key,
    term: TermId,
    chosen: Vec<OfferingId>,
) -> Result<Result<(u32, u32), Refusal>, Fault> {
    let lang = seat.lang();
    seat.write::<KeepOfferings, (u32, u32), Refusal>(key, move |tx| {
        let done = offered::copy(tx, term, &chosen);
        let Copied { copied, existed } = done.map_err(|why| why.map(|why| brought::not_copied(lang, why)))?;
        Ok((copied, existed))
    })
    .await
}
