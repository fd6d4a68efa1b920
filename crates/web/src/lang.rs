//! Languages: Chinese text is its own key, other languages are dictionaries from it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 简体中文, the language the texts are written in.
    #[default]
    Zh,
    /// English.
    En,
}

/// The English dictionary, one file for each slice: its name and its text.
const ENGLISH: &[(&str, &str)] = &[
    ("agenda", include_str!("../locales/en/agenda.toml")),
    ("allocation", include_str!("../locales/en/allocation.toml")),
    ("attendance", include_str!("../locales/en/attendance.toml")),
    ("calendar", include_str!("../locales/en/calendar.toml")),
    ("catalogue", include_str!("../locales/en/catalogue.toml")),
    ("custody", include_str!("../locales/en/custody.toml")),
    ("demo", include_str!("../locales/en/demo.toml")),
    ("dismissal", include_str!("../locales/en/dismissal.toml")),
    ("enrolment", include_str!("../locales/en/enrolment.toml")),
    ("grouping", include_str!("../locales/en/grouping.toml")),
    ("identity", include_str!("../locales/en/identity.toml")),
    ("people", include_str!("../locales/en/people.toml")),
    ("plan", include_str!("../locales/en/plan.toml")),
    ("shell", include_str!("../locales/en/shell.toml")),
];

static DICTIONARY: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let files = ENGLISH.iter().map(|(name, text)| read_file(name, text));
    files.flatten().collect()
});

fn read_file(name: &str, text: &str) -> HashMap<String, String> {
    toml::from_str(text).unwrap_or_else(|why| panic!("locales/en/{name}.toml: {why}"))
}

impl Lang {
    /// Every language.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The word in the store, in the form and in the cookie.
    pub const fn word(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// The language of this word.
    pub fn parse(word: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.word() == word)
    }

    /// What stands in the page's `lang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The first language of an `Accept-Language` header that the pages have; Chinese when there is none.
    pub fn accepted(header: &str) -> Lang {
        Lang::asked(header).unwrap_or_default()
    }

    /// The first language of an `Accept-Language` header that the pages have.
    pub fn asked(header: &str) -> Option<Lang> {
        let mut wanted = header.split(',').map(|part| part.split(';').next().unwrap_or("").trim());
        wanted.find_map(|tag| Lang::parse(tag.get(..2)?))
    }

    /// The text in this language.
    pub fn t(self, text: &str) -> &str {
        match self {
            Lang::Zh => text,
            Lang::En => DICTIONARY.get(text).map_or(text, String::as_str),
        }
    }

    /// The text in this language with `{name}` replaced by the value of that name.
    pub fn fill(self, text: &str, values: &[(&str, &str)]) -> String {
        let text = Cow::Borrowed(self.t(text));
        values.iter().fold(text, |text, (name, value)| Cow::Owned(put(&text, name, value))).into_owned()
    }
}

/// The text with the value in the place of this name. `{n|child|children}` is the first where `n` is 1, and the second
/// where it is any other number: English tells them apart.
pub(crate) fn put(text: &str, name: &str, value: &str) -> String {
    let open = format!("{{{name}");
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, inside)) = rest.split_once(&open) {
        filled.push_str(before);
        let found = inside.split_once('}').and_then(|(choice, after)| Some((chosen(choice, value)?, after)));
        // a longer name stays as it is
        let (word, after) = found.unwrap_or((open.as_str(), inside));
        filled.push_str(word);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// What stands in a place: the value itself, or the word that goes with it.
fn chosen<'a>(choice: &'a str, value: &'a str) -> Option<&'a str> {
    if choice.is_empty() {
        return Some(value);
    }
    let (one, many) = choice.strip_prefix('|')?.split_once('|')?;
    Some(if value == "1" { one } else { many })
}

#[cfg(test)]
mod tests;
