//! Templates hold no script, no style and no handler: the pages' policy forbids them. What is typed has a bound.

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

/// Fields whose values the browser makes or picks.
const CHOSEN: [&str; 9] =
    ["hidden", "checkbox", "radio", "date", "time", "month", "datetime-local", "file", "number"];

/// A form that is too large to be taken is lost: what a page lets people type stays within it.
#[test]
fn what_is_typed_has_a_bound() {
    let mut findings = Vec::new();
    for file in files_in("crates/web/templates", ".html") {
        findings.extend(unbounded(&file.text).into_iter().map(|tag| format!("{}: {tag}", file.path)));
    }
    none(&findings);
}

/// The fields of a template into which any number of letters can be typed.
fn unbounded(template: &str) -> Vec<String> {
    let text = markup(template);
    let tags = text.split('<').filter(|tag| tag.starts_with("input ") || tag.starts_with("textarea "));
    let heads = tags.map(|tag| tag.split('>').next().unwrap_or_default());
    let is_typed = |head: &&str| !CHOSEN.iter().any(|kind| head.contains(&format!(" type=\"{kind}\"")));
    let is_sent = |head: &&str| head.contains(" name=");
    heads
        .filter(is_typed)
        .filter(is_sent)
        .filter(|head| !attribute(head, "maxlength"))
        .map(str::to_owned)
        .collect()
}

/// The template without what is put in: expressions hold signs of comparison.
fn markup(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{']) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let end = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")]
            .into_iter()
            .find(|(open, _)| after.starts_with(open))
            .and_then(|(_, close)| after.find(close));
        rest = end.map_or(&after[1..], |end| &after[end + 2..]);
    }
    text + rest
}

#[test]
fn a_field_without_a_bound_is_found() {
    assert_eq!(unbounded("<input class=\"input\" name=\"a\"{% if 1 > 0 %} disabled{% endif %}>").len(), 1);
    assert_eq!(unbounded("<p><textarea name=\"{{ name }}\"></textarea>").len(), 1);
    assert!(unbounded("<input name=\"a\" value=\"{{ a > b }}\" maxlength=\"40\">").is_empty());
    assert!(unbounded("<input type=\"date\" name=\"a\"><input data-part=\"b\">").is_empty());
}
