//! What can be wrong with a plan file, as facts with a position; the words are in `web`.

use std::ops::Range;

use kehou_domain::plan::Fault;

use super::syntax::Syntax;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the text that it is about.
    pub span: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a line, a value or the plan as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The file is larger than a plan can be.
    TooLarge {
        /// The most bytes.
        most: usize,
    },
    /// The file is not UTF-8.
    NotUtf8,
    /// The text is no TOML.
    Syntax(Syntax),
    /// A key that the format does not have.
    UnknownKey {
        /// The key.
        key: String,
        /// The table it stands in.
        table: &'static str,
        /// The key that was probably meant.
        nearest: Option<&'static str>,
        /// All keys of the table.
        known: Vec<&'static str>,
    },
    /// A key that must be there.
    MissingKey {
        /// The key.
        key: &'static str,
        /// The table it belongs to.
        table: &'static str,
        /// What it looks like.
        shape: Shape,
    },
    /// A rate without what it is paid for.
    RateWithoutUnit,
    /// A value of the wrong shape.
    Shape {
        /// The key.
        key: &'static str,
        /// What it should look like.
        shape: Shape,
        /// What stands there.
        found: String,
    },
    /// A word that is not in the list.
    UnknownWord {
        /// The key.
        key: &'static str,
        /// The word.
        word: String,
        /// The list.
        allowed: &'static [&'static str],
        /// The word that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A role that nobody can have.
    RoleNobodyHas {
        /// The word.
        word: String,
        /// The role that was probably meant.
        nearest: Option<&'static str>,
        /// All roles.
        roles: Vec<&'static str>,
    },
    /// A window has both an end and a length.
    EndAndMinutes,
    /// A cap without its span, or a span without a cap.
    CapIncomplete,
    /// The parts do not fit together.
    Fault(Fault),
}

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text in quotes.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number in a range.
    Number {
        /// The least.
        least: u16,
        /// The most.
        most: u16,
    },
    /// A list in brackets.
    List,
    /// A table.
    Table,
    /// A list of tables, `[[…]]`.
    Tables,
    /// A time of day, `"15:10"`.
    Time,
    /// A time of day, or `"not stated"`.
    OpenTime,
    /// A start: a time, `"dismissal"` or `"not stated"`.
    Start,
    /// An end: a time, `"open"` or `"not stated"`.
    End,
    /// A cut-off: a time or `"slot start"`.
    CutOff,
    /// A date, `2026-09-01`.
    Date,
    /// A start of the service: a date, `"03-01"`, `"week 2 of term"` or `"not stated"`.
    Starts,
    /// A day of every year, `"05-01"`.
    MonthDay,
    /// Grades, `"1-6"` or `[1, 2]`.
    Grades,
    /// Weekdays, `"1-5"` or `[2, 4]`.
    Weekdays,
    /// Yuan with up to two decimals, `"3.50"`.
    Yuan,
    /// Lesson hours with up to two decimals, `"1.5"`.
    LessonHours,
    /// A short name of lower-case letters, digits and underlines.
    ShortName,
}

impl Wrong {
    /// The code that programs go by.
    pub const fn code(&self) -> &'static str {
        match self {
            Wrong::TooLarge { .. } => "too_large",
            Wrong::NotUtf8 => "not_utf8",
            Wrong::Syntax(_) => "syntax",
            Wrong::UnknownKey { .. } => "unknown_key",
            Wrong::MissingKey { .. } => "missing_key",
            Wrong::RateWithoutUnit => "rate_without_unit",
            Wrong::Shape { .. } => "wrong_shape",
            Wrong::UnknownWord { .. } => "unknown_word",
            Wrong::RoleNobodyHas { .. } => "role_nobody_has",
            Wrong::EndAndMinutes => "end_and_minutes",
            Wrong::CapIncomplete => "cap_incomplete",
            Wrong::Fault(fault) => fault_code(fault),
        }
    }
}

const fn fault_code(fault: &Fault) -> &'static str {
    match fault {
        Fault::SlotTwice { .. } => "slot_twice",
        Fault::GradesOutside { .. } => "grades_outside",
        Fault::SlotOnWeekend => "slot_on_weekend",
        Fault::WindowMissing { .. } => "window_missing",
        Fault::WindowTwice { .. } => "window_twice",
        Fault::WindowsOverlap { .. } => "windows_overlap",
        Fault::EndsBeforeStart => "ends_before_start",
        Fault::WaveBeforeEnd => "wave_before_end",
        Fault::DismissalMissing { .. } => "dismissal_missing",
        Fault::SeasonGap { .. } => "season_gap",
        Fault::SeasonsOverlap { .. } => "seasons_overlap",
        Fault::FeeOnFreePlan => "fee_on_free_plan",
        Fault::RatesMissing => "rates_missing",
        Fault::RateEndsBeforeStart => "rate_ends_before_start",
        Fault::RatesOverlap { .. } => "rates_overlap",
        Fault::UnknownSlot { .. } => "unknown_slot",
        Fault::ReviewBeforeApply => "review_before_apply",
        Fault::MinAboveMax => "min_above_max",
    }
}

/// The keys that a fault is about, the likeliest first; a fault about something missing has none.
pub(super) const fn keys_of(fault: &Fault) -> &'static [&'static str] {
    match fault {
        Fault::SlotTwice { .. } => &["id"],
        Fault::GradesOutside { .. } => &["grades"],
        Fault::SlotOnWeekend => &["weekdays"],
        Fault::WindowTwice { .. } => &["grades", "weekdays", "season", "start"],
        Fault::WindowsOverlap { .. } | Fault::DismissalMissing { .. } => &["start"],
        Fault::EndsBeforeStart => &["end"],
        Fault::WaveBeforeEnd => &["wave"],
        Fault::SeasonGap { .. } | Fault::SeasonsOverlap { .. } => &["from"],
        Fault::FeeOnFreePlan => &["yuan", "chargeable", "payee"],
        Fault::RatesMissing => &["mode"],
        Fault::RateEndsBeforeStart => &["until"],
        Fault::RatesOverlap { .. } => &["from", "until", "unit"],
        Fault::UnknownSlot { .. } => &["slots", "slot"],
        Fault::ReviewBeforeApply => &["step"],
        Fault::MinAboveMax => &["max"],
        Fault::WindowMissing { .. } => &[],
    }
}

/// The problem at these bytes of the text.
pub(super) fn problem(text: &str, span: Range<usize>, wrong: Wrong) -> Problem {
    let (line, column) = position(text, span.start);
    Problem { span, line, column, wrong }
}

/// Line and column, from 1, of a byte of the text; columns count characters.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The word of the list that is closest, when it is close.
pub(super) fn nearest(word: &str, list: &[&'static str]) -> Option<&'static str> {
    let scored = list.iter().map(|known| (distance(word, known), *known));
    let (far, known) = scored.min()?;
    let near = far <= 2 && far < known.len() || known.starts_with(word) || word.starts_with(known);
    near.then_some(known)
}

/// How many letters must be put in, taken out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().enumerate() {
        let mut corner = place;
        row[0] = place + 1;
        for (column, known) in other.iter().enumerate() {
            let change = corner + usize::from(letter != *known);
            corner = row[column + 1];
            row[column + 1] = change.min(corner + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a = 1\n# 注\n名 = 2\n";
        let byte = text.find('2').unwrap();
        assert_eq!(position(text, byte), (3, 5));
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 9999), (4, 1));
    }

    #[test]
    fn a_slip_of_the_pen_finds_its_word() {
        let list = ["guardian", "delegate", "bus"];
        assert_eq!(nearest("gaurdian", &list), Some("guardian"));
        assert_eq!(nearest("guard", &list), Some("guardian"));
        assert_eq!(nearest("helicopter", &list), None);
    }
}
