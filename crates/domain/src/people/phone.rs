//! Phone numbers as rosters write them.

use super::cell::{Cell, is_shortened, narrow, squeeze};
use super::problem::Problem;

/// A phone number in China: digits alone, a mobile or a landline with its area code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// The number in this text, whatever blanks, hyphens and country code it carries.
    pub fn parse(text: &str) -> Option<Phone> {
        let squeezed = squeeze(text);
        if !squeezed.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '-' | '.' | '+' | '(' | ')'))
        {
            return None;
        }
        let digits: String = squeezed.chars().filter(char::is_ascii_digit).collect();
        let digits = without_country(&digits);
        (is_mobile(digits) || is_landline(digits)).then(|| Phone(digits.to_owned()))
    }

    /// The digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Whether messages and one-time codes can reach it.
    pub fn is_mobile(&self) -> bool {
        is_mobile(&self.0)
    }

    /// The number with its middle hidden, for lists: `138****8000`.
    pub fn masked(&self) -> String {
        let (head, tail) = (self.0.get(..3).unwrap_or_default(), self.0.len().saturating_sub(4));
        format!("{head}****{}", self.0.get(tail..).unwrap_or_default())
    }
}

fn without_country(digits: &str) -> &str {
    let rest = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    rest.filter(|rest| is_mobile(rest)).unwrap_or(digits)
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

fn is_landline(digits: &str) -> bool {
    (10..=12).contains(&digits.len()) && digits.starts_with('0') && !digits.starts_with("00")
}

/// The phones in a cell; several may stand in one.
pub fn phones(cell: &Cell) -> Result<Vec<Phone>, Problem> {
    match cell {
        Cell::Empty => Ok(Vec::new()),
        Cell::Number(number) => from_number(*number).map(|phone| vec![phone]),
        Cell::Text(text) if is_shortened(text) => Err(Problem::NumberRuined),
        Cell::Text(text) => from_text(text),
        Cell::Date(_) => Err(Problem::PhoneUnreadable),
        Cell::Error(_) => Err(Problem::ErrorCell),
    }
}

/// A number that ends in so many noughts was typed again from what a spreadsheet showed of it, as 1.38E+10.
const SHORTENED: f64 = 1e6;

/// A number is exact up to fifteen digits, so a mobile kept as a number is whole, unless its end was lost before.
fn from_number(number: f64) -> Result<Phone, Problem> {
    if 1e15 <= number || (SHORTENED <= number && number % SHORTENED == 0.0) {
        return Err(Problem::NumberRuined);
    }
    // anything behind the decimal point is no part of a phone number
    let whole = format!("{number:.0}");
    Phone::parse(&whole).filter(|_| number.to_string() == whole).ok_or(Problem::PhoneUnreadable)
}

fn from_text(text: &str) -> Result<Vec<Phone>, Problem> {
    let plain: String = text.chars().map(narrow).collect();
    let pieces = plain.split(['/', '、', ',', ';', '\n', '\\', '|']);
    let mut found = Vec::new();
    for piece in pieces.filter(|piece| !squeeze(piece).is_empty()) {
        found.extend(one_or_two(piece).ok_or(Problem::PhoneUnreadable)?);
    }
    Ok(found)
}

/// One number, or two mobiles with nothing but a blank between them.
fn one_or_two(piece: &str) -> Option<Vec<Phone>> {
    if let Some(phone) = Phone::parse(piece) {
        return Some(vec![phone]);
    }
    let squeezed = squeeze(piece);
    let (first, second) = (squeezed.get(..11)?, squeezed.get(11..)?);
    Some(vec![Phone::parse(first)?, Phone::parse(second)?])
}
