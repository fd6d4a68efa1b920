//! Who may join, and the steps from a family's wish to a place (B1–B4, F1–F4, F9–F11, M1, M2).

use super::word::words;
use crate::access::Role;

words! {
    /// Children whom a plan places first (B4).
    PriorityGroup {
        /// 留守儿童.
        LeftBehind = "left_behind",
        /// 随迁子女.
        MigrantWorkers = "migrant_workers",
        /// 残疾儿童.
        Disabled = "disabled",
        /// 家庭经济困难学生.
        Poor = "poor",
    }
}

words! {
    /// For how long one application holds.
    Cycle {
        /// A term.
        Term = "term",
        /// A school year.
        SchoolYear = "school_year",
        /// Until it is ended.
        Open = "open",
        /// The plan does not say.
        NotStated = "not_stated",
    }
}

words! {
    /// When families are asked what they need (C8).
    SurveyTime {
        /// 开学第一天.
        FirstDayOfTerm = "first_day_of_term",
        /// 开学时.
        StartOfTerm = "start_of_term",
        /// Before sign-up, at no stated day.
        BeforeSignUp = "before_sign_up",
    }
}

words! {
    /// What happens at one step of the chain.
    StepKind {
        /// 公示: content, times, safety and fee are published.
        PublishOffer = "publish_offer",
        /// 调查摸底: families are asked what they need.
        Survey = "survey",
        /// 学生选择: the pupil chooses.
        Choose = "choose",
        /// 家长申请: the guardian applies.
        Apply = "apply",
        /// 审核: somebody reviews and may say no.
        Review = "review",
        /// 班级公示: names are shown in the class.
        PublishNames = "publish_names",
        /// 签订协议: both sides sign.
        Agreement = "agreement",
        /// 统筹安排: groups are made.
        Arrange = "arrange",
        /// 备案: the list goes to the bureau.
        File = "file",
    }
}

/// One step of the chain (F1), in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What happens.
    pub kind: StepKind,
    /// Who does it.
    pub role: Role,
    /// Within how many school days; nothing when the plan does not say.
    pub within_days: Option<u16>,
    /// Whether this review checks that the family cannot fetch on time (B3).
    pub verifies_need: bool,
}

words! {
    /// Forms that a plan uses (F2).
    Form {
        /// 课后服务意向书.
        Intention = "intention",
        /// 申请表, 申请书.
        Application = "application",
        /// 家长告知书, 致家长一封信.
        ParentNotice = "parent_notice",
        /// 协议书, 委托协议.
        ServiceAgreement = "service_agreement",
        /// 安全责任书.
        ResponsibilityLetter = "responsibility_letter",
        /// 安全承诺书.
        SafetyPledge = "safety_pledge",
        /// 安全管理协议书.
        SafetyAgreement = "safety_agreement",
    }
}

words! {
    /// How much of an identity number a pledge asks for (F5).
    IdNumbers {
        /// None: the default.
        NotCollected = "not_collected",
        /// The last four characters.
        LastFour = "last_four",
        /// All of it, encrypted.
        Full = "full",
    }
}

words! {
    /// What is published before sign-up (M1).
    PublicItem {
        /// 服务时间.
        Time = "time",
        /// 服务内容.
        Content = "content",
        /// 服务方式.
        Manner = "manner",
        /// 安全措施.
        Safety = "safety",
        /// 收费事项.
        Fee = "fee",
        /// 支出情况.
        Spending = "spending",
        /// 人员安排.
        Staff = "staff",
        /// 学生活动安排.
        Pupils = "pupils",
    }
}

words! {
    /// Where things are published (M2).
    Channel {
        /// 公告公示栏.
        NoticeBoard = "notice_board",
        /// 校园网, 公众号.
        SchoolWeb = "school_web",
        /// 家长群.
        ParentGroup = "parent_group",
        /// 家长会.
        ParentMeeting = "parent_meeting",
        /// 告知书, 致家长一封信.
        Letter = "letter",
        /// 家校联系平台.
        HomeSchoolPlatform = "home_school_platform",
    }
}

/// Who may join and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// Whether only those with a checked difficulty in being fetched may join (B3).
    pub need_check: bool,
    /// Whom the plan places first (B4).
    pub priority: Vec<PriorityGroup>,
    /// For how long one application holds.
    pub cycle: Cycle,
    /// When families are asked what they need; nothing when they are not.
    pub survey: Option<SurveyTime>,
    /// The chain, in order (F1).
    pub steps: Vec<Step>,
    /// The forms in use (F2).
    pub forms: Vec<Form>,
    /// How many copies of the application are signed (F3); nothing when the plan does not say.
    pub copies: Option<u8>,
    /// How much of an identity number the pledge asks for (F5).
    pub id_numbers: IdNumbers,
    /// What is published before sign-up (M1).
    pub publish: Vec<PublicItem>,
    /// Where it is published (M2).
    pub channels: Vec<Channel>,
}
