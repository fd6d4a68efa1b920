//! Use cases on both engines.

mod calendar;
mod dismissal;
mod people;
