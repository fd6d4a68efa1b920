//! Groups, staff, leaving and what is forbidden (A6–A8, E1–E16, G5, H1, R11).

use jiff::civil::Time;

use super::days::Grades;
use super::slot::SlotId;
use super::word::words;
use crate::access::Role;

words! {
    /// The kinds of group.
    GroupKind {
        /// 行政班: the home class.
        HomeClass = "home_class",
        /// 临时班: a group made for the service.
        TemporaryGroup = "temporary_group",
        /// 走班课程.
        MovingClass = "moving_class",
        /// 社团.
        Club = "club",
        /// 阅读活动.
        Reading = "reading",
        /// 班级活动.
        ClassActivity = "class_activity",
    }
}

words! {
    /// How children are put together.
    Grouping {
        /// The home class stays together.
        KeepClass = "keep_class",
        /// Classes of a grade are mixed.
        AcrossClasses = "across_classes",
        /// Grades are mixed.
        AcrossGrades = "across_grades",
        /// Within the grade.
        ByGrade = "by_grade",
        /// By the course chosen.
        ByCourse = "by_course",
        /// A class below `min` joins the smallest of its grade; a grade below `min` joins the next (E5).
        MergeBelowMin = "merge_below_min",
    }
}

words! {
    /// Which size of a class says whether it stays by itself; the plans leave it open.
    Counted {
        /// 留下的孩子: the children who stay.
        Staying = "staying",
        /// 全班: the children on its roll.
        Roll = "roll",
    }
}

/// How one kind of group is formed (E3, E4); `min`, `max` and the staff ratio are three separate numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRule {
    /// The kind.
    pub kind: GroupKind,
    /// How children are put together.
    pub grouping: Grouping,
    /// The slots it is for; none: all.
    pub slots: Vec<SlotId>,
    /// The fewest children of an own group.
    pub min: Option<u16>,
    /// The most children.
    pub max: Option<u16>,
    /// Whether the numbers hold only in principle (原则上).
    pub in_principle: bool,
    /// Where classes below `min` are put together: which size is compared with it (E5).
    pub counted: Counted,
}

words! {
    /// Whom a staff ratio is about.
    StaffKind {
        /// 教师.
        Teacher = "teacher",
        /// 管理人员.
        Manager = "manager",
    }
}

words! {
    /// What a ratio counts.
    RatioPer {
        /// One for each group that has at least so many pupils (E1).
        GroupFrom = "group_from",
        /// One for each so many pupils (E2).
        Pupils = "pupils",
    }
}

/// One member of staff per so many pupils (E1, E2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Who.
    pub staff: StaffKind,
    /// What is counted.
    pub per: RatioPer,
    /// How many pupils.
    pub pupils: u16,
}

words! {
    /// Places and turns that must be filled (A6–A8).
    DutyPost {
        /// 值班领导.
        DutyLeader = "duty_leader",
        /// 保安.
        Guard = "guard",
        /// 值班教师.
        DutyTeacher = "duty_teacher",
        /// 楼梯值班.
        Stairs = "stairs",
        /// 楼层值班.
        Floor = "floor",
        /// 操场值班.
        Playground = "playground",
        /// 校门值班.
        Gate = "gate",
        /// 校车值班.
        Bus = "bus",
        /// 舍务教师.
        Dormitory = "dormitory",
        /// 楼梯, 校园巡逻.
        Patrol = "patrol",
        /// 行政值周.
        WeeklyLeader = "weekly_leader",
        /// 值日总护导.
        GeneralTutor = "general_tutor",
    }
}

/// How many stand at a post each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// The post.
    pub post: DutyPost,
    /// How many a day; nothing when the plan does not say.
    pub per_day: Option<u8>,
}

words! {
    /// Whether staff must take part.
    Participation {
        /// 全员参加.
        All = "all",
        /// 鼓励参加.
        Encouraged = "encouraged",
        /// 志愿.
        Volunteers = "volunteers",
        /// The plan does not say.
        NotStated = "not_stated",
    }
}

/// The staff of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Whether staff must take part (E16).
    pub participation: Participation,
    /// Whether somebody may stay out by a written request and promise (E9).
    pub opt_out: bool,
    /// Whether carers sign a post-duty letter (A11).
    pub duty_letter: bool,
    /// Whether parents help on duty (E14).
    pub parent_helpers: bool,
    /// The ratios (E1, E2).
    pub ratios: Vec<Ratio>,
    /// The posts (A6–A8).
    pub posts: Vec<Post>,
}

words! {
    /// How a child may leave (H1, H7).
    ReleaseMode {
        /// With a guardian.
        Guardian = "guardian",
        /// With somebody whom the guardian named.
        Delegate = "delegate",
        /// By the school bus.
        Bus = "bus",
        /// Alone, with the guardian's signed consent.
        Alone = "alone",
    }
}

/// How children of some grades may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRule {
    /// The grades.
    pub grades: Grades,
    /// What families may choose among.
    pub modes: Vec<ReleaseMode>,
}

/// Until when an absence may be announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutOff {
    /// Until this time of the day.
    At(Time),
    /// Until so many minutes before the slot begins.
    BeforeStart(u16),
}

/// How a guardian announces an absence (G5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// Whether it must be in writing.
    pub written: bool,
    /// To whom.
    pub to: Role,
    /// Until when; nothing when the plan does not say.
    pub cut_off: Option<CutOff>,
}

words! {
    /// Whether others than the school's own staff may serve.
    ProviderPolicy {
        /// No paid cooperation with outside bodies.
        NoPaidCooperation = "no_paid_cooperation",
        /// Screened volunteers.
        Volunteers = "volunteers",
        /// Persons hired one by one.
        IndividualContract = "individual_contract",
        /// Bodies chosen by the procedure.
        SelectedBodies = "selected_bodies",
        /// Bought by the government.
        GovernmentPurchase = "government_purchase",
        /// The plan does not say.
        NotStated = "not_stated",
    }
}

words! {
    /// Kinds that a plan forbids (D8, N10, R2, R3, R11).
    Banned {
        /// 集体教学.
        GroupTeaching = "group_teaching",
        /// 讲授新课.
        NewLessons = "new_lessons",
        /// 集体补课.
        RemedialClass = "remedial_class",
        /// 考试训练.
        ExamDrill = "exam_drill",
        /// 奥数等竞赛培训.
        CompetitionTraining = "competition_training",
        /// 兴趣班.
        InterestClass = "interest_class",
        /// 增加作业.
        ExtraHomework = "extra_homework",
        /// 存在较大安全风险的活动.
        HighRisk = "high_risk",
        /// 搭车商业活动.
        Commerce = "commerce",
    }
}

words! {
    /// Reports and questionnaires with a date (T).
    ReportKind {
        /// 周统计.
        WeeklyAttendance = "weekly_attendance",
        /// 月汇总.
        MonthlyAttendance = "monthly_attendance",
        /// 补助资金月发放明细.
        MonthlyPayList = "monthly_pay_list",
        /// 期中、期末问卷.
        Questionnaire = "questionnaire",
        /// 学期末表彰.
        Commendation = "commendation",
        /// 绩效报告.
        PerformanceReport = "performance_report",
        /// 参加学生名单备案.
        PupilList = "pupil_list",
        /// 方案备案.
        PlanFiling = "plan_filing",
    }
}

words! {
    /// When a report is due.
    Due {
        /// Every week.
        Weekly = "weekly",
        /// Every month.
        Monthly = "monthly",
        /// In the middle of the term.
        MidTerm = "mid_term",
        /// At the end of the term.
        EndTerm = "end_term",
        /// Every December.
        December = "december",
        /// Before the service starts.
        BeforeStart = "before_start",
    }
}

/// A report with its date and to whom it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// What.
    pub kind: ReportKind,
    /// When.
    pub due: Due,
    /// To whom.
    pub to: Role,
}
