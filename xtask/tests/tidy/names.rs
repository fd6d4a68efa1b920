//! Names: modules say what they are about, and a slice has one name everywhere.

use std::collections::BTreeSet;

use crate::direction::slices;
use crate::tree::{self, files_in, modules, none};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] =
    ["utils", "util", "common", "helpers", "helper", "manager", "service", "dto", "misc"];

/// Modules of `app` that are not slices of the trade.
const NOT_SLICES: [&str; 3] = ["identity", "outbox", "lib"];

#[test]
fn no_module_has_an_empty_name() {
    let findings: Vec<String> = ["crates", "xtask"]
        .iter()
        .flat_map(|folder| files_in(folder, ".rs"))
        .filter(|file| file.path.trim_end_matches(".rs").split('/').any(|part| EMPTY_NAMES.contains(&part)))
        .map(|file| format!("{}: a module is named for what it holds", file.path))
        .collect();
    none(&findings);
}

#[test]
fn a_slice_of_app_is_also_in_domain_and_has_its_rules_written_down() {
    let domain = modules("crates/domain/src");
    let rules: BTreeSet<String> =
        modules("docs/rules").iter().map(|name| name.trim_end_matches(".md").to_owned()).collect();
    let mut findings = Vec::new();
    for slice in slices_in("crates/app/src") {
        if !domain.contains(&slice) {
            findings.push(format!("{slice} is in app but not in domain"));
        }
        if !rules.contains(&slice) {
            findings.push(format!("docs/rules/{slice}.md is missing"));
        }
    }
    none(&findings);
}

#[test]
fn the_pages_of_a_slice_stand_under_its_name() {
    let app = slices_in("crates/app/src");
    let findings: Vec<String> = ["crates/web/src", "crates/web/templates"]
        .iter()
        .flat_map(|folder| slices_in(folder).into_iter().map(move |slice| (folder, slice)))
        .filter(|(_, slice)| !app.contains(slice))
        .map(|(folder, slice)| format!("{folder}/{slice} has no use cases in app"))
        .collect();
    none(&findings);
}

#[test]
fn a_module_of_app_is_a_slice_on_the_map() {
    let slices = slices();
    let findings: Vec<String> = modules("crates/app/src")
        .into_iter()
        .filter(|name| tree::root().join("crates/app/src").join(name).is_dir())
        .filter(|name| !slices.contains(name) && !NOT_SLICES.contains(&name.as_str()))
        .map(|name| format!("{name} has no place in the direction list of ARCHITECTURE.md"))
        .collect();
    none(&findings);
}

fn slices_in(folder: &str) -> BTreeSet<String> {
    let slices = slices();
    modules(folder).into_iter().filter(|name| slices.contains(name)).collect()
}
