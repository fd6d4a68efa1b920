//! Stops at the gate.

use jiff::civil::Date;
use kehou_db::{Result, Row, SchoolTx, sql};
use kehou_domain::dismissal::{Settlement, Why};
use kehou_domain::ids::{GuardianId, StopId, StudentId};

use crate::dismissal::StopCard;

fn read_stop(row: &Row) -> Result<StopCard> {
    Ok(StopCard {
        id: row.id(0)?,
        student: row.id(1)?,
        child: row.text(2)?,
        at: row.at(3)?,
        why: row.text(4)?,
        needs_duty_leader: row.flag(5)?,
        collector: row.text(6)?,
        settlement: row.maybe_word(7, Settlement::parse)?,
        note: row.maybe_text(8)?,
        settled_at: row.maybe_at(9)?,
        day: row.day(10)?,
        again: row.int(11)?,
        last_at: row.maybe_at(12)?.unwrap_or(row.at(3)?),
    })
}

/// Today's stops, the latest first.
pub(in crate::dismissal) fn stops_on(tx: &mut SchoolTx, day: Date) -> Result<Vec<StopCard>> {
    let sql = sql!(
        "select p.id, p.student_id, s.name, p.at, p.why, p.needs_duty_leader, p.collector, p.settlement, p.note,
                p.settled_at, p.day,
                (select count(*) from pickup_stop_moment m where m.school_id = p.school_id and m.stop_id = p.id),
                (select max(m.at) from pickup_stop_moment m where m.school_id = p.school_id and m.stop_id = p.id)
         from pickup_stop p join student s on s.school_id = p.school_id and s.id = p.student_id
         where p.school_id = $1 and p.day = $2 order by p.id desc limit 500"
    );
    tx.all(sql, &[day.into()], read_stop)
}

/// The child's stops of the day, the latest first.
pub(in crate::dismissal) fn stops_of(
    tx: &mut SchoolTx,
    student: StudentId,
    day: Date,
) -> Result<Vec<StopCard>> {
    let sql = sql!(
        "select p.id, p.student_id, s.name, p.at, p.why, p.needs_duty_leader, p.collector, p.settlement, p.note,
                p.settled_at, p.day,
                (select count(*) from pickup_stop_moment m where m.school_id = p.school_id and m.stop_id = p.id),
                (select max(m.at) from pickup_stop_moment m where m.school_id = p.school_id and m.stop_id = p.id)
         from pickup_stop p join student s on s.school_id = p.school_id and s.id = p.student_id
         where p.school_id = $1 and p.day = $2 and p.student_id = $3 order by p.id desc limit 100"
    );
    tx.all(sql, &[day.into(), student.into()], read_stop)
}

/// The day's stops of the acting guardian's children, the latest first.
pub(in crate::dismissal) fn stops_of_guardian(
    tx: &mut SchoolTx,
    guardian: GuardianId,
    day: Date,
) -> Result<Vec<StopCard>> {
    let sql = sql!(
        "select p.id, p.student_id, s.name, p.at, p.why, p.needs_duty_leader, p.collector, p.settlement, p.note,
                p.settled_at, p.day,
                (select count(*) from pickup_stop_moment m where m.school_id = p.school_id and m.stop_id = p.id),
                (select max(m.at) from pickup_stop_moment m where m.school_id = p.school_id and m.stop_id = p.id)
         from guardianship own
           join pickup_stop p on p.school_id = own.school_id and p.student_id = own.student_id and p.day = $3
           join student s on s.school_id = p.school_id and s.id = p.student_id
         where own.school_id = $1 and own.guardian_id = $2 and own.from_on <= $3
           and (own.to_on is null or own.to_on >= $3)
         order by p.id desc limit 100"
    );
    tx.all(sql, &[guardian.into(), day.into()], read_stop)
}

/// One stop.
pub(in crate::dismissal) fn stop(tx: &mut SchoolTx, stop: StopId) -> Result<StopCard> {
    let sql = sql!(
        "select p.id, p.student_id, s.name, p.at, p.why, p.needs_duty_leader, p.collector, p.settlement, p.note,
                p.settled_at, p.day,
                (select count(*) from pickup_stop_moment m where m.school_id = p.school_id and m.stop_id = p.id),
                (select max(m.at) from pickup_stop_moment m where m.school_id = p.school_id and m.stop_id = p.id)
         from pickup_stop p join student s on s.school_id = p.school_id and s.id = p.student_id
         where p.school_id = $1 and p.id = $2"
    );
    tx.one(sql, &[stop.into()], read_stop)
}

pub(in crate::dismissal) fn save_stop(
    tx: &mut SchoolTx,
    id: StopId,
    (student, day): (StudentId, Date),
    why: &Why,
    collector: &str,
) -> Result<()> {
    let sql = sql!(
        "insert into pickup_stop
           (school_id, id, student_id, day, at, why, needs_duty_leader, collector, account_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let args = [
        id.into(),
        student.into(),
        day.into(),
        tx.at().into(),
        why.word().into(),
        why.needs_duty_leader().into(),
        collector.into(),
        tx.account().into(),
    ];
    tx.run(sql, &args).map(drop)
}

/// The person of this stop has come again, now.
pub(in crate::dismissal) fn save_stop_moment(tx: &mut SchoolTx, stop: StopId) -> Result<()> {
    let sql = sql!(
        "insert into pickup_stop_moment (school_id, stop_id, at, account_id) values ($1, $2, $3, $4)
         on conflict (school_id, stop_id, at) do nothing"
    );
    tx.run(sql, &[stop.into(), tx.at().into(), tx.account().into()]).map(drop)
}

pub(in crate::dismissal) fn settle_stop(
    tx: &mut SchoolTx,
    stop: StopId,
    settlement: Settlement,
    note: &str,
) -> Result<()> {
    let sql = sql!(
        "update pickup_stop set settlement = $3, note = $4, settled_by = $5, settled_at = $6
         where school_id = $1 and id = $2 and settled_at is null"
    );
    let args =
        [stop.into(), settlement.word().into(), note.trim().into(), tx.account().into(), tx.at().into()];
    tx.run(sql, &args).map(drop)
}
