//! Roll call: the page's facts, saving a whole class at once, undo, head count (G2, G9).

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::{CallRoll, ReadSessions, Role};
use kehou_domain::attendance::{
    Child, HeadCount, Note, Part, RollRefused, Said, Saying, call_roll, count_heads, is_seen_by,
};
use kehou_domain::custody::{Counts, Fact, Mark, Sight, State, What, state};
use kehou_domain::ids::{FactId, SessionId, StudentId};
use kehou_domain::moment::millis;
use serde_json::json;

use super::case::{Case, open_cases};
use super::rows::{self, sessions::Held};
use super::session::{InClub, Pupil, Session, Status, of_session, own_held, seen_by_acting};
use crate::custody::{self, NewFact};

/// How long before its beginning a session's roll may be called.
const EARLIEST_MINUTES: i64 = 15;

/// One child on the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollChild {
    /// The child.
    pub pupil: Pupil,
    /// What is known of the child in this session.
    pub mark: Mark,
    /// The fact that says so.
    pub marked_by: Option<Sight>,
    /// What the whole day adds up to.
    pub state: State,
}

/// A session's roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// The session.
    pub session: Session,
    /// Its children, by seat number and name.
    pub children: Vec<RollChild>,
    /// Where they are.
    pub counts: Counts,
    /// The cases of those who are missing or were.
    pub cases: Vec<Case>,
    /// When its day was closed: from then on nobody is called (H9).
    pub day_closed_at: Option<Timestamp>,
    /// The clubs in which children of the class sit meanwhile.
    pub in_clubs: Vec<InClub>,
    /// Whether it holds all the children, or those of a grade head's own grades alone (G1).
    pub part: Part,
}

/// What is said of one child, as a device sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The child and what is said.
    pub saying: Saying,
    /// When it was tapped, by the device's clock.
    pub at: Option<Timestamp>,
    /// The id that the device gave the fact.
    pub fact: Option<FactId>,
}

/// A roll as a device sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The session.
    pub session: SessionId,
    /// The version that the device's page showed; without one, whatever stands is built upon.
    pub version: Option<u32>,
    /// What is said of each child that was mentioned.
    pub mentions: Vec<Mention>,
    /// What is said of everyone still unmarked: 其余都到了.
    pub rest: Option<Said>,
    /// The device.
    pub device: String,
}

/// What saving a roll did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// The moment of the save, by which it can be undone.
    pub at: Timestamp,
    /// How many children were marked by the bulk button.
    pub rest: u32,
    /// How many facts were noted in all.
    pub noted: u32,
    /// Where the children are now.
    pub counts: Counts,
}

/// The roll of a session, with a fixed number of statements; for a grade head, of a group of several classes, the
/// children of the own grades (G1).
pub fn roll(tx: &mut Tx<ReadSessions>, id: SessionId) -> Result<Roll> {
    let session = rows::sessions::session(tx, id)?;
    let seen = seen_by_acting(tx, &session)?;
    let mut pupils = rows::sessions::pupils(tx, id)?;
    pupils.retain(|pupil| seen.has(pupil.id));
    let mut states = custody::states_in(tx, id, session.day)?;
    let child = |pupil: Pupil| {
        let state = states.remove(&pupil.id).unwrap_or_default();
        let mark = state.mark(id)?;
        Some(RollChild { mark, marked_by: state.marked_by(id), pupil, state })
    };
    let children: Vec<RollChild> = pupils.into_iter().filter_map(child).collect();
    let counts = Counts::of(children.iter().map(|child| child.mark));
    let mut cases = open_cases(tx, id)?;
    cases.retain(|case| seen.has(case.student));
    let day_closed_at = custody::closed_at(tx, session.day)?;
    let in_clubs = of_session(tx, &session)?;
    Ok(Roll { session, children, counts, cases, day_closed_at, in_clubs, part: seen.part() })
}

/// The ledger's facts of the day for every child of a session, in the order in which they happened (H10).
pub fn facts(tx: &mut Tx<ReadSessions>, id: SessionId) -> Result<Vec<Fact>> {
    let session = rows::sessions::session(tx, id)?;
    let seen = seen_by_acting(tx, &session)?;
    let mut facts: Vec<Fact> = custody::facts_in(tx, id, session.day)?.into_values().flatten().collect();
    facts.retain(|fact| seen.has(fact.student));
    facts.sort_by_key(|fact| (fact.at, fact.id));
    Ok(facts)
}

/// Saves a whole roll at once (G2): hold the session, load its children, decide, note the facts. A child newly missing
/// becomes a case, and the duty leader and the guardians are told (G3, A9).
pub fn save_roll(tx: &mut Tx<CallRoll>, call: &Call) -> std::result::Result<Saved, Failed<RollRefused>> {
    let held = rows::sessions::hold(tx, call.session)?;
    own_held(tx, &held)?;
    may_change(tx, &held, call.version)?;
    let days = custody::facts_in(tx, call.session, held.day)?;
    let children = children(&days);

    let mentions = with_rest(call, &children);
    let sayings: Vec<Saying> = mentions.iter().map(|mention| mention.saying).collect();
    let notes = call_roll(call.session, &children, &sayings).map_err(Failed::Refused)?;

    let new = new_facts(call, &mentions, &notes);
    let rest = mentions.iter().filter(|mention| !call.mentions.contains(mention)).count();
    let changed = Changed { id: call.session, held: &held, device: &call.device };
    let saved = note(tx, changed, days, new)?;
    Ok(Saved { rest: u32::try_from(rest).unwrap_or(u32::MAX), ..saved })
}

/// Takes back what the acting account noted in this session at one moment: the bulk "present" of a save that also named
/// the missing, or else all of it. What was changed since stays.
pub fn undo_roll(
    tx: &mut Tx<CallRoll>,
    id: SessionId,
    saved_at: Timestamp,
) -> std::result::Result<Saved, Failed<RollRefused>> {
    let held = rows::sessions::hold(tx, id)?;
    own_held(tx, &held)?;
    may_change(tx, &held, None)?;
    let days = custody::facts_in(tx, id, held.day)?;
    let noted = custody::noted_at(tx, id, saved_at)?;

    let undone = to_undo(id, &noted, &children(&days));

    Ok(note(tx, Changed { id, held: &held, device: "" }, days, undone)?)
}

/// The session that a roll changes, and from where.
#[derive(Clone, Copy)]
struct Changed<'a> {
    id: SessionId,
    held: &'a Held,
    device: &'a str,
}

/// Notes the facts and what follows from them: cases, how far the session is, the event.
fn note(
    tx: &mut SchoolTx,
    changed: Changed,
    mut days: BTreeMap<StudentId, Vec<Fact>>,
    new: Vec<NewFact>,
) -> Result<Saved> {
    let facts = custody::record_all(tx, changed.held.day, changed.device, new)?;
    for fact in &facts {
        days.entry(fact.student).or_default().push(fact.clone());
    }
    let after = children(&days);
    super::case::follow(tx, (changed.id, changed.held.day), &facts, &after)?;
    if changed.held.day == tx.today() {
        let seen = facts.iter().filter(|fact| is_seen_by(fact.what.kind()));
        super::seen::seen_again(tx, &seen.map(|fact| fact.student).collect::<Vec<_>>())?;
        let corrected = facts.iter().filter(|fact| fact.corrects.is_some());
        super::seen::unseen(tx, changed.held.day, &corrected.map(|fact| fact.student).collect())?;
    }
    let counts = counts(changed.id, &after);
    if !facts.is_empty() {
        rows::sessions::set_called(tx, changed.id, counts.unmarked == 0)?;
        note_event(tx, changed.id, &facts, counts)?;
    }
    Ok(Saved { at: tx.at(), rest: 0, noted: u32::try_from(facts.len()).unwrap_or(u32::MAX), counts })
}

/// The head count confirms the roll (G9): the number in the room is the number present.
pub fn confirm_heads(
    tx: &mut Tx<CallRoll>,
    id: SessionId,
    heads: u32,
) -> std::result::Result<HeadCount, Failed<RollRefused>> {
    let held = rows::sessions::hold(tx, id)?;
    own_held(tx, &held)?;
    may_change(tx, &held, None)?;
    let counts = counts(id, &children(&custody::facts_in(tx, id, held.day)?));

    let verdict = count_heads(heads, counts);

    if verdict == HeadCount::Agrees {
        rows::sessions::set_counted(tx, id, heads)?;
    }
    let facts =
        json!({ "counted": heads, "present": counts.present, "agrees": verdict == HeadCount::Agrees });
    tx.event(Event::new("CountHeads", id).facts(facts))?;
    Ok(verdict)
}

fn may_change(
    tx: &mut SchoolTx,
    held: &Held,
    version: Option<u32>,
) -> std::result::Result<(), Failed<RollRefused>> {
    if held.status == Status::Cancelled {
        return Err(Failed::Refused(RollRefused::Cancelled));
    }
    let earliest = held.starts_at.checked_sub(EARLIEST_MINUTES.minutes()).unwrap_or(held.starts_at);
    if tx.at() < earliest {
        return Err(Failed::Refused(RollRefused::NotYet));
    }
    if custody::day_is_open(tx, held.day)?.is_err() {
        return Err(Failed::Refused(RollRefused::DayClosed));
    }
    if held.day < tx.today() {
        if !matches!(tx.role(), Role::AcademicOffice | Role::DutyLeader) {
            return Err(Failed::Refused(RollRefused::DayOver));
        }
        if super::sheets::is_closed(tx, held.day)? {
            return Err(Failed::Refused(RollRefused::MonthClosed));
        }
    }
    match version {
        Some(seen) if seen != held.version => Err(Failed::Refused(RollRefused::Changed)),
        Some(_) | None => Ok(()),
    }
}

fn children(days: &BTreeMap<StudentId, Vec<Fact>>) -> Vec<Child> {
    days.iter().map(|(student, facts)| Child { student: *student, state: state(facts) }).collect()
}

fn counts(id: SessionId, children: &[Child]) -> Counts {
    Counts::of(children.iter().filter_map(|child| child.state.mark(id)))
}

/// The mentions, and one for each child that is still unmarked and was not mentioned. Beside "the rest are here", saying
/// nothing of a child is not saying that its mark was a slip.
fn with_rest(call: &Call, children: &[Child]) -> Vec<Mention> {
    let mut mentions = call.mentions.clone();
    let Some(said) = call.rest else { return mentions };
    mentions.retain(|mention| mention.saying.said != Said::Unmarked);
    for child in children {
        let mentioned = mentions.iter().any(|mention| mention.saying.student == child.student);
        if !mentioned && child.state.mark(call.session) == Some(Mark::Unmarked) {
            let saying = Saying { student: child.student, said };
            mentions.push(Mention { saying, at: None, fact: None });
        }
    }
    mentions
}

fn new_facts(call: &Call, mentions: &[Mention], notes: &[Note]) -> Vec<NewFact> {
    let of = |student: StudentId| mentions.iter().find(|mention| mention.saying.student == student);
    let fact = |note: &Note| NewFact {
        id: of(note.student).and_then(|mention| mention.fact),
        student: note.student,
        session: Some(call.session),
        at: of(note.student).and_then(|mention| mention.at),
        corrects: note.corrects,
        what: note.what.clone(),
    };
    notes.iter().map(fact).collect()
}

/// The undoing of what still stands of these facts. When the save marked anybody present, only that is taken back: those
/// who were named missing stay missing.
fn to_undo(id: SessionId, noted: &[Fact], children: &[Child]) -> Vec<NewFact> {
    let stands = |fact: &&Fact| {
        let child = children.iter().find(|child| child.student == fact.student);
        child.and_then(|child| child.state.marked_by(id)).is_some_and(|sight| sight.fact == fact.id)
    };
    let standing: Vec<&Fact> = noted.iter().filter(stands).collect();
    // asked of the save and not of what is left of it: undone twice, it must not take the missing with it
    let bulk = noted.iter().any(|fact| fact.what == What::Present && fact.corrects.is_none());
    let undone = standing.into_iter().filter(|fact| !bulk || fact.what == What::Present);
    undone
        .map(|fact| NewFact { corrects: Some(fact.id), ..NewFact::now(fact.student, Some(id), What::Undone) })
        .collect()
}

fn note_event(tx: &mut SchoolTx, id: SessionId, facts: &[Fact], counts: Counts) -> Result<()> {
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    for fact in facts {
        *kinds.entry(fact.what.kind().word()).or_default() += 1;
    }
    let facts = json!({
        "at": millis(tx.at()), "noted": kinds, "expected": counts.expected, "present": counts.present,
        "absent": counts.absent, "leave": counts.leave, "unmarked": counts.unmarked,
    });
    tx.event(Event::new("CallRoll", id).facts(facts))
}
