//! Children whose place has ended: what they have in rounds ends with it and goes to whoever waits (B6, F12).

use std::collections::{BTreeMap, BTreeSet};

use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::KeepRounds;
use kehou_domain::allocation::round::{Held, Way, given_up, is_known, takes_over};
use kehou_domain::ids::{OfferingId, StudentId};
use kehou_domain::plan::Weekdays;
use serde_json::json;

use super::Round;
use super::arrange::{Cause, Moved};
use super::claim::{pass_on, serve};
use super::rows::{children, line, moves, offered, round as rows, seats};
use crate::enrolment;

/// The weekdays of each child's place in a slot, today or later.
type StayingOn = BTreeSet<(StudentId, i8)>;

/// Ends the seats of children who have no place in the slot any more, and their waiting; days that are past stay as they
/// were. A seat goes to the line of the round that is open over the slot, or is free. Says how many ended. Run again it
/// changes nothing.
pub fn let_leavers_go(tx: &mut Tx<KeepRounds>) -> std::result::Result<u32, Failed<()>> {
    enrolment::follow_roll(tx)?;
    let mut rounds = Vec::new();
    for id in rows::running(tx)? {
        rounds.push(rows::one(tx, id)?);
    }
    let mut count = 0;
    for of_slot in rounds.chunk_by(|one, next| (one.term, &one.setup.slot) == (next.term, &next.setup.slot)) {
        count += in_slot(tx, of_slot)?;
    }
    Ok(count)
}

/// The rounds of one slot: first nobody waits any more who has left, so that no seat is offered to such a child.
fn in_slot(tx: &mut SchoolTx, rounds: &[Round]) -> Result<u32> {
    let Some(first) = rounds.first() else { return Ok(0) };
    let (slot, today) = ((first.term, &first.setup.slot), tx.today());
    let staying: StayingOn = children::staying(tx, slot, today)?.into_iter().collect();
    for round in rounds {
        leave_lines(tx, round, &staying)?;
    }
    let mut count = 0;
    let given = seats::of_slot(tx, slot.0, slot.1)?;
    for key in given_up(&given.iter().map(held).collect::<Vec<_>>(), &staying) {
        let seat = given.iter().find(|seat| (seat.student, seat.offering) == key);
        let of = seat.and_then(|seat| Some((seat, rounds.iter().find(|round| round.id == seat.round)?)));
        if let Some((seat, round)) = of {
            count += u32::from(leave_seat(tx, rounds, (round, seat))?);
        }
    }
    for round in rounds {
        serve(tx, round)?;
    }
    Ok(count)
}

fn held(seat: &seats::Seat) -> Held {
    Held { student: seat.student, offering: seat.offering, weekday: seat.weekday }
}

/// Whoever has left waits no more; a seat that was kept for such a child goes to the next.
fn leave_lines(tx: &mut SchoolTx, round: &Round, staying: &StayingOn) -> Result<()> {
    if round.setup.way != Way::FirstCome || !round.stage(tx.at()).gives_seats() {
        return Ok(());
    }
    let days: BTreeMap<OfferingId, Weekdays> =
        offered::places(tx, round.term, round.id)?.into_iter().map(|place| (place.id, place.days)).collect();
    let waiting = line::of_round(tx, round.id)?;
    let on_days = |(offering, student): &(OfferingId, StudentId)| {
        let (offering, student) = (*offering, *student);
        let days = days.get(&offering).copied().unwrap_or_default();
        days.iter().map(move |day| Held { student, offering, weekday: day.cast_signed() }).collect::<Vec<_>>()
    };
    let gone = given_up(&waiting.iter().flat_map(on_days).collect::<Vec<_>>(), staying);
    let mut kept = Vec::new();
    for (offering, student) in waiting {
        if !gone.contains(&(student, offering)) {
            continue;
        }
        seats::hold(tx, round.id, student)?;
        if let Some(by) = line::leave(tx, round.id, (offering, student))? {
            kept.push((offering, by));
        }
    }
    kept.into_iter().try_for_each(|(offering, by)| pass_on(tx, round, offering, by))
}

/// Ends one seat, on all of its days; says whether it was still there.
fn leave_seat(tx: &mut SchoolTx, rounds: &[Round], (round, seat): (&Round, &seats::Seat)) -> Result<bool> {
    seats::hold(tx, round.id, seat.student)?;
    if !seats::leave(tx, round, (seat.student, seat.offering))? {
        return Ok(false);
    }
    if !hand_over(tx, rounds, (round, seat.offering))? {
        pass_on(tx, round, seat.offering, seat.by)?;
    }
    note(tx, round, seat)?;
    if is_known(round.setup.way, round.stage(tx.at())) {
        tell(tx, (seat.student, seat.offering))?;
    }
    Ok(true)
}

/// Gives a seat of an earlier round to the one that is open over the slot, as one more there; where it was given it
/// stays counted, so that nobody is put on it twice. Says whether one took it.
fn hand_over(tx: &mut SchoolTx, rounds: &[Round], (round, offering): (&Round, OfferingId)) -> Result<bool> {
    let at = tx.at();
    let takes = |round: &Round| takes_over(round.setup.way, round.stage(at));
    match rounds.iter().find(|other| takes(other)).filter(|other| other.id != round.id) {
        Some(other) => offered::one_more(tx, other.id, offering),
        None => Ok(false),
    }
}

/// Notes it among the round's moves, by nobody's hand.
fn note(tx: &mut SchoolTx, round: &Round, seat: &seats::Seat) -> Result<()> {
    let moved = Moved {
        id: tx.new_id(),
        student: seat.student,
        weekday: seat.weekday,
        from: Some(seat.offering),
        to: None,
        reason: String::new(),
        takes_back: None,
        at: tx.at(),
        cause: Cause::Hand,
    };
    moves::add(tx, round.id, &moved)?;
    let facts = json!({ "child": seat.student.to_string(), "offering": seat.offering.to_string() });
    tx.event(Event::new("EndSeatWithPlace", round.id).facts(facts))
}

fn tell(tx: &mut SchoolTx, (student, offering): (StudentId, OfferingId)) -> Result<()> {
    let (today, title) = (tx.today(), offered::title(tx, offering)?);
    let name = children::one(tx, student, today)?.name;
    let facts = json!({ "child": name, "student": student.to_string(), "title": title });
    let family = children::family(tx, student)?;
    family.into_iter().try_for_each(|account| tx.tell(account, "seat_ended_with_place", &facts))
}
