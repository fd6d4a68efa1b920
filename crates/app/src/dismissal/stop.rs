//! A stop at the gate, and how the duty leader ends it (H3, A6).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{SettleStop, WatchGate};
use kehou_domain::dismissal::{self, Collector, Settlement, SettlementRefused, Standing, Stop, Verdict, Why};
use kehou_domain::ids::{DelegateId, GuardianId, StopId, StudentId};
use kehou_domain::people::name::is_same;
use serde_json::json;

use super::gate::{AtGate, Candidate, Loaded, at_gate};
use super::restriction::restrictions_of;
use super::{GuardianCard, is_worked_on, rows};
use crate::custody;

/// A stop as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopCard {
    /// Which stop.
    pub id: StopId,
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub child: String,
    /// The day whose ledger it belongs to.
    pub day: Date,
    /// When it was.
    pub at: Timestamp,
    /// How often the same person asked again.
    pub again: i64,
    /// When the person asked last.
    pub last_at: Timestamp,
    /// The reason's word.
    pub why: String,
    /// Whether only a duty leader can end it.
    pub needs_duty_leader: bool,
    /// The name of who stood there; empty when nobody did.
    pub collector: String,
    /// How it was ended.
    pub settlement: Option<Settlement>,
    /// What the duty leader wrote.
    pub note: Option<String>,
    /// When it was ended.
    pub settled_at: Option<Timestamp>,
}

impl StopCard {
    /// As far as a verdict depends on it.
    pub fn as_stop(&self) -> Stop {
        Stop {
            needs_duty_leader: self.needs_duty_leader,
            restricted: self.why == Why::Restricted.word(),
            named: !self.collector.is_empty(),
            settled: self.settled_at.is_some(),
        }
    }

    /// H1: whether a guardian could have ended it by naming the person.
    pub fn is_for_the_family(&self) -> bool {
        matches!(self.why.as_str(), "not_named" | "not_yet" | "ended")
    }

    /// Whether it still holds the child.
    pub fn holds(&self) -> bool {
        self.as_stop().holds()
    }
}

/// A guardian's word on the telephone, as a duty leader wrote it down: on whose word somebody may come today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The stop that ended so.
    pub stop: StopId,
    /// The delegation for the day that came of it.
    pub delegate: DelegateId,
    /// The name of the guardian who is said to have agreed.
    pub guardian: String,
    /// What the guardian is to the child.
    pub relation: String,
    /// Who wrote it down; empty when the school knows no name.
    pub noted_by: String,
    /// When.
    pub at: Timestamp,
}

/// A stop with its child.
#[derive(Debug, Clone)]
pub struct StopAtGate {
    /// The stop.
    pub card: StopCard,
    /// The child on the day of the stop.
    pub child: AtGate,
    /// Whether that day is still worked on, so that the child's page is there.
    pub goes_on: bool,
}

impl StopAtGate {
    /// The person of the stop on the child's list of now: whom a guardian agreed to, or one of that name.
    pub fn person(&self) -> Option<&Candidate> {
        let candidates = || self.child.candidates.iter().filter(|_| !self.card.collector.is_empty());
        let named = || candidates().filter(|one| is_same(&one.name, &self.card.collector));
        let agreed = self.agreement().map(|agreement| Collector::Delegate(agreement.delegate));
        let agreed = agreed.and_then(|agreed| candidates().find(|one| one.collector == agreed));
        let may = |one: &&Candidate| matches!(one.verdict, Verdict::Release(_));
        agreed.or_else(|| named().find(may)).or_else(|| named().next())
    }

    /// Who is said to have agreed, when it ended so.
    pub fn agreement(&self) -> Option<&Agreement> {
        self.child.agreements.iter().find(|agreement| agreement.stop == self.card.id)
    }

    /// H1, H3: how it stands by the lists of now; of a day that is closed, as it was settled.
    pub fn standing(&self) -> Standing<'_> {
        if !self.goes_on && self.card.settlement.is_some() {
            return Standing::Settled;
        }
        let verdict = self.person().map(|person| &person.verdict);
        let place = self.child.state.whereabouts();
        dismissal::standing(self.card.as_stop(), self.card.settlement, place, verdict)
    }
}

/// H3: one stop with its child, also of a day that was closed.
pub fn stop(tx: &mut Tx<WatchGate>, stop: StopId) -> Result<StopAtGate> {
    let card = rows::stop(tx, stop)?;
    let child = at_gate(tx, card.student, card.day)?;
    let goes_on = is_worked_on(tx, card.day)?;
    Ok(StopAtGate { card, child, goes_on })
}

/// H3: writes a stop down once. The same person who asks again while nobody has ended it is another moment of the same
/// stop; whoever leads the duty is told of it once, and a family that could name the person as well. Somebody who could
/// take a child that is held over another person is no coming of that person: nothing is written down.
pub(super) fn write_down(
    tx: &mut SchoolTx,
    loaded: &Loaded,
    collector: &Collector,
    why: &Why,
) -> Result<Option<StopId>> {
    let name = name_of(loaded, collector);
    if let Some(stop) = loaded.stops.iter().find(|stop| is_the_same(stop, &name, why)) {
        come_again(tx, stop)?;
        return Ok(Some(stop.id));
    }
    if *why == Why::Held {
        return Ok(None);
    }
    let id: StopId = tx.new_id();
    rows::save_stop(tx, id, (loaded.card.id, loaded.day), why, &name)?;
    let facts = json!({ "student": loaded.card.id.to_string(), "why": why.word() });
    tx.event(Event::new("StopAtGate", id).facts(facts).about(loaded.card.id, json!({ "collector": name })))?;
    let facts = json!({ "stop": id.to_string(), "child": loaded.card.name, "why": why.word() });
    super::tell_duty_leaders(tx, "pickup_stopped", &facts)?;
    if why.is_for_the_family() {
        tell_family(tx, loaded, &name)?;
    }
    Ok(Some(id))
}

/// Whether this asking belongs to the stop: the same person by name, and nothing more that speaks against them.
fn is_the_same(stop: &StopCard, name: &str, why: &Why) -> bool {
    let same = match (stop.collector.is_empty(), name.is_empty()) {
        (true, true) => *why == Why::Held || stop.why == why.word(),
        (false, false) => is_same(&stop.collector, name),
        (true, false) | (false, true) => false,
    };
    same && if *why == Why::Held { stop.holds() } else { stop.as_stop().covers(why) }
}

/// Notes that who was stopped has come again.
fn come_again(tx: &mut SchoolTx, stop: &StopCard) -> Result<()> {
    if !dismissal::has_come_again(stop.last_at, tx.at()) {
        return Ok(());
    }
    rows::save_stop_moment(tx, stop.id)?;
    tx.event(Event::new("StopAtGateAgain", stop.id).facts(json!({ "student": stop.student.to_string() })))
}

/// H1, H3: the guardians who may collect the child hear that somebody on no list asked for it, and by which name: they
/// alone can say whether they know it.
fn tell_family(tx: &mut SchoolTx, loaded: &Loaded, who: &str) -> Result<()> {
    let facts = json!({ "student": loaded.card.id.to_string(), "child": loaded.card.name, "who": who });
    let may = |guardian: &&GuardianCard| {
        dismissal::may_be_told(guardian.id, &loaded.child.restrictions, loaded.day)
    };
    let accounts: Vec<_> =
        loaded.guardians.iter().filter(may).filter_map(|guardian| guardian.account).collect();
    accounts.into_iter().try_for_each(|account| tx.tell(account, "own_child_asked_for", &facts))
}

fn name_of(loaded: &Loaded, collector: &Collector) -> String {
    match collector {
        Collector::Guardian(id) => {
            let found = loaded.guardians.iter().find(|guardian| guardian.id == *id);
            found.map(|guardian| guardian.name.clone()).unwrap_or_default()
        }
        Collector::Delegate(id) => {
            let found = loaded.child.delegates.iter().find(|delegate| delegate.id == *id);
            found.map(|delegate| delegate.name.clone()).unwrap_or_default()
        }
        Collector::Alone | Collector::Bus => String::new(),
        Collector::Unnamed(name) => name.trim().to_owned(),
    }
}

/// How a duty leader ends a stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settling {
    /// How.
    pub settlement: Settlement,
    /// What was done.
    pub note: String,
    /// The guardian who agreed on the telephone.
    pub called: Option<GuardianId>,
}

/// H3, A6: a duty leader ends a stop, with a note of what was done. The child stays where it is: when a guardian agreed on
/// the telephone, the person is named for this day in that guardian's name, and the guard lets the child go as with
/// anybody who was named, after a check of the guard's own and not before the wave.
pub fn settle(
    tx: &mut Tx<SettleStop>,
    stop: StopId,
    settling: &Settling,
) -> std::result::Result<(), Failed<SettlementRefused>> {
    let student = rows::stop(tx, stop)?.student;
    rows::hold_child(tx, student)?;
    let card = rows::stop(tx, stop)?;
    let state = custody::state_of(tx, student, card.day)?;
    let Settling { settlement, note, called } = settling;

    dismissal::settle(card.as_stop(), *settlement, state.whereabouts(), note).map_err(Failed::Refused)?;
    let called = called.filter(|_| *settlement == Settlement::LetGo);
    if *settlement == Settlement::LetGo {
        let deciders: Vec<GuardianId> = deciders(tx, &card)?.iter().map(|guardian| guardian.id).collect();
        let by = dismissal::who_agreed(called, &deciders).map_err(Failed::Refused)?;
        let delegate: DelegateId = tx.new_id();
        rows::save_agreed(tx, delegate, &card, by)?;
    }

    rows::settle_stop(tx, stop, *settlement, note)?;
    tell_agreed(tx, &card)?;
    let called = called.map(|called| called.to_string());
    let facts = json!({ "student": student.to_string(), "settlement": settlement.word(), "called": called });
    tx.event(Event::of::<SettleStop>(stop).facts(facts))?;
    Ok(())
}

/// H1, H3: every guardian who may collect the child hears at once on whose word somebody takes it today, and who wrote
/// that down: a call that never was is found out while the child is still in school.
fn tell_agreed(tx: &mut SchoolTx, card: &StopCard) -> Result<()> {
    let agreements = rows::agreements(tx, card.student, card.day)?;
    let Some(agreed) = agreements.into_iter().find(|agreement| agreement.stop == card.id) else {
        return Ok(());
    };
    let facts = json!({
        "student": card.student.to_string(), "child": card.child, "who": card.collector,
        "guardian": agreed.guardian, "relation": agreed.relation, "by": agreed.noted_by,
    });
    let mut accounts = deciders(tx, card)?.into_iter().filter_map(|guardian| guardian.account);
    accounts.try_for_each(|account| tx.tell(account, "own_child_agreed", &facts))
}

/// The guardians who may say that somebody takes the child: those who may collect it themselves.
fn deciders(tx: &mut SchoolTx, card: &StopCard) -> Result<Vec<GuardianCard>> {
    let mut guardians = rows::guardians(tx, card.student)?;
    let restrictions = restrictions_of(tx, card.student, &guardians)?;
    guardians.retain(|guardian| dismissal::may_be_told(guardian.id, &restrictions, card.day));
    Ok(guardians)
}
