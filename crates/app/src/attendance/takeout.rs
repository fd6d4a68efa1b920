//! The leaves of a child, to take away.

use kehou_db::{Result, Tx};
use kehou_domain::access::ReadOwnEnrolment;
use kehou_domain::ids::StudentId;
use serde_json::{Value, json};

use super::{FiledLeave, rows};
use crate::people;

/// Every leave of an own child, the newest first (G5).
pub fn takeout(tx: &mut Tx<ReadOwnEnrolment>, student: StudentId) -> Result<Value> {
    people::own_child(tx, student)?;
    let leaves = rows::leave::of_student(tx, student)?;
    Ok(json!({ "leaves": leaves.iter().map(one_leave).collect::<Vec<_>>() }))
}

fn one_leave(leave: &FiledLeave) -> Value {
    json!({
        "from_on": leave.span.from_on.to_string(),
        "to_on": leave.span.to_on.to_string(),
        "slot": leave.slot.as_ref().map(ToString::to_string),
        "kind": leave.kind.word(),
        "reason": leave.reason,
        "stands": leave.stands,
        "filed_at": leave.filed_at.to_string(),
        "filed_as": leave.filed_as.word(),
    })
}
