//! The end of a term, asked about first: it cannot be taken back, and children may hold places (B6, C3).

use kehou_db::{Failed, Result, Tx};
use kehou_domain::access::{KeepCalendar, ReadCalendar};
use kehou_domain::enrolment::ending::{self, NotTold};
use kehou_domain::ids::TermId;

use super::rows::places;
use crate::calendar::{self, TermStatus};

/// How many children hold a place in the term, today or from a later day on.
pub fn holders_in_term(tx: &mut Tx<ReadCalendar>, term: TermId) -> Result<u32> {
    places::holders_in_term(tx, term)
}

/// Ends a term; `told` is how many place holders whoever ends it was told.
pub fn end_term(
    tx: &mut Tx<KeepCalendar>,
    term: TermId,
    told: Option<u32>,
) -> std::result::Result<(), Failed<NotTold>> {
    let holders = places::holders_in_term(tx, term)?;
    ending::end_term(holders, told).map_err(Failed::Refused)?;
    Ok(calendar::set_term_status(tx, term, TermStatus::Closed)?)
}
