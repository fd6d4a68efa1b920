//! SQL of whose day of service a day is.

use jiff::civil::{Date, Weekday};
use kehou_db::{Result, SchoolTx, sql};
use kehou_domain::ids::AccountId;

/// The accounts of the guardians of every child whose enrolment holds on the day for the weekday that it follows, each
/// with the child's name.
pub(crate) fn families_on(
    tx: &mut SchoolTx,
    day: Date,
    follows: Weekday,
) -> Result<Vec<(AccountId, String)>> {
    let sql = sql!(
        "select distinct g.account_id, s.name
         from enrolment e
         join enrolment_slot w on w.school_id = e.school_id and w.enrolment_id = e.id and w.weekday = $3
         join student s on s.school_id = e.school_id and s.id = e.student_id
         join guardianship p on p.school_id = e.school_id and p.student_id = e.student_id
           and p.from_on <= $2 and (p.to_on is null or $2 <= p.to_on)
         join guardian g on g.school_id = p.school_id and g.id = p.guardian_id
         where e.school_id = $1 and e.from_on <= $2 and (e.to_on is null or $2 <= e.to_on)
           and g.account_id is not null"
    );
    let weekday = i64::from(follows.to_monday_one_offset());
    tx.all(sql, &[day.into(), weekday.into()], |row| Ok((row.id(0)?, row.text(1)?)))
}

/// The accounts of the teachers of the day's sessions, and of the groups that have members on it for that weekday.
pub(crate) fn teachers_on(tx: &mut SchoolTx, day: Date, follows: Weekday) -> Result<Vec<AccountId>> {
    let sql = sql!(
        "select t.account_id from session s
         join staff t on t.school_id = s.school_id and t.id = s.teacher_id
         where s.school_id = $1 and s.held_on = $2 and t.account_id is not null
         union
         select t.account_id from teaching_group g
         join staff t on t.school_id = g.school_id and t.id = g.teacher_id
         join group_member m on m.school_id = g.school_id and m.group_id = g.id
           and m.from_on <= $2 and (m.to_on is null or $2 <= m.to_on)
         join enrolment e on e.school_id = m.school_id and e.student_id = m.student_id
           and e.from_on <= $2 and (e.to_on is null or $2 <= e.to_on)
         join enrolment_slot w on w.school_id = e.school_id and w.enrolment_id = e.id
           and w.slot_id = g.slot_id and w.weekday = $3
         where g.school_id = $1 and g.closed_on is null and t.account_id is not null"
    );
    let weekday = i64::from(follows.to_monday_one_offset());
    tx.all(sql, &[day.into(), weekday.into()], |row| row.id(0))
}
