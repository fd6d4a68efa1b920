//! SQL of the ledger: facts are inserted and read; there is no update and no delete.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Arg, Result, Row, SchoolTx, sql};
use kehou_domain::access::Role;
use kehou_domain::custody::Fact;
use kehou_domain::ids::{GuardianId, SessionId, StudentId};

use super::words;

/// Adds facts; those that are there already stay as they are. However many, they travel together.
pub(super) fn save(tx: &mut SchoolTx, facts: &[Fact]) -> Result<()> {
    let sql = sql!(
        "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
           account_id, role, corrects, facts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (school_id, id) do nothing"
    );
    let lists: Vec<Vec<Arg>> = facts.iter().map(columns).collect();
    tx.run_each(sql, &lists).map(|_| ())
}

fn columns(fact: &Fact) -> Vec<Arg> {
    vec![
        fact.id.into(),
        fact.student.into(),
        fact.day.into(),
        fact.session.into(),
        fact.what.kind().word().into(),
        fact.at.into(),
        fact.arrived_at.into(),
        fact.device.as_str().into(),
        fact.account.into(),
        fact.role.word().into(),
        fact.corrects.into(),
        words::particulars(&fact.what).into(),
    ]
}

pub(super) fn closed_at(tx: &mut SchoolTx, day: Date) -> Result<Option<Timestamp>> {
    let sql = sql!("select closed_at from closed_day where school_id = $1 and day = $2");
    tx.maybe(sql, &[day.into()], |row| row.at(0))
}

pub(super) fn of_student(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<Vec<Fact>> {
    let sql = sql!(
        "select id, student_id, day, session_id, kind, at, arrived_at, device, account_id, role, corrects, facts
         from custody_fact where school_id = $1 and student_id = $2 and day = $3"
    );
    tx.all(sql, &[student.into(), day.into()], read_fact)
}

/// Every fact of one child, day by day: a child has some days in a week and some facts in a day.
pub(super) fn of_child(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<Fact>> {
    let sql = sql!(
        "select id, student_id, day, session_id, kind, at, arrived_at, device, account_id, role, corrects, facts
         from custody_fact where school_id = $1 and student_id = $2 order by day, at, id"
    );
    tx.all(sql, &[student.into()], read_fact)
}

/// A day's facts have a natural bound: the children of one school and what happens to them.
pub(super) fn of_day(tx: &mut SchoolTx, day: Date) -> Result<Vec<Fact>> {
    between(tx, day, day)
}

pub(super) fn between(tx: &mut SchoolTx, from: Date, to: Date) -> Result<Vec<Fact>> {
    let sql = sql!(
        "select id, student_id, day, session_id, kind, at, arrived_at, device, account_id, role, corrects, facts
         from custody_fact where school_id = $1 and $2 <= day and day <= $3"
    );
    tx.all(sql, &[from.into(), to.into()], read_fact)
}

/// The facts of one day of every child of this guardian.
pub(super) fn of_guardian(tx: &mut SchoolTx, guardian: GuardianId, day: Date) -> Result<Vec<Fact>> {
    let sql = sql!(
        "select f.id, f.student_id, f.day, f.session_id, f.kind, f.at, f.arrived_at, f.device, f.account_id, f.role,
           f.corrects, f.facts
         from guardianship g
         join custody_fact f on f.school_id = g.school_id and f.student_id = g.student_id and f.day = $3
         where g.school_id = $1 and g.guardian_id = $2 and g.from_on <= $3 and (g.to_on is null or g.to_on >= $3)"
    );
    tx.all(sql, &[guardian.into(), day.into()], read_fact)
}

/// The facts of the day of every child who was put into the session.
pub(super) fn of_session(tx: &mut SchoolTx, session: SessionId, day: Date) -> Result<Vec<Fact>> {
    let sql = sql!(
        "select f.id, f.student_id, f.day, f.session_id, f.kind, f.at, f.arrived_at, f.device, f.account_id, f.role,
           f.corrects, f.facts
         from custody_fact e
         join custody_fact f on f.school_id = e.school_id and f.day = $3 and f.student_id = e.student_id
         where e.school_id = $1 and e.session_id = $2 and e.kind = 'expected'"
    );
    tx.all(sql, &[session.into(), day.into()], read_fact)
}

pub(super) fn noted_at(tx: &mut SchoolTx, session: SessionId, arrived_at: Timestamp) -> Result<Vec<Fact>> {
    let sql = sql!(
        "select f.id, f.student_id, f.day, f.session_id, f.kind, f.at, f.arrived_at, f.device, f.account_id, f.role,
           f.corrects, f.facts
         from session s
         join custody_fact f on f.school_id = s.school_id and f.day = s.held_on and f.session_id = s.id
         where s.school_id = $1 and s.id = $2 and f.arrived_at = $3 and f.account_id = $4"
    );
    let account = tx.account();
    tx.all(sql, &[session.into(), arrived_at.into(), account.into()], read_fact)
}

fn read_fact(row: &Row) -> Result<Fact> {
    let particulars = row.text(11)?;
    Ok(Fact {
        id: row.id(0)?,
        student: row.id(1)?,
        day: row.day(2)?,
        session: row.maybe_id(3)?,
        what: row.word(4, |kind| words::what(kind, &particulars))?,
        at: row.at(5)?,
        arrived_at: row.at(6)?,
        device: row.text(7)?,
        account: row.id(8)?,
        role: row.word(9, Role::parse)?,
        corrects: row.maybe_id(10)?,
    })
}
