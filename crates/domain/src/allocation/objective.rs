//! The yardstick by which allocations are compared with those of other solvers.

use super::market::{Applicant, Market};

/// What a wish of a priority child weighs.
const PRIORITY: u64 = 1000;
/// What a seat that was asked for and not given costs, in ranks.
pub(super) const EMPTY_HANDED: u64 = 100;

/// What all of a child's cost weighs.
pub(super) const fn weight(applicant: &Applicant) -> u64 {
    if applicant.tier == 0 { PRIORITY } else { 1 }
}

/// The objective, lower is better: a child asks for as many seats as its weekly limit or the days on which it wishes
/// something, whichever is less; a seat costs its rank, a seat not given costs 100, and all of a child's cost weighs
/// 1000 for a child of a priority group.
pub fn o1(market: &Market, has: &[bool]) -> u64 {
    let costs = market.applicants().iter().enumerate().map(|(at, applicant)| {
        let wishes = market.wishes_of(at);
        let days = market.first_wishes_of(at).count();
        let asked = u64::from(applicant.weekly_limit).min(u64::try_from(days).unwrap_or(u64::MAX));
        let ranks = wishes.filter(|wish| has[*wish]).map(|wish| u64::from(market.wishes()[wish].rank));
        let (got, ranks) = ranks.fold((0, 0), |(got, sum), rank| (got + 1, sum + rank));
        weight(applicant) * (ranks + EMPTY_HANDED * asked.saturating_sub(got))
    });
    costs.sum()
}
