//! Facts of the calendar as sentences.

use jiff::civil::Date;
use kehou_app::calendar::TermStatus;
use kehou_domain::calendar::DayKind;
use kehou_domain::calendar::national::{FIRST_YEAR, LAST_YEAR, Unpublished};
use kehou_domain::calendar::school::{LocalKind, LocalRefused, NoService, Term, TermRefused};
use kehou_domain::enrolment::ending::NotTold;
use kehou_domain::plan::TermUnready;

use crate::dates;
use crate::lang::Lang;
use crate::refusal::Refusal;

/// What a day is.
pub fn day_kind(lang: Lang, kind: DayKind) -> &'static str {
    lang.t(match kind {
        DayKind::SchoolDay => "上学日",
        DayKind::Weekend => "周末",
        DayKind::Holiday => "放假",
        DayKind::MakeUpDay => "调休上班",
    })
}

/// A holiday's name.
pub fn holiday(lang: Lang, name: &'static str) -> &'static str {
    lang.t(match name {
        "元旦" => "元旦",
        "春节" => "春节",
        "清明节" => "清明节",
        "劳动节" => "劳动节",
        "端午节" => "端午节",
        "中秋节" => "中秋节",
        "国庆节" => "国庆节",
        "国庆节、中秋节" => "国庆节、中秋节",
        "中秋节、国庆节" => "中秋节、国庆节",
        other => other,
    })
}

/// The last day of a span lies before its first, on the command line.
pub fn span_backwards(lang: Lang) -> &'static str {
    lang.t("--to 不能早于 --from；请把两个日期对调")
}

/// That a year is not published.
pub fn unpublished(lang: Lang, unpublished: Unpublished) -> String {
    let (year, first, last) = (unpublished.year.to_string(), FIRST_YEAR.to_string(), LAST_YEAR.to_string());
    lang.fill(
        "{year} 年的放假安排没有收录（已收录 {first} 至 {last} 年）；国家公布前，学校可以先自行申报",
        &[("year", &year), ("first", &first), ("last", &last)],
    )
}

/// Why the service does not run.
pub fn no_service(lang: Lang, why: &NoService) -> String {
    match why {
        NoService::Unpublished(year) => unpublished(lang, *year),
        NoService::Vacation => lang.t("不在学期内").to_owned(),
        NoService::NotYet { service_from } => {
            lang.fill("课后服务从{day}开始", &[("day", &dates::day(lang, *service_from))])
        }
        NoService::Weekend => lang.t("周末").to_owned(),
        NoService::Holiday { name } => holiday(lang, name).to_owned(),
        NoService::DeclaredFree { reason } => lang.fill("学校申报放假：{reason}", &[("reason", reason)]),
        NoService::MakeUpUndecided { name } => {
            lang.fill("{name}调休上班，学校还没有定按周几上课", &[("name", holiday(lang, name))])
        }
        NoService::Closure { reason } => lang.fill("停课：{reason}", &[("reason", reason)]),
        NoService::Pause { reason } => lang.fill("暂停服务：{reason}", &[("reason", reason)]),
    }
}

/// How a day differs from the country's calendar.
pub fn local_kind(lang: Lang, kind: LocalKind) -> String {
    let text = match kind {
        LocalKind::Closure => "停课",
        LocalKind::Pause => "暂停课后服务",
        LocalKind::MakeUp(weekday) => {
            return lang.fill("按{weekday}上课", &[("weekday", dates::weekday(lang, weekday))]);
        }
        LocalKind::DeclaredSchoolDay => "申报上学",
        LocalKind::DeclaredFree => "申报放假",
    };
    lang.t(text).to_owned()
}

/// Why the school may not say this of a day.
pub fn local_refused(lang: Lang, refused: LocalRefused) -> String {
    match refused {
        LocalRefused::FollowsWeekend => lang.t("调休日只能按周一至周五中的一天上课").to_owned(),
        LocalRefused::NoReason => lang.t("请写明原因，家长会看到").to_owned(),
        LocalRefused::WasHeld { children } => lang.fill(
            "这一天已经过去，点过 {n} 个孩子的名，不能再停；要改点名请找教务处",
            &[("n", &children.to_string())],
        ),
        LocalRefused::ChildrenHere { here, awaited } => children_here(lang, here, awaited),
        LocalRefused::NeverCalled { children } => lang.fill(
            "这一天已经过去，{n} 个孩子应到、一直没有点名；确实没有上课请勾选，再保存",
            &[("n", &children.to_string())],
        ),
        LocalRefused::Past => lang.t("这一天已经过去，不能再定调休上学").to_owned(),
        LocalRefused::OnHoliday { name } => {
            lang.fill("这一天是{name}，国家放假，没有课后服务；请核对日期", &[("name", holiday(lang, name))])
        }
        LocalRefused::OnWeekend => {
            lang.t("这一天是普通周末，国家没有定为上班；确实上学请勾选，再保存").to_owned()
        }
        LocalRefused::NothingThen { follows } => lang.fill(
            "按方案，{weekday}没有课后服务；请换一个周几，或先改方案",
            &[("weekday", dates::weekday(lang, follows))],
        ),
        LocalRefused::FreeOutside { day } => lang.fill(
            "{day}不在申报的日期里；请改这一天，或改第一天、最后一天",
            &[("day", &dates::full_day(lang, day))],
        ),
        LocalRefused::Redeclares { days, first, last } => lang.fill(
            "这段日期里有 {n} 天已经申报过（{first}到{last}），再申报会改掉；确实要改请勾选，再提交",
            &[
                ("n", &days.to_string()),
                ("first", &dates::full_day(lang, first)),
                ("last", &dates::full_day(lang, last)),
            ],
        ),
        LocalRefused::Published { year } => {
            lang.fill("{year} 年的放假安排已经公布，不用申报", &[("year", &year.to_string())])
        }
    }
}

/// How many children are here, and how many more may sit in a room although nobody has called them.
fn children_here(lang: Lang, here: u32, awaited: u32) -> String {
    let (here, awaited) = (here.to_string(), awaited.to_string());
    let counts = [("here", here.as_str()), ("awaited", awaited.as_str())];
    let text = match (counts[0].1, counts[1].1) {
        (_, "0") => "现在有 {here} 个孩子在校：停了以后也要照常交给家长；知道了请勾选，再保存",
        ("0", _) => {
            "{awaited} 个孩子还没点名，可能在教室里：停了以后这些组也要照常点名、交给家长；知道了请勾选，再保存"
        }
        _ => {
            "现在有 {here} 个孩子在校，还有 {awaited} 个没点名，可能在教室里：停了以后也要照常点名、交给家长；知道了请勾选，再保存"
        }
    };
    lang.fill(text, &counts)
}

/// Why a term cannot be added.
pub fn term_refused(lang: Lang, refused: &TermRefused) -> String {
    match refused {
        TermRefused::EndsBeforeStart => lang.t("结束日期要晚于开学日期").to_owned(),
        TermRefused::ServiceOutsideTerm => lang.t("课后服务要在学期内开始").to_owned(),
        TermRefused::TooLong { days } => {
            lang.fill("学期有 {days} 天，太长了；请核对年份", &[("days", &days.to_string())])
        }
        TermRefused::Overlaps { with } => lang.fill("和“{with}”的日期重叠", &[("with", with)]),
        TermRefused::Begun => lang.t("学期已经开始，不能再改日期，也不能删").to_owned(),
        TermRefused::InUse => lang.t("这个学期已经有报名、分组或课程，不能删；可以改日期").to_owned(),
    }
}

/// The field that says so.
pub const fn term_field(refused: &TermRefused) -> &'static str {
    match refused {
        TermRefused::EndsBeforeStart | TermRefused::TooLong { .. } => "ends_on",
        TermRefused::ServiceOutsideTerm => "service_from",
        TermRefused::Overlaps { .. } | TermRefused::Begun | TermRefused::InUse => "starts_on",
    }
}

/// Why a term does not end yet.
pub(super) fn not_ended(lang: Lang, why: NotTold) -> Refusal {
    let words = match why.holders {
        0 => lang.t("结束以后不能改回；确实要结束，请勾选").to_owned(),
        holders => {
            lang.fill("还有 {n} 个孩子在这个学期有名额；确实要结束，请勾选", &[("n", &holders.to_string())])
        }
    };
    Refusal::new("not_told", words)
}

/// Where a term stands today: one that was opened is in use between its first day and its last.
pub fn term_status(lang: Lang, status: TermStatus, term: &Term, today: Date) -> &'static str {
    lang.t(match status {
        TermStatus::Draft => "准备中",
        TermStatus::Open if today < term.starts_on => "已启用，还没开学",
        TermStatus::Open if term.ends_on < today => "已过，还没结束学期",
        TermStatus::Open => "使用中",
        TermStatus::Closed => "已结束",
    })
}

/// Why a term does not open yet, and what would help.
pub fn term_unready(lang: Lang, why: TermUnready) -> String {
    match why {
        TermUnready::NoPlan { from } => lang.fill(
            "{day}起还没有生效的方案：请先在“方案”里填好没有写明的时间并生效，再开学期",
            &[("day", &dates::day(lang, from))],
        ),
        TermUnready::EarlierOpen { ended_on } => lang.fill(
            "{day}结束的学期还开着：请先点“结束学期”，再开这个学期",
            &[("day", &dates::day(lang, ended_on))],
        ),
        TermUnready::TimesOpen { points } => lang
            .fill("方案里还有 {n} 处时间没有写明：请先填好并生效，再开学期", &[("n", &points.to_string())]),
    }
}
/// Why a day is not set as asked, by the field that says so.
pub(super) fn local_refusal(lang: Lang, why: LocalRefused) -> Refusal {
    let field = match why {
        LocalRefused::FollowsWeekend | LocalRefused::NothingThen { .. } => "follows",
        LocalRefused::NoReason => "reason",
        LocalRefused::FreeOutside { .. } => "free",
        LocalRefused::Redeclares { .. } => "told",
        LocalRefused::Published { .. } => "from",
        LocalRefused::WasHeld { .. } | LocalRefused::Past | LocalRefused::OnHoliday { .. } => "day",
        LocalRefused::ChildrenHere { .. } | LocalRefused::NeverCalled { .. } => "here",
        LocalRefused::OnWeekend => "weekend",
    };
    Refusal::new("local_day", local_refused(lang, why)).at(field)
}

/// Why a span is not declared. Children who are here are asked about where one day is called off.
pub(super) fn span_refusal(lang: Lang, why: LocalRefused) -> Refusal {
    match why {
        LocalRefused::ChildrenHere { .. } | LocalRefused::NeverCalled { .. } => {
            let text = "申报不上学的日期里有一天已经有孩子应到：那一天请用“停课、暂停、调休”来停，这里从后一天起申报";
            Refusal::new("local_day", lang.t(text)).at("from")
        }
        LocalRefused::WasHeld { .. } => local_refusal(lang, why).at("from"),
        LocalRefused::FollowsWeekend
        | LocalRefused::NoReason
        | LocalRefused::FreeOutside { .. }
        | LocalRefused::Redeclares { .. }
        | LocalRefused::Published { .. }
        | LocalRefused::Past
        | LocalRefused::OnHoliday { .. }
        | LocalRefused::OnWeekend
        | LocalRefused::NothingThen { .. } => local_refusal(lang, why),
    }
}
