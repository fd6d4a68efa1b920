//! The event chain and the erasing of a person.

use kehou_db::testing::stores;
use kehou_db::{Event, Failed, Place, sql};
use kehou_domain::access::{KeepOwnAccount, ManageAccounts, Role};
use kehou_domain::ids::{EntityId, StudentId};
use serde_json::json;

use crate::tuesday;

#[tokio::test]
async fn the_chain_holds_until_somebody_changes_a_row() {
    let store = kehou_db::testing::sqlite();
    store.school(1, "east", tuesday()).await;
    let scope = store.member("east", ("13800000001", Role::Principal), None, tuesday()).await;
    for number in 0..3 {
        write_event(&scope, number).await;
    }
    assert_eq!(store.db.seal_events(tuesday()).await.unwrap(), 4);
    let audit = store.db.audit("east", tuesday()).await.unwrap();
    assert_eq!((audit.sealed, audit.waiting, audit.broken_at), (4, 0, None));

    let Place::File(path) = &store.place else { unreachable!("a SQLite store is a file") };
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute("update event set facts = '{\"number\":9}' where seq = 3", []).unwrap();
    assert_eq!(store.db.audit("east", tuesday()).await.unwrap().broken_at, Some(3));
}

#[tokio::test]
async fn the_chain_holds_after_a_person_is_erased() {
    for store in stores().await {
        store.school(1, "east", tuesday()).await;
        let scope = store.member("east", ("13800000001", Role::Principal), None, tuesday()).await;
        let student = StudentId::from_bits(7);
        scope
            .act::<KeepOwnAccount, (), ()>(move |tx| {
                let event = Event::of::<KeepOwnAccount>(student).about(student, json!({ "name": "An" }));
                tx.event(event)?;
                tx.erase_person(student).map_err(Failed::Fault)
            })
            .await
            .unwrap()
            .unwrap();
        store.db.seal_events(tuesday()).await.unwrap();
        assert_eq!(store.db.audit("east", tuesday()).await.unwrap().broken_at, None);
        assert_eq!(keys_of_persons(&scope).await, 0);
    }
}

async fn write_event(scope: &kehou_db::Scope, number: i64) {
    scope
        .act::<KeepOwnAccount, (), ()>(move |tx| {
            let event = Event::of::<KeepOwnAccount>(number).facts(json!({ "number": number }));
            tx.event(event).map_err(Failed::Fault)
        })
        .await
        .unwrap()
        .unwrap();
}

async fn keys_of_persons(scope: &kehou_db::Scope) -> u32 {
    let system = scope.clone();
    system
        .read::<KeepOwnAccount, _>(|tx| {
            tx.one(sql!("select count(*) from person_key where school_id = $1"), &[], |row| row.count(0))
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn sealing_again_seals_nothing_twice() {
    for store in stores().await {
        store.school(1, "east", tuesday()).await;
        store.system("east", tuesday()).await;
        assert_eq!(store.db.seal_events(tuesday()).await.unwrap(), 1);
        assert_eq!(store.db.seal_events(tuesday()).await.unwrap(), 0);
        let scope = store.system("east", tuesday()).await;
        assert!(scope.may::<ManageAccounts>());
        assert_eq!(store.db.audit("east", tuesday()).await.unwrap().waiting, 1);
    }
}
