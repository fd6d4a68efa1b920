//! A child's week while it is filled from the top of the child's list.

use super::market::{Applicant, Offering, day};
use super::rules::Titles;

/// What uses up the room that a wish would need: a better wish that was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// The child has this offering on the same day.
    Day(u32),
    /// The child has as many as it asked for.
    Limit,
    /// The child has this offering of the same title.
    Title(u32),
}

/// What a child has so far.
#[derive(Debug)]
pub(super) struct Week<'market> {
    offerings: &'market [Offering],
    titles: Titles,
    left: u8,
    /// What the child does on each weekday.
    days: [Option<u32>; 7],
}

impl<'market> Week<'market> {
    /// Nothing yet.
    pub(super) fn of(applicant: &Applicant, offerings: &'market [Offering], titles: Titles) -> Week<'market> {
        Week { offerings, titles, left: applicant.weekly_limit, days: [None; 7] }
    }

    /// Why the child has no room for this offering.
    pub(super) fn used(&self, offering: u32) -> Option<Used> {
        let Offering { weekday, title, .. } = self.offerings[offering as usize];
        if let Some(has) = self.days[day(weekday)] {
            return Some(Used::Day(has));
        }
        if self.left == 0 {
            return Some(Used::Limit);
        }
        match self.titles {
            Titles::Repeat => None,
            Titles::Once => self.of_title(title).map(Used::Title),
        }
    }

    /// Whether nothing more fits, so that the rest of the list can only be given up.
    pub(super) fn is_full(&self) -> bool {
        self.left == 0
    }

    /// The child has this one; there is room for it.
    pub(super) fn take(&mut self, offering: u32) {
        self.days[day(self.offerings[offering as usize].weekday)] = Some(offering);
        self.left -= 1;
    }

    fn of_title(&self, title: u32) -> Option<u32> {
        let has = self.days.iter().flatten();
        has.copied().find(|has| self.offerings[*has as usize].title == title)
    }
}
