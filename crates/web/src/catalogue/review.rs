//! The reviewer's pile, and one offering with the words of the prohibitions marked in its text.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kehou_app::attendance;
use kehou_app::catalogue::{self as offered, Line, Said, Setting};
use kehou_domain::access::{ReadOfferings, ReviewOfferings};
use kehou_domain::catalogue::{Part, Status, Verdict, mark};
use kehou_domain::ids::OfferingId;
use serde::Deserialize;

use super::form::facts;
use super::{id, words};
use crate::answer::see_other;
use crate::dates;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// An offering on the pile.
struct Waiting {
    id: OfferingId,
    title: Vec<Piece>,
    said: String,
    flags: usize,
    is_own: bool,
}

/// A piece of a text: with what the words may point at, where they do.
struct Piece {
    text: String,
    concern: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "catalogue/reviews.html")]
struct PilePage {
    base: String,
    waiting: Vec<Waiting>,
}

#[derive(Template)]
#[template(path = "catalogue/review.html")]
struct ReviewPage {
    base: String,
    id: OfferingId,
    version: u32,
    title: Vec<Piece>,
    description: Vec<Piece>,
    materials: Vec<Piece>,
    facts: Vec<(&'static str, String)>,
    flags: Vec<String>,
    wrongs: Vec<String>,
    handed_in: String,
    is_own: bool,
    is_waiting: bool,
    status: (&'static str, &'static str, &'static str),
    form: VerdictForm,
    problems: Problems,
}

/// The reviewer's word as sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct VerdictForm {
    version: String,
    verdict: String,
    reason: String,
}

pub(super) async fn index(seat: Seat) -> Result<Response, Fault> {
    let pile = seat.read::<ReviewOfferings, _>(offered::pile).await?;
    let waiting = pile.iter().map(|(setting, line)| waiting(&seat, setting, line)).collect();
    seat.page(&PilePage { base: seat.path("offering-reviews"), waiting })
}

fn waiting(seat: &Seat, setting: &Setting, line: &Line) -> Waiting {
    let (lang, offering) = (seat.lang(), &line.offering);
    let mut said = vec![setting.term.name.clone(), lang.t(words::kind(offering.details.kind)).to_owned()];
    said.extend(offering.handed_in_at.map(|at| dates::moment(lang, at)));
    Waiting {
        id: offering.id,
        title: pieces(seat, setting, &offering.details.title),
        said: said.join(" · "),
        flags: line.flags.len(),
        is_own: offering.authors.contains(&seat.account()),
    }
}

/// The text in pieces; without a plan nothing is marked.
fn pieces(seat: &Seat, setting: &Setting, text: &str) -> Vec<Piece> {
    let Some(plan) = setting.plan.as_deref() else {
        return vec![Piece { text: text.to_owned(), concern: None }];
    };
    let lang = seat.lang();
    let marked = mark(plan, text).into_iter();
    marked
        .map(|piece| Piece {
            text: piece.text.to_owned(),
            concern: piece.concern.map(|concern| words::concern_name(lang, concern)),
        })
        .collect()
}

pub(super) async fn show(seat: Seat, Path((_, offering)): Path<(String, String)>) -> Result<Response, Fault> {
    let page = page(&seat, id(&offering)?, VerdictForm::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn page(
    seat: &Seat,
    offering: OfferingId,
    form: VerdictForm,
    problems: Problems,
) -> Result<ReviewPage, Fault> {
    let (line, setting, _) = seat.read::<ReadOfferings, _>(move |tx| offered::offering(tx, offering)).await?;
    let lang = seat.lang();
    let text = |part: Part| pieces(seat, &setting, part.of(&line.offering.details));
    Ok(ReviewPage {
        base: seat.path("offering-reviews"),
        id: offering,
        version: line.offering.version,
        title: text(Part::Title),
        description: text(Part::Description),
        materials: text(Part::Materials),
        facts: facts(seat, &line, &setting),
        flags: line.flags.iter().map(|flag| words::flag(lang, flag)).collect(),
        wrongs: words::wrongs(lang, setting.plan.as_deref(), &line),
        handed_in: line.offering.handed_in_at.map(|at| dates::moment(lang, at)).unwrap_or_default(),
        is_own: line.offering.authors.contains(&seat.account()),
        is_waiting: line.offering.status == Status::InReview,
        status: words::status(line.offering.status),
        form,
        problems,
    })
}

pub(super) async fn decide(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
    Form(form): Form<VerdictForm>,
) -> Result<Response, Fault> {
    let offering: OfferingId = id(&offering)?;
    let decided = match Verdict::parse(&form.verdict) {
        Some(verdict) => {
            let read = form.version.parse().unwrap_or_default();
            decided(&seat, &key, offering, Said { read, verdict, reason: form.reason.clone() }).await?
        }
        None => Err(Refusal::new("no_verdict", seat.lang().t("请选通过还是退回")).at("verdict")),
    };
    match decided {
        Ok(_) => Ok(see_other(&seat.path("offering-reviews"))),
        Err(refusal) => {
            let page = page(&seat, offering, form, refusal.into()).await?;
            seat.refused(&page)
        }
    }
}

/// Says the reviewer's word of an offering; the answer is the word of its status.
pub(super) async fn decided(
    seat: &Seat,
    key: &Key,
    offering: OfferingId,
    said: Said,
) -> Result<Result<String, Refusal>, Fault> {
    let lang = seat.lang();
    seat.write::<ReviewOfferings, String, Refusal>(key, move |tx| {
        let status = attendance::decide_offering(tx, offering, &said);
        let status = status.map_err(|why| why.map(|why| words::not_decided(lang, why)))?;
        Ok(status.word().to_owned())
    })
    .await
}
