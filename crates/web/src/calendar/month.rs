//! The month view: weeks of cells, and the days that have a name.

use jiff::civil::Date;
use kehou_app::calendar::CalendarDay;
use kehou_domain::calendar::school::LocalKind;

use super::words;
use crate::dates;
use crate::lang::Lang;

/// A day of the month view.
pub(super) struct Cell {
    pub(super) number: i8,
    /// The colour of its tag, or nothing.
    pub(super) tag: &'static str,
    /// What the tag says on a phone.
    pub(super) short: &'static str,
    pub(super) words: String,
    /// Why the service does not run, for those who look closer.
    pub(super) service: String,
    pub(super) today: bool,
}

/// Weeks from Monday, with empty places before the first and after the last day.
pub(super) fn weeks(lang: Lang, days: &[CalendarDay], idle: &[Date], today: Date) -> Vec<Vec<Option<Cell>>> {
    let before = days.first().map_or(0, |day| day.date.weekday().to_monday_zero_offset());
    let mut cells: Vec<Option<Cell>> = (0..before).map(|_| None).collect();
    cells.extend(days.iter().map(|day| Some(cell(lang, day, idle, today))));
    while !cells.len().is_multiple_of(7) {
        cells.push(None);
    }
    let mut weeks = Vec::new();
    while !cells.is_empty() {
        let rest = cells.split_off(7.min(cells.len()));
        weeks.push(std::mem::replace(&mut cells, rest));
    }
    weeks
}

fn cell(lang: Lang, day: &CalendarDay, idle: &[Date], today: Date) -> Cell {
    let (tag, short, words) = told(lang, day);
    let service = match &day.service {
        Ok(_) if idle.contains(&day.date) => lang.t("服务方案在这一天没有时段").to_owned(),
        Ok(_) => lang.t("有课后服务").to_owned(),
        Err(why) => words::no_service(lang, why),
    };
    Cell { number: day.date.day(), tag, short, words, service, today: day.date == today }
}

/// What is said of a day: the tag's colour, one letter, and its words; nothing of an ordinary one.
fn told(lang: Lang, day: &CalendarDay) -> (&'static str, &'static str, String) {
    match (&day.local, &day.day) {
        (Some(local), _) => {
            let (tag, short) = local_tag(local.kind);
            (tag, lang.t(short), words::local_kind(lang, local.kind))
        }
        (None, Ok(national)) => match national.name {
            Some(name) if national.kind.is_worked() => {
                let words =
                    format!("{} {}", words::holiday(lang, name), words::day_kind(lang, national.kind));
                ("late", lang.t("上"), words)
            }
            Some(name) => ("leave", lang.t("休"), words::holiday(lang, name).to_owned()),
            None => ("", "", String::new()),
        },
        (None, Err(_)) => ("absent", "?", lang.t("未公布").to_owned()),
    }
}

/// The days with a name, those of one name after another as one span: 10月1日—10月7日, 国庆节.
pub(super) fn named(lang: Lang, days: &[CalendarDay]) -> Vec<(String, String)> {
    let said: Vec<_> = days.iter().map(|day| (day.date, told(lang, day).2)).collect();
    let spans = said.chunk_by(|one, next| one.1 == next.1).filter(|span| !span[0].1.is_empty());
    spans.map(|span| (between(lang, span[0].0, span[span.len() - 1].0), span[0].1.clone())).collect()
}

fn between(lang: Lang, from: Date, to: Date) -> String {
    if from == to {
        return dates::day(lang, from);
    }
    [from, to].map(|day| dates::day_of_year(lang, day.month(), day.day())).join("—")
}

/// The tag's colour and its one letter.
const fn local_tag(kind: LocalKind) -> (&'static str, &'static str) {
    match kind {
        LocalKind::Closure | LocalKind::Pause => ("absent", "停"),
        LocalKind::MakeUp(_) => ("present", "上"),
        LocalKind::DeclaredSchoolDay => ("late", "上"),
        LocalKind::DeclaredFree => ("late", "休"),
    }
}
