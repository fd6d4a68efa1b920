//! A search ends when the child is seen, and goes on when that was a slip (G3).

use std::collections::BTreeSet;

use jiff::civil::Date;
use kehou_db::{Event, Result, SchoolTx};
use kehou_domain::access::Role;
use kehou_domain::attendance::{Outcome, seen};
use kehou_domain::ids::StudentId;
use serde_json::json;

use super::case::{Case, all_clear};
use super::rows;
use crate::custody;

/// G3: whoever was looked for and has been seen is looked for no longer, in whatever session of whatever day it went
/// missing; the ledger of that day stays as it is.
pub(crate) fn seen_again(tx: &mut SchoolTx, seen: &[StudentId]) -> Result<()> {
    if seen.is_empty() {
        return Ok(());
    }
    for case in rows::cases::still_open(tx)?.into_iter().filter(|case| seen.contains(&case.student)) {
        rows::cases::close(tx, case.id, Outcome::SeenAgain)?;
        let facts = json!({ "student": case.student.to_string(), "outcome": Outcome::SeenAgain.word() });
        tx.event(Event::new("SeenAgain", case.id).facts(facts))?;
        all_clear(tx, &case, Outcome::SeenAgain)?;
    }
    Ok(())
}

/// G3: the searches for these children go on that ended by a note of this day which was a slip. Whoever was told that
/// the child was seen is told that it is missing.
pub(crate) fn unseen(tx: &mut SchoolTx, day: Date, undone: &BTreeSet<StudentId>) -> Result<()> {
    for student in undone {
        let ended = rows::cases::ended_by_sight(tx, *student)?;
        if ended.is_empty() {
            continue;
        }
        let seen = seen(&custody::facts_of(tx, *student, day)?);
        let goes_on = |case: &Case| case.closed_at.is_some_and(|at| seen.reopens(case.opened_at, at));
        for case in ended.into_iter().filter(goes_on) {
            rows::cases::reopen(tx, case.id)?;
            let facts = json!({ "student": student.to_string() });
            tx.event(Event::new("SearchGoesOn", case.id).facts(facts))?;
            tell_missing(tx, &case)?;
        }
    }
    Ok(())
}

fn tell_missing(tx: &mut SchoolTx, case: &Case) -> Result<()> {
    let facts = json!({
        "child": case.name, "student": case.student.to_string(), "session": case.session.to_string(),
    });
    tx.tell_role(Role::DutyLeader, "child_missing", &facts)?;
    if case.day == tx.today() {
        let facts = json!({ "child": case.name, "student": case.student.to_string() });
        for account in rows::sessions::guardian_accounts(tx, case.student, case.day)? {
            tx.tell(account, "own_child_missing", &facts)?;
        }
    }
    Ok(())
}
