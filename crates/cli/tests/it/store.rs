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
        assert!(said.contains("这里没有数据：缺少 "), "{args:?}: {said}");
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
    assert!(String::from_utf8(output.stderr).unwrap().contains("没有代码是 nosuch 的学校；现有 east"));
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

#[test]
fn a_file_that_cannot_be_written_is_named_with_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["school", "add", "--number", "1", "--code", "east", "--name", "东校", "--stage", "primary"];
    assert!(kehou(folder.path(), &add).status.success());
    let refused = |args: &[&str]| {
        let output = kehou(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let nowhere = refused(&["db", "backup", "nowhere/copy.sqlite"]);
    assert_eq!(nowhere, "kehou: nowhere/copy.sqlite：没有它所在的文件夹；请先建好，或换一个地方\n");
    assert!(kehou(folder.path(), &["db", "backup", "copy.sqlite"]).status.success());
    let twice = refused(&["db", "backup", "copy.sqlite", "--lang", "en"]);
    assert_eq!(twice, "kehou: copy.sqlite: is there already; name a new file\n");

    let keys = std::fs::read_dir(folder.path().join("data")).unwrap().map(|entry| entry.unwrap().path());
    let keys = keys.into_iter().find(|path| path.ends_with("field.keys")).unwrap();
    let before = std::fs::read(&keys).unwrap();
    std::fs::create_dir(keys.with_extension("new")).unwrap();
    let in_the_way = refused(&["key", "rotate"]);
    assert!(in_the_way.ends_with("field.new：这是文件夹；请写明里面的哪个文件\n"), "{in_the_way}");
    assert_eq!(std::fs::read(&keys).unwrap(), before);
}
