//! Where the applications of the running term stand, in numbers: for the first page.

use kehou_db::{self as db, SchoolTx};
use kehou_domain::access::Role;
use kehou_domain::enrolment::chain::{Step, due_on};
use kehou_domain::ids::StaffId;

use super::review::{Part, visible};
use super::rows::applications;
use super::setting::rules_for;
use super::signup::current;

/// How many applications wait where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Standing {
    /// At the acting role's own step (F1).
    pub(crate) mine: i64,
    /// Late at a step (F11).
    pub(crate) overdue: i64,
    /// To be shown in the class, and not shown yet (F10).
    pub(crate) to_show: i64,
    /// To be filed with the bureau (F9).
    pub(crate) to_file: i64,
}

/// Where they stand; of a homeroom teacher's own class alone, when one is named.
pub(crate) fn standing(tx: &mut SchoolTx, own: Option<StaffId>) -> db::Result<Standing> {
    let mut standing = Standing::default();
    let Some(sign_up) = current(tx)? else { return Ok(standing) };
    let rules = match rules_for(tx, &sign_up) {
        Err(db::Error::NotFound) => return Ok(standing),
        rules => rules?,
    };
    let (role, today) = (tx.role(), tx.today());
    if role == Role::GradeHead {
        // bound to own grades, which the counts below know nothing of: what is in sight is what waits for the role
        standing.mine =
            i64::try_from(visible(tx, &sign_up, &rules, Part::Waiting)?.len()).unwrap_or(i64::MAX);
        return Ok(standing);
    }
    for line in applications::waiting(tx, sign_up.term, own)? {
        match rules.chain.steps.get(line.step) {
            Some(Step::Review { role: reviewer, .. }) if *reviewer == role => standing.mine += line.count,
            Some(Step::Publication { .. }) => standing.to_show += line.not_shown,
            Some(Step::Filing) => standing.to_file += line.count,
            Some(Step::Review { .. } | Step::Agreement) | None => {}
        }
        if due_on(line.since, sign_up.review_days) < today {
            standing.overdue += line.count;
        }
    }
    Ok(standing)
}
