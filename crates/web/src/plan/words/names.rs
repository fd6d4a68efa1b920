//! What the words of a plan file are called, in Chinese.

use kehou_domain::plan::{
    AppliesTo, Banned, Channel, ContentKind, Counted, Cycle, Due, DutyPost, FeeMode, Form, FundSource,
    FundUse, GroupKind, Grouping, IdNumbers, Layer, Level, Neglect, Participation, PayMode, Payee, Penalty,
    PriorityGroup, ProviderPolicy, PublicItem, PunchBy, Reach, RefundRule, ReleaseMode, ReportKind,
    SeasonKind, SlotKind, StaffKind, Stage, StepKind, SurveyTime, Unit, Waiver, Work,
};

/// A member of a list of words, with what it is called.
pub trait Named {
    /// The Chinese name.
    fn name(self) -> &'static str;
}

macro_rules! names {
    ($list:ident { $($member:ident = $name:literal,)+ }) => {
        impl Named for $list {
            fn name(self) -> &'static str {
                match self {
                    $($list::$member => $name,)+
                }
            }
        }
    };
}

names! {
    Level {
        Primary = "小学",
        Junior = "初中",
        Both = "九年一贯制",
    }
}

names! {
    Reach {
        School = "一校一案",
        ManySchools = "多校方案",
    }
}

names! {
    Layer {
        BasicCare = "基本托管",
        Enrichment = "素质拓展",
    }
}

names! {
    SeasonKind {
        Summer = "夏令时",
        Winter = "冬令时",
    }
}

names! {
    SlotKind {
        EarlyArrival = "早到看护",
        Noon = "午间看护",
        AfterSchool = "课后服务",
        Evening = "晚间自习",
        LateCare = "延时看护",
        WeekendReturn = "周末返校",
    }
}

names! {
    AppliesTo {
        All = "全体学生",
        Day = "走读生",
        Boarders = "住宿生",
    }
}

names! {
    ContentKind {
        Homework = "自主作业",
        Questions = "辅导答疑",
        IndividualHelp = "个别辅导",
        Tutoring = "提优补习",
        SelfStudy = "自主学习",
        Reading = "课外阅读",
        ReadingAloud = "晨读",
        Recitation = "经典诵读",
        Calligraphy = "写字书法",
        Thinking = "思维训练",
        PuzzleClass = "益智课堂",
        Sport = "体育锻炼",
        Arts = "艺术活动",
        Science = "科普活动",
        Labour = "劳动实践",
        Games = "娱乐游戏",
        OutwardBound = "拓展训练",
        Research = "研究性学习",
        Films = "观看影片",
        Counselling = "心理健康辅导",
        QualityCourse = "素养养成课程",
        MovingClass = "走班课程",
        Club = "社团活动",
        InterestGroup = "兴趣小组",
        Breakfast = "早餐",
        Lunch = "午餐",
        Nap = "午休",
        Dinner = "晚餐",
        FreeTime = "自由活动",
        Dormitory = "洗漱就寝",
        ReturnCount = "返校清点",
    }
}

names! {
    PriorityGroup {
        LeftBehind = "留守儿童",
        MigrantWorkers = "随迁子女",
        Disabled = "残疾儿童",
        Poor = "家庭经济困难学生",
    }
}

names! {
    Cycle {
        Term = "一学期一报",
        SchoolYear = "一学年一报",
        Open = "一次报名长期有效",
        NotStated = "方案未写明",
    }
}

names! {
    SurveyTime {
        FirstDayOfTerm = "开学第一天",
        StartOfTerm = "开学时",
        BeforeSignUp = "报名之前",
    }
}

names! {
    StepKind {
        PublishOffer = "公示服务内容",
        Survey = "调查摸底",
        Choose = "学生选择",
        Apply = "家长申请",
        Review = "审核",
        PublishNames = "班级公示",
        Agreement = "签订协议",
        Arrange = "统筹安排",
        File = "上报备案",
    }
}

names! {
    Form {
        Intention = "意向书",
        Application = "申请表",
        ParentNotice = "家长告知书",
        ServiceAgreement = "服务协议书",
        ResponsibilityLetter = "安全责任书",
        SafetyPledge = "安全承诺书",
        SafetyAgreement = "安全管理协议书",
    }
}

names! {
    IdNumbers {
        NotCollected = "不收集",
        LastFour = "后四位",
        Full = "完整（加密保存）",
    }
}

names! {
    PublicItem {
        Time = "服务时间",
        Content = "服务内容",
        Manner = "服务方式",
        Safety = "安全措施",
        Fee = "收费事项",
        Spending = "支出情况",
        Staff = "人员安排",
        Pupils = "学生活动安排",
    }
}

names! {
    Channel {
        NoticeBoard = "公示栏",
        SchoolWeb = "学校网站或公众号",
        ParentGroup = "家长群",
        ParentMeeting = "家长会",
        Letter = "致家长信",
        HomeSchoolPlatform = "家校联系平台",
    }
}

names! {
    FeeMode {
        Free = "免费",
        PublicBenefit = "公益服务",
        Rates = "按标准收费",
        ApprovedStandard = "按核准标准收费",
        UpperRule = "按上级文件执行",
        Shared = "成本分担",
        Undecided = "待定",
        NotStated = "方案未写明",
    }
}

names! {
    Payee {
        School = "学校",
        ParentCommittee = "家长委员会",
        ThirdParty = "第三方",
        Nobody = "不收费",
        NotStated = "方案未写明",
    }
}

names! {
    Unit {
        LessonHour = "课时",
        Hour = "小时",
        Day = "天",
        Month = "月",
        Term = "学期",
    }
}

names! {
    RefundRule {
        ActualAttendance = "按实际出勤结算",
        PerDay = "按天退费",
        HalfMonths = "按半月或整月退费",
        Nothing = "不退费",
        NotStated = "方案未写明",
    }
}

names! {
    Waiver {
        RegisteredPoor = "建档立卡家庭",
        MinimumLiving = "低保家庭",
        Poor = "家庭经济困难学生",
    }
}

names! {
    Work {
        BusDuty = "校车值班",
        StairDuty = "楼梯值班",
        ClassTeacherNap = "班主任午休看护",
        HolidayWork = "节假日加班",
    }
}

names! {
    PunchBy {
        OnDuty = "当班人员",
        DutyTeacher = "值班教师",
        ClubTeacher = "社团教师",
        NotOnDuty = "不值班教师",
    }
}

names! {
    Penalty {
        CancelDay = "取消当天补助",
        CancelPart = "取消该时段课时费",
        NoPayAndIncident = "不发补助并计安全责任事故",
    }
}

names! {
    Neglect {
        MorningPunch = "早间未考勤",
        NoonPunch = "午间未考勤",
        AfternoonPunch = "下午未签退",
        StairDuty = "楼梯值班不到岗",
        LateOrAbsent = "值班迟到或不到岗",
    }
}

names! {
    PayMode {
        Rates = "按标准发放",
        LessonHours = "按课时计算",
        Performance = "计入绩效",
        Subsidy = "适当补助",
        Reward = "奖励表彰",
        Volunteer = "志愿服务",
        NotStated = "方案未写明",
    }
}

names! {
    FundSource {
        City = "市财政",
        Province = "省级经费",
        TradeUnion = "总工会",
        Government = "政府",
        School = "学校",
        Parents = "学生家长",
    }
}

names! {
    FundUse {
        Staff = "人员补助",
        Utilities = "水电费",
        Consumables = "消耗品",
        Venue = "场地使用",
        Management = "各项管理",
        FacilityUpkeep = "设施维护更新",
        ActualSpending = "实际支出",
    }
}

names! {
    GroupKind {
        HomeClass = "行政班",
        TemporaryGroup = "临时班",
        MovingClass = "走班课程",
        Club = "社团",
        Reading = "阅读活动",
        ClassActivity = "班级活动",
    }
}

names! {
    Grouping {
        KeepClass = "保持原班",
        AcrossClasses = "同年级混班",
        AcrossGrades = "跨年级混编",
        ByGrade = "分年级",
        ByCourse = "按课程编班",
        MergeBelowMin = "人数不足则合班",
    }
}

names! {
    Counted {
        Staying = "按留下的孩子算",
        Roll = "按全班人数算",
    }
}

names! {
    StaffKind {
        Teacher = "教师",
        Manager = "管理人员",
    }
}

names! {
    DutyPost {
        DutyLeader = "值班领导",
        Guard = "保安",
        DutyTeacher = "值班教师",
        Stairs = "楼梯值班",
        Floor = "楼层值班",
        Playground = "操场值班",
        Gate = "校门值班",
        Bus = "校车值班",
        Dormitory = "舍务教师",
        Patrol = "校园巡逻",
        WeeklyLeader = "行政值周领导",
        GeneralTutor = "值日总护导",
    }
}

names! {
    Participation {
        All = "全员参加",
        Encouraged = "鼓励参加",
        Volunteers = "志愿参加",
        NotStated = "方案未写明",
    }
}

names! {
    ReleaseMode {
        Guardian = "监护人接",
        Delegate = "委托人接",
        Bus = "乘校车",
        Alone = "自行离校",
    }
}

names! {
    ProviderPolicy {
        NoPaidCooperation = "不与机构有偿合作",
        Volunteers = "经筛选的志愿者",
        IndividualContract = "聘请校外人员",
        SelectedBodies = "遴选机构",
        GovernmentPurchase = "政府购买服务",
        NotStated = "方案未写明",
    }
}

names! {
    Banned {
        GroupTeaching = "集体教学",
        NewLessons = "讲授新课",
        RemedialClass = "集体补课",
        ExamDrill = "考试训练",
        CompetitionTraining = "竞赛培训",
        InterestClass = "举办兴趣班",
        ExtraHomework = "增加作业",
        HighRisk = "高风险活动",
        Commerce = "搭车商业活动",
    }
}

names! {
    ReportKind {
        WeeklyAttendance = "出勤周统计",
        MonthlyAttendance = "出勤月汇总",
        MonthlyPayList = "补助发放明细",
        Questionnaire = "问卷调查",
        Commendation = "优秀教师表彰",
        PerformanceReport = "绩效报告",
        PupilList = "参加学生名单",
        PlanFiling = "方案备案",
    }
}

names! {
    Due {
        Weekly = "每周",
        Monthly = "每月",
        MidTerm = "期中",
        EndTerm = "期末",
        December = "每年12月",
        BeforeStart = "开始之前",
    }
}

names! {
    Stage {
        Draft = "草稿",
        Checked = "已检查",
        Approved = "校长已批准",
        Filed = "已备案",
    }
}
