//! Sheets (G7): the day's sign-in, the week's statistics, the month's summary with its hash.

use sha2::{Digest, Sha256};

use crate::custody::Mark;
use crate::ids::StudentId;

/// How often a child, a class or a school had which mark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sessions that the child was expected in.
    pub expected: u32,
    /// 到, on time.
    pub on_time: u32,
    /// 迟到.
    pub late: u32,
    /// 早退, as approved.
    pub left_early: u32,
    /// 请假.
    pub leave: u32,
    /// 未到.
    pub absent: u32,
    /// 已走 before the session began.
    pub gone: u32,
    /// 没点: nobody called this roll.
    pub unmarked: u32,
}

impl Tally {
    /// Counts these marks.
    pub fn of(marks: impl IntoIterator<Item = Mark>) -> Tally {
        let mut tally = Tally::default();
        marks.into_iter().for_each(|mark| tally.add(mark));
        tally
    }

    /// Counts one more mark.
    pub fn add(&mut self, mark: Mark) {
        self.expected += 1;
        let part = match mark {
            Mark::Unmarked => &mut self.unmarked,
            Mark::Present => &mut self.on_time,
            Mark::Late => &mut self.late,
            Mark::Absent => &mut self.absent,
            Mark::Leave => &mut self.leave,
            Mark::LeftEarly => &mut self.left_early,
            Mark::Gone => &mut self.gone,
        };
        *part += 1;
    }

    /// Counts those of another tally too.
    #[must_use]
    pub fn with(self, other: Tally) -> Tally {
        Tally {
            expected: self.expected + other.expected,
            on_time: self.on_time + other.on_time,
            late: self.late + other.late,
            left_early: self.left_early + other.left_early,
            leave: self.leave + other.leave,
            absent: self.absent + other.absent,
            gone: self.gone + other.gone,
            unmarked: self.unmarked + other.unmarked,
        }
    }

    /// Sessions that the child came to, late or leaving early ones among them.
    pub const fn attended(self) -> u32 {
        self.on_time + self.late + self.left_early
    }
}

/// One child's line of a month's summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The child.
    pub student: StudentId,
    /// The home class, as the school calls it.
    pub class: String,
    /// The child's name.
    pub name: String,
    /// What the month added up to.
    pub tally: Tally,
}

/// A month's summary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthSheet {
    /// The children by class and seat number.
    pub lines: Vec<Line>,
}

impl MonthSheet {
    /// The sum of all lines.
    pub fn total(&self) -> Tally {
        self.lines.iter().fold(Tally::default(), |sum, line| sum.with(line.tally))
    }
}

/// The one text of a month's summary that its hash is taken over: a head line, then a line a child, tabs between.
///
/// Names carry no control characters of their own; one that does is written without them.
pub fn month_text(school: &str, month: &str, sheet: &MonthSheet) -> String {
    let mut text = format!("kehou attendance month 1\t{}\t{}\n", plain(school), plain(month));
    for line in &sheet.lines {
        let Tally { expected, on_time, late, left_early, leave, absent, gone, unmarked } = line.tally;
        let numbers =
            [expected, on_time, late, left_early, leave, absent, gone, unmarked].map(|n| n.to_string());
        let cells = [line.student.to_string(), plain(&line.class), plain(&line.name), numbers.join("\t")];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// The SHA-256 of a text in hexadecimal.
pub fn hash(text: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
