//! The plan for programs: what is in force on a day, and the versions.

use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use kehou_app::plan;
use kehou_domain::access::ReadPlan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{self, Asked};
use crate::fault::Fault;
use crate::seat::Seat;

/// What is asked.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Question {
    /// The day; today when it is left out.
    date: Option<String>,
    /// Only this grade.
    grade: Option<u8>,
}

/// A version of the plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct VersionLine {
    id: String,
    number: i64,
    /// `draft`, `checked`, `approved` or `filed`.
    status: &'static str,
    in_force_from: Option<String>,
    /// Whether it rules today.
    in_force: bool,
}

pub(super) async fn day(seat: Seat, Query(question): Query<Question>) -> Result<Response, Fault> {
    let date = match &question.date {
        Some(text) => text
            .parse()
            .map_err(|_| Fault::malformed_in("{what} 要写成日期，例如 2026-11-24", text.as_str()))?,
        None => seat.today(),
    };
    let found = seat.read::<ReadPlan, _>(move |tx| plan::day(tx, date)).await?;
    let (plan, kind) = found.ok_or(Fault::NotFound)?;
    let day = json::day(seat.lang(), &plan, Asked { date, kind, grade: question.grade });
    Ok(axum::Json(day).into_response())
}

pub(super) async fn versions(seat: Seat) -> Result<Response, Fault> {
    let (versions, ruling) = seat.read::<ReadPlan, _>(plan::versions).await?;
    let lines = versions.into_iter().map(|version| VersionLine {
        id: version.id.to_string(),
        number: version.number,
        status: version.stage.word(),
        in_force_from: version.in_force_from.map(|day| day.to_string()),
        in_force: Some(version.id) == ruling,
    });
    Ok(axum::Json(lines.collect::<Vec<_>>()).into_response())
}
