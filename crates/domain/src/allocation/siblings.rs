//! Siblings in one offering, for a child whose list says so: after the draw it gives up what it has for a free seat beside
//! its brother or sister. Nobody else loses anything by it, and nobody is promised it (6 A).

use std::collections::BTreeMap;

use super::market::{Market, day};
use super::outcome::{Allocation, Cutoff};
use super::rules::{Closing, Rules};
use super::week::Week;

/// A child that goes where a sibling is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// The child, by its place in the market.
    pub applicant: usize,
    /// What it gives up, by its place in the list; nothing where it had nothing on that day.
    pub from: Option<u32>,
    /// Where it goes.
    pub to: u32,
}

/// Who goes where after this allocation: offering by offering as they are listed, family by family, the lower number
/// first. Only what meets once a week is given up or gone to.
pub fn beside(market: &Market, rules: Rules, allocation: &Allocation) -> Vec<Beside> {
    let mut seating = Seating::of(market, rules, allocation);
    let mut families: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, applicant) in market.applicants().iter().enumerate().filter(|(_, one)| one.family != 0) {
        families.entry(applicant.family).or_default().push(at);
    }
    let mut moved = Vec::new();
    for to in (0_u32..).zip(market.offerings()).filter(|(_, one)| one.days() == 1).map(|(at, _)| at) {
        for children in families.values() {
            for applicant in children.iter().copied().filter(|at| market.is_beside(*at)) {
                if let Some(one) = seating.go(children, applicant, to) {
                    moved.push(one);
                }
            }
        }
    }
    moved
}

/// Who has what while children go.
struct Seating<'market> {
    market: &'market Market,
    rules: Rules,
    has: Vec<bool>,
    /// For each offering the children in it; nothing where it does not open.
    children: Vec<Option<u32>>,
}

impl<'market> Seating<'market> {
    fn of(market: &'market Market, rules: Rules, allocation: &Allocation) -> Seating<'market> {
        let standings = allocation.standings().iter();
        let children = standings.map(|one| (one.cutoff != Cutoff::Closed).then_some(one.admitted)).collect();
        Seating { market, rules, has: allocation.has().to_vec(), children }
    }

    /// Puts the child there, if it may go.
    fn go(&mut self, family: &[usize], applicant: usize, to: u32) -> Option<Beside> {
        let what = &self.market.offerings()[to as usize];
        let wish = self.wish(applicant, to).filter(|wish| !self.has[*wish])?;
        let is_there = family.iter().any(|other| *other != applicant && self.sits(*other, to));
        let has_seat = self.children[to as usize].is_some_and(|children| children < u32::from(what.capacity));
        if !is_there || !has_seat || what.fits(&self.market.applicants()[applicant]).is_err() {
            return None;
        }
        let given_up = self.on_day(applicant, day(what.weekday));
        let may = given_up.is_none_or(|wish| self.may_give_up(family, applicant, wish));
        if !may || !self.fits_the_week(applicant, given_up, to) {
            return None;
        }
        let from = given_up.map(|wish| self.market.wishes()[wish].offering);
        if let Some((wish, from)) = given_up.zip(from) {
            self.has[wish] = false;
            self.children[from as usize] = self.children[from as usize].map(|children| children - 1);
        }
        self.has[wish] = true;
        self.children[to as usize] = self.children[to as usize].map(|children| children + 1);
        Some(Beside { applicant, from, to })
    }

    /// The child's wish for an offering.
    fn wish(&self, applicant: usize, offering: u32) -> Option<usize> {
        self.market.wishes_of(applicant).find(|wish| self.market.wishes()[*wish].offering == offering)
    }

    fn sits(&self, applicant: usize, offering: u32) -> bool {
        self.wish(applicant, offering).is_some_and(|wish| self.has[wish])
    }

    /// What the child has on a day.
    fn on_day(&self, applicant: usize, on: usize) -> Option<usize> {
        let mut granted = self.market.wishes_of(applicant).filter(|wish| self.has[*wish]);
        granted.find(|wish| self.market.wished(*wish).on_days().any(|day| day == on))
    }

    /// Whether nobody misses the child there: no sibling, and no minimum.
    fn may_give_up(&self, family: &[usize], applicant: usize, wish: usize) -> bool {
        let (what, offering) = (self.market.wished(wish), self.market.wishes()[wish].offering);
        let is_alone = !family.iter().any(|other| *other != applicant && self.sits(*other, offering));
        let others = self.children[offering as usize].map_or(0, |children| children - 1);
        let is_enough = self.rules.closing == Closing::Never || u32::from(what.minimum) <= others;
        what.days() == 1 && is_alone && is_enough
    }

    /// Whether the child's week has room for it once this is given up.
    fn fits_the_week(&self, applicant: usize, given_up: Option<usize>, to: u32) -> bool {
        let mut week = Week::of(&self.market.applicants()[applicant], self.market, self.rules.titles);
        let stays = |wish: &usize| self.has[*wish] && Some(*wish) != given_up;
        for wish in self.market.wishes_of(applicant).filter(stays) {
            week.take(self.market.wishes()[wish].offering);
        }
        week.used(to).is_none()
    }
}
