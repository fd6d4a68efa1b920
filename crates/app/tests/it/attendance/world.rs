//! Class 3(2) of two schools with the same names: thirty children, one session on Tuesday from 15:20 to 16:20.

use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_app::attendance::{self, Call, Mention, Roll, Saved};
use kehou_db::testing::TestStore;
use kehou_db::{Arg, Result, SchoolTx, Scope, Sql, sql};
use kehou_domain::access::{CallRoll, KeepOwnAccount, ReadSessions, Role};
use kehou_domain::attendance::{RollRefused, Said, Saying};
use kehou_domain::custody::Mark;
use kehou_domain::ids::{AnyId, EntityId, SessionId, StudentId};
use kehou_domain::moment::instant;

pub(super) const TUESDAY: Date = date(2026, 11, 24);
/// How many children the class has.
pub(super) const CHILDREN: u128 = 30;

pub(super) fn child(number: u128) -> StudentId {
    StudentId::from_bits(number)
}

pub(super) fn session() -> SessionId {
    SessionId::from_bits(61)
}

pub(super) fn at(hour: i8, minute: i8) -> Timestamp {
    instant(TUESDAY, time(hour, minute, 0, 0))
}

/// East at 15:25, with those who act.
pub(super) struct World {
    /// 吴老师: homeroom teacher of 3(2), leads its group.
    pub(super) teacher: Scope,
    /// 何老师: homeroom teacher of another class.
    pub(super) other_teacher: Scope,
    pub(super) leader: Scope,
    pub(super) grade_head: Scope,
    pub(super) office: Scope,
    /// The mother of the first child.
    pub(super) mother: Scope,
    pub(super) west_leader: Scope,
}

pub(super) async fn world(store: &TestStore) -> World {
    let now = at(15, 25);
    for (id, code) in [(1, "east"), (2, "west")] {
        store.school(id, code, now).await;
        let filled = store.system(code, now).await.act::<KeepOwnAccount, (), ()>(|tx| Ok(fill(tx)?)).await;
        assert_eq!(filled.unwrap(), Ok(()));
    }
    let person = |bits: u128| Some(AnyId::from_bits(bits));
    let world = World {
        teacher: store.member("east", ("13800000131", Role::HomeroomTeacher), person(131), now).await,
        other_teacher: store.member("east", ("13800000135", Role::HomeroomTeacher), person(135), now).await,
        leader: store.member("east", ("13800000132", Role::DutyLeader), person(132), now).await,
        grade_head: store.member("east", ("13800000136", Role::GradeHead), person(136), now).await,
        office: store.member("east", ("13800000134", Role::AcademicOffice), person(134), now).await,
        mother: store.member("east", ("13800000111", Role::Guardian), person(111), now).await,
        west_leader: store.member("west", ("13800000142", Role::DutyLeader), person(132), now).await,
    };
    let (mother, teacher) = (world.mother.account(), world.teacher.account());
    let linked = world.office.act::<KeepOwnAccount, (), ()>(move |tx| {
        let guardian = sql!("update guardian set account_id = $3 where school_id = $1 and id = $2");
        put(tx, guardian, &[id(111), mother.into()])?;
        let staff = sql!("update staff set account_id = $3 where school_id = $1 and id = $2");
        Ok(put(tx, staff, &[id(131), teacher.into()])?)
    });
    assert_eq!(linked.await.unwrap(), Ok(()));
    world
}

pub(super) fn id(bits: u128) -> Arg {
    AnyId::from_bits(bits).into()
}

pub(super) fn put(tx: &mut SchoolTx, sql: Sql, args: &[Arg]) -> Result<()> {
    tx.run(sql, args).map(drop)
}

fn fill(tx: &mut SchoolTx) -> Result<()> {
    for (bits, number) in [(121, 2), (122, 3)] {
        let class = sql!(
            "insert into home_class (school_id, id, stage, entered_year, class_no)
             values ($1, $2, 'primary', 2024, $3)"
        );
        put(tx, class, &[id(bits), i64::from(number).into()])?;
    }
    for (bits, name) in [(131, "吴老师"), (132, "顾校"), (134, "教务"), (135, "何老师"), (136, "郑组长")]
    {
        let staff = sql!("insert into staff (school_id, id, name) values ($1, $2, $3)");
        put(tx, staff, &[id(bits), name.into()])?;
    }
    for (class, staff) in [(121, 131), (122, 135)] {
        let homeroom = sql!(
            "insert into homeroom (school_id, class_id, staff_id, from_on) values ($1, $2, $3, '2026-09-01')"
        );
        put(tx, homeroom, &[id(class), id(staff)])?;
    }
    let grade = sql!("insert into grade_head (school_id, staff_id, grade) values ($1, $2, 3)");
    put(tx, grade, &[id(136)])?;
    let term = sql!(
        "insert into term (school_id, id, school_year, name, starts_on, ends_on, service_from)
         values ($1, $2, 2026, '第一学期', '2026-09-01', '2027-01-20', '2026-09-07')"
    );
    put(tx, term, &[id(141)])?;
    let group = sql!(
        "insert into teaching_group (school_id, id, term_id, slot_id, slot_name, name, class_id, venue, teacher_id,
           version) values ($1, $2, $3, 'care', '自主作业', '三(2)班', $4, '教学楼 2-03', $5, 0)"
    );
    put(tx, group, &[id(151), id(141), id(121), id(131)])?;
    let session = sql!(
        "insert into session (school_id, id, group_id, slot_id, slot_name, held_on, starts_at, ends_at, teacher_id,
           venue, status, version)
         values ($1, $2, $3, 'care', '自主作业', $4, $5, $6, $7, '教学楼 2-03', 'planned', 0)"
    );
    let hours = [at(15, 20).into(), at(16, 20).into()];
    let [from, to] = hours;
    put(tx, session, &[id(61), id(151), TUESDAY.into(), from, to, id(131)])?;
    let sealed = tx.seal("13800000111");
    let guardian = sql!(
        "insert into guardian (school_id, id, name, phone_mac, phone_sealed) values ($1, $2, '赵女士', $3, $4)"
    );
    put(tx, guardian, &[id(111), "13800000111".into(), sealed.into()])?;
    (1..=CHILDREN).try_for_each(|number| fill_child(tx, number))?;
    let of = sql!(
        "insert into guardianship (school_id, guardian_id, student_id, relation, from_on)
         values ($1, $2, $3, '妈妈', '2024-09-01')"
    );
    put(tx, of, &[id(111), id(1)])
}

fn fill_child(tx: &mut SchoolTx, number: u128) -> Result<()> {
    let student =
        sql!("insert into student (school_id, id, name, sex, seat_no) values ($1, $2, $3, 'F', $4)");
    let seat = i64::try_from(number).unwrap();
    put(tx, student, &[id(number), format!("学生{number:02}").into(), seat.into()])?;
    let stay = sql!(
        "insert into class_stay (school_id, id, student_id, class_id, from_on)
         values ($1, $2, $3, $4, '2024-09-01')"
    );
    put(tx, stay, &[id(1000 + number), id(number), id(121)])?;
    let member = sql!(
        "insert into group_member (school_id, group_id, student_id, from_on) values ($1, $2, $3, '2026-09-07')"
    );
    put(tx, member, &[id(151), id(number)])?;
    let enrolment = sql!(
        "insert into enrolment (school_id, id, student_id, term_id, from_on, will, made_at)
         values ($1, $2, $3, $4, '2026-09-07', 'own_act', 0)"
    );
    put(tx, enrolment, &[id(2000 + number), id(number), id(141)])?;
    for weekday in 1..=5_i64 {
        let slot = sql!(
            "insert into enrolment_slot (school_id, enrolment_id, slot_id, weekday) values ($1, $2, 'care', $3)"
        );
        put(tx, slot, &[id(2000 + number), weekday.into()])?;
    }
    let fact = sql!(
        "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
           account_id, role, facts)
         values ($1, $2, $3, $4, $5, 'expected', $6, $6, '', $7, 'academic_office', '{}')"
    );
    put(tx, fact, &[id(3000 + number), id(number), TUESDAY.into(), id(61), at(7, 0).into(), id(0)])
}

/// A call that names these children, and says the same of the rest.
pub(super) fn call(said: &[(u128, Said)], rest: Option<Said>) -> Call {
    let mention = |(number, said): &(u128, Said)| Mention {
        saying: Saying { student: child(*number), said: *said },
        at: None,
        fact: None,
    };
    let mentions = said.iter().map(mention).collect();
    Call { session: session(), version: None, mentions, rest, device: "phone".into() }
}

pub(super) async fn save(scope: &Scope, call: Call) -> Result<std::result::Result<Saved, RollRefused>> {
    scope.act::<CallRoll, Saved, RollRefused>(move |tx| attendance::save_roll(tx, &call)).await
}

pub(super) async fn roll(scope: &Scope) -> Roll {
    scope.read::<ReadSessions, Roll>(|tx| attendance::roll(tx, session())).await.unwrap()
}

pub(super) fn mark_of(roll: &Roll, number: u128) -> Mark {
    roll.children.iter().find(|one| one.pupil.id == child(number)).unwrap().mark
}

/// What the account has been told, oldest first.
pub(super) async fn told(scope: &Scope) -> Vec<String> {
    let messages = scope.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
    messages.into_iter().rev().map(|message| message.kind).collect()
}
