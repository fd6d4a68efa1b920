//! What is said of a child that was let go, and to whom.

use kehou_db::{Result, SchoolTx};
use kehou_domain::dismissal::{self, Leave, Restriction};
use serde_json::{Value, json};

use super::GuardianCard;
use super::gate::Loaded;

pub(super) fn word_of(leave: Leave) -> &'static str {
    match leave {
        Leave::WithGuardian(_) => "guardian",
        Leave::WithDelegate(_) => "delegate",
        Leave::Alone => "alone",
        Leave::ByBus => "bus",
    }
}

/// Rule 19 of the screens: the guardians hear that the child was let go, and with whom; one who must not collect it
/// hears that it has left (H3).
fn tell_released(
    tx: &mut SchoolTx,
    (guardians, restrictions): (&[GuardianCard], &[Restriction]),
    facts: &Value,
) -> Result<()> {
    let left = json!({ "student": facts["student"], "child": facts["child"], "leave": "left" });
    let today = tx.today();
    for guardian in guardians {
        let Some(account) = guardian.account else { continue };
        let told = dismissal::may_be_told(guardian.id, restrictions, today);
        tx.tell(account, "child_released", if told { facts } else { &left })?;
    }
    Ok(())
}

/// Every guardian is told with whom the child went.
pub(super) fn tell_guardians(tx: &mut SchoolTx, loaded: &Loaded, leave: Leave) -> Result<()> {
    let who = match leave {
        Leave::WithGuardian(id) => {
            loaded.guardians.iter().find(|guardian| guardian.id == id).map(|found| &found.name)
        }
        Leave::WithDelegate(id) => {
            loaded.child.delegates.iter().find(|delegate| delegate.id == id).map(|found| &found.name)
        }
        Leave::Alone | Leave::ByBus => None,
    };
    let facts = json!({ "student": loaded.card.id.to_string(), "child": loaded.card.name, "leave": word_of(leave), "who": who });
    tell_released(tx, (&loaded.guardians, &loaded.child.restrictions), &facts)
}
