//! Dismissal on both engines.

mod day;
mod gate;
mod paper;
mod pickup;
mod stop;
mod takeout;
mod world;
