//! Closing: a group's room by a checklist, and the day when every child has an ending.

use jiff::civil::Date;

use crate::ids::StudentId;
use crate::typed::{LONGEST_NOTE, is_in_words, is_longer};

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
    /// These children wait for their family, and nobody said that they come along out of the room (H6).
    Waiting(Vec<StudentId>),
    /// The note is longer than [`LONGEST_NOTE`].
    NoteTooLong,
    /// The day was closed: what is known of its rooms stands (H9).
    DayClosed,
    /// The session was called off: nobody is in its room (C11).
    CalledOff,
}

/// The children of a group whose room is to be closed.
#[derive(Debug, Clone, Copy)]
pub struct InHand<'a> {
    /// Whom the teacher still answers for in the room.
    pub in_room: &'a [StudentId],
    /// Who stays until the family comes (H6).
    pub waiting: &'a [StudentId],
}

/// What a teacher says on leaving a room.
#[derive(Debug, Clone, Copy)]
pub struct Leaving<'a> {
    /// The checks that are done.
    pub ticked: &'a [ClosingCheck],
    /// The children who wait for their family and come along, each by a tick of its own.
    pub along: &'a [StudentId],
    /// What is to be passed on.
    pub note: &'a str,
}

/// H9, H6: a group is closed when its children are out of the teacher's hands, every child who waits for its family is
/// named, and every check is ticked. A tick cannot replace a child's records.
pub fn close_group(children: InHand, leaving: Leaving) -> Result<(), GroupOpen> {
    if !children.in_room.is_empty() {
        return Err(GroupOpen::Children(children.in_room.to_vec()));
    }
    let unnamed: Vec<StudentId> =
        children.waiting.iter().filter(|child| !leaving.along.contains(child)).copied().collect();
    if !unnamed.is_empty() {
        return Err(GroupOpen::Waiting(unnamed));
    }
    if is_longer(leaving.note, LONGEST_NOTE) {
        return Err(GroupOpen::NoteTooLong);
    }
    let unchecked: Vec<ClosingCheck> =
        ClosingCheck::ALL.into_iter().filter(|check| !leaving.ticked.contains(check)).collect();
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
    /// So many children have no ending, and nobody ticked that number.
    NotCounted(usize),
    /// The reason is longer than [`LONGEST_NOTE`].
    ReasonTooLong,
    /// The reason says nothing in words.
    ReasonNotInWords,
}

/// What whoever closes a day that is over says of what is still open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Explained<'a> {
    /// Why the day is closed all the same.
    pub reason: &'a str,
    /// How many children have no ending, as it was read and ticked.
    pub without_ending: Option<usize>,
}

impl StillOpen {
    /// Whether a reason may stand for what is open once the day is over: not for a child who is still being looked for,
    /// nor for a stop that waits for somebody's word.
    pub const fn may_be_explained(&self) -> bool {
        self.missing == 0 && self.stops == 0
    }

    /// What no reason stands for: only that keeps a day open that is over.
    #[must_use]
    pub fn beyond_a_reason(&self) -> StillOpen {
        StillOpen { missing: self.missing, stops: self.stops, ..StillOpen::default() }
    }

    /// Everything that is missing from what was said.
    fn unsaid(self, said: Explained) -> Vec<CannotClose> {
        let without_ending = self.children.len();
        let counted = without_ending == 0 || said.without_ending == Some(without_ending);
        let reason = match said.reason.trim() {
            "" => Some(CannotClose::NoReason(self)),
            reason if is_longer(reason, LONGEST_NOTE) => Some(CannotClose::ReasonTooLong),
            reason if !is_in_words(reason) => Some(CannotClose::ReasonNotInWords),
            _ => None,
        };
        let counted = (!counted).then_some(CannotClose::NotCounted(without_ending));
        reason.into_iter().chain(counted).collect()
    }
}

/// H9, H10: the day is closed when every expected child has an ending, every stop that waits for the duty
/// leader was ended, and every group is closed; never before it came, nor while it has no sessions. A day that is over
/// stays open until somebody closes it: where children have no ending, or rooms were not closed, with a reason, and with
/// the number of those children ticked by whoever has read it.
pub fn may_close(
    (day, today): (Date, Date),
    sessions: usize,
    open: StillOpen,
    said: Explained,
) -> Result<(), Vec<CannotClose>> {
    if today < day {
        return Err(vec![CannotClose::NotYet]);
    }
    if sessions == 0 {
        return Err(vec![CannotClose::NothingHeld]);
    }
    if open == StillOpen::default() {
        return Ok(());
    }
    if today <= day {
        return Err(vec![CannotClose::Open(open)]);
    }
    if !open.may_be_explained() {
        return Err(vec![CannotClose::Open(open.beyond_a_reason())]);
    }
    let unsaid = open.unsaid(said);
    if unsaid.is_empty() { Ok(()) } else { Err(unsaid) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::ids::EntityId;

    fn an() -> StudentId {
        StudentId::from_bits(5)
    }

    fn leaving(ticked: &[ClosingCheck]) -> Leaving<'_> {
        Leaving { ticked, along: &[], note: "" }
    }

    #[test]
    fn h9_h6_a_group_closes_without_children_with_every_check_and_with_everyone_who_waits_named() {
        let all = leaving(&ClosingCheck::ALL);
        let unlocked = GroupOpen::Unchecked(vec![ClosingCheck::DoorsLocked]);
        let child = || vec![an()];
        let long = "字".repeat(501);
        for (in_room, waiting, leaving, open) in [
            (vec![], vec![], all, None),
            (child(), vec![], all, Some(GroupOpen::Children(child()))),
            (vec![], vec![], leaving(&ClosingCheck::ALL[..3]), Some(unlocked)),
            (vec![], child(), all, Some(GroupOpen::Waiting(child()))),
            (vec![], child(), Leaving { along: &[an()], ..all }, None),
            (vec![], vec![], Leaving { note: &long, ..all }, Some(GroupOpen::NoteTooLong)),
        ] {
            let children = InHand { in_room: &in_room, waiting: &waiting };
            assert_eq!(close_group(children, leaving).err(), open, "{children:?} {leaving:?}");
        }
    }

    fn said(reason: &str, without_ending: Option<usize>) -> Explained<'_> {
        Explained { reason, without_ending }
    }

    #[test]
    fn h9_the_day_stays_open_while_anything_is() {
        let (day, next) = (date(2026, 10, 13), date(2026, 10, 14));
        let nothing = || (StillOpen::default(), Explained::default());
        for (days, sessions, (open, said), refused) in [
            ((day, day), 1, nothing(), None),
            ((day, next), 1, nothing(), None),
            ((next, day), 1, nothing(), Some(CannotClose::NotYet)),
            ((day, day), 0, nothing(), Some(CannotClose::NothingHeld)),
        ] {
            assert_eq!(may_close(days, sessions, open, said).err(), refused.map(|why| vec![why]), "{days:?}");
        }
        for open in [
            StillOpen { children: vec![an()], ..StillOpen::default() },
            StillOpen { stops: 1, ..StillOpen::default() },
            StillOpen { groups: 1, ..StillOpen::default() },
        ] {
            let refused = may_close((day, day), 1, open.clone(), said("都问过了", Some(1)));
            assert_eq!(refused, Err(vec![CannotClose::Open(open)]));
        }
    }

    #[test]
    fn h9_a_day_that_is_over_is_closed_with_a_reason_and_a_number_but_over_nobody_who_is_sought() {
        let day = date(2026, 11, 24);
        let next = date(2026, 11, 25);
        let child = StillOpen { children: vec![an()], groups: 1, ..StillOpen::default() };
        let rooms = StillOpen { groups: 2, ..StillOpen::default() };
        let sought = StillOpen { missing: 1, ..child.clone() };
        let stopped = StillOpen { stops: 1, ..child.clone() };
        let open = |open: &StillOpen| vec![CannotClose::Open(open.clone())];
        let (no_reason, not_counted) = (CannotClose::NoReason(child.clone()), CannotClose::NotCounted(1));
        let long = "字".repeat(501);
        for (held, today, said, refused) in [
            (&child, next, said("家长都来过电话", Some(1)), vec![]),
            (&child, next, said("家长都来过电话", None), vec![not_counted.clone()]),
            (&child, next, said("家长都来过电话", Some(2)), vec![not_counted.clone()]),
            (&child, next, said(" ", Some(1)), vec![no_reason.clone()]),
            (&child, next, said("", None), vec![no_reason, not_counted.clone()]),
            (&child, next, said(&long, Some(1)), vec![CannotClose::ReasonTooLong]),
            (&child, next, said("😀", Some(1)), vec![CannotClose::ReasonNotInWords]),
            (&rooms, next, said("门都锁着", None), vec![]),
            (&child, day, said("家长都来过电话", Some(1)), open(&child)),
            (&sought, next, said("", None), open(&StillOpen { missing: 1, ..StillOpen::default() })),
            (&stopped, next, said("", None), open(&StillOpen { stops: 1, ..StillOpen::default() })),
        ] {
            let closed = may_close((day, today), 1, held.clone(), said);
            assert_eq!(closed.err().unwrap_or_default(), refused, "{held:?} {said:?}");
        }
    }
}
