//! Seats: one a child and weekday.

use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::ids::{OfferingId, RoundId, StudentId, TermId};
use kehou_domain::plan::SlotId;

use crate::allocation::round::Round;

/// A seat of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Seat {
    pub(in super::super) student: StudentId,
    pub(in super::super) weekday: i8,
    pub(in super::super) round: RoundId,
    pub(in super::super) offering: OfferingId,
}

fn read(row: &Row) -> Result<Seat> {
    let weekday = row.int(1)?;
    let weekday =
        i8::try_from(weekday).map_err(|_| Error::Column { column: 1, found: weekday.to_string() })?;
    Ok(Seat { student: row.id(0)?, weekday, round: row.id(2)?, offering: row.id(3)? })
}

/// A child's seats in a slot of a term, in whatever round they were given.
pub(in super::super) fn of_child(
    tx: &mut SchoolTx,
    (term, slot): (TermId, &SlotId),
    student: StudentId,
) -> Result<Vec<Seat>> {
    let sql = sql!(
        "select student_id, weekday, round_id, offering_id from seat
         where school_id = $1 and term_id = $2 and slot_id = $3 and student_id = $4 order by weekday"
    );
    tx.all(sql, &[term.into(), slot.as_str().into(), student.into()], read)
}

/// Every seat of a slot in a term.
pub(in super::super) fn of_slot(tx: &mut SchoolTx, term: TermId, slot: &SlotId) -> Result<Vec<Seat>> {
    let sql = sql!(
        "select student_id, weekday, round_id, offering_id from seat
         where school_id = $1 and term_id = $2 and slot_id = $3 order by student_id, weekday limit 100000"
    );
    tx.all(sql, &[term.into(), slot.as_str().into()], read)
}

/// Gives the seats of a draw.
pub(in super::super) fn give(
    tx: &mut SchoolTx,
    round: &Round,
    seats: &[(StudentId, i8, OfferingId)],
) -> Result<()> {
    let sql = sql!(
        "insert into seat (school_id, term_id, slot_id, student_id, weekday, round_id, offering_id, how, locked,
           since_at) values ($1, $2, $3, $4, $5, $6, $7, 'draw', 0, $8)"
    );
    let at = tx.at();
    let list = |(student, weekday, offering): &(StudentId, i8, OfferingId)| -> Vec<Arg> {
        vec![
            round.term.into(),
            round.setup.slot.as_str().into(),
            (*student).into(),
            i64::from(*weekday).into(),
            round.id.into(),
            (*offering).into(),
            at.into(),
        ]
    };
    tx.run_each(sql, &seats.iter().map(list).collect::<Vec<_>>()).map(drop)
}
