//! The row that is held before something is numbered, and the accounts that are told.

use kehou_db::{self as db, SchoolTx, sql};
use kehou_domain::ids::{AccountId, GuardianId};

/// Makes everyone else who numbers something wait until this transaction ends.
pub(in super::super) fn hold(tx: &mut SchoolTx) -> db::Result<()> {
    let sql = sql!(
        "insert into enrolment_desk (school_id, version) values ($1, 1)
         on conflict (school_id) do update set version = enrolment_desk.version + 1"
    );
    tx.run(sql, &[]).map(|_| ())
}

/// The account of a guardian who can sign in.
pub(in super::super) fn account_of(tx: &mut SchoolTx, guardian: GuardianId) -> db::Result<Option<AccountId>> {
    let sql = sql!("select account_id from guardian where school_id = $1 and id = $2");
    tx.one(sql, &[guardian.into()], |row| row.maybe_id(0))
}

/// The accounts of the guardians of children on roll.
pub(in super::super) fn guardian_accounts(tx: &mut SchoolTx) -> db::Result<Vec<AccountId>> {
    let sql = sql!(
        "select distinct g.account_id from guardian g
         join guardianship s on s.school_id = $1 and s.guardian_id = g.id
         join student p on p.school_id = s.school_id and p.id = s.student_id and p.status = 'enrolled'
         where g.school_id = $1 and g.account_id is not null and s.from_on <= $2
           and (s.to_on is null or $2 <= s.to_on)
         limit 20000"
    );
    let today = tx.today();
    tx.all(sql, &[today.into()], |row| row.id(0))
}
