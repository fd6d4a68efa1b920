//! Facts of plans as words: names, grades and weekdays, times, warnings, open points, problems.

mod called;
pub mod command;
mod keys;
mod losses;
mod names;
mod problems;
mod rules;
mod values;

use jiff::civil::Time;
use kehou_domain::plan::{
    Cap, Content, CutOff, End, Grades, NoService, OpenPoint, Plan, Rate, Ratio, RatioPer, Rule, Slot, Start,
    Starts, Unit, VersionRefused, Weekdays, Window,
};

use crate::dates;
use crate::lang::Lang;
use crate::refusal::Refusal;

pub use called::Called;
pub use losses::{lose, places};
pub use names::Named;
pub use problems::{in_form, problem};
pub use values::{choices, instead, typed};

/// What a word of a list is called.
pub fn name(lang: Lang, word: impl Named) -> &'static str {
    lang.t(word.name())
}

/// Several words of a list in one line.
pub fn names<T: Named + Copy>(lang: Lang, words: &[T]) -> String {
    words.iter().map(|word| name(lang, *word)).collect::<Vec<_>>().join(comma(lang))
}

pub(crate) const fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    }
}

/// A time, or that the plan does not say.
pub fn time(lang: Lang, time: Option<Time>) -> String {
    time.map_or_else(|| lang.t("方案未写明").to_owned(), dates::time)
}

/// Grades: 一至六年级 as 1–6 年级.
pub fn grades(lang: Lang, grades: Grades) -> String {
    let grades: Vec<u8> = grades.iter().collect();
    match grades.as_slice() {
        [grade] => lang.fill("{grade} 年级", &[("grade", &grade.to_string())]),
        _ => lang.fill("{n} 年级", &[("n", &runs(&grades))]),
    }
}

/// Weekdays: 周一至周五 as 周一–周五.
pub fn weekdays(lang: Lang, weekdays: Weekdays) -> String {
    let days: Vec<u8> = weekdays.iter().collect();
    let spans = spans(&days).into_iter().map(|(from, to)| match to - from {
        0 => day(lang, from).to_owned(),
        _ => format!("{}–{}", day(lang, from), day(lang, to)),
    });
    spans.collect::<Vec<_>>().join(comma(lang))
}

/// A weekday by its number.
pub fn day(lang: Lang, number: u8) -> &'static str {
    let weekday =
        i8::try_from(number).ok().and_then(|n| jiff::civil::Weekday::from_monday_one_offset(n).ok());
    weekday.map_or("", |weekday| dates::weekday(lang, weekday))
}

fn runs(numbers: &[u8]) -> String {
    let texts = spans(numbers)
        .into_iter()
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}–{to}") });
    texts.collect::<Vec<_>>().join(", ")
}

/// Neighbours put together: 1, 2, 3, 5 as 1–3 and 5.
fn spans(numbers: &[u8]) -> Vec<(u8, u8)> {
    let mut spans: Vec<(u8, u8)> = Vec::new();
    for number in numbers {
        match spans.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            Some(_) | None => spans.push((*number, *number)),
        }
    }
    spans
}

/// What children do, in one line.
pub fn content(lang: Lang, content: &[Content]) -> String {
    let texts: Vec<String> = content
        .iter()
        .map(|one| match one {
            Content::Kind(kind) => name(lang, *kind).to_owned(),
            Content::Named(own) => own.clone(),
        })
        .collect();
    texts.join(comma(lang))
}

/// A window's times in one line.
pub fn window(lang: Lang, window: &Window) -> String {
    let start = match window.start {
        Start::At(time) => dates::time(time),
        Start::Dismissal => lang.t("放学").to_owned(),
        Start::NotStated => lang.t("方案未写明").to_owned(),
    };
    match window.end {
        End::At(time) => format!("{start}–{}", dates::time(time)),
        End::After(minutes) => {
            lang.fill("{start}后 {n} 分钟", &[("start", &start), ("n", &minutes.to_string())])
        }
        End::Open => lang.fill("{start}起", &[("start", &start)]),
        End::NotStated if window.start == Start::NotStated => start,
        End::NotStated => lang.fill("{start}起，结束时间未写明", &[("start", &start)]),
    }
}

/// An amount with its unit: 3.50 元/课时.
pub fn rate(lang: Lang, rate: &Rate) -> String {
    let amount = per(lang, &rate.amount.yuan(), rate.unit);
    match rate.cap {
        Some(cap) => lang.fill("{rate}，最多 {cap}", &[("rate", &amount), ("cap", &cap_text(lang, cap))]),
        None => amount,
    }
}

fn cap_text(lang: Lang, cap: Cap) -> String {
    per(lang, &cap.amount.yuan(), cap.per)
}

fn per(lang: Lang, yuan: &str, unit: Unit) -> String {
    lang.fill("{yuan} 元/{unit}", &[("yuan", yuan), ("unit", name(lang, unit))])
}

/// A staff ratio: 每 30 人以上的班 1 名教师.
pub fn ratio(lang: Lang, ratio: Ratio) -> String {
    let text = match ratio.per {
        RatioPer::GroupFrom if ratio.pupils <= 1 => "每班 1 名{staff}",
        RatioPer::GroupFrom => "{n} 人以上的班每班 1 名{staff}",
        RatioPer::Pupils => "每 {n} 名学生 1 名{staff}",
    };
    lang.fill(text, &[("n", &ratio.pupils.to_string()), ("staff", name(lang, ratio.staff))])
}

/// When the service starts.
pub fn starts(lang: Lang, starts: Starts) -> String {
    match starts {
        Starts::On(date) => dates::full_day(lang, date),
        Starts::Yearly(day) => lang.fill(
            "{month} 月 {day} 日（年份未写明）",
            &[("month", &day.month.to_string()), ("day", &day.day.to_string())],
        ),
        Starts::WeekOfTerm(week) => lang.fill("开学第 {n} 周", &[("n", &week.to_string())]),
        Starts::NotStated => lang.t("方案未写明").to_owned(),
    }
}

/// Until when an absence may be announced.
pub fn cut_off(lang: Lang, cut_off: Option<CutOff>) -> String {
    match cut_off {
        Some(CutOff::At(time)) => lang.fill("当天 {time} 前", &[("time", &dates::time(time))]),
        Some(CutOff::BeforeStart(0)) => lang.t("服务开始前").to_owned(),
        Some(CutOff::BeforeStart(minutes)) => {
            lang.fill("服务开始 {n} 分钟前", &[("n", &minutes.to_string())])
        }
        None => lang.t("方案未写明").to_owned(),
    }
}

/// What a rule of the rule pack finds, with the slots it is about.
pub fn warning(lang: Lang, rule: Rule, slots: &[&Slot]) -> String {
    let text = lang.t(rules::rule(rule));
    if slots.is_empty() {
        return text.to_owned();
    }
    let slots = slots.iter().map(|slot| slot.name.as_str()).collect::<Vec<_>>().join(comma(lang));
    lang.fill("{what}：{slots}", &[("what", text), ("slots", &slots)])
}

/// The notice and the clause that a rule rests on.
pub fn clause(lang: Lang, rule: Rule) -> &'static str {
    lang.t(rules::clause(rule))
}

/// Why no service is held.
pub fn no_service(lang: Lang, reason: NoService) -> String {
    match reason {
        NoService::NotStarted { starts_on } => {
            lang.fill("方案从 {day} 开始", &[("day", &dates::full_day(lang, starts_on))])
        }
        NoService::Weekend => lang.t("周末，没有服务").to_owned(),
        NoService::Closed => lang.t("放假，没有服务").to_owned(),
        NoService::NotThisWeekday => lang.t("方案在这一天没有安排服务").to_owned(),
    }
}

/// What must be answered before a term opens.
pub fn open_point(lang: Lang, plan: &Plan, point: OpenPoint) -> String {
    let slot = |place: usize| plan.slots.get(place).map_or("", |slot| slot.name.as_str());
    match point {
        OpenPoint::SeasonDates { season } => {
            let season = &plan.seasons[season];
            let [from, to] = [season.from, season.to].map(|end| dates::day_of_year(lang, end.month, end.day));
            let facts = [("season", season.name.as_str()), ("from", &from), ("to", &to)];
            lang.fill("{season}的起止日期（暂按{from}至{to}）", &facts)
        }
        OpenPoint::Weekdays { slot: place } => {
            let days = weekdays(lang, plan.slots[place].weekdays);
            lang.fill("“{slot}”在哪几天（暂按{days}）", &[("slot", slot(place)), ("days", &days)])
        }
        OpenPoint::Start { slot: place, window } => {
            let whom = whom(lang, plan, place, window);
            lang.fill("“{slot}”的开始时间（{whom}）", &[("slot", slot(place)), ("whom", &whom)])
        }
        OpenPoint::End { slot: place, window } => {
            let whom = whom(lang, plan, place, window);
            lang.fill("“{slot}”的结束时间（{whom}）", &[("slot", slot(place)), ("whom", &whom)])
        }
        OpenPoint::Batch { slot: place, batch } => {
            let batch = plan.slots[place].batches[batch].name.as_str();
            lang.fill("“{slot}”里{batch}的时间", &[("slot", slot(place)), ("batch", batch)])
        }
        OpenPoint::Dismissal { entry } => {
            let entry = &plan.dismissal[entry];
            lang.fill("放学时间（{grades}）", &[("grades", &grades(lang, entry.grades))])
        }
    }
}

/// Why a version does not take a step, and what would help.
pub fn refused(lang: Lang, why: VersionRefused) -> Refusal {
    let (code, message) = match why {
        VersionRefused::NotSound { problems } => {
            ("not_sound", lang.fill("文件还有 {n} 处问题；改好后再检查", &[("n", &problems.to_string())]))
        }
        VersionRefused::WrongStage { stage } => (
            "wrong_stage",
            lang.fill("这个版本现在是“{stage}”，不能做这一步；请刷新页面", &[("stage", name(lang, stage))]),
        ),
        VersionRefused::TimesOpen { points } => (
            "times_open",
            lang.fill("还有 {n} 处时间没有写明；请教务处点“修改”填好", &[("n", &points.to_string())]),
        ),
        VersionRefused::Changed => {
            ("changed", lang.t("您打开以后，另一个人改过这个版本；您填的还在，请对照后再保存").to_owned())
        }
        VersionRefused::OtherGrades { plan, school } => ("other_grades", other_grades(lang, plan, school)),
        VersionRefused::NotScheduled => {
            ("not_scheduled", lang.t("这个版本没有定在以后生效，没有可以取消的").to_owned())
        }
        VersionRefused::Past => ("past", lang.t("不能从过去的日子生效；请填今天或以后的日期").to_owned()),
        VersionRefused::TodayUnasked => {
            ("today_unasked", lang.t("从今天起生效，请勾选“从今天起”；一般从明天起").to_owned())
        }
        VersionRefused::TodayBegun => (
            "today_begun",
            lang.t("今天的课后服务已经开始，不能从今天起换方案；请填明天或以后的日期").to_owned(),
        ),
        VersionRefused::LeavesOut { children } => (
            "leaves_out",
            lang.fill(
                "从这一天起，{n} 个孩子报的时段在这个版本里没有了；请看清下面的名单人数，再勾选",
                &[("n", &children.to_string())],
            ),
        ),
        VersionRefused::NoReference => ("no_reference", lang.t("请填教育局给的备案文号").to_owned()),
        VersionRefused::DayTaken { number } => {
            ("day_taken", lang.fill("第 {n} 版也从这一天生效；请换一天", &[("n", &number.to_string())]))
        }
        VersionRefused::InForce { from } => {
            ("in_force", lang.fill("这个版本已从 {day} 起生效", &[("day", &dates::full_day(lang, from))]))
        }
    };
    Refusal::new(code, message).at("step")
}

/// That a plan is for none of the grades that the school has.
pub fn other_grades(lang: Lang, plan: Grades, school: Grades) -> String {
    let (plan, school) = (grades(lang, plan), grades(lang, school));
    lang.fill(
        "方案是{plan}的，本校是{school}：不能在本校生效；请换本校的方案文件",
        &[("plan", &plan), ("school", &school)],
    )
}

/// Whom a window is for: its grades, and its season where it has one.
fn whom(lang: Lang, plan: &Plan, slot: usize, window: usize) -> String {
    let window = &plan.slots[slot].windows[window];
    let grades = grades(lang, window.grades);
    let season = plan.seasons.iter().find(|season| Some(season.kind) == window.season);
    match season {
        Some(season) => format!("{grades}{}{}", comma(lang), season.name),
        None => grades,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_put_together() {
        assert_eq!(grades(Lang::Zh, Grades::of([1, 2, 3, 5])), "1–3, 5 年级");
        assert_eq!(weekdays(Lang::Zh, Weekdays::of([2, 3, 4, 5])), "周二–周五");
        assert_eq!(weekdays(Lang::En, Weekdays::of([3, 5])), "Wed, Fri");
    }
}
