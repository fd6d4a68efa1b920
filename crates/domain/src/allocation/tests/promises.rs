//! What the mechanism promises, market by market.

use std::collections::{BTreeMap, BTreeSet};

use super::small::{Chance, Draft, lots, run, seats};
use crate::allocation::{Closing, Cutoff, Lots, Rules, Scheme, Titles, allocate, check};

const REPEAT: Rules = Rules { titles: Titles::Repeat, closing: Closing::Never };
const ALL_RULES: [Rules; 6] = [
    REPEAT,
    Rules { titles: Titles::Repeat, closing: Closing::ForGood },
    Rules { titles: Titles::Repeat, closing: Closing::Reopening },
    Rules { titles: Titles::Once, closing: Closing::Never },
    Rules { titles: Titles::Once, closing: Closing::ForGood },
    Rules { titles: Titles::Once, closing: Closing::Reopening },
];

/// Every market with every setting.
fn every(mut look: impl FnMut(&Draft, u64, Rules)) {
    for number in 0..1_000 {
        let draft = Draft::random(number);
        for rules in ALL_RULES {
            look(&draft, number, rules);
        }
    }
}

#[test]
fn no_hard_rule_is_broken() {
    every(|draft, number, rules| {
        let market = draft.market();
        let allocation = allocate(&market, &lots(&market, number), rules);
        assert_eq!(check(&market, rules, &allocation), Ok(()), "market {number} {rules:?}");
        let mut taken: BTreeMap<u32, u16> = BTreeMap::new();
        let mut weeks: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for (child, offering) in seats(&market, &allocation) {
            *taken.entry(offering).or_default() += 1;
            weeks.entry(child).or_default().push(offering);
        }
        for (offering, count) in taken {
            let what = draft.offerings[offering as usize];
            assert!(count <= what.capacity);
            assert!(rules.closing == Closing::Never || what.minimum <= count, "market {number} {rules:?}");
        }
        for form in &draft.forms {
            let week = weeks.remove(&form.applicant.number).unwrap_or_default();
            let of_week = week.iter().map(|offering| draft.offerings[*offering as usize]);
            let days: BTreeSet<_> =
                of_week.clone().map(|what| what.weekday.to_monday_zero_offset()).collect();
            let titles: BTreeSet<u32> = of_week.clone().map(|what| what.title).collect();
            assert!(week.len() <= usize::from(form.applicant.weekly_limit) && days.len() == week.len());
            assert!(rules.titles == Titles::Repeat || titles.len() == week.len());
            assert!(of_week.clone().all(|what| what.fits(&form.applicant).is_ok()));
        }
    });
}

#[test]
fn nobody_is_passed_over_and_no_seat_is_wasted_when_titles_repeat() {
    let mut with_one_title = 0;
    every(|draft, number, rules| {
        let market = draft.market();
        let allocation = allocate(&market, &lots(&market, number), rules);
        match rules.titles {
            Titles::Repeat => assert_eq!(allocation.unsettled(), [0_u32; 0], "market {number} {rules:?}"),
            Titles::Once => with_one_title += allocation.unsettled().len(),
        }
    });
    // the rule of one title does make such pairs, and they are found
    assert!(0 < with_one_title);
}

#[test]
fn nobody_of_a_later_tier_has_what_a_child_of_an_earlier_one_was_refused() {
    every(|draft, number, rules| {
        let market = draft.market();
        let allocation = allocate(&market, &lots(&market, number), rules);
        let mut tiers: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        for (child, offering) in seats(&market, &allocation) {
            let form = draft.forms.iter().find(|form| form.applicant.number == child).unwrap();
            tiers.entry(offering).or_default().push(form.applicant.tier);
        }
        for (offering, standing) in (0..).zip(allocation.standings()) {
            if let Cutoff::Last(last) = standing.cutoff {
                assert_eq!(tiers[&offering].iter().max(), Some(&last.tier), "market {number}");
            }
        }
    });
}

#[test]
fn the_order_of_the_applications_leaves_no_trace() {
    every(|draft, number, rules| {
        let mut shuffled = draft.clone();
        Chance::of(number).shuffle(&mut shuffled.forms);
        assert_eq!(shuffled.market(), draft.market());
        assert_eq!(run(&shuffled, number, rules), run(draft, number, rules));
    });
}

#[test]
fn another_seed_makes_a_difference_only_where_tickets_do() {
    let mut differ = 0;
    for number in 0..1_000 {
        let mut draft = Draft::random(number);
        differ += usize::from(run(&draft, number, REPEAT) != run(&draft, number + 2, REPEAT));
        for offering in &mut draft.offerings {
            offering.capacity = 20;
        }
        assert_eq!(run(&draft, number, REPEAT), run(&draft, number + 2, REPEAT), "market {number}");
    }
    assert!(100 < differ);
}

/// Whether every child in `after` has its week at least as well filled, by its own list, as in `before`.
#[track_caller]
fn nobody_is_worse_off(draft: &Draft, before: &[(u64, u32)], after: &[(u64, u32)]) {
    let market = draft.market();
    for (at, applicant) in market.applicants().iter().enumerate() {
        let has = |seats: &[(u64, u32)]| {
            let wishes = market.wishes_of(at).map(|wish| market.wishes()[wish].offering);
            wishes.map(|offering| !seats.contains(&(applicant.number, offering))).collect::<Vec<bool>>()
        };
        // false comes first: to have a better wish is less
        assert!(has(after) <= has(before), "child {}", applicant.number);
    }
}

#[test]
fn one_more_seat_harms_no_child() {
    for number in 0..1_000 {
        let draft = Draft::random(number).without_minimum();
        let mut more = draft.clone();
        let Some(first) = more.offerings.first_mut() else { continue };
        first.capacity += 1;
        nobody_is_worse_off(&draft, &run(&draft, number, REPEAT), &run(&more, number, REPEAT));
    }
}

#[test]
fn a_child_who_leaves_harms_no_other() {
    for number in 0..1_000 {
        let draft = Draft::random(number).without_minimum();
        let mut fewer = draft.clone();
        fewer.forms.pop();
        nobody_is_worse_off(&fewer, &run(&draft, number, REPEAT), &run(&fewer, number, REPEAT));
    }
}

/// One ticket for the week and one tier: everybody stands in one line.
#[test]
fn with_one_common_order_each_takes_what_is_left_in_turn() {
    for number in 0..1_000 {
        let mut draft = Draft::random(number).without_minimum();
        for form in &mut draft.forms {
            form.applicant.tier = 1;
        }
        let market = draft.market();
        let lots = Lots::draw(&market, &super::small::seed(number), Scheme::One);
        let allocation = allocate(&market, &lots, REPEAT);
        let with_wishes = (0..market.applicants().len()).filter(|at| !market.wishes_of(*at).is_empty());
        let mut line: Vec<usize> = with_wishes.collect();
        line.sort_by_key(|at| (lots.ticket(*at, super::small::DAYS[0]), *at));
        let mut left: Vec<u16> = draft.offerings.iter().map(|offering| offering.capacity).collect();
        let mut expected = Vec::new();
        for at in line {
            let child = market.applicants()[at];
            let mut days = BTreeSet::new();
            for wish in market.wishes_of(at) {
                let (offering, what) = (market.wishes()[wish].offering, market.wished(wish));
                let day = what.weekday.to_monday_zero_offset();
                let may = what.fits(&child).is_ok() && 0 < left[offering as usize] && !days.contains(&day);
                if may && days.len() < usize::from(child.weekly_limit) {
                    days.insert(day);
                    left[offering as usize] -= 1;
                    expected.push((child.number, offering));
                }
            }
        }
        expected.sort_unstable();
        assert_eq!(seats(&market, &allocation), expected, "market {number}");
    }
}

#[test]
fn what_closed_opens_again_when_enough_would_come_and_nothing_else_closes() {
    let mut opened = 0;
    for number in 0..2_000 {
        let draft = Draft::random(number);
        let market = draft.market();
        let lots = lots(&market, number);
        let closed = |closing| {
            let allocation = allocate(&market, &lots, Rules { closing, ..REPEAT });
            allocation.closed().iter().map(|closed| closed.offering).collect::<Vec<u32>>()
        };
        let (for_good, reopening) = (closed(Closing::ForGood), closed(Closing::Reopening));
        assert!(reopening.iter().all(|offering| for_good.contains(offering)), "market {number}");
        opened += for_good.len() - reopening.len();
    }
    assert!(0 < opened);
}
