//! Handing in, for one child or several of a family; and how an application moves on (F1, F11, B1, B3).

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::ApplyForService;
use kehou_domain::enrolment::apply::{self as rule, CannotApply, Child, Choice, Need, Opening};
use kehou_domain::enrolment::chain::{Decision, Stand, Status, Step, Verdict, next_step};
use kehou_domain::enrolment::consent;
use kehou_domain::ids::{AccountId, ApplicationId, GuardianId, PlanVersionId, StudentId, TermId};
use serde_json::json;

use super::rows::{applications as rows, desk, letters, privacy};
use super::setting::{Pupil, Rules, guardian, own_pupil, rules_for, rules_of};
use super::signup::{SignUp, current};
use super::{agreement, places};

/// How a family said what it wants (R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// With their own sign-in.
    OwnAct,
    /// On a signed paper.
    Paper,
}

impl Source {
    /// The word in the store and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Source::OwnAct => "own_act",
            Source::Paper => "paper",
        }
    }

    /// The source of this word.
    pub fn parse(word: &str) -> Option<Source> {
        [Source::OwnAct, Source::Paper].into_iter().find(|source| source.word() == word)
    }
}

/// What a family asks for one child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildWish {
    /// The child.
    pub student: StudentId,
    /// Slots on weekdays.
    pub choices: Vec<Choice>,
    /// Why, where the plan asks (B3).
    pub need: Option<Need>,
    /// Whatever else the family says.
    pub remark: String,
}

/// An application as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The term.
    pub term: TermId,
    /// The child.
    pub student: StudentId,
    /// Who applied.
    pub guardian: GuardianId,
    /// The plan version that its chain follows.
    pub plan_version: PlanVersionId,
    /// Counted from 1: each handing in is a round.
    pub round: i64,
    /// What has become of it.
    pub status: Status,
    /// The step that it waits for, from 0.
    pub step: usize,
    /// The day it reached that step.
    pub step_since: Date,
    /// Why the family needs the service.
    pub need: Option<Need>,
    /// Whatever else the family says.
    pub remark: String,
    /// How it was handed in.
    pub source: Source,
    /// Who handed it in or entered it.
    pub account: AccountId,
    /// When.
    pub handed_in_at: Timestamp,
}

/// One reason why nothing was handed in, and the child that it is about. Nothing is handed in for any child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoApplication {
    /// The child.
    pub student: StudentId,
    /// The reason.
    pub why: CannotApply,
}

/// Hands in for one child or several at once: for all of them or, when one can't, for none (R1: the guardian's
/// own act).
pub fn apply(
    tx: &mut Tx<ApplyForService>,
    wishes: &[ChildWish],
) -> Result<Vec<ApplicationId>, Failed<Vec<NoApplication>>> {
    let guardian = guardian(tx)?;
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let rules = rules_for(tx, &sign_up)?;
    let (mut made, mut refused) = (Vec::new(), Vec::new());
    for wish in wishes {
        match apply_for(tx, &sign_up, &rules, guardian, wish) {
            Ok(id) => made.push(id),
            Err(Failed::Refused(why)) => refused.extend(why),
            Err(Failed::Fault(fault)) => return Err(Failed::Fault(fault)),
        }
    }
    if refused.is_empty() { Ok(made) } else { Err(Failed::Refused(refused)) }
}

fn apply_for(
    tx: &mut Tx<ApplyForService>,
    sign_up: &SignUp,
    rules: &Rules,
    guardian: GuardianId,
    wish: &ChildWish,
) -> Result<ApplicationId, Failed<Vec<NoApplication>>> {
    let refused = |why: Vec<CannotApply>| {
        let of_child = |why| NoApplication { student: wish.student, why };
        Failed::Refused(why.into_iter().map(of_child).collect())
    };
    let pupil = own_pupil(tx, wish.student)?;
    let before = rows::hold_of_child(tx, sign_up.term, pupil.id)?;
    let opening = opening(tx, sign_up, rules, guardian)?;
    let child = child(tx, rules, &pupil, before.as_ref())?;
    let asked = rule::Wish { choices: wish.choices.clone(), need: wish.need };
    rule::apply(&opening, &child, &asked, tx.today()).map_err(refused)?;

    let hand_in = HandIn { sign_up, rules, guardian, wish, source: Source::OwnAct };
    let Some(application) = hand_in.save(tx, before)? else {
        return Err(refused(vec![CannotApply::AlreadyApplied]));
    };
    advance(tx, &application)?;
    Ok(application.id)
}

/// What the school has done before, for this guardian.
pub(super) fn opening(
    tx: &mut SchoolTx,
    sign_up: &SignUp,
    rules: &Rules,
    guardian: GuardianId,
) -> db::Result<Opening> {
    let letter_read = letters::read_at(tx, sign_up.notice, guardian)?.is_some();
    let window = sign_up.window;
    Ok(Opening { window, letter_published: true, letter_read, need_checked: rules.need_check })
}

/// What is known of the child on the day.
pub(super) fn child(
    tx: &mut SchoolTx,
    rules: &Rules,
    pupil: &Pupil,
    before: Option<&Application>,
) -> db::Result<Child> {
    let notice = privacy::latest(tx)?;
    let answers = privacy::answers(tx, pupil.id)?;
    let since = notice.map_or(1, |notice| notice.valid_since);
    Ok(Child {
        on_roll: pupil.on_roll,
        grade_served: rules.serves(pupil),
        allowed: rules.offered(pupil).into_iter().map(|offered| offered.choice).collect(),
        applied: before.is_some_and(|application| !application.status.is_over()),
        consent_missing: consent::missing(&answers, since),
    })
}

/// One handing in, on the way to the store.
pub(super) struct HandIn<'a> {
    pub(super) sign_up: &'a SignUp,
    pub(super) rules: &'a Rules,
    pub(super) guardian: GuardianId,
    pub(super) wish: &'a ChildWish,
    pub(super) source: Source,
}

impl HandIn<'_> {
    /// Saves a first application or the next round of one that came back. Nothing when somebody was quicker.
    pub(super) fn save(
        &self,
        tx: &mut SchoolTx,
        before: Option<Application>,
    ) -> db::Result<Option<Application>> {
        let Some(id) = (match before {
            Some(before) => rows::next_round(tx, &before, self).map(Some)?,
            None => tx.unless_already(|tx| rows::add(tx, self))?,
        }) else {
            return Ok(None);
        };
        let application = rows::application(tx, id)?;
        rows::add_choices(tx, &application, &self.wish.choices)?;
        tx.event(Event::new("ApplyForService", id).facts(json!({
            "child": application.student.to_string(),
            "round": application.round,
            "source": self.source.word(),
            "choices": self.wish.choices.iter().map(|c| format!("{}/{}", c.slot, c.weekday)).collect::<Vec<_>>(),
            "need": self.wish.need.map(Need::word),
        })))?;
        Ok(Some(application))
    }
}

/// Reads where the application stands by its chain and its decisions, and keeps that for lists. A complete one
/// becomes a place (R1).
pub(super) fn advance(tx: &mut SchoolTx, application: &Application) -> db::Result<Stand> {
    let rules = rules_of(tx, application.plan_version)?;
    let decisions = rows::verdicts(tx, application)?;
    let stand = next_step(&rules.chain, &decisions);
    match stand {
        Stand::Waiting { at, step: Step::Agreement } if agreement::all_signed(tx, application, &rules)? => {
            rows::add_decision(tx, application, at, &rows::NewDecision::passed("agreement"))?;
            return advance(tx, application);
        }
        Stand::Waiting { at, step } => {
            rows::set_standing(tx, application, Status::Waiting, at)?;
            if step == Step::Agreement {
                tell(tx, application, "agreement_to_sign")?;
            }
        }
        Stand::Returned { at } => {
            rows::set_standing(tx, application, Status::Returned, at)?;
            tell(tx, application, "application_returned")?;
        }
        Stand::Refused { at } => {
            rows::set_standing(tx, application, Status::Refused, at)?;
            tell(tx, application, "application_refused")?;
        }
        Stand::Complete => complete(tx, application, &rules, &decisions)?,
    }
    Ok(stand)
}

fn complete(
    tx: &mut SchoolTx,
    application: &Application,
    rules: &Rules,
    decisions: &[Decision],
) -> db::Result<()> {
    if places::admit_child(tx, application, rules, decisions)? {
        rows::set_standing(tx, application, Status::Enrolled, rules.chain.steps.len())?;
        tell(tx, application, "child_enrolled")?;
    }
    Ok(())
}

/// Tells the guardian who applied (F12).
pub(super) fn tell(tx: &mut SchoolTx, application: &Application, kind: &'static str) -> db::Result<()> {
    let Some(account) = desk::account_of(tx, application.guardian)? else { return Ok(()) };
    tx.tell(account, kind, &json!({ "student": application.student.to_string() }))
}

/// The verdict of one step, for the domain.
pub(super) fn verdict(step: i64, verdict: Verdict) -> Decision {
    Decision { step: usize::try_from(step).unwrap_or(usize::MAX), verdict }
}
