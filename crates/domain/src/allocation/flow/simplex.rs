//! The steps of the simplex: an arc enters the tree, flow goes round the circle that it closes, an arc leaves.

use super::tree::{Link, Tree};
use super::{Flow, Network, Unsolved};

/// Where an arc stands. The number times its reduced cost is below 0 when it pays to let the arc enter.
pub(super) const EMPTY: i8 = 1;
pub(super) const FULL: i8 = -1;
/// In the tree, or of no capacity: never enters.
pub(super) const HELD: i8 = 0;

/// A network with its tree. The arcs of the network come first, then one arc between each node and the root.
#[derive(Debug)]
pub(super) struct Simplex {
    pub(super) from: Vec<u32>,
    pub(super) to: Vec<u32>,
    pub(super) cost: Vec<i64>,
    pub(super) capacity: Vec<i64>,
    pub(super) along: Vec<i64>,
    pub(super) state: Vec<i8>,
    pub(super) tree: Tree,
    /// How many arcs the network has.
    arcs: usize,
    /// How many are priced at a time.
    block: usize,
    /// Where pricing goes on.
    next: usize,
}

/// A node below the arc that blocks, and how much the arc lets through.
#[derive(Clone, Copy)]
struct Blocking {
    node: Option<u32>,
    room: i64,
}

impl Simplex {
    /// The arrays of a network with room for the root's arcs, all empty and no tree yet.
    pub(super) fn new(network: &Network) -> Simplex {
        let (nodes, arcs) = (network.nodes(), network.arcs());
        let with_room = |list: &[i64]| [list, &vec![0; nodes]].concat();
        let state = network.capacity.iter().map(|capacity| if *capacity == 0 { HELD } else { EMPTY });
        Simplex {
            from: [&network.from[..], &vec![0; nodes]].concat(),
            to: [&network.to[..], &vec![0; nodes]].concat(),
            cost: with_room(&network.cost),
            capacity: with_room(&network.capacity),
            along: vec![0; arcs + nodes],
            state: state.chain(std::iter::repeat_n(HELD, nodes)).collect(),
            tree: Tree::new(nodes + 1),
            arcs,
            block: arcs.isqrt().max(20),
            next: 0,
        }
    }

    /// Takes steps until none pays.
    pub(super) fn run(&mut self) {
        while let Some(arc) = self.entering() {
            self.step(arc);
        }
    }

    /// The flow that was found.
    pub(super) fn flow(mut self, network: &Network) -> Result<Flow, Unsolved> {
        if self.along[self.arcs..].iter().any(|along| *along != 0) {
            return Err(Unsolved::Infeasible);
        }
        self.along.truncate(self.arcs);
        self.tree.price.pop();
        let cost = network.cost_of(&self.along).ok_or(Unsolved::TooLarge)?;
        Ok(Flow { along: self.along, price: self.tree.price, cost })
    }

    /// The arc that pays most in the first block where one pays, going round the list once.
    fn entering(&mut self) -> Option<usize> {
        let mut start = self.next;
        let mut left = self.arcs;
        while 0 < left {
            let end = self.arcs.min(start + self.block).min(start + left);
            if let Some(arc) = self.best_of(start, end) {
                self.next = if end == self.arcs { 0 } else { end };
                return Some(arc);
            }
            left -= end - start;
            start = if end == self.arcs { 0 } else { end };
        }
        None
    }

    fn best_of(&self, start: usize, end: usize) -> Option<usize> {
        let price = &self.tree.price[..];
        let ends = self.from[start..end].iter().zip(&self.to[start..end]);
        let costs = self.cost[start..end].iter().zip(&self.state[start..end]);
        let (mut best, mut found) = (0, None);
        for (at, ((from, to), (cost, state))) in ends.zip(costs).enumerate() {
            let pays = i64::from(*state) * (cost + price[*from as usize] - price[*to as usize]);
            if pays < best {
                (best, found) = (pays, Some(start + at));
            }
        }
        found
    }

    /// Sends as much as possible round the circle of the entering arc, against its direction when it is full.
    fn step(&mut self, entering: usize) {
        let (from, to) = (self.from[entering], self.to[entering]);
        let (tail, head) = if self.state[entering] == EMPTY { (from, to) } else { (to, from) };
        let meeting = self.tree.meeting(tail, head);
        // of all that block, the last on the way from the meeting round the circle leaves: the tree stays strong
        let before = self.blocking_before(tail, meeting, self.capacity[entering]);
        let after = self.blocking_after(head, meeting, before.room);
        self.push(entering, meeting, after.room);
        let (top, foot, parent) = match (after.node, before.node) {
            (Some(top), _) => (top, head, tail),
            (None, Some(top)) => (top, tail, head),
            (None, None) => {
                self.state[entering] = -self.state[entering];
                return;
            }
        };
        self.state[entering] = HELD;
        self.release(self.tree.arc[top as usize] as usize);
        let arc = u32::try_from(entering).expect("arcs are counted in u32");
        let link = Link { parent, arc, is_up: from == foot };
        self.tree.rehang(top, foot, link, self.cost[entering]);
    }

    /// Between the meeting and the tail the flow goes down the tree.
    fn blocking_before(&self, tail: u32, meeting: u32, room: i64) -> Blocking {
        let mut found = Blocking { node: None, room };
        let mut node = tail;
        while node != meeting {
            let room = self.room(node, !self.tree.is_up[node as usize]);
            if room < found.room {
                found = Blocking { node: Some(node), room };
            }
            node = self.tree.parent[node as usize];
        }
        found
    }

    /// Between the head and the meeting the flow goes up the tree.
    fn blocking_after(&self, head: u32, meeting: u32, room: i64) -> Blocking {
        let mut found = Blocking { node: None, room };
        let mut node = head;
        while node != meeting {
            let room = self.room(node, self.tree.is_up[node as usize]);
            if room <= found.room {
                found = Blocking { node: Some(node), room };
            }
            node = self.tree.parent[node as usize];
        }
        found
    }

    /// How much more the arc above the node takes, along its direction or against it.
    fn room(&self, node: u32, is_along: bool) -> i64 {
        let arc = self.tree.arc[node as usize] as usize;
        if is_along { self.capacity[arc] - self.along[arc] } else { self.along[arc] }
    }

    fn push(&mut self, entering: usize, meeting: u32, amount: i64) {
        if amount == 0 {
            return;
        }
        let amount = i64::from(self.state[entering]) * amount;
        self.along[entering] += amount;
        for (end, amount) in [(self.from[entering], -amount), (self.to[entering], amount)] {
            let mut node = end;
            while node != meeting {
                let at = node as usize;
                let arc = self.tree.arc[at] as usize;
                self.along[arc] += if self.tree.is_up[at] { amount } else { -amount };
                node = self.tree.parent[at];
            }
        }
    }

    /// Lets an arc leave the tree.
    fn release(&mut self, arc: usize) {
        self.state[arc] = if self.along[arc] == 0 { EMPTY } else { FULL };
    }
}
