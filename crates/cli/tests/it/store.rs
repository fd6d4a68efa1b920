//! Commands that look at a store: what they say where there is none.

use std::path::Path;
use std::process::{Command, Output};

fn kehou(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kehou")).args(args).current_dir(folder).output().unwrap()
}

#[test]
fn a_command_that_only_looks_makes_no_store() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        &["audit", "verify"][..],
        &["school", "list"],
        &["db", "check"],
        &["db", "backup", "copy.sqlite"],
        &["key", "rotate"],
    ] {
        let output = kehou(folder.path(), args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains("there is no store here"), "{args:?}: {said}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{args:?} made something");
    }
}

#[test]
fn a_mistyped_school_is_not_a_verified_one() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["school", "add", "--number", "1", "--code", "east", "--name", "东校", "--stage", "primary"];
    assert!(kehou(folder.path(), &add).status.success());
    let known = kehou(folder.path(), &["audit", "verify", "--school", "east"]);
    assert_eq!(known.status.code(), Some(0));
    let output = kehou(folder.path(), &["audit", "verify", "--school", "nosuch"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("there is no school nosuch"));
}

#[test]
fn programs_read_the_schools_and_the_seal_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["school", "add", "--number", "1", "--code", "east", "--name", "东校", "--stage", "primary"];
    assert!(kehou(folder.path(), &add).status.success());
    let read = |args: &[&str]| -> serde_json::Value {
        let output = kehou(folder.path(), args);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let school = serde_json::json!({ "number": 1, "code": "east", "stage": "primary", "name": "东校" });
    assert_eq!(read(&["school", "list", "--format", "json"]), serde_json::json!([school]));
    let verified = read(&["audit", "verify", "--format", "json"]);
    assert_eq!((&verified[0]["school"], &verified[0]["holds"]), (&"east".into(), &true.into()));
}
