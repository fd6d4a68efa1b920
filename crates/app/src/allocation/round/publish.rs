//! Families are told.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::KeepRounds;
use kehou_domain::allocation::round::{StepRefused, may_publish};
use kehou_domain::ids::{OfferingId, RoundId, StudentId};
use serde_json::json;

use super::rows::{children, offered, round as rows, seats};
use super::{Offered, Round, held};

/// Publishes a round: every family that chose is told what its child has, also where that is nothing.
pub fn publish(tx: &mut Tx<KeepRounds>, id: RoundId) -> std::result::Result<(), Failed<StepRefused>> {
    let round = held(tx, id)?;
    may_publish(round.setup.way, round.stage(tx.at())).map_err(Failed::Refused)?;

    rows::publish(tx, id)?;
    let told = tell(tx, &round)?;
    tx.event(Event::new("PublishRound", id).facts(json!({ "families": told })))?;
    Ok(())
}

fn tell(tx: &mut SchoolTx, round: &Round) -> Result<usize> {
    let offered = offered::of_round(tx, round.term, round.id)?;
    let today = tx.today();
    let names = names(tx, round.id, today)?;
    let mut has: BTreeMap<StudentId, Vec<OfferingId>> = BTreeMap::new();
    for seat in seats::of_slot(tx, round.term, &round.setup.slot)? {
        if seat.round == round.id {
            has.entry(seat.student).or_default().push(seat.offering);
        }
    }
    let families = children::families(tx, round.id)?;
    for (student, account) in &families {
        let own = has.get(student).map(Vec::as_slice).unwrap_or_default();
        let facts = json!({
            "child": names.get(student),
            "student": student.to_string(),
            "round": round.setup.name,
            "seats": titles(&offered, own),
        });
        tx.tell(*account, "round_result", &facts)?;
    }
    Ok(families.len())
}

fn names(tx: &mut SchoolTx, id: RoundId, today: Date) -> Result<BTreeMap<StudentId, String>> {
    let children = children::of_round(tx, id, today)?;
    Ok(children.into_iter().map(|child| (child.id, child.name)).collect())
}

/// Weekdays and title of each.
fn titles(offered: &[Offered], own: &[OfferingId]) -> Vec<serde_json::Value> {
    let known = offered.iter().filter(|one| own.contains(&one.id));
    known.map(|one| json!({ "weekdays": one.listed.days.iter().collect::<Vec<_>>(), "title": one.details.title })).collect()
}
