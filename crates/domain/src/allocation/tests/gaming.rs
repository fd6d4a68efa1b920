//! Whether a family can gain by another order than its true one: exactly as far as the claim goes.

use jiff::civil::Weekday;

use super::small::{Chance, Draft, Form, run, seats};
use crate::allocation::{Applicant, Channel, Closing, Kind, Offering, Reserve, Rules, Titles, allocate};
use crate::people::Sex;
use crate::plan::{Grades, Weekdays};

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
            let (also_on, reserve) = (Weekdays::default(), Reserve::NONE);
            offerings.push(Offering {
                title,
                weekday: *weekday,
                also_on,
                kind,
                capacity,
                minimum,
                grades,
                sex: None,
                reserve,
            });
        }
    }
    let forms = (1..=6).map(|number| {
        let tier = u8::from(!chance.once_in(3));
        let (grade, sex, family, channel) = (3, Sex::Male, 0, Channel::Family);
        let applicant = Applicant { number, grade, sex, tier, weekly_limit, family, channel };
        let lists = (0..).zip(days).map(|(at, weekday)| {
            let mut list: Vec<u32> = (at * clubs..(at + 1) * clubs).collect();
            chance.shuffle(&mut list);
            list.truncate(usize::try_from(chance.within(1..=u64::from(clubs))).unwrap());
            (*weekday, list)
        });
        Form { applicant, lists: lists.collect(), order: Vec::new(), kept: Vec::new() }
    });
    let forms = forms.collect();
    Draft { offerings, forms, apart: Vec::new(), beside: false }
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
    days.sort_by_key(|day| day.to_monday_zero_offset());
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
    let mut applicants = market.applicants().iter();
    let child = applicants.position(|one| one.number == number).unwrap();
    let wishes = market.wishes_of(child).map(|wish| market.wishes()[wish].offering);
    wishes.map(|offering| !seats.contains(&(number, offering))).collect()
}

/// Whether there is anything that a child could say that gives it more than the truth.
fn can_gain(truth: &Draft, number: u64, child: usize, closing: Closing) -> bool {
    can_gain_by(truth, number, child, (closing, &[vec![]]))
}

/// The same with one of these orders of the week besides.
fn can_gain_by(
    truth: &Draft,
    number: u64,
    child: usize,
    (closing, orders): (Closing, &[Vec<Weekday>]),
) -> bool {
    let rules = Rules { closing, ..RULES };
    let honest = missing(truth, child, &run(truth, number, rules));
    let true_lists = &truth.forms[child].lists;
    let who = truth.forms[child].applicant.number;
    let reports = reports(truth);
    let reports = reports.iter().flat_map(|lists| orders.iter().map(move |order| (lists, order)));
    reports.into_iter().any(|(lists, order)| {
        let mut told = truth.clone();
        let form = &mut told.forms[child];
        (form.lists, form.order) = (lists.clone(), order.clone());
        form.kept.retain(|kept| lists.iter().any(|(_, list)| list.contains(kept)));
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

/// A market of one slot with kept seats, children who go on, wishes that the school wrote down, and siblings.
fn privileged(number: u64) -> Draft {
    let mut draft = tiny(number, ONE_SLOT);
    let chance = &mut Chance::of(number ^ 0x9e37);
    for offering in &mut draft.offerings {
        let priority = chance.once_in(2).then(|| u16::try_from(chance.within(0..=1)).unwrap());
        let office = u16::from(chance.once_in(2)).min(offering.capacity - priority.unwrap_or(0));
        offering.reserve = Reserve { priority, office };
    }
    for form in &mut draft.forms {
        form.applicant.family = chance.within(0..=2);
        form.applicant.channel = if chance.once_in(3) { Channel::Office } else { Channel::Family };
        form.kept = form.lists[0].1.iter().copied().filter(|_| chance.once_in(3)).collect();
    }
    draft
}

#[test]
fn kept_seats_going_on_and_siblings_change_nothing_about_that() {
    let gain = (0..80).find_map(|number| {
        let truth = privileged(number);
        (0..truth.forms.len()).find(|child| can_gain(&truth, number, *child, Closing::Never))
    });
    assert_eq!(gain, None);
}

/// Every order of so many wishes on each of two days.
fn orders(days: [(Weekday, usize); 2]) -> Vec<Vec<Weekday>> {
    if days.iter().all(|(_, left)| *left == 0) {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for at in (0..2).filter(|at| 0 < days[*at].1) {
        let mut rest = days;
        rest[at].1 -= 1;
        all.extend(orders(rest).into_iter().map(|order| [vec![days[at].0], order].concat()));
    }
    all
}

#[test]
fn with_a_limit_of_one_an_own_order_of_the_week_is_best_told_as_it_is() {
    let orders = orders([(Weekday::Monday, 2), (Weekday::Friday, 2)]);
    assert_eq!(orders.len(), 6);
    let gain = (0..20).find_map(|number| {
        let mut truth = tiny(number, TWO_DAYS);
        let chance = &mut Chance::of(number);
        for form in &mut truth.forms {
            form.order = orders[usize::try_from(chance.within(0..=5)).unwrap()].clone();
        }
        (0..truth.forms.len()).find(|child| can_gain_by(&truth, number, *child, (Closing::Never, &orders)))
    });
    assert_eq!(gain, None);
}

/// Two days with two clubs each; the first of Monday meets on Friday too.
fn with_both_days(number: u64) -> Draft {
    let mut draft = tiny(number, Shape { weekly_limit: 2, ..TWO_DAYS });
    draft.offerings[0].also_on = Weekdays::of([5]);
    draft
}

#[test]
fn who_would_rather_have_what_meets_on_several_days_says_best_what_is_true() {
    let gain = (0..30).find_map(|number| {
        let truth = with_both_days(number);
        (0..truth.forms.len()).find(|child| can_gain(&truth, number, *child, Closing::Never))
    });
    assert_eq!(gain, None);
}

#[test]
fn who_would_rather_have_something_else_must_not_name_it() {
    let truth = with_both_days(0);
    let has = |draft: &Draft| {
        let seats = run(draft, 0, RULES);
        seats.into_iter().filter(|(child, _)| *child == 1).map(|(_, what)| what).collect::<Vec<_>>()
    };
    let mut named = truth.clone();
    named.forms.truncate(1);
    named.forms[0].lists = vec![(Weekday::Monday, vec![1, 0]), (Weekday::Friday, vec![2])];
    assert_eq!(has(&named), [0]);
    named.forms[0].lists[0].1 = vec![1];
    assert_eq!(has(&named), [1, 2]);
}
