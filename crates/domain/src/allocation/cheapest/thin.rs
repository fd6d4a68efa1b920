//! Settling what is not contested.
//!
//! An offering is *free* when no more children can still come to it than it has seats: whoever wants one gets it.
//! So a child's list for a day may end at its first free offering, since a later wish only costs more; with fewer
//! lists naming them, more offerings become free. A list that begins with a free offering is granted at once when
//! that is the child's very first wish of the day (no other day can cost less) or when the child has no more days
//! than seats; and a child that has all its seats leaves its other lists.

use crate::allocation::market::{Market, compact, day};
use crate::allocation::objective::EMPTY_HANDED;

/// A child's wishes for one day that can still be granted, best first.
#[derive(Debug, Clone, Copy)]
struct List {
    applicant: u32,
    begins: u32,
    ends: u32,
    is_open: bool,
}

/// All lists, and what is left of seats and demand.
pub(super) struct Lists<'market> {
    pub(super) market: &'market Market,
    days: Vec<List>,
    /// The wishes of one list after another.
    wishes: Vec<u32>,
    /// Where each applicant's lists begin; one more than there are applicants.
    begins: Vec<u32>,
    /// How many more of its lists an applicant may be granted.
    wanted: Vec<u32>,
    /// Whether an applicant may be granted every list, so that each stands for itself.
    is_apart: Vec<bool>,
    /// Seats that are not granted yet.
    seats: Vec<u32>,
    /// Open lists that still name the offering.
    demand: Vec<u32>,
    is_free: Vec<bool>,
    /// Offerings that became free and were not looked at.
    freed: Vec<u32>,
    granted: Vec<bool>,
}

impl<'market> Lists<'market> {
    /// The lists as the children wrote them, without what is not for them and what costs more than no seat.
    pub(super) fn of(market: &'market Market) -> Lists<'market> {
        let (offerings, applicants) = (market.offerings(), market.applicants().len());
        let mut all = Lists {
            market,
            days: Vec::new(),
            wishes: Vec::with_capacity(market.wishes().len()),
            begins: vec![0],
            wanted: Vec::with_capacity(applicants),
            is_apart: Vec::with_capacity(applicants),
            seats: offerings.iter().map(|offering| u32::from(offering.capacity)).collect(),
            demand: vec![0; offerings.len()],
            is_free: vec![false; offerings.len()],
            freed: Vec::new(),
            granted: vec![false; market.wishes().len()],
        };
        let mut days: [Vec<u32>; 7] = Default::default();
        (0..applicants).for_each(|applicant| all.take(applicant, &mut days));
        all
    }

    fn take(&mut self, applicant: usize, days: &mut [Vec<u32>; 7]) {
        let child = &self.market.applicants()[applicant];
        for at in self.market.wishes_of(applicant) {
            let (wish, offering) = (self.market.wishes()[at], self.market.wished(at));
            if offering.days() == 1 && offering.fits(child).is_ok() && u64::from(wish.rank) <= EMPTY_HANDED {
                days[day(offering.weekday)].push(compact(at));
                self.demand[wish.offering as usize] += 1;
            }
        }
        let before = self.days.len();
        for wishes in days.iter_mut().filter(|wishes| !wishes.is_empty()) {
            let begins = compact(self.wishes.len());
            self.wishes.append(wishes);
            let ends = compact(self.wishes.len());
            self.days.push(List { applicant: compact(applicant), begins, ends, is_open: true });
        }
        self.begins.push(compact(self.days.len()));
        let (open, limit) = (compact(self.days.len() - before), u32::from(child.weekly_limit));
        self.wanted.push(limit.min(open));
        self.is_apart.push(open <= limit);
    }

    /// Grants and shortens until nothing more follows.
    pub(super) fn settle(&mut self) {
        let naming = self.naming();
        (0..compact(self.wanted.len())).for_each(|applicant| self.leave_when_done(applicant));
        (0..compact(self.demand.len())).for_each(|offering| self.look_at(offering));
        while let Some(offering) = self.freed.pop() {
            let lists =
                naming.begins[offering as usize] as usize..naming.begins[offering as usize + 1] as usize;
            naming.lists[lists].iter().for_each(|list| self.shorten(*list as usize, offering));
        }
    }

    /// The lists that are still open, by their places.
    pub(super) fn open(&self) -> impl Iterator<Item = usize> {
        (0..self.days.len()).filter(|list| self.days[*list].is_open)
    }

    /// Whose list it is.
    pub(super) fn applicant(&self, list: usize) -> u32 {
        self.days[list].applicant
    }

    /// The wishes of a list that may still be granted, best first.
    pub(super) fn wishes(&self, list: usize) -> &[u32] {
        &self.wishes[self.days[list].begins as usize..self.days[list].ends as usize]
    }

    /// How many of its lists the child may still be granted; nothing when it may be granted every one.
    pub(super) fn limit(&self, applicant: u32) -> Option<u32> {
        (!self.is_apart[applicant as usize]).then(|| self.wanted[applicant as usize])
    }

    /// The seats that are left of a contested offering; nothing when it is free.
    pub(super) fn contested(&self, offering: u32) -> Option<u32> {
        (!self.is_free[offering as usize]).then(|| self.seats[offering as usize])
    }

    /// For each wish, whether it is granted already.
    pub(super) fn into_granted(self) -> Vec<bool> {
        self.granted
    }

    /// What a wish is for.
    pub(super) fn offering(&self, wish: u32) -> u32 {
        self.market.wishes()[wish as usize].offering
    }

    /// Free from now on?
    fn look_at(&mut self, offering: u32) {
        let at = offering as usize;
        if !self.is_free[at] && self.demand[at] <= self.seats[at] {
            self.is_free[at] = true;
            self.freed.push(offering);
        }
    }

    fn leave_when_done(&mut self, applicant: u32) {
        let at = applicant as usize;
        if self.wanted[at] == 0 {
            (self.begins[at]..self.begins[at + 1]).for_each(|list| self.close(list as usize));
        }
    }

    fn close(&mut self, list: usize) {
        if std::mem::take(&mut self.days[list].is_open) {
            self.forget(self.days[list].begins, self.days[list].ends);
        }
    }

    /// These wishes will not be granted any more, or are granted already.
    fn forget(&mut self, begins: u32, ends: u32) {
        for at in begins..ends {
            let offering = self.offering(self.wishes[at as usize]);
            self.demand[offering as usize] -= 1;
            self.look_at(offering);
        }
    }

    /// Ends a list at an offering that is free.
    fn shorten(&mut self, list: usize, offering: u32) {
        let List { applicant, begins, ends, is_open } = self.days[list];
        let place = self.wishes(list).iter().position(|wish| self.offering(*wish) == offering);
        let Some(place) = place.filter(|_| is_open) else { return };
        self.days[list].ends = begins + compact(place) + 1;
        self.forget(begins + compact(place) + 1, ends);
        let wish = self.wishes[begins as usize];
        let is_first = self.market.wishes()[wish as usize].rank == 1;
        if place == 0 && (is_first || self.is_apart[applicant as usize]) {
            self.granted[wish as usize] = true;
            self.seats[offering as usize] -= 1;
            self.wanted[applicant as usize] -= 1;
            self.close(list);
            self.leave_when_done(applicant);
        }
    }

    /// For each offering the lists that name it.
    fn naming(&self) -> Naming {
        let mut begins = vec![0; self.demand.len() + 1];
        for (at, demand) in self.demand.iter().enumerate() {
            begins[at + 1] = begins[at] + demand;
        }
        let (mut places, mut lists) = (begins.clone(), vec![0; self.wishes.len()]);
        for list in 0..self.days.len() {
            for wish in self.wishes(list) {
                let place = &mut places[self.offering(*wish) as usize];
                lists[*place as usize] = compact(list);
                *place += 1;
            }
        }
        Naming { begins, lists }
    }
}

/// The lists that name each offering, as one list cut into pieces.
struct Naming {
    begins: Vec<u32>,
    lists: Vec<u32>,
}
