//! Whoever is concerned by a day whose service changes: families, teachers, those who lead the duty (C11).

use std::collections::BTreeSet;

use jiff::civil::Date;
use kehou_db::{Result, SchoolTx};
use kehou_domain::access::Role;
use kehou_domain::ids::AccountId;
use serde_json::{Value, json};

use super::rows;
use crate::calendar;

/// Why the day is another one now.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change<'a> {
    /// The school said something of it, with this reason.
    Said(&'a str),
    /// The school took back what it had said.
    TakenBack,
}

/// A guardian with the name of a child who has the service on the day.
pub(super) type Family = (AccountId, String);

/// Who has the service on the day, as the calendar stands.
#[derive(Debug, Default)]
pub(super) struct Concerned {
    families: BTreeSet<Family>,
    staff: BTreeSet<AccountId>,
}

/// Everybody whose day of service this is: nobody when there is none.
pub(super) fn concerned(tx: &mut SchoolTx, day: Date) -> Result<Concerned> {
    let Ok(service) = calendar::service_day(tx, day)? else { return Ok(Concerned::default()) };
    let families = rows::families::families_on(tx, day, service.weekday)?.into_iter().collect();
    let mut staff: BTreeSet<AccountId> =
        rows::families::teachers_on(tx, day, service.weekday)?.into_iter().collect();
    staff.extend(tx.members(Role::DutyLeader)?);
    Ok(Concerned { families, staff })
}

/// Tells those who lost the service of the day and those who got it, each once; of a past day nobody is told.
pub(super) fn tell(tx: &mut SchoolTx, day: Date, before: &Concerned, change: Change<'_>) -> Result<()> {
    if day < tx.today() {
        return Ok(());
    }
    let after = concerned(tx, day)?;
    let lost = Concerned {
        families: before.families.difference(&after.families).cloned().collect(),
        staff: before.staff.difference(&after.staff).copied().collect(),
    };
    let got = Concerned {
        families: after.families.difference(&before.families).cloned().collect(),
        staff: after.staff.difference(&before.staff).copied().collect(),
    };
    match change {
        Change::Said(reason) => {
            let facts = json!({ "day": day.to_string(), "reason": reason });
            tx.tell_each("service_called_off", &for_families(&lost, &facts))?;
            tx.tell_each("duty_called_off", &for_staff(&lost, &facts))?;
        }
        Change::TakenBack => {
            let facts = json!({ "day": day.to_string() });
            tx.tell_each("service_not_held", &for_families(&lost, &facts))?;
            tx.tell_each("duty_not_held", &for_staff(&lost, &facts))?;
        }
    }
    let facts = json!({ "day": day.to_string() });
    tx.tell_each("service_held", &for_families(&got, &facts))?;
    tx.tell_each("duty_held", &for_staff(&got, &facts))
}

fn for_families(concerned: &Concerned, facts: &Value) -> Vec<(AccountId, Value)> {
    let named = |(account, child): &Family| {
        let mut facts = facts.clone();
        facts["child"] = child.as_str().into();
        (*account, facts)
    };
    concerned.families.iter().map(named).collect()
}

fn for_staff(concerned: &Concerned, facts: &Value) -> Vec<(AccountId, Value)> {
    concerned.staff.iter().map(|account| (*account, facts.clone())).collect()
}
