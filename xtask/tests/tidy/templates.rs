//! Templates hold no script, no style and no handler: the pages' policy forbids them.

use crate::tree::{files_in, none};

#[test]
fn templates_hold_nothing_that_the_policy_forbids() {
    let mut findings = Vec::new();
    for file in files_in("crates/web/templates", ".html") {
        for (number, line) in file.text.lines().enumerate() {
            findings.extend(forbidden(line).map(|what| format!("{}:{}: {what}", file.path, number + 1)));
        }
    }
    none(&findings);
}

/// What is wrong with one line of a template.
fn forbidden(line: &str) -> Option<&'static str> {
    let lower = line.to_lowercase();
    if lower.contains("<style") || attribute(&lower, "style") {
        return Some("style belongs into the style sheets");
    }
    let is_page_data = lower.contains("type=\"application/json\"");
    if lower.contains("<script") && !lower.contains(" src=") && !is_page_data {
        return Some("scripts are files");
    }
    if lower.contains("javascript:") || lower.contains("hx-on") || lower.contains(" js:") {
        return Some("needs eval, which the policy forbids");
    }
    let words = lower.split_whitespace();
    let handler = words.filter_map(|word| word.split_once("=\"")).any(|(name, _)| is_handler(name));
    handler.then_some("handlers belong into a script file")
}

fn attribute(line: &str, name: &str) -> bool {
    line.contains(&format!(" {name}=\""))
}

fn is_handler(name: &str) -> bool {
    name.len() > 3 && name.starts_with("on") && name.chars().all(|letter| letter.is_ascii_lowercase())
}

#[test]
fn inline_things_are_found() {
    assert!(forbidden("<p style=\"color: red\">").is_some());
    assert!(forbidden("<script>alert(1)</script>").is_some());
    assert!(forbidden("<button onclick=\"go()\">").is_some());
    assert_eq!(forbidden("<script src=\"/assets/app.js\" type=\"module\"></script>"), None);
    assert_eq!(forbidden("<p class=\"lifestyle\">once</p>"), None);
}
