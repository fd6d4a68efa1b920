//! Facts of rosters and people as sentences.

use kehou_app::people::import::{MOST_ROWS, Refused, Sheet, Why};
use kehou_app::people::{GuardiansAdded, ImportRefused, NameLine, Person, Summary};
use kehou_domain::dismissal::EndRefused;
use kehou_domain::grouping::class_name;
use kehou_domain::people::class::ClassKey;
use kehou_domain::people::contact::WhyKept;
use kehou_domain::people::flag::Flag;
use kehou_domain::people::problem::Problem;
use kehou_domain::people::roster::Difference;
use kehou_domain::people::turn::TurnRefused;
use kehou_domain::people::{Boarding, LeftWhy, Sex};

use crate::lang::Lang;
use crate::refusal::Refusal;

/// What is wrong with a cell or row of a roster, and what would be right.
pub fn problem(lang: Lang, problem: Problem) -> String {
    let text = match problem {
        Problem::NameMissing => "没有姓名；请补上，或删掉这一行",
        Problem::NameUnreadable => "姓名里有不能用的符号；请只写姓名",
        Problem::NameHasDigits => "姓名里有数字；请去掉数字，只写姓名",
        Problem::NameTooLong => "姓名最多 40 个字",
        Problem::ClassMissing => "没有班级；请写成 三（2）班",
        Problem::ClassUnreadable => "看不懂这个班级；请写成 三（2）班、3.2、302班 或 2024级2班",
        Problem::ClassIsDate => "表格软件把班级变成了日期；请把这一列设为文本，写成 三（2）班",
        Problem::ClassRuined => "班级存成了数字，3.1 和 3.10 分不清；请把这一列设为文本，写成 三（1）班",
        Problem::ClassOutOfRange => "这个年级或入学年份，本学年没有；请核对",
        Problem::GradeElsewhere => "本校没有这个年级；请核对班级",
        Problem::SexUnreadable => "性别请写 男 或 女",
        Problem::PhoneUnreadable => "电话请写 11 位手机号，或带区号的座机",
        Problem::NumberRuined => "长数字被表格软件截断了，末几位已丢失，不能还原；请把这一列设为文本后重填",
        Problem::SeatUnreadable => "座号请写 1 到 199 的数字",
        Problem::BoardingUnreadable => "请写 走读 或 住宿",
        Problem::ErrorCell => "单元格里是公式错误；请改成文字",
        Problem::Duplicate { row } => return with_row(lang, "和第 {row} 行是同一名学生", row),
        Problem::DuplicateStatesMore { row } => {
            let text =
                "和第 {row} 行是同一名学生，但这一行还有那一行没有的家长或电话；请写进第 {row} 行再导入";
            return with_row(lang, text, row);
        }
        Problem::SameName { row } => {
            return with_row(lang, "和第 {row} 行同班同名；不说是同一个孩子，就两人都保留", row);
        }
        Problem::PhoneShared { row } => {
            return with_row(lang, "电话和第 {row} 行相同，但家长姓名不同；请核对", row);
        }
        Problem::NobodyToCall => "没有可以联系的家长电话；请补上",
    };
    lang.t(text).to_owned()
}

fn with_row(lang: Lang, text: &str, row: u32) -> String {
    lang.fill(text, &[("row", &row.to_string())])
}

/// Why a file is not read at all.
pub fn refused_file(lang: Lang, refused: Refused) -> String {
    let text = match refused {
        Refused::TooLarge { bytes } => {
            let size = format!("{:.1}", f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0);
            return lang.fill("文件有 {size} MB，最多 10 MB；请只留学生名单", &[("size", &size)]);
        }
        Refused::TooManyRows => {
            return lang.fill("超过 {most} 行；请只留学生名单", &[("most", &MOST_ROWS.to_string())]);
        }
        Refused::OpenQuote { line } => {
            let text = "第 {row} 行的引号没有收尾，后面的行会被吞掉；请去掉这个引号，或另存为 .xlsx";
            return with_row(lang, text, line);
        }
        Refused::Bomb => "文件解开后大得不正常，没有读取；请在表格软件里另存后再试",
        Refused::Macros => "文件带有宏，没有读取；请另存为不带宏的 .xlsx",
        Refused::Password => "文件设了密码；请去掉密码后再试",
        Refused::OldXml => "这是 2003 版的 XML 表格；请另存为 .xlsx",
        Refused::Unknown => "这不是表格文件；请用 .xlsx、.xls 或 .csv",
        Refused::Damaged => "文件已损坏，读不完整；请重新导出或另存一次",
        Refused::Encoding => "文字编码认不出；请另存为 .xlsx，或 UTF-8 编码的 .csv",
        Refused::PlainText => "这是纯文本，没有分列；请用 .xlsx、.xls，或用逗号分列的 .csv",
        Refused::OnlyHead => "这份表只有表头，没有学生",
        Refused::NoHead => "没有找到带 姓名 一列的表头；请在第一行写明 姓名、班级、家长、电话",
    };
    lang.t(text).to_owned()
}

/// Which columns are not read as their headings say, as two have the same.
pub fn doubled_columns(lang: Lang, sheet: &Sheet) -> Vec<String> {
    let said = [
        ("标题重复的列，只读最前面那一列：{columns}", &sheet.columns_twice),
        ("标题是姓名、当作家长姓名读取的列：{columns}", &sheet.columns_of_guardians),
    ];
    let said = said.into_iter().filter(|(_, columns)| !columns.is_empty());
    said.map(|(text, columns)| lang.fill(text, &[("columns", &columns.join("、"))])).collect()
}

/// What a row is that was skipped.
pub fn skipped(lang: Lang, why: Why) -> &'static str {
    lang.t(match why {
        Why::Title => "标题",
        Why::Header => "重复的表头",
        Why::Blank => "空行",
        Why::Total => "合计",
        Why::Note => "说明",
        Why::NoHeader => "没有表头",
    })
}

/// What is different about a pupil.
pub fn difference(lang: Lang, difference: Difference) -> &'static str {
    lang.t(match difference {
        Difference::Sex => "性别",
        Difference::Class => "班级",
        Difference::Seat => "座号",
        Difference::Boarding => "走读或住宿",
        Difference::Guardian => "家长或电话",
        Difference::GuardianName => "家长姓名",
    })
}

/// What happens to a name on file when a workbook has another beside the same number.
pub(super) fn name_outcome(lang: Lang, kept: Option<WhyKept>) -> &'static str {
    lang.t(match kept {
        None => "确认后照改",
        Some(WhyKept::TwoNames) => "不改：文件里这个号码有两个姓名；请先核对文件",
        Some(WhyKept::OtherChild) => "不改：这个号码登记的是别的孩子的家长；请核对后在学生页面上改",
        Some(WhyKept::OtherRelation) => "不改：关系也不同，可能是另一个人；请核对后在学生页面上改",
    })
}

/// What an import did, or did not do, with a name on file that the workbook has otherwise.
pub fn name_line(lang: Lang, line: &NameLine) -> String {
    let facts = [("child", line.child.as_str()), ("old", &line.old), ("new", &line.new)];
    if line.kept.is_none() {
        return lang.fill("{child}的家长 {old} 改名为 {new}", &facts);
    }
    let said = lang.fill("{child}的家长 {old}，文件里是 {new}。", &facts);
    format!("{said}{}", name_outcome(lang, line.kept))
}

/// Whom an import adds to the guardians of a pupil on roll, beside those on file; without their numbers.
pub fn guardians_line(lang: Lang, line: &GuardiansAdded) -> String {
    let person = |one: &Person| format!("{} {}", relation(lang, &one.relation), one.name).trim().to_owned();
    let people = |people: &[Person]| people.iter().map(person).collect::<Vec<_>>().join("、");
    let (added, on_file) = (people(&line.added), people(&line.on_file));
    let facts = [("child", line.child.as_str()), ("added", added.as_str()), ("known", on_file.as_str())];
    lang.fill("{child}新加家长：{added}；原有：{known}", &facts)
}

/// Why an import was not done.
pub fn import_refused(lang: Lang, refused: ImportRefused) -> String {
    match refused {
        ImportRefused::Rejections { count } => {
            let count = count.to_string();
            lang.fill(
                "有 {count} 处不能导入；请改好文件再传，或勾选“其余的都导入，上面 {count} 处不带”",
                &[("count", &count)],
            )
        }
        ImportRefused::NoStudents => lang.t("文件里没有能导入的学生").to_owned(),
        ImportRefused::Changed => lang.t("预览之后名单有变动；请再看一遍下面的结果，然后确认").to_owned(),
    }
}

/// The same on the command line, where nothing is ticked.
pub fn import_refused_by_command(lang: Lang, refused: ImportRefused) -> String {
    match refused {
        ImportRefused::Rejections { count } => {
            let count = count.to_string();
            lang.fill(
                "有 {count} 处不能导入；请改好文件再导入，或加 --without-rejected 只导入其余的行",
                &[("count", &count)],
            )
        }
        ImportRefused::NoStudents | ImportRefused::Changed => import_refused(lang, refused),
    }
}

/// What an import did.
pub fn import_done(lang: Lang, done: Summary) -> String {
    let counts = [
        ("added", done.added.to_string()),
        ("changed", done.changed.to_string()),
        ("same", done.same.to_string()),
        ("departed", done.departed.to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
    lang.fill("新增 {added} 名，变动 {changed} 名，不变 {same} 名，记为离校 {departed} 名", &counts)
}

/// What a sheet holds.
pub fn sheet_summary(lang: Lang, sheet: &Sheet) -> String {
    if sheet.hidden {
        return lang.t("隐藏的工作表，没有读取").to_owned();
    }
    let counts = [
        ("students", sheet.students.len().to_string()),
        ("rejected", sheet.rejected.len().to_string()),
        ("skipped", sheet.skipped.len().to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, count)| (*name, count.as_str())).collect();
    lang.fill("学生 {students} 名，不能导入 {rejected} 处，跳过 {skipped} 行", &counts)
}

/// Why a turn of the year cannot be done so.
pub fn turn_refused(lang: Lang, refused: TurnRefused) -> String {
    let named = |text: &str, class: ClassKey| lang.fill(text, &[("class", &entered_class(lang, class))]);
    match refused {
        TurnRefused::UnknownClass => lang.t("有的班级已经不在了；请刷新后再选").to_owned(),
        TurnRefused::OtherYear => lang.t("只有同一届的班级可以合并").to_owned(),
        TurnRefused::IntoClosing => lang.t("不能并入自己，也不能并入将要撤销的班级").to_owned(),
        TurnRefused::Taken { class } => named("{class}已经有了；请换一个班号", class),
        TurnRefused::NoGrade { class } => named("{class}不在本学年的年级里；请核对入学年份", class),
        TurnRefused::Graduates => lang.t("毕业班不能合并或分班").to_owned(),
    }
}

/// A class by grade: 三(2)班, Class 3(2).
pub fn graded_class(lang: Lang, grade: u8, class_no: u8) -> String {
    match lang {
        Lang::Zh => class_name(grade, u32::from(class_no)),
        Lang::En => format!("Class {grade}({class_no})"),
    }
}

/// A group by its name: one that keeps a class together has the class's, one of several classes theirs, another its own.
pub fn group(lang: Lang, name: &str) -> String {
    let between = match lang {
        Lang::Zh => "＋",
        Lang::En => " + ",
    };
    name.split('＋').map(|class| class_or_own(lang, class)).collect::<Vec<_>>().join(between)
}

fn class_or_own(lang: Lang, name: &str) -> String {
    let number = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix('班')?.strip_suffix(')'));
    let number = number.and_then(|digits| digits.parse::<u8>().ok());
    let own = |grade: &u8| number.is_some_and(|number| class_name(*grade, u32::from(number)) == name);
    match ((1..=9).find(own), number) {
        (Some(grade), Some(number)) => graded_class(lang, grade, number),
        (Some(_) | None, _) => name.to_owned(),
    }
}

/// A class by year of entry: 2024级2班.
pub fn entered_class(lang: Lang, class: ClassKey) -> String {
    let (year, number) = (class.entered_year.to_string(), class.class_no.to_string());
    lang.fill("{year}级{number}班", &[("year", &year), ("number", &number)])
}

/// A class as it is called in a school year; by year of entry when it has no grade then.
pub fn class(lang: Lang, class: ClassKey, school_year: i16) -> String {
    match class.grade_in(school_year) {
        Some(grade) => graded_class(lang, grade, class.class_no),
        None => entered_class(lang, class),
    }
}

/// 男, 女, or nothing.
pub fn sex(lang: Lang, sex: Sex) -> &'static str {
    match sex {
        Sex::Male => lang.t("男"),
        Sex::Female => lang.t("女"),
        Sex::Unstated => "",
    }
}

/// Day pupil or boarder.
pub fn boarding(lang: Lang, boarding: Boarding) -> &'static str {
    lang.t(match boarding {
        Boarding::Day => "走读",
        Boarding::Boarder => "住宿",
    })
}

/// Why a pupil left.
pub fn left_why(lang: Lang, why: LeftWhy) -> &'static str {
    lang.t(match why {
        LeftWhy::Graduated => "毕业",
        LeftWhy::Transferred => "转学",
        LeftWhy::Other => "其他原因",
        LeftWhy::Unstated => "名单里没有，原因没有写",
    })
}

/// A hardship or priority group.
pub fn flag(lang: Lang, flag: Flag) -> &'static str {
    lang.t(match flag {
        Flag::LeftBehind => "留守儿童",
        Flag::Migrant => "随迁子女",
        Flag::Disabled => "残疾儿童",
        Flag::Hardship => "家庭经济困难",
    })
}

/// A relation that schools write, in the reader's language; an unknown word stays as it is.
pub fn relation(lang: Lang, relation: &str) -> String {
    const KNOWN: [&str; 21] = [
        "父亲",
        "母亲",
        "祖父",
        "祖母",
        "外祖父",
        "外祖母",
        "监护人",
        "爸爸",
        "妈妈",
        "爷爷",
        "奶奶",
        "外公",
        "外婆",
        "姥爷",
        "姥姥",
        "叔叔",
        "阿姨",
        "姑姑",
        "舅舅",
        "邻居",
        "保姆",
    ];
    let known = KNOWN.iter().find(|word| **word == relation);
    known.map_or(relation, |word| lang.t(word)).to_owned()
}

/// Why a guardianship does not end yet, and what would follow at the gate.
pub(super) fn end_refused(lang: Lang, refused: EndRefused) -> Refusal {
    match refused {
        EndRefused::LastWhileInSchool => {
            let words = lang.t("这是最后一位能接孩子的家长，孩子今天还没离校。取消以后，门口没有家长可以打电话，也没有家长能接走，只能由值班领导处理。确实要取消，请勾选");
            Refusal::new("last_guardian", words).at("sure")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_keeps_a_class_together_is_called_as_the_class() {
        for (name, en) in
            [("三(12)班", "Class 3(12)"), ("初一(2)班", "初一(2)班"), ("围棋社", "围棋社"), ("", "")]
        {
            assert_eq!((group(Lang::Zh, name), group(Lang::En, name)), (name.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn a_relation_that_is_known_is_said_in_the_readers_language() {
        assert_eq!(relation(Lang::En, "母亲"), "Mother");
        assert_eq!(relation(Lang::En, "舅公"), "舅公");
        assert_eq!(relation(Lang::Zh, "奶奶"), "奶奶");
    }
}
