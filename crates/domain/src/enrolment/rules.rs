//! What enrolment takes from a plan: its chain, whom it serves, and what a child may choose.

use super::agreement::Kind;
use super::apply::Choice;
use super::chain::{Chain, Step};
use super::notice::Item;
use crate::plan::{AppliesTo, Form, Joining, Plan, PublicItem, Slot, StepKind};

/// For how many days names stand where the plan names the step without a number.
const PUBLICATION_DAYS: u8 = 3;

/// The steps after the family has applied (F1), in the plan's order.
///
/// What comes before applying (publication of the offer, survey, choice) and the arranging of groups are no
/// steps of one application. A plan that uses a paper both sides sign, but names no step for it, gets one at
/// the end (F2, F4).
pub fn chain(joining: &Joining) -> Chain {
    let mut steps: Vec<Step> = joining.steps.iter().filter_map(one_step).collect();
    if !papers(joining).is_empty() && !steps.contains(&Step::Agreement) {
        steps.push(Step::Agreement);
    }
    Chain { steps }
}

fn one_step(step: &crate::plan::Step) -> Option<Step> {
    match step.kind {
        StepKind::Review => Some(Step::Review { role: step.role, verifies_need: step.verifies_need }),
        StepKind::PublishNames => {
            let days = step.within_days.and_then(|days| u8::try_from(days).ok());
            Some(Step::Publication { days: days.unwrap_or(PUBLICATION_DAYS) })
        }
        StepKind::File => Some(Step::Filing),
        StepKind::Agreement => Some(Step::Agreement),
        StepKind::PublishOffer
        | StepKind::Survey
        | StepKind::Choose
        | StepKind::Apply
        | StepKind::Arrange => None,
    }
}

/// The papers that are signed under the plan (F2): the agreement binds both sides, whether it is on the service or on
/// its safety; the responsibility letter is worded as the pledge is.
pub fn papers(joining: &Joining) -> Vec<Kind> {
    let uses = |forms: &[Form]| joining.forms.iter().any(|form| forms.contains(form));
    let agreed = joining.steps.iter().any(|step| step.kind == StepKind::Agreement);
    let mut kinds = Vec::new();
    if agreed || uses(&[Form::ServiceAgreement, Form::SafetyAgreement]) {
        kinds.push(Kind::ServiceAgreement);
    }
    if uses(&[Form::SafetyPledge, Form::ResponsibilityLetter]) {
        kinds.push(Kind::SafetyPledge);
    }
    kinds
}

/// What the letter must tell under this plan: what every letter tells, and what the plan adds (M1).
pub fn required_items(joining: &Joining) -> Vec<Item> {
    let publishes = |known: &[PublicItem]| joining.publish.iter().any(|item| known.contains(item));
    let told = |item: &Item| match item {
        Item::Spending => publishes(&[PublicItem::Spending]),
        Item::Arrangement => publishes(&[PublicItem::Staff, PublicItem::Pupils]),
        Item::Time | Item::Content | Item::Manner | Item::Safety | Item::Fee | Item::Risk => {
            item.is_required()
        }
    };
    Item::ALL.into_iter().filter(told).collect()
}

/// The slots and weekdays that a child of the grade may choose (B1, C1).
pub fn allowed(plan: &Plan, grade: u8, boards: AppliesTo) -> Vec<Choice> {
    let mut choices = Vec::new();
    for slot in plan.slots.iter().filter(|slot| serves(slot, grade, boards)) {
        for weekday in slot.weekdays.iter().filter_map(|number| i8::try_from(number).ok()) {
            choices.push(Choice { slot: slot.id.as_str().to_owned(), weekday });
        }
    }
    choices
}

/// Whether the plan has a time for a place of a child of the grade: its slot on its weekday (C3).
pub fn has_time(plan: &Plan, grade: u8, boards: AppliesTo, place: &Choice) -> bool {
    allowed(plan, grade, boards).contains(place)
}

fn serves(slot: &Slot, grade: u8, boards: AppliesTo) -> bool {
    slot.grades.has(grade) && (slot.applies_to == AppliesTo::All || slot.applies_to == boards)
}
