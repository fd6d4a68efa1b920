use proptest::prelude::*;

use super::*;

/// Nodes by supply, then arcs as from, to, capacity, cost.
fn network(supply: &[i64], arcs: &[(u32, u32, i64, i64)]) -> Network {
    let mut network = Network::new(0);
    for supply in supply {
        network.add_node(*supply);
    }
    for (from, to, capacity, cost) in arcs {
        network.add_arc(*from, *to, *capacity, *cost);
    }
    network
}

#[track_caller]
fn check(supply: &[i64], arcs: &[(u32, u32, i64, i64)], expected: Result<&[i64], Unsolved>) {
    let found = solve(&network(supply, arcs));
    assert_eq!(found.map(|flow| flow.along), expected.map(<[i64]>::to_vec));
}

#[test]
fn the_cheaper_way_is_filled_first() {
    check(&[3, 0, -3], &[(0, 1, 2, 1), (1, 2, 9, 1), (0, 2, 9, 5)], Ok(&[2, 2, 1]));
}

#[test]
fn parallel_arcs_of_rising_cost_are_a_convex_price() {
    let arcs = [
        (0, 2, 1, 1),
        (0, 2, 1, 3),
        (0, 2, 1, 5),
        (1, 2, 1, 1),
        (1, 2, 1, 3),
        (1, 2, 1, 5),
        (3, 0, 4, 0),
        (3, 1, 4, 0),
    ];
    check(&[0, 0, -4, 4], &arcs, Ok(&[1, 1, 0, 1, 1, 0, 2, 2]));
}

#[test]
fn a_circle_that_pays_is_used() {
    check(&[0, 0], &[(0, 1, 2, -3), (1, 0, 5, 1)], Ok(&[2, 2]));
    check(&[0], &[(0, 0, 2, -3), (0, 0, 2, 3)], Ok(&[2, 0]));
}

#[test]
fn a_network_without_nodes_or_arcs_is_solved() {
    check(&[], &[], Ok(&[]));
    check(&[0, 0], &[], Ok(&[]));
}

#[test]
fn what_cannot_be_is_said() {
    check(&[1, 0], &[(0, 1, 1, 1)], Err(Unsolved::Unbalanced));
    check(&[2, -2], &[(0, 1, 1, 1)], Err(Unsolved::Infeasible));
    check(&[i64::MAX, -i64::MAX], &[(0, 1, 1, 1)], Err(Unsolved::TooLarge));
    check(&[1, -1], &[(0, 1, 1, i64::MIN)], Err(Unsolved::TooLarge));
}

#[test]
fn goals_come_one_after_another() {
    // two ways of equal cost, of which the second goal wants the other
    let network =
        network(&[1, 0, 0, -1], &[(0, 1, 1, 0), (0, 2, 1, 0), (1, 3, 1, 0), (2, 3, 1, 0), (0, 3, 1, 0)]);
    let goals = [vec![1, 1, 1, 1, 3], vec![5, 4, 0, 0, 0]];
    let levels = by_levels(&network, &goals, None).unwrap();
    assert_eq!((levels.along, levels.costs), (vec![0, 1, 0, 1, 0], vec![2, 4]));
}

/// Networks of up to nine nodes, many of them with no flow at all.
fn any_network() -> impl Strategy<Value = Network> {
    let nodes = 1_u32..9;
    nodes.prop_flat_map(|nodes| {
        let arc = (0..nodes, 0..nodes, 0_i64..6, -4_i64..9);
        let gifts = prop::collection::vec((0..nodes, 0..nodes, 0_i64..4), 0..4);
        (Just(nodes), gifts, prop::collection::vec(arc, 0..28)).prop_map(|(nodes, gifts, arcs)| {
            let mut supply = vec![0; nodes as usize];
            for (giver, taker, amount) in gifts {
                supply[giver as usize] += amount;
                supply[taker as usize] -= amount;
            }
            network(&supply, &arcs)
        })
    })
}

/// The flow keeps the network's limits, and its prices prove that none is cheaper.
fn proved(network: &Network, flow: &Flow) -> Result<(), TestCaseError> {
    prop_assert!(network.admits(&flow.along));
    for arc in 0..network.arcs() {
        let (from, to) = (network.from[arc] as usize, network.to[arc] as usize);
        let reduced = network.cost[arc] + flow.price[from] - flow.price[to];
        prop_assert!(reduced <= 0 || flow.along[arc] == 0, "arc {arc} costs too much to be used");
        prop_assert!(0 <= reduced || flow.along[arc] == network.capacity[arc], "arc {arc} should be full");
    }
    prop_assert_eq!(Some(flow.cost), network.cost_of(&flow.along));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_cost_is_the_least_and_proved(network in any_network()) {
        let found = solve(&network);
        prop_assert_eq!(found.as_ref().map(|flow| flow.cost).map_err(|why| *why), slow::cost(&network));
        if let Ok(flow) = found {
            proved(&network, &flow)?;
        }
    }

    #[test]
    fn a_known_flow_changes_nothing_but_the_time(network in any_network()) {
        let zero = Network { cost: vec![0; network.arcs()], ..network.clone() };
        let Ok(known) = solve(&zero) else { return Ok(()) };
        let flow = solve_from(&network, &known.along).unwrap();
        proved(&network, &flow)?;
        prop_assert_eq!(Ok(flow.cost), slow::cost(&network));
        // what the network does not admit is no help and no harm
        prop_assert_eq!(Ok(flow.cost), solve_from(&network, &[]).map(|flow| flow.cost));
    }

    #[test]
    fn goals_are_kept_in_their_order(network in any_network(), goals in prop::collection::vec(prop::collection::vec(-3_i64..4, 28), 1..4)) {
        let goals: Vec<Vec<i64>> = goals.into_iter().map(|goal| goal[..network.arcs()].to_vec()).collect();
        // one sum in which a goal outweighs all later ones: no goal exceeds 28 arcs of 5 units at 3
        let weigh = |arc: usize| goals.iter().fold(0, |sum, goal| sum * 1_000 + goal[arc]);
        let summed = Network { cost: (0..network.arcs()).map(weigh).collect(), ..network.clone() };
        let found = by_levels(&network, &goals, None).map(|levels| levels.costs.iter().fold(0, |sum, cost| sum * 1_000 + cost));
        prop_assert_eq!(found, solve(&summed).map(|flow| flow.cost));
    }
}

/// Successive shortest ways: slow, and written apart from the simplex.
mod slow {
    use super::{Network, Unsolved};

    /// Arcs in pairs, each the way back of the other: to, room, cost.
    struct Ways {
        beside: Vec<Vec<usize>>,
        to: Vec<usize>,
        room: Vec<i64>,
        cost: Vec<i64>,
    }

    impl Ways {
        fn add(&mut self, from: usize, to: usize, room: i64, cost: i64) {
            for (from, to, room, cost) in [(from, to, room, cost), (to, from, 0, -cost)] {
                self.beside[from].push(self.to.len());
                self.to.push(to);
                self.room.push(room);
                self.cost.push(cost);
            }
        }

        /// The arcs of the cheapest way, by as many rounds as there are nodes.
        fn cheapest(&self, from: usize, to: usize) -> Option<Vec<usize>> {
            let mut cost: Vec<Option<i64>> = vec![None; self.beside.len()];
            let mut by = vec![usize::MAX; self.beside.len()];
            cost[from] = Some(0);
            for _ in 0..self.beside.len() {
                for node in 0..self.beside.len() {
                    let Some(here) = cost[node] else { continue };
                    for arc in self.beside[node].iter().copied().filter(|arc| 0 < self.room[*arc]) {
                        let there = here + self.cost[arc];
                        if cost[self.to[arc]].is_none_or(|known| there < known) {
                            cost[self.to[arc]] = Some(there);
                            by[self.to[arc]] = arc;
                        }
                    }
                }
            }
            cost[to]?;
            let mut way = Vec::new();
            let mut node = to;
            while node != from {
                way.push(by[node]);
                node = self.to[by[node] ^ 1];
            }
            Some(way)
        }
    }

    pub(super) fn cost(network: &Network) -> Result<i64, Unsolved> {
        let nodes = network.nodes();
        let mut ways =
            Ways { beside: vec![Vec::new(); nodes + 2], to: Vec::new(), room: Vec::new(), cost: Vec::new() };
        let (mut supply, mut sum) = (network.supply.clone(), 0);
        for arc in 0..network.arcs() {
            let (from, to) = (network.from[arc] as usize, network.to[arc] as usize);
            let (capacity, cost) = (network.capacity[arc], network.cost[arc]);
            if cost < 0 {
                // full from the start, so that what is left to find costs nothing below 0
                sum += cost * capacity;
                supply[from] -= capacity;
                supply[to] += capacity;
                ways.add(to, from, capacity, -cost);
            } else {
                ways.add(from, to, capacity, cost);
            }
        }
        let mut wanted = 0;
        for (node, supply) in supply.iter().enumerate() {
            wanted += supply.max(&0);
            match *supply {
                0.. => ways.add(nodes, node, *supply, 0),
                _ => ways.add(node, nodes + 1, -supply, 0),
            }
        }
        while 0 < wanted {
            let way = ways.cheapest(nodes, nodes + 1).ok_or(Unsolved::Infeasible)?;
            for arc in way {
                ways.room[arc] -= 1;
                ways.room[arc ^ 1] += 1;
                sum += ways.cost[arc];
            }
            wanted -= 1;
        }
        Ok(sum)
    }
}
