//! Rounds of choosing on both engines.

mod arranged;
mod days;
mod favoured;
mod first_come;
mod kept;
mod offerings;
mod ranked;
mod several_days;
mod world;
