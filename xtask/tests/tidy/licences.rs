//! The licences of everything that is built in, and crates that are there twice.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tree::{none, root};

/// Licences under which a crate may be built into the program.
const ALLOWED: [&str; 14] = [
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "0BSD",
    "Zlib",
    "Unicode-3.0",
    "MPL-2.0",
    "CDLA-Permissive-2.0",
    "CC0-1.0",
    "Unlicense",
];

/// Crates that are there in more than one version, and why that is borne.
const TWICE: &[(&str, &str)] = &[
    ("const-oid", "the certificate reader under the PostgreSQL client is a step behind the hashes"),
    ("constant_time_eq", "the second factor's crate and the password hash each compare by their own version"),
    ("fallible-iterator", "rusqlite has moved on, the PostgreSQL client has not"),
    ("getrandom", "ring and the figures' sampler each ask the system by an older version"),
    ("hashbrown", "governor's map and the figures' registry keep their own"),
    ("phf", "the HTML reader has moved on, the PostgreSQL client has not"),
    ("phf_shared", "comes with phf"),
    ("rand", "the figures' sampler is a step behind the PostgreSQL client"),
    ("rand_core", "comes with rand"),
    ("syn", "half of the derive macros have moved on; nothing of it is in the program"),
    ("toml", "confique reads its file with the version before ours"),
    ("toml_datetime", "comes with toml"),
    ("winnow", "comes with toml"),
];

/// What `cargo metadata` says about the workspace and everything it uses.
pub(crate) fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_licence_is_allowed_by_name() {
    let metadata = metadata();
    let findings: Vec<String> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| !allowed(package["license"].as_str().unwrap_or("none")))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    none(&findings);
}

#[test]
fn a_crate_is_there_twice_only_with_a_reason() {
    let metadata = metadata();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for id in built_in(&metadata) {
        let package = metadata["packages"].as_array().unwrap().iter().find(|p| p["id"] == *id).unwrap();
        let name = package["name"].as_str().unwrap();
        versions.entry(name).or_default().insert(package["version"].as_str().unwrap());
    }
    let twice: BTreeMap<_, _> = versions.into_iter().filter(|(_, versions)| 1 < versions.len()).collect();
    let mut findings: Vec<String> = twice
        .iter()
        .filter(|(name, _)| !TWICE.iter().any(|(known, _)| known == *name))
        .map(|(name, versions)| format!("{name} is there as {versions:?}"))
        .collect();
    findings.extend(
        TWICE
            .iter()
            .filter(|(name, _)| !twice.contains_key(name))
            .map(|(name, _)| format!("{name} is there once now: take it off the list")),
    );
    none(&findings);
}

/// Ids of the packages that end up in the program, without those that only tests or tasks use.
fn built_in(metadata: &Value) -> BTreeSet<&str> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| package["name"] == "kehou")
        .map(|package| package["id"].as_str().unwrap())
        .collect();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            let node = nodes.iter().find(|node| node["id"] == id).unwrap();
            let uses = node["deps"].as_array().unwrap().iter();
            open.extend(uses.filter(|used| runs(used)).map(|used| used["pkg"].as_str().unwrap()));
        }
    }
    found
}

/// Whether the dependency is linked into the program: neither for tests nor for build scripts only.
fn runs(used: &Value) -> bool {
    used["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null())
}

/// Whether a licence expression can be satisfied by allowed licences alone.
fn allowed(expression: &str) -> bool {
    let flat = expression.replace('/', " OR ").replace(['(', ')'], "");
    flat.split(" AND ").all(|part| part.split(" OR ").any(|licence| ALLOWED.contains(&licence.trim())))
}

#[test]
fn an_expression_is_allowed_when_one_choice_is() {
    assert!(allowed("MIT OR GPL-3.0"));
    assert!(allowed("Apache-2.0/MIT"));
    assert!(allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(!allowed("MIT AND GPL-3.0"));
    assert!(!allowed("none"));
}
