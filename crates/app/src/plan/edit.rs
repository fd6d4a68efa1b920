//! Changing single values of a plan file: the rest of the text, its order and its comments stay as they are.

use std::ops::Range;

use kehou_domain::plan::Entry;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

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
/// The path has keys, and short names or places from 1 for members of lists; `value` is TOML, as in `"17:30"` in quotes.
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
            Some(list) => member(list, keys.next()?)?,
            None => value,
        };
        here = (value.span(), value.get_ref().as_table()?);
    }
    Some(here)
}

/// A member of a list by its short name, or else by its place from 1.
fn member<'a>(list: &'a DeArray<'a>, name: &str) -> Option<&'a Spanned<DeValue<'a>>> {
    let id = |value: &DeValue<'_>| {
        let id = value.as_table().and_then(|table| table.iter().find(|(key, _)| key.get_ref() == "id"));
        id.and_then(|(_, value)| value.get_ref().as_str()) == Some(name)
    };
    let place = || name.parse::<usize>().ok().and_then(|place| list.get(place.checked_sub(1)?));
    list.iter().find(|value| id(value.get_ref())).or_else(place)
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

/// The bytes of the value at the path.
pub fn span(text: &str, path: &[&str]) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let (key, way) = path.split_last()?;
    let (_, table) = table(&document, way)?;
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value.span())
}

/// Where the table begins that the path's key belongs to.
pub fn head(text: &str, path: &[&str]) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let (_, way) = path.split_last()?;
    table(&document, way).map(|(head, _)| head.start)
}

/// Numbers in rising order as a plan file has them: 1, 2, 3, 5 as `1-3, 5`.
pub fn spans(numbers: &[u8]) -> String {
    let mut spans: Vec<(u8, u8)> = Vec::new();
    for number in numbers {
        match spans.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            Some(_) | None => spans.push((*number, *number)),
        }
    }
    let texts =
        spans.iter().map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") });
    texts.collect::<Vec<_>>().join(", ")
}

/// The keys that a form may change: times, days, grades, sizes, amounts and how they are charged.
const USUAL: [&str; 22] = [
    "from",
    "to",
    "until",
    "at",
    "weekdays",
    "start",
    "end",
    "minutes",
    "wave",
    "min",
    "max",
    "yuan",
    "cut_off",
    "within_days",
    "billing_lesson_hours",
    "staff_lesson_hours",
    "starts",
    "grades",
    "mode",
    "payee",
    "unit",
    "refund",
];

/// The usual values of a plan file, in its order; where a window has no wave, one may be entered.
pub fn usual(text: &str) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    for entry in super::file::entries(text) {
        let key = entry.path.last().map_or("", String::as_str);
        let window = entry.path.len() == 5 && entry.path[2] == "windows";
        let is_end = window && matches!(key, "end" | "minutes");
        let wave = [&entry.path[..entry.path.len() - 1], &["wave".to_owned()]].concat();
        let has_wave = || span(text, &wave.iter().map(String::as_str).collect::<Vec<_>>()).is_some();
        let offers_wave = is_end && !has_wave();
        if USUAL.contains(&key) {
            found.push(entry);
        }
        if offers_wave {
            found.push(Entry { path: wave, value: String::new() });
        }
    }
    found
}

/// The text with these values entered; an empty value takes the key out, and what is the same stays as written.
pub fn enter(text: &str, values: &[Entry]) -> Result<String, EditRefused> {
    let known = usual(text);
    let mut changed = text.to_owned();
    for Entry { path, value } in values {
        let before = known.iter().find(|entry| entry.path == *path).ok_or(EditRefused::NoTable)?;
        let value = value.trim();
        if before.value == value {
            continue;
        }
        let way: Vec<&str> = path.iter().map(String::as_str).collect();
        changed =
            if value.is_empty() { unset(&changed, &way)? } else { set(&changed, &way, &written(value))? };
    }
    Ok(changed)
}

/// A value as TOML writes it: whole numbers and dates bare, everything else in quotes.
fn written(value: &str) -> String {
    let number = value.len() <= 4 && value.bytes().all(|byte| byte.is_ascii_digit());
    let date = value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok();
    if (number && !value.starts_with('0')) || date { value.to_owned() } else { quoted(value) }
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
    fn usual_values_are_entered_where_they_stand() {
        let entry = |path: &str, value: &str| Entry {
            path: path.split('.').map(str::to_owned).collect(),
            value: value.to_owned(),
        };
        let usual = usual(FILE);
        assert_eq!(usual[0], entry("fee.mode", "free"));
        assert_eq!(usual[1], entry("slots.a.windows.1.end", "17:10"));
        assert_eq!(usual[2], entry("slots.a.windows.1.wave", ""));
        let values = [entry("slots.a.windows.1.end", "17:10"), entry("slots.a.windows.2.end", "17:25")];
        assert_eq!(enter(FILE, &values).unwrap(), FILE.replace("17:20", "17:25"));
        let wave = [entry("slots.a.windows.1.wave", "17:15")];
        assert_eq!(enter(FILE, &wave).unwrap(), FILE.replace("# wave\n", "# wave\nwave = \"17:15\"\n"));
        assert_eq!(enter(FILE, &[entry("fee.yuan", "3")]), Err(EditRefused::NoTable));
    }

    #[test]
    fn what_is_not_there_cannot_be_changed() {
        assert_eq!(set(FILE, &["slots", "2", "id"], "1"), Err(EditRefused::NoTable));
        assert_eq!(set("a =", &["a"], "1"), Err(EditRefused::NotToml));
    }
}
