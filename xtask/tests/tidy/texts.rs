//! What the project's own texts must not hold: promises for later, and one machine's paths.

use crate::tree::{files, none};

/// Endings of the files that people write.
const WRITTEN: [&str; 10] = [".rs", ".md", ".toml", ".html", ".css", ".ts", ".mjs", ".sql", ".json", ".yml"];

#[test]
fn nothing_is_put_off_in_a_comment() {
    // pieced together so that this file does not find itself
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["HA", "CK"]].map(|halves| halves.concat());
    find(|line| marks.iter().any(|mark| line.contains(mark.as_str())), "finish it or leave it out");
}

#[test]
fn no_path_of_one_machine_is_written_down() {
    let places = [["/ho", "me/"], ["/ro", "ot/"], ["/Us", "ers/"], ["/wo", "rk/"], ["C:", "\\Users"]];
    let places = places.map(|halves| halves.concat());
    // an address of a page may start like one of them: `"/home"` is a family's first page
    find(
        |line| places.iter().any(|place| at_a_word(line, place)),
        "a path of one machine means nothing on another",
    );
}

#[test]
fn tests_neither_hide_nor_wait() {
    // pieced together so that this file does not find itself
    let marks = [["#[ign", "ore"], ["#[should_", "panic"], ["thread::", "sleep("], ["time::", "sleep("]];
    let marks = marks.map(|halves| halves.concat());
    let mut findings = Vec::new();
    for file in files(&[".rs"]).into_iter().filter(|file| is_test(&file.path)) {
        let lines = file.text.lines().enumerate();
        let wrong = lines.filter(|(_, line)| marks.iter().any(|mark| line.contains(mark.as_str())));
        findings.extend(wrong.map(|(number, line)| format!("{}:{}: {}", file.path, number + 1, line.trim())));
    }
    none(&findings);
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

fn at_a_word(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + place.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || "}/._-".contains(c))
            && after.is_some_and(|c| c.is_ascii_lowercase())
            && !line[at..].starts_with("/home/children")
    })
}

#[track_caller]
fn find(wrong: impl Fn(&str) -> bool, why: &str) {
    let mut findings = Vec::new();
    for file in files(&WRITTEN).into_iter().filter(|file| !file.path.ends_with("package-lock.json")) {
        let lines = file.text.lines().enumerate().filter(|(_, line)| wrong(line));
        findings.extend(
            lines.map(|(number, line)| format!("{}:{}: {why}: {}", file.path, number + 1, line.trim())),
        );
    }
    none(&findings);
}
