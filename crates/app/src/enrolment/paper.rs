//! The paper route: one person enters a signed form, another confirms it (F4, R1).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, Tx};
use kehou_domain::access::{ConfirmPaper, EnterPaper};
use kehou_domain::enrolment::apply::{self, CannotApply, Choice, Need};
use kehou_domain::enrolment::paper::{self as rule, CannotCount, OnPaper, Paper};
use kehou_domain::ids::{GuardianId, PaperId, StudentId};
use serde_json::json;

use super::agreement;
use super::apply::{ChildWish, HandIn, Source, advance, child};
use super::rows::{applications, papers as rows, people};
use super::setting::{InClass, Offered, in_sight, only_classes, rules_for};
use super::signup::current;

/// A form on paper, as it is typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPaper {
    /// The child.
    pub student: StudentId,
    /// Who signed.
    pub guardian: GuardianId,
    /// Slots on weekdays.
    pub choices: Vec<Choice>,
    /// Why, where the plan asks.
    pub need: Option<Need>,
    /// Whatever else stands on it.
    pub remark: String,
    /// Whether the signed agreement is with it.
    pub covers_agreement: bool,
    /// The day of the signature.
    pub signed_on: Date,
    /// Where the paper lies.
    pub place: String,
}

/// What has become of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperStatus {
    /// Waits for a second person.
    Entered,
    /// Two people have seen it.
    Confirmed,
    /// The second person did not find what was entered.
    Rejected,
}

/// A paper on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperOnList {
    /// Its id.
    pub id: PaperId,
    /// What stands on it.
    pub paper: NewPaper,
    /// The child's name.
    pub name: String,
    /// The child's class.
    pub class: Option<InClass>,
    /// The guardian's name.
    pub guardian_name: String,
    /// What has become of it.
    pub status: PaperStatus,
    /// Whether the acting account entered it, and so can't confirm it.
    pub mine: bool,
    /// When it was entered.
    pub entered_at: Timestamp,
}

/// A child whose form on paper can be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperChild {
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub name: String,
    /// The child's class.
    pub class: Option<InClass>,
    /// The guardians who may have signed: id, name, relation.
    pub guardians: Vec<(GuardianId, String, String)>,
    /// What the plan lets the child choose.
    pub offered: Vec<Offered>,
    /// Whether the plan asks why.
    pub need_checked: bool,
}

/// Why a paper cannot be entered or confirmed. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotEnter {
    /// The rules of applying say no.
    Apply(CannotApply),
    /// The paper itself does not do.
    Paper(CannotCount),
}

impl PaperStatus {
    /// The status of this word.
    pub(crate) fn parse(word: &str) -> Option<PaperStatus> {
        match word {
            "entered" => Some(PaperStatus::Entered),
            "confirmed" => Some(PaperStatus::Confirmed),
            "rejected" => Some(PaperStatus::Rejected),
            _ => None,
        }
    }
}

/// The papers of the term, those that wait first. A homeroom teacher sees their class's.
pub fn papers(tx: &mut Tx<ConfirmPaper>) -> db::Result<Vec<PaperOnList>> {
    let Some(sign_up) = current(tx)? else { return Ok(Vec::new()) };
    let mut papers = rows::papers(tx, sign_up.term)?;
    let bound_to = only_classes(tx)?;
    papers.retain(|one| in_sight(bound_to.as_deref(), one.class));
    Ok(papers)
}

/// Children on roll with this in their name whom the acting role may enter a form for.
pub fn children_named(tx: &mut Tx<EnterPaper>, part: &str) -> db::Result<Vec<PaperChild>> {
    let Some(sign_up) = current(tx)? else { return Ok(Vec::new()) };
    let rules = rules_for(tx, &sign_up)?;
    let (bound_to, today) = (only_classes(tx)?, tx.today());
    let mut found = Vec::new();
    for student in people::named(tx, part)? {
        let pupil = people::pupil(tx, student)?;
        if !in_sight(bound_to.as_deref(), pupil.class) {
            continue;
        }
        let keepers = people::keepers(tx, student, today)?;
        found.push(PaperChild {
            student,
            offered: rules.offered(&pupil),
            name: pupil.name,
            class: pupil.class,
            guardians: keepers.into_iter().map(|k| (k.id, k.name, k.relation)).collect(),
            need_checked: rules.need_check,
        });
    }
    Ok(found)
}

/// Enters a form that a guardian signed on paper. Nothing follows from it until a second person confirms it.
pub fn enter_paper(tx: &mut Tx<EnterPaper>, paper: &NewPaper) -> Result<PaperId, Failed<Vec<CannotEnter>>> {
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let rules = rules_for(tx, &sign_up)?;
    let pupil = people::pupil(tx, paper.student)?;
    let (bound_to, today) = (only_classes(tx)?, tx.today());
    if !in_sight(bound_to.as_deref(), pupil.class) {
        return Err(Failed::Fault(db::Error::NotFound));
    }
    let keepers: Vec<GuardianId> =
        people::keepers(tx, pupil.id, today)?.into_iter().map(|keeper| keeper.id).collect();
    let signed = OnPaper { guardian: paper.guardian, signed_on: paper.signed_on, place: &paper.place };
    let before = applications::of_child(tx, sign_up.term, pupil.id)?;
    let known = child(tx, &rules, &pupil, before.as_ref())?;
    may_enter(&known).map_err(|why| Failed::Refused(vec![CannotEnter::Apply(why)]))?;
    let asked = apply::Wish { choices: paper.choices.clone(), need: paper.need };
    let lacks = apply::lacks(&known, &asked, rules.need_check).into_iter().map(CannotEnter::Apply);
    let wrong = rule::enter(&signed, &keepers, today).err().unwrap_or_default();
    let refused: Vec<CannotEnter> = wrong.into_iter().map(CannotEnter::Paper).chain(lacks).collect();
    if !refused.is_empty() {
        return Err(Failed::Refused(refused));
    }
    let id = rows::add(tx, &sign_up, paper)?;
    let facts = json!({ "child": pupil.id.to_string(), "place": paper.place.trim() });
    tx.event(Event::of::<EnterPaper>(id).facts(facts))?;
    Ok(id)
}

/// A paper stands in for letter, window and consent; the child and the choices must fit all the same (B1, B3).
fn may_enter(known: &apply::Child) -> Result<(), CannotApply> {
    apply::eligible(known)?;
    if known.applied { Err(CannotApply::AlreadyApplied) } else { Ok(()) }
}

/// The second person found the paper as entered, or did not. A confirmed one becomes the family's application.
pub fn settle_paper(tx: &mut Tx<ConfirmPaper>, id: PaperId, found: bool) -> Result<(), Failed<CannotEnter>> {
    let (paper, entered_by, status) = rows::held(tx, id)?;
    if !papers(tx)?.iter().any(|one| one.id == id) {
        return Err(Failed::Fault(db::Error::NotFound));
    }
    if status != PaperStatus::Entered {
        return Err(Failed::Refused(CannotEnter::Paper(CannotCount::Settled)));
    }
    let seen = Paper { entered_by, place: paper.place.clone() };
    rule::confirm(seen, tx.account()).map_err(CannotEnter::Paper).map_err(Failed::Refused)?;
    if !found {
        rows::settle(tx, id, "rejected", None)?;
        tx.event(Event::of::<ConfirmPaper>(id).facts(json!({ "found": false })))?;
        return Ok(());
    }
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let rules = rules_for(tx, &sign_up)?;
    let before = applications::hold_of_child(tx, sign_up.term, paper.student)?;
    if before.as_ref().is_some_and(|application| !application.status.is_over()) {
        return Err(Failed::Refused(CannotEnter::Apply(CannotApply::AlreadyApplied)));
    }
    let wish = ChildWish {
        student: paper.student,
        choices: paper.choices.clone(),
        need: paper.need,
        remark: paper.remark.clone(),
    };
    let hand_in = HandIn {
        sign_up: &sign_up,
        rules: &rules,
        guardian: paper.guardian,
        wish: &wish,
        source: Source::Paper,
    };
    let Some(application) = hand_in.save(tx, before)? else {
        return Err(Failed::Refused(CannotEnter::Apply(CannotApply::AlreadyApplied)));
    };
    rows::settle(tx, id, "confirmed", Some(application.id))?;
    if paper.covers_agreement {
        agreement::keep_paper_signatures(tx, &sign_up, &application)?;
    }
    advance(tx, &application)?;
    tx.event(Event::of::<ConfirmPaper>(id).facts(json!({ "found": true })))?;
    Ok(())
}
