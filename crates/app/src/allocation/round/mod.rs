//! Rounds of choosing in the service: set up, made known, chosen in, sealed, drawn, published (F11, F12).
//!
//! A round is held by its own row. What a family wishes is one row of the child's; what the seal and the draw make of
//! it is written to that row too, so that a family's page reads nothing of anybody else.

mod answer;
mod apart;
mod arrange;
mod choose;
mod claim;
mod desk;
mod draw;
mod family;
mod keep;
mod leavers;
mod market;
mod office;
mod publish;
mod retire;
mod rows;
mod siblings;

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::{Error, Result, SchoolTx};
use kehou_domain::allocation::draw::Hash;
use kehou_domain::allocation::round::{Choosable, Seats, Setup, Stage, Times, first_of};
use kehou_domain::catalogue::{Details, SexLimit, not_for};
use kehou_domain::ids::{OfferingId, RoundId, StudentId, TermId};
use kehou_domain::people::Sex;
use kehou_domain::people::class::ClassKey;
use kehou_domain::plan::{Grades, SlotId, Weekdays};

pub use answer::{Answer, AnswerCutoff, AnswerReason, Change};
pub use apart::{keep_apart, let_together};
pub use arrange::{Cause, Moved, NewMove, changes, lock, move_child, take_back};
pub use choose::{
    WriteRefused, change_wishes, change_wishes_for, offered, offered_at_desk, write_wishes, write_wishes_for,
};
pub use claim::{SeatRefused, SeatStep, change_seat, change_seat_for, claim, is_due, sweep};
pub use desk::{Desk, DeskChild, ForDesk, at_desk, at_desk_of, for_desk};
pub use draw::{Draw, DrawFailed, draw, hash, seal, seal_due};
pub use family::{ChildRound, ChildRounds, Held, Receipt, Waits, for_child};
pub use keep::{AnnounceRefused, CallOffRefused, KeepRefused, announce, call_off, create, update};
pub use leavers::let_leavers_go;
pub use office::{Applicant, Overview, PublicRound, Rounds, applicants, overview, public, record, rounds};
pub use publish::publish;
pub use retire::{Choosing, Chosen, chosen, retire};

/// A round as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// Its term.
    pub term: TermId,
    /// What the school decided.
    pub setup: Setup,
    /// When each thing happened.
    pub times: Times,
    /// The hash of the secret, once it is made known.
    pub commitment: Option<Hash>,
    /// The root over the applications and their number, once they are sealed.
    pub sealed: Option<(Hash, u32)>,
    /// What the draw made known.
    pub drawn: Option<Drawn>,
    /// Why the school gave it up.
    pub called_off_why: Option<String>,
    /// When the wishes were last counted.
    pub counted_at: Option<Timestamp>,
    /// Counted up with every change.
    pub version: u32,
}

/// What a draw made known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The secret; nothing where it was not revealed in time and zeros counted.
    pub secret: Option<[u8; 32]>,
    /// The public value.
    pub beacon: String,
    /// The seed, in hexadecimal.
    pub seed: String,
}

/// An offering of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The offering.
    pub id: OfferingId,
    /// What is offered.
    pub details: Details,
    /// The teacher's name; empty when none is named.
    pub teacher_name: String,
    /// How it stands in the round.
    pub listed: Listed,
    /// What no child has besides it.
    pub apart: Vec<OfferingId>,
}

/// An offering of a round as the rules of choosing need it.
#[derive(Debug, Clone)]
struct Place {
    id: OfferingId,
    number: u32,
    days: Weekdays,
    title: String,
    sex: SexLimit,
    grades: Grades,
    apart: Vec<OfferingId>,
}

/// How an offering stands in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its place in the round's list.
    pub place: u32,
    /// The days on which it meets, Monday to Friday; a child has all of them or none.
    pub days: Weekdays,
    /// The seats of the round, as they were made known, with those that are kept and taken in a round of first come; once
    /// a draw was held, those that have somebody.
    pub seats: Seats,
    /// The fewest children with whom it opens.
    pub minimum: u16,
    /// How many named it first for its day, and how many at all, when last counted.
    pub wished: (u32, u32),
    /// What the draw made of it.
    pub outcome: Option<Outcome>,
}

/// What the draw made of an offering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How many have a seat.
    pub admitted: u32,
    /// Whom it takes.
    pub cutoff: AnswerCutoff,
    /// Where it does not open: which in the order of closing, and how many would come.
    pub closed: Option<(u32, u32)>,
}

/// A child's seat on a weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seated {
    /// The child.
    pub(crate) student: StudentId,
    /// The slot.
    pub(crate) slot: SlotId,
    /// What it has a seat in.
    pub(crate) offering: OfferingId,
}

/// A child with a seat in an offering, as a list of it names the child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sitting {
    /// The name.
    pub(crate) name: String,
    /// The number in the class, where the school gives numbers.
    pub(crate) seat_no: Option<u32>,
    /// The class on the day.
    pub(crate) class: Option<ClassKey>,
}

/// The seats of a term's weekday, 1 (Monday) to 7, or of all, that were the children's before this moment and that their
/// families know of.
pub(crate) fn seats_on(
    tx: &mut SchoolTx,
    weekday: (TermId, Option<i8>),
    before: Timestamp,
) -> Result<Vec<Seated>> {
    rows::seats::standing(tx, weekday, before)
}

/// The children who have a seat in an offering that their families know of, with the class of the day, class by class.
pub(crate) fn sitting(tx: &mut SchoolTx, offering: OfferingId, day: Date) -> Result<Vec<Sitting>> {
    rows::seats::sitting(tx, offering, day)
}

impl Round {
    /// Where it stands now.
    pub fn stage(&self, now: Timestamp) -> Stage {
        self.times.stage(now)
    }
}

impl Listed {
    /// The day of its list, the first on which it meets: 1 (Monday) to 5.
    pub fn weekday(&self) -> i8 {
        first_of(self.days)
    }
}

impl Offered {
    /// The offering before a child.
    fn before(&self, grade: Option<u8>, sex: Sex) -> Choosable {
        Choosable {
            place: self.listed.place,
            weekday: self.listed.weekday(),
            days: self.listed.days,
            title: self.details.title.clone(),
            not_for: self.details.not_for(grade, sex),
            is_for_one_sex: self.details.sex != SexLimit::Anyone,
            apart: self.apart.clone(),
        }
    }
}

impl Place {
    /// The offering before a child.
    fn before(&self, grade: Option<u8>, sex: Sex) -> Choosable {
        Choosable {
            place: self.number,
            weekday: first_of(self.days),
            days: self.days,
            title: self.title.clone(),
            not_for: not_for((&self.grades, self.sex), grade, sex),
            is_for_one_sex: self.sex != SexLimit::Anyone,
            apart: self.apart.clone(),
        }
    }
}

/// The round, held until this transaction ends.
fn held(tx: &mut SchoolTx, id: RoundId) -> Result<Round> {
    rows::round::hold(tx, id)?;
    rows::round::one(tx, id)
}

/// The round when it is not a draft any more; a draft is there for the office alone.
fn known(tx: &mut SchoolTx, id: RoundId) -> Result<Round> {
    let round = rows::round::one(tx, id)?;
    if round.times.announced_at.is_some() { Ok(round) } else { Err(Error::NotFound) }
}
