use super::small::{Chance, Draft, lots, seats};
use crate::allocation::market::day;
use crate::allocation::{
    Allocation, Closing, Fullest, Lots, Market, Rules, Titles, allocate, check, fullest,
};

const FREE: Rules = Rules { titles: Titles::Repeat, closing: Closing::Never };

/// How good an allocation is, more important numbers first: seats of priority groups, seats, children with any,
/// seats by rank, and the places in the draw, where fewer is better.
type Worth = (usize, usize, usize, Vec<usize>, i64);

fn worth(market: &Market, lots: &Lots, has: &[bool]) -> Worth {
    let mut worth = (0, 0, 0, vec![0; 5], 0);
    for (at, child) in market.applicants().iter().enumerate() {
        let granted: Vec<usize> = market.wishes_of(at).filter(|wish| has[*wish]).collect();
        worth.0 += if child.tier == 0 { granted.len() } else { 0 };
        worth.1 += granted.len();
        worth.2 += usize::from(!granted.is_empty());
        for wish in granted {
            worth.3[usize::from(market.wishes()[wish].rank) - 1] += 1;
            worth.4 -= before(market, lots, at, wish);
        }
    }
    worth
}

/// How many come before the child in the draw of the day.
fn before(market: &Market, lots: &Lots, child: usize, wish: usize) -> i64 {
    let weekday = market.wished(wish).weekday;
    let asks = |at: usize| market.wishes_of(at).any(|wish| day(market.wished(wish).weekday) == day(weekday));
    let mine = lots.place(market, child, weekday);
    let others = (0..market.applicants().len()).filter(|at| asks(*at));
    let ahead = others.filter(|at| lots.place(market, *at, weekday) < mine).count();
    i64::try_from(ahead).unwrap()
}

/// The best of every allocation there is.
fn best(market: &Market, lots: &Lots) -> Worth {
    let mut has = vec![false; market.wishes().len()];
    let mut left: Vec<u16> = market.offerings().iter().map(|offering| offering.capacity).collect();
    let mut best = worth(market, lots, &has);
    go_on(market, lots, 0, (&mut has, &mut left), &mut best);
    best
}

fn go_on(market: &Market, lots: &Lots, at: usize, (has, left): (&mut [bool], &mut [u16]), best: &mut Worth) {
    let Some(wish) = market.wishes().get(at) else {
        *best = worth(market, lots, has).max(best.clone());
        return;
    };
    go_on(market, lots, at + 1, (has, left), best);
    let whose = (0..market.applicants().len()).find(|child| market.wishes_of(*child).contains(&at)).unwrap();
    let child = &market.applicants()[whose];
    let granted: Vec<usize> = market.wishes_of(whose).filter(|wish| has[*wish]).collect();
    let same_day = granted.iter().any(|other| market.wished(*other).weekday == market.wished(at).weekday);
    let is_fit = market.wished(at).fits(child).is_ok();
    let offering = wish.offering as usize;
    if is_fit && 0 < left[offering] && !same_day && granted.len() < usize::from(child.weekly_limit) {
        (has[at], left[offering]) = (true, left[offering] - 1);
        go_on(market, lots, at + 1, (has, left), best);
        (has[at], left[offering]) = (false, left[offering] + 1);
    }
}

#[test]
fn without_titles_and_minimums_it_is_the_best_of_all() {
    for seed in 0..400 {
        let mut draft = Draft::random(seed);
        draft.forms.truncate(3);
        let market = draft.market();
        let lots = lots(&market, seed);
        let found = fullest(&market, &lots, FREE);
        assert_eq!(worth(&market, &lots, found.allocation.has()), best(&market, &lots), "market {seed}");
        assert_eq!(found.seats, found.at_most);
    }
}

/// The allocation, shown to keep the rules.
fn sound(draft: &Draft, seed: u64, rules: Rules) -> (Market, Fullest) {
    let market = draft.market();
    let found = fullest(&market, &lots(&market, seed), rules);
    assert_eq!(check(&market, rules, &found.allocation), Ok(()), "market {seed}");
    assert!(found.seats <= found.at_most, "market {seed}");
    assert_eq!(found.seats, found.allocation.has().iter().filter(|has| **has).count());
    (market, found)
}

#[test]
fn the_repaired_keeps_every_rule_and_wastes_no_seat() {
    for seed in 0..1_500 {
        let (market, found) = sound(&Draft::random(seed), seed, Rules::default());
        let wasted = wasted(&market, &found.allocation);
        assert_eq!(wasted, None, "market {seed}");
    }
}

#[test]
fn what_closed_opens_again_where_enough_would_come_and_no_seat_is_lost() {
    let mut opened = 0;
    for seed in 0..1_500 {
        let draft = Draft::random(seed);
        let [for_good, reopening] = [Closing::ForGood, Closing::Reopening].map(|closing| {
            let (_, found) = sound(&draft, seed, Rules { closing, ..Rules::default() });
            found
        });
        let closed = |found: &Fullest| -> Vec<u32> {
            found.allocation.closed().iter().map(|closed| closed.offering).collect()
        };
        let (before, after) = (closed(&for_good), closed(&reopening));
        assert!(after.iter().all(|offering| before.contains(offering)), "market {seed}");
        assert!(for_good.seats <= reopening.seats, "market {seed}");
        assert_eq!(for_good.at_most, reopening.at_most, "market {seed}");
        opened += before.len() - after.len();
    }
    assert!(0 < opened, "nothing opened again");
}

#[test]
fn what_meets_on_several_days_and_what_is_apart_keep_their_rules_too() {
    let mut several = 0;
    for seed in 0..600_u64 {
        let draft = if seed.is_multiple_of(2) { Draft::rich(seed) } else { Draft::torn(seed) };
        let (market, found) = sound(&draft, seed, Rules::default());
        let deferred =
            allocate(&market, &lots(&market, seed), Rules { closing: Closing::ForGood, ..Rules::default() });
        let of_several = |has: &[bool]| -> Vec<usize> {
            (0..has.len()).filter(|wish| has[*wish] && 1 < market.wished(*wish).days()).collect()
        };
        // given before, as deferred acceptance gives it
        assert_eq!(of_several(found.allocation.has()), of_several(deferred.has()), "market {seed}");
        several += of_several(found.allocation.has()).len();
    }
    assert!(50 < several);
}

/// A wish that could be granted without taking anything from anybody.
fn wasted(market: &Market, allocation: &Allocation) -> Option<usize> {
    let closed: Vec<u32> = allocation.closed().iter().map(|closed| closed.offering).collect();
    let is_open = |wish: &usize| {
        let offering = market.wishes()[*wish].offering;
        let admitted = allocation.standings()[offering as usize].admitted;
        !closed.contains(&offering) && admitted < u32::from(market.wished(*wish).capacity)
    };
    let free = (0..market.wishes().len()).filter(|wish| !allocation.has()[*wish]);
    free.filter(is_open).find(|wish| {
        let child =
            (0..market.applicants().len()).find(|child| market.wishes_of(*child).contains(wish)).unwrap();
        let granted = market.wishes_of(child).filter(|other| allocation.has()[*other]);
        let granted: Vec<_> = granted.map(|other| *market.wished(other)).collect();
        let wished = market.wished(*wish);
        let in_the_way = granted.iter().any(|has| has.weekday == wished.weekday || has.title == wished.title);
        let applicant = &market.applicants()[child];
        wished.fits(applicant).is_ok() && !in_the_way && granted.len() < usize::from(applicant.weekly_limit)
    })
}

#[test]
fn the_order_in_which_they_applied_does_not_matter() {
    for seed in 0..300 {
        let draft = Draft::random(seed);
        let mut shuffled = draft.clone();
        Chance::of(seed).shuffle(&mut shuffled.forms);
        let [one, other] = [&draft, &shuffled].map(|draft| {
            let (market, found) = sound(draft, seed, Rules::default());
            seats(&market, &found.allocation)
        });
        assert_eq!(one, other, "market {seed}");
    }
}
