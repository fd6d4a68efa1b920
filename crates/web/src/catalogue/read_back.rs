//! The words of a workbook of offerings: what the template says is what the reader knows, in every language.

use kehou_app::catalogue::import::{Column, Words};
use kehou_domain::catalogue::{Kind, SexLimit, Topic, kinds, openings};
use kehou_domain::plan::Plan;

use super::words;
use crate::lang::Lang;
use crate::plan::words as plan_words;

/// The columns with their names, in the template's order.
pub(super) const COLUMNS: [(Column, &str); 14] = [
    (Column::Title, "名称"),
    (Column::Kind, "类别"),
    (Column::Topic, "活动内容"),
    (Column::Weekdays, "星期"),
    (Column::Slot, "时段"),
    (Column::Grades, "年级"),
    (Column::Sex, "性别"),
    (Column::Capacity, "名额（人）"),
    (Column::Minimum, "最少几人开班"),
    (Column::Venue, "地方"),
    (Column::Teacher, "老师"),
    (Column::Description, "介绍"),
    (Column::Materials, "要带的东西"),
    (Column::Cost, "代收费（元/学期）"),
];

/// What schools write instead.
const ALSO: [(Column, &str); 11] = [
    (Column::Topic, "内容"),
    (Column::Capacity, "名额"),
    (Column::Title, "课程名称"),
    (Column::Title, "社团名称"),
    (Column::Capacity, "人数上限"),
    (Column::Minimum, "最少人数"),
    (Column::Venue, "地点"),
    (Column::Venue, "活动地点"),
    (Column::Teacher, "指导老师"),
    (Column::Teacher, "负责老师"),
    (Column::Description, "简介"),
];

/// The name of a column.
pub(super) fn column(column: Column) -> &'static str {
    COLUMNS.iter().find(|(known, _)| *known == column).map_or("", |(_, label)| *label)
}

/// Every word that a reader knows.
pub(super) fn words() -> Words {
    let mut known = Words::default();
    for lang in Lang::ALL {
        let columns = COLUMNS.iter().chain(&ALSO);
        known.columns.extend(columns.map(|(column, label)| (lang.t(label).to_owned(), *column)));
        let kind = |kind: &Kind| (lang.t(words::kind(*kind)).to_owned(), *kind);
        known.kinds.extend(Kind::ALL.iter().map(kind));
        known.topics.extend(Topic::ALL.iter().map(|topic| (lang.t(words::topic(*topic)).to_owned(), *topic)));
        known.sexes.extend(SexLimit::ALL.iter().map(|sex| (lang.t(words::sex(*sex)).to_owned(), *sex)));
    }
    known
}

/// What may stand in each column, by this plan and this staff.
pub(super) fn notes(lang: Lang, plan: &Plan, teachers: &[String]) -> Vec<(String, String)> {
    let comma = words::comma(lang);
    let line = |of: Column, text: String| (lang.t(column(of)).to_owned(), text);
    let list = |names: Vec<&str>| names.join(comma);
    let open = kinds(plan).into_iter().flat_map(|kind| openings(plan, kind));
    let mut slots: Vec<&str> = open
        .filter_map(|one| plan.slots.iter().find(|slot| slot.id == one.meeting.slot))
        .map(|slot| slot.name.as_str())
        .collect();
    slots.sort_unstable();
    slots.dedup();
    let several = several_slots(lang, &slots);
    let several = several.into_iter().map(|text| line(Column::Title, text));
    let notes = [
        line(Column::Kind, list(kinds(plan).into_iter().map(|kind| lang.t(words::kind(kind))).collect())),
        line(Column::Topic, list(Topic::ALL.iter().map(|topic| lang.t(words::topic(*topic))).collect())),
        line(Column::Weekdays, lang.t("如：周二，或 周二、周四").to_owned()),
        line(
            Column::Slot,
            lang.fill(
                "{slots}；这几天都上几个时段的，用顿号隔开；那天只有一个时段的可以不写",
                &[("slots", &list(slots))],
            ),
        ),
        line(
            Column::Grades,
            lang.fill(
                "如：3至4，或 3、5；本校是 {grades}",
                &[("grades", &plan_words::grades(lang, plan.grades))],
            ),
        ),
        line(Column::Sex, list(SexLimit::ALL.iter().map(|sex| lang.t(words::sex(*sex))).collect())),
        line(Column::Teacher, teachers.join(comma)),
        line(Column::Cost, lang.t("没有就不写").to_owned()),
    ];
    several.chain(notes).collect()
}

/// How to write an offering that meets in one slot on one day and in another on another, with an example out of the
/// plan's slots; nothing where there is but one.
fn several_slots(lang: Lang, slots: &[&str]) -> Option<String> {
    let (one, other) = two(slots)?;
    let text = "每天时段不同的一门，下面接着再写一行，只写名称、星期和时段，其余留空。例：第一行 管乐团 周二 {one}，各列写全；第二行 管乐团 周四 {other}。各列都写全的两行是两门。";
    Some(lang.fill(text, &[("one", one), ("other", other)]))
}

/// The first and the last of several slots.
pub(super) fn two<'a>(slots: &[&'a str]) -> Option<(&'a str, &'a str)> {
    slots.first().copied().zip(slots.last().copied()).filter(|(one, other)| one != other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_a_list_means_two_things() {
        fn check<T: PartialEq + Copy + std::fmt::Debug>(words: &[(String, T)]) {
            for (word, meaning) in words {
                let others = words.iter().filter(|(other, _)| other == word);
                for (_, other) in others {
                    assert_eq!(other, meaning, "{word}");
                }
            }
        }
        let words = words();
        check(&words.columns);
        check(&words.kinds);
        check(&words.topics);
        check(&words.sexes);
    }
}
