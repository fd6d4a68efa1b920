//! `kehou classes` as programs use it (E5).

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

const SCHOOL: &str = "CLASS1 7 1\nS 3 2\nG 1 30 10 25 14 41\nG 2 2 3\n";

fn kehou(folder: &Path, args: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_kehou")).args(args).current_dir(folder).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn written(content: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("classes.txt"), content).unwrap();
    folder
}

#[test]
fn both_countings_are_told_with_the_teachers_saved() {
    let folder = written(SCHOOL);
    let answer = kehou(folder.path(), &["classes", "classes.txt", "--exact"]);
    assert_eq!(
        answer["literal"],
        json!({ "groups": 4, "own": 1, "merged": 2, "across": 1, "merged_within_grades": 4 })
    );
    assert_eq!(
        answer["exact"],
        json!({ "groups": 4, "own": 1, "merged": 3, "across": 0, "merged_within_grades": 3 })
    );
}

#[test]
fn an_earlier_answer_is_kept_where_it_can_be() {
    let folder = written("CLASS1 7 1\nS 3 1\nG 1 20 20 20 20\n");
    let earlier = json!({ "schools": [{ "school": 3, "exact": { "list": [
        { "classes": [{ "grade": 1, "class": 1 }, { "grade": 1, "class": 4 }] },
        { "classes": [{ "grade": 1, "class": 2 }, { "grade": 1, "class": 3 }] },
    ] } }] });
    std::fs::write(folder.path().join("earlier.json"), earlier.to_string()).unwrap();
    let answer = kehou(folder.path(), &["classes", "classes.txt", "--exact", "--running", "earlier.json"]);
    let exact = &answer["schools"][0]["exact"];
    let first =
        json!([{ "grade": 1, "class": 1, "children": 20 }, { "grade": 1, "class": 4, "children": 20 }]);
    assert_eq!((&exact["moved"], &exact["list"][0]["classes"]), (&json!(0), &first));
}

#[test]
fn the_numbers_come_from_a_plan() {
    let folder = written(SCHOOL);
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plans/s1d.toml");
    let answer = kehou(folder.path(), &["classes", "classes.txt", "--plan", plan]);
    assert_eq!(answer["rule"], json!({ "keep": 40, "cap": 40 }));
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plans/s0.toml");
    let answer = kehou(folder.path(), &["classes", "classes.txt", "--plan", plan]);
    assert_eq!(answer["error"]["code"], "no_rule");
}

#[test]
fn a_wrong_line_is_pointed_at() {
    let folder = written("CLASS1 7 1\nS 3 1\nG 1 x\n");
    let answer = kehou(folder.path(), &["classes", "classes.txt", "--lang", "en"]);
    let expected = json!({ "code": "number", "message": "classes.txt:3: x is not a whole number from 0 to 999",
        "file": "classes.txt", "line": 3 });
    assert_eq!(answer["error"], expected);
}
