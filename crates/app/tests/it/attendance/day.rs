//! Making the day's sessions from plan, calendar and groups.

use jiff::civil::{Date, date};
use kehou_app::attendance::{self, NewLeave, NoPlan, Prepared, SessionCard};
use kehou_app::grouping;
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Scope, sql};
use kehou_domain::access::{
    EnterLeave, KeepCalendar, KeepOwnAccount, PrepareDay, ReadCalendar, ReadGroups, ReadSessions,
};
use kehou_domain::attendance::{LeaveKind, Said, Span};
use kehou_domain::calendar::school::{Confirmed, LocalDay, LocalKind, LocalRefused, NoService};
use kehou_domain::custody::Counts;

use super::world::{CHILDREN, TUESDAY, World, at, call, child, id, put, save, told, world};

pub(super) const WEDNESDAY: Date = date(2026, 11, 25);
const PLAN: &str = include_str!("../../../../../plans/s0.toml");

/// The world with a plan in force; its children are enrolled in the plan's own slot.
pub(super) async fn planned(store: &TestStore) -> World {
    planned_by(store, PLAN).await
}

/// The same with another plan.
pub(super) async fn planned_by(store: &TestStore, text: &'static str) -> World {
    let world = world(store).await;
    let plan: toml::Table = toml::from_str(text).unwrap();
    let slot = plan["slots"].as_array().unwrap()[0]["id"].as_str().unwrap().to_owned();
    let filled = world.office.act::<KeepOwnAccount, (), ()>(move |tx| {
        put(tx, sql!("update teaching_group set slot_id = $2 where school_id = $1"), &[slot.as_str().into()])?;
        put(tx, sql!("update session set slot_id = $2 where school_id = $1"), &[slot.as_str().into()])?;
        put(tx, sql!("update enrolment_slot set slot_id = $2 where school_id = $1"), &[slot.as_str().into()])?;
        let version = sql!(
            "insert into plan_version (school_id, id, number, text, digest, status, in_force_from, made_by, made_at)
             values ($1, $2, 1, $3, $4, 'filed', '2026-09-01', $2, 0)"
        );
        let digest = format!("{slot} {}", text.len());
        Ok(put(tx, version, &[id(501), text.into(), digest.into()])?)
    });
    assert_eq!(filled.await.unwrap(), Ok(()));
    world
}

async fn prepare(scope: &Scope, day: Date) -> Prepared {
    let prepared = scope.act::<PrepareDay, Prepared, NoPlan>(move |tx| attendance::prepare_day(tx, day));
    prepared.await.unwrap().unwrap()
}

async fn sessions(scope: &Scope, day: Date) -> Vec<SessionCard> {
    scope.read::<ReadSessions, _>(move |tx| attendance::sessions(tx, day)).await.unwrap()
}

#[tokio::test]
async fn a_service_day_has_a_session_for_each_group_and_a_place_for_each_child() {
    for store in stores().await {
        let world = planned(&store).await;
        let all = u32::try_from(CHILDREN).unwrap();
        assert_eq!(prepare(&world.office, WEDNESDAY).await, Prepared::Held { expected: all, on_leave: 0 });
        let made = sessions(&world.teacher, WEDNESDAY).await;
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].counts, Counts { expected: all, unmarked: all, ..Counts::default() });
        assert_eq!(
            (made[0].session.venue.as_str(), made[0].session.group_name.as_str()),
            ("教学楼 2-03", "三(2)班")
        );
        assert!(made[0].session.starts_at < made[0].session.ends_at);

        assert_eq!(prepare(&world.office, WEDNESDAY).await, Prepared::Held { expected: 0, on_leave: 0 });
        assert_eq!(sessions(&world.teacher, WEDNESDAY).await, made);
    }
}

#[tokio::test]
async fn without_a_plan_nothing_is_made_and_it_is_tried_again() {
    for store in stores().await {
        let world = world(&store).await;
        let made =
            world.office.act::<PrepareDay, Prepared, NoPlan>(|tx| attendance::prepare_day(tx, WEDNESDAY));
        assert_eq!(made.await.unwrap(), Err(NoPlan));
        let prepared =
            world.office.read::<ReadSessions, _>(|tx| attendance::is_prepared(tx, WEDNESDAY)).await;
        assert!(!prepared.unwrap());
    }
}

#[tokio::test]
async fn two_who_prepare_at_once_make_the_day_once() {
    for store in stores().await {
        let world = planned(&store).await;
        let (one, other) = tokio::join!(prepare(&world.office, WEDNESDAY), prepare(&world.leader, WEDNESDAY));
        let expected = |prepared: &Prepared| match prepared {
            Prepared::Held { expected, .. } => *expected,
            Prepared::NotHeld(_) => 0,
        };
        assert_eq!(u128::from(expected(&one) + expected(&other)), CHILDREN);
        assert_eq!(sessions(&world.leader, WEDNESDAY).await.len(), 1);
    }
}

#[tokio::test]
async fn leave_filed_earlier_is_marked_when_the_day_is_made() {
    for store in stores().await {
        let world = planned(&store).await;
        let leave = NewLeave {
            student: child(4),
            span: Span { from_on: WEDNESDAY, to_on: WEDNESDAY },
            slot: None,
            kind: LeaveKind::Personal,
            reason: String::new(),
        };
        let entered = world.teacher.act::<EnterLeave, _, _>(move |tx| attendance::enter_leave(tx, &leave));
        assert!(entered.await.unwrap().is_ok());
        let all = u32::try_from(CHILDREN).unwrap();
        assert_eq!(prepare(&world.office, WEDNESDAY).await, Prepared::Held { expected: all, on_leave: 1 });
        assert_eq!(sessions(&world.teacher, WEDNESDAY).await[0].counts.leave, 1);
    }
}

#[tokio::test]
async fn a_child_who_left_the_service_is_no_longer_expected() {
    for store in stores().await {
        let world = planned(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        let ended = world.office.act::<KeepOwnAccount, (), ()>(|tx| {
            let sql =
                sql!("update enrolment set to_on = '2026-11-24' where school_id = $1 and student_id = $2");
            Ok(put(tx, sql, &[id(7)])?)
        });
        assert_eq!(ended.await.unwrap(), Ok(()));
        prepare(&world.office, WEDNESDAY).await;
        let counts = sessions(&world.teacher, WEDNESDAY).await[0].counts;
        assert_eq!(u128::from(counts.expected), CHILDREN - 1);
    }
}

#[tokio::test]
async fn a_weekend_has_no_sessions_and_a_pause_takes_those_away_that_nobody_called() {
    for store in stores().await {
        let world = planned(&store).await;
        let saturday = date(2026, 11, 28);
        assert_eq!(prepare(&world.office, saturday).await, Prepared::NotHeld(NoService::Weekend));
        assert_eq!(sessions(&world.leader, saturday).await, Vec::new());

        prepare(&world.office, WEDNESDAY).await;
        let paused = world.office.act::<KeepOwnAccount, (), ()>(|tx| {
            let sql = sql!(
                "insert into local_day (school_id, day, kind, reason) values ($1, '2026-11-25', 'pause', '流感')"
            );
            Ok(put(tx, sql, &[])?)
        });
        assert_eq!(paused.await.unwrap(), Ok(()));
        let paused = Prepared::NotHeld(NoService::Pause { reason: "流感".into() });
        assert_eq!(prepare(&world.office, WEDNESDAY).await, paused);
        let cancelled = sessions(&world.leader, WEDNESDAY).await;
        assert_eq!(cancelled[0].session.status, attendance::Status::Cancelled);
        assert_eq!(cancelled[0].counts, Counts::default());
        save(&world.teacher, call(&[], Some(Said::Present))).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn groups_follow_the_enrolments() {
    for store in stores().await {
        let world = planned(&store).await;
        let emptied = world.office.act::<KeepOwnAccount, (), ()>(|tx| {
            put(tx, sql!("delete from group_member where school_id = $1"), &[])?;
            put(tx, sql!("delete from custody_fact where school_id = $1"), &[])?;
            put(tx, sql!("delete from session where school_id = $1"), &[])?;
            Ok(put(tx, sql!("delete from teaching_group where school_id = $1"), &[])?)
        });
        assert_eq!(emptied.await.unwrap(), Ok(()));
        prepare(&world.office, WEDNESDAY).await;
        let groups =
            world.office.at_moment(at(15, 25)).read::<ReadGroups, _>(grouping::current).await.unwrap();
        assert_eq!(groups.len(), 1);
        assert_eq!((groups[0].name.as_str(), groups[0].teacher_name.as_str()), ("三(2)班", "吴老师"));
    }
}

/// The office calls the day off, told of so many children who are here.
async fn close(office: &Scope, day: Date, told: u32) {
    try_to_close(office, day, told).await.unwrap();
}

async fn try_to_close(office: &Scope, day: Date, children: u32) -> Result<(), LocalRefused> {
    let local = LocalDay { day, kind: LocalKind::Closure, reason: "停水".to_owned() };
    let told = Confirmed { children, weekend: false };
    office.act::<KeepCalendar, _, _>(move |tx| attendance::set_local_day(tx, &local, told)).await.unwrap()
}

async fn open_again(office: &Scope, day: Date) {
    let cleared = office.act::<KeepCalendar, (), ()>(move |tx| Ok(attendance::clear_local_day(tx, day)?));
    cleared.await.unwrap().unwrap();
}

async fn staying(office: &Scope, day: Date) -> Vec<String> {
    office.read::<ReadCalendar, _>(move |tx| attendance::held_though_off(tx, day)).await.unwrap()
}

#[tokio::test]
async fn c11_a_day_made_already_follows_a_closure_and_its_removal() {
    for store in stores().await {
        let world = planned(&store).await;
        let leave = NewLeave {
            student: child(4),
            span: Span { from_on: WEDNESDAY, to_on: WEDNESDAY },
            slot: None,
            kind: LeaveKind::Personal,
            reason: String::new(),
        };
        let entered = world.teacher.act::<EnterLeave, _, _>(move |tx| attendance::enter_leave(tx, &leave));
        assert!(entered.await.unwrap().is_ok());
        prepare(&world.office, WEDNESDAY).await;
        let made = sessions(&world.leader, WEDNESDAY).await;
        for _ in 0..2 {
            close(&world.office, WEDNESDAY, 0).await;
            let off = sessions(&world.leader, WEDNESDAY).await;
            assert_eq!(off[0].session.status, attendance::Status::Cancelled);
            assert_eq!(off[0].counts, Counts::default(), "nobody is expected, not even on leave");
            assert_eq!(staying(&world.office, WEDNESDAY).await, Vec::<String>::new());
            open_again(&world.office, WEDNESDAY).await;
            let again = sessions(&world.leader, WEDNESDAY).await;
            assert_eq!(again[0].session.status, attendance::Status::Planned);
            assert_eq!((again.len(), again[0].counts), (1, made[0].counts));
        }
    }
}

#[tokio::test]
async fn c11_a_session_with_a_roll_stays_and_is_named() {
    for store in stores().await {
        let world = planned(&store).await;
        prepare(&world.office, TUESDAY).await;
        save(&world.teacher, call(&[(1, Said::Absent), (2, Said::Present)], None)).await.unwrap().unwrap();
        let before = sessions(&world.leader, TUESDAY).await;
        close(&world.office, TUESDAY, 29).await;
        assert_eq!(staying(&world.office, TUESDAY).await, ["三(2)班"]);
        let after = sessions(&world.leader, TUESDAY).await;
        assert_eq!(after[0].counts, before[0].counts);
        open_again(&world.office, TUESDAY).await;
        assert_eq!(sessions(&world.leader, TUESDAY).await[0].counts, before[0].counts);
    }
}

#[tokio::test]
async fn c11_a_session_that_has_begun_goes_on_although_nobody_was_called() {
    for store in stores().await {
        let world = planned(&store).await;
        let children = u32::try_from(CHILDREN).unwrap();
        prepare(&world.office, TUESDAY).await;
        let untold = Err(LocalRefused::ChildrenHere { here: 0, awaited: children });
        assert_eq!(try_to_close(&world.office, TUESDAY, 0).await, untold);
        close(&world.office, TUESDAY, children).await;
        assert_eq!(staying(&world.office, TUESDAY).await, ["三(2)班"]);
        let after = sessions(&world.leader, TUESDAY).await;
        assert_eq!(
            (after[0].session.status, after[0].counts.unmarked),
            (attendance::Status::Planned, children)
        );
        prepare(&world.office, TUESDAY).await;
        assert_eq!(sessions(&world.leader, TUESDAY).await[0].counts.unmarked, children, "nor later");
        save(&world.teacher, call(&[], Some(Said::Present))).await.unwrap().unwrap();
        assert_eq!(sessions(&world.leader, TUESDAY).await[0].counts.present, children);
    }
}

#[tokio::test]
async fn c11_before_it_begins_a_session_is_called_off_and_a_past_day_nobody_called_is_asked_about() {
    for store in stores().await {
        let world = planned(&store).await;
        let children = u32::try_from(CHILDREN).unwrap();
        prepare(&world.office, TUESDAY).await;
        let noon = world.office.at_moment(at(12, 0));
        close(&noon, TUESDAY, 0).await;
        assert_eq!(sessions(&world.leader, TUESDAY).await[0].session.status, attendance::Status::Cancelled);
        open_again(&noon, TUESDAY).await;
        assert_eq!(sessions(&world.leader, TUESDAY).await[0].counts.unmarked, children);

        let tomorrow = world.office.at_moment(at(9, 0) + jiff::SignedDuration::from_hours(24));
        assert_eq!(try_to_close(&tomorrow, TUESDAY, 0).await, Err(LocalRefused::NeverCalled { children }));
        close(&tomorrow, TUESDAY, children).await;
        assert_eq!(sessions(&world.leader, TUESDAY).await[0].session.status, attendance::Status::Cancelled);
    }
}

#[tokio::test]
async fn c11_whoever_is_concerned_is_told_once_also_when_it_is_taken_back() {
    for store in stores().await {
        let world = planned(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        for _ in 0..2 {
            close(&world.office, WEDNESDAY, 0).await;
            assert_eq!(told(&world.mother).await, ["service_called_off"]);
            assert_eq!(told(&world.teacher).await, ["duty_called_off"]);
            assert_eq!(told(&world.leader).await, ["duty_called_off"]);
        }
        open_again(&world.office.at_moment(at(15, 40)), WEDNESDAY).await;
        assert_eq!(told(&world.mother).await, ["service_called_off", "service_held"]);
        assert_eq!(told(&world.teacher).await, ["duty_called_off", "duty_held"]);
        assert_eq!(told(&world.leader).await, ["duty_called_off", "duty_held"]);
        for other in [&world.other_teacher, &world.grade_head, &world.west_leader] {
            assert_eq!(told(other).await, Vec::<String>::new());
        }
        let message = world.mother.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap().pop().unwrap();
        assert_eq!(message.kind, "service_called_off");
        let facts = serde_json::json!({ "child": "学生01", "day": "2026-11-25", "reason": "停水" });
        assert_eq!(message.facts, facts);

        let past = world.office.at_moment(at(9, 0) + jiff::SignedDuration::from_hours(48));
        close(&past, WEDNESDAY, u32::try_from(CHILDREN).unwrap()).await;
        assert_eq!(told(&world.mother).await.len(), 2, "nobody is told of a past day");
    }
}
