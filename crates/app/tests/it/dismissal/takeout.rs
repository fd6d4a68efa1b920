//! What a family takes away of its child's days, and what stays hidden from a guardian who must not collect it.

use kehou_app::attendance;
use kehou_app::dismissal::{self, Naming, ReleaseOutcome};
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{KeepOwnAccount, KeepPickupList, ReadOwnEnrolment, Role, SeeOwnChildren};
use kehou_domain::dismissal::Collector;
use kehou_domain::ids::{AnyId, DelegateId, EntityId};
use serde_json::Value;

use super::world::{TUESDAY, an, at, father_signs_in, release, restrict, world};

async fn taken_away(scope: &Scope) -> Value {
    scope.read::<ReadOwnEnrolment, _>(|tx| dismissal::takeout(tx, an())).await.unwrap()
}

async fn name(scope: &Scope, name: &'static str) -> DelegateId {
    let naming = Naming {
        name: name.to_owned(),
        relation: "邻居".to_owned(),
        from_on: TUESDAY,
        to_on: TUESDAY,
        declared_capable: true,
    };
    let named =
        scope.act::<KeepPickupList, _, _>(move |tx| dismissal::name_delegate(tx, an(), &naming)).await;
    named.unwrap().unwrap()
}

/// What the last fact says, and who took the child by it.
fn last(held: &Value) -> (&str, &Value) {
    let fact = held["days"][0]["facts"].as_array().unwrap().last().unwrap();
    (fact["what"].as_str().unwrap(), &fact["taken_by"])
}

fn names(held: &Value) -> Vec<&str> {
    let delegates = held["delegates"].as_array().unwrap();
    delegates.iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_family_takes_away_its_delegates_and_every_fact_of_the_days() {
    for store in stores().await {
        let world = world(&store).await;
        let delegate = name(&world.mother, "刘强").await;
        let go = Collector::Delegate(delegate);
        assert_eq!(release(&world.guard, an(), go).await, ReleaseOutcome::Released);
        let held = taken_away(&world.mother).await;
        assert_eq!(names(&held), ["刘强"]);
        assert_eq!(held["days"][0]["day"], "2026-11-24");
        assert_eq!(held["days"][0]["facts"].as_array().unwrap().len(), 3);
        let (what, taken_by) = last(&held);
        assert_eq!((what, taken_by["name"].as_str()), ("let_through", Some("刘强")));
        let leaves = world.mother.read::<ReadOwnEnrolment, _>(|tx| attendance::takeout(tx, an())).await;
        assert_eq!(leaves.unwrap()["leaves"].as_array().unwrap().len(), 0);
    }
}

#[tokio::test]
async fn a_family_takes_away_its_consents_to_going_alone_or_by_bus() {
    for store in stores().await {
        let world = world(&store).await;
        let father = father_signs_in(&store, &world).await;
        let given = world.office.act::<KeepOwnAccount, (), ()>(|tx| {
            for (bits, mode, guardian, withdrawn) in [(301, "alone", 11, Some(5_i64)), (302, "bus", 11, None)]
            {
                let sql = kehou_db::sql!(
                    "insert into release_consent
                       (school_id, id, student_id, mode, given_by, given_at, from_on, withdrawn_at)
                     values ($1, $2, $3, $4, $5, 1, '2026-11-01', $6)"
                );
                let (id, by) = (AnyId::from_bits(bits), AnyId::from_bits(guardian));
                tx.run(sql, &[id.into(), an().into(), mode.into(), by.into(), withdrawn.into()])?;
            }
            Ok(())
        });
        assert_eq!(given.await.unwrap(), Ok(()));
        let held = taken_away(&world.mother).await;
        let consents = held["release_consents"].as_array().unwrap();
        let modes: Vec<_> = consents
            .iter()
            .map(|one| (one["mode"].as_str().unwrap(), one["withdrawn_at"].is_null()))
            .collect();
        assert_eq!(modes, [("alone", false), ("bus", true)]);
        assert_eq!(consents[0]["given_by"], "林敏");
        restrict(&world, "安国").await;
        assert_eq!(taken_away(&father).await["release_consents"].as_array().unwrap().len(), 0);
    }
}

#[tokio::test]
async fn another_familys_child_is_not_there_to_take_away() {
    for store in stores().await {
        world(&store).await;
        let person = Some(AnyId::from_bits(99));
        let other = store.member("east", ("13800000099", Role::Guardian), person, at(17, 25)).await;
        let days = other.read::<ReadOwnEnrolment, _>(|tx| dismissal::takeout(tx, an())).await;
        assert!(matches!(days, Err(kehou_db::Error::NotFound)));
        let leaves = other.read::<ReadOwnEnrolment, _>(|tx| attendance::takeout(tx, an())).await;
        assert!(matches!(leaves, Err(kehou_db::Error::NotFound)));
    }
}

#[tokio::test]
async fn h3_a_guardian_who_must_not_collect_learns_neither_whom_others_named_nor_who_took_the_child() {
    for store in stores().await {
        let world = world(&store).await;
        let father = father_signs_in(&store, &world).await;
        name(&father, "赵二").await;
        restrict(&world, "安国").await;
        let delegate = name(&world.mother, "刘强").await;
        let go = Collector::Delegate(delegate);
        assert_eq!(release(&world.guard, an(), go).await, ReleaseOutcome::Released);

        let held = taken_away(&father).await;
        assert_eq!(names(&held), ["赵二"]);
        assert_eq!(last(&held), ("let_through", &Value::Null));
        assert!(!held.to_string().contains("刘强"), "{held}");
        let day = father.read::<SeeOwnChildren, _>(|tx| dismissal::child_day(tx, an(), TUESDAY)).await;
        assert_eq!(day.unwrap().facts.last().unwrap().taken_by, None);
        let today = father.read::<SeeOwnChildren, _>(dismissal::today).await.unwrap();
        let child = today.iter().find(|one| one.child.id == an()).unwrap();
        assert!(child.taken_by.is_none() && child.state.whereabouts().has_gone());
        let inbox = father.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        assert!(inbox.iter().any(|message| message.facts["leave"] == "left"));
        assert!(inbox.iter().all(|message| !message.facts.to_string().contains("刘强")));

        let today = world.mother.read::<SeeOwnChildren, _>(dismissal::today).await.unwrap();
        let child = today.iter().find(|one| one.child.id == an()).unwrap();
        assert_eq!(child.taken_by.as_ref().map(|(name, _)| name.as_str()), Some("刘强"));
    }
}
