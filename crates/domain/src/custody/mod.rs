//! 托管台账: the facts of one child's day in the school's hands, and what they add up to.
//!
//! Facts are only ever added. A wrong one is taken back by another that names it. What a child's state is, is one
//! function of the facts, whatever order they arrived in, so that two devices that meet agree.

mod count;
mod fact;
mod follow;
mod state;
#[cfg(test)]
mod tests;

pub use count::Counts;
pub use fact::{Check, Fact, Found, Handing, Kind, Receiver, What, happened};
pub use follow::{CannotFollow, day_is_open, has_ending, may_follow};
pub use state::{Ending, Mark, Sight, State, Whereabouts, standing, state};
