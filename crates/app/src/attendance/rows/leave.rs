//! Leave as filed.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::access::Role;
use kehou_domain::attendance::{LeaveKind, Span};
use kehou_domain::ids::{LeaveId, StudentId};
use kehou_domain::plan::SlotId;

use crate::attendance::day::LeaveOn;
use crate::attendance::leave::{FiledLeave, NewLeave, OnLeave};
use crate::people::read_class;

/// The leaves that cover the day, the one for the whole day first.
pub(crate) fn on_day(tx: &mut SchoolTx, day: Date) -> Result<Vec<LeaveOn>> {
    let sql = sql!(
        "select student_id, id, slot_id from leave_request
         where school_id = $1 and status = 'filed' and from_on <= $2 and $2 <= to_on
         order by case when slot_id is null then 0 else 1 end, filed_at, id"
    );
    tx.all(sql, &[day.into()], |row| Ok((row.id(0)?, row.id(1)?, row.maybe_text(2)?.map(SlotId))))
}

pub(crate) fn save(tx: &mut SchoolTx, id: LeaveId, leave: &NewLeave) -> Result<()> {
    let sql = sql!(
        "insert into leave_request (school_id, id, student_id, from_on, to_on, slot_id, kind, reason, status,
           filed_at, filed_by, filed_as, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'filed', $9, $10, $11, 0)"
    );
    let args: [Arg; 10] = [
        id.into(),
        leave.student.into(),
        leave.span.from_on.into(),
        leave.span.to_on.into(),
        leave.slot.as_ref().map(SlotId::as_str).into(),
        leave.kind.word().into(),
        leave.reason.trim().into(),
        tx.at().into(),
        tx.account().into(),
        tx.role().word().into(),
    ];
    tx.run(sql, &args).map(|_| ())
}

/// Makes everyone else who files leave for this child wait until this transaction ends.
pub(crate) fn hold_student(tx: &mut SchoolTx, student: StudentId) -> Result<()> {
    let sql = sql!("update student set version = version + 1 where school_id = $1 and id = $2");
    match tx.run(sql, &[student.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub(crate) fn leave(tx: &mut SchoolTx, id: LeaveId) -> Result<FiledLeave> {
    let sql = sql!(
        "select l.id, l.student_id, p.name, l.from_on, l.to_on, l.slot_id, l.kind, l.reason, l.status, l.filed_at,
           l.filed_as
         from leave_request l join student p on p.school_id = l.school_id and p.id = l.student_id
         where l.school_id = $1 and l.id = $2"
    );
    tx.one(sql, &[id.into()], read_leave)
}

/// The child's leaves, the newest first.
pub(crate) fn of_student(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<FiledLeave>> {
    let sql = sql!(
        "select l.id, l.student_id, p.name, l.from_on, l.to_on, l.slot_id, l.kind, l.reason, l.status, l.filed_at,
           l.filed_as
         from leave_request l join student p on p.school_id = l.school_id and p.id = l.student_id
         where l.school_id = $1 and l.student_id = $2 order by l.from_on desc, l.id desc limit 500"
    );
    tx.all(sql, &[student.into()], read_leave)
}

/// The slots of the child's groups that still stand, with the names that the school gives them.
pub(crate) fn slots_of(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<Vec<(SlotId, String)>> {
    let sql = sql!(
        "select distinct g.slot_id, g.slot_name from group_member m
         join teaching_group g on g.school_id = m.school_id and g.id = m.group_id
         where m.school_id = $1 and m.student_id = $2 and (m.to_on is null or $3 <= m.to_on)
         order by g.slot_id limit 20"
    );
    tx.all(sql, &[student.into(), day.into()], |row| Ok((SlotId(row.text(0)?), row.text(1)?)))
}

/// The leaves that cover the day, class by class, the lowest grade first.
pub(crate) fn filed_on(tx: &mut SchoolTx, day: Date) -> Result<Vec<OnLeave>> {
    let sql = sql!(
        "select l.id, l.student_id, p.name, l.from_on, l.to_on, l.slot_id, l.kind, l.reason, l.status, l.filed_at,
           l.filed_as, h.stage, h.entered_year, h.class_no
         from leave_request l join student p on p.school_id = l.school_id and p.id = l.student_id
         left join class_stay c on c.school_id = l.school_id and c.student_id = l.student_id and c.from_on <= $2
           and (c.to_on is null or $2 <= c.to_on)
         left join home_class h on h.school_id = c.school_id and h.id = c.class_id
         where l.school_id = $1 and l.status = 'filed' and l.from_on <= $2 and $2 <= l.to_on
         order by h.stage desc, h.entered_year desc, h.class_no, p.name, l.id limit 1000"
    );
    tx.all(sql, &[day.into()], |row| {
        let class = row.maybe_text(11)?.map(|_| read_class(row, 11)).transpose()?;
        Ok(OnLeave { leave: read_leave(row)?, class })
    })
}

pub(crate) fn take_back(tx: &mut SchoolTx, id: LeaveId) -> Result<()> {
    let sql = sql!(
        "update leave_request set status = 'taken_back', ended_at = $3, version = version + 1
         where school_id = $1 and id = $2"
    );
    let at: Timestamp = tx.at();
    tx.run(sql, &[id.into(), at.into()]).map(|_| ())
}

fn read_leave(row: &Row) -> Result<FiledLeave> {
    Ok(FiledLeave {
        id: row.id(0)?,
        student: row.id(1)?,
        name: row.text(2)?,
        span: Span { from_on: row.day(3)?, to_on: row.day(4)? },
        slot: row.maybe_text(5)?.map(SlotId),
        kind: row.word(6, LeaveKind::parse)?,
        reason: row.text(7)?,
        stands: row.text(8)? == "filed",
        filed_at: row.at(9)?,
        filed_as: row.word(10, Role::parse)?,
    })
}
