//! What the command line says of plans.

use crate::lang::Lang;

/// Nothing is wrong with a file.
pub fn sound(lang: Lang) -> &'static str {
    lang.t("没有问题")
}

/// A warning begins so.
pub fn reminder(lang: Lang, since: &str) -> String {
    lang.fill("提醒（{day} 起）", &[("day", since)])
}

/// The holidays of a year are not published.
pub fn unpublished(lang: Lang, year: i16) -> String {
    lang.fill("{year} 年的放假安排还没有公布；有通知之后才能回答", &[("year", &year.to_string())])
}

/// A make-up day needs the weekday that it follows.
pub fn which_weekday(lang: Lang) -> &'static str {
    lang.t("这一天是调休上班日；请用 --follows 说明按星期几上课")
}

/// Some grades leave at a time.
pub fn leaving(lang: Lang, grades: &str, at: &str) -> String {
    lang.fill("{grades} {at} 离校", &[("grades", grades), ("at", at)])
}

/// The open points follow.
pub fn to_answer(lang: Lang) -> &'static str {
    lang.t("开学前要确定：")
}

/// Two versions are the same.
pub fn no_difference(lang: Lang) -> &'static str {
    lang.t("没有不同")
}

/// What stands where a plan does not say.
pub fn not_stated(lang: Lang) -> &'static str {
    lang.t("方案未写明")
}
