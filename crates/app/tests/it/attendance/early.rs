//! Early leave.

use kehou_app::attendance::{self, ReportRefused, StepRefused};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{
    DecideEarlyLeave, KeepStaff, ReadCases, ReadEarlyLeaves, ReadSessions, ReportEarlyLeave, SeeOpenWork,
};
use kehou_domain::attendance::{EarlyRefused, EarlyStatus, EarlyStep, Said};
use kehou_domain::custody::{CannotFollow, Mark, Whereabouts};
use kehou_domain::ids::{EarlyLeaveId, EntityId, StaffId};
use kehou_domain::plan::Grades;

use super::world::{TUESDAY, at, call, child, mark_of, roll, save, session, told, world};

async fn report(
    scope: &Scope,
    number: u128,
    reason: &'static str,
) -> Result<EarlyLeaveId, Vec<ReportRefused>> {
    scope
        .act::<ReportEarlyLeave, EarlyLeaveId, Vec<ReportRefused>>(move |tx| {
            attendance::report_early(tx, session(), child(number), reason)
        })
        .await
        .unwrap()
}

async fn pass(scope: &Scope, id: EarlyLeaveId, step: EarlyStep) -> Result<EarlyStatus, StepRefused> {
    scope
        .act::<ReportEarlyLeave, EarlyStatus, StepRefused>(move |tx| attendance::pass_early(tx, id, step))
        .await
        .unwrap()
}

async fn decide(scope: &Scope, id: EarlyLeaveId, step: EarlyStep) -> Result<EarlyStatus, StepRefused> {
    scope
        .act::<DecideEarlyLeave, EarlyStatus, StepRefused>(move |tx| attendance::decide_early(tx, id, step))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_child_leaves_early_once_the_grade_head_has_said_yes() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[], Some(Said::Present))).await.unwrap().unwrap();
        let id = report(&world.teacher, 3, "牙医").await.unwrap();
        assert_eq!(report(&world.teacher, 3, "牙医").await, Err(vec![ReportRefused::There]));
        let passed = StepRefused::Step(EarlyRefused::NotNow(EarlyStatus::PassedOn));
        assert_eq!(pass(&world.teacher, id, EarlyStep::PassOn).await, Err(passed), "the report is passed on");
        assert_eq!(told(&world.grade_head).await, ["early_leave_to_decide"]);
        assert_eq!(decide(&world.grade_head, id, EarlyStep::Approve).await, Ok(EarlyStatus::Approved));
        assert_eq!(told(&world.teacher).await, ["early_leave_approved"]);
        assert_eq!(mark_of(&roll(&world.teacher).await, 3), Mark::Present);

        let later = world.teacher.at_moment(at(15, 45));
        assert_eq!(pass(&later, id, EarlyStep::Leave).await, Ok(EarlyStatus::Left));
        let after = roll(&later).await;
        assert_eq!(mark_of(&after, 3), Mark::LeftEarly);
        assert_eq!((after.counts.present, after.counts.left), (29, 1));
        assert_eq!(after.children[2].state.whereabouts(), Whereabouts::WithColleague);
        let list =
            later.read::<ReadEarlyLeaves, _>(|tx| attendance::early_leaves(tx, TUESDAY)).await.unwrap();
        assert_eq!((list.len(), list[0].left_at), (1, Some(at(15, 45))));
    }
}

#[tokio::test]
async fn g1_a_grade_head_of_another_grade_sees_and_decides_nothing() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(5, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let id = report(&world.teacher, 3, "牙医").await.unwrap();
        let seen = async || {
            let head = &world.grade_head;
            let leaves =
                head.read::<ReadEarlyLeaves, _>(|tx| attendance::early_leaves(tx, TUESDAY)).await.unwrap();
            let cases = head.read::<ReadCases, _>(|tx| attendance::cases(tx, TUESDAY)).await.unwrap();
            let sessions =
                head.read::<ReadSessions, _>(|tx| attendance::sessions(tx, TUESDAY)).await.unwrap();
            let agenda = head.read::<SeeOpenWork, _>(kehou_app::agenda::agenda).await.unwrap();
            let waiting: Vec<i64> = agenda.waiting.iter().map(|waiting| waiting.count).collect();
            (leaves.len(), cases.len(), sessions.len(), waiting, agenda.waits_for_grades)
        };
        assert_eq!(seen().await, (1, 1, 1, vec![1, 1], false));
        give(&world.office, Grades::of([4])).await;
        assert_eq!(seen().await, (0, 0, 0, vec![], false));
        give(&world.office, Grades::default()).await;
        assert_eq!(seen().await, (0, 0, 0, vec![], true));

        report(&world.teacher, 4, "牙医").await.unwrap();
        let mut told = told(&world.leader).await;
        told.sort();
        assert_eq!(told, ["child_missing", "early_leave_to_decide"]);
        let foreign = world.grade_head.act::<DecideEarlyLeave, EarlyStatus, StepRefused>(move |tx| {
            attendance::decide_early(tx, id, EarlyStep::Approve)
        });
        assert!(matches!(foreign.await, Err(Error::NotAllowed)));
    }
}

async fn give(office: &Scope, grades: Grades) {
    let head = StaffId::from_bits(136);
    let given = office
        .act::<KeepStaff, (), ()>(move |tx| Ok(kehou_app::people::assign_grades(tx, head, grades)?))
        .await;
    assert_eq!(given.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_refused_child_stays() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[], Some(Said::Present))).await.unwrap().unwrap();
        let id = report(&world.teacher, 3, "想早走").await.unwrap();
        assert_eq!(decide(&world.grade_head, id, EarlyStep::Refuse).await, Ok(EarlyStatus::Refused));
        let refused = StepRefused::Step(EarlyRefused::NotNow(EarlyStatus::Refused));
        assert_eq!(pass(&world.teacher, id, EarlyStep::Leave).await, Err(refused));
    }
}

#[tokio::test]
async fn only_a_child_who_is_there_can_leave_early() {
    for store in stores().await {
        let world = world(&store).await;
        let not_seen = ReportRefused::Day(CannotFollow::NotSeen);
        assert_eq!(report(&world.teacher, 3, "牙医").await, Err(vec![not_seen]));
        assert_eq!(report(&world.teacher, 3, " ").await, Err(vec![not_seen, ReportRefused::NoReason]));
    }
}
