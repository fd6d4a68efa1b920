//! The tree that the simplex begins with: all arcs of the root, or one that fits a known flow.

use std::collections::VecDeque;

use super::simplex::{FULL, HELD, Simplex};
use super::tree::{Link, NONE};
use super::{Network, Unsolved};

/// What the arcs of the root can carry: all there is.
const PLENTY: i64 = i64::MAX / 4;
/// The most that an arc of the root may cost, so that sums of prices stay in range.
const DEAREST: i64 = 1 << 60;

impl Simplex {
    /// Everything goes over the root at first.
    pub(super) fn cold(network: &Network) -> Result<Simplex, Unsolved> {
        let dear = dearer_than_any_way(network)?;
        let mut simplex = Simplex::new(network);
        for node in 0..network.nodes() {
            let supply = network.supply[node];
            let arc = simplex.link_to_root(network, node, 0 <= supply, dear);
            simplex.along[arc] = supply.abs();
        }
        Ok(simplex)
    }

    /// A tree around a flow that the network admits: each node hangs on an arc along which it could still send
    /// something up. Nothing when arcs that are neither empty nor full form a circle.
    pub(super) fn warm(network: &Network, known: &[i64]) -> Result<Option<Simplex>, Unsolved> {
        let dear = dearer_than_any_way(network)?;
        let mut simplex = Simplex::new(network);
        for (arc, along) in known.iter().enumerate() {
            simplex.along[arc] = *along;
            if 0 < *along && *along == network.capacity[arc] {
                simplex.state[arc] = FULL;
            }
        }
        let mut growth = Growth { beside: Beside::of(network), reached: VecDeque::new(), free: Vec::new() };
        let mut order: Vec<usize> = (0..network.nodes()).collect();
        order.sort_by_key(|node| network.supply[*node]);
        for node in order {
            if simplex.tree.parent[node] == NONE {
                simplex.link_to_root(network, node, true, dear);
                if !growth.grow(&mut simplex, node) {
                    return Ok(None);
                }
            }
        }
        Ok(Some(simplex))
    }

    /// Hangs a node on the root, by an arc that leads up to it or down from it.
    fn link_to_root(&mut self, network: &Network, node: usize, is_up: bool, cost: i64) -> usize {
        let (root, at) = (counted(network.nodes()), counted(node));
        let arc = network.arcs() + node;
        (self.from[arc], self.to[arc]) = if is_up { (at, root) } else { (root, at) };
        (self.cost[arc], self.capacity[arc]) = (cost, PLENTY);
        self.tree.hang(at, Link { parent: root, arc: counted(arc), is_up }, cost);
        arc
    }

    /// Hangs a node on the other end of an arc.
    fn link_by(&mut self, arc: usize, node: usize) {
        let is_up = self.from[arc] as usize == node;
        let parent = if is_up { self.to[arc] } else { self.from[arc] };
        self.state[arc] = HELD;
        self.tree.hang(counted(node), Link { parent, arc: counted(arc), is_up }, self.cost[arc]);
    }

    fn is_free(&self, arc: usize) -> bool {
        0 < self.along[arc] && self.along[arc] < self.capacity[arc]
    }
}

/// A price that no way through the network costs.
fn dearer_than_any_way(network: &Network) -> Result<i64, Unsolved> {
    let sums = |sum: i64, supply: &i64| sum.checked_add(*supply);
    let amounts = network.supply.iter().try_fold(0_i64, |sum, supply| sum.checked_add(supply.checked_abs()?));
    if amounts.is_none_or(|amounts| PLENTY < amounts) {
        return Err(Unsolved::TooLarge);
    }
    if network.supply.iter().try_fold(0, sums) != Some(0) {
        return Err(Unsolved::Unbalanced);
    }
    let most = network.cost.iter().map(|cost| cost.unsigned_abs()).max().unwrap_or(0);
    let nodes = i64::try_from(network.nodes()).unwrap_or(i64::MAX);
    let dear =
        i64::try_from(most).ok().and_then(|most| most.checked_add(1)?.checked_mul(nodes.checked_add(1)?));
    dear.filter(|dear| *dear <= DEAREST).ok_or(Unsolved::TooLarge)
}

fn counted(number: usize) -> u32 {
    u32::try_from(number).expect("nodes and arcs are counted in u32")
}

/// The arcs beside each node, as one list cut into pieces.
struct Beside {
    begins: Vec<usize>,
    arcs: Vec<u32>,
}

impl Beside {
    fn of(network: &Network) -> Beside {
        let mut begins = vec![0; network.nodes() + 1];
        let ends = || network.from.iter().chain(&network.to);
        ends().for_each(|node| begins[*node as usize + 1] += 1);
        for node in 0..network.nodes() {
            begins[node + 1] += begins[node];
        }
        let (mut places, mut arcs) = (begins.clone(), vec![0; ends().count()]);
        for (at, node) in ends().enumerate() {
            let place = &mut places[*node as usize];
            arcs[*place] = counted(at % network.arcs());
            *place += 1;
        }
        Beside { begins, arcs }
    }

    fn node(&self, node: usize) -> std::ops::Range<usize> {
        self.begins[node]..self.begins[node + 1]
    }
}

/// Growing the tree from a node over the arcs along which others could send something to it.
struct Growth {
    beside: Beside,
    /// Nodes of the tree whose neighbours were not looked at.
    reached: VecDeque<usize>,
    /// Those of them whose free arcs were not followed: these must all be in the tree.
    free: Vec<usize>,
}

impl Growth {
    /// Whether all free arcs that were met found a place in the tree.
    fn grow(&mut self, simplex: &mut Simplex, top: usize) -> bool {
        if !self.take(simplex, top) {
            return false;
        }
        while let Some(node) = self.reached.pop_front() {
            for place in self.beside.node(node) {
                let arc = self.beside.arcs[place] as usize;
                let (from, to) = (simplex.from[arc] as usize, simplex.to[arc] as usize);
                let other = if from == node { to } else { from };
                let is_room = if to == node {
                    simplex.along[arc] < simplex.capacity[arc]
                } else {
                    0 < simplex.along[arc]
                };
                if is_room && simplex.tree.parent[other] == NONE {
                    simplex.link_by(arc, other);
                    if !self.take(simplex, other) {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// Takes in a node that just came into the tree, and all that hang together with it by free arcs.
    fn take(&mut self, simplex: &mut Simplex, node: usize) -> bool {
        self.free.push(node);
        while let Some(node) = self.free.pop() {
            self.reached.push_back(node);
            for place in self.beside.node(node) {
                let arc = self.beside.arcs[place] as usize;
                if !simplex.is_free(arc) || simplex.state[arc] == HELD {
                    continue;
                }
                let (from, to) = (simplex.from[arc] as usize, simplex.to[arc] as usize);
                let other = if from == node { to } else { from };
                if simplex.tree.parent[other] != NONE {
                    return false;
                }
                simplex.link_by(arc, other);
                self.free.push(other);
            }
        }
        true
    }
}
