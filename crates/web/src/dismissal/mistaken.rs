//! A release that was a mistake: taken back by the guard at once, by the duty leader later (H10).

use axum::extract::Path;
use axum::response::Response;
use kehou_app::dismissal;
use kehou_domain::access::{ReleaseChild, WatchGate};
use kehou_domain::ids::StudentId;
use serde::Deserialize;

use super::gate::{child_page, on_day};
use super::{day, id, words};
use crate::answer::see_other;
use crate::fault::Fault;
use crate::form::Form;
use crate::key::Key;
use crate::refusal::Refusal;
use crate::seat::Seat;

/// Which release was a mistake.
#[derive(Debug, Deserialize)]
pub(super) struct Mistaken {
    #[serde(default)]
    release: String,
    #[serde(default)]
    day: String,
}

/// Takes back a release: the child's page is open again, or says why not.
pub(super) async fn take_back(
    seat: Seat,
    Path((_, student)): Path<(String, String)>,
    key: Key,
    Form(form): Form<Mistaken>,
) -> Result<Response, Fault> {
    let student: StudentId = id(&student)?;
    let (release, on, lang) = (id(&form.release)?, day(&form.day), seat.lang());
    let written = seat
        .write::<ReleaseChild, (), Refusal>(&key, move |tx| {
            let taken = dismissal::take_back_release(tx, (student, on), release);
            taken.map_err(|failed| failed.map(|why| words::cannot_take_back(lang, why)))
        })
        .await?;
    match written {
        Ok(()) => Ok(see_other(&on_day(&seat, &format!("gate/{student}"), on.unwrap_or(seat.today())))),
        Err(refusal) => {
            let read = seat.read::<WatchGate, _>(move |tx| dismissal::child_at_gate(tx, student, on));
            seat.refused(&child_page(&seat, read.await?, "", refusal.into()))
        }
    }
}
