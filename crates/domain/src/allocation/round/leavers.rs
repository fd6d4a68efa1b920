//! A child's place ends: what it has in clubs ends with it and goes to whoever waits (B6, F12).

use std::collections::BTreeSet;

use super::{Stage, Way};
use crate::ids::{OfferingId, StudentId};

/// From which hour of the morning after a child's last day its seats are offered to others: whoever is offered one has
/// to be awake, since the offer has an end.
pub const PASSED_ON_FROM_HOUR: i8 = 7;

/// A day of an offering in which a child has a seat, or for which it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The child.
    pub student: StudentId,
    /// The offering.
    pub offering: OfferingId,
    /// 1 (Monday) to 5.
    pub weekday: i8,
}

/// What children have or wait for and cannot come to any more: `staying` are the weekdays of each child's place in the
/// slot today or later. What meets on several days a child has on all of them or not at all.
pub fn given_up(held: &[Held], staying: &BTreeSet<(StudentId, i8)>) -> BTreeSet<(StudentId, OfferingId)> {
    let is_over = |one: &&Held| !staying.contains(&(one.student, one.weekday));
    held.iter().filter(is_over).map(|one| (one.student, one.offering)).collect()
}

/// Whether a round has a line, or will have one, to which a seat goes that becomes free: also one that was given in an
/// earlier round of the slot.
pub const fn takes_over(way: Way, stage: Stage) -> bool {
    matches!((way, stage), (Way::FirstCome, Stage::Announced | Stage::Open))
}

/// Whether the family knows of a seat of the round, so that it is told when the seat ends.
pub const fn is_known(way: Way, stage: Stage) -> bool {
    matches!((way, stage), (Way::FirstCome, _) | (_, Stage::Published))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EntityId;

    const CHESS: u128 = 1;
    const BAND: u128 = 2;

    /// Each child with an offering and its weekdays, and the weekdays on which child 7 has a place.
    #[track_caller]
    fn check(has: &[(u128, &[i8])], stays_on: &[i8], expected: &[u128]) {
        let student = StudentId::from_bits(7);
        let held: Vec<Held> = has
            .iter()
            .flat_map(|(offering, days)| days.iter().map(|weekday| (*offering, *weekday)))
            .map(|(offering, weekday)| Held { student, offering: OfferingId::from_bits(offering), weekday })
            .collect();
        // somebody else's place keeps no seat
        let staying = stays_on.iter().map(|day| (student, *day)).chain([(StudentId::from_bits(8), 2)]);
        let expected = expected.iter().map(|one| (student, OfferingId::from_bits(*one))).collect();
        assert_eq!(given_up(&held, &staying.collect()), expected, "{has:?} {stays_on:?}");
    }

    #[test]
    fn a_seat_ends_with_the_place_and_one_of_several_days_with_the_first_of_them_that_ends() {
        check(&[], &[2], &[]);
        check(&[(CHESS, &[2])], &[2, 4], &[]);
        check(&[(CHESS, &[2])], &[], &[CHESS]);
        check(&[(CHESS, &[2])], &[4], &[CHESS]);
        check(&[(CHESS, &[2]), (BAND, &[3, 4])], &[2, 3, 4], &[]);
        check(&[(CHESS, &[2]), (BAND, &[3, 4])], &[2, 3], &[BAND]);
        check(&[(CHESS, &[2]), (BAND, &[3, 4])], &[], &[CHESS, BAND]);
    }

    #[test]
    fn a_free_seat_goes_to_the_round_with_a_line_and_a_family_is_told_of_what_it_knew() {
        let check = |way, stage, expected: (bool, bool)| {
            assert_eq!((takes_over(way, stage), is_known(way, stage)), expected, "{way:?} {stage:?}");
        };
        check(Way::FirstCome, Stage::Announced, (true, true));
        check(Way::FirstCome, Stage::Open, (true, true));
        check(Way::FirstCome, Stage::Over, (false, true));
        check(Way::FirstCome, Stage::Published, (false, true));
        check(Way::Ranked, Stage::Open, (false, false));
        check(Way::Ranked, Stage::Drawn, (false, false));
        check(Way::Ranked, Stage::Published, (false, true));
    }
}
