//! Who was stopped at the gate, on the pages of guards, leaders and the family.

use axum::http::StatusCode;
use kehou_db::sql;
use kehou_domain::access::{KeepOwnAccount, Role};

use crate::dismissal::{TUESDAY, afternoon, an, at, id, person, written};

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
        ["刘强", "这位来接的人，今天没有家长授权", "老师还没点名，点名前谁也不放行", "孩子可能还在教室"]
    {
        assert!(page.contains(words), "{words}: {page}");
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
    let named = mother.scope.as_ref().unwrap().act::<kehou_domain::access::KeepPickupList, _, _>(|tx| {
        let naming = kehou_app::dismissal::Naming {
            name: "刘 强".to_owned(),
            relation: "邻居".to_owned(),
            from_on: TUESDAY,
            to_on: TUESDAY,
            declared_capable: true,
        };
        kehou_app::dismissal::name_delegate(tx, an(), &naming)
    });
    let delegate = named.await.unwrap().unwrap();
    let offered = guard.get(&stopped.place).await.body;
    assert!(offered.contains(&format!("who=delegate:{delegate}")), "{offered}");
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
