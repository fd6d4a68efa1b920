//! What a round may have besides on its pages and for programs: kept seats, what is apart, and setting it up without pages.

use axum::http::StatusCode;
use jiff::civil::time;
use kehou_domain::moment::instant;
use serde_json::Value;

use crate::catalogue::term;
use crate::enrolment::{School, saved};
use crate::rounds::{ROUNDS, TODAY, offer, refused, shows, stays, typed};
use crate::world::{Answer, World};

#[tokio::test]
async fn e4_what_is_apart_is_declared_read_and_kept() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社", "合唱团"]).await;
    let list: Value = serde_json::from_str(&office.get("/api/v1/schools/east/offerings").await.body).unwrap();
    let find = |title: &str| {
        let all = list.as_array().unwrap();
        all.iter().find(|one| one["title"] == title).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (chess, choir) = (find("围棋社"), find("合唱团"));
    let page = format!("/schools/east/offerings/{chess}");
    shows(&office.get(&page).await, &["不能一起上的课程", "合唱团（周三）"]);
    refused(&office.post(&format!("{page}/apart"), &format!("other={chess}")).await, "请选另外一门");
    saved(&office.post(&format!("{page}/apart"), &format!("other={choir}")).await);
    shows(&office.get(&page).await, &["可以一起上<span class=\"vh\"> 合唱团（周三）</span>"]);
    saved(&office.post(&format!("{page}/apart/{choir}/ending"), "").await);
    saved(&office.post(&format!("{page}/apart"), &format!("other={choir}")).await);

    let term = term(office).await;
    let round = saved(&office.post(ROUNDS, &typed(&term, "2026-11-24T16:30", "ranked")).await);
    shows(&office.get(&round).await, &["围棋社（周二）和合唱团（周三）"]);
    saved(&office.post(&format!("{round}/announcement"), "").await);
    shows(&family.get(&format!("{round}/open")).await, &["围棋社（周二）和合唱团（周三）"]);
    let choices = format!("/children/{}/choices/{}", school.bo, round.rsplit('/').next().unwrap());
    shows(&family.get(&choices).await, &["和合唱团不能都要"]);
    for wish in ["add=0&day=2", "add=1&day=3"] {
        saved(&family.post(&choices, wish).await);
    }
    shows(&family.get(&choices).await, &["“围棋社”和“合唱团”不能都要：选上一门，另一门就不给了。"]);
    let read: Value =
        serde_json::from_str(&family.get(&format!("/api/v1/children/{}/choices", school.bo)).await.body)
            .unwrap();
    assert_eq!(read[0]["offerings"][0]["apart"], serde_json::json!([choir]));
    let late = office.post(&format!("{page}/apart/{choir}/ending"), "").await;
    refused(&late, "家长正在选其中一门");

    world.clock.move_to(instant(TODAY, time(16, 31, 0, 0)));
    for (path, form) in [("seal", ""), ("draw", "beacon=03 11 17"), ("publication", "")] {
        saved(&office.post(&format!("{round}/{path}"), form).await);
    }
    shows(&family.get(&choices).await, &["“围棋社”已经选上，学校规定这两门不能都要。"]);
    let moved = format!("student={}&day=3&to={choir}&reason=家长来电", school.bo);
    refused(
        &office.post(&format!("{round}/moves"), &moved).await,
        "孩子已有“围棋社”，学校规定这两门不能都要",
    );
}

#[tokio::test]
async fn f11_seats_are_kept_first_come_for_families_without_a_phone() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社"]).await;
    let first = typed(&term(office).await, "2026-11-24T16:30", "first_come");
    refused(&office.post(ROUNDS, &format!("{first}&office=2&priority=30")).await, "先到先得不按比例留");
    let round = saved(&office.post(ROUNDS, &format!("{first}&office=20")).await);
    saved(&office.post(&format!("{round}/announcement"), "").await);
    shows(&office.get(&round).await, &["每门留 20 个，截止前只由学校", "0（另留 20 个）"]);
    shows(&family.get(&format!("{round}/open")).await, &["每门留 20 个，截止前只由学校", "0（另留 20 个）"]);
    let id = round.rsplit('/').next().unwrap();
    let choices = format!("/children/{}/choices/{id}", school.bo);
    shows(&family.get(&choices).await, &["名额 0 · 已有 0", "排队等名额"]);
    let entry = format!("{}/{}", round.replace("/rounds/", "/round-entries/"), school.bo);
    shows(&office.get(&entry).await, &["名额 20 · 已有 0 · 还留着 20 个给学校代填的", "要这个名额"]);
    saved(&family.post(&choices, "claim=0&day=2").await);
    shows(&family.get(&choices).await, &["前面还有 0 个"]);
    saved(&family.post(&choices, "leave=0&day=2").await);
    saved(&office.post(&entry, "claim=0&day=2").await);
    shows(&family.get(&choices).await, &["确认要这个名额", "名额 0 · 已有 0"]);
    let read: Value =
        serde_json::from_str(&family.get(&format!("/api/v1/children/{}/choices", school.bo)).await.body)
            .unwrap();
    let chess = &read[0]["offerings"][0];
    assert_eq!((&chess["capacity"], &chess["taken"], &chess["kept"]), (&20.into(), &1.into(), &19.into()));
}

#[tokio::test]
async fn f12_programs_set_a_round_up_and_hold_its_draw() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社"]).await;
    let rounds = format!("/api/v1{ROUNDS}");
    let new = r#"{"name":"第一轮","way":"ranked","slot":"afternoon","weekly_limit":2,"beacon":"双色球",
        "opens_at":"2026-11-24T00:00:00Z","closes_at":"2026-11-24T08:30:00Z"}"#;
    assert_eq!(family.json("POST", &rounds, new).await.status, StatusCode::FORBIDDEN);
    refused(&office.json("POST", &rounds, &new.replace(":2,", ":9,")).await, "每周最多几门：请写 1 到 5");
    for (wrong, said) in [("\"ranked\"", "way"), ("\"2026-11-24T00:00:00Z\"", "opens_at")] {
        let answer = office.json("POST", &rounds, &new.replace(wrong, "\"?\"")).await;
        refused(&answer, said);
    }
    let read = |answer: Answer| -> Value {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    };
    let written = read(office.json("POST", &rounds, new).await);
    assert_eq!((&written["stage"], &written["rules"]["closing"]), (&"draft".into(), &"reopening".into()));
    let one = format!("{rounds}/{}", written["id"].as_str().unwrap());
    let kept = new.replace("\"beacon\"", "\"rules\":{\"office_seats\":2,\"scheme\":\"one\"},\"beacon\"");
    let changed = read(office.json("POST", &one, &kept).await);
    assert_eq!((&changed["rules"]["office_seats"], &changed["rules"]["scheme"]), (&2.into(), &"one".into()));
    refused(&office.json("POST", &format!("{one}/announcement"), r#"{"commitment":"12"}"#).await, "64 位");
    assert_eq!(read(office.json("POST", &format!("{one}/announcement"), "{}").await)["stage"], "open");
    refused(&office.json("POST", &format!("{one}/draw"), r#"{"beacon":"7"}"#).await, "现在是“正在选”");
    world.clock.move_to(instant(TODAY, time(16, 31, 0, 0)));
    for (step, body, stage) in [
        ("seal", "", "sealed"),
        ("draw", r#"{"beacon":"03 11 17"}"#, "drawn"),
        ("publication", "", "published"),
    ] {
        let moved = read(office.json("POST", &format!("{one}/{step}"), body).await);
        assert_eq!(moved["stage"], stage);
    }
    let late = office.json("POST", &format!("{one}/calling-off"), r#"{"why":"老师外出"}"#).await;
    refused(&late, "现在是“已公布”");
}
