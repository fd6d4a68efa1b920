//! Wish lists: one row a child.

use jiff::Timestamp;
use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::allocation::round::WishList;
use kehou_domain::ids::{RoundId, StudentId};

/// What a family wished, with what the seal and the draw made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Stored {
    pub(in super::super) student: StudentId,
    pub(in super::super) number: u64,
    pub(in super::super) salt: String,
    pub(in super::super) list: WishList,
    /// Whether the school wrote it for the family.
    pub(in super::super) is_by_office: bool,
    pub(in super::super) written_at: Timestamp,
    pub(in super::super) application: Option<String>,
    pub(in super::super) proof: Option<String>,
    pub(in super::super) answers: Option<String>,
}

/// What the seal writes to a child's row.
#[derive(Debug)]
pub(in super::super) struct Sealed {
    pub(in super::super) student: StudentId,
    pub(in super::super) application: String,
    pub(in super::super) proof: String,
}

fn read(row: &Row) -> Result<Stored> {
    let (limit, number) = (row.count(3)?, row.int(1)?);
    let limit = u8::try_from(limit).map_err(|_| Error::Column { column: 3, found: limit.to_string() })?;
    Ok(Stored {
        student: row.id(0)?,
        number: u64::try_from(number).map_err(|_| Error::Column { column: 1, found: number.to_string() })?,
        salt: row.text(2)?,
        list: WishList {
            week: row.word(10, WishList::read_week)?,
            beside: row.flag(11)?,
            ..row.word(4, |text| WishList::read(limit, text))?
        },
        is_by_office: row.text(5)? == "office",
        written_at: row.at(6)?,
        application: row.maybe_text(7)?,
        proof: row.maybe_text(8)?,
        answers: row.maybe_text(9)?,
    })
}

pub(in super::super) fn of_child(
    tx: &mut SchoolTx,
    round: RoundId,
    student: StudentId,
) -> Result<Option<Stored>> {
    let sql = sql!(
        "select student_id, number, salt, weekly_limit, wishes, channel, written_at, sealed_line, proof, answers,
           week, beside_sibling
         from wish_list where school_id = $1 and round_id = $2 and student_id = $3"
    );
    tx.maybe(sql, &[round.into(), student.into()], read)
}

/// Every list of a round, by number.
pub(in super::super) fn of_round(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<Stored>> {
    let sql = sql!(
        "select student_id, number, salt, weekly_limit, wishes, channel, written_at, sealed_line, proof, answers,
           week, beside_sibling
         from wish_list where school_id = $1 and round_id = $2 order by number limit 20000"
    );
    tx.all(sql, &[round.into()], read)
}

/// The wishes of every list, to be counted.
pub(in super::super) fn wishes(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<WishList>> {
    let sql =
        sql!("select weekly_limit, wishes from wish_list where school_id = $1 and round_id = $2 limit 20000");
    tx.all(sql, &[round.into()], |row| {
        let limit = u8::try_from(row.count(0)?).unwrap_or(u8::MAX);
        row.word(1, |text| WishList::read(limit, text))
    })
}

/// A new list, or what an old one says now; number and salt stay what they were.
pub(in super::super) fn write(tx: &mut SchoolTx, round: RoundId, stored: &Stored) -> Result<()> {
    let sql = sql!(
        "insert into wish_list (school_id, round_id, student_id, number, salt, weekly_limit, wishes, channel,
           written_by, written_at, week, beside_sibling, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
         on conflict (school_id, round_id, student_id) do update set weekly_limit = $6, wishes = $7, channel = $8,
           written_by = $9, written_at = $10, week = $11, beside_sibling = $12,
           version = wish_list.version + 1"
    );
    let channel = if stored.is_by_office { "office" } else { "family" };
    let (account, at) = (tx.account(), tx.at());
    let args = [
        round.into(),
        stored.student.into(),
        i64::try_from(stored.number).unwrap_or(i64::MAX).into(),
        stored.salt.as_str().into(),
        u32::from(stored.list.weekly_limit).into(),
        stored.list.written().into(),
        channel.into(),
        account.into(),
        at.into(),
        stored.list.week_written().into(),
        stored.list.beside.into(),
    ];
    tx.run(sql, &args).map(drop)
}

pub(in super::super) fn seal(tx: &mut SchoolTx, round: RoundId, sealed: &[Sealed]) -> Result<()> {
    let sql = sql!(
        "update wish_list set sealed_line = $4, proof = $5
         where school_id = $1 and round_id = $2 and student_id = $3"
    );
    let list = |one: &Sealed| -> Vec<Arg> {
        vec![round.into(), one.student.into(), one.application.as_str().into(), one.proof.as_str().into()]
    };
    tx.run_each(sql, &sealed.iter().map(list).collect::<Vec<_>>()).map(drop)
}

/// Why each child's wishes ended as they did.
pub(in super::super) fn answer(
    tx: &mut SchoolTx,
    round: RoundId,
    answers: &[(StudentId, String)],
) -> Result<()> {
    let sql =
        sql!("update wish_list set answers = $4 where school_id = $1 and round_id = $2 and student_id = $3");
    let list = |(student, answers): &(StudentId, String)| -> Vec<Arg> {
        vec![round.into(), (*student).into(), answers.as_str().into()]
    };
    tx.run_each(sql, &answers.iter().map(list).collect::<Vec<_>>()).map(drop)
}

/// The market that was sealed and the result that was drawn.
pub(in super::super) fn record(
    tx: &mut SchoolTx,
    round: RoundId,
) -> Result<Option<(String, Option<String>)>> {
    let sql = sql!("select market, result from round_record where school_id = $1 and round_id = $2");
    tx.maybe(sql, &[round.into()], |row| Ok((row.text(0)?, row.maybe_text(1)?)))
}

pub(in super::super) fn record_market(tx: &mut SchoolTx, round: RoundId, market: &str) -> Result<()> {
    let sql = sql!("insert into round_record (school_id, round_id, market) values ($1, $2, $3)");
    tx.run(sql, &[round.into(), market.into()]).map(drop)
}

pub(in super::super) fn record_result(tx: &mut SchoolTx, round: RoundId, result: &str) -> Result<()> {
    let sql = sql!("update round_record set result = $3 where school_id = $1 and round_id = $2");
    tx.run(sql, &[round.into(), result.into()]).map(drop)
}
