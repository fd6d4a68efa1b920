//! Slots: the parts of a day that a plan fills (C1–C6, J1).

use jiff::civil::Time;

use super::days::{Grades, SeasonKind, Weekdays};
use super::word::words;
use crate::money::LessonHours;

/// A slot's short name inside its plan, as in `afternoon`; enrolments and sessions carry it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub String);

impl SlotId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SlotId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// The kinds of slot.
    SlotKind {
        /// 早到看护: before the first lesson.
        EarlyArrival = "early_arrival",
        /// 午间看护: meal, nap and reading at noon (BD1, BD4).
        Noon = "noon",
        /// 课后服务: the afternoon after the last lesson.
        AfterSchool = "after_school",
        /// 晚间自习: dinner and study in the evening.
        Evening = "evening",
        /// 延时看护: for families who come later (C4).
        LateCare = "late_care",
        /// 周日返校: boarders come back (BD3).
        WeekendReturn = "weekend_return",
    }
}

impl SlotKind {
    /// Whether children go home from the end of such a slot.
    pub const fn leads_home(self) -> bool {
        matches!(self, SlotKind::AfterSchool | SlotKind::Evening | SlotKind::LateCare)
    }
}

words! {
    /// Whom a slot is for.
    AppliesTo {
        /// Everybody of its grades.
        All = "all",
        /// Day pupils (走读生).
        Day = "day",
        /// Boarders (住宿生).
        Boarders = "boarders",
    }
}

words! {
    /// What children do in a slot (D1–D7).
    ContentKind {
        /// 自主作业.
        Homework = "homework",
        /// 辅导答疑.
        Questions = "questions",
        /// 个别辅导.
        IndividualHelp = "individual_help",
        /// 提优补习: a plan may name it, and a rule of 2017 warns of it.
        Tutoring = "tutoring",
        /// 自主学习.
        SelfStudy = "self_study",
        /// 课外阅读.
        Reading = "reading",
        /// 晨读, 朗读.
        ReadingAloud = "reading_aloud",
        /// 经典诵读, 诗词.
        Recitation = "recitation",
        /// 写字, 书法.
        Calligraphy = "calligraphy",
        /// 思维训练.
        Thinking = "thinking",
        /// 益智课堂.
        PuzzleClass = "puzzle_class",
        /// 体育锻炼.
        Sport = "sport",
        /// 艺术活动.
        Arts = "arts",
        /// 科普活动.
        Science = "science",
        /// 劳动实践.
        Labour = "labour",
        /// 娱乐游戏.
        Games = "games",
        /// 拓展训练.
        OutwardBound = "outward_bound",
        /// 研究性学习.
        Research = "research",
        /// 观看影片.
        Films = "films",
        /// 心理健康辅导.
        Counselling = "counselling",
        /// 素养养成课程.
        QualityCourse = "quality_course",
        /// 走班课程.
        MovingClass = "moving_class",
        /// 社团活动.
        Club = "club",
        /// 兴趣小组.
        InterestGroup = "interest_group",
        /// 早餐.
        Breakfast = "breakfast",
        /// 午餐.
        Lunch = "lunch",
        /// 午休.
        Nap = "nap",
        /// 晚餐.
        Dinner = "dinner",
        /// 自由活动.
        FreeTime = "free_time",
        /// 宿舍洗漱就寝 (BD2).
        Dormitory = "dormitory",
        /// 返校清点 (BD3).
        ReturnCount = "return_count",
    }
}

/// One thing that children do: a known kind, or a name that the school gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// A kind of the list.
    Kind(ContentKind),
    /// The school's own course, by its name.
    Named(String),
}

impl Content {
    /// The kind's word, or the name.
    pub fn text(&self) -> &str {
        match self {
            Content::Kind(kind) => kind.word(),
            Content::Named(name) => name,
        }
    }
}

/// When a window begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At this time.
    At(Time),
    /// When the day's lessons end, as the plan's dismissal table says.
    Dismissal,
    /// The plan does not say; it must be answered before a term opens.
    NotStated,
}

/// When a window ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// At this time.
    At(Time),
    /// So many minutes after it begins.
    After(u16),
    /// It has no end of its own, as the night in the dormitory.
    Open,
    /// The plan does not say; it must be answered before a term opens.
    NotStated,
}

/// A slot's times for some grades, in one season or all year, on some of its weekdays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The grades it holds for.
    pub grades: Grades,
    /// The season it holds in; none: all year.
    pub season: Option<SeasonKind>,
    /// The weekdays it holds on, among the slot's.
    pub weekdays: Weekdays,
    /// When it begins.
    pub start: Start,
    /// When it ends.
    pub end: End,
    /// When the children go (C2), where that is later than the end.
    pub wave: Option<Time>,
}

/// One of several ends that a family may choose (C4, S1e).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// What the school calls it.
    pub name: String,
    /// When it goes; nothing when the plan does not say.
    pub at: Option<Time>,
}

/// What some grades do on some weekdays (C5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// The grades it holds for.
    pub grades: Grades,
    /// The weekdays it holds on.
    pub weekdays: Weekdays,
    /// What they do, in the kinds of D2.
    pub content: Vec<Content>,
}

/// One part of a slot (C6): the two-period day has two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// What the school calls it.
    pub name: String,
    /// How long it lasts; nothing when the plan does not say.
    pub minutes: Option<u16>,
    /// What children do in it.
    pub content: Vec<Content>,
}

/// A part of the day that the plan fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its short name inside the plan.
    pub id: SlotId,
    /// What the school calls it.
    pub name: String,
    /// Its kind.
    pub kind: SlotKind,
    /// Whom it is for.
    pub applies_to: AppliesTo,
    /// The grades it is for.
    pub grades: Grades,
    /// The weekdays it is held on.
    pub weekdays: Weekdays,
    /// Whether the source says only how many days and these are assumed.
    pub weekdays_assumed: bool,
    /// Whether the plan counts it as after-school service.
    pub service: bool,
    /// Whether families may be charged for it; nothing when the plan does not say.
    pub chargeable: Option<bool>,
    /// Whether it counts for staff pay; nothing when the plan does not say.
    pub counts_for_pay: Option<bool>,
    /// The lesson hours that families are billed for; nothing when the plan does not say.
    pub billing_lesson_hours: Option<LessonHours>,
    /// The lesson hours that staff are credited with (J1, J3); nothing when the plan does not say.
    pub staff_lesson_hours: Option<LessonHours>,
    /// Whether the end may not come before the end of work in the place (C4).
    pub not_before_work_ends: bool,
    /// Its times.
    pub windows: Vec<Window>,
    /// Ends that families may choose among.
    pub batches: Vec<Batch>,
    /// What children do on all days, where no programme says otherwise.
    pub content: Vec<Content>,
    /// What they do by weekday and grade.
    pub programme: Vec<Programme>,
    /// Its parts.
    pub periods: Vec<Period>,
}

/// When lessons end for those who do not stay (S0: 15:10; S1c: Friday 14:30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismissal {
    /// The grades it holds for.
    pub grades: Grades,
    /// The season it holds in; none: all year.
    pub season: Option<SeasonKind>,
    /// The weekdays it holds on.
    pub weekdays: Weekdays,
    /// The time; nothing when the plan does not say.
    pub at: Option<Time>,
}
