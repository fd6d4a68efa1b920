//! Pages and JSON over the whole router, in process.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod agenda;
mod attendance;
mod calendar;
mod catalogue;
mod dismissal;
mod enrolment;
mod gate;
mod groups;
mod hostile;
mod identity;
mod pages;
mod papers_api;
mod people;
mod plan;
mod programs;
mod round_rules;
mod rounds;
mod shell;
mod stops;
mod strangers;
mod world;
