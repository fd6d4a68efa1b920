//! Deferred acceptance with the children proposing (Gale and Shapley 1962), and the closing of small offerings.
//!
//! A child asks for the best it still can have; an offering keeps those who come first and refuses the rest, who ask
//! further down their lists. Nothing is final until nobody asks any more, so that asking early gains nothing.
//!
//! What meets on several days is given in stages of its own, the most days first; a later stage takes nothing of it back.

use super::lots::Lots;
use super::market::{Market, compact};
use super::outcome::Allocation;
use super::rules::{Closing, Rules, Titles};
use super::seats::{Answer, Seat, Seats};
use super::week::Week;

/// How often seats that were given up go round again before what is left counts as unsettled.
const ROUNDS: usize = 20;

/// Who gets which seat. The same market, lots and rules give the same allocation, whoever applied first.
pub fn allocate(market: &Market, lots: &Lots, rules: Rules) -> Allocation {
    let mut run = Run::new(market, lots, rules.titles, &[]);
    let closed = run.go_through(market.stages(), rules.closing);
    let outcome = Allocation::of(market, lots, rules.titles, run.has(), &closed);
    if rules.closing == Closing::Reopening { reopen(outcome, market, lots, rules.titles) } else { outcome }
}

/// What meets on several days, given before the rest: for each wish whether the child has it, and what closed.
pub(super) fn several_days(market: &Market, lots: &Lots, rules: Rules) -> (Vec<bool>, Vec<u32>) {
    let mut run = Run::new(market, lots, rules.titles, &[]);
    let closed = run.go_through(market.stages().filter(|days| 1 < *days), rules.closing);
    (run.has(), closed)
}

/// Each closed offering, in the order of closing, opens again if as many children as it needs would rather be there,
/// and all that are open stay open without those children.
fn reopen(mut outcome: Allocation, market: &Market, lots: &Lots, titles: Titles) -> Allocation {
    let closed: Vec<u32> = outcome.closed().iter().map(|closed| closed.offering).collect();
    for offering in closed {
        let would_come = outcome.closed().iter().find(|closed| closed.offering == offering);
        if would_come.is_none_or(|closed| closed.children < closed.minimum) {
            continue;
        }
        let others = outcome.closed().iter().map(|closed| closed.offering);
        let others: Vec<u32> = others.filter(|other| *other != offering).collect();
        let mut run = Run::new(market, lots, titles, &others);
        run.go_through(market.stages(), Closing::Never);
        if run.smallest().is_none() {
            outcome = Allocation::of(market, lots, titles, run.has(), &others);
        }
    }
    outcome
}

/// How far a wish has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The child has not asked for it.
    Unasked,
    /// The child has the seat, until somebody who comes first asks for it.
    Held,
    /// The offering has refused the child, or has closed.
    Refused,
}

struct Run<'market> {
    market: &'market Market,
    lots: &'market Lots,
    titles: Titles,
    /// On how many days what is given now meets, at least.
    days: usize,
    /// For each wish.
    states: Vec<State>,
    seats: Seats,
    /// How many seats each applicant has.
    held: Vec<u8>,
    /// For each offering.
    closed: Vec<bool>,
    /// Applicants who have to look through their lists.
    looking: Vec<u32>,
    /// For each offering, who was refused; asked again when a seat is given up.
    refused: Vec<Vec<Seat>>,
    /// Offerings with a seat that was given up.
    given_up: Vec<u32>,
}

impl<'market> Run<'market> {
    fn new(market: &'market Market, lots: &'market Lots, titles: Titles, closed: &[u32]) -> Run<'market> {
        let mut run = Run {
            market,
            lots,
            titles,
            days: 1,
            states: vec![State::Unasked; market.wishes().len()],
            seats: Seats::of(market.offerings()),
            held: vec![0; market.applicants().len()],
            closed: vec![false; market.offerings().len()],
            looking: Vec::new(),
            refused: vec![Vec::new(); market.offerings().len()],
            given_up: Vec::new(),
        };
        for offering in closed {
            run.closed[*offering as usize] = true;
        }
        run
    }

    /// One stage after another, each with its closings; what closed, in order.
    fn go_through(&mut self, stages: impl Iterator<Item = usize>, closing: Closing) -> Vec<u32> {
        let mut closed = Vec::new();
        for days in stages {
            self.days = days;
            self.looking.extend((0..compact(self.market.applicants().len())).rev());
            self.settle();
            match closing {
                Closing::Never => {}
                Closing::ForGood | Closing::Reopening => self.close_small(&mut closed),
            }
        }
        closed
    }

    /// Lets children ask until nobody has to look further.
    fn settle(&mut self) {
        for _ in 0..=ROUNDS {
            while let Some(applicant) = self.looking.pop() {
                self.look_through(applicant as usize);
            }
            if self.given_up.is_empty() {
                return;
            }
            self.ask_again();
        }
        self.given_up.clear();
        self.looking.clear();
    }

    /// Seats that were given up are there for those who were refused and come first; only the rule of one title a
    /// week, what is declared to be apart, and what meets on several days make anybody give up a seat.
    fn ask_again(&mut self) {
        let mut offerings = std::mem::take(&mut self.given_up);
        offerings.sort_unstable();
        offerings.dedup();
        for offering in offerings.into_iter().map(|offering| offering as usize) {
            let what = &self.market.offerings()[offering];
            let late = |seat: &Seat| self.seats.would_refuse(offering, what, seat);
            let (stay, again): (Vec<Seat>, Vec<Seat>) =
                std::mem::take(&mut self.refused[offering]).into_iter().partition(late);
            self.refused[offering] = stay;
            for seat in again {
                self.states[seat.wish as usize] = State::Unasked;
                self.looking.push(seat.applicant);
            }
        }
    }

    /// Fills the child's week from the top of its list, and gives up what no longer fits.
    fn look_through(&mut self, applicant: usize) {
        let market = self.market;
        let who = &market.applicants()[applicant];
        let mut week = Week::of(who, market, self.titles);
        for wish in market.wishes_of(applicant) {
            if week.is_full() && self.held[applicant] == who.weekly_limit {
                break;
            }
            if self.states[wish] == State::Refused {
                continue;
            }
            let offering = market.wishes()[wish].offering;
            if 1 < self.days && market.wished(wish).days() < self.days {
                break;
            }
            if week.used(offering).is_some() {
                self.give_up(applicant, wish);
            } else if self.states[wish] == State::Held || self.ask(applicant, wish) {
                week.take(offering);
            }
        }
    }

    /// Whether the offering takes the child; somebody else may have to look further then.
    fn ask(&mut self, applicant: usize, wish: usize) -> bool {
        let (market, offering) = (self.market, self.market.wishes()[wish].offering as usize);
        let (who, what) = (&market.applicants()[applicant], &market.offerings()[offering]);
        if self.closed[offering] || what.fits(who).is_err() {
            self.states[wish] = State::Refused;
            return false;
        }
        let ticket = self.lots.ticket(applicant, what.weekday);
        let (is_new, channel) = (!market.wishes()[wish].continues, who.channel);
        let (applicant_at, wish_at) = (compact(applicant), compact(wish));
        let seat = Seat { tier: who.tier, is_new, ticket, applicant: applicant_at, wish: wish_at, channel };
        match self.seats.propose(offering, what, seat) {
            Answer::Seated => {}
            Answer::InsteadOf(last) => {
                self.refuse(last);
                self.remember(offering, last);
            }
            Answer::Refused => {
                self.states[wish] = State::Refused;
                self.remember(offering, seat);
                return false;
            }
        }
        self.states[wish] = State::Held;
        self.held[applicant] += 1;
        true
    }

    /// A child loses its seat and has to look further.
    fn refuse(&mut self, seat: Seat) {
        self.states[seat.wish as usize] = State::Refused;
        self.held[seat.applicant as usize] -= 1;
        self.looking.push(seat.applicant);
    }

    /// Keeps in mind who was refused, where a seat may be given up later.
    fn remember(&mut self, offering: usize, seat: Seat) {
        let market = self.market;
        if self.titles == Titles::Once || market.has_apart() || market.has_several_days() {
            self.refused[offering].push(seat);
        }
    }

    /// What the child could have again further up may leave no room for what it held.
    fn give_up(&mut self, applicant: usize, wish: usize) {
        if self.states[wish] == State::Held {
            self.states[wish] = State::Unasked;
            self.held[applicant] -= 1;
            let offering = self.market.wishes()[wish].offering;
            self.seats.give_up(offering as usize, compact(wish));
            self.given_up.push(offering);
        }
    }

    /// Closes offerings one at a time until all that are open have their minimum.
    fn close_small(&mut self, order: &mut Vec<u32>) {
        while let Some(offering) = self.smallest() {
            order.push(compact(offering));
            self.closed[offering] = true;
            self.refused[offering].clear();
            for seat in self.seats.empty(offering) {
                self.refuse(seat);
            }
            self.settle();
        }
    }

    /// The open offering that lacks the largest part of its minimum, the first among equals, of those that have had their
    /// turn.
    fn smallest(&self) -> Option<usize> {
        let offerings = self.market.offerings();
        let lacking = |offering: usize| {
            let minimum = offerings[offering].minimum;
            (u32::from(minimum.saturating_sub(self.seats.taken(offering))), u32::from(minimum))
        };
        let small = (0..offerings.len()).filter(|offering| {
            !self.closed[*offering] && 0 < lacking(*offering).0 && self.days <= offerings[*offering].days()
        });
        small.reduce(|worst, next| {
            let ((lacks, of), (lacks_next, of_next)) = (lacking(worst), lacking(next));
            if lacks * of_next < lacks_next * of { next } else { worst }
        })
    }

    /// For each wish, whether the child has it.
    fn has(self) -> Vec<bool> {
        self.states.into_iter().map(|state| state == State::Held).collect()
    }
}
