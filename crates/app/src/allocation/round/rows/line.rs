//! Who waits for a seat, in the order of arrival.

use jiff::Timestamp;
use kehou_db::{Result, SchoolTx, sql};
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::Waiting;
use kehou_domain::ids::{LineId, OfferingId, RoundId, StudentId};

use super::seats::{channel, entered};

/// A child in line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct InLine {
    pub(in super::super) offering: OfferingId,
    /// A seat is kept for it until then.
    pub(in super::super) offered_until: Option<Timestamp>,
    /// How many wait before it.
    pub(in super::super) before: u32,
}

/// How many wait and have no offer.
pub(in super::super) fn waiting(tx: &mut SchoolTx, round: RoundId, offering: OfferingId) -> Result<Waiting> {
    let sql = sql!(
        "select count(*), count(case when entered = 1 then 1 end) from seat_line
         where school_id = $1 and round_id = $2 and offering_id = $3 and offered_until is null"
    );
    tx.one(sql, &[round.into(), offering.into()], |row| {
        Ok(Waiting { all: row.count(0)?, by_office: row.count(1)? })
    })
}

/// Puts a child at the end; a second place in one line is "already".
pub(in super::super) fn join(
    tx: &mut SchoolTx,
    round: RoundId,
    (offering, student): (OfferingId, StudentId),
    by: Channel,
) -> Result<()> {
    let sql = sql!(
        "insert into seat_line (school_id, round_id, offering_id, student_id, asked_at, id, entered)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    let (id, at): (LineId, Timestamp) = (tx.new_id(), tx.at());
    let args = [round.into(), offering.into(), student.into(), at.into(), id.into(), entered(by)];
    tx.run(sql, &args).map(drop)
}

/// Where a child waits.
pub(in super::super) fn of_child(
    tx: &mut SchoolTx,
    round: RoundId,
    student: StudentId,
) -> Result<Vec<InLine>> {
    let sql = sql!(
        "select l.offering_id, l.offered_until,
           (select count(*) from seat_line b where b.school_id = $1 and b.round_id = $2
              and b.offering_id = l.offering_id and b.offered_until is null and b.id < l.id)
         from seat_line l where l.school_id = $1 and l.round_id = $2 and l.student_id = $3 order by l.id limit 100"
    );
    tx.all(sql, &[round.into(), student.into()], |row| {
        Ok(InLine { offering: row.id(0)?, offered_until: row.maybe_at(1)?, before: row.count(2)? })
    })
}

/// The first in line who has no offer, and the first for whom the school claimed, if that is another.
pub(in super::super) fn first(
    tx: &mut SchoolTx,
    round: RoundId,
    offering: OfferingId,
) -> Result<Vec<(StudentId, Channel)>> {
    let sql = sql!(
        "select student_id, entered from seat_line
         where school_id = $1 and round_id = $2 and offering_id = $3 and offered_until is null
           and id in (select min(b.id) from seat_line b
             where b.school_id = $1 and b.round_id = $2 and b.offering_id = $3 and b.offered_until is null
             group by b.entered)
         order by id limit 2"
    );
    let mut first =
        tx.all(sql, &[round.into(), offering.into()], |row| Ok((row.id(0)?, channel(row, 1)?)))?;
    if first.first().is_some_and(|(_, by)| *by == Channel::Office) {
        first.truncate(1);
    }
    Ok(first)
}

/// Keeps a seat for a child in line; says whether it was still waiting.
pub(in super::super) fn offer(
    tx: &mut SchoolTx,
    round: RoundId,
    (offering, student): (OfferingId, StudentId),
    until: Timestamp,
) -> Result<bool> {
    let sql = sql!(
        "update seat_line set offered_until = $5
         where school_id = $1 and round_id = $2 and offering_id = $3 and student_id = $4 and offered_until is null"
    );
    Ok(tx.run(sql, &[round.into(), offering.into(), student.into(), until.into()])? == 1)
}

/// The child waits no more; says who had claimed, where a seat was kept for the child until now.
pub(in super::super) fn leave(
    tx: &mut SchoolTx,
    round: RoundId,
    (offering, student): (OfferingId, StudentId),
) -> Result<Option<Channel>> {
    let sql = sql!(
        "delete from seat_line
         where school_id = $1 and round_id = $2 and offering_id = $3 and student_id = $4
         returning offered_until, entered"
    );
    let left = tx.maybe(sql, &[round.into(), offering.into(), student.into()], |row| {
        Ok(row.maybe_at(0)?.zip(Some(channel(row, 1)?)))
    })?;
    Ok(left.flatten().map(|(_, by)| by))
}

/// Everybody who waits in a round or has a seat offered, and for what.
pub(in super::super) fn of_round(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<(OfferingId, StudentId)>> {
    let sql = sql!(
        "select offering_id, student_id from seat_line
         where school_id = $1 and round_id = $2 order by id limit 100000"
    );
    tx.all(sql, &[round.into()], |row| Ok((row.id(0)?, row.id(1)?)))
}

/// Offers whose time is over.
pub(in super::super) fn lapsed(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<(OfferingId, StudentId)>> {
    let sql = sql!(
        "select offering_id, student_id from seat_line
         where school_id = $1 and round_id = $2 and offered_until <= $3 order by offered_until, id limit 1000"
    );
    let at = tx.at();
    tx.all(sql, &[round.into(), at.into()], |row| Ok((row.id(0)?, row.id(1)?)))
}

/// Offerings with a free seat and somebody who waits and may have it.
pub(in super::super) fn unserved(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<OfferingId>> {
    let sql = sql!(
        "select o.offering_id from round_offering o
         where o.school_id = $1 and o.round_id = $2 and o.taken < o.capacity
           and exists (select 1 from seat_line l where l.school_id = $1 and l.round_id = $2
                         and l.offering_id = o.offering_id and l.offered_until is null
                         and (l.entered = 1 or o.kept <= o.entered
                           or o.taken + o.kept - o.entered < o.capacity))
         order by o.place limit 1000"
    );
    tx.all(sql, &[round.into()], |row| row.id(0))
}

/// The rounds of first come that families choose in, or did a moment ago.
pub(in super::super) fn rounds(tx: &mut SchoolTx) -> Result<Vec<RoundId>> {
    let sql = sql!(
        "select id from choice_round where school_id = $1 and way = 'first_come' and announced_at is not null
           and opens_at <= $2 and published_at is null and called_off_at is null order by opens_at limit 50"
    );
    let at = tx.at();
    tx.all(sql, &[at.into()], |row| row.id(0))
}

/// Who waits for a seat or has one offered.
pub(in super::super) fn of_offering(
    tx: &mut SchoolTx,
    round: RoundId,
    offering: OfferingId,
) -> Result<Vec<StudentId>> {
    let sql = sql!(
        "select student_id from seat_line where school_id = $1 and round_id = $2 and offering_id = $3 limit 10000"
    );
    tx.all(sql, &[round.into(), offering.into()], |row| row.id(0))
}
