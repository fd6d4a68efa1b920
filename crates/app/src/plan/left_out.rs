//! Places that children hold and a version of the plan has no time for (C3, C9).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use kehou_db::{Result, SchoolTx, Tx};
use kehou_domain::access::FilePlan;
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::enrolment::rules::has_time;
use kehou_domain::ids::{PlanVersionId, StudentId};
use kehou_domain::plan::{AppliesTo, Plan, SlotId};
use serde_json::{Value, json};

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

/// What a version leaves out from a day on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    /// By slot and weekday.
    pub lines: Vec<LeftOut>,
    /// How many children lose a place.
    pub children: u32,
    /// How many among them keep none.
    pub without_any: u32,
}

/// What a version leaves out from a day on: by slot and weekday, and how many children lose some or all they hold.
pub fn left_out(tx: &mut Tx<FilePlan>, id: PlanVersionId, from: Date) -> Result<Losses> {
    let version = rows::version(tx, id)?;
    let plan = sound(tx, id, &version.digest)?;
    let (lost, kept) = split(tx, &plan, from)?;
    let known = known(tx, &plan, from)?;
    let mut counts: BTreeMap<(String, i8), u32> = BTreeMap::new();
    for one in &lost {
        *counts.entry((one.place.slot.clone(), one.place.weekday)).or_default() += 1;
    }
    let line = |((slot, weekday), children): ((String, i8), u32)| LeftOut {
        slot: slot_name(&known, &slot),
        weekday,
        children,
    };
    let keeping: BTreeSet<StudentId> = kept.iter().map(|one| one.student).collect();
    let children = count(&lost);
    let lost: Vec<Held> = lost.into_iter().filter(|one| !keeping.contains(&one.student)).collect();
    Ok(Losses { lines: counts.into_iter().map(line).collect(), children, without_any: count(&lost) })
}

/// The places of the day that a plan has no time for.
pub(super) fn without_time(tx: &mut SchoolTx, plan: &Plan, from: Date) -> Result<Vec<Held>> {
    Ok(split(tx, plan, from)?.0)
}

/// The places of the day: those that a plan has no time for, and the others.
fn split(tx: &mut SchoolTx, plan: &Plan, from: Date) -> Result<(Vec<Held>, Vec<Held>)> {
    let held = rows::places_on(tx, from)?.into_iter();
    Ok(held.partition(|one| !one.grade.is_some_and(|grade| has_time(plan, grade, one.boards, &one.place))))
}

/// How many children these places are of.
pub(super) fn count(held: &[Held]) -> u32 {
    let children: BTreeSet<StudentId> = held.iter().map(|one| one.student).collect();
    u32::try_from(children.len()).unwrap_or(u32::MAX)
}

/// Tells the families of these children which of their places have no time in a plan from a day on.
pub(super) fn tell_left_out(tx: &mut SchoolTx, plan: &Arc<Plan>, held: &[Held], from: Date) -> Result<()> {
    let (children, known) = (children(held), known(tx, plan, from)?);
    for (account, student) in rows::families(tx, from)? {
        if let Some(name) = children.get(&student) {
            let own = held.iter().filter(|one| one.student == student);
            let lost: Vec<Value> = own.map(|one| lost(&known, &one.place)).collect();
            let facts = json!({
                "child": name, "student": student.to_string(), "from": from.to_string(), "lost": lost,
            });
            tx.tell(account, "plan_leaves_out", &facts)?;
        }
    }
    Ok(())
}

fn lost(known: &[Arc<Plan>], place: &Choice) -> Value {
    json!({ "slot": slot_name(known, &place.slot), "weekday": place.weekday })
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

/// The plans that know what a slot is called: the version itself and the one that rules before it.
fn known(tx: &mut SchoolTx, plan: &Arc<Plan>, from: Date) -> Result<Vec<Arc<Plan>>> {
    let before = in_force_on(tx, from.yesterday().unwrap_or(from))?;
    Ok([Some(Arc::clone(plan)), before].into_iter().flatten().collect())
}

/// What the school calls a slot; its id where none of these plans knows it.
fn slot_name(known: &[Arc<Plan>], slot: &str) -> String {
    let id = SlotId(slot.to_owned());
    let named = known.iter().find_map(|plan| plan.slot(&id).map(|slot| slot.name.clone()));
    named.unwrap_or(id.0)
}
