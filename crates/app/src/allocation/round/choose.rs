//! A family ranks its wishes, or the school writes them for a family that cannot.

use jiff::SignedDuration;
use kehou_db::{Error, Event, Failed, Result, SchoolTx, Tx, hex};
use kehou_domain::access::{ChooseOfferings, EnterWishes, Role};
use kehou_domain::allocation::round::{
    Choosable, Chooser, Has, StepRefused, WishFault, WishList, WishStep, may_write,
};
use kehou_domain::ids::{RoundId, StudentId};
use kehou_domain::plan::Weekdays;
use serde_json::json;

use super::rows::{children, lists, offered, round as rows, seats};
use super::{Offered, Place, Round, known};
use crate::identity::factor::random;
use crate::people;

/// How long a count of the wishes stands before it is made again.
const COUNTED_FOR: SignedDuration = SignedDuration::from_secs(60);

/// Why wishes are not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteRefused {
    /// The round is not open.
    Step(StepRefused),
    /// What is wrong with them.
    Faults(Vec<WishFault>),
}

/// Writes the wishes for one's own child; the last ones count.
pub fn write_wishes(
    tx: &mut Tx<ChooseOfferings>,
    (round, student): (RoundId, StudentId),
    list: &WishList,
) -> std::result::Result<(), Failed<WriteRefused>> {
    let own = people::own_child(tx, student)?;
    write(tx, (round, own.student()), |_, _| list.clone())
}

/// Changes the wishes for one's own child by one tap.
pub fn change_wishes(
    tx: &mut Tx<ChooseOfferings>,
    (round, student): (RoundId, StudentId),
    step: WishStep,
) -> std::result::Result<(), Failed<WriteRefused>> {
    let own = people::own_child(tx, student)?;
    write(tx, (round, own.student()), |list, offered| list.after(step, offered))
}

/// What is offered in a round, for the words with which a family is refused.
pub fn offered(tx: &mut Tx<ChooseOfferings>, round: RoundId) -> Result<Vec<Offered>> {
    offered_in(tx, round)
}

/// What is offered in a round, for the words with which the school is refused.
pub fn offered_at_desk(tx: &mut Tx<EnterWishes>, round: RoundId) -> Result<Vec<Offered>> {
    offered_in(tx, round)
}

fn offered_in(tx: &mut SchoolTx, round: RoundId) -> Result<Vec<Offered>> {
    let round = known(tx, round)?;
    offered::of_round(tx, round.term, round.id)
}

/// Writes the wishes of a family that cannot do so itself; a homeroom teacher for the own class.
pub fn write_wishes_for(
    tx: &mut Tx<EnterWishes>,
    (round, student): (RoundId, StudentId),
    list: &WishList,
) -> std::result::Result<(), Failed<WriteRefused>> {
    in_sight(tx, student)?;
    write(tx, (round, student), |_, _| list.clone())
}

/// Changes the wishes of a family that cannot do so itself by one tap.
pub fn change_wishes_for(
    tx: &mut Tx<EnterWishes>,
    (round, student): (RoundId, StudentId),
    step: WishStep,
) -> std::result::Result<(), Failed<WriteRefused>> {
    in_sight(tx, student)?;
    write(tx, (round, student), |list, offered| list.after(step, offered))
}

/// Whether the acting role has to do with the child.
pub(super) fn in_sight(tx: &mut SchoolTx, student: StudentId) -> Result<()> {
    if tx.role() != Role::HomeroomTeacher {
        return Ok(());
    }
    let today = tx.today();
    let class = people::class_on(tx, student, today)?.ok_or(Error::NotFound)?;
    people::own_class(tx, class).map(drop)
}

fn write(
    tx: &mut SchoolTx,
    (id, student): (RoundId, StudentId),
    change: impl FnOnce(&WishList, &[Choosable]) -> WishList,
) -> std::result::Result<(), Failed<WriteRefused>> {
    let round = known(tx, id)?;
    seats::hold(tx, id, student)?;
    may_write(round.setup.way, round.stage(tx.at()))
        .map_err(|why| Failed::Refused(WriteRefused::Step(why)))?;
    let child = before(tx, &round, student)?;
    let choosable: Vec<Choosable> =
        offered::places(tx, round.term, id)?.iter().map(|one| child.place(one)).collect();
    let stored = lists::of_child(tx, id, student)?;
    let none = WishList { weekly_limit: round.setup.weekly_limit, ..WishList::default() };
    let list = change(stored.as_ref().map_or(&none, |stored| &stored.list), &choosable);
    let faults = list.faults(&round.setup, &child.chooser, &choosable);
    if !faults.is_empty() {
        return Err(Failed::Refused(WriteRefused::Faults(faults)));
    }

    let stored = entry(tx, (student, stored), list)?;
    lists::write(tx, id, &stored)?;
    tx.event(Event::new("WriteWishes", id).facts(json!({
        "child": student.to_string(),
        "wishes": stored.list.written(),
        "weekly_limit": stored.list.weekly_limit,
        "week": stored.list.week,
        "beside_sibling": stored.list.beside,
        "by_office": stored.is_by_office,
    })))?;
    count(tx, &round)?;
    Ok(())
}

/// A child before a round.
pub(super) struct Before {
    pub(super) chooser: Chooser,
    /// What the child has of this round, whether it stands or not.
    pub(super) own: Vec<Own>,
    grade: Option<u8>,
}

/// An offering of which a child has a seat.
pub(super) struct Own {
    /// The seat of its first day.
    pub(super) seat: seats::Seat,
    pub(super) title: String,
    pub(super) days: Weekdays,
}

impl Own {
    /// Each offering once, with its days.
    fn each(seats: Vec<(seats::Seat, String)>) -> Vec<Own> {
        let mut each: Vec<Own> = Vec::new();
        for (seat, title) in seats {
            let day = Weekdays::of([seat.weekday.unsigned_abs()]);
            match each.iter_mut().find(|own| own.seat.offering == seat.offering) {
                Some(own) => own.days = own.days.or(day),
                None => each.push(Own { seat, title, days: day }),
            }
        }
        each
    }

    /// What the rules need to know of it.
    pub(super) fn has(&self) -> Has {
        Has { offering: self.seat.offering, days: self.days, title: self.title.clone() }
    }
}

impl Before {
    /// The seat of a weekday.
    pub(super) fn on(&self, weekday: i8) -> Option<&Own> {
        self.own.iter().find(|own| own.days.iter().any(|day| day.cast_signed() == weekday))
    }

    pub(super) fn offered(&self, one: &Offered) -> Choosable {
        one.before(self.grade, self.chooser.sex)
    }

    pub(super) fn place(&self, one: &Place) -> Choosable {
        one.before(self.grade, self.chooser.sex)
    }
}

pub(super) fn before(tx: &mut SchoolTx, round: &Round, student: StudentId) -> Result<Before> {
    let today = tx.today();
    let slot = (round.term, &round.setup.slot);
    let child = children::one(tx, student, today)?;
    let grade = child.class.and_then(|class| class.grade_on(today));
    let stays_on = children::stays_on(tx, slot, student, today)?;
    let (own, earlier): (Vec<_>, Vec<_>) =
        seats::titled(tx, slot, student)?.into_iter().partition(|(seat, _)| seat.round == round.id);
    let offerings = earlier.iter().map(|(seat, _)| seat.offering).collect();
    let has = earlier.into_iter().map(|(seat, title)| (seat.weekday, title)).collect();
    Ok(Before { chooser: Chooser { sex: child.sex, stays_on, has, offerings }, own: Own::each(own), grade })
}

/// The child's row: number and salt are drawn once, with the first wishes.
fn entry(
    tx: &SchoolTx,
    (student, stored): (StudentId, Option<lists::Stored>),
    list: WishList,
) -> Result<lists::Stored> {
    let (is_by_office, at) = (tx.role() != Role::Guardian, tx.at());
    if let Some(stored) = stored {
        return Ok(lists::Stored { list, is_by_office, written_at: at, ..stored });
    }
    let (application, proof, answers) = (None, None, None);
    let (number, salt) = (number()?, hex(&random::<16>()?));
    Ok(lists::Stored {
        student,
        number,
        salt,
        list,
        is_by_office,
        written_at: at,
        application,
        proof,
        answers,
    })
}

/// Twelve digits at most, so that a family can read it out.
fn number() -> Result<u64> {
    const BELOW: u64 = 1_000_000_000_000;
    Ok(u64::from_be_bytes(random::<8>()?) % BELOW)
}

/// Counts the wishes when the last count is older than a minute: what families see of others is that old at most, and
/// no offering's row is written by every family.
fn count(tx: &mut SchoolTx, round: &Round) -> Result<()> {
    let at = tx.at();
    if round.counted_at.is_some_and(|counted| at.duration_since(counted) < COUNTED_FOR) {
        return Ok(());
    }
    count_now(tx, round.id)
}

pub(super) fn count_now(tx: &mut SchoolTx, id: RoundId) -> Result<()> {
    let mut counts = Vec::<(u32, u32)>::new();
    for list in lists::wishes(tx, id)? {
        for day in &list.days {
            for (rank, place) in day.iter().enumerate() {
                let place = *place as usize;
                counts.resize(counts.len().max(place + 1), (0, 0));
                counts[place].0 += u32::from(rank == 0);
                counts[place].1 += 1;
            }
        }
    }
    offered::count(tx, id, &counts)?;
    rows::count(tx, id)
}
