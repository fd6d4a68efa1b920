//! The gate, the handover, the board and the family's pages, at 17:25 on a Tuesday.

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_db::{Arg, Result, SchoolTx, sql};
use kehou_domain::access::{KeepOwnAccount, Role};
use kehou_domain::ids::{AnyId, EntityId, StudentId};
use kehou_domain::moment::instant;

use crate::world::{SCHOOLS, Visitor, World};

pub(crate) const TUESDAY: Date = date(2026, 11, 24);

pub(crate) fn at(hour: i8, minute: i8) -> Timestamp {
    instant(TUESDAY, time(hour, minute, 0, 0))
}

pub(crate) fn id(bits: u128) -> Arg {
    AnyId::from_bits(bits).into()
}

pub(crate) fn an() -> StudentId {
    StudentId::from_bits(1)
}

pub(crate) fn written(bits: u128) -> String {
    AnyId::from_bits(bits).to_string()
}

/// Both schools with one group of one child, called in at 15:25, and the clock at 17:25.
pub(crate) async fn afternoon() -> World {
    let world = World::new().await;
    let now = at(17, 25);
    world.clock.move_to(now);
    for code in SCHOOLS {
        let filled =
            world.store.system(code, now).await.act::<KeepOwnAccount, (), ()>(|tx| Ok(fill(tx)?)).await;
        assert_eq!(filled.unwrap(), Ok(()));
    }
    world
}

fn fill(tx: &mut SchoolTx) -> Result<()> {
    tx.run(
        sql!("insert into home_class (school_id, id, stage, entered_year, class_no) values ($1, $2, 'primary', 2024, 2)"),
        &[id(21)],
    )?;
    let phone = tx.seal("13800000011");
    tx.run(
        sql!("insert into guardian (school_id, id, name, phone_mac, phone_sealed) values ($1, $2, '林敏', 'm', $3)"),
        &[id(11), phone.into()],
    )?;
    tx.run(sql!("insert into staff (school_id, id, name) values ($1, $2, '吴老师')"), &[id(31)])?;
    tx.run(
        sql!(
            "insert into term (school_id, id, school_year, name, starts_on, ends_on, service_from)
             values ($1, $2, 2026, '第一学期', '2026-09-01', '2027-01-20', '2026-09-07')"
        ),
        &[id(41)],
    )?;
    tx.run(
        sql!(
            "insert into teaching_group (school_id, id, term_id, slot_id, name, class_id, venue, teacher_id, version)
             values ($1, $2, $3, 'care', '三(2)班', $4, '302', $5, 0)"
        ),
        &[id(51), id(41), id(21), id(31)],
    )?;
    tx.run(
        sql!(
            "insert into session
               (school_id, id, group_id, slot_id, held_on, starts_at, ends_at, teacher_id, venue, status, version)
             values ($1, $2, $3, 'care', $4, $5, $6, $7, '302', 'called', 0)"
        ),
        &[id(61), id(51), TUESDAY.into(), at(15, 20).into(), at(17, 20).into(), id(31)],
    )?;
    tx.run(sql!("insert into student (school_id, id, name, sex) values ($1, $2, '安安', 'F')"), &[id(1)])?;
    tx.run(
        sql!("insert into class_stay (school_id, id, student_id, class_id, from_on) values ($1, $2, $3, $4, '2024-09-01')"),
        &[id(101), id(1), id(21)],
    )?;
    tx.run(
        sql!(
            "insert into guardianship (school_id, guardian_id, student_id, relation, from_on)
             values ($1, $2, $3, '妈妈', '2024-09-01')"
        ),
        &[id(11), id(1)],
    )?;
    fact(tx, 201, "expected", at(8, 0))?;
    fact(tx, 202, "present", at(15, 25))
}

fn fact(tx: &mut SchoolTx, bits: u128, kind: &'static str, at: Timestamp) -> Result<()> {
    let sql = sql!(
        "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
           account_id, role, facts)
         values ($1, $2, $3, $4, $5, $6, $7, $7, '', $8, 'service_teacher', '{}')"
    );
    let account = tx.account();
    let args = [id(bits), id(1), TUESDAY.into(), id(61), kind.into(), at.into(), account.into()];
    tx.run(sql, &args).map(drop)
}

pub(crate) async fn person(world: &World, role: Role, bits: u128) -> Visitor<'_> {
    world.member_as("east", role, Some(AnyId::from_bits(bits))).await
}

#[tokio::test]
async fn a_guard_looks_up_who_stands_there_and_lets_the_child_go() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let list = guard.get("/schools/east/gate").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.body.contains("安安") && list.body.contains("还没接走"));
    let found = guard.post("/schools/east/gate", "find=三（2）").await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.body.contains("安安"));
    let other = guard.post("/schools/east/gate", "find=4.1").await;
    assert!(!other.body.contains("安安"));
    let child = format!("/schools/east/gate/{}", an());
    let mother = format!("guardian:{}", written(11));
    let checked = guard.post(&format!("{child}/checks"), &format!("who={mother}")).await;
    assert_eq!(
        (checked.status, checked.place.as_str()),
        (StatusCode::SEE_OTHER, format!("{child}?who={mother}").as_str())
    );
    let page = guard.get(&checked.place).await;
    assert!(page.body.contains("可以接走") && page.body.contains("人对上了，放行"));
    let form = format!("who={mother}&checked=known&key=one");
    for _ in 0..2 {
        let gone = guard.post_exactly(&format!("{child}/releases"), &form).await;
        assert_eq!((gone.status, gone.place.as_str()), (StatusCode::SEE_OTHER, child.as_str()));
    }
    let page = guard.get(&child).await;
    assert!(page.body.contains("妈妈林敏已接走") && !page.body.contains("先不要放行"));
    let again = guard.get(&format!("{child}?who={mother}")).await;
    assert!(again.body.contains("已接走") && !again.body.contains("先不要放行"));
}

#[tokio::test]
async fn a_stranger_at_the_gate_is_stopped_with_the_next_step_and_settled_by_the_duty_leader() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let child = format!("/schools/east/gate/{}", an());
    let nameless = guard.post(&format!("{child}/checks"), "who=other&name=").await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nameless.body.contains("请填来接的人的姓名"));
    let long = guard.post(&format!("{child}/checks"), &format!("who=other&name={}", "x".repeat(41))).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.body.contains("姓名最多 40 个字") && long.body.contains(&"x".repeat(41)), "{}", long.body);
    let stopped = guard.post(&format!("{child}/checks"), "who=other&name=%E5%88%98%E5%BC%BA").await;
    assert!(stopped.place.starts_with("/schools/east/stops/"));
    let page = guard.get(&stopped.place).await;
    assert!(page.body.contains("先不要放行") && page.body.contains("tel:13800000011"));
    assert!(page.body.contains("刘强") && !page.body.contains("记下处理结果"));
    let settlement = format!("{}/settlement", stopped.place);
    assert_eq!(guard.post(&settlement, "settlement=let_go&note=x").await.status, StatusCode::FORBIDDEN);
    let leader = person(&world, Role::DutyLeader, 32).await;
    assert!(leader.get("/schools/east/board").await.body.contains("刘强"));
    let unsaid = leader.post(&settlement, "settlement=turned_away&note=").await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    let settled = leader.post(&settlement, "settlement=turned_away&note=ok").await;
    assert_eq!(settled.place, stopped.place);
    assert!(guard.get(&stopped.place).await.body.contains("值班领导处理了"));
}

#[tokio::test]
async fn the_teacher_hands_over_closes_the_room_and_the_leader_closes_the_day() {
    let world = afternoon().await;
    let teacher = person(&world, Role::ServiceTeacher, 31).await;
    let leader = person(&world, Role::DutyLeader, 32).await;
    let session = format!("/schools/east/sessions/{}", written(61));
    let page = teacher.get(&format!("{session}/handover")).await;
    assert!(page.body.contains("安安") && page.body.contains("勾选的孩子交到门口"));
    let nobody = teacher.post(&format!("{session}/handover"), "place=x").await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ticked = "checks=children_left&checks=power_off&checks=windows_shut&checks=doors_locked";
    let early = teacher.post(&format!("{session}/closing"), ticked).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let handed = teacher.post(&format!("{session}/handover"), &format!("students={}&place=x", an())).await;
    assert!(handed.place.starts_with(&format!("{session}/handover?noted=")));
    let page = teacher.get(&handed.place).await;
    let noted = handed.place.rsplit('=').next().unwrap();
    assert!(page.body.contains("撤销") && page.body.contains("已交到门口"));
    let undone = teacher.post(&format!("{session}/handover/undo"), &format!("noted={noted}")).await;
    assert_eq!(undone.place, format!("{session}/handover"));
    assert!(!teacher.get(&undone.place).await.body.contains("已交到门口"));
    let handed = teacher.post(&format!("{session}/handover"), &format!("students={}&place=x", an())).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER);
    let closed = teacher.post(&format!("{session}/closing"), ticked).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER);
    let day = "/schools/east/days/2026-11-24/closing";
    let open = leader.post(day, "").await;
    assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(open.body.contains("1 个孩子还没有去向"));
    world.clock.move_to(at(17, 26));
    let mother = format!("who=guardian:{}&checked=known", written(11));
    leader.post(&format!("/schools/east/gate/{}/releases", an()), &mother).await;
    assert_eq!(leader.post(day, "").await.status, StatusCode::SEE_OTHER);
    let sheet = leader.get("/schools/east/days/2026-11-24/handover-sheet").await;
    assert!(sheet.body.contains("林敏"));
    world.clock.move_to(instant(TUESDAY.tomorrow().unwrap(), time(9, 0, 0, 0)));
    let leader = world.seated_anew(&leader).await;
    let again = leader.post(day, "").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.body.contains("11月24日")
            && again.body.contains("已经关过")
            && !again.body.contains("今天已经关过")
    );
    let board = leader.get("/schools/east/board?day=2026-11-24").await;
    assert_eq!(board.status, StatusCode::OK);
    assert!(!board.body.contains("/days/2026-11-24/closing"), "a closed day is not closed again");
}

async fn set_password(world: &World, visitor: &Visitor<'_>, password: &str) {
    let hash = kehou_db::identity::password::hash(password.to_owned()).await.unwrap();
    let account = visitor.scope.as_ref().unwrap().account();
    world.store.db.set_password(account, hash, at(17, 25)).await.unwrap();
}

#[tokio::test]
async fn a_guardian_sees_the_day_and_names_a_delegate_soon_after_signing_in() {
    let world = afternoon().await;
    let scope = world
        .store
        .member("east", ("13800000011", Role::Guardian), Some(AnyId::from_bits(11)), at(17, 20))
        .await;
    let old = world.seated(scope).await;
    let home = old.get("/home").await;
    assert!(home.body.contains("老师已点到") && home.body.contains("今日流程"));
    assert!(home.body.contains("安安 三(2)班</a>"), "one child has a name as well: {}", home.body);
    world.clock.move_to(instant(TUESDAY.tomorrow().unwrap(), time(0, 1, 0, 0)));
    let midnight = old.get("/home").await;
    assert!(midnight.body.contains("还没有参加课后服务") && midnight.body.contains("看怎么报名"));
    world.clock.move_to(at(17, 25));
    let page = format!("/children/{}/pickup", an());
    assert!(old.get(&page).await.body.contains("重新登录一次"));
    let form = "name=%E7%8E%8B%E6%A1%82%E5%85%B0&relation=%E5%A5%B6%E5%A5%B6&from_on=2026-11-24&to_on=2026-12-24&capable=yes";
    let refused = old.post(&format!("/children/{}/delegates", an()), form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("王桂兰"));
    set_password(&world, &old, "correct-horse").await;
    assert!(old.get(&page).await.body.contains("name=\"password\""));
    for (password, status) in [
        ("", StatusCode::UNPROCESSABLE_ENTITY),
        ("wrong-horse", StatusCode::UNPROCESSABLE_ENTITY),
        ("correct-horse", StatusCode::SEE_OTHER),
    ] {
        let named =
            old.post(&format!("/children/{}/delegates", an()), &format!("{form}&password={password}")).await;
        assert_eq!(named.status, status, "{password}");
    }
    assert!(old.get(&page).await.body.contains("王桂兰"));
    let day = old.get(&format!("/children/{}/days/2026-11-24", an())).await;
    assert!(day.body.contains("老师点到"));
    let stranger = person(&world, Role::Guardian, 99).await;
    assert_eq!(stranger.get(&page).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_gate_says_what_happened_to_a_child_whose_day_was_called_off() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let page = format!("/schools/east/gate/{}", an());
    let system = world.store.system("east", at(17, 25)).await;
    let off = system.act::<KeepOwnAccount, (), ()>(|tx| {
        let day = sql!(
            "insert into local_day (school_id, day, kind, reason) values ($1, '2026-11-24', 'closure', '台风')"
        );
        tx.run(day, &[])?;
        tx.run(sql!("update session set status = 'cancelled' where school_id = $1"), &[])?;
        tx.run(sql!("update term set status = 'open' where school_id = $1"), &[])?;
        Ok(())
    });
    assert_eq!(off.await.unwrap(), Ok(()));
    let shown = guard.get(&page).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("不在今天的名单上了") && shown.body.contains("停课：台风"));
    assert!(shown.body.contains("tel:13800000011"), "{}", shown.body);
    let mother = format!("who=guardian:{}&checked=known", written(11));
    assert_eq!(guard.post(&format!("{page}/releases"), &mother).await.place, page);
    let asked = serde_json::json!({ "who": format!("guardian:{}", written(11)), "checked": "known" });
    let releases = format!("/api/v1/schools/east/gate/{}/releases", an());
    let refused = guard.json("POST", &releases, &asked.to_string()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused: serde_json::Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(refused["code"], "called_off");
    assert!(refused["message"].as_str().unwrap().contains("孩子的课后服务在开始之前停了"), "{refused}");
    let stranger = format!("/schools/east/gate/{}", StudentId::from_bits(99));
    assert_eq!(guard.get(&stranger).await.status, StatusCode::NOT_FOUND);
    let session = format!("/schools/east/sessions/{}", written(61));
    let teacher = person(&world, Role::ServiceTeacher, 31).await;
    let leader = person(&world, Role::DutyLeader, 32).await;
    for (work, form) in [("handover", "students=x&place=x"), ("closing", "checks=children_left")] {
        for visitor in [&teacher, &leader] {
            let shown = visitor.get(&format!("{session}/{work}")).await;
            assert_eq!(shown.status, StatusCode::OK, "{work}: {}", shown.body);
            for words in ["这一场停了", "停课：台风", "有孩子在这里", "安安"] {
                assert!(shown.body.contains(words), "{work} {words}: {}", shown.body);
            }
            let refused = visitor.post(&format!("{session}/{work}"), form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{work}: {}", refused.body);
            assert!(refused.body.contains("这一组今天停了"), "{work}: {}", refused.body);
        }
    }
    assert!(leader.get(&format!("{session}/handover")).await.body.contains(&page));
}

#[tokio::test]
async fn a_guardian_of_a_child_who_left_sees_the_last_day_and_then_that_it_left() {
    let world = afternoon().await;
    let scope = world
        .store
        .member("east", ("13800000011", Role::Guardian), Some(AnyId::from_bits(11)), at(17, 20))
        .await;
    let mother = world.seated(scope).await;
    let system = world.store.system("east", at(17, 25)).await;
    let left = system.act::<KeepOwnAccount, (), ()>(|tx| {
        let sql = sql!(
            "update student set status = 'left', left_on = '2026-11-24', left_why = 'transferred'
             where school_id = $1 and id = $2"
        );
        tx.run(sql, &[id(1)])?;
        Ok(())
    });
    assert_eq!(left.await.unwrap(), Ok(()));
    let today = mother.get("/home").await;
    assert!(today.body.contains("老师已点到") && !today.body.contains("已经离开这所学校"));
    world.clock.move_to(instant(TUESDAY.tomorrow().unwrap(), time(9, 0, 0, 0)));
    let tomorrow = mother.get("/home").await;
    assert!(tomorrow.body.contains("已经离开这所学校") && !tomorrow.body.contains("换人来接"));
    let last = format!("/children/{}/days/2026-11-24", an());
    assert!(tomorrow.body.contains(&last) && mother.get(&last).await.body.contains("老师点到"));
    for page in ["/messages".to_owned(), format!("/children/{}/data", an())] {
        assert_eq!(mother.get(&page).await.status, StatusCode::OK, "{page}");
    }
}

#[tokio::test]
async fn the_office_keeps_who_must_not_collect() {
    let world = afternoon().await;
    let office = person(&world, Role::AcademicOffice, 34).await;
    let page = format!("/schools/east/students/{}/restrictions", an());
    assert_eq!(office.post(&page, "name=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = office.post(&page, "name=%E5%AE%89%E5%9B%BD&source=court_paper&note=n").await;
    assert_eq!(set.place, page);
    assert!(office.get(&page).await.body.contains("安国"));
    let guard = person(&world, Role::GateGuard, 33).await;
    assert_eq!(guard.get(&page).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn programs_read_and_release_as_pages_do() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let list = guard.get("/api/v1/schools/east/gate").await;
    assert!(list.body.contains("\"to_go\":1"));
    let path = format!("/api/v1/schools/east/gate/{}/releases", an());
    let body = format!("{{\"who\":\"guardian:{}\",\"checked\":\"known\"}}", written(11));
    assert_eq!(
        guard.json("POST", &path, &body).await.body,
        "{\"outcome\":\"released\",\"stop\":null,\"why\":null}"
    );
    let again = guard.json("POST", &path, &body).await;
    assert_eq!(again.body, "{\"outcome\":\"not_now\",\"stop\":null,\"why\":\"gone\"}");
    let leader = person(&world, Role::DutyLeader, 32).await;
    assert!(leader.get("/api/v1/schools/east/board").await.body.contains("\"gone\":1"));
}

#[tokio::test]
async fn h1_a_delegate_on_paper_is_entered_by_one_and_confirmed_by_another() {
    let world = afternoon().await;
    let office = person(&world, Role::AcademicOffice, 34).await;
    let principal = person(&world, Role::Principal, 35).await;
    let form = format!("/schools/east/students/{}/signed-papers", an());
    for kind in ["delegate", "delegate_ends", "way_home", "way_home_ends", "purposes", "withdrawal"] {
        assert_eq!(office.get(&format!("{form}?kind={kind}")).await.status, StatusCode::OK, "{kind}");
    }
    let said = "kind=delegate&signed_on=2026-11-24&place=%E6%9F%9C&name=%E6%96%B9%E7%A7%80%E8%8B%B1\
                &relation=%E9%82%BB%E5%B1%85&from_on=2026-11-24&to_on=2026-12-24&capable=yes";
    let refused = office.post(&form, said).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("请选签字的监护人") && refused.body.contains("value=\"方秀英\""));
    let said = format!("{said}&guardian={}", written(11));
    assert_eq!(office.post(&form, &said).await.place, "/schools/east/signed-papers");
    let list = office.get("/schools/east/signed-papers").await.body;
    assert!(list.contains("等另一位老师") && !list.contains("/confirmation"));
    let list = principal.get("/schools/east/signed-papers").await.body;
    let path = list.split('"').find(|part| part.ends_with("/confirmation")).unwrap().to_owned();
    assert_eq!(principal.post(&path, "found=yes").await.place, "/schools/east/signed-papers");
    let mother = person(&world, Role::Guardian, 11).await;
    assert!(mother.get(&format!("/children/{}/pickup", an())).await.body.contains("方秀英"));
}

#[tokio::test]
async fn h3_who_must_not_collect_is_stopped_and_the_first_call_goes_to_the_duty_leader() {
    let world = afternoon().await;
    let (guard, office) = (person(&world, Role::GateGuard, 33).await, world.office().await);
    let leader = person(&world, Role::DutyLeader, 32).await;
    let account = leader.scope.as_ref().unwrap().account();
    let staffed = office.scope.as_ref().unwrap().act::<KeepOwnAccount, u64, ()>(move |tx| {
        let sealed = tx.seal("13800000032");
        let sql = sql!("insert into staff (school_id, id, name, account_id, phone_sealed) values ($1, $2, '顾校', $3, $4)");
        Ok(tx.run(sql, &[id(32), account.into(), sealed.into()])?)
    });
    assert_eq!(staffed.await.unwrap(), Ok(1));
    let restricted = format!("/schools/east/students/{}/restrictions", an());
    let set = office.post(&restricted, "name=%E5%88%98%E5%BC%BA&source=court_paper&note=").await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    let child = format!("/schools/east/gate/{}", an());
    let stopped = guard.post(&format!("{child}/checks"), "who=other&name=%E5%88%98%E5%BC%BA").await;
    let page = guard.get(&stopped.place).await.body;
    let calls: Vec<&str> =
        page.split("href=\"tel:").skip(1).map(|part| part.split('"').next().unwrap()).collect();
    assert_eq!(calls, ["13800000032", "13800000011"]);
    assert!(page.contains("打给值班领导 顾校"), "{page}");
}
