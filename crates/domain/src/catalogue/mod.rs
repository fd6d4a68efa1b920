//! 课程目录: what a school may offer beside base care, and who says so (D2–D8, D11, E3, E4, R2).
//!
//! The plan in force says which kinds may be offered, on which weekdays and how large; nothing here is a constant
//! of a school.

mod check;
mod clash;
mod review;
#[cfg(test)]
mod tests;
mod topic;
mod wording;
pub mod written;

use jiff::civil::Weekday;

use crate::ids::StaffId;
use crate::money::Fen;
use crate::people::Sex;
use crate::people::cell::squeeze;
use crate::plan::{
    Content, ContentKind, FeeMode, Grades, GroupKind, GroupRule, Plan, Slot, SlotId, SlotKind, words,
};

pub use check::{Fault, LONGEST_DESCRIPTION, LONGEST_TITLE, Lack, MOST_SEATS, breaks_seats, check, lacks};
pub use clash::{CareClash, CareGroup, Clash, Over, clashes, clashes_of, clashes_with_care};
pub use review::{
    DecideRefused, LONGEST_REASON, Review, Status, Step, Verdict, WrongStatus, decide, may_change, step,
};
pub use topic::{Area, Topic};
pub use wording::{Concern, Flag, Part, Piece, flags, mark};

words! {
    /// What an offering is to the plan, which sets its size (E3, E4).
    Kind {
        /// 社团.
        Club = "club",
        /// 走班课程.
        MovingClass = "moving_class",
        /// 临时班.
        TemporaryGroup = "temporary_group",
        /// 开放活动: an opened reading room, games on the sports ground (D5, D6).
        OpenActivity = "open_activity",
    }
}

words! {
    /// Whether an offering is for girls or boys alone.
    SexLimit {
        /// For everybody.
        Anyone = "anyone",
        /// For girls.
        Girls = "girls",
        /// For boys.
        Boys = "boys",
    }
}

/// When an offering meets: a slot of the plan on a weekday.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Meeting {
    /// 1 (Monday) to 7.
    pub weekday: i8,
    /// The slot.
    pub slot: SlotId,
}

/// What is offered, as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// What families read first.
    pub title: String,
    /// What it is to the plan.
    pub kind: Kind,
    /// What it is about (D2, D3, D4, D5, D6).
    pub topic: Topic,
    /// When it meets.
    pub meetings: Vec<Meeting>,
    /// Where (D11).
    pub venue: String,
    /// Who leads it.
    pub teacher: Option<StaffId>,
    /// The seats.
    pub capacity: u16,
    /// The fewest children with whom it is held.
    pub minimum: u16,
    /// For which grades.
    pub grades: Grades,
    /// Whether for girls or boys alone.
    pub sex: SexLimit,
    /// What children do there.
    pub description: String,
    /// What they bring.
    pub materials: String,
    /// What is collected for somebody else (代收费) in a term; nothing where nothing is.
    pub cost: Option<Fen>,
}

/// A slot on a weekday in which a kind may be offered, and the grades for which it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// When.
    pub meeting: Meeting,
    /// For which grades.
    pub grades: Grades,
}

/// Why a child may not take an offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFor {
    /// It is for other grades.
    Grade,
    /// It is for girls, or for boys.
    Sex,
}

impl Kind {
    /// The plan's kind of group; an open activity is none.
    pub const fn group(self) -> Option<GroupKind> {
        match self {
            Kind::Club => Some(GroupKind::Club),
            Kind::MovingClass => Some(GroupKind::MovingClass),
            Kind::TemporaryGroup => Some(GroupKind::TemporaryGroup),
            Kind::OpenActivity => None,
        }
    }

    /// Whether content of this kind is the kind's place in the programme (C5).
    fn stands_in(self, content: &Content) -> bool {
        let Content::Kind(content) = content else { return self == Kind::OpenActivity };
        match self {
            Kind::Club => matches!(content, ContentKind::Club | ContentKind::InterestGroup),
            Kind::MovingClass => matches!(
                content,
                ContentKind::MovingClass | ContentKind::QualityCourse | ContentKind::PuzzleClass
            ),
            Kind::TemporaryGroup => false,
            Kind::OpenActivity => is_activity(*content),
        }
    }
}

/// Whether such content is something that children choose, and no care, meal or lesson.
const fn is_activity(content: ContentKind) -> bool {
    match content {
        ContentKind::Reading
        | ContentKind::ReadingAloud
        | ContentKind::Recitation
        | ContentKind::Calligraphy
        | ContentKind::Thinking
        | ContentKind::PuzzleClass
        | ContentKind::Sport
        | ContentKind::Arts
        | ContentKind::Science
        | ContentKind::Labour
        | ContentKind::Games
        | ContentKind::OutwardBound
        | ContentKind::Research
        | ContentKind::Films
        | ContentKind::Counselling
        | ContentKind::QualityCourse
        | ContentKind::MovingClass
        | ContentKind::Club
        | ContentKind::InterestGroup => true,
        ContentKind::Homework
        | ContentKind::Questions
        | ContentKind::IndividualHelp
        | ContentKind::Tutoring
        | ContentKind::SelfStudy
        | ContentKind::Breakfast
        | ContentKind::Lunch
        | ContentKind::Nap
        | ContentKind::Dinner
        | ContentKind::FreeTime
        | ContentKind::Dormitory
        | ContentKind::ReturnCount => false,
    }
}

/// The plan's rules for groups of the kind in this slot (E3, E4).
fn rules_in<'a>(plan: &'a Plan, kind: Kind, slot: &'a SlotId) -> impl Iterator<Item = &'a GroupRule> {
    plan.groups
        .iter()
        .filter(move |rule| kind.group() == Some(rule.kind))
        .filter(move |rule| rule.slots.is_empty() || rule.slots.contains(slot))
}

/// The grades for which the kind may be offered in the slot on the weekday: those whose programme names it, or, where
/// the plan says nothing of the content, those of a slot that its rule for such groups is about (C5, D1).
pub fn grades_then(plan: &Plan, kind: Kind, slot: &Slot, weekday: Weekday) -> Grades {
    if !slot.weekdays.has(weekday) {
        return Grades::default();
    }
    let has_rule = rules_in(plan, kind, &slot.id).next().is_some();
    let may = |grade: &u8| {
        let content = slot.content_on(*grade, weekday);
        let by_rule = has_rule && (content.is_empty() || kind == Kind::TemporaryGroup);
        by_rule || content.iter().any(|content| kind.stands_in(content))
    };
    Grades::of(slot.grades.and(plan.grades).iter().filter(may))
}

/// Everywhere that the plan lets the kind be offered, by weekday and in the plan's order.
pub fn openings(plan: &Plan, kind: Kind) -> Vec<Opening> {
    let mut found = Vec::new();
    for weekday in (1..=7).filter_map(|day| Weekday::from_monday_one_offset(day).ok()) {
        for slot in plan.slots.iter().filter(|slot| slot.kind != SlotKind::WeekendReturn) {
            let grades = grades_then(plan, kind, slot, weekday);
            if !grades.is_empty() {
                let weekday = weekday.to_monday_one_offset();
                found.push(Opening { meeting: Meeting { weekday, slot: slot.id.clone() }, grades });
            }
        }
    }
    found
}

/// The kinds that the plan lets the school offer at all.
pub fn kinds(plan: &Plan) -> Vec<Kind> {
    Kind::ALL.iter().copied().filter(|kind| !openings(plan, *kind).is_empty()).collect()
}

/// The most children of the kind in these slots and whether that holds only in principle (原则上); nothing where the
/// plan states no limit (E3, E4).
pub fn most(plan: &Plan, kind: Kind, meetings: &[Meeting]) -> Option<(u16, bool)> {
    let rules = meetings.iter().flat_map(|meeting| rules_in(plan, kind, &meeting.slot));
    rules.filter_map(|rule| Some((rule.max?, rule.in_principle))).min()
}

/// Whether the plan lets anything be collected from families: a free service stays free (K6).
pub fn charges(plan: &Plan) -> bool {
    match plan.fee.mode {
        FeeMode::Rates | FeeMode::ApprovedStandard | FeeMode::UpperRule | FeeMode::Shared => true,
        FeeMode::Free | FeeMode::PublicBenefit | FeeMode::Undecided | FeeMode::NotStated => false,
    }
}

impl Details {
    /// Why a child may not take it; where the roster does not say the sex, the school asks.
    pub fn not_for(&self, grade: Option<u8>, sex: Sex) -> Option<NotFor> {
        not_for((&self.grades, self.sex), grade, sex)
    }

    /// Whether both meet in some slot, be it on different days.
    pub fn shares_a_slot(&self, other: &Details) -> bool {
        self.meetings.iter().any(|here| other.meetings.iter().any(|there| there.slot == here.slot))
    }
}

/// Why a child may not take what is for these grades and this sex.
pub fn not_for((grades, limit): (&Grades, SexLimit), grade: Option<u8>, sex: Sex) -> Option<NotFor> {
    if grade.is_none_or(|grade| !grades.has(grade)) {
        return Some(NotFor::Grade);
    }
    match (limit, sex) {
        (SexLimit::Girls, Sex::Male) | (SexLimit::Boys, Sex::Female) => Some(NotFor::Sex),
        (SexLimit::Anyone | SexLimit::Girls | SexLimit::Boys, _) => None,
    }
}

/// Whether two offerings are one by name and days: 围棋社 on Tuesdays and 围棋 社 on Tuesdays are.
pub fn is_same(one: &Details, other: &Details) -> bool {
    let key = |details: &Details| {
        let mut meetings = details.meetings.clone();
        meetings.sort();
        meetings.dedup();
        (squeeze(&details.title), meetings)
    };
    key(one) == key(other)
}

impl Meeting {
    /// The weekday; nothing when the number is none.
    pub fn day(&self) -> Option<Weekday> {
        Weekday::from_monday_one_offset(self.weekday).ok()
    }
}
