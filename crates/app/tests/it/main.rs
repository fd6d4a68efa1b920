//! Use cases on both engines.

mod calendar;
mod dismissal;
mod identity;
mod people;
