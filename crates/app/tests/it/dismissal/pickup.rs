//! The pick-up list.

use jiff::civil::date;
use kehou_app::dismissal::{self, Naming, ReleaseOutcome};
use kehou_db::testing::stores;
use kehou_db::{Scope, sql};
use kehou_domain::access::{KeepOwnAccount, KeepPickupList, RestrictPickup, WatchGate};
use kehou_domain::dismissal::{Collector, ConsentRefused, NamingRefused, Why};
use kehou_domain::ids::PlanVersionId;
use kehou_domain::plan::ReleaseMode;

use super::world::{TUESDAY, World, an, at, facts, father_signs_in, release, told, world};

const S4A: &str = include_str!("../../../../../plans/s4a.toml");

async fn put_in_force(office: &Scope, text: &'static str) {
    let put = office.act::<KeepOwnAccount, u64, ()>(move |tx| {
        let sql = sql!(
            "insert into plan_version (school_id, id, number, text, digest, status, in_force_from, made_by, made_at)
             values ($1, $2, 1, $3, 's4a', 'filed', '2026-09-01', $4, $5)"
        );
        let (account, at) = (tx.account(), tx.at());
        let id: PlanVersionId = tx.new_id();
        Ok(tx.run(sql, &[id.into(), text.into(), account.into(), at.into()])?)
    });
    assert_eq!(put.await.unwrap(), Ok(1));
}

fn grandmother() -> Naming {
    Naming {
        name: "王桂兰".to_owned(),
        relation: "奶奶".to_owned(),
        from_on: TUESDAY,
        to_on: date(2026, 12, 31),
        declared_capable: true,
    }
}

async fn name(world: &World, naming: Naming) -> Result<Collector, Vec<NamingRefused>> {
    let named =
        world.mother.act::<KeepPickupList, _, _>(move |tx| dismissal::name_delegate(tx, an(), &naming));
    named.await.unwrap().map(Collector::Delegate)
}

#[tokio::test]
async fn h1_a_delegate_whom_the_guardian_named_takes_the_child() {
    for store in stores().await {
        let world = world(&store).await;
        let delegate = name(&world, grandmother()).await.unwrap();
        assert_eq!(name(&world, grandmother()).await, Err(vec![NamingRefused::NamedAlready]));
        assert_eq!(release(&world.guard, an(), delegate).await, ReleaseOutcome::Released);
        assert_eq!(facts(&world.guard, an(), "let_through").await, 1);
    }
}

#[tokio::test]
async fn h1_a_delegation_that_was_ended_stops_from_that_moment() {
    for store in stores().await {
        let world = world(&store).await;
        let other = father_signs_in(&store, &world).await;
        let Collector::Delegate(delegate) = name(&world, grandmother()).await.unwrap() else {
            panic!("a delegate was named");
        };
        let ended = world
            .mother
            .act::<KeepPickupList, _, ()>(move |tx| Ok(dismissal::end_delegate(tx, an(), delegate)?))
            .await;
        assert_eq!(ended.unwrap(), Ok(()));
        let mut kinds = told(&other).await;
        kinds.retain(|kind| kind.starts_with("delegate_"));
        assert_eq!(kinds, ["delegate_ended", "delegate_named"], "the other guardian is told");
        assert!(told(&world.mother).await.iter().all(|kind| !kind.starts_with("delegate_")));
        let outcome = release(&world.guard, an(), Collector::Delegate(delegate)).await;
        assert!(matches!(outcome, ReleaseOutcome::Stopped(_)));
        let list =
            world.mother.read::<KeepPickupList, _>(|tx| dismissal::pickup_list(tx, an())).await.unwrap();
        assert_eq!(list.delegates, []);
    }
}

#[tokio::test]
async fn h1_a_mode_that_is_not_offered_cannot_be_consented_to() {
    for store in stores().await {
        let world = world(&store).await;
        let refused = world
            .mother
            .act::<KeepPickupList, _, _>(|tx| dismissal::consent(tx, an(), ReleaseMode::Bus))
            .await
            .unwrap();
        assert_eq!(refused, Err(ConsentRefused::NotOffered));
    }
}

#[tokio::test]
async fn h1_the_plan_in_force_says_which_modes_a_grade_has() {
    for store in stores().await {
        let world = world(&store).await;
        put_in_force(&world.office, S4A).await;
        let agree = |mode: ReleaseMode| {
            world.mother.act::<KeepPickupList, _, _>(move |tx| dismissal::consent(tx, an(), mode).map(drop))
        };
        assert_eq!(agree(ReleaseMode::Alone).await.unwrap(), Err(ConsentRefused::NotOffered));
        assert_eq!(agree(ReleaseMode::Bus).await.unwrap(), Ok(()));
        assert_eq!(agree(ReleaseMode::Bus).await.unwrap(), Err(ConsentRefused::Given));
        let later = world.guard.at_moment(at(17, 31));
        assert_eq!(release(&later, an(), Collector::Bus).await, ReleaseOutcome::Released);
        assert_eq!(facts(&world.guard, an(), "took_bus").await, 1);
    }
}

#[tokio::test]
async fn c2_a_child_waits_for_the_wave_of_its_grade_in_the_plan() {
    for store in stores().await {
        let world = world(&store).await;
        put_in_force(&world.office, S4A).await;
        let outcome = release(&world.guard, an(), super::world::mother()).await;
        assert_eq!(outcome, ReleaseOutcome::NotNow(Why::TooEarly { wave_at: at(17, 30) }));
        let (gate, statements) = world
            .guard
            .read::<WatchGate, _>(|tx| {
                Ok((dismissal::gate(tx, &dismissal::Look::default())?, tx.statements()))
            })
            .await
            .unwrap();
        assert_eq!(gate.waves[0].at, at(17, 30));
        assert!(statements <= 8, "{statements} statements");
    }
}

#[tokio::test]
async fn h3_a_restriction_is_kept_sealed_and_can_be_lifted() {
    for store in stores().await {
        let world = world(&store).await;
        let new = dismissal::NewRestriction {
            name: "安国".to_owned(),
            guardian: None,
            source: dismissal::Source::GuardianRequest,
            note: "母亲书面申请".to_owned(),
            to_on: None,
        };
        let again = new.clone();
        let set =
            world.office.act::<RestrictPickup, _, _>(move |tx| dismissal::restrict(tx, an(), &new)).await;
        let set = set.unwrap().unwrap();
        let twice =
            world.office.act::<RestrictPickup, _, _>(move |tx| dismissal::restrict(tx, an(), &again)).await;
        assert_eq!(twice.unwrap(), Err(vec![dismissal::RestrictionRefused::Set]));
        let kept =
            world.office.read::<RestrictPickup, _>(|tx| dismissal::restrictions(tx, an())).await.unwrap();
        assert_eq!(kept.restrictions[0].kept.note, "母亲书面申请");
        let lifted =
            world.office.act::<RestrictPickup, _, ()>(move |tx| Ok(dismissal::lift(tx, an(), set)?)).await;
        assert_eq!(lifted.unwrap(), Ok(()));
        let kept =
            world.office.read::<RestrictPickup, _>(|tx| dismissal::restrictions(tx, an())).await.unwrap();
        assert_eq!(kept.restrictions, []);
    }
}
