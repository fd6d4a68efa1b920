//! The clauses that agreement and pledge are made of, in numbered versions (F6).

use jiff::Timestamp;
use kehou_db::{self as db, Event, Failed, Tx};
use kehou_domain::access::KeepClauses;
use kehou_domain::enrolment::agreement::{Kind, Unusable, Wording, usable};
use kehou_domain::ids::ClauseSetId;
use serde_json::json;

use super::rows::{clauses as rows, desk};

/// Whether a version is shown to families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClauseSetStatus {
    /// Being written.
    Draft,
    /// Shown to families from now on.
    InUse,
    /// Was shown; what was signed under it stays.
    Retired,
}

/// A version with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseSet {
    /// Its id.
    pub id: ClauseSetId,
    /// Its words.
    pub wording: Wording,
    /// Whether families see it.
    pub status: ClauseSetStatus,
}

/// A version on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetOnList {
    /// Its id.
    pub id: ClauseSetId,
    /// Which paper.
    pub kind: Kind,
    /// Counted from 1 within the kind.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Whether families see it.
    pub status: ClauseSetStatus,
    /// When it was saved.
    pub made_at: Timestamp,
    /// How many papers are signed under it.
    pub signed: u32,
}

impl ClauseSetStatus {
    /// The status of this word.
    pub(super) fn parse(word: &str) -> Option<ClauseSetStatus> {
        match word {
            "draft" => Some(ClauseSetStatus::Draft),
            "in_use" => Some(ClauseSetStatus::InUse),
            "retired" => Some(ClauseSetStatus::Retired),
            _ => None,
        }
    }
}

/// Every version, newest first.
pub fn clause_sets(tx: &mut Tx<KeepClauses>) -> db::Result<Vec<SetOnList>> {
    rows::sets(tx)
}

/// One version with its words.
pub fn clause_set(tx: &mut Tx<KeepClauses>, id: ClauseSetId) -> db::Result<ClauseSet> {
    rows::set(tx, id)
}

/// Saves the words as a new version; an earlier one never changes.
pub fn save_clauses(
    tx: &mut Tx<KeepClauses>,
    wording: &Wording,
) -> Result<ClauseSetId, Failed<Vec<Unusable>>> {
    desk::hold(tx)?;
    usable(wording).map_err(Failed::Refused)?;
    let id = rows::add(tx, wording)?;
    let facts = json!({ "paper": wording.kind.word(), "clauses": wording.clauses.len() });
    tx.event(Event::of::<KeepClauses>(id).facts(facts))?;
    Ok(id)
}

/// Shows this version to families from now on; what was signed before stays as it was signed.
pub fn use_clauses(tx: &mut Tx<KeepClauses>, id: ClauseSetId) -> db::Result<()> {
    desk::hold(tx)?;
    let set = rows::set(tx, id)?;
    rows::use_set(tx, id, set.wording.kind)?;
    let facts = json!({ "in_use": set.wording.version, "paper": set.wording.kind.word() });
    tx.event(Event::of::<KeepClauses>(id).facts(facts))
}
