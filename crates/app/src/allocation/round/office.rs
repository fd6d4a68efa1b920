//! What the office, and everybody else in the school, reads of a round.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kehou_db::{Result, Tx};
use kehou_domain::access::{ReadRound, ReadRounds};
use kehou_domain::allocation::round::{Outside, Stage, WishList};
use kehou_domain::calendar::school::Term;
use kehou_domain::ids::{OfferingId, RoundId, StudentId, TermId};
use kehou_domain::people::class::ClassKey;

use super::rows::{children, lists, offered, round as rows, seats};
use super::{Offered, Round, keep, known};
use crate::catalogue::{self, Setting};

/// The rounds of a term.
#[derive(Debug, Clone)]
pub struct Rounds {
    /// The term and its plan.
    pub setting: Setting,
    /// The rounds, the newest first.
    pub rounds: Vec<Round>,
}

/// A round as the office sees it.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The round.
    pub round: Round,
    /// Its term.
    pub term: Term,
    /// Where it stands.
    pub stage: Stage,
    /// What is offered in it; of a draft what would be.
    pub offered: Vec<Offered>,
    /// The published offerings of the term that it is not about, by title, and why.
    pub outside: Vec<(String, Outside)>,
    /// How many children have written wishes.
    pub lists: usize,
    /// How many could: those who stay in the slot.
    pub staying: usize,
    /// Whether the school keeps the secret itself and has to type it for the draw.
    pub keeps_own_secret: bool,
}

/// A child in a round, for the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    /// The child.
    pub student: StudentId,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: Option<ClassKey>,
    /// The number of the application; 0 where nothing was ranked.
    pub number: u64,
    /// The wishes.
    pub list: WishList,
    /// Its seats in the slot: weekday and offering, one for each day.
    pub seats: Vec<(i8, OfferingId)>,
    /// The weekdays whose seat is locked.
    pub locked: Vec<i8>,
    /// The last day of its place in the slot, where that has an end: its seats end then as well.
    pub place_ends_on: Option<Date>,
}

impl Applicant {
    /// Of how many offerings the child has a seat.
    pub fn offerings(&self) -> usize {
        self.seats.iter().map(|(_, offering)| offering).collect::<BTreeSet<_>>().len()
    }
}

/// What anybody may read of a round.
#[derive(Debug, Clone)]
pub struct PublicRound {
    /// The round.
    pub round: Round,
    /// Where it stands.
    pub stage: Stage,
    /// What is offered; what the draw made of it once families are told.
    pub offered: Vec<Offered>,
}

/// The rounds of a term, or of the one that runs or comes next; nothing before the school has a term.
pub fn rounds(tx: &mut Tx<ReadRounds>, term: Option<TermId>) -> Result<Option<Rounds>> {
    let Some(setting) = catalogue::setting(tx, term)? else { return Ok(None) };
    let rounds = rows::of_term(tx, setting.term.id)?;
    Ok(Some(Rounds { setting, rounds }))
}

/// One round with all that the office knows of it.
pub fn overview(tx: &mut Tx<ReadRounds>, id: RoundId) -> Result<Overview> {
    let round = rows::one(tx, id)?;
    let stage = round.stage(tx.at());
    let setting = catalogue::setting(tx, Some(round.term))?.ok_or(kehou_db::Error::NotFound)?;
    let (joining, outside) = keep::offerings(tx, &round)?;
    let offered = if stage == Stage::Draft {
        (0..).zip(joining).map(|(place, (one, seats))| keep::listed(place, one, seats)).collect()
    } else {
        offered::of_round(tx, round.term, id)?
    };
    let day = tx.today();
    let mut staying = children::staying(tx, (round.term, &round.setup.slot), day)?;
    staying.sort_unstable();
    staying.dedup_by_key(|(student, _)| *student);
    let keeps_own_secret = round.times.announced_at.is_some() && rows::kept_secret(tx, id)?.is_none();
    Ok(Overview {
        keeps_own_secret,
        term: setting.term,
        stage,
        offered,
        outside: outside.into_iter().map(|(one, why)| (one.details.title, why)).collect(),
        lists: lists::wishes(tx, id)?.len(),
        staying: staying.len(),
        round,
    })
}

/// The children of a round with their wishes and seats, by name; in a round of first come those who have a seat.
pub fn applicants(tx: &mut Tx<ReadRounds>, id: RoundId) -> Result<Vec<Applicant>> {
    let round = rows::one(tx, id)?;
    let today = tx.today();
    let children = children::of_round(tx, id, today)?;
    let seats = seats::of_slot(tx, round.term, &round.setup.slot)?;
    let ends: BTreeMap<StudentId, Date> =
        children::last_days(tx, (round.term, &round.setup.slot), today)?.into_iter().collect();
    let mut written: BTreeMap<StudentId, _> = lists::of_round(tx, id)?
        .into_iter()
        .map(|stored| (stored.student, (stored.number, stored.list)))
        .collect();
    let mut applicants = Vec::new();
    for child in children {
        let (number, list) = written.remove(&child.id).unwrap_or_default();
        let from = seats.partition_point(|seat| seat.student < child.id);
        let own = || seats[from..].iter().take_while(|seat| seat.student == child.id);
        applicants.push(Applicant {
            student: child.id,
            place_ends_on: ends.get(&child.id).copied(),
            seats: own().map(|seat| (seat.weekday, seat.offering)).collect(),
            locked: own().filter(|seat| seat.is_locked).map(|seat| seat.weekday).collect(),
            name: child.name,
            class: child.class,
            number,
            list,
        });
    }
    applicants.sort_by(|one, other| (&one.name, one.student).cmp(&(&other.name, other.student)));
    Ok(applicants)
}

/// The market that was sealed and the result that was drawn, as files: for the office and whoever audits it, since a
/// classmate could infer from them who is in a priority group.
pub fn record(tx: &mut Tx<ReadRounds>, id: RoundId) -> Result<Option<(String, Option<String>)>> {
    lists::record(tx, id)
}

/// What anybody may read of a round that was made known.
pub fn public(tx: &mut Tx<ReadRound>, id: RoundId) -> Result<PublicRound> {
    let round = known(tx, id)?;
    let stage = round.stage(tx.at());
    let mut offered = offered::of_round(tx, round.term, id)?;
    if stage != Stage::Published {
        for one in &mut offered {
            one.listed.outcome = None;
        }
    }
    Ok(PublicRound { round, stage, offered })
}
