//! What a child's place comes to under the plans that rule from now on (C3, C9).

use std::sync::Arc;

use jiff::civil::Date;
use kehou_db::{self as db, SchoolTx};
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::enrolment::rules::has_time;
use kehou_domain::plan::{Plan, SlotId};

use super::places::Place;
use super::rows::places;
use super::setting::{Offered, Pupil, Rules};
use crate::plan;

/// Slots and weekdays of a place that a plan has no time for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FallsAway {
    /// The first day of that plan.
    pub from: Date,
    /// Whether that day has come.
    pub gone: bool,
    /// The slots and weekdays.
    pub slots: Vec<Offered>,
}

/// What a child attends by its place, and what of the place falls away or has done so.
pub(super) fn attends(
    tx: &mut SchoolTx,
    pupil: &Pupil,
    rules: &Rules,
    place: &Place,
) -> db::Result<(Vec<Offered>, Vec<FallsAway>)> {
    let today = tx.today();
    let plans = plan::from_day(tx, place.stay.from_on.max(today))?;
    let mut known: Vec<Arc<Plan>> = plans.iter().map(|(_, plan)| Arc::clone(plan)).collect();
    known.extend(plan::from_day(tx, place.stay.from_on)?.into_iter().map(|(_, plan)| plan));
    let (mut attends, mut falls): (Vec<Offered>, Vec<FallsAway>) = (Vec::new(), Vec::new());
    for choice in places::slots_of(tx, place.id)? {
        let fall = fall(pupil, &plans, &choice).filter(|from| place.stay.to_on.is_none_or(|to| *from <= to));
        let offered = Offered { name: name(&known, rules, &choice), choice };
        if fall.is_none_or(|from| today < from) {
            attends.push(offered.clone());
        }
        match (fall, falls.iter_mut().find(|known| Some(known.from) == fall)) {
            (Some(_), Some(known)) => known.slots.push(offered),
            (Some(from), None) => falls.push(FallsAway { from, gone: from <= today, slots: vec![offered] }),
            (None, _) => {}
        }
    }
    Ok((attends, falls))
}

/// The first day of the first plan that has no time for the choice.
fn fall(pupil: &Pupil, plans: &[(Date, Arc<Plan>)], choice: &Choice) -> Option<Date> {
    let grade = pupil.class?.grade;
    plans.iter().find(|(_, plan)| !has_time(plan, grade, pupil.boards, choice)).map(|(from, _)| *from)
}

/// What the school calls the slot, also where the plan of today knows it no more.
fn name(known: &[Arc<Plan>], rules: &Rules, choice: &Choice) -> String {
    let id = SlotId(choice.slot.clone());
    let named = known.iter().find_map(|plan| plan.slot(&id).map(|slot| slot.name.clone()));
    named.unwrap_or_else(|| rules.slot_name(&choice.slot))
}
