//! Facts of enrolment as sentences. Chinese texts are keys; the reader's language is put in here or by `|t`.

use std::borrow::Borrow;

use kehou_app::enrolment::{
    CannotAnswer, CannotAsk, CannotEnter, CannotOpen, CannotPublish, CannotSign, Exception, FallsAway,
    InClass, Offered, Source, View, Wish,
};
use kehou_domain::enrolment::agreement::{Kind, LONGEST_CLAUSE, LONGEST_HEAD, MOST_CLAUSES, Side, Unusable};
use kehou_domain::enrolment::apply::{CannotApply, Choice, Need};
use kehou_domain::enrolment::chain::{Status, Step};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::enrolment::ending::{CannotEnd, NOTICE_DAYS};
use kehou_domain::enrolment::notice::Item;
use kehou_domain::enrolment::objection::{CannotObject, Finding, LONGEST_OBJECTION};
use kehou_domain::enrolment::paper::CannotCount;
use kehou_domain::enrolment::review::{CannotDecide, Ground};
use kehou_domain::enrolment::signature::NotASignature;

use crate::dates;
use crate::identity;
use crate::lang::Lang;
use crate::people::words::graded_class;
use crate::plan::words as plan_words;
use crate::refusal::Refusal;

/// A class: 三(2)班, Class 3(2).
pub(crate) fn class(lang: Lang, class: Option<InClass>) -> String {
    let Some(class) = class else { return lang.t("未分班").to_owned() };
    graded_class(lang, class.grade, u8::try_from(class.number).unwrap_or_default())
}

/// A weekday's word.
pub(crate) fn weekday(lang: Lang, weekday: i8) -> &'static str {
    let known = jiff::civil::Weekday::from_monday_one_offset(weekday);
    known.map_or("", |weekday| dates::weekday(lang, weekday))
}

/// Slots with their weekdays: 课后服务 · 周一–周三、周五.
pub(crate) fn choices(lang: Lang, choices: &[Offered]) -> Vec<String> {
    plan_words::places(lang, choices.iter().map(|offered| (offered.name.as_str(), offered.choice.weekday)))
}

/// Slots of a place that the plan has no time for: from when, and which they are.
pub(crate) fn falls_away(lang: Lang, one: &FallsAway) -> (String, String) {
    let text = if one.gone {
        "从{day}起，服务方案里没有了这些时段："
    } else {
        "到{day}，服务方案里就没有这些时段了："
    };
    let head = lang.fill(text, &[("day", &dates::day(lang, one.from))]);
    (head, choices(lang, &one.slots).join(plan_words::comma(lang)))
}

/// A step's name.
pub(crate) fn step(lang: Lang, step: Step) -> String {
    match step {
        Step::Review { role, .. } => lang.fill("{role}审核", &[("role", lang.t(identity::role(role)))]),
        Step::Publication { .. } => lang.t("班级公示").to_owned(),
        Step::Filing => lang.t("报教育局备案").to_owned(),
        Step::Agreement => lang.t("签订协议").to_owned(),
    }
}

/// What a step says of itself to the family.
pub(crate) fn view(lang: Lang, view: &View) -> String {
    match view {
        View::Done { at, .. } => dates::moment(lang, *at),
        View::Now { due_on } => lang.fill("{day}前办完", &[("day", &dates::day(lang, *due_on))]),
        View::Ahead => lang.t("还没到").to_owned(),
        View::Returned { ground: why, note } | View::Refused { ground: why, note } => {
            reason(lang, why.as_ref(), note)
        }
    }
}

/// A ground with the reviewer's own words.
pub(crate) fn reason(lang: Lang, why: Option<&Ground>, note: &str) -> String {
    let head = why.map_or("", |why| lang.t(ground(why)));
    match (head, note) {
        (head, "") => head.to_owned(),
        ("", note) => note.to_owned(),
        (head, note) => format!("{head}{}{note}", colon(lang)),
    }
}

/// The colon of the language.
pub(crate) const fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "：",
        Lang::En => ": ",
    }
}

/// What has become of an application.
pub(crate) fn status(status: impl Borrow<Status>) -> &'static str {
    match *status.borrow() {
        Status::Waiting => "办理中",
        Status::Returned => "退回修改",
        Status::Refused => "没有通过",
        Status::Withdrawn => "已退出",
        Status::Enrolled => "已参加",
    }
}

/// The tag's colour of a status.
pub(crate) const fn status_tag(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Waiting => ("leave", "clock"),
        Status::Returned => ("late", "undo"),
        Status::Refused => ("absent", "x"),
        Status::Withdrawn => ("gone", "out"),
        Status::Enrolled => ("present", "check"),
    }
}

/// Why an application goes back or is refused.
pub(crate) const fn ground(ground: &Ground) -> &'static str {
    match ground {
        Ground::CanLeaveOnTime => "核对后能按时离校",
        Ground::NotOnRoll => "不是本校在读学生",
        Ground::GradeNotServed => "所在年级不在服务范围",
        Ground::Incomplete => "信息不全，请补充",
        Ground::ChoiceUnclear => "所选时段要再确认",
    }
}

/// Why a family needs the service.
pub(crate) fn need(need: impl Borrow<Need>) -> &'static str {
    match *need.borrow() {
        Need::Pickup => "没人能按时来接",
        Need::NobodyHome => "家里没人照看",
        Need::Help => "家里没法辅导作业",
        Need::Other => "其他，写在备注里",
    }
}

/// How it was handed in.
pub(crate) fn source(source: impl Borrow<Source>) -> &'static str {
    match *source.borrow() {
        Source::OwnAct => "家长本人提交",
        Source::Paper => "纸质表",
    }
}

/// The survey's answers.
pub(crate) fn wish(wish: impl Borrow<Wish>) -> &'static str {
    match *wish.borrow() {
        Wish::Yes => "想参加",
        Wish::No => "不参加",
        Wish::Unsure => "还没想好",
    }
}

/// What a letter tells.
pub(crate) fn item(item: impl Borrow<Item>) -> &'static str {
    match *item.borrow() {
        Item::Time => "服务时间",
        Item::Content => "服务内容",
        Item::Manner => "服务方式",
        Item::Arrangement => "人员和活动安排",
        Item::Safety => "安全措施",
        Item::Fee => "收费",
        Item::Spending => "经费使用",
        Item::Risk => "风险提示",
    }
}

/// Which paper.
pub(crate) fn kind(kind: impl Borrow<Kind>) -> &'static str {
    match *kind.borrow() {
        Kind::ServiceAgreement => "委托协议",
        Kind::SafetyPledge => "安全承诺书",
    }
}

/// Whom a clause binds.
pub(crate) fn side(side: impl Borrow<Side>) -> &'static str {
    match *side.borrow() {
        Side::School => "学校",
        Side::Family => "家长",
        Side::Both => "双方",
    }
}

/// A purpose and what it means.
pub(crate) const fn purpose(purpose: Purpose) -> (&'static str, &'static str) {
    match purpose {
        Purpose::RunService => ("组织课后服务", "用姓名、性别、班级和家长联系方式点名、编组、接送。"),
        Purpose::UrgentContact => ("紧急联系", "孩子没到或身体不适时，老师给您打电话。"),
        Purpose::HealthNotes => ("健康提示", "把您写的过敏等情况告诉带班老师。"),
        Purpose::GatePicture => ("门口照片", "放学时门卫屏幕上显示孩子照片，帮助认人。"),
        Purpose::WorksAndPictures => ("活动照片", "在校内展示孩子的作品和活动照片。"),
    }
}

/// Why a family cannot apply.
pub(crate) fn cannot_apply(lang: Lang, why: &CannotApply) -> Refusal {
    match why {
        CannotApply::LetterNotPublished => {
            Refusal::new("letter_not_published", lang.t("学校还没有发布告知书，发布后才能报名"))
        }
        CannotApply::LetterNotRead => Refusal::new("letter_not_read", lang.t("请先读完学校的告知书，再报名")),
        CannotApply::NotOpenYet { opens_on } => {
            Refusal::new("not_open_yet", lang.fill("{day}开始报名", &[("day", &dates::day(lang, *opens_on))]))
        }
        CannotApply::Closed { closes_on } => Refusal::new(
            "closed",
            lang.fill("报名已在{day}截止，请联系教务处", &[("day", &dates::day(lang, *closes_on))]),
        ),
        CannotApply::NotOnRoll => Refusal::new("not_on_roll", lang.t("只有本校在读学生能报名")),
        CannotApply::GradeNotServed => {
            Refusal::new("grade_not_served", lang.t("学校方案没有为孩子所在的年级安排课后服务"))
        }
        CannotApply::AlreadyApplied => {
            Refusal::new("already_applied", lang.t("已经报过名了，可以在报名进度里看"))
        }
        CannotApply::ConsentMissing(missing) => {
            let head = lang.t(purpose(*missing).0);
            Refusal::new(
                "consent_missing",
                lang.fill("请先同意“{purpose}”，没有它就无法照看孩子", &[("purpose", head)]),
            )
        }
        CannotApply::NothingChosen => Refusal::new("nothing_chosen", lang.t("请至少勾选一天")).at("choice"),
        CannotApply::NotOffered(choice) => not_offered(lang, choice),
        CannotApply::NeedMissing => {
            Refusal::new("need_missing", lang.t("请选一个需要课后服务的原因")).at("need")
        }
    }
}

fn not_offered(lang: Lang, choice: &Choice) -> Refusal {
    let day = weekday(lang, choice.weekday);
    let message = lang.fill("{day}没有这个时段，请重新勾选", &[("day", day)]);
    Refusal::new("not_offered", message).at("choice")
}

/// Why an answer to the survey does not count.
pub(crate) fn cannot_answer(lang: Lang, why: &CannotAnswer) -> Refusal {
    match why {
        CannotAnswer::NotOpenYet { opens_on } => {
            Refusal::new("not_open_yet", lang.fill("{day}开始调查", &[("day", &dates::day(lang, *opens_on))]))
        }
        CannotAnswer::Over { closes_on } => Refusal::new(
            "over",
            lang.fill("调查已在{day}结束，可以直接报名", &[("day", &dates::day(lang, *closes_on))]),
        ),
        CannotAnswer::NoWeekday => Refusal::new("no_weekday", lang.t("想参加的，请勾选星期几")).at("weekday"),
    }
}

/// Why a letter cannot be published.
pub(crate) fn cannot_publish(lang: Lang, why: &CannotPublish) -> Vec<Refusal> {
    match why {
        CannotPublish::TitleMissing => vec![Refusal::new("title_missing", lang.t("请填标题")).at("title")],
        CannotPublish::NotADraft => {
            vec![Refusal::new("not_a_draft", lang.t("已经发布的不能再改，请另写一份"))]
        }
        CannotPublish::Blank(items) => items
            .iter()
            .map(|blank| {
                let message = lang.fill("请写“{item}”，家长报名前要知道", &[("item", lang.t(item(*blank)))]);
                Refusal::new("blank", message).at(blank.word())
            })
            .collect(),
    }
}

/// Why a sign-up cannot be opened so.
pub(crate) fn cannot_open(lang: Lang, why: &CannotOpen) -> Refusal {
    match why {
        CannotOpen::SurveyOutOfOrder => {
            let message = lang.t("需求调查最后一天不能早于第一天");
            Refusal::new("survey_out_of_order", message).at("survey_closes_on")
        }
        CannotOpen::DaysOutOfOrder => {
            Refusal::new("days_out_of_order", lang.t("报名最后一天不能早于第一天")).at("closes_on")
        }
        CannotOpen::LetterNotPublished => {
            Refusal::new("letter_not_published", lang.t("请先发布告知书，再开放报名")).at("letter")
        }
        CannotOpen::ReviewDays => {
            Refusal::new("review_days", lang.t("审核期限填 1 到 60 天")).at("review_days")
        }
    }
}

/// Why a decision cannot be made.
pub(crate) fn cannot_decide(lang: Lang, why: &CannotDecide) -> String {
    match why {
        CannotDecide::NotYourStep => lang.t("现在不是您这一步").to_owned(),
        CannotDecide::NotWaiting => lang.t("已经办完或已退出").to_owned(),
        CannotDecide::NeedNotSeen => lang.t("方案要求核实困难，请勾选“已向家长核实不能按时离校”").to_owned(),
        CannotDecide::MayNotRefuse(why) => {
            lang.fill("“{ground}”不能作为不通过的理由，可以退回修改", &[("ground", lang.t(ground(why)))])
        }
    }
}

/// Why nothing was signed.
pub(crate) fn cannot_sign(lang: Lang, why: &CannotSign) -> Refusal {
    match why {
        CannotSign::NotYet => Refusal::new("not_yet", lang.t("还没到签字这一步")),
        CannotSign::NotRead { clauses } => {
            let text = "请读完各条，再勾选“我已读完以上 {n} 条，并和孩子讲过”";
            Refusal::new("not_read", lang.fill(text, &[("n", &clauses.to_string())])).at("has_read")
        }
        CannotSign::TextChanged => Refusal::new("text_changed", lang.t("学校更新了文本，请看新的内容再签")),
        CannotSign::AlreadySigned => Refusal::new("already_signed", lang.t("已经签过了")),
        CannotSign::Signature(NotASignature::Missing) => {
            Refusal::new("signature_missing", lang.t("请在框里手写签名，或输入您的姓名")).at("typed")
        }
        CannotSign::Signature(NotASignature::TooLong) => {
            Refusal::new("signature_too_long", lang.t("签名线条太多，请重签")).at("typed")
        }
        CannotSign::Signature(NotASignature::TooShort) => {
            Refusal::new("signature_too_short", lang.t("签名太短，请写出姓名")).at("typed")
        }
        CannotSign::Signature(NotASignature::NotAPath) => {
            Refusal::new("signature_unreadable", lang.t("签名没有读到，请重签或输入姓名")).at("typed")
        }
        CannotSign::Signature(NotASignature::OtherName) => {
            Refusal::new("other_name", lang.t("输入的姓名和登记的监护人不一致")).at("typed")
        }
    }
}

/// Why a place cannot end so.
pub(crate) fn cannot_end(lang: Lang, why: &CannotEnd) -> Refusal {
    match why {
        CannotEnd::AlreadyEnded { to_on } => Refusal::new(
            "already_ended",
            lang.fill("已经定在{day}结束", &[("day", &dates::day(lang, *to_on))]),
        )
        .at("last_day"),
        CannotEnd::InThePast => Refusal::new("in_the_past", lang.t("最后一天不能早于今天")).at("last_day"),
        CannotEnd::AfterTerm { ends_on } => Refusal::new(
            "after_term",
            lang.fill("这学期到{day}为止，最后一天不能更晚", &[("day", &dates::full_day(lang, *ends_on))]),
        )
        .at("last_day"),
        CannotEnd::NoticeTooShort { earliest } => {
            let (days, day) = (NOTICE_DAYS.to_string(), dates::day(lang, *earliest));
            let message = lang.fill("要提前 {n} 天通知家长，最早{day}", &[("n", &days), ("day", &day)]);
            Refusal::new("notice_too_short", message).at("last_day")
        }
        CannotEnd::ReasonMissing => {
            Refusal::new("reason_missing", lang.t("请写明没有履行协议的哪一条")).at("reason")
        }
    }
}

/// Why a paper cannot be entered or confirmed.
pub(crate) fn cannot_enter(lang: Lang, why: &CannotEnter) -> Refusal {
    match why {
        CannotEnter::Apply(why) => cannot_apply(lang, why),
        CannotEnter::Paper(why) => cannot_count(lang, why),
        CannotEnter::NothingToSign => Refusal::new(
            "nothing_to_sign",
            lang.t("这份报名现在不等签协议，或者所选时段已经改了，请看报名进度"),
        ),
    }
}

/// Why a paper does not count.
pub(crate) fn cannot_count(lang: Lang, why: &CannotCount) -> Refusal {
    match why {
        CannotCount::SamePerson => {
            Refusal::new("same_person", lang.t("录入的人不能自己确认，请另一位老师确认"))
        }
        CannotCount::PlaceMissing => {
            Refusal::new("place_missing", lang.t("请写纸质表放在哪里，以后好找")).at("place")
        }
        CannotCount::NoGuardian => {
            Refusal::new("no_guardian", lang.t("签字人不是登记的监护人")).at("guardian")
        }
        CannotCount::Settled => Refusal::new("settled", lang.t("这份纸质表已经处理过")),
        CannotCount::SignedLater => {
            Refusal::new("signed_later", lang.t("签字日期不能晚于今天")).at("signed_on")
        }
    }
}

/// What the school found of an objection.
pub(crate) fn finding(finding: impl Borrow<Finding>) -> &'static str {
    match finding.borrow() {
        Finding::Upheld => "异议成立，已退回家长。",
        Finding::Dismissed => "异议不成立。",
    }
}

/// Why an objection is not taken or not answered.
pub(crate) fn cannot_object(lang: Lang, why: CannotObject, field: &str) -> Refusal {
    match why {
        CannotObject::NotShown => Refusal::new("not_shown", lang.t("名单今天不在公示期")),
        CannotObject::NotListed => Refusal::new("nobody", lang.t("请选对哪一位有异议")).at("application"),
        CannotObject::NothingSaid => Refusal::new("nothing_said", lang.t("请写明理由")).at(field),
        CannotObject::TooLong => {
            let message = lang.fill("最多 {n} 字", &[("n", &LONGEST_OBJECTION.to_string())]);
            Refusal::new("too_long", message).at(field)
        }
        CannotObject::Twice => {
            Refusal::new("twice", lang.t("对这位同学，您已经提过一次异议；请等教务处答复")).at("application")
        }
        CannotObject::Answered => Refusal::new("answered", lang.t("这条异议已经答复过")),
    }
}

/// What is wrong with a wording.
pub(crate) fn unusable(lang: Lang, why: &Unusable) -> Refusal {
    let fill = |text: &str, name: &str, n: usize| lang.fill(text, &[(name, &n.to_string())]);
    match why {
        Unusable::TitleMissing => Refusal::new("title_missing", lang.t("请填标题")).at("title"),
        Unusable::NoClauses => Refusal::new("no_clauses", lang.t("至少写一条")).at("head-1"),
        Unusable::TooManyClauses => {
            Refusal::new("too_many_clauses", fill("最多 {n} 条", "n", MOST_CLAUSES)).at("head-1")
        }
        Unusable::HeadWrong { number } => {
            let values = [("number", &*number.to_string()), ("n", &*LONGEST_HEAD.to_string())];
            let message = lang.fill("第 {number} 条要有一行小标题，最多 {n} 字", &values);
            Refusal::new("head_wrong", message).at(&format!("head-{number}"))
        }
        Unusable::TextWrong { number } => {
            let values = [("number", &*number.to_string()), ("n", &*LONGEST_CLAUSE.to_string())];
            let message = lang.fill("第 {number} 条要有内容，最多 {n} 字", &values);
            Refusal::new("text_wrong", message).at(&format!("text-{number}"))
        }
    }
}

/// Why nothing was asked or answered.
pub(crate) fn cannot_ask(lang: Lang, why: &CannotAsk, field: &str) -> Refusal {
    match why {
        CannotAsk::NothingSaid => {
            Refusal::new("nothing_said", lang.t("请写清楚哪里不对、应该是什么")).at(field)
        }
        CannotAsk::TooLong { longest } => {
            let message = lang.fill("最多 {n} 字", &[("n", &longest.to_string())]);
            Refusal::new("too_long", message).at(field)
        }
    }
}

/// One line of the principal's list: head, words and the tag's colour.
pub(crate) fn exception(lang: Lang, exception: &Exception) -> (&'static str, String, &'static str) {
    match exception {
        Exception::Overdue { name, class: of, due_on, .. } => {
            let (of, day) = (class(lang, *of), dates::day(lang, *due_on));
            (
                "超期没有审核",
                lang.fill(
                    "{name}（{class}），应在{day}前办完",
                    &[("name", name), ("class", &of), ("day", &day)],
                ),
                "absent",
            )
        }
        Exception::Refused { name, ground: why, .. } => {
            ("没有通过", format!("{name} · {}", reason(lang, why.as_ref(), "")), "absent")
        }
        Exception::PaperWaits { name, entered_at } => {
            ("纸质表等第二人确认", format!("{name} · {}", dates::moment(lang, *entered_at)), "late")
        }
        Exception::OnPaper { name, .. } => ("纸质报名", name.clone(), "gone"),
        Exception::Left { name, last_day, reason } => {
            ("家长退出", ended(lang, name, *last_day, reason), "gone")
        }
        Exception::EndedBySchool { name, last_day, reason } => {
            ("学校解除服务", ended(lang, name, *last_day, reason), "late")
        }
        Exception::WholeClass { class: of, children } => {
            let (of, n) = (class(lang, Some(*of)), children.to_string());
            (
                "全班报名，没有一家说不",
                lang.fill("{class} {n} 人，请了解是否都出于自愿", &[("class", &of), ("n", &n)]),
                "late",
            )
        }
        Exception::TakenOver { children } => {
            let n = children.to_string();
            ("接管开学前的纸质报名", lang.fill("{n} 名学生凭开学前签好的纸质材料参加", &[("n", &n)]), "gone")
        }
        Exception::CorrectionWaits { name, asked_at } => {
            ("更正申请没有答复", format!("{name} · {}", dates::moment(lang, *asked_at)), "late")
        }
    }
}

fn ended(lang: Lang, name: &str, last_day: jiff::civil::Date, reason: &str) -> String {
    let last = lang.fill("最后一天{day}", &[("day", &dates::day(lang, last_day))]);
    if reason.is_empty() { format!("{name} · {last}") } else { format!("{name} · {last} · {reason}") }
}
