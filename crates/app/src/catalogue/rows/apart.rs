//! Pairs of offerings of which no child has both; each stands once, the lower id first.

use kehou_db::{Result, SchoolTx, sql};
use kehou_domain::ids::{OfferingId, TermId};

/// The pairs of a term.
pub(in super::super) fn of_term(tx: &mut SchoolTx, term: TermId) -> Result<Vec<(OfferingId, OfferingId)>> {
    let sql = sql!(
        "select a.one_id, a.other_id from offering_apart a
         join offering o on o.school_id = $1 and o.id = a.one_id
         where a.school_id = $1 and o.term_id = $2 order by a.one_id, a.other_id limit 20000"
    );
    tx.all(sql, &[term.into()], |row| Ok((row.id(0)?, row.id(1)?)))
}

/// What is apart from one offering.
pub(in super::super) fn of(tx: &mut SchoolTx, id: OfferingId) -> Result<Vec<OfferingId>> {
    let sql = sql!(
        "select other_id from offering_apart where school_id = $1 and one_id = $2
         union select one_id from offering_apart where school_id = $1 and other_id = $2 order by 1 limit 2000"
    );
    tx.all(sql, &[id.into()], |row| row.id(0))
}

pub(in super::super) fn add(tx: &mut SchoolTx, one: OfferingId, other: OfferingId) -> Result<()> {
    let sql = sql!(
        "insert into offering_apart (school_id, one_id, other_id, declared_by, declared_at)
         values ($1, $2, $3, $4, $5) on conflict (school_id, one_id, other_id) do nothing"
    );
    let (account, at) = (tx.account(), tx.at());
    tx.run(sql, &[one.into(), other.into(), account.into(), at.into()]).map(drop)
}

pub(in super::super) fn remove(tx: &mut SchoolTx, one: OfferingId, other: OfferingId) -> Result<()> {
    let sql = sql!("delete from offering_apart where school_id = $1 and one_id = $2 and other_id = $3");
    tx.run(sql, &[one.into(), other.into()]).map(drop)
}
