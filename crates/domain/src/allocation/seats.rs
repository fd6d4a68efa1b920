//! The seats of every offering, in one list, and who sits on them.

use super::market::Offering;

/// A child on a seat. The order is that of [`super::Place`], since applicants stand by number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seat {
    pub(super) tier: u8,
    pub(super) ticket: u64,
    pub(super) applicant: u32,
    /// The child's wish for this offering.
    pub(super) wish: u32,
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

    /// A child asks for a seat of an offering with this capacity.
    pub(super) fn propose(&mut self, offering: usize, capacity: u16, seat: Seat) -> Answer {
        let (first, taken) = (self.first[offering], usize::from(self.taken[offering]));
        if taken < usize::from(capacity) {
            self.taken[offering] += 1;
            insert(&mut self.all[first..=first + taken], seat);
            return Answer::Seated;
        }
        match self.all[first..first + taken].last().copied() {
            Some(last) if seat < last => {
                insert(&mut self.all[first..first + taken], seat);
                Answer::InsteadOf(last)
            }
            Some(_) | None => Answer::Refused,
        }
    }

    /// Who was admitted last, if all seats of an offering with this capacity are taken.
    pub(super) fn last(&self, offering: usize, capacity: u16) -> Option<Seat> {
        let (first, taken) = (self.first[offering], self.taken[offering]);
        let seats = &self.all[first..first + usize::from(taken)];
        seats.last().copied().filter(|_| taken == capacity)
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

/// Puts a seat into its place among others that are in order; the last one falls out.
fn insert(seats: &mut [Seat], seat: Seat) {
    let last = seats.len() - 1;
    let at = seats[..last].partition_point(|sits| *sits < seat);
    seats.copy_within(at..last, at + 1);
    seats[at] = seat;
}
