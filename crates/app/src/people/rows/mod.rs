//! SQL of people: who is there on a day.

pub(super) mod change;
pub(super) mod import;
pub(super) mod staff;

use jiff::civil::Date;
use kehou_db::{Error, Result, Row, SchoolTx, sql};
use kehou_domain::ids::{ClassId, GuardianId, StaffId, StudentId};
use kehou_domain::people::class::{ClassKey, Stage};
use kehou_domain::people::{Boarding, LeftWhy, Sex};

use super::keep::{ClassCard, Stay};
use super::{Guardian, HomeClass, Staff, Student};

pub(super) fn student(tx: &mut SchoolTx, id: StudentId) -> Result<Student> {
    let sql = sql!(
        "select id, name, sex, seat_no, boarding, left_on, left_why from student where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], read_student)
}

pub(super) fn students_in_class(tx: &mut SchoolTx, class: ClassId, on: Date) -> Result<Vec<Student>> {
    let sql = sql!(
        "select s.id, s.name, s.sex, s.seat_no, s.boarding, s.left_on, s.left_why
         from class_stay c join student s on s.school_id = c.school_id and s.id = c.student_id
         where c.school_id = $1 and c.class_id = $2 and c.from_on <= $3
           and (c.to_on is null or $3 <= c.to_on)
         order by coalesce(s.seat_no, 1000), s.name, s.id"
    );
    tx.all(sql, &[class.into(), on.into()], read_student)
}

pub(super) fn guardians_of(tx: &mut SchoolTx, student: StudentId, on: Date) -> Result<Vec<Guardian>> {
    let sql = sql!(
        "select g.id, g.name, s.relation, g.phone_sealed, g.account_id
         from guardianship s join guardian g on g.school_id = s.school_id and g.id = s.guardian_id
         where s.school_id = $1 and s.student_id = $2 and s.from_on <= $3 and (s.to_on is null or $3 <= s.to_on)
         order by s.from_on, g.id"
    );
    let found = tx.all(sql, &[student.into(), on.into()], |row| {
        let sealed = row.maybe_text(3)?;
        let (id, account) = (row.id(0)?, row.maybe_id(4)?);
        Ok(Guardian { id, name: row.text(1)?, relation: row.text(2)?, phone: sealed, account })
    })?;
    found.into_iter().map(|guardian| with_phone(tx, guardian)).collect()
}

/// Opens the sealed phone that the row carried.
fn with_phone(tx: &SchoolTx, guardian: Guardian) -> Result<Guardian> {
    let phone = guardian.phone.map(|sealed| tx.unseal(&sealed)).transpose()?;
    Ok(Guardian { phone, ..guardian })
}

pub(super) fn is_guardian(
    tx: &mut SchoolTx,
    guardian: GuardianId,
    student: StudentId,
    on: Date,
) -> Result<bool> {
    let sql = sql!(
        "select count(*) from guardianship where school_id = $1 and guardian_id = $2 and student_id = $3
           and from_on <= $4 and (to_on is null or $4 <= to_on)"
    );
    tx.one(sql, &[guardian.into(), student.into(), on.into()], |row| row.count(0)).map(|count| 0 < count)
}

pub(super) fn class(tx: &mut SchoolTx, id: ClassId) -> Result<HomeClass> {
    let sql = sql!(
        "select id, stage, entered_year, class_no, closed_on from home_class where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], read_home_class)
}

pub(super) fn class_on(tx: &mut SchoolTx, student: StudentId, on: Date) -> Result<Option<HomeClass>> {
    let sql = sql!(
        "select h.id, h.stage, h.entered_year, h.class_no, h.closed_on
         from class_stay c join home_class h on h.school_id = c.school_id and h.id = c.class_id
         where c.school_id = $1 and c.student_id = $2 and c.from_on <= $3 and (c.to_on is null or $3 <= c.to_on)
         order by c.from_on desc limit 1"
    );
    tx.maybe(sql, &[student.into(), on.into()], read_home_class)
}

pub(super) fn classes(tx: &mut SchoolTx, on: Date) -> Result<Vec<HomeClass>> {
    let sql = sql!(
        "select id, stage, entered_year, class_no, closed_on from home_class
         where school_id = $1 and (closed_on is null or $2 < closed_on)
         order by stage desc, entered_year desc, class_no"
    );
    tx.all(sql, &[on.into()], read_home_class)
}

pub(super) fn homeroom_teacher(tx: &mut SchoolTx, class: ClassId, on: Date) -> Result<Option<Staff>> {
    let sql = sql!(
        "select s.id, s.name, s.status, s.account_id
         from homeroom h join staff s on s.school_id = h.school_id and s.id = h.staff_id
         where h.school_id = $1 and h.class_id = $2 and h.from_on <= $3 and (h.to_on is null or $3 <= h.to_on)
         order by h.from_on desc limit 1"
    );
    tx.maybe(sql, &[class.into(), on.into()], read_staff)
}

pub(super) fn homeroom_classes(tx: &mut SchoolTx, staff: StaffId, on: Date) -> Result<Vec<ClassId>> {
    let sql = sql!(
        "select class_id from homeroom where school_id = $1 and staff_id = $2 and from_on <= $3
           and (to_on is null or $3 <= to_on)
         order by class_id"
    );
    tx.all(sql, &[staff.into(), on.into()], |row| row.id(0))
}

/// The classes of a day with teacher and head count.
pub(super) fn class_cards(tx: &mut SchoolTx, on: Date) -> Result<Vec<ClassCard>> {
    let sql = sql!(
        "select h.id, h.stage, h.entered_year, h.class_no, h.closed_on,
           (select s.name from homeroom r join staff s on s.school_id = r.school_id and s.id = r.staff_id
            where r.school_id = $1 and r.class_id = h.id and r.from_on <= $2 and (r.to_on is null or $2 <= r.to_on)
            order by r.from_on desc limit 1),
           (select count(*) from class_stay c where c.school_id = $1 and c.class_id = h.id and c.from_on <= $2
            and (c.to_on is null or $2 <= c.to_on))
         from home_class h where h.school_id = $1 and (h.closed_on is null or $2 < h.closed_on)
         order by h.stage desc, h.entered_year desc, h.class_no"
    );
    tx.all(sql, &[on.into()], |row| {
        let class = read_home_class(row)?;
        let (grade, students) = (class.key.grade_on(on), row.count(6)?);
        Ok(ClassCard { class, grade, teacher: row.maybe_text(5)?, students })
    })
}

/// Every class of a pupil, the latest first.
pub(super) fn stays(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<Stay>> {
    let sql = sql!(
        "select h.id, h.stage, h.entered_year, h.class_no, h.closed_on, c.from_on, c.to_on
         from class_stay c join home_class h on h.school_id = c.school_id and h.id = c.class_id
         where c.school_id = $1 and c.student_id = $2 order by c.from_on desc limit 50"
    );
    tx.all(sql, &[student.into()], |row| {
        Ok(Stay { class: read_home_class(row)?, from_on: row.day(5)?, to_on: row.maybe_day(6)? })
    })
}

/// Pupils whose name contains the text, at most fifty.
pub(super) fn named(tx: &mut SchoolTx, text: &str) -> Result<Vec<Student>> {
    let sql = sql!(
        "select id, name, sex, seat_no, boarding, left_on, left_why from student
         where school_id = $1 and name like $2 escape '!' order by status, name, id limit 50"
    );
    let escaped: String = text
        .chars()
        .flat_map(|sign| if "!%_".contains(sign) { vec!['!', sign] } else { vec![sign] })
        .collect();
    tx.all(sql, &[format!("%{escaped}%").into()], read_student)
}

fn read_student(row: &Row) -> Result<Student> {
    let left = row.maybe_day(5)?.zip(row.maybe_word(6, LeftWhy::parse)?);
    Ok(Student {
        id: row.id(0)?,
        name: row.text(1)?,
        sex: row.word(2, Sex::parse)?,
        seat_no: row.maybe_int(3)?.and_then(|seat| u32::try_from(seat).ok()),
        boarding: row.word(4, Boarding::parse)?,
        left,
    })
}

fn read_home_class(row: &Row) -> Result<HomeClass> {
    Ok(HomeClass { id: row.id(0)?, key: read_class(row, 1)?, closed_on: row.maybe_day(4)? })
}

/// A class's key from three columns beginning at `from`: stage, year of entry, number.
pub(crate) fn read_class(row: &Row, from: usize) -> Result<ClassKey> {
    let wrong = |column: usize, found: i64| Error::Column { column, found: found.to_string() };
    let (year, number) = (row.int(from + 1)?, row.int(from + 2)?);
    Ok(ClassKey {
        stage: row.word(from, Stage::parse)?,
        entered_year: i16::try_from(year).map_err(|_| wrong(from + 1, year))?,
        class_no: u8::try_from(number).map_err(|_| wrong(from + 2, number))?,
    })
}

pub(super) fn read_staff(row: &Row) -> Result<Staff> {
    let active = row.word(2, |word| match word {
        "active" => Some(true),
        "left" => Some(false),
        _ => None,
    })?;
    Ok(Staff { id: row.id(0)?, name: row.text(1)?, active, account: row.maybe_id(3)? })
}
