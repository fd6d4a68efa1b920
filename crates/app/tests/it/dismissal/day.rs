//! Handing over, closing, the board and the family's view.

use kehou_app::attendance::{self, Call, Mention};
use kehou_app::dismissal::{
    self, CloseDayRefused, HandoverRefused, OpenDay, OpenDays, ReleaseOutcome, Staying, StepState,
};
use kehou_db::testing::stores;
use kehou_db::{SchoolTx, Scope, sql};
use kehou_domain::access::{
    CallRoll, CloseDay, HandOverGroup, KeepOwnAccount, ReadExceptions, ReleaseChild, SeeOwnChildren, StandIn,
    WatchBoard, WatchGate, WriteCareLog,
};
use kehou_domain::attendance::{EntryRefused, RollRefused, Said, Saying};
use kehou_domain::custody::{CannotFollow, Check, Whereabouts};
use kehou_domain::dismissal::{
    CannotClose, CannotStay, ClosingCheck, Explained, GroupOpen, Leaving, Outlook, StillOpen,
};
use kehou_domain::ids::{CaseId, EnrolmentId, EntityId, FactId, StaffId, StudentId};
use kehou_domain::moment;

use super::world::{TUESDAY, an, at, bo, facts, mother, release, session, told, world};

async fn hand_over(scope: &Scope, students: &[StudentId]) -> Result<(), HandoverRefused> {
    hand_over_at(scope, students, "北门").await
}

async fn hand_over_at(
    scope: &Scope,
    students: &[StudentId],
    place: &'static str,
) -> Result<(), HandoverRefused> {
    let students = students.to_vec();
    let handed = scope
        .act::<HandOverGroup, _, _>(move |tx| dismissal::hand_over(tx, session(), &students, place))
        .await;
    handed.unwrap()
}

async fn close_group(scope: &Scope) -> Result<(), GroupOpen> {
    let closed =
        scope.act::<HandOverGroup, _, _>(|tx| dismissal::close_group(tx, session(), leaving(&[]))).await;
    closed.unwrap()
}

fn leaving(along: &[StudentId]) -> Leaving<'_> {
    Leaving { ticked: &ClosingCheck::ALL, along, note: "" }
}

/// Closes the day as the board asks: with the number of children without an ending.
async fn close_day_of(scope: &Scope, reason: &'static str, without: usize) -> Result<(), CloseDayRefused> {
    let said = Explained { reason, without_ending: Some(without) };
    scope.act::<CloseDay, _, _>(move |tx| dismissal::close_day(tx, TUESDAY, said)).await.unwrap()
}

fn cannot(why: CannotClose) -> Result<(), CloseDayRefused> {
    Err(CloseDayRefused::Cannot(vec![why]))
}

async fn close_day(scope: &Scope) -> Result<(), CloseDayRefused> {
    close_day_of(scope, "", 0).await
}

async fn stay_late(scope: &Scope, student: StudentId, are_back: bool) -> Result<(), HandoverRefused> {
    let staying = Staying { students: vec![student], are_back };
    scope.act::<HandOverGroup, _, _>(move |tx| dismissal::stay_late(tx, session(), &staying)).await.unwrap()
}

#[tokio::test]
async fn h12_a_teacher_hands_the_own_group_over_once() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(hand_over(&world.teacher, &[]).await, Err(HandoverRefused::Nobody));
        assert_eq!(hand_over_at(&world.teacher, &[an()], " ").await, Err(HandoverRefused::NoPlace));
        assert_eq!(hand_over(&world.teacher, &[an(), bo()]).await, Ok(()));
        assert_eq!(facts(&world.teacher, bo(), "handed_over").await, 1);
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let refused = hand_over(&world.teacher, &[an(), bo()]).await.unwrap_err();
        let HandoverRefused::Child { name, why } = refused else { panic!("a child was refused") };
        assert_eq!(name, "安安");
        assert!(matches!(why, CannotFollow::Ended(_)));
    }
}

#[tokio::test]
async fn h12_another_teachers_group_is_not_there() {
    for store in stores().await {
        let world = world(&store).await;
        let other = store
            .member(
                "east",
                ("13800000039", kehou_domain::access::Role::ServiceTeacher),
                Some(kehou_domain::ids::EntityId::from_bits(33)),
                at(17, 25),
            )
            .await;
        let group = other.read::<HandOverGroup, _>(|tx| dismissal::group_now(tx, session())).await;
        assert!(matches!(group, Err(kehou_db::Error::NotFound)));
        let own =
            world.teacher.read::<HandOverGroup, _>(|tx| dismissal::group_now(tx, session())).await.unwrap();
        assert_eq!(own.children.len(), 2);
    }
}

#[tokio::test]
async fn h9_the_day_closes_when_every_child_has_an_ending_and_every_room_is_closed() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(close_group(&world.teacher).await, Err(GroupOpen::Children(vec![bo(), an()])));
        assert_eq!(hand_over(&world.teacher, &[an(), bo()]).await, Ok(()));
        assert_eq!(close_group(&world.teacher).await, Ok(()));
        assert_eq!(close_group(&world.teacher).await, Ok(()));
        let open = StillOpen { children: vec![an(), bo()], ..StillOpen::default() };
        assert_eq!(close_day(&world.leader).await, cannot(CannotClose::Open(open)));
        for child in [an(), bo()] {
            assert_eq!(release(&world.guard, child, mother()).await, ReleaseOutcome::Released);
        }
        assert_eq!(close_day(&world.leader).await, Ok(()));
        assert_eq!(close_day(&world.leader).await, Err(CloseDayRefused::Closed));
        let west = StillOpen { children: vec![an(), bo()], groups: 1, ..StillOpen::default() };
        assert_eq!(close_day(&world.west_leader).await, cannot(CannotClose::Open(west)));
    }
}

#[tokio::test]
async fn h6_a_late_child_stays_with_who_writes_it_down() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(stay_late(&world.teacher, bo(), false).await, Ok(()));
        let before = world.leader.read::<WatchBoard, _>(|tx| dismissal::fingerprint(tx, None)).await.unwrap();
        let (board, statements) = world
            .leader
            .read::<WatchBoard, _>(|tx| Ok((dismissal::board(tx, None)?, tx.statements())))
            .await
            .unwrap();
        assert_eq!((board.to_go, board.gone, board.late.len(), board.open.len()), (2, 0, 1, 2));
        assert_eq!(board.fingerprint, before);
        assert!(statements <= 14, "{statements} statements");
        assert_eq!(release(&world.guard, bo(), mother()).await, ReleaseOutcome::Released);
        let after = world.leader.read::<WatchBoard, _>(|tx| dismissal::fingerprint(tx, None)).await.unwrap();
        assert_ne!(after, before);
        let sheet = world.leader.read::<WatchBoard, _>(|tx| dismissal::sheet(tx, TUESDAY)).await.unwrap();
        let late = sheet.lines.iter().filter(|line| line.child.stayed_late);
        assert_eq!(late.map(|line| line.child.child.id).collect::<Vec<_>>(), [bo()]);
        let taken: Vec<Option<&str>> = sheet.lines.iter().map(|line| line.taken_by.as_deref()).collect();
        assert_eq!(taken, [Some("林敏"), None]);
    }
}

#[tokio::test]
async fn h10_a_family_sees_the_day_of_its_own_children() {
    for store in stores().await {
        let world = world(&store).await;
        let (children, statements) = world
            .mother
            .read::<SeeOwnChildren, _>(|tx| Ok((dismissal::today(tx)?, tx.statements())))
            .await
            .unwrap();
        assert!(statements <= 8, "{statements} statements");
        assert_eq!(children[0].child.name, "博博");
        let states: Vec<StepState> = children[0].steps.iter().map(|step| step.state).collect();
        assert_eq!(states, [StepState::Done, StepState::Done, StepState::Now]);
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let day = world
            .mother
            .read::<SeeOwnChildren, _>(|tx| dismissal::child_day(tx, an(), TUESDAY))
            .await
            .unwrap();
        assert!(matches!(day.state.whereabouts(), Whereabouts::Ended(_)));
        let taken = day.facts.last().unwrap().taken_by.clone();
        assert_eq!(taken, Some(("林敏".to_owned(), "母亲".to_owned())));
    }
}

#[tokio::test]
async fn h12_a_handing_over_is_taken_back_and_what_happened_since_stays() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(hand_over(&world.teacher, &[an(), bo()]).await, Ok(()));
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let noted_at = world.teacher.at();
        let back = || {
            world.teacher.act::<HandOverGroup, _, HandoverRefused>(move |tx| {
                dismissal::take_back(tx, session(), noted_at)
            })
        };
        assert_eq!(back().await.unwrap(), Ok(1));
        assert_eq!(back().await.unwrap(), Ok(0));
        let group =
            world.teacher.read::<HandOverGroup, _>(|tx| dismissal::group_now(tx, session())).await.unwrap();
        assert_eq!(group.children.iter().filter(|child| child.in_room()).count(), 1);
    }
}

#[tokio::test]
async fn h9_midnight_ends_no_day() {
    for store in stores().await {
        let world = world(&store).await;
        let next = at(17, 25) + jiff::SignedDuration::from_hours(7);
        let leader = world.leader.at_moment(next);
        let board = leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, None)).await.unwrap();
        assert_eq!((board.to_go, board.earlier), (0, vec![TUESDAY]));
        let look = dismissal::Look::default();
        let guard = world.guard.at_moment(next);
        let gate = guard.read::<WatchGate, _>(move |tx| dismissal::gate(tx, &look)).await.unwrap();
        assert_eq!((gate.to_go, gate.earlier), (0, vec![TUESDAY]));
        let home = world.mother.at_moment(next).read::<SeeOwnChildren, _>(dismissal::today).await.unwrap();
        assert!(home.iter().any(|child| child.unended == Some(TUESDAY)), "the family is not told");
        let board = leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, Some(TUESDAY))).await.unwrap();
        assert_eq!((board.to_go, board.open.len()), (2, 2));
        for child in [an(), bo()] {
            let released = leader.act::<ReleaseChild, _, ()>(move |tx| {
                Ok(dismissal::release(tx, (child, Some(TUESDAY)), &mother(), Check::Known)?)
            });
            assert_eq!(released.await.unwrap(), Ok(ReleaseOutcome::Released));
        }
        let closed =
            leader.act::<HandOverGroup, _, _>(|tx| dismissal::close_group(tx, session(), leaving(&[])));
        assert_eq!(closed.await.unwrap(), Ok(()));
        assert_eq!(close_day(&leader).await, Ok(()));
        let shown = leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, Some(TUESDAY))).await.unwrap();
        assert!(shown.closed.is_some() && shown.day == TUESDAY, "a closed day is shown as closed");
        let unheld = leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, TUESDAY.yesterday().ok())).await;
        assert!(matches!(unheld, Err(kehou_db::Error::NotFound)));
        let today = moment::day_of(next);
        let early =
            leader.act::<CloseDay, _, _>(move |tx| dismissal::close_day(tx, today, Explained::default()));
        assert_eq!(early.await.unwrap(), cannot(CannotClose::NothingHeld));
    }
}

#[tokio::test]
async fn h9_an_open_day_stays_for_months_and_is_closed_with_a_reason() {
    for store in stores().await {
        let world = world(&store).await;
        let months = at(17, 25) + jiff::SignedDuration::from_hours(24 * 90);
        let leader = world.leader.at_moment(months);
        let board = leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, Some(TUESDAY))).await.unwrap();
        assert_eq!((board.to_go, board.earlier), (2, vec![TUESDAY]));
        let office = world.office.at_moment(months);
        let open = office.read::<ReadExceptions, _>(dismissal::open_days).await.unwrap();
        let tuesday = OpenDay { day: TUESDAY, without_ending: 2, missing: 0 };
        assert_eq!(open, OpenDays { days: vec![tuesday], more: 0 });
        let home = world.mother.at_moment(months).read::<SeeOwnChildren, _>(dismissal::today).await.unwrap();
        assert!(home.iter().all(|child| child.unended.is_none()), "the family is told for a week");

        let open = StillOpen { children: vec![an(), bo()], groups: 1, ..StillOpen::default() };
        assert_eq!(board.keeps_open, Some(open.clone()));
        let unsaid = vec![CannotClose::NoReason(open), CannotClose::NotCounted(2)];
        assert_eq!(close_day(&leader).await, Err(CloseDayRefused::Cannot(unsaid)));
        assert_eq!(close_day_of(&leader, "家长都来过电话", 1).await, cannot(CannotClose::NotCounted(2)));
        assert_eq!(close_day_of(&leader, "家长都来过电话", 2).await, Ok(()));
        assert_eq!(close_day_of(&leader, "再关", 2).await, Err(CloseDayRefused::Closed));
        let gaps = office.read::<ReadExceptions, _>(dismissal::closed_with_gaps).await.unwrap();
        let gaps: Vec<_> = gaps.iter().map(|gap| (gap.day, gap.closed.without_ending)).collect();
        assert_eq!(gaps, [(TUESDAY, 2)], "closed days with gaps stay in sight");
        nothing_more(&leader).await;
        let open = office.read::<ReadExceptions, _>(dismissal::open_days).await.unwrap();
        assert_eq!(open, OpenDays { days: Vec::new(), more: 0 });
        let sheet = leader.read::<WatchBoard, _>(|tx| dismissal::sheet(tx, TUESDAY)).await.unwrap();
        let closed = sheet.closed.unwrap();
        assert_eq!((closed.without_ending, closed.reason.as_str()), (2, "家长都来过电话"));
    }
}

/// Nothing is noted on Tuesday any more: no roll, no handing over, no staying late, nobody let go.
async fn nothing_more(leader: &Scope) {
    let call = leader.act::<CallRoll, _, _>(|tx| attendance::save_roll(tx, &absent(bo())));
    assert_eq!(call.await.unwrap(), Err(RollRefused::DayClosed));
    let heads = leader.act::<CallRoll, _, _>(|tx| attendance::confirm_heads(tx, session(), 2));
    assert_eq!(heads.await.unwrap(), Err(RollRefused::DayClosed));
    assert_eq!(hand_over(leader, &[an()]).await, Err(HandoverRefused::DayClosed));
    assert_eq!(stay_late(leader, an(), false).await, Err(HandoverRefused::DayClosed));
    let back = leader.act::<HandOverGroup, _, _>(|tx| dismissal::take_back(tx, session(), at(17, 25)));
    assert_eq!(back.await.unwrap(), Err(HandoverRefused::DayClosed));
    let released = leader.act::<ReleaseChild, _, ()>(|tx| {
        Ok(dismissal::release(tx, (an(), Some(TUESDAY)), &mother(), Check::Known)?)
    });
    assert!(matches!(released.await, Err(kehou_db::Error::NotFound)));
    assert_eq!(close_group(leader).await, Err(GroupOpen::DayClosed));
    let written =
        leader.act::<WriteCareLog, _, _>(|tx| attendance::write_care(tx, session(), "补写", Some(19)));
    assert_eq!(written.await.unwrap(), Err(vec![EntryRefused::DayClosed]));
    let other: StaffId = EntityId::from_bits(33);
    let given = leader.act::<StandIn, _, _>(move |tx| attendance::stand_in(tx, session(), other));
    assert_eq!(given.await.unwrap(), Err(CannotFollow::DayClosed));
    let board = leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, Some(TUESDAY))).await.unwrap();
    let sheet = leader.read::<WatchBoard, _>(|tx| dismissal::sheet(tx, TUESDAY)).await.unwrap();
    let left = sheet.lines.iter().filter(|line| line.is_to_go() && !line.has_gone()).count();
    assert_eq!((board.keeps_open, board.open.len(), left), (None, 2, 2));
}

/// An is taken off the list with its session, as on a day that is called off.
fn take_off(tx: &mut SchoolTx) -> kehou_db::Result<()> {
    let sql = sql!(
        "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
           account_id, role, corrects, facts)
         select school_id, $4, student_id, day, session_id, 'undone', at, arrived_at, '', account_id, role, id, '{}'
         from custody_fact where school_id = $1 and student_id = $2 and kind = $3"
    );
    for kind in ["expected", "present"] {
        let id: FactId = tx.new_id();
        tx.run(sql, &[an().into(), kind.into(), id.into()])?;
    }
    Ok(())
}

#[tokio::test]
async fn c11_a_group_that_was_called_off_is_neither_handed_over_nor_closed_and_says_so() {
    for store in stores().await {
        let world = world(&store).await;
        let held = world.teacher.read::<HandOverGroup, _>(|tx| dismissal::called_off(tx, session())).await;
        assert!(matches!(held, Err(kehou_db::Error::NotFound)));
        let off = world.office.act::<KeepOwnAccount, u64, ()>(|tx| {
            let sql = sql!("update session set status = 'cancelled' where school_id = $1 and id = $2");
            take_off(tx)?;
            Ok(tx.run(sql, &[session().into()])?)
        });
        assert_eq!(off.await.unwrap(), Ok(1));
        let now =
            world.teacher.read::<HandOverGroup, _>(|tx| dismissal::group_now(tx, session())).await.unwrap();
        assert!(now.session.called_off);
        let room =
            world.teacher.read::<HandOverGroup, _>(|tx| dismissal::closing(tx, session())).await.unwrap();
        assert!(room.session.called_off);
        let off =
            world.teacher.read::<HandOverGroup, _>(|tx| dismissal::called_off(tx, session())).await.unwrap();
        let names: Vec<&str> = off.children.iter().map(|child| child.name.as_str()).collect();
        assert_eq!(names, ["博博", "安安"]);
        assert_eq!(hand_over(&world.teacher, &[an()]).await, Err(HandoverRefused::CalledOff));
        assert_eq!(stay_late(&world.teacher, an(), false).await, Err(HandoverRefused::CalledOff));
        assert_eq!(close_group(&world.teacher).await, Err(GroupOpen::CalledOff));
    }
}

#[tokio::test]
async fn h6_h9_a_room_closes_only_when_who_waits_for_its_family_is_named() {
    for store in stores().await {
        let world = world(&store).await;
        assert_eq!(hand_over(&world.teacher, &[an()]).await, Ok(()));
        assert_eq!(stay_late(&world.teacher, bo(), false).await, Ok(()));
        assert_eq!(close_group(&world.teacher).await, Err(GroupOpen::Waiting(vec![bo()])));
        let along = world
            .teacher
            .act::<HandOverGroup, _, _>(|tx| dismissal::close_group(tx, session(), leaving(&[bo()])));
        assert_eq!(along.await.unwrap(), Ok(()));
    }
}

/// A search for An, opened on Tuesday.
async fn sought(world: &super::world::World) {
    let opened = world.office.act::<KeepOwnAccount, u64, ()>(|tx| {
        let sql = sql!(
            "insert into absence_case
               (school_id, id, student_id, day, session_id, opened_at, opened_by, status, version)
             values ($1, $2, $3, $4, $5, $6, $7, 'open', 0)"
        );
        let (id, account): (CaseId, _) = (tx.new_id(), tx.account());
        let args =
            [id.into(), an().into(), TUESDAY.into(), session().into(), at(15, 20).into(), account.into()];
        Ok(tx.run(sql, &args)?)
    });
    assert_eq!(opened.await.unwrap(), Ok(1));
}

#[tokio::test]
async fn g3_h9_a_search_keeps_a_day_open_until_the_child_is_seen_again() {
    for store in stores().await {
        let world = world(&store).await;
        sought(&world).await;
        let next_day = world.leader.at_moment(at(17, 25) + jiff::SignedDuration::from_hours(24));
        let open = StillOpen { missing: 1, ..StillOpen::default() };
        let refused = close_day_of(&next_day, "家长都来过电话", 2).await;
        assert_eq!(refused, cannot(CannotClose::Open(open)), "only what no reason stands for");
        assert_eq!(release(&world.guard, an(), mother()).await, ReleaseOutcome::Released);
        let board = world.leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, None)).await.unwrap();
        assert_eq!(board.missing, []);
        assert!(told(&world.leader).await.contains(&"child_found".to_owned()));
        assert_eq!(told(&world.mother).await, ["child_released", "own_child_found"]);
        assert_eq!(close_day_of(&next_day, "家长都来过电话", 1).await, Ok(()));
    }
}

#[tokio::test]
async fn h6_nobody_stays_before_the_end_nor_with_a_child_who_is_at_the_gate() {
    for store in stores().await {
        let world = world(&store).await;
        let early = world.teacher.at_moment(at(17, 19));
        let late = |why| Err(HandoverRefused::Late { name: "博博".to_owned(), why });
        assert_eq!(stay_late(&early, bo(), false).await, late(CannotStay::NotOver { ends_at: at(17, 20) }));
        assert_eq!(facts(&world.teacher, bo(), "stayed_late").await, 0);
        assert_eq!(hand_over(&world.teacher, &[bo()]).await, Ok(()));
        let then = world.teacher.at_moment(at(17, 40));
        assert_eq!(stay_late(&then, bo(), false).await, late(CannotStay::HandedOver));
        assert_eq!(stay_late(&then, bo(), true).await, Ok(()));
        assert_eq!(stay_late(&then, bo(), true).await, late(CannotStay::Stays));
        let absent = then.act::<CallRoll, _, _>(|tx| attendance::save_roll(tx, &absent(bo())));
        assert_eq!(absent.await.unwrap(), Err(RollRefused::Cannot(bo(), CannotFollow::GivenOut)));
        assert_eq!(
            release(&world.guard.at_moment(at(17, 50)), bo(), mother()).await,
            ReleaseOutcome::Released
        );
    }
}

/// The roll says of this child alone that it is not there.
fn absent(student: StudentId) -> Call {
    let saying = Saying { student, said: Said::Absent };
    Call {
        session: session(),
        version: None,
        mentions: vec![Mention { saying, at: None, fact: None }],
        rest: None,
        device: "phone".into(),
    }
}

/// The child on no list: what the day may bring, at this moment.
async fn outlook(mother: &Scope, at: jiff::Timestamp) -> Outlook {
    let children = mother.at_moment(at).read::<SeeOwnChildren, _>(dismissal::today).await.unwrap();
    children.iter().find(|child| child.child.id == an()).unwrap().outlook.clone()
}

#[tokio::test]
async fn g4_before_the_days_list_is_made_a_family_reads_what_the_day_may_bring() {
    for store in stores().await {
        let world = world(&store).await;
        let wednesday = TUESDAY.tomorrow().unwrap();
        let midnight = moment::instant(wednesday, jiff::civil::time(0, 1, 0, 0));
        assert_eq!(outlook(&world.mother, midnight).await, Outlook::NotInService);
        let placed = world.office.act::<KeepOwnAccount, (), ()>(|tx| Ok(place(tx)?));
        assert_eq!(placed.await.unwrap(), Ok(()));
        assert_eq!(outlook(&world.mother, midnight).await, Outlook::ToCome);
        let thursday = moment::instant(wednesday.tomorrow().unwrap(), jiff::civil::time(0, 1, 0, 0));
        assert_eq!(outlook(&world.mother, thursday).await, Outlook::NoService { why: None });
        let new_year = moment::instant(jiff::civil::date(2027, 1, 6), jiff::civil::time(8, 0, 0, 0));
        assert_eq!(outlook(&world.mother, new_year).await, Outlook::Undecided);
        let leader = world.leader.at_moment(new_year);
        let board = leader.read::<WatchBoard, _>(|tx| dismissal::board(tx, None)).await.unwrap();
        assert!(board.undecided, "the board says so too");
        let made = world.office.act::<KeepOwnAccount, (), ()>(move |tx| Ok(list(tx, wednesday)?));
        assert_eq!(made.await.unwrap(), Ok(()));
        assert_eq!(outlook(&world.mother, midnight).await, Outlook::NoService { why: None });
    }
}

/// An has a place on Wednesdays.
fn place(tx: &mut SchoolTx) -> kehou_db::Result<()> {
    let enrolment = sql!(
        "insert into enrolment (school_id, id, student_id, term_id, from_on, will, made_at)
         select t.school_id, $2, $3, t.id, '2026-09-07', 'paper', 0 from term t where t.school_id = $1"
    );
    let id: EnrolmentId = tx.new_id();
    tx.run(enrolment, &[id.into(), an().into()])?;
    let slot = sql!(
        "insert into enrolment_slot (school_id, enrolment_id, slot_id, weekday) values ($1, $2, 'care', 3)"
    );
    tx.run(slot, &[id.into()]).map(drop)
}

/// The list of the day is made, and An is not on it.
fn list(tx: &mut SchoolTx, day: jiff::civil::Date) -> kehou_db::Result<()> {
    let made =
        sql!("insert into attendance_day (school_id, day, prepared_at, version) values ($1, $2, 0, 1)");
    tx.run(made, &[day.into()]).map(drop)
}
