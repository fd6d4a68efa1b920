//! People: classes, pupils, guardians, staff, import and the turn of the year.

mod api;
mod classes;
mod guardians;
mod imports;
mod staff;
mod students;
mod turn;
pub mod words;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use kehou_app::people::import::LARGEST_FILE;
use kehou_domain::access::{
    ImportRoster, KeepFlags, KeepRoster, KeepStaff, PrintSlips, ReadRoster, ReadStaff, TurnYear,
};
use kehou_domain::ids::EntityId;

pub(crate) use imports::file_of;

use crate::fault::Fault;
use crate::routes::{Routes, described};

pub(crate) fn routes() -> Routes {
    roster_routes().and(student_routes()).and(staff_routes()).and(api_routes())
}

fn roster_routes() -> Routes {
    // the form around the file needs some room as well
    let upload = imports::create.layer(DefaultBodyLimit::max(LARGEST_FILE + 64 * 1024));
    Routes::new()
        .get::<ReadRoster, _>("/schools/{school}/classes", classes::index)
        .get::<ReadRoster, _>("/schools/{school}/classes/{class}", classes::show)
        .post::<KeepStaff, _>("/schools/{school}/classes/{class}/teacher", classes::set_teacher)
        .get::<ImportRoster, _>("/schools/{school}/roster-imports/new", imports::new)
        .post::<ImportRoster, _>("/schools/{school}/roster-imports", upload)
        .get::<ImportRoster, _>("/schools/{school}/roster-imports/{import}", imports::show)
        .post::<ImportRoster, _>("/schools/{school}/roster-imports/{import}", imports::confirm)
        .get::<TurnYear, _>("/schools/{school}/year-turn", turn::show)
        .get::<TurnYear, _>("/schools/{school}/year-turn/review", turn::review)
        .post::<TurnYear, _>("/schools/{school}/year-turn", turn::create)
}

fn student_routes() -> Routes {
    Routes::new()
        .get::<ReadRoster, _>("/schools/{school}/students", students::index)
        .post::<ReadRoster, _>("/schools/{school}/students/search", students::find)
        .get::<KeepRoster, _>("/schools/{school}/students/new", students::new)
        .post::<KeepRoster, _>("/schools/{school}/students", students::create)
        .get::<ReadRoster, _>("/schools/{school}/students/{student}", students::show)
        .post::<KeepRoster, _>("/schools/{school}/students/{student}", students::correct)
        .post::<KeepRoster, _>("/schools/{school}/students/{student}/class", students::move_to)
        .post::<KeepRoster, _>("/schools/{school}/students/{student}/leaving", students::leave)
        .post::<KeepRoster, _>("/schools/{school}/students/{student}/guardians", guardians::create)
        .post::<KeepRoster, _>(
            "/schools/{school}/students/{student}/guardians/{guardian}",
            guardians::correct,
        )
        .post::<KeepRoster, _>(
            "/schools/{school}/students/{student}/guardians/{guardian}/end",
            guardians::end,
        )
        .post::<PrintSlips, _>(
            "/schools/{school}/students/{student}/guardians/{guardian}/code",
            guardians::new_code,
        )
        .post::<KeepFlags, _>("/schools/{school}/students/{student}/flags", students::set_flags)
}

fn staff_routes() -> Routes {
    Routes::new()
        .get::<ReadStaff, _>("/schools/{school}/staff", staff::index)
        .post::<KeepStaff, _>("/schools/{school}/staff", staff::create)
        .post::<KeepStaff, _>("/schools/{school}/staff/{member}", staff::rename)
        .post::<KeepStaff, _>("/schools/{school}/staff/{member}/grades", staff::set_grades)
        .post::<KeepStaff, _>("/schools/{school}/staff/{member}/leaving", staff::leave)
}

fn api_routes() -> Routes {
    Routes::new()
        .api::<ReadRoster, _, (), Vec<api::HomeClass>>(
            Method::GET,
            "/api/v1/schools/{school}/classes",
            described::<(), Vec<api::HomeClass>>("Home classes with grade, teacher and head count"),
            api::classes,
        )
        .api::<ReadRoster, _, (), Vec<api::Student>>(
            Method::GET,
            "/api/v1/schools/{school}/classes/{class}/students",
            described::<(), Vec<api::Student>>("The pupils of a home class"),
            api::students,
        )
        .api::<ReadStaff, _, (), Vec<api::Member>>(
            Method::GET,
            "/api/v1/schools/{school}/staff",
            described::<(), Vec<api::Member>>("The staff and the classes they lead"),
            api::staff,
        )
}

/// The id in an address; anything else is not there.
fn id<I: EntityId>(text: &str) -> Result<I, Fault> {
    I::parse(text).ok_or(Fault::NotFound)
}
