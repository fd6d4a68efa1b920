//! The paper route: one person enters a signed form, another confirms it (F4, R1).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{ConfirmPaper, EnterPaper};
use kehou_domain::enrolment::apply::{self, CannotApply, Choice, Need};
use kehou_domain::enrolment::paper::{self as rule, CannotCount, OnPaper, Paper};
use kehou_domain::ids::{ApplicationId, GuardianId, PaperId, StudentId};
use serde_json::json;

use super::agreement;
use super::apply::{Application, ChildWish, HandIn, Source, advance, child};
use super::rows::{applications, papers as rows, people};
use super::setting::{InClass, Offered, Pupil, Rules, in_sight, only_classes, rules_for, rules_of};
use super::signup::{SignUp, current};

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
    /// What it asks for, with the slots' names: the second person compares it with the sheet.
    pub choices: Vec<Offered>,
    /// The application whose signed agreement this is; nothing for a form that asks for the service.
    pub signs: Option<ApplicationId>,
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
    /// What the child's application asks for, where it waits for the family's signature: the paper that can be
    /// entered is then the signed agreement.
    pub to_sign: Option<Vec<Offered>>,
}

/// Why a paper cannot be entered or confirmed. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotEnter {
    /// The rules of applying say no.
    Apply(CannotApply),
    /// The paper itself does not do.
    Paper(CannotCount),
    /// It is a signed agreement, and the application does not wait for one or asks for something else by now.
    NothingToSign,
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
    if !papers.is_empty() {
        let rules = rules_for(tx, &sign_up)?;
        for one in &mut papers {
            one.choices = named(&rules, &one.paper.choices);
        }
    }
    Ok(papers)
}

fn named(rules: &Rules, choices: &[Choice]) -> Vec<Offered> {
    let one = |choice: &Choice| Offered { name: rules.slot_name(&choice.slot), choice: choice.clone() };
    choices.iter().map(one).collect()
}

/// Children on roll with this in their name whom the acting role may enter a form for.
pub fn children_named(tx: &mut Tx<EnterPaper>, part: &str) -> db::Result<Vec<PaperChild>> {
    let Some(sign_up) = current(tx)? else { return Ok(Vec::new()) };
    let rules = rules_for(tx, &sign_up)?;
    let bound_to = only_classes(tx)?;
    let mut found = Vec::new();
    for student in people::named(tx, part)? {
        let pupil = people::pupil(tx, student)?;
        if in_sight(bound_to.as_deref(), pupil.class) {
            found.push(paper_child(tx, (&sign_up, &rules), pupil)?);
        }
    }
    Ok(found)
}

/// The child whom the acting role may enter a form for; any other is not there.
pub fn child_to_enter(tx: &mut Tx<EnterPaper>, student: StudentId) -> db::Result<PaperChild> {
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let rules = rules_for(tx, &sign_up)?;
    let (pupil, bound_to) = (people::pupil(tx, student)?, only_classes(tx)?);
    if !in_sight(bound_to.as_deref(), pupil.class) {
        return Err(db::Error::NotFound);
    }
    paper_child(tx, (&sign_up, &rules), pupil)
}

fn paper_child(
    tx: &mut SchoolTx,
    (sign_up, rules): (&SignUp, &Rules),
    pupil: Pupil,
) -> db::Result<PaperChild> {
    let today = tx.today();
    let keepers = people::keepers(tx, pupil.id, today)?;
    let awaited = match applications::of_child(tx, sign_up.term, pupil.id)? {
        Some(application) => awaited(tx, &application)?,
        None => None,
    };
    Ok(PaperChild {
        student: pupil.id,
        offered: rules.offered(&pupil),
        name: pupil.name,
        class: pupil.class,
        guardians: keepers.into_iter().map(|k| (k.id, k.name, k.relation)).collect(),
        need_checked: rules.need_check,
        to_sign: awaited.map(|choices| named(rules, &choices)),
    })
}

/// What the application asks for, if it waits for the family's signature.
fn awaited(tx: &mut SchoolTx, application: &Application) -> db::Result<Option<Vec<Choice>>> {
    let rules = rules_of(tx, application.plan_version)?;
    match agreement::waits_for_signature(tx, application, &rules)? {
        Some(_) => applications::choices(tx, application).map(Some),
        None => Ok(None),
    }
}

/// Enters a form that a guardian signed on paper: for the service or, where the child's application waits for it, the
/// signed agreement with what the application asks for (F4). Nothing follows from it until a second person confirms it.
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
    let agreement = agreement_of(tx, before.as_ref(), paper)?;
    let wrong = rule::enter(&signed, &keepers, today).err().unwrap_or_default();
    let mut refused: Vec<CannotEnter> = wrong.into_iter().map(CannotEnter::Paper).collect();
    if agreement.is_none() {
        let known = child(tx, &rules, &pupil, before.as_ref())?;
        may_enter(&known).map_err(|why| Failed::Refused(vec![CannotEnter::Apply(why)]))?;
        let asked = apply::Wish { choices: paper.choices.clone(), need: paper.need };
        refused.extend(apply::lacks(&known, &asked, rules.need_check).into_iter().map(CannotEnter::Apply));
    }
    if !refused.is_empty() {
        return Err(Failed::Refused(refused));
    }
    let (signs, paper) = agreement.map_or_else(|| (None, paper.clone()), |(id, paper)| (Some(id), paper));
    let id = rows::add(tx, &sign_up, &paper, signs)?;
    let facts = json!({ "child": pupil.id.to_string(), "place": paper.place.trim() });
    tx.event(Event::of::<EnterPaper>(id).facts(facts))?;
    Ok(id)
}

/// The paper as the signed agreement of an application that waits for one.
fn agreement_of(
    tx: &mut SchoolTx,
    application: Option<&Application>,
    paper: &NewPaper,
) -> db::Result<Option<(ApplicationId, NewPaper)>> {
    let Some(application) = application.filter(|_| paper.covers_agreement) else { return Ok(None) };
    let Some(choices) = awaited(tx, application)? else { return Ok(None) };
    let paper = NewPaper { choices, need: None, remark: String::new(), ..paper.clone() };
    Ok(Some((application.id, paper)))
}

/// A paper stands in for letter, window and consent; the child and the choices must fit all the same (B1, B3).
fn may_enter(known: &apply::Child) -> Result<(), CannotApply> {
    apply::eligible(known)?;
    if known.applied { Err(CannotApply::AlreadyApplied) } else { Ok(()) }
}

/// The second person found the paper as entered, or did not. A confirmed one becomes the family's application.
pub fn settle_paper(tx: &mut Tx<ConfirmPaper>, id: PaperId, found: bool) -> Result<(), Failed<CannotEnter>> {
    let (paper, signs, entered_by, status) = rows::held(tx, id)?;
    if !papers(tx)?.iter().any(|one| one.id == id) {
        return Err(Failed::Fault(db::Error::NotFound));
    }
    if status != PaperStatus::Entered {
        return Err(Failed::Refused(CannotEnter::Paper(CannotCount::Settled)));
    }
    let seen = Paper { entered_by, place: paper.place.clone() };
    rule::confirm(seen, tx.account()).map_err(CannotEnter::Paper).map_err(Failed::Refused)?;
    if !found {
        rows::settle(tx, id, "rejected", signs)?;
        tx.event(Event::of::<ConfirmPaper>(id).facts(json!({ "found": false })))?;
        return Ok(());
    }
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let application = match signs {
        Some(application) => signed(tx, application, &paper)?,
        None => hand_in(tx, &sign_up, &paper)?,
    };
    rows::settle(tx, id, "confirmed", Some(application.id))?;
    if paper.covers_agreement {
        agreement::keep_paper_signatures(tx, &sign_up, (&application, paper.guardian))?;
    }
    advance(tx, &application)?;
    tx.event(Event::of::<ConfirmPaper>(id).facts(json!({ "found": true })))?;
    Ok(())
}

/// The application whose agreement lies before the second person, if it still waits and asks for the same.
fn signed(
    tx: &mut SchoolTx,
    id: ApplicationId,
    paper: &NewPaper,
) -> Result<Application, Failed<CannotEnter>> {
    let application = applications::held(tx, id)?;
    if awaited(tx, &application)?.as_ref() != Some(&paper.choices) {
        return Err(Failed::Refused(CannotEnter::NothingToSign));
    }
    Ok(application)
}

/// The application that a confirmed form becomes.
fn hand_in(
    tx: &mut SchoolTx,
    sign_up: &SignUp,
    paper: &NewPaper,
) -> Result<Application, Failed<CannotEnter>> {
    let rules = rules_for(tx, sign_up)?;
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
    let hand_in =
        HandIn { sign_up, rules: &rules, guardian: paper.guardian, wish: &wish, source: Source::Paper };
    let handed_in = hand_in.save(tx, before)?;
    handed_in.ok_or(Failed::Refused(CannotEnter::Apply(CannotApply::AlreadyApplied)))
}
