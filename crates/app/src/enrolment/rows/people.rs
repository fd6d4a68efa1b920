//! Children, their guardians and classes, as this slice reads them.

use jiff::civil::Date;
use kehou_db::{self as db, Arg, Row, SchoolTx, sql};
use kehou_domain::ids::{AccountId, ClassId, GuardianId, StudentId};
use kehou_domain::plan::AppliesTo;

use crate::enrolment::setting::{InClass, Pupil};

/// A guardian of a child on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Keeper {
    pub(in super::super) id: GuardianId,
    pub(in super::super) name: String,
    pub(in super::super) relation: String,
}

/// The grade that a class has in a school year.
fn grade(stage: &str, entered_year: i64, school_year: i64) -> Option<u8> {
    let years = school_year - entered_year + 1;
    let grade = match stage {
        "primary" => years,
        "junior" => years + 6,
        _ => return None,
    };
    u8::try_from(grade).ok().filter(|grade| (1..=9).contains(grade))
}

/// Reads id, stage, year of entry, number of a class and the school year, from this column on.
pub(in super::super) fn read_class(row: &Row, from: usize) -> db::Result<Option<InClass>> {
    let Some(id) = row.maybe_id(from)? else { return Ok(None) };
    let stage = row.text(from + 1)?;
    let (entered_year, number) = (row.int(from + 2)?, row.int(from + 3)?);
    let school_year = row.int(from + 4)?;
    Ok(grade(&stage, entered_year, school_year).map(|grade| InClass { id, grade, number }))
}

fn read_pupil(row: &Row) -> db::Result<Pupil> {
    Ok(Pupil {
        id: row.id(0)?,
        name: row.text(1)?,
        on_roll: row.text(2)? == "enrolled",
        boards: row.word(3, read_boarding)?,
        class: read_class(row, 4)?,
    })
}

fn read_boarding(word: &str) -> Option<AppliesTo> {
    match word {
        "day" => Some(AppliesTo::Day),
        "boarder" => Some(AppliesTo::Boarders),
        _ => None,
    }
}

/// The child, if it is the guardian's today.
pub(in super::super) fn own_pupil(
    tx: &mut SchoolTx,
    guardian: GuardianId,
    student: StudentId,
) -> db::Result<Pupil> {
    let children = children_of(tx, guardian)?;
    children.into_iter().find(|child| child.id == student).ok_or(db::Error::NotFound)
}

/// The guardian's children today, with the class that they are in or, before the term, come from.
pub(in super::super) fn children_of(tx: &mut SchoolTx, guardian: GuardianId) -> db::Result<Vec<Pupil>> {
    let sql = sql!(
        "select s.id, s.name, s.status, s.boarding, c.id, c.stage, c.entered_year, c.class_no,
                coalesce((select t.school_year from term t where t.school_id = $1 and $3 <= t.ends_on
                          order by t.starts_on limit 1), 0)
         from guardianship g
         join student s on s.school_id = $1 and s.id = g.student_id
         left join class_stay y on y.school_id = $1 and y.student_id = s.id and y.from_on <= $3
              and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where g.school_id = $1 and g.guardian_id = $2 and g.from_on <= $3
           and (g.to_on is null or $3 <= g.to_on)
         order by s.name, s.id limit 20"
    );
    let today = tx.today();
    tx.all(sql, &[guardian.into(), today.into()], read_pupil)
}

/// Any child of the school, for staff.
pub(in super::super) fn pupil(tx: &mut SchoolTx, student: StudentId) -> db::Result<Pupil> {
    let sql = sql!(
        "select s.id, s.name, s.status, s.boarding, c.id, c.stage, c.entered_year, c.class_no,
                coalesce((select t.school_year from term t where t.school_id = $1 and $3 <= t.ends_on
                          order by t.starts_on limit 1), 0)
         from student s
         left join class_stay y on y.school_id = $1 and y.student_id = s.id and y.from_on <= $3
              and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where s.school_id = $1 and s.id = $2"
    );
    let today = tx.today();
    tx.one(sql, &[student.into(), today.into()], read_pupil)
}

/// The children on roll of a class, by name.
pub(in super::super) fn in_class(tx: &mut SchoolTx, class: ClassId) -> db::Result<Vec<Pupil>> {
    let sql = sql!(
        "select s.id, s.name, s.status, s.boarding, c.id, c.stage, c.entered_year, c.class_no,
                coalesce((select t.school_year from term t where t.school_id = $1 and $3 <= t.ends_on
                          order by t.starts_on limit 1), 0)
         from class_stay y
         join student s on s.school_id = $1 and s.id = y.student_id and s.status = 'enrolled'
         join home_class c on c.school_id = $1 and c.id = y.class_id
         where y.school_id = $1 and y.class_id = $2 and y.from_on <= $3 and (y.to_on is null or $3 <= y.to_on)
         order by s.name, s.id limit 200"
    );
    let today = tx.today();
    tx.all(sql, &[class.into(), today.into()], read_pupil)
}

/// The child's guardians on a day.
pub(in super::super) fn keepers(tx: &mut SchoolTx, student: StudentId, on: Date) -> db::Result<Vec<Keeper>> {
    let sql = sql!(
        "select g.id, g.name, s.relation from guardianship s
         join guardian g on g.school_id = $1 and g.id = s.guardian_id
         where s.school_id = $1 and s.student_id = $2 and s.from_on <= $3 and (s.to_on is null or $3 <= s.to_on)
         order by s.from_on, g.id limit 20"
    );
    tx.all(sql, &[student.into(), on.into()], |row| {
        Ok(Keeper { id: row.id(0)?, name: row.text(1)?, relation: row.text(2)? })
    })
}

/// The accounts of the child's guardians today.
pub(in super::super) fn accounts(tx: &mut SchoolTx, student: StudentId) -> db::Result<Vec<AccountId>> {
    let sql = sql!(
        "select g.account_id from guardianship s
         join guardian g on g.school_id = $1 and g.id = s.guardian_id
         where s.school_id = $1 and s.student_id = $2 and s.from_on <= $3 and (s.to_on is null or $3 <= s.to_on)
           and g.account_id is not null order by g.account_id limit 20"
    );
    let today = tx.today();
    tx.all(sql, &[student.into(), today.into()], |row| row.id(0))
}

/// The priority and hardship words noted of a child; for the reviewing roles.
pub(in super::super) fn flags(tx: &mut SchoolTx) -> db::Result<Vec<(StudentId, String)>> {
    let sql = sql!("select student_id, kind from student_flag where school_id = $1 limit 20000");
    tx.all(sql, &[] as &[Arg], |row| Ok((row.id(0)?, row.text(1)?)))
}

/// A guardian's own name and sealed phone number.
pub(in super::super) fn own_data(
    tx: &mut SchoolTx,
    guardian: GuardianId,
) -> db::Result<(String, Option<String>)> {
    let sql = sql!("select name, phone_sealed from guardian where school_id = $1 and id = $2");
    tx.one(sql, &[guardian.into()], |row| Ok((row.text(0)?, row.maybe_text(1)?)))
}

/// Children on roll with this in their name, for a form on paper.
pub(in super::super) fn named(tx: &mut SchoolTx, part: &str) -> db::Result<Vec<StudentId>> {
    let sql = sql!(
        "select id from student where school_id = $1 and status = 'enrolled' and name like $2
         order by name, id limit 30"
    );
    let pattern = format!("%{}%", part.replace(['%', '_'], ""));
    tx.all(sql, &[pattern.into()], |row| row.id(0))
}
