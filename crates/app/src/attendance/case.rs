//! Missing children (G3, A9): a case for each, with the calls, until it is known where the child is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{LookForChild, ReadCases, Role};
use kehou_domain::attendance::{Answer, CaseRefused, Child, Outcome, close_case, may_learn};
use kehou_domain::custody::{CannotFollow, Ending, Fact, Found, Kind, Mark, What, Whereabouts, may_follow};
use kehou_domain::ids::{AccountId, AttemptId, CaseId, GuardianId, SessionId, StudentId};
use serde_json::json;

use super::rows;
use super::session::{Sight, own_child, sees_child, sight};
use crate::custody::{self, NewFact};

/// A child who is being looked for, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The child.
    pub student: StudentId,
    /// The child's name.
    pub name: String,
    /// The number in the class, where the school gives numbers.
    pub seat_no: Option<u32>,
    /// The session that the child was missing in.
    pub session: SessionId,
    /// The day.
    pub day: Date,
    /// The group that the child belongs to.
    pub group_name: String,
    /// What the school calls the slot.
    pub slot_name: String,
    /// When the child was found missing.
    pub opened_at: Timestamp,
    /// Whether nobody knows yet where the child is.
    pub is_open: bool,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// Who was called, in order.
    pub attempts: Vec<Attempt>,
    /// Whom to call.
    pub contacts: Vec<Contact>,
}

/// One call, or one look around the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// When.
    pub at: Timestamp,
    /// Who called.
    pub account: AccountId,
    /// Who was called; nobody when the child was seen.
    pub guardian: Option<GuardianId>,
    /// The name of who was called.
    pub guardian_name: String,
    /// How it went.
    pub answer: Answer,
    /// What was said.
    pub said: String,
    /// The number, shown to the one who is calling, until it is written down how the call went.
    pub phone: Option<String>,
}

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The guardian.
    pub guardian: GuardianId,
    /// The name.
    pub name: String,
    /// 妈妈, 爷爷, …
    pub relation: String,
    /// Whether the school has a number.
    pub has_phone: bool,
}

/// What was learnt about a missing child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnt {
    /// Who was called; nobody when the child was seen.
    pub guardian: Option<GuardianId>,
    /// How it went.
    pub answer: Answer,
    /// What was said.
    pub said: String,
    /// Where the child is, when that is known now.
    pub found: Option<Found>,
}

/// Why what was learnt is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LearntRefused {
    /// The case says no.
    Case(CaseRefused),
    /// The child's day says no.
    Day(CannotFollow),
    /// The text is too long.
    TooLong,
}

/// The longest text of what was said, in characters.
pub const LONGEST_SAID: usize = 500;

/// Everyone who is or was missing on the day, open cases first (A9); before them those of earlier days who are still
/// being looked for: midnight finds nobody.
pub fn cases(tx: &mut Tx<ReadCases>, day: Date) -> Result<Vec<Case>> {
    let mut all = Vec::new();
    for earlier in rows::cases::open_days(tx, day)? {
        let mut open = rows::cases::of_day(tx, earlier)?;
        open.retain(|case| case.is_open);
        all.extend(with_calls(tx, open)?);
    }
    let today = rows::cases::of_day(tx, day)?;
    all.extend(with_calls(tx, today)?);
    in_sight(tx, all)
}

/// The cases that the acting role sees: a grade head those of the own grades (G1).
fn in_sight(tx: &mut SchoolTx, cases: Vec<Case>) -> Result<Vec<Case>> {
    let sight = sight(tx)?;
    if sight == Sight::Every {
        return Ok(cases);
    }
    let mut seen = Vec::new();
    for case in cases {
        let session = rows::sessions::session(tx, case.session)?;
        if sees_child(tx, &sight, (&session, case.student))? {
            seen.push(case);
        }
    }
    Ok(seen)
}

/// One case, for those who look for the child.
pub fn case(tx: &mut Tx<LookForChild>, id: CaseId) -> Result<Case> {
    let case = own_case(tx, id)?;
    let mut cases = with_calls(tx, vec![case])?;
    cases.pop().ok_or(kehou_db::Error::NotFound)
}

/// Shows a guardian's number to be called; that it was shown is written down (G3).
pub fn dial(
    tx: &mut Tx<LookForChild>,
    id: CaseId,
    guardian: GuardianId,
) -> std::result::Result<AttemptId, Failed<std::convert::Infallible>> {
    rows::cases::hold(tx, id)?;
    let case = own_case(tx, id)?;
    let sealed = rows::cases::sealed_phone(tx, case.student, guardian, case.day)?;
    sealed.ok_or(kehou_db::Error::NotFound)?;
    let attempt = rows::cases::add_attempt(tx, id, Some(guardian), Answer::Dialled, "")?;
    let facts = json!({ "case": id.to_string(), "guardian": guardian.to_string() });
    tx.event(Event::new("RevealPhone", case.student).facts(facts))?;
    Ok(attempt)
}

/// Writes down a call and what was learnt; closes the case when it is known where the child is (G3).
pub fn learn(
    tx: &mut Tx<LookForChild>,
    id: CaseId,
    learnt: &Learnt,
) -> std::result::Result<(), Failed<LearntRefused>> {
    rows::cases::hold(tx, id)?;
    let case = own_case(tx, id)?;
    may_learn(case.outcome).map_err(|why| Failed::Refused(LearntRefused::Case(why)))?;
    let said = learnt.said.trim();
    if LONGEST_SAID < said.chars().count() {
        return Err(Failed::Refused(LearntRefused::TooLong));
    }
    write_down(tx, &case, learnt, said)?;
    let outcome = match learnt.found {
        None => None,
        Some(found) => Some(conclude(tx, &case, learnt.answer, (found, said))?),
    };
    let facts = json!({
        "student": case.student.to_string(), "answer": learnt.answer.word(),
        "outcome": outcome.map(Outcome::word),
    });
    tx.event(Event::of::<LookForChild>(id).facts(facts).about(case.student, json!({ "said": said })))?;
    Ok(())
}

fn write_down(tx: &mut SchoolTx, case: &Case, learnt: &Learnt, said: &str) -> Result<()> {
    if let Some(guardian) = learnt.guardian {
        rows::cases::sealed_phone(tx, case.student, guardian, case.day)?;
        if rows::cases::answer_dialled(tx, case.id, guardian, learnt.answer, said)? {
            return Ok(());
        }
    }
    rows::cases::add_attempt(tx, case.id, learnt.guardian, learnt.answer, said).map(|_| ())
}

fn conclude(
    tx: &mut SchoolTx,
    case: &Case,
    answer: Answer,
    (found, said): (Found, &str),
) -> std::result::Result<Outcome, Failed<LearntRefused>> {
    let state = custody::state_of(tx, case.student, case.day)?;

    let refused = |reason| Failed::Refused(LearntRefused::Case(reason));
    let outcome = close_case(case.outcome, found, answer, said).map_err(refused)?;
    may_follow(&state, Kind::Found).map_err(|reason| Failed::Refused(LearntRefused::Day(reason)))?;

    custody::record_all(tx, case.day, "", vec![found_now(case, found)])?;
    rows::cases::close(tx, case.id, outcome)?;
    all_clear(tx, case, outcome)?;
    Ok(outcome)
}

fn found_now(case: &Case, found: Found) -> NewFact {
    NewFact::now(case.student, Some(case.session), What::Found(found))
}

/// The cases of a session with whom to call, open ones first.
pub(super) fn open_cases(tx: &mut SchoolTx, session: SessionId) -> Result<Vec<Case>> {
    let cases = rows::cases::of_session(tx, session)?;
    with_calls(tx, cases)
}

/// What a changed roll means for missing children: a child newly absent is looked for, one no longer absent is not.
pub(super) fn follow(
    tx: &mut SchoolTx,
    (session, day): (SessionId, Date),
    facts: &[Fact],
    after: &[Child],
) -> Result<()> {
    let (mut missing, mut settled) = (Vec::new(), Vec::new());
    // a first mark that says "present" can settle nothing
    let first_present = |fact: &&Fact| fact.corrects.is_none() && fact.what == What::Present;
    for fact in facts.iter().filter(|fact| !first_present(fact)) {
        let child = after.iter().find(|child| child.student == fact.student);
        match child.and_then(|child| child.state.mark(session)) {
            Some(Mark::Absent) => match child.and_then(|child| found(child.state.whereabouts())) {
                Some(outcome) => settled.push((fact.student, outcome)),
                None => missing.push(fact.student),
            },
            Some(Mark::Late) => settled.push((fact.student, Outcome::Came)),
            Some(Mark::Unmarked | Mark::Present | Mark::Leave | Mark::LeftEarly | Mark::Gone) | None => {
                settled.push((fact.student, Outcome::Mistaken));
            }
        }
    }
    if day < tx.today() {
        missing.clear();
    }
    rows::cases::open(tx, (session, day), &missing)?;
    settle(tx, session, &settled)?;
    missing.into_iter().try_for_each(|student| report(tx, (session, day), student))
}

/// How the search had ended where somebody said where the child is: an undone mark brings that back and starts no
/// second search.
const fn found(place: Whereabouts) -> Option<Outcome> {
    match place {
        Whereabouts::ElsewhereInSchool | Whereabouts::SickRoom => Some(Outcome::InSchool),
        Whereabouts::Ended(Ending::WithFamily) => Some(Outcome::WithFamily),
        Whereabouts::NotExpected
        | Whereabouts::Unseen
        | Whereabouts::Here
        | Whereabouts::Missing
        | Whereabouts::WithColleague
        | Whereabouts::LateCare
        | Whereabouts::Ended(_) => None,
    }
}

/// Closes the cases of these children, and tells whoever was told that a child was missing.
fn settle(tx: &mut SchoolTx, session: SessionId, settled: &[(StudentId, Outcome)]) -> Result<()> {
    if settled.is_empty() {
        return Ok(());
    }
    let open = rows::cases::of_session(tx, session)?;
    rows::cases::close_of(tx, session, settled)?;
    for (student, outcome) in settled {
        if let Some(case) = open.iter().find(|case| case.is_open && case.student == *student) {
            all_clear(tx, case, *outcome)?;
        }
    }
    Ok(())
}

/// The search is over: the duty leader (A9) and, unless it was they who said where the child is, the guardians (G3).
pub(super) fn all_clear(tx: &mut SchoolTx, case: &Case, outcome: Outcome) -> Result<()> {
    let facts = json!({ "child": case.name, "student": case.student.to_string() });
    let found = json!({ "child": case.name, "student": case.student.to_string(), "outcome": outcome.word() });
    tx.tell_role(Role::DutyLeader, "child_found", &found)?;
    let today = tx.today();
    for account in rows::sessions::guardian_accounts(tx, case.student, case.day)? {
        match outcome {
            Outcome::Came | Outcome::InSchool => tx.tell(account, "own_child_found", &facts)?,
            Outcome::Mistaken => tx.tell(account, "own_child_was_there", &facts)?,
            Outcome::SeenAgain if case.day == today => tx.tell(account, "own_child_found", &facts)?,
            Outcome::WithFamily | Outcome::SeenAgain => {}
        }
    }
    Ok(())
}

/// Tells the duty leader (A9) and the guardians (G3) that a child is missing.
fn report(tx: &mut SchoolTx, (session, day): (SessionId, Date), student: StudentId) -> Result<()> {
    let name = rows::sessions::student_name(tx, student)?;
    let facts = json!({ "child": name, "student": student.to_string(), "session": session.to_string() });
    tx.tell_role(Role::DutyLeader, "child_missing", &facts)?;
    let facts = json!({ "child": name, "student": student.to_string() });
    for account in rows::sessions::guardian_accounts(tx, student, day)? {
        tx.tell(account, "own_child_missing", &facts)?;
    }
    Ok(())
}

fn own_case(tx: &mut SchoolTx, id: CaseId) -> Result<Case> {
    let case = rows::cases::case(tx, id)?;
    let session = rows::sessions::session(tx, case.session)?;
    own_child(tx, &session, case.student)?;
    Ok(case)
}

fn with_calls(tx: &mut SchoolTx, mut cases: Vec<Case>) -> Result<Vec<Case>> {
    let Some(day) = cases.first().map(|case| case.day) else { return Ok(cases) };
    let mut attempts: BTreeMap<CaseId, Vec<Attempt>> = BTreeMap::new();
    for (case, attempt) in rows::cases::attempts(tx, day)? {
        attempts.entry(case).or_default().push(attempt);
    }
    let contacts = rows::cases::contacts(tx, day)?;
    for case in &mut cases {
        case.attempts = attempts.remove(&case.id).unwrap_or_default();
        let own = contacts.iter().filter(|(student, _)| *student == case.student);
        case.contacts = own.map(|(_, contact)| contact.clone()).collect();
    }
    Ok(cases)
}
