//! The reviewer: what waits, and the word that is said of it, kept with the flags that were shown (D8, R2).

use kehou_db::{Event, Failed, Result, Tx};
use kehou_domain::access::{ReviewOfferings, Role};
use kehou_domain::catalogue::{DecideRefused, Review, Status, Verdict, check, decide as decided, flags};
use kehou_domain::ids::OfferingId;
use serde_json::json;

use super::keep::{held, plan_for, taken_by};
use super::{Line, Setting, catalogue, rows, shown};
use crate::calendar;

/// What the reviewer says of an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The version that was read.
    pub read: u32,
    /// Published or sent back.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

/// What waits for a review, with its term's name and plan, the oldest first; terms that are over wait for nobody.
pub fn pile(tx: &mut Tx<ReviewOfferings>) -> Result<Vec<(Setting, Line)>> {
    let today = tx.today();
    let mut waiting = Vec::new();
    for card in calendar::terms(tx)?.into_iter().filter(|card| today <= card.term.ends_on) {
        let Some(catalogue) = catalogue(tx, Some(card.term.id), |_| true)? else { continue };
        let lines = catalogue.lines.into_iter().filter(|line| line.offering.status == Status::InReview);
        waiting.extend(lines.map(|line| (catalogue.setting.clone(), line)));
    }
    waiting.sort_by_key(|(_, line)| line.offering.handed_in_at);
    Ok(waiting)
}

/// Publishes an offering or sends it back; the office is told of what came back.
pub fn decide(
    tx: &mut Tx<ReviewOfferings>,
    id: OfferingId,
    said: &Said,
) -> std::result::Result<Status, Failed<DecideRefused>> {
    let offering = held(tx, id)?;
    let plan = plan_for(tx, offering.term)?.ok_or(kehou_db::Error::NotFound)?;
    let taken = taken_by(tx, &plan, &offering, &[Status::Published])?;
    let review = Review {
        status: offering.status,
        is_as_read: offering.version == said.read,
        authors: &offering.authors,
        reviewer: tx.account(),
        fits: check(&plan, &offering.details).is_empty(),
        clashes: !taken.is_empty(),
        reason: &said.reason,
    };
    let status = decided(review, said.verdict).map_err(Failed::Refused)?;

    let shown = shown::written(&flags(&plan, &offering.details));
    rows::add_decision(tx, id, said, &shown)?;
    rows::set_status(tx, id, status)?;
    let facts = json!({ "version": said.read, "verdict": said.verdict.word(), "reason": said.reason.trim(),
        "flags": shown });
    tx.event(Event::of::<ReviewOfferings>(id).facts(facts))?;
    if status == Status::Returned {
        let facts = json!({ "title": offering.details.title, "offering": id.to_string() });
        tx.tell_role(Role::AcademicOffice, "offering_returned", &facts)?;
    }
    Ok(status)
}
