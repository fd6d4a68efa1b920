//! Whether a family can gain by another order than its true one: exactly as far as the claim goes.

use jiff::civil::Weekday;

use super::small::{Chance, Draft, Form, run, seats};
use crate::allocation::{Applicant, Closing, Kind, Offering, Rules, Titles, allocate};
use crate::people::Sex;
use crate::plan::Grades;

const RULES: Rules = Rules { titles: Titles::Repeat, closing: Closing::Never };

/// What kind of tiny market.
#[derive(Clone, Copy)]
struct Shape {
    days: &'static [Weekday],
    clubs: u32,
    weekly_limit: u8,
    closing: Closing,
}

const ONE_SLOT: Shape =
    Shape { days: &[Weekday::Monday], clubs: 3, weekly_limit: 1, closing: Closing::Never };
const TWO_DAYS: Shape = Shape { days: &[Weekday::Monday, Weekday::Friday], clubs: 2, ..ONE_SLOT };
const THREE_DAYS: Shape = Shape {
    days: &[Weekday::Monday, Weekday::Tuesday, Weekday::Friday],
    clubs: 2,
    weekly_limit: 2,
    ..ONE_SLOT
};

/// Six children, a few clubs a day with one or two seats; everybody's true order is random.
fn tiny(number: u64, shape: Shape) -> Draft {
    let Shape { days, clubs, weekly_limit, closing } = shape;
    let chance = &mut Chance::of(number);
    let mut offerings = Vec::new();
    for weekday in days {
        for title in 0..clubs {
            let capacity = u16::try_from(chance.within(1..=2)).unwrap();
            let minimum = if closing == Closing::Never { 0 } else { capacity };
            let (kind, grades) = (Kind::Club, Grades::of(1..=6));
            offerings.push(Offering { title, weekday: *weekday, kind, capacity, minimum, grades, sex: None });
        }
    }
    let forms = (1..=6).map(|number| {
        let tier = u8::from(!chance.once_in(3));
        let applicant = Applicant { number, grade: 3, sex: Sex::Male, tier, weekly_limit, family: 0 };
        let lists = (0..).zip(days).map(|(at, weekday)| {
            let mut list: Vec<u32> = (at * clubs..(at + 1) * clubs).collect();
            chance.shuffle(&mut list);
            list.truncate(usize::try_from(chance.within(1..=u64::from(clubs))).unwrap());
            (*weekday, list)
        });
        Form { applicant, lists: lists.collect() }
    });
    let forms = forms.collect();
    Draft { offerings, forms }
}

/// Every list that can be made of these clubs.
fn lists(clubs: &[u32]) -> Vec<Vec<u32>> {
    let mut all = vec![vec![]];
    for first in clubs {
        let rest: Vec<u32> = clubs.iter().copied().filter(|club| club != first).collect();
        all.extend(lists(&rest).into_iter().map(|list| [vec![*first], list].concat()));
    }
    all
}

/// Everything that a child could say: any list for each day.
fn reports(truth: &Draft) -> Vec<Vec<(Weekday, Vec<u32>)>> {
    let mut days: Vec<Weekday> = truth.offerings.iter().map(|offering| offering.weekday).collect();
    days.dedup();
    days.into_iter().fold(vec![vec![]], |reports, weekday| {
        let of_day = (0..).zip(&truth.offerings).filter(|(_, offering)| offering.weekday == weekday);
        let lists = lists(&of_day.map(|(at, _)| at).collect::<Vec<u32>>());
        let longer = reports.into_iter().flat_map(|report| {
            lists
                .iter()
                .map(move |list| [report.clone(), vec![(weekday, list.clone())]].concat())
                .collect::<Vec<_>>()
        });
        longer.collect()
    })
}

/// What a child has by its true order: for each wish, best first, whether it is missing.
fn missing(truth: &Draft, child: usize, seats: &[(u64, u32)]) -> Vec<bool> {
    let market = truth.market();
    let number = truth.forms[child].applicant.number;
    let wishes = market.wishes_of(child).map(|wish| market.wishes()[wish].offering);
    wishes.map(|offering| !seats.contains(&(number, offering))).collect()
}

/// Whether there is anything that a child could say that gives it more than the truth.
fn can_gain(truth: &Draft, number: u64, child: usize, closing: Closing) -> bool {
    let rules = Rules { closing, ..RULES };
    let honest = missing(truth, child, &run(truth, number, rules));
    let true_lists = &truth.forms[child].lists;
    let who = truth.forms[child].applicant.number;
    reports(truth).into_iter().any(|lists| {
        let mut told = truth.clone();
        told.forms[child].lists = lists;
        let seats = run(&told, number, rules);
        let mut mine = seats.iter().filter(|(number, _)| *number == who);
        let only_wanted = mine.all(|(_, what)| true_lists.iter().any(|(_, list)| list.contains(what)));
        only_wanted && missing(truth, child, &seats) < honest
    })
}

/// The first market and child that could gain.
fn first_gain(markets: u64, shape: Shape) -> Option<(u64, usize)> {
    (0..markets).find_map(|number| {
        let truth = tiny(number, shape);
        let child = (0..truth.forms.len()).find(|child| can_gain(&truth, number, *child, shape.closing));
        child.map(|child| (number, child))
    })
}

#[test]
fn within_one_slot_no_family_gains_by_another_order() {
    assert_eq!(first_gain(60, ONE_SLOT), None);
}

#[test]
fn nor_does_it_where_the_weekly_limit_is_one() {
    assert_eq!(first_gain(20, TWO_DAYS), None);
}

#[test]
fn nor_where_the_weekly_limit_does_not_bind() {
    assert_eq!(first_gain(20, Shape { weekly_limit: 2, ..TWO_DAYS }), None);
}

#[test]
fn where_a_limit_of_two_binds_or_clubs_close_there_are_markets_in_which_one_can_gain() {
    assert!(can_gain(&tiny(50, THREE_DAYS), 50, 0, Closing::Never));
    let closing = Shape { closing: Closing::ForGood, ..ONE_SLOT };
    assert!(can_gain(&tiny(15, closing), 15, 0, Closing::ForGood));
}

#[test]
fn the_tiny_markets_are_contested() {
    let refused = (0..60).filter(|number| {
        let market = tiny(*number, ONE_SLOT).market();
        let lots = super::small::lots(&market, *number);
        seats(&market, &allocate(&market, &lots, RULES)).len() < 6
    });
    assert!(20 < refused.count());
}
