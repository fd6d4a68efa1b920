//! On an offering's page: with which others no child has it.

use axum::extract::Path;
use axum::response::Response;
use kehou_app::allocation::round;
use kehou_app::catalogue::Beside;
use kehou_db::{Failed, Tx};
use kehou_domain::access::KeepOfferings;
use kehou_domain::allocation::round::ApartRefused;
use kehou_domain::ids::OfferingId;
use kehou_domain::plan::Weekdays;
use serde::Deserialize;

use super::form::{RetireForm, again};
use super::id;
use super::words::with_days;
use crate::answer::see_other;
use crate::fault::Fault;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::plan::words as plan_words;
use crate::refusal::Refusal;
use crate::seat::Seat;

/// What stands on the page: those that are apart, and those that could be declared so.
pub(super) struct Apart {
    pub(super) declared: Vec<(OfferingId, String)>,
    pub(super) others: Vec<(String, String)>,
}

/// Which other one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ApartForm {
    other: String,
}

/// The page's part, from what meets in the same slot.
pub(super) fn part(lang: Lang, beside: &[Beside]) -> Apart {
    let named = |one: &Beside| {
        let days = one.details.meetings.iter().map(|meeting| meeting.weekday.unsigned_abs());
        let days = plan_words::weekdays(lang, Weekdays::of(days));
        with_days(lang, &one.details.title, &days)
    };
    let (declared, others): (Vec<_>, Vec<_>) = beside.iter().partition(|one| one.is_apart);
    Apart {
        declared: declared.into_iter().map(|one| (one.id, named(one))).collect(),
        others: others.into_iter().map(|one| (one.id.to_string(), named(one))).collect(),
    }
}

pub(super) async fn create(
    seat: Seat,
    Path((_, offering)): Path<(String, String)>,
    key: Key,
    Form(form): Form<ApartForm>,
) -> Result<Response, Fault> {
    let pair: (OfferingId, OfferingId) = (id(&offering)?, id(&form.other)?);
    go(&seat, &key, pair.0, move |tx| round::keep_apart(tx, pair)).await
}

pub(super) async fn destroy(
    seat: Seat,
    Path((_, offering, other)): Path<(String, String, String)>,
    key: Key,
) -> Result<Response, Fault> {
    let pair: (OfferingId, OfferingId) = (id(&offering)?, id(&other)?);
    go(&seat, &key, pair.0, move |tx| round::let_together(tx, pair)).await
}

async fn go(
    seat: &Seat,
    key: &Key,
    offering: OfferingId,
    act: impl Fn(&mut Tx<KeepOfferings>) -> Result<(), Failed<ApartRefused>> + Send + Sync + 'static,
) -> Result<Response, Fault> {
    let lang = seat.lang();
    let done = seat.write::<KeepOfferings, (), Refusal>(key, move |tx| {
        act(tx).map_err(|why| why.map(|why| refused(lang, why)))
    });
    match done.await? {
        Ok(()) => Ok(see_other(&seat.path(&format!("offerings/{offering}")))),
        Err(refusal) => again(seat, offering, (None, RetireForm::default()), refusal.into()).await,
    }
}

fn refused(lang: Lang, why: ApartRefused) -> Refusal {
    let text = match why {
        ApartRefused::Same => "请选另外一门",
        ApartRefused::Ended => "那门课不再开设了，请选别的",
        ApartRefused::OtherSlot => "两门课不在同一个时段，请选同一个时段的",
        ApartRefused::Choosing(_) => "家长正在选其中一门，公布结果或者作废那一轮以后再改",
    };
    Refusal::new("apart", lang.t(text)).at("other")
}
