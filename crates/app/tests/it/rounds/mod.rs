//! Rounds of choosing on both engines.

mod arranged;
mod first_come;
mod ranked;
mod world;
