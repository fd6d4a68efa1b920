//! What a school offers beside base care: written by the office, reviewed, published, read (D2–D8, D11, E3, E4, R2).

mod apart;
mod copy;
mod family;
pub mod import;
mod keep;
mod review;
mod rows;
mod shown;

use std::sync::Arc;

use jiff::Timestamp;
use kehou_db::{Error, Result, SchoolTx, Tx};
use kehou_domain::access::{ReadCatalogue, ReadOfferings};
use kehou_domain::calendar::school::Term;
use kehou_domain::catalogue::{
    CareGroup, Clash, Details, Fault, Flag, Lack, Over, Status, check, clashes, clashes_with_care, flags,
    lacks,
};
use kehou_domain::ids::{AccountId, OfferingId, StaffId, TermId};
use kehou_domain::plan::Plan;

use crate::calendar::TermStatus;
use crate::{calendar, plan};

pub use apart::{Beside, beside};
pub(crate) use apart::{keep_apart, let_together};
pub use copy::{Copied, CopyLine, CopyRefused, LastTerm, copy, last_term};
pub use family::{ForChild, for_child};
pub use keep::{HandInRefused, KeepRefused, create, hand_in, teachers, update};
pub(crate) use keep::{held, set_status, taken_from_offerings};
pub use review::{Said, decide, pile};

/// An offering as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offering {
    /// Its id.
    pub id: OfferingId,
    /// Its term.
    pub term: TermId,
    /// What is offered.
    pub details: Details,
    /// The teacher's name; empty when none is named.
    pub teacher_name: String,
    /// Where it stands.
    pub status: Status,
    /// Counted up with every change, so that nobody overwrites or passes what was not read.
    pub version: u32,
    /// Who wrote it first, who changed it last, and who handed it in.
    pub authors: Vec<AccountId>,
    /// When it was handed in.
    pub handed_in_at: Option<Timestamp>,
    /// The offering of an earlier term that it was copied from.
    pub copied_from: Option<OfferingId>,
    /// What no child has besides it, as the office declared.
    pub apart: Vec<OfferingId>,
}

/// A term with the plan that rules its offerings.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The term.
    pub term: Term,
    /// The plan in force for it; nothing when none is.
    pub plan: Option<Arc<Plan>>,
}

/// An offering with what is wrong with it and what the reviewer has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The offering.
    pub offering: Offering,
    /// What does not fit the plan in force.
    pub faults: Vec<Fault>,
    /// What families must know and nobody has written.
    pub lacks: Vec<Lack>,
    /// What else takes its venue or teacher, by what and on which weekday.
    pub clashes: Vec<ClashWith>,
    /// What the reviewer is shown.
    pub flags: Vec<Flag>,
}

/// What takes the same venue or teacher at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClashWith {
    /// What both take.
    pub over: Over,
    /// The first weekday on which they do, 1 (Monday) to 7.
    pub weekday: i8,
    /// What it is.
    pub with: With,
}

/// What else meets then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum With {
    /// Another offering, by its title.
    Offering(String),
    /// A group of base care, by its name.
    Care(String),
}

/// The offerings of a term.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The term and its plan.
    pub setting: Setting,
    /// Every term of the school, the latest first.
    pub terms: Vec<Term>,
    /// The offerings, by title.
    pub lines: Vec<Line>,
}

/// What was decided about an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which version.
    pub version: u32,
    /// What the reviewer said.
    pub verdict: kehou_domain::catalogue::Verdict,
    /// Why; may be empty when published.
    pub reason: String,
    /// The flags that the reviewer was shown.
    pub flags: Vec<Flag>,
    /// When.
    pub at: Timestamp,
}

/// The term that is asked for, or else the one that runs or comes next, or else the last; nothing before the first.
pub(crate) fn setting(tx: &mut SchoolTx, asked: Option<TermId>) -> Result<Option<Setting>> {
    let terms = calendar::terms(tx)?;
    let today = tx.today();
    let ahead = |card: &&calendar::TermCard| card.status != TermStatus::Closed && today <= card.term.ends_on;
    let chosen = if let Some(id) = asked {
        Some(terms.iter().find(|card| card.term.id == id).ok_or(Error::NotFound)?)
    } else {
        terms.iter().rev().find(ahead).or(terms.first())
    };
    let Some(term) = chosen.map(|card| card.term.clone()) else { return Ok(None) };
    let day = today.clamp(term.service_from, term.ends_on);
    let plan = match plan::plan_on(tx, day) {
        Ok(plan) => Some(plan),
        Err(Error::NotFound) => None,
        Err(fault) => return Err(fault),
    };
    Ok(Some(Setting { term, plan }))
}

/// Every offering of a term with what is wrong with it; nothing before the school has a term.
pub fn offerings(tx: &mut Tx<ReadOfferings>, term: Option<TermId>) -> Result<Option<Catalogue>> {
    catalogue(tx, term, |_| true)
}

/// What families of the school may read: the published offerings of the term that runs or comes next.
pub fn published(tx: &mut Tx<ReadCatalogue>) -> Result<Option<Catalogue>> {
    catalogue(tx, None, |status| status == Status::Published)
}

fn catalogue(
    tx: &mut SchoolTx,
    term: Option<TermId>,
    shown: impl Fn(Status) -> bool,
) -> Result<Option<Catalogue>> {
    let Some(setting) = setting(tx, term)? else { return Ok(None) };
    let mut offerings = rows::of_term(tx, setting.term.id)?;
    offerings.retain(|offering| shown(offering.status));
    // families and staff read what is published; what it clashes with is the office's to put right
    let groups = if shown(Status::Draft) { care_groups(tx, &setting.term)? } else { Vec::new() };
    let lines = lines(setting.plan.as_deref(), offerings, &groups);
    let terms = calendar::terms(tx)?.into_iter().map(|card| card.term).collect();
    Ok(Some(Catalogue { setting, terms, lines }))
}

/// Makes everyone else wait who changes offerings of the term, or makes known a round over them.
pub(crate) fn hold(tx: &mut SchoolTx, term: TermId) -> Result<()> {
    rows::hold(tx, term)
}

/// Whether families read it: nobody is seated in what was taken back or ended.
pub(crate) fn is_published(tx: &mut SchoolTx, id: OfferingId) -> Result<bool> {
    Ok(rows::offering(tx, id)?.status == Status::Published)
}

/// Every offering of a term, by title, as other slices read them.
pub(crate) fn of_term(tx: &mut SchoolTx, term: TermId) -> Result<Vec<Offering>> {
    rows::of_term(tx, term)
}

/// Which pairs of a term no child has both of.
pub(crate) fn apart_in(tx: &mut SchoolTx, term: TermId) -> Result<Vec<(OfferingId, OfferingId)>> {
    rows::apart::of_term(tx, term)
}

/// What no child has besides the offering.
pub(crate) fn apart_from(tx: &mut SchoolTx, id: OfferingId) -> Result<Vec<OfferingId>> {
    rows::apart::of(tx, id)
}

/// The groups of base care of the term as they stand today, or on its first or last day.
fn care_groups(tx: &mut SchoolTx, term: &Term) -> Result<Vec<CareGroup>> {
    let day = tx.today().clamp(term.starts_on, term.ends_on);
    rows::beside::care_groups(tx, term.id, day)
}

/// The offerings with what is wrong with each; without a plan nothing can be said of them.
fn lines(plan: Option<&Plan>, offerings: Vec<Offering>, groups: &[CareGroup]) -> Vec<Line> {
    let clashes = plan.map(|plan| clashes(plan, &standing(&offerings))).unwrap_or_default();
    let titles: Vec<(OfferingId, String)> =
        offerings.iter().map(|one| (one.id, one.details.title.clone())).collect();
    let line = |offering: Offering| Line {
        faults: plan.map(|plan| check(plan, &offering.details)).unwrap_or_default(),
        lacks: lacks(&offering.details),
        clashes: match plan.filter(|_| offering.status != Status::Withdrawn) {
            Some(plan) => {
                let mut all = with_titles(&titles, clashes_with(offering.id, &clashes));
                all.extend(with_care(plan, &offering.details, groups));
                all
            }
            None => Vec::new(),
        },
        flags: plan.map(|plan| flags(plan, &offering.details)).unwrap_or_default(),
        offering,
    };
    offerings.into_iter().map(line).collect()
}

/// Those that can clash: what is withdrawn takes no place.
fn standing(offerings: &[Offering]) -> Vec<(OfferingId, &Details)> {
    let standing = offerings.iter().filter(|one| one.status != Status::Withdrawn);
    standing.map(|one| (one.id, &one.details)).collect()
}

/// The clashes of one offering, as seen from it.
fn clashes_with(id: OfferingId, clashes: &[Clash]) -> Vec<Clash> {
    let own = clashes.iter().filter(|clash| clash.one == id || clash.other == id);
    let seen = |clash: &Clash| {
        let other = if clash.one == id { clash.other } else { clash.one };
        Clash { one: id, other, ..clash.clone() }
    };
    own.map(seen).collect()
}

fn with_titles(titles: &[(OfferingId, String)], clashes: Vec<Clash>) -> Vec<ClashWith> {
    let title =
        |id: OfferingId| titles.iter().find(|(known, _)| *known == id).map(|(_, title)| title.clone());
    let named = |clash: Clash| ClashWith {
        over: clash.over,
        weekday: clash.weekday,
        with: With::Offering(title(clash.other).unwrap_or_default()),
    };
    clashes.into_iter().map(named).collect()
}

fn with_care(plan: &Plan, details: &Details, groups: &[CareGroup]) -> Vec<ClashWith> {
    let found = clashes_with_care(plan, details, groups).into_iter();
    found.map(|one| ClashWith { over: one.over, weekday: one.weekday, with: With::Care(one.group) }).collect()
}

/// One offering with what is wrong with it, its term and plan, and what was decided about it, the latest first.
pub fn offering(tx: &mut Tx<ReadOfferings>, id: OfferingId) -> Result<(Line, Setting, Vec<Decision>)> {
    let term = rows::offering(tx, id)?.term;
    let catalogue = catalogue(tx, Some(term), |_| true)?.ok_or(Error::NotFound)?;
    let line = catalogue.lines.into_iter().find(|line| line.offering.id == id).ok_or(Error::NotFound)?;
    Ok((line, catalogue.setting, rows::decisions(tx, id)?))
}

/// The term that a new offering is for, and its plan.
pub fn setting_for_new(tx: &mut Tx<ReadOfferings>, term: Option<TermId>) -> Result<Option<Setting>> {
    setting(tx, term)
}

/// A member of staff who can lead an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teacher {
    /// Who.
    pub id: StaffId,
    /// The name.
    pub name: String,
}
