//! Dismissal on both engines.

mod day;
mod gate;
mod pickup;
mod world;
