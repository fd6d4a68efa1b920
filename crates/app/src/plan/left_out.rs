//! Places that children hold and a version of the plan has no time for (C3, C9).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kehou_db::{Result, SchoolTx, Tx};
use kehou_domain::access::FilePlan;
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::enrolment::rules::has_time;
use kehou_domain::ids::{PlanVersionId, StudentId};
use kehou_domain::plan::{AppliesTo, Plan, SlotId};
use serde_json::json;

use super::{in_force_on, rows, sound};

/// A place that a child holds on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) student: StudentId,
    pub(super) name: String,
    pub(super) place: Choice,
    /// The child's grade on the day.
    pub(super) grade: Option<u8>,
    pub(super) boards: AppliesTo,
}

/// Children whose place on a weekday has no time in a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What the school calls the slot.
    pub slot: String,
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i8,
    /// How many children.
    pub children: u32,
}

/// What a version leaves out from a day on: by slot and weekday, and how many children in all.
pub fn left_out(tx: &mut Tx<FilePlan>, id: PlanVersionId, from: Date) -> Result<(Vec<LeftOut>, u32)> {
    let version = rows::version(tx, id)?;
    let plan = sound(tx, id, &version.digest)?;
    let held = without_time(tx, &plan, from)?;
    let ruling = in_force_on(tx, from)?;
    let mut lines: BTreeMap<(String, i8), u32> = BTreeMap::new();
    for one in &held {
        *lines.entry((one.place.slot.clone(), one.place.weekday)).or_default() += 1;
    }
    let name = |slot: String| {
        let known = [Some(&plan), ruling.as_ref()].into_iter().flatten();
        let named =
            known.into_iter().find_map(|plan| plan.slot(&SlotId(slot.clone())).map(|slot| slot.name.clone()));
        named.unwrap_or(slot)
    };
    let line = |((slot, weekday), children)| LeftOut { slot: name(slot), weekday, children };
    Ok((lines.into_iter().map(line).collect(), count(&held)))
}

/// The places of the day that a plan has no time for.
pub(super) fn without_time(tx: &mut SchoolTx, plan: &Plan, from: Date) -> Result<Vec<Held>> {
    let mut held = rows::places_on(tx, from)?;
    held.retain(|one| !one.grade.is_some_and(|grade| has_time(plan, grade, one.boards, &one.place)));
    Ok(held)
}

/// How many children these places are of.
pub(super) fn count(held: &[Held]) -> u32 {
    let children: BTreeSet<StudentId> = held.iter().map(|one| one.student).collect();
    u32::try_from(children.len()).unwrap_or(u32::MAX)
}

/// Tells the families of these children that their places have no time from a day on.
pub(super) fn tell_left_out(tx: &mut SchoolTx, held: &[Held], from: Date) -> Result<()> {
    let children = children(held);
    for (account, student) in rows::families(tx, from)? {
        if let Some(name) = children.get(&student) {
            let facts = json!({ "child": name, "student": student.to_string(), "from": from.to_string() });
            tx.tell(account, "plan_leaves_out", &facts)?;
        }
    }
    Ok(())
}

/// Tells the families of these children that their places stay as they were.
pub(super) fn tell_kept(tx: &mut SchoolTx, held: &[Held], from: Date) -> Result<()> {
    let children = children(held);
    for (account, student) in rows::families(tx, from)? {
        if let Some(name) = children.get(&student) {
            let facts = json!({ "child": name, "student": student.to_string() });
            tx.tell(account, "plan_keeps_places", &facts)?;
        }
    }
    Ok(())
}

fn children(held: &[Held]) -> BTreeMap<StudentId, &str> {
    held.iter().map(|one| (one.student, one.name.as_str())).collect()
}
