//! Use cases on both engines.

mod attendance;
mod calendar;
mod dismissal;
mod identity;
mod people;
mod plan;
