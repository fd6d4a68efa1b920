//! Facts of dismissal as sentences.

use std::borrow::Borrow;

use kehou_app::dismissal::{
    Agreement, ChildCard, ChildToday, HandoverRefused, PaperKind, RestrictionRefused, Says, Source, StepKind,
    ToDo,
};
use kehou_domain::custody::{CannotFollow, Check, Ending, Receiver, What, Whereabouts};
use kehou_domain::dismissal::{
    CannotClose, CannotStay, CannotTakeBack, ClosingCheck, ConsentRefused, GroupOpen, NamingRefused, Outlook,
    Settlement, SettlementRefused, StillOpen,
};
use kehou_domain::plan::ReleaseMode;

use crate::dates;
use crate::enrolment::words::purpose;
use crate::lang::Lang;
use crate::people::words::{self as people_words, graded_class};
use crate::refusal::Refusal;

/// A child's class: 三(2)班, Class 3(2); nothing for a child in no class.
pub(crate) fn class(lang: Lang, child: &ChildCard) -> String {
    let (Some(class), Some(grade)) = (child.class, child.grade) else { return String::new() };
    graded_class(lang, grade, class.class_no)
}

/// The grades of a wave: 1、2年级.
pub(super) fn grades(lang: Lang, grades: &[u8]) -> String {
    let mut grades = grades.to_vec();
    grades.sort_unstable();
    let list: Vec<String> = grades.iter().map(u8::to_string).collect();
    lang.fill("{grades}年级", &[("grades", &list.join(comma(lang)))])
}

/// What stands between the parts of a list.
pub(crate) const fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    }
}

/// A way of checking, as the guard chooses it.
pub(super) const fn check(check: Check) -> &'static str {
    match check {
        Check::Known => "认识，孩子也认得",
        Check::Asked => "问了姓名和关系，孩子说的一样",
        Check::PaperSeen => "看了带照片的证件",
        Check::Telephoned => "打电话问过家长",
    }
}

/// Where a child is, in a word, with the tag's class and icon.
pub(crate) const fn place(place: Whereabouts) -> (&'static str, &'static str, &'static str) {
    match place {
        Whereabouts::NotExpected => ("今天不来", "leave", "info"),
        Whereabouts::Unseen => ("还没点", "late", "clock"),
        Whereabouts::Here => ("在场", "present", "check"),
        Whereabouts::Missing => ("未到", "absent", "alert"),
        Whereabouts::ElsewhereInSchool => ("在校内别处", "late", "school"),
        Whereabouts::SickRoom => ("在医务室", "late", "heart"),
        Whereabouts::WithColleague => ("已交到门口", "present", "door"),
        Whereabouts::LateCare => ("留下等家长", "late", "clock"),
        Whereabouts::Ended(ending) => ended(ending),
    }
}

const fn ended(ending: Ending) -> (&'static str, &'static str, &'static str) {
    match ending {
        Ending::OnLeave => ("请假", "leave", "cal"),
        Ending::NotComing => ("今天不来", "leave", "cal"),
        Ending::WithFamily => ("在家长身边", "leave", "home"),
        Ending::HandedOver(Receiver::Colleague) => ("已交到门口", "present", "door"),
        Ending::HandedOver(_) | Ending::Collected(_) => ("已接走", "present", "home"),
        Ending::WentAlone => ("已自行离校", "present", "out"),
        Ending::TookBus => ("已上校车", "present", "bus"),
    }
}

/// The latest record of a child's day, as its family reads it: 老师已点到, 奶奶已接走.
pub(super) fn live(lang: Lang, place: Whereabouts, taken_by: Option<&(String, String)>) -> String {
    match place {
        Whereabouts::Here => lang.t("老师已点到").to_owned(),
        Whereabouts::WithColleague => lang.t("老师已交到门口").to_owned(),
        Whereabouts::LateCare => lang.t("老师陪着等您").to_owned(),
        Whereabouts::Missing => lang.t("老师正在找孩子").to_owned(),
        Whereabouts::SickRoom => lang.t("孩子在医务室").to_owned(),
        Whereabouts::ElsewhereInSchool => lang.t("孩子在校内").to_owned(),
        Whereabouts::Unseen => lang.t("老师还没点名").to_owned(),
        Whereabouts::NotExpected => lang.t("今天没有课后服务").to_owned(),
        Whereabouts::Ended(Ending::HandedOver(_) | Ending::Collected(_)) => match taken_by {
            Some((name, relation)) => lang.fill("{who}已接走", &[("who", &called(lang, name, relation))]),
            None => lang.t("已接走").to_owned(),
        },
        Whereabouts::Ended(
            ending @ (Ending::OnLeave
            | Ending::NotComing
            | Ending::WithFamily
            | Ending::WentAlone
            | Ending::TookBus),
        ) => lang.t(ended(ending).0).to_owned(),
    }
}

/// The same for a child of today; a child on no list is told what the day may bring.
pub(super) fn now(lang: Lang, today: &ChildToday) -> String {
    let place = today.state.whereabouts();
    if place == Whereabouts::NotExpected {
        return outlook(lang, &today.outlook);
    }
    live(lang, place, today.taken_by.as_ref())
}

/// What a day may bring, in Chinese.
fn outlook(lang: Lang, outlook: &Outlook) -> String {
    match outlook {
        Outlook::NotInService => lang.t("还没有参加课后服务").to_owned(),
        Outlook::Joins { from_on } => {
            lang.fill("{day}起参加课后服务", &[("day", &dates::day(lang, *from_on))])
        }
        Outlook::Undecided => lang.t("今天有没有课后服务，学校还没定").to_owned(),
        Outlook::ToCome => lang.t("今天有课后服务").to_owned(),
        Outlook::NoService { .. } => lang.t("今天没有课后服务").to_owned(),
    }
}

/// Why the whole school has no service on the day; nothing where it has one.
pub(super) fn why_no_service(lang: Lang, outlook: &Outlook) -> Option<String> {
    match outlook {
        Outlook::NoService { why: Some(why) } => Some(crate::calendar::words::no_service(lang, why)),
        Outlook::NoService { why: None }
        | Outlook::NotInService
        | Outlook::Joins { .. }
        | Outlook::Undecided
        | Outlook::ToCome => None,
    }
}

/// Someone by relation and name: 奶奶王桂兰; a name that says the relation already says it once: 周奶奶.
pub(super) fn called(lang: Lang, name: &str, relation: &str) -> String {
    if name.contains(relation) {
        return name.to_owned();
    }
    let relation = people_words::relation(lang, relation);
    match lang {
        Lang::Zh => format!("{relation}{name}"),
        Lang::En => format!("{relation} {name}"),
    }
}

/// A step of the day.
pub(super) fn step(lang: Lang, step: &StepKind) -> String {
    match step {
        StepKind::RollCall => lang.t("点到").to_owned(),
        StepKind::Session(group) => people_words::group(lang, group),
        StepKind::GoHome => lang.t("放学回家").to_owned(),
    }
}

/// What the family is to do, in Chinese, and until when or why.
pub(super) fn to_do(lang: Lang, to_do: ToDo) -> (&'static str, String) {
    match to_do {
        ToDo::Apply { closes_on: Some(day) } => {
            ("报名课后服务", lang.fill("{day}前都可以报，先报后报一样", &[("day", &dates::day(lang, day))]))
        }
        ToDo::Apply { closes_on: None } => ("报名课后服务", lang.t("随时可以报").to_owned()),
        ToDo::Correct => ("修改报名", lang.t("学校退回了，请改好再交").to_owned()),
        ToDo::Sign => ("签协议", lang.t("报名通过了，读完并签名，约 2 分钟").to_owned()),
        ToDo::Follow => ("看报名进度", lang.t("学校在办，轮到您时会发消息").to_owned()),
    }
}

/// A fact of the day, as its family reads it.
pub(super) fn fact(lang: Lang, what: &What) -> &'static str {
    let words = match what {
        What::Expected => "今天应到",
        What::OnLeave(_) => "请假",
        What::Present => "老师点到",
        What::Late => "迟到，老师点到",
        What::Absent => "点名时未到",
        What::Found(kehou_domain::custody::Found::InSchool) => "在校内找到",
        What::Found(kehou_domain::custody::Found::WithFamily) => "和家人在一起",
        What::EarlyLeaveApproved(_) => "同意提前离校",
        What::LeftEarly(_) => "提前送到门口",
        What::HandedOver(_) => "老师交出",
        What::LetThrough(_) => "走出校门",
        What::WentAlone => "自己走了",
        What::TookBus => "上了校车",
        What::StayedLate => "留下等家长",
        What::Returned => "又回到学校",
        What::NotComing => "今天不来",
        What::SickRoom => "在医务室",
        What::Undone => "撤销上一条",
    };
    lang.t(words)
}

/// How a child may go home.
pub(super) const fn mode(mode: ReleaseMode) -> &'static str {
    match mode {
        ReleaseMode::Guardian => "由监护人接",
        ReleaseMode::Delegate => "由接送人接",
        ReleaseMode::Bus => "坐校车走",
        ReleaseMode::Alone => "自己离校",
    }
}

/// Why a delegate cannot be named so, by the field.
pub(super) fn naming(lang: Lang, refused: NamingRefused) -> Refusal {
    let (code, field, words) = match refused {
        NamingRefused::NoName => ("no_name", "name", "请填来接的人的姓名"),
        NamingRefused::NoNameAtAll => ("no_name_at_all", "name", "姓名只写字，不写数字和符号"),
        NamingRefused::NoRelation => ("no_relation", "relation", "请填和孩子的关系，例如：奶奶"),
        NamingRefused::NoRelationAtAll => {
            ("no_relation_at_all", "relation", "和孩子的关系只写字，不写数字和符号")
        }
        NamingRefused::NameTooLong => ("name_too_long", "name", "姓名最多 40 个字"),
        NamingRefused::RelationTooLong => ("relation_too_long", "relation", "和孩子的关系最多 20 个字"),
        NamingRefused::NotCapable => ("not_capable", "capable", "请勾选“这位是固定的、能自己作主的成年人”"),
        NamingRefused::EndsBeforeStart => ("ends_before_start", "to_on", "结束日期不能早于开始日期"),
        NamingRefused::Past => ("past", "to_on", "结束日期已经过去，请选今天或以后"),
        NamingRefused::StartsInPast => ("starts_in_past", "from_on", "开始日期已经过去，请选今天或以后"),
        NamingRefused::TooLong => ("too_long", "to_on", "一次最多一年，请选近一点的日期"),
        NamingRefused::TooMany => ("too_many", "name", "最多 8 位接送人，请先结束不用的"),
        NamingRefused::NamedAlready => ("named_already", "name", "这位已经在名单里，日期有重叠"),
        NamingRefused::AskSchool => ("ask_school", "name", "这一位请先联系学校，由学校办理"),
    };
    Refusal::new(code, lang.t(words)).at(field)
}

/// Everything for which a delegate cannot be named so.
pub(super) fn not_named(lang: Lang, refused: &[NamingRefused]) -> Vec<Refusal> {
    refused.iter().map(|why| naming(lang, *why)).collect()
}

/// Why a mode cannot be consented to.
pub(super) fn consent(lang: Lang, refused: ConsentRefused) -> Refusal {
    let (code, words) = match refused {
        ConsentRefused::NotOffered => ("not_offered", "这个年级不能这样离校"),
        ConsentRefused::Given => ("given", "已经同意过了"),
        ConsentRefused::NotNeeded => ("not_needed", "有人来接不用签同意书"),
    };
    Refusal::new(code, lang.t(words))
}

/// Why a restriction cannot be set so, by the field.
pub(super) fn restriction(lang: Lang, refused: RestrictionRefused) -> Refusal {
    let (code, field, words) = match refused {
        RestrictionRefused::NoName => ("no_name", "name", "请填不能接走孩子的人的姓名"),
        RestrictionRefused::NameTooLong => ("name_too_long", "name", "姓名最多 40 个字"),
        RestrictionRefused::NoteTooLong => ("note_too_long", "note", "补充说明最多写 500 个字"),
        RestrictionRefused::Past => ("past", "to_on", "结束日期已经过去，请选今天或以后"),
        RestrictionRefused::NotGuardian => ("not_guardian", "guardian", "这位不是孩子的监护人"),
        RestrictionRefused::Set => ("set", "name", "这位已经登记过"),
        RestrictionRefused::NameDiffers => {
            ("name_differs", "guardian", "选的监护人和填的姓名不是同一个人，请核对改成一致")
        }
    };
    Refusal::new(code, lang.t(words)).at(field)
}

/// What a restriction is founded on.
pub(super) const fn source(source: Source) -> &'static str {
    match source {
        Source::CourtPaper => "看过法院文书",
        Source::GuardianRequest => "监护人书面要求",
        Source::Authority => "公安等部门要求",
    }
}

/// How a stop was ended.
pub(super) const fn settlement(settlement: Settlement) -> &'static str {
    match settlement {
        Settlement::TurnedAway => "请来人离开，孩子继续等",
        Settlement::Mistaken => "认错人了，没有事",
        Settlement::Found => "孩子找到了",
        Settlement::LetGo => "电话问过监护人，同意这位接，由门卫核对放行",
    }
}

/// Why a stop cannot be ended so.
pub(super) fn settling(lang: Lang, refused: SettlementRefused) -> Refusal {
    let (code, field, words) = match refused {
        SettlementRefused::SettledAlready => ("settled_already", "note", "这一条已经处理过"),
        SettlementRefused::NoNote => ("no_note", "note", "请写下怎么处理的"),
        SettlementRefused::NoteTooLong => ("note_too_long", "note", "最多写 500 个字"),
        SettlementRefused::MustNotCollect => {
            ("must_not_collect", "settlement", "这个人不能接走孩子，谁也不能放行")
        }
        SettlementRefused::NobodyNamed => {
            ("nobody_named", "settlement", "没有记下来人的姓名，不能放行：请回到核验页，按姓名查这个人")
        }
        SettlementRefused::NotAboutFinding => {
            ("not_about_finding", "settlement", "拦下的是人，请写怎么处理这个人的")
        }
        SettlementRefused::NobodyAgreed => ("nobody_agreed", "called", "请选电话里同意的是哪位监护人"),
        SettlementRefused::MayNotAgree => ("may_not_agree", "called", "这位不能决定谁来接，请问别的监护人"),
        SettlementRefused::NotInCare => ("not_in_care", "settlement", "孩子不在学校手里，先找到孩子"),
    };
    Refusal::new(code, lang.t(words)).at(field)
}

/// A guardian's word on the telephone: 母亲 高娟华电话同意，吴兰 16:50 记下.
pub(super) fn agreed(lang: Lang, agreement: &Agreement) -> String {
    let relation = people_words::relation(lang, &agreement.relation);
    let by = Some(agreement.noted_by.as_str()).filter(|name| !name.is_empty());
    let by = by.unwrap_or(lang.t("值班领导"));
    let time = dates::time(kehou_domain::moment::wall_clock(agreement.at).time());
    let values = [("relation", &*relation), ("name", &*agreement.guardian), ("who", by), ("time", &*time)];
    lang.fill("{relation} {name}电话同意，{who} {time} 记下", &values)
}

/// Why a release cannot be taken back.
pub(super) fn cannot_take_back(lang: Lang, why: CannotTakeBack) -> Refusal {
    let (code, words) = match why {
        CannotTakeBack::NotLetGo => ("not_let_go", "没有可以撤回的放行：已经撤回过，或者后来又有了新的记录"),
        CannotTakeBack::TooLate => ("too_late", "放行超过 5 分钟了，请值班领导更正"),
        CannotTakeBack::ByDutyLeader => ("by_duty_leader", "这是值班领导放行的，请值班领导更正"),
        CannotTakeBack::DayClosed => ("day_closed", "当天已经关了，不能再改"),
    };
    Refusal::new(code, lang.t(words))
}

/// Why children cannot be handed over.
pub(super) fn handover(lang: Lang, refused: &HandoverRefused) -> Refusal {
    match refused {
        HandoverRefused::DayClosed => Refusal::new("day_closed", lang.t(DAY_CLOSED)),
        HandoverRefused::CalledOff => Refusal::new("called_off", lang.t("这一组今天停了，没有交接")),
        HandoverRefused::Nobody => Refusal::new("nobody", lang.t("请先勾选孩子")).at("students"),
        HandoverRefused::NoPlace => Refusal::new("no_place", lang.t("请填交到哪里，例如：北门")).at("place"),
        HandoverRefused::PlaceTooLong => {
            Refusal::new("place_too_long", lang.t("交到哪里最多写 50 个字")).at("place")
        }
        HandoverRefused::Child { name, why } => {
            let words = lang.fill("{name}：{why}", &[("name", name), ("why", lang.t(cannot(*why)))]);
            Refusal::new("child", words).at("students")
        }
        HandoverRefused::Late { name, why } => late(lang, name, *why),
    }
}

/// Why nobody stays late with a child.
fn late(lang: Lang, name: &str, why: CannotStay) -> Refusal {
    let (code, field, why) = match why {
        CannotStay::NotOver { ends_at } => {
            let time = dates::time(kehou_domain::moment::wall_clock(ends_at).time());
            ("not_over", "students", lang.fill("{time} 才结束，还没到等家长的时候", &[("time", &time)]))
        }
        CannotStay::GoesOn => ("goes_on", "students", lang.t("后面还有一场，还没到等家长的时候").to_owned()),
        CannotStay::HandedOver => {
            ("handed_over", "back", lang.t("已经交到门口。孩子回到您身边，请勾选后再记").to_owned())
        }
        CannotStay::Stays => ("stays", "students", lang.t("已经有人陪着等家长").to_owned()),
        CannotStay::Day(why) => ("child", "students", lang.t(cannot(why)).to_owned()),
    };
    Refusal::new(code, lang.fill("{name}：{why}", &[("name", name), ("why", &why)])).at(field)
}

/// Once a day is closed nothing is noted on it (H9).
const DAY_CLOSED: &str = "这一天已经关了，不能再改";

const fn cannot(why: CannotFollow) -> &'static str {
    match why {
        CannotFollow::NotExpected => "不在这个班",
        CannotFollow::NotSeen => "还没点到，请先点名",
        CannotFollow::Missing => "还在找，请先说明去向",
        CannotFollow::InSchool => "在学校里",
        CannotFollow::Ended(_) => "已经离校",
        CannotFollow::NotApproved => "还没同意提前离校",
        CannotFollow::NotMissing => "没有在找",
        CannotFollow::NotGone => "没有离校",
        CannotFollow::GivenOut => "已经交到门口或者有人陪着等",
        CannotFollow::DayClosed => DAY_CLOSED,
    }
}

/// What a paper is about.
pub(super) fn paper_kind(kind: impl Borrow<PaperKind>) -> &'static str {
    match kind.borrow() {
        PaperKind::Delegate => "请人来接",
        PaperKind::DelegateEnds => "不再请人来接",
        PaperKind::WayHome => "同意怎么离校",
        PaperKind::WayHomeEnds => "收回离校同意",
        PaperKind::Purposes => "信息用途同意",
        PaperKind::Withdrawal => "退出课后服务",
    }
}

/// What a paper says, in one line that the second person compares with it.
pub(super) fn says(lang: Lang, says: &Says) -> String {
    match says {
        Says::Delegate(naming) => {
            let (from, to) = (dates::day(lang, naming.from_on), dates::day(lang, naming.to_on));
            let values =
                [("name", &*naming.name), ("relation", &*naming.relation), ("from", &*from), ("to", &*to)];
            lang.fill("{name}（{relation}）可以来接，{from} 到 {to}", &values)
        }
        Says::DelegateEnds(_, name) => lang.fill("{name} 不再来接", &[("name", name)]),
        Says::WayHome(to) => lang.fill("同意：{list}", &[("list", lang.t(mode(*to)))]),
        Says::WayHomeEnds(_, to) => lang.fill("收回同意：{list}", &[("list", lang.t(mode(*to)))]),
        Says::Purposes(answers) => {
            let heads = |wanted: bool| {
                let heads = answers.iter().filter(|(_, given)| *given == wanted);
                heads.map(|(one, _)| lang.t(purpose(*one).0)).collect::<Vec<_>>().join(comma(lang))
            };
            let said = [("同意：{list}", heads(true)), ("不同意：{list}", heads(false))];
            let said = said.iter().filter(|(_, list)| !list.is_empty());
            said.map(|(words, list)| lang.fill(words, &[("list", list)])).collect::<Vec<_>>().join(" · ")
        }
        Says::Withdrawal(last_day, reason) => {
            let words = lang.fill("退出课后服务，最后一天{day}", &[("day", &dates::day(lang, *last_day))]);
            if reason.is_empty() { words } else { format!("{words} · {reason}") }
        }
    }
}

/// A check of the room.
pub(super) const fn closing(check: ClosingCheck) -> &'static str {
    match check {
        ClosingCheck::ChildrenLeft => "孩子都离开了教室",
        ClosingCheck::PowerOff => "灯、风扇、电器都关了",
        ClosingCheck::DoorsLocked => "门锁好了",
        ClosingCheck::WindowsShut => "窗关好了",
    }
}

/// Why a group cannot be closed.
pub(super) fn group_open(lang: Lang, open: &GroupOpen) -> Refusal {
    match open {
        GroupOpen::Children(children) => {
            let n = children.len().to_string();
            Refusal::new("children", lang.fill("还有 {n} 个孩子没有交出，先交出再关教室", &[("n", &n)]))
        }
        GroupOpen::Unchecked(checks) => {
            let list: Vec<&str> = checks.iter().map(|check| lang.t(closing(*check))).collect();
            let list = list.join(comma(lang));
            Refusal::new("unchecked", lang.fill("还没勾：{list}", &[("list", &list)])).at("checks")
        }
        GroupOpen::Waiting(children) => {
            let n = children.len().to_string();
            Refusal::new("waiting", lang.fill("还有 {n} 个孩子在等家长，请一个一个勾", &[("n", &n)]))
                .at("along")
        }
        GroupOpen::DayClosed => Refusal::new("day_closed", lang.t(DAY_CLOSED)),
        GroupOpen::CalledOff => Refusal::new("called_off", lang.t("这一组今天停了，不用关教室")),
        GroupOpen::NoteTooLong => Refusal::new("note_too_long", lang.t("最多写 500 个字")).at("note"),
    }
}

/// Why the day cannot be closed.
pub(super) fn cannot_close(lang: Lang, why: &CannotClose) -> Refusal {
    match why {
        CannotClose::NotYet => Refusal::new("not_yet", lang.t("这一天还没到，不能关")),
        CannotClose::NothingHeld => {
            Refusal::new("nothing_held", lang.t("这一天还没有排出课后服务，没有什么可关"))
        }
        CannotClose::Open(open) => {
            let list = still_open(lang, open);
            Refusal::new("open", lang.fill("这一天还不能关：{list}", &[("list", &list)]))
        }
        CannotClose::NoReason(open) => {
            let list = still_open(lang, open);
            let words = lang.fill("{list}。这一天已经过去，要关请写明原因", &[("list", &list)]);
            Refusal::new("no_reason", words).at("reason")
        }
        CannotClose::NotCounted(n) => {
            let words = lang.fill("现在有 {n} 个孩子没有去向，请看过名单再勾", &[("n", &n.to_string())]);
            Refusal::new("not_counted", words).at("without")
        }
        CannotClose::ReasonNotInWords => {
            Refusal::new("reason_not_in_words", lang.t("原因请用文字写明，至少两个字")).at("reason")
        }
        CannotClose::ReasonTooLong => {
            Refusal::new("reason_too_long", lang.t("原因最多写 500 个字")).at("reason")
        }
    }
}

/// What keeps the day open.
pub(super) fn still_open(lang: Lang, open: &StillOpen) -> String {
    let parts = [
        ("{n} 个孩子还没有去向", open.children.len()),
        ("{n} 个孩子还在找", open.missing),
        ("{n} 次拦下没有处理", open.stops),
        ("{n} 间教室没有关", open.groups),
    ];
    let open: Vec<String> = parts
        .into_iter()
        .filter(|(_, n)| *n != 0)
        .map(|(words, n)| lang.fill(words, &[("n", &n.to_string())]))
        .collect();
    open.join(comma(lang))
}
