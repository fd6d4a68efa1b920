//! Pages and JSON of the day: sessions, the roll, missing children, leave, early leave, care log, sheets.

mod api;
mod care;
mod cases;
mod early;
mod leave;
mod roll;
mod sheets;
mod today;
mod words;

use axum::http::Method;
use kehou_domain::access::{
    CallRoll, CloseMonth, DecideEarlyLeave, EnterLeave, FileLeave, LookForChild, ReadCareLog, ReadCases,
    ReadEarlyLeaves, ReadSessions, ReadSheets, ReportEarlyLeave, StandIn, WriteCareLog,
};
use kehou_domain::ids::EntityId;

use crate::fault::Fault;
use crate::routes::{Routes, described};

pub(crate) fn routes() -> Routes {
    Routes::new().and(roll_routes()).and(child_routes()).and(paper_routes()).and(api_routes())
}

fn roll_routes() -> Routes {
    Routes::new()
        .get::<ReadSessions, _>("/schools/{school}/today", today::show)
        .get::<ReadSessions, _>("/schools/{school}/rolls/{session}", roll::show)
        .post::<CallRoll, _>("/schools/{school}/rolls/{session}", roll::save)
        .post::<CallRoll, _>("/schools/{school}/rolls/{session}/undo", roll::undo)
        .post::<CallRoll, _>("/schools/{school}/rolls/{session}/head-count", roll::count)
        .get::<StandIn, _>("/schools/{school}/rolls/{session}/teacher", today::teacher)
        .post::<StandIn, _>("/schools/{school}/rolls/{session}/teacher", today::stand_in)
}

fn child_routes() -> Routes {
    Routes::new()
        .get::<ReadCases, _>("/schools/{school}/cases", cases::index)
        .get::<LookForChild, _>("/schools/{school}/cases/{case}", cases::show)
        .post::<LookForChild, _>("/schools/{school}/cases/{case}", cases::learn)
        .post::<LookForChild, _>("/schools/{school}/cases/{case}/calls", cases::dial)
        .get::<FileLeave, _>("/children/{student}/leave", leave::show)
        .post::<FileLeave, _>("/children/{student}/leave", leave::create)
        .post::<FileLeave, _>("/children/{student}/leave/{leave}/withdrawal", leave::take_back)
        .get::<ReadSessions, _>("/schools/{school}/leaves", leave::index)
        .post::<EnterLeave, _>("/schools/{school}/leaves", leave::find)
        .get::<EnterLeave, _>("/schools/{school}/students/{student}/leave", leave::staff_show)
        .post::<EnterLeave, _>("/schools/{school}/students/{student}/leave", leave::staff_create)
        .get::<ReadEarlyLeaves, _>("/schools/{school}/early-leaves", early::index)
        .get::<ReportEarlyLeave, _>("/schools/{school}/rolls/{session}/early-leaves", early::new)
        .post::<ReportEarlyLeave, _>("/schools/{school}/rolls/{session}/early-leaves", early::create)
        .post::<ReportEarlyLeave, _>("/schools/{school}/early-leaves/{early}/steps", early::pass)
        .post::<DecideEarlyLeave, _>("/schools/{school}/early-leaves/{early}/decision", early::decide)
}

fn paper_routes() -> Routes {
    Routes::new()
        .get::<ReadCareLog, _>("/schools/{school}/rolls/{session}/log", care::show)
        .post::<WriteCareLog, _>("/schools/{school}/rolls/{session}/log", care::create)
        .get::<ReadCareLog, _>("/schools/{school}/logs", care::index)
        .get::<ReadSheets, _>("/schools/{school}/sheets/day", sheets::day)
        .get::<ReadSheets, _>("/schools/{school}/sheets/day.xlsx", sheets::day_file)
        .get::<ReadSheets, _>("/schools/{school}/sheets/week", sheets::week)
        .get::<ReadSheets, _>("/schools/{school}/sheets/week.xlsx", sheets::week_file)
        .get::<ReadSheets, _>("/schools/{school}/sheets/month", sheets::month)
        .get::<ReadSheets, _>("/schools/{school}/sheets/month.xlsx", sheets::month_file)
        .post::<CloseMonth, _>("/schools/{school}/sheets/month", sheets::close)
}

fn api_routes() -> Routes {
    Routes::new()
        .api::<ReadSessions, _, (), Vec<api::SessionOut>>(
            Method::GET,
            "/api/v1/schools/{school}/sessions",
            described("The sessions of a day (`?on=2026-11-24`, today without it) with their counts"),
            api::sessions,
        )
        .api::<ReadSessions, _, (), api::RollOut>(
            Method::GET,
            "/api/v1/schools/{school}/rolls/{session}",
            described("The roll of a session: each child with its mark and the fact that says so"),
            api::roll,
        )
        .api::<CallRoll, _, api::RollIn, api::SavedOut>(
            Method::POST,
            "/api/v1/schools/{school}/rolls/{session}",
            described("Saves what is said of the children of a session, in one go"),
            api::save,
        )
        .api::<ReadSessions, _, (), Vec<api::FactOut>>(
            Method::GET,
            "/api/v1/schools/{school}/rolls/{session}/facts",
            described("The ledger's facts of the day for every child of a session"),
            api::facts,
        )
}

/// The id in an address; anything else is not there.
fn id<I: EntityId>(text: &str) -> Result<I, Fault> {
    I::parse(text).ok_or(Fault::NotFound)
}
