//! No sentence without English, no English without a sentence.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// Everything below a folder that ends so.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.extension().is_some_and(|have| have == end) {
            found.push(path);
        }
    }
    found
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{3400}'..='\u{9fff}').contains(&letter))
}

/// The literals of a text: what stands between two quotation marks, and what follows.
fn literals(text: &str) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('"') {
        let Some(end) = end_of_literal(after) else { break };
        found.push((after[..end].replace("\\\"", "\"").replace("\\n", "\n"), &after[end + 1..]));
        rest = &after[end + 1..];
    }
    found
}

fn end_of_literal(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (place, letter) in text.char_indices() {
        match letter {
            '"' if !escaped => return Some(place),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// Chinese literals of the code, without its tests and comments.
fn words_of_code() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for file in files(Path::new("src"), "rs") {
        // `dates.rs` says days in every language itself
        if file.ends_with("tests.rs") || file.ends_with("dates.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = lines.map(|line| line.replace("'\"'", "")).collect::<Vec<_>>().join(
            "
",
        );
        words.extend(literals(&code).into_iter().map(|(word, _)| word).filter(|word| is_chinese(word)));
    }
    words
}

/// Chinese literals of the templates; those that no filter translates are listed apart.
fn words_of_templates() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut words, mut bare) = (BTreeSet::new(), BTreeSet::new());
    for file in files(Path::new("templates"), "html") {
        let text = fs::read_to_string(&file).unwrap();
        let mut outside = String::new();
        let mut rest = text.as_str();
        while let Some(start) = ["{{", "{%", "{#"].iter().filter_map(|mark| rest.find(mark)).min() {
            outside.push_str(&rest[..start]);
            let close = match &rest[start..start + 2] {
                "{{" => "}}",
                "{%" => "%}",
                _ => "#}",
            };
            let end = rest[start..].find(close).unwrap() + start;
            if close != "#}" {
                let inside = literals(&rest[start..end]).into_iter();
                words.extend(inside.map(|(word, _)| word).filter(|word| is_chinese(word)));
            }
            rest = &rest[end + 2..];
        }
        outside.push_str(rest);
        // the product's name is the same in every language
        let outside = outside.replace("Kehou 课后", "");
        bare.extend(
            outside.lines().filter(|line| is_chinese(line)).map(|line| format!("{}: {line}", file.display())),
        );
    }
    (words, bare)
}

#[test]
fn every_sentence_has_english_and_every_english_a_sentence() {
    let (mut words, bare) = words_of_templates();
    words.extend(words_of_code());
    let english: BTreeMap<String, String> =
        ENGLISH.iter().flat_map(|(name, text)| read_file(name, text)).collect();
    let missing: Vec<_> = words.iter().filter(|word| !english.contains_key(*word)).collect();
    let unused: Vec<_> = english.keys().filter(|word| !words.contains(*word)).collect();
    assert!(bare.is_empty(), "Chinese outside {{{{ … }}}}: {bare:#?}");
    assert!(missing.is_empty(), "no English for: {missing:#?}");
    assert!(unused.is_empty(), "English for what nobody says: {unused:#?}");
}

#[test]
fn the_same_sentence_is_the_same_in_every_file() {
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in ENGLISH {
        for (word, english) in read_file(name, text) {
            let before = said.insert(word.clone(), english.clone());
            assert!(before.is_none_or(|before| before == english), "{name}: {word} is said in two ways");
        }
    }
}

#[test]
fn places_to_fill_are_the_same_in_both_languages() {
    for (name, text) in ENGLISH {
        for (word, english) in read_file(name, text) {
            assert_eq!(places(&word), places(&english), "{name}: {word}");
        }
    }
}

/// The names of the places, also of those where one of two words stands.
fn places(text: &str) -> BTreeSet<&str> {
    let inside = text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(inside, _)| inside);
    inside.map(|inside| inside.split_once('|').map_or(inside, |(name, _)| name)).collect()
}

#[test]
fn one_of_two_words_goes_with_a_number() {
    let check = |text: &str, n: &str, expected: &str| assert_eq!(put(text, "n", n), expected, "{text}");
    check("{n} {n|child is|children are} here", "1", "1 child is here");
    check("{n} {n|child is|children are} here", "21", "21 children are here");
    check("{n} {n|child|children}, {n}", "0", "0 children, 0");
    check("{name} has {n}", "1", "{name} has 1");
    check("{m} {m|child|children}", "1", "{m} {m|child|children}");
    check("{n", "1", "{n");
    let values = [("here", "1"), ("awaited", "2")];
    let text = "现在有 {here} 个孩子在校，还有 {awaited} 个没点名，可能在教室里：停了以后也要照常点名、交给家长；知道了请勾选，再保存";
    assert!(Lang::En.fill(text, &values).starts_with("1 child is here now and 2 more were not called"));
}

#[test]
fn every_choice_of_words_has_two_and_its_number_beside_it() {
    for (name, text) in ENGLISH {
        for english in read_file(name, text).values() {
            let inside = english.split('{').skip(1).filter_map(|part| part.split_once('}'));
            for (choice, _) in inside.filter(|(inside, _)| inside.contains('|')) {
                let words: Vec<&str> = choice.split('|').collect();
                assert_eq!(words.len(), 3, "{name}: {english}");
                assert!(english.contains(&format!("{{{}}}", words[0])), "{name}: {english}");
            }
        }
    }
}

#[test]
fn a_browser_gets_the_first_language_that_there_is() {
    let cases = [
        ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
        ("en-GB,en;q=0.9", Lang::En),
        ("fr,en;q=0.5", Lang::En),
        ("fr", Lang::Zh),
        ("", Lang::Zh),
    ];
    for (header, expected) in cases {
        assert_eq!(Lang::accepted(header), expected, "{header}");
    }
}
