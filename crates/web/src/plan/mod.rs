//! The plan of a school on screen and in words: reading it, its versions, comparing and changing them.

mod api;
mod editing;
pub mod json;
mod pages;
mod sheet;
pub mod words;

use axum::http::Method;
use kehou_domain::access::{ApprovePlan, DraftPlan, FilePlan, ReadPlan};

use crate::routes::{Routes, described};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get::<ReadPlan, _>("/schools/{school}/plan", pages::show)
        .get::<ReadPlan, _>("/schools/{school}/plan/versions", pages::versions)
        .post::<DraftPlan, _>("/schools/{school}/plan/versions", pages::upload)
        .get::<ReadPlan, _>("/schools/{school}/plan/versions/{version}", pages::version)
        .get::<ReadPlan, _>("/schools/{school}/plan/versions/{version}/file", pages::text)
        .get::<ReadPlan, _>("/schools/{school}/plan/versions/{version}/comparison", pages::compare)
        .get::<DraftPlan, _>("/schools/{school}/plan/versions/{version}/edit", editing::edit)
        .post::<DraftPlan, _>("/schools/{school}/plan/versions/{version}/edit", editing::save)
        .post::<DraftPlan, _>("/schools/{school}/plan/versions/{version}/check", pages::check)
        .post::<ApprovePlan, _>("/schools/{school}/plan/versions/{version}/approval", pages::approve)
        .post::<FilePlan, _>("/schools/{school}/plan/versions/{version}/filing", pages::note_filing)
        .post::<FilePlan, _>("/schools/{school}/plan/versions/{version}/in-force", pages::put_in_force)
        .post::<FilePlan, _>("/schools/{school}/plan/versions/{version}/in-force/removal", pages::take_back)
        .api::<ReadPlan, _, (), json::Day>(
            Method::GET,
            "/api/v1/schools/{school}/plan",
            described("What the plan in force holds on a day: slots, times, release"),
            api::day,
        )
        .api::<ReadPlan, _, (), Vec<api::VersionLine>>(
            Method::GET,
            "/api/v1/schools/{school}/plan/versions",
            described("The versions of the plan, newest first"),
            api::versions,
        )
}
