//! A file fits into a head. (The length of functions is clippy's.)

use crate::tree::{files, none};

#[test]
fn no_source_file_is_longer_than_500_lines() {
    let findings: Vec<String> = files(&[".rs", ".html", ".mjs", ".ts"])
        .into_iter()
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| 500 < *lines)
        .map(|(lines, path)| format!("{path} has {lines} lines"))
        .collect();
    none(&findings);
}

#[test]
fn the_map_of_the_house_fits_into_300_lines() {
    let lines = crate::tree::file("ARCHITECTURE.md").lines().count();
    assert!(lines <= 300, "ARCHITECTURE.md has {lines} lines");
}
