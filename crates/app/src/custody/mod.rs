//! The custody ledger in the store: facts are added and read, never changed (H10).

mod rows;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Result, SchoolTx};
use kehou_domain::calendar::school::Underway;
use kehou_domain::custody::{self as ledger, CannotFollow, Fact, Mark, State, What, happened, state};
use kehou_domain::ids::{FactId, GuardianId, SessionId, StudentId};

/// A fact that is about to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFact {
    /// The id that the device gave it; without one it gets a new id.
    pub id: Option<FactId>,
    /// The child.
    pub student: StudentId,
    /// The session it is noted in, when it is noted in one.
    pub session: Option<SessionId>,
    /// When it happened by the device's account; without one, now.
    pub at: Option<Timestamp>,
    /// The earlier fact that it replaces or takes back.
    pub corrects: Option<FactId>,
    /// What happened.
    pub what: What,
}

impl NewFact {
    /// This happened to the child in the session, just now.
    pub fn now(student: StudentId, session: Option<SessionId>, what: What) -> NewFact {
        NewFact { id: None, student, session, at: None, corrects: None, what }
    }
}

/// Notes that this happened to the child, just now, in its day's ledger: after midnight a day that is not closed goes
/// on. What may follow is asked before.
pub(crate) fn record(
    tx: &mut SchoolTx,
    day: Date,
    (student, session): (StudentId, Option<SessionId>),
    what: What,
) -> Result<FactId> {
    let noted = record_all(tx, day, "", vec![NewFact::now(student, session, what)])?;
    Ok(noted[0].id)
}

/// Notes many facts of one day in a fixed number of statements. A fact whose id is there already is the same fact
/// sent twice and changes nothing.
pub(crate) fn record_all(
    tx: &mut SchoolTx,
    day: Date,
    device: &str,
    facts: Vec<NewFact>,
) -> Result<Vec<Fact>> {
    let (arrived_at, account, role) = (tx.at(), tx.account(), tx.role());
    let mut noted = Vec::with_capacity(facts.len());
    for fact in facts {
        noted.push(Fact {
            id: fact.id.unwrap_or_else(|| tx.new_id()),
            student: fact.student,
            day,
            session: fact.session,
            at: fact.at.map_or(arrived_at, |at| happened(at, arrived_at, day)),
            arrived_at,
            device: device.to_owned(),
            account,
            role,
            corrects: fact.corrects,
            what: fact.what,
        });
    }
    rows::save(tx, &noted)?;
    Ok(noted)
}

/// H9: whether anything may still be noted on the day, or why not.
pub(crate) fn day_is_open(tx: &mut SchoolTx, day: Date) -> Result<std::result::Result<(), CannotFollow>> {
    Ok(ledger::day_is_open(closed_at(tx, day)?))
}

/// When the day was closed.
pub(crate) fn closed_at(tx: &mut SchoolTx, day: Date) -> Result<Option<Timestamp>> {
    rows::closed_at(tx, day)
}

/// The child's facts of the day, as they arrived.
pub(crate) fn facts_of(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<Vec<Fact>> {
    rows::of_student(tx, student, day)
}

/// Every fact that was noted of the child, day by day.
pub(crate) fn facts_of_child(tx: &mut SchoolTx, student: StudentId) -> Result<Vec<Fact>> {
    rows::of_child(tx, student)
}

/// What the child's day adds up to so far.
pub(crate) fn state_of(tx: &mut SchoolTx, student: StudentId, day: Date) -> Result<State> {
    Ok(state(&facts_of(tx, student, day)?))
}

/// What the day of every child who has facts adds up to so far.
pub(crate) fn states_on(tx: &mut SchoolTx, day: Date) -> Result<BTreeMap<StudentId, State>> {
    Ok(states(rows::of_day(tx, day)?))
}

/// The facts of the day of every child who has any.
pub(crate) fn facts_on(tx: &mut SchoolTx, day: Date) -> Result<BTreeMap<StudentId, Vec<Fact>>> {
    Ok(by_child(rows::of_day(tx, day)?))
}

/// The facts of the day of every child who is expected in the session.
pub(crate) fn facts_in(
    tx: &mut SchoolTx,
    session: SessionId,
    day: Date,
) -> Result<BTreeMap<StudentId, Vec<Fact>>> {
    Ok(by_child(rows::of_session(tx, session, day)?))
}

/// What the day of every child who is expected in the session adds up to so far.
pub(crate) fn states_in(
    tx: &mut SchoolTx,
    session: SessionId,
    day: Date,
) -> Result<BTreeMap<StudentId, State>> {
    Ok(states(rows::of_session(tx, session, day)?))
}

/// What the day of every child of this guardian adds up to so far.
pub(crate) fn states_of_guardian(
    tx: &mut SchoolTx,
    guardian: GuardianId,
    day: Date,
) -> Result<BTreeMap<StudentId, State>> {
    Ok(states(rows::of_guardian(tx, guardian, day)?))
}

/// What each day of a span adds up to, for every child who has facts on it.
pub(crate) fn states_between(
    tx: &mut SchoolTx,
    from: Date,
    to: Date,
) -> Result<BTreeMap<(Date, StudentId), State>> {
    let mut days: BTreeMap<(Date, StudentId), Vec<Fact>> = BTreeMap::new();
    for fact in rows::between(tx, from, to)? {
        days.entry((fact.day, fact.student)).or_default().push(fact);
    }
    Ok(days.into_iter().map(|(key, facts)| (key, state(&facts))).collect())
}

/// The facts that one account noted in a session at one moment: what an undo takes back.
pub(crate) fn noted_at(tx: &mut SchoolTx, session: SessionId, arrived_at: Timestamp) -> Result<Vec<Fact>> {
    rows::noted_at(tx, session, arrived_at)
}

fn states(facts: Vec<Fact>) -> BTreeMap<StudentId, State> {
    by_child(facts).into_iter().map(|(student, facts)| (student, state(&facts))).collect()
}

fn by_child(facts: Vec<Fact>) -> BTreeMap<StudentId, Vec<Fact>> {
    let mut children: BTreeMap<StudentId, Vec<Fact>> = BTreeMap::new();
    for fact in facts {
        children.entry(fact.student).or_default().push(fact);
    }
    children
}

/// How many children of a day a roll has called, how many are in the school's hands now, and how many more the sessions
/// that have begun await.
pub(crate) fn underway(tx: &mut SchoolTx, day: Date, begun: &BTreeSet<SessionId>) -> Result<Underway> {
    let mut underway = Underway::default();
    for state in states_on(tx, day)?.values() {
        let mut marks = state.sessions().filter_map(|session| state.mark(session));
        underway.called += u32::from(marks.any(Mark::is_called));
        let is_here = state.whereabouts().is_in_care();
        underway.here += u32::from(is_here);
        let mut open = state.sessions().filter(|session| state.mark(*session) == Some(Mark::Unmarked));
        underway.awaited += u32::from(!is_here && open.any(|session| begun.contains(&session)));
    }
    Ok(underway)
}
