//! The pick-up list.

use jiff::civil::date;
use kehou_app::dismissal::{self, Naming, ReleaseOutcome};
use kehou_db::testing::stores;
use kehou_domain::access::{KeepPickupList, RestrictPickup};
use kehou_domain::dismissal::{Collector, ConsentRefused, NamingRefused};
use kehou_domain::plan::ReleaseMode;

use super::world::{TUESDAY, World, an, facts, release, world};

fn grandmother() -> Naming {
    Naming {
        name: "王桂兰".to_owned(),
        relation: "奶奶".to_owned(),
        from_on: TUESDAY,
        to_on: date(2026, 12, 31),
        declared_capable: true,
    }
}

async fn name(world: &World, naming: Naming) -> Result<Collector, NamingRefused> {
    let named =
        world.mother.act::<KeepPickupList, _, _>(move |tx| dismissal::name_delegate(tx, an(), &naming));
    named.await.unwrap().map(Collector::Delegate)
}

#[tokio::test]
async fn h1_a_delegate_whom_the_guardian_named_takes_the_child() {
    for store in stores().await {
        let world = world(&store).await;
        let delegate = name(&world, grandmother()).await.unwrap();
        assert_eq!(name(&world, grandmother()).await, Err(NamingRefused::NamedAlready));
        assert_eq!(release(&world.guard, an(), delegate).await, ReleaseOutcome::Released);
        assert_eq!(facts(&world.guard, an(), "let_through").await, 1);
    }
}

#[tokio::test]
async fn h1_a_delegation_that_was_ended_stops_from_that_moment() {
    for store in stores().await {
        let world = world(&store).await;
        let Collector::Delegate(delegate) = name(&world, grandmother()).await.unwrap() else {
            panic!("a delegate was named");
        };
        let ended = world
            .mother
            .act::<KeepPickupList, _, ()>(move |tx| Ok(dismissal::end_delegate(tx, an(), delegate)?))
            .await;
        assert_eq!(ended.unwrap(), Ok(()));
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
        assert_eq!(twice.unwrap(), Err(dismissal::RestrictionRefused::Set));
        let kept =
            world.office.read::<RestrictPickup, _>(|tx| dismissal::restrictions(tx, an())).await.unwrap();
        assert_eq!(kept.restrictions[0].note, "母亲书面申请");
        let lifted =
            world.office.act::<RestrictPickup, _, ()>(move |tx| Ok(dismissal::lift(tx, an(), set)?)).await;
        assert_eq!(lifted.unwrap(), Ok(()));
        let kept =
            world.office.read::<RestrictPickup, _>(|tx| dismissal::restrictions(tx, an())).await.unwrap();
        assert_eq!(kept.restrictions, []);
    }
}
