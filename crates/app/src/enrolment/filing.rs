//! The list of approved children that goes to the bureau (F9).

use std::collections::HashSet;

use jiff::Timestamp;
use kehou_db::{self as db, Event, Failed, SchoolTx, Tx};
use kehou_domain::access::{FileList, ReceiveFilings};
use kehou_domain::enrolment::chain::{Stand, Status, Step, next_step};
use kehou_domain::ids::{ApplicationId, EnrolmentId, FilingId};
use serde_json::json;

use super::apply::{Application, advance};
use super::places;
use super::review::Part;
use super::rows::{applications, desk, filings as rows};
use super::setting::{InClass, Offered, rules_for, rules_of};
use super::signup::current;

/// One filed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// Its id.
    pub id: FilingId,
    /// Counted from 1 within the term.
    pub number: i64,
    /// The term's name.
    pub term: String,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When the bureau noted that it has it.
    pub received_at: Option<Timestamp>,
    /// How many children.
    pub children: u32,
}

/// One child on a list: nothing that the bureau does not need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilingLine {
    /// The child's name.
    pub name: String,
    /// `M`, `F` or empty.
    pub sex: String,
    /// The child's class.
    pub class: Option<InClass>,
    /// Slots on weekdays.
    pub choices: Vec<Offered>,
}

/// The lists of the term, newest first, and how many children wait to be filed.
pub fn filings(tx: &mut Tx<FileList>) -> db::Result<(Vec<Filing>, u32)> {
    let Some(sign_up) = current(tx)? else { return Ok((Vec::new(), 0)) };
    let waiting = to_file(tx)?.children();
    let filed = rows::filings(tx, sign_up.term)?;
    Ok((filed, u32::try_from(waiting).unwrap_or(u32::MAX)))
}

/// Who goes on the next list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ToFile {
    /// Applications that wait for the filing, or became a place without it.
    pub(super) applications: Vec<ApplicationId>,
    /// Places that were taken over from paper.
    pub(super) places: Vec<EnrolmentId>,
}

impl ToFile {
    fn children(&self) -> usize {
        self.applications.len() + self.places.len()
    }
}

/// Those that wait for the filing, and everybody in the service who stands on no list yet, whichever way their
/// family signed up.
fn to_file(tx: &mut SchoolTx) -> db::Result<ToFile> {
    let Some(sign_up) = current(tx)? else { return Ok(ToFile::default()) };
    let rules = rules_for(tx, &sign_up)?;
    let (filed, filed_places) = (rows::filed(tx, sign_up.term)?, rows::filed_places(tx, sign_up.term)?);
    let (filed, filed_places): (HashSet<_>, HashSet<_>) =
        (filed.into_iter().collect(), filed_places.into_iter().collect());
    let at_filing = |one: &Application| {
        one.status == Status::Waiting && rules.chain.steps.get(one.step) == Some(&Step::Filing)
    };
    let waiting =
        applications::of_term(tx, sign_up.term, Part::Waiting)?.into_iter().map(|one| one.application);
    let mut due =
        ToFile { applications: waiting.filter(at_filing).map(|one| one.id).collect(), places: vec![] };
    let today = tx.today();
    let places = places::of_term(tx, &sign_up)?;
    for one in places.into_iter().filter(|one| one.place.stay.to_on.is_none_or(|last| today <= last)) {
        match one.application {
            Some(application) if !filed.contains(&application) => due.applications.push(application),
            None if !filed_places.contains(&one.place.id) => due.places.push(one.place.id),
            Some(_) | None => {}
        }
    }
    Ok(due)
}

/// Files the next list; those that waited for it go on. Refused when nobody waits.
pub fn file_list(tx: &mut Tx<FileList>) -> Result<FilingId, Failed<()>> {
    desk::hold(tx)?;
    let sign_up = current(tx)?.ok_or(db::Error::NotFound)?;
    let children = to_file(tx)?;
    if children.children() == 0 {
        return Err(Failed::Refused(()));
    }
    let id = rows::add(tx, sign_up.term, &children)?;
    tx.event(Event::of::<FileList>(id).facts(json!({ "children": children.children() })))?;
    for child in children.applications {
        pass(tx, child)?;
    }
    Ok(id)
}

fn pass(tx: &mut SchoolTx, id: ApplicationId) -> db::Result<()> {
    applications::hold(tx, id)?;
    let application = applications::application(tx, id)?;
    let rules = rules_of(tx, application.plan_version)?;
    let stand = next_step(&rules.chain, &applications::verdicts(tx, &application)?);
    if let Stand::Waiting { at, step: Step::Filing } = stand {
        applications::add_decision(tx, &application, at, &applications::NewDecision::passed("filing"))?;
        advance(tx, &application)?;
    }
    Ok(())
}

/// One list with its children, to be read, printed or saved.
pub fn filing(tx: &mut Tx<FileList>, id: FilingId) -> db::Result<(Filing, Vec<FilingLine>)> {
    list(tx, id)
}

fn list(tx: &mut SchoolTx, id: FilingId) -> db::Result<(Filing, Vec<FilingLine>)> {
    let filing = rows::filing(tx, id)?;
    let named = match current(tx)? {
        Some(sign_up) => Some(rules_for(tx, &sign_up)?),
        None => None,
    };
    let choices = rows::choices(tx, id)?;
    let mut lines = Vec::new();
    for (application, mut line) in rows::lines(tx, id)? {
        for (_, choice) in choices.iter().filter(|(known, _)| *known == application) {
            let name =
                named.as_ref().map_or_else(|| choice.slot.clone(), |rules| rules.slot_name(&choice.slot));
            line.choices.push(Offered { name, choice: choice.clone() });
        }
        lines.push(line);
    }
    Ok((filing, lines))
}

/// The lists that a bureau officer of this school's district sees.
pub fn filings_received(tx: &mut Tx<ReceiveFilings>) -> db::Result<Vec<Filing>> {
    rows::every_filing(tx)
}

/// One list as the bureau reads it.
pub fn received(tx: &mut Tx<ReceiveFilings>, id: FilingId) -> db::Result<(Filing, Vec<FilingLine>)> {
    list(tx, id)
}

/// The bureau notes that it has the list; the first note counts.
pub fn receive_filing(tx: &mut Tx<ReceiveFilings>, id: FilingId) -> db::Result<()> {
    rows::filing(tx, id)?;
    rows::receive(tx, id)?;
    tx.event(Event::of::<ReceiveFilings>(id))
}
