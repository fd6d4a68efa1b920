//! The use cases of after-school service: hold, load, decide, save, each in one transaction.

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
pub mod people;
pub mod plan;
