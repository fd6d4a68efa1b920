//! The care log.

use jiff::civil::Date;
use kehou_db::{Arg, Result, Row, SchoolTx, sql};
use kehou_domain::access::Role;
use kehou_domain::ids::{CareEntryId, SessionId};

use crate::attendance::care::CareEntry;

pub(crate) fn save(
    tx: &mut SchoolTx,
    session: SessionId,
    happened: &str,
    head_count: Option<u32>,
) -> Result<CareEntryId> {
    let sql = sql!(
        "insert into care_log (school_id, id, session_id, at, account_id, role, happened, head_count)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let id: CareEntryId = tx.new_id();
    let args: [Arg; 7] = [
        id.into(),
        session.into(),
        tx.at().into(),
        tx.account().into(),
        tx.role().word().into(),
        happened.into(),
        head_count.into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

pub(crate) fn of_session(tx: &mut SchoolTx, session: SessionId) -> Result<Vec<CareEntry>> {
    let sql = sql!(
        "select id, session_id, at, role, happened, head_count from care_log
         where school_id = $1 and session_id = $2 order by at, id limit 200"
    );
    tx.all(sql, &[session.into()], read_entry)
}

pub(crate) fn of_day(tx: &mut SchoolTx, day: Date) -> Result<Vec<CareEntry>> {
    let sql = sql!(
        "select l.id, l.session_id, l.at, l.role, l.happened, l.head_count from session s
         join care_log l on l.school_id = s.school_id and l.session_id = s.id
         where s.school_id = $1 and s.held_on = $2 order by l.at, l.id limit 2000"
    );
    tx.all(sql, &[day.into()], read_entry)
}

fn read_entry(row: &Row) -> Result<CareEntry> {
    Ok(CareEntry {
        id: row.id(0)?,
        session: row.id(1)?,
        at: row.at(2)?,
        role: row.word(3, Role::parse)?,
        happened: row.text(4)?,
        head_count: row.maybe_int(5)?.and_then(|heads| u32::try_from(heads).ok()),
    })
}
