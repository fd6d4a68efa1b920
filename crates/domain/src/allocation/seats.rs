//! The seats of every offering, in one list, and who sits on them.

use super::lots::Place;
use super::market::Offering;
use super::reserve::{Asks, Channel, Reserve};

/// A child on a seat. The order is that of [`super::Place`], since applicants stand by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seat {
    pub(super) tier: u8,
    pub(super) is_new: bool,
    pub(super) ticket: u64,
    pub(super) applicant: u32,
    /// The child's wish for this offering.
    pub(super) wish: u32,
    pub(super) channel: Channel,
}

/// What an offering answers to a proposal.
pub(super) enum Answer {
    /// There was a free seat.
    Seated,
    /// The seat was another child's, who has to look further.
    InsteadOf(Seat),
    /// All seats are taken by children who come first.
    Refused,
}

/// Who sits where. The children of an offering stand in order, the last admitted last.
#[derive(Debug)]
pub(super) struct Seats {
    /// Where each offering's seats begin.
    first: Vec<usize>,
    /// How many of them are taken.
    taken: Vec<u16>,
    all: Vec<Seat>,
}

impl Seats {
    /// All free.
    pub(super) fn of(offerings: &[Offering]) -> Seats {
        let mut next = 0;
        let mut first = Vec::with_capacity(offerings.len());
        for offering in offerings {
            first.push(next);
            next += usize::from(offering.capacity);
        }
        Seats { first, taken: vec![0; offerings.len()], all: vec![Seat::default(); next] }
    }

    /// How many children an offering has.
    pub(super) fn taken(&self, offering: usize) -> u16 {
        self.taken[offering]
    }

    /// A child asks for a seat of an offering.
    pub(super) fn propose(&mut self, offering: usize, what: &Offering, seat: Seat) -> Answer {
        let (first, taken) = (self.first[offering], usize::from(self.taken[offering]));
        if taken < usize::from(what.capacity) {
            self.taken[offering] += 1;
            insert(&mut self.all[first..=first + taken], seat);
            return Answer::Seated;
        }
        if what.reserve != Reserve::NONE {
            return self.propose_parted(offering, what, seat);
        }
        match self.all[first..first + taken].last().copied() {
            Some(last) if seat < last => {
                insert(&mut self.all[first..first + taken], seat);
                Answer::InsteadOf(last)
            }
            Some(_) | None => Answer::Refused,
        }
    }

    /// All seats are taken, and some are kept for some first.
    fn propose_parted(&mut self, offering: usize, what: &Offering, seat: Seat) -> Answer {
        let left_out = self.left_out(offering, what, seat);
        if left_out == seat {
            return Answer::Refused;
        }
        let (first, taken) = (self.first[offering], usize::from(self.taken[offering]));
        let seats = &mut self.all[first..first + taken];
        seats.iter_mut().filter(|sits| **sits == left_out).for_each(|sits| *sits = seat);
        seats.sort_unstable();
        Answer::InsteadOf(left_out)
    }

    /// Who has no seat when one more asks than there are seats.
    fn left_out(&self, offering: usize, what: &Offering, seat: Seat) -> Seat {
        let (first, taken) = (self.first[offering], usize::from(self.taken[offering]));
        let mut all = [&self.all[first..first + taken], &[seat]].concat();
        what.reserve.give(what.capacity, &mut all, Seat::asks);
        all[taken]
    }

    /// Whether an offering would refuse the child, as it stands.
    pub(super) fn would_refuse(&self, offering: usize, what: &Offering, seat: &Seat) -> bool {
        let (first, taken) = (self.first[offering], usize::from(self.taken[offering]));
        if taken < usize::from(what.capacity) {
            return false;
        }
        if what.reserve != Reserve::NONE {
            return self.left_out(offering, what, *seat) == *seat;
        }
        self.all[first..first + taken].last().is_some_and(|last| last < seat)
    }

    /// The child of this wish gives its seat up.
    pub(super) fn give_up(&mut self, offering: usize, wish: u32) {
        let (first, taken) = (self.first[offering], usize::from(self.taken[offering]));
        let seats = &mut self.all[first..first + taken];
        let at = seats.iter().position(|seat| seat.wish == wish).expect("who gives up a seat has it");
        seats[at..].rotate_left(1);
        self.taken[offering] -= 1;
    }

    /// Everybody leaves, so that the offering can close.
    pub(super) fn empty(&mut self, offering: usize) -> Vec<Seat> {
        let (first, taken) = (self.first[offering], usize::from(self.taken[offering]));
        self.taken[offering] = 0;
        self.all[first..first + taken].to_vec()
    }
}

impl Seat {
    fn asks(&self) -> Asks {
        // applicants stand by number
        let number = u64::from(self.applicant);
        let place = Place { tier: self.tier, is_new: self.is_new, ticket: self.ticket, number };
        Asks { channel: self.channel, place }
    }
}

/// Puts a seat into its place among others that are in order; the last one falls out.
fn insert(seats: &mut [Seat], seat: Seat) {
    let last = seats.len() - 1;
    let at = seats[..last].partition_point(|sits| *sits < seat);
    seats.copy_within(at..last, at + 1);
    seats[at] = seat;
}
