//! Names as rosters write them: blanks in the middle, guards, marks of no width.

use super::cell::{Cell, is_gap, narrow, squeeze, unguarded};
use super::problem::Problem;
use crate::typed::LONGEST_NAME as LONGEST;

/// The name in a cell; nothing when the cell is empty.
///
/// Blanks go from names in Chinese characters and stay single in others. Rare characters and · stay.
pub fn name(cell: &Cell) -> Result<Option<String>, Problem> {
    let text = match cell {
        Cell::Empty => return Ok(None),
        Cell::Text(text) => tidy(text),
        Cell::Number(_) | Cell::Date(_) => return Err(Problem::NameHasDigits),
        Cell::Error(_) => return Err(Problem::ErrorCell),
    };
    if text.is_empty() {
        return Ok(None);
    }
    wrong(&text).map_or(Ok(Some(text)), Err)
}

/// Why the text is no name. A word that reads like a relation (周父) is one: people are called so.
fn wrong(text: &str) -> Option<Problem> {
    if text.chars().any(char::is_numeric) {
        return Some(Problem::NameHasDigits);
    }
    if LONGEST < text.chars().count() {
        return Some(Problem::NameTooLong);
    }
    let is_name = text.chars().all(fits) && text.chars().any(char::is_alphabetic);
    (!is_name).then_some(Problem::NameUnreadable)
}

/// Whether the text reads like a person's name: letters, no digits and no other signs.
pub fn reads_like_a_name(text: &str) -> bool {
    wrong(&tidy(text)).is_none()
}

/// The name with its blanks put right.
fn tidy(text: &str) -> String {
    let text = unguarded(text);
    let latin = text.chars().any(|sign| narrow(sign).is_ascii_alphabetic());
    let parts = text.split(is_gap).filter(|part| !part.is_empty());
    let joined = parts.collect::<Vec<_>>().join(if latin { " " } else { "" });
    joined.chars().map(|sign| if matches!(sign, '•' | '・' | '‧' | '●') { '·' } else { sign }).collect()
}

/// Whether a sign may stand in a name.
fn fits(sign: char) -> bool {
    let private = matches!(sign, '\u{e000}'..='\u{f8ff}');
    sign.is_alphabetic()
        || private
        || matches!(sign, '·' | ' ' | '\'' | '’' | '-' | '.' | '(' | ')' | '（' | '）')
}

/// A guardian's name and, where the cell adds it in brackets, the relation: 张大（父亲）.
pub fn guardian(cell: &Cell) -> Result<Option<(String, Option<String>)>, Problem> {
    let Some(name) = name(cell)? else {
        return Ok(None);
    };
    let plain: String = name.chars().map(narrow).collect();
    let split = plain.strip_suffix(')').and_then(|rest| rest.split_once('('));
    Ok(Some(match split {
        Some((own, relation)) if !own.is_empty() && !relation.is_empty() => {
            (own.to_owned(), Some(relation.to_owned()))
        }
        _ => (name, None),
    }))
}

/// What people at a gate put before or after a name to say what somebody is to a child.
const RELATIONS: [&str; 30] = [
    "爸爸", "妈妈", "父亲", "母亲", "爷爷", "奶奶", "外公", "外婆", "姥爷", "姥姥", "叔叔", "婶婶", "伯伯",
    "伯父", "伯母", "阿姨", "姨妈", "姑姑", "姑妈", "舅舅", "舅妈", "哥哥", "姐姐", "表哥", "表姐", "邻居",
    "保姆", "朋友", "家长", "亲戚",
];

/// Whether two spellings are one person's name (H3): blanks, marks of no width, full-width signs, capital letters and
/// what the person is to the child make no difference: 王 芳, 王芳（姑姑） and 姑姑王芳 are one.
pub fn is_same(one: &str, other: &str) -> bool {
    bare(one) == bare(other)
}

/// The name alone, in one spelling.
fn bare(name: &str) -> String {
    let squeezed = squeeze(name).to_lowercase();
    let own = squeezed.split_once('(').map_or(squeezed.as_str(), |(own, _)| own);
    let own = if own.is_empty() { squeezed.as_str() } else { own };
    let dots = |sign: char| if matches!(sign, '•' | '・' | '‧' | '●') { '·' } else { sign };
    without_relation(own).chars().map(dots).collect()
}

/// The name without a relation before or after it, as long as two characters of a name are left.
fn without_relation(name: &str) -> &str {
    let mut parts = RELATIONS.iter().flat_map(|one| [name.strip_prefix(one), name.strip_suffix(one)]);
    parts.find_map(|rest| rest.filter(|rest| 2 <= rest.chars().count())).unwrap_or(name)
}
