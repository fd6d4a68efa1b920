//! A child's wishes: ranked for each weekday, changed as often as the family likes while the window is open.

use std::collections::BTreeSet;

use super::{Method, Setup, Stage, StepRefused, Way};
use crate::catalogue::NotFor;
use crate::ids::OfferingId;
use crate::people::Sex;
use crate::plan::Weekdays;

/// The weekdays of a round: Monday to Friday.
pub(super) const DAYS: usize = 5;

/// A child before the round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chooser {
    /// As the roster says it.
    pub sex: Sex,
    /// The weekdays on which the child stays in the round's slot, 1 (Monday) to 7.
    pub stays_on: Vec<i8>,
    /// What the child has from earlier rounds: weekday and title.
    pub has: Vec<(i8, String)>,
    /// The offerings that these are.
    pub offerings: Vec<OfferingId>,
}

/// An offering as a child sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choosable {
    /// Its place in the round's list.
    pub place: u32,
    /// The day of its list: the first on which it meets, 1 (Monday) to 5.
    pub weekday: i8,
    /// Every day on which it meets; a child has all of them or none.
    pub days: Weekdays,
    /// The same on each day on which it is offered.
    pub title: String,
    /// Why it is not for this child.
    pub not_for: Option<NotFor>,
    /// Whether it is for one sex alone.
    pub is_for_one_sex: bool,
    /// What no child has besides it.
    pub apart: Vec<OfferingId>,
}

/// What a family wishes for one child.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WishList {
    /// The most offerings a week that the family wants.
    pub weekly_limit: u8,
    /// For Monday to Friday the places of offerings, best first.
    pub days: [Vec<u32>; DAYS],
    /// The weekdays whose wishes count first when the week has no room for every day, the first first; where it says
    /// nothing, first wishes come before second ones and Monday before Tuesday.
    pub week: Vec<i8>,
    /// Whether the child gives up what it drew for a free seat beside a sibling.
    pub beside: bool,
}

/// What is wrong with a wish list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishFault {
    /// Nothing of this place is offered in the round.
    Unknown(u32),
    /// The offering meets on another weekday than the one that it was wished for.
    WrongDay(u32),
    /// It is named more than once.
    Twice(u32),
    /// It is not for this child.
    NotFor(u32, NotFor),
    /// It is for one sex alone and the roster does not say the child's.
    SexUnstated(u32),
    /// The child does not stay in the service on that weekday.
    NotStaying(i8),
    /// The child has something on that weekday from an earlier round.
    DayTaken(i8),
    /// The child has this title from an earlier round.
    TitleTaken(u32),
    /// The child has that offering from an earlier round, and the school declared the two to be apart.
    Apart(u32, OfferingId),
    /// From 1 to the round's limit.
    WeeklyLimit,
    /// The child has as much from earlier rounds as the round allows a week.
    WeekFull,
    /// Each day once, Monday to Friday, and only where wishes are given in their order.
    Week,
    /// The round puts no siblings together.
    Beside,
}

/// One tap of a family on its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishStep {
    /// Puts an offering at the end of its day.
    Add(u32),
    /// One place better.
    Up(u32),
    /// One place worse.
    Down(u32),
    /// Off the list.
    Drop(u32),
    /// The most offerings a week.
    Limit(u8),
    /// This weekday's wishes count before those of other days.
    First(i8),
    /// No day counts before another.
    ByRank,
    /// Whether the child goes where a sibling is.
    Beside(bool),
}

/// Whether wishes may be written now.
pub const fn may_write(way: Way, stage: Stage) -> Result<(), StepRefused> {
    match (way, stage) {
        (Way::Ranked, Stage::Open) => Ok(()),
        (Way::Ranked | Way::FirstCome, other) => Err(StepRefused::At(other)),
    }
}

impl WishList {
    /// How many wishes there are.
    pub fn count(&self) -> usize {
        self.days.iter().map(Vec::len).sum()
    }

    /// Everything that is wrong with it, day by day; an empty list is a family's right.
    pub fn faults(&self, setup: &Setup, chooser: &Chooser, offered: &[Choosable]) -> Vec<WishFault> {
        let mut faults = Vec::new();
        if !(1..=setup.weekly_limit).contains(&self.weekly_limit) {
            faults.push(WishFault::WeeklyLimit);
        }
        if !self.has_a_week(setup.method) {
            faults.push(WishFault::Week);
        }
        if self.beside && !setup.favours.beside {
            faults.push(WishFault::Beside);
        }
        if 0 < self.count() && chooser.room(setup.weekly_limit) == 0 {
            faults.push(WishFault::WeekFull);
        }
        let mut seen = Vec::new();
        for (weekday, day) in (1_i8..).zip(&self.days) {
            if day.is_empty() {
                continue;
            }
            faults.extend(chooser.on(weekday).err());
            for place in day {
                faults.extend(chooser.wish(weekday, *place, offered).err());
                let other = chooser.other_day(weekday, *place, offered).err();
                faults.extend(other.filter(|fault| !faults.contains(fault)));
                if seen.contains(place) {
                    faults.push(WishFault::Twice(*place));
                }
                seen.push(*place);
            }
        }
        faults
    }

    /// The list after a tap; one that changes nothing leaves it as it is, so that a second tap does no harm.
    #[must_use]
    pub fn after(&self, step: WishStep, offered: &[Choosable]) -> WishList {
        let mut list = self.clone();
        let weekday = |place: u32| {
            let meets = offered.iter().find(|one| one.place == place)?;
            usize::try_from(meets.weekday - 1).ok().filter(|day| *day < DAYS)
        };
        match step {
            WishStep::Limit(limit) => list.weekly_limit = limit,
            WishStep::ByRank => list.week.clear(),
            WishStep::Beside(beside) => list.beside = beside,
            WishStep::First(weekday) => {
                list.week.retain(|day| *day != weekday);
                list.week.insert(0, weekday);
            }
            WishStep::Add(place) => {
                if let Some(day) = weekday(place)
                    && !list.days[day].contains(&place)
                {
                    list.days[day].push(place);
                }
            }
            WishStep::Drop(place) => list.days.iter_mut().for_each(|day| day.retain(|one| *one != place)),
            WishStep::Up(place) => list.shift(place, |at| at.checked_sub(1)),
            WishStep::Down(place) => list.shift(place, |at| Some(at + 1)),
        }
        list
    }

    /// Whether the order of the days is one, or none. Where the most seats are filled, no order decides.
    fn has_a_week(&self, method: Method) -> bool {
        let is_once = |(at, day): (usize, &i8)| (1..=5).contains(day) && !self.week[..at].contains(day);
        match method {
            Method::Deferred => self.week.iter().enumerate().all(is_once),
            Method::MostSeats => self.week.is_empty(),
        }
    }

    /// Whose turn it is in the child's one list, by the order of the days: each entry is the next wish of that weekday,
    /// 1 (Monday) to 5. Whatever it leaves open follows by rank, then by weekday.
    pub fn turns(&self) -> Vec<i8> {
        let wishes =
            |day: &i8| self.days.get(usize::from(day.unsigned_abs()).wrapping_sub(1)).map_or(0, Vec::len);
        self.week.iter().flat_map(|day| std::iter::repeat_n(*day, wishes(day))).collect()
    }

    /// The order of the days as digits, the first first.
    pub fn week_written(&self) -> String {
        self.week.iter().map(i8::to_string).collect()
    }

    /// The order of days written so; nothing when the text is none.
    pub fn read_week(text: &str) -> Option<Vec<i8>> {
        text.chars().map(|digit| digit.to_digit(10).and_then(|day| i8::try_from(day).ok())).collect()
    }

    fn shift(&mut self, place: u32, to: impl Fn(usize) -> Option<usize>) {
        for day in &mut self.days {
            let at = day.iter().position(|one| *one == place);
            if let Some((at, to)) = at.and_then(|at| Some((at, to(at)?)))
                && to < day.len()
            {
                day.swap(at, to);
            }
        }
    }

    /// As the five columns of a line of a market file: `3,1 - 7 - -`.
    pub fn written(&self) -> String {
        let day = |places: &Vec<u32>| match places.as_slice() {
            [] => "-".to_owned(),
            places => places.iter().map(u32::to_string).collect::<Vec<_>>().join(","),
        };
        self.days.iter().map(day).collect::<Vec<_>>().join(" ")
    }

    /// The wishes written so; nothing when the text is none.
    pub fn read(weekly_limit: u8, text: &str) -> Option<WishList> {
        let mut list = WishList { weekly_limit, ..WishList::default() };
        let columns: Vec<&str> = text.split(' ').collect();
        if columns.len() != DAYS {
            return None;
        }
        for (day, column) in list.days.iter_mut().zip(columns) {
            if column != "-" {
                *day = column.split(',').map(|place| place.parse().ok()).collect::<Option<_>>()?;
            }
        }
        Some(list)
    }
}

impl Chooser {
    /// How many offerings the child may still have a week of so many: those of earlier rounds count as well.
    pub fn room(&self, weekly_limit: u8) -> usize {
        let has: BTreeSet<OfferingId> = self.offerings.iter().copied().collect();
        usize::from(weekly_limit).saturating_sub(has.len())
    }

    /// Whether the child may have anything on this weekday.
    pub fn on(&self, weekday: i8) -> Result<(), WishFault> {
        if !self.stays_on.contains(&weekday) {
            return Err(WishFault::NotStaying(weekday));
        }
        if self.has.iter().any(|(taken, _)| *taken == weekday) {
            return Err(WishFault::DayTaken(weekday));
        }
        Ok(())
    }

    /// Whether the child may have this on that weekday; what the offering itself rules out is said first, since no
    /// other day would help.
    pub fn may_have(&self, wanted: &Choosable) -> Result<(), WishFault> {
        self.wish(wanted.weekday, wanted.place, std::slice::from_ref(wanted))?;
        wanted.days.iter().try_for_each(|day| self.on(day.cast_signed()))
    }

    /// Whether the child may have anything on the other days of an offering that meets on several.
    fn other_day(&self, weekday: i8, place: u32, offered: &[Choosable]) -> Result<(), WishFault> {
        let wished = offered.iter().find(|one| one.place == place && one.weekday == weekday);
        let days = wished.into_iter().flat_map(|one| one.days.iter()).map(u8::cast_signed);
        days.filter(|day| *day != weekday).try_for_each(|day| self.on(day))
    }

    /// Whether the child may wish for this on that weekday.
    pub fn wish(&self, weekday: i8, place: u32, offered: &[Choosable]) -> Result<(), WishFault> {
        let wished = offered.iter().find(|one| one.place == place).ok_or(WishFault::Unknown(place))?;
        if wished.weekday != weekday {
            return Err(WishFault::WrongDay(place));
        }
        if let Some(why) = wished.not_for {
            return Err(WishFault::NotFor(place, why));
        }
        if wished.is_for_one_sex && self.sex == Sex::Unstated {
            return Err(WishFault::SexUnstated(place));
        }
        if self.has.iter().any(|(_, title)| *title == wished.title) {
            return Err(WishFault::TitleTaken(place));
        }
        if let Some(other) = self.offerings.iter().find(|has| wished.apart.contains(has)) {
            return Err(WishFault::Apart(place, *other));
        }
        Ok(())
    }
}
