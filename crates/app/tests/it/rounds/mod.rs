//! Rounds of choosing on both engines.

mod ranked;
mod world;
