//! Facts about the day, put into words.

use jiff::Timestamp;
use kehou_app::attendance::{
    CloseRefused, FileRefused, LearntRefused, ReportRefused, StepRefused, TakeBackRefused,
};
use kehou_domain::attendance::{
    Answer, CaseRefused, EarlyRefused, EarlyStatus, EarlyStep, EntryRefused, HeadCount, LeaveKind,
    LeaveRefused, Outcome, RollRefused,
};
use kehou_domain::custody::{CannotFollow, Ending, Mark, Whereabouts};
use kehou_domain::moment::wall_clock;

use crate::dates;
use crate::lang::Lang;
use crate::refusal::Refusal;

/// The time of a moment on the school's wall clock.
pub(super) fn clock(at: Timestamp) -> String {
    dates::time(wall_clock(at).time())
}

/// A mark in a word.
pub(super) const fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Unmarked => "还没点",
        Mark::Present => "到",
        Mark::Late => "迟到",
        Mark::Absent => "未到",
        Mark::Leave => "请假",
        Mark::LeftEarly => "早退",
        Mark::Gone => "已走",
    }
}

/// The one letter on a tile; present has a tick instead.
pub(super) const fn letter(mark: Mark) -> &'static str {
    match mark {
        Mark::Unmarked | Mark::Present => "",
        Mark::Late => "迟",
        Mark::Absent => "未",
        Mark::Leave => "假",
        Mark::LeftEarly | Mark::Gone => "走",
    }
}

/// The class of a tile or tag.
pub(super) const fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Unmarked => "",
        Mark::Present => "is-present",
        Mark::Late => "is-late",
        Mark::Absent => "is-absent",
        Mark::Leave => "is-leave",
        Mark::LeftEarly | Mark::Gone => "is-gone",
    }
}

/// Where a child is, in a word.
pub(super) const fn whereabouts(place: Whereabouts) -> &'static str {
    match place {
        Whereabouts::NotExpected => "今天不来",
        Whereabouts::Unseen => "还没点",
        Whereabouts::Here => "在校",
        Whereabouts::Missing => "还没找到",
        Whereabouts::ElsewhereInSchool => "在校内别处",
        Whereabouts::SickRoom => "在医务室",
        Whereabouts::WithColleague => "已交给同事",
        Whereabouts::LateCare => "留下等家长",
        Whereabouts::Ended(ending) => ended(ending),
    }
}

const fn ended(ending: Ending) -> &'static str {
    match ending {
        Ending::OnLeave => "请假",
        Ending::NotComing => "家长说今天不来",
        Ending::WithFamily => "在家人身边",
        Ending::HandedOver(_) => "老师已交给家长",
        Ending::Collected(_) => "已接走",
        Ending::WentAlone => "自己回家了",
        Ending::TookBus => "上校车了",
    }
}

/// How a call went.
pub(super) const fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Dialled => "正在打",
        Answer::Reached => "已打通",
        Answer::NoAnswer => "没人接",
        Answer::WrongNumber => "号码打不通",
        Answer::Seen => "有人看到",
    }
}

/// How a case ended.
pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::InSchool => "在校内别处",
        Outcome::WithFamily => "在家人身边",
        Outcome::Came => "后来到了",
        Outcome::Mistaken => "点错了，没有缺人",
        Outcome::SeenAgain => "后来见到了",
    }
}

/// A kind of leave.
pub(super) const fn leave_kind(kind: LeaveKind) -> &'static str {
    match kind {
        LeaveKind::Sick => "病假",
        LeaveKind::Personal => "事假",
    }
}

/// How far an early leave is.
pub(super) const fn early_status(status: EarlyStatus) -> &'static str {
    match status {
        EarlyStatus::Reported => "学生已报告",
        EarlyStatus::PassedOn => "等年级组长同意",
        EarlyStatus::Approved => "已同意，还没走",
        EarlyStatus::Refused => "没有同意",
        EarlyStatus::Left => "提前离开了，已登记",
    }
}

/// The button of a step.
pub(super) const fn early_step(step: EarlyStep) -> &'static str {
    match step {
        EarlyStep::PassOn => "转给年级组长",
        EarlyStep::Approve => "同意离校",
        EarlyStep::Refuse => "不同意",
        EarlyStep::Leave => "送到门口了",
    }
}

/// Why something cannot be noted of a child.
pub(super) fn cannot(lang: Lang, why: CannotFollow) -> String {
    match why {
        CannotFollow::NotExpected => lang.t("这个孩子今天不在名单上").to_owned(),
        CannotFollow::NotSeen => lang.t("还没点到这个孩子，先点名").to_owned(),
        CannotFollow::Missing => lang.t("这个孩子还没找到，先写明在哪里").to_owned(),
        CannotFollow::InSchool => lang.t("这个孩子在学校里").to_owned(),
        CannotFollow::Ended(ending) => {
            lang.fill("这个孩子{how}，今天不能再改", &[("how", lang.t(ended(ending)))])
        }
        CannotFollow::NotApproved => lang.t("年级组长还没同意").to_owned(),
        CannotFollow::NotMissing => lang.t("这个孩子没有缺席，不用找").to_owned(),
        CannotFollow::NotGone => lang.t("这个孩子没有离开").to_owned(),
        CannotFollow::GivenOut => lang.t("这个孩子已经交到门口或者有人陪着等，不能记未到").to_owned(),
        CannotFollow::DayClosed => lang.t("这一天已经关了，不能再改").to_owned(),
    }
}

/// Why a roll was not kept. A child is named by its id; the page puts the name in its place.
pub(super) fn roll_refused(lang: Lang, why: RollRefused) -> Refusal {
    let (code, text) = match why {
        RollRefused::Changed => {
            ("changed", lang.t("别人刚存过这份点名。下面是最新的，请看一遍再存").to_owned())
        }
        RollRefused::Cancelled => ("cancelled", lang.t("这一场今天停了，不用点名").to_owned()),
        RollRefused::NotYet => ("not_yet", lang.t("还没到时间，开始前 15 分钟才能点名").to_owned()),
        RollRefused::DayOver => ("day_over", lang.t("那天已经过去，请找教务处改").to_owned()),
        RollRefused::DayClosed => ("day_closed", lang.t("这一天已经关了，不能再改").to_owned()),
        RollRefused::MonthClosed => ("month_closed", lang.t("这个月已存档，不能再改").to_owned()),
        RollRefused::NotInSession(_) => {
            ("not_in_session", lang.t("有孩子不在这份名单上，请重新读取名单再存").to_owned())
        }
        RollRefused::Cannot(student, why) => ("cannot", format!("{student}: {}", cannot(lang, why))),
    };
    Refusal::new(code, text)
}

/// Why a head count does not confirm a roll.
pub(super) fn head_count(lang: Lang, verdict: HeadCount) -> Option<Refusal> {
    match verdict {
        HeadCount::Agrees => None,
        HeadCount::Unmarked(left) => Some(Refusal::new(
            "unmarked",
            lang.fill("还有 {n} 人没点，点完再数", &[("n", &left.to_string())]),
        )),
        HeadCount::Differs { counted, present } => Some(Refusal::new(
            "differs",
            lang.fill(
                "点名在场 {present} 人，现场数到 {counted} 人。再看一遍是谁不在",
                &[("present", &present.to_string()), ("counted", &counted.to_string())],
            ),
        )),
    }
}

/// Why what was learnt of a missing child is not kept.
pub(super) fn learnt_refused(lang: Lang, why: LearntRefused) -> Refusal {
    match why {
        LearntRefused::Case(CaseRefused::Closed) => {
            Refusal::new("closed", lang.t("已经找到了，不用再写；情况有变，请在点名表上改"))
        }
        LearntRefused::Case(CaseRefused::NobodyReached) => Refusal::new(
            "nobody_reached",
            lang.t("“在家人身边”要家人接了这一通电话才能写：电话没打通，请选“还不知道，继续找”"),
        )
        .at("found"),
        LearntRefused::Case(CaseRefused::NothingSaid) => {
            Refusal::new("nothing_said", lang.t("写一句孩子在哪里、谁说的")).at("said")
        }
        LearntRefused::Day(why) => Refusal::new("cannot", cannot(lang, why)),
        LearntRefused::TooLong => Refusal::new("too_long", lang.t("最多写 500 个字")).at("said"),
    }
}

/// Everything for which leave is not filed.
pub(super) fn not_filed(lang: Lang, why: &[FileRefused]) -> Vec<Refusal> {
    why.iter().map(|why| file_refused(lang, *why)).collect()
}

/// Why leave is not filed.
pub(super) fn file_refused(lang: Lang, why: FileRefused) -> Refusal {
    match why {
        FileRefused::Rule(rule) => leave_refused(lang, rule),
        FileRefused::OtherSlot => Refusal::new("other_slot", lang.t("孩子不在这个时段")).at("slot"),
        FileRefused::ReasonTooLong => {
            let refusal = Refusal::new("too_long", lang.t("最多写 200 个字")).at("reason");
            refusal.named(lang.t("说一句（可以不填）"))
        }
    }
}

fn leave_refused(lang: Lang, why: LeaveRefused) -> Refusal {
    match why {
        LeaveRefused::EndsBeforeStart => {
            Refusal::new("ends_before_start", lang.t("最后一天不能早于第一天")).at("to_on")
        }
        LeaveRefused::Past => Refusal::new("past", lang.t("这一天已经过去了，从今天起选")).at("from_on"),
        LeaveRefused::TooLate { cut_off } => Refusal::new(
            "too_late",
            lang.fill("今天的假要在 {time} 前请，现在请直接打电话给老师", &[("time", &clock(cut_off))]),
        )
        .at("from_on"),
        LeaveRefused::TooLong { days } => Refusal::new(
            "too_long",
            lang.fill("一次最多请 60 天，现在是 {days} 天", &[("days", &days.to_string())]),
        )
        .at("to_on"),
        LeaveRefused::AfterTerm { ends_on } => {
            let words =
                lang.fill("学期到{day}为止，请假不能超过这一天", &[("day", &dates::full_day(lang, ends_on))]);
            Refusal::new("after_term", words).at("to_on")
        }
        LeaveRefused::NoService { next: Some(next) } => {
            let words = lang.fill(
                "这一天没有课后服务，不用请假；下一个有课后服务的日子是{day}",
                &[("day", &dates::day(lang, next))],
            );
            Refusal::new("no_service", words).at("from_on")
        }
        LeaveRefused::NoService { next: None } => {
            Refusal::new("no_service", lang.t("这一天没有课后服务，不用请假")).at("from_on")
        }
        LeaveRefused::There => Refusal::new("there", lang.t("这几天里已经请过假了")).at("from_on"),
        LeaveRefused::TakenBack => Refusal::new("taken_back", lang.t("这个假已经销了")),
        LeaveRefused::RollCalled => Refusal::new("roll_called", lang.t("那天已经点过名了")).at("from_on"),
    }
}

/// Why leave is not taken back.
pub(super) fn take_back_refused(lang: Lang, why: TakeBackRefused) -> Refusal {
    match why {
        TakeBackRefused::TakenBack => Refusal::new("taken_back", lang.t("这个假已经销了")),
        TakeBackRefused::Over => Refusal::new("over", lang.t("这个假已经过去了")),
    }
}

/// Everything for which an early leave is not reported.
pub(super) fn report_refused(lang: Lang, why: Vec<ReportRefused>) -> Vec<Refusal> {
    why.into_iter().map(|why| not_reported(lang, why)).collect()
}

fn not_reported(lang: Lang, why: ReportRefused) -> Refusal {
    match why {
        ReportRefused::Day(why) => Refusal::new("cannot", cannot(lang, why)).at("student"),
        ReportRefused::There => Refusal::new("there", lang.t("这个孩子今天已经报过提前离校")).at("student"),
        ReportRefused::NoReason => Refusal::new("no_reason", lang.t("写一句为什么要提前走")).at("reason"),
        ReportRefused::TooLong => {
            Refusal::new("too_long", lang.t("最多写 200 个字")).at("reason").named(lang.t("为什么"))
        }
    }
}

/// Why a step of an early leave is not taken.
pub(super) fn step_refused(lang: Lang, why: StepRefused) -> Refusal {
    match why {
        StepRefused::Step(EarlyRefused::NotNow(status)) => Refusal::new(
            "not_now",
            lang.fill("现在是“{status}”，这一步已经不用做", &[("status", lang.t(early_status(status)))]),
        ),
        StepRefused::Step(EarlyRefused::NotYours(step)) => {
            Refusal::new("not_yours", lang.fill("“{step}”不由你来点", &[("step", lang.t(early_step(step)))]))
        }
        StepRefused::Day(why) => Refusal::new("cannot", cannot(lang, why)),
    }
}

/// Everything for which an entry of the care log is not kept.
pub(super) fn entry_refused(lang: Lang, why: Vec<EntryRefused>) -> Vec<Refusal> {
    why.into_iter().map(|why| not_entered(lang, why)).collect()
}

fn not_entered(lang: Lang, why: EntryRefused) -> Refusal {
    match why {
        EntryRefused::DayClosed => Refusal::new("day_closed", lang.t("这一天已经关了，不能再改")),
        EntryRefused::Empty => Refusal::new("empty", lang.t("写一句，或填现场人数")).at("happened"),
        EntryRefused::TooMany => Refusal::new("too_many", lang.t("一场最多 300 人，请再数一遍")).at("heads"),
        EntryRefused::TooLong { characters } => Refusal::new(
            "too_long",
            lang.fill("最多写 1000 个字，现在是 {n} 个", &[("n", &characters.to_string())]),
        )
        .at("happened"),
    }
}

/// Why a month is not closed.
pub(super) fn close_refused(lang: Lang, why: CloseRefused) -> Refusal {
    match why {
        CloseRefused::NotOver { last_on } => {
            Refusal::new("not_over", lang.fill("{day}过了才能存档", &[("day", &dates::day(lang, last_on))]))
        }
        CloseRefused::Closed => Refusal::new("closed", lang.t("这个月已经存档")),
        CloseRefused::Unmarked { marks } => Refusal::new(
            "unmarked",
            lang.fill("还有 {n} 人次没点名，点完再存档", &[("n", &marks.to_string())]),
        )
        .at("open"),
    }
}
