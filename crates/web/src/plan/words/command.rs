//! What the command line says of plans.

use std::io::ErrorKind;

use crate::lang::Lang;

/// Why a file that was named cannot be read.
pub fn unreadable(lang: Lang, why: ErrorKind) -> &'static str {
    let known = [
        (ErrorKind::NotFound, "没有这个文件；请核对文件名和所在的文件夹"),
        (ErrorKind::PermissionDenied, "没有读这个文件的权限；请换有权限的账户，或改文件的权限"),
        (ErrorKind::IsADirectory, "这是文件夹，不是文件；请写明里面的哪个文件"),
    ];
    let found = known.into_iter().find(|(kind, _)| *kind == why);
    lang.t(found.map_or("这个文件读不出来；请核对它所在的磁盘，或换一份", |(_, text)| text))
}

/// A plan file has problems, so that it answers no other question.
pub fn unsound(lang: Lang, problems: usize) -> String {
    lang.fill("方案文件有 {n} 处问题；请先改好", &[("n", &problems.to_string())])
}

/// No school of the store has this code, and which codes there are.
pub fn no_school(lang: Lang, code: &str, known: &[String]) -> String {
    if known.is_empty() {
        return lang.t("还没有学校；请先用 kehou school add 加第一所").to_owned();
    }
    let known = known.join(", ");
    lang.fill("没有代码是 {code} 的学校；现有 {known}", &[("code", code), ("known", &known)])
}

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
