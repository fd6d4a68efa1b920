//! An offering that families have chosen is taken back or ends: nobody loses a choice in silence.

use crate::catalogue::{LONGEST_REASON, Status, Step, step};
use crate::typed::is_longer;

/// What families hold of an offering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Promises {
    /// In how many rounds on their way it is offered: what was made known there stays as it is.
    pub rounds: usize,
    /// How many children have a seat in it.
    pub seats: u32,
}

/// What the office wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retire {
    /// The step.
    pub step: Step,
    /// How many seats the office was shown and ticked.
    pub agreed: Option<u32>,
    /// Why it ends; families read it.
    pub reason: String,
}

/// Why an offering stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetireRefused {
    /// The step is none of this status.
    WrongStatus(Status),
    /// Families choose it in so many rounds.
    Choosing(usize),
    /// So many children have a seat, and the office has not said that it knows.
    Seats(u32),
    /// Families read why it ends.
    NoReason,
    /// The reason is too long.
    ReasonTooLong,
}

/// Where the step leads, when nothing that families hold is lost unsaid.
pub fn retire(status: Status, promises: Promises, wish: &Retire) -> Result<Status, RetireRefused> {
    let to = step(status, wish.step).map_err(|why| RetireRefused::WrongStatus(why.0))?;
    // what the reviewer has was taken back before, and families were told then
    let is_told = wish.step == Step::TakeBack && status != Status::Published;
    if wish.step == Step::HandIn || is_told {
        return Ok(to);
    }
    if 0 < promises.rounds {
        return Err(RetireRefused::Choosing(promises.rounds));
    }
    if 0 == promises.seats {
        return Ok(to);
    }
    if wish.agreed != Some(promises.seats) {
        return Err(RetireRefused::Seats(promises.seats));
    }
    match wish.step {
        Step::Withdraw if wish.reason.trim().is_empty() => Err(RetireRefused::NoReason),
        Step::Withdraw if is_longer(&wish.reason, LONGEST_REASON) => Err(RetireRefused::ReasonTooLong),
        Step::Withdraw | Step::TakeBack | Step::HandIn => Ok(to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_families_chose_ends_only_when_the_office_knows_how_many_and_says_why() {
        let nobody = Promises::default();
        let (chosen, seated) = (Promises { rounds: 1, seats: 3 }, Promises { rounds: 0, seats: 3 });
        let check = |status, promises, (step, agreed, reason): (Step, Option<u32>, &str), expected| {
            let wish = Retire { step, agreed, reason: reason.to_owned() };
            assert_eq!(retire(status, promises, &wish), expected, "{status:?} {promises:?} {wish:?}");
        };
        let (back, end) = (Step::TakeBack, Step::Withdraw);
        check(Status::Published, nobody, (back, None, ""), Ok(Status::Draft));
        check(Status::Published, nobody, (end, None, ""), Ok(Status::Withdrawn));
        check(Status::Draft, nobody, (back, None, ""), Err(RetireRefused::WrongStatus(Status::Draft)));
        check(Status::Published, chosen, (back, Some(3), "病"), Err(RetireRefused::Choosing(1)));
        check(Status::Published, chosen, (end, Some(3), "病"), Err(RetireRefused::Choosing(1)));
        check(Status::Published, seated, (back, None, ""), Err(RetireRefused::Seats(3)));
        check(Status::Published, seated, (back, Some(2), ""), Err(RetireRefused::Seats(3)));
        check(Status::Published, seated, (back, Some(3), ""), Ok(Status::Draft));
        check(Status::InReview, seated, (back, None, ""), Ok(Status::Draft));
        check(Status::Published, seated, (end, None, "病"), Err(RetireRefused::Seats(3)));
        check(Status::Published, seated, (end, Some(3), " "), Err(RetireRefused::NoReason));
        let long = "长".repeat(LONGEST_REASON + 1);
        check(Status::Published, seated, (end, Some(3), &long), Err(RetireRefused::ReasonTooLong));
        check(Status::Draft, seated, (end, Some(3), "老师病了"), Ok(Status::Withdrawn));
        check(Status::Returned, seated, (end, None, "老师病了"), Err(RetireRefused::Seats(3)));
    }
}
