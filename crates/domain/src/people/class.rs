//! Home classes: named by grade or by year of entry, kept by year of entry.

use jiff::civil::Date;

use super::cell::{Cell, squeeze};
use super::problem::Problem;

/// Primary school (grades 1 to 6) or junior secondary school (7 to 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// 小学.
    Primary,
    /// 初中.
    Junior,
}

impl Stage {
    /// Both stages.
    pub const ALL: [Stage; 2] = [Stage::Primary, Stage::Junior];

    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Primary => "primary",
            Stage::Junior => "junior",
        }
    }

    /// The stage of this word.
    pub fn parse(word: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// How many years it lasts.
    pub const fn years(self) -> i16 {
        match self {
            Stage::Primary => 6,
            Stage::Junior => 3,
        }
    }

    /// The grade before its first: 0 or 6.
    const fn below(self) -> i16 {
        match self {
            Stage::Primary => 0,
            Stage::Junior => 6,
        }
    }

    /// The stage that teaches this grade.
    pub const fn of_grade(grade: u8) -> Option<Stage> {
        match grade {
            1..=6 => Some(Stage::Primary),
            7..=9 => Some(Stage::Junior),
            _ => None,
        }
    }
}

/// What makes a home class the same class through all its years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassKey {
    /// Primary or junior.
    pub stage: Stage,
    /// The civil year in which its pupils entered the stage.
    pub entered_year: i16,
    /// Its number within the grade.
    pub class_no: u8,
}

impl ClassKey {
    /// The grade in this school year, 1 to 9; nothing before it entered or after it left.
    pub fn grade_in(self, school_year: i16) -> Option<u8> {
        let year = school_year - self.entered_year + 1;
        if year < 1 || self.stage.years() < year {
            return None;
        }
        u8::try_from(year + self.stage.below()).ok()
    }

    /// Whether the two classes are of one grade.
    pub fn is_beside(self, other: ClassKey) -> bool {
        (self.stage, self.entered_year) == (other.stage, other.entered_year)
    }

    /// The grade on this day.
    pub fn grade_on(self, on: Date) -> Option<u8> {
        self.grade_in(school_year(on))
    }
}

/// The school year that a day belongs to, by the civil year of its autumn. It turns on 1 August.
pub fn school_year(on: Date) -> i16 {
    if 8 <= on.month() { on.year() } else { on.year() - 1 }
}

/// A class as a roster names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassName {
    year: Year,
    class_no: u8,
}

/// The grade, or the year of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Year {
    Grade(u8),
    Entered(i16),
}

impl ClassName {
    /// The class that the name means in this school year; `stage` decides what a year of entry counts from.
    pub fn key(self, school_year: i16, stage: Stage) -> Result<ClassKey, Problem> {
        let class_no = self.class_no;
        let key = match self.year {
            Year::Grade(grade) => {
                let stage = Stage::of_grade(grade).ok_or(Problem::ClassOutOfRange)?;
                let entered_year = school_year - (i16::from(grade) - stage.below()) + 1;
                ClassKey { stage, entered_year, class_no }
            }
            Year::Entered(entered_year) => ClassKey { stage, entered_year, class_no },
        };
        key.grade_in(school_year).map(|_| key).ok_or(Problem::ClassOutOfRange)
    }

    /// The grade that the name states itself, and its class number.
    pub fn stated(self) -> (Option<u8>, u8) {
        match self.year {
            Year::Grade(grade) => (Some(grade), self.class_no),
            Year::Entered(_) => (None, self.class_no),
        }
    }
}

/// The class named in one cell; nothing when the cell is empty.
pub fn class(cell: &Cell) -> Result<Option<ClassName>, Problem> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Date(_) => Err(Problem::ClassIsDate),
        Cell::Error(_) => Err(Problem::ErrorCell),
        Cell::Text(_) | Cell::Number(_) if cell.is_blank() => Ok(None),
        Cell::Text(_) | Cell::Number(_) => {
            whole(&squeeze(&cell.shown())).map(Some).ok_or(Problem::ClassUnreadable)
        }
    }
}

/// The class named by a column for the grade and one for the class.
pub fn class_in_two(grade: &Cell, class_cell: &Cell) -> Result<Option<ClassName>, Problem> {
    if let Cell::Date(_) = class_cell {
        return Err(Problem::ClassIsDate);
    }
    let (left, right) = (squeeze(&grade.shown()), squeeze(&class_cell.shown()));
    if left.is_empty() || right.is_empty() {
        return class(class_cell);
    }
    if let Some(name) = whole(&right) {
        return Ok(Some(name));
    }
    let name = year(&left).zip(number(&right)).map(|(year, class_no)| ClassName { year, class_no });
    name.map(Some).ok_or(Problem::ClassUnreadable)
}

/// A class within longer text, as a title or a sheet's name: 2026年秋三（2）班花名册.
pub fn class_within(text: &str) -> Option<ClassName> {
    let text = squeeze(text);
    if let Some(name) = whole(&text) {
        return Some(name);
    }
    let end = text.find('班')?;
    let head: Vec<(usize, char)> = text[..end].char_indices().collect();
    // the longest piece before 班 that names a class
    head.iter().find_map(|(start, sign)| {
        let continues = text[..*start].ends_with(|before: char| before.is_ascii_digit());
        let splits = continues && sign.is_ascii_digit();
        if splits { None } else { whole(&text[*start..end]) }
    })
}

/// A whole class name: 三(2)班, 三年级2班, 3.2, 302班, 2024级2班, 初一1班.
fn whole(text: &str) -> Option<ClassName> {
    let text = text.strip_suffix("班级").or_else(|| text.strip_suffix('班')).unwrap_or(text);
    let (left, right) = halves(text)?;
    Some(ClassName { year: year(left)?, class_no: number(right)? })
}

/// The text cut where the grade ends and the class number begins.
fn halves(text: &str) -> Option<(&str, &str)> {
    if let Some(cut) = text.find('级').or_else(|| text.find('年')) {
        return Some(text.split_at(cut + '级'.len_utf8()));
    }
    if let Some(cut) = text.find(['(', '.', '-', '_', '/', '·']) {
        return Some(text.split_at(cut));
    }
    let first = text.chars().next()?;
    if text.len() == 3 && text.bytes().all(|sign| sign.is_ascii_digit()) {
        return Some(text.split_at(1));
    }
    let lead =
        if matches!(first, '初' | '小') { text.chars().nth(1)?.len_utf8() } else { 0 } + first.len_utf8();
    let cut_between_digits = first.is_ascii_digit();
    if cut_between_digits { None } else { text.split_at_checked(lead) }
}

/// The year that the left half states: 三, 3, 三年级, 初一, 2024级, 24级.
fn year(text: &str) -> Option<Year> {
    if let Some(entered) = text.strip_suffix('级').filter(|rest| !rest.ends_with('年')) {
        return entered_year(entered).map(Year::Entered);
    }
    let text = text.strip_suffix("年级").or_else(|| text.strip_suffix('年')).unwrap_or(text);
    let (text, below) = match text.strip_prefix("初中").or_else(|| text.strip_prefix('初')) {
        Some(rest) => (rest, 6),
        None => (text.strip_prefix('小').unwrap_or(text), 0),
    };
    let grade = numeral(text)?.checked_add(below)?;
    Stage::of_grade(grade).map(|_| Year::Grade(grade))
}

fn entered_year(text: &str) -> Option<i16> {
    let digits: i16 = text.parse().ok()?;
    match text.len() {
        4 if (2000..2100).contains(&digits) => Some(digits),
        2 => Some(2000 + digits),
        _ => None,
    }
}

/// The class number that the right half states: 2, (2), .2, 02, 二, 2班.
fn number(text: &str) -> Option<u8> {
    let text = text.trim_matches(['(', ')', '.', '-', '_', '/', '·']);
    let text = text.strip_suffix('班').unwrap_or(text).trim_matches(['(', ')']);
    numeral(text).filter(|number| (1..=60).contains(number))
}

/// Arabic or Chinese numerals up to ninety-nine.
fn numeral(text: &str) -> Option<u8> {
    if text.bytes().all(|sign| sign.is_ascii_digit()) {
        return (text.len() <= 2).then(|| text.parse().ok()).flatten();
    }
    let digit = |part: &str, absent| match part {
        "" => Some(absent),
        _ => "一二三四五六七八九"
            .split_inclusive(|_| true)
            .zip(1..)
            .find(|(sign, _)| *sign == part)
            .map(|(_, n)| n),
    };
    match text.split_once('十') {
        Some((tens, ones)) => Some(digit(tens, 1)? * 10 + digit(ones, 0)?),
        None => digit(text, 0).filter(|value| *value != 0),
    }
}
