//! A reference that is as plain as it can be: maps and sets, everything again from the start at every step.

use std::collections::{BTreeMap, BTreeSet};

use super::small::{Draft, Form, lots, run, seats};
use crate::allocation::{Channel, Closing, Lots, Market, Offering, Place, Rules, Titles, allocate};

/// Children, by their place among the forms, for each offering.
type Held = BTreeMap<u32, BTreeSet<usize>>;

/// A form with the child's places, by offering.
struct Child<'a> {
    form: &'a Form,
    /// Best first.
    order: Vec<u32>,
    places: BTreeMap<u32, Place>,
}

/// The plain reference of a draft with titles that repeat and nothing that is apart.
pub(super) struct Plain<'a> {
    draft: &'a Draft,
    children: Vec<Child<'a>>,
}

/// Whom an offering takes of those who ask, seat by seat.
pub(super) fn chosen(what: &Offering, asking: &[(Place, Channel)]) -> Vec<usize> {
    let kept = what.reserve.priority.unwrap_or(0);
    let mut left: Vec<usize> = (0..asking.len()).collect();
    let mut chosen = Vec::new();
    for seat in 0..what.capacity {
        let for_office = kept <= seat && seat < kept + what.reserve.office;
        let without_tiers = what.reserve.priority.is_some() && kept <= seat;
        let first = (0..left.len()).min_by_key(|at| {
            let (Place { tier, is_new, ticket, number }, channel) = asking[left[*at]];
            let tier = if without_tiers { 0 } else { tier };
            (for_office && channel != Channel::Office, tier, is_new, ticket, number)
        });
        chosen.extend(first.map(|at| left.remove(at)));
    }
    chosen
}

impl<'a> Plain<'a> {
    pub(super) fn of(draft: &'a Draft, market: &Market, lots: &Lots) -> Plain<'a> {
        let children = draft.forms.iter().map(|form| {
            let numbers = market.applicants().iter().map(|applicant| applicant.number);
            let at = numbers.clone().position(|number| number == form.applicant.number).unwrap();
            let place = |offering: u32| Place {
                tier: form.applicant.tier,
                is_new: !form.kept.contains(&offering),
                ticket: lots.ticket(at, draft.offerings[offering as usize].weekday),
                number: form.applicant.number,
            };
            let order = order(form);
            let places = order.iter().map(|offering| (*offering, place(*offering))).collect();
            Child { form, order, places }
        });
        Plain { draft, children: children.collect() }
    }

    /// Who has what, and what closed, in order.
    pub(super) fn allocate(&self) -> (Held, Vec<u32>) {
        let (mut held, mut closed) = (Held::new(), Vec::new());
        for days in [3, 2, 1] {
            let given = loop {
                let given = self.accept(days, &held, &closed);
                match self.smallest(days, &given, &closed) {
                    Some(offering) => closed.push(offering),
                    None => break given,
                }
            };
            held.extend(given);
        }
        (held, closed)
    }

    /// Of what meets on so many days, everybody asks at once for the best that has not refused, until nobody is refused.
    fn accept(&self, days: usize, before: &Held, closed: &[u32]) -> Held {
        let mut refused: BTreeSet<(usize, u32)> = BTreeSet::new();
        loop {
            let mut asked = Held::new();
            for at in 0..self.children.len() {
                let may = |o: u32| !closed.contains(&o) && !refused.contains(&(at, o));
                for offering in self.choose(at, days, &of(before, at), may) {
                    asked.entry(offering).or_default().insert(at);
                }
            }
            let count = refused.len();
            for (offering, children) in &asked {
                let taken = self.chosen(*offering, children);
                refused.extend(children.difference(&taken).map(|at| (*at, *offering)));
            }
            if refused.len() == count {
                return asked;
            }
        }
    }

    fn chosen(&self, offering: u32, children: &BTreeSet<usize>) -> BTreeSet<usize> {
        let children: Vec<usize> = children.iter().copied().collect();
        let asking = children.iter().map(|at| {
            let child = &self.children[*at];
            (child.places[&offering], child.form.applicant.channel)
        });
        let asking: Vec<_> = asking.collect();
        let chosen = chosen(&self.draft.offerings[offering as usize], &asking);
        chosen.into_iter().map(|at| children[at]).collect()
    }

    /// What a child takes from what it may have and meets on so many days: from the top, one a day, up to its limit.
    fn choose(&self, at: usize, days: usize, before: &[u32], may: impl Fn(u32) -> bool) -> Vec<u32> {
        let child = &self.children[at];
        let what = |offering: u32| &self.draft.offerings[offering as usize];
        let mut taken = Vec::new();
        for offering in child.order.iter().copied().filter(|offering| what(*offering).days() == days) {
            let has = || before.iter().chain(&taken).copied();
            let free = has().all(|has| on(what(has)).is_disjoint(&on(what(offering))));
            let below = has().count() < usize::from(child.form.applicant.weekly_limit);
            if may(offering) && free && below && what(offering).fits(&child.form.applicant).is_ok() {
                taken.push(offering);
            }
        }
        taken
    }

    fn smallest(&self, days: usize, held: &Held, closed: &[u32]) -> Option<u32> {
        let mut worst: Option<(f64, u32)> = None;
        for (offering, what) in (0..).zip(&self.draft.offerings).filter(|(_, what)| what.days() == days) {
            let count = u16::try_from(held.get(&offering).map_or(0, BTreeSet::len)).unwrap();
            if !closed.contains(&offering) && count < what.minimum {
                let lacks = f64::from(what.minimum - count) / f64::from(what.minimum);
                if worst.is_none_or(|(most, _)| most < lacks) {
                    worst = Some((lacks, offering));
                }
            }
        }
        worst.map(|(_, offering)| offering)
    }

    pub(super) fn seats(&self, held: &Held) -> Vec<(u64, u32)> {
        let seats = held.iter().flat_map(|(offering, children)| {
            children.iter().map(|at| (self.children[*at].form.applicant.number, *offering))
        });
        let mut seats: Vec<(u64, u32)> = seats.collect();
        seats.sort_unstable();
        seats
    }

    /// What each child takes when it may have whatever is open and would take it besides those who are there.
    fn by_cutoffs(&self, held: &Held, closed: &[u32]) -> Vec<(u64, u32)> {
        let mut takes = Held::new();
        for at in 0..self.children.len() {
            let meets = |offering: u32| {
                let mut children = held.get(&offering).cloned().unwrap_or_default();
                children.insert(at);
                !closed.contains(&offering) && self.chosen(offering, &children).contains(&at)
            };
            for days in [3, 2, 1] {
                for offering in self.choose(at, days, &of(&takes, at), meets) {
                    takes.entry(offering).or_default().insert(at);
                }
            }
        }
        self.seats(&takes)
    }
}

/// What a child has.
fn of(held: &Held, at: usize) -> Vec<u32> {
    held.iter().filter(|(_, children)| children.contains(&at)).map(|(offering, _)| *offering).collect()
}

/// The days on which it meets.
fn on(what: &Offering) -> BTreeSet<u8> {
    what.also_on.iter().chain([crate::plan::number(what.weekday)]).collect()
}

/// The child's one list: its own order as far as that goes; then first wishes of all days, then second ones.
fn order(form: &Form) -> Vec<u32> {
    let mut lists = form.lists.clone();
    let mut order = Vec::new();
    for weekday in &form.order {
        let list = lists.iter_mut().find(|(day, _)| day == weekday);
        let list = list.map(|(_, list)| list).filter(|list| !list.is_empty());
        order.extend(list.map(|list| list.remove(0)));
    }
    let rank = |offering: u32| {
        let ranks = form.lists.iter().map(|(_, list)| list.iter().position(|one| *one == offering));
        ranks.flatten().next()
    };
    let mut rest: Vec<u32> = lists.into_iter().flat_map(|(_, list)| list).collect();
    rest.sort_by_key(|offering| rank(*offering));
    [order, rest].concat()
}

const REPEAT: Rules = Rules { titles: Titles::Repeat, closing: Closing::ForGood };

#[test]
fn thousands_of_markets_are_allocated_as_the_plain_reference_does() {
    for make in [Draft::random, Draft::rich] {
        let (mut closings, mut given) = (0, 0);
        for number in 0..1_500 {
            let draft = make(number);
            let market = draft.market();
            let lots = lots(&market, number);
            let plain = Plain::of(&draft, &market, &lots);
            let (held, closed) = plain.allocate();
            let allocation = allocate(&market, &lots, REPEAT);
            assert_eq!(seats(&market, &allocation), plain.seats(&held), "market {number}");
            let closed_here: Vec<u32> = allocation.closed().iter().map(|closed| closed.offering).collect();
            assert_eq!(closed_here, closed, "market {number}");
            closings += closed.len();
            given += plain.seats(&held).len();
        }
        // the markets are worth looking at
        assert!(1_000 < closings && 2_500 < given, "{closings} closed, {given} seats given");
    }
}

#[test]
fn what_each_child_has_follows_from_the_cut_offs() {
    for make in [Draft::random, Draft::rich] {
        for number in 0..1_000 {
            let draft = make(number);
            let market = draft.market();
            let plain = Plain::of(&draft, &market, &lots(&market, number));
            let (held, closed) = plain.allocate();
            assert_eq!(plain.by_cutoffs(&held, &closed), plain.seats(&held), "market {number}");
        }
    }
}

#[test]
fn closing_and_going_on_is_as_if_it_had_never_been_offered() {
    for make in [Draft::random, Draft::rich] {
        for number in 0..1_000 {
            let draft = make(number);
            let market = draft.market();
            let closed = allocate(&market, &lots(&market, number), REPEAT);
            let mut without = draft.clone();
            for closed in closed.closed() {
                without.offerings[closed.offering as usize].capacity = 0;
            }
            let rules = Rules { closing: Closing::Never, ..REPEAT };
            assert_eq!(run(&without, number, rules), seats(&market, &closed), "market {number}");
        }
    }
}
