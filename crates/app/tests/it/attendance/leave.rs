//! Leave.

use jiff::civil::date;
use kehou_app::attendance::{self, FileRefused, NewLeave, TakeBackRefused};
use kehou_app::enrolment;
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{EnterLeave, FileLeave, KeepCalendar, ReadSessions};
use kehou_domain::attendance::{LeaveKind, LeaveRefused, Said, Span};
use kehou_domain::custody::Mark;
use kehou_domain::enrolment::ending::NotTold;
use kehou_domain::ids::{EntityId, LeaveId, TermId};

use super::world::{TUESDAY, at, call, child, mark_of, roll, save, told, world};

fn today_for(number: u128) -> NewLeave {
    NewLeave {
        student: child(number),
        span: Span { from_on: TUESDAY, to_on: TUESDAY },
        slot: None,
        kind: LeaveKind::Sick,
        reason: "发烧".into(),
    }
}

async fn file(scope: &Scope, leave: NewLeave) -> kehou_db::Result<Result<LeaveId, Vec<FileRefused>>> {
    scope.act::<FileLeave, LeaveId, Vec<FileRefused>>(move |tx| attendance::file_leave(tx, &leave)).await
}

#[tokio::test]
async fn leave_filed_before_the_session_is_marked_beforehand() {
    for store in stores().await {
        let world = world(&store).await;
        let morning = world.mother.at_moment(at(8, 0));
        let id = file(&morning, today_for(1)).await.unwrap().unwrap();
        assert_eq!(mark_of(&roll(&world.teacher).await, 1), Mark::Leave);
        assert_eq!(told(&world.teacher).await, ["leave_filed"]);
        assert_eq!(
            file(&morning, today_for(1)).await.unwrap(),
            Err(vec![FileRefused::Rule(LeaveRefused::There)])
        );

        let on =
            world.teacher.read::<ReadSessions, _>(|tx| attendance::leaves_on(tx, TUESDAY)).await.unwrap();
        assert_eq!(on.iter().map(|on| on.leave.id).collect::<Vec<_>>(), [id]);
        assert!(on.iter().all(|on| on.class.is_some()), "the class is named");

        let back = morning.act::<FileLeave, (), TakeBackRefused>(move |tx| attendance::take_back(tx, id));
        assert_eq!(back.await.unwrap(), Ok(()));
        assert_eq!(mark_of(&roll(&world.teacher).await, 1), Mark::Unmarked);
        let again = morning.act::<FileLeave, (), TakeBackRefused>(move |tx| attendance::take_back(tx, id));
        assert_eq!(again.await.unwrap(), Err(TakeBackRefused::TakenBack));
    }
}

#[tokio::test]
async fn leave_for_today_ends_when_the_session_begins() {
    for store in stores().await {
        let world = world(&store).await;
        let cut_off = at(15, 20);
        let late = world.mother.at_moment(at(15, 21));
        let refused = Err(vec![FileRefused::Rule(LeaveRefused::TooLate { cut_off })]);
        assert_eq!(file(&late, today_for(1)).await.unwrap(), refused);
        let tomorrow = Span { from_on: date(2026, 11, 25), to_on: date(2026, 11, 26) };
        assert!(file(&late, NewLeave { span: tomorrow, ..today_for(1) }).await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn what_the_teacher_has_seen_overrules_leave() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[], Some(Said::Present))).await.unwrap().unwrap();
        let entered = world
            .teacher
            .act::<EnterLeave, LeaveId, Vec<FileRefused>>(|tx| attendance::enter_leave(tx, &today_for(1)));
        assert!(entered.await.unwrap().is_ok());
        assert_eq!(mark_of(&roll(&world.teacher).await, 1), Mark::Present);
    }
}

#[tokio::test]
async fn nobody_files_leave_for_somebody_elses_child() {
    for store in stores().await {
        let world = world(&store).await;
        let filed = file(&world.mother.at_moment(at(8, 0)), today_for(2)).await;
        assert!(matches!(filed, Err(Error::NotFound)));
        let other = world
            .other_teacher
            .act::<EnterLeave, LeaveId, Vec<FileRefused>>(|tx| attendance::enter_leave(tx, &today_for(2)));
        assert!(matches!(other.await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn b6_a_term_is_ended_by_somebody_who_was_told_who_holds_a_place() {
    for store in stores().await {
        let world = world(&store).await;
        let term = TermId::from_bits(141);
        let end = async |told: Option<u32>| {
            world
                .office
                .act::<KeepCalendar, (), NotTold>(move |tx| enrolment::end_term(tx, term, told))
                .await
                .unwrap()
        };
        assert_eq!(end(None).await, Err(NotTold { holders: 30 }));
        assert_eq!(end(Some(29)).await, Err(NotTold { holders: 30 }), "somebody has come since");
        assert_eq!(end(Some(30)).await, Ok(()));
    }
}
