//! What stands in a cell of a roster, and the tidying that every reader of a cell shares.

use super::problem::Problem;
use super::{Boarding, Sex};

/// One cell as a workbook hands it over.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number; long ones have lost their last digits.
    Number(f64),
    /// A date, often a class name that the program took for one.
    Date(String),
    /// A formula's error, as `#REF!`.
    Error(String),
}

impl Cell {
    /// The cell's text as a person would read it.
    pub fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Date(text) | Cell::Error(text) => text.trim().to_owned(),
            Cell::Number(number) => number.to_string(),
        }
    }

    /// Whether nothing readable stands in the cell.
    pub fn is_blank(&self) -> bool {
        squeeze(&self.shown()).is_empty()
    }
}

/// The text without guards (`'`, `="…"`), blanks and marks of no width, full-width signs made plain.
pub fn squeeze(text: &str) -> String {
    unguarded(text).chars().filter(|sign| !is_gap(*sign)).map(narrow).collect()
}

/// The text without what keeps spreadsheets from taking it for a number or a formula.
pub(super) fn unguarded(text: &str) -> &str {
    let text = text.trim_matches(|sign: char| sign == '\t' || is_gap(sign));
    let text = text.strip_prefix('\'').unwrap_or(text);
    text.strip_prefix("=\"").and_then(|inner| inner.strip_suffix('"')).unwrap_or(text)
}

/// Blanks, line ends and marks without width.
pub(super) fn is_gap(sign: char) -> bool {
    let without_width = matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    sign.is_whitespace() || sign.is_control() || without_width
}

/// A full-width digit, letter or sign as its plain twin.
pub(super) fn narrow(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        '。' => '.',
        '—' | '–' | '‐' => '-',
        '〔' | '【' => '(',
        '〕' | '】' => ')',
        _ => sign,
    }
}

/// Whether the text is a number that a spreadsheet has shortened, as `1.38E+10`.
pub fn is_shortened(text: &str) -> bool {
    let text = squeeze(text).to_uppercase();
    let Some((mantissa, exponent)) = text.split_once('E') else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    !mantissa.is_empty()
        && mantissa.chars().all(|sign| sign.is_ascii_digit() || sign == '.')
        && !exponent.is_empty()
        && exponent.chars().all(|sign| sign.is_ascii_digit())
}

/// Numbers from here on have more digits than a spreadsheet keeps.
const BEYOND_FIFTEEN_DIGITS: f64 = 1e15;

/// Refuses a long number (citizen id, student number) that has lost its last digits; it is never repaired.
pub fn long_number(cell: &Cell) -> Result<(), Problem> {
    let ruined = match cell {
        Cell::Number(number) => BEYOND_FIFTEEN_DIGITS <= *number,
        Cell::Text(text) => is_shortened(text) || lost_its_end(&squeeze(text)),
        Cell::Empty | Cell::Date(_) | Cell::Error(_) => false,
    };
    if ruined { Err(Problem::NumberRuined) } else { Ok(()) }
}

/// Eighteen digits that end in three noughts and fail the citizen id's check: a shortened number as text.
fn lost_its_end(text: &str) -> bool {
    text.len() == 18
        && text.ends_with("000")
        && text.bytes().all(|sign| sign.is_ascii_digit())
        && !checks(text)
}

/// Whether the check digit of an eighteen-digit citizen id fits (ISO 7064, MOD 11-2).
fn checks(digits: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let values = digits.chars().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = values.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let expected = char::from(b"10X98765432"[usize::try_from(sum % 11).unwrap_or_default()]);
    digits.ends_with(expected)
}

/// The sex that a cell states; an empty cell states none.
pub fn sex(cell: &Cell) -> Result<Sex, Problem> {
    match squeeze(&cell.shown()).to_uppercase().as_str() {
        "" => Ok(Sex::Unstated),
        "男" | "男生" | "男孩" | "M" | "1" => Ok(Sex::Male),
        "女" | "女生" | "女孩" | "F" | "2" => Ok(Sex::Female),
        _ => Err(Problem::SexUnreadable),
    }
}

/// Whether the pupil boards, from a column about boarding; an empty cell means no.
pub fn boarding(cell: &Cell) -> Result<Boarding, Problem> {
    match squeeze(&cell.shown()).as_str() {
        "" | "走读" | "走读生" | "否" | "无" | "不住宿" | "不住校" | "通校" | "0" => {
            Ok(Boarding::Day)
        }
        "住宿" | "住宿生" | "住校" | "住校生" | "寄宿" | "寄宿生" | "是" | "√" | "1" => {
            Ok(Boarding::Boarder)
        }
        _ => Err(Problem::BoardingUnreadable),
    }
}

/// A pupil's number in the class, 1 to 199; an empty cell has none.
pub fn seat(cell: &Cell) -> Result<Option<u8>, Problem> {
    let text = squeeze(&cell.shown());
    let text = text.trim_end_matches('号');
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<u8>() {
        Ok(number @ 1..=199) => Ok(Some(number)),
        Ok(_) | Err(_) => Err(Problem::SeatUnreadable),
    }
}
