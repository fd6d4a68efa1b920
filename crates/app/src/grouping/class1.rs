//! Files of the form CLASS1: how many stay from each home class, for schools that only want the groups (E5).
//!
//! ```text
//! CLASS1 <any word> <schools>
//! S <school> <grades>                          a school; its grades follow
//! G <grade> <children of class 1> <class 2> …  a grade with the children who stay from each of its classes
//! ```

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use kehou_domain::grouping::classes::{ClassNo, HomeClass};

/// A school of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// Its number.
    pub number: u32,
    /// Its classes; the roll of a class is taken to be those who stay.
    pub classes: Vec<HomeClass>,
}

/// Where a file is wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The line, from 1.
    pub line: usize,
    /// How.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The first line is not `CLASS1 <word> <schools>`.
    NoHead,
    /// A line begins with neither S nor G.
    UnknownLine,
    /// A line has too few words, or too many.
    Words,
    /// A word is not a number in the range that its place allows.
    Number {
        /// The word.
        word: String,
        /// The least number.
        least: u32,
        /// The largest.
        most: u32,
    },
    /// A grade stands before any school.
    NoSchool,
    /// A school's number stands there twice.
    SchoolTwice(u32),
    /// A school has a grade twice.
    GradeTwice(u8),
    /// A school has another number of grades than its line says; the line is the school's.
    Grades {
        /// What its line says.
        said: usize,
        /// How many follow.
        found: usize,
    },
    /// The file has another number of schools than its first line says.
    Schools {
        /// What the first line says.
        said: usize,
        /// How many follow.
        found: usize,
    },
}

impl Problem {
    /// The word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Problem::NoHead => "no_head",
            Problem::UnknownLine => "unknown_line",
            Problem::Words => "words",
            Problem::Number { .. } => "number",
            Problem::NoSchool => "no_school",
            Problem::SchoolTwice(_) => "school_twice",
            Problem::GradeTwice(_) => "grade_twice",
            Problem::Grades { .. } => "grades",
            Problem::Schools { .. } => "schools",
        }
    }
}

/// The most children of a class.
const MOST_CHILDREN: u32 = 999;

/// Reads a file. Lines without words are passed over, and the mark with which some programs begin UTF-8.
pub fn read(text: &str) -> Result<Vec<School>, Wrong> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let (at, head) = lines.next().unwrap_or((1, ""));
    let said = match head.split_whitespace().collect::<Vec<_>>()[..] {
        ["CLASS1", _, schools] => number(at, schools, 0..=u32::MAX)? as usize,
        _ => return Err(wrong(at, Problem::NoHead)),
    };
    let mut reader = Reader::default();
    for (at, line) in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["S", school, grades] => reader.school(at, school, grades)?,
            ["G", grade, ref classes @ ..] if !classes.is_empty() => reader.grade(at, grade, classes)?,
            ["S" | "G", ..] => return Err(wrong(at, Problem::Words)),
            _ => return Err(wrong(at, Problem::UnknownLine)),
        }
    }
    reader.end_school()?;
    let found = reader.schools.len();
    if said != found {
        return Err(wrong(at, Problem::Schools { said, found }));
    }
    Ok(reader.schools)
}

#[derive(Default)]
struct Reader {
    schools: Vec<School>,
    numbers: BTreeSet<u32>,
    /// The line of the last school, and how many grades it says.
    open: Option<(usize, usize)>,
    grades: BTreeSet<u8>,
}

impl Reader {
    fn school(&mut self, at: usize, school: &str, grades: &str) -> Result<(), Wrong> {
        self.end_school()?;
        let school = number(at, school, 0..=u32::MAX)?;
        if !self.numbers.insert(school) {
            return Err(wrong(at, Problem::SchoolTwice(school)));
        }
        self.open = Some((at, number(at, grades, 0..=9)? as usize));
        self.schools.push(School { number: school, classes: Vec::new() });
        Ok(())
    }

    fn grade(&mut self, at: usize, grade: &str, classes: &[&str]) -> Result<(), Wrong> {
        let Some(school) = self.schools.last_mut() else { return Err(wrong(at, Problem::NoSchool)) };
        let grade = u8::try_from(number(at, grade, 1..=9)?).unwrap_or(u8::MAX);
        if !self.grades.insert(grade) {
            return Err(wrong(at, Problem::GradeTwice(grade)));
        }
        for (no, children) in (1..).zip(classes) {
            let children = u16::try_from(number(at, children, 0..=MOST_CHILDREN)?).unwrap_or(u16::MAX);
            let class = ClassNo { grade, no };
            school.classes.push(HomeClass { class, applicants: children, roll: children, running: None });
        }
        Ok(())
    }

    /// The last school is complete.
    fn end_school(&mut self) -> Result<(), Wrong> {
        let found = std::mem::take(&mut self.grades).len();
        match self.open.take() {
            Some((at, said)) if said != found => Err(wrong(at, Problem::Grades { said, found })),
            Some(_) | None => Ok(()),
        }
    }
}

fn number(at: usize, word: &str, range: RangeInclusive<u32>) -> Result<u32, Wrong> {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = word.parse().ok().filter(|number| digits && range.contains(number));
    let (least, most) = range.into_inner();
    parsed.ok_or_else(|| wrong(at, Problem::Number { word: word.to_owned(), least, most }))
}

fn wrong(line: usize, problem: Problem) -> Wrong {
    Wrong { line, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_schools_of_grades_of_classes() {
        let schools = read("CLASS1 7 2\nS 0 2\nG 1 26 28\nG 3 5\n\nS 4 0\n").unwrap();
        let sizes: Vec<(u8, u32, u16)> = schools[0]
            .classes
            .iter()
            .map(|class| (class.class.grade, class.class.no, class.applicants))
            .collect();
        assert_eq!(sizes, [(1, 1, 26), (1, 2, 28), (3, 1, 5)]);
        assert_eq!((schools[1].number, schools[1].classes.len()), (4, 0));
    }

    #[test]
    fn a_file_of_another_system_is_read() {
        let text = "CLASS1 7 1\nS 0 1\nG 1 26 28\n";
        let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(read(&marked), read(text));
        assert!(read(text).is_ok());
    }

    #[track_caller]
    fn check(text: &str, line: usize, problem: Problem) {
        assert_eq!(read(text), Err(Wrong { line, problem }));
    }

    fn not_a_number(word: &str, least: u32, most: u32) -> Problem {
        Problem::Number { word: word.to_owned(), least, most }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        check("", 1, Problem::NoHead);
        check("CLASS2 7 1\n", 1, Problem::NoHead);
        check("CLASS1 7 1\nX 1\n", 2, Problem::UnknownLine);
        check("CLASS1 7 1\nS 0\n", 2, Problem::Words);
        check("CLASS1 7 1\nS 0 1\nG 1\n", 3, Problem::Words);
        check("CLASS1 7 1\nG 1 20\n", 2, Problem::NoSchool);
        check("CLASS1 7 1\nS 0 1\nG 1 20 -3\n", 3, not_a_number("-3", 0, 999));
        check("CLASS1 7 1\nS 0 1\nG 10 20\n", 3, not_a_number("10", 1, 9));
        check("CLASS1 7 1\nS 0 1\nG 1 +20\n", 3, not_a_number("+20", 0, 999));
        check("CLASS1 7 2\nS 0 0\nS 0 0\n", 3, Problem::SchoolTwice(0));
        check("CLASS1 7 1\nS 0 2\nG 1 20\nG 1 20\n", 4, Problem::GradeTwice(1));
        check("CLASS1 7 2\nS 0 2\nG 1 20\nS 1 0\n", 2, Problem::Grades { said: 2, found: 1 });
        check("CLASS1 7 2\nS 0 0\n", 1, Problem::Schools { said: 2, found: 1 });
    }
}
