//! What copies and workbooks bring, and what is wrong with it, as sentences.

use kehou_app::catalogue::import::{Column, FileRefused, ImportRefused, MOST_LINES, Verdict, Why, Wrong};
use kehou_app::catalogue::{CopyLine, CopyRefused};
use kehou_app::people::import::Refused;
use kehou_domain::plan::Plan;

use super::read_back;
use super::words::{fault, lack};
use crate::lang::Lang;
use crate::refusal::Refusal;

/// What somebody has to see to when an offering of the last term is copied.
pub(super) fn copy_notes(lang: Lang, plan: Option<&Plan>, line: &CopyLine) -> Vec<String> {
    let faults = plan.into_iter().flat_map(|plan| line.faults.iter().map(move |one| (plan, one)));
    let mut notes: Vec<String> = faults.map(|(plan, one)| fault(lang, plan, one).message).collect();
    if line.teacher_left {
        notes.push(lang.t("老师已经离校，复制后请另定一位").to_owned());
    }
    notes
}

/// Why nothing is copied.
pub(super) fn not_copied(lang: Lang, why: CopyRefused) -> Refusal {
    match why {
        CopyRefused::NoPlan => Refusal::new("no_plan", lang.t("这个学期没有生效的服务方案")),
        CopyRefused::NothingChosen => Refusal::new("nothing_chosen", lang.t("请至少勾选一门")).at("offering"),
    }
}

/// Why a workbook is not read.
pub(super) fn not_read(lang: Lang, why: FileRefused) -> Refusal {
    let words = match why {
        FileRefused::TooMany => {
            lang.fill("超过 {most} 行；请分几个文件导入", &[("most", &MOST_LINES.to_string())])
        }
        FileRefused::File(Refused::TooManyRows | Refused::TooLarge { .. }) => {
            lang.t("文件太大；请只留课程表").to_owned()
        }
        FileRefused::File(Refused::OnlyHead) => lang.t("这份表只有表头，没有课程").to_owned(),
        FileRefused::File(Refused::NoHead | Refused::PlainText) => {
            lang.t("没有找到带 名称 一列的表头；请用下载的空表填").to_owned()
        }
        FileRefused::File(other) => crate::people::words::refused_file(lang, other),
    };
    let code = match why {
        FileRefused::TooMany => "too_many_rows",
        FileRefused::File(refused) => refused.code(),
    };
    Refusal::new(code, words)
}

/// What becomes of a row: the tag's colour, its icon, its word.
pub(super) const fn row_tag(verdict: &Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::New(..) => ("present", "plus", "新增"),
        Verdict::Exists => ("gone", "check", "已经有了"),
        Verdict::Twice(_) => ("gone", "copy", "重复"),
        Verdict::PartOf(_) => ("leave", "plus", "同一门"),
        Verdict::Wrong(_) => ("absent", "alert", "要改"),
    }
}

/// What somebody should know of a row.
pub(super) fn row_notes(lang: Lang, plan: Option<&Plan>, verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::New(_, lacks) => lacks.iter().map(|one| lack(lang, *one).message).collect(),
        Verdict::Exists => vec![lang.t("这个学期已经有同名、同一天的").to_owned()],
        Verdict::Twice(row) => vec![lang.fill("和第 {row} 行相同", &[("row", &row.to_string())])],
        Verdict::PartOf(row) => {
            vec![lang.fill("接着第 {row} 行写的，是同一门的另一个时段", &[("row", &row.to_string())])]
        }
        Verdict::Wrong(wrongs) => wrongs.iter().map(|one| wrong_cell(lang, plan, one)).collect(),
    }
}

/// What is wrong with a cell: 年级“低年级”：看不出是哪几个年级.
fn wrong_cell(lang: Lang, plan: Option<&Plan>, wrong: &Wrong) -> String {
    let why = why_wrong(lang, plan, wrong);
    let Some(column) = wrong.column else { return why };
    let column = lang.t(read_back::column(column));
    let value: String = wrong.value.chars().take(30).collect();
    let quoted = match (value.as_str(), lang) {
        ("", _) => String::new(),
        (value, Lang::Zh) => format!("“{value}”"),
        (value, Lang::En) => format!(" “{value}”"),
    };
    match lang {
        Lang::Zh => format!("{column}{quoted}：{why}"),
        Lang::En => format!("{column}{quoted}: {why}"),
    }
}

/// Why a cell cannot be so.
pub(super) fn why_wrong(lang: Lang, plan: Option<&Plan>, wrong: &Wrong) -> String {
    let text = match &wrong.why {
        Why::Fault(found) => {
            return plan.map(|plan| fault(lang, plan, found).message).unwrap_or_default();
        }
        Why::Unknown if wrong.value.is_empty() => "没有填；能填什么写在空表的第二页",
        Why::Unknown => "不认识；能填什么写在空表的第二页",
        Why::Date => "表格软件把它当成了日期；请改成文字，如 1至3",
        Why::Error => "公式出错了",
        Why::Unclear if wrong.column == Some(Column::Grades) => "看不出是哪几个年级，如 1至3 或 3、5",
        Why::Unclear => "看不出是星期几，如 周二 或 周二、周四",
        Why::NoNumber => "请写整数，如 20",
        Why::NoMoney => "请写金额，如 50 或 50.50",
        Why::WhichSlot => "那天不止一个时段，请写明是哪一个",
        Why::NoSuchTeacher => "教职工里没有这个姓名",
        Why::MeetsTwice => "这一天这个时段上面已经写了",
        Why::NotAsAbove => "和上面同一门写的不一样；请留空，或写上自己的名称，另算一门",
        Why::RowBelow(row) => {
            let text = "接着写的第 {row} 行要改，这一门才能导入";
            return lang.fill(text, &[("row", &row.to_string())]);
        }
        Why::SeveralTeachers => "有几位老师同名；请先留空，导入后再选",
    };
    lang.t(text).to_owned()
}

/// Why a workbook is not imported.
pub(super) fn not_imported(lang: Lang, why: ImportRefused) -> Refusal {
    match why {
        ImportRefused::NoPlan => Refusal::new("no_plan", lang.t("这个学期没有生效的服务方案")),
        ImportRefused::Wrong(rows) => {
            let text = "有 {n} 行要改；请改好文件，或勾选不带这几行";
            Refusal::new("wrong_rows", lang.fill(text, &[("n", &rows.to_string())])).at("without_wrong")
        }
        ImportRefused::Nothing => Refusal::new("nothing", lang.t("没有可以导入的行")),
        ImportRefused::Changed => {
            Refusal::new("changed", lang.t("预览以后课程、方案或教职工有了变化；请看过新的预览再确认"))
        }
    }
}
