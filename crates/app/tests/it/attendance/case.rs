//! Looking for a missing child.

use kehou_app::attendance::{self, Case, Learnt, LearntRefused, Saved};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope, sql};
use kehou_domain::access::{CallRoll, KeepOwnAccount, LookForChild, ReadCases};
use kehou_domain::attendance::{Answer, CaseRefused, Outcome, RollRefused, Said};
use kehou_domain::custody::{Ending, Found, Whereabouts};
use kehou_domain::ids::{CaseId, EntityId, GuardianId};

use super::world::{TUESDAY, at, call, id, put, roll, save, session, told, world};

fn mother() -> GuardianId {
    GuardianId::from_bits(111)
}

fn learnt(guardian: Option<GuardianId>, answer: Answer, said: &str, found: Option<Found>) -> Learnt {
    Learnt { guardian, answer, said: said.into(), found }
}

async fn learn(scope: &Scope, id: CaseId, learnt: Learnt) -> Result<(), LearntRefused> {
    scope.act::<LookForChild, (), LearntRefused>(move |tx| attendance::learn(tx, id, &learnt)).await.unwrap()
}

async fn case(scope: &Scope, id: CaseId) -> Case {
    scope.read::<LookForChild, Case>(move |tx| attendance::case(tx, id)).await.unwrap()
}

#[tokio::test]
async fn a_number_is_shown_to_the_one_who_calls_until_the_call_is_written_down() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let id = roll(&world.teacher).await.cases[0].id;
        assert_eq!(case(&world.teacher, id).await.contacts[0].name, "赵女士");

        let dial = world.teacher.at_moment(at(15, 26));
        dial.act::<LookForChild, _, _>(move |tx| attendance::dial(tx, id, mother())).await.unwrap().unwrap();
        assert_eq!(case(&dial, id).await.attempts[0].phone.as_deref(), Some("13800000111"));
        assert_eq!(case(&world.leader, id).await.attempts[0].phone, None);

        let said = learnt(Some(mother()), Answer::NoAnswer, "", None);
        assert_eq!(learn(&dial, id, said).await, Ok(()));
        let after = case(&dial, id).await;
        assert_eq!(after.attempts.len(), 1);
        assert_eq!((after.attempts[0].answer, after.attempts[0].phone.clone()), (Answer::NoAnswer, None));
        assert!(after.is_open);
    }
}

#[tokio::test]
async fn a_case_closes_when_the_family_says_where_the_child_is() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let id = roll(&world.teacher).await.cases[0].id;

        let guess = learnt(Some(mother()), Answer::NoAnswer, "可能在家", Some(Found::WithFamily));
        let refused = LearntRefused::Case(CaseRefused::NobodyReached);
        assert_eq!(learn(&world.teacher, id, guess).await, Err(refused));
        assert_eq!(
            learn(&world.teacher, id, learnt(Some(mother()), Answer::Reached, "我问问", None)).await,
            Ok(())
        );
        let earlier = learnt(Some(mother()), Answer::NoAnswer, "没人接", Some(Found::WithFamily));
        assert_eq!(
            learn(&world.teacher, id, earlier).await,
            Err(refused),
            "an earlier call says nothing now"
        );
        let silent = learnt(Some(mother()), Answer::Reached, " ", Some(Found::WithFamily));
        assert_eq!(
            learn(&world.teacher, id, silent).await,
            Err(LearntRefused::Case(CaseRefused::NothingSaid))
        );
        let known = learnt(Some(mother()), Answer::Reached, "外婆中午接走了", Some(Found::WithFamily));
        assert_eq!(learn(&world.teacher, id, known).await, Ok(()));

        let after = case(&world.teacher, id).await;
        assert_eq!((after.is_open, after.outcome), (false, Some(Outcome::WithFamily)));
        assert_eq!(after.attempts.len(), 2);
        let child = roll(&world.teacher).await.children.remove(0);
        assert_eq!(child.state.whereabouts(), Whereabouts::Ended(Ending::WithFamily));
    }
}

#[tokio::test]
async fn a_case_that_ended_takes_no_second_answer() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let id = roll(&world.teacher).await.cases[0].id;
        let seen = learnt(None, Answer::Seen, "在医务室", Some(Found::InSchool));
        assert_eq!(learn(&world.teacher, id, seen).await, Ok(()));
        let later = world.teacher.at_moment(at(15, 40));
        let refused = Err(LearntRefused::Case(CaseRefused::Closed));
        let home = learnt(Some(mother()), Answer::Reached, "妈妈接回家了", Some(Found::WithFamily));
        assert_eq!(learn(&later, id, home).await, refused);
        assert_eq!(learn(&later, id, learnt(Some(mother()), Answer::Reached, "在", None)).await, refused);
        let after = case(&later, id).await;
        assert_eq!((after.outcome, after.attempts.len()), (Some(Outcome::InSchool), 1));

        save(&later.at_moment(at(15, 50)), call(&[(1, Said::Late)], None)).await.unwrap().unwrap();
        assert_eq!(case(&later, id).await.outcome, Some(Outcome::Came));

        let undo = later.at_moment(at(15, 51));
        let undone =
            undo.act::<CallRoll, Saved, RollRefused>(|tx| attendance::undo_roll(tx, session(), at(15, 50)));
        assert_eq!(undone.await.unwrap().unwrap().counts.absent, 1);
        let after = case(&undo, id).await;
        assert_eq!(
            (after.is_open, after.outcome),
            (false, Some(Outcome::InSchool)),
            "nobody is sought again"
        );
    }
}

#[tokio::test]
async fn g3_a_child_who_is_called_present_on_a_later_day_is_looked_for_no_longer() {
    for store in stores().await {
        let world = world(&store).await;
        let opened = world.office.act::<KeepOwnAccount, (), ()>(|tx| {
            let sql = sql!(
                "insert into absence_case
                   (school_id, id, student_id, day, session_id, opened_at, opened_by, status, version)
                 values ($1, $2, $3, '2026-11-23', $4, 0, $5, 'open', 0)"
            );
            Ok(put(tx, sql, &[id(901), id(1), id(61), id(134)])?)
        });
        assert_eq!(opened.await.unwrap(), Ok(()));
        let monday = CaseId::from_bits(901);
        save(&world.teacher, call(&[(2, Said::Present)], None)).await.unwrap().unwrap();
        assert!(case(&world.leader, monday).await.is_open, "another child was seen");
        save(&world.teacher, call(&[(1, Said::Present)], None)).await.unwrap().unwrap();
        let after = case(&world.leader, monday).await;
        assert_eq!((after.is_open, after.outcome), (false, Some(Outcome::SeenAgain)));
        assert_eq!(told(&world.leader).await, ["child_found"]);
        assert_eq!(told(&world.mother).await, [""; 0], "yesterday is no news today");

        let later = world.teacher.at_moment(at(15, 30));
        save(&later, call(&[(1, Said::Late)], None)).await.unwrap().unwrap();
        assert!(!case(&world.leader, monday).await.is_open, "late is seen as well");
        let slip = later.at_moment(at(15, 31));
        save(&slip, call(&[(1, Said::Unmarked)], None)).await.unwrap().unwrap();
        assert!(!case(&world.leader, monday).await.is_open, "the late mark was a slip, the first one stands");
        let slip = later.at_moment(at(15, 32));
        save(&slip, call(&[(1, Said::Unmarked)], None)).await.unwrap().unwrap();
        let after = case(&world.leader, monday).await;
        assert_eq!((after.is_open, after.outcome), (true, None), "nobody has seen the child");
        assert_eq!(told(&world.leader).await, ["child_found", "child_missing"]);
        assert_eq!(told(&world.mother).await, [""; 0], "nor is it that it goes on");
    }
}

#[tokio::test]
async fn the_duty_leader_sees_the_same_list_and_strangers_see_none() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let id = roll(&world.teacher).await.cases[0].id;
        let open = world.leader.read::<ReadCases, _>(|tx| attendance::cases(tx, TUESDAY)).await.unwrap();
        assert_eq!(open.iter().map(|case| case.id).collect::<Vec<_>>(), [id]);
        let west = world.west_leader.read::<ReadCases, _>(|tx| attendance::cases(tx, TUESDAY)).await.unwrap();
        assert_eq!(west, Vec::new());
        let other = world.other_teacher.read::<LookForChild, Case>(move |tx| attendance::case(tx, id)).await;
        assert!(matches!(other, Err(Error::NotAllowed)));
        let western = world.west_leader.read::<LookForChild, Case>(move |tx| attendance::case(tx, id)).await;
        assert!(matches!(western, Err(Error::NotFound)));
    }
}
