//! What a child's days and its way home leave in the school's books, to take away.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use kehou_db::{Result, SchoolTx, Tx};
use kehou_domain::access::ReadOwnEnrolment;
use kehou_domain::custody::{Fact, Handing, What};
use kehou_domain::dismissal::Delegate;
use kehou_domain::ids::{AccountId, StudentId};
use serde_json::{Value, json};

use super::home::{handed_to, names, veil};
use super::restriction::barred_from;
use super::rows::{self, ConsentEver};
use crate::{custody, people};

/// Before every delegation.
const BEFORE_ALL: Date = date(2000, 1, 1);

/// Whom the guardians named to collect an own child, how they consented to its going home, and every fact of its days. A
/// guardian who must not collect the child finds only what it said itself, and not how, with whom or where the child left
/// (H3).
pub fn takeout(tx: &mut Tx<ReadOwnEnrolment>, student: StudentId) -> Result<Value> {
    people::own_child(tx, student)?;
    let guardian = people::acting_guardian(tx)?;
    let barred = barred_from(tx, guardian)?.contains(&student);
    let mut delegates = rows::delegates(tx, student, BEFORE_ALL)?;
    delegates.retain(|delegate| !barred || delegate.named_by == guardian);
    let facts = custody::facts_of_child(tx, student)?;
    let facts = if barred { veil(facts) } else { facts };
    let mut consents = rows::consents_ever(tx, student)?;
    consents.retain(|consent| !barred || consent.guardian == guardian);
    Ok(json!({
        "delegates": delegates.iter().map(one_delegate).collect::<Vec<_>>(),
        "release_consents": consents.iter().map(one_consent).collect::<Vec<_>>(),
        "days": days(tx, &facts)?,
    }))
}

fn one_consent(of: &ConsentEver) -> Value {
    json!({
        "mode": of.given.consent.mode.word(),
        "from_on": of.given.consent.from_on.to_string(),
        "to_on": of.given.consent.to_on.map(|day| day.to_string()),
        "given_at": of.given.given_at.to_string(),
        "given_by": of.given.given_by,
        "withdrawn_at": of.withdrawn_at.map(|at| at.to_string()),
    })
}

fn one_delegate(delegate: &Delegate) -> Value {
    json!({
        "name": delegate.name,
        "relation": delegate.relation,
        "from_on": delegate.from_on.to_string(),
        "to_on": delegate.to_on.to_string(),
    })
}

/// Who took a child, and who wrote things down, by id.
struct People {
    takers: BTreeMap<String, (String, String)>,
    staff: BTreeMap<AccountId, String>,
}

fn days(tx: &mut SchoolTx, facts: &[Fact]) -> Result<Vec<Value>> {
    let today = tx.today();
    let people =
        People { takers: rows::takers_of_guardian(tx, today)?.into_iter().collect(), staff: names(tx)? };
    let mut days: BTreeMap<Date, Vec<Value>> = BTreeMap::new();
    for fact in facts {
        days.entry(fact.day).or_default().push(one_fact(fact, &people));
    }
    Ok(days.into_iter().map(|(day, facts)| json!({ "day": day.to_string(), "facts": facts })).collect())
}

fn one_fact(fact: &Fact, people: &People) -> Value {
    let taker = handed_to(&fact.what).and_then(|id| people.takers.get(&id));
    json!({
        "id": fact.id.to_string(),
        "what": fact.what.kind().word(),
        "at": fact.at.to_string(),
        "noted_at": fact.arrived_at.to_string(),
        "noted_by": people.staff.get(&fact.account),
        "taken_by": taker.map(|(name, relation)| json!({ "name": name, "relation": relation })),
        "place": place(&fact.what),
        "corrects": fact.corrects.map(|corrected| corrected.to_string()),
    })
}

/// Where the child was handed over.
fn place(what: &What) -> Option<&str> {
    match what {
        What::HandedOver(Handing { place, .. }) | What::LetThrough(Handing { place, .. }) => {
            Some(place.as_str()).filter(|place| !place.is_empty())
        }
        What::Expected
        | What::OnLeave(_)
        | What::Present
        | What::Late
        | What::Absent
        | What::Found(_)
        | What::EarlyLeaveApproved(_)
        | What::LeftEarly(_)
        | What::WentAlone
        | What::TookBus
        | What::StayedLate
        | What::Returned
        | What::NotComing
        | What::SickRoom
        | What::Undone => None,
    }
}
