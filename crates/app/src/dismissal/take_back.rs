//! A release that was a mistake is taken back, and whoever was told of it is told (H10).

use std::collections::BTreeSet;

use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::ReleaseChild;
use kehou_domain::custody::{State, What};
use kehou_domain::dismissal::{self, CannotTakeBack, TakingBack};
use kehou_domain::ids::{FactId, StudentId};
use serde_json::json;

use super::{rows, worked_on};
use crate::attendance;
use crate::custody::{self, NewFact};

/// H10: takes back this release of the child, as the last that is known of it: the child is in the school's hands
/// again as before, its family and the duty leaders are told.
pub fn take_back_release(
    tx: &mut Tx<ReleaseChild>,
    (student, day): (StudentId, Option<Date>),
    release: FactId,
) -> std::result::Result<(), Failed<CannotTakeBack>> {
    rows::hold_child(tx, student)?;
    let day = worked_on(tx, day)?;
    let state = custody::state_of(tx, student, day)?;

    let last = to_take_back(tx, day, &state)?.map_err(Failed::Refused)?;
    if last != release {
        return Err(Failed::Refused(CannotTakeBack::NotLetGo));
    }

    let undone = NewFact { corrects: Some(release), ..NewFact::now(student, None, What::Undone) };
    custody::record_all(tx, day, "", vec![undone])?;
    attendance::unseen(tx, day, &BTreeSet::from([student]))?;
    let facts = json!({ "release": release.to_string() });
    tx.event(Event::new("TakeBackRelease", student).facts(facts))?;
    Ok(tell(tx, student)?)
}

/// The release that whoever acts may take back now.
pub(super) fn to_take_back(
    tx: &mut SchoolTx,
    day: Date,
    state: &State,
) -> Result<std::result::Result<FactId, CannotTakeBack>> {
    let day_closed = rows::closed_day(tx, day)?.is_some();
    let by = TakingBack { role: tx.role(), at: tx.at(), day_closed };
    Ok(dismissal::release_to_take_back(state, by))
}

fn tell(tx: &mut SchoolTx, student: StudentId) -> Result<()> {
    let child = rows::child_card(tx, student)?.name;
    let facts = json!({ "student": student.to_string(), "child": child });
    super::tell_duty_leaders(tx, "release_taken_back", &facts)?;
    let guardians = rows::guardians(tx, student)?;
    let accounts: Vec<_> = guardians.into_iter().filter_map(|guardian| guardian.account).collect();
    accounts.into_iter().try_for_each(|account| tx.tell(account, "own_child_not_released", &facts))
}
