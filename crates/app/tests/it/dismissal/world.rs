//! One afternoon in two schools with the same names: 安 and 博 of class 3(2), called in at 15:25.

use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_app::dismissal::{self, NewRestriction, ReleaseOutcome, Source};
use kehou_db::testing::TestStore;
use kehou_db::{Arg, Key, Result, SchoolTx, Scope, Sql, sql};
use kehou_domain::access::{KeepOwnAccount, ReleaseChild, RestrictPickup, Role};
use kehou_domain::custody::Check;
use kehou_domain::dismissal::Collector;
use kehou_domain::ids::{AnyId, EntityId, GuardianId, SessionId, StudentId};
use kehou_domain::moment::instant;

pub(super) const TUESDAY: Date = date(2026, 11, 24);

pub(super) fn an() -> StudentId {
    StudentId::from_bits(1)
}

pub(super) fn bo() -> StudentId {
    StudentId::from_bits(2)
}

pub(super) fn mother() -> Collector {
    Collector::Guardian(GuardianId::from_bits(11))
}

pub(super) fn father() -> GuardianId {
    GuardianId::from_bits(12)
}

pub(super) fn session() -> SessionId {
    SessionId::from_bits(61)
}

pub(super) fn at(hour: i8, minute: i8) -> Timestamp {
    instant(TUESDAY, time(hour, minute, 0, 0))
}

/// East after the wave of 17:20, with those who act: the teacher at 17:22, the gate at 17:25, the duty leader at 17:30.
pub(super) struct World {
    pub(super) mother: Scope,
    pub(super) guard: Scope,
    pub(super) leader: Scope,
    pub(super) teacher: Scope,
    pub(super) office: Scope,
    pub(super) west_leader: Scope,
}

pub(super) async fn world(store: &TestStore) -> World {
    let now = at(17, 25);
    for (id, code) in [(1, "east"), (2, "west")] {
        store.school(id, code, now).await;
        let filled = store.system(code, now).await.act::<KeepOwnAccount, (), ()>(|tx| Ok(fill(tx)?)).await;
        assert_eq!(filled.unwrap(), Ok(()));
    }
    let person = |bits: u128| Some(AnyId::from_bits(bits));
    let world = World {
        mother: store.member("east", ("13800000011", Role::Guardian), person(11), now).await,
        guard: store.member("east", ("13800000033", Role::GateGuard), person(33), now).await,
        leader: store.member("east", ("13800000032", Role::DutyLeader), person(32), now).await,
        teacher: store.member("east", ("13800000031", Role::ServiceTeacher), person(31), now).await,
        office: store.member("east", ("13800000034", Role::AcademicOffice), person(34), now).await,
        west_leader: store.member("west", ("13800000042", Role::DutyLeader), person(32), now).await,
    };
    let world = World {
        teacher: world.teacher.at_moment(at(17, 22)),
        leader: world.leader.at_moment(at(17, 30)),
        ..world
    };
    let account = world.mother.account();
    let linked = world.office.act::<KeepOwnAccount, u64, ()>(move |tx| {
        let sql = sql!("update guardian set account_id = $3 where school_id = $1 and id = $2");
        Ok(tx.run(sql, &[GuardianId::from_bits(11).into(), account.into()])?)
    });
    assert_eq!(linked.await.unwrap(), Ok(1));
    world
}

fn id(bits: u128) -> Arg {
    AnyId::from_bits(bits).into()
}

fn put(tx: &mut SchoolTx, sql: Sql, args: &[Arg]) -> Result<()> {
    tx.run(sql, args).map(drop)
}

fn fill(tx: &mut SchoolTx) -> Result<()> {
    let class = sql!(
        "insert into home_class (school_id, id, stage, entered_year, class_no) values ($1, $2, 'primary', 2024, 2)"
    );
    put(tx, class, &[id(21)])?;
    for (bits, name, phone) in [(11, "林敏", "13800000011"), (12, "安国", "13800000012")] {
        let guardian = sql!(
            "insert into guardian (school_id, id, name, phone_mac, phone_sealed) values ($1, $2, $3, $4, $5)"
        );
        let sealed = tx.seal(phone);
        put(tx, guardian, &[id(bits), name.into(), phone.into(), sealed.into()])?;
    }
    for (bits, name) in [(31, "吴老师"), (32, "顾校"), (33, "陈师傅"), (34, "教务")] {
        let staff = sql!("insert into staff (school_id, id, name) values ($1, $2, $3)");
        put(tx, staff, &[id(bits), name.into()])?;
    }
    let term = sql!(
        "insert into term (school_id, id, school_year, name, starts_on, ends_on, service_from)
         values ($1, $2, 2026, '第一学期', '2026-09-01', '2027-01-20', '2026-09-07')"
    );
    put(tx, term, &[id(41)])?;
    let group = sql!(
        "insert into teaching_group (school_id, id, term_id, slot_id, name, class_id, venue, teacher_id, version)
         values ($1, $2, $3, 'care', '三(2)班', $4, '302', $5, 0)"
    );
    put(tx, group, &[id(51), id(41), id(21), id(31)])?;
    let session = sql!(
        "insert into session
           (school_id, id, group_id, slot_id, held_on, starts_at, ends_at, teacher_id, venue, status, version)
         values ($1, $2, $3, 'care', $4, $5, $6, $7, '302', 'called', 0)"
    );
    put(tx, session, &[id(61), id(51), TUESDAY.into(), at(15, 20).into(), at(17, 20).into(), id(31)])?;
    [(1, "安安"), (2, "博博")].into_iter().try_for_each(|(bits, name)| fill_child(tx, bits, name))
}

fn fill_child(tx: &mut SchoolTx, bits: u128, name: &str) -> Result<()> {
    let student = sql!("insert into student (school_id, id, name, sex) values ($1, $2, $3, 'F')");
    put(tx, student, &[id(bits), name.into()])?;
    let stay = sql!(
        "insert into class_stay (school_id, id, student_id, class_id, from_on) values ($1, $2, $3, $4, '2024-09-01')"
    );
    put(tx, stay, &[id(100 + bits), id(bits), id(21)])?;
    for (guardian, relation) in [(11, "母亲"), (12, "父亲")] {
        let of = sql!(
            "insert into guardianship (school_id, guardian_id, student_id, relation, from_on)
             values ($1, $2, $3, $4, '2024-09-01')"
        );
        put(tx, of, &[id(guardian), id(bits), relation.into()])?;
    }
    for (place, kind, at) in [(0, "expected", at(8, 0)), (1, "present", at(15, 25))] {
        let fact = sql!(
            "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
               account_id, role, facts)
             values ($1, $2, $3, $4, $5, $6, $7, $7, '', $8, 'service_teacher', '{}')"
        );
        let args = [
            id(200 + 10 * bits + place),
            id(bits),
            TUESDAY.into(),
            id(61),
            kind.into(),
            at.into(),
            tx.account().into(),
        ];
        put(tx, fact, &args)?;
    }
    Ok(())
}

/// A guard or duty leader wants to let the child go with this collector.
pub(super) async fn release(scope: &Scope, student: StudentId, collector: Collector) -> ReleaseOutcome {
    let outcome = scope.act::<ReleaseChild, _, ()>(move |tx| {
        Ok(dismissal::release(tx, (student, None), &collector, Check::Known)?)
    });
    outcome.await.unwrap().unwrap()
}

/// The same, sent with a key; the answer as it is kept.
pub(super) async fn release_keyed(scope: &Scope, key: &str, student: StudentId) -> String {
    let key = Key { key: key.to_owned(), request_hash: "same".to_owned() };
    let answer = scope.write::<ReleaseChild, String, String>(&key, move |tx| {
        Ok(format!("{:?}", dismissal::release(tx, (student, None), &mother(), Check::Known)?))
    });
    answer.await.unwrap().unwrap()
}

/// How many facts of this kind the child has.
pub(super) async fn facts(scope: &Scope, student: StudentId, kind: &'static str) -> i64 {
    let count = scope.read::<KeepOwnAccount, _>(move |tx| {
        let sql =
            sql!("select count(*) from custody_fact where school_id = $1 and student_id = $2 and kind = $3");
        tx.one(sql, &[student.into(), kind.into()], |row| row.int(0))
    });
    count.await.unwrap()
}

/// The kinds of the messages that wait for this account, sorted.
pub(super) async fn told(scope: &Scope) -> Vec<String> {
    let inbox = scope.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
    let mut kinds: Vec<String> = inbox.into_iter().map(|message| message.kind).collect();
    kinds.sort();
    kinds
}

/// The office records that nobody of this name may collect An.
pub(super) async fn restrict(world: &World, name: &'static str) {
    let new = NewRestriction {
        name: name.to_owned(),
        guardian: None,
        source: Source::CourtPaper,
        note: String::new(),
        to_on: None,
    };
    let set = world.office.act::<RestrictPickup, _, _>(move |tx| dismissal::restrict(tx, an(), &new)).await;
    assert!(set.unwrap().is_ok());
}

/// The father with an account of his own.
pub(super) async fn father_signs_in(store: &TestStore, world: &World) -> Scope {
    let person = Some(AnyId::from_bits(12));
    let scope = store.member("east", ("13800000012", Role::Guardian), person, at(17, 25)).await;
    let account = scope.account();
    let linked = world.office.act::<KeepOwnAccount, u64, ()>(move |tx| {
        let sql = sql!("update guardian set account_id = $3 where school_id = $1 and id = $2");
        Ok(tx.run(sql, &[father().into(), account.into()])?)
    });
    assert_eq!(linked.await.unwrap(), Ok(1));
    scope
}
