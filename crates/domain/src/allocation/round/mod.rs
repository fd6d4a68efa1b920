//! A round of choosing (选课): what a school announces before families choose, and where the round stands (F11, F12).
//!
//! A round is about one slot of the plan in one term. Families either rank wishes while a window of days is open, and
//! a draw decides where more come than there are seats; or, where a school insists, a seat is taken at once.

mod apart;
mod claim;
mod favours;
mod leavers;
mod moves;
mod retire;
mod stage;
#[cfg(test)]
mod tests;
mod wishes;

use jiff::{SignedDuration, Timestamp};

use super::lots::Scheme;
use super::market::Kind;
use super::rules::Rules;
use crate::catalogue::Details;
use crate::plan::{SlotId, Weekdays, words};
use crate::typed::is_longer;

pub use apart::{ApartRefused, Declared, may_keep_apart, may_let_together};
pub use claim::{
    ClaimRefused, Claimant, Has, Holding, Seats, Seized, Share, Waiting, claim, claims_until, passes_on,
};
pub use favours::Favours;
pub use leavers::{Held, PASSED_ON_FROM_HOUR, given_up, is_known, takes_over};
pub use moves::{MoveRefused, Wanted, moves};
pub use retire::{Promises, Retire, RetireRefused, retire};
pub use stage::{
    Stage, StepRefused, Times, may_announce, may_call_off, may_draw, may_move, may_publish, may_seal,
};
pub use wishes::{Choosable, Chooser, WishFault, WishList, WishStep, may_write};

words! {
    /// How families choose.
    Way {
        /// 志愿排序: wishes are ranked, and it does not matter who comes first.
        Ranked = "ranked",
        /// 先到先得: a seat is taken at once.
        FirstCome = "first_come",
    }
}

words! {
    /// How ranked wishes become seats; announced before families choose.
    Method {
        /// Deferred acceptance: nobody gains by ordering tactically within a slot.
        Deferred = "da",
        /// The most seats: fills more of them, and a family may gain by ordering tactically.
        MostSeats = "most-seats",
    }
}

/// The longest name of a round, in characters.
pub const LONGEST_NAME: usize = 40;
/// The longest description of the public value, in characters.
pub const LONGEST_BEACON: usize = 200;
/// The longest a seat may be held before it is confirmed.
pub const LONGEST_HOLD: SignedDuration = SignedDuration::from_hours(72);
/// The shortest: a parent has to find the phone.
pub const SHORTEST_HOLD: SignedDuration = SignedDuration::from_mins(5);
/// The longest a window stays open.
pub const LONGEST_WINDOW: SignedDuration = SignedDuration::from_hours(24 * 60);
/// A week has five afternoons.
pub const MOST_A_WEEK: u8 = 5;

/// What a school decides about a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// What families read first, as 第一轮.
    pub name: String,
    /// How families choose.
    pub way: Way,
    /// The slot of the plan that it fills.
    pub slot: SlotId,
    /// The most offerings that a child has a week.
    pub weekly_limit: u8,
    /// How ranked wishes become seats.
    pub method: Method,
    /// For what a child draws a ticket.
    pub scheme: Scheme,
    /// Titles and small offerings.
    pub rules: Rules,
    /// Whom it favours.
    pub favours: Favours,
    /// When families may begin.
    pub opens_at: Timestamp,
    /// When they have to be done.
    pub closes_at: Timestamp,
    /// Which public value goes into the draw, so that nobody can choose it afterwards.
    pub beacon: String,
    /// How long a seat that was taken at once waits to be confirmed.
    pub hold: SignedDuration,
}

/// What is wrong with a setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupFault {
    /// It has no name.
    NoName,
    /// The name is too long.
    NameTooLong,
    /// It would close before it opens, or at once.
    ClosesTooEarly,
    /// The window is longer than [`LONGEST_WINDOW`].
    WindowTooLong,
    /// It would have closed already.
    ClosedAlready,
    /// 1 to [`MOST_A_WEEK`].
    WeeklyLimit,
    /// The draw needs a public value that is named in advance.
    NoBeacon,
    /// The description of the value is too long.
    BeaconTooLong,
    /// A share outside 1 to 100, more seats than the largest group has, kept seats where the most are filled, or a share
    /// for priority groups where whoever comes first has the seat.
    KeptSeats,
    /// Where nothing is drawn, siblings come together or not by what they take.
    Beside,
    /// Shorter than [`SHORTEST_HOLD`] or longer than [`LONGEST_HOLD`].
    Hold,
}

impl Setup {
    /// Everything that is wrong with it at this moment, in the order of the form.
    pub fn faults(&self, now: Timestamp) -> Vec<SetupFault> {
        let ranked = self.way == Way::Ranked;
        let window = self.closes_at.duration_since(self.opens_at);
        let rows = [
            (self.name.trim().is_empty(), SetupFault::NoName),
            (is_longer(&self.name, LONGEST_NAME), SetupFault::NameTooLong),
            (!window.is_positive(), SetupFault::ClosesTooEarly),
            (LONGEST_WINDOW < window, SetupFault::WindowTooLong),
            (self.closes_at <= now, SetupFault::ClosedAlready),
            (!(1..=MOST_A_WEEK).contains(&self.weekly_limit), SetupFault::WeeklyLimit),
            (ranked && self.beacon.trim().is_empty(), SetupFault::NoBeacon),
            (is_longer(&self.beacon, LONGEST_BEACON), SetupFault::BeaconTooLong),
            (!self.favours.can_keep(self), SetupFault::KeptSeats),
            (!ranked && self.favours.beside, SetupFault::Beside),
            (!ranked && !(SHORTEST_HOLD..=LONGEST_HOLD).contains(&self.hold), SetupFault::Hold),
        ];
        rows.into_iter().filter_map(|(is_wrong, fault)| is_wrong.then_some(fault)).collect()
    }

    /// How many of so many seats no family takes itself before a round of first come closes (F11).
    pub fn kept(&self, capacity: u16) -> u16 {
        match self.way {
            Way::Ranked => 0,
            Way::FirstCome => self.favours.office_seats.min(capacity),
        }
    }
}

/// Why a published offering is not part of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// It meets in another slot.
    OtherSlot,
    /// It meets in several slots: such offerings are filled by hand.
    SeveralSlots,
    /// It meets on a Saturday or Sunday.
    Weekend,
    /// Whoever comes may come, without a seat.
    Open,
    /// Its grades have a gap: a market knows grades from one to another.
    GradesApart,
    /// It has more seats than the largest kind of group may have.
    TooLarge,
}

/// The days on which an offering of the slot meets, Monday to Friday, or why no seats of it are given in a round. A
/// child has all of the days or none.
pub fn joins(details: &Details, slot: &SlotId) -> Result<Weekdays, Outside> {
    if details.kind == crate::catalogue::Kind::OpenActivity {
        return Err(Outside::Open);
    }
    let here = details.meetings.iter().filter(|meeting| meeting.slot == *slot).count();
    if here == 0 {
        return Err(Outside::OtherSlot);
    }
    if here < details.meetings.len() {
        return Err(Outside::SeveralSlots);
    }
    let days = Weekdays::of(details.meetings.iter().map(|meeting| meeting.weekday.unsigned_abs()));
    if days.and(Weekdays::WORKING) != days {
        return Err(Outside::Weekend);
    }
    if Kind::Mixed.most() < details.capacity {
        return Err(Outside::TooLarge);
    }
    let (Some(lowest), Some(highest)) = (details.grades.iter().min(), details.grades.iter().max()) else {
        return Err(Outside::GradesApart);
    };
    let together = (lowest..=highest).all(|grade| details.grades.has(grade));
    if together { Ok(days) } else { Err(Outside::GradesApart) }
}

/// The first of the days: on its list an offering is wished for, and for it a ticket is drawn.
pub fn first_of(days: Weekdays) -> i8 {
    days.iter().next().map_or(1, u8::cast_signed)
}
