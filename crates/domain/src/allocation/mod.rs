//! Allocation (选课): who gets which seat in a club, and why.
//!
//! Children name wishes for each weekday; a public draw gives each a ticket; deferred acceptance with the children
//! proposing fills the seats. Whoever was refused can see the last ticket that was admitted.
//! Priority groups come first (B4), a club takes no more than its capacity (E4).
//!
//! What may be claimed of the mechanism is written in `docs/rules/allocation.md`, and no more than that.

mod cheapest;
mod deferred;
pub mod draw;
pub mod flow;
mod fullest;
mod lots;
mod market;
mod objective;
mod outcome;
mod reason;
mod reserve;
pub mod round;
mod rules;
mod seats;
mod siblings;
#[cfg(test)]
mod tests;
mod week;

pub use cheapest::cheapest;
pub use deferred::allocate;
pub use fullest::{Fullest, fullest};
pub use lots::{Lots, Place, Scheme, Seed, Siblings, Tickets};
pub use market::{Applicant, Applications, Kind, Market, NumberTwice, Offering, Unfit, Wish, WishRefused};
pub use objective::o1;
pub use outcome::{Allocation, Broken, Closed, Cutoff, Standing, check};
pub use reason::{Differs, Explained, Reason, Reasons};
pub use reserve::{Channel, Parted, Reserve};
pub use rules::{Closing, Rules, Titles};
pub use siblings::{Beside, beside};
pub use week::Used;
