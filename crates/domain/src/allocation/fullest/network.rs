//! Children, their days and the offerings as a network, with the goals of the mode as costs of its arcs.

use crate::allocation::flow::Network;
use crate::allocation::lots::Lots;
use crate::allocation::market::{Market, compact, day};

/// The network with the meaning of its arcs. Node 0 takes all seats, given or not.
pub(super) struct Seating {
    pub(super) network: Network,
    children: Vec<Child>,
    chances: Vec<Chance>,
    /// The number of wishes of the market.
    wishes: usize,
    /// For each offering its arc to node 0, if anybody may have a seat there.
    filled: Vec<Option<u32>>,
}

/// A child with a wish that may be granted.
struct Child {
    is_priority: bool,
    /// How many seats it could have.
    seats: i64,
    /// Its arc for seats that are not given while it has one, and the arc for the last of them.
    some: u32,
    last: u32,
}

/// A wish that may be granted.
struct Chance {
    /// By its place in the market.
    wish: usize,
    child: usize,
    /// By its place in the market.
    applicant: usize,
    offering: u32,
    arc: u32,
    /// The arc from the child to its day, where the day has a node of its own.
    day: Option<u32>,
}

impl Seating {
    /// The network of the wishes that may be granted besides those that were before.
    pub(super) fn of(market: &Market, may: &[bool], before: &[bool]) -> Seating {
        let (network, filled) = (Network::new(1), vec![None; market.offerings().len()]);
        let (children, chances) = (Vec::new(), Vec::new());
        let mut seating = Seating { network, children, chances, wishes: may.len(), filled };
        let mut nodes = vec![None; market.offerings().len()];
        for applicant in 0..market.applicants().len() {
            let has = market.wishes_of(applicant).filter(|wish| before[*wish]).count();
            seating.add(market, (may, has), applicant, &mut nodes);
        }
        seating
    }

    /// The flow of an allocation.
    pub(super) fn known(&self, has: &[bool]) -> Vec<i64> {
        let mut along = vec![0; self.network.arcs()];
        let mut missed: Vec<i64> = self.children.iter().map(|child| child.seats).collect();
        for chance in self.chances.iter().filter(|chance| has[chance.wish]) {
            missed[chance.child] -= 1;
            let arcs = [Some(chance.arc), chance.day, self.filled[chance.offering as usize]];
            arcs.into_iter().flatten().for_each(|arc| along[arc as usize] += 1);
        }
        for (child, missed) in self.children.iter().zip(missed) {
            along[child.some as usize] = missed.min(child.seats - 1);
            along[child.last as usize] = missed - missed.min(child.seats - 1);
        }
        along
    }

    /// For each wish of the market, whether the flow grants it.
    pub(super) fn granted(&self, along: &[i64]) -> Vec<bool> {
        let mut has = vec![false; self.wishes];
        let granted = self.chances.iter().filter(|chance| 0 < along[chance.arc as usize]);
        granted.for_each(|chance| has[chance.wish] = true);
        has
    }

    /// The goals, the more important first.
    pub(super) fn goals(&self, market: &Market, lots: &Lots) -> Vec<Vec<i64>> {
        let nothing = || vec![0; self.network.arcs()];
        let (mut priority, mut seats, mut some) = (nothing(), nothing(), nothing());
        for child in &self.children {
            for arc in [child.some as usize, child.last as usize] {
                (priority[arc], seats[arc]) = (i64::from(child.is_priority), 1);
            }
            some[child.last as usize] = 1;
        }
        let ranks = self.chances.iter().map(|chance| market.wishes()[chance.wish].rank);
        let mut goals = vec![priority, seats, some];
        goals.resize(3 + usize::from(ranks.max().unwrap_or(0)), nothing());
        for chance in &self.chances {
            goals[2 + usize::from(market.wishes()[chance.wish].rank)][chance.arc as usize] = -1;
        }
        let (mut draw, places) = (nothing(), places(market, lots));
        for chance in &self.chances {
            let weekday = market.wished(chance.wish).weekday;
            let is_new = !market.wishes()[chance.wish].continues;
            draw[chance.arc as usize] = places[chance.applicant][usize::from(is_new)][day(weekday)];
        }
        goals.push(draw);
        goals
    }

    fn add(
        &mut self,
        market: &Market,
        (may, has): (&[bool], usize),
        applicant: usize,
        nodes: &mut [Option<u32>],
    ) {
        let mut days: [Vec<usize>; 7] = Default::default();
        for wish in market.wishes_of(applicant).filter(|wish| may[*wish]) {
            days[day(market.wished(wish).weekday)].push(wish);
        }
        let child = &market.applicants()[applicant];
        let wished = days.iter().filter(|wishes| !wishes.is_empty()).count();
        let left = i64::from(child.weekly_limit) - i64::from(compact(has));
        let seats = left.min(i64::from(compact(wished)));
        if seats <= 0 {
            return;
        }
        let node = self.network.add_node(seats);
        self.network.give(0, -seats);
        let some = compact(self.network.add_arc(node, 0, seats - 1, 0));
        let last = compact(self.network.add_arc(node, 0, 1, 0));
        self.children.push(Child { is_priority: child.tier == 0, seats, some, last });
        for wishes in days.iter().filter(|wishes| !wishes.is_empty()) {
            self.add_day(market, (applicant, node), wishes, nodes);
        }
    }

    fn add_day(
        &mut self,
        market: &Market,
        (applicant, node): (usize, u32),
        wishes: &[usize],
        nodes: &mut [Option<u32>],
    ) {
        let (mut from, mut day) = (node, None);
        if 1 < wishes.len() {
            from = self.network.add_node(0);
            day = Some(compact(self.network.add_arc(node, from, 1, 0)));
        }
        for wish in wishes {
            let offering = market.wishes()[*wish].offering;
            let to = self.offering(market, offering, nodes);
            let arc = compact(self.network.add_arc(from, to, 1, 0));
            let child = self.children.len() - 1;
            self.chances.push(Chance { wish: *wish, child, applicant, offering, arc, day });
        }
    }

    fn offering(&mut self, market: &Market, offering: u32, nodes: &mut [Option<u32>]) -> u32 {
        *nodes[offering as usize].get_or_insert_with(|| {
            let node = self.network.add_node(0);
            let seats = i64::from(market.offerings()[offering as usize].capacity);
            self.filled[offering as usize] = Some(compact(self.network.add_arc(node, 0, seats, 0)));
            node
        })
    }
}

/// For each applicant and weekday how many places come before its own in that day's draw, the priority groups first:
/// for what it goes on with, and for what is new to it.
fn places(market: &Market, lots: &Lots) -> Vec<[[i64; 7]; 2]> {
    let mut places = vec![[[0; 7]; 2]; market.applicants().len()];
    let mut asking: [Vec<_>; 7] = Default::default();
    for applicant in 0..market.applicants().len() {
        for wish in market.first_wishes_of(applicant) {
            let weekday = market.wished(wish).weekday;
            asking[day(weekday)].push((lots.place(market, applicant, weekday), applicant));
        }
        for wish in market.wishes_of(applicant).filter(|wish| market.wishes()[*wish].continues) {
            let weekday = market.wished(wish).weekday;
            asking[day(weekday)].push((lots.place_for(market, applicant, wish), applicant));
        }
    }
    for (weekday, asking) in asking.iter_mut().enumerate() {
        asking.sort_unstable();
        asking.dedup();
        for (before, (place, applicant)) in (0..).zip(asking.iter()) {
            places[*applicant][usize::from(place.is_new)][weekday] = before;
        }
    }
    places
}
