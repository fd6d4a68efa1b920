//! The last term's catalogue brought into a new term as drafts (D2–D6).

use std::collections::BTreeSet;

use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{KeepOfferings, ReadOfferings};
use kehou_domain::calendar::school::Term;
use kehou_domain::catalogue::{Details, Fault, Status, check, is_same};
use kehou_domain::ids::{OfferingId, StaffId, TermId};
use serde_json::json;

use super::keep::facts;
use super::{Offering, Setting, rows, setting};
use crate::calendar;

/// What the last term offered, laid beside a term.
#[derive(Debug, Clone)]
pub struct LastTerm {
    /// The term that it is copied to, with its plan.
    pub setting: Setting,
    /// The last term before it that published anything; nothing when none did.
    pub from: Option<Term>,
    /// What it published, by title.
    pub lines: Vec<CopyLine>,
}

/// An offering of the last term, seen from the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyLine {
    /// The offering of the last term.
    pub offering: Offering,
    /// Whether the new term has it already.
    pub exists: bool,
    /// Whether its teacher works here no more: the copy has none.
    pub teacher_left: bool,
    /// What does not fit the plan in force for the new term.
    pub faults: Vec<Fault>,
}

/// What copying did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    /// New drafts.
    pub copied: u32,
    /// Chosen ones that the term had already.
    pub existed: u32,
}

/// Why nothing is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyRefused {
    /// No plan is in force for the term.
    NoPlan,
    /// Nothing was chosen.
    NothingChosen,
}

/// The last term's published offerings with what has become of each; nothing before the school has a term.
pub fn last_term(tx: &mut Tx<ReadOfferings>, term: Option<TermId>) -> Result<Option<LastTerm>> {
    match setting(tx, term)? {
        Some(setting) => laid_beside(tx, setting).map(Some),
        None => Ok(None),
    }
}

/// Copies the chosen offerings of the last term as drafts. One that the term has already is left as it is, so that the
/// same choice sent again changes nothing.
pub fn copy(
    tx: &mut Tx<KeepOfferings>,
    term: TermId,
    chosen: &[OfferingId],
) -> std::result::Result<Copied, Failed<CopyRefused>> {
    rows::hold(tx, term)?;
    let setting = setting(tx, Some(term))?.ok_or(Error::NotFound)?;
    if setting.plan.is_none() {
        return Err(Failed::Refused(CopyRefused::NoPlan));
    }
    let chosen: BTreeSet<OfferingId> = chosen.iter().copied().collect();
    if chosen.is_empty() {
        return Err(Failed::Refused(CopyRefused::NothingChosen));
    }
    let lines = laid_beside(tx, setting)?.lines;
    if !chosen.iter().all(|id| lines.iter().any(|line| line.offering.id == *id)) {
        return Err(Failed::Fault(Error::NotFound));
    }

    let mut copied = Copied::default();
    for line in lines.into_iter().filter(|line| chosen.contains(&line.offering.id)) {
        if line.exists {
            copied.existed += 1;
        } else {
            write(tx, term, line)?;
            copied.copied += 1;
        }
    }
    Ok(copied)
}

fn write(tx: &mut SchoolTx, term: TermId, line: CopyLine) -> Result<()> {
    let teacher = line.offering.details.teacher.filter(|_| !line.teacher_left);
    let details = Details { teacher, ..line.offering.details };
    let id: OfferingId = tx.new_id();
    rows::add(tx, id, term, &details)?;
    rows::note_copy(tx, id, line.offering.id)?;
    let facts = json!({ "after": facts(&details), "copied_from": line.offering.id.to_string() });
    tx.event(Event::of::<KeepOfferings>(id).facts(facts))
}

fn laid_beside(tx: &mut SchoolTx, setting: Setting) -> Result<LastTerm> {
    let here = rows::of_term(tx, setting.term.id)?;
    let staff: BTreeSet<StaffId> = rows::teachers(tx)?.into_iter().map(|teacher| teacher.id).collect();
    let (from, published) = published_before(tx, &setting.term)?;
    let line = |offering: Offering| CopyLine {
        exists: here.iter().any(|one| stands_for(one, &offering)),
        teacher_left: offering.details.teacher.is_some_and(|teacher| !staff.contains(&teacher)),
        faults: setting.plan.as_deref().map(|plan| check(plan, &offering.details)).unwrap_or_default(),
        offering,
    };
    let lines = published.into_iter().map(line).collect();
    Ok(LastTerm { setting, from, lines })
}

/// Whether the new term's offering is the old one: copied from it, or the same by name and days. What was withdrawn
/// stands for nothing.
fn stands_for(new: &Offering, old: &Offering) -> bool {
    let is_it = new.copied_from == Some(old.id) || is_same(&new.details, &old.details);
    new.status != Status::Withdrawn && is_it
}

/// The last term before this one that published anything, with what it published.
fn published_before(tx: &mut SchoolTx, term: &Term) -> Result<(Option<Term>, Vec<Offering>)> {
    let earlier = calendar::terms(tx)?.into_iter().map(|card| card.term);
    for earlier in earlier.filter(|earlier| earlier.starts_on < term.starts_on) {
        let mut published = rows::of_term(tx, earlier.id)?;
        published.retain(|one| one.status == Status::Published);
        if !published.is_empty() {
            return Ok((Some(earlier), published));
        }
    }
    Ok((None, Vec::new()))
}
