//! What a family reads: the rounds of the term, its own wishes, its receipt, and why each wish ended as it did.

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Result, SchoolTx, Tx};
use kehou_domain::access::ReadOwnChoices;
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::{Choosable, Chooser, Stage, Way, WishList};
use kehou_domain::ids::{OfferingId, StudentId};

use super::answer::Answer;
use super::choose::before;
use super::rows::{children, line, lists, offered, round as rows, seats};
use super::{Offered, Round};
use crate::catalogue::{self, Setting};
use crate::people;

/// The rounds of a term for one's own child.
#[derive(Debug, Clone)]
pub struct ChildRounds {
    /// The child's name.
    pub name: String,
    /// The term that runs or comes next, with its plan; nothing before the school has one.
    pub setting: Option<Setting>,
    /// The rounds that were made known, the newest first.
    pub rounds: Vec<ChildRound>,
}

/// A seat that a child has in a round of first come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// 1 (Monday) to 5.
    pub weekday: i8,
    /// What it is for.
    pub offering: OfferingId,
    /// Until when it waits to be confirmed; nothing when it is.
    pub until: Option<Timestamp>,
}

/// A line in which a child waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// For what.
    pub offering: OfferingId,
    /// How many wait before it.
    pub before: u32,
    /// A seat is kept for the child until then.
    pub offered_until: Option<Timestamp>,
}

/// A round before one's own child.
#[derive(Debug, Clone)]
pub struct ChildRound {
    /// The round.
    pub round: Round,
    /// Where it stands.
    pub stage: Stage,
    /// What is offered, Monday first; without what the draw made of it until families are told.
    pub offered: Vec<Offered>,
    /// The child.
    pub chooser: Chooser,
    /// What is offered as the child may see it, in the same order.
    pub choosable: Vec<Choosable>,
    /// The wishes that stand.
    pub list: Option<WishList>,
    /// What the family keeps.
    pub receipt: Option<Receipt>,
    /// Why each wish ended as it did, best first; nothing until families are told.
    pub answers: Vec<Answer>,
    /// What the child has in the slot, by its first weekday, once it may be known.
    pub seats: Vec<(i8, OfferingId)>,
    /// First come: the seats that stand.
    pub held: Vec<Held>,
    /// First come: the lines in which the child waits.
    pub line: Vec<Waits>,
    /// Who reads it: the family, or the school in its place.
    pub by: Channel,
    /// The last day of the child's place in the slot, where it has an end: what it has here ends then as well.
    pub place_ends_on: Option<Date>,
}

/// What a family keeps to check the draw with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The random number of the application.
    pub number: u64,
    /// What hides the application in the tree.
    pub salt: String,
    /// When the wishes were last written.
    pub written_at: Timestamp,
    /// Whether the school wrote them.
    pub is_by_office: bool,
    /// The line that was sealed and the way from it to the root; nothing before the seal.
    pub sealed: Option<(String, String)>,
}

/// The rounds of the term that runs or comes next, for one's own child.
pub fn for_child(tx: &mut Tx<ReadOwnChoices>, student: StudentId) -> Result<ChildRounds> {
    let own = people::own_child(tx, student)?.student();
    let today = tx.today();
    let name = children::one(tx, own, today)?.name;
    let mut rounds = Vec::new();
    let Some(setting) = catalogue::setting(tx, None)? else {
        return Ok(ChildRounds { name, setting: None, rounds });
    };
    for round in rows::of_term(tx, setting.term.id)? {
        if round.times.announced_at.is_some() {
            rounds.push(one(tx, round, own)?);
        }
    }
    Ok(ChildRounds { name, setting: Some(setting), rounds })
}

pub(super) fn one(tx: &mut SchoolTx, round: Round, student: StudentId) -> Result<ChildRound> {
    let stage = round.stage(tx.at());
    let is_told = stage == Stage::Published;
    let mut offered = offered::of_round(tx, round.term, round.id)?;
    let child = before(tx, &round, student)?;
    let choosable = offered.iter().map(|one| child.offered(one)).collect();
    let stored = lists::of_child(tx, round.id, student)?;
    let answers = stored.as_ref().and_then(|stored| stored.answers.as_deref()).filter(|_| is_told);
    let answers = answers.map(read).transpose()?.unwrap_or_default();
    let own: Vec<seats::Seat> = child.own.into_iter().map(|own| own.seat).collect();
    let line = line::of_child(tx, round.id, student)?;
    if !is_told {
        for one in &mut offered {
            one.listed.outcome = None;
        }
    }
    let (at, today) = (tx.at(), tx.today());
    let place_ends_on = children::last_day(tx, (round.term, &round.setup.slot), student, today)?;
    Ok(ChildRound {
        place_ends_on,
        stage,
        offered,
        chooser: child.chooser,
        choosable,
        list: stored.as_ref().map(|stored| stored.list.clone()),
        receipt: stored.map(receipt),
        answers,
        seats: own.iter().filter(|_| is_told).map(|seat| (seat.weekday, seat.offering)).collect(),
        held: match round.setup.way {
            Way::Ranked => Vec::new(),
            Way::FirstCome => own.iter().filter(|seat| seat.stands(at)).map(held).collect(),
        },
        line: line.iter().map(waits).collect(),
        by: Channel::Family,
        round,
    })
}

fn held(seat: &seats::Seat) -> Held {
    Held { weekday: seat.weekday, offering: seat.offering, until: seat.held_until }
}

fn waits(one: &line::InLine) -> Waits {
    Waits { offering: one.offering, before: one.before, offered_until: one.offered_until }
}

fn receipt(stored: lists::Stored) -> Receipt {
    Receipt {
        number: stored.number,
        salt: stored.salt,
        written_at: stored.written_at,
        is_by_office: stored.is_by_office,
        sealed: stored.application.zip(stored.proof),
    }
}

fn read(text: &str) -> Result<Vec<Answer>> {
    serde_json::from_str(text).map_err(|why| Error::Engine(format!("an answer cannot be read: {why}")))
}
