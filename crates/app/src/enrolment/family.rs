//! What a family sees: each child's way into the service, step by step.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, SchoolTx, Tx};
use kehou_domain::access::{ReadOwnEnrolment, Role};
use kehou_domain::enrolment::apply::{CannotApply, Need, open_to};
use kehou_domain::enrolment::chain::{Stand, Status, Step, Verdict, due_on, next_step};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::enrolment::review::Ground;
use kehou_domain::ids::{ApplicationId, NoticeId, StudentId};

use super::apply::{Application, Source, child, opening};
use super::attends::{FallsAway, attends};
use super::objection::stands_in;
use super::places::Place;
use super::rows::{applications, letters, people, places, signups};
use super::setting::{InClass, Offered, Pupil, Rules, guardian, own_pupil, rules_for, rules_of};
use super::signup::{Intention, SignUp, current};

/// One step as the family sees it (F12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    /// The step.
    pub step: Step,
    /// How it stands.
    pub view: View,
}

/// How a step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// Behind.
    Done {
        /// When.
        at: Timestamp,
        /// In which role.
        by: Role,
    },
    /// The one that is waited for.
    Now {
        /// The last day on which it is in time.
        due_on: Date,
    },
    /// Ahead.
    Ahead,
    /// Came back from here.
    Returned {
        /// Why.
        ground: Option<Ground>,
        /// The reviewer's words.
        note: String,
    },
    /// Ended here.
    Refused {
        /// Why.
        ground: Option<Ground>,
        /// The reviewer's words.
        note: String,
    },
}

/// The letter before sign-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// Its id.
    pub id: NoticeId,
    /// Its title.
    pub title: String,
    /// When this guardian said that they read it.
    pub read_at: Option<Timestamp>,
}

/// What was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The application's id.
    pub id: ApplicationId,
    /// What has become of it.
    pub status: Status,
    /// How it was handed in.
    pub source: Source,
    /// Slots on weekdays.
    pub choices: Vec<Offered>,
    /// Why the family needs the service.
    pub need: Option<Need>,
    /// Whatever else the family said.
    pub remark: String,
    /// When it was handed in.
    pub handed_in_at: Timestamp,
    /// The steps of the chain.
    pub steps: Vec<StepView>,
}

/// A child's way into the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub name: String,
    /// The child's class.
    pub class: Option<InClass>,
    /// The sign-up, once the school has opened one.
    pub sign_up: Option<SignUp>,
    /// The letter before it.
    pub letter: Option<Letterhead>,
    /// The family's answer to the survey.
    pub intention: Option<Intention>,
    /// What the plan lets the child choose.
    pub offered: Vec<Offered>,
    /// Whether the plan asks why (B3).
    pub need_checked: bool,
    /// The first required purpose that lacks consent.
    pub consent_missing: Option<Purpose>,
    /// Why the family can't apply today, leaving choices aside.
    pub hindrance: Option<CannotApply>,
    /// What was handed in.
    pub application: Option<Answered>,
    /// The child's place.
    pub place: Option<Place>,
    /// The slots and weekdays of that place.
    pub attends: Vec<Offered>,
    /// What of that place the plan has no time for, and from when (C9).
    pub falls_away: Vec<FallsAway>,
    /// Whether names stand in the child's class today, to which its family may object (F10).
    pub names_stand: bool,
}

/// The acting guardian's children in this school, oldest id first.
pub fn children(tx: &mut Tx<ReadOwnEnrolment>) -> db::Result<Vec<Service>> {
    let guardian = guardian(tx)?;
    let pupils = people::children_of(tx, guardian)?;
    pupils.iter().map(|pupil| way(tx, pupil)).collect()
}

/// One's own child's way into the service.
pub fn service(tx: &mut Tx<ReadOwnEnrolment>, student: StudentId) -> db::Result<Service> {
    let pupil = own_pupil(tx, student)?;
    way(tx, &pupil)
}

fn way(tx: &mut SchoolTx, pupil: &Pupil) -> db::Result<Service> {
    let mut service = Service {
        student: pupil.id,
        name: pupil.name.clone(),
        class: pupil.class,
        sign_up: None,
        letter: None,
        intention: None,
        offered: Vec::new(),
        need_checked: false,
        consent_missing: None,
        hindrance: None,
        application: None,
        place: None,
        attends: Vec::new(),
        falls_away: Vec::new(),
        names_stand: false,
    };
    let Some(sign_up) = current(tx)? else { return Ok(service) };
    let guardian = guardian(tx)?;
    let rules = match rules_for(tx, &sign_up) {
        Ok(rules) => rules,
        // a school without a plan in force takes nobody yet
        Err(db::Error::NotFound) => return Ok(service),
        Err(other) => return Err(other),
    };
    let letter = letters::letter(tx, sign_up.notice)?;
    let read_at = letters::read_at(tx, sign_up.notice, guardian)?;
    let application = applications::of_child(tx, sign_up.term, pupil.id)?;
    let opening = opening(tx, &sign_up, &rules, guardian)?;
    let known = child(tx, &rules, pupil, application.as_ref())?;
    service.hindrance = open_to(&opening, &known, tx.today()).err();
    service.consent_missing = known.consent_missing;
    service.letter = Some(Letterhead { id: letter.id, title: letter.said.title, read_at });
    service.intention = signups::intention(tx, sign_up.id, pupil.id)?;
    service.offered = rules.offered(pupil);
    service.need_checked = rules.need_check;
    service.place = places::open_of_child(tx, sign_up.term, pupil.id)?;
    if let Some(place) = &service.place {
        (service.attends, service.falls_away) = attends(tx, pupil, &rules, place)?;
    }
    service.names_stand = stands_in(tx, pupil)?.is_some();
    service.application = match application {
        Some(application) => Some(answered(tx, &application, sign_up.review_days)?),
        None => None,
    };
    service.sign_up = Some(sign_up);
    Ok(service)
}

/// Whether the child's application waits for the family's signature (F4).
pub(crate) fn waits_for_signature(tx: &mut SchoolTx, student: StudentId) -> db::Result<bool> {
    let Some(sign_up) = current(tx)? else { return Ok(false) };
    let application = applications::of_child(tx, sign_up.term, student)?;
    let Some(application) = application.filter(|one| one.status == Status::Waiting) else { return Ok(false) };
    let rules = rules_of(tx, application.plan_version)?;
    let stand = next_step(&rules.chain, &applications::verdicts(tx, &application)?);
    Ok(matches!(stand, Stand::Waiting { step: Step::Agreement, .. }))
}

fn answered(tx: &mut SchoolTx, application: &Application, review_days: u8) -> db::Result<Answered> {
    let rules = rules_of(tx, application.plan_version)?;
    let choices = applications::choices(tx, application)?;
    let steps = steps(tx, application, &rules, review_days)?;
    Ok(Answered {
        id: application.id,
        status: application.status,
        source: application.source,
        choices: choices
            .into_iter()
            .map(|choice| Offered { name: rules.slot_name(&choice.slot), choice })
            .collect(),
        need: application.need,
        remark: application.remark.clone(),
        handed_in_at: application.handed_in_at,
        steps,
    })
}

/// Every step of the chain with what was decided there in the present round.
pub(super) fn steps(
    tx: &mut SchoolTx,
    application: &Application,
    rules: &Rules,
    review_days: u8,
) -> db::Result<Vec<StepView>> {
    let made = applications::decisions(tx, application.id)?;
    let now = match next_step(&rules.chain, &applications::verdicts(tx, application)?) {
        Stand::Waiting { at, .. } if application.status == Status::Waiting => Some(at),
        Stand::Waiting { .. } | Stand::Returned { .. } | Stand::Refused { .. } | Stand::Complete => None,
    };
    let due_on = due_on(application.step_since, review_days);
    let mut views = Vec::new();
    for (at, step) in rules.chain.steps.iter().enumerate() {
        let here =
            |one: &&applications::Made| one.round == application.round && usize::try_from(one.step) == Ok(at);
        let view = match made.iter().find(here) {
            Some(one) => decided(one),
            None if now == Some(at) => View::Now { due_on },
            None => View::Ahead,
        };
        views.push(StepView { step: *step, view });
    }
    Ok(views)
}

fn decided(one: &applications::Made) -> View {
    let (ground, note) = (one.ground.clone(), one.note.clone());
    match one.verdict {
        Verdict::Passed => View::Done { at: one.at, by: one.role },
        Verdict::Returned => View::Returned { ground, note },
        Verdict::Refused => View::Refused { ground, note },
    }
}
