//! `kehou plan` on the thirteen plans: every number of the profile table.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../plans")).join(format!("{name}.toml"))
}

fn kehou(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kehou")).arg("plan").args(args).output().unwrap()
}

fn json(args: &[&str]) -> Value {
    let output = kehou(&[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The day as lines: `kind grades whom start-end`, then `leave grades time`.
fn day(plan: &str, date: &str) -> Vec<String> {
    let path = file(plan);
    let day = json(&["show", path.to_str().unwrap(), "--date", date]);
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let grades = |value: &Value| value.as_array().unwrap().iter().map(Value::to_string).collect::<String>();
    let slots = day["slots"].as_array().unwrap().iter().map(|slot| {
        let times = format!("{}-{}", text(&slot["start"]), text(&slot["end"]));
        format!("{} {} {} {times}", text(&slot["kind"]), grades(&slot["grades"]), text(&slot["applies_to"]))
    });
    let release = day["release"].as_array().unwrap().iter();
    let release = release.map(|wave| format!("leave {} {}", grades(&wave["grades"]), text(&wave["at"])));
    slots.chain(release).collect()
}

#[track_caller]
fn check(plan: &str, date: &str, expected: &[&str]) {
    assert_eq!(day(plan, date), expected, "{plan} on {date}");
}

const WINTER: &str = "2024-01-09"; // a Tuesday
const SUMMER: &str = "2024-06-04"; // a Tuesday
const MONDAY: &str = "2024-06-03";
const WEDNESDAY: &str = "2024-06-05";
const FRIDAY: &str = "2024-06-07";
const WINTER_FRIDAY: &str = "2024-01-12";
const SUNDAY: &str = "2024-01-14";

#[test]
fn s0_leaves_in_three_waves_in_winter_and_states_no_summer() {
    let winter = [
        "after_school 12 all 15:10-17:10",
        "after_school 34 all 15:20-17:20",
        "after_school 56 all 15:30-17:30",
        "leave 12 17:10",
        "leave 34 17:20",
        "leave 56 17:30",
    ];
    check("s0", WINTER, &winter);
    check("s0", WINTER_FRIDAY, &winter);
    check("s0", SUMMER, &["after_school 123456 all ?-?", "leave 123456 ?"]);
    let path = file("s0");
    let day = json(&["show", path.to_str().unwrap(), "--date", "2023-02-14"]);
    assert_eq!(day["season"], "winter");
    assert_eq!(day["not_joining"], serde_json::json!([{ "grades": [1, 2, 3, 4, 5, 6], "at": "15:10" }]));
}

#[test]
fn s1a_states_no_times() {
    check("s1a", WINTER, &["after_school 123456789 all ?-?", "leave 123456789 ?"]);
}

#[test]
fn s1b_runs_from_dismissal_to_half_past_five() {
    check("s1b", WINTER, &["after_school 123456 all ?-17:30", "leave 123456 17:30"]);
}

#[test]
fn s1c_keeps_boarders_all_day_and_sends_them_home_on_friday() {
    let morning_and_noon = [
        "early_arrival 123456 all 06:20-07:00",
        "early_arrival 123456 all 07:00-07:30",
        "noon 123456 all 11:00-13:00",
    ];
    let evening = ["evening 123456 all 16:30-17:30", "evening 123456 all 17:30-19:40"];
    let junior_day = [
        "early_arrival 789 boarders 06:30-07:00",
        "early_arrival 789 boarders 07:00-07:30",
        "noon 789 boarders 11:25-13:00",
    ];
    let junior_evening =
        ["evening 789 boarders 16:50-17:30", "evening 789 boarders 17:30-?", "evening 789 boarders 20:00-?"];
    let day_pupils = ["noon 789 day 11:00-13:00"];
    let tuesday = [&morning_and_noon[..], &evening, &junior_day, &junior_evening, &day_pupils].concat();
    check("s1c", WINTER, &[&tuesday[..], &["leave 123456 19:40"]].concat());
    let friday = [&morning_and_noon[..], &junior_day, &day_pupils, &["leave 123456789 14:30"]].concat();
    check("s1c", WINTER_FRIDAY, &friday);
    check("s1c", SUNDAY, &["weekend_return 123456789 boarders 14:00-?"]);
}

#[test]
fn s1d_has_noon_every_day_and_clubs_on_wednesday_and_friday() {
    let club = ["noon 123456 all 12:10-14:00", "after_school 123456 all 16:15-17:20", "leave 123456 17:20"];
    check("s1d", WEDNESDAY, &club);
    check("s1d", FRIDAY, &club);
    check("s1d", SUMMER, &["noon 123456 all 12:10-14:00"]);
    check("s1d", WINTER, &["noon 123456 all 12:10-13:30"]);
    let winter_club =
        ["noon 123456 all 12:10-13:30", "after_school 123456 all 15:45-16:50", "leave 123456 16:50"];
    check("s1d", WINTER_FRIDAY, &winter_club);
}

#[test]
fn s1e_has_two_periods_and_several_ends() {
    check("s1e", WINTER, &["after_school 123456 all ?-?", "late_care 123456 all ?-?", "leave 123456 ?"]);
    let path = file("s1e");
    let day = json(&["show", path.to_str().unwrap(), "--date", WINTER]);
    assert_eq!(day["slots"][0]["periods"].as_array().unwrap().len(), 2);
    assert_eq!(day["slots"][0]["batches"].as_array().unwrap().len(), 2);
}

#[test]
fn s2_works_until_eight_and_the_ninth_grade_ten_minutes_longer() {
    let rest = [
        "evening 789 all 18:00-18:30",
        "evening 789 all 18:30-19:15",
        "evening 78 all 19:15-20:00",
        "evening 9 all 19:15-20:10",
        "leave 78 20:00",
        "leave 9 20:10",
    ];
    check("s2", MONDAY, &[&["after_school 789 all 17:00-18:00"], &rest[..]].concat());
    let apart = [
        "after_school 7 all 17:00-18:00",
        "after_school 8 all 17:00-18:00",
        "after_school 9 all 17:00-18:00",
    ];
    check("s2", WEDNESDAY, &[&apart[..], &rest].concat());
    check("s2", FRIDAY, &[&apart[..], &rest].concat());
}

/// C5: what a grade of S2 does from 17:00 to 18:00.
#[track_caller]
fn check_content(date: &str, grade: &str, expected: &[&str]) {
    let path = file("s2");
    let day = json(&["show", path.to_str().unwrap(), "--date", date, "--grade", grade]);
    assert_eq!(day["slots"][0]["content"], serde_json::json!(expected), "grade {grade} on {date}");
}

#[test]
fn s2_has_a_programme_by_weekday_and_grade() {
    for grade in ["7", "8", "9"] {
        check_content(MONDAY, grade, &["tutoring", "questions", "counselling"]);
        check_content(SUMMER, grade, &["tutoring", "questions"]);
        check_content("2024-06-06", grade, &["tutoring", "questions"]);
    }
    check_content(WEDNESDAY, "7", &["quality_course"]);
    check_content(WEDNESDAY, "8", &["moving_class", "club"]);
    check_content(WEDNESDAY, "9", &["tutoring", "questions"]);
    check_content(FRIDAY, "7", &["moving_class", "club"]);
    check_content(FRIDAY, "8", &["quality_course"]);
    check_content(FRIDAY, "9", &["tutoring", "questions"]);
}

#[test]
fn s3_runs_two_hours_from_dismissal() {
    check("s3", WINTER, &["after_school 123456 all ?-?", "leave 123456 ?"]);
    let path = file("s3");
    let day = json(&["show", path.to_str().unwrap(), "--date", WINTER]);
    assert_eq!(day["slots"][0]["minutes"], 120);
    assert_eq!(day["slots"][0]["from_dismissal"], true);
}

#[test]
fn s4a_runs_two_hours_on_five_days() {
    for date in [MONDAY, SUMMER, WEDNESDAY, FRIDAY, WINTER] {
        check("s4a", date, &["after_school 123456 all 15:30-17:30", "leave 123456 17:30"]);
    }
}

#[test]
fn s4b_ends_by_the_season_on_four_days() {
    check("s4b", SUMMER, &["after_school 12 all ?-18:00", "leave 12 18:00"]);
    check("s4b", WINTER, &["after_school 12 all ?-17:30", "leave 12 17:30"]);
    let path = file("s4b");
    let day = json(&["show", path.to_str().unwrap(), "--date", WINTER]);
    assert_eq!(day["slots"][0]["staff_lesson_hours"], "1.5");
    assert_eq!(day["slots"][0]["chargeable"], false);
    let held = [MONDAY, SUMMER, WEDNESDAY, "2024-06-06", FRIDAY]
        .iter()
        .filter(|date| !self::day("s4b", date).is_empty());
    assert_eq!(held.count(), 4);
}

#[test]
fn s4c_has_four_slots_with_lesson_hours_of_their_own() {
    let early = ["early_arrival 123456 all 07:00-08:10", "noon 123456 all 11:30-12:50"];
    let summer =
        ["after_school 123456 all 16:20-16:45", "after_school 123456 all 16:45-17:30", "leave 123456 17:30"];
    let winter =
        ["after_school 123456 all 15:50-16:15", "after_school 123456 all 16:15-17:00", "leave 123456 17:00"];
    check("s4c", SUMMER, &[&early[..], &summer].concat());
    check("s4c", WINTER, &[&early[..], &winter].concat());
    let path = file("s4c");
    let day = json(&["show", path.to_str().unwrap(), "--date", SUMMER]);
    let hours: Vec<&Value> =
        day["slots"].as_array().unwrap().iter().map(|slot| &slot["staff_lesson_hours"]).collect();
    assert_eq!(hours, ["2", "3", "1", "1"]);
}

#[test]
fn s4d_bills_two_lesson_hours_from_tuesday_to_friday() {
    for date in [SUMMER, WEDNESDAY, FRIDAY] {
        check("s4d", date, &["after_school 123456 all 16:30-18:00", "leave 123456 18:00"]);
    }
    check("s4d", WINTER, &["after_school 123456 all 16:20-17:50", "leave 123456 17:50"]);
    check("s4d", MONDAY, &[]);
    let path = file("s4d");
    let day = json(&["show", path.to_str().unwrap(), "--date", WINTER]);
    assert_eq!(day["slots"][0]["billing_lesson_hours"], "2");
    assert_eq!(day["slots"][0]["minutes"], 90);
    assert_eq!(day["slots"][0]["staff_lesson_hours"], Value::Null);
}

#[test]
fn s4e_states_no_times() {
    check("s4e", WINTER, &["after_school 123456 all ?-?", "leave 123456 ?"]);
}

#[test]
fn no_service_has_a_reason() {
    for (plan, date, reason) in [
        ("s0", "2023-02-10", "not_started"),
        ("s0", "2023-02-18", "weekend"),
        ("s0", "2023-10-03", "holiday"),
        ("s4d", MONDAY, "no_slot"),
    ] {
        let path = file(plan);
        let day = json(&["show", path.to_str().unwrap(), "--date", date]);
        assert_eq!(
            (&day["service_day"], &day["reason"]),
            (&Value::from(false), &Value::from(reason)),
            "{plan} {date}"
        );
    }
}

/// The codes of the warnings in force in 2024.
fn warned(plan: &str) -> Vec<String> {
    let path = file(plan);
    let checks = json(&["check", path.to_str().unwrap()]);
    assert_eq!(checks[0]["ok"], true);
    let of_2024 =
        checks[0]["warnings"].as_array().unwrap().iter().filter(|warning| warning["since"] == "2024-01-01");
    of_2024.map(|warning| warning["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn rules_of_december_2023_warn_where_they_should() {
    let none: [&str; 0] = [];
    for plan in ["s0", "s1a", "s1b", "s1e", "s3", "s4a", "s4b", "s4e"] {
        assert_eq!(warned(plan), none, "{plan}");
    }
    assert!(warned("s1c").contains(&"collected_by_committee".to_owned()));
    assert_eq!(warned("s1d"), ["noon_as_service"]);
    assert_eq!(warned("s2"), ["evening_as_service"]);
    assert_eq!(warned("s4c"), ["early_arrival_as_service", "noon_as_service"]);
    assert_eq!(warned("s4d"), ["no_waiver"]);
}

#[test]
fn exit_codes_say_whether_all_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.toml");
    std::fs::write(&bad, "plan = 1\n").unwrap();
    let (bad, good) = (bad.to_str().unwrap().to_owned(), file("s0").to_str().unwrap().to_owned());
    for (args, code) in [
        (vec!["check", &good], 0),
        (vec!["check", &good, &bad], 1),
        (vec!["check", "nowhere.toml"], 2),
        (vec!["check"], 2),
        (vec!["show", &good, "--date", "2023-02-30"], 2),
        (vec!["show", &good, "--date", "2031-03-03"], 1),
        (vec!["show", &bad, "--date", "2023-02-14"], 1),
        (vec!["diff", &good, &good], 0),
    ] {
        assert_eq!(kehou(&args).status.code(), Some(code), "{args:?}");
    }
}

/// The JSON of a failing command, and its exit code.
fn failing(args: &[&str]) -> (Value, Option<i32>) {
    let output = kehou(&[args, &["--format", "json"]].concat());
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

#[test]
fn a_missing_file_hides_no_other_file() {
    let good = file("s0").to_str().unwrap().to_owned();
    let (checks, exit) = failing(&["check", &good, "nowhere.toml"]);
    assert_eq!((&checks[0]["ok"], &checks[1]["ok"]), (&Value::from(true), &Value::from(false)));
    assert_eq!(checks[1]["errors"][0]["code"], "unreadable");
    assert_eq!(exit, Some(2));
}

#[test]
fn every_failure_is_an_error_of_one_shape() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.toml");
    std::fs::write(&bad, "plan = \"x\n").unwrap();
    let (bad, good) = (bad.to_str().unwrap().to_owned(), file("s0").to_str().unwrap().to_owned());
    for (args, code, exit) in [
        (vec!["show", &bad, "--date", "2026-09-07"], "not_sound", 1),
        (vec!["diff", &good, &bad], "not_sound", 1),
        (vec!["show", "nowhere.toml", "--date", "2026-09-07"], "unreadable", 2),
        (vec!["diff", &good, "nowhere.toml"], "unreadable", 2),
        (vec!["show", &good, "--date", "2031-03-03"], "unpublished_year", 1),
    ] {
        let (answer, found) = failing(&args);
        assert_eq!((&answer["error"]["code"], found), (&Value::from(code), Some(exit)), "{args:?}");
        assert!(answer["error"]["message"].is_string(), "{args:?}");
    }
    let (answer, _) = failing(&["show", &bad, "--date", "2026-09-07"]);
    assert_eq!(answer["error"]["errors"][0]["code"], "syntax");
}

#[test]
fn what_the_reader_of_toml_says_is_said_in_the_language_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    std::fs::write(&path, "starts = 2026-02-30\n").unwrap();
    let said = |lang| {
        let output = kehou(&["check", path.to_str().unwrap(), "--lang", lang]);
        String::from_utf8(output.stdout).unwrap().replace(path.to_str().unwrap(), "plan.toml")
    };
    assert_eq!(
        said("zh"),
        "plan.toml:1:10: 没有这个日期或时间；日期应写成 2026-09-01，时间应写成 \"15:10\"\n"
    );
    assert_eq!(
        said("en"),
        "plan.toml:1:10: There is no such date or time; a date is 2026-09-01, a time \"15:10\"\n"
    );
}

#[test]
fn a_problem_stands_at_its_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    let text =
        std::fs::read_to_string(file("s0")).unwrap().replacen("wave = \"17:10\"", "wave = \"17:00\"", 1);
    std::fs::write(&path, &text).unwrap();
    let line = 1 + text.lines().position(|line| line == "wave = \"17:00\"").unwrap();
    let output = kehou(&["check", path.to_str().unwrap(), "--lang", "en"]);
    let expected = format!(
        "{}:{line}:8: Children would go before their slot ends; wave is not before end\n",
        path.display()
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn a_difference_is_shown_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.toml");
    let text =
        std::fs::read_to_string(file("s4d")).unwrap().replacen("yuan = \"3.50\"", "yuan = \"3.80\"", 1);
    std::fs::write(&path, text).unwrap();
    let before = file("s4d");
    let output = kehou(&["diff", before.to_str().unwrap(), path.to_str().unwrap()]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "~ 收费 · 标准 · 第 1 条 · 金额（元）: 3.50 → 3.80\n"
    );
}
