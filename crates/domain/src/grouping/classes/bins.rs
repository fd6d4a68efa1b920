//! The fewest groups that hold all: branch and bound over the items, largest first.

use super::pack::{Item, Side};

/// How many steps are taken before the search is content with what it has.
const MOST_STEPS: u32 = 1_000_000;

/// What the search found.
pub(super) struct Fewest {
    /// The items of each group, by their place.
    pub(super) groups: Vec<u64>,
    /// Whether no smaller number is possible.
    pub(super) proved: bool,
}

/// Puts the items that share into as few groups of `cap` as possible.
pub(super) fn fewest(items: &[Item], cap: u32) -> Fewest {
    let mut order: Vec<usize> = (0..items.len()).filter(|at| !items[*at].alone).collect();
    order.sort_by_key(|at| std::cmp::Reverse(items[*at].size));
    let left = order.iter().map(|at| items[*at].size).sum();
    let mut search = Search {
        items,
        order,
        cap,
        best: Vec::new(),
        known: usize::MAX,
        least: 0,
        bins: Vec::new(),
        steps: 0,
    };
    search.least = search.lower_bound(left);
    search.place(0, left);
    Fewest { proved: search.steps <= MOST_STEPS || search.known == search.least, groups: search.best }
}

/// A group that is being filled.
#[derive(Clone, Copy)]
struct Bin {
    items: u64,
    load: u32,
    side: Side,
}

struct Search<'a> {
    items: &'a [Item],
    order: Vec<usize>,
    cap: u32,
    least: usize,
    best: Vec<u64>,
    known: usize,
    bins: Vec<Bin>,
    steps: u32,
}

impl Search<'_> {
    /// No packing needs fewer: by the sum, and by the items of which no two fit together.
    fn lower_bound(&self, sum: u32) -> usize {
        let sizes = self.order.iter().map(|at| self.items[*at].size);
        let large = sizes.filter(|size| self.cap < 2 * size).count();
        large.max(sum.div_ceil(self.cap) as usize)
    }

    fn place(&mut self, depth: usize, left: u32) {
        self.steps += 1;
        if depth == self.order.len() {
            if self.bins.len() < self.known {
                self.known = self.bins.len();
                self.best = self.bins.iter().map(|bin| bin.items).collect();
            }
            return;
        }
        if MOST_STEPS < self.steps || self.is_hopeless(left) {
            return;
        }
        let at = self.order[depth];
        let left = left - self.items[at].size;
        for bin in 0..self.bins.len() {
            let before = self.bins[bin];
            let alike = |other: &Bin| other.load == before.load && other.side == before.side;
            if !self.bins[..bin].iter().any(alike) && self.fits(before, at) {
                self.bins[bin] = self.with(before, at);
                self.place(depth + 1, left);
                self.bins[bin] = before;
            }
        }
        self.bins.push(self.with(Bin { items: 0, load: 0, side: Side::Home }, at));
        self.place(depth + 1, left);
        self.bins.pop();
    }

    /// Whether what is left needs at least as many groups as are known to do.
    fn is_hopeless(&self, left: u32) -> bool {
        let free: u32 = self.bins.iter().map(|bin| self.cap - bin.load).sum();
        let more = left.saturating_sub(free).div_ceil(self.cap) as usize;
        self.known <= self.least || self.known <= self.bins.len() + more
    }

    fn fits(&self, bin: Bin, at: usize) -> bool {
        let item = &self.items[at];
        bin.load + item.size <= self.cap && bin.side.meets(item.side)
    }

    fn with(&self, bin: Bin, at: usize) -> Bin {
        let item = &self.items[at];
        Bin { items: bin.items | 1 << at, load: bin.load + item.size, side: bin.side.joined(item.side) }
    }
}
