//! Taking over signed papers, for programs: the same use cases as the page (R1, F4).

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use kehou_app::enrolment::{self, TakenOver};
use kehou_domain::access::TakeOverPapers;
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::ids::{ClassId, EntityId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::api::{SlotDay, slot_days};
use super::{id, takeover};
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::seat::Seat;

/// Which class, by its id.
#[derive(Debug, Default, Deserialize)]
pub(super) struct OfClass {
    #[serde(default)]
    class: String,
}

/// What can be taken over.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ToTake {
    /// First day of the term's service, as in 2026-09-01; null before a sign-up was opened.
    service_from: Option<String>,
    classes: Vec<ClassToTake>,
    /// The children of the class that was asked for, on roll and without a place.
    children: Vec<ChildToTake>,
    /// What the plan offers them.
    offered: Vec<SlotDay>,
}

/// A class.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClassToTake {
    id: String,
    grade: u8,
    class: i64,
}

/// A child without a place.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChildToTake {
    student: String,
    name: String,
}

pub(super) async fn show(seat: Seat, Query(of): Query<OfClass>) -> Result<Json<ToTake>, Fault> {
    let class = ClassId::parse(&of.class);
    let to_take = seat.read::<TakeOverPapers, _>(move |tx| enrolment::to_take_over(tx, class)).await?;
    let classes = to_take.iter().flat_map(|one| &one.classes).map(|one| ClassToTake {
        id: one.id.to_string(),
        grade: one.grade,
        class: one.number,
    });
    let children = to_take
        .iter()
        .flat_map(|one| &one.children)
        .map(|(student, name)| ChildToTake { student: student.to_string(), name: name.clone() });
    Ok(Json(ToTake {
        service_from: to_take.as_ref().map(|one| one.sign_up.service_from.to_string()),
        classes: classes.collect(),
        children: children.collect(),
        offered: to_take.as_ref().map(|one| slot_days(&one.offered)).unwrap_or_default(),
    }))
}

/// Children whose families signed on paper.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewTakeOver {
    children: Vec<ChildTaken>,
    /// First day of their places, as in 2026-09-01.
    from_on: String,
    /// Where the papers lie.
    place: String,
}

/// One of them.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ChildTaken {
    student: String,
    choices: Vec<SlotDay>,
}

/// How many places there are now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Taken {
    children: usize,
}

pub(super) async fn create(seat: Seat, key: Key, Json(new): Json<NewTakeOver>) -> Result<Response, Fault> {
    let mut children = Vec::new();
    for child in new.children {
        let choices = child.choices.into_iter();
        let choices = choices.map(|one| Choice { slot: one.slot, weekday: one.weekday }).collect();
        children.push(TakenOver { student: id(&child.student)?, choices });
    }
    let taken = takeover::take(&seat, &key, children, (&new.from_on, &new.place), Vec::new()).await?;
    Ok(match taken {
        Ok(children) => Json(Taken { children }).into_response(),
        Err(refusal) => refusal.into_response(),
    })
}
