//! Who must not collect a child (H3): kept by few, seen at the gate as "stop".

use std::collections::BTreeSet;

use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::RestrictPickup;
use kehou_domain::dismissal::{Delegate, Restriction, may_be_told};
use kehou_domain::ids::{GuardianId, RestrictionId, StudentId};
use kehou_domain::people::name::is_same;
use kehou_domain::typed::{LONGEST_NAME, LONGEST_NOTE, is_longer};
use serde_json::json;

use super::{ChildCard, GuardianCard, rows};
use crate::people;

/// What a restriction is founded on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A court's paper was seen.
    CourtPaper,
    /// A guardian asked for it in writing.
    GuardianRequest,
    /// The police or another authority asked for it.
    Authority,
}

impl Source {
    /// Every source.
    pub const ALL: [Source; 3] = [Source::CourtPaper, Source::GuardianRequest, Source::Authority];

    /// The word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Source::CourtPaper => "court_paper",
            Source::GuardianRequest => "guardian_request",
            Source::Authority => "authority",
        }
    }

    /// The source of this word.
    pub fn parse(word: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|source| source.word() == word)
    }
}

/// A restriction with what only those who keep it may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRestriction {
    /// The restriction.
    pub restriction: Restriction,
    /// What it is founded on.
    pub source: Source,
    /// The note, in the clear.
    pub note: String,
}

/// What is typed to set a restriction. It holds from today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRestriction {
    /// The person's name.
    pub name: String,
    /// The guardian that the person is, when they are one.
    pub guardian: Option<GuardianId>,
    /// What it is founded on.
    pub source: Source,
    /// A note, sealed in the store.
    pub note: String,
    /// The last day; without one, until lifted.
    pub to_on: Option<Date>,
}

/// Why a restriction cannot be set so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestrictionRefused {
    /// The name is missing.
    NoName,
    /// The name is longer than [`LONGEST_NAME`].
    NameTooLong,
    /// The note is longer than [`LONGEST_NOTE`].
    NoteTooLong,
    /// The last day is past.
    Past,
    /// The guardian is not one of the child's.
    NotGuardian,
    /// This person is restricted already.
    Set,
    /// The name is not the chosen guardian's: it is open which of the two is meant.
    NameDiffers,
}

/// A restriction with everyone on the child's lists whom the gate stops for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRestriction {
    /// The restriction.
    pub kept: KeptRestriction,
    /// The guardians whom it bars: name and relation.
    pub guardians: Vec<(String, String)>,
    /// The delegates of today and later whom it bars: name and relation.
    pub delegates: Vec<(String, String)>,
}

/// The child's restrictions, with the guardians to choose from.
#[derive(Debug, Clone)]
pub struct RestrictionList {
    /// The child.
    pub child: ChildCard,
    /// The restrictions in force.
    pub restrictions: Vec<ListedRestriction>,
    /// The child's guardians.
    pub guardians: Vec<GuardianCard>,
}

/// H3: the children with a restriction in force, by name.
pub fn restricted_children(tx: &mut Tx<RestrictPickup>) -> Result<Vec<ChildCard>> {
    let children = rows::restricted_children(tx)?;
    in_reach(tx, children)
}

/// H3: children on roll whose name contains the text, to record who must not collect them.
pub fn children_to_restrict(tx: &mut Tx<RestrictPickup>, text: &str) -> Result<Vec<ChildCard>> {
    let today = tx.today();
    let card = |named: people::Named| {
        let class = named.class.map(|class| class.key);
        let grade = class.and_then(|class| class.grade_on(today));
        ChildCard { id: named.id, name: named.name, class, grade }
    };
    let children = people::named(tx, text)?.into_iter().map(card).collect();
    in_reach(tx, children)
}

fn in_reach(tx: &mut SchoolTx, children: Vec<ChildCard>) -> Result<Vec<ChildCard>> {
    let mut own = Vec::new();
    for child in children {
        match super::within_reach(tx, child.id) {
            Ok(()) => own.push(child),
            Err(kehou_db::Error::NotFound) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(own)
}

/// H3: a child's restrictions, for the office and the child's own homeroom teacher.
pub fn restrictions(tx: &mut Tx<RestrictPickup>, student: StudentId) -> Result<RestrictionList> {
    super::within_reach(tx, student)?;
    let guardians = rows::guardians(tx, student)?;
    let today = tx.today();
    let delegates = rows::delegates(tx, student, today)?;
    let kept = rows::restrictions_kept(tx, student)?;
    Ok(RestrictionList {
        child: rows::child_card(tx, student)?,
        restrictions: kept.into_iter().map(|kept| listed(kept, &guardians, &delegates)).collect(),
        guardians,
    })
}

fn listed(kept: KeptRestriction, guardians: &[GuardianCard], delegates: &[Delegate]) -> ListedRestriction {
    let one = &kept.restriction;
    let barred = guardians.iter().filter(|guardian| one.bars(guardian.id, &guardian.name));
    let guardians = barred.map(|guardian| (guardian.name.clone(), guardian.relation.clone())).collect();
    let stopped = delegates.iter().filter(|delegate| one.names(&delegate.name));
    let delegates = stopped.map(|delegate| (delegate.name.clone(), delegate.relation.clone())).collect();
    ListedRestriction { kept, guardians, delegates }
}

/// H3: the child's restrictions; one that speaks of a guardian by name alone is that guardian's all the same.
pub(super) fn restrictions_of(
    tx: &mut SchoolTx,
    student: StudentId,
    guardians: &[GuardianCard],
) -> Result<Vec<Restriction>> {
    let mut restrictions = Vec::new();
    for restriction in rows::restrictions(tx, student)? {
        let barred = guardians.iter().filter(|guardian| restriction.bars(guardian.id, &guardian.name));
        let barred =
            barred.map(|guardian| Restriction { guardian: Some(guardian.id), ..restriction.clone() });
        restrictions.extend(barred);
        restrictions.push(restriction);
    }
    Ok(restrictions)
}

/// H3: the children whom this guardian must not collect today, and of whose way home it learns nothing.
pub(super) fn barred_from(tx: &mut SchoolTx, guardian: GuardianId) -> Result<BTreeSet<StudentId>> {
    let today = tx.today();
    let mut barred = BTreeSet::new();
    for (mut restriction, student, own_name) in rows::restrictions_near(tx, guardian)? {
        if restriction.bars(guardian, &own_name) {
            restriction.guardian = Some(guardian);
        }
        if !may_be_told(guardian, &[restriction], today) {
            barred.insert(student);
        }
    }
    Ok(barred)
}

/// H3: records who must not collect the child, and tells the duty leaders.
pub fn restrict(
    tx: &mut Tx<RestrictPickup>,
    student: StudentId,
    new: &NewRestriction,
) -> std::result::Result<RestrictionId, Failed<Vec<RestrictionRefused>>> {
    super::within_reach(tx, student)?;
    rows::hold_child(tx, student)?;
    let set = rows::restrictions(tx, student)?;
    let guardians = rows::guardians(tx, student)?;

    let wrong = wrong_restriction(new, &set, &guardians, tx.today());
    if !wrong.is_empty() {
        return Err(Failed::Refused(wrong));
    }

    let id = tx.new_id();
    rows::save_restriction(
        tx,
        id,
        student,
        &NewRestriction { guardian: meant(new, &guardians), ..new.clone() },
    )?;
    let facts = json!({ "student": student.to_string(), "source": new.source.word(), "to_on": new.to_on.map(|day| day.to_string()) });
    tx.event(Event::new("RestrictPickup", id).facts(facts).about(student, json!({ "name": new.name })))?;
    let told = json!({ "student": student.to_string(), "child": rows::child_card(tx, student)?.name });
    super::tell_duty_leaders(tx, "pickup_restricted", &told)?;
    Ok(id)
}

/// The guardian whom a restriction means: the one that was chosen, or the only one of that name.
fn meant(new: &NewRestriction, guardians: &[GuardianCard]) -> Option<GuardianId> {
    let mut named = guardians.iter().filter(|guardian| is_same(&guardian.name, &new.name));
    let only = named.next().map(|guardian| guardian.id);
    new.guardian.or(only.filter(|_| named.next().is_none()))
}

/// H3: lifts a restriction; what it was stays in the record.
pub fn lift(tx: &mut Tx<RestrictPickup>, student: StudentId, restriction: RestrictionId) -> Result<()> {
    super::within_reach(tx, student)?;
    rows::hold_child(tx, student)?;
    if rows::lift_restriction(tx, student, restriction)? == 0 {
        return Err(kehou_db::Error::NotFound);
    }
    let facts = json!({ "student": student.to_string() });
    tx.event(Event::new("LiftRestriction", restriction).facts(facts))?;
    let told = json!({ "student": student.to_string(), "child": rows::child_card(tx, student)?.name });
    super::tell_duty_leaders(tx, "pickup_restriction_lifted", &told)
}

/// Everything that is wrong with a restriction, in the order of the form.
fn wrong_restriction(
    new: &NewRestriction,
    set: &[Restriction],
    guardians: &[GuardianCard],
    today: Date,
) -> Vec<RestrictionRefused> {
    let is_set = set.iter().any(|restriction| restriction.holds_on(today) && restriction.names(&new.name));
    let chosen = new.guardian.map(|id| guardians.iter().find(|guardian| guardian.id == id));
    let differs =
        |guardian: &GuardianCard| !new.name.trim().is_empty() && !is_same(&guardian.name, &new.name);
    let others = [
        (is_set, RestrictionRefused::Set),
        (chosen == Some(None), RestrictionRefused::NotGuardian),
        (chosen.flatten().is_some_and(differs), RestrictionRefused::NameDiffers),
        (new.to_on.is_some_and(|to_on| to_on < today), RestrictionRefused::Past),
    ];
    let others = others.into_iter().filter_map(|(is_wrong, refused)| is_wrong.then_some(refused));
    restriction_wrong(&new.name, &new.note).into_iter().chain(others).collect()
}

/// What is wrong with a restriction's name and note, whatever the days.
pub fn restriction_wrong(name: &str, note: &str) -> Vec<RestrictionRefused> {
    let wrong = [
        (name.trim().is_empty(), RestrictionRefused::NoName),
        (is_longer(name, LONGEST_NAME), RestrictionRefused::NameTooLong),
        (is_longer(note, LONGEST_NOTE), RestrictionRefused::NoteTooLong),
    ];
    wrong.into_iter().filter_map(|(is_wrong, refused)| is_wrong.then_some(refused)).collect()
}
