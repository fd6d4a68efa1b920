//! The tables `[joining]` and `[[joining.steps]]`.

use kehou_domain::access::Role;
use kehou_domain::plan::{Cycle, IdNumbers, Joining, Place, Step};

use super::Places;
use super::fields::Fields;
use super::problem::Shape;

pub(super) fn joining(top: &mut Fields<'_, '_>, places: &mut Places) -> Joining {
    let Some(mut table) = top.table("joining", "joining") else {
        top.missing("joining", Shape::Table);
        return nobody_knows();
    };
    let joining = Joining {
        need_check: table.flag("need_check"),
        priority: table.words("priority"),
        cycle: table.maybe_word("cycle").unwrap_or(Cycle::NotStated),
        survey: table.maybe_word("survey"),
        steps: steps(&mut table, places),
        forms: table.words("forms"),
        copies: table.small("copies", 1, 9),
        id_numbers: table.maybe_word("id_numbers").unwrap_or(IdNumbers::NotCollected),
        publish: table.words("publish"),
        channels: table.words("channels"),
    };
    table.finish();
    joining
}

fn steps(table: &mut Fields<'_, '_>, places: &mut Places) -> Vec<Step> {
    let mut steps = Vec::new();
    for mut entry in table.tables("steps", "joining.steps") {
        let (kind, role) = (entry.word("step"), entry.role("role"));
        let within_days = entry.number("within_days", 1, 60);
        let verifies_need = entry.flag("verifies_need");
        places.put(Place::Step(steps.len()), &entry);
        entry.finish();
        if let Some(kind) = kind {
            // a role that nobody has is already a problem, so this one is never used
            let role = role.unwrap_or(Role::Principal);
            steps.push(Step { kind, role, within_days, verifies_need });
        }
    }
    steps
}

/// What stands for a table that is missing, which is already a problem.
const fn nobody_knows() -> Joining {
    Joining {
        need_check: false,
        priority: Vec::new(),
        cycle: Cycle::NotStated,
        survey: None,
        steps: Vec::new(),
        forms: Vec::new(),
        copies: None,
        id_numbers: IdNumbers::NotCollected,
        publish: Vec::new(),
        channels: Vec::new(),
    }
}
