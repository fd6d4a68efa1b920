//! After the draw: a child whose list says so goes where a sibling is, for a free seat alone (6 A).

use kehou_db::{Error, Event, Result, SchoolTx};
use kehou_domain::allocation::Channel;
use kehou_domain::allocation::round::Share;
use kehou_domain::ids::{OfferingId, StudentId};
use serde_json::json;

use super::answer::{Answer, AnswerReason, Change};
use super::arrange::{Cause, Moved};
use super::rows::{moves, seats};
use super::{Offered, Round};

/// A child that goes beside a sibling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Goes {
    pub(super) student: StudentId,
    /// By their places in the round's list.
    pub(super) from: Option<u32>,
    pub(super) to: u32,
}

/// Moves the seats of those who go, each as a move that the round's list of moves shows.
pub(super) fn seat(tx: &mut SchoolTx, round: &Round, offered: &[Offered], going: &[Goes]) -> Result<()> {
    for one in going {
        let to = &offered[one.to as usize];
        let from = one.from.map(|place| offered[place as usize].id);
        if !seats::take(tx, (round.id, to.id), Share::Any, Channel::Family)? {
            return Err(Error::Engine("a seat beside a sibling was not free".to_owned()));
        }
        go(tx, round, (one.student, from), to)?;
    }
    Ok(())
}

fn go(
    tx: &mut SchoolTx,
    round: &Round,
    (student, from): (StudentId, Option<OfferingId>),
    to: &Offered,
) -> Result<()> {
    if let Some(from) = from
        && seats::leave(tx, round, (student, from))?
    {
        seats::free(tx, (round.id, from), Channel::Family)?;
    }
    let (days, by) = (to.listed.days, Channel::Family);
    let new = seats::NewSeat { student, days, offering: to.id, how: "draw", held_until: None, by };
    seats::seat(tx, round, new)?;
    let moved = Moved {
        id: tx.new_id(),
        student,
        weekday: to.listed.weekday(),
        from,
        to: Some(to.id),
        reason: String::new(),
        cause: Cause::Siblings,
        takes_back: None,
        at: tx.at(),
    };
    moves::add(tx, round.id, &moved)?;
    tx.event(Event::new("SeatBesideSibling", round.id).facts(json!({
        "child": student.to_string(),
        "from": from.map(|id| id.to_string()),
        "to": to.id.to_string(),
    })))
}

/// What the family reads of the two wishes.
pub(super) fn answer(answers: &mut [Answer], one: Goes) {
    for answer in answers {
        if answer.place == one.to {
            (answer.reason, answer.change) = (AnswerReason::BesideSibling, Change::Nothing);
        } else if Some(answer.place) == one.from {
            (answer.reason, answer.change) = (AnswerReason::LeftForSibling, Change::Nothing);
        }
    }
}
