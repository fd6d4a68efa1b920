//! A signature: drawn, typed or on paper; with account, time and seal (F4, F5).
//!
//! F5's identity-card numbers are not asked for: a verified account and the time stand in their place.

use jiff::Timestamp;

use super::agreement::fingerprint;
use crate::ids::AccountId;
use crate::moment::millis;

/// The most characters of a drawn signature's path.
pub const LONGEST_PATH: usize = 32_768;
/// The fewest points that make a signature and not a slip of the finger.
pub const FEWEST_POINTS: usize = 6;
/// The largest coordinate, in units of the signature's box.
const LARGEST: f64 = 4_000.0;

/// What stands in the place of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A drawn line as SVG path data of `M`, `L`, `C` and `Q`.
    Drawn(Path),
    /// The guardian's own name, typed.
    Typed,
}

/// Checked path data: safe to show, small, and really a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(String);

/// Why there is no signature. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotASignature {
    /// Neither a line nor a name.
    Missing,
    /// The line is longer than `LONGEST_PATH`.
    TooLong,
    /// The line is a dot or a dash.
    TooShort,
    /// The data is no path of lines and curves inside the box.
    NotAPath,
    /// The typed name is not the guardian's.
    OtherName,
}

/// Who signed what and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The hash of the canonical text.
    pub text_hash: &'a str,
    /// The guardian's name.
    pub name: &'a str,
    /// The verified account.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
}

impl Path {
    /// Reads path data: `M` first, then `M`, `L`, `C`, `Q` with numbers inside the box.
    pub fn parse(text: &str) -> Result<Path, NotASignature> {
        let text = text.trim();
        if LONGEST_PATH < text.len() {
            return Err(NotASignature::TooLong);
        }
        let points = count_points(text).ok_or(NotASignature::NotAPath)?;
        if points < FEWEST_POINTS {
            return Err(NotASignature::TooShort);
        }
        Ok(Path(text.to_owned()))
    }

    /// The path data.
    pub fn data(&self) -> &str {
        &self.0
    }
}

/// How many points the path has, or nothing when it is not one.
fn count_points(text: &str) -> Option<usize> {
    let mut points = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let command = rest.chars().next()?;
        let pairs = match command {
            'M' | 'L' => 1,
            'Q' => 2,
            'C' => 3,
            _ => return None,
        };
        if points == 0 && command != 'M' {
            return None;
        }
        let end = rest[1..].find(|letter: char| letter.is_ascii_uppercase()).map_or(rest.len(), |at| at + 1);
        let numbers = count_numbers(&rest[1..end])?;
        if numbers == 0 || numbers % (2 * pairs) != 0 {
            return None;
        }
        points += numbers / 2;
        rest = &rest[end..];
    }
    Some(points)
}

/// How many numbers stand in the text, or nothing when something else does.
fn count_numbers(text: &str) -> Option<usize> {
    let numbers = text.split([' ', ',']).filter(|part| !part.is_empty());
    numbers.map(is_coordinate).try_fold(0, |count, fits| fits.then_some(count + 1))
}

fn is_coordinate(part: &str) -> bool {
    let plain = part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    plain && part.parse::<f64>().is_ok_and(|number| (-LARGEST..=LARGEST).contains(&number))
}

/// The mark that a form carries: a drawn line, or else the guardian's name typed.
pub fn mark(path: &str, typed: &str, guardian: &str) -> Result<Mark, NotASignature> {
    if !path.trim().is_empty() {
        return Path::parse(path).map(Mark::Drawn);
    }
    if typed.trim().is_empty() {
        return Err(NotASignature::Missing);
    }
    let bare = |name: &str| name.split_whitespace().collect::<String>();
    if bare(typed) == bare(guardian) { Ok(Mark::Typed) } else { Err(NotASignature::OtherName) }
}

impl Mark {
    /// The mark's word in the store.
    pub fn word(&self) -> &'static str {
        match self {
            Mark::Drawn(_) => "drawn",
            Mark::Typed => "typed",
        }
    }

    /// The path data, empty for a typed name.
    pub fn path(&self) -> &str {
        match self {
            Mark::Drawn(path) => path.data(),
            Mark::Typed => "",
        }
    }
}

/// A seal over the text, the mark, the account and the time: whoever changes one of them later breaks it.
pub fn seal(signed: &Signed, mark: &Mark) -> String {
    let (word, path) = (mark.word(), mark.path());
    let Signed { text_hash, name, account, at } = signed;
    fingerprint(&format!(
        "kehou signature 1\n{text_hash}\n{name}\n{account}\n{}\n{word}\n{path}",
        millis(*at)
    ))
}
