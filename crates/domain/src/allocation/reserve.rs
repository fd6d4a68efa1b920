//! Seats that are kept for some children first. A reserve is soft: what those for whom it is do not take, others get.
//!
//! The seats of an offering are given in parts, one after another: those in which priority groups come first, those in
//! which children whose wishes the school wrote down come first, and the others. Each part takes from those whom the
//! parts before it left.

use super::lots::Place;

/// By whom the wishes were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Channel {
    /// The school, for a family that could not.
    Office,
    /// The family.
    #[default]
    Family,
}

/// The seats of an offering that are kept for some first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reserve {
    /// The seats in which priority groups come first (B4); nothing when they come first in all.
    pub priority: Option<u16>,
    /// The seats in which children come first whose wishes the school wrote down.
    pub office: u16,
}

/// The last who was admitted in each part of the seats; a part without seats has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parted {
    /// Where priority groups come first.
    pub priority: Option<Place>,
    /// Where children come first whose wishes the school wrote down, and whether this is one of them.
    pub office: Option<(Channel, Place)>,
    /// In the other seats. Where there is a reserve for priority groups, everybody is of the second tier here.
    pub others: Option<Place>,
}

/// A part of an offering's seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Priority,
    Office,
    Others,
}

/// A child before an offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asks {
    pub(super) channel: Channel,
    pub(super) place: Place,
}

impl Reserve {
    /// Nothing is kept for anybody.
    pub const NONE: Reserve = Reserve { priority: None, office: 0 };

    /// The parts of so many seats, in the order in which they are given.
    pub(super) fn parts(self, capacity: u16) -> [(Part, u16); 3] {
        let priority = self.priority.unwrap_or(0).min(capacity);
        let office = self.office.min(capacity - priority);
        [(Part::Priority, priority), (Part::Office, office), (Part::Others, capacity - priority - office)]
    }

    /// Who comes first in a part.
    pub(super) fn order(self, part: Part, asks: Asks) -> (Channel, Place) {
        match part {
            Part::Priority => (Channel::Family, asks.place),
            Part::Office => (asks.channel, self.drawn(asks.place)),
            Part::Others => (Channel::Family, self.drawn(asks.place)),
        }
    }

    /// A place where seats are given without regard to tiers, if there are such.
    pub(super) fn drawn(self, place: Place) -> Place {
        if self.priority.is_some() { Place { tier: Place::LAST_TIER, ..place } } else { place }
    }

    /// Gives the seats; the last of each part. Whoever has none stands after the seats then.
    pub(super) fn give<T: Copy>(self, capacity: u16, all: &mut [T], asks: impl Fn(&T) -> Asks) -> Parted {
        let mut lasts = Vec::with_capacity(3);
        let mut left = all;
        for (part, seats) in self.parts(capacity) {
            left.sort_unstable_by_key(|one| self.order(part, asks(one)));
            let given = usize::from(seats).min(left.len());
            let (given, rest) = std::mem::take(&mut left).split_at_mut(given);
            lasts.push(given.last().map(|last| self.order(part, asks(last))));
            left = rest;
        }
        let place = |at: usize| lasts[at].map(|(_, place)| place);
        Parted { priority: place(0), office: lasts[1], others: place(2) }
    }
}

impl Parted {
    /// Whether some part takes the child.
    pub(super) fn takes(&self, reserve: Reserve, asks: Asks) -> bool {
        self.parts()
            .into_iter()
            .any(|(part, last)| last.is_some_and(|last| reserve.order(part, asks) <= last))
    }

    /// The highest ticket with which some part had taken the child, if any had.
    pub(super) fn ticket(&self, reserve: Reserve, asks: Asks) -> Option<u64> {
        let enough = self.parts().into_iter().filter_map(|(part, last)| {
            let ((channel, place), (last_channel, last)) = (reserve.order(part, asks), last?);
            (channel == last_channel && place.is_beside(last)).then_some(last.ticket)
        });
        enough.max()
    }

    fn parts(&self) -> [(Part, Option<(Channel, Place)>); 3] {
        let plain = |last: Option<Place>| last.map(|last| (Channel::Family, last));
        [
            (Part::Priority, plain(self.priority)),
            (Part::Office, self.office),
            (Part::Others, plain(self.others)),
        ]
    }
}
