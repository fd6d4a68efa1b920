//! Rounds of choosing on both engines.

mod arranged;
mod favoured;
mod first_come;
mod ranked;
mod world;
