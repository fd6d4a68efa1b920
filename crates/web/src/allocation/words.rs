//! Facts of markets and results as sentences.

use jiff::civil::Weekday;
use kehou_app::allocation::file::Field;
use kehou_app::allocation::{Difference, Unreadable, What, Wrong};
use kehou_domain::allocation::{Kind, Seed, Unfit, Used};

use crate::dates;
use crate::lang::Lang;

/// A sentence with what stands at its places.
type Sentence = (&'static str, Vec<(&'static str, String)>);

/// What is wrong with a line of a market, and what would be right.
pub fn problem(lang: Lang, wrong: &Wrong) -> String {
    let field = |field: Field| ("field", field_text(lang, field).to_owned());
    said(
        lang,
        match wrong {
            Wrong::NotAlloc1 => ("第一行应以 ALLOC1 开头；请换成 ALLOC1 格式的文件", vec![]),
            Wrong::UnknownLine { found } => {
                ("认不出以 “{found}” 开头的行；应以 L、O 或 P 开头", vec![("found", found.clone())])
            }
            Wrong::NoSchool => ("这一行之前没有学校；请先写一行 L", vec![]),
            Wrong::OfferingAfterApplicant => ("课程要写在学生之前；请移到本校第一行 P 的前面", vec![]),
            Wrong::Missing(missing) => ("这里缺少{field}；各项之间空一格", vec![field(*missing)]),
            Wrong::TooMuch { found } => ("这一行多出 “{found}”；请删掉", vec![("found", found.clone())]),
            Wrong::Number { field: of, least, most, found } => (
                "{field}不能是 “{found}”；应是 {least} 到 {most} 的整数",
                vec![field(*of), ("found", found.clone()), number("least", *least), number("most", *most)],
            ),
            Wrong::OutOfOrder { next } => {
                ("课程要依次编为 0、1、2……；这里应是 {n}", vec![number("n", *next)])
            }
            Wrong::TooManySeats { kind } => (
                "{kind}最多 {n} 人；请改小",
                vec![("kind", kind_text(lang, *kind)), number("n", kind.most())],
            ),
            Wrong::GradesBackwards => ("最高年级低于最低年级；请对调", vec![]),
            Wrong::LimitAboveSchool { most } => {
                ("每周上限超过了本校的 {n} 个；请改小", vec![number("n", *most)])
            }
            Wrong::UnknownOffering { offering, offerings } => (
                "没有编号 {n} 的课程；本校有 {count} 个，从 0 编起",
                vec![number("n", *offering), ("count", offerings.to_string())],
            ),
            Wrong::WrongDay { offering, listed, meets } => (
                "课程 {n} 在{meets}；请从{listed}的志愿移到{meets}",
                vec![number("n", *offering), day(lang, "meets", *meets), day(lang, "listed", *listed)],
            ),
            Wrong::WishTwice { offering } => ("课程 {n} 已经填过；请只留一次", vec![number("n", *offering)]),
            Wrong::NotEligible { offering, unfit } => (unfit_text(*unfit), vec![number("n", *offering)]),
            Wrong::AlsoEarlier => ("课程另外的日子要在第一天之后；请把最早的一天写在前面", vec![]),
            Wrong::NotOffice { found } => {
                ("by 不能是 “{found}”；只能写 office", vec![("found", found.clone())])
            }
            Wrong::NotSibling { found } => {
                ("with 不能是 “{found}”；只能写 sibling", vec![("found", found.clone())])
            }
            Wrong::GoesOnUnwished { offering } => {
                ("续报的课程 {n} 不在志愿里；请先填进志愿", vec![number("n", *offering)])
            }
            Wrong::NumberTwice { number: twice } => {
                ("编号 {n} 有两名学生；每名学生要有自己的编号", vec![number("n", *twice)])
            }
            Wrong::SchoolTwice { school } => {
                ("编号 {n} 有两所学校；请改其中一个", vec![number("n", *school)])
            }
            Wrong::Count { field: of, stated, found } => (
                "文件写明{field}是 {stated}，实际是 {found}；请改正",
                vec![field(*of), number("stated", *stated), number("found", *found)],
            ),
        },
    )
}

/// Why a result cannot be read.
pub fn unreadable(lang: Lang, why: &Unreadable) -> String {
    said(
        lang,
        match why {
            Unreadable::Shape { .. } => ("这里不合结果文件的格式；请用 kehou allocate 写出的文件", vec![]),
            Unreadable::Word { key, found, known } => (
                "{key} 没有 “{found}” 这个词；可以写 {list}",
                vec![("key", (*key).to_owned()), ("found", found.clone()), ("list", known.join(", "))],
            ),
            Unreadable::Seed => ("种子应是小写的十六进制，每个字节两位", vec![]),
        },
    )
}

/// What a seed looks like on the command line.
pub fn seed_shape(lang: Lang) -> String {
    lang.fill("种子应是十六进制，每个字节两位，最多 {n} 个字节", &[("n", &Seed::LONGEST.to_string())])
}

/// The yardstick is a flow, and not everything is.
pub fn beyond_yardstick(lang: Lang) -> &'static str {
    lang.t("o1 不认识一周几次的课程和不能都要的课程；请用 da 或 most-seats")
}

/// Everything in a result follows from the market.
pub fn verified(lang: Lang) -> &'static str {
    lang.t("核对无误：签号、录取线和每一条理由都与结果相符")
}

/// The first difference between a result and what follows from the market.
pub fn difference(lang: Lang, difference: &Difference) -> String {
    let what = what(lang, difference.what);
    let offering = difference.offering.clone().unwrap_or_default();
    match difference.student {
        Some(student) => lang.fill(
            "学生 {student}，课程 {offering}：{what}",
            &[("student", &student.to_string()), ("offering", &offering), ("what", &what)],
        ),
        None if offering.is_empty() => what,
        None => lang.fill("课程 {offering}：{what}", &[("offering", &offering), ("what", &what)]),
    }
}

fn what(lang: Lang, what: What) -> String {
    said(
        lang,
        match what {
            What::UnknownOffering => ("报名文件里没有这个课程", vec![]),
            What::UnknownStudent => ("报名文件里没有这名学生", vec![]),
            What::NotWished => ("学生没有填这个志愿", vec![]),
            What::SeatTwice => ("同一个名额列了两次", vec![]),
            What::NotEligible(Unfit::Grade) => ("课程不面向这个年级", vec![]),
            What::NotEligible(Unfit::Sex) => ("课程不面向这个性别", vec![]),
            What::TooMuch(Used::Day(other)) => ("学生同一天已有课程 {n}", vec![number("n", other)]),
            What::TooMuch(Used::MoreDays(other)) => {
                ("学生已有课程 {n}，它一周几次，占了这一天", vec![number("n", other)])
            }
            What::TooMuch(Used::Apart(other)) => {
                ("学生已有课程 {n}，学校规定两个不能都要", vec![number("n", other)])
            }
            What::TooMuch(Used::Title(other)) => ("学生已有同名的课程 {n}", vec![number("n", other)]),
            What::TooMuch(Used::Limit) => ("超过学生的每周上限", vec![]),
            What::Overfull => ("录取的人数超过名额", vec![]),
            What::SeatInClosed => ("课程没有开，却有学生", vec![]),
            What::BelowMinimum => ("人数不到开课的下限，却开了", vec![]),
            What::ClosedByNoRule => ("按规则不关课程，却列为没有开", vec![]),
            What::ListedTwice => ("课程列了两次", vec![]),
            What::CutoffMissing => ("开的课程都要有录取线，没有开的不能有", vec![]),
            What::Closed { stated, found } => (
                "写着 {wishes} 人愿意、{minimum} 人开课；应是 {wishes_found} 人、{minimum_found} 人",
                vec![
                    number("wishes", stated.0),
                    number("minimum", stated.1),
                    number("wishes_found", found.0),
                    number("minimum_found", found.1),
                ],
            ),
            What::Cutoff { stated, found } => (
                "写着录取线 {stated}；按签号应是 {found}",
                vec![("stated", cutoff(lang, stated)), ("found", cutoff(lang, found))],
            ),
            What::LastKept => ("预留名额的最后一位，或最后一位是否续报，与签号不符", vec![]),
            What::PassedOver => ("学生排在前面、也愿意来，却没有录取", vec![]),
            What::NotUnsettled => ("列为无法安排，其实不是", vec![]),
            What::Objective { stated, found } => {
                ("写着目标值 {stated}；应是 {found}", vec![number("stated", stated), number("found", found)])
            }
        },
    )
}

/// A cut-off: how many were admitted, and tier and ticket of the last.
fn cutoff(lang: Lang, cutoff: (u32, Option<(u8, u64)>)) -> String {
    let (admitted, last) = cutoff;
    said(
        lang,
        match last {
            None => ("录取 {n} 人", vec![number("n", admitted)]),
            Some((tier, ticket)) => (
                "录取 {n} 人，第 {tier} 档，签号 {ticket}",
                vec![number("n", admitted), number("tier", tier), ("ticket", format!("{ticket:016x}"))],
            ),
        },
    )
}

fn said(lang: Lang, (text, values): Sentence) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lang.fill(text, &values)
}

fn number(name: &'static str, number: impl Into<u64>) -> (&'static str, String) {
    (name, number.into().to_string())
}

fn day(lang: Lang, name: &'static str, weekday: Weekday) -> (&'static str, String) {
    (name, dates::weekday(lang, weekday).to_owned())
}

const fn unfit_text(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Grade => "课程 {n} 不面向这个年级；请去掉这个志愿",
        Unfit::Sex => "课程 {n} 不面向这个性别；请去掉这个志愿",
    }
}

fn kind_text(lang: Lang, kind: Kind) -> String {
    let text = match kind {
        Kind::Club => "社团",
        Kind::MovingClass => "走班",
        Kind::Mixed => "混编班",
    };
    lang.t(text).to_owned()
}

fn field_text(lang: Lang, field: Field) -> &'static str {
    lang.t(match field {
        Field::Name => "文件名称",
        Field::GeneratorSeed => "生成用的种子",
        Field::Schools => "学校数",
        Field::Applicants => "学生数",
        Field::Offerings => "课程数",
        Field::Wishes => "志愿数",
        Field::School => "学校编号",
        Field::WeeklyLimit => "每周上限",
        Field::Offering => "课程编号",
        Field::Title => "课程名编号",
        Field::Day => "星期（0 周一到 4 周五）",
        Field::Kind => "类别（0 社团、1 走班、2 混编班）",
        Field::Capacity => "名额数",
        Field::Minimum => "开课人数",
        Field::Kept => "预留名额",
        Field::Grade => "年级（1 到 9）",
        Field::Sex => "性别（1 女、2 男）",
        Field::Number => "学生编号",
        Field::Priority => "优先类别",
        Field::Family => "家庭编号",
        Field::List => "一天的志愿",
    })
}
