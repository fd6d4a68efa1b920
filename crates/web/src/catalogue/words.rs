//! Facts of the catalogue as sentences.

use jiff::civil::{Date, Time};
use kehou_app::catalogue::{ClashWith, HandInRefused, KeepRefused, Line, With};
use kehou_domain::allocation::round::RetireRefused;
use kehou_domain::catalogue::{
    Area, Concern, DecideRefused, Details, Fault, Flag, Kind, LONGEST_DESCRIPTION, LONGEST_REASON,
    LONGEST_TITLE, Lack, MOST_SEATS, Meeting, NotFor, Over, Part, SexLimit, Status, Topic, Verdict, kinds,
};
use kehou_domain::plan::{Grades, Plan};
use kehou_domain::typed::{LONGEST_NOTE, LONGEST_PLACE};

use crate::dates;
use crate::lang::Lang;
use crate::plan::words::{self as plan_words, Named as _};
use crate::refusal::Refusal;

pub(crate) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Club => "社团",
        Kind::MovingClass => "走班课程",
        Kind::TemporaryGroup => "临时班",
        Kind::OpenActivity => "开放活动",
    }
}

pub(crate) const fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Sport => "体育锻炼",
        Topic::BallGames => "球类",
        Topic::Athletics => "田径",
        Topic::Games => "游戏",
        Topic::OutwardBound => "拓展训练",
        Topic::Singing => "声乐",
        Topic::Music => "器乐",
        Topic::Dance => "舞蹈",
        Topic::Painting => "绘画",
        Topic::ChinesePainting => "国画",
        Topic::Calligraphy => "书法",
        Topic::Handicraft => "手工",
        Topic::Clay => "泥塑",
        Topic::Films => "观看影片",
        Topic::Speech => "演讲",
        Topic::Hosting => "主持",
        Topic::Recitation => "经典诵读",
        Topic::Poetry => "诗词",
        Topic::English => "英语表达",
        Topic::BoardGames => "棋类",
        Topic::Thinking => "思维训练",
        Topic::Science => "科普",
        Topic::Research => "研究性学习",
        Topic::Labour => "劳动实践",
        Topic::Counselling => "心理健康",
        Topic::Reading => "阅读",
        Topic::Homework => "自主作业",
        Topic::Questions => "答疑",
        Topic::IndividualHelp => "个别辅导",
    }
}

pub(crate) const fn area(area: Area) -> &'static str {
    match area {
        Area::Sport => "体育类",
        Area::Arts => "艺术类",
        Area::Language => "语言类",
        Area::Mind => "思维类",
        Area::Science => "科学类",
        Area::Life => "生活类",
        Area::Study => "阅读自习类",
    }
}

/// The icon of an area, and the colour of its tile.
pub(crate) const fn tile(area: Area) -> (&'static str, &'static str) {
    match area {
        Area::Sport => ("ball", ""),
        Area::Mind => ("grid", ""),
        Area::Arts => ("brush", "club-tile-2"),
        Area::Life => ("heart", "club-tile-2"),
        Area::Language => ("mic", "club-tile-3"),
        Area::Science => ("search", "club-tile-3"),
        Area::Study => ("book", "club-tile-3"),
    }
}

pub(crate) const fn sex(sex: SexLimit) -> &'static str {
    match sex {
        SexLimit::Anyone => "男女都可以",
        SexLimit::Girls => "只收女生",
        SexLimit::Boys => "只收男生",
    }
}

/// A status: the tag's colour, its icon, its word.
pub(crate) const fn status(status: Status) -> (&'static str, &'static str, &'static str) {
    match status {
        Status::Draft => ("gone", "pen", "草稿"),
        Status::InReview => ("leave", "clock", "等审核"),
        Status::Returned => ("absent", "undo", "退回修改"),
        Status::Published => ("present", "check", "已发布"),
        Status::Withdrawn => ("gone", "x", "不再开设"),
    }
}

pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Publish => "通过并发布",
        Verdict::SendBack => "退回教务处修改",
    }
}

/// What stands where nothing is offered, or where the plan has no clubs: head and words.
pub(crate) fn without(lang: Lang, plan: Option<&Plan>) -> Option<(&'static str, String)> {
    let Some(plan) = plan else {
        return Some(("这个学期没有生效的服务方案", lang.t("方案生效以后，才知道能开设什么。").to_owned()));
    };
    let kinds = kinds(plan);
    if kinds.is_empty() {
        return Some(("服务方案没有安排社团和课程", lang.t("方案写明以后才能开设。").to_owned()));
    }
    if kinds.contains(&Kind::Club) {
        return None;
    }
    let names: Vec<&str> = kinds.into_iter().map(|known| lang.t(kind(known))).collect();
    let names = names.join(comma(lang));
    Some(("服务方案没有安排社团", lang.fill("按方案可以开设：{kinds}。", &[("kinds", &names)])))
}

pub(crate) const fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    }
}

/// What the school calls the slot.
fn slot_name<'a>(plan: &'a Plan, meeting: &'a Meeting) -> &'a str {
    plan.slot(&meeting.slot).map_or(meeting.slot.as_str(), |slot| slot.name.as_str())
}

/// A title with its days: 围棋社（周二）.
pub(crate) fn with_days(lang: Lang, title: &str, days: &str) -> String {
    match lang {
        Lang::Zh => format!("{title}（{days}）"),
        Lang::En => format!("{title} ({days})"),
    }
}

/// A weekday's word.
pub(crate) fn weekday(lang: Lang, number: i8) -> &'static str {
    u8::try_from(number).map_or("", |number| plan_words::day(lang, number))
}

/// A meeting without its hours: 周三 课后服务.
pub(crate) fn meeting(lang: Lang, plan: &Plan, meeting: &Meeting) -> String {
    format!("{} {}", weekday(lang, meeting.weekday), slot_name(plan, meeting))
}

/// A meeting with its hours of this time of the year where they are one for all its grades: 周三 17:00—18:00.
pub(crate) fn meeting_at(lang: Lang, plan: &Plan, (one, grades): (&Meeting, Grades), day: Date) -> String {
    match hours(plan, one, grades, day) {
        Some((from, to)) => {
            format!("{} {}—{}", weekday(lang, one.weekday), dates::time(from), dates::time(to))
        }
        None => meeting(lang, plan, one),
    }
}

fn hours(plan: &Plan, meeting: &Meeting, grades: Grades, day: Date) -> Option<(Time, Time)> {
    let (slot, weekday) = (plan.slot(&meeting.slot)?, meeting.day()?);
    let season = plan.season_on(day).map(|season| season.kind);
    let mut all = grades.and(slot.grades).iter().map(|grade| plan.hours(slot, grade, season, weekday));
    let first = all.next()??;
    all.all(|other| other == Some(first)).then_some(first)
}

/// Every meeting in one line.
pub(crate) fn meetings(lang: Lang, plan: &Plan, details: &Details, day: Date) -> String {
    let each = details.meetings.iter().map(|one| meeting_at(lang, plan, (one, details.grades), day));
    each.collect::<Vec<_>>().join(comma(lang))
}

/// Why an offering cannot be kept so, by its field.
pub(crate) fn fault(lang: Lang, plan: &Plan, fault: &Fault) -> Refusal {
    let number = |text, value: usize| lang.fill(text, &[("n", &value.to_string())]);
    let (code, field, words) = match fault {
        Fault::NoTitle => ("no_title", "title", lang.t("请写名称").to_owned()),
        Fault::TitleTooLong => ("title_too_long", "title", number("名称最多写 {n} 个字", LONGEST_TITLE)),
        Fault::VenueTooLong => ("venue_too_long", "venue", number("地方最多写 {n} 个字", LONGEST_PLACE)),
        Fault::DescriptionTooLong => {
            ("description_too_long", "description", number("介绍最多写 {n} 个字", LONGEST_DESCRIPTION))
        }
        Fault::MaterialsTooLong => {
            ("materials_too_long", "materials", number("要带的东西最多写 {n} 个字", LONGEST_NOTE))
        }
        Fault::KindNotInPlan(known) => {
            let words = lang.fill("服务方案没有安排{kind}", &[("kind", lang.t(kind(*known)))]);
            ("kind_not_in_plan", "kind", words)
        }
        Fault::NoMeeting => ("no_meeting", "meeting", lang.t("请勾选哪天活动").to_owned()),
        Fault::NoSuchSlot(slot) => {
            let words = lang.fill("服务方案没有“{slot}”这个时段", &[("slot", slot.as_str())]);
            ("no_such_slot", "meeting", words)
        }
        Fault::NotOnWeekday(one) => {
            let words = lang.fill("服务方案没有安排{when}", &[("when", &meeting(lang, plan, one))]);
            ("not_on_weekday", "meeting", words)
        }
        Fault::NoGrade => ("no_grade", "grade", lang.t("请勾选年级").to_owned()),
        Fault::GradesNotServed(grades) => {
            let words = lang.fill("服务方案不含 {grades}", &[("grades", &plan_words::grades(lang, *grades))]);
            ("grades_not_served", "grade", words)
        }
        Fault::NotForGradesThen { meeting: one, grades } => {
            let values =
                [("when", &meeting(lang, plan, one)[..]), ("grades", &plan_words::grades(lang, *grades)[..])];
            ("not_for_grades_then", "meeting", lang.fill("{when}：方案没有给 {grades}安排这类活动", &values))
        }
        Fault::NoSeat => ("no_seat", "capacity", lang.t("请写名额，至少 1 个").to_owned()),
        Fault::TooManySeats => ("too_many_seats", "capacity", number("名额最多 {n} 个", MOST_SEATS.into())),
        Fault::AboveMost(most) => {
            ("above_most", "capacity", number("服务方案规定每班最多 {n} 人", usize::from(*most)))
        }
        Fault::NoMinimum => ("no_minimum", "minimum", lang.t("请写最少几人开班，至少 1 人").to_owned()),
        Fault::MinimumAboveCapacity => {
            ("minimum_above_capacity", "minimum", lang.t("最少开班人数不能多于名额").to_owned())
        }
        Fault::BelowFewest(fewest) => {
            ("below_fewest", "minimum", number("服务方案规定每班最少 {n} 人", usize::from(*fewest)))
        }
        Fault::DaysOfSeats(seats) => {
            let text = "已有 {n} 个孩子选上，活动的日子不能改；要换日子，请停开这门、另写一门";
            ("days_of_seats", "meeting", lang.fill(text, &[("n", &seats.to_string())]))
        }
        Fault::BelowSeats(seats) => {
            let text = "已有 {n} 个孩子选上，名额不能比这少";
            ("below_seats", "capacity", lang.fill(text, &[("n", &seats.to_string())]))
        }
        Fault::CostNotCharged => {
            ("cost_not_charged", "cost", lang.t("服务方案不收费，这里不能写代收费").to_owned())
        }
    };
    Refusal::new(code, words).at(field)
}

/// Why an offering is not written so.
pub(crate) fn not_kept(lang: Lang, plan: Option<&Plan>, why: &KeepRefused) -> Vec<Refusal> {
    match (why, plan) {
        (KeepRefused::Faults(faults), Some(plan)) => {
            faults.iter().map(|one| fault(lang, plan, one)).collect()
        }
        (KeepRefused::NoPlan | KeepRefused::Faults(_), _) => {
            vec![Refusal::new("no_plan", lang.t("这个学期没有生效的服务方案"))]
        }
        (KeepRefused::WrongStatus(found), _) => vec![wrong_status(lang, *found)],
        (KeepRefused::Changed, _) => {
            vec![Refusal::new("changed", lang.t("您打开以后有人改过，请对照下面最新的内容再改一次"))]
        }
    }
}

/// Why an offering does not go to the reviewer.
pub(crate) fn not_handed_in(lang: Lang, plan: Option<&Plan>, why: &HandInRefused) -> Vec<Refusal> {
    match why {
        HandInRefused::WrongStatus(found) => vec![wrong_status(lang, *found)],
        HandInRefused::Unfit(faults) => not_kept(lang, plan, &KeepRefused::Faults(faults.clone())),
        HandInRefused::Lacks(lacks) => lacks.iter().map(|one| lack(lang, *one)).collect(),
        HandInRefused::Clash(clashes) => {
            clashes.iter().map(|one| Refusal::new("clash", clash(lang, one)).at(over(one.over))).collect()
        }
    }
}

/// That a step is none of this status.
pub(crate) fn wrong_status(lang: Lang, found: Status) -> Refusal {
    let words = lang.fill("现在的状态是“{status}”，不能这样办", &[("status", lang.t(status(found).2))]);
    Refusal::new("wrong_status", words)
}

/// Why an offering that families chose is not taken back and does not end.
pub(crate) fn not_retired(lang: Lang, why: RetireRefused) -> Refusal {
    match why {
        RetireRefused::WrongStatus(found) => wrong_status(lang, found),
        RetireRefused::Choosing(_) => {
            Refusal::new("choosing", lang.t("家长正在选这门课：等这一轮公布结果，或者先作废这一轮"))
        }
        RetireRefused::Seats(seats) => {
            let words =
                lang.fill("有 {n} 个孩子选上了这门课，请看过人数再勾选", &[("n", &seats.to_string())]);
            Refusal::new("seats", words).at("agreed")
        }
        RetireRefused::NoReason => {
            Refusal::new("no_reason", lang.t("请写停开的理由，家长会看到")).at("reason")
        }
        RetireRefused::ReasonTooLong => {
            let most = LONGEST_REASON.to_string();
            Refusal::new("reason_too_long", lang.fill("理由最多写 {n} 个字", &[("n", &most)])).at("reason")
        }
    }
}

/// Why the reviewer's word does not count.
pub(crate) fn not_decided(lang: Lang, why: DecideRefused) -> Refusal {
    match why {
        DecideRefused::WrongStatus(found) => wrong_status(lang, found),
        DecideRefused::Changed => {
            Refusal::new("changed", lang.t("您打开以后教务处改过，请看过最新的内容再决定"))
        }
        DecideRefused::OwnWork => Refusal::new("own_work", lang.t("自己写的或自己提交的，要请另一位审核")),
        DecideRefused::NoReason => Refusal::new("no_reason", lang.t("退回要写明理由")).at("reason"),
        DecideRefused::ReasonTooLong => {
            let most = LONGEST_REASON.to_string();
            Refusal::new("reason_too_long", lang.fill("理由最多写 {n} 个字", &[("n", &most)])).at("reason")
        }
        DecideRefused::Unfit => {
            Refusal::new("unfit", lang.t("和现在生效的服务方案不符，只能退回")).at("verdict")
        }
        DecideRefused::Clash => {
            Refusal::new("clash", lang.t("地方或老师同一时间已经有安排，只能退回")).at("verdict")
        }
    }
}

const fn over(over: Over) -> &'static str {
    match over {
        Over::Venue => "venue",
        Over::Teacher => "teacher",
    }
}

/// What is missing, by its field.
pub(crate) fn lack(lang: Lang, lack: Lack) -> Refusal {
    match lack {
        Lack::Venue => Refusal::new("no_venue", lang.t("还没写在哪里活动")).at("venue"),
        Lack::Teacher => Refusal::new("no_teacher", lang.t("还没定由谁带")).at("teacher"),
        Lack::Description => Refusal::new("no_description", lang.t("还没写介绍")).at("description"),
    }
}

/// What else meets at the same time: 周三和“足球社”同一个地方.
pub(crate) fn clash(lang: Lang, with: &ClashWith) -> String {
    let (text, name) = match (&with.with, with.over) {
        (With::Offering(title), Over::Venue) => ("{day}和“{title}”同一个地方、同一时间", title),
        (With::Offering(title), Over::Teacher) => ("{day}和“{title}”同一位老师、同一时间", title),
        (With::Care(group), Over::Venue) => ("{day}同一时间，{title}的看护也在这个地方", group),
        (With::Care(group), Over::Teacher) => ("{day}同一时间，这位老师带着{title}的看护", group),
    };
    lang.fill(text, &[("day", weekday(lang, with.weekday)), ("title", name)])
}

/// Everything that the office has to put right, each in a sentence.
pub(crate) fn wrongs(lang: Lang, plan: Option<&Plan>, line: &Line) -> Vec<String> {
    let faults =
        plan.map(|plan| line.faults.iter().map(|one| fault(lang, plan, one).message).collect::<Vec<_>>());
    let mut wrongs = faults.unwrap_or_default();
    wrongs.extend(line.clashes.iter().map(|one| clash(lang, one)));
    wrongs.extend(line.lacks.iter().map(|one| lack(lang, *one).message));
    wrongs
}

/// What a word may point at.
pub(crate) const fn concern(concern: Concern) -> Option<kehou_domain::plan::Banned> {
    match concern {
        Concern::Banned(banned) => Some(banned),
        Concern::Charge => None,
    }
}

/// The concern's name.
pub(crate) fn concern_name(lang: Lang, of: Concern) -> &'static str {
    lang.t(concern(of).map_or("违规收费", |banned| banned.name()))
}

const fn part(part: Part) -> &'static str {
    match part {
        Part::Title => "名称",
        Part::Description => "介绍",
        Part::Materials => "要带的东西",
    }
}

/// A flag with the very words: “奥数”（名称）：竞赛培训，国家规定禁止.
pub(crate) fn flag(lang: Lang, flag: &Flag) -> String {
    match flag {
        Flag::Wording { concern, part: place, found, by_plan } => {
            let text = if *by_plan {
                "“{found}”（{part}）：可能是{concern}，本校方案明文禁止"
            } else {
                "“{found}”（{part}）：可能是{concern}，上级规定禁止"
            };
            let values = [
                ("found", &found[..]),
                ("part", lang.t(part(*place))),
                ("concern", concern_name(lang, *concern)),
            ];
            lang.fill(text, &values)
        }
        Flag::AboveMost(most) => lang.fill("名额超过方案原则上的每班 {n} 人", &[("n", &most.to_string())]),
    }
}

/// Why a child may not take it, for a tag.
pub(crate) fn not_for(lang: Lang, details: &Details, why: NotFor) -> String {
    match why {
        NotFor::Grade => lang.fill("限 {grades}", &[("grades", &plan_words::grades(lang, details.grades))]),
        NotFor::Sex => lang.t(sex(details.sex)).to_owned(),
    }
}

/// What is collected for somebody else, in yuan for a term.
pub(crate) fn cost(lang: Lang, details: &Details) -> Option<String> {
    let yuan = details.cost?.yuan();
    Some(lang.fill("代收费 {yuan} 元/学期", &[("yuan", &yuan)]))
}
