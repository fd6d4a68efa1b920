//! What the mechanism promises, market by market.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Weekday;

use super::small::{Chance, Draft, lots, run, seats};
use crate::allocation::{
    Allocation, Applicant, Channel, Closing, Cutoff, Lots, Market, Reason, Reasons, Reserve, Rules, Scheme,
    Siblings, Tickets, Titles, Wish, allocate, check,
};
use crate::plan::{Weekdays, number as number_of};

const REPEAT: Rules = Rules { titles: Titles::Repeat, closing: Closing::Never };
const ALL_RULES: [Rules; 6] = [
    REPEAT,
    Rules { titles: Titles::Repeat, closing: Closing::ForGood },
    Rules { titles: Titles::Repeat, closing: Closing::Reopening },
    Rules { titles: Titles::Once, closing: Closing::Never },
    Rules { titles: Titles::Once, closing: Closing::ForGood },
    Rules { titles: Titles::Once, closing: Closing::Reopening },
];

/// What makes a market of its kind, and how many are looked at.
type Kind = (fn(u64) -> Draft, u64);

const PLAIN: Kind = (Draft::random, 1_000);
const RICH: Kind = (Draft::rich, 300);
const TORN: Kind = (Draft::torn, 300);

/// Every market of these kinds with every setting.
fn every(kinds: &[Kind], mut look: impl FnMut(&Draft, u64, Rules)) {
    for (make, markets) in kinds {
        for number in 0..*markets {
            let draft = make(number);
            for rules in ALL_RULES {
                look(&draft, number, rules);
            }
        }
    }
}

#[test]
fn no_hard_rule_is_broken() {
    every(&[PLAIN, RICH, TORN], |draft, number, rules| {
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
            let days = of_week.clone().flat_map(|what| what.also_on.iter().chain([number_of(what.weekday)]));
            let days: Vec<u8> = days.collect();
            let (all, days) = (days.len(), BTreeSet::from_iter(days));
            let apart = |(one, other): &(u32, u32)| week.contains(one) && week.contains(other);
            assert!(!draft.apart.iter().any(apart), "market {number} {rules:?}");
            let titles: BTreeSet<u32> = of_week.clone().map(|what| what.title).collect();
            assert!(week.len() <= usize::from(form.applicant.weekly_limit) && days.len() == all);
            assert!(rules.titles == Titles::Repeat || titles.len() == week.len());
            assert!(of_week.clone().all(|what| what.fits(&form.applicant).is_ok()));
        }
    });
}

#[test]
fn nobody_is_passed_over_and_no_seat_is_wasted_when_titles_repeat() {
    let mut with_one_title = 0;
    every(&[PLAIN, RICH], |draft, number, rules| {
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
    every(&[PLAIN], |draft, number, rules| {
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
    every(&[PLAIN, RICH, TORN], |draft, number, rules| {
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

/// Plain markets and rich ones, but nothing that meets on several days: what a child gains there may cost another a day.
fn kept_seats_too(number: u64) -> Draft {
    let make = if number.is_multiple_of(2) { Draft::random } else { Draft::rich };
    let mut draft = make(number / 2).without_minimum();
    for offering in &mut draft.offerings {
        offering.also_on = Weekdays::default();
    }
    // whoever leaves takes its number along, by which its siblings draw
    draft.forms.iter_mut().for_each(|form| form.applicant.family = 0);
    draft
}

#[test]
fn one_more_seat_harms_no_child() {
    for number in 0..2_000 {
        let draft = kept_seats_too(number);
        let mut more = draft.clone();
        let Some(first) = more.offerings.first_mut() else { continue };
        first.capacity += 1;
        nobody_is_worse_off(&draft, &run(&draft, number, REPEAT), &run(&more, number, REPEAT));
    }
}

#[test]
fn a_child_who_leaves_harms_no_other() {
    for number in 0..2_000 {
        let draft = kept_seats_too(number);
        let mut fewer = draft.clone();
        fewer.forms.pop();
        nobody_is_worse_off(&fewer, &run(&draft, number, REPEAT), &run(&fewer, number, REPEAT));
    }
}

fn one_ticket() -> Tickets {
    Tickets { scheme: Scheme::One, ..Tickets::default() }
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
        let lots = Lots::draw(&market, &super::small::seed(number), one_ticket());
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
        let draft = if number < 1_000 { Draft::rich(number) } else { Draft::random(number) };
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

#[test]
fn kept_seats_are_given_to_those_for_whom_they_are_and_to_others_when_they_do_not_come() {
    let mut kept = 0;
    for number in 0..2_000 {
        let draft = Draft::rich(number);
        let market = draft.market();
        let lots = lots(&market, number);
        let allocation = allocate(&market, &lots, REPEAT);
        for at in 0..market.applicants().len() {
            Reasons::of(&market, &lots, Titles::Repeat, &allocation).tell(at, |explained| {
                let (what, child) = (market.wished(explained.wish), market.applicants()[at]);
                if explained.reason != Reason::Full {
                    return;
                }
                // nobody is refused while a seat is free, and no more children of the group are in than seats are kept
                let inside = inside(&market, &allocation, explained.offering);
                assert_eq!(inside.len(), usize::from(what.capacity), "market {number}");
                let of_priority = inside.iter().filter(|other| other.tier == 0).count();
                let of_office = inside.iter().filter(|other| other.channel == Channel::Office).count();
                let before_office = what.capacity - what.reserve.office;
                let kept_first = what.reserve.priority.unwrap_or(before_office);
                assert!(child.tier != 0 || usize::from(kept_first) <= of_priority, "market {number}");
                let for_office = what.reserve.office;
                let is_office = child.channel == Channel::Office;
                assert!(!is_office || usize::from(for_office) <= of_office, "market {number}");
                kept += usize::from(what.reserve.priority.is_some() && child.tier == 0);
            });
        }
    }
    // such children were refused
    assert!(0 < kept);
}

/// Who has a seat.
fn inside(market: &Market, allocation: &Allocation, offering: u32) -> Vec<Applicant> {
    let mut inside = Vec::new();
    for (at, child) in market.applicants().iter().enumerate() {
        let mut has = market.wishes_of(at).filter(|wish| allocation.has()[*wish]);
        if has.any(|wish| market.wishes()[wish].offering == offering) {
            inside.push(*child);
        }
    }
    inside
}

#[test]
fn whoever_goes_on_loses_the_seat_to_an_earlier_tier_alone() {
    let mut kept = 0;
    for number in 0..2_000 {
        let mut draft = Draft::rich(number);
        draft.offerings.iter_mut().for_each(|offering| offering.reserve = Reserve::NONE);
        let market = draft.market();
        let allocation = allocate(&market, &lots(&market, number), REPEAT);
        let goes_on = |child: u64, offering: u32| {
            let form = draft.forms.iter().find(|form| form.applicant.number == child).unwrap();
            form.kept.contains(&offering)
        };
        let seats = seats(&market, &allocation);
        for (at, child) in market.applicants().iter().enumerate() {
            for wish in market.wishes_of(at).filter(|wish| !allocation.has()[*wish]) {
                let Wish { offering, continues, .. } = market.wishes()[wish];
                let would_come = refused_as_full(&market, &lots(&market, number), &allocation, (at, wish));
                for other in inside(&market, &allocation, offering).iter().filter(|_| continues && would_come)
                {
                    let first = other.tier < child.tier || goes_on(other.number, offering);
                    assert!(first, "market {number}");
                }
            }
        }
        kept += seats.iter().filter(|(child, offering)| goes_on(*child, *offering)).count();
    }
    assert!(500 < kept);
}

fn refused_as_full(
    market: &Market,
    lots: &Lots,
    allocation: &Allocation,
    (at, wish): (usize, usize),
) -> bool {
    let mut full = false;
    let reasons = Reasons::of(market, lots, Titles::Repeat, allocation);
    reasons.tell(at, |one| full |= one.wish == wish && one.reason == Reason::Full);
    full
}

#[test]
fn siblings_draw_together_where_the_round_says_so() {
    let (mut shared, mut differ) = (0, 0);
    for number in 0..500 {
        let market = Draft::rich(number).market();
        let draw = |siblings| {
            Lots::draw(&market, &super::small::seed(number), Tickets { siblings, ..Tickets::default() })
        };
        let (together, apart) = (draw(Siblings::Together), draw(Siblings::Apart));
        for (at, child) in market.applicants().iter().enumerate() {
            let same = |other: &Applicant| other.family != 0 && other.family == child.family;
            let first = market.applicants().iter().position(same).unwrap_or(at);
            for wish in market.first_wishes_of(at) {
                let weekday = market.wished(wish).weekday;
                let of_first =
                    market.first_wishes_of(first).any(|wish| market.wished(wish).weekday == weekday);
                if first == at {
                    assert_eq!(together.ticket(at, weekday), apart.ticket(at, weekday));
                } else if of_first {
                    assert_eq!(together.ticket(at, weekday), apart.ticket(first, weekday));
                    shared += 1;
                    differ += usize::from(together.ticket(at, weekday) != apart.ticket(at, weekday));
                }
            }
        }
    }
    assert!(100 < shared && shared == differ);
}

#[test]
fn what_meets_on_several_days_is_given_as_if_nothing_else_were_offered() {
    let mut given = 0;
    for number in 0..1_000 {
        let draft = Draft::rich(number);
        let mut alone = draft.clone();
        for offering in alone.offerings.iter_mut().filter(|offering| offering.days() == 1) {
            (offering.capacity, offering.minimum) = (0, 0);
        }
        let several = |seats: Vec<(u64, u32)>| {
            let several = |(_, offering): &(u64, u32)| 1 < draft.offerings[*offering as usize].days();
            seats.into_iter().filter(several).collect::<Vec<_>>()
        };
        let rules = Rules { closing: Closing::ForGood, ..REPEAT };
        let seats = several(run(&draft, number, rules));
        given += seats.len();
        assert_eq!(seats, several(run(&alone, number, rules)), "market {number}");
    }
    assert!(200 < given, "{given}");
}

#[test]
fn an_own_order_of_the_week_decides_what_the_limit_leaves() {
    let mut differ = 0;
    for number in 0..1_000 {
        let mut draft = Draft::random(number).without_minimum();
        let given = run(&draft, number, REPEAT);
        let last_first = [Weekday::Friday; 4].into_iter().chain([Weekday::Tuesday; 4]);
        draft.forms.iter_mut().for_each(|form| form.order = last_first.clone().collect());
        differ += usize::from(run(&draft, number, REPEAT) != given);
        for offering in &mut draft.offerings {
            offering.capacity = 20;
        }
        // with seats for all whoever wishes something on Friday has its first wish there
        let seats = run(&draft, number, REPEAT);
        for form in &draft.forms {
            let friday = form.lists.iter().find(|(day, _)| *day == Weekday::Friday).unwrap();
            let fits = |offering: &&u32| draft.offerings[**offering as usize].fits(&form.applicant).is_ok();
            let first = friday.1.iter().find(fits).filter(|_| 0 < form.applicant.weekly_limit);
            assert!(first.is_none_or(|first| seats.contains(&(form.applicant.number, *first))));
        }
    }
    assert!(100 < differ);
}
