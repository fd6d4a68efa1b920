//! What the store promises, on each engine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod audit;
mod dialect;
mod promises;
mod startup;
mod upkeep;

use jiff::Timestamp;

/// A Tuesday afternoon in term.
pub(crate) fn tuesday() -> Timestamp {
    "2026-10-13T07:05:00Z".parse().expect("an instant")
}
