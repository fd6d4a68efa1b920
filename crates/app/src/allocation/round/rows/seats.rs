//! Seats: one a child and weekday.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Arg, Error, Result, Row, SchoolTx, sql};
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::{Holding, Share};
use kehou_domain::ids::{OfferingId, RoundId, StudentId, TermId};
use kehou_domain::plan::{SlotId, Weekdays};

use crate::allocation::round::{Round, Seated, Sitting};
use crate::people::read_class;

/// A seat of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Seat {
    pub(in super::super) student: StudentId,
    pub(in super::super) weekday: i8,
    pub(in super::super) round: RoundId,
    pub(in super::super) offering: OfferingId,
    /// Until when it is held; nothing when it is confirmed.
    pub(in super::super) held_until: Option<Timestamp>,
    pub(in super::super) is_locked: bool,
    /// Who claimed it: the family, or the school for it.
    pub(in super::super) by: Channel,
}

impl Seat {
    /// Whether it is the child's at this moment.
    pub(in super::super) fn stands(&self, now: Timestamp) -> bool {
        self.held_until.map_or(Holding::Confirmed, Holding::Held).stands(now)
    }
}

fn read(row: &Row) -> Result<Seat> {
    let weekday = row.int(1)?;
    let weekday =
        i8::try_from(weekday).map_err(|_| Error::Column { column: 1, found: weekday.to_string() })?;
    Ok(Seat {
        student: row.id(0)?,
        weekday,
        round: row.id(2)?,
        offering: row.id(3)?,
        held_until: row.maybe_at(4)?,
        is_locked: row.flag(5)?,
        by: channel(row, 6)?,
    })
}

/// By whom it was claimed, from a column that says whether the school did.
pub(in super::super) fn channel(row: &Row, column: usize) -> Result<Channel> {
    Ok(if row.flag(column)? { Channel::Office } else { Channel::Family })
}

/// Whether the school claimed it, as such a column says it.
pub(in super::super) fn entered(by: Channel) -> Arg {
    (by == Channel::Office).into()
}

/// A child's seats in a slot of a term, in whatever round they were given, with the title of each.
pub(in super::super) fn titled(
    tx: &mut SchoolTx,
    (term, slot): (TermId, &SlotId),
    student: StudentId,
) -> Result<Vec<(Seat, String)>> {
    let sql = sql!(
        "select s.student_id, s.weekday, s.round_id, s.offering_id, s.held_until, s.locked, s.entered, o.title from seat s
         join offering o on o.school_id = $1 and o.id = s.offering_id
         where s.school_id = $1 and s.term_id = $2 and s.slot_id = $3 and s.student_id = $4 order by s.weekday"
    );
    let args = [term.into(), slot.as_str().into(), student.into()];
    tx.all(sql, &args, |row| Ok((read(row)?, row.text(7)?)))
}

/// Every seat of a slot in a term.
pub(in super::super) fn of_slot(tx: &mut SchoolTx, term: TermId, slot: &SlotId) -> Result<Vec<Seat>> {
    let sql = sql!(
        "select student_id, weekday, round_id, offering_id, held_until, locked, entered from seat
         where school_id = $1 and term_id = $2 and slot_id = $3 order by student_id, weekday limit 100000"
    );
    tx.all(sql, &[term.into(), slot.as_str().into()], read)
}

/// The seats of a term that were the children's before this moment: confirmed, and where they were drawn, published. Of
/// one weekday, or of all.
pub(in super::super) fn standing(
    tx: &mut SchoolTx,
    (term, weekday): (TermId, Option<i8>),
    before: Timestamp,
) -> Result<Vec<Seated>> {
    let sql = sql!(
        "select s.student_id, s.slot_id, s.offering_id from seat s
         join choice_round r on r.school_id = $1 and r.id = s.round_id and r.called_off_at is null
         where s.school_id = $1 and s.term_id = $2 and (s.weekday = $3 or $3 = 0)
           and s.held_until is null and s.since_at < $4
           and (r.way = 'first_come' or r.published_at < $4)
         order by s.student_id, s.slot_id limit 100000"
    );
    let weekday = i64::from(weekday.unwrap_or(0));
    tx.all(sql, &[term.into(), weekday.into(), before.into()], |row| {
        Ok(Seated { student: row.id(0)?, slot: SlotId(row.text(1)?), offering: row.id(2)? })
    })
}

/// The children who have such a seat in an offering, with the class of the day, class by class.
pub(in super::super) fn sitting(tx: &mut SchoolTx, offering: OfferingId, day: Date) -> Result<Vec<Sitting>> {
    let sql = sql!(
        "select distinct t.id, t.name, t.seat_no, c.stage, c.entered_year, c.class_no from seat s
         join choice_round r on r.school_id = $1 and r.id = s.round_id and r.called_off_at is null
         join student t on t.school_id = $1 and t.id = s.student_id
         left join class_stay y on y.school_id = $1 and y.student_id = t.id and y.from_on <= $3
           and (y.to_on is null or $3 <= y.to_on)
         left join home_class c on c.school_id = $1 and c.id = y.class_id
         where s.school_id = $1 and s.offering_id = $2 and s.held_until is null
           and (r.way = 'first_come' or r.published_at is not null)
         order by c.stage, c.entered_year, c.class_no, t.seat_no, t.name, t.id limit 1000"
    );
    tx.all(sql, &[offering.into(), day.into()], |row| {
        let class = if row.maybe_text(3)?.is_some() { Some(read_class(row, 3)?) } else { None };
        let seat_no = row.maybe_int(2)?.and_then(|seat| u32::try_from(seat).ok());
        Ok(Sitting { name: row.text(1)?, seat_no, class })
    })
}

/// The titles that children had in the term before this one.
pub(in super::super) fn titles_before(tx: &mut SchoolTx, term: TermId) -> Result<Vec<(StudentId, String)>> {
    let sql = sql!(
        "select distinct s.student_id, o.title from seat s
         join offering o on o.school_id = $1 and o.id = s.offering_id
         where s.school_id = $1 and s.held_until is null and s.term_id = (
           select b.id from term b join term t on t.school_id = $1 and t.id = $2
           where b.school_id = $1 and b.starts_on < t.starts_on order by b.starts_on desc limit 1)
         order by s.student_id, o.title limit 100000"
    );
    tx.all(sql, &[term.into()], |row| Ok((row.id(0)?, row.text(1)?)))
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

/// A seat before it is written.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct NewSeat {
    pub(in super::super) student: StudentId,
    pub(in super::super) days: Weekdays,
    pub(in super::super) offering: OfferingId,
    /// `claim` or `office`.
    pub(in super::super) how: &'static str,
    pub(in super::super) held_until: Option<Timestamp>,
    pub(in super::super) by: Channel,
}

/// Takes one of these seats of an offering if one is free; says whether there was one. What [`Share`] allows is said by
/// the statement itself, so that no arrival takes one too many.
pub(in super::super) fn take(
    tx: &mut SchoolTx,
    (round, offering): (RoundId, OfferingId),
    share: Share,
    by: Channel,
) -> Result<bool> {
    let sql = match share {
        Share::Any => sql!(
            "update round_offering set taken = taken + 1, entered = entered + $4
             where school_id = $1 and round_id = $2 and offering_id = $3 and taken < capacity"
        ),
        Share::Kept => sql!(
            "update round_offering set taken = taken + 1, entered = entered + $4
             where school_id = $1 and round_id = $2 and offering_id = $3 and taken < capacity and entered < kept"
        ),
        Share::Others => sql!(
            "update round_offering set taken = taken + 1, entered = entered + $4
             where school_id = $1 and round_id = $2 and offering_id = $3 and taken < capacity
               and (kept <= entered or taken + kept - entered < capacity)"
        ),
    };
    Ok(tx.run(sql, &[round.into(), offering.into(), entered(by)])? == 1)
}

/// A seat of an offering is free again; one that the school had taken is kept once more, if it was.
pub(in super::super) fn free(
    tx: &mut SchoolTx,
    (round, offering): (RoundId, OfferingId),
    by: Channel,
) -> Result<()> {
    let sql = sql!(
        "update round_offering set taken = taken - 1, entered = entered - $4
         where school_id = $1 and round_id = $2 and offering_id = $3 and 0 < taken and $4 <= entered"
    );
    tx.run(sql, &[round.into(), offering.into(), entered(by)]).map(drop)
}

/// Seats a child on every day of the offering; a second seat on one day is "already".
pub(in super::super) fn seat(tx: &mut SchoolTx, round: &Round, new: NewSeat) -> Result<()> {
    let sql = sql!(
        "insert into seat (school_id, term_id, slot_id, student_id, weekday, round_id, offering_id, how, held_until,
           locked, since_at, entered) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11)"
    );
    let at = tx.at();
    let list = |day: u8| -> Vec<Arg> {
        vec![
            round.term.into(),
            round.setup.slot.as_str().into(),
            new.student.into(),
            i64::from(day).into(),
            round.id.into(),
            new.offering.into(),
            new.how.into(),
            new.held_until.into(),
            at.into(),
            entered(new.by),
        ]
    };
    tx.run_each(sql, &new.days.iter().map(list).collect::<Vec<_>>()).map(drop)
}

/// The child has no seat of the offering any more, on none of its days; says whether it had one until now, since a seat
/// that two let go of at once becomes free once.
pub(in super::super) fn leave(
    tx: &mut SchoolTx,
    round: &Round,
    (student, offering): (StudentId, OfferingId),
) -> Result<bool> {
    let sql = sql!(
        "delete from seat where school_id = $1 and term_id = $2 and slot_id = $3 and student_id = $4 and offering_id = $5"
    );
    let args = [round.term.into(), round.setup.slot.as_str().into(), student.into(), offering.into()];
    Ok(0 < tx.run(sql, &args)?)
}

/// The same for a seat that was not confirmed in time; one that was confirmed a moment ago stays.
pub(in super::super) fn lapse(
    tx: &mut SchoolTx,
    round: &Round,
    (student, offering): (StudentId, OfferingId),
) -> Result<bool> {
    let sql = sql!(
        "delete from seat where school_id = $1 and term_id = $2 and slot_id = $3 and student_id = $4
           and offering_id = $5 and held_until <= $6"
    );
    let at = tx.at();
    let args =
        [round.term.into(), round.setup.slot.as_str().into(), student.into(), offering.into(), at.into()];
    Ok(0 < tx.run(sql, &args)?)
}

/// The seat is the child's for good; says whether it was still there.
pub(in super::super) fn confirm(
    tx: &mut SchoolTx,
    round: &Round,
    (student, offering): (StudentId, OfferingId),
) -> Result<bool> {
    let sql = sql!(
        "update seat set held_until = null, since_at = $6
         where school_id = $1 and term_id = $2 and slot_id = $3 and student_id = $4 and offering_id = $5"
    );
    let at = tx.at();
    let args =
        [round.term.into(), round.setup.slot.as_str().into(), student.into(), offering.into(), at.into()];
    Ok(0 < tx.run(sql, &args)?)
}

pub(in super::super) fn lock(
    tx: &mut SchoolTx,
    round: &Round,
    (student, offering): (StudentId, OfferingId),
    is_locked: bool,
) -> Result<u64> {
    let sql = sql!(
        "update seat set locked = $6
         where school_id = $1 and term_id = $2 and slot_id = $3 and student_id = $4 and offering_id = $5"
    );
    let args = [
        round.term.into(),
        round.setup.slot.as_str().into(),
        student.into(),
        offering.into(),
        is_locked.into(),
    ];
    tx.run(sql, &args)
}

/// The seats of a round whose time to be confirmed is over, one of each child and offering.
pub(in super::super) fn lapsed(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<Seat>> {
    let sql = sql!(
        "select student_id, weekday, round_id, offering_id, held_until, locked, entered from seat
         where school_id = $1 and round_id = $2 and held_until <= $3
         order by held_until, student_id, offering_id limit 1000"
    );
    let at = tx.at();
    let mut lapsed = tx.all(sql, &[round.into(), at.into()], read)?;
    lapsed.dedup_by_key(|seat| (seat.student, seat.offering));
    Ok(lapsed)
}

/// Makes the child's other devices wait until this transaction ends.
pub(in super::super) fn hold(tx: &mut SchoolTx, round: RoundId, student: StudentId) -> Result<()> {
    let sql = sql!(
        "insert into claimant (school_id, round_id, student_id, version) values ($1, $2, $3, 1)
         on conflict (school_id, round_id, student_id) do update set version = claimant.version + 1"
    );
    tx.run(sql, &[round.into(), student.into()]).map(drop)
}

/// The seats of an offering, in whatever round they were given.
pub(in super::super) fn of_offering(tx: &mut SchoolTx, offering: OfferingId) -> Result<Vec<Seat>> {
    let sql = sql!(
        "select student_id, weekday, round_id, offering_id, held_until, locked, entered from seat
         where school_id = $1 and offering_id = $2 order by student_id, weekday limit 10000"
    );
    tx.all(sql, &[offering.into()], read)
}
