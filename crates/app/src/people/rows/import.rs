//! SQL of uploaded workbooks between preview and confirmation.

use jiff::Timestamp;
use kehou_db::{Error, Result, SchoolTx, sql};
use kehou_domain::ids::ImportId;

use crate::people::intake::Summary;

/// An uploaded workbook.
pub(in crate::people) struct Upload {
    pub(in crate::people) file_name: String,
    pub(in crate::people) made_at: Timestamp,
    /// Its sealed content, until it is imported or dropped.
    pub(in crate::people) sealed: Option<String>,
    /// What it did, once it was imported.
    pub(in crate::people) done: Option<Summary>,
}

pub(in crate::people) fn upload(tx: &mut SchoolTx, id: ImportId) -> Result<Upload> {
    let sql = sql!(
        "select file_name, made_at, sealed, status, added, changed, departed from roster_import
         where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], |row| {
        let (added, changed, departed) = (row.count(4)?, row.count(5)?, row.count(6)?);
        let summary = Summary { added, changed, departed, ..Summary::default() };
        let done = (row.text(3)? == "done").then_some(summary);
        Ok(Upload { file_name: row.text(0)?, made_at: row.at(1)?, sealed: row.maybe_text(2)?, done })
    })
}

pub(in crate::people) fn save(tx: &mut SchoolTx, id: ImportId, file_name: &str, sealed: &str) -> Result<()> {
    // an upload that nobody confirmed is dropped by the next one of the same person
    let drop_old = sql!(
        "update roster_import set status = 'dropped', sealed = null
         where school_id = $1 and made_by = $2 and status = 'preview'"
    );
    let account = tx.account();
    tx.run(drop_old, &[account.into()])?;
    let sql = sql!(
        "insert into roster_import (school_id, id, file_name, made_at, made_by, status, sealed)
         values ($1, $2, $3, $4, $5, 'preview', $6)"
    );
    let at = tx.at();
    tx.run(sql, &[id.into(), file_name.into(), at.into(), account.into(), sealed.into()]).map(drop)
}

/// Ends an upload: imported, with what it did. One that has ended already is not there.
pub(in crate::people) fn finish(tx: &mut SchoolTx, id: ImportId, summary: &Summary) -> Result<()> {
    let sql = sql!(
        "update roster_import set status = 'done', sealed = null, done_at = $3, added = $4, changed = $5,
           departed = $6
         where school_id = $1 and id = $2 and status = 'preview'"
    );
    let at = tx.at();
    let args = [id.into(), at.into(), summary.added.into(), summary.changed.into(), summary.departed.into()];
    match tx.run(sql, &args)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
