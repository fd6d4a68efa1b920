//! A stop at the gate, and how the duty leader ends it (H3, A6).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, Tx};
use kehou_domain::access::{SettleStop, WatchGate};
use kehou_domain::custody::{Check, Handing, Receiver, What};
use kehou_domain::dismissal::{self, Settlement, SettlementRefused, Stop, Why};
use kehou_domain::ids::{StopId, StudentId};
use serde_json::json;

use super::rows;
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
    /// What a verdict needs of it.
    /// As far as a verdict depends on it.
    pub fn as_stop(&self) -> Stop {
        Stop {
            needs_duty_leader: self.needs_duty_leader,
            restricted: self.why == Why::Restricted.word(),
            settled: self.settled_at.is_some(),
        }
    }

    /// Whether it still holds the child.
    pub fn holds(&self) -> bool {
        self.as_stop().holds()
    }
}

/// One stop.
pub fn stop(tx: &mut Tx<WatchGate>, stop: StopId) -> Result<StopCard> {
    rows::stop(tx, stop)
}

/// H3, A6: a duty leader ends a stop, with a note of what was done. Unless the duty leader lets the child go after a
/// guardian confirmed on the telephone, the person still may not take the child unless entitled.
pub fn settle(
    tx: &mut Tx<SettleStop>,
    stop: StopId,
    settlement: Settlement,
    note: &str,
) -> std::result::Result<(), Failed<SettlementRefused>> {
    let student = rows::stop(tx, stop)?.student;
    rows::hold_child(tx, student)?;
    let card = rows::stop(tx, stop)?;
    let state = custody::state_of(tx, student, card.day)?;

    dismissal::settle(card.as_stop(), settlement, state.whereabouts(), note).map_err(Failed::Refused)?;

    rows::settle_stop(tx, stop, settlement, note)?;
    let facts = json!({ "student": student.to_string(), "settlement": settlement.word() });
    tx.event(Event::of::<SettleStop>(stop).facts(facts))?;
    if settlement == Settlement::LetGo {
        let handing = Handing { to: Receiver::Unlisted, checked: Check::Telephoned, place: String::new() };
        custody::record(tx, card.day, (student, None), What::LetThrough(handing))?;
        tell_released(tx, &card)?;
    }
    Ok(())
}

fn tell_released(tx: &mut Tx<SettleStop>, card: &StopCard) -> Result<()> {
    let facts = json!({
        "student": card.student.to_string(), "child": card.child, "leave": "unlisted", "who": card.collector
    });
    let guardians = rows::guardians(tx, card.student)?;
    let accounts: Vec<_> = guardians.into_iter().filter_map(|guardian| guardian.account).collect();
    accounts.into_iter().try_for_each(|account| tx.tell(account, "child_released", &facts))
}
