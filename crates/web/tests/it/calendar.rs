//! The calendar's pages and JSON.

use axum::http::StatusCode;
use jiff::civil::{date, time};
use kehou_domain::moment::instant;

use crate::plan::{SOUND, in_force};
use crate::world::World;

const TERM: &str = "name=第一学期&starts_on=2026-09-01&ends_on=2027-01-29&service_from=2026-09-07";

#[tokio::test]
async fn an_office_adds_and_opens_a_term_and_the_service_runs() {
    let world = World::new().await;
    let office = world.office().await;
    let day = "/api/v1/schools/east/calendar?from=2026-11-24&to=2026-11-24";
    let added = office.post("/schools/east/terms", TERM).await;
    assert_eq!((added.status, added.place.as_str()), (StatusCode::SEE_OTHER, "/schools/east/calendar"));
    let before: serde_json::Value = serde_json::from_str(&office.get(day).await.body).unwrap();
    assert_eq!(before["days"][0]["reason"], "不在学期内");
    let term = before["terms"][0]["id"].as_str().unwrap().to_owned();
    let status = format!("/schools/east/terms/{term}/status");
    let too_early = office.post(&status, "status=open").await;
    assert_eq!(too_early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(too_early.body.contains("还没有生效的方案"));
    in_force(&world.principal().await, SOUND, "2026-09-01").await;
    let opened = office.post(&status, "status=open").await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    let after: serde_json::Value = serde_json::from_str(&office.get(day).await.body).unwrap();
    assert_eq!((&after["days"][0]["follows_weekday"], &after["days"][0]["reason"]), (&2.into(), &().into()));
    let page = office.get("/schools/east/calendar").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("2026–2027 第一学期"));
    let asked = office.post(&status, "status=closed").await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.body.contains("结束以后不能改回；确实要结束，请勾选"), "{}", asked.body);
    assert!(asked.body.contains("name=\"sure\" value=\"0\"") && asked.body.contains("使用中"));
    assert_eq!(office.post(&status, "status=closed&sure=0").await.status, StatusCode::SEE_OTHER);
    assert!(office.get("/schools/east/calendar").await.body.contains("已结束"));
}

#[tokio::test]
async fn a_refused_term_keeps_what_was_typed() {
    let world = World::new().await;
    let office = world.office().await;
    let refused = office.post("/schools/east/terms", &TERM.replace("2027-01-29", "2026-08-01")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("结束日期要晚于开学日期") && refused.body.contains("value=\"第一学期\""));
    let empty = office.post("/schools/east/terms", "name=&starts_on=x").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("有 4 处要改"));
    assert_eq!(office.post("/schools/east/terms", TERM).await.status, StatusCode::SEE_OTHER);
    let unnamed = TERM.replace("第一学期", "").replace("2026-09-07", "x").replace("2027-01-29", "2027-10-01");
    let all = office.post("/schools/east/terms", &unnamed).await;
    for words in
        ["请填学期名称", "请填日期", "和“第一学期”的日期重叠", "学期有 396 天", "value=\"2027-10-01\""]
    {
        assert!(all.body.contains(words), "{words}: {}", all.body);
    }
}

#[tokio::test]
async fn a_make_up_day_is_asked_about_until_its_weekday_is_said() {
    let world = World::new().await;
    let office = world.office().await;
    let page = office.get("/schools/east/calendar?month=2026-09").await;
    assert!(page.body.contains("local-days/new?day=2026-09-20"));
    let form = "day=2026-09-20&kind=make_up&follows=4&reason=按周四课表";
    let past = office.post("/schools/east/local-days", form).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(past.body.contains("不能再定调休上学"));
    world.clock.move_to(instant(date(2026, 9, 15), time(9, 0, 0, 0)));
    let no_weekday = office.post("/schools/east/local-days", &form.replace("follows=4", "follows=")).await;
    assert!(no_weekday.body.contains("请选按周几上课"));
    let weekend = office.post("/schools/east/local-days", &form.replace("09-20", "09-19")).await;
    assert!(weekend.body.contains("name=\"weekend\"") && weekend.body.contains("普通周末"));
    let set = office.post("/schools/east/local-days", form).await;
    assert_eq!(set.place, "/schools/east/calendar?month=2026-09");
    let page = office.get("/schools/east/calendar?month=2026-09").await;
    assert!(!page.body.contains("local-days/new?day=2026-09-20"));
    assert!(page.body.contains("按周四上课"));
    let gone = office.post("/schools/east/local-days/2026-09-20/removal", "").await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    let again = office.post("/schools/east/local-days/2026-09-20/removal", "").await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unpublished_span_is_declared_and_shown_as_declared() {
    let world = World::new().await;
    let office = world.office().await;
    let unpublished = office.get("/schools/east/calendar?month=2027-01").await;
    assert!(unpublished.body.contains("2027 年的放假安排没有收录"));
    let form = "from=2027-01-01&to=2027-01-31&free=2027-01-01&reason=尚未公布";
    let declared = office.post("/schools/east/declared-spans", form).await;
    assert_eq!(declared.place, "/schools/east/calendar?month=2027-01");
    let page = office.get("/schools/east/calendar?month=2027-01").await;
    assert!(page.body.contains("申报上学") && !page.body.contains("没有收录"));
    let published = office.post("/schools/east/declared-spans", &form.replace("2027", "2026")).await;
    assert_eq!(published.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn others_read_the_calendar_and_do_not_keep_it() {
    let world = World::new().await;
    let guard = world.gate_guard().await;
    assert_eq!(guard.get("/schools/east/calendar").await.status, StatusCode::OK);
    assert_eq!(guard.post("/schools/east/terms", TERM).await.status, StatusCode::FORBIDDEN);
    let west = world.head_of_west().await;
    assert_eq!(west.get("/schools/east/calendar").await.status, StatusCode::NOT_FOUND);
    assert_eq!(west.post("/schools/east/terms", TERM).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_term_that_is_to_come_is_corrected_and_removed_on_its_page() {
    let world = World::new().await;
    let office = world.office().await;
    let spring = "name=第二学期&starts_on=2027-02-22&ends_on=2027-07-30&service_from=2027-02-22".to_owned();
    assert_eq!(office.post("/schools/east/terms", &spring).await.status, StatusCode::SEE_OTHER);
    let json = office.get("/api/v1/schools/east/calendar?from=2027-02-22&to=2027-02-22").await;
    let json: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    let page = format!("/schools/east/terms/{}", json["terms"][0]["id"].as_str().unwrap());
    assert!(office.get("/schools/east/calendar").await.body.contains(&format!("href=\"{page}\"")));
    assert!(office.get(&page).await.body.contains("value=\"2027-07-30\""));
    let refused = office.post(&page, &spring.replace("07-30", "01-30")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"2027-01-30\""));
    assert_eq!(office.post(&page, &spring.replace("07-30", "07-09")).await.status, StatusCode::SEE_OTHER);
    assert!(office.get(&page).await.body.contains("value=\"2027-07-09\""));
    assert_eq!(office.post(&format!("{page}/removal"), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(office.get(&page).await.status, StatusCode::NOT_FOUND);

    office.post("/schools/east/terms", TERM).await;
    let json = office.get("/api/v1/schools/east/calendar?from=2026-11-24&to=2026-11-24").await;
    let json: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    let page = format!("/schools/east/terms/{}", json["terms"][0]["id"].as_str().unwrap());
    let begun = office.post(&format!("{page}/removal"), "").await;
    assert_eq!(begun.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(begun.body.contains("学期已经开始") && !begun.body.contains(&format!("href=\"{page}\"")));
}
