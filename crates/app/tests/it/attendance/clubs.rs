//! A day with a club: who sits in it, who with its class, and what a seat given or lost today changes from tomorrow.

use std::collections::BTreeMap;

use jiff::civil::{Date, date, time};
use kehou_app::attendance::{self, Call, InClub, Mention, Month, NoPlan, SessionCard, Status};
use kehou_app::dismissal;
use kehou_app::grouping;
use kehou_db::testing::{TestStore, stores};
use kehou_db::{SchoolTx, Scope, sql};
use kehou_domain::access::{
    ArrangeGroups, CallRoll, DecideEarlyLeave, EnterLeave, KeepOwnAccount, LookForChild, PrepareDay,
    ReadCases, ReadEarlyLeaves, ReadGroups, ReadSessions, ReadSheets, ReportEarlyLeave, SeeOwnChildren,
    StandIn, WatchBoard,
};
use kehou_domain::attendance::{EarlyStatus, EarlyStep, LeaveKind, Said, Saying, Span, Tally};
use kehou_domain::ids::{EntityId, SessionId, StaffId, StudentId};
use kehou_domain::moment::{instant, millis};

use super::day::{WEDNESDAY, planned};
use super::world::{CHILDREN, World, child, id, put};

/// A Wednesday later.
pub(super) const NEXT: Date = date(2026, 12, 2);
/// How many children of the class are in the clay club.
const IN_CLAY: u128 = 6;

/// When the round was made known: days before the first Wednesday.
fn earlier() -> i64 {
    millis(instant(date(2026, 11, 16), time(10, 0, 0, 0)))
}

/// The clay club on Wednesday, led by 何老师, and the first children of the class in it.
pub(super) async fn with_clay(store: &TestStore) -> World {
    let world = planned(store).await;
    doing(&world.office, |tx| {
        let slot = slot(tx)?;
        let offering = sql!(
            "insert into offering (school_id, id, term_id, title, kind, topic, venue, teacher_id, capacity, minimum,
               sex, description, materials, status, made_by, made_at, written_by, written_at, version)
             values ($1, $2, $3, '泥塑社', 'club', 'clay', '陶艺室', $4, 20, 1, 'anyone', '', '', 'published', $5, 0,
               $5, 0, 1)"
        );
        put(tx, offering, &[id(601), id(141), id(135), id(0)])?;
        let meeting = sql!(
            "insert into offering_meeting (school_id, offering_id, weekday, slot_id) values ($1, $2, 3, $3)"
        );
        put(tx, meeting, &[id(601), slot.as_str().into()])?;
        let grade = sql!("insert into offering_grade (school_id, offering_id, grade) values ($1, $2, 3)");
        put(tx, grade, &[id(601)])?;
        let round = sql!(
            "insert into choice_round (school_id, id, term_id, slot_id, name, way, method, scheme, closing, titles,
               weekly_limit, hold_minutes, opens_at, closes_at, beacon, published_at, made_by, made_at, version)
             values ($1, $2, $3, $4, '第一轮', 'ranked', 'da', 'perday', 'never', 'once', 2, 30, 0, 1, '', $5, $6, 0,
               1)"
        );
        put(tx, round, &[id(701), id(141), slot.as_str().into(), earlier().into(), id(0)])?;
        (1..=IN_CLAY).try_for_each(|number| seat(tx, number, earlier()))
    })
    .await;
    world
}

pub(super) async fn doing(
    scope: &Scope,
    write: impl Fn(&mut SchoolTx) -> kehou_db::Result<()> + Send + Sync + 'static,
) {
    let done = scope.act::<KeepOwnAccount, (), ()>(move |tx| Ok(write(tx)?)).await;
    assert_eq!(done.unwrap(), Ok(()));
}

fn slot(tx: &mut SchoolTx) -> kehou_db::Result<String> {
    tx.one(sql!("select slot_id from teaching_group where school_id = $1 and id = $2"), &[id(151)], |row| {
        row.text(0)
    })
}

/// A seat in the clay club since this moment.
fn seat(tx: &mut SchoolTx, number: u128, since: i64) -> kehou_db::Result<()> {
    let sql = sql!(
        "insert into seat (school_id, term_id, slot_id, student_id, weekday, round_id, offering_id, how, locked,
           since_at) values ($1, $2, $3, $4, 3, $5, $6, 'draw', 0, $7)"
    );
    let slot = slot(tx)?;
    put(tx, sql, &[id(141), slot.as_str().into(), id(number), id(701), id(601), since.into()])
}

fn unseat(tx: &mut SchoolTx, number: u128) -> kehou_db::Result<()> {
    put(tx, sql!("delete from seat where school_id = $1 and student_id = $2"), &[id(number)])
}

pub(super) async fn prepare(scope: &Scope, day: Date) {
    let prepared = scope.act::<PrepareDay, _, NoPlan>(move |tx| attendance::prepare_day(tx, day)).await;
    prepared.unwrap().unwrap();
}

pub(super) async fn cards(scope: &Scope, day: Date) -> Vec<SessionCard> {
    scope.read::<ReadSessions, _>(move |tx| attendance::sessions(tx, day)).await.unwrap()
}

/// The sessions of the day that are held: each group with its children.
pub(super) async fn seated(world: &World, day: Date) -> BTreeMap<String, Vec<StudentId>> {
    let mut seated = BTreeMap::new();
    for card in cards(&world.leader, day).await {
        if card.session.status == Status::Cancelled {
            continue;
        }
        let id = card.session.id;
        let roll = world.leader.read::<ReadSessions, _>(move |tx| attendance::roll(tx, id)).await.unwrap();
        let mut children: Vec<StudentId> = roll.children.iter().map(|one| one.pupil.id).collect();
        children.sort_unstable();
        seated.insert(card.session.group_name, children);
    }
    seated
}

fn children(numbers: impl IntoIterator<Item = u128>) -> Vec<StudentId> {
    numbers.into_iter().map(child).collect()
}

/// Everyone sits once: these in the clay club, the others with the class.
#[track_caller]
pub(super) fn check(seated: &BTreeMap<String, Vec<StudentId>>, in_clay: &[u128]) {
    let with_class = children((1..=CHILDREN).filter(|number| !in_clay.contains(number)));
    let mut expected = BTreeMap::from([("三(2)班".to_owned(), with_class)]);
    if !in_clay.is_empty() {
        expected.insert("泥塑社".to_owned(), children(in_clay.iter().copied()));
    }
    assert_eq!(*seated, expected);
}

pub(super) const CLAY: [u128; 6] = [1, 2, 3, 4, 5, 6];

pub(super) async fn session(scope: &Scope, day: Date, group: &str) -> SessionId {
    cards(scope, day).await.into_iter().find(|card| card.session.group_name == group).unwrap().session.id
}

#[tokio::test]
async fn g1_g2_a_club_has_a_session_of_its_own_and_the_class_does_not_wait_for_its_children() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        check(&seated(&world, WEDNESDAY).await, &CLAY);

        let club = cards(&world.other_teacher, WEDNESDAY).await;
        assert_eq!(club.len(), 1);
        let one = &club[0].session;
        assert_eq!((one.group_name.as_str(), one.venue.as_str()), ("泥塑社", "陶艺室"));
        assert_eq!((one.teacher_name.as_str(), club[0].counts.expected), ("何老师", 6));

        let class = cards(&world.teacher, WEDNESDAY).await;
        let names = (1..=IN_CLAY).map(|number| format!("学生{number:02}")).collect();
        assert_eq!(class[0].in_clubs, [InClub { club: "泥塑社".into(), children: names }]);
        assert_eq!(cards(&world.leader, WEDNESDAY).await, [class[0].clone(), club[0].clone()]);

        let before = seated(&world, WEDNESDAY).await;
        prepare(&world.office, WEDNESDAY).await;
        assert_eq!(seated(&world, WEDNESDAY).await, before);
        // on a day without the club everybody is with the class
        let thursday = date(2026, 11, 26);
        prepare(&world.office, thursday).await;
        check(&seated(&world, thursday).await, &[]);
    }
}

#[tokio::test]
async fn g1_a_club_that_cannot_take_its_children_in_leaves_them_with_their_class() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        // what goes wrong, how it is put right, of what, and whether the day notices it by itself
        let wrongs = [
            (
                sql!("update offering set status = 'withdrawn' where school_id = $1 and id = $2"),
                sql!("update offering set status = 'published' where school_id = $1 and id = $2"),
                (601, true),
            ),
            (
                sql!("update staff set status = 'left' where school_id = $1 and id = $2"),
                sql!("update staff set status = 'active' where school_id = $1 and id = $2"),
                (135, true),
            ),
            (
                sql!("update offering_meeting set weekday = 4 where school_id = $1 and offering_id = $2"),
                sql!("update offering_meeting set weekday = 3 where school_id = $1 and offering_id = $2"),
                (601, false),
            ),
        ];
        for (wrong, right, (of, is_noticed)) in wrongs {
            doing(&world.office, move |tx| put(tx, wrong, &[id(of)])).await;
            assert_eq!(is_prepared(&world).await, !is_noticed);
            prepare(&world.office, WEDNESDAY).await;
            assert!(is_prepared(&world).await);
            check(&seated(&world, WEDNESDAY).await, &[]);
            doing(&world.office, move |tx| put(tx, right, &[id(of)])).await;
            prepare(&world.office, WEDNESDAY).await;
            check(&seated(&world, WEDNESDAY).await, &CLAY);
        }
    }
}

async fn is_prepared(world: &World) -> bool {
    world.leader.read::<ReadSessions, _>(|tx| attendance::is_prepared(tx, WEDNESDAY)).await.unwrap()
}

#[tokio::test]
async fn g2_a_club_whose_teacher_is_away_meets_when_somebody_stands_in() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        let club = session(&world.leader, WEDNESDAY, "泥塑社").await;
        let given = world
            .leader
            .act::<StandIn, (), _>(move |tx| attendance::stand_in(tx, club, StaffId::from_bits(131)))
            .await;
        given.unwrap().unwrap();
        doing(&world.office, |tx| {
            put(tx, sql!("update staff set status = 'left' where school_id = $1 and id = $2"), &[id(135)])
        })
        .await;
        prepare(&world.office, WEDNESDAY).await;
        check(&seated(&world, WEDNESDAY).await, &CLAY);
    }
}

/// The office on this day at noon.
pub(super) fn at_noon(world: &World, day: Date) -> Scope {
    world.office.at_moment(instant(day, time(12, 0, 0, 0)))
}

fn now_on(day: Date) -> i64 {
    millis(instant(day, time(12, 0, 0, 0)))
}

#[tokio::test]
async fn e4_a_seat_that_is_given_or_lost_today_counts_from_tomorrow() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        doing(&world.office, |tx| {
            unseat(tx, 1)?;
            seat(tx, 7, now_on(WEDNESDAY))
        })
        .await;
        prepare(&at_noon(&world, WEDNESDAY), WEDNESDAY).await;
        check(&seated(&world, WEDNESDAY).await, &CLAY);
        prepare(&at_noon(&world, WEDNESDAY), NEXT).await;
        check(&seated(&world, NEXT).await, &[2, 3, 4, 5, 6, 7]);
        // what is decided before the day comes still changes it
        doing(&world.office, |tx| unseat(tx, 2)).await;
        prepare(&at_noon(&world, WEDNESDAY), NEXT).await;
        check(&seated(&world, NEXT).await, &[3, 4, 5, 6, 7]);
    }
}

#[tokio::test]
async fn e4_a_seat_that_is_held_or_not_published_keeps_nobody_from_the_class() {
    for store in stores().await {
        let world = with_clay(&store).await;
        doing(&world.office, |tx| {
            put(tx, sql!("update seat set held_until = 1 where school_id = $1 and student_id = $2"), &[id(1)])
        })
        .await;
        prepare(&world.office, WEDNESDAY).await;
        check(&seated(&world, WEDNESDAY).await, &[2, 3, 4, 5, 6]);
        doing(&world.office, |tx| {
            put(tx, sql!("update choice_round set published_at = null where school_id = $1"), &[])
        })
        .await;
        prepare(&world.office, NEXT).await;
        check(&seated(&world, NEXT).await, &[]);
    }
}

#[tokio::test]
async fn e4_whoever_leaves_the_service_is_expected_in_neither() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        doing(&world.office, |tx| {
            let sql =
                sql!("update enrolment set to_on = '2026-11-24' where school_id = $1 and student_id = $2");
            put(tx, sql, &[id(1)])
        })
        .await;
        prepare(&world.office, WEDNESDAY).await;
        let seated = seated(&world, WEDNESDAY).await;
        assert_eq!(seated["泥塑社"], children(2..=IN_CLAY));
        assert_eq!(seated["三(2)班"], children(IN_CLAY + 1..=CHILDREN));
    }
}

/// Calls the roll of the club on Wednesday: this child is missing, the rest is there.
pub(super) async fn call_clay(world: &World, missing: u128) -> SessionId {
    let teacher = world.other_teacher.at_moment(instant(WEDNESDAY, time(16, 0, 0, 0)));
    let session = session(&teacher, WEDNESDAY, "泥塑社").await;
    let saying = Saying { student: child(missing), said: Said::Absent };
    let call = Call {
        session,
        version: None,
        mentions: vec![Mention { saying, at: None, fact: None }],
        rest: Some(Said::Present),
        device: "phone".into(),
    };
    let saved = teacher.act::<CallRoll, _, _>(move |tx| attendance::save_roll(tx, &call)).await;
    assert_eq!(saved.unwrap().unwrap().counts.present, 5);
    session
}

#[tokio::test]
async fn g3_a_called_roll_of_a_club_stays_and_its_missing_child_is_its_class_s_as_well() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        let session = call_clay(&world, 1).await;
        doing(&world.office, |tx| {
            unseat(tx, 2)?;
            seat(tx, 8, earlier())?;
            put(tx, sql!("update offering set status = 'withdrawn' where school_id = $1"), &[])
        })
        .await;
        prepare(&world.office, WEDNESDAY).await;
        check(&seated(&world, WEDNESDAY).await, &CLAY);

        // the grade head sees the case, and the homeroom teacher may follow up the own child's in the club
        let head = &world.grade_head;
        let seen = head.read::<ReadCases, _>(|tx| attendance::cases(tx, WEDNESDAY)).await.unwrap();
        assert_eq!(seen.iter().map(|case| case.session).collect::<Vec<_>>(), [session]);
        let case = seen[0].id;
        for teacher in [&world.teacher, &world.other_teacher] {
            let own = teacher.read::<LookForChild, _>(move |tx| attendance::case(tx, case)).await;
            assert_eq!(own.unwrap().student, child(1));
        }
    }
}

#[tokio::test]
async fn g6_the_grade_head_lets_a_child_leave_a_club_early() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        let session = call_clay(&world, 1).await;
        let teacher = &world.other_teacher;
        let early = teacher
            .act::<ReportEarlyLeave, _, _>(move |tx| attendance::report_early(tx, session, child(2), "看牙"))
            .await
            .unwrap()
            .unwrap();
        let head = &world.grade_head;
        let seen = head.read::<ReadEarlyLeaves, _>(|tx| attendance::early_leaves(tx, WEDNESDAY)).await;
        assert_eq!(seen.unwrap().len(), 1);
        let decided = head
            .act::<DecideEarlyLeave, _, _>(move |tx| attendance::decide_early(tx, early, EarlyStep::Approve))
            .await;
        assert_eq!(decided.unwrap(), Ok(EarlyStatus::Approved));
    }
}

#[tokio::test]
async fn h3_the_way_home_of_a_child_in_a_club_is_its_own_and_its_family_reads_the_club() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        let at = instant(WEDNESDAY, time(15, 50, 0, 0));
        let board =
            world.leader.at_moment(at).read::<WatchBoard, _>(|tx| dismissal::board(tx, None)).await.unwrap();
        let groups: Vec<(String, usize)> =
            board.groups.iter().map(|line| (line.session.group.clone(), line.to_go)).collect();
        assert_eq!(groups, [("三(2)班".to_owned(), 24), ("泥塑社".to_owned(), 6)]);
        assert_eq!(board.to_go, 30);
        let home = world.mother.at_moment(at).read::<SeeOwnChildren, _>(dismissal::today).await.unwrap();
        assert_eq!(home[0].session.as_ref().unwrap().name, "泥塑社");
    }
}

#[tokio::test]
async fn g2_a_class_that_is_in_clubs_as_a_whole_has_no_roll_to_call() {
    for store in stores().await {
        let world = with_clay(&store).await;
        doing(&world.office, |tx| {
            (IN_CLAY + 1..=CHILDREN).try_for_each(|number| seat(tx, number, earlier()))
        })
        .await;
        for _ in 0..2 {
            prepare(&world.office, WEDNESDAY).await;
            let seated = seated(&world, WEDNESDAY).await;
            assert_eq!(seated, BTreeMap::from([("泥塑社".to_owned(), children(1..=CHILDREN))]));
        }
    }
}

#[tokio::test]
async fn g5_leave_follows_a_child_into_the_club_and_back() {
    for store in stores().await {
        let world = with_clay(&store).await;
        let leave = attendance::NewLeave {
            student: child(1),
            span: Span { from_on: WEDNESDAY, to_on: WEDNESDAY },
            slot: None,
            kind: LeaveKind::Personal,
            reason: String::new(),
        };
        let entered =
            world.teacher.act::<EnterLeave, _, _>(move |tx| attendance::enter_leave(tx, &leave)).await;
        assert!(entered.unwrap().is_ok());
        prepare(&world.office, WEDNESDAY).await;
        assert_eq!(cards(&world.other_teacher, WEDNESDAY).await[0].counts.leave, 1);
        doing(&world.office, |tx| {
            put(tx, sql!("update offering set status = 'withdrawn' where school_id = $1"), &[])
        })
        .await;
        prepare(&world.office, WEDNESDAY).await;
        check(&seated(&world, WEDNESDAY).await, &[]);
        assert_eq!(cards(&world.teacher, WEDNESDAY).await[0].counts.leave, 1);
    }
}

#[tokio::test]
async fn g1_the_office_sees_a_club_among_the_groups_with_its_children_and_cannot_rearrange_it() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        let groups = world.office.read::<ReadGroups, _>(grouping::current).await.unwrap();
        let shown: Vec<(&str, u32)> =
            groups.iter().map(|group| (group.name.as_str(), group.children)).collect();
        assert_eq!(shown, [("三(2)班", 30), ("泥塑社", 6)]);
        let club = groups[1].id;
        let names = world.office.read::<ReadGroups, _>(move |tx| grouping::members(tx, club)).await.unwrap();
        assert_eq!(names.iter().map(|one| one.name.as_str()).collect::<Vec<_>>()[0], "学生01");
        assert_eq!(names.len(), 6);
        let refused =
            world.office.act::<ArrangeGroups, (), _>(move |tx| grouping::arrange(tx, club, None, "")).await;
        assert_eq!(refused.unwrap(), Err(grouping::ArrangeRefused::Club));
    }
}

#[tokio::test]
async fn g7_sheets_have_the_club_by_itself_and_the_class_names_it() {
    for store in stores().await {
        let world = with_clay(&store).await;
        prepare(&world.office, WEDNESDAY).await;
        call_clay(&world, 1).await;
        let day =
            world.office.read::<ReadSheets, _>(|tx| attendance::day_sheet(tx, WEDNESDAY)).await.unwrap();
        let shown: Vec<(&str, u32, usize)> = day
            .iter()
            .map(|sheet| (sheet.session.group_name.as_str(), sheet.tally.expected, sheet.in_clubs.len()))
            .collect();
        assert_eq!(shown, [("三(2)班", 24, 1), ("泥塑社", 6, 0)]);
        assert_eq!(day[1].lines[0].class.map(|key| key.class_no), Some(2));
        let week =
            world.office.read::<ReadSheets, _>(|tx| attendance::week_sheet(tx, WEDNESDAY)).await.unwrap();
        let clay = week.lines.iter().find(|line| line.group_name == "泥塑社").unwrap();
        let tally = Tally { expected: 6, on_time: 5, absent: 1, ..Tally::default() };
        assert_eq!(clay.total, tally);

        let november = Month::of(WEDNESDAY);
        let clubs = world
            .office
            .read::<ReadSheets, _>(move |tx| attendance::club_months(tx, november))
            .await
            .unwrap();
        assert_eq!((clubs.len(), clubs[0].name.as_str(), clubs[0].lines.len()), (1, "泥塑社", 6));
        assert_eq!((clubs[0].lines[0].class.as_str(), clubs[0].lines[0].tally.absent), ("三(2)班", 1));
        let own = world.teacher.read::<ReadSheets, _>(move |tx| attendance::club_months(tx, november)).await;
        assert_eq!(own.unwrap(), []);
        // the class's own summary has the club's sessions as well
        let month = world
            .teacher
            .read::<ReadSheets, _>(move |tx| attendance::month_sheet(tx, november))
            .await
            .unwrap();
        assert_eq!(month.sheet.total().expected, 30 + 30);
    }
}
