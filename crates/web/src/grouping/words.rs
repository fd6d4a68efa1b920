//! Facts of groups as sentences.

use kehou_app::grouping::NoMerging;
use kehou_app::grouping::class1::Problem;
use kehou_domain::grouping::class_name;
use kehou_domain::grouping::classes::{MOST_CLASSES, Refused};

use crate::lang::Lang;

/// What is wrong with a line of a file of classes, and what would be right.
pub fn class1(lang: Lang, problem: &Problem) -> String {
    let counted = |text, said: usize, found: usize| {
        lang.fill(text, &[("said", &said.to_string()), ("found", &found.to_string())])
    };
    let numbered = |text, number: u32| lang.fill(text, &[("n", &number.to_string())]);
    let text = match problem {
        Problem::NoHead => "第一行应当是 CLASS1、任意一个词、学校数",
        Problem::UnknownLine => "这一行既不是学校（S）也不是年级（G）",
        Problem::Words => "学校写 S 编号 年级数；年级写 G 年级 各班人数",
        Problem::NoSchool => "年级前面还没有学校；请先写一行 S",
        Problem::Number { word, least, most } => {
            let (least, most) = (least.to_string(), most.to_string());
            let values = [("word", &word[..]), ("least", &least[..]), ("most", &most[..])];
            return lang.fill("{word} 不是 {least} 到 {most} 的整数", &values);
        }
        Problem::SchoolTwice(school) => return numbered("学校 {n} 出现了两次", *school),
        Problem::GradeTwice(grade) => return numbered("这所学校的 {n} 年级出现了两次", (*grade).into()),
        Problem::Grades { said, found } => {
            return counted("这所学校写的是 {said} 个年级，下面有 {found} 个", *said, *found);
        }
        Problem::Schools { said, found } => {
            return counted("第一行写的是 {said} 所学校，文件里有 {found} 所", *said, *found);
        }
    };
    lang.t(text).to_owned()
}

/// Why the rule of small classes says nothing of a day.
pub(super) const fn no_merging(why: NoMerging) -> &'static str {
    match why {
        NoMerging::NoService => "这一天没有课后服务",
        NoMerging::NoRule => "服务方案没有写小班合班",
        NoMerging::Cannot(_) => "服务方案里合班的人数对不上，合不了",
    }
}

/// Why no groups are formed.
pub fn not_formed(lang: Lang, refused: Refused) -> String {
    match refused {
        Refused::KeepAboveCap => {
            lang.t("单独成班的人数最多比合班人数上限多 1，否则有的班既不能单独也不能合").to_owned()
        }
        Refused::NoCap => lang.t("合班人数上限至少是 1").to_owned(),
        Refused::Twice(class) => {
            let name = class_name(class.grade, class.no);
            lang.fill("{class} 出现了两次", &[("class", &name)])
        }
        Refused::TooMany(grade) => {
            let (grade, most) = (grade.to_string(), MOST_CLASSES.to_string());
            lang.fill("{grade} 年级的班太多；最多 {most} 个", &[("grade", &grade), ("most", &most)])
        }
    }
}

/// A plan does not merge small classes.
pub fn no_rule(lang: Lang) -> &'static str {
    lang.t("这份方案没有写明小班怎样合班；请用 --keep 和 --cap 写明人数")
}

/// A file is not an answer of the command that forms groups.
pub fn not_an_answer(lang: Lang) -> &'static str {
    lang.t("这不是 kehou classes 的结果；请给出以前存下的 JSON")
}
