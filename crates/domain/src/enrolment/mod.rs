//! Enrolment: from the first notice to a child's place in the service, and out of it again.
//!
//! Decides who may apply, whose turn it is in the plan's chain, what an agreement says and whether it is
//! signed, which consents are needed, and when a place ends.
//! It does not decide who sits with whom (grouping) and knows no capacity.

pub mod agreement;
pub mod apply;
pub mod chain;
pub mod consent;
pub mod ending;
pub mod notice;
pub mod objection;
pub mod paper;
pub mod review;
pub mod rules;
pub mod signature;
#[cfg(test)]
mod tests;
pub mod will;
