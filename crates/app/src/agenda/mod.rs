//! What waits for the acting role, and the first steps of a school that begins from nothing.
//!
//! Owns no table: it counts what the other slices left open, in few statements, for the first page.

mod rows;

use jiff::Span;
use jiff::civil::Date;
use kehou_db::{Result, SchoolTx, Tx};
use kehou_domain::access::{Action, KeepCalendar, Role, SeeOpenWork};
use kehou_domain::agenda::{FirstStep, Matter, StepTaken, Waiting, first_steps, waiting_for};
use kehou_domain::enrolment::rules;
use kehou_domain::ids::StaffId;

use crate::{calendar, dismissal, enrolment, people, plan};

/// A role's first page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// What waits, most pressing first.
    pub waiting: Vec<Waiting>,
    /// The first steps of the role while one is left.
    pub steps: Vec<StepTaken>,
    /// The oldest earlier day that was not closed (H9).
    pub unclosed: Option<Date>,
    /// Whether the reader is a grade head to whom the school has given no grade yet (G1).
    pub waits_for_grades: bool,
}

/// What waits for the acting role (A6, A9, F1, H9): a homeroom teacher is told of the own class, a teacher of the own
/// sessions, a grade head of the own grades, everybody else of the school.
pub fn agenda(tx: &mut Tx<SeeOpenWork>) -> Result<Agenda> {
    let own = own_staff(tx);
    let unclosed = dismissal::unclosed(tx)?;
    let mut found = rows::counts(tx, own)?;
    if tx.role() == Role::GradeHead {
        of_own_grades(tx, &mut found)?;
    }
    let waits_for_grades = people::waits_for_grades(tx)?;
    found.extend(applications(tx, own)?);
    found.push(Waiting { matter: Matter::DaysUnclosed, count: count(unclosed.len()) });
    found.push(Waiting { matter: Matter::DaysUndecided, count: days_undecided(tx)? });
    let (done, papers_in_use) = rows::steps(tx)?;
    let steps = first_steps(tx.role(), &with_clauses(tx, done, papers_in_use)?);
    Ok(Agenda {
        waiting: waiting_for(tx.role(), &found),
        steps,
        unclosed: unclosed.first().copied(),
        waits_for_grades,
    })
}

/// A grade head is told of the children of the own grades alone (G1).
fn of_own_grades(tx: &mut SchoolTx, found: &mut Vec<Waiting>) -> Result<()> {
    let own = people::bound_classes(tx)?.unwrap_or_default();
    found.retain(|waiting| !matches!(waiting.matter, Matter::ChildrenMissing | Matter::EarlyLeaves));
    let mut sum = [(Matter::ChildrenMissing, 0), (Matter::EarlyLeaves, 0)];
    for (_, missing, early) in rows::by_class(tx)?.into_iter().filter(|(class, _, _)| own.contains(class)) {
        sum[0].1 += missing;
        sum[1].1 += early;
    }
    found.extend(sum.map(|(matter, count)| Waiting { matter, count }));
    Ok(())
}

/// Whose own things alone are counted: a teacher's.
fn own_staff(tx: &SchoolTx) -> Option<StaffId> {
    let teaches = matches!(tx.role(), Role::HomeroomTeacher | Role::ServiceTeacher);
    if teaches { people::acting_staff(tx).ok() } else { None }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Where the applications of the term stand, as matters.
fn applications(tx: &mut SchoolTx, own: Option<StaffId>) -> Result<Vec<Waiting>> {
    let standing = enrolment::standing(tx, own)?;
    let counts = [
        (Matter::ApplicationsToReview, standing.mine),
        (Matter::ApplicationsOverdue, standing.overdue),
        (Matter::NamesToShow, standing.to_show),
        (Matter::ChildrenToFile, standing.to_file),
    ];
    Ok(counts.into_iter().map(|(matter, count)| Waiting { matter, count }).collect())
}

/// How far ahead the calendar is looked through, in days: a term and the vacation after it.
const AHEAD_DAYS: i64 = 240;

/// Days of the terms in use, from today on, that nobody has decided (C3).
fn days_undecided(tx: &mut SchoolTx) -> Result<i64> {
    if !KeepCalendar::ROLES.contains(&tx.role()) {
        return Ok(0);
    }
    let today = tx.today();
    let until = today.checked_add(Span::new().days(AHEAD_DAYS)).unwrap_or(today);
    calendar::undecided_between(tx, today, until).map(count)
}

/// The steps that are done, with the clauses' when as many papers have clauses in use as the plan asks for (F6).
fn with_clauses(tx: &mut SchoolTx, mut done: Vec<FirstStep>, in_use: i64) -> Result<Vec<FirstStep>> {
    let asked = plan::newest(tx)?.map_or(1, |plan| rules::papers(&plan.joining).len());
    if count(asked) <= in_use {
        done.push(FirstStep::Clauses);
    }
    Ok(done)
}
