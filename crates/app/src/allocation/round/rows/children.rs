//! What a round must know of children: name, class, sex, the days on which they stay, priority, whom to tell.

use jiff::civil::Date;
use kehou_db::{Error, Result, Row, SchoolTx, sql};
use kehou_domain::ids::{AccountId, ClassId, GuardianId, RoundId, StudentId, TermId};
use kehou_domain::people::Sex;
use kehou_domain::people::class::ClassKey;
use kehou_domain::people::flag::Flag;
use kehou_domain::plan::SlotId;

use crate::people::read_class;

/// A child on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Child {
    pub(in super::super) id: StudentId,
    pub(in super::super) name: String,
    pub(in super::super) sex: Sex,
    pub(in super::super) class: Option<ClassKey>,
}

fn read(row: &Row) -> Result<Child> {
    let class = if row.maybe_text(3)?.is_some() { Some(read_class(row, 3)?) } else { None };
    Ok(Child { id: row.id(0)?, name: row.text(1)?, sex: row.word(2, Sex::parse)?, class })
}

pub(in super::super) fn one(tx: &mut SchoolTx, id: StudentId, day: Date) -> Result<Child> {
    let sql = sql!(
        "select s.id, s.name, s.sex, c.stage, c.entered_year, c.class_no from student s
         left join class_stay y on y.school_id = $1 and y.student_id = s.id and y.from_on <= $3
           and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where s.school_id = $1 and s.id = $2"
    );
    tx.one(sql, &[id.into(), day.into()], read)
}

/// The children who wrote a list for the round or have a seat of it.
pub(in super::super) fn of_round(tx: &mut SchoolTx, round: RoundId, day: Date) -> Result<Vec<Child>> {
    let sql = sql!(
        "select s.id, s.name, s.sex, c.stage, c.entered_year, c.class_no from student s
         left join class_stay y on y.school_id = $1 and y.student_id = s.id and y.from_on <= $3
           and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where s.school_id = $1
           and (s.id in (select student_id from wish_list where school_id = $1 and round_id = $2)
             or s.id in (select student_id from seat where school_id = $1 and round_id = $2)) limit 20000"
    );
    tx.all(sql, &[round.into(), day.into()], read)
}

/// The weekdays on which a child has a place in the slot on the day or later.
pub(in super::super) fn stays_on(
    tx: &mut SchoolTx,
    (term, slot): (TermId, &SlotId),
    student: StudentId,
    day: Date,
) -> Result<Vec<i8>> {
    let sql = sql!(
        "select distinct l.weekday from enrolment e
         join enrolment_slot l on l.school_id = $1 and l.enrolment_id = e.id
         where e.school_id = $1 and e.term_id = $2 and l.slot_id = $3 and e.student_id = $4
           and (e.to_on is null or $5 <= e.to_on)
         order by l.weekday"
    );
    let args = [term.into(), slot.as_str().into(), student.into(), day.into()];
    tx.all(sql, &args, |row| weekday(row, 0))
}

/// The last day of a child's place in the slot, where it has one on the day or later and it has an end.
pub(in super::super) fn last_day(
    tx: &mut SchoolTx,
    (term, slot): (TermId, &SlotId),
    student: StudentId,
    day: Date,
) -> Result<Option<Date>> {
    let sql = sql!(
        "select max(e.to_on) from enrolment e
         where e.school_id = $1 and e.term_id = $2 and e.student_id = $4 and (e.to_on is null or $5 <= e.to_on)
           and exists (select 1 from enrolment_slot l where l.school_id = $1 and l.enrolment_id = e.id
             and l.slot_id = $3)
         having count(e.to_on) = count(*)"
    );
    let args = [term.into(), slot.as_str().into(), student.into(), day.into()];
    Ok(tx.maybe(sql, &args, |row| row.maybe_day(0))?.flatten())
}

/// The last day of every place in the slot that has an end, of those who have one on the day or later.
pub(in super::super) fn last_days(
    tx: &mut SchoolTx,
    (term, slot): (TermId, &SlotId),
    day: Date,
) -> Result<Vec<(StudentId, Date)>> {
    let sql = sql!(
        "select e.student_id, max(e.to_on) from enrolment e
         where e.school_id = $1 and e.term_id = $2 and (e.to_on is null or $4 <= e.to_on)
           and exists (select 1 from enrolment_slot l where l.school_id = $1 and l.enrolment_id = e.id
             and l.slot_id = $3)
         group by e.student_id having count(e.to_on) = count(*) order by e.student_id limit 20000"
    );
    let args = [term.into(), slot.as_str().into(), day.into()];
    tx.all(sql, &args, |row| Ok((row.id(0)?, row.day(1)?)))
}

/// Whoever has a place in the slot on the day or later, with the weekdays.
pub(in super::super) fn staying(
    tx: &mut SchoolTx,
    (term, slot): (TermId, &SlotId),
    day: Date,
) -> Result<Vec<(StudentId, i8)>> {
    let sql = sql!(
        "select distinct e.student_id, l.weekday from enrolment e
         join enrolment_slot l on l.school_id = $1 and l.enrolment_id = e.id
         where e.school_id = $1 and e.term_id = $2 and l.slot_id = $3 and (e.to_on is null or $4 <= e.to_on)
         limit 100000"
    );
    let args = [term.into(), slot.as_str().into(), day.into()];
    tx.all(sql, &args, |row| Ok((row.id(0)?, weekday(row, 1)?)))
}

/// Whoever has a place in the slot on the day or later, with the class of the day.
pub(in super::super) fn in_slot(
    tx: &mut SchoolTx,
    (term, slot): (TermId, &SlotId),
    day: Date,
) -> Result<Vec<(Child, Option<ClassId>)>> {
    let sql = sql!(
        "select distinct s.id, s.name, s.sex, c.stage, c.entered_year, c.class_no, c.id from enrolment e
         join enrolment_slot l on l.school_id = $1 and l.enrolment_id = e.id
         join student s on s.school_id = $1 and s.id = e.student_id
         left join class_stay y on y.school_id = $1 and y.student_id = s.id and y.from_on <= $4
           and (y.to_on is null or $4 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where e.school_id = $1 and e.term_id = $2 and l.slot_id = $3 and (e.to_on is null or $4 <= e.to_on)
         limit 20000"
    );
    let args = [term.into(), slot.as_str().into(), day.into()];
    tx.all(sql, &args, |row| Ok((read(row)?, row.maybe_id(6)?)))
}

fn weekday(row: &Row, column: usize) -> Result<i8> {
    let found = row.int(column)?;
    i8::try_from(found).map_err(|_| Error::Column { column, found: found.to_string() })
}

/// The priority groups noted of every child (B4).
pub(in super::super) fn flags(tx: &mut SchoolTx) -> Result<Vec<(StudentId, Flag)>> {
    let sql = sql!("select student_id, kind from student_flag where school_id = $1 limit 20000");
    tx.all(sql, &[], |row| Ok((row.id(0)?, row.word(1, Flag::parse)?)))
}

/// The accounts of the guardians of every child who has a list or a seat in the round.
pub(in super::super) fn families(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<(StudentId, AccountId)>> {
    let sql = sql!(
        "select distinct s.student_id, g.account_id from guardianship s
         join guardian g on g.school_id = $1 and g.id = s.guardian_id
         where s.school_id = $1 and s.from_on <= $3 and (s.to_on is null or $3 <= s.to_on)
           and g.account_id is not null
           and (s.student_id in (select student_id from wish_list where school_id = $1 and round_id = $2)
             or s.student_id in (select student_id from seat where school_id = $1 and round_id = $2))
         order by s.student_id, g.account_id limit 40000"
    );
    let today = tx.today();
    tx.all(sql, &[round.into(), today.into()], |row| Ok((row.id(0)?, row.id(1)?)))
}

/// Today's guardians of every child who wrote a list for the round.
pub(in super::super) fn guardians(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<(GuardianId, StudentId)>> {
    let sql = sql!(
        "select distinct s.guardian_id, s.student_id from guardianship s
         join wish_list w on w.school_id = $1 and w.round_id = $2 and w.student_id = s.student_id
         where s.school_id = $1 and s.from_on <= $3 and (s.to_on is null or $3 <= s.to_on)
         order by s.guardian_id, s.student_id limit 100000"
    );
    let today = tx.today();
    tx.all(sql, &[round.into(), today.into()], |row| Ok((row.id(0)?, row.id(1)?)))
}

/// The accounts of one child's guardians today.
pub(in super::super) fn family(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<AccountId>> {
    let sql = sql!(
        "select g.account_id from guardianship s
         join guardian g on g.school_id = $1 and g.id = s.guardian_id
         where s.school_id = $1 and s.student_id = $2 and s.from_on <= $3 and (s.to_on is null or $3 <= s.to_on)
           and g.account_id is not null order by g.account_id limit 20"
    );
    let today = tx.today();
    tx.all(sql, &[student.into(), today.into()], |row| row.id(0))
}
