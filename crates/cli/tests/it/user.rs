//! A school that hosts itself: its first account comes from the command line, and signs in over HTTP.

use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::form;
use crate::http::{Answer, Client};
use crate::running::{Running, client, kehou};

const PHONE: &str = "13800000001";
const PASSWORD: &str = "三年级二班放学后去围棋";

fn run(folder: &Path, words: &[&str]) -> Output {
    kehou(folder).args(words).output().unwrap()
}

/// A folder with one school, as an operator begins.
fn east() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let words =
        ["school", "add", "--number", "1", "--code", "east", "--name", "东山小学", "--stage", "primary"];
    assert!(run(folder.path(), &words).status.success());
    folder
}

/// The words of `user add` with this role, phone and school.
fn adding<'a>(role: &'a str, phone: &'a str, school: &'a str) -> [&'a str; 10] {
    ["user", "add", "--school", school, "--role", role, "--phone", phone, "--name", "林芳"]
}

/// The one-time code that a command prints.
fn code(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    printed["code"].as_str().unwrap().to_owned()
}

/// Sends the form of this page with these fields filled in.
fn send(client: &mut Client, path: &str, filled: &[(&str, &str)]) -> Answer {
    let mut fields = form::hidden(&client.get(path).unwrap().text(), path);
    fields.extend(filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    client.post(path, &fields).unwrap()
}

fn sign_in(client: &mut Client, path: &str, secret: &str) -> (u16, Option<String>) {
    let answer = send(client, path, &[("phone", PHONE), ("secret", secret)]);
    (answer.status, answer.location)
}

fn to(place: &str) -> (u16, Option<String>) {
    (303, Some(place.to_owned()))
}

#[test]
fn the_first_account_signs_in_with_its_code_and_a_new_code_ends_what_was_open() {
    let folder = east();
    let log = folder.path().join("log");
    let server = Running::start(kehou(folder.path()).arg("serve"), &log);
    let json = ["--format", "json"];
    let first = code(&run(folder.path(), &[&adding("academic_office", PHONE, "east")[..], &json].concat()));

    let mut office = client(&server.line);
    assert_eq!(sign_in(&mut office, "/sign-in/code", &first), to("/account/password"));
    let set = send(&mut office, "/account/password", &[("wanted", PASSWORD), ("again", PASSWORD)]);
    assert_eq!((set.status, office.follow("/schools/east/classes").unwrap().status), (303, 200));
    assert_eq!(sign_in(&mut client(&server.line), "/sign-in/code", &first).0, 422);

    let reset = ["user", "reset-password", "--school", "east", "--phone", PHONE, "--format", "json"];
    let second = code(&run(folder.path(), &reset));
    assert_eq!(office.get("/schools/east/classes").unwrap().status, 303);
    assert_eq!(sign_in(&mut client(&server.line), "/sign-in", PASSWORD).0, 422);
    assert_eq!(sign_in(&mut client(&server.line), "/sign-in/code", &second), to("/account/password"));

    drop(server);
    let logged = std::fs::read_to_string(&log).unwrap();
    assert!(![&first, &second].into_iter().any(|code| logged.contains(code.as_str())), "{logged}");
}

#[test]
fn what_was_done_is_in_the_log_of_the_school() {
    let folder = east();
    assert!(run(folder.path(), &adding("principal", PHONE, "east")).status.success());
    let verified = run(folder.path(), &["audit", "verify"]);
    let counted = String::from_utf8(verified.stdout).unwrap();
    // the command's reason, and the account
    assert!(counted.starts_with("east: holds; 0 sealed, 2 waiting;"), "{counted}");
}

#[track_caller]
fn check(words: &[&str], exit: i32, message: &str) {
    let folder = east();
    let output = run(folder.path(), words);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.contains(message)), (Some(exit), true), "{said}");
    assert_eq!(output.stdout, b"");
}

#[test]
fn a_mistake_is_named_with_what_would_be_right() {
    check(
        &adding("principal", "1380000", "east"),
        2,
        "kehou: --phone 1380000：不能这样写。手机号是 1 开头的 11 位数字，例如 13900000001\n",
    );
    check(
        &adding("head", PHONE, "east"),
        2,
        "kehou: --role head：不能这样写。可以写：homeroom_teacher、service_teacher",
    );
    check(&adding("guardian", PHONE, "east"), 2, "家长随名册导入，登录码在班级的纸条上");
    check(&adding("principal", PHONE, "west"), 1, "没有代码是 west 的学校；现有 east");
    let reset = ["user", "reset-password", "--school", "east", "--phone", PHONE];
    check(&reset, 1, "east 没有用这个手机号的人；先用 kehou user add 添加");
    let in_english = [&reset[..], &["--lang", "en"]].concat();
    check(&in_english, 1, "nobody with this number has a role at east: `kehou user add` gives one");
}

#[test]
fn before_any_school_there_is_nobody_to_add() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &adding("principal", PHONE, "east"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), said.as_str()),
        (Some(1), "kehou: 还没有学校；请先用 kehou school add 加第一所\n")
    );
}
