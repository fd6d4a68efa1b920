//! Taking over the families that had signed on paper before the school began to use Kehou (R1, F4).

use std::collections::BTreeSet;

use jiff::civil::Date;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::TakeOverPapers;
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::ids::{ClassId, StudentId, TermId};
use serde_json::json;

use super::rows::{desk, people, places, signups};
use super::setting::{InClass, Offered, Rules, rules_for};
use super::signup::{SignUp, current};

/// A child whose family signed on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOver {
    /// The child.
    pub student: StudentId,
    /// Slots on weekdays.
    pub choices: Vec<Choice>,
}

/// A class before it is taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToTakeOver {
    /// The sign-up whose term the places are for.
    pub sign_up: SignUp,
    /// The classes to choose from.
    pub classes: Vec<InClass>,
    /// The children of the chosen class who are on roll and have no place yet.
    pub children: Vec<(StudentId, String)>,
    /// What the plan offers the class.
    pub offered: Vec<Offered>,
}

/// Why a child cannot be taken over; then none of the list is. Facts only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotTakeOver {
    /// It is not said where the papers lie.
    PlaceMissing,
    /// Nobody is on the list.
    NobodyTicked,
    /// The service of the term begins later.
    TooEarly {
        /// Its first day.
        service_from: Date,
    },
    /// The child is not on roll, or its grade is not served (B1).
    NotServed(StudentId),
    /// The plan does not offer this, or nothing was chosen.
    NotOffered(StudentId),
    /// The child has a place already.
    HasPlace(StudentId),
}

/// The class whose papers are taken over; nothing before a sign-up was opened.
pub fn to_take_over(tx: &mut Tx<TakeOverPapers>, class: Option<ClassId>) -> db::Result<Option<ToTakeOver>> {
    let Some(sign_up) = current(tx)? else { return Ok(None) };
    let rules = rules_for(tx, &sign_up)?;
    let classes = signups::survey(tx, &sign_up)?.into_iter().map(|line| line.class).collect();
    let (mut children, mut offered) = (Vec::new(), Vec::new());
    for pupil in class.map(|class| people::in_class(tx, class)).transpose()?.unwrap_or_default() {
        if !rules.serves(&pupil) || places::open_of_child(tx, sign_up.term, pupil.id)?.is_some() {
            continue;
        }
        for one in rules.offered(&pupil) {
            if !offered.contains(&one) {
                offered.push(one);
            }
        }
        children.push((pupil.id, pupil.name));
    }
    Ok(Some(ToTakeOver { sign_up, classes, children, offered }))
}

/// Gives a place to each child of a list whose signed papers lie at this place in the school. All of it or nothing.
pub fn take_over(
    tx: &mut Tx<TakeOverPapers>,
    children: &[TakenOver],
    from_on: Date,
    place: &str,
) -> Result<usize, Failed<Vec<CannotTakeOver>>> {
    desk::hold(tx)?;
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let rules = rules_for(tx, &sign_up)?;
    let mut wrong = form_of_take_over(children, place);
    if from_on < sign_up.service_from {
        wrong.push(CannotTakeOver::TooEarly { service_from: sign_up.service_from });
    }
    for (at, child) in children.iter().enumerate() {
        let is_named_before = children[..at].iter().any(|other| other.student == child.student);
        wrong.extend(is_named_before.then_some(CannotTakeOver::HasPlace(child.student)));
        wrong.extend(may_be_taken_over(tx, &rules, sign_up.term, child)?.err());
    }
    if !wrong.is_empty() {
        return Err(Failed::Refused(wrong));
    }
    for child in children {
        let id = places::add_taken_over(tx, sign_up.term, child.student, from_on)?;
        let mut choices = child.choices.clone();
        choices.sort();
        choices.dedup();
        places::add_slots(tx, id, &choices)?;
    }
    let facts = json!({ "children": children.len(), "from_on": from_on.to_string(), "place": place.trim() });
    tx.event(Event::of::<TakeOverPapers>(sign_up.term).facts(facts))?;
    Ok(children.len())
}

/// What the form itself lacks, whatever the day and the children.
pub fn form_of_take_over(children: &[TakenOver], place: &str) -> Vec<CannotTakeOver> {
    let nobody = children.is_empty().then_some(CannotTakeOver::NobodyTicked);
    let no_place = place.trim().is_empty().then_some(CannotTakeOver::PlaceMissing);
    nobody.into_iter().chain(no_place).collect()
}

fn may_be_taken_over(
    tx: &mut SchoolTx,
    rules: &Rules,
    term: TermId,
    child: &TakenOver,
) -> db::Result<Result<(), CannotTakeOver>> {
    let pupil = people::pupil(tx, child.student)?;
    if !pupil.on_roll || !rules.serves(&pupil) {
        return Ok(Err(CannotTakeOver::NotServed(child.student)));
    }
    let offered: BTreeSet<(String, i8)> =
        rules.offered(&pupil).into_iter().map(|one| (one.choice.slot, one.choice.weekday)).collect();
    let fits = |choice: &Choice| offered.contains(&(choice.slot.clone(), choice.weekday));
    if child.choices.is_empty() || !child.choices.iter().all(fits) {
        return Ok(Err(CannotTakeOver::NotOffered(child.student)));
    }
    match places::open_of_child(tx, term, child.student)? {
        Some(_) => Ok(Err(CannotTakeOver::HasPlace(child.student))),
        None => Ok(Ok(())),
    }
}
