//! Early leaves.

use jiff::civil::Date;
use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::attendance::{EarlyStatus, EarlyStep};
use kehou_domain::ids::{EarlyLeaveId, SessionId, StudentId};

use crate::attendance::early::Early;

/// Makes everyone else who takes a step in this early leave wait until this transaction ends.
pub(crate) fn hold(tx: &mut SchoolTx, id: EarlyLeaveId) -> Result<()> {
    let sql = sql!("update early_leave set version = version + 1 where school_id = $1 and id = $2");
    match tx.run(sql, &[id.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

pub(crate) fn save(
    tx: &mut SchoolTx,
    (session, day): (SessionId, Date),
    student: StudentId,
    reason: &str,
) -> Result<EarlyLeaveId> {
    let sql = sql!(
        "insert into early_leave (school_id, id, student_id, day, session_id, reason, status, reported_at,
           reported_by, version) values ($1, $2, $3, $4, $5, $6, 'reported', $7, $8, 0)"
    );
    let id: EarlyLeaveId = tx.new_id();
    let args: [Arg; 7] = [
        id.into(),
        student.into(),
        day.into(),
        session.into(),
        reason.into(),
        tx.at().into(),
        tx.account().into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

/// Whether the child has an early leave on the day that somebody still has to do something about.
pub(crate) fn has_open(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<bool> {
    let sql = sql!(
        "select 1 from early_leave where school_id = $1 and student_id = $2 and day = $3
           and status in ('reported', 'passed_on', 'approved')"
    );
    Ok(tx.maybe(sql, &[student.into(), day.into()], |_| Ok(()))?.is_some())
}

pub(crate) fn early(tx: &mut SchoolTx, id: EarlyLeaveId) -> Result<Early> {
    let sql = sql!(
        "select e.id, e.student_id, p.name, p.seat_no, e.session_id, e.day, g.name, s.slot_name, e.reason, e.status,
           e.reported_at, e.passed_at, e.decided_at, e.left_at
         from early_leave e
         join student p on p.school_id = e.school_id and p.id = e.student_id
         join session s on s.school_id = e.school_id and s.id = e.session_id
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         where e.school_id = $1 and e.id = $2"
    );
    tx.one(sql, &[id.into()], read_early)
}

/// The day's early leaves, in the order in which they were reported.
pub(crate) fn of_day(tx: &mut SchoolTx, day: Date) -> Result<Vec<Early>> {
    let sql = sql!(
        "select e.id, e.student_id, p.name, p.seat_no, e.session_id, e.day, g.name, s.slot_name, e.reason, e.status,
           e.reported_at, e.passed_at, e.decided_at, e.left_at
         from early_leave e
         join student p on p.school_id = e.school_id and p.id = e.student_id
         join session s on s.school_id = e.school_id and s.id = e.session_id
         join teaching_group g on g.school_id = s.school_id and g.id = s.group_id
         where e.school_id = $1 and e.day = $2 order by e.reported_at, e.id limit 500"
    );
    tx.all(sql, &[day.into()], read_early)
}

/// Notes a step with who took it and when.
pub(crate) fn take_step(
    tx: &mut SchoolTx,
    id: EarlyLeaveId,
    step: EarlyStep,
    status: EarlyStatus,
) -> Result<()> {
    let sql = match step {
        EarlyStep::PassOn => sql!(
            "update early_leave set status = $3, passed_at = $4, passed_by = $5 where school_id = $1 and id = $2"
        ),
        EarlyStep::Approve | EarlyStep::Refuse => sql!(
            "update early_leave set status = $3, decided_at = $4, decided_by = $5 where school_id = $1 and id = $2"
        ),
        EarlyStep::Leave => sql!(
            "update early_leave set status = $3, left_at = $4, left_by = $5 where school_id = $1 and id = $2"
        ),
    };
    let (at, account) = (tx.at(), tx.account());
    tx.run(sql, &[id.into(), status.word().into(), at.into(), account.into()]).map(|_| ())
}

fn read_early(row: &Row) -> Result<Early> {
    Ok(Early {
        id: row.id(0)?,
        student: row.id(1)?,
        name: row.text(2)?,
        seat_no: row.maybe_int(3)?.and_then(|number| u32::try_from(number).ok()),
        session: row.id(4)?,
        day: row.day(5)?,
        group_name: row.text(6)?,
        slot_name: row.text(7)?,
        reason: row.text(8)?,
        status: row.word(9, EarlyStatus::parse)?,
        reported_at: row.at(10)?,
        passed_at: row.maybe_at(11)?,
        decided_at: row.maybe_at(12)?,
        left_at: row.maybe_at(13)?,
    })
}
