//! Minimum-cost flow: the cheapest way to send what the sources have to where it is wanted.
//!
//! A network simplex in whole numbers. The basis is a spanning tree over the nodes and one more, the root, from
//! which an arc leads to every node at a price that no real way costs. The tree is *strongly feasible*: from every
//! node a little more could be sent to the root along the tree. The rule for the leaving arc keeps it so, and for
//! that reason the method ends although most steps move nothing. Arcs are priced in blocks, one after another
//! around the list, and the best of a block enters.
//!
//! What is convex (a second seat that matters less than the first, a duty that weighs more the more one has) is
//! written as parallel arcs of rising cost.

mod levels;
mod simplex;
mod start;
#[cfg(test)]
mod tests;
mod tree;

pub use levels::{Levels, by_levels};

use simplex::Simplex;

/// Nodes with what each has to give, and arcs between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    supply: Vec<i64>,
    from: Vec<u32>,
    to: Vec<u32>,
    capacity: Vec<i64>,
    cost: Vec<i64>,
}

/// The cheapest flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// How much goes along each arc.
    pub along: Vec<i64>,
    /// A price of each node that proves the flow: with `cost + price(from) - price(to)`, an arc above 0 is empty
    /// and one below 0 is full.
    pub price: Vec<i64>,
    /// What it costs in all.
    pub cost: i64,
}

/// Why there is no flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsolved {
    /// What the nodes give and take does not sum to zero.
    Unbalanced,
    /// The arcs cannot carry it.
    Infeasible,
    /// Costs or amounts are too large to be summed.
    TooLarge,
}

impl Network {
    /// A network of so many nodes, none of which gives or takes anything.
    pub fn new(nodes: usize) -> Network {
        Network { supply: vec![0; nodes], ..Network::default() }
    }

    /// One more node that has so much to give, or takes it when it is below 0.
    pub fn add_node(&mut self, supply: i64) -> u32 {
        self.supply.push(supply);
        u32::try_from(self.supply.len() - 1).expect("a network has fewer than 2^32 nodes")
    }

    /// Lets a node give so much more.
    pub fn give(&mut self, node: u32, more: i64) {
        self.supply[node as usize] += more;
    }

    /// One more arc; its place in the list. The capacity is not below 0.
    pub fn add_arc(&mut self, from: u32, to: u32, capacity: i64, cost: i64) -> usize {
        debug_assert!(0 <= capacity, "nothing has a negative capacity");
        self.from.push(from);
        self.to.push(to);
        self.capacity.push(capacity);
        self.cost.push(cost);
        self.cost.len() - 1
    }

    /// How many arcs there are.
    pub fn arcs(&self) -> usize {
        self.cost.len()
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.supply.len()
    }

    /// The cost of a flow; nothing when it is too large.
    fn cost_of(&self, along: &[i64]) -> Option<i64> {
        let costs = self.cost.iter().zip(along).map(|(cost, along)| cost.checked_mul(*along));
        costs.into_iter().try_fold(0_i64, |sum, cost| sum.checked_add(cost?))
    }

    /// Whether the flow keeps every capacity and gives and takes what each node wants.
    fn admits(&self, along: &[i64]) -> bool {
        let mut left = self.supply.clone();
        for (arc, along) in along.iter().enumerate() {
            left[self.from[arc] as usize] -= along;
            left[self.to[arc] as usize] += along;
        }
        let keeps = |(along, capacity): (&i64, &i64)| 0 <= *along && along <= capacity;
        along.len() == self.arcs()
            && along.iter().zip(&self.capacity).all(keeps)
            && left.iter().all(|left| *left == 0)
    }
}

/// The cheapest flow of the network.
pub fn solve(network: &Network) -> Result<Flow, Unsolved> {
    let mut simplex = Simplex::cold(network)?;
    simplex.run();
    simplex.flow(network)
}

/// The cheapest flow, searched from one that is known; the answer costs the same as without. The known flow helps
/// when its arcs that are neither empty nor full form no circle, as in each answer of the search itself.
pub fn solve_from(network: &Network, known: &[i64]) -> Result<Flow, Unsolved> {
    let warm = if network.admits(known) { Simplex::warm(network, known)? } else { None };
    let mut simplex = match warm {
        Some(simplex) => simplex,
        None => Simplex::cold(network)?,
    };
    simplex.run();
    simplex.flow(network)
}
