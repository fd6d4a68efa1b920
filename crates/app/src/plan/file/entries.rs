//! A plan file as lines of a path and a value, for comparing two versions and for editing.

use kehou_domain::plan::Entry;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Every value of the file in its order; members of lists go by their `id`, or else by their place from 1.
///
/// A text that is no TOML has the entries that could be read.
pub fn entries(text: &str) -> Vec<Entry> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut found = Vec::new();
    walk_table(table.get_ref(), &[], &mut found);
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, entry)| entry).collect()
}

type Found = Vec<(usize, Entry)>;

fn walk_table(table: &DeTable<'_>, path: &[String], found: &mut Found) {
    for (key, value) in table {
        let path = [path, &[key.get_ref().to_string()]].concat();
        walk(value, &path, found);
    }
}

fn walk(value: &Spanned<DeValue<'_>>, path: &[String], found: &mut Found) {
    if let Some(table) = value.get_ref().as_table() {
        return walk_table(table, path, found);
    }
    let members = value.get_ref().as_array();
    let tables = members.filter(|list| list.iter().any(|member| member.get_ref().is_table()));
    if let Some(tables) = tables {
        for (place, member) in tables.iter().enumerate() {
            let path = [path, &[name_of(member.get_ref(), place)]].concat();
            walk(member, &path, found);
        }
        return;
    }
    let entry = Entry { path: path.to_vec(), value: text_of(value.get_ref()) };
    found.push((value.span().start, entry));
}

fn name_of(member: &DeValue<'_>, place: usize) -> String {
    let id = member.as_table().and_then(|table| table.iter().find(|(key, _)| key.get_ref() == "id"));
    let id = id.and_then(|(_, value)| value.get_ref().as_str());
    id.map_or_else(|| (place + 1).to_string(), str::to_owned)
}

fn text_of(value: &DeValue<'_>) -> String {
    if let Some(list) = value.as_array() {
        let texts: Vec<String> = list.iter().map(|member| text_of(member.get_ref())).collect();
        return texts.join(", ");
    }
    let flag = value.as_bool().map(|flag| flag.to_string());
    let date = value.as_datetime().map(ToString::to_string);
    let number = value.as_integer().map(|number| number.as_str().to_owned());
    let float = value.as_float().map(|float| float.as_str().to_owned());
    let text = value.as_str().map(str::to_owned);
    text.or(flag).or(date).or(number).or(float).unwrap_or_default()
}
