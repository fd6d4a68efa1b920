//! The day on the pages: roll, missing child, leave, early leave, care log, sheets, groups.

use axum::http::{StatusCode, header};
use jiff::Timestamp;
use jiff::civil::{date, time};
use kehou_db::{Arg, Result, SchoolTx, Sql, sql};
use kehou_domain::access::{KeepOwnAccount, Role};
use kehou_domain::ids::{AnyId, EntityId};
use kehou_domain::moment::instant;

use crate::plan::{SOUND, in_force};
use crate::world::{Visitor, World};

const CLASS: &str = "三(2)班";

pub(crate) fn id(bits: u128) -> Arg {
    AnyId::from_bits(bits).into()
}

pub(crate) fn text(bits: u128) -> String {
    AnyId::from_bits(bits).to_string()
}

pub(crate) fn roll() -> String {
    format!("/schools/east/rolls/{}", text(61))
}

pub(crate) fn person(bits: u128) -> AnyId {
    AnyId::from_bits(bits)
}

/// A school day in east at 15:25: class 3(2) with 吴老师 and three children, the first one's mother.
pub(crate) async fn afternoon() -> World {
    let world = World::new().await;
    world.clock.move_to("2026-11-24T07:25:00Z".parse().unwrap());
    let filled =
        world.store.system("east", world.at).await.act::<KeepOwnAccount, (), ()>(|tx| Ok(fill(tx)?)).await;
    assert_eq!(filled.unwrap(), Ok(()));
    world
}

pub(crate) async fn teacher(world: &World) -> Visitor<'_> {
    world.member_as("east", Role::HomeroomTeacher, Some(person(131))).await
}

pub(crate) fn put(tx: &mut SchoolTx, sql: Sql, args: &[Arg]) -> Result<()> {
    tx.run(sql, args).map(drop)
}

fn fill(tx: &mut SchoolTx) -> Result<()> {
    let class = sql!(
        "insert into home_class (school_id, id, stage, entered_year, class_no) values ($1, $2, 'primary', 2024, 2)"
    );
    put(tx, class, &[id(121)])?;
    for (bits, name) in [(131, "吴老师"), (135, "何老师")] {
        put(
            tx,
            sql!("insert into staff (school_id, id, name) values ($1, $2, $3)"),
            &[id(bits), name.into()],
        )?;
    }
    let grade = sql!("insert into grade_head (school_id, staff_id, grade) values ($1, $2, 3)");
    put(tx, sql!("insert into staff (school_id, id, name) values ($1, $2, '郑组长')"), &[id(136)])?;
    put(tx, grade, &[id(136)])?;
    let homeroom = sql!(
        "insert into homeroom (school_id, class_id, staff_id, from_on) values ($1, $2, $3, '2026-09-01')"
    );
    put(tx, homeroom, &[id(121), id(131)])?;
    let term = sql!(
        "insert into term (school_id, id, school_year, name, starts_on, ends_on, service_from)
         values ($1, $2, 2026, '第一学期', '2026-09-01', '2027-01-20', '2026-09-07')"
    );
    put(tx, term, &[id(141)])?;
    let group = sql!(
        "insert into teaching_group (school_id, id, term_id, slot_id, slot_name, name, class_id, venue, teacher_id,
           version) values ($1, $2, $3, 'care', '自主作业', '三(2)班', $4, '教学楼 2-03', $5, 0)"
    );
    put(tx, group, &[id(151), id(141), id(121), id(131)])?;
    let session = sql!(
        "insert into session (school_id, id, group_id, slot_id, slot_name, held_on, starts_at, ends_at, teacher_id,
           venue, status, version)
         values ($1, $2, $3, 'care', '自主作业', '2026-11-24', $4, $5, $6, '教学楼 2-03', 'planned', 0)"
    );
    let at = |text: &str| -> Arg { text.parse::<Timestamp>().unwrap().into() };
    let hours = [at("2026-11-24T07:20:00Z"), at("2026-11-24T08:20:00Z")];
    let [from, to] = hours;
    put(tx, session, &[id(61), id(151), from, to, id(131)])?;
    let sealed = tx.seal("13800000111");
    let guardian = sql!(
        "insert into guardian (school_id, id, name, phone_mac, phone_sealed) values ($1, $2, '赵女士', 'm', $3)"
    );
    put(tx, guardian, &[id(111), sealed.into()])?;
    for (bits, name) in [(1, "陈子轩"), (2, "丁一诺"), (3, "高梓萱")] {
        let student =
            sql!("insert into student (school_id, id, name, sex, seat_no) values ($1, $2, $3, 'F', $4)");
        put(tx, student, &[id(bits), name.into(), i64::try_from(bits).unwrap().into()])?;
        let stay = sql!(
            "insert into class_stay (school_id, id, student_id, class_id, from_on)
             values ($1, $2, $3, $4, '2024-09-01')"
        );
        put(tx, stay, &[id(1000 + bits), id(bits), id(121)])?;
        let member = sql!(
            "insert into group_member (school_id, group_id, student_id, from_on) values ($1, $2, $3, '2026-09-07')"
        );
        put(tx, member, &[id(151), id(bits)])?;
        let fact = sql!(
            "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
               account_id, role, facts)
             values ($1, $2, $3, '2026-11-24', $4, 'expected', 0, 0, '', $5, 'academic_office', '{}')"
        );
        put(tx, fact, &[id(3000 + bits), id(bits), id(61), id(0)])?;
    }
    let of = sql!(
        "insert into guardianship (school_id, guardian_id, student_id, relation, from_on)
         values ($1, $2, $3, '妈妈', '2024-09-01')"
    );
    put(tx, of, &[id(111), id(1)])
}

/// The classes of the tiles in their order.
pub(crate) fn tiles(body: &str) -> Vec<&str> {
    let tiles = body.split("class=\"tile ").skip(1);
    tiles.map(|rest| rest.split('"').next().unwrap().trim()).collect()
}

#[tokio::test]
async fn the_roll_works_without_script_tap_by_tap() {
    let world = afternoon().await;
    let teacher = teacher(&world).await;
    let opened = teacher.get(&roll()).await;
    assert_eq!((opened.status, tiles(&opened.body)), (StatusCode::OK, vec!["", "", ""]));
    assert!(opened.body.contains("<h1>三(2)班 自主作业</h1>"));

    let tapped = teacher.post(&roll(), &format!("version=0&tap={}", text(1))).await;
    assert_eq!((tapped.status, tiles(&tapped.body)), (StatusCode::OK, vec!["is-absent", "", ""]));
    assert_eq!(tiles(&teacher.get(&roll()).await.body), ["", "", ""]);

    let saved = teacher.post(&roll(), &format!("version=0&m={}.absent&rest=present", text(1))).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let after = teacher.get(&saved.place).await;
    assert_eq!(tiles(&after.body), ["is-absent", "is-present", "is-present"]);
    assert!(after.body.contains("已把其余 2 人记为“到”"));
    assert!(after.body.contains("1 人没到，请马上联系家长"));
    assert!(after.body.contains("现场数到 2 人，对得上"));

    let counted = teacher.post(&format!("{}/head-count", roll()), "heads=3").await;
    assert_eq!(counted.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(counted.body.contains("点名在场 2 人，现场数到 3 人。再看一遍是谁不在"));
    let counted = teacher.post(&format!("{}/head-count", roll()), "heads=2").await;
    assert_eq!(counted.status, StatusCode::SEE_OTHER);
    let page = teacher.get(&roll()).await.body;
    assert!(page.contains("人数对过了，还有 1 人在找。") && !page.contains("点名完成。"));
}

#[tokio::test]
async fn the_same_form_twice_saves_once_and_a_stale_one_not_at_all() {
    let world = afternoon().await;
    let teacher = teacher(&world).await;
    let form = format!("version=0&m={}.absent&rest=present&key=k1", text(1));
    let (first, second) =
        (teacher.post_exactly(&roll(), &form).await, teacher.post_exactly(&roll(), &form).await);
    assert_eq!((first.status, first.place.as_str()), (StatusCode::SEE_OTHER, second.place.as_str()));
    let stale = teacher.post(&roll(), "version=0&rest=present").await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("别人刚存过这份点名"));
}

#[tokio::test]
async fn undo_is_on_the_toast() {
    let world = afternoon().await;
    let teacher = teacher(&world).await;
    let saved = teacher.post(&roll(), "version=0&rest=present").await;
    let at = saved.place.split("saved=").nth(1).unwrap().split('&').next().unwrap();
    let undone = teacher.post(&format!("{}/undo", roll()), &format!("saved={at}")).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert_eq!(tiles(&teacher.get(&roll()).await.body), ["", "", ""]);
}

#[tokio::test]
async fn a_missing_child_is_called_and_found() {
    let world = afternoon().await;
    let teacher = teacher(&world).await;
    let leader = world.duty_leader().await;
    teacher.post(&roll(), &format!("version=0&m={}.absent&rest=present", text(1))).await;
    let list = leader.get("/schools/east/cases").await;
    assert!(list.body.contains("1 人还没找到") && list.body.contains("陈子轩"));
    let inbox = leader.get("/messages").await.body;
    assert!(inbox.contains("陈子轩没有到，正在找。请马上跟进。"), "{inbox}");
    let case = list.body.split("/schools/east/cases/").nth(1).unwrap().split('"').next().unwrap();
    let case = format!("/schools/east/cases/{case}");
    assert!(!teacher.get(&case).await.body.contains("13800000111"));

    let dialled = teacher.post(&format!("{case}/calls"), &format!("guardian={}", text(111))).await;
    assert_eq!((dialled.status, dialled.place.as_str()), (StatusCode::SEE_OTHER, case.as_str()));
    assert!(teacher.get(&case).await.body.contains("href=\"tel:13800000111\""));

    let untouched = teacher.post(&case, "guardian=&answer=&said=&found=").await;
    assert_eq!(untouched.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(untouched.body.contains("请选电话打得怎么样"), "{}", untouched.body);
    let nobody = teacher.post(&case, "guardian=&answer=no_answer&said=&found=").await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.body.contains("请选打给了谁"), "{}", nobody.body);
    let form = format!("guardian={}&answer=no_answer&said=home&found=with_family", text(111));
    let refused = teacher.post(&case, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("要家人接了这一通电话才能写") && refused.body.contains(">home</textarea>"));
    let form = format!("guardian={}&answer=reached&said=home&found=with_family", text(111));
    assert_eq!(teacher.post(&case, &form).await.place, roll());
    assert!(leader.get("/schools/east/cases").await.body.contains("现在没有在找的孩子"));
    let ended = teacher.get(&case).await.body;
    assert!(ended.contains("已经结束：在家人身边") && !ended.contains("写下结果"), "{ended}");
    let second = teacher.post(&case, &form).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(second.body.contains("不用再写"), "{}", second.body);
}

#[tokio::test]
async fn a_child_who_has_been_missing_since_yesterday_stands_with_its_day() {
    let world = afternoon().await;
    let called =
        teacher(&world).await.post(&roll(), &format!("version=0&m={}.absent&rest=present", text(1))).await;
    assert_eq!(called.status, StatusCode::SEE_OTHER, "{}", called.body);
    let leader = world.duty_leader().await;
    let same_day = leader.get("/schools/east/cases").await;
    assert!(same_day.body.contains("11月24日（周二）") && !same_day.body.contains("tag-late"));
    world.clock.move_to(instant(date(2026, 11, 25), time(9, 0, 0, 0)));
    let leader = world.seated_anew(&leader).await;
    let next_day = leader.get("/schools/east/cases").await;
    assert!(next_day.body.contains("tag-late") && next_day.body.contains("11月24日（周二）"));
    let case = next_day.body.split("/schools/east/cases/").nth(1).unwrap().split('"').next().unwrap();
    let page = leader.get(&format!("/schools/east/cases/{case}")).await;
    assert!(page.body.contains("11月24日（周二）"), "{}", page.body);
}

#[tokio::test]
async fn a_guardian_files_leave_and_takes_it_back() {
    let world = afternoon().await;
    world.clock.move_to("2026-11-24T01:00:00Z".parse().unwrap());
    let mother = world.member_as("east", Role::Guardian, Some(person(111))).await;
    let page = format!("/children/{}/leave", text(1));
    let wrong = mother.post(&page, "from_on=2026-11-24&to_on=2026-11-23&kind=sick&reason=x").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("最后一天不能早于第一天"));
    let saturday = mother.post(&page, "from_on=2026-11-28&to_on=2026-11-28&kind=sick&reason=x").await;
    assert_eq!(saturday.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(saturday.body.contains("下一个有课后服务的日子是11月30日（周一）"), "{}", saturday.body);
    let never = mother.post(&page, "from_on=9999-12-31&to_on=9999-12-31&kind=sick&reason=x").await;
    assert_eq!(never.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(never.body.contains("学期到2027年1月20日为止"), "{}", never.body);
    assert!(wrong.body.contains("<body data-posted data-who="), "the page says what it answers");
    assert!(wrong.body.contains("<p class=\"cap\">陈子轩</p>"), "{}", wrong.body);
    assert!(wrong.body.contains(&format!("href=\"/home?child={}\"", text(1))));
    let blank = mother.post(&page, "from_on=&to_on=x&kind=sick&reason=").await;
    for line in ["#from_on\">从哪天：选一个日期", "#to_on\">到哪天：选一个日期"] {
        assert!(blank.body.contains(line), "{line}: {}", blank.body);
    }
    let filed = mother.post(&page, "from_on=2026-11-24&to_on=2026-11-24&kind=sick&reason=").await;
    assert_eq!((filed.status, filed.place.as_str()), (StatusCode::SEE_OTHER, page.as_str()));
    let teacher = teacher(&world).await;
    assert_eq!(tiles(&teacher.get(&roll()).await.body), ["is-leave", "", ""]);
    assert!(teacher.get("/schools/east/leaves").await.body.contains("陈子轩"));

    let list = mother.get(&page).await;
    let leave = list.body.split(&format!("{page}/")).nth(1).unwrap().split('/').next().unwrap();
    let back = mother.post(&format!("{page}/{leave}/withdrawal"), "").await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(tiles(&teacher.get(&roll()).await.body), ["", "", ""]);

    let strangers_child = mother.get(&format!("/children/{}/leave", text(2))).await;
    assert_eq!(strangers_child.status, StatusCode::NOT_FOUND);

    let without_thursday = SOUND.replacen("weekdays = \"1-5\"", "weekdays = \"1-3\"", 1);
    in_force(&world.principal().await, &without_thursday, "2026-09-01").await;
    let thursday = mother.post(&page, "from_on=2026-11-26&to_on=2026-11-27&kind=sick&reason=x").await;
    assert_eq!(thursday.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(thursday.body.contains("下一个有课后服务的日子是11月30日（周一）"), "{}", thursday.body);
    let wednesday = mother.post(&page, "from_on=2026-11-25&to_on=2026-11-26&kind=sick&reason=").await;
    assert_eq!(wednesday.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_early_leave_goes_from_the_teacher_to_the_grade_head() {
    let world = afternoon().await;
    let teacher = teacher(&world).await;
    teacher.post(&roll(), "version=0&rest=present").await;
    let report = format!("{}/early-leaves", roll());
    let page = teacher.get(&report).await.body;
    assert!(page.contains("丁一诺") && page.contains("<option value=\"\" selected>请选</option>"), "{page}");
    let refused = teacher.post(&report, &format!("student={}&reason=", text(2))).await;
    assert!(refused.body.contains("写一句为什么要提前走"));
    let refused = teacher.post(&report, &format!("student=&reason={}", "长".repeat(201))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("<a href=\"#student\">选一个孩子</a>"), "{}", refused.body);
    assert!(refused.body.contains("<a href=\"#reason\">为什么：最多写 200 个字</a>"));
    teacher.post(&report, &format!("student={}&reason=dentist", text(2))).await;
    assert!(teacher.get("/schools/east/early-leaves").await.body.contains("等年级组长同意"));
    let head = world.member_as("east", Role::GradeHead, Some(person(136))).await;
    let list = head.get("/schools/east/early-leaves").await.body;
    assert!(list.contains("同意离校"), "one press leads here: {list}");
    let early = list.split("/schools/east/early-leaves/").nth(1).unwrap().split('/').next().unwrap();
    let early = format!("/schools/east/early-leaves/{early}");
    assert_eq!(head.post(&format!("{early}/decision"), "step=approve").await.status, StatusCode::SEE_OTHER);
    teacher.post(&format!("{early}/steps"), "step=leave").await;
    assert_eq!(tiles(&teacher.get(&roll()).await.body), ["is-present", "is-gone", "is-present"]);
}

#[tokio::test]
async fn the_care_log_keeps_what_was_typed() {
    let world = afternoon().await;
    let teacher = teacher(&world).await;
    let log = format!("{}/log", roll());
    let refused = teacher.post(&log, "happened=quiet&heads=many").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(">quiet</textarea>") && refused.body.contains("填现场数到的人数"));
    for heads in ["many", "301"] {
        let both = teacher.post(&log, &format!("happened={}&heads={heads}", "长".repeat(1_001))).await;
        assert!(both.body.contains("有 2 处要改") && both.body.contains("最多写 1000 个字，现在是 1001 个"));
    }
    teacher.post(&log, "happened=quiet&heads=3").await;
    assert!(teacher.get(&log).await.body.contains("现场 3 人"));
    assert!(world.duty_leader().await.get("/schools/east/logs").await.body.contains("quiet"));
}

#[tokio::test]
async fn sheets_are_shown_and_downloaded() {
    let world = afternoon().await;
    teacher(&world).await.post(&roll(), &format!("version=0&m={}.absent&rest=present", text(1))).await;
    let office = world.office().await;
    for (page, words) in [("day", "日签到表"), ("week", "周统计表"), ("month", "月汇总表")] {
        let shown = office.get(&format!("/schools/east/sheets/{page}")).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.contains(words) && shown.body.contains(CLASS), "{page}");
        let file = office.get(&format!("/schools/east/sheets/{page}.xlsx")).await;
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(
            file.headers[header::CONTENT_TYPE],
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        );
        assert!(file.body.starts_with("PK"), "{page}");
    }
    let closed = office.post("/schools/east/sheets/month", "of=2026-11").await;
    assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(closed.body.contains("过了才能存档"));
}

#[tokio::test]
async fn the_office_gives_a_group_its_teacher_and_room() {
    let world = afternoon().await;
    let office = world.office().await;
    assert!(office.get("/schools/east/groups").await.body.contains("教学楼 2-03"));
    let group = format!("/schools/east/groups/{}", text(151));
    let page = office.get(&group).await.body;
    for name in ["陈子轩", "丁一诺", "高梓萱"] {
        assert_eq!(page.matches(name).count(), 1, "{name}: {page}");
    }
    let arranged = office.post(&group, &format!("teacher={}&venue=305", text(135))).await;
    assert_eq!((arranged.status, arranged.place.as_str()), (StatusCode::SEE_OTHER, "/schools/east/groups"));
    let page = office.get("/schools/east/groups").await.body;
    assert!(page.contains("何老师") && page.contains("305"));
    let long = office.post(&group, &format!("teacher=&venue={}", "x".repeat(41))).await;
    assert!(long.body.contains("地方最多写 40 个字"));
}

#[tokio::test]
async fn a_program_reads_and_saves_the_roll() {
    let world = afternoon().await;
    let teacher = teacher(&world).await;
    let api = format!("/api/v1{}", roll());
    let read: serde_json::Value = serde_json::from_str(&teacher.get(&api).await.body).unwrap();
    assert_eq!(read["session"]["counts"]["unmarked"], 3);
    let fact = text(9001);
    let body = format!(
        r#"{{"version":0,"marks":[{{"student":"{}","mark":"absent","fact":"{fact}"}}],"rest":"present"}}"#,
        text(1)
    );
    let saved: serde_json::Value =
        serde_json::from_str(&teacher.json("POST", &api, &body).await.body).unwrap();
    assert_eq!((saved["noted"].as_i64(), saved["counts"]["absent"].as_i64()), (Some(3), Some(1)));
    let facts: serde_json::Value =
        serde_json::from_str(&teacher.get(&format!("{api}/facts")).await.body).unwrap();
    assert_eq!(facts.as_array().unwrap().iter().filter(|one| one["id"] == fact.as_str()).count(), 1);
    let stale = teacher.json("POST", &api, &body).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sessions: serde_json::Value =
        serde_json::from_str(&teacher.get("/api/v1/schools/east/sessions").await.body).unwrap();
    assert_eq!(sessions[0]["status"], "called");
}

#[tokio::test]
async fn a_roll_page_is_small() {
    let world = afternoon().await;
    let page = teacher(&world).await.get(&roll()).await;
    assert!(page.body.len() < 24 * 1024, "{}", page.body.len());
}

#[tokio::test]
async fn another_teacher_sees_nothing_of_the_session() {
    let world = afternoon().await;
    let other = world.member_as("east", Role::HomeroomTeacher, Some(person(135))).await;
    assert_eq!(other.get(&roll()).await.status, StatusCode::FORBIDDEN);
    assert!(other.get("/schools/east/today").await.body.contains("今天没有你的课后服务"));
    assert!(teacher(&world).await.get("/schools/east/today").await.body.contains(CLASS));
}

#[tokio::test]
async fn a_month_that_stays_open_leads_to_its_rolls() {
    let world = afternoon().await;
    let office = world.office().await;
    let page = office.get("/schools/east/sheets/month?of=2026-11").await;
    for words in ["还没点名的，点完再存档".to_owned(), "3 人没点".to_owned(), format!("href=\"{}\"", roll())]
    {
        assert!(page.body.contains(&words), "the page lacks {words}");
    }
    let day = office.get("/schools/east/sheets/day").await;
    assert!(day.body.contains(&format!("href=\"{}\"", roll())));
    let safety = world.member("east", Role::SafetyOffice).await.get("/schools/east/sheets/day").await;
    assert!(!safety.body.contains(&roll()), "who may not read rolls is not led there");
}

#[tokio::test]
async fn a_day_with_children_here_is_paused_only_knowingly_and_for_the_reason_typed() {
    let world = afternoon().await;
    let office = world.office().await;
    let called = teacher(&world).await.post(&roll(), "version=0&rest=present").await;
    assert_eq!(called.status, StatusCode::SEE_OTHER, "{}", called.body);
    let form = "day=2026-11-24&kind=pause&reason=停水";
    let asked = office.post("/schools/east/local-days", form).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["现在有 3 个孩子在校", "name=\"here\" value=\"3\"", "value=\"停水\""] {
        assert!(asked.body.contains(words), "the page lacks {words}");
    }
    let done = office.post("/schools/east/local-days", &format!("{form}&here=3")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = office.get("/schools/east/calendar?month=2026-11").await;
    assert!(page.body.contains("停水") && !page.body.contains("疫情"));
}
