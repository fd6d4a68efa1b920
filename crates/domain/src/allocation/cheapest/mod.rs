//! The allocation of the least objective: the yardstick against other solvers (mode `o1`).
//!
//! It knows no tickets, no least sizes, no titles, nothing that is apart and nothing that meets on several days, only
//! capacities, one seat a day and the weekly limit, and so is a pure minimum-cost flow. Most wishes need no search: what nobody contests is settled first, the rest is a
//! network.

mod network;
mod thin;

use super::flow::solve_from;
use super::market::Market;

use network::Seating;
use thin::Lists;

/// For each wish of the market, whether the child has it in an allocation of the least objective.
pub fn cheapest(market: &Market) -> Vec<bool> {
    let mut lists = Lists::of(market);
    lists.settle();
    let seating = Seating::of(&lists);
    let flow = solve_from(&seating.network, &seating.greedy(&lists))
        .expect("no seat has to be given, and a market's sums are small");
    let mut has = lists.into_granted();
    seating.granted(&flow.along).for_each(|wish| has[wish] = true);
    has
}
