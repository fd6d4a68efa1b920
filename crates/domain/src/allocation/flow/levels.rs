//! Several goals, the more important first.

use super::{Flow, Network, Unsolved, solve, solve_from};

/// The flow that is best by the first goal, among those by the second, and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// How much goes along each arc.
    pub along: Vec<i64>,
    /// What it costs by each goal.
    pub costs: Vec<i64>,
}

/// Solves for one goal after another, each given as the costs of all arcs. After each, the arcs that its prices
/// prove to be empty or full stay so; what is left free is exactly what is as good by the goals so far.
pub fn by_levels(network: &Network, goals: &[Vec<i64>], known: Option<&[i64]>) -> Result<Levels, Unsolved> {
    let mut face = Face { network: network.clone(), held: vec![0; network.arcs()] };
    let mut along: Option<Vec<i64>> = known.map(<[i64]>::to_vec);
    for goal in goals {
        face.network.cost.clone_from(goal);
        let flow = match &along {
            Some(known) => solve_from(&face.network, known)?,
            None => solve(&face.network)?,
        };
        along = Some(face.keep(flow));
    }
    let mut along = match along {
        Some(along) => along,
        None => solve(network)?.along,
    };
    along.iter_mut().zip(&face.held).for_each(|(along, held)| *along += held);
    let value = |goal: &Vec<i64>| goal.iter().zip(&along).map(|(cost, along)| cost * along).sum();
    let costs = goals.iter().map(value).collect();
    Ok(Levels { along, costs })
}

/// What is still free.
struct Face {
    network: Network,
    /// What goes along arcs that stay full.
    held: Vec<i64>,
}

impl Face {
    /// Holds what the flow's prices prove; what of the flow is left free.
    fn keep(&mut self, flow: Flow) -> Vec<i64> {
        let Flow { mut along, price, .. } = flow;
        let network = &mut self.network;
        for (arc, along) in along.iter_mut().enumerate() {
            let (from, to) = (network.from[arc] as usize, network.to[arc] as usize);
            let reduced = network.cost[arc] + price[from] - price[to];
            if reduced != 0 && network.capacity[arc] != 0 {
                network.capacity[arc] = 0;
                network.supply[from] -= *along;
                network.supply[to] += *along;
                self.held[arc] += std::mem::take(along);
            }
        }
        along
    }
}
