//! First come: a seat in one durable step, held, then confirmed; who finds none waits, and what becomes free is offered
//! to the first in line.
//!
//! A child is held by its own row, so that two devices wait for one another; a seat is taken by an update that counts
//! only while one is free, so that no arrival can take one too many. Seats may be kept for children for whom the school
//! claims; that update knows them too.

use jiff::Timestamp;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{ChooseOfferings, EnterWishes, KeepRounds};
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::{
    Choosable, ClaimRefused, Claimant, Seized, Share, Stage, claim as may_claim, claims_until, passes_on,
};
use kehou_domain::ids::{OfferingId, RoundId, StudentId};
use serde_json::json;

use super::choose::{Own, before, in_sight};
use super::rows::{children, line, offered, round as rows, seats};
use super::{Place, Round, known};
use crate::people;

/// Why something about a seat is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatRefused {
    /// The claim itself.
    Claim(ClaimRefused),
    /// The time to confirm or to accept is over.
    TooLate,
    /// The child has no such seat or waits in no such line.
    NotThere,
}

/// A child in a round.
type InRound = (RoundId, StudentId);
type Done<T> = std::result::Result<T, Failed<SeatRefused>>;

/// Takes a seat for one's own child, or a place in line.
pub fn claim(tx: &mut Tx<ChooseOfferings>, (round, student): InRound, place: u32) -> Done<Seized> {
    let own = people::own_child(tx, student)?.student();
    take(tx, (round, own), place, Channel::Family)
}

/// What is done about a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatStep {
    /// Takes a seat of the offering at this place, or a place in its line.
    Claim(u32),
    /// Confirms the seat of this weekday while it is held.
    Confirm(i8),
    /// Gives the seat of this weekday up; it is offered to the first in line.
    GiveUp(i8),
    /// Takes the seat of the offering at this place that was kept for the child in line. What the child has on its days is
    /// given up for it.
    Accept(u32),
    /// Waits no more for the offering at this place; a seat that was kept is offered to the next.
    Leave(u32),
}

/// One step for one's own child.
pub fn change_seat(tx: &mut Tx<ChooseOfferings>, (round, student): InRound, step: SeatStep) -> Done<()> {
    let own = people::own_child(tx, student)?.student();
    change(tx, (round, own), step, Channel::Family)
}

/// One step for a family that cannot do so itself; a homeroom teacher for the own class. A claim may take what is kept
/// for such families (F11).
pub fn change_seat_for(tx: &mut Tx<EnterWishes>, (round, student): InRound, step: SeatStep) -> Done<()> {
    in_sight(tx, student)?;
    change(tx, (round, student), step, Channel::Office)
}

fn change(tx: &mut SchoolTx, child: InRound, step: SeatStep, by: Channel) -> Done<()> {
    match step {
        SeatStep::Claim(place) => take(tx, child, place, by).map(drop),
        SeatStep::Confirm(weekday) => confirm(tx, child, weekday),
        SeatStep::GiveUp(weekday) => give_up(tx, child, weekday),
        SeatStep::Accept(place) => accept(tx, child, place),
        SeatStep::Leave(place) => leave_line(tx, child, place),
    }
}

fn take(tx: &mut SchoolTx, (id, student): InRound, place: u32, by: Channel) -> Done<Seized> {
    let round = known(tx, id)?;
    seats::hold(tx, id, student)?;
    let wanted = wanted(tx, &round, student, place)?;
    may_claim(&round.setup, round.stage(tx.at()), &wanted.claimant, &wanted.choosable)
        .map_err(|why| Failed::Refused(SeatRefused::Claim(why)))?;
    if line::of_child(tx, id, student)?.iter().any(|one| one.offering == wanted.place.id) {
        return Err(Failed::Refused(SeatRefused::Claim(ClaimRefused::Already)));
    }

    let seized = seize(tx, &round, (student, by), &wanted.place)?;
    let (seat, before) = match seized {
        Seized::Seat(until) => (Some(until.to_string()), None),
        Seized::Line(before) => (None, Some(before)),
    };
    tx.event(Event::new("ClaimSeat", id).facts(json!({
        "child": student.to_string(),
        "offering": wanted.place.id.to_string(),
        "held_until": seat,
        "before": before,
        "by_office": by == Channel::Office,
    })))?;
    Ok(seized)
}

struct WantedSeat {
    claimant: Claimant,
    choosable: Choosable,
    place: Place,
    /// What the child has of the round.
    own: Vec<Own>,
}

/// What is wanted and by whom; seats whose time is over do not count.
fn wanted(tx: &mut SchoolTx, round: &Round, student: StudentId, place: u32) -> Result<WantedSeat> {
    let place = offered::place(tx, round.id, place)?;
    let child = before(tx, round, student)?;
    let (choosable, at) = (child.place(&place), tx.at());
    let (own, over): (Vec<_>, Vec<_>) = child.own.into_iter().partition(|own| own.seat.stands(at));
    over.iter().try_for_each(|own| let_go(tx, round, &own.seat))?;
    let seats = own.iter().map(Own::has).collect();
    Ok(WantedSeat { claimant: Claimant { chooser: child.chooser, seats }, choosable, place, own })
}

/// A seat if one is free and nobody waits for it, else the end of the line.
fn seize(
    tx: &mut SchoolTx,
    round: &Round,
    (student, by): (StudentId, Channel),
    place: &Place,
) -> Result<Seized> {
    let (offering, days) = (place.id, place.days);
    let waiting = line::waiting(tx, round.id, offering)?;
    if let Some(share) = waiting.leave(by)
        && seats::take(tx, (round.id, offering), share, by)?
    {
        let until = claims_until(&round.setup, tx.at());
        let new = seats::NewSeat { student, days, offering, how: "claim", held_until: Some(until), by };
        seats::seat(tx, round, new)?;
        return Ok(Seized::Seat(until));
    }
    line::join(tx, round.id, (offering, student), by)?;
    Ok(Seized::Line(waiting.all))
}

fn confirm(tx: &mut SchoolTx, (id, student): InRound, weekday: i8) -> Done<()> {
    let (round, seat) = seat_of(tx, (id, student), weekday)?;
    if !seat.stands(tx.at()) {
        return Err(Failed::Refused(SeatRefused::TooLate));
    }

    if !seats::confirm(tx, &round, (student, seat.offering))? {
        return Err(Failed::Refused(SeatRefused::TooLate));
    }
    let facts = json!({ "child": student.to_string(), "offering": seat.offering.to_string() });
    tx.event(Event::new("ConfirmSeat", id).facts(facts))?;
    Ok(())
}

fn give_up(tx: &mut SchoolTx, (id, student): InRound, weekday: i8) -> Done<()> {
    let (round, seat) = seat_of(tx, (id, student), weekday)?;
    open(tx, &round)?;

    let_go(tx, &round, &seat)?;
    let facts = json!({ "child": student.to_string(), "offering": seat.offering.to_string() });
    tx.event(Event::new("GiveSeatUp", id).facts(facts))?;
    Ok(())
}

fn seat_of(tx: &mut SchoolTx, (id, student): InRound, weekday: i8) -> Done<(Round, seats::Seat)> {
    let round = known(tx, id)?;
    seats::hold(tx, id, student)?;
    let own = before(tx, &round, student)?.on(weekday).map(|own| own.seat.clone());
    let seat = own.ok_or(Failed::Refused(SeatRefused::NotThere))?;
    Ok((round, seat))
}

fn open(tx: &SchoolTx, round: &Round) -> Done<()> {
    let stage = round.stage(tx.at());
    if stage == Stage::Open {
        return Ok(());
    }
    Err(Failed::Refused(SeatRefused::Claim(ClaimRefused::At(stage))))
}

fn accept(tx: &mut SchoolTx, (id, own): InRound, place: u32) -> Done<()> {
    let round = known(tx, id)?;
    seats::hold(tx, id, own)?;
    let mut wanted = wanted(tx, &round, own, place)?;
    let offering = wanted.place.id;
    let waits = line::of_child(tx, id, own)?.into_iter().find(|one| one.offering == offering);
    let until = waits.ok_or(Failed::Refused(SeatRefused::NotThere))?.offered_until;
    if until.is_none_or(|until| until <= tx.at()) {
        return Err(Failed::Refused(SeatRefused::TooLate));
    }
    let days = wanted.place.days;
    wanted.claimant.seats.retain(|has| has.days.and(days).is_empty());
    may_claim(&round.setup, round.stage(tx.at()), &wanted.claimant, &wanted.choosable)
        .map_err(|why| Failed::Refused(SeatRefused::Claim(why)))?;

    let Some(by) = line::leave(tx, id, (offering, own))? else {
        return Err(Failed::Refused(SeatRefused::TooLate));
    };
    for given_up in wanted.own.iter().filter(|own| !own.days.and(days).is_empty()) {
        let_go(tx, &round, &given_up.seat)?;
    }
    let new = seats::NewSeat { student: own, days, offering, how: "claim", held_until: None, by };
    seats::seat(tx, &round, new)?;
    let facts = json!({ "child": own.to_string(), "offering": offering.to_string() });
    tx.event(Event::new("AcceptSeat", id).facts(facts))?;
    Ok(())
}

fn leave_line(tx: &mut SchoolTx, (id, own): InRound, place: u32) -> Done<()> {
    let round = known(tx, id)?;
    seats::hold(tx, id, own)?;
    let offering = wanted(tx, &round, own, place)?.place.id;
    if !line::of_child(tx, id, own)?.iter().any(|one| one.offering == offering) {
        return Err(Failed::Refused(SeatRefused::NotThere));
    }

    if let Some(by) = line::leave(tx, id, (offering, own))? {
        pass_on(tx, &round, offering, by)?;
    }
    tx.event(Event::new("LeaveLine", id).facts(json!({ "child": own.to_string() })))?;
    Ok(())
}

/// The seat is the child's no more, and goes to whoever waits.
fn let_go(tx: &mut SchoolTx, round: &Round, seat: &seats::Seat) -> Result<()> {
    if seats::leave(tx, round, (seat.student, seat.offering))? {
        pass_on(tx, round, seat.offering, seat.by)?;
    }
    Ok(())
}

/// A seat that had been taken so becomes free, and is offered to the first in line who may have it. Nobody comes
/// between: the offering's row is held by what frees the seat.
pub(super) fn pass_on(tx: &mut SchoolTx, round: &Round, offering: OfferingId, by: Channel) -> Result<()> {
    seats::free(tx, (round.id, offering), by)?;
    if passes_on(round.stage(tx.at())) {
        offer(tx, round, offering)?;
    }
    Ok(())
}

/// Offers a free seat to the first in line, or, where only kept ones are free, to the first for whom the school claimed;
/// says whether somebody has it now.
fn offer(tx: &mut SchoolTx, round: &Round, offering: OfferingId) -> Result<bool> {
    let (of, until) = ((round.id, offering), claims_until(&round.setup, tx.at()));
    for (student, by) in line::first(tx, round.id, offering)? {
        if !seats::take(tx, of, Share::of(by, Stage::Open), by)? {
            continue;
        }
        if line::offer(tx, round.id, (offering, student), until)? {
            tell(tx, round, (offering, student), until)?;
            return Ok(true);
        }
        seats::free(tx, of, by)?;
    }
    Ok(false)
}

fn tell(
    tx: &mut SchoolTx,
    round: &Round,
    (offering, student): (OfferingId, StudentId),
    until: Timestamp,
) -> Result<()> {
    let today = tx.today();
    let name = children::one(tx, student, today)?.name;
    let title = offered::title(tx, offering)?;
    let facts = json!({
        "child": name,
        "student": student.to_string(),
        "round": round.setup.name,
        "title": title,
        "until": until.to_string(),
    });
    let family = children::family(tx, student)?;
    family.into_iter().try_for_each(|account| tx.tell(account, "seat_offered", &facts))
}

/// Lets go of every seat that was not confirmed and of every offer that was not accepted in time, and offers what is
/// free to whoever waits. Says how many seats changed hands.
pub fn sweep(tx: &mut Tx<KeepRounds>) -> std::result::Result<u32, Failed<()>> {
    let mut count = 0;
    for id in line::rounds(tx)? {
        let round = rows::one(tx, id)?;
        for seat in seats::lapsed(tx, id)? {
            if seats::lapse(tx, &round, (seat.student, seat.offering))? {
                pass_on(tx, &round, seat.offering, seat.by)?;
                count += 1;
            }
        }
        for (offering, student) in line::lapsed(tx, id)? {
            if let Some(by) = line::leave(tx, id, (offering, student))? {
                pass_on(tx, &round, offering, by)?;
                count += 1;
            }
        }
        count += serve(tx, &round)?;
    }
    Ok(count)
}

/// Whether a round of the school waits to be sealed, or a seat to be passed on.
pub fn is_due(tx: &mut Tx<KeepRounds>) -> Result<bool> {
    if !rows::to_seal(tx)?.is_empty() {
        return Ok(true);
    }
    for id in line::rounds(tx)? {
        let is_over = !seats::lapsed(tx, id)?.is_empty() || !line::lapsed(tx, id)?.is_empty();
        if is_over || passes_on(rows::one(tx, id)?.stage(tx.at())) && !line::unserved(tx, id)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Free seats for which somebody waits: a seat was let go while the child joined the line.
pub(super) fn serve(tx: &mut SchoolTx, round: &Round) -> Result<u32> {
    if !passes_on(round.stage(tx.at())) {
        return Ok(0);
    }
    let mut count = 0;
    for offering in line::unserved(tx, round.id)? {
        count += u32::from(offer(tx, round, offering)?);
    }
    Ok(count)
}
