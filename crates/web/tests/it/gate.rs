//! What the gate, late care and the day's end do when something is odd.

use axum::http::StatusCode;
use jiff::civil::{date, time};
use kehou_domain::access::Role;
use kehou_domain::moment::instant;

use crate::dismissal::{afternoon, an, at, person, written};
use crate::world::Visitor;

#[tokio::test]
async fn h9_a_day_of_another_month_is_closed_with_a_reason_and_stands_among_what_needs_attention() {
    let mut world = afternoon().await;
    world.at = instant(date(2026, 12, 24), time(8, 0, 0, 0));
    world.clock.move_to(world.at);
    let leader = person(&world, Role::DutyLeader, 32).await;
    let principal = person(&world, Role::Principal, 35).await;
    let listed = principal.get("/schools/east/exceptions").await.body;
    assert!(listed.contains("11月24日（周二）还没有关，1 个孩子没有去向"), "{listed}");
    assert!(listed.contains("/schools/east/board?day=2026-11-24"), "{listed}");
    let board = leader.get("/schools/east/board?day=2026-11-24").await.body;
    for words in ["没有去向也要关的原因", "三(2)班 · 1 人", "安安", "关11月24日（周二），1 个孩子没有去向"]
    {
        assert!(board.contains(words), "{words}: {board}");
    }
    let json = leader.get("/api/v1/schools/east/board?day=2026-11-24").await.body;
    assert!(json.contains("\"earlier\":[\"2026-11-24\"]") && json.contains("\"to_go\":1"), "{json}");
    let day = "/schools/east/days/2026-11-24/closing";
    let refused = leader.post(day, "reason=").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("这一天已经过去，要关请写明原因"), "{}", refused.body);
    assert!(refused.body.contains("现在有 1 个孩子没有去向，请看过名单再勾"), "{}", refused.body);
    let long = leader.post(day, &format!("reason={}", "x".repeat(501))).await;
    assert!(long.body.contains("原因最多写 500 个字") && long.body.contains(&"x".repeat(501)));
    let sign = leader.post(day, "reason=%F0%9F%98%80&without=1").await;
    assert!(
        sign.body.contains("原因请用文字写明，至少两个字") && sign.body.contains("<details open>"),
        "{}",
        sign.body
    );
    let unticked = leader.post(day, "reason=asked-every-family").await;
    assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY, "the number was not ticked");
    let closed = leader.post(day, "reason=asked-every-family&without=1").await;
    assert_eq!(closed.place, "/schools/east/board?day=2026-11-24");
    let board = leader.get(&closed.place).await.body;
    assert!(board.contains("关了这一天，1 个孩子没有去向：asked-every-family"), "{board}");
    assert!(board.contains("那天已经关了") && !board.contains("那天还没有关"), "{board}");
    let roll = format!("/schools/east/rolls/{}", written(61));
    let called = leader.post(&roll, "version=0&rest=present").await;
    assert_eq!(called.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(called.body.contains("这一天已经关了，不能再改"), "{}", called.body);
    assert!(called.body.contains("关了这一天，点名不能再改"), "{}", called.body);
    let handover = leader.get(&format!("/schools/east/sessions/{}/handover", written(61))).await.body;
    assert!(handover.contains("交接不能再改") && !handover.contains("name=\"students\""), "{handover}");
    assert!(!handover.contains("/closing"), "{handover}");
    nothing_is_offered(&leader).await;
    let sheet = leader.get("/schools/east/days/2026-11-24/handover-sheet").await.body;
    assert!(sheet.contains("1 个孩子没有去向：asked-every-family"), "{sheet}");
    assert!(sheet.contains("安安") && sheet.contains("在场"), "{sheet}");
    let listed = principal.get("/schools/east/exceptions").await.body;
    assert!(listed.contains("11月24日（周二）关的时候 1 个孩子没有去向：asked-every-family"), "{listed}");
    assert!(!listed.contains("还没有关"), "{listed}");
}

/// On a day that is closed no page takes a room's end, a care log or another teacher.
async fn nothing_is_offered(leader: &Visitor<'_>) {
    let roll = format!("/schools/east/rolls/{}", written(61));
    assert!(!leader.get(&roll).await.body.contains(&format!("{roll}/teacher")));
    let session = format!("/schools/east/sessions/{}", written(61));
    let ticked = "checks=children_left&checks=power_off&checks=windows_shut&checks=doors_locked";
    let teacher = format!("teacher={}", written(31));
    for (page, form, closed, field) in [
        (format!("{session}/closing"), ticked, "没关的教室不能再补记", "name=\"checks\""),
        (format!("{roll}/log"), "happened=later&heads=19", "看护记录不能再写", "name=\"happened\""),
        (format!("{roll}/teacher"), teacher.as_str(), "不能再换老师", "name=\"teacher\""),
    ] {
        let shown = leader.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        assert!(shown.body.contains(closed) && !shown.body.contains(field), "{page}: {}", shown.body);
        let refused = leader.post(&page, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        assert!(refused.body.contains("这一天已经关了，不能再改"), "{page}: {}", refused.body);
    }
}

#[tokio::test]
async fn g6_h2_a_child_who_leaves_early_is_released_by_name_whether_the_teacher_brought_it_or_not() {
    for brought in [false, true] {
        let world = afternoon().await;
        world.clock.move_to(at(16, 25));
        let leader = person(&world, Role::DutyLeader, 32).await;
        let guard = person(&world, Role::GateGuard, 33).await;
        let child = format!("/schools/east/gate/{}", an());
        let mother = format!("guardian:{}", written(11));
        assert!(!guard.get(&child).await.body.contains("提前离校已经批准"));
        let early = approved(&leader).await;
        let page = guard.get(&child).await.body;
        assert!(page.contains("提前离校已经批准（16:25），不用等放学时间"), "{page}");

        if brought {
            let step = leader.post(&format!("{early}/steps"), "step=leave").await;
            assert_eq!(step.status, StatusCode::SEE_OTHER, "{}", step.body);
            let board = leader.get("/schools/east/board").await.body;
            assert!(board.contains("已交到门口"), "at the gate is not out of it: {board}");
        }
        let page = guard.get(&child).await.body;
        assert!(page.contains(&format!("value=\"{mother}\"")), "{page}");
        let released = guard.post(&format!("{child}/releases"), &format!("who={mother}&checked=known")).await;
        assert_eq!(released.status, StatusCode::SEE_OTHER, "{}", released.body);
        let list = leader.get("/schools/east/early-leaves").await.body;
        assert!(list.contains("提前离开了，已登记") && !list.contains("送到门口了"), "{list}");
        let roll = leader.get(&format!("/schools/east/rolls/{}", written(61))).await.body;
        assert!(roll.contains("早退"), "{roll}");
    }
}

/// The address of an early leave of the child that the duty leader reported and allowed.
async fn approved(leader: &Visitor<'_>) -> String {
    let report = format!("/schools/east/rolls/{}/early-leaves", written(61));
    let reported = leader.post(&report, &format!("student={}&reason=dentist", an())).await;
    assert_eq!(reported.status, StatusCode::SEE_OTHER, "{}", reported.body);
    let list = leader.get("/schools/east/early-leaves").await.body;
    let early = list.split("/schools/east/early-leaves/").nth(1).unwrap().split('/').next().unwrap();
    let path = format!("/schools/east/early-leaves/{early}");
    assert_eq!(leader.post(&format!("{path}/decision"), "step=approve").await.status, StatusCode::SEE_OTHER);
    path
}

#[tokio::test]
async fn h3_h10_a_stop_without_a_name_offers_nobody_and_a_second_stranger_is_kept_beside_it() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let leader = person(&world, Role::DutyLeader, 32).await;
    let office = person(&world, Role::AcademicOffice, 34).await;
    let releases = format!("/api/v1/schools/east/gate/{}/releases", an());
    let asked =
        |who: &str, name: &str| format!("{{\"who\":\"{who}\",\"name\":\"{name}\",\"checked\":\"known\"}}");
    let alone = guard.json("POST", &releases, &asked("alone", "")).await.body;
    let stop = alone.split('"').find(|part| part.len() == 26).unwrap();
    let page = format!("/schools/east/stops/{stop}");
    assert!(!leader.get(&page).await.body.contains("let_go"), "nobody to go with");
    let refused = leader.post(&format!("{page}/settlement"), "settlement=let_go&note=x").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("没有记下来人的姓名，不能放行"), "{}", refused.body);

    let restricted = format!("/schools/east/students/{}/restrictions", an());
    let set = office.post(&restricted, "name=%E9%99%8C%E7%94%9F%E7%94%B2&source=court_paper&note=").await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
    assert!(office.get(&restricted).await.body.contains("不在孩子的名单上：门口报这个姓名就会拦"));
    let first = guard.json("POST", &releases, &asked("other", "陌生甲")).await.body;
    let second = guard.json("POST", &releases, &asked("other", "王五")).await.body;
    assert!(first.contains("stopped") && second.contains("stopped") && first != second, "{first} {second}");
    let child = guard.get(&format!("/schools/east/gate/{}", an())).await.body;
    assert!(child.contains("陌生甲") && child.contains("王五"), "{child}");
}

#[tokio::test]
async fn h3_a_restriction_names_one_person_and_says_who_is_barred() {
    let world = afternoon().await;
    let office = person(&world, Role::AcademicOffice, 34).await;
    let page = format!("/schools/east/students/{}/restrictions", an());
    let form = format!("name=x&guardian={}&source=court_paper&note=", written(11));
    let refused = office.post(&page, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("选的监护人和填的姓名不是同一个人"), "{}", refused.body);
    let set = office.post(&page, "name=%E6%9E%97+%E6%95%8F&source=court_paper&note=").await;
    assert_eq!(set.place, page);
    assert!(office.get(&page).await.body.contains("门口会拦：妈妈林敏"));
}

#[tokio::test]
async fn h3_a_stranger_after_the_child_has_left_is_asked_for_on_its_page() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let child = format!("/schools/east/gate/{}", an());
    guard.post(&format!("{child}/releases"), &format!("who=guardian:{}&checked=known", written(11))).await;
    assert!(guard.get(&child).await.body.contains("孩子走后，又有人来接"));
    let stopped = guard.post(&format!("{child}/checks"), "who=other&name=%E5%88%98%E5%BC%BA").await;
    let page = guard.get(&stopped.place).await.body;
    assert!(page.contains("刘强") && page.contains("妈妈林敏已接走"), "{page}");
}

#[tokio::test]
async fn h1_the_last_guardian_of_a_child_in_school_is_ended_after_a_question() {
    let world = afternoon().await;
    let (office, guard) = (world.office().await, person(&world, Role::GateGuard, 33).await);
    let student = format!("/schools/east/students/{}", an());
    let end = format!("{student}/guardians/{}/end", written(11));
    let asked = office.post(&end, "").await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["这是最后一位能接孩子的家长", "我知道门口会怎样，仍然取消这位家长"]
    {
        assert!(asked.body.contains(words), "{words}: {}", asked.body);
    }
    assert_eq!(office.post(&end, "sure=yes").await.place, student);
    let child = format!("/schools/east/gate/{}", an());
    let open_page = format!("who=guardian:{}&checked=known", written(11));
    let stopped = guard.post(&format!("{child}/releases"), &open_page).await;
    let page = guard.get(&stopped.place).await.body;
    assert!(page.contains("林敏") && page.contains("已经告诉值班领导，由值班领导处理"), "{page}");
    assert!(!page.contains("打给家长"), "{page}");
}

#[tokio::test]
async fn h6_late_care_is_offered_from_the_end_on_and_asks_whether_a_child_is_back() {
    let world = afternoon().await;
    let teacher = person(&world, Role::ServiceTeacher, 31).await;
    let session = format!("/schools/east/sessions/{}", written(61));
    let (page, late) = (format!("{session}/handover"), format!("{session}/late-stays"));
    world.clock.move_to(at(17, 10));
    assert!(!teacher.get(&page).await.body.contains("留下等家长"));
    let early = teacher.post(&late, &format!("students={}", an())).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.body.contains("17:20 才结束，还没到等家长的时候"), "{}", early.body);
    teacher.post(&page, &format!("students={}&place=x", an())).await;
    world.clock.move_to(at(17, 40));
    assert!(teacher.get(&page).await.body.contains("已交到门口，还没人来接"));
    let unasked = teacher.post(&late, &format!("students={}", an())).await;
    assert_eq!(unasked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unasked.body.contains("孩子回到您身边，请勾选后再记"), "{}", unasked.body);
    let kept = teacher.post(&late, &format!("students={}&back=yes", an())).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let closing = format!("{session}/closing");
    assert!(teacher.get(&closing).await.body.contains("安安不在教室了，有人陪着"));
    let ticked = "checks=children_left&checks=power_off&checks=windows_shut&checks=doors_locked";
    let unnamed = teacher.post(&closing, ticked).await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unnamed.body.contains("还有 1 个孩子在等家长，请一个一个勾"), "{}", unnamed.body);
    let named = teacher.post(&closing, &format!("{ticked}&along={}", an())).await;
    assert_eq!(named.place, closing);
}

#[tokio::test]
async fn h2_how_the_person_was_checked_is_chosen_and_nothing_else_lets_the_child_go() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let child = format!("/schools/east/gate/{}", an());
    let mother = format!("guardian:{}", written(11));
    let page = guard.get(&format!("{child}?who={mother}")).await.body;
    let (before, after) = page.split_once("核对两个人").unwrap();
    assert!(!before.contains("name=\"checked\""), "the two people stand first: {page}");
    let (people, _) = after.split_once("怎么核对的").unwrap();
    for words in ["安安", "三(2)班", "林敏", "妈妈"] {
        assert!(people.contains(words), "{words}: {page}");
    }
    assert!(after.contains("name=\"checked\"") && !page.contains(" checked>"), "{page}");
    for checked in ["", "bogus"] {
        let refused =
            guard.post(&format!("{child}/releases"), &format!("who={mother}&checked={checked}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{checked}");
        assert!(
            refused.body.contains("请选怎么核对的") && refused.body.contains("可以接走"),
            "{}",
            refused.body
        );
    }
    assert!(guard.get("/api/v1/schools/east/gate").await.body.contains("\"gone\":0"));
}

#[tokio::test]
async fn h10_a_wrong_release_is_taken_back_on_the_childs_page() {
    let world = afternoon().await;
    let guard = person(&world, Role::GateGuard, 33).await;
    let child = format!("/schools/east/gate/{}", an());
    let form = format!("who=guardian:{}&checked=known", written(11));
    guard.post(&format!("{child}/releases"), &form).await;
    let page = guard.get(&child).await.body;
    assert!(page.contains("撤回放行"), "{page}");
    let (_, after) = page.split_once("name=\"release\" value=\"").unwrap();
    let release = after.split('"').next().unwrap();
    let undo = format!("{child}/releases/undo");
    let undone = guard.post(&undo, &format!("release={release}")).await;
    assert_eq!((undone.status, undone.place.as_str()), (StatusCode::SEE_OTHER, child.as_str()));
    let open = guard.get(&child).await.body;
    assert!(open.contains("谁来接？") && !open.contains("撤回放行"), "{open}");
    let twice = guard.post(&undo, &format!("release={release}")).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.body.contains("没有可以撤回的放行"), "{}", twice.body);

    guard.post(&format!("{child}/releases"), &form).await;
    world.clock.move_to(at(17, 40));
    let late = guard.get(&child).await.body;
    assert!(late.contains("请值班领导在这一页更正") && !late.contains("撤回放行"), "{late}");
    let leader = person(&world, Role::DutyLeader, 32).await;
    assert!(leader.get(&child).await.body.contains("撤回放行"));
}
