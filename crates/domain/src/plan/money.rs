//! What families pay, what staff are paid, and where the money comes from (J1–J4, K1–K8, L1–L6).

use jiff::civil::{Date, Time};

use super::slot::SlotId;
use super::word::words;
use crate::money::{Fen, LessonHours};

words! {
    /// Whether and how families pay.
    FeeMode {
        /// Nothing, and no charge in disguise (K6).
        Free = "free",
        /// 公益服务: the plan names no fee.
        PublicBenefit = "public_benefit",
        /// By the rates below.
        Rates = "rates",
        /// By a standard that the bureau or the price office approves, not yet in the plan.
        ApprovedStandard = "approved_standard",
        /// As rules of the province, city or district say (K8).
        UpperRule = "upper_rule",
        /// Government, school and parents share the cost (K7).
        Shared = "shared",
        /// The school has not decided.
        Undecided = "undecided",
        /// The plan does not say.
        NotStated = "not_stated",
    }
}

words! {
    /// Who takes the money.
    Payee {
        /// The school.
        School = "school",
        /// The parent committee: forbidden since 2024.
        ParentCommittee = "parent_committee",
        /// Somebody else: forbidden since 2024.
        ThirdParty = "third_party",
        /// Nobody, as nothing is paid.
        Nobody = "nobody",
        /// The plan does not say.
        NotStated = "not_stated",
    }
}

words! {
    /// What an amount is paid for.
    Unit {
        /// 课时.
        LessonHour = "lesson_hour",
        /// 小时.
        Hour = "hour",
        /// 天.
        Day = "day",
        /// 月.
        Month = "month",
        /// 学期.
        Term = "term",
    }
}

words! {
    /// What comes back when a child does not come.
    RefundRule {
        /// 据实结算: only what took place is charged (K2).
        ActualAttendance = "actual_attendance",
        /// By the day.
        PerDay = "per_day",
        /// In whole or half months.
        HalfMonths = "half_months",
        /// Nothing comes back.
        Nothing = "nothing",
        /// The plan does not say.
        NotStated = "not_stated",
    }
}

words! {
    /// Families who pay less or nothing (K5).
    Waiver {
        /// 建档立卡家庭.
        RegisteredPoor = "registered_poor",
        /// 低保家庭.
        MinimumLiving = "minimum_living",
        /// 家庭经济困难学生.
        Poor = "poor",
    }
}

/// The most that may be charged in one span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    /// The amount.
    pub amount: Fen,
    /// The span: a day, a month or a term.
    pub per: Unit,
}

/// An amount with its unit and the days it holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The amount.
    pub amount: Fen,
    /// What it is paid for.
    pub unit: Unit,
    /// The first day it holds on.
    pub from: Option<Date>,
    /// The last day it holds on.
    pub until: Option<Date>,
    /// The slots it is for; none: all that are charged.
    pub slots: Vec<SlotId>,
    /// The most in one span.
    pub cap: Option<Cap>,
    /// Whether the plan calls it provisional (J4).
    pub provisional: bool,
}

impl Rate {
    /// Whether the rate holds on the day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// What families pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// Whether and how.
    pub mode: FeeMode,
    /// To whom.
    pub payee: Payee,
    /// How much, by time.
    pub rates: Vec<Rate>,
    /// The span after which a family's bill is settled (K2); nothing when the plan does not say.
    pub settled_per: Option<Unit>,
    /// What comes back.
    pub refund: RefundRule,
    /// Who pays less.
    pub waivers: Vec<Waiver>,
    /// The document that the fee rests on, as the plan names it.
    pub basis: Option<String>,
    /// Whether nothing may be charged before a published notice (K3).
    pub publication_first: bool,
}

words! {
    /// Work beside a slot that the pay table names (J1, J2).
    Work {
        /// 校车值班.
        BusDuty = "bus_duty",
        /// 楼梯值班.
        StairDuty = "stair_duty",
        /// 班主任午休, 午间读写: not counted (J2).
        ClassTeacherNap = "class_teacher_nap",
        /// 节假日加班: by the real time (C10).
        HolidayWork = "holiday_work",
    }
}

/// What one kind of work counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkCredit {
    /// The work.
    pub work: Work,
    /// The lesson hours; nothing when they follow the real time.
    pub lesson_hours: Option<LessonHours>,
}

words! {
    /// Who must punch.
    PunchBy {
        /// Everybody on duty in the slot.
        OnDuty = "on_duty",
        /// The day's duty teacher.
        DutyTeacher = "duty_teacher",
        /// Who leads a club.
        ClubTeacher = "club_teacher",
        /// Who is not on duty.
        NotOnDuty = "not_on_duty",
    }
}

words! {
    /// What a missed duty costs.
    Penalty {
        /// The day's pay is cancelled.
        CancelDay = "cancel_day",
        /// The pay of that part of the day is cancelled.
        CancelPart = "cancel_part",
        /// No pay, and it counts as a safety incident (I5).
        NoPayAndIncident = "no_pay_and_incident",
    }
}

words! {
    /// The duty whose neglect is punished.
    Neglect {
        /// The morning sign-in was missed (I1).
        MorningPunch = "morning_punch",
        /// A noon punch was missed (I2).
        NoonPunch = "noon_punch",
        /// The afternoon sign-out was missed (I3).
        AfternoonPunch = "afternoon_punch",
        /// The stair duty was missed (I4).
        StairDuty = "stair_duty",
        /// The duty teacher came late or not at all (I5).
        LateOrAbsent = "late_or_absent",
    }
}

/// One penalty rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PenaltyRule {
    /// What was neglected.
    pub neglect: Neglect,
    /// What it costs.
    pub penalty: Penalty,
}

/// When staff sign in or out (I1–I3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Punch {
    /// The slot it belongs to.
    pub slot: SlotId,
    /// Who must punch.
    pub by: PunchBy,
    /// Not before.
    pub from: Time,
    /// Not after; nothing when any later time will do.
    pub to: Option<Time>,
    /// How many punches.
    pub times: u8,
    /// Whether a signature on paper is needed too.
    pub signature: bool,
    /// The season it holds in; none: all year.
    pub season: Option<super::days::SeasonKind>,
}

words! {
    /// How a plan rewards staff.
    PayMode {
        /// By the rates.
        Rates = "rates",
        /// By lesson hours whose price is not in the plan.
        LessonHours = "lesson_hours",
        /// 绩效: part of performance pay or assessment.
        Performance = "performance",
        /// 适当补助: a subsidy under a scheme of the school.
        Subsidy = "subsidy",
        /// 奖励机制, 表彰: commendation or a reward.
        Reward = "reward",
        /// Volunteers are not paid.
        Volunteer = "volunteer",
        /// The plan does not say.
        NotStated = "not_stated",
    }
}

/// What staff are paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pay {
    /// How.
    pub mode: PayMode,
    /// How much, by time.
    pub rates: Vec<Rate>,
    /// Work beside the slots.
    pub credits: Vec<WorkCredit>,
    /// When staff punch.
    pub punches: Vec<Punch>,
    /// What neglect costs.
    pub penalties: Vec<PenaltyRule>,
}

words! {
    /// Where money comes from (L6).
    FundSource {
        /// 市财政, 政府购买.
        City = "city",
        /// 省级经费.
        Province = "province",
        /// 总工会.
        TradeUnion = "trade_union",
        /// 政府.
        Government = "government",
        /// 学校.
        School = "school",
        /// 家长.
        Parents = "parents",
    }
}

words! {
    /// What money may be used for (L3).
    FundUse {
        /// 人员补助.
        Staff = "staff",
        /// 水电费.
        Utilities = "utilities",
        /// 消耗品.
        Consumables = "consumables",
        /// 场地使用.
        Venue = "venue",
        /// 各项管理.
        Management = "management",
        /// 设施维护更新.
        FacilityUpkeep = "facility_upkeep",
        /// 实际支出.
        ActualSpending = "actual_spending",
    }
}

/// Where the money comes from and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Funds {
    /// The sources.
    pub sources: Vec<FundSource>,
    /// The allowed uses.
    pub uses: Vec<FundUse>,
    /// The share for staff in percent (L2); nothing when the plan does not say.
    pub staff_share_percent: Option<u8>,
    /// Whether the city pays by the number who really take part (L1).
    pub per_actual_pupil: bool,
}
