//! A plan file's parts and values by what they are for: 课后服务 · 1–2 年级、冬令时 · 开始, not by the file's own words.

use kehou_app::plan::file;
use kehou_domain::plan::{Entry, Grades, SeasonKind, Weekdays};

use super::keys::{key_name, list_name};
use super::values::{plain, word};
use super::{comma, grades, name, weekdays};
use crate::lang::Lang;

/// The entries of a plan file, to call its parts by.
#[derive(Debug, Clone, Copy)]
pub struct Called<'a> {
    lang: Lang,
    entries: &'a [Entry],
}

impl<'a> Called<'a> {
    /// The parts of this file.
    pub const fn new(lang: Lang, entries: &'a [Entry]) -> Called<'a> {
        Called { lang, entries }
    }

    /// The way to a value in words.
    pub fn path(self, path: &[String]) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut at = 0;
        while at < path.len() {
            let lists = at + 1 < path.len() && list_name(&path[at]).is_some();
            let next = if lists { at + 2 } else { at + 1 };
            let called = if lists { self.member(&path[..next]) } else { self.key(&path[..next]) };
            words.push(called);
            at = next;
        }
        words.join(" · ")
    }

    /// A value in words.
    pub fn value(self, path: &[String], value: &str) -> String {
        let key = path.last().map_or("", String::as_str);
        match key {
            "grades" => numbers(value, Grades::HIGHEST).map(|list| grades(self.lang, Grades::of(list))),
            "weekdays" => numbers(value, 7).map(|list| weekdays(self.lang, Weekdays::of(list))),
            "slots" | "slot" => Some(self.slots(value)),
            _ => word(self.lang, path, value),
        }
        .unwrap_or_else(|| plain(self.lang, key, value))
    }

    /// What the last key of the way is called.
    pub fn label(self, path: &[String]) -> String {
        self.key(path)
    }

    fn key(self, way: &[String]) -> String {
        let key = way.last().map_or("", String::as_str);
        key_name(way, key).map_or_else(|| key.to_owned(), |name| self.lang.t(name).to_owned())
    }

    /// A member of a list by what tells it from the others.
    fn member(self, way: &[String]) -> String {
        let [.., list, place] = way else { return String::new() };
        let called = self.lang.t(list_name(list).unwrap_or_default()).to_owned();
        let told = match list.as_str() {
            "slots" => return self.at(way, "name").unwrap_or_else(|| place.clone()),
            "windows" => return Some(self.whom(way)).filter(|whom| !whom.is_empty()).unwrap_or(called),
            "dismissal" | "programme" | "release" => self.whom(way),
            "batches" | "periods" => self.at(way, "name").unwrap_or_default(),
            "steps" => [
                Some(self.lang.fill("第 {n} 步", &[("n", place)])),
                self.at(way, "step"),
                self.at(way, "role"),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(comma(self.lang)),
            "groups" => self.at(way, "kind").unwrap_or_default(),
            "punches" => self.at(way, "slot").unwrap_or_default(),
            "reports" => self.at(way, "report").unwrap_or_default(),
            "ratios" => self.at(way, "staff").unwrap_or_default(),
            "posts" => self.at(way, "post").unwrap_or_default(),
            "credits" => self.at(way, "work").unwrap_or_default(),
            "penalties" => self.at(way, "neglect").unwrap_or_default(),
            _ => self.lang.fill("第 {n} 条", &[("n", place)]),
        };
        if told.is_empty() { called } else { format!("{called} · {told}") }
    }

    /// Whom a member is for: its grades, season and weekdays, as far as it states them.
    fn whom(self, way: &[String]) -> String {
        let stated = ["grades", "season", "weekdays"].into_iter().filter_map(|key| self.at(way, key));
        stated.collect::<Vec<_>>().join(comma(self.lang))
    }

    /// What stands at a key of the table, in words.
    fn at(self, way: &[String], key: &str) -> Option<String> {
        let path = [way, &[key.to_owned()]].concat();
        let entry = self.entries.iter().find(|entry| entry.path == path)?;
        let season = SeasonKind::parse(&entry.value).filter(|_| key == "season");
        Some(season.map_or_else(|| self.value(&path, &entry.value), |season| self.season(season)))
    }

    /// A season as the plan calls it.
    fn season(self, season: SeasonKind) -> String {
        let way = ["seasons", season.word()].map(str::to_owned);
        self.at(&way, "name").unwrap_or_else(|| name(self.lang, season).to_owned())
    }

    fn slots(self, ids: &str) -> String {
        let slot = |id: &str| {
            let way = ["slots", id].map(str::to_owned);
            self.at(&way, "name").unwrap_or_else(|| id.to_owned())
        };
        ids.split(", ").map(slot).collect::<Vec<_>>().join(comma(self.lang))
    }
}

fn numbers(text: &str, most: u8) -> Option<Vec<u8>> {
    file::numbers(text, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The way and the value in words, in the file of a school with three waves in winter.
    #[track_caller]
    fn check(path: &str, value: &str, expected: (&str, &str)) {
        let entries = file::entries(include_str!("../../../../../plans/s0.toml"));
        let called = Called::new(Lang::Zh, &entries);
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        assert_eq!((called.path(&path).as_str(), called.value(&path, value).as_str()), expected);
    }

    #[test]
    fn parts_are_called_by_what_they_are_for() {
        check("slots.afternoon.windows.2.end", "17:20", ("课后服务 · 3–4 年级、冬令时 · 结束", "17:20"));
        check("slots.afternoon.weekdays", "1-5", ("课后服务 · 星期", "周一–周五"));
        check("slots.afternoon.content", "homework, 围棋", ("课后服务 · 内容", "自主作业、围棋"));
        check("dismissal.2.at", "not stated", ("放学 · 夏令时 · 何时", "方案未写明"));
        check(
            "joining.steps.2.role",
            "grade_head",
            ("参加和报名 · 审批流程 · 第 2 步、审核、班主任 · 由谁", "年级组长"),
        );
        check("seasons.winter.assumed", "true", ("季节 · 冬令时 · 是否暂定", "是"));
        check("fee.mode", "rates", ("收费 · 方式", "按标准收费"));
        check("starts", "week 2 of term", ("服务开始", "开学第 2 周"));
        check("absence.to", "homeroom_teacher", ("请假 · 交给", "班主任"));
    }
}
