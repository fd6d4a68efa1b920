//! The first page of every role: what waits, most pressing first, and the first steps.

use axum::http::StatusCode;
use kehou_db::{Result, SchoolTx, sql};
use kehou_domain::access::{KeepOwnAccount, Role};
use kehou_domain::ids::AnyId;

use crate::world::{Visitor, World};

async fn first_page(visitor: &Visitor<'_>) -> String {
    let page = visitor.get("/schools/east").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body
}

/// A paper that somebody entered, and a day of last week that nobody closed.
fn fill(tx: &mut SchoolTx) -> Result<()> {
    let ids: [AnyId; 6] = std::array::from_fn(|_| tx.new_id());
    let [student, guardian, paper, term, group, session] = ids;
    let account = tx.account();
    tx.run(
        sql!("insert into student (school_id, id, name, sex) values ($1, $2, '安安', 'F')"),
        &[student.into()],
    )?;
    tx.run(sql!("insert into guardian (school_id, id, name) values ($1, $2, '林敏')"), &[guardian.into()])?;
    let paper_row = sql!(
        "insert into signed_paper (school_id, id, student_id, guardian_id, kind, says, signed_on, place, status,
           entered_by, entered_at) values ($1, $2, $3, $4, 'purposes', '{}', '2026-11-20', '柜', 'entered', $5, 0)"
    );
    tx.run(paper_row, &[paper.into(), student.into(), guardian.into(), account.into()])?;
    let term_row = sql!(
        "insert into term (school_id, id, school_year, name, starts_on, ends_on, service_from)
         values ($1, $2, 2026, '第一学期', '2026-09-01', '2027-01-20', '2026-09-07')"
    );
    tx.run(term_row, &[term.into()])?;
    let group_row = sql!(
        "insert into teaching_group (school_id, id, term_id, slot_id, name, venue, version)
         values ($1, $2, $3, 'care', '三(2)班', '302', 0)"
    );
    tx.run(group_row, &[group.into(), term.into()])?;
    let session_row = sql!(
        "insert into session (school_id, id, group_id, slot_id, held_on, starts_at, ends_at, venue, status, version)
         values ($1, $2, $3, 'care', '2026-11-20', 0, 1, '302', 'called', 0)"
    );
    tx.run(session_row, &[session.into(), group.into()]).map(drop)
}

#[tokio::test]
async fn a_school_from_nothing_shows_its_first_steps_with_their_pages() {
    let world = World::new().await;
    let page = first_page(&world.office().await).await;
    assert!(page.contains("现在没有要您办的事") && page.contains("开始服务前，还有 9 步"), "{page}");
    for path in ["plan/versions", "calendar", "classes", "staff", "letters", "clauses", "sign-up", "slips"] {
        assert!(page.contains(&format!("<a class=\"item\" href=\"/schools/east/{path}\">")), "{path}");
    }
    let administrator = first_page(&world.administrator().await).await;
    assert!(administrator.contains("开始服务前，还有 2 步"), "{administrator}");
}

#[tokio::test]
async fn what_waits_is_told_to_whoever_may_act_on_it_most_pressing_first() {
    let world = World::new().await;
    let system = world.store.system("east", world.at).await;
    let filled = system.act::<KeepOwnAccount, (), ()>(|tx| Ok(fill(tx)?)).await;
    assert_eq!(filled.unwrap(), Ok(()));
    let office = first_page(&world.office().await).await;
    let place = |words: &str| office.find(words).unwrap_or_else(|| panic!("{words}: {office}"));
    assert!(place("前面 1 天还没关") < place("1 张家长签字单等第二个人核对"));
    assert!(office.contains("href=\"/schools/east/board?day=2026-11-20\""));
    assert!(
        office.contains("等您办的事，急的在前") && office.contains("请留意"),
        "the office does not close days"
    );
    let safety = first_page(&world.member("east", Role::SafetyOffice).await).await;
    assert!(safety.contains("请您留意的事") && !safety.contains("等您办的事"), "{safety}");
    let leader = first_page(&world.duty_leader().await).await;
    assert!(!leader.contains("请留意"), "{leader}");
    assert!(leader.contains("前面 1 天还没关") && !leader.contains("家长签字单等第二个人核对"));
    for role in [Role::GeneralAffairs, Role::BureauOfficer, Role::ParentCommittee, Role::GateGuard] {
        let page = first_page(&world.member("east", role).await).await;
        assert!(page.contains("现在没有要您办的事") && !page.contains("开始服务前"), "{role:?}: {page}");
    }
}

#[tokio::test]
async fn a_guardian_has_a_home_and_no_office() {
    let world = World::new().await;
    assert_eq!(world.guardian().await.get("/schools/east").await.status, StatusCode::FORBIDDEN);
}
