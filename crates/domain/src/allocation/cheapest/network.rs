//! What is contested, as a network: children give the seats they ask for, one node takes them all.

use super::thin::Lists;
use crate::allocation::flow::Network;
use crate::allocation::market::compact;
use crate::allocation::objective::{EMPTY_HANDED, weight};

/// The network with the meaning of its arcs. Node 0 takes all seats, given or not.
pub(super) struct Seating {
    pub(super) network: Network,
    chances: Vec<Chance>,
    /// For each child whose lists share a limit, and for each list that stands for itself: the arc of its seats
    /// that are not given.
    missed: Vec<Missed>,
    /// For each offering its arc to node 0, if it is contested.
    filled: Vec<Option<u32>>,
}

/// A wish that may be granted.
struct Chance {
    wish: u32,
    arc: u32,
    /// Whether the child is of a priority group, which weighs more.
    weight: i64,
    rank: u16,
    offering: u32,
    giver: u32,
    /// The arc from the child to its day, where the day has a node of its own.
    day: Option<u32>,
    /// The list, by its place among those that are open.
    list: u32,
}

/// Seats that a node may miss.
#[derive(Clone, Copy)]
struct Missed {
    arc: Option<u32>,
    seats: u32,
}

/// Where a list begins in the network.
#[derive(Clone, Copy)]
struct Giver {
    /// Its place in `missed`.
    at: u32,
    node: u32,
    is_shared: bool,
}

impl Seating {
    /// The open lists as a network.
    pub(super) fn of(lists: &Lists<'_>) -> Seating {
        let filled = vec![None; lists.market.offerings().len()];
        let (network, chances, missed) = (Network::new(1), Vec::new(), Vec::new());
        let mut seating = Seating { network, chances, missed, filled };
        let mut nodes: Vec<Option<u32>> = vec![None; seating.filled.len()];
        let mut last: Option<(u32, Giver)> = None;
        for (number, list) in lists.open().enumerate() {
            let applicant = lists.applicant(list);
            let shared = last.filter(|(known, giver)| *known == applicant && giver.is_shared);
            let giver = shared.map_or_else(|| seating.giver(lists, list), |(_, giver)| giver);
            last = Some((applicant, giver));
            seating.add(lists, (list, compact(number)), giver, &mut nodes);
        }
        seating
    }

    /// The wishes that the flow grants.
    pub(super) fn granted(&self, along: &[i64]) -> impl Iterator<Item = usize> {
        let granted = self.chances.iter().filter(|chance| 0 < along[chance.arc as usize]);
        granted.map(|chance| chance.wish as usize)
    }

    /// A flow to begin with: first wishes first, priority groups before all others.
    pub(super) fn greedy(&self, lists: &Lists<'_>) -> Vec<i64> {
        let mut order: Vec<&Chance> = self.chances.iter().collect();
        order.sort_by_key(|chance| (-chance.weight, chance.rank));
        let mut along = vec![0; self.network.arcs()];
        let mut missed = self.missed.clone();
        let mut has_seat = vec![false; lists.open().count()];
        let mut seats: Vec<Option<u32>> =
            (0..compact(self.filled.len())).map(|offering| lists.contested(offering)).collect();
        for chance in order {
            let (giver, seats) = (&mut missed[chance.giver as usize], &mut seats[chance.offering as usize]);
            if giver.seats == 0 || *seats == Some(0) || has_seat[chance.list as usize] {
                continue;
            }
            has_seat[chance.list as usize] = true;
            giver.seats -= 1;
            *seats = seats.map(|seats| seats - 1);
            let arcs = [Some(chance.arc), chance.day, self.filled[chance.offering as usize]];
            arcs.into_iter().flatten().for_each(|arc| along[arc as usize] += 1);
        }
        for missed in missed {
            missed.arc.into_iter().for_each(|arc| along[arc as usize] = i64::from(missed.seats));
        }
        along
    }

    /// The node that gives the seats of a list: the child's, or the list's own where each stands for itself.
    fn giver(&mut self, lists: &Lists<'_>, list: usize) -> Giver {
        let applicant = lists.applicant(list);
        let limit = lists.limit(applicant);
        let seats = limit.unwrap_or(1);
        let node = self.network.add_node(i64::from(seats));
        self.network.give(0, -i64::from(seats));
        let ends_free =
            lists.wishes(list).last().is_some_and(|wish| lists.contested(lists.offering(*wish)).is_none());
        // a list of its own that ends with a free seat misses nothing
        let arc = (limit.is_some() || !ends_free).then(|| {
            let cost = weight(&lists.market.applicants()[applicant as usize]) * EMPTY_HANDED;
            compact(self.network.add_arc(node, 0, i64::from(seats), cost.cast_signed()))
        });
        self.missed.push(Missed { arc, seats });
        Giver { at: compact(self.missed.len() - 1), node, is_shared: limit.is_some() }
    }

    fn add(
        &mut self,
        lists: &Lists<'_>,
        (list, number): (usize, u32),
        giver: Giver,
        nodes: &mut [Option<u32>],
    ) {
        let weight = weight(&lists.market.applicants()[lists.applicant(list) as usize]).cast_signed();
        let wishes = lists.wishes(list);
        let (mut node, mut day) = (giver.node, None);
        if giver.is_shared && 1 < wishes.len() {
            node = self.network.add_node(0);
            day = Some(compact(self.network.add_arc(giver.node, node, 1, 0)));
        }
        for wish in wishes {
            let (offering, rank) = (lists.offering(*wish), lists.market.wishes()[*wish as usize].rank);
            let to = self.offering(lists, offering, nodes);
            let arc = compact(self.network.add_arc(node, to, 1, weight * i64::from(rank)));
            self.chances.push(Chance {
                wish: *wish,
                arc,
                weight,
                rank,
                offering,
                giver: giver.at,
                day,
                list: number,
            });
        }
    }

    /// The node of a contested offering; free seats go straight to node 0.
    fn offering(&mut self, lists: &Lists<'_>, offering: u32, nodes: &mut [Option<u32>]) -> u32 {
        let Some(seats) = lists.contested(offering) else { return 0 };
        *nodes[offering as usize].get_or_insert_with(|| {
            let node = self.network.add_node(0);
            let arc = self.network.add_arc(node, 0, i64::from(seats), 0);
            self.filled[offering as usize] = Some(compact(arc));
            node
        })
    }
}
