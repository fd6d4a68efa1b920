//! The walls between crates, read from the list of dependencies.

use crate::licences::metadata;
use crate::tree::none;

/// Crates that talk to a database.
const DRIVERS: [&str; 5] =
    ["rusqlite", "libsqlite3-sys", "postgres", "tokio-postgres", "tokio-postgres-rustls"];

/// Crates that stay out of the program: each would double the build for something we do ourselves.
const KEPT_OUT: [&str; 8] =
    ["reqwest", "tonic", "openssl", "openssl-sys", "native-tls", "sqlx", "diesel", "sea-orm"];

/// Our crates, and which of ours each may use.
const ARROWS: [(&str, &[&str]); 8] = [
    ("kehou-domain", &[]),
    ("kehou-assets", &[]),
    ("kehou-db", &["kehou-domain"]),
    ("kehou-app", &["kehou-db", "kehou-domain"]),
    ("kehou-web", &["kehou-app", "kehou-assets", "kehou-db", "kehou-domain"]),
    ("kehou", &["kehou-app", "kehou-db", "kehou-domain", "kehou-web"]),
    ("kehou-bench", &["kehou-app", "kehou-db", "kehou-domain"]),
    ("xtask", &[]),
];

#[test]
fn crates_use_only_what_the_map_allows() {
    let mut findings = Vec::new();
    for (name, uses) in dependencies() {
        let (_, allowed) = ARROWS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| {
            panic!("{name} is a new crate: put it on the map in ARCHITECTURE.md and in this list")
        });
        let ours = uses.iter().filter(|used| used.starts_with("kehou") && **used != name);
        findings.extend(
            ours.filter(|used| !allowed.contains(&used.as_str())).map(|used| format!("{name} uses {used}")),
        );
    }
    none(&findings);
}

#[test]
fn only_db_talks_to_a_database() {
    let findings: Vec<String> = dependencies()
        .into_iter()
        .filter(|(name, _)| name != "kehou-db")
        .flat_map(|(name, uses)| uses.into_iter().map(move |used| (name.clone(), used)))
        .filter(|(_, used)| DRIVERS.contains(&used.as_str()))
        .map(|(name, used)| format!("{name} uses the driver {used}"))
        .collect();
    none(&findings);
}

#[test]
fn domain_needs_dates_and_hashes_and_nothing_else() {
    let (_, uses) = dependencies().into_iter().find(|(name, _)| name == "kehou-domain").unwrap();
    let tests_only = ["proptest", "rstest"];
    let rest: Vec<String> = uses.into_iter().filter(|used| !tests_only.contains(&used.as_str())).collect();
    assert_eq!(rest, ["jiff", "sha2"]);
}

#[test]
fn what_is_kept_out_stays_out() {
    let findings: Vec<String> = metadata()["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| package["name"].as_str().unwrap().to_owned())
        .filter(|name| KEPT_OUT.contains(&name.as_str()))
        .collect();
    none(&findings);
}

/// Our crates, each with the names of what it uses, in order.
fn dependencies() -> Vec<(String, Vec<String>)> {
    let metadata = metadata();
    let ours = metadata["packages"].as_array().unwrap().iter().filter(|package| package["source"].is_null());
    ours.map(|package| {
        let uses = package["dependencies"].as_array().unwrap().iter();
        let mut uses: Vec<String> = uses.map(|used| used["name"].as_str().unwrap().to_owned()).collect();
        uses.sort();
        uses.dedup();
        (package["name"].as_str().unwrap().to_owned(), uses)
    })
    .collect()
}
