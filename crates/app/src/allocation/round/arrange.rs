//! The office arranges by hand what the draw or the families left: one child and one day at a time, with a reason, and
//! every move can be taken back.

use jiff::Timestamp;
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{ArrangeSeats, ReadRounds};
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::{Claimant, MoveRefused, Share, Stage, Wanted, moves as may_move};
use kehou_domain::ids::{MoveId, OfferingId, RoundId, StudentId};
use kehou_domain::plan::Weekdays;
use serde_json::json;

use super::choose::{Own, before};
use super::rows::{children, moves, offered, seats};
use super::{Offered, Round, held};
use crate::catalogue;

/// Why a seat was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Somebody moved the child.
    Hand,
    /// The child went where a sibling is, as its list said.
    Siblings,
}

impl Cause {
    pub(super) const ALL: [Cause; 2] = [Cause::Hand, Cause::Siblings];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Cause::Hand => "hand",
            Cause::Siblings => "siblings",
        }
    }
}

/// A change of a seat after it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its id.
    pub id: MoveId,
    /// The child.
    pub student: StudentId,
    /// The day, 1 (Monday) to 5.
    pub weekday: i8,
    /// What the child had.
    pub from: Option<OfferingId>,
    /// What it has now.
    pub to: Option<OfferingId>,
    /// Why; empty where nobody did it by hand: a sibling's wish, or the seat ended with the child's place.
    pub reason: String,
    /// What made it.
    pub cause: Cause,
    /// The move that this one takes back.
    pub takes_back: Option<MoveId>,
    /// When.
    pub at: Timestamp,
}

impl Moved {
    /// Whether the seat ended with the child's place, by nobody's hand.
    pub fn is_by_place(&self) -> bool {
        self.cause == Cause::Hand && self.reason.is_empty()
    }
}

/// A move as the office asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMove {
    /// The child.
    pub student: StudentId,
    /// The day, 1 (Monday) to 5; the first where what the child has or gets meets on several.
    pub weekday: i8,
    /// Where to; nothing when nowhere.
    pub to: Option<OfferingId>,
    /// Why.
    pub reason: String,
}

/// Moves a child on one day. Once families were told, the family is told of the move.
pub fn move_child(
    tx: &mut Tx<ArrangeSeats>,
    id: RoundId,
    new: &NewMove,
) -> std::result::Result<MoveId, Failed<MoveRefused>> {
    let round = held(tx, id)?;
    go(tx, &round, new, None)
}

/// Takes the last move of a child's day back: the child has what it had before, if that seat is free.
pub fn take_back(
    tx: &mut Tx<ArrangeSeats>,
    (round, id): (RoundId, MoveId),
) -> std::result::Result<MoveId, Failed<MoveRefused>> {
    let round = held(tx, round)?;
    let moved = moves::one(tx, round.id, id)?;
    let child = before(tx, &round, moved.student)?;
    let stands = child.on(moved.weekday).map(|own| own.seat.offering) == moved.to;
    let is_by_hand = moved.cause == Cause::Hand && !moved.is_by_place();
    if !stands || !is_by_hand || moved.takes_back.is_some() || moves::is_taken_back(tx, round.id, id)? {
        return Err(Failed::Refused(MoveRefused::NotTheLast));
    }
    let back = NewMove {
        student: moved.student,
        weekday: moved.weekday,
        to: moved.from,
        reason: moved.reason.clone(),
    };
    go(tx, &round, &back, Some(id))
}

/// Locks the seat of a child's day, so that nobody moves it, or opens it again.
pub fn lock(
    tx: &mut Tx<ArrangeSeats>,
    id: RoundId,
    (student, weekday, is_locked): (StudentId, i8, bool),
) -> Result<()> {
    let round = held(tx, id)?;
    let child = before(tx, &round, student)?;
    let own = child.on(weekday).ok_or(Error::NotFound)?;
    seats::lock(tx, &round, (student, own.seat.offering), is_locked)?;
    let facts = json!({ "child": student.to_string(), "weekday": weekday, "locked": is_locked });
    tx.event(Event::new("LockSeat", id).facts(facts))
}

/// Every move of a round with the child's name, the latest first: how it differs from what the draw gave.
pub fn changes(tx: &mut Tx<ReadRounds>, id: RoundId) -> Result<Vec<(String, Moved)>> {
    moves::of_round(tx, id)
}

fn go(
    tx: &mut SchoolTx,
    round: &Round,
    new: &NewMove,
    takes_back: Option<MoveId>,
) -> std::result::Result<MoveId, Failed<MoveRefused>> {
    let refused = |why| Failed::Refused(why);
    let offered = offered::of_round(tx, round.term, round.id)?;
    let child = before(tx, round, new.student)?;
    let to = match new.to {
        None => None,
        Some(to) => Some(offered.iter().position(|one| one.id == to).ok_or(Error::NotFound)?),
    };
    let here = child.on(new.weekday).map(|own| &own.seat);
    if here.map(|seat| seat.offering) == new.to {
        return Err(refused(MoveRefused::Same));
    }
    // what meets on several days is moved on the first of them, as a whole
    let is_elsewhere = |first: i8| first != new.weekday;
    if to.is_some_and(|to| is_elsewhere(offered[to].listed.weekday()))
        || here.is_some_and(|seat| is_elsewhere(seat.weekday))
    {
        return Err(Failed::Fault(Error::NotFound));
    }
    let others = child.own.iter().filter(|own| Some(own.seat.offering) != here.map(|seat| seat.offering));
    let claimant = Claimant { chooser: child.chooser.clone(), seats: others.map(Own::has).collect() };
    let wished = to.map(|to| child.offered(&offered[to]));
    let stage = round.stage(tx.at());
    let wanted = Wanted {
        claimant: &claimant,
        is_locked: here.is_some_and(|seat| seat.is_locked),
        to: wished.as_ref(),
        weekly_limit: round.setup.weekly_limit,
        reason: &new.reason,
    };
    may_move(round.setup.way, stage, &wanted).map_err(refused)?;
    if let Some(to) = new.to {
        if !catalogue::is_published(tx, to)? {
            return Err(refused(MoveRefused::NotOffered));
        }
        // what is kept for families who cannot choose is no more to be had by hand than by a family itself
        let share = Share::of(Channel::Family, stage);
        if !seats::take(tx, (round.id, to), share, Channel::Family)? {
            return Err(refused(full(&offered, to, share)));
        }
    }
    let days = to.map(|to| offered[to].listed.days).unwrap_or_default();
    let moved = save(tx, round, (new, here, days), takes_back)?;
    if stage == Stage::Published {
        tell(tx, round, &offered, &moved)?;
    }
    Ok(moved.id)
}

fn save(
    tx: &mut SchoolTx,
    round: &Round,
    (new, here, days): (&NewMove, Option<&seats::Seat>, Weekdays),
    takes_back: Option<MoveId>,
) -> Result<Moved> {
    if let Some(seat) = here
        && seats::leave(tx, round, (new.student, seat.offering))?
    {
        seats::free(tx, (round.id, seat.offering), seat.by)?;
    }
    if let Some(offering) = new.to {
        let student = new.student;
        let by = Channel::Family;
        let seat = seats::NewSeat { student, days, offering, how: "office", held_until: None, by };
        seats::seat(tx, round, seat)?;
    }
    let moved = Moved {
        id: tx.new_id(),
        student: new.student,
        weekday: new.weekday,
        from: here.map(|seat| seat.offering),
        to: new.to,
        reason: new.reason.trim().to_owned(),
        cause: Cause::Hand,
        takes_back,
        at: tx.at(),
    };
    moves::add(tx, round.id, &moved)?;
    tx.event(Event::new("MoveSeat", round.id).facts(json!({
        "child": moved.student.to_string(),
        "weekday": moved.weekday,
        "from": moved.from.map(|id| id.to_string()),
        "to": moved.to.map(|id| id.to_string()),
        "takes_back": moved.takes_back.map(|id| id.to_string()),
    })))?;
    Ok(moved)
}

/// Why there was no seat to take.
fn full(offered: &[Offered], to: OfferingId, share: Share) -> MoveRefused {
    let seats = offered.iter().find(|one| one.id == to).map(|one| one.listed.seats);
    let kept = seats.map_or(0, |seats| seats.free(Share::Kept));
    if share == Share::Others && 0 < kept { MoveRefused::KeptAlone } else { MoveRefused::Full }
}

fn title_of(offered: &[Offered], id: OfferingId) -> Option<String> {
    offered.iter().find(|one| one.id == id).map(|one| one.details.title.clone())
}

/// The family reads what its child had, what it has now, and why.
fn tell(tx: &mut SchoolTx, round: &Round, offered: &[Offered], moved: &Moved) -> Result<()> {
    let today = tx.today();
    let name = children::one(tx, moved.student, today)?.name;
    let facts = json!({
        "child": name,
        "student": moved.student.to_string(),
        "round": round.setup.name,
        "weekday": moved.weekday,
        "from": moved.from.and_then(|id| title_of(offered, id)),
        "to": moved.to.and_then(|id| title_of(offered, id)),
        "reason": moved.reason,
    });
    let family = children::family(tx, moved.student)?;
    family.into_iter().try_for_each(|account| tx.tell(account, "seat_moved", &facts))
}
