//! The mode "most seats", for schools that announce it before the wishes open: a family may gain by ordering its
//! wishes tactically, and the page that explains the mode says so.
//!
//! A flow finds the best by these goals, the more important first: nobody of a priority group loses a seat that an
//! allocation could give (B4); the most seats; the fewest children without any; the most first wishes, then the
//! most second wishes, and so on; the least sum of places in the day's draw.
//!
//! Titles and least sizes are no flow. They are repaired in steps, each followed by a new flow:
//!
//! 1. Every child that has a title twice, or two that are apart, loses the right to the one that is later on its list.
//! 2. When there is no such child, the offering that lacks the largest part of its minimum closes (the lowest
//!    number of several).
//! 3. When none lacks anything, wishes that step 1 took away are granted where a seat and the child's week are free,
//!    in the order of the draw.
//! 4. Where the school says so, each closed offering that meets once a week may open again once, in the order of
//!    closing: if as many children as it needs would rather be there, and if a new flow with it, repaired by steps 1 and
//!    3, leaves all that are open their minimum and gives no fewer seats.
//!
//! What meets on several days is no flow either: it is given before, in stages of its own, as deferred acceptance
//! gives it. What is declared to be apart is repaired as a title is. Seats are kept for nobody here; priority groups
//! have their goal. What a child goes on with counts in the draw.
//!
//! The flow before any repair bounds what is possible; the distance to it is shown.

mod network;

use super::deferred::{allocate, several_days};
use super::flow::by_levels;
use super::lots::Lots;
use super::market::Market;
use super::outcome::Allocation;
use super::rules::{Closing, Rules, Titles};
use super::week::{Used, Week};

use network::Seating;

/// An allocation with the most seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fullest {
    /// Who gets what.
    pub allocation: Allocation,
    /// How many seats are given.
    pub seats: usize,
    /// How many could be given if titles could repeat and every offering opened.
    pub at_most: usize,
}

/// Fills the seats. The same market, lots and rules give the same allocation, whoever applied first.
pub fn fullest(market: &Market, lots: &Lots, rules: Rules) -> Fullest {
    let free = Rules { titles: Titles::Repeat, closing: Closing::Never };
    let (before, closed) = several_days(market, lots, rules);
    let known =
        if market.has_several_days() { before.clone() } else { allocate(market, lots, free).has().to_vec() };
    let may = fitting(market, &before, &closed);
    let mut repair = Repair { market, lots, rules, may, before, has: known, closed };
    repair.fill();
    let at_most = repair.seats();
    repair.repair();
    if rules.closing == Closing::Reopening {
        repair = reopened(repair);
    }
    Fullest { seats: repair.seats(), allocation: repair.allocation(), at_most }
}

/// Step 4.
fn reopened(mut repair: Repair<'_>) -> Repair<'_> {
    let market = repair.market;
    for offering in repair.closed.clone() {
        let would_come = repair.allocation().closed().iter().find(|one| one.offering == offering).copied();
        let is_wanted = would_come.is_some_and(|closed| closed.minimum <= closed.children);
        if !is_wanted || 1 < market.offerings()[offering as usize].days() {
            continue;
        }
        let with = repair.opening(offering);
        if with.smallest().is_none() && repair.seats() <= with.seats() {
            repair = with;
        }
    }
    repair
}

/// The wishes for one day that are for their child, are for what opens, and go with what the child has already.
fn fitting(market: &Market, before: &[bool], closed: &[u32]) -> Vec<bool> {
    let mut may = vec![false; market.wishes().len()];
    for (at, applicant) in market.applicants().iter().enumerate() {
        let mut week = Week::of(applicant, market, Titles::Repeat);
        for wish in market.wishes_of(at) {
            let (offering, what) = (market.wishes()[wish].offering, market.wished(wish));
            if before[wish] {
                week.take(offering);
            } else if what.days() == 1 && what.fits(applicant).is_ok() && !closed.contains(&offering) {
                may[wish] = matches!(week.used(offering), None | Some(Used::Limit));
            }
        }
    }
    may
}

struct Repair<'market> {
    market: &'market Market,
    lots: &'market Lots,
    rules: Rules,
    /// For each wish, whether it may be granted.
    may: Vec<bool>,
    /// For each wish, whether it was before the flow.
    before: Vec<bool>,
    /// For each wish, whether it is.
    has: Vec<bool>,
    closed: Vec<u32>,
}

impl<'market> Repair<'market> {
    /// Steps 1 to 3.
    fn repair(&mut self) {
        while self.part_titles() || self.close_smallest() {
            self.fill();
        }
        self.give_back();
    }

    /// The same with this offering open and nothing closed any more.
    fn opening(&self, offering: u32) -> Repair<'market> {
        let Repair { market, lots, .. } = *self;
        let closed: Vec<u32> = self.closed.iter().copied().filter(|other| *other != offering).collect();
        let rules = Rules { closing: Closing::Never, ..self.rules };
        let (may, before) = (fitting(market, &self.before, &closed), self.before.clone());
        // what stands is a flow with it as well; wishes that step 1 took away may be granted anew
        let mut with = Repair { market, lots, rules, may, before, has: self.has.clone(), closed };
        with.fill();
        with.repair();
        with
    }

    /// Who has what now, with all that follows from it.
    fn allocation(&self) -> Allocation {
        Allocation::of(self.market, self.lots, self.rules.titles, self.has.clone(), &self.closed)
    }

    /// The best by all goals among what may be granted.
    fn fill(&mut self) {
        let seating = Seating::of(self.market, &self.may, &self.before);
        let goals = seating.goals(self.market, self.lots);
        let known = seating.known(&self.has);
        let best = by_levels(&seating.network, &goals, Some(&known))
            .expect("no seat has to be given, and a market's sums are small");
        self.has = seating.granted(&best.along);
        self.has.iter_mut().zip(&self.before).for_each(|(has, before)| *has |= before);
    }

    fn seats(&self) -> usize {
        self.has.iter().filter(|has| **has).count()
    }

    /// Step 1; whether there was such a child.
    fn part_titles(&mut self) -> bool {
        let mut parted = false;
        for at in 0..self.market.applicants().len() {
            let mut week = Week::of(&self.market.applicants()[at], self.market, self.rules.titles);
            for wish in self.market.wishes_of(at) {
                if !self.has[wish] {
                    continue;
                }
                let offering = self.market.wishes()[wish].offering;
                if let Some(Used::Title(_) | Used::Apart(_)) = week.used(offering) {
                    (self.may[wish], self.has[wish], parted) = (false, false, true);
                } else {
                    week.take(offering);
                }
            }
        }
        parted
    }

    /// Step 2; whether there was such an offering.
    fn close_smallest(&mut self) -> bool {
        let Some(smallest) = self.smallest().filter(|_| self.rules.closing != Closing::Never) else {
            return false;
        };
        self.closed.push(smallest);
        for (wish, named) in self.market.wishes().iter().enumerate() {
            if named.offering == smallest {
                (self.may[wish], self.has[wish]) = (false, false);
            }
        }
        true
    }

    /// The offering that lacks the largest part of its minimum.
    fn smallest(&self) -> Option<u32> {
        let children = self.children();
        let open = (0_u32..).zip(self.market.offerings()).filter(|(at, _)| !self.closed.contains(at));
        let sizes = open.map(|(at, offering)| (at, children[at as usize], u32::from(offering.minimum)));
        let lacking = sizes.filter(|(_, children, minimum)| children < minimum);
        let smallest = lacking.min_by(|(one, had, minimum), (other, has, least)| {
            // had / minimum against has / least
            (had * least, one).cmp(&(has * minimum, other))
        });
        smallest.map(|(at, ..)| at)
    }

    /// How many sit in each offering.
    fn children(&self) -> Vec<u32> {
        let mut children = vec![0; self.market.offerings().len()];
        for (wish, named) in self.market.wishes().iter().enumerate() {
            children[named.offering as usize] += u32::from(self.has[wish]);
        }
        children
    }

    /// Step 3.
    fn give_back(&mut self) {
        let mut children = self.children();
        let mut asking = Vec::new();
        for (at, applicant) in self.market.applicants().iter().enumerate() {
            let taken = self.market.wishes_of(at).filter(|wish| !self.may[*wish]);
            let fit = taken.filter(|wish| self.market.wished(*wish).fits(applicant).is_ok());
            let places = fit.map(|wish| (self.lots.place_for(self.market, at, wish), wish, at));
            asking.extend(places);
        }
        asking.sort_unstable();
        for (_, wish, at) in asking {
            let offering = self.market.wishes()[wish].offering;
            let is_full = u32::from(self.market.wished(wish).capacity) <= children[offering as usize];
            if !is_full && !self.closed.contains(&offering) && self.has_room(at, offering) {
                self.has[wish] = true;
                children[offering as usize] += 1;
            }
        }
    }

    fn has_room(&self, at: usize, offering: u32) -> bool {
        let mut week = Week::of(&self.market.applicants()[at], self.market, self.rules.titles);
        let granted = self.market.wishes_of(at).filter(|wish| self.has[*wish]);
        granted.for_each(|wish| week.take(self.market.wishes()[wish].offering));
        week.used(offering).is_none()
    }
}
