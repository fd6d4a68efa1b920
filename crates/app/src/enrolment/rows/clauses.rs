//! Versions of clauses.

use kehou_db::{self as db, Row, SchoolTx, sql};
use kehou_domain::enrolment::agreement::{Clause, Kind, Side, Wording};
use kehou_domain::ids::ClauseSetId;

use crate::enrolment::clauses::{ClauseSet, ClauseSetStatus, SetOnList};

pub(in super::super) fn sets(tx: &mut SchoolTx) -> db::Result<Vec<SetOnList>> {
    let sql = sql!(
        "select c.id, c.kind, c.number, c.title, c.status, c.made_at,
                (select count(*) from agreement a where a.school_id = $1 and a.clause_set_id = c.id)
         from clause_set c where c.school_id = $1 order by c.kind, c.number desc limit 200"
    );
    tx.all(sql, &[], |row| {
        Ok(SetOnList {
            id: row.id(0)?,
            kind: row.word(1, Kind::parse)?,
            number: row.int(2)?,
            title: row.text(3)?,
            status: row.word(4, ClauseSetStatus::parse)?,
            made_at: row.at(5)?,
            signed: row.count(6)?,
        })
    })
}

pub(in super::super) fn set(tx: &mut SchoolTx, id: ClauseSetId) -> db::Result<ClauseSet> {
    let clauses = clauses(tx, id)?;
    let sql =
        sql!("select kind, number, title, preamble, status from clause_set where school_id = $1 and id = $2");
    tx.one(sql, &[id.into()], |row| {
        let wording = read_wording(row, 0, clauses.clone())?;
        Ok(ClauseSet { id, wording, status: row.word(4, ClauseSetStatus::parse)? })
    })
}

fn read_wording(row: &Row, from: usize, clauses: Vec<Clause>) -> db::Result<Wording> {
    Ok(Wording {
        kind: row.word(from, Kind::parse)?,
        version: row.int(from + 1)?,
        title: row.text(from + 2)?,
        preamble: row.text(from + 3)?,
        clauses,
    })
}

fn clauses(tx: &mut SchoolTx, id: ClauseSetId) -> db::Result<Vec<Clause>> {
    let sql = sql!(
        "select head, wording, side from clause where school_id = $1 and clause_set_id = $2 order by number"
    );
    tx.all(sql, &[id.into()], |row| {
        Ok(Clause { head: row.text(0)?, text: row.text(1)?, side: row.word(2, Side::parse)? })
    })
}

/// The version that families are shown.
pub(in super::super) fn in_use(tx: &mut SchoolTx, kind: Kind) -> db::Result<Option<(ClauseSetId, Wording)>> {
    let sql = sql!("select id from clause_set where school_id = $1 and kind = $2 and status = 'in_use'");
    let Some(id) = tx.maybe(sql, &[kind.word().into()], |row| row.id(0))? else { return Ok(None) };
    Ok(Some((id, set(tx, id)?.wording)))
}

pub(in super::super) fn add(tx: &mut SchoolTx, wording: &Wording) -> db::Result<ClauseSetId> {
    let id: ClauseSetId = tx.new_id();
    let kind = wording.kind.word();
    let sql = sql!("select coalesce(max(number), 0) from clause_set where school_id = $1 and kind = $2");
    let number = tx.one(sql, &[kind.into()], |row| row.int(0))? + 1;
    let sql = sql!(
        "insert into clause_set (school_id, id, kind, number, title, preamble, status, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, 'draft', $7, $8)"
    );
    let (at, account) = (tx.at(), tx.account());
    let (title, preamble) = (wording.title.trim(), wording.preamble.trim());
    let args =
        [id.into(), kind.into(), number.into(), title.into(), preamble.into(), at.into(), account.into()];
    tx.run(sql, &args)?;
    add_clauses(tx, id, &wording.clauses)?;
    Ok(id)
}

fn add_clauses(tx: &mut SchoolTx, id: ClauseSetId, clauses: &[Clause]) -> db::Result<()> {
    let sql = sql!(
        "insert into clause (school_id, clause_set_id, number, head, wording, side)
         values ($1, $2, $3, $4, $5, $6)"
    );
    for (number, clause) in (1_i64..).zip(clauses) {
        let (head, text) = (clause.head.trim(), clause.text.trim());
        let args = [id.into(), number.into(), head.into(), text.into(), clause.side.word().into()];
        tx.run(sql, &args)?;
    }
    Ok(())
}

/// Retires what was in use and puts this version in its place.
pub(in super::super) fn use_set(tx: &mut SchoolTx, id: ClauseSetId, kind: Kind) -> db::Result<()> {
    let sql = sql!(
        "update clause_set set status = 'retired' where school_id = $1 and kind = $2 and status = 'in_use'"
    );
    tx.run(sql, &[kind.word().into()])?;
    let sql =
        sql!("update clause_set set status = 'in_use', in_use_at = $3 where school_id = $1 and id = $2");
    let at = tx.at();
    tx.run(sql, &[id.into(), at.into()]).map(|_| ())
}
