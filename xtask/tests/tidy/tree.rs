//! Reading the project's files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders that hold no text of the project.
const SKIPPED: [&str; 4] = [".git", "target", "node_modules", "data"];

/// A file of the project.
pub(crate) struct Text {
    /// From the project's root, with `/` between folders.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The folder with the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The files whose name ends in one of these, in order, without built and fetched ones.
pub(crate) fn files(endings: &[&str]) -> Vec<Text> {
    let mut paths = Vec::new();
    walk(root(), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)))
        .map(|path| Text { path: from_root(&path), text: std::fs::read_to_string(&path).unwrap_or_default() })
        .collect()
}

/// The files under a folder whose name ends in this.
pub(crate) fn files_in(folder: &str, ending: &str) -> Vec<Text> {
    files(&[ending]).into_iter().filter(|file| file.path.starts_with(folder)).collect()
}

/// A file that must be there.
pub(crate) fn file(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// The names of the folders and modules in a folder of sources: `people/` and `people.rs` are both `people`.
pub(crate) fn modules(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(folder)).into_iter().flatten();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect()
}

/// Fails with every finding on a line of its own.
#[track_caller]
pub(crate) fn none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            paths.push(path);
        } else if !SKIPPED.iter().any(|name| path.ends_with(name)) {
            walk(&path, paths);
        }
    }
}

fn from_root(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}
