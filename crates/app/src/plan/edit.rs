//! Changing single values of a plan file: the rest of the text, its order and its comments stay as they are.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Why a value cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditRefused {
    /// The text is no TOML.
    NotToml,
    /// No table lies on the way to the value.
    NoTable,
}

/// The text with the value of the path replaced, or added at the end of its table.
///
/// The path has keys, and places from 1 for members of lists; `value` is TOML, as in `"17:30"` in quotes.
pub fn set(text: &str, path: &[&str], value: &str) -> Result<String, EditRefused> {
    let document = DeTable::parse(text).map_err(|_| EditRefused::NotToml)?;
    let (key, way) = path.split_last().ok_or(EditRefused::NoTable)?;
    let table = table(&document, way).ok_or(EditRefused::NoTable)?;
    if let Some((_, known)) = table.1.iter().find(|(name, _)| name.get_ref() == key) {
        return Ok(spliced(text, known.span(), value));
    }
    let after = end_of(text, &table);
    Ok(spliced(text, after..after, &format!("\n{key} = {value}")))
}

/// The text without the key of the path; unchanged when it is not there.
pub fn unset(text: &str, path: &[&str]) -> Result<String, EditRefused> {
    let document = DeTable::parse(text).map_err(|_| EditRefused::NotToml)?;
    let (key, way) = path.split_last().ok_or(EditRefused::NoTable)?;
    let Some((_, table)) = table(&document, way) else { return Ok(text.to_owned()) };
    let Some((name, value)) = table.iter().find(|(name, _)| name.get_ref() == key) else {
        return Ok(text.to_owned());
    };
    let start = text[..name.span().start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[value.span().end..].find('\n').map_or(text.len(), |end| value.span().end + end + 1);
    Ok(spliced(text, start..end, ""))
}

/// A table with the bytes of its head.
type Found<'a> = (Range<usize>, &'a DeTable<'a>);

fn table<'a>(document: &'a Spanned<DeTable<'a>>, way: &[&str]) -> Option<Found<'a>> {
    let mut here = (0..0, document.get_ref());
    let mut keys = way.iter();
    while let Some(key) = keys.next() {
        let (_, value) = here.1.iter().find(|(name, _)| name.get_ref() == key)?;
        let value = match value.get_ref().as_array() {
            Some(list) => list.get(keys.next()?.parse::<usize>().ok()?.checked_sub(1)?)?,
            None => value,
        };
        here = (value.span(), value.get_ref().as_table()?);
    }
    Some(here)
}

/// Where a further key of the table goes: after its last plain value, or else after its head.
fn end_of(text: &str, (head, table): &Found<'_>) -> usize {
    let plain = table.iter().map(|(_, value)| value).filter(|value| is_plain(value.get_ref()));
    let last = plain.map(|value| value.span().end).max().unwrap_or(head.end);
    text[last..].find('\n').map_or(text.len(), |end| last + end)
}

/// Whether a value stands on lines of its own table.
fn is_plain(value: &DeValue<'_>) -> bool {
    let holds_tables =
        value.as_array().is_some_and(|list| list.iter().any(|member| member.get_ref().is_table()));
    !value.is_table() && !holds_tables
}

fn spliced(text: &str, span: Range<usize>, with: &str) -> String {
    [&text[..span.start], with, &text[span.end..]].concat()
}

/// A text as TOML writes it.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "title = \"甲\" # said so\n\n[fee]\nmode = \"free\"\n\n[[slots]]\nid = \"a\"\n[[slots.windows]]\nend = \"17:10\" # wave\n[[slots.windows]]\nend = \"17:20\"\n";

    #[test]
    fn a_value_changes_and_its_comment_stays() {
        let text = set(FILE, &["title"], &quoted("乙")).unwrap();
        assert_eq!(text, FILE.replace("甲", "乙"));
        let text = set(FILE, &["slots", "1", "windows", "1", "end"], "\"17:15\"").unwrap();
        assert_eq!(text, FILE.replace("17:10", "17:15"));
    }

    #[test]
    fn a_new_key_goes_to_the_end_of_its_table() {
        let text = set(FILE, &["slots", "1", "windows", "1", "wave"], "\"17:15\"").unwrap();
        assert_eq!(text, FILE.replace("# wave\n", "# wave\nwave = \"17:15\"\n"));
        let text = set(FILE, &["slots", "1", "service"], "true").unwrap();
        assert_eq!(text, FILE.replace("id = \"a\"\n", "id = \"a\"\nservice = true\n"));
        let text = set(FILE, &["grades"], "\"1-6\"").unwrap();
        assert_eq!(text, FILE.replace("# said so\n", "# said so\ngrades = \"1-6\"\n"));
    }

    #[test]
    fn a_key_goes_with_its_line() {
        assert_eq!(unset(FILE, &["fee", "mode"]).unwrap(), FILE.replace("mode = \"free\"\n", ""));
        assert_eq!(unset(FILE, &["fee", "payee"]).unwrap(), FILE);
    }

    #[test]
    fn what_is_not_there_cannot_be_changed() {
        assert_eq!(set(FILE, &["slots", "2", "id"], "1"), Err(EditRefused::NoTable));
        assert_eq!(set("a =", &["a"], "1"), Err(EditRefused::NotToml));
    }
}
