//! What is typed wrongly is refused in the language of the line, with what would be right, and as JSON where JSON is asked.

use std::process::{Command, Output};

use serde_json::Value;

fn kehou(line: &str, more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kehou"));
    command.args(line.split_whitespace()).args(more).current_dir(folder.path()).output().unwrap()
}

/// Lines that are no commands, with the word for programs.
const WRONG: [(&str, &str); 26] = [
    ("calendar --from 2026-02-30 --to 2026-03-01", "bad_value"),
    ("calendar --from 2026-02-01 --to soon", "bad_value"),
    ("calendar --from 2026-02-01", "missing"),
    ("calendar --from 2026-02-01 --to 2026-02-02 --from 2026-02-03", "conflict"),
    ("plan show plan.toml --date 2026-13-01", "bad_value"),
    ("plan show plan.toml --date 2026-09-01 --grade 12", "bad_value"),
    ("plan show plan.toml --date 2026-09-01 --follows 7", "bad_value"),
    ("plan check", "missing"),
    ("plan shw plan.toml", "unknown_command"),
    ("roster check a.csv --on 2026-02-30", "bad_value"),
    ("roster check a.csv --stage middle", "bad_value"),
    ("roster check a.csv --stag primary", "unknown_option"),
    ("roster import a.csv", "missing"),
    ("demo --at noon", "bad_value"),
    ("demo --at 2026-08-13T15:05", "outside_term"),
    ("demo --port 99999", "bad_value"),
    ("demo --only s9", "bad_value"),
    ("demo --only s0 --empty", "conflict"),
    ("school add --number one --code east --name A --stage primary", "bad_value"),
    ("school add --number 1 --code EAST --name A --stage primary", "bad_value"),
    ("user add --school east --role head --phone 13900000001 --name A", "bad_value"),
    ("user add --school east --role principal --phone 139 --name A", "bad_value"),
    ("allocate market.txt --seed 00 --mode best", "bad_value"),
    ("allocate market.txt", "missing"),
    ("allocate market.txt --seed 00 --tickets two", "bad_value"),
    ("audit verfy", "unknown_command"),
];

#[test]
fn every_wrong_line_is_refused_in_chinese() {
    for (line, _) in WRONG {
        let output = kehou(line, &[]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{line}");
        let is_chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
        assert!(said.starts_with("kehou: ") && said.chars().any(is_chinese), "{line}: {said}");
        for english in ["error", "invalid", "value", "required", "unexpected", "Usage", "For more"] {
            assert!(!said.contains(english), "{line}: {said}");
        }
    }
}

#[test]
fn every_wrong_line_is_refused_as_json_where_json_is_asked() {
    for (line, code) in WRONG {
        let output = kehou(line, &["--format", "json"]);
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((json["error"]["code"].as_str(), output.status.code()), (Some(code), Some(2)), "{line}");
        assert!(json["error"]["message"].is_string() && output.stderr.is_empty(), "{line}: {json}");
    }
}

#[track_caller]
fn check(line: &str, said: &str) {
    let output = kehou(line, &[]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("kehou: {said}\n"));
}

#[test]
fn a_refusal_says_what_would_be_right() {
    check("roster check a.csv --on 2026-02-30", "--on 2026-02-30：没有这一天。写成 2026-09-01 这样");
    check(
        "roster check a.csv --on 2026-02-30 --lang en",
        "--on 2026-02-30: there is no such day; write it as 2026-09-01",
    );
    check("plan show p.toml --date 2026-09-01 --grade 12", "--grade 12：不能这样写。年级是 1 到 9 的数");
    check("roster check a.csv --stag primary", "没有 --stag 这个选项；您要的是 --stage 吗");
    check("calendar --from 2026-02-01", "还要写：--to");
    check("plan check", "还要写：FILES");
    check("demo --only s0 --empty", "--only 不能和 --empty 一起写");
}
