//! Groups, keys, refusals, strangers, races.

use kehou_db::testing::{TestStore, stores};
use kehou_db::{Error, Event, Failed, Key, Scope, sql};
use kehou_domain::access::{KeepOwnAccount, ManageAccounts, Role};
use kehou_domain::ids::AccountId;

use crate::tuesday;

/// East and west, with an office seat in east.
async fn office(store: &TestStore) -> Scope {
    store.school(1, "east", tuesday()).await;
    store.school(2, "west", tuesday()).await;
    store.member("east", ("13800000001", Role::AcademicOffice), None, tuesday()).await
}

fn key(name: &str, hash: &str) -> Key {
    Key { key: name.to_owned(), request_hash: hash.to_owned() }
}

/// Writes an event with this subject, then refuses or not.
async fn note(
    scope: &Scope,
    key: &Key,
    subject: &str,
    refuse: bool,
) -> Result<Result<String, String>, Error> {
    let subject = subject.to_owned();
    scope
        .write::<KeepOwnAccount, String, String>(key, move |tx| {
            tx.event(Event::of::<KeepOwnAccount>(&subject))?;
            if refuse { Err(Failed::Refused(format!("not {subject}"))) } else { Ok(subject.clone()) }
        })
        .await
}

/// The subjects of the acts noted so far, without those of the test's own making.
async fn noted(scope: &Scope) -> Vec<String> {
    scope
        .read::<KeepOwnAccount, _>(|tx| {
            let sql = sql!("select subject from event where school_id = $1 and action = $2 order by id");
            tx.all(sql, &["KeepOwnAccount".into()], |row| row.text(0))
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_once() {
    for store in stores().await {
        let scope = office(&store).await;
        let first = note(&scope, &key("k1", "h"), "a", false).await.unwrap();
        let second = note(&scope, &key("k1", "h"), "b", false).await.unwrap();
        assert_eq!((first, second), (Ok("a".to_owned()), Ok("a".to_owned())));
        assert_eq!(noted(&scope).await, ["a"]);
    }
}

#[tokio::test]
async fn a_refusal_leaves_nothing_and_is_remembered() {
    for store in stores().await {
        let scope = office(&store).await;
        let first = note(&scope, &key("k1", "h"), "a", true).await.unwrap();
        let second = note(&scope, &key("k1", "h"), "a", false).await.unwrap();
        assert_eq!((first, second), (Err("not a".to_owned()), Err("not a".to_owned())));
        assert_eq!(noted(&scope).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_key_used_for_another_request_is_a_fault() {
    for store in stores().await {
        let scope = office(&store).await;
        note(&scope, &key("k1", "one"), "a", false).await.unwrap().unwrap();
        let other = note(&scope, &key("k1", "two"), "a", false).await;
        assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
    }
}

#[tokio::test]
async fn the_same_key_from_many_devices_at_once_acts_once() {
    for store in stores().await {
        let scope = office(&store).await;
        let key = key("k1", "h");
        let many = (0..16).map(|_| note(&scope, &key, "a", false));
        for answer in futures(many).await {
            assert_eq!(answer.unwrap(), Ok("a".to_owned()));
        }
        assert_eq!(noted(&scope).await, ["a"]);
    }
}

#[tokio::test]
async fn a_panic_undoes_its_own_work_and_nothing_else() {
    for store in stores().await {
        let scope = office(&store).await;
        let panicking = scope
            .act::<KeepOwnAccount, (), ()>(|tx| {
                tx.event(Event::of::<KeepOwnAccount>("lost"))?;
                panic!("a use case with a mistake")
            })
            .await;
        assert!(matches!(panicking, Err(Error::Panicked)), "{panicking:?}");
        note(&scope, &key("k2", "h"), "kept", false).await.unwrap().unwrap();
        assert_eq!(noted(&scope).await, ["kept"]);
    }
}

#[tokio::test]
async fn a_stranger_finds_no_school_and_a_wrong_role_no_act() {
    for store in stores().await {
        office(&store).await;
        let guard = store.member("west", ("13800000002", Role::GateGuard), None, tuesday()).await;
        let stranger = store.db.enter(guard.account(), "east", Role::GateGuard, tuesday()).await;
        assert!(matches!(stranger, Err(Error::NotFound)));
        let refused = guard.read::<ManageAccounts, ()>(|_| Ok(())).await;
        assert!(matches!(refused, Err(Error::NotAllowed)));
    }
}

#[tokio::test]
async fn another_schools_rows_are_not_there() {
    for store in stores().await {
        let east = office(&store).await;
        note(&east, &key("k1", "h"), "east's own", false).await.unwrap().unwrap();
        let west = store.member("west", ("13800000003", Role::AcademicOffice), None, tuesday()).await;
        assert_eq!(noted(&west).await, [""; 0]);
    }
}

#[tokio::test]
async fn already_is_a_value_and_the_transaction_goes_on() {
    for store in stores().await {
        let scope = office(&store).await;
        scope
            .act::<KeepOwnAccount, (), ()>(|tx| {
                let insert = |tx: &mut kehou_db::SchoolTx| {
                    let sql =
                        sql!("insert into person_key (school_id, person_id, key_sealed) values ($1, $2, $3)");
                    tx.run(sql, &["p".into(), "k".into()])
                };
                assert_eq!(tx.unless_already(insert)?, Some(1));
                assert_eq!(tx.unless_already(insert)?, None);
                tx.event(Event::of::<KeepOwnAccount>("after")).map_err(Failed::Fault)
            })
            .await
            .unwrap()
            .unwrap();
        assert_eq!(noted(&scope).await, ["after"]);
    }
}

#[tokio::test]
async fn one_phone_is_one_account_in_all_schools() {
    for store in stores().await {
        let east = office(&store).await;
        let west = store.member("west", ("13800000001", Role::Guardian), None, tuesday()).await;
        assert_eq!(east.account(), west.account());
        let seats = store.db.memberships(east.account(), tuesday()).await.unwrap();
        let seats: Vec<_> = seats.iter().map(|seat| (seat.school.code.as_str(), seat.role)).collect();
        assert_eq!(seats, [("east", Role::AcademicOffice), ("west", Role::Guardian)]);
    }
}

#[tokio::test]
async fn a_seat_that_ended_cannot_be_taken() {
    for store in stores().await {
        let east = office(&store).await;
        let account: AccountId = east.account();
        let system = store.system("east", tuesday()).await;
        system
            .act::<ManageAccounts, (), ()>(move |tx| {
                tx.release_member(account, Role::AcademicOffice).map_err(Failed::Fault)
            })
            .await
            .unwrap()
            .unwrap();
        let entered = store.db.enter(account, "east", Role::AcademicOffice, tuesday()).await;
        assert!(matches!(entered, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn an_answer_is_remembered_for_a_month() {
    for store in stores().await {
        let scope = office(&store).await;
        note(&scope, &key("k1", "h"), "a", false).await.unwrap().unwrap();
        let after = |days: i64| tuesday() + jiff::SignedDuration::from_hours(24 * days);
        assert_eq!(store.db.forget_old_keys(after(30)).await.unwrap(), 0);
        assert_eq!(store.db.forget_old_keys(after(32)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn many_rows_go_in_at_once() {
    for store in stores().await {
        let scope = office(&store).await;
        let counted = scope
            .act::<KeepOwnAccount, u32, ()>(|tx| {
                let insert =
                    sql!("insert into person_key (school_id, person_id, key_sealed) values ($1, $2, $3)");
                let rows: Vec<_> =
                    (0..450_i64).map(|number| vec![number.to_string().into(), "k".into()]).collect();
                assert_eq!(tx.run_each(insert, &rows)?, 450);
                let count = sql!("select count(*) from person_key where school_id = $1");
                Ok(tx.one(count, &[], |row| row.count(0))?)
            })
            .await;
        assert_eq!(counted.unwrap(), Ok(450));
    }
}

/// Awaits all at once.
async fn futures<T>(many: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = many.map(Box::pin).collect();
    let mut answers = Vec::new();
    std::future::poll_fn(|context| {
        let mut at = 0;
        while at < waiting.len() {
            match waiting[at].as_mut().poll(context) {
                std::task::Poll::Ready(answer) => {
                    answers.push(answer);
                    drop(waiting.swap_remove(at));
                }
                std::task::Poll::Pending => at += 1,
            }
        }
        if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    answers
}

#[tokio::test]
async fn a_role_is_told_in_its_own_school_alone() {
    for store in stores().await {
        let scope = office(&store).await;
        let leader = store.member("east", ("13800000002", Role::DutyLeader), None, tuesday()).await;
        let elsewhere = store.member("west", ("13800000003", Role::DutyLeader), None, tuesday()).await;
        let told = scope
            .act::<KeepOwnAccount, (), ()>(|tx| {
                Ok(tx.tell_role(Role::DutyLeader, "child_missing", &serde_json::json!({}))?)
            })
            .await;
        assert_eq!(told.unwrap(), Ok(()));
        for (scope, messages) in [(&leader, 1), (&elsewhere, 0), (&scope, 0)] {
            let inbox = scope.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
            assert_eq!(inbox.len(), messages);
        }
    }
}
