//! What every use case of the slice leans on: the acting guardian, the child's class, the plan's rules.

use std::sync::Arc;

use kehou_db::{self as db, SchoolTx};
use kehou_domain::enrolment::agreement::Kind;
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::enrolment::chain::Chain;
use kehou_domain::enrolment::notice::Item;
use kehou_domain::enrolment::rules;
use kehou_domain::ids::{ClassId, GuardianId, PlanVersionId, StudentId};
use kehou_domain::people::flag::Flag;
use kehou_domain::plan::{AppliesTo, Plan, PriorityGroup, SlotId};

use super::rows;
use super::signup::SignUp;
use crate::{people, plan};

/// A child's home class in the school year of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InClass {
    /// The class.
    pub id: ClassId,
    /// Its grade in that school year, 1 to 9.
    pub grade: u8,
    /// Its number within the grade.
    pub number: i64,
}

/// A slot on a weekday, with the slot's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The choice.
    pub choice: Choice,
    /// What the school calls the slot.
    pub name: String,
}

/// A child as the slice needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pupil {
    pub(super) id: StudentId,
    pub(super) name: String,
    pub(super) on_roll: bool,
    pub(super) boards: AppliesTo,
    pub(super) class: Option<InClass>,
}

/// The plan that a term's applications follow.
pub(super) struct Rules {
    pub(super) version: PlanVersionId,
    pub(super) chain: Chain,
    pub(super) need_check: bool,
    pub(super) priority: Vec<&'static str>,
    pub(super) papers: Vec<Kind>,
    pub(super) required: Vec<Item>,
    plan: Arc<Plan>,
}

impl Rules {
    fn of(version: PlanVersionId, plan: Arc<Plan>) -> Rules {
        let joining = &plan.joining;
        Rules {
            version,
            chain: rules::chain(joining),
            need_check: joining.need_check || rules::chain(joining).verifies_need(),
            priority: joining.priority.iter().map(|group| flag(*group).word()).collect(),
            papers: rules::papers(joining),
            required: rules::required_items(joining),
            plan,
        }
    }

    /// What the child may choose, with the slots' names.
    pub(super) fn offered(&self, pupil: &Pupil) -> Vec<Offered> {
        let Some(class) = pupil.class else { return Vec::new() };
        let choices = rules::allowed(&self.plan, class.grade, pupil.boards);
        choices.into_iter().map(|choice| Offered { name: self.slot_name(&choice.slot), choice }).collect()
    }

    /// Whether the plan has a slot for the child's grade at all (B1).
    pub(super) fn serves(&self, pupil: &Pupil) -> bool {
        pupil.class.is_some_and(|class| self.plan.grades.has(class.grade))
    }

    /// What the school calls the slot; its id where the plan knows it no more.
    pub(super) fn slot_name(&self, id: &str) -> String {
        let slot = self.plan.slot(&SlotId(id.to_owned()));
        slot.map_or_else(|| id.to_owned(), |slot| slot.name.clone())
    }
}

/// The flag of the roster that puts a child in a plan's priority group (B4).
const fn flag(group: PriorityGroup) -> Flag {
    match group {
        PriorityGroup::LeftBehind => Flag::LeftBehind,
        PriorityGroup::MigrantWorkers => Flag::Migrant,
        PriorityGroup::Disabled => Flag::Disabled,
        PriorityGroup::Poor => Flag::Hardship,
    }
}

/// The rules of the plan that is in force when the sign-up's term begins its service.
pub(super) fn rules_for(tx: &mut SchoolTx, sign_up: &SignUp) -> db::Result<Rules> {
    let day = sign_up.service_from.max(tx.today());
    let (version, plan) = plan::version_on(tx, day)?;
    Ok(Rules::of(version, plan))
}

/// The rules of the plan version that an application was handed in under.
pub(super) fn rules_of(tx: &mut SchoolTx, version: PlanVersionId) -> db::Result<Rules> {
    let plan = plan::version(tx, version)?;
    Ok(Rules::of(version, plan))
}

/// The acting guardian.
pub(super) fn guardian(tx: &SchoolTx) -> db::Result<GuardianId> {
    people::acting_guardian(tx)
}

/// The classes that the acting role is bound to; nothing when it is bound to none.
pub(super) fn only_classes(tx: &mut SchoolTx) -> db::Result<Option<Vec<ClassId>>> {
    people::bound_classes(tx)
}

/// Whether a child of this class is in sight of a role that is bound to these classes.
pub(super) fn in_sight(bound_to: Option<&[ClassId]>, class: Option<InClass>) -> bool {
    bound_to.is_none_or(|classes| class.is_some_and(|class| classes.contains(&class.id)))
}

/// The acting guardian's own child; anybody else's is not there.
pub(super) fn own_pupil(tx: &mut SchoolTx, student: StudentId) -> db::Result<Pupil> {
    let guardian = guardian(tx)?;
    rows::people::own_pupil(tx, guardian, student)
}
