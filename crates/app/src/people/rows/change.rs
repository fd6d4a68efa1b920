//! SQL that changes the roster.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kehou_db::{Arg, Error, Result, SchoolTx, sql};
use kehou_domain::ids::{AccountId, AnyId, ClassId, GuardianId, StaffId, StudentId};
use kehou_domain::people::class::ClassKey;
use kehou_domain::people::contact::Contact;
use kehou_domain::people::flag::Flag;
use kehou_domain::people::roster::Entry;
use kehou_domain::people::{Boarding, LeftWhy, Sex};

/// A pupil on roll, with the class of today.
pub(in crate::people) struct OnRoll {
    pub(in crate::people) id: StudentId,
    pub(in crate::people) class: ClassId,
    pub(in crate::people) entry: Entry,
}

/// Rows that an import or an admission adds, written together.
#[derive(Default)]
pub(in crate::people) struct Batch {
    pub(in crate::people) students: Vec<Vec<Arg>>,
    pub(in crate::people) stays: Vec<Vec<Arg>>,
    pub(in crate::people) guardians: Vec<Vec<Arg>>,
    pub(in crate::people) guardianships: Vec<Vec<Arg>>,
}

/// Makes everyone else who changes the roster wait until this transaction ends.
pub(in crate::people) fn hold(tx: &mut SchoolTx) -> Result<()> {
    let sql = sql!(
        "insert into roster (school_id, version) values ($1, 1)
         on conflict (school_id) do update set version = roster.version + 1"
    );
    tx.run(sql, &[]).map(drop)
}

/// Every pupil on roll with a class, guardians known by name and the look-up value of the phone.
pub(in crate::people) fn roll(tx: &mut SchoolTx) -> Result<Vec<OnRoll>> {
    let sql = sql!(
        "select s.id, s.name, s.sex, s.seat_no, s.boarding, h.id, h.stage, h.entered_year, h.class_no
         from student s
         join class_stay c on c.school_id = s.school_id and c.student_id = s.id and c.to_on is null
         join home_class h on h.school_id = c.school_id and h.id = c.class_id
         where s.school_id = $1 and s.status = 'enrolled' order by s.id"
    );
    let mut roll = tx.all(sql, &[], |row| {
        let entry = Entry {
            name: row.text(1)?,
            sex: row.word(2, Sex::parse)?,
            class: super::read_class(row, 6)?,
            seat: row.maybe_int(3)?.and_then(|seat| u32::try_from(seat).ok()),
            boarding: Some(row.word(4, Boarding::parse)?),
            guardians: Vec::new(),
        };
        Ok(OnRoll { id: row.id(0)?, class: row.id(5)?, entry })
    })?;
    for (student, contact) in contacts(tx)? {
        if let Ok(place) = roll.binary_search_by_key(&student, |pupil| pupil.id) {
            roll[place].entry.guardians.push(contact);
        }
    }
    Ok(roll)
}

fn contacts(tx: &mut SchoolTx) -> Result<Vec<(StudentId, Contact)>> {
    let sql = sql!(
        "select s.student_id, g.name, s.relation, g.phone_mac
         from guardianship s join guardian g on g.school_id = s.school_id and g.id = s.guardian_id
         where s.school_id = $1 and s.to_on is null"
    );
    tx.all(sql, &[], |row| {
        let contact = Contact { name: row.text(1)?, relation: row.text(2)?, phone: row.maybe_text(3)? };
        Ok((row.id(0)?, contact))
    })
}

/// The names of the school's guardians by the look-up value of their phone.
pub(in crate::people) fn names_by_phone(tx: &mut SchoolTx) -> Result<BTreeMap<String, (GuardianId, String)>> {
    let sql = sql!("select phone_mac, id, name from guardian where school_id = $1 and phone_mac is not null");
    let found = tx.all(sql, &[], |row| Ok((row.text(0)?, (row.id(1)?, row.text(2)?))))?;
    Ok(found.into_iter().collect())
}

/// The school's guardians by the look-up value of their phone.
pub(in crate::people) fn guardians_by_phone(
    tx: &mut SchoolTx,
) -> Result<Vec<(String, GuardianId, Option<AccountId>)>> {
    let sql =
        sql!("select phone_mac, id, account_id from guardian where school_id = $1 and phone_mac is not null");
    tx.all(sql, &[], |row| Ok((row.text(0)?, row.id(1)?, row.maybe_id(2)?)))
}

/// The guardian of this phone's look-up value.
pub(in crate::people) fn guardian_of_phone(
    tx: &mut SchoolTx,
    mac: &str,
) -> Result<Option<(GuardianId, Option<AccountId>)>> {
    let sql = sql!("select id, account_id from guardian where school_id = $1 and phone_mac = $2");
    tx.maybe(sql, &[mac.into()], |row| Ok((row.id(0)?, row.maybe_id(1)?)))
}

pub(in crate::people) fn write(tx: &mut SchoolTx, batch: &Batch) -> Result<()> {
    let students = sql!(
        "insert into student (school_id, id, name, sex, seat_no, boarding, status)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    tx.run_each(students, &batch.students)?;
    let stays = sql!(
        "insert into class_stay (school_id, id, student_id, class_id, from_on) values ($1, $2, $3, $4, $5)"
    );
    tx.run_each(stays, &batch.stays)?;
    let guardians = sql!(
        "insert into guardian (school_id, id, account_id, name, phone_mac, phone_sealed)
         values ($1, $2, $3, $4, $5, $6)"
    );
    tx.run_each(guardians, &batch.guardians)?;
    for args in &batch.guardianships {
        let again = sql!(
            "insert into guardianship (school_id, guardian_id, student_id, relation, from_on)
             values ($1, $2, $3, $4, $5)
             on conflict (school_id, guardian_id, student_id, from_on) do update
             set to_on = null, relation = excluded.relation"
        );
        tx.run(again, args)?;
    }
    Ok(())
}

/// The open classes by their keys.
pub(in crate::people) fn open_classes(tx: &mut SchoolTx) -> Result<BTreeMap<ClassKey, ClassId>> {
    let sql = sql!(
        "select id, stage, entered_year, class_no from home_class where school_id = $1 and closed_on is null"
    );
    let found = tx.all(sql, &[], |row| Ok((super::read_class(row, 1)?, row.id(0)?)))?;
    Ok(found.into_iter().collect())
}

/// The open class of this key, opened (again) when it is not there.
pub(in crate::people) fn open_class(tx: &mut SchoolTx, key: ClassKey) -> Result<ClassId> {
    let id: ClassId = tx.new_id();
    let sql = sql!(
        "insert into home_class (school_id, id, stage, entered_year, class_no) values ($1, $2, $3, $4, $5)
         on conflict (school_id, stage, entered_year, class_no) do update set closed_on = null returning id"
    );
    let args = [
        id.into(),
        key.stage.word().into(),
        i64::from(key.entered_year).into(),
        i64::from(key.class_no).into(),
    ];
    tx.one(sql, &args, |row| row.id(0))
}

pub(in crate::people) fn close_class(tx: &mut SchoolTx, class: ClassId, on: Date) -> Result<()> {
    let sql = sql!("update home_class set closed_on = $3 where school_id = $1 and id = $2");
    tx.run(sql, &[class.into(), on.into()])?;
    end_homeroom(tx, class, on)
}

pub(in crate::people) fn save_student(
    tx: &mut SchoolTx,
    id: StudentId,
    (name, sex): (&str, Sex),
    (seat, boarding): (Option<u32>, Boarding),
) -> Result<()> {
    let sql = sql!(
        "update student set name = $3, sex = $4, seat_no = $5, boarding = $6, version = version + 1
         where school_id = $1 and id = $2"
    );
    let args = [id.into(), name.into(), sex.word().into(), seat.into(), boarding.word().into()];
    match tx.run(sql, &args)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Moves a pupil to another class from a day on; the days before stay in the class they were in.
pub(in crate::people) fn move_student(
    tx: &mut SchoolTx,
    student: StudentId,
    class: ClassId,
    on: Date,
) -> Result<()> {
    let same_day = sql!(
        "update class_stay set class_id = $3 where school_id = $1 and student_id = $2 and to_on is null
         and from_on = $4"
    );
    if 0 < tx.run(same_day, &[student.into(), class.into(), on.into()])? {
        return Ok(());
    }
    let before = on.yesterday().map_err(|_| Error::NotFound)?;
    end_stay(tx, student, before)?;
    let id = tx.new_id::<AnyId>();
    let sql = sql!(
        "insert into class_stay (school_id, id, student_id, class_id, from_on) values ($1, $2, $3, $4, $5)"
    );
    tx.run(sql, &[id.into(), student.into(), class.into(), on.into()]).map(drop)
}

fn end_stay(tx: &mut SchoolTx, student: StudentId, last: Date) -> Result<()> {
    let sql =
        sql!("update class_stay set to_on = $3 where school_id = $1 and student_id = $2 and to_on is null");
    tx.run(sql, &[student.into(), last.into()]).map(drop)
}

/// Takes a pupil off the roll after a last day.
pub(in crate::people) fn leave(tx: &mut SchoolTx, id: StudentId, last: Date, why: LeftWhy) -> Result<()> {
    let sql = sql!(
        "update student set status = 'left', left_on = $3, left_why = $4, version = version + 1
         where school_id = $1 and id = $2 and status = 'enrolled'"
    );
    match tx.run(sql, &[id.into(), last.into(), why.word().into()])? {
        0 => Err(Error::NotFound),
        _ => end_stay(tx, id, last),
    }
}

/// Former guardians of the pupil who have an account and are no other child's guardian, be it on roll or not.
pub(in crate::people) fn guardians_without_child(
    tx: &mut SchoolTx,
    student: StudentId,
) -> Result<Vec<AccountId>> {
    let sql = sql!(
        "select g.account_id from guardian g
         where g.school_id = $1 and g.account_id is not null
           and exists (select 1 from guardianship s where s.school_id = $1 and s.guardian_id = g.id
                       and s.student_id = $2)
           and not exists (select 1 from guardianship s
             where s.school_id = $1 and s.guardian_id = g.id and s.to_on is null)"
    );
    tx.all(sql, &[student.into()], |row| row.id(0))
}

/// Ends a guardianship after a last day.
pub(in crate::people) fn end_guardianship(
    tx: &mut SchoolTx,
    guardian: GuardianId,
    student: StudentId,
    last: Date,
) -> Result<()> {
    let sql = sql!(
        "update guardianship set to_on = $4
         where school_id = $1 and guardian_id = $2 and student_id = $3 and to_on is null"
    );
    match tx.run(sql, &[guardian.into(), student.into(), last.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub(in crate::people) fn save_guardian_name(tx: &mut SchoolTx, id: GuardianId, name: &str) -> Result<()> {
    let sql = sql!("update guardian set name = $3 where school_id = $1 and id = $2");
    tx.run(sql, &[id.into(), name.into()]).map(drop)
}

pub(in crate::people) fn save_relation(
    tx: &mut SchoolTx,
    guardian: GuardianId,
    student: StudentId,
    relation: &str,
) -> Result<()> {
    let sql = sql!(
        "update guardianship set relation = $4
         where school_id = $1 and guardian_id = $2 and student_id = $3 and to_on is null"
    );
    match tx.run(sql, &[guardian.into(), student.into(), relation.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Gives a class its teacher from a day on.
pub(in crate::people) fn save_homeroom(
    tx: &mut SchoolTx,
    class: ClassId,
    staff: StaffId,
    on: Date,
) -> Result<()> {
    end_homeroom(tx, class, on)?;
    let sql = sql!(
        "insert into homeroom (school_id, class_id, staff_id, from_on) values ($1, $2, $3, $4)
         on conflict (school_id, class_id, from_on) do update set staff_id = excluded.staff_id, to_on = null"
    );
    tx.run(sql, &[class.into(), staff.into(), on.into()]).map(drop)
}

/// Ends the class teacher's time before a day; one that began on that very day goes.
pub(in crate::people) fn end_homeroom(tx: &mut SchoolTx, class: ClassId, on: Date) -> Result<()> {
    let gone = sql!(
        "delete from homeroom where school_id = $1 and class_id = $2 and to_on is null and from_on = $3"
    );
    tx.run(gone, &[class.into(), on.into()])?;
    let before = on.yesterday().map_err(|_| Error::NotFound)?;
    let sql = sql!("update homeroom set to_on = $3 where school_id = $1 and class_id = $2 and to_on is null");
    tx.run(sql, &[class.into(), before.into()]).map(drop)
}

pub(in crate::people) fn flags(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<(Flag, Date)>> {
    let sql = sql!(
        "select kind, noted_on from student_flag where school_id = $1 and student_id = $2 order by kind"
    );
    tx.all(sql, &[student.into()], |row| Ok((row.word(0, Flag::parse)?, row.day(1)?)))
}

pub(in crate::people) fn set_flag(tx: &mut SchoolTx, student: StudentId, flag: Flag) -> Result<()> {
    let sql = sql!(
        "insert into student_flag (school_id, student_id, kind, noted_on, noted_by) values ($1, $2, $3, $4, $5)
         on conflict (school_id, student_id, kind) do nothing"
    );
    let args = [student.into(), flag.word().into(), tx.today().into(), tx.account().to_string().into()];
    tx.run(sql, &args).map(drop)
}

pub(in crate::people) fn clear_flag(tx: &mut SchoolTx, student: StudentId, flag: Flag) -> Result<()> {
    let sql = sql!("delete from student_flag where school_id = $1 and student_id = $2 and kind = $3");
    tx.run(sql, &[student.into(), flag.word().into()]).map(drop)
}
