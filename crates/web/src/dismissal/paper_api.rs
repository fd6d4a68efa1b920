//! What families say on paper, for programs: the same use cases as the pages (H1, B6).

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kehou_app::dismissal::{self, SignedPaper};
use kehou_domain::access::ConfirmPaper;
use kehou_domain::ids::{SignedPaperId, StudentId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::paper::{self, Typed};
use super::{id, words};
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::seat::Seat;

/// A paper on the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaperLine {
    /// The paper's id.
    paper: String,
    /// The child's id.
    student: String,
    name: String,
    guardian: String,
    /// `delegate`, `delegate_ends`, `way_home`, `way_home_ends`, `purposes` or `withdrawal`.
    kind: String,
    /// A sentence in the account's language.
    says: String,
    /// The day of the signature, as in 2026-09-01.
    signed_on: String,
    /// Where the paper lies.
    place: String,
    /// `entered`, `confirmed` or `rejected`.
    status: String,
    /// Whether the account entered it, and so can't confirm it.
    mine: bool,
    entered_at: String,
}

pub(super) async fn index(seat: Seat) -> Result<Json<Vec<PaperLine>>, Fault> {
    let lang = seat.lang();
    let papers = seat.read::<ConfirmPaper, _>(dismissal::signed_papers).await?;
    let line = |one: SignedPaper| PaperLine {
        paper: one.id.to_string(),
        student: one.paper.student.to_string(),
        name: one.child.name.clone(),
        kind: one.paper.says.kind().word().to_owned(),
        says: words::says(lang, &one.paper.says),
        signed_on: one.paper.signed_on.to_string(),
        status: paper::status(one.status).to_owned(),
        mine: one.mine,
        entered_at: one.entered_at.to_string(),
        guardian: one.guardian_name,
        place: one.paper.place,
    };
    Ok(Json(papers.into_iter().map(line).collect()))
}

/// A paper as it is entered; each kind has its own fields beside the first four.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewSignedPaper {
    /// `delegate`, `delegate_ends`, `way_home`, `way_home_ends`, `purposes` or `withdrawal`.
    kind: String,
    /// The id of the guardian who signed.
    guardian: String,
    signed_on: String,
    /// Where the paper lies.
    place: String,
    /// Of a delegate.
    #[serde(default)]
    name: String,
    #[serde(default)]
    relation: String,
    #[serde(default)]
    from_on: String,
    #[serde(default)]
    to_on: String,
    /// Whether the paper says that the delegate is of age and capable.
    #[serde(default)]
    capable: bool,
    /// The id of the delegate whose delegation ends.
    #[serde(default)]
    delegate: String,
    /// `alone` or `bus`.
    #[serde(default)]
    mode: String,
    /// The id of the consent that is taken back.
    #[serde(default)]
    consent: String,
    /// The purposes that are agreed to; all others are refused.
    #[serde(default)]
    purposes: Vec<String>,
    /// Of a withdrawal.
    #[serde(default)]
    last_day: String,
    #[serde(default)]
    reason: String,
}

impl From<NewSignedPaper> for Typed {
    fn from(new: NewSignedPaper) -> Typed {
        Typed {
            kind: new.kind,
            guardian: new.guardian,
            signed_on: new.signed_on,
            place: new.place,
            name: new.name,
            relation: new.relation,
            from_on: new.from_on,
            to_on: new.to_on,
            capable: if new.capable { "yes".to_owned() } else { String::new() },
            delegate: new.delegate,
            mode: new.mode,
            consent: new.consent,
            purpose: new.purposes,
            last_day: new.last_day,
            reason: new.reason,
        }
    }
}

/// What was entered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EnteredPaper {
    /// The paper's id.
    paper: String,
}

pub(super) async fn create(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewSignedPaper>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    Ok(match paper::enter(&seat, &key, student, &new.into()).await? {
        Ok(paper) => Json(EnteredPaper { paper }).into_response(),
        Err(problems) => match problems.into_first() {
            Some(refusal) => refusal.into_response(),
            None => Fault::Conflict.into_response(),
        },
    })
}

/// What the second person found.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Finding {
    /// Whether the paper is there and says what was entered.
    found: bool,
}

pub(super) async fn settle(
    seat: Seat,
    Path((_, paper)): Path<(String, String)>,
    key: Key,
    Json(new): Json<Finding>,
) -> Result<Response, Fault> {
    let paper: SignedPaperId = id(&paper)?;
    Ok(match paper::settle_with(&seat, &key, paper, new.found).await? {
        Ok(()) => Json(Settled { found: new.found }).into_response(),
        Err(refusal) => refusal.into_response(),
    })
}

/// A paper that is settled.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Settled {
    found: bool,
}
