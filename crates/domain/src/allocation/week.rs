//! A child's week while it is filled from the top of the child's list.

use super::market::{Applicant, Market, Offering};
use super::rules::Titles;

/// What uses up the room that a wish would need: a better wish that was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// The child has this offering on the same day.
    Day(u32),
    /// The child has this one, which meets on more days and is given before, on one of the days.
    MoreDays(u32),
    /// The child has as many as it asked for.
    Limit,
    /// The child has this offering of the same title.
    Title(u32),
    /// The child has this offering, and the school declared the two to be apart.
    Apart(u32),
}

/// What a child has so far.
#[derive(Debug)]
pub(super) struct Week<'market> {
    market: &'market Market,
    titles: Titles,
    left: u8,
    /// What the child does on each weekday.
    days: [Option<u32>; 7],
}

impl<'market> Week<'market> {
    /// Nothing yet.
    pub(super) fn of(applicant: &Applicant, market: &'market Market, titles: Titles) -> Week<'market> {
        Week { market, titles, left: applicant.weekly_limit, days: [None; 7] }
    }

    /// Why the child has no room for this offering.
    pub(super) fn used(&self, offering: u32) -> Option<Used> {
        let what = &self.market.offerings()[offering as usize];
        if let Some(has) = what.on_days().find_map(|day| self.days[day]) {
            let more = what.days() < self.market.offerings()[has as usize].days();
            return Some(if more { Used::MoreDays(has) } else { Used::Day(has) });
        }
        if self.left == 0 {
            return Some(Used::Limit);
        }
        let title = match self.titles {
            Titles::Repeat => None,
            Titles::Once => self.of_title(what),
        };
        title.map(Used::Title).or_else(|| self.apart_from(offering).map(Used::Apart))
    }

    /// Whether nothing more fits, so that the rest of the list can only be given up.
    pub(super) fn is_full(&self) -> bool {
        self.left == 0
    }

    /// The child has this one; there is room for it.
    pub(super) fn take(&mut self, offering: u32) {
        let what = &self.market.offerings()[offering as usize];
        what.on_days().for_each(|day| self.days[day] = Some(offering));
        self.left -= 1;
    }

    fn of_title(&self, what: &Offering) -> Option<u32> {
        let has = self.days.iter().flatten();
        has.copied().find(|has| self.market.offerings()[*has as usize].title == what.title)
    }

    fn apart_from(&self, offering: u32) -> Option<u32> {
        let has = self.days.iter().flatten();
        has.copied().filter(|_| self.market.has_apart()).find(|has| self.market.are_apart(offering, *has))
    }
}
