//! The values of a plan file in words, and back: 方案未写明 for `not stated`, 每课时 for `lesson_hour`.

use kehou_domain::access::Role;
use kehou_domain::plan::{
    AppliesTo, Banned, Channel, ContentKind, Counted, Cycle, Due, DutyPost, FeeMode, Form, FundSource,
    FundUse, GroupKind, Grouping, IdNumbers, Layer, Level, Neglect, Participation, PayMode, Payee, Penalty,
    PriorityGroup, ProviderPolicy, PublicItem, PunchBy, Reach, RefundRule, ReleaseMode, ReportKind,
    SeasonKind, SlotKind, StaffKind, StepKind, SurveyTime, Unit, Waiver, Word, Work,
};

use super::{Named, comma, name};
use crate::identity::role;
use crate::lang::Lang;

/// The words that may stand in place of a time or a day, by key: the file's and what they are called.
const INSTEAD: &[(&str, &str, &str)] = &[
    ("start", "not stated", "方案未写明"),
    ("start", "dismissal", "放学时"),
    ("end", "not stated", "方案未写明"),
    ("end", "open", "不定"),
    ("at", "not stated", "方案未写明"),
    ("starts", "not stated", "方案未写明"),
    ("cut_off", "slot start", "服务开始前"),
    ("lesson_hours", "real time", "按实际时间"),
];

/// The most weeks of a term that the service may begin after.
const MOST_WEEKS: u8 = 30;

/// What may be entered at the key instead of a time or a day.
pub fn instead(lang: Lang, key: &str) -> Vec<&'static str> {
    INSTEAD.iter().filter(|(of, ..)| *of == key).map(|(.., called)| lang.t(called)).collect()
}

/// A value that is of no list of words: a flag, a time, a number, a text.
pub(super) fn plain(lang: Lang, key: &str, value: &str) -> String {
    let named = INSTEAD.iter().find(|(of, word, _)| *of == key && *word == value);
    match (value, named) {
        (_, Some((.., called))) => lang.t(called).to_owned(),
        ("true", None) => lang.t("是").to_owned(),
        ("false", None) => lang.t("否").to_owned(),
        (_, None) => week_of_term(value).map_or_else(|| value.to_owned(), |week| week_words(lang, week)),
    }
}

fn week_of_term(value: &str) -> Option<&str> {
    value.strip_prefix("week ")?.strip_suffix(" of term")
}

fn week_words(lang: Lang, week: &str) -> String {
    lang.fill("开学第 {n} 周", &[("n", week)])
}

/// What somebody typed, as the file has it.
pub fn typed(lang: Lang, key: &str, text: &str) -> String {
    let text = text.trim().replace('：', ":");
    let word = INSTEAD.iter().find(|(of, _, called)| *of == key && lang.t(called) == text);
    let week = || (1..=MOST_WEEKS).find(|week| week_words(lang, &week.to_string()) == text);
    match word {
        Some((_, word, _)) => (*word).to_owned(),
        None if key == "starts" => week().map_or(text, |week| format!("week {week} of term")),
        None => text,
    }
}

/// A value of a list of words, in words; none when the key has no such list.
pub(super) fn word(lang: Lang, path: &[String], value: &str) -> Option<String> {
    let called = called_by(lang, path)?;
    let words = value.split(", ").map(|word| called(word).unwrap_or(word));
    Some(words.collect::<Vec<_>>().join(comma(lang)))
}

/// The words of the key's list with what they are called; none when the key has no such list.
pub fn choices(lang: Lang, path: &[String]) -> Vec<(&'static str, &'static str)> {
    let words: &[&'static str] = match path {
        [.., key] if key == "role" => return roles(lang),
        [of, key] if key == "to" && of == "absence" => return roles(lang),
        [of, key] if of == "fee" && key == "mode" => FeeMode::WORDS,
        [of, key] if of == "pay" && key == "mode" => PayMode::WORDS,
        [.., key] if key == "payee" => Payee::WORDS,
        [.., key] if key == "refund" => RefundRule::WORDS,
        [.., key] if key == "unit" => Unit::WORDS,
        _ => &[],
    };
    let called = called_by(lang, path);
    words.iter().filter_map(|word| Some((*word, called.as_ref()?(word)?))).collect()
}

fn roles(lang: Lang) -> Vec<(&'static str, &'static str)> {
    Role::ALL.iter().map(|known| (known.word(), lang.t(role(*known)))).collect()
}

/// What calls a word of the key's list.
type Calls = Box<dyn Fn(&str) -> Option<&'static str>>;

fn called_by(lang: Lang, path: &[String]) -> Option<Calls> {
    let (of, key) = (path.first()?.as_str(), path.last()?.as_str());
    match key {
        "role" => Some(role_by(lang)),
        "to" if matches!(of, "absence" | "reports") => Some(role_by(lang)),
        "mode" if of == "pay" => list::<PayMode>(lang),
        "mode" => list::<FeeMode>(lang),
        "kind" if of == "groups" => list::<GroupKind>(lang),
        "kind" => list::<SlotKind>(lang),
        "sources" if of == "funds" => list::<FundSource>(lang),
        "staff" if of == "staff" => list::<StaffKind>(lang),
        _ => of_service(lang, key).or_else(|| of_joining(lang, key)).or_else(|| of_money(lang, key)),
    }
}

fn of_service(lang: Lang, key: &str) -> Option<Calls> {
    match key {
        "level" => list::<Level>(lang),
        "reach" => list::<Reach>(lang),
        "season" => list::<SeasonKind>(lang),
        "layers" => list::<Layer>(lang),
        "applies_to" => list::<AppliesTo>(lang),
        "content" => list::<ContentKind>(lang),
        "grouping" => list::<Grouping>(lang),
        "counted" => list::<Counted>(lang),
        "modes" => list::<ReleaseMode>(lang),
        "providers" => list::<ProviderPolicy>(lang),
        "banned" => list::<Banned>(lang),
        _ => None,
    }
}

fn of_joining(lang: Lang, key: &str) -> Option<Calls> {
    match key {
        "priority" => list::<PriorityGroup>(lang),
        "cycle" => list::<Cycle>(lang),
        "survey" => list::<SurveyTime>(lang),
        "step" => list::<StepKind>(lang),
        "forms" => list::<Form>(lang),
        "id_numbers" => list::<IdNumbers>(lang),
        "publish" => list::<PublicItem>(lang),
        "channels" => list::<Channel>(lang),
        "participation" => list::<Participation>(lang),
        "post" => list::<DutyPost>(lang),
        "report" => list::<ReportKind>(lang),
        "due" => list::<Due>(lang),
        _ => None,
    }
}

fn of_money(lang: Lang, key: &str) -> Option<Calls> {
    match key {
        "payee" => list::<Payee>(lang),
        "refund" => list::<RefundRule>(lang),
        "unit" | "cap_per" | "settled_per" => list::<Unit>(lang),
        "waivers" => list::<Waiver>(lang),
        "work" => list::<Work>(lang),
        "by" => list::<PunchBy>(lang),
        "penalty" => list::<Penalty>(lang),
        "neglect" => list::<Neglect>(lang),
        "uses" => list::<FundUse>(lang),
        _ => None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the lists stand in a table of what a key may have")]
fn list<T: Word + Named>(lang: Lang) -> Option<Calls> {
    Some(Box::new(move |word| T::of_word(word).map(|member| name(lang, member))))
}

fn role_by(lang: Lang) -> Calls {
    Box::new(move |word| Role::parse(word).map(|known| lang.t(role(known))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_comes_back_as_the_file_has_it() {
        for (key, called, word) in [
            ("start", "放学时", "dismissal"),
            ("end", "方案未写明", "not stated"),
            ("starts", "开学第 2 周", "week 2 of term"),
            ("end", " 17：30 ", "17:30"),
            ("wave", "方案未写明", "方案未写明"),
        ] {
            assert_eq!(typed(Lang::Zh, key, called), word);
        }
    }

    #[test]
    fn a_key_of_few_words_offers_them() {
        let path = ["fee", "rates", "1", "unit"].map(str::to_owned);
        assert_eq!(choices(Lang::Zh, &path)[0], ("lesson_hour", "课时"));
        assert_eq!(choices(Lang::Zh, &["starts".to_owned()]), []);
    }
}
