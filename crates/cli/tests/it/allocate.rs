//! `kehou allocate`: a result from a file alone, and whether it follows from it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A club with one seat that two children want, and one for which two children are too few.
const MARKET: &str = "ALLOC1 small 7 1 3 3 6
L 0 3 3 3
O 0 0 0 0 1 1 1 6 0
O 1 1 0 0 20 3 1 6 0
O 2 2 1 0 20 1 1 6 0
P 12 1 1 8 2 0 0 2 - - -
P 11 1 1 0 2 0 0,1 2 - - -
P 13 2 2 0 1 0 - 2 - - -
";

const SEED: &str = "0707070707070707070707070707070707070707070707070707070707070707";

fn kehou(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kehou")).arg("allocate").args(args).current_dir(folder).output().unwrap()
}

/// A folder with the market, and its result beside it.
fn with_result() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("market"), MARKET).unwrap();
    let output = kehou(folder.path(), &["market", "--seed", SEED, "--out", "result", "--explain", "reasons"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_market_becomes_a_result_that_is_verified() {
    let folder = with_result();
    let result = std::fs::read(folder.path().join("result")).unwrap();
    let json: Value = serde_json::from_slice(&result).unwrap();
    assert_eq!((&json["mode"], &json["seed"]), (&"da".into(), &SEED.into()));
    let seat = |student: u64, offering: &str| serde_json::json!({ "student": student, "offering": offering });
    let seats = [seat(11, "2"), seat(12, "0"), seat(12, "2"), seat(13, "2")];
    assert_eq!(json["assigned"], Value::from(seats.to_vec()));
    assert_eq!(json["closed"], serde_json::json!([{ "offering": "1", "wishes": 1, "minimum": 3 }]));
    let ticket = json["cutoffs"][0]["ticket"].as_str().unwrap().to_owned();
    let cutoffs = serde_json::json!([
        { "offering": "0", "admitted": 1, "tier": 0, "ticket": ticket },
        { "offering": "2", "admitted": 3, "tier": null, "ticket": null },
    ]);
    assert_eq!(json["cutoffs"], cutoffs);
    // the child of a priority group has two first wishes; one has one and lacks a seat; one has its only one
    assert_eq!(json["objective"], serde_json::json!({ "o1": 2 * 1000 + (1 + 100) + 1 }));
    assert_eq!(std::fs::read_to_string(folder.path().join("reasons")).unwrap().lines().count(), 6);
    let verified = kehou(folder.path(), &["verify", "result", "--input", "market", "--lang", "en"]);
    assert_eq!(
        text(&verified.stdout),
        "Verified: tickets, cut-offs and every reason agree with the result\n"
    );
}

#[test]
fn the_same_children_in_another_order_make_the_same_bytes() {
    let folder = with_result();
    let mut lines: Vec<&str> = MARKET.lines().collect();
    lines[5..].reverse();
    std::fs::write(folder.path().join("turned"), lines.join("\n")).unwrap();
    let output = kehou(folder.path(), &["turned", "--seed", SEED]);
    assert_eq!(output.stdout, std::fs::read(folder.path().join("result")).unwrap());
    let said = text(&output.stderr);
    let said: Vec<&str> = said.lines().collect();
    assert!(said[0].starts_with("SOLVE cpu 0."), "{said:?}");
    assert_eq!(said[1..], ["OBJECTIVE O1 2102"]);
}

#[test]
fn a_changed_result_is_refused_with_the_first_difference() {
    let folder = with_result();
    let result = std::fs::read_to_string(folder.path().join("result")).unwrap();
    let check = |from: &str, to: &str, said: &str| {
        std::fs::write(folder.path().join("changed"), result.replacen(from, to, 1)).unwrap();
        let output = kehou(folder.path(), &["verify", "changed", "--input", "market", "--lang", "en"]);
        assert_eq!((text(&output.stderr).as_str(), output.status.code()), (said, Some(1)));
    };
    let passed_over = "the student comes first and would take the seat, but does not have it";
    check(
        "{\"student\":12,\"offering\":\"0\"}",
        "{\"student\":11,\"offering\":\"0\"}",
        &format!("kehou: changed: Student 12, offering 0: {passed_over}\n"),
    );
    check(
        "\"wishes\":1",
        "\"wishes\":2",
        "kehou: changed: Offering 1: stated: 2 would come of 3 needed; it should be 1 of 3\n",
    );
    check("\"o1\":2102", "\"o1\":2100", "kehou: changed: stated objective: 2100; it should be 2102\n");
    check(
        "\"mode\":\"da\"",
        "\"mode\":\"ea\"",
        "kehou: changed: mode knows no word \"ea\"; it may be da, o1, most-seats\n",
    );
}

#[test]
fn what_is_wrong_with_a_market_is_told_with_its_place() {
    let folder = with_result();
    let check = |market: &str, said: &str| {
        std::fs::write(folder.path().join("wrong"), market).unwrap();
        let output = kehou(folder.path(), &["wrong", "--seed", SEED, "--lang", "en"]);
        assert_eq!((text(&output.stderr).as_str(), output.status.code()), (said, Some(1)));
        assert_eq!(text(&output.stdout), "");
    };
    check(
        &MARKET.replace("P 12 1 1 8 2 0 0 2", "P 12 1 1 8 2 0 9 2"),
        "kehou: wrong:6:16: There is no offering 9; the school has 3, numbered from 0\n",
    );
    check(
        &MARKET.replace("0,1 2", "0 1"),
        "kehou: wrong:7:18: Offering 1 meets on Mon; move it from the wishes for Tue to Mon\n",
    );
    let json = kehou(folder.path(), &["wrong", "--seed", SEED, "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["error"]["code"], "not_sound");
    assert_eq!(json["error"]["problems"][0]["line"], 7);
}

#[test]
fn a_seed_is_hexadecimal() {
    let folder = with_result();
    for seed in ["", "0", "xy"] {
        let output = kehou(folder.path(), &["market", "--seed", seed, "--format", "json"]);
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&json["error"]["code"], output.status.code()), (&"seed".into(), Some(2)), "{seed}");
    }
}

/// Club 0 and club 1 have one title; three children, one seat each day.
const TITLES: &str = "ALLOC1 titles 7 1 3 3 6
L 0 3 3 3
O 0 0 0 0 1 1 1 6 0
O 1 0 1 0 1 1 1 6 0
O 2 2 1 0 1 1 1 6 0
P 1 1 1 0 2 0 0 1,2 - - -
P 2 1 1 0 1 0 - 1,2 - - -
P 3 1 1 0 2 0 0 - - - -
";

#[test]
fn every_mode_makes_a_result_that_is_verified() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("market"), TITLES).unwrap();
    let made = |mode: &str| {
        let output = kehou(folder.path(), &["market", "--seed", SEED, "--mode", mode, "--out", "result"]);
        let verified = kehou(folder.path(), &["verify", "result", "--input", "market"]);
        assert!(verified.status.success(), "{mode}: {}", text(&verified.stderr));
        let result = std::fs::read(folder.path().join("result")).unwrap();
        let json: Value = serde_json::from_slice(&result).unwrap();
        assert_eq!(json["mode"], mode);
        let said = text(&output.stderr).lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        (json["assigned"].as_array().unwrap().len(), said)
    };
    // two first wishes and a second one are granted, one child misses its only seat
    assert_eq!(made("o1"), (3, vec!["OBJECTIVE O1 104".to_owned()]));
    assert_eq!(made("most-seats").1[1], "SEATS 3 of at most 3");
}

#[test]
fn what_cannot_be_written_is_refused_before_the_work() {
    let folder = with_result();
    let before = std::fs::read(folder.path().join("result")).unwrap();
    for (out, explain, said) in [
        ("both", "both", "kehou: --out 和 --explain 写的是同一个文件 both；请各写一个\n"),
        ("result", "./result", "kehou: --out 和 --explain 写的是同一个文件 result；请各写一个\n"),
        ("market", "why", "kehou: --out 和 名单文件 写的是同一个文件 market；请各写一个\n"),
        ("nowhere/result", "why", "kehou: nowhere/result：没有它所在的文件夹；请先建好，或换一个地方\n"),
        (".", "why", "kehou: .：这是文件夹；请写明里面的哪个文件\n"),
    ] {
        let output = kehou(folder.path(), &["market", "--seed", SEED, "--out", out, "--explain", explain]);
        assert_eq!((text(&output.stderr).as_str(), output.status.code()), (said, Some(2)));
    }
    assert_eq!(std::fs::read(folder.path().join("result")).unwrap(), before);
    assert_eq!(std::fs::read_to_string(folder.path().join("market")).unwrap(), MARKET);
    let left = ["both", "why"].map(|name| folder.path().join(name).exists());
    assert_eq!(left, [false, false]);
}
