//! An allocation: who has what, and all that follows from it: cut-offs, what closed, what could not be settled.

use std::collections::BTreeMap;

use super::lots::{Lots, Place};
use super::market::{Market, Unfit, compact};
use super::reason::{Reason, View};
use super::reserve::{Asks, Parted, Reserve};
use super::rules::{Closing, Rules, Titles};
use super::week::{Used, Week};

/// Who has which seat, and what anybody can compute from that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    has: Vec<bool>,
    standings: Vec<Standing>,
    closed: Vec<Closed>,
    unsettled: Vec<u32>,
}

/// An offering that does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Which.
    pub offering: u32,
    /// The children who would come, by their own lists and what they have instead.
    pub children: u32,
    /// The children it needs.
    pub minimum: u32,
}

/// How an offering stands in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The children who have a seat.
    pub admitted: u32,
    /// Who could still have had one.
    pub cutoff: Cutoff,
}

/// Whom an offering takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cutoff {
    /// Seats are free: anybody whom it fits.
    Free,
    /// All seats are taken: whoever comes no later than the last admitted.
    Last(Place),
    /// All seats are taken, and some were kept for some first: whoever comes no later than the last of some part.
    Parted(Parted),
    /// It has no seats at all.
    NoSeats,
    /// It does not open.
    Closed,
}

impl Allocation {
    /// What follows from these children having their wishes (one entry for each wish of the market) and these
    /// offerings being closed, in the order of closing.
    pub fn of(market: &Market, lots: &Lots, titles: Titles, has: Vec<bool>, closed: &[u32]) -> Allocation {
        let standings = standings(market, lots, &has, closed);
        let view = View { market, lots, titles, has: &has, standings: &standings };
        let mut would_come = vec![0; standings.len()];
        let mut unsettled = Vec::new();
        for applicant in 0..market.applicants().len() {
            view.refusals(applicant, |wish, reason| match reason {
                Reason::Closed => would_come[market.wishes()[wish].offering as usize] += 1,
                Reason::Unsettled => unsettled.push(compact(wish)),
                Reason::Got | Reason::NotEligible(_) | Reason::NotNeeded(_) | Reason::Full => {}
            });
        }
        let closed = closed.iter().map(|offering| Closed {
            offering: *offering,
            children: would_come[*offering as usize],
            minimum: u32::from(market.offerings()[*offering as usize].minimum),
        });
        let closed = closed.collect();
        Allocation { has, standings, closed, unsettled }
    }

    /// For each wish of the market, whether the child has it.
    pub fn has(&self) -> &[bool] {
        &self.has
    }

    /// How each offering stands.
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// What does not open, in the order of closing.
    pub fn closed(&self) -> &[Closed] {
        &self.closed
    }

    /// Blocking pairs: wishes that were not granted although the child would take the seat and the offering the
    /// child. None when titles may repeat, nothing is declared to be apart and what meets on several days all meets on
    /// one same day; otherwise there are markets in which nobody can avoid them.
    pub fn unsettled(&self) -> &[u32] {
        &self.unsettled
    }
}

fn standings(market: &Market, lots: &Lots, has: &[bool], closed: &[u32]) -> Vec<Standing> {
    let mut last: Vec<(u32, Option<Place>)> = vec![(0, None); market.offerings().len()];
    let mut admitted: BTreeMap<u32, Vec<Asks>> = BTreeMap::new();
    for applicant in 0..market.applicants().len() {
        for wish in market.wishes_of(applicant).filter(|wish| has[*wish]) {
            let (offering, place) = (market.wishes()[wish].offering, lots.place_for(market, applicant, wish));
            let (count, latest) = &mut last[offering as usize];
            *count += 1;
            *latest = (*latest).max(Some(place));
            if market.wished(wish).reserve != Reserve::NONE {
                let channel = market.applicants()[applicant].channel;
                admitted.entry(offering).or_default().push(Asks { channel, place });
            }
        }
    }
    let seats = market.offerings().iter().map(|offering| u32::from(offering.capacity));
    let mut standings: Vec<Standing> = last
        .into_iter()
        .zip(seats)
        .map(|((admitted, last), seats)| {
            let cutoff =
                if admitted < seats { Cutoff::Free } else { last.map_or(Cutoff::NoSeats, Cutoff::Last) };
            Standing { admitted, cutoff }
        })
        .collect();
    for (offering, mut asks) in admitted {
        let what = market.offerings()[offering as usize];
        if let cutoff @ Cutoff::Last(_) = &mut standings[offering as usize].cutoff {
            *cutoff = Cutoff::Parted(what.reserve.give(what.capacity, &mut asks, |asks| *asks));
        }
    }
    for offering in closed {
        standings[*offering as usize].cutoff = Cutoff::Closed;
    }
    standings
}

/// A hard rule that an allocation breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The offering is not for the child that has it by this wish.
    NotEligible {
        /// The wish, by its place in the market.
        wish: u32,
        /// Why.
        unfit: Unfit,
    },
    /// The child has more than its day, its week or the title allows.
    TooMuch {
        /// The wish that is too much.
        wish: u32,
        /// What uses up the room.
        used: Used,
    },
    /// More children than seats.
    Overfull {
        /// Which offering.
        offering: u32,
    },
    /// Somebody sits in an offering that is closed.
    SeatInClosed {
        /// Which offering.
        offering: u32,
    },
    /// An offering is open with fewer children than it needs.
    BelowMinimum {
        /// Which offering.
        offering: u32,
    },
    /// An offering is closed although nothing closes under these rules.
    Closed {
        /// Which offering.
        offering: u32,
    },
}

/// Whether an allocation keeps the hard rules: capacity (E4), eligibility, one a day, the weekly limit, titles,
/// what is apart, and that what is open has its minimum.
pub fn check(market: &Market, rules: Rules, allocation: &Allocation) -> Result<(), Broken> {
    for applicant in 0..market.applicants().len() {
        check_week(market, rules.titles, allocation, applicant)?;
    }
    for (offering, standing) in (0_u32..).zip(&allocation.standings) {
        let limits = market.offerings()[offering as usize];
        let is_closed = standing.cutoff == Cutoff::Closed;
        if is_closed && rules.closing == Closing::Never {
            return Err(Broken::Closed { offering });
        }
        if is_closed && 0 < standing.admitted {
            return Err(Broken::SeatInClosed { offering });
        }
        if u32::from(limits.capacity) < standing.admitted {
            return Err(Broken::Overfull { offering });
        }
        if !is_closed && rules.closing != Closing::Never && standing.admitted < u32::from(limits.minimum) {
            return Err(Broken::BelowMinimum { offering });
        }
    }
    Ok(())
}

fn check_week(market: &Market, titles: Titles, allocation: &Allocation, at: usize) -> Result<(), Broken> {
    let applicant = &market.applicants()[at];
    let mut week = Week::of(applicant, market, titles);
    for wish in market.wishes_of(at).filter(|wish| allocation.has[*wish]) {
        let offering = market.wishes()[wish].offering;
        market
            .wished(wish)
            .fits(applicant)
            .map_err(|unfit| Broken::NotEligible { wish: compact(wish), unfit })?;
        if let Some(used) = week.used(offering) {
            return Err(Broken::TooMuch { wish: compact(wish), used });
        }
        week.take(offering);
    }
    Ok(())
}
