//! What a plan leaves open and a school must answer before a term opens.

use super::Plan;
use super::slot::{End, Start};

/// One open point; the numbers are places in the plan's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenPoint {
    /// The dates of a season are assumed.
    SeasonDates {
        /// The season's place.
        season: usize,
    },
    /// The plan says on how many days the slot is held, and the days are assumed.
    Weekdays {
        /// The slot's place.
        slot: usize,
    },
    /// A window's start is not stated.
    Start {
        /// The slot's place.
        slot: usize,
        /// The window's place in the slot.
        window: usize,
    },
    /// A window's end is not stated.
    End {
        /// The slot's place.
        slot: usize,
        /// The window's place in the slot.
        window: usize,
    },
    /// The time of one of several ends is not stated.
    Batch {
        /// The slot's place.
        slot: usize,
        /// The batch's place in the slot.
        batch: usize,
    },
    /// The end of lessons is not stated.
    Dismissal {
        /// The entry's place.
        entry: usize,
    },
}

impl OpenPoint {
    /// Whether no session can be held before the point is answered.
    const fn is_missing_time(self) -> bool {
        match self {
            OpenPoint::SeasonDates { .. } | OpenPoint::Weekdays { .. } => false,
            OpenPoint::Start { .. }
            | OpenPoint::End { .. }
            | OpenPoint::Batch { .. }
            | OpenPoint::Dismissal { .. } => true,
        }
    }
}

impl Plan {
    /// What must be answered before a term opens, in the order of the file.
    pub fn open_points(&self) -> Vec<OpenPoint> {
        let seasons = self.seasons.iter().enumerate().filter(|(_, season)| season.assumed);
        let mut points: Vec<OpenPoint> =
            seasons.map(|(season, _)| OpenPoint::SeasonDates { season }).collect();
        let dismissal = self.dismissal.iter().enumerate().filter(|(_, entry)| entry.at.is_none());
        points.extend(dismissal.map(|(entry, _)| OpenPoint::Dismissal { entry }));
        for slot in 0..self.slots.len() {
            points.extend(self.open_in(slot));
        }
        points
    }

    /// The times that are missing and without which no session can be held; what is assumed does not count.
    pub fn missing_times(&self) -> Vec<OpenPoint> {
        self.open_points().into_iter().filter(|point| point.is_missing_time()).collect()
    }

    /// Whether times are missing without which no session can be held.
    pub fn lacks_times(&self) -> bool {
        !self.missing_times().is_empty()
    }

    fn open_in(&self, place: usize) -> Vec<OpenPoint> {
        let slot = &self.slots[place];
        let mut points = Vec::new();
        if slot.weekdays_assumed {
            points.push(OpenPoint::Weekdays { slot: place });
        }
        for (number, window) in slot.windows.iter().enumerate() {
            if window.start == Start::NotStated {
                points.push(OpenPoint::Start { slot: place, window: number });
            }
            if window.end == End::NotStated {
                points.push(OpenPoint::End { slot: place, window: number });
            }
        }
        let batches = slot.batches.iter().enumerate().filter(|(_, batch)| batch.at.is_none());
        points.extend(batches.map(|(batch, _)| OpenPoint::Batch { slot: place, batch }));
        points
    }
}
