//! The plan on screen: upload, steps, reading, comparing, changing.

use axum::body::Body;
use axum::http::{StatusCode, header};
use kehou_domain::access::Role;

use crate::enrolment::School;
use crate::pages;
use crate::world::{Answer, Visitor, World};

pub(crate) const SOUND: &str = include_str!("../../../../plans/s4a.toml");

/// Sends a plan file as a browser does.
async fn upload(visitor: &Visitor<'_>, text: &str) -> Answer {
    let key = kehou_web::key::fresh();
    let body = format!(
        "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"plan.toml\"\r\ncontent-type: text/plain\r\n\r\n{text}\r\n--x--\r\n"
    );
    let request = visitor
        .request("POST", &format!("/schools/east/plan/versions?key={key}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    visitor.send(request.body(Body::from(body)).unwrap()).await
}

/// What a browser sends that was shown this form and typed another end of the first window.
fn over(form: &Answer, end: &str) -> String {
    let (_, rest) = form.body.split_once("name=\"digest\" value=\"").unwrap();
    format!("digest={}&slots.afternoon.windows.1.end={end}", rest.split('"').next().unwrap())
}

/// A version in force from the first of September; its address.
pub(crate) async fn in_force(principal: &Visitor<'_>, text: &str, from: &str) -> String {
    let place = upload(principal, text).await.place;
    for (step, form) in [
        ("check", String::new()),
        ("approval", String::new()),
        ("filing", "reference=7".to_owned()),
        ("in-force", format!("from={from}")),
    ] {
        let answer = principal.post(&format!("{place}/{step}"), &form).await;
        assert_eq!((answer.status, answer.place.as_str()), (StatusCode::SEE_OTHER, place.as_str()), "{step}");
    }
    place
}

#[tokio::test]
async fn a_school_adopts_a_plan_and_reads_it_as_printed() {
    let world = World::new().await;
    let principal = world.principal().await;
    let before = principal.get("/schools/east/plan").await;
    assert!(before.body.contains("还没有生效的方案"));
    in_force(&principal, SOUND, "2026-09-01").await;
    let page = world.guardian().await.get("/schools/east/plan").await;
    assert_eq!(page.status, StatusCode::OK);
    for word in
        ["15:30–17:30", "周五", "1–6 年级", "免费", "35.00 元/小时", "家长申请（家长） → 审核（班主任）"]
    {
        assert!(page.body.contains(word), "the page lacks {word}");
    }
    let list = principal.get("/schools/east/plan/versions").await;
    assert!(list.body.contains("正在生效"));
}

#[tokio::test]
async fn c9_a_family_reads_which_places_a_new_plan_has_no_time_for() {
    let world = World::new().await;
    let school = School::open(&world).await;
    pages::fill(&world, &school).await;
    let principal = world.principal().await;
    let text = include_str!("../../../../plans/s4d.toml").replace("weekdays = \"2-5\"", "weekdays = \"3-5\"");
    let place = upload(&principal, &text).await.place;
    for (step, form) in [("check", ""), ("approval", ""), ("filing", "reference=8")] {
        assert_eq!(
            principal.post(&format!("{place}/{step}"), form).await.status,
            StatusCode::SEE_OTHER,
            "{step}"
        );
    }
    let asked = principal.get(&place).await.body;
    assert!(asked.contains("我知道：1 个孩子会完全没有课后服务；系统会告诉他们的家长"), "{asked}");
    let ruled = principal.post(&format!("{place}/in-force"), "from=2026-11-25&left_out=1").await;
    assert_eq!(ruled.status, StatusCode::SEE_OTHER, "{}", ruled.body);
    let page = school.zhou.get(&format!("/children/{}/service", school.bo)).await.body;
    assert!(page.contains("到11月25日（周三），服务方案里就没有这些时段了："), "{page}");
    assert!(page.contains("课后服务 · 周二"), "{page}");
    assert!(school.zhou.get("/messages").await.body.contains("没有了周小波报的这些时段：课后服务 · 周二。"));
}

#[tokio::test]
async fn a_file_with_mistakes_is_kept_and_its_mistakes_have_places() {
    let world = World::new().await;
    let office = world.office().await;
    let sent = upload(&office, &SOUND.replacen("end = \"17:30\"", "end = \"15:00\"", 1)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = office.get(&sent.place).await;
    assert!(page.body.contains("文件有 1 处问题"));
    assert!(page.body.contains("列：结束时间不晚于开始时间；end 要晚于 start"));
    let refused = office.post(&format!("{}/check", sent.place), "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let file = office.get(&format!("{}/file", sent.place)).await;
    assert_eq!(file.body, SOUND.replacen("end = \"17:30\"", "end = \"15:00\"", 1));
}

#[tokio::test]
async fn no_file_is_a_clear_message() {
    let world = World::new().await;
    let refused = upload(&world.office().await, "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("没有选择文件；请选择方案文件（.toml）"));
}

#[tokio::test]
async fn the_form_changes_a_time_and_keeps_what_was_typed_wrong() {
    let world = World::new().await;
    let office = world.office().await;
    let place = upload(&office, SOUND).await.place;
    let form = office.get(&format!("{place}/edit")).await;
    assert!(form.body.contains("name=\"slots.afternoon.windows.1.end\""));
    let wrong = office.post(&format!("{place}/edit"), &over(&form, "half+five")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"half five\""));
    let saved = office.post(&format!("{place}/edit"), &over(&form, "17:45")).await;
    assert_eq!((saved.status, saved.place.as_str()), (StatusCode::SEE_OTHER, place.as_str()));
    let file = office.get(&format!("{place}/file")).await;
    assert_eq!(file.body, SOUND.replacen("end = \"17:30\"", "end = \"17:45\"", 1));
}

#[tokio::test]
async fn the_form_speaks_of_windows_by_whom_they_are_for_and_not_by_the_words_of_the_file() {
    let world = World::new().await;
    let office = world.office().await;
    let open = SOUND.replacen("end = \"17:30\"", "end = \"not stated\"", 1);
    let place = upload(&office, &open).await.place;
    let form = office.get(&format!("{place}/edit")).await;
    for words in [
        "<legend class=\"strong\">弹性离校 · 时间</legend>",
        "value=\"方案未写明\"",
        "<option value=\"不定\"></option>",
        "name=\"slots.afternoon.weekdays.5\" value=\"1\" checked",
        "<option value=\"free\" selected>免费</option>",
    ] {
        assert!(form.body.contains(words), "the form lacks {words}: {}", form.body);
    }
    assert!(!form.body.contains("not stated"));
    let (_, rest) = form.body.split_once("name=\"digest\" value=\"").unwrap();
    let digest = rest.split('"').next().unwrap();
    let days = "slots.afternoon.weekdays=&slots.afternoon.weekdays.2=1&slots.afternoon.weekdays.3=1";
    let sent = format!("digest={digest}&slots.afternoon.windows.1.end=17:30&{days}");
    assert_eq!(office.post(&format!("{place}/edit"), &sent).await.status, StatusCode::SEE_OTHER);
    let file = office.get(&format!("{place}/file")).await;
    assert!(file.body.contains("weekdays = \"2-3\""), "{}", file.body);
    assert!(file.body.contains("end = \"17:30\""));
}

#[tokio::test]
async fn an_emptied_field_says_so_at_the_field() {
    let world = World::new().await;
    let office = world.office().await;
    let place = upload(&office, SOUND).await.place;
    let form = office.get(&format!("{place}/edit")).await;
    let refused = office.post(&format!("{place}/edit"), &format!("{}&starts=", over(&form, "15:00"))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "<a href=\"#starts\">服务开始：这一项不能空着</a>",
        "<a href=\"#slots.afternoon.windows.1.end\">弹性离校 · 时间 · 结束：结束要晚于开始</a>",
    ] {
        assert!(refused.body.contains(words), "the page lacks {words}: {}", refused.body);
    }
}

#[tokio::test]
async fn a_comparison_speaks_in_the_same_words() {
    let world = World::new().await;
    let principal = world.principal().await;
    let first = upload(&principal, SOUND).await.place;
    let later = SOUND.replacen("end = \"17:30\"", "end = \"not stated\"", 1);
    let second = upload(&principal, &later).await.place;
    let with = first.rsplit('/').next().unwrap();
    let page = principal.get(&format!("{second}/comparison?with={with}")).await;
    let line = "<th scope=\"row\">弹性离校 · 时间 · 结束</th>\
        <td data-l=\"原来\">17:30</td><td data-l=\"现在\">方案未写明</td>";
    assert!(page.body.contains(line), "{}", page.body);
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_with_the_limit() {
    let world = World::new().await;
    let refused = upload(&world.office().await, &"#".repeat(12 << 20)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("文件太大；方案文件最多 256 KB"), "{}", refused.body);
}

#[tokio::test]
async fn a_change_of_an_approved_version_is_a_new_draft_and_is_compared() {
    let world = World::new().await;
    let principal = world.principal().await;
    let first = in_force(&principal, SOUND, "2026-09-01").await;
    let form = principal.get(&format!("{first}/edit")).await;
    let saved = principal.post(&format!("{first}/edit"), &over(&form, "17:45")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_ne!(saved.place, first);
    let old = first.rsplit('/').next().unwrap();
    let page = principal.get(&format!("{}/comparison?with={old}", saved.place)).await;
    assert!(page.body.contains("<td data-l=\"原来\">17:30</td><td data-l=\"现在\">17:45</td>"));
}

#[tokio::test]
async fn programs_read_what_a_day_holds() {
    let world = World::new().await;
    let principal = world.principal().await;
    assert_eq!(principal.get("/api/v1/schools/east/plan").await.status, StatusCode::NOT_FOUND);
    in_force(&principal, SOUND, "2026-09-01").await;
    let day = principal.get("/api/v1/schools/east/plan?date=2026-11-24").await;
    let day: serde_json::Value = serde_json::from_str(&day.body).unwrap();
    // no term is open, so no service is held
    assert_eq!((&day["plan"], &day["service_day"]), (&"S4a".into(), &false.into()));
    let versions = principal.get("/api/v1/schools/east/plan/versions").await;
    let versions: serde_json::Value = serde_json::from_str(&versions.body).unwrap();
    assert_eq!((&versions[0]["status"], &versions[0]["in_force"]), (&"filed".into(), &true.into()));
}

#[tokio::test]
async fn who_may_not_is_stopped_and_another_school_sees_nothing() {
    let world = World::new().await;
    let principal = world.principal().await;
    let place = upload(&principal, SOUND).await.place;
    let office = world.office().await;
    assert_eq!(office.post(&format!("{place}/approval"), "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(upload(&world.gate_guard().await, SOUND).await.status, StatusCode::FORBIDDEN);
    let id = place.rsplit('/').next().unwrap();
    let west = world.member("west", Role::Principal).await;
    assert_eq!(west.get(&format!("/schools/west/plan/versions/{id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(west.get(&place).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_was_overtaken_keeps_what_was_typed_and_says_what_is_saved() {
    let world = World::new().await;
    let (office, principal) = (world.office().await, world.principal().await);
    let place = upload(&office, SOUND).await.place;
    let stale = office.get(&format!("{place}/edit")).await;
    let saved = principal.post(&format!("{place}/edit"), &over(&stale, "17:45")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let refused = office.post(&format!("{place}/edit"), &over(&stale, "17:20")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["另一个人改过这个版本", "现在保存的是：17:45", "value=\"17:20\""] {
        assert!(refused.body.contains(words), "the page lacks {words}");
    }
    let again = office.post(&format!("{place}/edit"), &over(&refused, "17:20")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_page_says_what_stops_a_plan_before_anybody_approves() {
    let world = World::new().await;
    let principal = world.principal().await;
    let junior = SOUND.replace("level = \"primary\"", "level = \"junior\"").replace("\"1-6\"", "\"7-9\"");
    let place = upload(&principal, &junior).await.place;
    let page = principal.get(&place).await;
    assert!(page.body.contains("方案是7–9 年级的，本校是1–6 年级：不能在本校生效"), "{}", page.body);
    let open = SOUND.replacen("end = \"17:30\"", "end = \"not stated\"", 1);
    let place = upload(&principal, &open).await.place;
    let page = principal.get(&place).await;
    assert!(page.body.contains("还有 1 处时间没有写明，校长批准前要填好"), "{}", page.body);
    principal.post(&format!("{place}/check"), "").await;
    let refused = principal.post(&format!("{place}/approval"), "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_version_that_waits_for_its_day_can_be_taken_back_and_families_see_no_draft() {
    let world = World::new().await;
    let (principal, guardian) = (world.principal().await, world.guardian().await);
    let place = in_force(&principal, SOUND, "2026-12-01").await;
    assert!(principal.get(&place).await.body.contains("取消生效"));
    assert_eq!(guardian.get(&place).await.status, StatusCode::OK);
    let back = principal.post(&format!("{place}/in-force/removal"), "").await;
    assert_eq!((back.status, back.place.as_str()), (StatusCode::SEE_OTHER, place.as_str()));
    assert!(!principal.get(&place).await.body.contains("取消生效"));
    for path in [place.clone(), format!("{place}/file")] {
        assert_eq!(guardian.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}
