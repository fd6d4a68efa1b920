//! Calling the roll.

use kehou_app::attendance::{self, Saved, Status};
use kehou_db::testing::stores;
use kehou_db::{Error, Key};
use kehou_domain::access::{CallRoll, ReadSessions};
use kehou_domain::attendance::{HeadCount, RollRefused, Said};
use kehou_domain::custody::{Counts, Mark};

use super::world::{at, call, mark_of, roll, save, session, told, world};

#[tokio::test]
async fn nobody_is_present_until_the_teacher_says_so() {
    for store in stores().await {
        let world = world(&store).await;
        let before = roll(&world.teacher).await;
        assert_eq!(before.counts, Counts { expected: 30, unmarked: 30, ..Counts::default() });

        let saved =
            save(&world.teacher, call(&[(1, Said::Absent), (26, Said::Absent)], Some(Said::Present))).await;
        let counts = Counts { expected: 30, present: 28, absent: 2, ..Counts::default() };
        assert_eq!(saved.unwrap(), Ok(Saved { at: at(15, 25), rest: 28, noted: 30, counts }));

        let after = roll(&world.teacher).await;
        assert_eq!((mark_of(&after, 1), mark_of(&after, 2)), (Mark::Absent, Mark::Present));
        assert_eq!(after.session.status, Status::Called);
        let missing: Vec<&str> = after.cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(missing, ["学生01", "学生26"]);
    }
}

#[tokio::test]
async fn the_duty_leader_and_the_mother_are_told_of_a_missing_child() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        assert_eq!(told(&world.leader).await, ["child_missing"]);
        assert_eq!(told(&world.mother).await, ["own_child_missing"]);
        assert_eq!(told(&world.west_leader).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_page_and_the_save_take_a_fixed_number_of_statements() {
    for store in stores().await {
        let world = world(&store).await;
        let statements = world.teacher.act::<CallRoll, u32, RollRefused>(|tx| {
            attendance::save_roll(tx, &call(&[], Some(Said::Present)))?;
            Ok(tx.statements())
        });
        assert!(statements.await.unwrap().unwrap() <= 8);
        save(&world.teacher, call(&[(1, Said::Absent)], None)).await.unwrap().unwrap();
        let statements = world.teacher.read::<ReadSessions, u32>(|tx| {
            attendance::roll(tx, session())?;
            Ok(tx.statements())
        });
        assert!(statements.await.unwrap() <= 8);
    }
}

#[tokio::test]
async fn the_head_count_confirms_the_roll() {
    for store in stores().await {
        let world = world(&store).await;
        let count = async |heads: u32| {
            let scope = world.teacher.clone();
            scope
                .act::<CallRoll, HeadCount, RollRefused>(move |tx| {
                    attendance::confirm_heads(tx, session(), heads)
                })
                .await
        };
        assert_eq!(count(30).await.unwrap(), Ok(HeadCount::Unmarked(30)));
        save(&world.teacher, call(&[(1, Said::Leave)], Some(Said::Present))).await.unwrap().unwrap();
        assert_eq!(count(28).await.unwrap(), Ok(HeadCount::Differs { counted: 28, present: 29 }));
        assert_eq!(roll(&world.teacher).await.session.status, Status::Called);
        assert_eq!(count(29).await.unwrap(), Ok(HeadCount::Agrees));
        let confirmed = roll(&world.teacher).await.session;
        assert_eq!((confirmed.status, confirmed.head_count), (Status::Confirmed, Some(29)));

        save(&world.teacher, call(&[(2, Said::Absent)], None)).await.unwrap().unwrap();
        let changed = roll(&world.teacher).await.session;
        assert_eq!((changed.status, changed.head_count), (Status::Called, None));
    }
}

#[tokio::test]
async fn undo_takes_the_bulk_back_and_leaves_the_missing() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let undone = world
            .teacher
            .act::<CallRoll, Saved, RollRefused>(|tx| attendance::undo_roll(tx, session(), at(15, 25)))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(undone.noted, 29);
        let after = roll(&world.teacher).await;
        assert_eq!(after.counts, Counts { expected: 30, absent: 1, unmarked: 29, ..Counts::default() });
        assert_eq!(after.session.status, Status::Planned);
    }
}

#[tokio::test]
async fn undo_of_one_change_restores_what_was() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[], Some(Said::Present))).await.unwrap().unwrap();
        let later = world.teacher.at_moment(at(15, 30));
        save(&later, call(&[(5, Said::Absent)], None)).await.unwrap().unwrap();
        assert_eq!(roll(&later).await.cases.len(), 1);
        let undo = later.at_moment(at(15, 31));
        let undone = undo
            .act::<CallRoll, Saved, RollRefused>(|tx| attendance::undo_roll(tx, session(), at(15, 30)))
            .await;
        assert_eq!(
            undone.unwrap().unwrap().counts,
            Counts { expected: 30, present: 30, ..Counts::default() }
        );
        assert!(roll(&undo).await.cases.iter().all(|case| !case.is_open));
    }
}

#[tokio::test]
async fn a_page_that_is_out_of_date_changes_nothing() {
    for store in stores().await {
        let world = world(&store).await;
        let seen = roll(&world.teacher).await.session.version;
        let with_version =
            |said: &[(u128, Said)], rest| attendance::Call { version: Some(seen), ..call(said, rest) };
        save(&world.teacher, with_version(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let stale = save(&world.leader, with_version(&[], Some(Said::Present))).await.unwrap();
        assert_eq!(stale, Err(RollRefused::Changed));
        assert_eq!(mark_of(&roll(&world.teacher).await, 1), Mark::Absent);
    }
}

/// Two devices send the same roll at the same moment: the facts are there once.
#[tokio::test]
async fn two_devices_that_save_the_same_roll_note_each_child_once() {
    for store in stores().await {
        let world = world(&store).await;
        let seen = roll(&world.teacher).await.session.version;
        let one = attendance::Call { version: Some(seen), ..call(&[(1, Said::Absent)], Some(Said::Present)) };
        let (first, second) = tokio::join!(save(&world.teacher, one.clone()), save(&world.leader, one));
        let verdicts = [first.unwrap(), second.unwrap()];
        assert_eq!(verdicts.iter().filter(|verdict| verdict.is_ok()).count(), 1);
        assert!(verdicts.contains(&Err(RollRefused::Changed)));
        assert_eq!(told(&world.leader).await, ["child_missing"]);
        let counts = Counts { expected: 30, present: 29, absent: 1, ..Counts::default() };
        assert_eq!(roll(&world.teacher).await.counts, counts);
    }
}

#[tokio::test]
async fn the_same_key_twice_saves_once() {
    for store in stores().await {
        let world = world(&store).await;
        let key = Key { key: "k1".into(), request_hash: "h".into() };
        let send = async || {
            world
                .teacher
                .write::<CallRoll, u32, String>(&key, |tx| {
                    let saved = attendance::save_roll(tx, &call(&[(1, Said::Absent)], Some(Said::Present)));
                    saved.map(|saved| saved.noted).map_err(|why| why.map(|why| format!("{why:?}")))
                })
                .await
        };
        let (first, second) = tokio::join!(send(), send());
        assert_eq!((first.unwrap(), second.unwrap()), (Ok(30), Ok(30)));
        assert_eq!(told(&world.leader).await, ["child_missing"]);
    }
}

#[tokio::test]
async fn another_teachers_session_is_not_theirs() {
    for store in stores().await {
        let world = world(&store).await;
        let saved = save(&world.other_teacher, call(&[], Some(Said::Present))).await;
        assert!(matches!(saved, Err(Error::NotAllowed)));
        let seen =
            world.other_teacher.read::<ReadSessions, _>(|tx| attendance::sessions(tx, tx.today())).await;
        assert_eq!(seen.unwrap(), Vec::new());
        let western = world.west_leader.clone();
        assert_eq!(roll(&western).await.counts.unmarked, 30);
    }
}

#[tokio::test]
async fn a_roll_has_its_time() {
    for store in stores().await {
        let world = world(&store).await;
        let early = world.teacher.at_moment(at(15, 4));
        assert_eq!(save(&early, call(&[], Some(Said::Present))).await.unwrap(), Err(RollRefused::NotYet));
        let tomorrow = at(15, 25) + jiff::SignedDuration::from_hours(24);
        let late = world.teacher.at_moment(tomorrow);
        assert_eq!(save(&late, call(&[], Some(Said::Present))).await.unwrap(), Err(RollRefused::DayOver));
        let office = world.office.at_moment(tomorrow);
        assert!(save(&office, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().is_ok());
        assert_eq!(told(&world.leader).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_child_who_comes_late_closes_its_case() {
    for store in stores().await {
        let world = world(&store).await;
        save(&world.teacher, call(&[(19, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        let later = world.teacher.at_moment(at(15, 31));
        save(&later, call(&[(19, Said::Late)], None)).await.unwrap().unwrap();
        let after = roll(&later).await;
        assert_eq!(mark_of(&after, 19), Mark::Late);
        assert_eq!((after.counts.present, after.counts.late), (30, 1));
        assert_eq!(after.cases[0].outcome, Some(kehou_domain::attendance::Outcome::Came));
    }
}
