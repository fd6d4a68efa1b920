//! Where a round stands, and which step may come next.

use jiff::Timestamp;

use super::Way;
use crate::allocation::draw::REVEAL_WITHIN;

/// When each thing happened, as far as it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When families may begin.
    pub opens_at: Timestamp,
    /// When they have to be done.
    pub closes_at: Timestamp,
    /// When the rules, the capacities and the commitment were made known.
    pub announced_at: Option<Timestamp>,
    /// When the root over the applications was made known.
    pub sealed_at: Option<Timestamp>,
    /// When seats were given.
    pub drawn_at: Option<Timestamp>,
    /// When families were told.
    pub published_at: Option<Timestamp>,
    /// When the school gave the round up.
    pub called_off_at: Option<Timestamp>,
}

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The office is still writing it.
    Draft,
    /// Everybody can read its rules; nobody can choose yet.
    Announced,
    /// Families choose.
    Open,
    /// The window is over.
    Over,
    /// Nothing can be changed any more without being seen.
    Sealed,
    /// Seats are given; the office looks at them.
    Drawn,
    /// Families know.
    Published,
    /// The school gave it up.
    CalledOff,
}

impl Stage {
    /// How programs read it.
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::Announced => "announced",
            Stage::Open => "open",
            Stage::Over => "over",
            Stage::Sealed => "sealed",
            Stage::Drawn => "drawn",
            Stage::Published => "published",
            Stage::CalledOff => "called_off",
        }
    }

    /// Whether the round is on its way: what it leaves of its seats is known once it is published or given up.
    pub const fn gives_seats(self) -> bool {
        match self {
            Stage::Announced | Stage::Open | Stage::Over | Stage::Sealed | Stage::Drawn => true,
            Stage::Draft | Stage::Published | Stage::CalledOff => false,
        }
    }
}

/// Why a step is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepRefused {
    /// It is none of where the round stands.
    At(Stage),
    /// A round of first come needs neither seal nor draw.
    NoDraw,
    /// Nothing is offered in it.
    NothingOffered,
}

impl Times {
    /// Where the round stands now.
    pub fn stage(&self, now: Timestamp) -> Stage {
        if self.called_off_at.is_some() {
            return Stage::CalledOff;
        }
        let happened = [
            (self.published_at, Stage::Published),
            (self.drawn_at, Stage::Drawn),
            (self.sealed_at, Stage::Sealed),
        ];
        if let Some((_, stage)) = happened.into_iter().find(|(at, _)| at.is_some()) {
            return stage;
        }
        match self.announced_at {
            None => Stage::Draft,
            Some(_) if now < self.opens_at => Stage::Announced,
            Some(_) if now < self.closes_at => Stage::Open,
            Some(_) => Stage::Over,
        }
    }

    /// Until when the school may reveal its secret.
    pub fn reveal_until(&self) -> Timestamp {
        self.closes_at + REVEAL_WITHIN
    }
}

/// Whether the round may be made known, with so many offerings.
pub fn may_announce(stage: Stage, offerings: usize) -> Result<(), StepRefused> {
    if stage != Stage::Draft {
        return Err(StepRefused::At(stage));
    }
    if offerings == 0 { Err(StepRefused::NothingOffered) } else { Ok(()) }
}

/// Whether the applications may be sealed.
pub const fn may_seal(way: Way, stage: Stage) -> Result<(), StepRefused> {
    match (way, stage) {
        (Way::FirstCome, _) => Err(StepRefused::NoDraw),
        (Way::Ranked, Stage::Over) => Ok(()),
        (Way::Ranked, other) => Err(StepRefused::At(other)),
    }
}

/// Whether the draw may be held.
pub const fn may_draw(way: Way, stage: Stage) -> Result<(), StepRefused> {
    match (way, stage) {
        (Way::FirstCome, _) => Err(StepRefused::NoDraw),
        (Way::Ranked, Stage::Sealed) => Ok(()),
        (Way::Ranked, other) => Err(StepRefused::At(other)),
    }
}

/// Whether families may be told: after the draw, or once first come is over.
pub const fn may_publish(way: Way, stage: Stage) -> Result<(), StepRefused> {
    match (way, stage) {
        (Way::Ranked, Stage::Drawn) | (Way::FirstCome, Stage::Over) => Ok(()),
        (Way::Ranked | Way::FirstCome, other) => Err(StepRefused::At(other)),
    }
}

/// Whether the office may move a child by hand: once seats are given, and all term long.
pub const fn may_move(way: Way, stage: Stage) -> Result<(), StepRefused> {
    match (way, stage) {
        (Way::Ranked, Stage::Drawn | Stage::Published)
        | (Way::FirstCome, Stage::Open | Stage::Over | Stage::Published) => Ok(()),
        (Way::Ranked | Way::FirstCome, other) => Err(StepRefused::At(other)),
    }
}

/// Whether the round may be given up: as long as nobody was told of a seat.
pub const fn may_call_off(stage: Stage) -> Result<(), StepRefused> {
    match stage {
        Stage::Draft | Stage::Announced | Stage::Open | Stage::Over | Stage::Sealed | Stage::Drawn => Ok(()),
        Stage::Published | Stage::CalledOff => Err(StepRefused::At(stage)),
    }
}
