//! Use cases on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod attendance;
mod calendar;
mod catalogue;
mod dismissal;
mod enrolment;
mod identity;
mod people;
mod plan;
mod refused_rows;
mod rounds;
mod second_guardian;
mod slips;
