use super::*;

/// A small sound file; tests change one line of it.
const SOUND: &str = r#"plan = "T"
school = "东校"
title = "课后服务方案"
level = "primary"
grades = "1-2"
starts = 2026-09-01

[joining]
[[joining.steps]]
step = "apply"
role = "guardian"

[[slots]]
id = "afternoon"
name = "课后服务"
kind = "after_school"
weekdays = "1-5"
service = true
content = ["homework", "围棋"]
[[slots.windows]]
grades = 1
start = "15:10"
end = "17:10"
[[slots.windows]]
grades = 2
start = "15:20"
end = "17:20"

[fee]
mode = "free"
"#;

/// `line:column code` of every problem after the first text was replaced by the second.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(SOUND.contains(from), "the sound file has no {from}");
    let problems = read(&SOUND.replacen(from, to, 1)).problems;
    let found: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}:{} {}", problem.line, problem.column, problem.wrong.code()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_sound_file_is_a_plan() {
    let reading = read(SOUND);
    assert_eq!(reading.problems, []);
    let plan = reading.plan.unwrap();
    assert_eq!(plan.code, "T");
    assert_eq!(plan.slots[0].windows.len(), 2);
}

#[test]
fn each_problem_has_its_place_and_code() {
    for (from, to, expected) in [
        ("starts = 2026-09-01", "starts = 2026-09-01\ncolour = 1", "7:1 unknown_key"),
        ("service = true", "serivce = true", "13:1 missing_key"),
        ("level = \"primary\"", "level = \"kindergarten\"", "4:9 unknown_word"),
        ("\"homework\"", "\"homwork\"", "19:12 unknown_word"),
        ("role = \"guardian\"", "role = \"vice_mayor\"", "11:8 role_nobody_has"),
        ("\"15:10\"", "\"15.10\"", "22:9 wrong_shape"),
        ("\"15:10\"", "\"25:10\"", "22:9 wrong_shape"),
        ("grades = \"1-2\"", "grades = \"1-12\"", "5:10 wrong_shape"),
        ("service = true", "service = \"yes\"", "18:11 wrong_shape"),
        ("end = \"17:10\"", "end = \"17:10\"\nwave = \"17:00\"", "24:8 wave_before_end"),
        ("end = \"17:10\"", "end = \"15:00\"", "23:7 ends_before_start"),
        ("end = \"17:10\"", "end = \"17:10\"\nminutes = 120", "24:11 end_and_minutes"),
        ("grades = 2\n", "grades = \"1-2\"\n", "25:10 window_twice"),
        ("grades = 2\n", "grades = 2\nseason = \"winter\"\n", "13:1 window_missing"),
        (
            "mode = \"free\"",
            "mode = \"free\"\n[[fee.rates]]\nyuan = 3.5\nunit = \"day\"",
            "32:8 fee_on_free_plan",
        ),
        ("mode = \"free\"", "mode = \"rates\"", "30:8 rates_missing"),
        ("mode = \"free\"", "mode = \"rates\"\n[[fee.rates]]\nyuan = 3.5", "31:1 rate_without_unit"),
        ("mode = \"free\"", "mode = \"free\"\npayee = \"school\"", "31:9 fee_on_free_plan"),
        ("title = \"课后服务方案\"", "title =", "3:8 syntax"),
        ("starts = 2026-09-01", "starts = \"soon\"", "6:10 wrong_shape"),
    ] {
        let problems = read(&SOUND.replacen(from, to, 1)).problems;
        let found: Vec<String> = problems
            .iter()
            .map(|problem| format!("{}:{} {}", problem.line, problem.column, problem.wrong.code()))
            .collect();
        assert_eq!(found.first().map(String::as_str), Some(expected), "{from} → {to}: {found:?}");
    }
}

#[test]
fn all_problems_are_found_at_once() {
    check("service = true", "serivce = true", &["13:1 missing_key", "18:1 unknown_key"]);
    check(
        "school = \"东校\"\ntitle = \"课后服务方案\"\nlevel = \"primary\"",
        "school = 3\nlevel = \"x\"",
        &["1:1 missing_key", "2:10 wrong_shape", "3:9 unknown_word"],
    );
}

#[test]
fn a_slip_names_the_key_that_was_meant() {
    let problems = read(&SOUND.replacen("starts", "start", 1)).problems;
    assert!(
        problems
            .iter()
            .any(|problem| matches!(problem.wrong, Wrong::UnknownKey { nearest: Some("starts"), .. }))
    );
}

#[test]
fn what_is_no_text_or_too_long_is_refused() {
    assert_eq!(read_bytes(b"plan = \"\xff\"").unwrap_err().wrong, Wrong::NotUtf8);
    let long = vec![b'#'; LARGEST_FILE + 1];
    assert_eq!(read_bytes(&long).unwrap_err().wrong, Wrong::TooLarge { most: LARGEST_FILE });
    let marked = [b"\xef\xbb\xbf".as_slice(), SOUND.as_bytes()].concat();
    assert_eq!(read_bytes(&marked).unwrap().1.problems, []);
}

#[test]
fn entries_name_slots_by_their_short_name() {
    let lines: Vec<String> =
        entries(SOUND).into_iter().map(|entry| format!("{}={}", entry.path.join("."), entry.value)).collect();
    assert_eq!(lines[0], "plan=T");
    assert!(lines.contains(&"slots.afternoon.windows.2.start=15:20".to_owned()), "{lines:?}");
    assert!(lines.contains(&"slots.afternoon.content=homework, 围棋".to_owned()), "{lines:?}");
}

#[test]
fn amounts_are_read_by_their_digits() {
    for (written, fen) in
        [("3.5", Some(350)), ("\"3.50\"", Some(350)), ("4", Some(400)), ("3.505", None), ("-1", None)]
    {
        let rate = format!("mode = \"rates\"\n[[fee.rates]]\nunit = \"day\"\nyuan = {written}");
        let plan = read(&SOUND.replacen("mode = \"free\"", &rate, 1)).plan;
        assert_eq!(plan.map(|plan| plan.fee.rates[0].amount.0), fen, "{written}");
    }
}

#[test]
fn the_files_of_the_thirteen_plans_are_sound() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plans");
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let reading = read(&std::fs::read_to_string(&path).unwrap());
        assert_eq!(reading.problems, [], "{}", path.display());
        names.push(reading.plan.unwrap().code);
    }
    names.sort();
    let all = ["S0", "S1a", "S1b", "S1c", "S1d", "S1e", "S2", "S3", "S4a", "S4b", "S4c", "S4d", "S4e"];
    assert_eq!(names, all);
}

/// The plan of a file of the thirteen.
fn thirteen(name: &str) -> Plan {
    let path = format!("{}/../../plans/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    read(&std::fs::read_to_string(path).unwrap()).plan.unwrap()
}

/// The chain as `step role`.
fn chain(name: &str) -> Vec<String> {
    let plan = thirteen(name);
    plan.joining.steps.iter().map(|step| format!("{} {}", step.kind.word(), step.role.word())).collect()
}

#[test]
fn chains_are_those_of_the_sources() {
    let (apply, class, school) = ("apply guardian", "review homeroom_teacher", "review academic_office");
    let arrange = "arrange academic_office";
    assert_eq!(chain("s0"), [apply, class, school, arrange]);
    assert_eq!(chain("s1b"), ["survey homeroom_teacher", apply, school, "agreement guardian"]);
    assert_eq!(chain("s1c"), [apply, "review parent_committee", class, school, "file bureau_officer"]);
    assert_eq!(chain("s1d"), [apply, class, school, arrange]);
    assert_eq!(chain("s1e"), [apply, class, school]);
    assert_eq!(chain("s2"), [apply, "review grade_head", school, arrange]);
    let choose = ["publish_offer academic_office", "choose guardian"];
    assert_eq!(chain("s3"), [choose[0], choose[1], apply, class, "review principal", arrange]);
    assert_eq!(chain("s4a"), [apply, class, school, "file bureau_officer"]);
    assert_eq!(chain("s4b"), [choose[0], apply, arrange]);
    assert_eq!(chain("s4c"), [choose[0], apply, arrange]);
    assert_eq!(chain("s4d"), [apply, class, school, "publish_names homeroom_teacher", "agreement guardian"]);
    for name in ["s1a", "s4e"] {
        assert_eq!(chain(name).len(), 0, "{name}");
    }
}

#[test]
fn sizes_and_ratios_are_those_of_the_sources() {
    let sizes = |name| {
        let groups = thirteen(name).groups;
        groups.iter().map(|group| (group.kind.word(), group.min, group.max)).collect::<Vec<_>>()
    };
    assert_eq!(sizes("s1b"), [("temporary_group", None, Some(40))]);
    assert_eq!(sizes("s1d"), [("home_class", Some(40), None), ("club", None, None)]);
    assert_eq!(sizes("s2"), [("club", None, Some(20)), ("moving_class", None, Some(30))]);
    let ratios = thirteen("s4b").staff.ratios;
    let ratios: Vec<_> =
        ratios.iter().map(|ratio| (ratio.staff.word(), ratio.per.word(), ratio.pupils)).collect();
    assert_eq!(ratios, [("teacher", "group_from", 30), ("manager", "pupils", 90)]);
    let posts = thirteen("s1d").staff.posts;
    let posts: Vec<_> = posts.iter().map(|post| (post.post.word(), post.per_day)).collect();
    assert_eq!(posts, [("duty_leader", Some(2)), ("guard", Some(2))]);
}

#[test]
fn money_is_that_of_the_sources() {
    let fee = |name| {
        let fee = thirteen(name).fee;
        let rates: Vec<_> = fee.rates.iter().map(|rate| (rate.amount.0, rate.unit.word())).collect();
        (fee.mode.word(), fee.payee.word(), rates)
    };
    assert_eq!(fee("s0"), ("upper_rule", "not_stated", vec![]));
    assert_eq!(fee("s1b"), ("public_benefit", "nobody", vec![]));
    assert_eq!(fee("s1c"), ("shared", "parent_committee", vec![]));
    assert_eq!(fee("s1e"), ("approved_standard", "school", vec![]));
    assert_eq!(fee("s3"), ("undecided", "not_stated", vec![]));
    for name in ["s4a", "s4b", "s4c"] {
        assert_eq!(fee(name), ("free", "nobody", vec![]), "{name}");
    }
    assert_eq!(fee("s4d"), ("rates", "school", vec![(350, "lesson_hour")]));
    let pay = |name| {
        let rates = thirteen(name).pay.rates;
        rates.iter().map(|rate| (rate.amount.0, rate.unit.word(), rate.provisional)).collect::<Vec<_>>()
    };
    assert_eq!(pay("s4a"), [(3500, "hour", true)]);
    assert_eq!(pay("s4b"), [(5000, "lesson_hour", false)]);
    assert_eq!(thirteen("s4a").funds.staff_share_percent, Some(90));
    let credits = thirteen("s4c").pay.credits;
    let credits: Vec<_> =
        credits.iter().map(|credit| (credit.work.word(), credit.lesson_hours.map(|hours| hours.0))).collect();
    let expected = [
        ("bus_duty", Some(200)),
        ("stair_duty", Some(200)),
        ("class_teacher_nap", Some(0)),
        ("holiday_work", None),
    ];
    assert_eq!(credits, expected);
}

#[test]
fn start_days_are_those_of_the_sources() {
    use jiff::civil::date;
    use kehou_domain::plan::MonthDay;
    for (name, starts) in [
        ("s0", Starts::On(date(2023, 2, 13))),
        ("s1c", Starts::Yearly(MonthDay { month: 3, day: 1 })),
        ("s2", Starts::WeekOfTerm(2)),
        ("s4a", Starts::On(date(2020, 9, 1))),
        ("s4b", Starts::On(date(2021, 3, 8))),
        ("s4d", Starts::On(date(2019, 10, 1))),
        ("s3", Starts::NotStated),
    ] {
        assert_eq!(thirteen(name).starts, starts, "{name}");
    }
}
