//! Calendar: terms, holidays, the school's own days.

mod api;
mod month;
mod pages;
pub mod words;

use axum::http::Method;
use kehou_domain::access::{KeepCalendar, ReadCalendar};

use crate::routes::{Routes, described};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get::<ReadCalendar, _>("/schools/{school}/calendar", pages::show)
        .get::<KeepCalendar, _>("/schools/{school}/terms/new", pages::new_term)
        .post::<KeepCalendar, _>("/schools/{school}/terms", pages::create_term)
        .post::<KeepCalendar, _>("/schools/{school}/terms/{term}/status", pages::set_status)
        .get::<KeepCalendar, _>("/schools/{school}/local-days/new", pages::new_local_day)
        .post::<KeepCalendar, _>("/schools/{school}/local-days", pages::create_local_day)
        .post::<KeepCalendar, _>("/schools/{school}/local-days/{day}/removal", pages::remove_local_day)
        .get::<KeepCalendar, _>("/schools/{school}/declared-spans/new", pages::new_span)
        .post::<KeepCalendar, _>("/schools/{school}/declared-spans", pages::create_span)
        .api::<ReadCalendar, _, (), api::Calendar>(
            Method::GET,
            "/api/v1/schools/{school}/calendar",
            described::<(), api::Calendar>("Days of a span as this school has them, and its terms"),
            api::show,
        )
}
