//! Closing: a group's room by a checklist, and the day when every child has an ending.

use jiff::civil::Date;

use crate::ids::StudentId;

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
    /// This is still open.
    Open(StillOpen),
}

/// H9, H10: the day is closed when every expected child has an ending, every stop that waits for the duty
/// leader was ended, and every group is closed; never before it came, nor while it has no sessions.
pub fn may_close((day, today): (Date, Date), sessions: usize, open: StillOpen) -> Result<(), CannotClose> {
    if today < day {
        return Err(CannotClose::NotYet);
    }
    if sessions == 0 {
        return Err(CannotClose::NothingHeld);
    }
    if open == StillOpen::default() { Ok(()) } else { Err(CannotClose::Open(open)) }
}
