//! The best groups of one grade, with the small neighbours that join it: branch and bound in the order of the
//! classes, so that of equally good packings the first in that order is found.

use super::bins::{Fewest, fewest};
use super::{ClassNo, Part};

/// How many steps are taken before the search is content with what it has.
const MOST_STEPS: u32 = 2_000_000;

/// Where an item comes from, seen from the grade whose groups are formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// A class of the grade.
    Home,
    /// The whole grade below.
    Below,
    /// The whole grade above.
    Above,
}

impl Side {
    /// Whether both may sit in one group: the grades below and above may not, that were three grades.
    pub(super) fn meets(self, other: Side) -> bool {
        self == Side::Home || other == Side::Home || self == other
    }

    /// The side of a group after this one came in.
    pub(super) fn joined(self, other: Side) -> Side {
        if self == Side::Home { other } else { self }
    }
}

/// What sits together in any case: a class, a part of a large one, or a grade that is one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// How many children.
    pub(super) size: u32,
    /// From where.
    pub(super) side: Side,
    /// Whether it takes in nobody.
    pub(super) alone: bool,
    /// Who.
    pub(super) parts: Vec<Part>,
    /// Its children by the running group they sit in.
    pub(super) running: Vec<(u32, u32)>,
}

/// What a packing costs, the more important first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    /// Groups, and so teachers.
    pub(super) groups: usize,
    /// Children in groups of two grades.
    pub(super) across: u32,
    /// Children who leave their running group.
    pub(super) moved: u32,
    /// The sum of the squared sizes: smaller is more even.
    pub(super) squares: u64,
}

impl std::ops::Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost {
            groups: self.groups + other.groups,
            across: self.across + other.across,
            moved: self.moved + other.moved,
            squares: self.squares + other.squares,
        }
    }
}

/// The groups of one grade.
#[derive(Debug)]
pub(super) struct Packing {
    /// What they cost.
    pub(super) cost: Cost,
    /// Who sits in each, with whether it is a class by itself.
    pub(super) groups: Vec<(bool, Vec<Part>)>,
    /// Whether none is better.
    pub(super) proved: bool,
}

impl Packing {
    /// The classes of the groups, to choose among equals.
    pub(super) fn order(&self) -> impl Iterator<Item = Vec<ClassNo>> {
        self.groups.iter().map(|(_, parts)| parts.iter().map(|part| part.class).collect())
    }
}

/// The best packing; nothing when a grade that joins would have to sit by itself. Items stand in the order of
/// their classes and are at most 64.
pub(super) fn pack(items: &[Item], cap: u32) -> Option<Packing> {
    let least = fewest(items, cap);
    let mut search = Search::new(items, cap, &least);
    let alone = search.mask(|item| item.alone);
    let shared = search.mask(|item| !item.alone);
    let sum = items.iter().filter(|item| !item.alone).map(|item| item.size).sum();
    search.next(Rest { alone, shared, sum }, Cost::default());
    let found = search.best.take().or_else(|| search.as_found(&least))?;
    let proved = least.proved && search.steps <= MOST_STEPS;
    Some(Packing {
        cost: found.0,
        groups: found.1.into_iter().map(|mask| search.group(mask)).collect(),
        proved,
    })
}

/// Who has no group yet.
#[derive(Clone, Copy)]
struct Rest {
    alone: u64,
    shared: u64,
    /// The children of the shared ones.
    sum: u32,
}

/// The group that is being filled.
#[derive(Clone, Copy)]
struct Open {
    items: u64,
    load: u32,
    side: Side,
    /// Whether somebody of the grade itself is in it.
    home: bool,
    last: u32,
}

struct Search<'a> {
    items: &'a [Item],
    cap: u32,
    /// How many groups there are to be.
    count: usize,
    /// Items that no second one fits beside.
    large: u64,
    /// For each item the earlier ones that it could stand for.
    twins: Vec<u64>,
    /// Whether anybody sits in a running group.
    has_running: bool,
    /// The groups so far, with the running group that each carries on.
    groups: Vec<(u64, Option<u32>)>,
    best: Option<(Cost, Vec<u64>)>,
    steps: u32,
}

impl<'a> Search<'a> {
    fn new(items: &'a [Item], cap: u32, least: &Fewest) -> Search<'a> {
        let alone = items.iter().filter(|item| item.alone).count();
        let alike = |at: usize| {
            let earlier = (0..at).filter(|other| {
                let (one, other) = (&items[*other], &items[at]);
                (one.size, one.side, &one.running) == (other.size, other.side, &other.running)
            });
            earlier.fold(0, |mask, other| mask | 1 << other)
        };
        let mut search = Search {
            items,
            cap,
            count: alone + least.groups.len(),
            large: 0,
            twins: (0..items.len()).map(alike).collect(),
            has_running: items.iter().any(|item| !item.running.is_empty()),
            groups: Vec::new(),
            best: None,
            steps: 0,
        };
        search.large = search.mask(|item| !item.alone && cap < 2 * item.size);
        search
    }

    fn mask(&self, is_in: impl Fn(&Item) -> bool) -> u64 {
        let places = self.items.iter().enumerate().filter(|(_, item)| is_in(item));
        places.fold(0, |mask, (at, _)| mask | 1 << at)
    }

    /// Begins the next group with the first class that has none.
    fn next(&mut self, rest: Rest, cost: Cost) {
        if rest.alone != 0 {
            let first = rest.alone.trailing_zeros();
            let rest = Rest { alone: rest.alone & (rest.alone - 1), ..rest };
            return self.close(self.opened(first), rest, cost);
        }
        if rest.shared == 0 {
            if self.best.as_ref().is_none_or(|(best, _)| cost < *best) {
                self.best = Some((cost, self.groups.iter().map(|(items, _)| *items).collect()));
            }
            return;
        }
        let first = rest.shared.trailing_zeros();
        self.extend(self.opened(first), self.without(rest, first), cost);
    }

    fn opened(&self, first: u32) -> Open {
        let item = &self.items[first as usize];
        let home = item.side == Side::Home;
        Open { items: 1 << first, load: item.size, side: item.side, home, last: first }
    }

    fn without(&self, rest: Rest, at: u32) -> Rest {
        Rest { shared: rest.shared & !(1 << at), sum: rest.sum - self.items[at as usize].size, ..rest }
    }

    /// Closes the group as it is, then tries it with each later class that fits.
    fn extend(&mut self, open: Open, rest: Rest, cost: Cost) {
        self.steps += 1;
        if MOST_STEPS < self.steps {
            return;
        }
        self.close(open, rest, cost);
        let mut later = rest.shared & (!1_u64 << open.last);
        while later != 0 {
            let at = later.trailing_zeros();
            later &= later - 1;
            let item = &self.items[at as usize];
            let fits = open.load + item.size <= self.cap && open.side.meets(item.side);
            // an earlier class of the same size would do as well and comes first in order
            if fits && self.twins[at as usize] & rest.shared == 0 {
                let open = Open {
                    items: open.items | 1 << at,
                    load: open.load + item.size,
                    side: open.side.joined(item.side),
                    home: open.home || item.side == Side::Home,
                    last: at,
                };
                self.extend(open, self.without(rest, at), cost);
            }
        }
    }

    /// Ends the group unless what is left can then no longer beat the best.
    fn close(&mut self, open: Open, rest: Rest, cost: Cost) {
        let groups = self.count - self.groups.len() - 1 - rest.alone.count_ones() as usize;
        let is_across = open.side != Side::Home;
        if !self.can_hold(rest, groups) || (is_across && !open.home) {
            return;
        }
        let across = if is_across { open.load } else { 0 };
        let own = Cost { groups: 1, across, moved: 0, squares: u64::from(open.load).pow(2) };
        let cost = cost + own;
        if !self.has_running {
            return self.go_on(open.items, None, rest, cost);
        }
        let (all, labels) = self.carried(open.items);
        for (label, stay) in labels {
            self.go_on(open.items, Some(label), rest, cost + Cost { moved: all - stay, ..Cost::default() });
        }
        self.go_on(open.items, None, rest, cost + Cost { moved: all, ..Cost::default() });
    }

    /// Whether so many groups can hold what is left, none of them empty.
    fn can_hold(&self, rest: Rest, groups: usize) -> bool {
        let (shared, large) = (rest.shared.count_ones() as usize, (rest.shared & self.large).count_ones());
        rest.sum as usize <= groups * self.cap as usize && groups <= shared && large as usize <= groups
    }

    fn go_on(&mut self, items: u64, label: Option<u32>, rest: Rest, cost: Cost) {
        let groups = self.count - self.groups.len() - 1 - rest.alone.count_ones() as usize;
        let bound = cost + Cost { groups, squares: least_squares(rest.sum, groups), ..Cost::default() };
        let alone = Cost { groups: rest.alone.count_ones() as usize, ..Cost::default() };
        if self.best.as_ref().is_none_or(|(best, _)| bound + alone < *best) {
            self.groups.push((items, label));
            self.next(rest, cost);
            self.groups.pop();
        }
    }

    /// How many of these sit in running groups, and how many would stay for each group that could be carried on;
    /// most first.
    fn carried(&self, items: u64) -> (u32, Vec<(u32, u32)>) {
        let mut labels: Vec<(u32, u32)> = Vec::new();
        let inside = (0..self.items.len()).filter(|at| items & 1 << at != 0);
        for (label, children) in inside.flat_map(|at| self.items[at].running.iter().copied()) {
            match labels.iter_mut().find(|(known, _)| *known == label) {
                Some((_, stay)) => *stay += children,
                None => labels.push((label, children)),
            }
        }
        let all = labels.iter().map(|(_, stay)| stay).sum();
        labels.retain(|(label, _)| self.groups.iter().all(|(_, taken)| *taken != Some(*label)));
        labels.sort_by_key(|(label, stay)| (std::cmp::Reverse(*stay), *label));
        (all, labels)
    }

    /// The packing that counted the groups, when the search for a better one ended without any.
    fn as_found(&self, least: &Fewest) -> Option<(Cost, Vec<u64>)> {
        let alone = (0..self.items.len()).filter(|at| self.items[*at].alone).map(|at| 1 << at);
        let mut masks: Vec<u64> = alone.chain(least.groups.iter().copied()).collect();
        masks.sort_by_key(|mask| mask.trailing_zeros());
        let costs: Option<Vec<Cost>> = masks.iter().map(|mask| self.cost_of(*mask)).collect();
        Some((costs?.into_iter().fold(Cost::default(), std::ops::Add::add), masks))
    }

    /// What a group costs that carries on no running one; nothing when it may not be.
    fn cost_of(&self, mask: u64) -> Option<Cost> {
        let inside = (0..self.items.len()).filter(|at| mask & 1 << at != 0).map(|at| &self.items[at]);
        let (mut load, mut moved, mut home, mut across) = (0, 0, false, false);
        for item in inside {
            load += item.size;
            moved += item.running.iter().map(|(_, children)| children).sum::<u32>();
            home |= item.side == Side::Home;
            across |= item.side != Side::Home;
        }
        let squares = u64::from(load).pow(2);
        (home || !across).then_some(Cost { groups: 1, across: if across { load } else { 0 }, moved, squares })
    }

    fn group(&self, mask: u64) -> (bool, Vec<Part>) {
        let inside = || (0..self.items.len()).filter(|at| mask & 1 << at != 0).map(|at| &self.items[at]);
        let parts = inside().flat_map(|item| item.parts.iter().copied()).collect();
        (inside().any(|item| item.alone), parts)
    }
}

/// The least sum of squares of so many children in so many groups.
fn least_squares(children: u32, groups: usize) -> u64 {
    let (children, groups) = (u64::from(children), groups as u64);
    if groups == 0 {
        return 0;
    }
    let (each, more) = (children / groups, children % groups);
    groups * each * each + more * (2 * each + 1)
}
