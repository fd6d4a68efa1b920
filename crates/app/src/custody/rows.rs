//! SQL of the ledger: one insert for any number of facts, and the reads.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Arg, Result, Row, SchoolTx, sql};
use kehou_domain::access::Role;
use kehou_domain::custody::Fact;
use kehou_domain::ids::{SessionId, StudentId};
use kehou_domain::moment::millis;

use super::words;

/// The width of an id as text, and of the blank that stands for none.
const ID: usize = 26;
/// Room for a kind's word.
const KIND: usize = 20;
/// Room for an instant in milliseconds.
const AT: usize = 15;
/// Room for particulars that travel with the others; longer ones go one by one.
const PARTICULARS: usize = 40;

/// How many facts go in one statement: cutting a longer text up costs more than another statement.
const AT_ONCE: usize = 64;

/// Adds facts of one day, those that are there already left as they are. One statement takes up to [`AT_ONCE`]: the
/// parts in which they differ stand in one text of fixed columns, which the store cuts up again. Facts with long
/// particulars, as of a handing over, go by themselves.
pub(super) fn save(tx: &mut SchoolTx, facts: &[Fact]) -> Result<()> {
    let is_long = |fact: &&Fact| PARTICULARS < words::particulars(&fact.what).chars().count();
    let (long, short): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(is_long);
    short.chunks(AT_ONCE).try_for_each(|chunk| save_many(tx, chunk))?;
    long.into_iter().try_for_each(|fact| save_one(tx, fact))
}

fn save_many(tx: &mut SchoolTx, facts: &[&Fact]) -> Result<()> {
    let columns: String = facts.iter().map(|fact| fixed(fact)).collect();
    let shared = facts[0];
    let sql = sql!(
        "with recursive line (cells) as (
           select cast($2 as text) union all select substr(cells, 180) from line where 179 < length(cells))
         insert into custody_fact (school_id, day, arrived_at, device, account_id, role,
           id, student_id, session_id, kind, at, corrects, facts)
         select $1, $3, $4, $5, $6, $7, substr(cells, 1, 26), substr(cells, 27, 26),
           nullif(trim(substr(cells, 53, 26)), ''), trim(substr(cells, 79, 20)),
           cast(trim(substr(cells, 99, 15)) as bigint), nullif(trim(substr(cells, 114, 26)), ''),
           trim(substr(cells, 140, 40))
         from line where true on conflict (school_id, id) do nothing"
    );
    let args = [
        columns.into(),
        shared.day.into(),
        shared.arrived_at.into(),
        shared.device.as_str().into(),
        shared.account.into(),
        shared.role.word().into(),
    ];
    tx.run(sql, &args).map(|_| ())
}

/// The columns in which facts of one arrival differ, each with its blanks: 179 characters.
fn fixed(fact: &Fact) -> String {
    let session = fact.session.map(|session| session.to_string()).unwrap_or_default();
    let corrects = fact.corrects.map(|wrong| wrong.to_string()).unwrap_or_default();
    format!(
        "{}{}{session:<ID$}{:<KIND$}{:<AT$}{corrects:<ID$}{:<PARTICULARS$}",
        fact.id,
        fact.student,
        fact.what.kind().word(),
        millis(fact.at),
        words::particulars(&fact.what),
    )
}

fn save_one(tx: &mut SchoolTx, fact: &Fact) -> Result<()> {
    let sql = sql!(
        "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
           account_id, role, corrects, facts)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (school_id, id) do nothing"
    );
    let args: [Arg; 12] = [
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
    ];
    tx.run(sql, &args).map(|_| ())
}

pub(super) fn of_student(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<Vec<Fact>> {
    let sql = sql!(
        "select id, student_id, day, session_id, kind, at, arrived_at, device, account_id, role, corrects, facts
         from custody_fact where school_id = $1 and student_id = $2 and day = $3"
    );
    tx.all(sql, &[student.into(), day.into()], read_fact)
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
