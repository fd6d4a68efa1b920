//! The rule pack: dated rules of national notices, run on a plan. They warn and never forbid.

use jiff::civil::{Date, date};

use super::care::ReleaseMode;
use super::days::Grades;
use super::join::{PriorityGroup, PublicItem};
use super::money::{FeeMode, Payee};
use super::slot::{AppliesTo, Content, ContentKind, End, Slot, SlotId, SlotKind, Start};
use super::word::words;
use super::{Plan, Weekdays};

words! {
    /// The rules that are run on plans.
    Rule {
        /// 2006, article 31: no first- or second-grader leaves alone.
        AloneInLowerGrades = "alone_in_lower_grades",
        /// 2017: left-behind and migrant workers' children come first.
        PriorityMissing = "priority_missing",
        /// 2017: the guardian applies.
        NobodyApplies = "nobody_applies",
        /// 2017: no remedial classes in disguise.
        TutoringContent = "tutoring_content",
        /// 2021: evening study is opened by junior schools.
        EveningStudyInPrimary = "evening_study_in_primary",
        /// 2021: five days a week, so that nobody who needs care is left out (B5).
        FewerThanFiveDays = "fewer_than_five_days",
        /// 2021: two hours a day.
        LessThanTwoHours = "less_than_two_hours",
        /// 2024: care before lessons is not after-school service.
        EarlyArrivalAsService = "early_arrival_as_service",
        /// 2024: care at noon is not after-school service.
        NoonAsService = "noon_as_service",
        /// 2024: evening study is not after-school service.
        EveningAsService = "evening_as_service",
        /// 2024: other care may not be charged as after-school service.
        ChargeOnOtherCare = "charge_on_other_care",
        /// 2024: no collection through a parent committee.
        CollectedByCommittee = "collected_by_committee",
        /// 2024: no collection through a third party.
        CollectedByThirdParty = "collected_by_third_party",
        /// 2024: the fee is published first.
        FeeNotPublished = "fee_not_published",
        /// 2024: families in hardship pay less or nothing.
        NoWaiver = "no_waiver",
    }
}

impl Rule {
    /// The first day the rule is in force.
    pub const fn since(self) -> Date {
        match self {
            Rule::AloneInLowerGrades => date(2006, 9, 1),
            Rule::PriorityMissing | Rule::NobodyApplies | Rule::TutoringContent => date(2017, 3, 4),
            Rule::EveningStudyInPrimary | Rule::FewerThanFiveDays | Rule::LessThanTwoHours => {
                date(2021, 7, 24)
            }
            Rule::EarlyArrivalAsService
            | Rule::NoonAsService
            | Rule::EveningAsService
            | Rule::ChargeOnOtherCare
            | Rule::CollectedByCommittee
            | Rule::CollectedByThirdParty
            | Rule::FeeNotPublished
            | Rule::NoWaiver => date(2024, 1, 1),
        }
    }
}

/// A rule that the plan does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The rule.
    pub rule: Rule,
    /// The slots it is about; none: the plan as a whole.
    pub slots: Vec<SlotId>,
}

impl Plan {
    /// The rules that the plan does not keep, oldest first, whatever the day; each carries since when it holds.
    pub fn warnings(&self) -> Vec<Warning> {
        let broken = Rule::ALL.iter().filter_map(|rule| self.breaks(*rule));
        broken.collect()
    }

    /// The rules in force on the day that the plan does not keep.
    pub fn warnings_on(&self, day: Date) -> Vec<Warning> {
        self.warnings().into_iter().filter(|warning| warning.rule.since() <= day).collect()
    }

    fn breaks(&self, rule: Rule) -> Option<Warning> {
        let whole = |broken: bool| broken.then(|| Warning { rule, slots: Vec::new() });
        match rule {
            Rule::AloneInLowerGrades => whole((1..=2).any(|grade| self.lets_alone(grade))),
            Rule::PriorityMissing => whole(!self.places_first_whom_2017_names()),
            Rule::NobodyApplies => whole(self.nobody_applies()),
            Rule::TutoringContent => self.about(rule, teaches),
            Rule::EveningStudyInPrimary => self.about(rule, primary_evening_study),
            Rule::FewerThanFiveDays => whole(self.service_days().count() < 5),
            Rule::LessThanTwoHours => whole(self.runs_less_than(120)),
            Rule::EarlyArrivalAsService => self.about(rule, |slot| counts_as(slot, SlotKind::EarlyArrival)),
            Rule::NoonAsService => self.about(rule, |slot| counts_as(slot, SlotKind::Noon)),
            Rule::EveningAsService => self.about(rule, |slot| counts_as(slot, SlotKind::Evening)),
            Rule::ChargeOnOtherCare => self.about(rule, |slot| {
                is_other_care(slot.kind) && slot.service && slot.chargeable == Some(true)
            }),
            Rule::CollectedByCommittee => whole(self.fee.payee == Payee::ParentCommittee),
            Rule::CollectedByThirdParty => whole(self.fee.payee == Payee::ThirdParty),
            Rule::FeeNotPublished => {
                whole(self.charges() && !self.joining.publish.contains(&PublicItem::Fee))
            }
            Rule::NoWaiver => whole(self.charges() && self.fee.waivers.is_empty()),
        }
    }

    fn about(&self, rule: Rule, breaks: impl Fn(&Slot) -> bool) -> Option<Warning> {
        let slots: Vec<SlotId> =
            self.slots.iter().filter(|slot| breaks(slot)).map(|slot| slot.id.clone()).collect();
        (!slots.is_empty()).then_some(Warning { rule, slots })
    }

    fn lets_alone(&self, grade: u8) -> bool {
        self.grades.has(grade) && self.release_modes(grade).contains(&ReleaseMode::Alone)
    }

    fn places_first_whom_2017_names(&self) -> bool {
        let named = [PriorityGroup::LeftBehind, PriorityGroup::MigrantWorkers];
        named.iter().all(|group| self.joining.priority.contains(group))
    }

    fn nobody_applies(&self) -> bool {
        let steps = &self.joining.steps;
        !steps.is_empty() && steps.iter().all(|step| step.kind != super::StepKind::Apply)
    }

    /// Whether families pay something.
    pub fn charges(&self) -> bool {
        matches!(self.fee.mode, FeeMode::Rates | FeeMode::ApprovedStandard | FeeMode::Shared)
    }

    /// The weekdays on which the afternoon or the evening is served.
    fn service_days(&self) -> Weekdays {
        let serving = self.slots.iter().filter(|slot| slot.service && slot.kind.leads_home());
        serving.fold(Weekdays::default(), |days, slot| days.or(slot.weekdays))
    }

    /// Whether the stated afternoon and evening windows of some grade sum up to less than so many minutes.
    fn runs_less_than(&self, minutes: i64) -> bool {
        self.grades.iter().any(|grade| self.stated_minutes(grade).is_some_and(|stated| stated < minutes))
    }

    /// The minutes of the grade's longest day; nothing when the plan leaves a time open.
    fn stated_minutes(&self, grade: u8) -> Option<i64> {
        let own = Grades::of([grade]);
        let serving = self.slots.iter().filter(|slot| slot.service && slot.kind.leads_home());
        let per_slot: Option<Vec<i64>> = serving
            .filter(|slot| slot.grades.has(grade) && slot.applies_to != AppliesTo::Boarders)
            .map(|slot| {
                let windows = slot.windows.iter().filter(|window| !window.grades.and(own).is_empty());
                windows
                    .map(|window| lasts(window.start, window.end))
                    .collect::<Option<Vec<_>>>()?
                    .into_iter()
                    .max()
            })
            .collect();
        per_slot.filter(|minutes| !minutes.is_empty()).map(|minutes| minutes.into_iter().sum())
    }
}

fn lasts(start: Start, end: End) -> Option<i64> {
    match (start, end) {
        (Start::At(start), End::At(end)) => Some(start.duration_until(end).as_mins()),
        (_, End::After(minutes)) => Some(i64::from(minutes)),
        (Start::Dismissal | Start::NotStated, End::At(_)) | (_, End::Open | End::NotStated) => None,
    }
}

const fn is_other_care(kind: SlotKind) -> bool {
    matches!(kind, SlotKind::EarlyArrival | SlotKind::Noon | SlotKind::Evening)
}

fn counts_as(slot: &Slot, kind: SlotKind) -> bool {
    slot.kind == kind && slot.service
}

fn teaches(slot: &Slot) -> bool {
    let tutoring = Content::Kind(ContentKind::Tutoring);
    slot.content.contains(&tutoring)
        || slot.programme.iter().any(|line| line.content.contains(&tutoring))
        || slot.periods.iter().any(|period| period.content.contains(&tutoring))
}

fn primary_evening_study(slot: &Slot) -> bool {
    let study = [ContentKind::Homework, ContentKind::SelfStudy].map(Content::Kind);
    let studies = study.iter().any(|kind| slot.content.contains(kind));
    slot.kind == SlotKind::Evening
        && studies
        && slot.service
        && !slot.grades.and(Grades::of(1..=6)).is_empty()
}
