//! Signed papers.

use kehou_db::{self as db, Row, SchoolTx, sql};
use kehou_domain::enrolment::agreement::Kind;
use kehou_domain::ids::{AgreementId, ClauseSetId, StudentId};

use crate::enrolment::agreement::Copy;
use crate::enrolment::apply::Application;

/// A signed paper before it is written.
pub(in super::super) struct NewAgreement<'a> {
    pub(in super::super) clause_set: ClauseSetId,
    pub(in super::super) text: &'a str,
    pub(in super::super) hash: &'a str,
    pub(in super::super) mark: &'static str,
    pub(in super::super) path: &'a str,
    pub(in super::super) signer: &'a str,
    pub(in super::super) seal: &'a str,
}

pub(in super::super) fn add(
    tx: &mut SchoolTx,
    application: &Application,
    new: &NewAgreement,
) -> db::Result<AgreementId> {
    let id: AgreementId = tx.new_id();
    let sql = sql!(
        "insert into agreement (school_id, id, application_id, round, student_id, clause_set_id, guardian_id,
                                signed_text, text_hash, mark, path, signer, account_id, signed_at, seal)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    );
    let (account, at) = (tx.account(), tx.at());
    let args = [
        id.into(),
        application.id.into(),
        application.round.into(),
        application.student.into(),
        new.clause_set.into(),
        application.guardian.into(),
        new.text.into(),
        new.hash.into(),
        new.mark.into(),
        new.path.into(),
        new.signer.into(),
        account.into(),
        at.into(),
        new.seal.into(),
    ];
    tx.run(sql, &args)?;
    Ok(id)
}

fn read_copy(row: &Row) -> db::Result<Copy> {
    Ok(Copy {
        id: row.id(0)?,
        kind: row.word(1, Kind::parse)?,
        text: row.text(2)?,
        hash: row.text(3)?,
        mark: row.text(4)?,
        path: row.text(5)?,
        signer: row.text(6)?,
        signed_at: row.at(7)?,
        seal: row.text(8)?,
    })
}

/// The signed papers of the present round.
pub(in super::super) fn of_application(
    tx: &mut SchoolTx,
    application: &Application,
) -> db::Result<Vec<Copy>> {
    let sql = sql!(
        "select a.id, c.kind, a.signed_text, a.text_hash, a.mark, a.path, a.signer, a.signed_at, a.seal
         from agreement a join clause_set c on c.school_id = $1 and c.id = a.clause_set_id
         where a.school_id = $1 and a.application_id = $2 and a.round = $3 order by c.kind desc, a.id limit 20"
    );
    tx.all(sql, &[application.id.into(), application.round.into()], read_copy)
}

/// The signed paper of a kind in the present round, whatever version its words had.
pub(in super::super) fn of_kind(
    tx: &mut SchoolTx,
    application: &Application,
    kind: Kind,
) -> db::Result<Option<Copy>> {
    Ok(of_application(tx, application)?.into_iter().find(|copy| copy.kind == kind))
}

/// Every signed paper of the child, for the family's own copy.
pub(in super::super) fn of_child(tx: &mut SchoolTx, student: StudentId) -> db::Result<Vec<Copy>> {
    let sql = sql!(
        "select a.id, c.kind, a.signed_text, a.text_hash, a.mark, a.path, a.signer, a.signed_at, a.seal
         from agreement a join clause_set c on c.school_id = $1 and c.id = a.clause_set_id
         where a.school_id = $1 and a.student_id = $2 order by a.id limit 200"
    );
    tx.all(sql, &[student.into()], read_copy)
}
