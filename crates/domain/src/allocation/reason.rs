//! Why each wish was granted or not, and what would have had to differ. Facts only: the words are in `web`.

use super::lots::{Lots, Place};
use super::market::{Market, Unfit};
use super::outcome::{Allocation, Cutoff, Standing};
use super::reserve::{Asks, Reserve};
use super::rules::Titles;
use super::week::{Used, Week};

/// Why a wish ended as it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The child has it.
    Got,
    /// The offering is not for this child.
    NotEligible(Unfit),
    /// A wish that stands before it was granted and leaves no room for this one.
    NotNeeded(Used),
    /// The offering does not open.
    Closed,
    /// All seats went to children who come first.
    Full,
    /// The child comes before somebody who has a seat, or a seat is free, and yet no allocation was found that gives
    /// it: the rule of one title a week, what is apart and what meets on several days can make that unavoidable, and a
    /// mode that fills more seats passes children over.
    Unsettled,
}

/// What would have had to differ for the child to have this wish as well, or instead, all others staying as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differs {
    /// Nothing: the child has it.
    Nothing,
    /// The child's grade or sex, or whom the offering is for.
    Fit(Unfit),
    /// The child's own list alone: as the cut-offs stand, the child comes early enough for this wish, had it stood before
    /// what took its room, or what took its room (and meets on more days) not been named.
    Order,
    /// The list, and a better place besides: the offering is full of children who come first.
    OrderAndPlace,
    /// The list, and more children: the offering does not open.
    OrderAndChildren,
    /// So many more children.
    Children(u32),
    /// The ticket: no higher than the last that was admitted.
    Ticket(u64),
    /// No ticket would have been enough, since there are no seats or children of an earlier tier, or such as go on with
    /// the offering, took them all; so many more seats would.
    Seats(u32),
    /// The rule of one title a week, or another mode.
    TitleRule,
    /// What one child may have together: titles, what is apart, what meets on several days; or another mode.
    WeekRules,
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
    /// The child's place before the offering.
    pub place: Place,
    /// Whom the offering takes.
    pub cutoff: Cutoff,
    /// For a wish refused because all seats are taken: the children who have a seat there, or would have taken one and
    /// come before this one where nothing is kept for anybody.
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
        let mut week = Week::of(applicant, self.market, self.titles);
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
        let mut week = Week::of(applicant, self.market, self.titles);
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
            _ if self.would_take(applicant, wish) => Reason::Unsettled,
            Cutoff::Free | Cutoff::Last(_) | Cutoff::Parted(_) | Cutoff::NoSeats => Reason::Full,
        }
    }

    /// Whether the offering takes the child, as the cut-offs stand.
    fn would_take(&self, applicant: usize, wish: usize) -> bool {
        match self.standing(wish).cutoff {
            Cutoff::Free => true,
            Cutoff::Last(last) => self.place(applicant, wish) <= last,
            Cutoff::Parted(lasts) => {
                lasts.takes(self.market.wished(wish).reserve, self.asks(applicant, wish))
            }
            Cutoff::NoSeats | Cutoff::Closed => false,
        }
    }

    fn asks(&self, applicant: usize, wish: usize) -> Asks {
        let channel = self.market.applicants()[applicant].channel;
        Asks { channel, place: self.place(applicant, wish) }
    }

    fn standing(&self, wish: usize) -> Standing {
        self.standings[self.market.wishes()[wish].offering as usize]
    }

    fn place(&self, applicant: usize, wish: usize) -> Place {
        self.lots.place_for(self.market, applicant, wish)
    }
}

/// The first place of all.
const FIRST: Place = Place { tier: 0, is_new: false, ticket: 0, number: 0 };

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
                    let reserve = market.wished(wish).reserve;
                    let place = reserve.drawn(view.place(applicant, wish));
                    // whoever was admitted where some seats are kept comes before whoever was not
                    let first = reason == Reason::Got && reserve != Reserve::NONE;
                    wanted.push((market.wishes()[wish].offering, if first { FIRST } else { place }));
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
            let drawn = self.view.market.wished(wish).reserve.drawn(place);
            let ahead = if reason == Reason::Full { self.ahead(offering, drawn) } else { 0 };
            let cutoff = self.view.standing(wish).cutoff;
            let explained =
                Explained { wish, offering, reason, place, cutoff, ahead, differs: Differs::Nothing };
            listen(Explained { differs: self.differs(applicant, &explained), ..explained });
        });
    }

    /// How many of those who wanted the offering come before this place.
    fn ahead(&self, offering: u32, place: Place) -> u32 {
        let wanted = &self.wanted[self.starts[offering as usize]..self.starts[offering as usize + 1]];
        super::market::compact(wanted.partition_point(|other| *other < place))
    }

    fn differs(&self, applicant: usize, explained: &Explained) -> Differs {
        match explained.reason {
            Reason::Got => Differs::Nothing,
            Reason::NotEligible(unfit) => Differs::Fit(unfit),
            Reason::NotNeeded(_) => match explained.cutoff {
                Cutoff::Closed => Differs::OrderAndChildren,
                _ if self.view.would_take(applicant, explained.wish) => Differs::Order,
                Cutoff::Free | Cutoff::Last(_) | Cutoff::Parted(_) | Cutoff::NoSeats => {
                    Differs::OrderAndPlace
                }
            },
            Reason::Closed => Differs::Children(self.missing(explained.offering)),
            Reason::Full => match self.ticket(applicant, explained) {
                Some(ticket) => Differs::Ticket(ticket),
                None => Differs::Seats(self.seats_short(explained)),
            },
            Reason::Unsettled if self.view.market.has_apart() || self.view.market.has_several_days() => {
                Differs::WeekRules
            }
            Reason::Unsettled => Differs::TitleRule,
        }
    }

    /// The highest ticket that was enough for a seat, where any was.
    fn ticket(&self, applicant: usize, explained: &Explained) -> Option<u64> {
        match explained.cutoff {
            Cutoff::Last(last) => explained.place.is_beside(last).then_some(last.ticket),
            Cutoff::Parted(lasts) => {
                let reserve = self.view.market.wished(explained.wish).reserve;
                lasts.ticket(reserve, self.view.asks(applicant, explained.wish))
            }
            Cutoff::NoSeats | Cutoff::Free | Cutoff::Closed => None,
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
