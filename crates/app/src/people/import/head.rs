//! Finding the headings of a sheet and knowing its columns by the words that schools use.

use kehou_domain::people::cell::squeeze;

use super::grid::Grid;

/// Headings stand within the first rows.
const SEARCHED: usize = 40;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// 序号.
    Number,
    Name,
    Sex,
    Class,
    Grade,
    Seat,
    Boarding,
    /// 班主任.
    Homeroom,
    GuardianName(Who),
    Relation(Who),
    Phone(Who),
    /// A citizen id or student number: looked at, never kept.
    LongNumber,
    /// Known and not kept: birthday, address, nationality …
    NotKept,
}

/// Whose column it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// 家长, 监护人 without more.
    Any,
    /// 监护人1, 第二监护人.
    Nth(u8),
    /// 父亲, 奶奶: the relation in its usual word.
    Kin(&'static str),
}

/// The headings of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// First and last row, counted from 0.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Side-by-side tables, most sheets have one.
    pub(super) blocks: Vec<Vec<Column>>,
}

/// One column with its heading as the sheet writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) index: usize,
    pub(super) label: String,
    pub(super) field: Option<Field>,
}

impl Column {
    pub(super) fn is(&self, field: Field) -> bool {
        self.field == Some(field)
    }

    /// Whether an earlier column of the table holds the same of the pupil: only the first is read.
    pub(super) fn is_twice(&self, earlier: &[Column]) -> bool {
        let Some(field) = self.field else { return false };
        let of_pupil = match field {
            Field::Name
            | Field::Sex
            | Field::Class
            | Field::Grade
            | Field::Seat
            | Field::Boarding
            | Field::Homeroom => true,
            Field::Number
            | Field::GuardianName(_)
            | Field::Relation(_)
            | Field::Phone(_)
            | Field::LongNumber
            | Field::NotKept => false,
        };
        of_pupil && earlier.iter().any(|column| column.is(field))
    }

    /// Whether the heading is a pupil's name and the column holds guardians.
    pub(super) fn is_second_name(&self) -> bool {
        self.is(Field::GuardianName(Who::Any)) && single(&self.label) == Some(Field::Name)
    }
}

/// The first rows that read as headings with a column of names.
pub(super) fn find(grid: &Grid) -> Option<Head> {
    (0..grid.rows().min(SEARCHED)).find_map(|row| {
        // a title above the headings speaks of no column
        let speaks = grid.texts(row).iter().any(|text| single(without_filler(&label(text))).is_some());
        if !speaks {
            return None;
        }
        let last = last_row(grid, row);
        let columns = columns(grid, row, last);
        let known = columns.iter().filter(|column| column.field.is_some()).count();
        let named = columns.iter().any(|column| column.is(Field::Name));
        // a lone 姓名 counts when nothing else stands in its row
        let enough = 2 <= known || columns.len() == 1;
        (named && enough).then(|| Head { first: row, last, blocks: blocks(columns) })
    })
}

/// The last row of headings that begin in this row: a second or third one holds nothing but headings.
fn last_row(grid: &Grid, first: usize) -> usize {
    let continues = |row: usize| {
        let texts = grid.texts(row);
        let above = grid.texts(row - 1);
        !texts.is_empty() && texts.iter().all(|text| above.contains(text) || single(text).is_some())
    };
    let more = (first + 1..first + 3).take_while(|row| *row < grid.rows() && continues(*row)).count();
    first + more
}

fn columns(grid: &Grid, first: usize, last: usize) -> Vec<Column> {
    let width = (first..=last).map(|row| grid.row(row).len()).max().unwrap_or_default();
    let mut group = String::new();
    let mut found = Vec::new();
    for index in 0..width {
        let labels: Vec<String> = (first..=last).map(|row| label(&grid.cell(row, index).shown())).collect();
        let Some((top, rest)) = labels.split_first() else { continue };
        let sub = rest.iter().rev().find(|text| !text.is_empty() && *text != top);
        if !top.is_empty() {
            group.clone_from(top);
        } else if sub.is_none() {
            continue;
        }
        let label = sub.map_or_else(|| group.clone(), |sub| format!("{group}{sub}"));
        let field = sub.map_or_else(|| single(&group), |sub| grouped(&group, sub));
        found.push(Column { index, label, field });
    }
    found
}

/// A heading without blanks, asterisks, colons and a remark in brackets.
fn label(text: &str) -> String {
    let text = squeeze(text);
    let plain = text.trim_matches(['*', ':', ' ']);
    let cut = plain.find('(').filter(|cut| 0 < *cut).unwrap_or(plain.len());
    plain[..cut].trim_matches(['*', ':']).to_owned()
}

/// What a heading under a group heading means: 监护人 over 姓名, 联系电话 over 父亲.
fn grouped(group: &str, sub: &str) -> Option<Field> {
    let group = without_filler(group);
    let joined = single(&format!("{group}{sub}"));
    let by_kin = match (single(group), single(sub)) {
        (Some(Field::Phone(_)), Some(Field::GuardianName(who))) => Some(Field::Phone(who)),
        (Some(Field::GuardianName(who)), Some(Field::Relation(_))) => Some(Field::Relation(who)),
        // 家长信息 over 家长姓名 says twice whose it is
        (Some(Field::GuardianName(_)), own) => own.filter(|_| whose(sub).0.is_some()),
        (_, own) => own,
    };
    joined.or(by_kin)
}

/// 监护人信息 is 监护人, 学生基本情况 is 学生.
fn without_filler(group: &str) -> &str {
    let mut rest = group;
    for filler in ["信息", "情况", "资料", "基本"] {
        rest = rest.strip_suffix(filler).unwrap_or(rest);
    }
    if rest.is_empty() { group } else { rest }
}

/// What a single heading means.
pub(super) fn single(text: &str) -> Option<Field> {
    let text = label(text);
    let text = text.strip_prefix("学生").filter(|rest| !rest.is_empty()).unwrap_or(&text);
    pupil(text).or_else(|| guardian(text))
}

fn pupil(text: &str) -> Option<Field> {
    Some(match text {
        "序号" | "编号" | "序" | "No" | "NO" | "no" => Field::Number,
        "姓名" | "名字" | "学生" | "孩子姓名" | "小孩姓名" | "子女姓名" | "被看护人" => {
            Field::Name
        }
        "性别" => Field::Sex,
        "班级" | "班别" | "班" | "所在班级" | "年级班级" | "年班" | "行政班" | "班级名称" | "现班级"
        | "就读班级" => Field::Class,
        "年级" | "所在年级" | "年级名称" | "届别" | "级" => Field::Grade,
        "座号" | "座位号" | "座次" | "班内学号" | "班级学号" => Field::Seat,
        "走读" | "住宿" | "是否住宿" | "是否住校" | "是否寄宿" | "就读方式" | "走读住宿" | "走读/住宿"
        | "住校" => Field::Boarding,
        "班主任" | "班主任姓名" | "班主任老师" => Field::Homeroom,
        "身份证" | "身份证号" | "身份证号码" | "身份证件号" | "证件号" | "证件号码" | "身份证件号码"
        | "公民身份号码" | "学籍号" | "全国学籍号" | "学号" | "学籍辅号" | "卡号" | "银行卡号" => {
            Field::LongNumber
        }
        "民族" | "出生日期" | "出生年月" | "出生年月日" | "生日" | "年龄" | "住址" | "家庭住址"
        | "家庭地址" | "现住址" | "地址" | "户籍" | "户籍地址" | "户口所在地" | "户口性质" | "籍贯"
        | "出生地" | "国籍" | "健康状况" | "政治面貌" | "备注" | "是否留守" | "留守儿童" | "是否随迁"
        | "随迁子女" | "建档立卡" | "低保" | "残疾" | "是否残疾" | "签名" | "签字" | "家长签名"
        | "家长签字" | "入学日期" | "学校" | "学校名称" | "学校标识码" | "证件类型" | "邮箱" | "微信"
        | "QQ" => Field::NotKept,
        _ => return None,
    })
}

/// The words for kin, the longest first, with the usual word for each.
const KIN: [(&str, &str); 15] = [
    ("父亲", "父亲"),
    ("爸爸", "父亲"),
    ("母亲", "母亲"),
    ("妈妈", "母亲"),
    ("外祖父", "外祖父"),
    ("外祖母", "外祖母"),
    ("祖父", "祖父"),
    ("祖母", "祖母"),
    ("爷爷", "祖父"),
    ("奶奶", "祖母"),
    ("外公", "外祖父"),
    ("外婆", "外祖母"),
    ("姥爷", "外祖父"),
    ("父", "父亲"),
    ("母", "母亲"),
];

const GUARDIANS: [&str; 9] =
    ["法定监护人", "监护人", "紧急联系人", "联系人", "家庭成员", "家长", "接送人", "委托人", "成员"];

fn guardian(text: &str) -> Option<Field> {
    let (who, rest) = whose(text);
    let (rest, number) = without_number(rest);
    let who = match (who, number) {
        (Some(Who::Any) | None, Some(number)) => Some(Who::Nth(number)),
        (who, _) => who,
    };
    Some(match rest {
        "" | "姓名" | "名字" | "名" => Field::GuardianName(who?),
        "关系" | "与学生关系" | "与孩子关系" | "与本人关系" | "与监护人关系" | "与子女关系" | "称谓"
        | "身份" | "家庭关系" | "成员关系" | "与该生关系" | "和学生关系" => {
            Field::Relation(who.unwrap_or(Who::Any))
        }
        "电话" | "手机" | "手机号" | "手机号码" | "联系电话" | "联系方式" | "电话号码" | "号码"
        | "联系手机" | "家庭电话" | "备用电话" | "紧急电话" | "紧急联系电话" | "短信手机号" | "移动电话"
        | "联系号码" | "备用手机" | "备用联系电话" | "座机" | "固定电话" => {
            Field::Phone(who.unwrap_or(Who::Any))
        }
        "身份证" | "身份证号" | "身份证号码" | "证件号码" => Field::LongNumber,
        "工作单位" | "单位" | "职业" | "职务" | "学历" | "住址" | "户籍" => {
            who?;
            Field::NotKept
        }
        _ => return None,
    })
}

/// Whose column the heading speaks of, and what is left of it.
fn whose(text: &str) -> (Option<Who>, &str) {
    for (number, prefix) in [(1, "第一"), (2, "第二"), (3, "第三")] {
        if let Some(rest) = text.strip_prefix(prefix) {
            let rest = GUARDIANS.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
            return (Some(Who::Nth(number)), rest);
        }
    }
    if let Some((word, usual)) = KIN.iter().find(|(word, _)| text.starts_with(word)) {
        return (Some(Who::Kin(usual)), &text[word.len()..]);
    }
    match GUARDIANS.iter().find_map(|word| text.strip_prefix(word)) {
        Some(rest) => (Some(Who::Any), rest),
        None => (None, text),
    }
}

/// The text without a number at its start or end: 1姓名, 电话2, 一.
fn without_number(text: &str) -> (&str, Option<u8>) {
    const NUMBERS: [(&str, u8); 8] =
        [("1", 1), ("2", 2), ("3", 3), ("一", 1), ("二", 2), ("三", 3), ("①", 1), ("②", 2)];
    for (sign, number) in NUMBERS {
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            return (rest, Some(number));
        }
    }
    (text, None)
}

/// Cuts side-by-side tables apart: a second column of names begins one when it repeats what the first began with.
fn blocks(columns: Vec<Column>) -> Vec<Vec<Column>> {
    let leads = columns.first().is_some_and(|column| column.is(Field::Number));
    let starts: Vec<usize> = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.is(if leads { Field::Number } else { Field::Name }))
        .map(|(place, _)| place)
        .collect();
    let names = columns.iter().filter(|column| column.is(Field::Name)).count();
    if starts.len() < 2 || names != starts.len() || (!leads && !repeats(&columns, &starts)) {
        return vec![second_names_are_guardians(columns)];
    }
    let mut rest = columns;
    let mut cut = Vec::new();
    for start in starts.into_iter().skip(1).rev() {
        cut.push(rest.split_off(start));
    }
    cut.push(rest);
    cut.reverse();
    cut
}

/// Whether every stretch begins with the same two headings.
fn repeats(columns: &[Column], starts: &[usize]) -> bool {
    let pair = |start: &usize| columns.get(start + 1).map(|column| column.field);
    starts.iter().all(|start| pair(start) == starts.first().and_then(pair))
}

/// In one table a second column of names is the guardian's: 姓名 性别 班级 姓名 关系 电话.
fn second_names_are_guardians(mut columns: Vec<Column>) -> Vec<Column> {
    for column in columns.iter_mut().filter(|column| column.is(Field::Name)).skip(1) {
        column.field = Some(Field::GuardianName(Who::Any));
    }
    columns
}
