//! What becomes of a stop: asked again, told to the family, over when the child has left.

use jiff::SignedDuration;
use jiff::civil::Date;
use kehou_app::dismissal::{self, EndedGuardian, Naming, ReleaseOutcome, Settling, StopAtGate};
use kehou_db::testing::stores;
use kehou_db::{Scope, sql};
use kehou_domain::access::{
    KeepOwnAccount, KeepPickupList, KeepRoster, ReleaseChild, SeeOwnChildren, SettleStop, WatchBoard,
    WatchGate,
};
use kehou_domain::custody::Whereabouts;
use kehou_domain::dismissal::{
    Collector, EndRefused, NamingRefused, Settlement, SettlementRefused, Standing, Verdict, Why,
};
use kehou_domain::ids::{DelegateId, EntityId, FactId, GuardianId, StopId};

use super::world::{TUESDAY, World, an, at, father, father_signs_in, mother, release, restrict, told, world};

fn stranger(name: &str) -> Collector {
    Collector::Unnamed(name.to_owned())
}

/// The stop that this person makes, when the guard asks at this minute past five.
async fn ask(world: &World, name: &str, minute: i8) -> StopId {
    let outcome = release(&world.guard.at_moment(at(17, minute)), an(), stranger(name)).await;
    let ReleaseOutcome::Stopped(stop) = outcome else { panic!("not stopped: {outcome:?}") };
    stop
}

async fn seen(scope: &Scope, stop: StopId) -> StopAtGate {
    scope.read::<WatchGate, _>(move |tx| dismissal::stop(tx, stop)).await.unwrap()
}

fn waits(stop: &StopAtGate) -> bool {
    stop.card.as_stop().waits(stop.child.state.whereabouts())
}

async fn on_the_board(world: &World) -> usize {
    world.leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, None)).await.unwrap().stops.len()
}

async fn name(scope: &Scope, name: &'static str) -> Result<DelegateId, Vec<NamingRefused>> {
    let naming = Naming {
        name: name.to_owned(),
        relation: "邻居".to_owned(),
        from_on: TUESDAY,
        to_on: TUESDAY,
        declared_capable: true,
    };
    let named =
        scope.act::<KeepPickupList, _, _>(move |tx| dismissal::name_delegate(tx, an(), &naming)).await;
    named.unwrap()
}

#[tokio::test]
async fn h3_one_person_in_many_spellings_is_one_stop_with_further_moments() {
    for store in stores().await {
        let world = world(&store).await;
        let stop = ask(&world, "王芳", 25).await;
        for (spelling, minute, again) in
            [("王 芳", 25, 0), ("王芳（姑姑）", 31, 1), ("姑妈王芳", 40, 2), ("王芳", 40, 2)]
        {
            assert_eq!(ask(&world, spelling, minute).await, stop, "{spelling}");
            assert_eq!(seen(&world.guard, stop).await.card.again, again, "{spelling}");
        }
        assert_eq!(seen(&world.guard, stop).await.card.last_at, at(17, 40));
        assert_ne!(ask(&world, "王方", 41).await, stop);
        assert_eq!(told(&world.leader).await, ["pickup_stopped", "pickup_stopped"]);
    }
}

#[tokio::test]
async fn h3_two_guards_who_ask_about_one_person_at_once_write_one_stop() {
    for store in stores().await {
        let world = world(&store).await;
        let (one, other) = tokio::join!(ask(&world, "王芳", 25), ask(&world, "王 芳", 25));
        assert_eq!(one, other);
        assert_eq!(on_the_board(&world).await, 1);
    }
}

#[tokio::test]
async fn h3_more_that_speaks_against_the_person_is_a_stop_of_its_own() {
    for store in stores().await {
        let world = world(&store).await;
        let light = ask(&world, "刘强", 25).await;
        restrict(&world, "刘 强").await;
        let heavy = ask(&world, "刘强", 26).await;
        assert_ne!(light, heavy);
        assert!(seen(&world.guard, heavy).await.card.holds());
        let another = ask(&world, "钱多", 27).await;
        assert_eq!(seen(&world.guard, another).await.card.collector, "钱多", "while the child is held");
        let later = world.guard.at_moment(at(17, 40));
        assert_eq!(release(&later, an(), mother()).await, ReleaseOutcome::NotNow(Why::Held));
        assert_eq!(seen(&world.guard, heavy).await.card.again, 0, "the mother is no coming of another");
    }
}

#[tokio::test]
async fn h1_h3_the_family_that_may_name_the_person_is_told_and_its_naming_ends_the_stop() {
    for store in stores().await {
        let world = world(&store).await;
        let father = father_signs_in(&store, &world).await;
        restrict(&world, "安国").await;
        let stop = ask(&world, "刘强", 25).await;
        assert_eq!(told(&world.mother).await, ["own_child_asked_for"]);
        assert_eq!(told(&father).await, [""; 0], "who must not collect is told nothing");
        ask(&world, "刘强", 31).await;
        assert_eq!(told(&world.mother).await, ["own_child_asked_for"], "once");
        let list = |scope: &Scope| {
            let scope = scope.clone();
            async move { scope.read::<KeepPickupList, _>(|tx| dismissal::pickup_list(tx, an())).await.unwrap() }
        };
        assert_eq!(list(&world.mother).await.asked[0].collector, "刘强");
        let inbox = world.mother.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        assert_eq!(inbox[0].facts["who"], "刘强");
        let home = async |scope: &Scope| {
            let today = scope.read::<SeeOwnChildren, _>(dismissal::today).await.unwrap();
            let own = today.into_iter().find(|one| one.child.id == an()).unwrap();
            own.asked.into_iter().map(|stop| stop.collector).collect::<Vec<_>>()
        };
        assert_eq!(home(&world.mother).await, ["刘强"]);
        assert_eq!(home(&father).await, [""; 0], "who must not collect reads nothing");

        assert_eq!(name(&father, "刘强").await, Err(vec![NamingRefused::AskSchool]));
        let delegate = name(&world.mother, "刘 强").await.unwrap();
        let hidden = list(&father).await;
        assert!(hidden.barred && hidden.delegates.is_empty() && hidden.asked.is_empty());
        let child = seen(&world.guard, stop).await.child;
        let found = child.candidates.iter().find(|one| one.name == "刘 强").unwrap();
        assert!(matches!(found.verdict, Verdict::Release(_)));
        let go = Collector::Delegate(delegate);
        assert_eq!(release(&world.guard, an(), go).await, ReleaseOutcome::Released);
        assert!(!waits(&seen(&world.guard, stop).await));
        assert_eq!(on_the_board(&world).await, 0);
    }
}

#[tokio::test]
async fn h3_who_must_not_collect_is_no_matter_for_the_family() {
    for store in stores().await {
        let world = world(&store).await;
        restrict(&world, "刘强").await;
        ask(&world, "刘强", 25).await;
        assert_eq!(told(&world.mother).await, [""; 0]);
    }
}

#[tokio::test]
async fn h3_a_guardian_who_is_restricted_by_name_alone_is_stopped_as_a_guardian() {
    for store in stores().await {
        let world = world(&store).await;
        restrict(&world, "安 国").await;
        let outcome = release(&world.guard, an(), Collector::Guardian(father())).await;
        assert!(matches!(outcome, ReleaseOutcome::Stopped(_)), "{outcome:?}");
    }
}

#[tokio::test]
async fn h3_h10_a_stop_is_over_when_the_child_has_left_and_opens_again_with_the_release_taken_back() {
    for store in stores().await {
        let world = world(&store).await;
        let stop = ask(&world, "刘强", 25).await;
        assert!(waits(&seen(&world.guard, stop).await));
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        assert!(!waits(&seen(&world.guard, stop).await));
        let child = seen(&world.guard, stop).await.child;
        let taken = child.release.unwrap();
        let back = world
            .guard
            .act::<ReleaseChild, _, _>(move |tx| dismissal::take_back_release(tx, (an(), None), taken));
        assert_eq!(back.await.unwrap(), Ok(()));
        assert!(waits(&seen(&world.guard, stop).await), "the child is here again");

        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let next_day = world.leader.at_moment(at(17, 30) + SignedDuration::from_hours(24));
        let later = seen(&next_day, stop).await;
        assert!(!waits(&later) && later.goes_on, "the day was not closed");
        let settle = |settlement| {
            next_day.act::<SettleStop, _, _>(move |tx| dismissal::settle(tx, stop, &settling(settlement, 11)))
        };
        let let_go = settle(Settlement::LetGo).await.unwrap();
        assert_eq!(let_go, Err(SettlementRefused::NotInCare));
        assert_eq!(settle(Settlement::Mistaken).await.unwrap(), Ok(()), "what was found is still noted");
    }
}

#[tokio::test]
async fn h3_a_stop_of_a_closed_day_is_still_there_to_be_read() {
    for store in stores().await {
        let world = world(&store).await;
        let stop = ask(&world, "刘强", 25).await;
        let closed = world.office.act::<KeepOwnAccount, (), ()>(|tx| {
            let sql = sql!(
                "insert into closed_day (school_id, day, account_id, closed_at, expected, released)
                 values ($1, $2, $3, 0, 2, 2)"
            );
            let account = tx.account();
            Ok(tx.run(sql, &[TUESDAY.into(), account.into()]).map(drop)?)
        });
        assert_eq!(closed.await.unwrap(), Ok(()));
        let later = world.leader.at_moment(at(17, 30) + SignedDuration::from_hours(24));
        assert!(!seen(&later, stop).await.goes_on);
    }
}

/// A settlement after a call to this guardian.
pub(super) fn settling(settlement: Settlement, called: u128) -> Settling {
    Settling { settlement, note: "问过了".to_owned(), called: Some(GuardianId::from_bits(called)) }
}

#[tokio::test]
async fn h1_h3_only_a_guardian_who_may_collect_agrees_to_a_stranger() {
    for store in stores().await {
        let world = world(&store).await;
        restrict(&world, "安国").await;
        let stop = ask(&world, "刘强", 25).await;
        let settle = |settling: Settling| {
            world.leader.act::<SettleStop, _, _>(move |tx| dismissal::settle(tx, stop, &settling))
        };
        let nobody = Settling { called: None, ..settling(Settlement::LetGo, 11) };
        assert_eq!(settle(nobody).await.unwrap(), Err(SettlementRefused::NobodyAgreed));
        let barred = settle(settling(Settlement::LetGo, 12)).await.unwrap();
        assert_eq!(barred, Err(SettlementRefused::MayNotAgree));
        assert_eq!(settle(settling(Settlement::LetGo, 11)).await.unwrap(), Ok(()));
        let early = world.guard.at_moment(at(17, 10));
        let child = seen(&early, stop).await.child;
        let agreed = child.candidates.into_iter().find(|one| one.name == "刘强").unwrap();
        let outcome = release(&early, an(), agreed.collector).await;
        assert!(matches!(outcome, ReleaseOutcome::NotNow(Why::TooEarly { .. })), "{outcome:?}");
    }
}

#[tokio::test]
async fn h3_h10_a_stop_that_names_nobody_lets_nobody_go() {
    for store in stores().await {
        let world = world(&store).await;
        let outcome = release(&world.guard, an(), Collector::Alone).await;
        let ReleaseOutcome::Stopped(stop) = outcome else { panic!("not stopped: {outcome:?}") };
        let settle = |stop, settlement| {
            world
                .leader
                .act::<SettleStop, _, _>(move |tx| dismissal::settle(tx, stop, &settling(settlement, 11)))
        };
        assert_eq!(settle(stop, Settlement::LetGo).await.unwrap(), Err(SettlementRefused::NobodyNamed));
        let named = ask(&world, "刘强", 26).await;
        assert_ne!(named, stop);
        assert_eq!(settle(named, Settlement::LetGo).await.unwrap(), Ok(()));
        let child = seen(&world.guard, named).await.child;
        assert_eq!(child.state.whereabouts(), Whereabouts::Here, "nobody goes by the settlement alone");
        let agreed = child.candidates.into_iter().find(|one| one.name == "刘强").unwrap();
        assert!(matches!(agreed.verdict, Verdict::Release(_)));
        assert_eq!(release(&world.guard, an(), agreed.collector).await, ReleaseOutcome::Released);
        let inbox = world.mother.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        let released = inbox.iter().find(|message| message.kind == "child_released").unwrap();
        assert_eq!(released.facts["who"], "刘强");
    }
}

#[tokio::test]
async fn h3_a_guardian_who_is_ended_while_the_page_is_open_is_stopped_by_name() {
    for store in stores().await {
        let world = world(&store).await;
        end_guardian(&world, GuardianId::from_bits(12), false).await.unwrap();
        let outcome = release(&world.guard, an(), Collector::Guardian(father())).await;
        let ReleaseOutcome::Stopped(stop) = outcome else { panic!("not stopped: {outcome:?}") };
        let card = seen(&world.guard, stop).await.card;
        assert_eq!((card.collector.as_str(), card.why.as_str()), ("安国", "not_named"));
        restrict(&world, "安国").await;
        let outcome = release(&world.guard, an(), Collector::Guardian(father())).await;
        let ReleaseOutcome::Stopped(heavy) = outcome else { panic!("not stopped: {outcome:?}") };
        assert_eq!(seen(&world.guard, heavy).await.card.why, "restricted");
        let nobody = world.guard.act::<ReleaseChild, _, ()>(|tx| {
            let stranger = Collector::Guardian(GuardianId::from_bits(99));
            Ok(dismissal::check(tx, (an(), None), &stranger)?)
        });
        assert!(matches!(nobody.await, Err(kehou_db::Error::NotFound)), "a guardian of no child here");
    }
}

async fn end_guardian(world: &World, guardian: GuardianId, is_sure: bool) -> Result<(), EndRefused> {
    let ended = EndedGuardian { student: an(), guardian, is_sure };
    world.office.act::<KeepRoster, _, _>(move |tx| dismissal::end_guardianship(tx, ended)).await.unwrap()
}

#[tokio::test]
async fn h1_ending_the_last_guardian_who_may_collect_a_child_in_school_asks_first() {
    for store in stores().await {
        let world = world(&store).await;
        restrict(&world, "安国").await;
        let refused = end_guardian(&world, GuardianId::from_bits(11), false).await;
        assert_eq!(refused, Err(EndRefused::LastWhileInSchool), "the father must not collect");
        assert_eq!(end_guardian(&world, GuardianId::from_bits(12), false).await, Ok(()));
        assert_eq!(end_guardian(&world, GuardianId::from_bits(11), true).await, Ok(()));
        let stop = ask(&world, "刘强", 25).await;
        assert_eq!(seen(&world.guard, stop).await.child.guardians, []);
    }
}

#[tokio::test]
async fn h3_a_stranger_who_asks_for_a_child_that_has_left_is_written_down() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let stop = ask(&world, "刘强", 26).await;
        assert_eq!(seen(&world.guard, stop).await.card.collector, "刘强");
        assert_eq!(told(&world.mother).await, ["child_released", "own_child_asked_for"]);
        assert_eq!(told(&world.leader).await, ["pickup_stopped"]);
        assert_eq!(on_the_board(&world).await, 0, "nobody is asked to decide");
        let again = release(&world.guard, an(), mother()).await;
        assert_eq!(again, ReleaseOutcome::NotNow(Why::Gone));
    }
}

#[tokio::test]
async fn h3_the_list_at_the_gate_names_no_delegate_who_is_barred() {
    for store in stores().await {
        let world = world(&store).await;
        name(&world.mother, "刘强").await.unwrap();
        let pickers = || async {
            let look = dismissal::Look::default();
            let gate = world.guard.read::<WatchGate, _>(move |tx| dismissal::gate(tx, &look)).await.unwrap();
            let child = gate.children.into_iter().find(|child| child.child.id == an()).unwrap();
            (child.delegates.len(), child.restricted)
        };
        assert_eq!(pickers().await, (1, false));
        restrict(&world, "钱多").await;
        assert_eq!(pickers().await, (1, true));
        restrict(&world, "刘 强").await;
        assert_eq!(pickers().await, (0, true));
    }
}

/// An as before the roll: the call of 15:25 is taken back.
async fn uncalled(world: &World) {
    let taken_back = world.office.act::<KeepOwnAccount, (), ()>(|tx| {
        let sql = sql!(
            "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
               account_id, role, corrects, facts)
             values ($1, $2, $3, $4, $5, 'undone', $6, $6, '', $7, 'service_teacher', $8, '{}')"
        );
        let (account, day): (_, Date) = (tx.account(), TUESDAY);
        let args = [
            FactId::from_bits(900).into(),
            an().into(),
            day.into(),
            super::world::session().into(),
            at(15, 26).into(),
            account.into(),
            FactId::from_bits(211).into(),
        ];
        Ok(tx.run(sql, &args).map(drop)?)
    });
    assert_eq!(taken_back.await.unwrap(), Ok(()));
}

#[tokio::test]
async fn g2_h3_before_the_roll_a_stranger_is_written_down_and_a_guardian_is_asked_to_wait() {
    for store in stores().await {
        let world = world(&store).await;
        uncalled(&world).await;
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::NotNow(Why::NotCalled));
        let stop = seen(&world.guard, ask(&world, "刘强", 25).await).await;
        assert_eq!((stop.card.collector.as_str(), stop.card.why.as_str()), ("刘强", "not_named"));
        assert_eq!(stop.child.state.whereabouts(), Whereabouts::Unseen);
        assert_eq!(told(&world.mother).await, ["own_child_asked_for"]);
        assert_eq!(on_the_board(&world).await, 1);
    }
}

#[tokio::test]
async fn h3_another_guard_sees_the_stop_in_the_list() {
    for store in stores().await {
        let world = world(&store).await;
        ask(&world, "刘强", 25).await;
        let list = world.leader.read::<WatchGate, _>(|tx| dismissal::gate(tx, &dismissal::Look::default()));
        let marks: Vec<_> =
            list.await.unwrap().children.iter().map(|child| (child.held, child.stopped)).collect();
        assert_eq!(marks, [(false, false), (false, true)]);
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let list = world.leader.read::<WatchGate, _>(|tx| dismissal::gate(tx, &dismissal::Look::default()));
        assert!(list.await.unwrap().children.iter().all(|child| !child.stopped));
    }
}

async fn agree(world: &World, stop: StopId, called: u128) -> Result<(), SettlementRefused> {
    let settling = settling(Settlement::LetGo, called);
    world.leader.act::<SettleStop, _, _>(move |tx| dismissal::settle(tx, stop, &settling)).await.unwrap()
}

/// The messages of this kind that wait for the account.
async fn of_kind(scope: &Scope, kind: &str) -> Vec<serde_json::Value> {
    let inbox = scope.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
    inbox.into_iter().filter(|message| message.kind == kind).map(|message| message.facts).collect()
}

#[tokio::test]
async fn h1_h3_every_guardian_hears_at_once_on_whose_word_somebody_comes_and_stops_it() {
    for store in stores().await {
        let world = world(&store).await;
        let father = father_signs_in(&store, &world).await;
        let stop = ask(&world, "刘强", 25).await;
        assert_eq!(agree(&world, stop, 12).await, Ok(()));
        for guardian in [&world.mother, &father] {
            let told = of_kind(guardian, "own_child_agreed").await;
            let said = ["child", "who", "guardian", "relation"].map(|fact| told[0][fact].as_str().unwrap());
            assert_eq!((told.len(), said), (1, ["安安", "刘强", "安国", "父亲"]));
        }
        let settled = seen(&world.guard, stop).await;
        assert_eq!(settled.standing(), Standing::MayGo);
        let agreed = settled.agreement().unwrap().clone();
        assert_eq!((agreed.guardian.as_str(), agreed.at), ("安国", at(17, 30)));

        let list =
            world.mother.read::<KeepPickupList, _>(|tx| dismissal::pickup_list(tx, an())).await.unwrap();
        assert_eq!(list.agreements, std::slice::from_ref(&agreed));
        let ended = world
            .mother
            .act::<KeepPickupList, _, ()>(move |tx| Ok(dismissal::end_delegate(tx, an(), agreed.delegate)?));
        assert_eq!(ended.await.unwrap(), Ok(()));
        let stopped = seen(&world.guard, stop).await;
        assert!(
            matches!(stopped.standing(), Standing::NotNow(Why::Ended { .. })),
            "{:?}",
            stopped.standing()
        );
        let go = Collector::Delegate(agreed.delegate);
        let outcome = release(&world.guard.at_moment(at(17, 31)), an(), go).await;
        assert!(matches!(outcome, ReleaseOutcome::Stopped(_)), "{outcome:?}");
    }
}

#[tokio::test]
async fn h3_a_guardian_who_must_not_collect_hears_of_no_agreement_and_its_own_word_ends() {
    for store in stores().await {
        let world = world(&store).await;
        let father = father_signs_in(&store, &world).await;
        let stop = ask(&world, "刘强", 25).await;
        assert_eq!(agree(&world, stop, 12).await, Ok(()));
        restrict(&world, "安国").await;
        assert_eq!(seen(&world.guard, stop).await.standing(), Standing::NotNow(&Why::NotNamed));

        let other = ask(&world, "钱多", 26).await;
        assert_eq!(agree(&world, other, 11).await, Ok(()));
        assert_eq!(of_kind(&father, "own_child_agreed").await.len(), 1, "from before");
        assert_eq!(of_kind(&world.mother, "own_child_agreed").await.len(), 2);
        assert_eq!(seen(&world.guard, other).await.standing(), Standing::MayGo);
    }
}

#[tokio::test]
async fn g2_h1_a_person_whom_the_family_names_before_the_roll_waits_for_the_roll() {
    for store in stores().await {
        let world = world(&store).await;
        uncalled(&world).await;
        let stop = ask(&world, "刘强", 25).await;
        assert_eq!(seen(&world.guard, stop).await.standing(), Standing::Waits);
        name(&world.mother, "刘强").await.unwrap();
        assert_eq!(seen(&world.guard, stop).await.standing(), Standing::NotNow(&Why::NotCalled));
    }
}
