//! `docs/coverage.md` says where each requirement is met; the sources say which they meet. Both agree.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{file, files_in, none, root};

/// The words that the third column begins with.
const STATES: [&str; 3] = ["done", "partly", "not yet"];

#[test]
fn every_row_says_how_far_it_is() {
    let findings: Vec<String> = rows()
        .into_iter()
        .filter(|(_, state)| !STATES.iter().any(|known| state.starts_with(known)))
        .map(|(id, state)| format!("{id}: {state:?} begins with none of {STATES:?}"))
        .collect();
    none(&findings);
}

#[test]
fn what_is_met_is_named_where_it_is_met() {
    let rows = rows();
    let named = named(&rows);
    let mut findings = Vec::new();
    for (id, state) in &rows {
        match (state.starts_with("not yet"), named.contains(id)) {
            (false, false) => findings.push(format!("{id} counts as {state}, but no source names it")),
            (true, true) => findings.push(format!("{id} is named in the sources, but counts as not yet met")),
            (true, false) | (false, true) => {}
        }
    }
    none(&findings);
}

#[test]
fn what_the_page_points_at_is_there() {
    let text = file("docs/coverage.md");
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let paths = rows.flat_map(|line| line.split('`').skip(1).step_by(2)).filter(|word| word.contains('/'));
    let mut count = 0;
    let findings: Vec<String> = paths
        .inspect(|_| count += 1)
        .filter(|path| !root().join("crates").join(path).is_file())
        .map(|path| format!("crates/{path} is not there"))
        .collect();
    assert!(100 < count, "docs/coverage.md points at only {count} files");
    none(&findings);
}

/// Each requirement id with its state: rows `| id | what | state | where | test |`.
fn rows() -> BTreeMap<String, String> {
    let text = file("docs/coverage.md");
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if cells.len() == 7 && is_id(cells[1]) {
            let known = rows.insert(cells[1].to_owned(), cells[3].to_owned());
            assert_eq!(known, None, "{} stands there twice", cells[1]);
        }
    }
    assert!(150 < rows.len(), "docs/coverage.md has only {} rows", rows.len());
    rows
}

/// The ids among these that a doc comment or the head of a migration names.
fn named(rows: &BTreeMap<String, String>) -> BTreeSet<String> {
    let sources = ["crates/domain", "crates/db", "crates/app", "crates/web", "crates/cli"];
    let mut named = BTreeSet::new();
    for file in sources.iter().flat_map(|folder| files_in(folder, ".rs")) {
        for line in file.text.lines().filter_map(|line| line.split_once("//").map(|(_, comment)| comment)) {
            let words = line.split(|letter: char| !letter.is_ascii_alphanumeric());
            named.extend(words.filter(|word| rows.contains_key(*word)).map(str::to_owned));
        }
    }
    named
}

/// `A1`, `F8a`, `BD3`, `V`: one or two capitals, a number, perhaps a small letter.
fn is_id(cell: &str) -> bool {
    let letters = cell.chars().take_while(char::is_ascii_uppercase).count();
    let rest = cell[letters..].trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    (1..=2).contains(&letters) && rest.chars().all(|digit| digit.is_ascii_digit()) && cell.len() <= 4
}
