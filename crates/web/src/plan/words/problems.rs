//! What is wrong with a plan file, as sentences: what is wrong, and what would be right.

use kehou_app::plan::file::{Shape, Syntax, Wrong};
use kehou_domain::plan::Fault;

use super::{grades, name};
use crate::lang::Lang;

/// The sentence of a problem.
pub fn problem(lang: Lang, wrong: &Wrong) -> String {
    match wrong {
        Wrong::TooLarge { most } => {
            lang.fill("文件太大；方案文件最多 {n} KB", &[("n", &(most / 1024).to_string())])
        }
        Wrong::NotUtf8 => lang.t("文件不是 UTF-8 编码；请另存为 UTF-8 文本").to_owned(),
        Wrong::Syntax(syntax) => lang.t(syntax_text(*syntax)).to_owned(),
        Wrong::UnknownKey { key, table, nearest, known } => unknown_key(lang, key, table, *nearest, known),
        Wrong::MissingKey { key, table, shape } => {
            let values = [
                ("where", place(lang, table)),
                ("key", (*key).to_owned()),
                ("shape", shape_text(lang, *shape)),
            ];
            lang.fill("{where}缺少 {key}；应写成 {key} = {shape}", &pairs(&values))
        }
        Wrong::RateWithoutUnit => lang
            .t("收费标准没有写单位；应写 unit = \"lesson_hour\"、\"hour\"、\"day\"、\"month\" 或 \"term\"")
            .to_owned(),
        Wrong::Shape { key, shape, found } => {
            let values =
                [("key", (*key).to_owned()), ("found", found.clone()), ("shape", shape_text(lang, *shape))];
            lang.fill("{key} 不能是 {found}；应是{shape}", &pairs(&values))
        }
        Wrong::UnknownWord { key, word, allowed, nearest } => {
            let list = listed(*nearest, allowed);
            lang.fill(
                "{key} 没有 “{word}” 这个词；可以写 {list}",
                &[("key", key), ("word", word), ("list", &list)],
            )
        }
        Wrong::RoleNobodyHas { word, nearest, roles } => {
            let list = listed(*nearest, roles);
            lang.fill("没有人能担任 “{word}” 这个角色；可以写 {list}", &[("word", word), ("list", &list)])
        }
        Wrong::EndAndMinutes => lang.t("同时写了 end 和 minutes；只写其中一个").to_owned(),
        Wrong::CapIncomplete => lang.t("封顶要同时写 cap_yuan 和 cap_per").to_owned(),
        Wrong::Fault(fault) => fault_text(lang, fault),
    }
}

/// The same by a field of the form: without the keys, quotes and tables of the file.
pub fn in_form(lang: Lang, wrong: &Wrong) -> String {
    match wrong {
        Wrong::MissingKey { .. } => lang.t("这一项不能空着").to_owned(),
        Wrong::Shape { shape, .. } => lang.fill("请填{what}", &[("what", &plain_shape(lang, *shape))]),
        Wrong::EndAndMinutes => lang.t("结束时间和分钟只填一个").to_owned(),
        Wrong::Fault(Fault::EndsBeforeStart) => lang.t("结束要晚于开始").to_owned(),
        Wrong::Fault(Fault::WaveBeforeEnd) => lang.t("离校时间不能早于结束时间").to_owned(),
        Wrong::Fault(Fault::SlotOnWeekend) => lang.t("周六、周日不安排课后服务；请只选周一到周五").to_owned(),
        Wrong::Fault(Fault::GradesOutside { grades: outside }) => {
            lang.fill("方案不包括{grades}；请改这里或方案的年级", &[("grades", &grades(lang, *outside))])
        }
        Wrong::Fault(Fault::WindowTwice { grades: twice }) => {
            lang.fill("{grades}在同一天有两个时间；请只留一个", &[("grades", &grades(lang, *twice))])
        }
        Wrong::Fault(Fault::RateEndsBeforeStart) => lang.t("截止日期不能早于开始日期").to_owned(),
        Wrong::Fault(Fault::MinAboveMax) => lang.t("最少人数不能多于最多人数").to_owned(),
        Wrong::TooLarge { .. }
        | Wrong::NotUtf8
        | Wrong::Syntax(_)
        | Wrong::UnknownKey { .. }
        | Wrong::RateWithoutUnit
        | Wrong::UnknownWord { .. }
        | Wrong::RoleNobodyHas { .. }
        | Wrong::CapIncomplete
        | Wrong::Fault(_) => problem(lang, wrong),
    }
}

/// What a field should look like.
fn plain_shape(lang: Lang, shape: Shape) -> String {
    let text = match shape {
        Shape::Time | Shape::OpenTime | Shape::Start | Shape::End | Shape::CutOff => {
            "时间，例如 15:10，或从列表里选"
        }
        Shape::Date | Shape::Starts => "日期，例如 2026-09-01，或从列表里选",
        Shape::MonthDay => "月和日，例如 05-01",
        Shape::Yuan => "元，最多两位小数，例如 3.50",
        Shape::LessonHours => "课时，最多两位小数，例如 1.5",
        Shape::Text
        | Shape::Flag
        | Shape::Number { .. }
        | Shape::List
        | Shape::Table
        | Shape::Tables
        | Shape::Grades
        | Shape::Weekdays
        | Shape::ShortName => return shape_text(lang, shape),
    };
    lang.t(text).to_owned()
}

const fn syntax_text(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::NotClosed => "引号或括号没有成对；请补上缺少的那一个",
        Syntax::KeyTwice => "同一个表里，这个键写了两次；请删掉一个",
        Syntax::Date => "没有这个日期或时间；日期应写成 2026-09-01，时间应写成 \"15:10\"",
        Syntax::Number => "数字写法不对；整数写成 40，小数放在引号里，例如 \"3.50\"",
        Syntax::Text => "文字写法不对；文字放在成对的英文引号里，里面不要有反斜杠",
        Syntax::Key => "键的写法不对；键只用小写字母、数字和下划线，不加引号",
        Syntax::NoEquals => "这一行缺少 =；应写成 键 = 值",
        Syntax::NoValue => "等号后面没有值；应写成 键 = 值",
        Syntax::List => "列表写法不对；成员之间用一个逗号隔开，例如 [\"a\", \"b\"]",
        Syntax::Other => "写法不对；每行应写成 键 = 值，文字放在英文引号里",
    }
}

fn pairs<'a>(values: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    values.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn place(lang: Lang, table: &str) -> String {
    match table {
        "" => lang.t("方案").to_owned(),
        table => format!("[{table}] "),
    }
}

/// The word that was probably meant, or else the whole list.
fn listed(nearest: Option<&str>, list: &[&str]) -> String {
    match nearest {
        Some(word) => format!("\"{word}\""),
        None => list.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "),
    }
}

fn unknown_key(lang: Lang, key: &str, table: &str, nearest: Option<&'static str>, known: &[&str]) -> String {
    let place = place(lang, table);
    match nearest {
        Some(meant) => lang.fill(
            "{where}没有 {key} 这一项；是不是 {meant}？",
            &[("where", &place), ("key", key), ("meant", meant)],
        ),
        None => lang.fill(
            "{where}没有 {key} 这一项；可以写 {list}",
            &[("where", &place), ("key", key), ("list", &known.join(", "))],
        ),
    }
}

fn shape_text(lang: Lang, shape: Shape) -> String {
    let text = match shape {
        Shape::Text => "引号里的文字",
        Shape::Flag => "true 或 false",
        Shape::Number { least, most } => {
            return lang.fill(
                "{least} 到 {most} 的整数",
                &[("least", &least.to_string()), ("most", &most.to_string())],
            );
        }
        Shape::List => "方括号里的列表，例如 [\"a\", \"b\"]",
        Shape::Table => "一个表，写成 [名称]",
        Shape::Tables => "若干个表，每个写成 [[名称]]",
        Shape::Time => "时间，例如 \"15:10\"",
        Shape::OpenTime => "时间，例如 \"15:10\"，或 \"not stated\"",
        Shape::Start => "时间，例如 \"15:10\"，或 \"dismissal\"、\"not stated\"",
        Shape::End => "时间，例如 \"17:10\"，或 \"open\"、\"not stated\"",
        Shape::CutOff => "时间，例如 \"12:00\"，或 \"slot start\"",
        Shape::Date => "日期，例如 2026-09-01",
        Shape::Starts => "日期，例如 2026-09-01，或 \"03-01\"、\"week 2 of term\"、\"not stated\"",
        Shape::MonthDay => "月日，例如 \"05-01\"",
        Shape::Grades => "1 到 9 之间的年级，例如 \"1-6\" 或 [1, 2]",
        Shape::Weekdays => "1（周一）到 7（周日）之间的星期，例如 \"1-5\" 或 [2, 4]",
        Shape::Yuan => "元，最多两位小数，例如 \"3.50\"",
        Shape::LessonHours => "课时，最多两位小数，例如 \"1.5\"",
        Shape::ShortName => "小写字母、数字和下划线，例如 \"afternoon\"",
    };
    lang.t(text).to_owned()
}

fn fault_text(lang: Lang, fault: &Fault) -> String {
    match fault {
        Fault::SlotTwice { id } => {
            lang.fill("时段 {id} 出现了两次；每个时段要有自己的 id", &[("id", id.as_str())])
        }
        Fault::GradesOutside { grades: outside } => lang.fill(
            "时段里有方案不包括的{grades}；请改时段的 grades 或方案的 grades",
            &[("grades", &grades(lang, *outside))],
        ),
        Fault::SlotOnWeekend => {
            lang.t("周六、周日不安排服务；只有 weekend_return 可以在周末，请改 weekdays").to_owned()
        }
        Fault::WindowMissing { grades: open, season } => {
            let grades = grades(lang, *open);
            match season {
                Some(season) => lang.fill(
                    "{grades}在{season}没有时间；请加 [[slots.windows]]，不知道就写 \"not stated\"",
                    &[("grades", &grades), ("season", name(lang, *season))],
                ),
                None => lang.fill(
                    "{grades}没有时间；请加 [[slots.windows]]，不知道就写 \"not stated\"",
                    &[("grades", &grades)],
                ),
            }
        }
        Fault::WindowTwice { grades: twice } => lang.fill(
            "{grades}在同一天有两个时间；同一时段里每个年级、季节和星期只写一个",
            &[("grades", &grades(lang, *twice))],
        ),
        Fault::WindowsOverlap { other, grades: both } => lang.fill(
            "{grades}的时间和时段 {other} 重叠；请错开，或用 applies_to 分开走读和住宿",
            &[("grades", &grades(lang, *both)), ("other", other.as_str())],
        ),
        Fault::EndsBeforeStart => lang.t("结束时间不晚于开始时间；end 要晚于 start").to_owned(),
        Fault::WaveBeforeEnd => lang.t("放学早于时段结束；wave 不能早于 end").to_owned(),
        Fault::DismissalMissing { grades: open } => lang.fill(
            "时间从放学算起，但没有写{grades}何时放学；请加 [[dismissal]]，不知道就写 at = \"not stated\"",
            &[("grades", &grades(lang, *open))],
        ),
        Fault::SeasonGap { day } => {
            lang.fill("{day} 不属于任何季节；两个季节要覆盖全年", &[("day", &day.to_string())])
        }
        Fault::SeasonsOverlap { day } => {
            lang.fill("{day} 同时属于两个季节；请让它们首尾相接", &[("day", &day.to_string())])
        }
        Fault::FeeOnFreePlan
        | Fault::RatesMissing
        | Fault::RateEndsBeforeStart
        | Fault::RatesOverlap { .. }
        | Fault::UnknownSlot { .. }
        | Fault::ReviewBeforeApply
        | Fault::MinAboveMax => fault_of_lists(lang, fault),
    }
}

/// Faults of fees, groups and the chain.
fn fault_of_lists(lang: Lang, fault: &Fault) -> String {
    match fault {
        Fault::FeeOnFreePlan => {
            lang.t("免费的方案里不能有收费；请去掉收费，或把 mode 改成收费方式").to_owned()
        }
        Fault::RatesMissing => lang.t("写了按标准收费，却没有标准；请加 [[fee.rates]]").to_owned(),
        Fault::RateEndsBeforeStart => lang.t("标准的截止日期早于开始日期；until 不能早于 from").to_owned(),
        Fault::RatesOverlap { other } => {
            lang.fill("与第 {n} 条标准在同一天生效；请给前一条写 until", &[("n", &(other + 1).to_string())])
        }
        Fault::UnknownSlot { id } => {
            lang.fill("没有时段 {id}；请写方案里某个时段的 id", &[("id", id.as_str())])
        }
        Fault::ReviewBeforeApply => lang.t("审核排在家长申请之前；先 apply，后 review").to_owned(),
        Fault::MinAboveMax => lang.t("最少人数多于最多人数；min 不能大于 max").to_owned(),
        Fault::SlotTwice { .. }
        | Fault::GradesOutside { .. }
        | Fault::SlotOnWeekend
        | Fault::WindowMissing { .. }
        | Fault::WindowTwice { .. }
        | Fault::WindowsOverlap { .. }
        | Fault::EndsBeforeStart
        | Fault::WaveBeforeEnd
        | Fault::DismissalMissing { .. }
        | Fault::SeasonGap { .. }
        | Fault::SeasonsOverlap { .. } => fault_text(lang, fault),
    }
}
