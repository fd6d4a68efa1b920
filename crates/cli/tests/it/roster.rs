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

#[test]
fn g1_an_import_says_whom_it_adds_to_those_on_file_and_which_names_change_or_stay() {
    let folder = tempfile::tempdir().unwrap();
    let kehou = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kehou"));
        let output = command.args(args).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    kehou(&["school", "add", "--number", "1", "--code", "east", "--name", "东山小学", "--stage", "primary"]);
    let import = |rows: &str| {
        let text = format!("姓名,班级,家长,关系,电话\n{rows}");
        std::fs::write(folder.path().join("roster.csv"), text).unwrap();
        kehou(&["roster", "import", "roster.csv", "--school", "east"])
    };
    import(
        "孙安安,3.1,孙建国,父亲,13900000011\n周小波,3.1,周丽,母亲,13900000012\n郑好,3.1,郑军,父亲,13900000013\n",
    );
    let said = import(
        "孙安安,3.1,孙大国,父亲,13900000011\n周小波,3.1,周强,父亲,13900000012\n郑好,3.1,新妈,母亲,13911110001\n",
    );
    for line in [
        "郑好新加家长：母亲 新妈；原有：父亲 郑军",
        "孙安安的家长 孙建国 改名为 孙大国",
        "周小波的家长 周丽，文件里是 周强。不改：关系也不同，可能是另一个人；请核对后在学生页面上改",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
}
