//! The pure rules of after-school service: facts in, a decision or a reason out.
//!
//! This crate has no database, no clock, no randomness, no network and no text for people.
//! One module for each slice of the trade carries the same name in `app` and `web`.

pub mod access;
pub mod agenda;
pub mod allocation;
pub mod attendance;
pub mod calendar;
pub mod catalogue;
pub mod custody;
pub mod dismissal;
pub mod enrolment;
pub mod grouping;
pub mod identity;
pub mod ids;
pub mod moment;
pub mod money;
pub mod people;
pub mod plan;
pub mod typed;
