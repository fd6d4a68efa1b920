//! A stop at the gate, and how the duty leader ends it (H3, A6).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{SettleStop, WatchGate};
use kehou_domain::dismissal::{self, Collector, NewDelegate, Settlement, SettlementRefused, Stop, Why};
use kehou_domain::ids::{DelegateId, GuardianId, StopId, StudentId};
use kehou_domain::people::name::is_same;
use serde_json::json;

use super::gate::{AtGate, Loaded, at_gate};
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

/// What the person is to the child when a guardian agreed on the telephone.
const AGREED: &str = "电话同意";

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
    if *settlement == Settlement::LetGo {
        let deciders = deciders(tx, &card)?;
        let by = dismissal::who_agreed(*called, &deciders).map_err(Failed::Refused)?;
        name_for_the_day(tx, &card, by)?;
    }

    rows::settle_stop(tx, stop, *settlement, note)?;
    let called = called.filter(|_| *settlement == Settlement::LetGo).map(|called| called.to_string());
    let facts = json!({ "student": student.to_string(), "settlement": settlement.word(), "called": called });
    tx.event(Event::of::<SettleStop>(stop).facts(facts))?;
    Ok(())
}

/// The guardians who may say that somebody takes the child: those who may collect it themselves.
fn deciders(tx: &mut SchoolTx, card: &StopCard) -> Result<Vec<GuardianId>> {
    let guardians = rows::guardians(tx, card.student)?;
    let restrictions = restrictions_of(tx, card.student, &guardians)?;
    let may = |guardian: &GuardianId| dismissal::may_be_told(*guardian, &restrictions, card.day);
    Ok(guardians.into_iter().map(|guardian| guardian.id).filter(may).collect())
}

fn name_for_the_day(tx: &mut SchoolTx, card: &StopCard, by: GuardianId) -> Result<()> {
    let id: DelegateId = tx.new_id();
    let named = NewDelegate {
        name: card.collector.clone(),
        relation: AGREED.to_owned(),
        named_by: by,
        from_on: card.day,
        to_on: card.day,
        declared_capable: true,
    };
    rows::save_delegate(tx, id, card.student, &named)
}
