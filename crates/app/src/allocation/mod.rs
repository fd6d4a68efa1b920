//! Allocation on files: reading a market, writing and reading a result, telling its reasons, checking it.
//!
//! The same rules run in the service; here nothing is stored and nothing but the file is needed, so that a school can
//! use the draw alone and anybody can check one.

mod explain;
pub mod file;
mod result;
pub mod round;
mod statement;
#[cfg(test)]
mod tests;
mod text;
mod verify;

pub use explain::Explanations;
pub use file::{Problem, School, Wrong};
pub use result::{Filled, Made, ResultFile};
pub use statement::{Statement, Unreadable};
pub use verify::{Difference, What, verify};

use kehou_domain::allocation::{Rules, Seed, Tickets};

/// How an allocation is made: what goes into a result besides the market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Which mechanism.
    pub mode: Mode,
    /// The seed of the draw.
    pub seed: Seed,
    /// How tickets are drawn.
    pub tickets: Tickets,
    /// What the school decided.
    pub rules: Rules,
}

/// Which mechanism gives out the seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Deferred acceptance.
    Deferred,
    /// The least objective: the yardstick, which knows neither tickets nor titles nor minimums.
    Cheapest,
    /// The most seats, as `docs/rules/allocation.md` says.
    MostSeats,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 3] = [Mode::Deferred, Mode::Cheapest, Mode::MostSeats];

    /// The mode's word in results.
    pub const fn word(self) -> &'static str {
        match self {
            Mode::Deferred => "da",
            Mode::Cheapest => "o1",
            Mode::MostSeats => "most-seats",
        }
    }
}
