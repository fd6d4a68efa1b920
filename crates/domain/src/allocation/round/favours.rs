//! Whom a round favours, and in which seats; announced with its rules.

use super::{Method, Setup, Way};
use crate::allocation::lots::Siblings;
use crate::allocation::market::Kind;
use crate::allocation::reserve::Reserve;

/// Whom a round favours besides putting priority groups first (B4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Favours {
    /// Whether siblings draw together.
    pub siblings: Siblings,
    /// Whether a child that had a title in the term before comes first for it within its tier.
    pub goes_on: bool,
    /// In how many of a hundred seats priority groups come first; nothing for all.
    pub priority_percent: Option<u8>,
    /// In how many of each offering's seats children come first whose wishes the school wrote down; in a round of first
    /// come no family takes them itself.
    pub office_seats: u16,
    /// Whether a child whose list says so gives up what it drew for a free seat beside a sibling (6 A).
    pub beside: bool,
}

impl Favours {
    /// The seats that are kept of so many; a part of a seat is a whole one.
    pub fn reserve(self, capacity: u16) -> Reserve {
        let share = |percent: u8| u32::from(capacity) * u32::from(percent);
        let priority = self.priority_percent.map(|percent| share(percent).div_ceil(100));
        let priority = priority.map(|seats| u16::try_from(seats).unwrap_or(capacity).min(capacity));
        Reserve { priority, office: self.office_seats.min(capacity - priority.unwrap_or(0)) }
    }

    /// Whether seats can be kept so: in a draw by deferred acceptance, and for the school's claims in a round of first
    /// come.
    pub(super) fn can_keep(self, setup: &Setup) -> bool {
        let in_range = self.priority_percent.is_none_or(|percent| (1..=100).contains(&percent))
            && self.office_seats <= Kind::Mixed.most();
        let has_none = self.priority_percent.is_none();
        in_range
            && match (setup.way, setup.method) {
                (Way::Ranked, Method::Deferred) => true,
                (Way::Ranked, Method::MostSeats) => has_none && self.office_seats == 0,
                (Way::FirstCome, _) => has_none,
            }
    }
}
