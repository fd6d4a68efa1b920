//! Closing: a group's room by a checklist, and the day when every child has an ending.

use jiff::civil::Date;

use crate::ids::StudentId;
use crate::typed::{LONGEST_NOTE, is_longer};

/// H9: what a teacher checks before leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClosingCheck {
    /// All children have left.
    ChildrenLeft,
    /// Lights, fans and machines are off.
    PowerOff,
    /// Doors are locked.
    DoorsLocked,
    /// Windows are shut.
    WindowsShut,
}

impl ClosingCheck {
    /// Every check, in the order in which a teacher walks.
    pub const ALL: [ClosingCheck; 4] = [
        ClosingCheck::ChildrenLeft,
        ClosingCheck::PowerOff,
        ClosingCheck::WindowsShut,
        ClosingCheck::DoorsLocked,
    ];

    /// The word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            ClosingCheck::ChildrenLeft => "children_left",
            ClosingCheck::PowerOff => "power_off",
            ClosingCheck::DoorsLocked => "doors_locked",
            ClosingCheck::WindowsShut => "windows_shut",
        }
    }

    /// The check of this word.
    pub fn parse(word: &str) -> Option<ClosingCheck> {
        ClosingCheck::ALL.into_iter().find(|check| check.word() == word)
    }
}

/// Why a group cannot be closed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupOpen {
    /// These children of the group have no ending and were not handed over.
    Children(Vec<StudentId>),
    /// These checks were not ticked.
    Unchecked(Vec<ClosingCheck>),
}

/// H9: a group is closed when its children are out of the teacher's hands and every check is ticked.
///
/// `in_room` are the children whom the teacher still answers for; a tick cannot replace their records.
pub fn close_group(in_room: &[StudentId], ticked: &[ClosingCheck]) -> Result<(), GroupOpen> {
    if !in_room.is_empty() {
        return Err(GroupOpen::Children(in_room.to_vec()));
    }
    let unchecked: Vec<ClosingCheck> =
        ClosingCheck::ALL.into_iter().filter(|check| !ticked.contains(check)).collect();
    if unchecked.is_empty() { Ok(()) } else { Err(GroupOpen::Unchecked(unchecked)) }
}

/// What keeps the day open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StillOpen {
    /// Children without an ending.
    pub children: Vec<StudentId>,
    /// Children who are still being looked for.
    pub missing: usize,
    /// Stops that wait for a duty leader.
    pub stops: usize,
    /// Groups whose checklist is not done.
    pub groups: usize,
}

/// Why the day cannot be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotClose {
    /// The day is yet to come.
    NotYet,
    /// No session stands on it: its sessions are not made yet, or there is no service.
    NothingHeld,
    /// This is still open, and no reason stands for it.
    Open(StillOpen),
    /// The day is over: with a reason for this it can be closed.
    NoReason(StillOpen),
    /// The reason is longer than [`LONGEST_NOTE`].
    ReasonTooLong,
}

impl StillOpen {
    /// Whether a reason may stand for what is open once the day is over: not for a child who is still being looked for,
    /// nor for a stop that waits for somebody's word.
    pub const fn may_be_explained(&self) -> bool {
        self.missing == 0 && self.stops == 0
    }
}

/// H9, H10: the day is closed when every expected child has an ending, every stop that waits for the duty
/// leader was ended, and every group is closed; never before it came, nor while it has no sessions. A day that is over
/// stays open until somebody closes it: where children have no ending, or rooms were not closed, with a reason.
pub fn may_close(
    (day, today): (Date, Date),
    sessions: usize,
    open: StillOpen,
    reason: &str,
) -> Result<(), CannotClose> {
    if today < day {
        return Err(CannotClose::NotYet);
    }
    if sessions == 0 {
        return Err(CannotClose::NothingHeld);
    }
    if is_longer(reason, LONGEST_NOTE) {
        return Err(CannotClose::ReasonTooLong);
    }
    if open == StillOpen::default() {
        return Ok(());
    }
    if today <= day || !open.may_be_explained() {
        return Err(CannotClose::Open(open));
    }
    if reason.trim().is_empty() { Err(CannotClose::NoReason(open)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::ids::EntityId;

    #[test]
    fn h9_a_group_closes_without_children_and_with_every_check() {
        let child = StudentId::from_bits(5);
        let all = ClosingCheck::ALL;
        assert_eq!(close_group(&[], &all), Ok(()));
        assert_eq!(close_group(&[child], &all), Err(GroupOpen::Children(vec![child])));
        let unlocked = GroupOpen::Unchecked(vec![ClosingCheck::DoorsLocked]);
        assert_eq!(close_group(&[], &all[..3]), Err(unlocked));
    }

    #[test]
    fn h9_the_day_stays_open_while_anything_is() {
        let child = StudentId::from_bits(5);
        let (day, next) = (date(2026, 10, 13), date(2026, 10, 14));
        assert_eq!(may_close((day, day), 1, StillOpen::default(), ""), Ok(()));
        assert_eq!(may_close((day, next), 1, StillOpen::default(), ""), Ok(()));
        assert_eq!(may_close((next, day), 1, StillOpen::default(), ""), Err(CannotClose::NotYet));
        assert_eq!(may_close((day, day), 0, StillOpen::default(), ""), Err(CannotClose::NothingHeld));
        for open in [
            StillOpen { children: vec![child], ..StillOpen::default() },
            StillOpen { stops: 1, ..StillOpen::default() },
            StillOpen { groups: 1, ..StillOpen::default() },
        ] {
            assert_eq!(may_close((day, day), 1, open.clone(), "都问过了"), Err(CannotClose::Open(open)));
        }
    }

    #[test]
    fn h9_a_day_that_is_over_is_closed_with_a_reason_but_over_nobody_who_is_sought() {
        let (day, next) = (date(2026, 11, 24), date(2026, 11, 25));
        let child = StillOpen { children: vec![StudentId::from_bits(5)], groups: 1, ..StillOpen::default() };
        let sought = StillOpen { missing: 1, ..child.clone() };
        let stopped = StillOpen { stops: 1, ..child.clone() };
        for (open, today, reason, refused) in [
            (&child, next, "家长都来过电话", None),
            (&child, next, " ", Some(CannotClose::NoReason(child.clone()))),
            (&child, day, "家长都来过电话", Some(CannotClose::Open(child.clone()))),
            (&sought, next, "家长都来过电话", Some(CannotClose::Open(sought.clone()))),
            (&stopped, next, "家长都来过电话", Some(CannotClose::Open(stopped.clone()))),
            (&child, next, &"字".repeat(501), Some(CannotClose::ReasonTooLong)),
        ] {
            assert_eq!(may_close((day, today), 1, open.clone(), reason).err(), refused, "{open:?} {reason}");
        }
    }
}
