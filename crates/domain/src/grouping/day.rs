//! 归组: which group a child is in, on a day and in a slot. It is decided here and nowhere else.
//!
//! A child who stays has a base-care group always, that of its home class. A seat in a club calls it away from there for
//! the slot, as long as the club can take it in; whatever is wrong with the club, the child is back with its class.

use std::collections::BTreeMap;

use crate::ids::{GroupId, StudentId};
use crate::plan::SlotId;

/// A child who stays in a slot of the day, with the base-care group that would have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staying {
    /// The child.
    pub student: StudentId,
    /// The slot.
    pub slot: SlotId,
    /// The group of its home class.
    pub base: GroupId,
}

/// A club's group on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Club {
    /// The group.
    pub group: GroupId,
    /// Whether it meets.
    pub standing: Standing,
    /// How far its roll is.
    pub roll: Roll,
}

/// Whether a club meets on a day, and if not, why its children stay with their classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It meets.
    Meets,
    /// The school does not offer it any more.
    Withdrawn,
    /// Nobody of the staff leads it.
    NoTeacher,
    /// The plan or the catalogue has it on other days.
    NotToday,
}

/// How far the roll of a club is on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roll {
    /// Children may still come onto it.
    Open,
    /// Everyone on it was called: nobody comes onto it any more.
    Called,
}

/// The group on whose roll of the day a child stands already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Nobody has called it there: it may still be called elsewhere.
    Waiting(GroupId),
    /// It was called there, or the whole roll was: that is not changed any more.
    Settled(GroupId),
}

/// What is known of a day.
#[derive(Debug, Clone, Copy)]
pub struct OnDay<'a> {
    /// Who stays.
    pub staying: &'a [Staying],
    /// The clubs of the day.
    pub clubs: &'a BTreeMap<GroupId, Club>,
    /// The club in which a child has had its seat in a slot since before the day.
    pub seats: &'a BTreeMap<(StudentId, SlotId), GroupId>,
    /// The rolls of a day that has come.
    pub listed: &'a BTreeMap<(StudentId, SlotId), Listed>,
}

/// The one group of each child that stays, slot by slot (G1, G2): nobody is in two, and nobody in none.
pub fn groups_on(day: OnDay<'_>) -> BTreeMap<(StudentId, SlotId), GroupId> {
    let mut groups = BTreeMap::new();
    for staying in day.staying {
        let key = (staying.student, staying.slot.clone());
        let group = group_of(&day, &key, staying.base);
        groups.entry(key).or_insert(group);
    }
    groups
}

/// A roll that was called stays as it was called. A child that stands on a club's roll of today stays there as long as
/// the club meets: a seat that is given or taken today counts from tomorrow.
fn group_of(day: &OnDay<'_>, key: &(StudentId, SlotId), base: GroupId) -> GroupId {
    let club = |group: &GroupId| day.clubs.get(group).filter(|club| club.standing == Standing::Meets);
    match day.listed.get(key) {
        Some(Listed::Settled(group)) => return *group,
        Some(Listed::Waiting(group)) if club(group).is_some() => return *group,
        Some(Listed::Waiting(_)) | None => {}
    }
    let seat = day.seats.get(key).and_then(club).filter(|club| club.roll == Roll::Open);
    seat.map_or(base, |club| club.group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EntityId;

    const BASE: u128 = 1;
    const CLAY: u128 = 2;
    const CHESS: u128 = 3;

    fn group(number: u128) -> GroupId {
        GroupId::from_bits(number)
    }

    fn key(child: u128) -> (StudentId, SlotId) {
        (StudentId::from_bits(child), SlotId("afternoon".into()))
    }

    fn club(number: u128, standing: Standing, roll: Roll) -> (GroupId, Club) {
        (group(number), Club { group: group(number), standing, roll })
    }

    /// Where a child sits that has this seat and stands on this roll, when clay stands so.
    #[track_caller]
    fn check(seat: Option<u128>, listed: Option<Listed>, clay: (Standing, Roll), expected: u128) {
        let (student, slot) = key(9);
        let staying = [Staying { student, slot, base: group(BASE) }];
        let clubs = [club(CLAY, clay.0, clay.1), club(CHESS, Standing::Meets, Roll::Open)].into();
        let seats = seat.map(|seat| (key(9), group(seat))).into_iter().collect();
        let listed = listed.map(|listed| (key(9), listed)).into_iter().collect();
        let groups = groups_on(OnDay { staying: &staying, clubs: &clubs, seats: &seats, listed: &listed });
        assert_eq!(groups, BTreeMap::from([(key(9), group(expected))]));
    }

    const OPEN: (Standing, Roll) = (Standing::Meets, Roll::Open);

    #[test]
    fn a_seat_calls_a_child_away_from_its_class() {
        check(None, None, OPEN, BASE);
        check(Some(CLAY), None, OPEN, CLAY);
        check(Some(CLAY), Some(Listed::Waiting(group(BASE))), OPEN, CLAY);
    }

    #[test]
    fn whatever_is_wrong_with_the_club_the_child_is_with_its_class() {
        for standing in [Standing::Withdrawn, Standing::NoTeacher, Standing::NotToday] {
            check(Some(CLAY), None, (standing, Roll::Open), BASE);
            check(Some(CLAY), Some(Listed::Waiting(group(CLAY))), (standing, Roll::Open), BASE);
        }
        // a club that nobody knows
        check(Some(7), None, OPEN, BASE);
    }

    #[test]
    fn a_roll_that_was_called_is_not_changed() {
        check(Some(CLAY), Some(Listed::Settled(group(BASE))), OPEN, BASE);
        check(None, Some(Listed::Settled(group(CLAY))), (Standing::Withdrawn, Roll::Called), CLAY);
        check(Some(CLAY), None, (Standing::Meets, Roll::Called), BASE);
    }

    #[test]
    fn a_seat_of_today_counts_from_tomorrow() {
        check(None, Some(Listed::Waiting(group(CLAY))), OPEN, CLAY);
        check(Some(CHESS), Some(Listed::Waiting(group(CLAY))), OPEN, CLAY);
    }

    /// Numbers that look like chance, the same in every run.
    fn chance(seed: &mut u64, below: u64) -> u64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % below
    }

    fn any_club(number: u128, seed: &mut u64) -> (GroupId, Club) {
        let standings = [Standing::Meets, Standing::Withdrawn, Standing::NoTeacher, Standing::NotToday];
        let roll = if chance(seed, 2) == 0 { Roll::Open } else { Roll::Called };
        club(number, standings[usize::try_from(chance(seed, 4)).unwrap()], roll)
    }

    #[test]
    fn whatever_a_day_holds_every_child_has_one_group_and_nobody_else_has_any() {
        let mut seed = 7;
        for _ in 0..500 {
            let clubs: BTreeMap<_, _> = (2..5).map(|number| any_club(number, &mut seed)).collect();
            let (mut staying, mut seats, mut listed) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
            for child in 0..20 {
                if chance(&mut seed, 5) != 0 {
                    let (student, slot) = key(child);
                    staying.push(Staying { student, slot, base: group(BASE) });
                }
                seats.insert(key(child), group(2 + u128::from(chance(&mut seed, 4))));
                let on = group(1 + u128::from(chance(&mut seed, 4)));
                match chance(&mut seed, 3) {
                    0 => drop(listed.insert(key(child), Listed::Waiting(on))),
                    1 => drop(listed.insert(key(child), Listed::Settled(on))),
                    _ => {}
                }
            }
            let day = OnDay { staying: &staying, clubs: &clubs, seats: &seats, listed: &listed };
            let groups = groups_on(day);
            let who: Vec<_> = staying.iter().map(|one| (one.student, one.slot.clone())).collect();
            assert_eq!(groups.keys().cloned().collect::<Vec<_>>(), who);
            for (child, of) in &groups {
                let settled = listed.get(child) == Some(&Listed::Settled(*of));
                let meets = clubs.get(of).is_none_or(|club| club.standing == Standing::Meets);
                assert!(settled || (meets && (*of == group(BASE) || clubs.contains_key(of))));
            }
        }
    }
}
