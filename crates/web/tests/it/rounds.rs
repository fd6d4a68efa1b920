//! Rounds of choosing on their pages: written, made known, chosen in, sealed, drawn, arranged, published, read.

use axum::http::StatusCode;
use jiff::civil::{Date, date, time};
use kehou_app::allocation::round::let_leavers_go;
use kehou_db::sql;
use kehou_domain::access::{KeepOwnAccount, KeepRounds};
use kehou_domain::moment::instant;
use serde_json::Value;

use crate::catalogue::{form, teacher, term, version};
use crate::enrolment::{School, saved};
use crate::world::{Answer, Visitor, World};

pub(crate) const TODAY: Date = date(2026, 11, 24);
pub(crate) const ROUNDS: &str = "/schools/east/rounds";

/// Offerings of a teacher each, published by the principal.
pub(crate) async fn offer(world: &World, school: &School<'_>, titles: &[&str]) {
    let (office, principal) = (&school.office, world.principal().await);
    let (term, teacher) = (term(office).await, teacher(office).await);
    for title in titles {
        let whole =
            form(&term, &teacher, title).replace("博艺楼302", title).replace("minimum=8", "minimum=1");
        // one teacher cannot lead two at once: the others meet on other days
        let day = 2 + titles.iter().position(|one| one == title).unwrap();
        let place = saved(
            &office.post("/schools/east/offerings", &whole.replace("2/after", &format!("{day}/after"))).await,
        );
        saved(&office.post(&format!("{place}/handing-in"), "").await);
        let review = place.replace("offerings/", "offering-reviews/");
        let publish = format!("version={}&verdict=publish", version(&principal.get(&review).await));
        saved(&principal.post(&review, &publish).await);
    }
}

/// Bo stays on Tuesday and Wednesday.
pub(crate) async fn stays(world: &World, school: &School<'_>) {
    let class = class_of(world, school).await;
    let taken = format!(
        "class={class}&student={}&choice=afternoon/2&choice=afternoon/3&from_on={TODAY}&place=柜",
        school.bo
    );
    saved(&school.office.post("/schools/east/take-over", &taken).await);
}

async fn class_of(world: &World, school: &School<'_>) -> String {
    let (system, bo) = (world.store.system("east", world.at).await, school.bo);
    let read = system.read::<KeepOwnAccount, _>(move |tx| {
        let sql = sql!("select class_id from class_stay where school_id = $1 and student_id = $2");
        tx.one(sql, &[bo.into()], |row| row.text(0))
    });
    read.await.unwrap()
}

pub(crate) fn typed(term: &str, closes: &str, way: &str) -> String {
    format!(
        "term={term}&name=第一轮&way={way}&slot=afternoon&weekly_limit=2&method=da&scheme=perday&titles=once\
         &closing=reopening&opens=2026-11-24T08:00&closes={closes}&beacon=双色球&hold=30"
    )
}

/// A round that is drawn and published, with Bo's wishes; its id. The clock stands behind its end.
pub(crate) async fn published(world: &World, school: &School<'_>) -> String {
    let (office, term) = (&school.office, term(&school.office).await);
    let round = saved(&office.post(ROUNDS, &typed(&term, "2026-11-24T16:30", "ranked")).await);
    saved(&office.post(&format!("{round}/announcement"), "").await);
    let id = round.rsplit('/').next().unwrap().to_owned();
    let choices = format!("/children/{}/choices/{id}", school.bo);
    saved(&school.zhou.post(&choices, "add=0&day=2").await);
    world.clock.move_to(instant(TODAY, time(16, 31, 0, 0)));
    saved(&office.post(&format!("{round}/seal"), "").await);
    // once more, as when the service sealed it by itself in the meantime
    saved(&office.post(&format!("{round}/seal"), "").await);
    saved(&office.post(&format!("{round}/draw"), "beacon=03 11 17").await);
    saved(&office.post(&format!("{round}/publication"), "").await);
    id
}

#[track_caller]
pub(crate) fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.body.contains(words), "no {words} in {}", answer.body);
}

#[track_caller]
pub(crate) fn shows(answer: &Answer, words: &[&str]) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    for words in words {
        assert!(answer.body.contains(words), "no {words} in {}", answer.body);
    }
}

async fn messages(family: &Visitor<'_>) -> String {
    family.get("/messages").await.body
}

/// Which day counts first once the week has no room for both, and beside a sibling; two a week and both days as before.
async fn says_more(family: &Visitor<'_>, choices: &str) {
    let page = family.get(choices).await;
    assert!(!page.body.contains("先满足哪一天"), "the week has room for both days");
    saved(&family.post(choices, "limit=1&day=2").await);
    shows(&family.get(choices).await, &["先满足哪一天", "先满足周二", "按名次"]);
    saved(&family.post(choices, "first=3&day=2").await);
    shows(&family.get(choices).await, &["先满足周三，其余按名次。"]);
    saved(&family.post(choices, "by_rank=1&day=2").await);
    assert!(!family.get(choices).await.body.contains("其余按名次。"));
    saved(&family.post(choices, "limit=2&day=2").await);
    shows(&family.get(choices).await, &["和兄弟姐妹一起", "所以不保证能在一起"]);
    saved(&family.post(choices, "beside=yes&day=2").await);
    shows(&family.get(choices).await, &["name=\"beside\" value=\"yes\" aria-pressed=\"true\""]);
}

#[tokio::test]
async fn f12_a_round_is_written_chosen_in_drawn_and_told() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    shows(&office.get(ROUNDS).await, &["还没有开过选课"]);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社", "合唱团"]).await;
    let term = term(office).await;
    let wrong =
        typed(&term, "2026-11-24T07:00", "ranked").replace("双色球", "").replace("limit=2", "limit=9");
    let answer = office.post(ROUNDS, &wrong).await;
    for words in ["截止要晚于开始", "每周最多几门：请写 1 到 5", "请写明用哪一个公开的数", "value=\"第一轮\""]
    {
        refused(&answer, words);
    }
    let round = saved(&office.post(ROUNDS, &typed(&term, "2026-11-24T16:30", "ranked")).await);
    shows(&office.get(&format!("{round}/form")).await, &["value=\"第一轮\"", "value=\"双色球\""]);
    let kept = format!(
        "{}&siblings=together&goes_on=yes&priority=３０&office=2",
        typed(&term, "2026-11-24T16:30", "ranked")
    );
    refused(&office.post(&round, &kept.replace("３０", "130")).await, "比例请写 1 到 100");
    saved(&office.post(&round, &kept).await);
    shows(&office.get(&format!("{round}/form")).await, &["value=\"together\" selected", "value=\"30\""]);
    shows(&office.get(&round).await, &["兄弟姐妹用同一个签", "每门 30% 的名额", "每门 2 个名额"]);
    saved(&office.post(&round, &format!("{}&beside=yes", typed(&term, "2026-11-24T16:30", "ranked"))).await);
    shows(&office.get(&round).await, &["愿意的孩子换到兄弟姐妹那门的空名额"]);
    refused(&office.post(&format!("{round}/announcement"), "commitment=12").await, "承诺值是 64 位");
    saved(&office.post(&format!("{round}/announcement"), "").await);
    refused(&office.post(&round, &typed(&term, "2026-11-24T17:30", "ranked")).await, "现在是“正在选”");
    refused(&office.post(&format!("{round}/draw"), "beacon=1").await, "现在是“正在选”");
    let second = typed(&term, "2026-11-24T17:30", "first_come").replace("第一轮", "第二轮");
    let second = saved(&office.post(ROUNDS, &second).await);
    refused(&office.post(&format!("{second}/announcement"), "").await, "“第一轮”还没有公布结果");

    let id = round.rsplit('/').next().unwrap();
    let choices = format!("/children/{}/choices/{id}", school.bo);
    shows(&family.get(&format!("/children/{}/choices", school.bo)).await, &["第一轮", "正在选"]);
    shows(&family.get(&choices).await, &["不用抢。", "围棋社", "还没有选"]);
    saved(&family.post(&choices, "add=0&day=2").await);
    saved(&family.post(&choices, "add=1&day=3").await);
    saved(&family.post(&choices, "add=1&day=3").await);
    shows(&family.get(&format!("{choices}?day=3")).await, &["第 1 志愿", "已选 2 个"]);
    says_more(family, &choices).await;
    refused(&family.post(&choices, "day=2").await, "没看懂点的是哪一个");
    refused(&family.post(&choices, "limit=5&day=2").await, "每周几门");
    let sibling = school.sun.get(&format!("/children/{}/choices/{id}", school.an)).await;
    shows(&sibling, &["孩子周二不参加课后服务，先报这一天才能选"]);
    assert_eq!(school.sun.get(&choices).await.status, StatusCode::NOT_FOUND);

    world.clock.move_to(instant(TODAY, time(16, 31, 0, 0)));
    refused(&family.post(&choices, "off=0&day=2").await, "现在是“已截止”");
    saved(&office.post(&format!("{round}/seal"), "").await);
    refused(&office.post(&format!("{round}/draw"), "beacon=").await, "请填事先说好的那个公开的数");
    saved(&office.post(&format!("{round}/draw"), "beacon=03 11 17").await);
    assert!(!family.get(&choices).await.body.contains("选上了"), "nobody is told before the office is sure");
    shows(&office.get(&format!("{round}/arrange?day=2")).await, &["1 人填了志愿，给了 2 个名额", "周小波"]);
    saved(&office.post(&format!("{round}/publication"), "").await);
    shows(&family.get(&choices).await, &["结果公布了。", "选上了", "孩子的签", "封存的一行"]);
    assert!(messages(family).await.contains("选上了周二 围棋社"), "{}", messages(family).await);
    shows(&family.get(&format!("{round}/open")).await, &["抽签的凭据", "draw-check", "03 11 17"]);
    shows(&office.get(&format!("{round}/market.txt")).await, &["ALLOC1 "]);
    assert_eq!(family.get(&format!("{round}/market.txt")).await.status, StatusCode::FORBIDDEN);

    let moved = format!("student={}&day=2&to=&reason=", school.bo);
    refused(&office.post(&format!("{round}/moves"), &moved).await, "请写调整的理由");
    saved(&office.post(&format!("{round}/moves"), &format!("{moved}老师请假")).await);
    assert!(messages(family).await.contains("围棋社 → 没有安排。理由：老师请假"));
    let page = office.get(&format!("{round}/arrange?day=2")).await;
    let back = page.body.split(&format!("{round}/moves/")).nth(1).unwrap().split('/').next().unwrap();
    saved(&office.post(&format!("{round}/moves/{back}/taking-back"), "").await);
    refused(&office.post(&format!("{round}/moves/{back}/taking-back"), "").await, "不能撤回了");
}

#[tokio::test]
async fn a_seat_is_taken_first_come_confirmed_and_given_up_on_the_phone() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社"]).await;
    let term = term(office).await;
    let round = saved(&office.post(ROUNDS, &typed(&term, "2026-11-24T16:30", "first_come")).await);
    saved(&office.post(&format!("{round}/announcement"), "").await);
    let choices = format!("/children/{}/choices/{}", school.bo, round.rsplit('/').next().unwrap());
    shows(&family.get(&choices).await, &["先到先得。", "要这个名额"]);
    saved(&family.post(&choices, "claim=0&day=2").await);
    shows(
        &family.get(&choices).await,
        &["留到11月24日（周二）15:35", "确认要这个名额", "?day=2\">去确认</a>"],
    );
    let rounds = choices.rsplit_once('/').unwrap().0;
    shows(&family.get(rounds).await, &["1 个名额还没确认"]);
    refused(&family.post(&choices, "claim=0&day=2").await, "孩子这一天已经有名额");
    saved(&family.post(&choices, "confirm=2&day=2").await);
    shows(&family.get(&choices).await, &["有名额了", "退掉这个名额", "已有 1"]);
    saved(&family.post(&choices, "give_up=2&day=2").await);
    shows(&family.get(&choices).await, &["要这个名额", "已有 0"]);
    refused(&family.post(&choices, "confirm=2&day=2").await, "没有给孩子留的名额了");
    refused(&office.post(&format!("{round}/calling-off"), "why=").await, "请写取消的理由");
    saved(&office.post(&format!("{round}/calling-off"), "why=老师外出").await);
    shows(&family.get(&choices).await, &["这一轮取消了：", "老师外出"]);
}

#[tokio::test]
async fn f11_the_school_ranks_and_takes_seats_for_a_family_without_a_phone() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let office = &school.office;
    stays(&world, &school).await;
    shows(&office.get("/schools/east/round-entries").await, &["还没有公布的选课"]);
    offer(&world, &school, &["围棋社", "合唱团"]).await;
    let term = term(office).await;
    let ranked = saved(&office.post(ROUNDS, &typed(&term, "2026-11-24T16:30", "ranked")).await);
    saved(&office.post(&format!("{ranked}/announcement"), "").await);
    let desk = ranked.replace("/rounds/", "/round-entries/");
    shows(&office.get("/schools/east/round-entries").await, &["第一轮", "正在选"]);
    shows(&office.get(&desk).await, &["周小波", "还没填"]);
    let bo = format!("{desk}/{}", school.bo);
    shows(&office.get(&format!("{bo}?day=2")).await, &["周小波的志愿", "围棋社"]);
    saved(&office.post(&bo, "add=0&day=2").await);
    refused(&office.post(&bo, "limit=5&day=2").await, "每周几门");
    refused(&office.post(&bo, "day=2").await, "没看懂点的是哪一个");
    shows(&office.get(&desk).await, &["学校代填 1 个"]);
    shows(
        &school
            .zhou
            .get(&format!("/children/{}/choices/{}", school.bo, ranked.rsplit('/').next().unwrap()))
            .await,
        &["第 1 志愿", "替您填的，可以自己改"],
    );
    let stranger = world.homeroom().await;
    assert_eq!(stranger.get(&bo).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&bo, "add=1&day=3").await.status, StatusCode::NOT_FOUND);
    saved(&office.post(&format!("{ranked}/calling-off"), "why=改成先到先得").await);

    let first = saved(&office.post(ROUNDS, &typed(&term, "2026-11-24T16:30", "first_come")).await);
    saved(&office.post(&format!("{first}/announcement"), "").await);
    let bo = format!("{}/{}", first.replace("/rounds/", "/round-entries/"), school.bo);
    saved(&office.post(&bo, "claim=0&day=2").await);
    saved(&office.post(&bo, "confirm=2&day=2").await);
    shows(&office.get(&format!("{bo}?day=2")).await, &["退掉这个名额"]);
}

#[tokio::test]
async fn a_locked_seat_stays_until_it_is_unlocked() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let office = &school.office;
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社"]).await;
    let round = format!("{ROUNDS}/{}", published(&world, &school).await);
    let child = format!("student={}&day=2", school.bo);
    let page = format!("{round}/arrange?{child}");
    shows(&office.get(&page).await, &["锁住以后，谁也调不走"]);
    saved(&office.post(&format!("{round}/locks"), &format!("{child}&locked=yes")).await);
    shows(&office.get(&page).await, &["这个名额锁住了"]);
    let away = format!("{child}&to=&reason=老师请假");
    refused(&office.post(&format!("{round}/moves"), &away).await, "这个名额锁住了，先开锁再调整");
    saved(&office.post(&format!("{round}/locks"), &format!("{child}&locked=no")).await);
    saved(&office.post(&format!("{round}/moves"), &away).await);
}

#[tokio::test]
async fn f12_anybody_reads_and_checks_a_round_that_was_made_known() {
    let world = World::new().await;
    let school = School::open(&world).await;
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社"]).await;
    let round = published(&world, &school).await;
    let (passer_by, open) = (world.stranger(), format!("{ROUNDS}/{round}/open"));
    let page = passer_by.get(&open).await;
    shows(&page, &["第一轮", "围棋社", "承诺值", "自己核对", "href=\"/sign-in\""]);
    assert!(!page.body.contains("周小波"), "the public page names a child");
    shows(&school.zhou.get(&open).await, &["第一轮", "自己核对"]);
    assert_eq!(passer_by.get(&open.replace("east", "west")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(passer_by.get(&open.replace("east", "north")).await.status, StatusCode::NOT_FOUND);

    let draft = saved(
        &school
            .office
            .post(ROUNDS, &typed(&term(&school.office).await, "2026-11-25T16:30", "first_come"))
            .await,
    );
    assert_eq!(passer_by.get(&format!("{draft}/open")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn f12_programs_rank_read_answers_and_take_seats() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社", "合唱团"]).await;
    let term = term(office).await;
    let round = saved(&office.post(ROUNDS, &typed(&term, "2026-11-24T16:30", "ranked")).await);
    saved(&office.post(&format!("{round}/announcement"), "").await);
    let choices = format!("/api/v1/children/{}/choices", school.bo);
    let own = format!("{choices}/{}", round.rsplit('/').next().unwrap());

    let wrong = family.json("POST", &own, r#"{"weekly_limit":9,"days":[[],[1,1],[],[],[]]}"#).await;
    for words in ["每周几门", "“合唱团”不在这一天", "“合唱团”填了两次"] {
        refused(&wrong, words);
    }
    let written = family.json("POST", &own, r#"{"weekly_limit":1,"days":[[],[0],[1],[],[]]}"#).await;
    assert_eq!(written.status, StatusCode::OK, "{}", written.body);
    let read: Value = serde_json::from_str(&family.get(&choices).await.body).unwrap();
    assert_eq!(read[0]["round"]["stage"], "open");
    assert_eq!(read[0]["wishes"]["days"][1], serde_json::json!([0]));
    let step = r#"{"step":"claim","place":0}"#;
    refused(&family.json("POST", &format!("{own}/seats"), step).await, "排志愿");
    let week = |week: &str| format!(r#"{{"weekly_limit":1,"days":[[],[0],[1],[],[]],"week":{week}}}"#);
    refused(&family.json("POST", &own, &week("[3,3]")).await, "每天只排一次");
    assert_eq!(family.json("POST", &own, &week("[2,3]")).await.status, StatusCode::OK);
    let read: Value = serde_json::from_str(&family.get(&choices).await.body).unwrap();
    assert_eq!(read[0]["wishes"]["week"], serde_json::json!([2, 3]));

    world.clock.move_to(instant(TODAY, time(16, 31, 0, 0)));
    for (path, form) in [("seal", ""), ("draw", "beacon=03 11 17"), ("publication", "")] {
        saved(&office.post(&format!("{round}/{path}"), form).await);
    }
    let read: Value = serde_json::from_str(&family.get(&choices).await.body).unwrap();
    assert_eq!(read[0]["answers"][0]["why"], "孩子有这个名额。");
    assert_eq!(read[0]["seats"][0]["weekday"], 2);
    let list: Value = serde_json::from_str(&office.get(&format!("/api/v1{ROUNDS}")).await.body).unwrap();
    assert_eq!(list[0]["stage"], "published");
    let known: Value = serde_json::from_str(&family.get(&format!("/api/v1{round}")).await.body).unwrap();
    assert_eq!(known["offerings"][0]["admitted"], 1);
    assert_eq!(known["sealed"], 1);
}

#[tokio::test]
async fn f12_programs_take_seats_first_come() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社"]).await;
    let round =
        saved(&office.post(ROUNDS, &typed(&term(office).await, "2026-11-24T16:30", "first_come")).await);
    saved(&office.post(&format!("{round}/announcement"), "").await);
    let choices = format!("/api/v1/children/{}/choices", school.bo);
    let seats = format!("{choices}/{}/seats", round.rsplit('/').next().unwrap());

    for wrong in [r#"{"step":"grab","place":0}"#, r#"{"step":"claim"}"#, r#"{"step":"confirm","place":0}"#] {
        assert_eq!(
            family.json("POST", &seats, wrong).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{wrong}"
        );
    }
    for step in [r#"{"step":"claim","place":0}"#, r#"{"step":"confirm","weekday":2}"#] {
        let done = family.json("POST", &seats, step).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    }
    let read: Value = serde_json::from_str(&family.get(&choices).await.body).unwrap();
    assert_eq!(read[0]["seats"][0]["held_until"], Value::Null);
    assert_eq!(read[0]["offerings"][0]["taken"], 1);
    refused(&family.json("POST", &seats, r#"{"step":"claim","place":0}"#).await, "已经有名额");
}

#[tokio::test]
async fn an_offering_that_families_chose_ends_with_a_number_a_reason_and_a_message() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社"]).await;
    let list: serde_json::Value =
        serde_json::from_str(&office.get("/api/v1/schools/east/offerings").await.body).unwrap();
    let chess = format!("/schools/east/offerings/{}", list[0]["id"].as_str().unwrap());
    let term = term(office).await;
    let round = saved(&office.post(ROUNDS, &typed(&term, "2026-11-24T16:30", "ranked")).await);
    saved(&office.post(&format!("{round}/announcement"), "").await);
    let id = round.rsplit('/').next().unwrap();
    let choices = format!("/children/{}/choices/{id}", school.bo);
    saved(&family.post(&choices, "add=0&day=2").await);

    shows(&office.get(&chess).await, &["“第一轮”正在选这门课，1 个孩子选了它。"]);
    assert!(!office.get(&chess).await.body.contains("收回来修改"));
    refused(&office.post(&format!("{chess}/withdrawal"), "agreed=1&reason=病").await, "家长正在选这门课");
    world.clock.move_to(instant(TODAY, time(16, 31, 0, 0)));
    saved(&office.post(&format!("{round}/seal"), "").await);
    saved(&office.post(&format!("{round}/draw"), "beacon=03 11 17").await);
    saved(&office.post(&format!("{round}/publication"), "").await);

    shows(&office.get(&chess).await, &["修改期间 1 个孩子的名额保留", "取消 1 个孩子的名额"]);
    refused(&office.post(&format!("{chess}/taking-back"), "").await, "有 1 个孩子选上了这门课");
    let silent = office.post(&format!("{chess}/withdrawal"), "reason=老师病了").await;
    refused(&silent, "有 1 个孩子选上了这门课");
    assert!(silent.body.contains("老师病了</textarea>"), "{}", silent.body);
    refused(&office.post(&format!("{chess}/withdrawal"), "agreed=1&reason=").await, "请写停开的理由");
    saved(&office.post(&format!("{chess}/taking-back"), "agreed=1").await);
    assert!(messages(family).await.contains("“围棋社”要修改，周小波的名额保留"));
    saved(&office.post(&format!("{chess}/withdrawal"), "agreed=1&reason=老师病了").await);
    assert!(messages(family).await.contains("围棋社 → 没有安排。理由：老师病了"));
    shows(&office.get(&chess).await, &["不再开设"]);
}

#[tokio::test]
async fn b6_a_family_that_leaves_reads_when_its_seat_ends_and_the_office_sees_it_pass_on() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, family) = (&school.office, &school.zhou);
    stays(&world, &school).await;
    offer(&world, &school, &["围棋社"]).await;
    let term = term(office).await;
    let round = saved(&office.post(ROUNDS, &typed(&term, "2026-11-28T16:30", "first_come")).await);
    saved(&office.post(&format!("{round}/announcement"), "").await);
    let choices = format!("/children/{}/choices/{}", school.bo, round.rsplit('/').next().unwrap());
    saved(&family.post(&choices, "claim=0&day=2").await);
    saved(&family.post(&choices, "confirm=2&day=2").await);
    let leave = format!("/children/{}/withdrawal", school.bo);
    shows(&family.get(&leave).await, &["选课得到的名额也到这一天为止"]);
    saved(&family.post(&leave, "last_day=2026-11-24&reason=&sure=yes").await);
    shows(&family.get(&choices).await, &["名额有期限。", "到11月24日（周二）为止"]);
    shows(&office.get(&format!("{round}/arrange?day=2")).await, &["课后服务到11月24日（周二）为止"]);
    let programs = family.get(&format!("/api/v1/children/{}/choices", school.bo)).await;
    let read: Value = serde_json::from_str(&programs.body).unwrap();
    assert_eq!(read[0]["place_ends_on"], "2026-11-24");

    world.clock.move_to(instant(date(2026, 11, 25), time(7, 0, 0, 0)));
    let system = world.store.system("east", world.clock.now()).await;
    let let_go = system.act::<KeepRounds, _, _>(let_leavers_go).await.unwrap();
    assert_eq!(let_go, Ok(1));
    let (office, family) = (world.seated_anew(office).await, world.seated_anew(family).await);
    let page = office.get(&format!("{round}/arrange?day=2")).await;
    shows(&page, &["周小波 周二：围棋社 → 没有安排", "课后服务到期，名额让了出来"]);
    assert!(!page.body.contains("taking-back"));
    assert!(messages(&family).await.contains("“围棋社”的名额让出来了"));
}
