use super::small::{Draft, lots};
use crate::allocation::flow::{Network, solve};
use crate::allocation::{Allocation, Closing, Market, Rules, Titles, cheapest, check, o1};

const RULES: Rules = Rules { titles: Titles::Repeat, closing: Closing::Never };

/// The least objective by the whole network, without anything being settled beforehand.
fn plain(market: &Market) -> u64 {
    let mut network = Network::new(1);
    let offerings: Vec<u32> = market
        .offerings()
        .iter()
        .map(|offering| {
            let node = network.add_node(0);
            network.add_arc(node, 0, i64::from(offering.capacity), 0);
            node
        })
        .collect();
    for (at, child) in market.applicants().iter().enumerate() {
        let weight = if child.tier == 0 { 1000 } else { 1 };
        let mut days = Vec::new();
        for wish in market.wishes_of(at) {
            let weekday = market.wished(wish).weekday;
            if !days.contains(&weekday) {
                days.push(weekday);
            }
        }
        let asked = i64::from(child.weekly_limit).min(i64::try_from(days.len()).unwrap());
        let node = network.add_node(asked);
        network.give(0, -asked);
        network.add_arc(node, 0, asked, 100 * weight);
        let days: Vec<_> = days.into_iter().map(|weekday| (weekday, network.add_node(0))).collect();
        for (weekday, day) in days {
            network.add_arc(node, day, 1, 0);
            for wish in market.wishes_of(at).filter(|wish| market.wished(*wish).weekday == weekday) {
                let named = market.wishes()[wish];
                if market.wished(wish).fits(child).is_ok() {
                    let offering = offerings[named.offering as usize];
                    network.add_arc(day, offering, 1, weight * i64::from(named.rank));
                }
            }
        }
    }
    u64::try_from(solve(&network).unwrap().cost).unwrap()
}

#[test]
fn the_cheapest_costs_as_little_as_the_whole_network_says() {
    for seed in 0..2_000 {
        let market = Draft::random(seed).market();
        let has = cheapest(&market);
        assert_eq!(o1(&market, &has), plain(&market), "market {seed}");
        let allocation = Allocation::of(&market, &lots(&market, seed), RULES.titles, has, &[]);
        assert_eq!(check(&market, RULES, &allocation), Ok(()), "market {seed}");
    }
}
