//! SQL of uploaded workbooks of offerings between preview and confirmation.

use kehou_db::{Error, Result, SchoolTx, sql};
use kehou_domain::ids::{ImportId, TermId};

/// An uploaded workbook.
pub(in super::super) struct Upload {
    pub(in super::super) term: TermId,
    pub(in super::super) file_name: String,
    /// Its sealed content, until it is imported or dropped.
    pub(in super::super) sealed: Option<String>,
    /// New drafts and rows left out, once it was imported.
    pub(in super::super) done: Option<(u32, u32)>,
}

pub(in super::super) fn upload(tx: &mut SchoolTx, id: ImportId) -> Result<Upload> {
    let sql = sql!(
        "select term_id, file_name, sealed, status, added, left_out from offering_import
         where school_id = $1 and id = $2"
    );
    tx.one(sql, &[id.into()], |row| {
        let counts = (row.count(4)?, row.count(5)?);
        let done = (row.text(3)? == "done").then_some(counts);
        Ok(Upload { term: row.id(0)?, file_name: row.text(1)?, sealed: row.maybe_text(2)?, done })
    })
}

pub(in super::super) fn save(
    tx: &mut SchoolTx,
    (id, term): (ImportId, TermId),
    file_name: &str,
    sealed: &str,
) -> Result<()> {
    // an upload that nobody confirmed is dropped by the next one of the same person
    let drop_old = sql!(
        "update offering_import set status = 'dropped', sealed = null
         where school_id = $1 and made_by = $2 and status = 'preview'"
    );
    let (account, at) = (tx.account(), tx.at());
    tx.run(drop_old, &[account.into()])?;
    let sql = sql!(
        "insert into offering_import (school_id, id, term_id, file_name, made_at, made_by, status, sealed)
         values ($1, $2, $3, $4, $5, $6, 'preview', $7)"
    );
    let args = [id.into(), term.into(), file_name.into(), at.into(), account.into(), sealed.into()];
    tx.run(sql, &args).map(drop)
}

/// Ends an upload: imported, with what it did. One that has ended already is not there.
pub(in super::super) fn finish(tx: &mut SchoolTx, id: ImportId, (added, left_out): (u32, u32)) -> Result<()> {
    let sql = sql!(
        "update offering_import set status = 'done', sealed = null, done_at = $3, added = $4, left_out = $5
         where school_id = $1 and id = $2 and status = 'preview'"
    );
    let at = tx.at();
    match tx.run(sql, &[id.into(), at.into(), added.into(), left_out.into()])? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
