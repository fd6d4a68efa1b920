//! Places that a version of the plan has no time for, in words (C3, C9).

use kehou_app::plan::Losses;
use kehou_domain::plan::Weekdays;

use super::weekdays;
use crate::lang::Lang;

/// Whom a version hits, as whoever puts it in force says it: children who keep nothing apart from the others.
pub fn lose(lang: Lang, losses: &Losses) -> String {
    let all = losses.without_any;
    let some = losses.children.saturating_sub(all);
    let text = match (all, some) {
        (_, 0) => "我知道：{all} 个孩子会完全没有课后服务；系统会告诉他们的家长",
        (0, _) => "我知道：{some} 个孩子会少一部分时段，其余照常；系统会告诉他们的家长",
        _ => "我知道：{all} 个孩子会完全没有课后服务，{some} 个孩子会少一部分时段；系统会告诉他们的家长",
    };
    lang.fill(text, &[("all", &all.to_string()), ("some", &some.to_string())])
}

/// Slots with their weekdays, one line for each slot: 课后服务 · 周一–周三、周五.
pub fn places<'a>(lang: Lang, places: impl IntoIterator<Item = (&'a str, i8)>) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<u8>)> = Vec::new();
    for (slot, weekday) in places {
        let day = u8::try_from(weekday).unwrap_or_default();
        match lines.iter_mut().find(|(name, _)| *name == slot) {
            Some((_, days)) => days.push(day),
            None => lines.push((slot, vec![day])),
        }
    }
    let said = |days| weekdays(lang, Weekdays::of(days));
    lines.into_iter().map(|(name, days)| format!("{name} · {}", said(days))).collect()
}
