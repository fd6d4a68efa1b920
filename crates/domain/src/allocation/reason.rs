//! Why each wish was granted or not, and what would have had to differ. Facts only: the words are in `web`.

use super::lots::{Lots, Place};
use super::market::{Market, Unfit};
use super::outcome::{Allocation, Cutoff, Standing};
use super::rules::Titles;
use super::week::{Used, Week};

/// Why a wish ended as it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The child has it.
    Got,
    /// The offering is not for this child.
    NotEligible(Unfit),
    /// A better wish was granted and leaves no room for this one.
    NotNeeded(Used),
    /// The offering does not open.
    Closed,
    /// All seats went to children who come first.
    Full,
    /// The child comes before somebody who has a seat, or a seat is free, and yet no allocation was found that gives
    /// it: the rule of one title a week can make that unavoidable, and a mode that fills more seats passes children over.
    Unsettled,
}

/// What would have had to differ for the child to have this wish as well, or instead, all others staying as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differs {
    /// Nothing: the child has it.
    Nothing,
    /// The child's grade or sex, or whom the offering is for.
    Fit(Unfit),
    /// The child's own order alone: as the cut-offs stand, the child comes early enough for this wish.
    Order,
    /// The order, and a better place besides: the offering is full of children who come first.
    OrderAndPlace,
    /// The order, and more children: the offering does not open.
    OrderAndChildren,
    /// So many more children.
    Children(u32),
    /// The ticket: no higher than the last that was admitted.
    Ticket(u64),
    /// No ticket would have been enough, since there are no seats or children of an earlier tier took them all; so many
    /// more seats would.
    Seats(u32),
    /// The rule of one title a week, or another mode.
    TitleRule,
}

/// One wish, explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explained {
    /// Which wish of the market.
    pub wish: usize,
    /// What it is for.
    pub offering: u32,
    /// How it ended.
    pub reason: Reason,
    /// The child's place in the draw for that day.
    pub place: Place,
    /// Whom the offering takes.
    pub cutoff: Cutoff,
    /// For a wish refused because all seats are taken: the children before this one who have a seat there or would
    /// have taken one.
    pub ahead: u32,
    /// What would have had to differ.
    pub differs: Differs,
}

/// What reasons are read from.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) market: &'a Market,
    pub(super) lots: &'a Lots,
    pub(super) titles: Titles,
    pub(super) has: &'a [bool],
    pub(super) standings: &'a [Standing],
}

impl View<'_> {
    /// An applicant's wishes with their reasons, best first.
    pub(super) fn walk(&self, at: usize, mut visit: impl FnMut(usize, Reason)) {
        let applicant = &self.market.applicants()[at];
        let mut week = Week::of(applicant, self.market.offerings(), self.titles);
        for wish in self.market.wishes_of(at) {
            let offering = self.market.wishes()[wish].offering;
            if self.has[wish] {
                visit(wish, Reason::Got);
                week.take(offering);
            } else if let Err(unfit) = self.market.wished(wish).fits(applicant) {
                visit(wish, Reason::NotEligible(unfit));
            } else if let Some(used) = week.used(offering) {
                visit(wish, Reason::NotNeeded(used));
            } else {
                visit(wish, self.refused(at, wish));
            }
        }
    }

    /// The wishes that were refused although the child has room for them, best first.
    pub(super) fn refusals(&self, at: usize, mut visit: impl FnMut(usize, Reason)) {
        let applicant = &self.market.applicants()[at];
        let mut week = Week::of(applicant, self.market.offerings(), self.titles);
        for wish in self.market.wishes_of(at) {
            if week.is_full() {
                return;
            }
            let offering = self.market.wishes()[wish].offering;
            if self.has[wish] {
                week.take(offering);
            } else if week.used(offering).is_none() && self.market.wished(wish).fits(applicant).is_ok() {
                visit(wish, self.refused(at, wish));
            }
        }
    }

    /// Why a wish was refused for which the child has room.
    fn refused(&self, applicant: usize, wish: usize) -> Reason {
        match self.standing(wish).cutoff {
            Cutoff::Closed => Reason::Closed,
            Cutoff::NoSeats => Reason::Full,
            Cutoff::Last(last) if last < self.place(applicant, wish) => Reason::Full,
            Cutoff::Last(_) | Cutoff::Free => Reason::Unsettled,
        }
    }

    fn standing(&self, wish: usize) -> Standing {
        self.standings[self.market.wishes()[wish].offering as usize]
    }

    fn place(&self, applicant: usize, wish: usize) -> Place {
        self.lots.place(self.market, applicant, self.market.wished(wish).weekday)
    }
}

/// The reasons of an allocation, ready to be told wish by wish.
#[derive(Debug)]
pub struct Reasons<'a> {
    view: View<'a>,
    allocation: &'a Allocation,
    /// Where the places of those who wanted an offering begin in `wanted`; one more than there are offerings.
    starts: Vec<usize>,
    /// The places of those who have a seat or were refused one because all were taken, in order.
    wanted: Vec<Place>,
}

impl<'a> Reasons<'a> {
    /// The reasons of this allocation, with the lots that it was made with.
    pub fn of(market: &'a Market, lots: &'a Lots, titles: Titles, allocation: &'a Allocation) -> Reasons<'a> {
        let view = View { market, lots, titles, has: allocation.has(), standings: allocation.standings() };
        let mut wanted = Vec::new();
        for applicant in 0..market.applicants().len() {
            view.walk(applicant, |wish, reason| {
                if matches!(reason, Reason::Got | Reason::Full) {
                    wanted.push((market.wishes()[wish].offering, view.place(applicant, wish)));
                }
            });
        }
        wanted.sort_unstable();
        let offerings = 0..=market.offerings().len();
        let starts = offerings.map(|at| wanted.partition_point(|(offering, _)| (*offering as usize) < at));
        let starts = starts.collect();
        Reasons { view, allocation, starts, wanted: wanted.into_iter().map(|(_, place)| place).collect() }
    }

    /// Tells every wish of an applicant, best first.
    pub fn tell(&self, applicant: usize, mut listen: impl FnMut(Explained)) {
        self.view.walk(applicant, |wish, reason| {
            let offering = self.view.market.wishes()[wish].offering;
            let place = self.view.place(applicant, wish);
            let ahead = if reason == Reason::Full { self.ahead(offering, place) } else { 0 };
            let cutoff = self.view.standing(wish).cutoff;
            let explained =
                Explained { wish, offering, reason, place, cutoff, ahead, differs: Differs::Nothing };
            listen(Explained { differs: self.differs(&explained), ..explained });
        });
    }

    /// How many of those who wanted the offering come before this place.
    fn ahead(&self, offering: u32, place: Place) -> u32 {
        let wanted = &self.wanted[self.starts[offering as usize]..self.starts[offering as usize + 1]];
        super::market::compact(wanted.partition_point(|other| *other < place))
    }

    fn differs(&self, explained: &Explained) -> Differs {
        match explained.reason {
            Reason::Got => Differs::Nothing,
            Reason::NotEligible(unfit) => Differs::Fit(unfit),
            Reason::NotNeeded(_) => match explained.cutoff {
                Cutoff::Free => Differs::Order,
                Cutoff::Last(last) if explained.place < last => Differs::Order,
                Cutoff::Last(_) | Cutoff::NoSeats => Differs::OrderAndPlace,
                Cutoff::Closed => Differs::OrderAndChildren,
            },
            Reason::Closed => Differs::Children(self.missing(explained.offering)),
            Reason::Full => match explained.cutoff {
                Cutoff::Last(last) if last.tier == explained.place.tier => Differs::Ticket(last.ticket),
                Cutoff::Last(_) | Cutoff::NoSeats | Cutoff::Free | Cutoff::Closed => {
                    Differs::Seats(self.seats_short(explained))
                }
            },
            Reason::Unsettled => Differs::TitleRule,
        }
    }

    /// The children that a closed offering lacks.
    fn missing(&self, offering: u32) -> u32 {
        let closed = self.allocation.closed().iter().find(|closed| closed.offering == offering);
        closed.map_or(0, |closed| closed.minimum.saturating_sub(closed.children))
    }

    /// The seats that would have had to be there besides.
    fn seats_short(&self, explained: &Explained) -> u32 {
        let offering = &self.view.market.offerings()[explained.offering as usize];
        (explained.ahead + 1).saturating_sub(u32::from(offering.capacity))
    }
}
