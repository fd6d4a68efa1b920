//! From the letter to a place in the service, and out of it again.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod agenda;
mod leaving;
mod objection;
mod paper;
mod plan_change;
mod takeover;
mod way;
pub(crate) mod world;
