//! Whether a plan fits together: faults that a file may have although each line is well written.

use super::days::{Grades, SeasonKind};
use super::join::StepKind;
use super::money::{FeeMode, Payee, Rate};
use super::slot::{AppliesTo, End, Slot, SlotId, SlotKind, Start, Window};
use super::{MonthDay, Plan, Weekdays};

/// Where in the plan a fault is; the numbers are places in the plan's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The plan as a whole.
    Plan,
    /// The seasons as a whole.
    Seasons,
    /// A slot.
    Slot(usize),
    /// A window of a slot.
    Window(usize, usize),
    /// The fee as a whole.
    Fee,
    /// A rate that families pay.
    Rate(usize),
    /// A rate that staff are paid.
    PayRate(usize),
    /// A step of the chain.
    Step(usize),
    /// A rule for groups.
    Group(usize),
    /// A punch.
    Punch(usize),
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Two slots have the same short name.
    SlotTwice {
        /// The name.
        id: SlotId,
    },
    /// A slot is for grades that the plan does not cover.
    GradesOutside {
        /// Those grades.
        grades: Grades,
    },
    /// A slot other than the boarders' return is held on a Saturday or Sunday.
    SlotOnWeekend,
    /// A grade, season and weekday of the slot has no window.
    WindowMissing {
        /// The grades without one.
        grades: Grades,
        /// The season.
        season: Option<SeasonKind>,
    },
    /// Two windows of one slot are for the same grade, season and weekday.
    WindowTwice {
        /// The grades they share.
        grades: Grades,
    },
    /// Windows of two slots put the same child into both at once.
    WindowsOverlap {
        /// The other slot.
        other: SlotId,
        /// The grades they share.
        grades: Grades,
    },
    /// A window ends before it begins.
    EndsBeforeStart,
    /// Children would go before their slot ends.
    WaveBeforeEnd,
    /// A window begins at the end of lessons, and no dismissal covers its grades.
    DismissalMissing {
        /// The grades without one.
        grades: Grades,
    },
    /// A day belongs to no season.
    SeasonGap {
        /// The first such day.
        day: MonthDay,
    },
    /// A day belongs to two seasons.
    SeasonsOverlap {
        /// The first such day.
        day: MonthDay,
    },
    /// A free plan has a rate, a payee or a slot that is charged.
    FeeOnFreePlan,
    /// The plan says that rates are charged and has none.
    RatesMissing,
    /// A rate's last day is before its first.
    RateEndsBeforeStart,
    /// Two rates hold on the same day for the same slot.
    RatesOverlap {
        /// The place of the other rate.
        other: usize,
    },
    /// A rate, group or punch names a slot that the plan does not have.
    UnknownSlot {
        /// The name.
        id: SlotId,
    },
    /// Somebody reviews before a family has applied.
    ReviewBeforeApply,
    /// The fewest are more than the most.
    MinAboveMax,
}

impl Plan {
    /// Everything that does not fit, in the order of the plan.
    pub fn faults(&self) -> Vec<(Place, Fault)> {
        let mut faults = self.season_faults();
        faults.extend(self.step_faults());
        for (place, slot) in self.slots.iter().enumerate() {
            faults.extend(self.slot_faults(place, slot));
        }
        faults.extend(self.overlaps());
        faults.extend(self.group_faults());
        faults.extend(self.fee_faults());
        faults.extend(rate_faults(&self.fee.rates, Place::Rate));
        faults.extend(rate_faults(&self.pay.rates, Place::PayRate));
        faults.extend(self.unknown_slots());
        faults
    }

    fn season_faults(&self) -> Vec<(Place, Fault)> {
        if self.seasons.is_empty() {
            return Vec::new();
        }
        let days = (1..=12).flat_map(|month| (1..=31).filter_map(move |day| leap_day(month, day)));
        let mut gap = None;
        let mut overlap = None;
        for day in days {
            match self.seasons.iter().filter(|season| season.has(day)).count() {
                0 => gap = gap.or(Some(Fault::SeasonGap { day })),
                1 => {}
                2.. => overlap = overlap.or(Some(Fault::SeasonsOverlap { day })),
            }
        }
        gap.into_iter().chain(overlap).map(|fault| (Place::Seasons, fault)).collect()
    }

    fn step_faults(&self) -> Option<(Place, Fault)> {
        let steps = &self.joining.steps;
        let apply = steps.iter().position(|step| step.kind == StepKind::Apply)?;
        let review = steps.iter().position(|step| step.kind == StepKind::Review)?;
        (review < apply).then_some((Place::Step(review), Fault::ReviewBeforeApply))
    }

    fn slot_faults(&self, place: usize, slot: &Slot) -> Vec<(Place, Fault)> {
        let mut faults = Vec::new();
        if self.slots[..place].iter().any(|earlier| earlier.id == slot.id) {
            faults.push((Place::Slot(place), Fault::SlotTwice { id: slot.id.clone() }));
        }
        let outside = slot.grades.without(self.grades);
        if !outside.is_empty() {
            faults.push((Place::Slot(place), Fault::GradesOutside { grades: outside }));
        }
        let weekend = slot.weekdays.and(Weekdays::of([6, 7]));
        if slot.kind != SlotKind::WeekendReturn && !weekend.is_empty() {
            faults.push((Place::Slot(place), Fault::SlotOnWeekend));
        }
        faults.extend(self.missing_windows(slot).map(|fault| (Place::Slot(place), fault)));
        for (number, window) in slot.windows.iter().enumerate() {
            let at = Place::Window(place, number);
            faults.extend(self.window_faults(window).into_iter().map(|fault| (at, fault)));
            let twice = slot.windows[..number]
                .iter()
                .map(|earlier| shared(earlier, window, slot))
                .find(|g| !g.is_empty());
            faults.extend(twice.map(|grades| (at, Fault::WindowTwice { grades })));
        }
        faults
    }

    fn missing_windows(&self, slot: &Slot) -> impl Iterator<Item = Fault> {
        let seasons: Vec<Option<SeasonKind>> = match self.seasons.as_slice() {
            [] => vec![None],
            seasons => seasons.iter().map(|season| Some(season.kind)).collect(),
        };
        seasons.into_iter().filter_map(|season| {
            let covered = |grade: u8, weekday: u8| {
                let day = Weekdays::of([weekday]);
                slot.windows.iter().any(|window| {
                    window.grades.has(grade)
                        && !window.weekdays.and(day).is_empty()
                        && (window.season.is_none() || window.season == season)
                })
            };
            let open =
                slot.grades.iter().filter(|grade| slot.weekdays.iter().any(|day| !covered(*grade, day)));
            let grades = Grades::of(open);
            (!grades.is_empty()).then_some(Fault::WindowMissing { grades, season })
        })
    }

    fn window_faults(&self, window: &Window) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let (Start::At(start), End::At(end)) = (window.start, window.end)
            && end <= start
        {
            faults.push(Fault::EndsBeforeStart);
        }
        if let (Some(wave), End::At(end)) = (window.wave, window.end)
            && wave < end
        {
            faults.push(Fault::WaveBeforeEnd);
        }
        if window.start == Start::Dismissal {
            let covered =
                self.dismissal.iter().fold(Grades::default(), |grades, entry| grades.or(entry.grades));
            let open = window.grades.without(covered);
            if !open.is_empty() {
                faults.push(Fault::DismissalMissing { grades: open });
            }
        }
        faults
    }

    /// Windows of different slots that run at the same time for the same children.
    fn overlaps(&self) -> Vec<(Place, Fault)> {
        let mut faults = Vec::new();
        for (place, slot) in self.slots.iter().enumerate() {
            for (number, window) in slot.windows.iter().enumerate() {
                let earlier = self.slots[..place].iter().filter(|earlier| same_children(earlier, slot));
                for other in earlier {
                    let hits = other.windows.iter().filter(|known| run_together(known, window));
                    let grades = hits.fold(Grades::default(), |all, known| {
                        all.or(shared_days(known, other, window, slot))
                    });
                    if !grades.is_empty() {
                        let fault = Fault::WindowsOverlap { other: other.id.clone(), grades };
                        faults.push((Place::Window(place, number), fault));
                    }
                }
            }
        }
        faults
    }

    fn group_faults(&self) -> Vec<(Place, Fault)> {
        let wrong = self.groups.iter().enumerate().filter(|(_, group)| match (group.min, group.max) {
            (Some(min), Some(max)) => max < min,
            (Some(_) | None, None) | (None, Some(_)) => false,
        });
        wrong.map(|(place, _)| (Place::Group(place), Fault::MinAboveMax)).collect()
    }

    fn fee_faults(&self) -> Vec<(Place, Fault)> {
        let mut faults = Vec::new();
        if matches!(self.fee.mode, FeeMode::Free | FeeMode::PublicBenefit) {
            let rates = (0..self.fee.rates.len()).map(Place::Rate);
            let slots = self.slots.iter().enumerate().filter(|(_, slot)| slot.chargeable == Some(true));
            faults.extend(
                rates.chain(slots.map(|(place, _)| Place::Slot(place))).map(|at| (at, Fault::FeeOnFreePlan)),
            );
            if matches!(self.fee.payee, Payee::School | Payee::ParentCommittee | Payee::ThirdParty) {
                faults.push((Place::Fee, Fault::FeeOnFreePlan));
            }
        }
        if self.fee.mode == FeeMode::Rates && self.fee.rates.is_empty() {
            faults.push((Place::Fee, Fault::RatesMissing));
        }
        faults
    }

    fn unknown_slots(&self) -> Vec<(Place, Fault)> {
        let rates =
            self.fee.rates.iter().enumerate().map(|(place, rate)| (Place::Rate(place), &rate.slots[..]));
        let pay =
            self.pay.rates.iter().enumerate().map(|(place, rate)| (Place::PayRate(place), &rate.slots[..]));
        let groups =
            self.groups.iter().enumerate().map(|(place, group)| (Place::Group(place), &group.slots[..]));
        let punches = self.pay.punches.iter().enumerate();
        let punches = punches.map(|(place, punch)| (Place::Punch(place), std::slice::from_ref(&punch.slot)));
        let named = rates.chain(pay).chain(groups).chain(punches);
        named
            .flat_map(|(place, ids)| ids.iter().map(move |id| (place, id)))
            .filter(|(_, id)| self.slot(id).is_none())
            .map(|(place, id)| (place, Fault::UnknownSlot { id: id.clone() }))
            .collect()
    }
}

fn leap_day(month: i8, day: i8) -> Option<MonthDay> {
    MonthDay::parse(&format!("{month:02}-{day:02}"))
}

/// The grades that two windows of one slot both claim for some season and weekday.
fn shared(one: &Window, other: &Window, slot: &Slot) -> Grades {
    let seasons = one.season.is_none() || other.season.is_none() || one.season == other.season;
    let days = one.weekdays.and(other.weekdays).and(slot.weekdays);
    if seasons && !days.is_empty() { one.grades.and(other.grades) } else { Grades::default() }
}

fn shared_days(one: &Window, its: &Slot, other: &Window, slot: &Slot) -> Grades {
    let days = one.weekdays.and(its.weekdays).and(other.weekdays).and(slot.weekdays);
    let seasons = one.season.is_none() || other.season.is_none() || one.season == other.season;
    if seasons && !days.is_empty() {
        one.grades.and(its.grades).and(other.grades).and(slot.grades)
    } else {
        Grades::default()
    }
}

fn same_children(one: &Slot, other: &Slot) -> bool {
    one.applies_to == AppliesTo::All
        || other.applies_to == AppliesTo::All
        || one.applies_to == other.applies_to
}

fn run_together(one: &Window, other: &Window) -> bool {
    let times = |window: &Window| match (window.start, window.end) {
        (Start::At(start), End::At(end)) => Some((start, end)),
        (Start::At(_) | Start::Dismissal | Start::NotStated, _) => None,
    };
    match (times(one), times(other)) {
        (Some((start, end)), Some((from, to))) => start < to && from < end,
        (Some(_) | None, None) | (None, Some(_)) => false,
    }
}

fn rate_faults(rates: &[Rate], at: fn(usize) -> Place) -> Vec<(Place, Fault)> {
    let mut faults = Vec::new();
    for (place, rate) in rates.iter().enumerate() {
        if let (Some(from), Some(until)) = (rate.from, rate.until)
            && until < from
        {
            faults.push((at(place), Fault::RateEndsBeforeStart));
        }
        let other = rates[..place].iter().position(|earlier| hold_together(earlier, rate));
        faults.extend(other.map(|other| (at(place), Fault::RatesOverlap { other })));
    }
    faults
}

fn hold_together(one: &Rate, other: &Rate) -> bool {
    let slots =
        one.slots.is_empty() || other.slots.is_empty() || one.slots.iter().any(|id| other.slots.contains(id));
    let ends_first = |rate: &Rate, next: &Rate| match (rate.until, next.from) {
        (Some(until), Some(from)) => until < from,
        (Some(_) | None, None) | (None, Some(_)) => false,
    };
    slots && !ends_first(one, other) && !ends_first(other, one)
}
