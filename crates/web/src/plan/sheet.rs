//! A plan as a school would print it: a timetable by grade and weekday, and its rules as lines.

use jiff::civil::{Date, Weekday, date};
use kehou_domain::money::LessonHours;
use kehou_domain::plan::{Counted, DayKind, Grades, Plan, Season, SlotOn};

use super::words::{self, name, names};
use crate::dates;
use crate::identity;
use crate::lang::Lang;

/// The week of grades that share it.
pub(super) struct Week {
    /// For whom and when: 1–2 年级 · 冬令时.
    pub(super) heading: String,
    /// The weekdays.
    pub(super) days: Vec<&'static str>,
    /// The slots.
    pub(super) rows: Vec<Row>,
}

/// A slot in a week.
#[derive(PartialEq, Eq)]
pub(super) struct Row {
    /// What the school calls it.
    pub(super) name: String,
    /// What is done on each weekday.
    pub(super) cells: Vec<String>,
}

/// A heading and its lines.
pub(super) struct Part {
    /// The heading, in the reader's language.
    pub(super) heading: &'static str,
    /// Name and value of each line.
    pub(super) lines: Vec<(&'static str, String)>,
}

/// The weeks, one for each season and set of grades that share all times and content.
pub(super) fn weeks(lang: Lang, plan: &Plan) -> Vec<Week> {
    if plan.seasons.is_empty() {
        return weeks_in(lang, plan, None);
    }
    plan.seasons.iter().flat_map(|season| weeks_in(lang, plan, Some(season))).collect()
}

fn weeks_in(lang: Lang, plan: &Plan, season: Option<&Season>) -> Vec<Week> {
    let numbers: Vec<i8> = if plan.slots.iter().any(|slot| slot.weekdays.has(Weekday::Sunday)) {
        vec![1, 2, 3, 4, 5, 7]
    } else {
        (1..=5).collect()
    };
    let weekdays: Vec<Weekday> =
        numbers.into_iter().filter_map(|number| Weekday::from_monday_one_offset(number).ok()).collect();
    let day = day_in(plan, season);
    let mut shared: Vec<(Grades, Vec<Row>)> = Vec::new();
    for grade in plan.grades.iter() {
        let rows = rows(lang, plan, Look { day, grade }, &weekdays);
        match shared.iter_mut().find(|(_, known)| *known == rows) {
            Some((grades, _)) => *grades = grades.or(Grades::of([grade])),
            None => shared.push((Grades::of([grade]), rows)),
        }
    }
    let days: Vec<&'static str> = weekdays.iter().map(|weekday| dates::weekday(lang, *weekday)).collect();
    let heading = |grades: Grades| match season {
        Some(season) => format!("{} · {}", words::grades(lang, grades), season.name),
        None => words::grades(lang, grades),
    };
    let weeks = shared.into_iter();
    weeks.map(|(grades, rows)| Week { heading: heading(grades), days: days.clone(), rows }).collect()
}

/// A grade on a day of the season.
#[derive(Clone, Copy)]
struct Look {
    day: Date,
    grade: u8,
}

/// A day of the season on which the plan has started.
fn day_in(plan: &Plan, season: Option<&Season>) -> Date {
    let year = plan.first_day().map_or(2024, |first| first.year() + 1);
    let first = season.map_or((1, 1), |season| (season.from.month, season.from.day));
    Date::new(year, first.0, first.1).unwrap_or(date(year, 3, 1))
}

fn rows(lang: Lang, plan: &Plan, look: Look, weekdays: &[Weekday]) -> Vec<Row> {
    let held: Vec<Vec<SlotOn<'_>>> = weekdays.iter().map(|weekday| held_on(plan, look, *weekday)).collect();
    let own = plan.slots.iter().filter(|slot| slot.grades.has(look.grade));
    let rows = own.map(|slot| {
        let cells = held.iter().map(|day| {
            let part = day.iter().find(|part| part.slot.id == slot.id);
            part.map(|part| cell(lang, part)).unwrap_or_default()
        });
        Row { name: slot.name.clone(), cells: cells.collect() }
    });
    rows.collect()
}

fn held_on(plan: &Plan, look: Look, weekday: Weekday) -> Vec<SlotOn<'_>> {
    // the boarders' return is the one slot of a weekend, and it goes by the day's own weekday
    let (day, kind) = match weekday {
        Weekday::Saturday | Weekday::Sunday => (next(look.day, weekday), DayKind::Weekend),
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => {
            (look.day, DayKind::School { follows: weekday })
        }
    };
    let parts = plan.slots_on(day, kind);
    parts.into_iter().filter(|part| part.grades.has(look.grade)).collect()
}

fn next(day: Date, weekday: Weekday) -> Date {
    day.nth_weekday(1, weekday).unwrap_or(day)
}

fn cell(lang: Lang, part: &SlotOn<'_>) -> String {
    let times = match (part.start, part.end, part.minutes) {
        (None, None, Some(minutes)) => lang.fill("放学后 {n} 分钟", &[("n", &minutes.to_string())]),
        (None, None, None) => lang.t("方案未写明").to_owned(),
        (start, end, _) => {
            let start = start.map_or_else(
                || if part.from_dismissal { lang.t("放学").to_owned() } else { "?".to_owned() },
                dates::time,
            );
            let end = end.map_or_else(String::new, dates::time);
            format!("{start}–{end}")
        }
    };
    format!("{times} {}", words::content(lang, &part.content)).trim_end().to_owned()
}

/// The rules of the plan, heading by heading; what a plan does not say is left out.
pub(super) fn parts(lang: Lang, plan: &Plan) -> Vec<Part> {
    let parts = [
        Part { heading: lang.t("参加和报名"), lines: joining(lang, plan) },
        Part { heading: lang.t("离校"), lines: leaving(lang, plan) },
        Part { heading: lang.t("编班和人员"), lines: care(lang, plan) },
        Part { heading: lang.t("收费"), lines: fee(lang, plan) },
        Part { heading: lang.t("教师报酬和经费"), lines: pay(lang, plan) },
        Part { heading: lang.t("禁止和报告"), lines: limits(lang, plan) },
    ];
    parts.into_iter().map(filled).filter(|part| !part.lines.is_empty()).collect()
}

fn filled(part: Part) -> Part {
    Part { lines: part.lines.into_iter().filter(|(_, value)| !value.is_empty()).collect(), ..part }
}

fn joining(lang: Lang, plan: &Plan) -> Vec<(&'static str, String)> {
    let joining = &plan.joining;
    let steps = joining.steps.iter().map(|step| {
        let role = lang.t(identity::role(step.role));
        format!("{}（{role}）", name(lang, step.kind))
    });
    let need =
        if joining.need_check { lang.t("需要核实接送困难") } else { lang.t("自愿报名即可") };
    let survey = joining.survey.map(|survey| name(lang, survey).to_owned()).unwrap_or_default();
    vec![
        (lang.t("年级"), words::grades(lang, plan.grades)),
        (lang.t("开始"), words::starts(lang, plan.starts)),
        (lang.t("条件"), need.to_owned()),
        (lang.t("优先保障"), names(lang, &joining.priority)),
        (lang.t("报名周期"), name(lang, joining.cycle).to_owned()),
        (lang.t("需求调查"), survey),
        (lang.t("审批流程"), steps.collect::<Vec<_>>().join(" → ")),
        (lang.t("使用表单"), names(lang, &joining.forms)),
        (lang.t("身份证号"), name(lang, joining.id_numbers).to_owned()),
        (lang.t("报名前公示"), names(lang, &joining.publish)),
        (lang.t("公示渠道"), names(lang, &joining.channels)),
    ]
}

fn leaving(lang: Lang, plan: &Plan) -> Vec<(&'static str, String)> {
    let dismissal = plan.dismissal.iter().map(|entry| {
        let season = entry.season.and_then(|kind| plan.seasons.iter().find(|season| season.kind == kind));
        let season = season.map(|season| season.name.as_str()).unwrap_or_default();
        format!("{} {season} {}", words::grades(lang, entry.grades), words::time(lang, entry.at))
    });
    let release = plan.release.iter();
    let release =
        release.map(|rule| format!("{}：{}", words::grades(lang, rule.grades), names(lang, &rule.modes)));
    let absence = plan.absence.map(|absence| {
        let how = if absence.written { lang.t("书面") } else { lang.t("口头或书面") };
        format!("{how} · {} · {}", lang.t(identity::role(absence.to)), words::cut_off(lang, absence.cut_off))
    });
    vec![
        (lang.t("不参加的学生放学"), dismissal.collect::<Vec<_>>().join("；")),
        (lang.t("离校方式"), release.collect::<Vec<_>>().join("；")),
        (lang.t("请假"), absence.unwrap_or_default()),
    ]
}

fn care(lang: Lang, plan: &Plan) -> Vec<(&'static str, String)> {
    let groups = plan.groups.iter().map(|group| {
        let least = group.min.map(|n| lang.fill("至少 {n} 人", &[("n", &n.to_string())]));
        let most = group.max.map(|n| lang.fill("最多 {n} 人", &[("n", &n.to_string())]));
        let counted = Some(group.counted).filter(|counted| *counted == Counted::Roll);
        let counted = counted.map(|counted| name(lang, counted).to_owned());
        let sizes = least.into_iter().chain(most).chain(counted).collect::<Vec<_>>().join(" ");
        format!("{} {} {sizes}", name(lang, group.kind), name(lang, group.grouping)).trim_end().to_owned()
    });
    let ratios = plan.staff.ratios.iter().map(|ratio| words::ratio(lang, *ratio));
    let posts = plan.staff.posts.iter().map(|post| {
        let count = post.per_day.map(|n| format!(" × {n}")).unwrap_or_default();
        format!("{}{count}", name(lang, post.post))
    });
    vec![
        (lang.t("编班"), groups.collect::<Vec<_>>().join("；")),
        (lang.t("教师参加"), name(lang, plan.staff.participation).to_owned()),
        (lang.t("人员配比"), ratios.collect::<Vec<_>>().join("；")),
        (lang.t("每天值班"), posts.collect::<Vec<_>>().join("；")),
        (lang.t("校外力量"), name(lang, plan.providers).to_owned()),
    ]
}

fn fee(lang: Lang, plan: &Plan) -> Vec<(&'static str, String)> {
    let fee = &plan.fee;
    let rates = fee.rates.iter().map(|rate| words::rate(lang, rate)).collect::<Vec<_>>().join("；");
    vec![
        (lang.t("收费方式"), name(lang, fee.mode).to_owned()),
        (lang.t("收费标准"), rates),
        (lang.t("收款方"), name(lang, fee.payee).to_owned()),
        (lang.t("结算周期"), fee.settled_per.map(|unit| name(lang, unit).to_owned()).unwrap_or_default()),
        (lang.t("退费"), name(lang, fee.refund).to_owned()),
        (lang.t("减免对象"), names(lang, &fee.waivers)),
        (lang.t("收费依据"), fee.basis.clone().unwrap_or_default()),
    ]
}

fn pay(lang: Lang, plan: &Plan) -> Vec<(&'static str, String)> {
    let rates = plan.pay.rates.iter().map(|rate| words::rate(lang, rate)).collect::<Vec<_>>().join("；");
    let credits = plan.pay.credits.iter().map(|credit| {
        let hours = credit.lesson_hours.map_or_else(|| lang.t("按实际时间").to_owned(), LessonHours::decimal);
        format!("{} {hours}", name(lang, credit.work))
    });
    let penalties = plan.pay.penalties.iter();
    let penalties =
        penalties.map(|rule| format!("{}：{}", name(lang, rule.neglect), name(lang, rule.penalty)));
    let share = plan.funds.staff_share_percent.map(|percent| format!("{percent}%")).unwrap_or_default();
    vec![
        (lang.t("报酬方式"), name(lang, plan.pay.mode).to_owned()),
        (lang.t("报酬标准"), rates),
        (lang.t("其他课时"), credits.collect::<Vec<_>>().join("；")),
        (lang.t("缺岗处理"), penalties.collect::<Vec<_>>().join("；")),
        (lang.t("经费来源"), names(lang, &plan.funds.sources)),
        (lang.t("经费用途"), names(lang, &plan.funds.uses)),
        (lang.t("人员补助占比"), share),
    ]
}

fn limits(lang: Lang, plan: &Plan) -> Vec<(&'static str, String)> {
    let reports = plan.reports.iter().map(|report| {
        let to = lang.t(identity::role(report.to));
        format!("{}（{}，{to}）", name(lang, report.kind), name(lang, report.due))
    });
    vec![
        (lang.t("禁止事项"), names(lang, &plan.banned)),
        (lang.t("报告"), reports.collect::<Vec<_>>().join("；")),
        (lang.t("来源"), plan.sources.join("；")),
    ]
}
