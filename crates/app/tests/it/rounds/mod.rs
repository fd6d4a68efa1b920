//! Rounds of choosing on both engines.

mod apart;
mod arranged;
mod days;
mod favoured;
mod first_come;
mod kept;
mod leavers;
mod offerings;
mod ranked;
mod several_days;
mod siblings;
mod week;
mod world;
