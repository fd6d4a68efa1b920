//! The direction inside `app`: a slice uses those to its left in ARCHITECTURE.md's list, and no others.

use std::collections::BTreeMap;

use crate::tree::{file, files_in, none};

#[test]
fn slices_of_app_use_only_those_to_their_left() {
    let (allowed, slices) = (allowed(), slices());
    let mut findings = Vec::new();
    for file in files_in("crates/app/src/", ".rs") {
        let Some(slice) = slice_of(&file.path, &slices) else { continue };
        for (number, line) in file.text.lines().enumerate() {
            for used in used(line, &slices).into_iter().filter(|used| *used != slice) {
                if !allowed.get(slice).is_some_and(|left| left.contains(&used.to_owned())) {
                    findings.push(format!("{}:{}: {slice} may not use {used}", file.path, number + 1));
                }
            }
        }
    }
    none(&findings);
}

/// A public function that took a bare `SchoolTx` would let its callers pass by the policy.
#[test]
fn public_use_cases_take_a_transaction_of_their_action_first() {
    let slices = slices();
    let mut findings = Vec::new();
    for file in files_in("crates/app/src/", ".rs") {
        if slice_of(&file.path, &slices).is_none() {
            continue;
        }
        for (at, _) in file.text.match_indices("\npub fn ") {
            let signature = file.text[at + 1..].split(['{', ';']).next().unwrap();
            let first = first_parameter(signature).unwrap_or_default();
            if signature.contains("Tx") && !first.contains("&mut Tx<") {
                findings.push(format!("{}: {}", file.path, signature.split('(').next().unwrap()));
            }
        }
    }
    none(&findings);
}

/// Every slice that the map names, from left to right.
pub(crate) fn slices() -> Vec<String> {
    groups().concat()
}

/// Each slice with those it may use.
fn allowed() -> BTreeMap<String, Vec<String>> {
    let mut left: Vec<String> = Vec::new();
    let mut allowed = BTreeMap::new();
    for group in groups() {
        for slice in &group {
            allowed.insert(slice.clone(), left.clone());
        }
        left.extend(group);
    }
    allowed
}

/// The list in ARCHITECTURE.md, from left to right: a line `people, calendar → plan → …` in a fence.
fn groups() -> Vec<Vec<String>> {
    let text = file("ARCHITECTURE.md");
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with("people, calendar →"))
        .take_while(|line| !line.starts_with("```"))
        .collect();
    assert!(!lines.is_empty(), "ARCHITECTURE.md has no direction list");
    let list = lines.join(" ");
    list.split('→').map(|group| group.split(',').map(|slice| slice.trim().to_owned()).collect()).collect()
}

fn slice_of<'a>(path: &'a str, slices: &[String]) -> Option<&'a str> {
    let name = path.strip_prefix("crates/app/src/")?.split('/').next()?.trim_end_matches(".rs");
    slices.iter().any(|slice| slice == name).then_some(name)
}

/// The slices that a line names as `crate::slice` or in `use crate::{slice, …}`.
fn used<'a>(line: &'a str, slices: &[String]) -> Vec<&'a str> {
    let code = line.split("//").next().unwrap_or_default();
    let mut used = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        let ours = code[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        let list = rest.strip_prefix('{').map(|list| list.split('}').next().unwrap_or(list));
        let words = list.unwrap_or(rest).split(|c: char| !c.is_ascii_lowercase() && c != '_');
        let count = if list.is_some() { usize::MAX } else { usize::from(ours) };
        used.extend(words.filter(|word| !word.is_empty()).take(count));
    }
    used.retain(|word| slices.iter().any(|slice| slice == word));
    used
}

fn first_parameter(signature: &str) -> Option<&str> {
    let list = &signature[signature.find('(')? + 1..];
    list.split([',', ')']).map(str::trim).find(|parameter| !parameter.is_empty())
}

#[test]
fn uses_are_found() {
    let slices = ["people", "calendar", "plan", "billing"].map(str::to_owned);
    assert_eq!(used("use crate::people::students;", &slices), ["people"]);
    assert_eq!(used("use crate::{calendar, plan};", &slices), ["calendar", "plan"]);
    assert_eq!(used("    let day = crate::calendar::service_day(tx, day)?;", &slices), ["calendar"]);
    assert_eq!(used("use kehou_domain::billing::bill; // crate::people", &slices), Vec::<&str>::new());
}
