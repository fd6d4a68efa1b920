//! The office sets a round up and makes it known.

use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx, hex};
use kehou_domain::access::KeepRounds;
use kehou_domain::allocation::draw::{Hash, Secret, commitment};
use kehou_domain::allocation::round::{
    Outside, Seats, Setup, SetupFault, Stage, StepRefused, first_of, joins, may_announce, may_call_off,
};
use kehou_domain::catalogue::Status;
use kehou_domain::ids::{RoundId, TermId};
use kehou_domain::plan::Weekdays;
use kehou_domain::typed::{LONGEST_NOTE, is_longer};
use serde_json::json;

use super::rows::{offered, round as rows};
use super::{Listed, Offered, Round, held};
use crate::allocation::result::siblings_word;
use crate::catalogue::{self, Offering};
use crate::identity::factor::random;

/// Why a round is not written so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeepRefused {
    /// What is wrong with it.
    Faults(Vec<SetupFault>),
    /// The school has no plan in force for the term.
    NoPlan,
    /// The plan has no such slot.
    UnknownSlot,
    /// It is made known already: nobody changes the rules of a round that families read.
    At(Stage),
}

/// Why a round is not made known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnnounceRefused {
    /// The step.
    Step(StepRefused),
    /// What is wrong with it now.
    Faults(Vec<SetupFault>),
    /// A commitment serves one draw, and this one was used.
    CommittedBefore,
    /// The round of this name still gives the seats of the same slot: what it leaves is known once it is over.
    Beside(String),
}

/// Writes a new round as a draft.
pub fn create(
    tx: &mut Tx<KeepRounds>,
    term: TermId,
    setup: &Setup,
) -> std::result::Result<RoundId, Failed<KeepRefused>> {
    fits(tx, term, setup)?;

    let id = tx.new_id();
    rows::add(tx, id, term, setup)?;
    tx.event(Event::of::<KeepRounds>(id).facts(facts(setup)))?;
    Ok(id)
}

/// Changes a draft.
pub fn update(
    tx: &mut Tx<KeepRounds>,
    id: RoundId,
    setup: &Setup,
) -> std::result::Result<(), Failed<KeepRefused>> {
    let round = held(tx, id)?;
    let stage = round.stage(tx.at());
    if stage != Stage::Draft {
        return Err(Failed::Refused(KeepRefused::At(stage)));
    }
    fits(tx, round.term, setup)?;

    rows::change(tx, id, setup)?;
    tx.event(Event::of::<KeepRounds>(id).facts(facts(setup)))?;
    Ok(())
}

fn fits(tx: &mut SchoolTx, term: TermId, setup: &Setup) -> std::result::Result<(), Failed<KeepRefused>> {
    let setting = catalogue::setting(tx, Some(term))?.ok_or(Error::NotFound)?;
    let plan = setting.plan.ok_or(Failed::Refused(KeepRefused::NoPlan))?;
    if plan.slot(&setup.slot).is_none() {
        return Err(Failed::Refused(KeepRefused::UnknownSlot));
    }
    match setup.faults(tx.at()) {
        faults if faults.is_empty() => Ok(()),
        faults => Err(Failed::Refused(KeepRefused::Faults(faults))),
    }
}

/// Makes a round known: its rules, what is offered with how many seats, and the commitment. A school that keeps the
/// secret itself, on paper, hands in the commitment alone; otherwise the service makes a secret and keeps it sealed.
pub fn announce(
    tx: &mut Tx<KeepRounds>,
    id: RoundId,
    own: Option<Hash>,
) -> std::result::Result<(), Failed<AnnounceRefused>> {
    let refused = |why| Failed::Refused(why);
    let round = held(tx, id)?;
    catalogue::hold(tx, round.term)?;
    let (joining, _) = offerings(tx, &round)?;
    may_announce(round.stage(tx.at()), joining.len()).map_err(|why| refused(AnnounceRefused::Step(why)))?;
    let faults = round.setup.faults(tx.at());
    if !faults.is_empty() {
        return Err(refused(AnnounceRefused::Faults(faults)));
    }
    let (hash, secret) = committed(own)?;
    if rows::is_committed(tx, hash)? {
        return Err(refused(AnnounceRefused::CommittedBefore));
    }
    if let Some(other) = beside(tx, &round)? {
        return Err(refused(AnnounceRefused::Beside(other)));
    }

    let sealed = secret.map(|secret| tx.seal(&hex(&secret.0)));
    rows::announce(tx, id, hash, sealed.as_deref())?;
    offered::add(tx, id, &joining)?;
    tx.event(Event::new("AnnounceRound", id).facts(json!({
        "commitment": hex(&hash),
        "offerings": joining.iter().map(|(one, seats)| json!({
            "offering": one.id.to_string(), "version": one.version, "capacity": seats.capacity,
            "minimum": seats.minimum, "kept": seats.kept,
        })).collect::<Vec<_>>(),
    })))?;
    Ok(())
}

/// The name of another round that still gives the seats of the slot.
fn beside(tx: &mut SchoolTx, round: &Round) -> Result<Option<String>> {
    let at = tx.at();
    let gives = |other: &Round| {
        other.id != round.id && other.setup.slot == round.setup.slot && other.stage(at).gives_seats()
    };
    Ok(rows::of_term(tx, round.term)?.into_iter().find(gives).map(|other| other.setup.name))
}

fn committed(own: Option<Hash>) -> Result<(Hash, Option<Secret>)> {
    if let Some(hash) = own {
        return Ok((hash, None));
    }
    let secret = Secret(random()?);
    Ok((commitment(secret), Some(secret)))
}

/// The seats of an offering in a round, and its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RoundSeats {
    pub(super) days: Weekdays,
    pub(super) capacity: u16,
    pub(super) minimum: u16,
    /// How many of them no family takes itself.
    pub(super) kept: u16,
}

/// What belongs to a round, with its seats, and what does not, with why.
pub(super) type Sorted = (Vec<(Offering, RoundSeats)>, Vec<(Offering, Outside)>);

/// The published offerings that the round is about, with the seats that are left, and those it is not about, with why.
pub(super) fn offerings(tx: &mut SchoolTx, round: &Round) -> Result<Sorted> {
    let mut published = catalogue::of_term(tx, round.term)?;
    published.retain(|one| one.status == Status::Published);
    let given = offered::given(tx, round.term)?;
    let (mut joining, mut outside) = (Vec::new(), Vec::new());
    for one in published {
        let days = match joins(&one.details, &round.setup.slot) {
            Ok(days) => days,
            Err(why) => {
                outside.push((one, why));
                continue;
            }
        };
        let given = given.iter().find(|(id, _)| *id == one.id).map_or(0, |(_, seats)| *seats);
        let capacity = one.details.capacity.saturating_sub(given);
        let minimum = one.details.minimum.saturating_sub(given);
        if 0 < capacity {
            let kept = round.setup.kept(capacity);
            joining.push((one, RoundSeats { days, capacity, minimum, kept }));
        }
    }
    joining.sort_by(|(one, a), (other, b)| {
        let (a, b) = (first_of(a.days), first_of(b.days));
        (a, &one.details.title, one.id).cmp(&(b, &other.details.title, other.id))
    });
    Ok((joining, outside))
}

/// Why a round is not given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOffRefused {
    /// The step.
    Step(StepRefused),
    /// Families read why.
    NoReason,
    /// The reason is too long.
    ReasonTooLong,
}

/// Gives a round up, with the reason that families read; seats of it are free again.
pub fn call_off(
    tx: &mut Tx<KeepRounds>,
    id: RoundId,
    why: &str,
) -> std::result::Result<(), Failed<CallOffRefused>> {
    let round = held(tx, id)?;
    may_call_off(round.stage(tx.at())).map_err(|why| Failed::Refused(CallOffRefused::Step(why)))?;
    if why.trim().is_empty() {
        return Err(Failed::Refused(CallOffRefused::NoReason));
    }
    if is_longer(why, LONGEST_NOTE) {
        return Err(Failed::Refused(CallOffRefused::ReasonTooLong));
    }

    rows::call_off(tx, id, why.trim())?;
    tx.event(Event::new("CallOffRound", id).facts(json!({ "why": why.trim() })))?;
    Ok(())
}

fn facts(setup: &Setup) -> serde_json::Value {
    json!({
        "name": setup.name.trim(),
        "way": setup.way.word(),
        "slot": setup.slot.as_str(),
        "weekly_limit": setup.weekly_limit,
        "method": setup.method.word(),
        "opens_at": setup.opens_at.to_string(),
        "closes_at": setup.closes_at.to_string(),
        "beacon": setup.beacon.trim(),
        "hold_minutes": setup.hold.as_mins(),
        "siblings": siblings_word(setup.favours.siblings),
        "goes_on": setup.favours.goes_on,
        "priority_percent": setup.favours.priority_percent,
        "office_seats": setup.favours.office_seats,
        "beside_siblings": setup.favours.beside,
    })
}

/// An offering as it would be listed.
pub(super) fn listed(place: u32, one: Offering, seats: RoundSeats) -> Offered {
    let RoundSeats { days, capacity, minimum, kept } = seats;
    let seats = Seats { capacity, taken: 0, kept, entered: 0 };
    let listed = Listed { place, days, seats, minimum, wished: (0, 0), outcome: None };
    Offered { id: one.id, details: one.details, teacher_name: one.teacher_name, listed, apart: one.apart }
}
