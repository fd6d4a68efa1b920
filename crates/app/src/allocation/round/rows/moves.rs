//! Every change of a seat by hand; only ever added to.

use kehou_db::{Error, Result, Row, SchoolTx, sql};
use kehou_domain::ids::{MoveId, RoundId};

use crate::allocation::round::arrange::{Cause, Moved};

pub(in super::super) fn add(tx: &mut SchoolTx, round: RoundId, moved: &Moved) -> Result<()> {
    let sql = sql!(
        "insert into seat_move (school_id, id, round_id, student_id, weekday, from_offering, to_offering, reason,
           takes_back, moved_by, moved_at, cause) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let (account, at) = (tx.account(), tx.at());
    let args = [
        moved.id.into(),
        round.into(),
        moved.student.into(),
        i64::from(moved.weekday).into(),
        moved.from.into(),
        moved.to.into(),
        moved.reason.as_str().into(),
        moved.takes_back.into(),
        account.into(),
        at.into(),
        moved.cause.word().into(),
    ];
    tx.run(sql, &args).map(drop)
}

fn read(row: &Row) -> Result<Moved> {
    let weekday = row.int(2)?;
    Ok(Moved {
        id: row.id(0)?,
        student: row.id(1)?,
        weekday: i8::try_from(weekday)
            .map_err(|_| Error::Column { column: 2, found: weekday.to_string() })?,
        from: row.maybe_id(3)?,
        to: row.maybe_id(4)?,
        reason: row.text(5)?,
        takes_back: row.maybe_id(6)?,
        at: row.at(7)?,
        cause: row.word(8, |word| Cause::ALL.into_iter().find(|cause| cause.word() == word))?,
    })
}

/// The moves of a round with the names of the children, the latest first.
pub(in super::super) fn of_round(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<(String, Moved)>> {
    let sql = sql!(
        "select m.id, m.student_id, m.weekday, m.from_offering, m.to_offering, m.reason, m.takes_back, m.moved_at,
           m.cause, s.name
         from seat_move m join student s on s.school_id = $1 and s.id = m.student_id
         where m.school_id = $1 and m.round_id = $2 order by m.id desc limit 2000"
    );
    tx.all(sql, &[round.into()], |row| Ok((row.text(9)?, read(row)?)))
}

/// Whether a move was taken back.
pub(in super::super) fn is_taken_back(tx: &mut SchoolTx, round: RoundId, id: MoveId) -> Result<bool> {
    let sql = sql!("select id from seat_move where school_id = $1 and round_id = $2 and takes_back = $3");
    let found = tx.maybe(sql, &[round.into(), id.into()], |row| row.id::<MoveId>(0))?;
    Ok(found.is_some())
}

pub(in super::super) fn one(tx: &mut SchoolTx, round: RoundId, id: MoveId) -> Result<Moved> {
    let sql = sql!(
        "select id, student_id, weekday, from_offering, to_offering, reason, takes_back, moved_at,
           cause from seat_move
         where school_id = $1 and round_id = $2 and id = $3"
    );
    tx.one(sql, &[round.into(), id.into()], read)
}
