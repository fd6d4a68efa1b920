//! The gate: one release under any arrival, stops that hold.

use kehou_app::dismissal::{self, Look, NewRestriction, ReleaseOutcome, RestrictionRefused, Source};
use kehou_db::testing::stores;
use kehou_db::{Scope, sql};
use kehou_domain::access::{KeepOwnAccount, ReleaseChild, RestrictPickup, SettleStop, WatchGate};
use kehou_domain::custody::Whereabouts;
use kehou_domain::dismissal::{CannotTakeBack, Collector, Settlement, SettlementRefused, Verdict, Why};
use kehou_domain::ids::{EntityId, FactId, StopId};

use super::stop::settling;
use super::world::{World, an, at, bo, facts, father, mother, release, release_keyed, told, world};

#[tokio::test]
async fn h10_a_child_goes_once_and_its_guardian_hears_of_it() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::NotNow(Why::Gone));
        assert_eq!(facts(&world.guard, an(), "let_through").await, 1);
        assert_eq!(facts(&world.guard, bo(), "let_through").await, 0);
        assert_eq!(facts(&world.west_leader, an(), "let_through").await, 0);
        assert_eq!(told(&world.mother).await, ["child_released"]);
    }
}

#[tokio::test]
async fn h10_a_release_sent_twice_is_one_record_and_one_answer() {
    for store in stores().await {
        let world = world(&store).await;
        let answers =
            [release_keyed(&world.guard, "k1", an()).await, release_keyed(&world.guard, "k1", an()).await];
        assert_eq!(answers, ["Released", "Released"]);
        assert_eq!(facts(&world.guard, an(), "let_through").await, 1);
    }
}

#[tokio::test]
async fn h10_two_guards_at_once_release_a_child_once() {
    for store in stores().await {
        let world = world(&store).await;
        for _ in 0..3 {
            let (one, two, three) = tokio::join!(
                release(&world.guard, an(), mother()),
                release(&world.leader, an(), mother()),
                release(&world.guard, an(), mother()),
            );
            let released = [one, two, three].iter().filter(|one| **one == ReleaseOutcome::Released).count();
            assert!(released <= 1);
        }
        assert_eq!(facts(&world.guard, an(), "let_through").await, 1);
    }
}

#[tokio::test]
async fn c2_before_the_wave_nobody_goes_and_nothing_is_written_down() {
    for store in stores().await {
        let world = world(&store).await;
        let early = world.guard.at_moment(at(17, 19));
        let outcome = release(&early, an(), mother()).await;
        assert_eq!(outcome, ReleaseOutcome::NotNow(Why::TooEarly { wave_at: at(17, 20) }));
        assert_eq!(told(&world.leader).await, [""; 0]);
    }
}

async fn restrict_father(world: &World) {
    let new = NewRestriction {
        name: "安国".to_owned(),
        guardian: Some(father()),
        source: Source::CourtPaper,
        note: "（2026）民初字".to_owned(),
        to_on: None,
    };
    let set = world.office.act::<RestrictPickup, _, _>(move |tx| dismissal::restrict(tx, an(), &new)).await;
    assert!(set.unwrap().is_ok());
}

#[tokio::test]
async fn h3_a_restriction_fits_the_page_that_shows_it() {
    for store in stores().await {
        let world = world(&store).await;
        for (name, note, refused) in [
            ("长".repeat(41), String::new(), RestrictionRefused::NameTooLong),
            ("安国".to_owned(), "字".repeat(501), RestrictionRefused::NoteTooLong),
        ] {
            let new = NewRestriction { name, guardian: None, source: Source::CourtPaper, note, to_on: None };
            let set = world.office.act::<RestrictPickup, _, _>(move |tx| dismissal::restrict(tx, an(), &new));
            assert_eq!(set.await.unwrap().unwrap_err(), [refused]);
        }
    }
}

#[tokio::test]
async fn h3_a_name_and_a_guardian_that_differ_are_refused_and_the_list_says_who_is_barred() {
    for store in stores().await {
        let world = world(&store).await;
        let restrict = |name: &str, guardian: Option<u128>| {
            let new = NewRestriction {
                name: name.to_owned(),
                guardian: guardian.map(EntityId::from_bits),
                source: Source::CourtPaper,
                note: String::new(),
                to_on: None,
            };
            world.office.act::<RestrictPickup, _, _>(move |tx| dismissal::restrict(tx, an(), &new))
        };
        let differs = restrict("林敏", Some(12)).await.unwrap().unwrap_err();
        assert_eq!(differs, [RestrictionRefused::NameDiffers]);
        assert!(restrict("安 国", None).await.unwrap().is_ok(), "the guardian of that name is meant");
        assert!(restrict("刘强", None).await.unwrap().is_ok());
        let list =
            world.office.read::<RestrictPickup, _>(|tx| dismissal::restrictions(tx, an())).await.unwrap();
        // both were written in one moment
        let of = |guardian| list.restrictions.iter().find(|one| one.kept.restriction.guardian == guardian);
        let barred = &of(Some(father())).unwrap().guardians;
        assert_eq!(barred, &[("安国".to_owned(), "父亲".to_owned())]);
        assert!(of(None).unwrap().guardians.is_empty());
    }
}

async fn settle(scope: &Scope, stop: StopId, settlement: Settlement) -> Result<(), SettlementRefused> {
    let settled =
        scope.act::<SettleStop, _, _>(move |tx| dismissal::settle(tx, stop, &settling(settlement, 11)));
    settled.await.unwrap()
}

fn stop_of(outcome: &ReleaseOutcome) -> StopId {
    let ReleaseOutcome::Stopped(stop) = outcome else { panic!("not stopped: {outcome:?}") };
    *stop
}

#[tokio::test]
async fn h3_who_must_not_collect_is_stopped_and_holds_the_child_until_the_duty_leader_ends_it() {
    for store in stores().await {
        let world = world(&store).await;
        restrict_father(&world).await;
        let stop = stop_of(&release(&world.guard, an(), Collector::Guardian(father())).await);
        assert_eq!(told(&world.leader).await, ["pickup_restricted", "pickup_stopped"]);
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::NotNow(Why::Held));
        assert_eq!(
            settle(&world.leader, stop, Settlement::LetGo).await,
            Err(SettlementRefused::MustNotCollect)
        );
        assert_eq!(settle(&world.leader, stop, Settlement::TurnedAway).await, Ok(()));
        let again = settle(&world.leader, stop, Settlement::TurnedAway).await;
        assert_eq!(again, Err(SettlementRefused::SettledAlready));
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        assert_eq!(facts(&world.guard, an(), "let_through").await, 1);
    }
}

#[tokio::test]
async fn h3_a_guard_cannot_end_a_stop() {
    for store in stores().await {
        let world = world(&store).await;
        let stop = stop_of(&release(&world.guard, an(), Collector::Unnamed("刘强".to_owned())).await);
        let settled = world
            .guard
            .act::<SettleStop, _, _>(move |tx| dismissal::settle(tx, stop, &settling(Settlement::LetGo, 11)));
        assert!(matches!(settled.await, Err(kehou_db::Error::NotAllowed)));
        assert_eq!(facts(&world.guard, an(), "let_through").await, 0);
    }
}

#[tokio::test]
async fn h3_the_same_stranger_is_one_stop_and_may_be_let_go_by_the_duty_leader() {
    for store in stores().await {
        let world = world(&store).await;
        let stranger = || Collector::Unnamed("刘强".to_owned());
        let checked = world
            .guard
            .act::<ReleaseChild, _, ()>(move |tx| Ok(dismissal::check(tx, (an(), None), &stranger())?));
        let stop = stop_of(&checked.await.unwrap().unwrap());
        assert_eq!(release(&world.guard, an(), stranger()).await, ReleaseOutcome::Stopped(stop));
        assert_eq!(told(&world.leader).await, ["pickup_stopped"]);
        assert_eq!(settle(&world.leader, stop, Settlement::LetGo).await, Ok(()));
        assert_eq!(facts(&world.guard, an(), "let_through").await, 0, "the guard checks and lets go");
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
    }
}

#[tokio::test]
async fn c2_the_gate_lists_todays_children_by_wave_and_name() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let look = Look { wave: Some(at(17, 20)), find: "三（2）班".to_owned(), day: None };
        let (gate, statements) = world
            .guard
            .read::<WatchGate, _>(move |tx| Ok((dismissal::gate(tx, &look)?, tx.statements())))
            .await
            .unwrap();
        let names: Vec<&str> = gate.children.iter().map(|child| child.child.name.as_str()).collect();
        assert_eq!(names, ["博博", "安安"]);
        assert_eq!((gate.to_go, gate.gone, gate.waves.len()), (2, 1, 1));
        assert!(statements <= 8, "{statements} statements");
        for written in ["三（2）班", "三(2)班", "三2班", "3.2", "3（2）", "博"] {
            let look = Look { find: written.to_owned(), ..Look::default() };
            let found = world.guard.read::<WatchGate, _>(move |tx| dismissal::gate(tx, &look)).await.unwrap();
            assert!(!found.children.is_empty(), "{written}");
        }
        let look = Look { find: "博".to_owned(), ..Look::default() };
        let found = world.guard.read::<WatchGate, _>(move |tx| dismissal::gate(tx, &look)).await.unwrap();
        assert_eq!(found.children.len(), 1);
    }
}

#[tokio::test]
async fn h1_the_gate_sees_who_may_come_for_a_child() {
    for store in stores().await {
        let world = world(&store).await;
        restrict_father(&world).await;
        let at_gate =
            world.guard.read::<WatchGate, _>(|tx| dismissal::child_at_gate(tx, an(), None)).await.unwrap();
        let may: Vec<(String, bool)> = at_gate
            .candidates
            .iter()
            .map(|one| (one.name.clone(), matches!(one.verdict, Verdict::Release(_))))
            .collect();
        assert_eq!(may, [("林敏".to_owned(), true), ("安国".to_owned(), false)]);
        assert_eq!(at_gate.guardians[0].phone.as_deref(), Some("13800000011"));
    }
}

#[tokio::test]
async fn a_child_who_is_not_expected_is_not_at_the_gate() {
    for store in stores().await {
        let world = world(&store).await;
        let nobody = kehou_domain::ids::EntityId::from_bits(999);
        let answer = world
            .guard
            .act::<ReleaseChild, _, ()>(move |tx| Ok(dismissal::check(tx, (nobody, None), &mother())?))
            .await;
        assert!(matches!(answer, Err(kehou_db::Error::NotFound)));
    }
}

/// What the child's page at the gate offers to take back.
async fn mistaken(scope: &Scope) -> (Whereabouts, Result<FactId, CannotTakeBack>) {
    let child = scope.read::<WatchGate, _>(|tx| dismissal::child_at_gate(tx, an(), None)).await.unwrap();
    (child.state.whereabouts(), child.release)
}

async fn take_back(scope: &Scope, release: FactId) -> Result<(), CannotTakeBack> {
    let taken =
        scope.act::<ReleaseChild, _, _>(move |tx| dismissal::take_back_release(tx, (an(), None), release));
    taken.await.unwrap()
}

#[tokio::test]
async fn h10_a_guard_takes_a_release_back_at_once_and_everyone_who_was_told_hears_of_it() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(mistaken(&world.guard).await, (Whereabouts::Here, Err(CannotTakeBack::NotLetGo)));
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let first = mistaken(&world.guard).await.1.unwrap();
        assert_eq!(take_back(&world.guard, first).await, Ok(()));
        assert_eq!(mistaken(&world.guard).await, (Whereabouts::Here, Err(CannotTakeBack::NotLetGo)));
        assert_eq!(told(&world.mother).await, ["child_released", "own_child_not_released"]);
        assert_eq!(told(&world.leader).await, ["release_taken_back"]);

        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        assert_eq!(take_back(&world.guard, first).await, Err(CannotTakeBack::NotLetGo), "an old page");
        assert_eq!(facts(&world.guard, an(), "let_through").await, 2);
        assert_eq!(facts(&world.guard, an(), "undone").await, 1);
    }
}

#[tokio::test]
async fn h10_after_five_minutes_the_duty_leader_takes_a_release_back_and_two_at_once_do_it_once() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let first = mistaken(&world.guard).await.1.unwrap();
        let later = world.guard.at_moment(at(17, 31));
        assert_eq!(mistaken(&later).await.1, Err(CannotTakeBack::TooLate));
        assert_eq!(take_back(&later, first).await, Err(CannotTakeBack::TooLate));
        let leader = world.leader.at_moment(at(17, 40));
        let (one, other) = tokio::join!(take_back(&leader, first), take_back(&leader, first));
        assert_eq!([one, other].iter().filter(|taken| taken.is_ok()).count(), 1);
        assert_eq!(facts(&world.guard, an(), "undone").await, 1);
    }
}

#[tokio::test]
async fn h3_the_gate_can_call_who_leads_the_duty() {
    for store in stores().await {
        let world = world(&store).await;
        let leader = world.leader.account();
        let linked = world.office.act::<KeepOwnAccount, u64, ()>(move |tx| {
            let sealed = tx.seal("13800000032");
            let sql =
                sql!("update staff set account_id = $3, phone_sealed = $4 where school_id = $1 and id = $2");
            let staff = kehou_domain::ids::StaffId::from_bits(32);
            Ok(tx.run(sql, &[staff.into(), leader.into(), sealed.into()])?)
        });
        assert_eq!(linked.await.unwrap(), Ok(1));
        let child =
            world.guard.read::<WatchGate, _>(|tx| dismissal::child_at_gate(tx, an(), None)).await.unwrap();
        let leaders: Vec<_> =
            child.leaders.iter().map(|one| (one.name.as_str(), one.phone.as_str())).collect();
        assert_eq!(leaders, [("顾校", "13800000032")]);
    }
}
