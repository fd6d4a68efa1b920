//! The reviewers' pile and their decisions, one or many at once (F1, B2, B3, B4).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{ReadApplications, ReviewApplications, Role};
use kehou_domain::enrolment::apply::Need;
use kehou_domain::enrolment::chain::{Stand, Status, Step, due_on, next_step};
use kehou_domain::enrolment::review::{self as rule, CannotDecide, Judgement, OnPile};
use kehou_domain::ids::{ApplicationId, ClassId, StudentId};
use serde_json::json;

use super::apply::{Application, Source, advance};
use super::family::{StepView, steps};
use super::rows::applications::{self as rows, Listed, NewDecision};
use super::rows::people;
use super::setting::{InClass, Offered, Rules, in_sight, only_classes, rules_for, rules_of};
use super::signup::{SignUp, current};

/// Which applications of a term are read: those that wait are few, the others as many as the school has children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those that wait for a step.
    Waiting,
    /// Those that wait for none.
    Settled,
    /// Both.
    All,
}

impl Part {
    /// Whether an application of this status is in it.
    pub(super) fn holds(self, status: Status) -> bool {
        match self {
            Part::Waiting => status == Status::Waiting,
            Part::Settled => status != Status::Waiting,
            Part::All => true,
        }
    }
}

/// The reviewers' page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pile {
    /// The sign-up that it belongs to.
    pub sign_up: SignUp,
    /// Whether the plan checks need (B3).
    pub need_checked: bool,
    /// The applications of the part that the reviewer may see, problems first.
    pub items: Vec<PileItem>,
    /// How many that the reviewer may see wait for no step.
    pub settled: u32,
    /// Whether the plan gives the acting role a part in the reviewing at all (F1).
    pub has_part: bool,
    /// How many applications stand at each step that the role sees (F11).
    pub steps: Vec<StepCount>,
}

/// How many applications wait for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepCount {
    /// The step.
    pub step: Step,
    /// How many wait.
    pub waiting: u32,
}

/// One application on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PileItem {
    /// The application.
    pub id: ApplicationId,
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub name: String,
    /// The child's class.
    pub class: Option<InClass>,
    /// Who applied.
    pub guardian: String,
    /// Slots on weekdays.
    pub choices: Vec<Offered>,
    /// Why the family needs the service.
    pub need: Option<Need>,
    /// Whatever else the family says.
    pub remark: String,
    /// What has become of it.
    pub status: Status,
    /// The step that it waits for.
    pub step: Option<Step>,
    /// The last day on which that step is in time.
    pub due_on: Date,
    /// Whether that day is past.
    pub overdue: bool,
    /// Whether the acting role decides now.
    pub mine: bool,
    /// Whether the child is in a priority group of the plan (B4); never for the parent committee.
    pub priority: bool,
    /// How it was handed in.
    pub source: Source,
    /// When it was handed in.
    pub handed_in_at: Timestamp,
}

/// What a bulk decision did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// How many were decided.
    pub done: u32,
    /// Those that were not, and why.
    pub not: Vec<NotDecided>,
}

/// One application that could not be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDecided {
    /// The application.
    pub id: ApplicationId,
    /// The child's name.
    pub name: String,
    /// The reason.
    pub why: CannotDecide,
}

/// The applications that the acting role may see (F1): a homeroom teacher those of their class, the office and the
/// principal all, anybody else those at the role's own step.
pub fn pile(tx: &mut Tx<ReadApplications>, part: Part) -> db::Result<Option<Pile>> {
    let Some(sign_up) = current(tx)? else { return Ok(None) };
    let rules = rules_for(tx, &sign_up)?;
    let listed = visible(tx, &sign_up, &rules, part)?;
    let flagged = flagged(tx, &rules)?;
    let mut choices: BTreeMap<ApplicationId, Vec<Offered>> = BTreeMap::new();
    for (application, choice) in rows::choices_of_term(tx, sign_up.term, part)? {
        let asked = Offered { name: rules.slot_name(&choice.slot), choice };
        choices.entry(application).or_default().push(asked);
    }
    let settled = settled(tx, &sign_up)?;
    let (role, today) = (tx.role(), tx.today());
    let steps = count_steps(role, &rules, &listed);
    let has_part = rule::has_part(role, &rules.chain.steps);
    let mut items: Vec<PileItem> = Vec::with_capacity(listed.len());
    for one in listed {
        let step = waiting_step(&rules, &one.application);
        let due_on = due_on(one.application.step_since, sign_up.review_days);
        items.push(PileItem {
            id: one.application.id,
            student: one.application.student,
            choices: choices.remove(&one.application.id).unwrap_or_default(),
            priority: flagged.contains(&one.application.student),
            overdue: step.is_some() && due_on < today,
            mine: matches!(step, Some(Step::Review { role: reviewer, .. }) if reviewer == role),
            step,
            due_on,
            name: one.name,
            class: one.class,
            guardian: one.guardian_name,
            need: one.application.need,
            remark: one.application.remark,
            status: one.application.status,
            source: one.application.source,
            handed_in_at: one.application.handed_in_at,
        });
    }
    let items = in_order(items, today);
    Ok(Some(Pile { items, settled, sign_up, need_checked: rules.need_check, has_part, steps }))
}

/// How many applications that the acting role may see wait for no step.
fn settled(tx: &mut SchoolTx, sign_up: &SignUp) -> db::Result<u32> {
    if !rule::may_read(tx.role(), None) {
        return Ok(0);
    }
    let bound_to = only_classes(tx)?;
    let is_in_sight = |class: Option<ClassId>| {
        bound_to.as_ref().is_none_or(|own| class.is_some_and(|class| own.contains(&class)))
    };
    let counts = rows::settled(tx, sign_up.term)?;
    Ok(counts.iter().filter(|(class, _)| is_in_sight(*class)).map(|(_, count)| count).sum())
}

/// Problems first (overdue, priority groups, then by day), and what does not wait after what does.
fn in_order(items: Vec<PileItem>, today: Date) -> Vec<PileItem> {
    let pile: Vec<OnPile> = items
        .iter()
        .map(|item| OnPile { due_on: item.due_on, priority: item.priority, since: item.due_on })
        .collect();
    let mut order = rule::review_order(&pile, today);
    order.sort_by_key(|place| (!items[*place].mine, items[*place].step.is_none()));
    let mut slots: Vec<Option<PileItem>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| slots[place].take()).collect()
}

fn waiting_step(rules: &Rules, application: &Application) -> Option<Step> {
    match application.status {
        Status::Waiting => rules.chain.steps.get(application.step).copied(),
        Status::Returned | Status::Refused | Status::Withdrawn | Status::Enrolled => None,
    }
}

fn count_steps(role: Role, rules: &Rules, listed: &[Listed]) -> Vec<StepCount> {
    let waiting = |at: usize| {
        let here = |one: &&Listed| one.application.status == Status::Waiting && one.application.step == at;
        u32::try_from(listed.iter().filter(here).count()).unwrap_or(u32::MAX)
    };
    let seen = |(_, step): &(usize, &Step)| rule::may_read(role, Some(**step));
    let steps = rules.chain.steps.iter().enumerate().filter(seen);
    steps.map(|(at, step)| StepCount { step: *step, waiting: waiting(at) }).collect()
}

/// The applications of a part that the acting role may see.
pub(super) fn visible(
    tx: &mut SchoolTx,
    sign_up: &SignUp,
    rules: &Rules,
    part: Part,
) -> db::Result<Vec<Listed>> {
    let mut listed = rows::of_term(tx, sign_up.term, part)?;
    let (bound_to, role) = (only_classes(tx)?, tx.role());
    listed.retain(|one| {
        in_sight(bound_to.as_deref(), one.class)
            && rule::may_read(role, waiting_step(rules, &one.application))
    });
    Ok(listed)
}

/// The children in the plan's priority groups (B4). The parent committee is no reviewing role of the school.
fn flagged(tx: &mut SchoolTx, rules: &Rules) -> db::Result<Vec<kehou_domain::ids::StudentId>> {
    if tx.role() == Role::ParentCommittee {
        return Ok(Vec::new());
    }
    let flags = people::flags(tx)?;
    let counts = |kind: &str| rules.priority.contains(&kind);
    Ok(flags.into_iter().filter(|(_, kind)| counts(kind)).map(|(student, _)| student).collect())
}

/// One application with every step and decision, for a reviewer who may see it.
pub fn application_card(
    tx: &mut Tx<ReadApplications>,
    id: ApplicationId,
) -> db::Result<(PileItem, Vec<StepView>)> {
    let pile = pile(tx, Part::All)?.ok_or(db::Error::NotFound)?;
    let review_days = pile.sign_up.review_days;
    let item = pile.items.into_iter().find(|item| item.id == id).ok_or(db::Error::NotFound)?;
    let application = rows::application(tx, id)?;
    let rules = rules_of(tx, application.plan_version)?;
    let views = steps(tx, &application, &rules, review_days)?;
    Ok((item, views))
}

/// Decides on many applications with one judgement; each stands for itself, so one that can't be decided holds
/// up no other.
pub fn decide(
    tx: &mut Tx<ReviewApplications>,
    ids: &[ApplicationId],
    judgement: &Judgement,
    note: &str,
) -> Result<Decided, Failed<CannotDecide>> {
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let mut decided = Decided { done: 0, not: Vec::new() };
    let rules = rules_for(tx, &sign_up)?;
    let visible = visible(tx, &sign_up, &rules, Part::All)?;
    for id in ids {
        let listed = visible.iter().find(|one| one.application.id == *id).ok_or(db::Error::NotFound)?;
        match decide_one(tx, *id, judgement, note) {
            Ok(()) => decided.done += 1,
            Err(Failed::Refused(why)) => {
                decided.not.push(NotDecided { id: *id, name: listed.name.clone(), why });
            }
            Err(fault @ Failed::Fault(_)) => return Err(fault),
        }
    }
    Ok(decided)
}

fn decide_one(
    tx: &mut Tx<ReviewApplications>,
    id: ApplicationId,
    judgement: &Judgement,
    note: &str,
) -> Result<(), Failed<CannotDecide>> {
    rows::hold(tx, id)?;
    let application = rows::application(tx, id)?;
    if application.status != Status::Waiting {
        return Err(Failed::Refused(CannotDecide::NotWaiting));
    }
    let rules = rules_of(tx, application.plan_version)?;
    let verdicts = rows::verdicts(tx, &application)?;
    let stand = next_step(&rules.chain, &verdicts);

    let verdict = rule::decide(stand, tx.role(), rules.need_check, judgement).map_err(Failed::Refused)?;

    let Stand::Waiting { at, .. } = stand else { return Err(Failed::Refused(CannotDecide::NotWaiting)) };
    let (ground, need_seen) = match judgement {
        Judgement::Approve { need_seen } => (None, *need_seen),
        Judgement::Return(ground) | Judgement::Refuse(ground) => (Some(ground.clone()), false),
    };
    let decision = NewDecision { kind: "review", verdict, ground, note: note.to_owned(), need_seen };
    rows::add_decision(tx, &application, at, &decision)?;
    tx.event(Event::of::<ReviewApplications>(id).facts(json!({
        "round": application.round,
        "step": at,
        "verdict": verdict.word(),
        "ground": decision.ground.as_ref().map(rule::Ground::word),
    })))?;
    advance(tx, &application)?;
    Ok(())
}
