//! First come: a seat is taken in one step, held for a stated time, then confirmed; who finds none waits in line.

use jiff::Timestamp;

use super::{Choosable, Chooser, Setup, Stage, Way, WishFault};
use crate::allocation::reserve::Channel;
use crate::ids::OfferingId;
use crate::plan::Weekdays;

/// How a child's seat stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// Taken; the family has until then to confirm it.
    Held(Timestamp),
    /// Confirmed.
    Confirmed,
}

impl Holding {
    /// Whether the seat is the child's at this moment.
    pub fn stands(self, now: Timestamp) -> bool {
        match self {
            Holding::Held(until) => now < until,
            Holding::Confirmed => true,
        }
    }
}

/// What a child has in the round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimant {
    /// The child.
    pub chooser: Chooser,
    /// The seats that stand.
    pub seats: Vec<Has>,
}

/// What a child has a seat of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Has {
    /// The offering.
    pub offering: OfferingId,
    /// The days on which it meets.
    pub days: Weekdays,
    /// What it is called.
    pub title: String,
}

/// The seats of one offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seats {
    /// How many there are.
    pub capacity: u16,
    /// How many are held, confirmed or offered to the first in line.
    pub taken: u16,
    /// How many no family takes itself before the round closes: the school takes them for families who cannot (F11).
    pub kept: u16,
    /// How many of those taken the school took so; they use up the kept ones first.
    pub entered: u16,
}

/// Which seats somebody may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Those that are not kept.
    Others,
    /// Those that are kept.
    Kept,
    /// Whichever is free.
    Any,
}

/// How many wait for a seat of an offering and have none offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// All of them.
    pub all: u32,
    /// Those for whom the school claimed.
    pub by_office: u32,
}

/// What a claim gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seized {
    /// The seat, to be confirmed until then.
    Seat(Timestamp),
    /// A place in line; the number of those before.
    Line(u32),
}

/// Why a claim is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimRefused {
    /// The round is not open for claims.
    At(Stage),
    /// It is a round of ranked wishes.
    Ranked,
    /// The offering, the day or the child does not allow it.
    Wish(WishFault),
    /// The child has a seat that weekday.
    DayTaken,
    /// The child has as many seats as the round allows.
    WeekFull,
    /// The child has this title on another day.
    TitleTaken,
    /// The child has this offering, and the school declared the two to be apart.
    Apart(OfferingId),
    /// The child has this seat or waits for it.
    Already,
}

/// Whether this child may claim a seat here now.
pub fn claim(
    setup: &Setup,
    stage: Stage,
    claimant: &Claimant,
    wanted: &Choosable,
) -> Result<(), ClaimRefused> {
    if setup.way == Way::Ranked {
        return Err(ClaimRefused::Ranked);
    }
    if stage != Stage::Open {
        return Err(ClaimRefused::At(stage));
    }
    claimant.chooser.may_have(wanted).map_err(ClaimRefused::Wish)?;
    if claimant.seats.iter().any(|has| !has.days.and(wanted.days).is_empty()) {
        return Err(ClaimRefused::DayTaken);
    }
    if claimant.seats.iter().any(|has| has.title == wanted.title) {
        return Err(ClaimRefused::TitleTaken);
    }
    if let Some(other) = claimant.apart_from(wanted) {
        return Err(ClaimRefused::Apart(other));
    }
    if claimant.chooser.room(setup.weekly_limit) <= claimant.seats.len() {
        return Err(ClaimRefused::WeekFull);
    }
    Ok(())
}

impl Claimant {
    /// What the child has of the round that is apart from this.
    pub(super) fn apart_from(&self, wanted: &Choosable) -> Option<OfferingId> {
        self.seats.iter().map(|has| has.offering).find(|has| wanted.apart.contains(has))
    }
}

/// Until when a seat that is taken now is held: the hold, but not beyond the window.
pub fn claims_until(setup: &Setup, now: Timestamp) -> Timestamp {
    (now + setup.hold).min(setup.closes_at)
}

/// Whether a seat that became free is offered to the first in line: while families can still answer.
pub const fn passes_on(stage: Stage) -> bool {
    matches!(stage, Stage::Open)
}

impl Share {
    /// What somebody whose turn it is may take. Once the round is closed nothing is kept any more.
    pub fn of(by: Channel, stage: Stage) -> Share {
        match by {
            Channel::Family if stage <= Stage::Open => Share::Others,
            Channel::Family | Channel::Office => Share::Any,
        }
    }
}

impl Waiting {
    /// What a new claim may take although so many wait; nothing where its place is the end of the line. For a kept seat
    /// only those wait for whom the school claimed.
    pub fn leave(self, by: Channel) -> Option<Share> {
        match by {
            Channel::Family => (self.all == 0).then_some(Share::Others),
            Channel::Office if self.all == 0 => Some(Share::Any),
            Channel::Office => (self.by_office == 0).then_some(Share::Kept),
        }
    }
}

impl Seats {
    /// How many of these are free.
    pub fn free(self, share: Share) -> u16 {
        let all = self.capacity.saturating_sub(self.taken);
        let kept = self.kept.saturating_sub(self.entered).min(all);
        match share {
            Share::Any => all,
            Share::Kept => kept,
            Share::Others => all - kept,
        }
    }

    /// How many seats there are for whoever may take these, and how many of them are taken.
    pub fn counted(self, share: Share) -> (u16, u16) {
        match share {
            Share::Any => (self.capacity, self.taken),
            Share::Kept => (self.kept, self.kept.min(self.entered)),
            Share::Others => {
                let kept = self.kept.min(self.entered);
                (self.capacity.saturating_sub(self.kept), self.taken.saturating_sub(kept))
            }
        }
    }
}
