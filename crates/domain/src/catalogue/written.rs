//! Weekdays, grades, numbers and money as people write them in a table of offerings (D2–D6).

use crate::money::Fen;
use crate::people::cell::squeeze;
use crate::plan::Grades;

/// The grades that a cell names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// 全校: every grade that the plan serves.
    All,
    /// These.
    Of(Grades),
}

/// What stands between two days or two grades.
const BETWEEN: [char; 8] = ['、', ',', ';', '/', '，', '；', '和', '及'];

/// 周二、周四; 星期一至星期五; 2,4; Tue, Thu. `None` when nobody can tell.
pub fn weekdays(text: &str) -> Option<Vec<i8>> {
    let days = numbers(text, weekday)?;
    (!days.is_empty()).then_some(days)
}

/// 1至3; 三、四年级; 初一; 全校. `None` when nobody can tell.
pub fn grades(text: &str) -> Option<Named> {
    let plain = squeeze(text).to_lowercase();
    if ["全校", "全部", "所有年级", "不限", "all"].contains(&plain.as_str()) {
        return Some(Named::All);
    }
    let found = numbers(text, grade)?;
    let grades = Grades::of(found.iter().filter_map(|grade| u8::try_from(*grade).ok()));
    (!grades.is_empty()).then_some(Named::Of(grades))
}

/// A number of children: 20, ２０, 20人.
pub fn count(text: &str) -> Option<u16> {
    squeeze(text).trim_end_matches(['人', '名', '个']).parse().ok()
}

/// What a row says besides its name, weekdays and slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    Blank,
    /// Something.
    Written,
}

/// Whether a row goes on with the offering of the row above, which meets in another slot as well: the same name or none,
/// and nothing else but days and slot. A row that is written in full is an offering of its own, also under the same name.
pub fn goes_on(above: &str, title: &str, rest: Rest) -> bool {
    let title = squeeze(title);
    rest == Rest::Blank && !squeeze(above).is_empty() && (title.is_empty() || title == squeeze(above))
}

/// The names of slots in one cell: 午间、下午.
pub fn slots(text: &str) -> Vec<String> {
    let parts = text.split(['、', ',', ';', '/', '，', '；', '\n']).map(squeeze);
    parts.filter(|part| !part.is_empty()).collect()
}

/// Yuan with at most two decimals; nothing written and nought are no cost. `None` when it cannot be read.
pub fn cost(text: &str) -> Option<Option<Fen>> {
    let text = squeeze(text);
    let text = text.strip_suffix('元').unwrap_or(&text);
    if text.is_empty() {
        return Some(None);
    }
    let (yuan, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(yuan) || !digits(rest) || 6 < yuan.len() || 2 < rest.len() {
        return None;
    }
    let fen = yuan.parse::<u64>().ok()? * 100 + format!("{rest:0<2}").parse::<u64>().ok()?;
    Some((0 < fen).then_some(Fen(fen)))
}

/// The numbers of a list whose parts are one or from one to another, in order and each once.
fn numbers(text: &str, one: fn(&str) -> Option<i8>) -> Option<Vec<i8>> {
    let plain = squeeze(text).to_lowercase();
    let mut found = Vec::new();
    for part in plain.split(BETWEEN).filter(|part| !part.is_empty()) {
        let ends = part.split_once(['至', '到', '-', '~']);
        let (from, to) = match ends {
            Some((from, to)) => (one(from)?, one(to)?),
            None => (one(part)?, one(part)?),
        };
        if to < from {
            return None;
        }
        found.extend(from..=to);
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

fn weekday(text: &str) -> Option<i8> {
    const ENGLISH: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    if let Some(at) = ENGLISH.iter().position(|prefix| text.starts_with(prefix)) {
        return i8::try_from(at + 1).ok();
    }
    let bare = ["星期", "礼拜", "周"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    match bare {
        "日" | "天" => Some(7),
        _ => digit(bare).filter(|day| (1..=7).contains(day)),
    }
}

fn grade(text: &str) -> Option<i8> {
    let bare = text.trim_start_matches("grades").trim_start_matches("grade").trim_start_matches('第');
    let bare = bare.trim_end_matches("年级").trim_end_matches('级');
    let junior = bare.strip_prefix("初").and_then(digit).filter(|year| (1..=3).contains(year));
    junior.map(|year| year + 6).or_else(|| digit(bare)).filter(|grade| (1..=9).contains(grade))
}

fn digit(text: &str) -> Option<i8> {
    const CHINESE: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let chinese = CHINESE.iter().position(|known| *known == text).and_then(|at| i8::try_from(at + 1).ok());
    chinese.or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_read_as_people_write_them() {
        let check = |text: &str, expected: Option<&[i8]>| {
            assert_eq!(weekdays(text).as_deref(), expected, "{text}");
        };
        check("周二", Some(&[2]));
        check("周二、周四", Some(&[2, 4]));
        check("星期一至星期五", Some(&[1, 2, 3, 4, 5]));
        check("周一-周三，五", Some(&[1, 2, 3, 5]));
        check("４,２,2", Some(&[2, 4]));
        check("Tue, Thursday", Some(&[2, 4]));
        check("周日", Some(&[7]));
        check("周八", None);
        check("周五至周一", None);
        check("每天", None);
        check("", None);
    }

    #[test]
    fn grades_are_read_as_people_write_them() {
        let of = |grades: &[u8]| Some(Named::Of(Grades::of(grades.iter().copied())));
        let check = |text: &str, expected: Option<Named>| assert_eq!(grades(text), expected, "{text}");
        check("3", of(&[3]));
        check("1至3", of(&[1, 2, 3]));
        check("1-3年级", of(&[1, 2, 3]));
        check("三、四年级", of(&[3, 4]));
        check("一年级到三年级；六年级", of(&[1, 2, 3, 6]));
        check("初一、初二", of(&[7, 8]));
        check("Grades 3–4", of(&[3, 4]));
        check("全校", Some(Named::All));
        check("all", Some(Named::All));
        check("10", None);
        check("0", None);
        check("4-2", None);
        check("低年级", None);
        check("", None);
    }

    #[test]
    fn a_number_of_children_may_carry_its_word() {
        for (text, expected) in
            [("20", Some(20)), ("２０人", Some(20)), ("20.5", None), ("", None), ("约20", None), ("-1", None)]
        {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    #[test]
    fn a_row_with_nothing_but_days_and_slot_goes_on_with_the_offering_above() {
        let check = |above: &str, title: &str, rest, expected| {
            assert_eq!(goes_on(above, title, rest), expected, "{above} {title} {rest:?}");
        };
        check("围棋社", "围棋社", Rest::Blank, true);
        check("围棋社", "围 棋社", Rest::Blank, true);
        check("围棋社", "", Rest::Blank, true);
        check("围棋社", "足球社", Rest::Blank, false);
        check("围棋社", "围棋社", Rest::Written, false);
        check("", "", Rest::Blank, false);
        check("", "围棋社", Rest::Blank, false);
    }

    #[test]
    fn several_slots_stand_in_one_cell() {
        for (text, expected) in [
            ("午间、下午", vec!["午间", "下午"]),
            ("午间", vec!["午间"]),
            ("午间\n 下午；", vec!["午间", "下午"]),
            ("", vec![]),
        ] {
            assert_eq!(slots(text), expected, "{text}");
        }
    }

    #[test]
    fn a_cost_is_read_in_yuan() {
        for (text, expected) in [
            ("", Some(None)),
            ("0", Some(None)),
            ("50", Some(Some(Fen(5_000)))),
            ("50元", Some(Some(Fen(5_000)))),
            (" 50.5 ", Some(Some(Fen(5_050)))),
            ("５０", Some(Some(Fen(5_000)))),
            ("50.05", Some(Some(Fen(5_005)))),
            ("50.", None),
            (".5", None),
            ("5.005", None),
            ("-5", None),
            ("五十", None),
            ("12345678", None),
        ] {
            assert_eq!(cost(text), expected, "{text}");
        }
    }
}
