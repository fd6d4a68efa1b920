//! SQL of staff.

use jiff::civil::Date;
use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::ids::{AccountId, ClassId, StaffId};

use super::{read_class, read_staff};
use crate::people::{Staff, StaffCard};

pub(in crate::people) fn staff(tx: &mut SchoolTx, id: StaffId) -> Result<Staff> {
    let sql = sql!("select id, name, status, account_id from staff where school_id = $1 and id = $2");
    tx.one(sql, &[id.into()], read_staff)
}

pub(in crate::people) fn all(tx: &mut SchoolTx, on: Date) -> Result<Vec<StaffCard>> {
    let sql = sql!(
        "select s.id, s.name, s.status, s.account_id, s.phone_sealed
         from staff s where s.school_id = $1 order by s.status, s.name, s.id limit 2000"
    );
    let people = tx.all(sql, &[], |row| Ok((read_staff(row)?, row.maybe_text(4)?)))?;
    let leads = leads(tx, on)?;
    let card = |(staff, sealed): (Staff, Option<String>)| {
        let phone = sealed.map(|sealed| tx.unseal(&sealed)).transpose()?;
        let classes = leads.iter().filter(|(id, _)| *id == staff.id).map(|(_, key)| *key).collect();
        Ok(StaffCard { staff, phone, classes, grades: None })
    };
    people.into_iter().map(card).collect()
}

fn leads(
    tx: &mut SchoolTx,
    on: Date,
) -> Result<Vec<(StaffId, (ClassId, kehou_domain::people::class::ClassKey))>> {
    let sql = sql!(
        "select h.staff_id, c.id, c.stage, c.entered_year, c.class_no
         from homeroom h join home_class c on c.school_id = h.school_id and c.id = h.class_id
         where h.school_id = $1 and h.from_on <= $2 and (h.to_on is null or $2 <= h.to_on)
         order by c.entered_year desc, c.class_no"
    );
    tx.all(sql, &[on.into()], |row| Ok((row.id(0)?, (row.id(1)?, read_class(row, 2)?))))
}

/// The grades of every grade head.
pub(in crate::people) fn grades(tx: &mut SchoolTx) -> Result<Vec<(StaffId, u8)>> {
    let sql = sql!("select staff_id, grade from grade_head where school_id = $1 order by staff_id, grade");
    tx.all(sql, &[], |row| Ok((row.id(0)?, read_grade(row, 1)?)))
}

/// The grades that a member answers for as a grade head.
pub(in crate::people) fn grades_of(tx: &mut SchoolTx, id: StaffId) -> Result<Vec<u8>> {
    let sql = sql!("select grade from grade_head where school_id = $1 and staff_id = $2 order by grade");
    tx.all(sql, &[id.into()], |row| read_grade(row, 0))
}

/// Who answers for a grade and still works here.
pub(in crate::people) fn heads_of(tx: &mut SchoolTx, grade: u8) -> Result<Vec<StaffId>> {
    let sql = sql!(
        "select h.staff_id from grade_head h join staff s on s.school_id = h.school_id and s.id = h.staff_id
         where h.school_id = $1 and h.grade = $2 and s.status = 'active' order by h.staff_id"
    );
    tx.all(sql, &[i64::from(grade).into()], |row| row.id(0))
}

pub(in crate::people) fn save_grades(tx: &mut SchoolTx, id: StaffId, grades: &[u8]) -> Result<()> {
    tx.run(sql!("delete from grade_head where school_id = $1 and staff_id = $2"), &[id.into()])?;
    let sql = sql!("insert into grade_head (school_id, staff_id, grade) values ($1, $2, $3)");
    let rows: Vec<Vec<Arg>> = grades.iter().map(|grade| vec![id.into(), i64::from(*grade).into()]).collect();
    tx.run_each(sql, &rows).map(drop)
}

fn read_grade(row: &Row, column: usize) -> Result<u8> {
    let grade = row.int(column)?;
    u8::try_from(grade).map_err(|_| Error::Column { column, found: grade.to_string() })
}

pub(in crate::people) fn by_phone(tx: &mut SchoolTx, mac: &str) -> Result<Option<StaffId>> {
    let sql = sql!("select id from staff where school_id = $1 and phone_mac = $2");
    tx.maybe(sql, &[mac.into()], |row| row.id(0))
}

/// The active member of this name, when there is exactly one.
pub(in crate::people) fn only_named(tx: &mut SchoolTx, name: &str) -> Result<Option<StaffId>> {
    let sql = sql!(
        "select id from staff where school_id = $1 and name = $2 and status = 'active' order by id limit 2"
    );
    let found = tx.all(sql, &[name.into()], |row| row.id(0))?;
    Ok(if let [one] = found[..] { Some(one) } else { None })
}

pub(in crate::people) fn add(
    tx: &mut SchoolTx,
    id: StaffId,
    account: AccountId,
    name: &str,
    digits: &str,
) -> Result<()> {
    let sql = sql!(
        "insert into staff (school_id, id, account_id, name, phone_mac, phone_sealed, status)
         values ($1, $2, $3, $4, $5, $6, 'active')"
    );
    let (mac, sealed) = (tx.mac(digits), tx.seal(digits));
    tx.run(sql, &[id.into(), account.into(), name.into(), mac.into(), sealed.into()]).map(drop)
}

pub(in crate::people) fn save_name(tx: &mut SchoolTx, id: StaffId, name: &str) -> Result<()> {
    let sql = sql!("update staff set name = $3 where school_id = $1 and id = $2");
    match tx.run(sql, &[id.into(), name.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub(in crate::people) fn leave(tx: &mut SchoolTx, id: StaffId) -> Result<()> {
    let sql = sql!("update staff set status = 'left' where school_id = $1 and id = $2");
    tx.run(sql, &[id.into()]).map(drop)
}

pub(in crate::people) fn come_back(tx: &mut SchoolTx, id: StaffId, name: &str) -> Result<()> {
    let sql = sql!("update staff set status = 'active', name = $3 where school_id = $1 and id = $2");
    tx.run(sql, &[id.into(), name.into()]).map(drop)
}
