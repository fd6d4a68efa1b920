//! A reference that is as plain as it can be: maps and sets, everything again from the start at every step.

use std::collections::{BTreeMap, BTreeSet};

use super::small::{Draft, Form, lots, run, seats};
use crate::allocation::{Closing, Lots, Market, Place, Rules, Titles, allocate};

/// A form with the child's places, by offering.
struct Child<'a> {
    form: &'a Form,
    /// Best first.
    order: Vec<u32>,
    places: BTreeMap<u32, Place>,
}

/// The plain reference of a draft with titles that repeat.
pub(super) struct Plain<'a> {
    draft: &'a Draft,
    children: Vec<Child<'a>>,
}

impl<'a> Plain<'a> {
    pub(super) fn of(draft: &'a Draft, market: &Market, lots: &Lots) -> Plain<'a> {
        let children = draft.forms.iter().map(|form| {
            let numbers = market.applicants().iter().map(|applicant| applicant.number);
            let at = numbers.clone().position(|number| number == form.applicant.number).unwrap();
            let place = |offering: u32| lots.place(market, at, draft.offerings[offering as usize].weekday);
            let order = order(form);
            let places = order.iter().map(|offering| (*offering, place(*offering))).collect();
            Child { form, order, places }
        });
        Plain { draft, children: children.collect() }
    }

    /// Who has what, and what closed, in order.
    pub(super) fn allocate(&self) -> (Vec<(u64, u32)>, Vec<u32>) {
        let mut closed = Vec::new();
        loop {
            let held = self.accept(&closed);
            match self.smallest(&held, &closed) {
                Some(offering) => closed.push(offering),
                None => return (self.seats(&held), closed),
            }
        }
    }

    /// Everybody asks at once for the best that has not refused, until nobody is refused.
    pub(super) fn accept(&self, closed: &[u32]) -> BTreeMap<u32, BTreeSet<usize>> {
        let mut refused: BTreeSet<(usize, u32)> = BTreeSet::new();
        loop {
            let mut asked: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
            for (at, child) in self.children.iter().enumerate() {
                for offering in self.choose(child, |o| !closed.contains(&o) && !refused.contains(&(at, o))) {
                    asked.entry(offering).or_default().insert(at);
                }
            }
            let before = refused.len();
            for (offering, children) in &asked {
                let mut by_place: Vec<usize> = children.iter().copied().collect();
                by_place.sort_by_key(|at| self.children[*at].places[offering]);
                let seats = usize::from(self.draft.offerings[*offering as usize].capacity);
                refused.extend(by_place.into_iter().skip(seats).map(|at| (at, *offering)));
            }
            if refused.len() == before {
                return asked;
            }
        }
    }

    /// What a child takes from what it may have: from the top, one a day, up to its limit.
    fn choose(&self, child: &Child<'_>, may: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut taken: Vec<u32> = Vec::new();
        for offering in child.order.iter().copied().filter(|offering| may(*offering)) {
            let what = &self.draft.offerings[offering as usize];
            let free = taken.iter().all(|has| self.draft.offerings[*has as usize].weekday != what.weekday);
            let below = taken.len() < usize::from(child.form.applicant.weekly_limit);
            if free && below && what.fits(&child.form.applicant).is_ok() {
                taken.push(offering);
            }
        }
        taken
    }

    fn smallest(&self, held: &BTreeMap<u32, BTreeSet<usize>>, closed: &[u32]) -> Option<u32> {
        let mut worst: Option<(f64, u32)> = None;
        for (offering, what) in (0..).zip(&self.draft.offerings) {
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

    fn seats(&self, held: &BTreeMap<u32, BTreeSet<usize>>) -> Vec<(u64, u32)> {
        let seats = held.iter().flat_map(|(offering, children)| {
            children.iter().map(|at| (self.children[*at].form.applicant.number, *offering))
        });
        let mut seats: Vec<(u64, u32)> = seats.collect();
        seats.sort_unstable();
        seats
    }

    /// What each child takes when it may have whatever is open and has a cut-off that the child meets.
    fn by_cutoffs(&self, held: &BTreeMap<u32, BTreeSet<usize>>, closed: &[u32]) -> Vec<(u64, u32)> {
        let mut seats = Vec::new();
        for child in &self.children {
            let meets = |offering: u32| {
                let children = held.get(&offering).map_or(0, BTreeSet::len);
                let is_full = children == usize::from(self.draft.offerings[offering as usize].capacity);
                let others = held.get(&offering).into_iter().flatten();
                let last = others.map(|at| self.children[*at].places[&offering]).max();
                !closed.contains(&offering)
                    && (!is_full || last.is_some_and(|last| child.places[&offering] <= last))
            };
            let takes = self.choose(child, meets);
            seats.extend(takes.into_iter().map(|offering| (child.form.applicant.number, offering)));
        }
        seats.sort_unstable();
        seats
    }
}

/// The child's one list: first wishes of all days, then second ones.
fn order(form: &Form) -> Vec<u32> {
    let longest = form.lists.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
    let ranks = (0..longest).flat_map(|rank| form.lists.iter().filter_map(move |(_, list)| list.get(rank)));
    ranks.copied().collect()
}

const REPEAT: Rules = Rules { titles: Titles::Repeat, closing: Closing::ForGood };

#[test]
fn a_thousand_markets_are_allocated_as_the_plain_reference_does() {
    let (mut closings, mut given) = (0, 0);
    for number in 0..1_500 {
        let draft = Draft::random(number);
        let market = draft.market();
        let lots = lots(&market, number);
        let (expected, closed) = Plain::of(&draft, &market, &lots).allocate();
        let allocation = allocate(&market, &lots, REPEAT);
        assert_eq!(seats(&market, &allocation), expected, "market {number}");
        let closed_here: Vec<u32> = allocation.closed().iter().map(|closed| closed.offering).collect();
        assert_eq!(closed_here, closed, "market {number}");
        closings += closed.len();
        given += expected.len();
    }
    // the markets are worth looking at
    assert!(1_000 < closings && 3_000 < given, "{closings} closed, {given} seats given");
}

#[test]
fn what_each_child_has_follows_from_the_cut_offs() {
    for number in 0..1_000 {
        let draft = Draft::random(number);
        let market = draft.market();
        let plain = Plain::of(&draft, &market, &lots(&market, number));
        let (seats, closed) = plain.allocate();
        assert_eq!(plain.by_cutoffs(&plain.accept(&closed), &closed), seats, "market {number}");
        assert_eq!(run(&draft, number, REPEAT), seats, "market {number}");
    }
}

#[test]
fn closing_and_going_on_is_as_if_it_had_never_been_offered() {
    for number in 0..1_000 {
        let draft = Draft::random(number);
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
