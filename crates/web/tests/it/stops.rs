//! Who was stopped at the gate, on the pages of guards, leaders and the family.

use axum::http::StatusCode;
use kehou_db::sql;
use kehou_domain::access::{KeepOwnAccount, KeepPickupList, Role};
use kehou_domain::ids::DelegateId;

use crate::dismissal::{TUESDAY, afternoon, an, at, id, person, written};
use crate::world::Visitor;

#[tokio::test]
async fn h3_h10_a_stop_shows_on_the_childs_page_and_asks_for_nothing_once_the_child_has_left() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let leader = person(&world, Role::DutyLeader, 32).await;
    let child = format!("/schools/east/gate/{}", an());
    let ask = |name: &str| format!("who=other&name={name}");
    let stopped = guard.post(&format!("{child}/checks"), &ask("%E7%8E%8B%E8%8A%B3")).await;
    world.clock.move_to(at(17, 31));
    let again = guard.post(&format!("{child}/checks"), &ask("%E7%8E%8B+%E8%8A%B3")).await;
    assert_eq!(again.place, stopped.place);

    let other_gate = leader.get(&child).await.body;
    for words in ["今天拦下的人", "王芳", "又来 1 次，最近 17:31", "还没有处理", &stopped.place]
    {
        assert!(other_gate.contains(words), "{words}: {other_gate}");
    }
    assert!(leader.get("/schools/east/gate").await.body.contains("有人来接被拦下"));
    assert!(leader.get("/api/v1/schools/east/gate").await.body.contains("\"held\":false,\"stopped\":true"));

    let form = format!("who=guardian:{}&checked=known", written(11));
    guard.post(&format!("{child}/releases"), &form).await;
    assert!(!leader.get("/schools/east/gate").await.body.contains("有人来接被拦下"));
    world.clock.move_to(at(17, 50));
    let page = leader.get(&stopped.place).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("17:31 妈妈林敏已接走") && page.body.contains("补记经过"), "{}", page.body);
    for words in ["先不要放行", "tel:", "let_go", "hx-trigger"] {
        assert!(!page.body.contains(words), "{words}: {}", page.body);
    }
    let settlement = format!("{}/settlement", stopped.place);
    let noted = leader.post(&settlement, "settlement=mistaken&note=x").await;
    assert_eq!(noted.place, stopped.place);
    assert!(leader.get(&stopped.place).await.body.contains("认错人了，没有事"));
}

#[tokio::test]
async fn g2_h3_a_stranger_before_the_roll_is_kept_and_the_page_says_both() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let system = world.store.system("east", at(17, 25)).await;
    let undone = system.act::<KeepOwnAccount, u64, ()>(|tx| {
        let sql = sql!("update custody_fact set kind = 'expected' where school_id = $1 and id = $2");
        Ok(tx.run(sql, &[id(202)])?)
    });
    assert_eq!(undone.await.unwrap(), Ok(1));
    let child = format!("/schools/east/gate/{}", an());
    let stopped = guard.post(&format!("{child}/checks"), "who=other&name=%E5%88%98%E5%BC%BA").await;
    assert!(stopped.place.starts_with("/schools/east/stops/"), "{}", stopped.place);
    let page = guard.get(&stopped.place).await.body;
    for words in
        ["刘强", "这位来接的人，今天没有家长授权", "老师还没点名，点名前谁也不放行", "老师点名后再来核对"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("这里会自动变成"), "nothing changes before the roll: {page}");
    let mother = person(&world, Role::Guardian, 11).await;
    name(&mother, "刘强").await;
    let page = guard.get(&stopped.place).await.body;
    for words in ["家长同意这个人今天来接。 老师还没点名", "请老师先点名，再来核对"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    for words in ["今天没有家长授权", "tel:"] {
        assert!(!page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn h1_h3_a_family_reads_who_asked_and_a_named_delegate_is_offered_at_the_stop() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let mother = person(&world, Role::Guardian, 11).await;
    let child = format!("/schools/east/gate/{}", an());
    let stopped = guard.post(&format!("{child}/checks"), "who=other&name=%E5%88%98%E5%BC%BA").await;
    let pickup = format!("/children/{}/pickup", an());
    let home = mother.get("/home").await.body;
    assert!(home.contains("今天 17:25，刘强到门口要接孩子，不在名单上，已经拦下。"), "{home}");
    let page = mother.get(&pickup).await.body;
    assert!(page.contains("今天 17:25，刘强到门口要接孩子"), "{page}");
    let delegate = name(&mother, "刘 强").await;
    let offered = guard.get(&stopped.place).await.body;
    assert!(offered.contains(&format!("who=delegate:{delegate}")), "{offered}");
    assert!(!offered.contains("tel:") && !offered.contains("打给家长"), "nobody is to be called: {offered}");
}

/// The family names this person for the day.
async fn name(mother: &Visitor<'_>, name: &'static str) -> DelegateId {
    let named = mother.scope.as_ref().unwrap().act::<KeepPickupList, _, _>(move |tx| {
        let naming = kehou_app::dismissal::Naming {
            name: name.to_owned(),
            relation: "邻居".to_owned(),
            from_on: TUESDAY,
            to_on: TUESDAY,
            declared_capable: true,
        };
        kehou_app::dismissal::name_delegate(tx, an(), &naming)
    });
    named.await.unwrap().unwrap()
}

#[tokio::test]
async fn h1_h3_who_agreed_on_the_telephone_and_who_noted_it_stands_on_every_page_and_the_family_can_stop_it()
{
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let leader = person(&world, Role::DutyLeader, 32).await;
    let mother = person(&world, Role::Guardian, 11).await;
    let (of_leader, of_mother) =
        (leader.scope.as_ref().unwrap().account(), mother.scope.as_ref().unwrap().account());
    let system = world.store.system("east", at(17, 25)).await;
    let known = system.act::<KeepOwnAccount, (), ()>(move |tx| {
        let staff = sql!("insert into staff (school_id, id, name, account_id) values ($1, $2, '顾校', $3)");
        tx.run(staff, &[id(32), of_leader.into()])?;
        let guardian = sql!("update guardian set account_id = $3 where school_id = $1 and id = $2");
        tx.run(guardian, &[id(11), of_mother.into()])?;
        Ok(())
    });
    assert_eq!(known.await.unwrap(), Ok(()));
    let child = format!("/schools/east/gate/{}", an());
    let stopped = guard.post(&format!("{child}/checks"), "who=other&name=%E5%88%98%E5%BC%BA").await;
    let settled = format!("settlement=let_go&called={}&note=ok", written(11));
    let done = leader.post(&format!("{}/settlement", stopped.place), &settled).await;
    assert_eq!(done.place, stopped.place, "{}", done.body);

    let agreed = "妈妈 林敏电话同意，顾校 17:25 记下";
    let page = guard.get(&stopped.place).await.body;
    for words in [agreed, "家长电话同意了这个人", "可以接走，去核对"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let release = page.split('"').find(|part| part.contains("?who=delegate:")).unwrap();
    let page = guard.get(release).await.body;
    assert!(page.contains(agreed) && page.contains("人对上了，放行"), "{page}");
    let messages = mother.get("/messages").await.body;
    let said =
        "值班领导顾校记下：打电话问过妈妈林敏，同意刘强今天来接安安。没有这回事，请马上到接送页面点“结束”";
    assert!(messages.contains(said), "{messages}");
    let pickup = format!("/children/{}/pickup", an());
    let page = mother.get(&pickup).await.body;
    assert!(page.contains(agreed) && page.contains("没有接过学校的电话、没有同意过？"), "{page}");
    let end = page.split('"').find(|part| part.ends_with("/end")).unwrap();
    assert_eq!(mother.post(end, "").await.place, pickup);
    let page = guard.get(&stopped.place).await.body;
    assert!(page.contains("先不要放行") && page.contains("家长已经停掉了这次电话同意"), "{page}");
    assert!(!page.contains("去核对"), "{page}");
}

#[tokio::test]
async fn h3_a_word_on_the_telephone_holds_neither_before_the_hour_nor_when_its_giver_must_not_collect() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let leader = person(&world, Role::DutyLeader, 32).await;
    let office = person(&world, Role::AcademicOffice, 34).await;
    world.clock.move_to(at(16, 50));
    let child = format!("/schools/east/gate/{}", an());
    let stopped = guard.post(&format!("{child}/checks"), "who=other&name=%E5%88%98%E5%BC%BA").await;
    let settled = format!("settlement=let_go&called={}&note=ok", written(11));
    leader.post(&format!("{}/settlement", stopped.place), &settled).await;
    let early = guard.get(&stopped.place).await.body;
    assert!(early.contains("家长同意这个人今天来接。 还没到放学时间，17:20 放学"), "{early}");
    world.clock.move_to(at(17, 25));
    assert!(guard.get(&stopped.place).await.body.contains("可以接走，去核对"));

    let restricted = format!("/schools/east/students/{}/restrictions", an());
    let form = format!("name=%E6%9E%97%E6%95%8F&guardian={}&source=court_paper&note=", written(11));
    assert_eq!(office.post(&restricted, &form).await.status, StatusCode::SEE_OTHER);
    let page = guard.get(&stopped.place).await.body;
    for words in ["先不要放行", "这位来接的人，今天没有家长授权", "已经告诉值班领导"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("去核对"), "{page}");
    assert!(guard.get(&child).await.body.contains("不可以"));
}

#[tokio::test]
async fn a6_the_board_folds_the_groups_that_nobody_has_to_see_to() {
    let world = afternoon().await;
    let leader = person(&world, Role::DutyLeader, 32).await;
    assert_eq!(
        leader.get("/schools/east/board?day=2026-02-30").await.status,
        axum::http::StatusCode::NOT_FOUND
    );
    let over = leader.get("/schools/east/board").await.body;
    assert!(over.contains("三(2)班") && !over.contains("<details id=\"quiet\">"), "{over}");
    world.clock.move_to(at(17, 10));
    let running = leader.get("/schools/east/board").await.body;
    let (before, folded) = running.split_once("<details id=\"quiet\">").unwrap();
    assert!(before.contains("现在没有要催的组") && folded.contains("其余 1 组，不用催"), "{running}");
}
