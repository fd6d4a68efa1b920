//! Calendar: terms, holidays, the school's own days.

mod api;
mod local_days;
mod month;
mod pages;
mod terms;
pub mod words;

use axum::http::Method;
use kehou_domain::access::{KeepCalendar, ReadCalendar};

use crate::routes::{Routes, described};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get::<ReadCalendar, _>("/schools/{school}/calendar", pages::show)
        .get::<KeepCalendar, _>("/schools/{school}/terms/new", terms::new_term)
        .post::<KeepCalendar, _>("/schools/{school}/terms", terms::create_term)
        .get::<KeepCalendar, _>("/schools/{school}/terms/{term}", terms::edit_term)
        .post::<KeepCalendar, _>("/schools/{school}/terms/{term}", terms::update_term)
        .post::<KeepCalendar, _>("/schools/{school}/terms/{term}/removal", terms::remove_term)
        .post::<KeepCalendar, _>("/schools/{school}/terms/{term}/status", terms::set_status)
        .get::<KeepCalendar, _>("/schools/{school}/local-days/new", local_days::new_local_day)
        .post::<KeepCalendar, _>("/schools/{school}/local-days", local_days::create_local_day)
        .post::<KeepCalendar, _>("/schools/{school}/local-days/{day}/removal", local_days::remove_local_day)
        .get::<KeepCalendar, _>("/schools/{school}/declared-spans/new", local_days::new_span)
        .post::<KeepCalendar, _>("/schools/{school}/declared-spans", local_days::create_span)
        .api::<ReadCalendar, _, (), api::Calendar>(
            Method::GET,
            "/api/v1/schools/{school}/calendar",
            described::<(), api::Calendar>("Days of a span as this school has them, and its terms"),
            api::show,
        )
}
