//! Names as rosters write them: blanks in the middle, guards, marks of no width.

use super::cell::{Cell, is_gap, narrow, unguarded};
use super::problem::Problem;

/// The longest name, in characters.
const LONGEST: usize = 40;

/// The name in a cell; nothing when the cell is empty.
///
/// Blanks go from names in Chinese characters and stay single in others. Rare characters and · stay.
pub fn name(cell: &Cell) -> Result<Option<String>, Problem> {
    let text = match cell {
        Cell::Empty => return Ok(None),
        Cell::Text(text) => tidy(text),
        Cell::Number(_) | Cell::Date(_) => return Err(Problem::NameUnreadable),
        Cell::Error(_) => return Err(Problem::ErrorCell),
    };
    match text.chars().count() {
        0 => Ok(None),
        1..=LONGEST if text.chars().all(fits) && text.chars().any(char::is_alphabetic) => Ok(Some(text)),
        _ => Err(Problem::NameUnreadable),
    }
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
