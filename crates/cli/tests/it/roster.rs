//! `kehou roster` and `kehou calendar` when they cannot answer.

use std::process::Command;

use serde_json::Value;

/// The code of the error and the exit code.
#[track_caller]
fn check(args: &[&str], code: &str, exit: i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_kehou")).args(args).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = (answer["error"]["code"].as_str(), output.status.code());
    assert_eq!(found, (Some(code), Some(exit)), "{args:?}: {answer}");
}

#[test]
fn a_failure_is_an_error_of_one_shape() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("roster.csv");
    std::fs::write(&empty, "甲,乙\n1,2\n").unwrap();
    check(&["roster", "check", empty.to_str().unwrap(), "--format", "json"], "no_header", 1);
    check(&["roster", "check", "nowhere.csv", "--format", "json"], "unreadable", 2);
    let span = |from, to| ["calendar", "--from", from, "--to", to, "--format", "json"];
    check(&span("2031-01-01", "2031-01-02"), "unpublished_year", 1);
    check(&span("2026-09-02", "2026-09-01"), "span_backwards", 2);
}

#[test]
fn an_unknown_school_is_named_with_those_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let kehou = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kehou"));
        command.args(args).current_dir(folder.path()).output().unwrap()
    };
    let add =
        ["school", "add", "--number", "1", "--code", "east", "--name", "东山小学", "--stage", "primary"];
    assert!(kehou(&add).status.success());
    let output = kehou(&["roster", "import", "roster.csv", "--school", "west"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "kehou: 没有代码是 west 的学校；现有 east\n");
    assert_eq!(output.status.code(), Some(1));
}
