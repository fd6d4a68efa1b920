//! What families hold of an offering that the office takes back or ends: nobody loses a choice in silence (F12).

use std::collections::BTreeSet;

use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepOfferings, ReadOfferings};
use kehou_domain::allocation::round::{Promises, Retire, RetireRefused, retire as retired};
use kehou_domain::catalogue::{Status, Step};
use kehou_domain::ids::{OfferingId, RoundId, StudentId};
use serde_json::json;

use super::Round;
use super::arrange::{Cause, Moved};
use super::rows::{children, line, lists, moves, offered, round as rows, seats};
use crate::catalogue::{self, Offering};

/// What families hold of an offering.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    /// The rounds on their way in which it is offered.
    pub rounds: Vec<Choosing>,
    /// How many children have a seat.
    pub seats: u32,
}

/// A round on its way in which an offering is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choosing {
    /// The round.
    pub round: RoundId,
    /// Its name.
    pub name: String,
    /// How many children wish the offering, have a seat in it or wait for one.
    pub children: u32,
}

/// What families hold of an offering: its page says so before anybody takes it back.
pub fn chosen(tx: &mut Tx<ReadOfferings>, id: OfferingId) -> Result<Chosen> {
    held_by_families(tx, id)
}

/// Takes an offering back to change it, or ends it. What families choose at the moment stays; children who have a seat
/// keep it while the offering is changed, and lose it when it ends. Their families are told of both.
pub fn retire(
    tx: &mut Tx<KeepOfferings>,
    id: OfferingId,
    wish: &Retire,
) -> std::result::Result<Status, Failed<RetireRefused>> {
    let offering = catalogue::held(tx, id)?;
    let chosen = held_by_families(tx, id)?;
    let promises = Promises { rounds: chosen.rounds.len(), seats: chosen.seats };
    let status = retired(offering.status, promises, wish).map_err(Failed::Refused)?;

    let is_new = offering.status == Status::Published;
    match wish.step {
        Step::Withdraw => end_seats(tx, &offering, wish.reason.trim())?,
        Step::TakeBack if is_new => tell_change(tx, &offering)?,
        Step::TakeBack | Step::HandIn => {}
    }
    catalogue::set_status(tx, &offering, status)?;
    Ok(status)
}

fn held_by_families(tx: &mut SchoolTx, id: OfferingId) -> Result<Chosen> {
    let (given, at) = (seats::of_offering(tx, id)?, tx.at());
    let mut rounds = Vec::new();
    for (round, place) in offered::rounds_with(tx, id)? {
        let round = rows::one(tx, round)?;
        if !round.stage(at).gives_seats() {
            continue;
        }
        let mut children: BTreeSet<StudentId> = line::of_offering(tx, round.id, id)?.into_iter().collect();
        children.extend(given.iter().filter(|seat| seat.round == round.id).map(|seat| seat.student));
        for list in lists::of_round(tx, round.id)? {
            if list.list.days.iter().flatten().any(|wished| *wished == place) {
                children.insert(list.student);
            }
        }
        rounds.push(Choosing { round: round.id, name: round.setup.name, children: count(children.len()) });
    }
    let seated: BTreeSet<StudentId> = given.iter().map(|seat| seat.student).collect();
    Ok(Chosen { rounds, seats: count(seated.len()) })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Ends every seat of the offering as a move to nowhere, which the round's list of moves shows with its reason; what
/// meets on several days ends as a whole, on the first of them.
fn end_seats(tx: &mut SchoolTx, offering: &Offering, reason: &str) -> Result<()> {
    let mut given = seats::of_offering(tx, offering.id)?;
    given.dedup_by_key(|seat| seat.student);
    for seat in given {
        let round = rows::one(tx, seat.round)?;
        if seats::leave(tx, &round, (seat.student, offering.id))? {
            seats::free(tx, (round.id, offering.id), seat.by)?;
        }
        let moved = Moved {
            id: tx.new_id(),
            student: seat.student,
            weekday: seat.weekday,
            from: Some(offering.id),
            to: None,
            reason: reason.to_owned(),
            cause: Cause::Hand,
            takes_back: None,
            at: tx.at(),
        };
        moves::add(tx, round.id, &moved)?;
        let facts = json!({ "child": seat.student.to_string(), "weekday": seat.weekday,
            "from": offering.id.to_string(), "to": null, "takes_back": null });
        tx.event(Event::new("MoveSeat", round.id).facts(facts))?;
        tell_end(tx, (&round, offering), &moved)?;
    }
    Ok(())
}

fn tell_end(tx: &mut SchoolTx, (round, offering): (&Round, &Offering), moved: &Moved) -> Result<()> {
    let today = tx.today();
    let facts = json!({
        "child": children::one(tx, moved.student, today)?.name,
        "student": moved.student.to_string(),
        "round": round.setup.name,
        "weekday": moved.weekday,
        "from": offering.details.title,
        "to": null,
        "reason": moved.reason,
    });
    let family = children::family(tx, moved.student)?;
    family.into_iter().try_for_each(|account| tx.tell(account, "seat_moved", &facts))
}

/// Tells the families of the children who have a seat that the offering is being changed and the seat stays.
fn tell_change(tx: &mut SchoolTx, offering: &Offering) -> Result<()> {
    let (given, today) = (seats::of_offering(tx, offering.id)?, tx.today());
    let students: BTreeSet<StudentId> = given.iter().map(|seat| seat.student).collect();
    for student in students {
        let name = children::one(tx, student, today)?.name;
        let facts = json!({ "child": name, "student": student.to_string(), "title": offering.details.title });
        for account in children::family(tx, student)? {
            tx.tell(account, "offering_changes", &facts)?;
        }
    }
    Ok(())
}
