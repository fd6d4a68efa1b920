//! Messages to people in words. The facts were written with the act itself; the words are found when somebody reads.

use jiff::civil::Date;
use kehou_domain::plan::{ReleaseMode, Weekdays};
use serde_json::Value;

use crate::dates;
use crate::lang::Lang;
use crate::plan::words as plan_words;

/// A message in words. It names a page of ours and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// One or two sentences, in the reader's language.
    pub text: String,
    /// The page that it is about.
    pub place: Option<String>,
}

/// A kind of message: its word in the store, its sentence, and its page. `{school}` is the school's code, any other
/// name in braces a fact.
struct Kind {
    word: &'static str,
    text: &'static str,
    place: &'static str,
}

const fn kind(word: &'static str, text: &'static str, place: &'static str) -> Kind {
    Kind { word, text, place }
}

const KINDS: &[Kind] = &[
    // people
    kind(
        "guardian_added",
        "学校的名册上，{child}的家长里新加了{name}（{relation}），从{day}起可以接孩子、替孩子签字。不认识这个人，请马上联系学校。",
        "/children/{student}/pickup",
    ),
    kind(
        "guardian_renamed",
        "学校的名册上，{child}的家长“{old}”改名为“{name}”。不对的话，请联系学校。",
        "/children/{student}/pickup",
    ),
    // enrolment
    kind("letter_published", "学校发了《{title}》，请看一看。", "/service"),
    kind("agreement_to_sign", "孩子的报名通过了，请签协议和安全承诺书。", "/children/{student}/service"),
    kind("application_returned", "孩子的报名被退回，改好可以再交。", "/children/{student}/service"),
    kind("application_refused", "孩子的报名没有通过，理由在报名页上。", "/children/{student}/service"),
    kind(
        "class_published",
        "班里正在公示参加课后服务的名单，您的孩子在内。",
        "/children/{student}/publication",
    ),
    kind(
        "class_names_shown",
        "{child}班里正在公示要参加课后服务的同学名单，到{day}为止；有异议请在这里说。",
        "/children/{student}/publication",
    ),
    kind("objection_answered", "您提的异议有了答复。", "/children/{student}/publication"),
    kind("child_enrolled", "孩子已经加入课后服务。", "/children/{student}/service"),
    kind(
        "service_ended_by_school",
        "学校通知结束孩子的课后服务，日期和理由在报名页上。",
        "/children/{student}/service",
    ),
    // catalogue
    kind(
        "offering_returned",
        "课程“{title}”被退回修改，理由在课程页上。",
        "/schools/{school}/offerings/{offering}",
    ),
    // allocation
    kind(
        "offering_changes",
        "“{title}”要修改，{child}的名额保留；改好再发布以后，请再看一看。",
        "/children/{student}/catalogue",
    ),
    kind(
        "seat_offered",
        "{child}排的“{title}”有名额了，请在写明的时间里确认。",
        "/children/{student}/choices",
    ),
    kind(
        "seat_ended_with_place",
        "{child}不再参加这个时段的课后服务，“{title}”的名额让出来了。",
        "/children/{student}/choices",
    ),
    // plan
    kind(
        "plan_leaves_out",
        "从{from}起，服务方案里没有了{child}报的这些时段：{lost}。到时候这些时段没有课后服务。请看报名页，或问教务处。",
        "/children/{student}/service",
    ),
    kind(
        "plan_keeps_places",
        "{child}报的时段照常：学校取消了前面说的方案变动。",
        "/children/{student}/service",
    ),
    // attendance
    kind("child_missing", "{child}没有到，正在找。请马上跟进。", "/schools/{school}/cases"),
    kind("own_child_missing", "{child}没有到教室，老师正在联系您。知道孩子在哪里，请马上告诉老师。", "/home"),
    kind("own_child_found", "{child}找到了，现在在学校。", "/home"),
    kind("own_child_was_there", "刚才说{child}没有到，是点错了，请放心。", "/home"),
    kind("leave_filed", "{child}的家长请了假：{from} 到 {to}。", "/schools/{school}/today"),
    kind("early_leave_to_decide", "{child}要提前离校，等您批准。", "/schools/{school}/early-leaves"),
    kind("early_leave_approved", "{child}提前离校已经批准。", "/schools/{school}/early-leaves"),
    kind("early_leave_refused", "{child}提前离校没有批准，请留在班里。", "/schools/{school}/early-leaves"),
    kind("child_left_early", "{child}提前离开教室，在门口等家长接。", "/home"),
    kind(
        "service_called_off",
        "{child}{day}没有课后服务：{reason}。已经在校上课后服务的，照常等您来接。",
        "/home",
    ),
    kind("service_not_held", "{child}{day}没有课后服务：学校取消了这一天的安排。", "/home"),
    kind("service_held", "{child}{day}有课后服务，请按时来接。", "/home"),
    kind(
        "duty_called_off",
        "{day}的课后服务停了：{reason}。已经开始的组照常点名、交接。",
        "/schools/{school}/calendar",
    ),
    kind("duty_not_held", "{day}没有课后服务：学校取消了这一天的安排。", "/schools/{school}/calendar"),
    kind("duty_held", "{day}有课后服务。", "/schools/{school}/calendar"),
    // dismissal
    kind("delegate_named", "{signer}让{what}接{child}，从{day}起。", "/children/{student}/pickup"),
    kind("delegate_ended", "{signer}不再让{what}接{child}，从{day}起。", "/children/{student}/pickup"),
    kind(
        "paper_names_delegate",
        "{signer}在纸上签字，让{what}接{child}，从{day}起；两位老师核对过。",
        "/children/{student}/pickup",
    ),
    kind(
        "paper_ends_delegate",
        "{signer}在纸上签字，{what}从{day}起不再接{child}；两位老师核对过。",
        "/children/{student}/pickup",
    ),
    kind(
        "paper_way_home",
        "{signer}在纸上签字，同意{child}从{day}起{what}；两位老师核对过。",
        "/children/{student}/pickup",
    ),
    kind(
        "paper_ends_way_home",
        "{signer}在纸上签字，{child}从{day}起不再{what}；两位老师核对过。",
        "/children/{student}/pickup",
    ),
    kind(
        "paper_purposes",
        "{signer}在纸上答复了{child}的信息可以用来做什么，从{day}起照办；两位老师核对过。",
        "/children/{student}/consents",
    ),
    kind(
        "paper_withdrawal",
        "{signer}在纸上签字，{child}退出课后服务，最后一天是{day}；两位老师核对过。",
        "/children/{student}/service",
    ),
    kind("pickup_stopped", "门口拦下了来接{child}的人，请马上过去。", "/schools/{school}/stops/{stop}"),
    kind(
        "release_taken_back",
        "{child}的放行记错了，已经撤回：孩子还在学校，请去门口看一看。",
        "/schools/{school}/gate/{student}",
    ),
    kind("own_child_not_released", "刚才说{child}已经离校，是记错了：孩子还在学校。", "/home"),
    kind(
        "own_child_asked_for",
        "门口有人要接{child}，不在接送名单上，已经拦下。要让这个人接，请在接送页面登记；不认识，请马上联系学校。",
        "/children/{student}/pickup",
    ),
    kind(
        "own_child_agreed",
        "值班领导{by}记下：打电话问过{relation}{guardian}，同意{who}今天来接{child}。没有这回事，请马上到接送页面点“结束”，门口就不放行，再联系学校。",
        "/children/{student}/pickup",
    ),
    kind("pickup_restricted", "新登记了一条不能接孩子的限制。", "/schools/{school}/board"),
    kind("pickup_restriction_lifted", "一条不能接孩子的限制取消了。", "/schools/{school}/board"),
];

/// A message's words, in this school.
pub fn say(lang: Lang, school: &str, word: &str, facts: &Value) -> Said {
    match word {
        "child_released" => return released(lang, facts),
        "child_found" => return found(lang, school, facts),
        "round_result" => return chosen(lang, facts),
        "seat_moved" => return moved(lang, facts),
        _ => {}
    }
    let Some(kind) = KINDS.iter().find(|kind| kind.word == word) else {
        tracing::error!(kind = word, "nobody has words for this kind of message");
        return Said {
            text: lang.t("有一条新消息，请到学校的页面上看。").to_owned(),
            place: Some("/".to_owned()),
        };
    };
    let text = filled(lang.t(text(kind, facts)), &in_words(lang, &with_words(lang, kind.word, facts)));
    Said { text, place: Some(filled(&kind.place.replace("{school}", school), facts)) }
}

/// What a kind of message says of these facts: leave of one day names one day.
fn text(kind: &Kind, facts: &Value) -> &'static str {
    match kind.word {
        "leave_filed" if facts["from"] == facts["to"] => "{child}的家长给{from}请了假。",
        "pickup_restricted" if facts["child"].is_string() => "新登记了一条限制：有人不能接{child}。",
        "pickup_restriction_lifted" if facts["child"].is_string() => "不能接{child}的一条限制取消了。",
        "own_child_asked_for" if facts["who"].as_str().is_some_and(|who| !who.is_empty()) => {
            "{who}在门口要接{child}，不在接送名单上，已经拦下。要让这位接，请在接送页面登记；不认识，请马上联系学校。"
        }
        "plan_leaves_out" if facts["lost"].is_null() => {
            "从{from}起，服务方案里没有了{child}报的一部分时段，到时候孩子那几天没有课后服务。请看报名页，或问教务处。"
        }
        _ => kind.text,
    }
}

/// The facts with the way home that a paper is about, or the relation of whoever is added, in words.
fn with_words(lang: Lang, word: &str, facts: &Value) -> Value {
    let mut facts = facts.clone();
    match word {
        "paper_way_home" | "paper_ends_way_home" => {
            if let Some(way) = facts["what"].as_str().and_then(ReleaseMode::parse) {
                facts["what"] = lang.t(way_home(way)).into();
            }
        }
        "plan_leaves_out" if facts["lost"].is_array() => facts["lost"] = places(lang, &facts["lost"]).into(),
        "guardian_added" | "own_child_agreed" => {
            let relation = facts["relation"].as_str().filter(|relation| !relation.is_empty());
            facts["relation"] = crate::people::words::relation(lang, relation.unwrap_or("监护人")).into();
        }
        _ => {}
    }
    facts
}

/// Slots with their weekdays, in one line.
fn places(lang: Lang, lost: &Value) -> String {
    let of = |one: &'_ Value| {
        let weekday = one["weekday"].as_i64().and_then(|day| i8::try_from(day).ok());
        (one["slot"].as_str().unwrap_or_default().to_owned(), weekday.unwrap_or_default())
    };
    let lost: Vec<(String, i8)> = lost.as_array().into_iter().flatten().map(of).collect();
    let lost = lost.iter().map(|(slot, weekday)| (slot.as_str(), *weekday));
    plan_words::places(lang, lost).join(plan_words::comma(lang))
}

/// How a child goes home, within a sentence.
const fn way_home(mode: ReleaseMode) -> &'static str {
    match mode {
        ReleaseMode::Guardian => "由家长接",
        ReleaseMode::Delegate => "由代接人接",
        ReleaseMode::Alone => "自己回家",
        ReleaseMode::Bus => "坐校车回家",
    }
}

/// The facts with their days as people read them.
fn in_words(lang: Lang, facts: &Value) -> Value {
    let Some(known) = facts.as_object() else { return facts.clone() };
    let said = |fact: &Value| match fact.as_str().and_then(|fact| fact.parse::<Date>().ok()) {
        Some(day) => Value::String(dates::day(lang, day)),
        None => fact.clone(),
    };
    Value::Object(known.iter().map(|(name, fact)| (name.clone(), said(fact))).collect())
}

/// A child who was let go: with whom, by themselves or by the school's bus.
fn released(lang: Lang, facts: &Value) -> Said {
    let text = match facts["leave"].as_str() {
        Some("alone") => "{child}已经按约定自己离校。",
        Some("bus") => "{child}已经上校车。",
        Some("left") => "{child}已经离校。",
        _ if facts["who"].as_str().is_none_or(str::is_empty) => "{child}已经离校。",
        _ => "{child}已经由{who}接走。",
    };
    Said { text: filled(lang.t(text), facts), place: Some("/home".to_owned()) }
}

/// A child who is looked for no longer: where it is, as far as that was learnt (A9).
fn found(lang: Lang, school: &str, facts: &Value) -> Said {
    let text = match facts["outcome"].as_str() {
        Some("in_school") => "{child}找到了，在学校里，不用再找。",
        Some("with_family") => "{child}找到了，在家人身边，不用再找。",
        Some("came") => "{child}来了，不用再找。",
        Some("mistaken") => "{child}没有缺席，是点错了，不用再找。",
        _ => "{child}找到了，不用再找。",
    };
    Said { text: filled(lang.t(text), facts), place: Some(format!("/schools/{school}/cases")) }
}

/// What a child has after a round: the titles with their days, or that it has nothing.
fn chosen(lang: Lang, facts: &Value) -> Said {
    let seats = facts["seats"].as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |seat: &Value| {
        let days = seat["weekdays"].as_array().into_iter().flatten().filter_map(Value::as_u64);
        let days = Weekdays::of(days.filter_map(|day| u8::try_from(day).ok()));
        format!("{} {}", crate::plan::words::weekdays(lang, days), seat["title"].as_str().unwrap_or_default())
    };
    let said = seats.iter().map(one).collect::<Vec<_>>().join(crate::catalogue::words::comma(lang));
    let text = if seats.is_empty() {
        "{child}在“{round}”里没有选上，原因写在选课页上。"
    } else {
        "“{round}”的结果：{child}选上了{said}。"
    };
    let text = filled(lang.t(text), facts).replace("{said}", &said);
    Said { text, place: Some(filled("/children/{student}/choices", facts)) }
}

/// A child whom the office moved: what it had, what it has, and why.
fn moved(lang: Lang, facts: &Value) -> Said {
    let day = facts["weekday"].as_i64().and_then(|day| i8::try_from(day).ok());
    let day = day.map_or("", |day| crate::catalogue::words::weekday(lang, day));
    let none = lang.t("没有安排");
    let part = |name: &str| facts[name].as_str().unwrap_or(none).to_owned();
    let text = filled(lang.t("{child}{day}的课调整了：{from} → {to}。理由：{reason}"), &facts_without(facts));
    let text = text.replace("{day}", day).replace("{from}", &part("from")).replace("{to}", &part("to"));
    Said { text, place: Some(filled("/children/{student}/choices", facts)) }
}

/// The facts but for those that may be missing.
fn facts_without(facts: &Value) -> Value {
    let mut facts = facts.clone();
    if let Some(named) = facts.as_object_mut() {
        named.remove("from");
        named.remove("to");
    }
    facts
}

/// The text with the facts in their places.
fn filled(text: &str, facts: &Value) -> String {
    let Some(facts) = facts.as_object() else { return text.to_owned() };
    facts.iter().fold(text.to_owned(), |text, (name, value)| match value.as_str() {
        Some(value) => text.replace(&format!("{{{name}}}"), value),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_names_the_child_and_a_page() {
        let said = say(Lang::Zh, "east", "child_missing", &json!({ "child": "许诺" }));
        assert_eq!(said.text, "许诺没有到，正在找。请马上跟进。");
        assert_eq!(said.place.as_deref(), Some("/schools/east/cases"));
    }

    #[test]
    fn h1_a_family_reads_who_asked_for_its_child() {
        let named = json!({ "student": "s", "child": "许诺", "who": "刘强" });
        assert!(say(Lang::Zh, "east", "own_child_asked_for", &named).text.starts_with("刘强在门口要接许诺"));
        assert!(say(Lang::En, "east", "own_child_asked_for", &named).text.starts_with("刘强 asked for 许诺"));
        let before = json!({ "student": "s", "child": "许诺" });
        assert!(say(Lang::Zh, "east", "own_child_asked_for", &before).text.starts_with("门口有人要接许诺"));
    }

    #[test]
    fn c9_a_family_reads_which_weekdays_a_new_plan_leaves_out() {
        let days = [2, 5].map(|weekday| json!({ "slot": "课后服务", "weekday": weekday }));
        let facts = json!({ "child": "许诺", "student": "s", "from": "2026-11-27", "lost": days });
        let said = say(Lang::Zh, "east", "plan_leaves_out", &facts).text;
        assert!(said.contains("许诺报的这些时段：课后服务 · 周二、周五。"), "{said}");
        let said = say(Lang::En, "east", "plan_leaves_out", &facts).text;
        assert!(said.contains("课后服务 · Tue, Fri"), "{said}");
        let before = json!({ "child": "许诺", "student": "s", "from": "2026-11-27" });
        assert!(say(Lang::Zh, "east", "plan_leaves_out", &before).text.contains("一部分时段"));
    }

    #[test]
    fn a9_who_leads_the_duty_reads_where_the_child_was_found() {
        let home = json!({ "child": "许诺", "outcome": "with_family" });
        let said = say(Lang::Zh, "east", "child_found", &home);
        assert_eq!(said.text, "许诺找到了，在家人身边，不用再找。");
        assert_eq!(said.place.as_deref(), Some("/schools/east/cases"));
        let before = say(Lang::Zh, "east", "child_found", &json!({ "child": "许诺" }));
        assert_eq!(before.text, "许诺找到了，不用再找。");
    }

    /// Every kind of message that `app` says: the first literal within the brackets of a call whose name begins
    /// with `tell`.
    fn kinds_said(source: &str) -> Vec<String> {
        let mut kinds = Vec::new();
        for (at, _) in source.match_indices("tell") {
            let Some(open) = source[at..].find('(').map(|open| at + open) else { continue };
            let name = &source[at..open];
            let called = name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
            if called && !source[..at].ends_with("fn ") {
                kinds.extend(first_literal(within(&source[open..])));
            }
        }
        kinds
    }

    /// The text from an opening bracket to its closing one.
    fn within(text: &str) -> &str {
        let mut depth = 0;
        let end = text.find(|letter: char| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            depth == 0
        });
        &text[..end.unwrap_or(0)]
    }

    fn first_literal(text: &str) -> Option<String> {
        // facts that are written in the call itself are no kind
        let literal = text.split("json!").next()?.split('"').nth(1)?;
        let is_kind = literal.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        is_kind.then(|| literal.to_owned())
    }

    fn sources(folder: &std::path::Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .flat_map(|path| {
                if path.is_dir() { sources(&path) } else { vec![std::fs::read_to_string(path).unwrap()] }
            })
            .collect()
    }

    #[test]
    fn every_kind_that_is_said_has_words_and_no_words_are_left_over() {
        let app = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
        let said: std::collections::BTreeSet<String> =
            sources(&app).iter().flat_map(|source| kinds_said(source)).collect();
        let known: std::collections::BTreeSet<String> = KINDS
            .iter()
            .map(|kind| kind.word)
            .chain(["child_released", "child_found", "round_result", "seat_moved"])
            .map(str::to_owned)
            .collect();
        assert_eq!(said, known);
    }

    #[test]
    fn whoever_took_the_child_is_named() {
        let facts = json!({ "child": "许诺", "leave": "delegate", "who": "王桂兰" });
        assert_eq!(say(Lang::En, "east", "child_released", &facts).text, "许诺 was collected by 王桂兰.");
    }

    #[test]
    fn a_child_whose_collector_has_no_name_has_left() {
        let facts = json!({ "child": "许诺", "leave": "unlisted", "who": "" });
        assert_eq!(say(Lang::Zh, "east", "child_released", &facts).text, "许诺已经离校。");
    }

    #[test]
    fn every_place_in_a_sentence_can_be_filled_in_both_languages() {
        let facts = json!({
            "what": "周大勇", "day": "2026-11-26", "signer": "杨梅", "title": "告家长书", "student": "s", "child": "许诺", "from": "2026-11-24", "to": "2026-11-25", "stop": "p",
            "name": "李梅", "guardian": "杨梅", "who": "刘强", "by": "顾校", "old": "王强", "offering": "o", "day": "2026-11-24", "reason": "停水"
        });
        for lang in Lang::ALL {
            for kind in KINDS {
                let said = say(lang, "east", kind.word, &facts);
                assert!(!said.text.contains('{') && !said.place.unwrap().contains('{'), "{}", kind.word);
            }
        }
    }
}
