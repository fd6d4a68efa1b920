//! Calling the roll of one session: what a teacher says of each child, and which facts that makes.

use crate::custody::{CannotFollow, Kind, Mark, State, What, Whereabouts, may_follow};
use crate::ids::{FactId, SessionId, StudentId};

/// What a teacher says of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Said {
    /// Nothing yet, or: what was said was a slip.
    Unmarked,
    /// 到.
    Present,
    /// 迟到.
    Late,
    /// 未到.
    Absent,
    /// 请假.
    Leave,
}

impl Said {
    /// Everything that can be said.
    pub const ALL: [Said; 5] = [Said::Unmarked, Said::Present, Said::Late, Said::Absent, Said::Leave];

    /// The word in forms and JSON: the same as the mark's.
    pub const fn word(self) -> &'static str {
        self.mark().word()
    }

    /// What is said with this word.
    pub fn parse(word: &str) -> Option<Said> {
        Said::ALL.into_iter().find(|said| said.word() == word)
    }

    /// The mark that it leads to.
    pub const fn mark(self) -> Mark {
        match self {
            Said::Unmarked => Mark::Unmarked,
            Said::Present => Mark::Present,
            Said::Late => Mark::Late,
            Said::Absent => Mark::Absent,
            Said::Leave => Mark::Leave,
        }
    }

    /// What a tap on a child's tile makes of its mark; a child who has gone cannot be tapped. Before the roll is called
    /// nobody can be late. A tap too many leads on to "not called" again, unless `saved` says that the child is here:
    /// then the round is over with "here".
    pub const fn after_tap(mark: Mark, saved: Mark, called: bool) -> Option<Said> {
        match mark {
            Mark::Present if !matches!(saved, Mark::Present) => Some(Said::Unmarked),
            Mark::Unmarked | Mark::Present => Some(Said::Absent),
            Mark::Absent if called => Some(Said::Late),
            Mark::Absent | Mark::Late => Some(Said::Leave),
            Mark::Leave => Some(Said::Present),
            Mark::LeftEarly | Mark::Gone => None,
        }
    }
}

/// A child of the session with its day so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// The child.
    pub student: StudentId,
    /// What its facts add up to.
    pub state: State,
}

/// What is said of one child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saying {
    /// The child.
    pub student: StudentId,
    /// What is said.
    pub said: Said,
}

/// A fact to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The child.
    pub student: StudentId,
    /// What happened.
    pub what: What,
    /// The fact that it replaces or takes back.
    pub corrects: Option<FactId>,
}

/// Why a roll is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollRefused {
    /// Somebody else changed the roll since this page was opened.
    Changed,
    /// The session was cancelled.
    Cancelled,
    /// The session has not begun: nobody can be seen in it yet.
    NotYet,
    /// The day is over: only the office and the duty leader change it now.
    DayOver,
    /// The month's summary was closed: its rolls no longer change (G7).
    MonthClosed,
    /// The day was closed: nobody is called on it any more (H9).
    DayClosed,
    /// Someone on the list does not belong to this session.
    NotInSession(StudentId),
    /// It cannot be said of this child now.
    Cannot(StudentId, CannotFollow),
}

/// The facts that what is said makes, in one go for the whole session (G2). What is known already makes none; a slip is
/// replaced, not erased. Nobody is present unless somebody says so: a child of whom nothing is said stays unmarked.
pub fn call_roll(
    session: SessionId,
    children: &[Child],
    sayings: &[Saying],
) -> Result<Vec<Note>, RollRefused> {
    let mut notes = Vec::new();
    for saying in sayings {
        let child = children.iter().find(|child| child.student == saying.student);
        let child = child.ok_or(RollRefused::NotInSession(saying.student))?;
        notes.extend(note(session, child, saying.said)?);
    }
    Ok(notes)
}

fn note(session: SessionId, child: &Child, said: Said) -> Result<Option<Note>, RollRefused> {
    let mark = child.state.mark(session).ok_or(RollRefused::NotInSession(child.student))?;
    if mark == said.mark() {
        return Ok(None);
    }
    let cannot = |reason| RollRefused::Cannot(child.student, reason);
    if let Some(ending) = child.state.ending().filter(|_| matches!(mark, Mark::LeftEarly | Mark::Gone)) {
        return Err(cannot(CannotFollow::Ended(ending)));
    }
    if said == Said::Absent && child.state.was_given_out_by(session) {
        return Err(cannot(CannotFollow::GivenOut));
    }
    let what = said_as_fact(said);
    may_follow(&child.state, follows_as(&child.state, &what)).map_err(cannot)?;
    let corrects = if stands_beside(mark, said) { None } else { noted_by(session, child, mark) };
    Ok(Some(Note { student: child.student, what, corrects }))
}

fn said_as_fact(said: Said) -> What {
    match said {
        Said::Unmarked => What::Undone,
        Said::Present => What::Present,
        Said::Late => What::Late,
        Said::Absent => What::Absent,
        Said::Leave => What::OnLeave(None),
    }
}

/// A teacher who says that a child is on leave after all replaces a mark of the roll, which the roll itself may do.
fn follows_as(state: &State, what: &What) -> Kind {
    match (what.kind(), state.whereabouts()) {
        (Kind::OnLeave, Whereabouts::Here | Whereabouts::Missing) => Kind::Undone,
        (kind, _) => kind,
    }
}

/// Whether both are true, one after the other: the child was absent and came late, was on leave and came all the same.
/// Otherwise the earlier mark was a slip.
fn stands_beside(mark: Mark, said: Said) -> bool {
    matches!(
        (mark, said),
        (Mark::Absent, Said::Late) | (Mark::Leave, Said::Present | Said::Late | Said::Absent)
    )
}

/// The fact that made this mark: none when it is only derived from the child's whole day.
fn noted_by(session: SessionId, child: &Child, mark: Mark) -> Option<FactId> {
    match mark {
        Mark::Unmarked | Mark::LeftEarly | Mark::Gone => None,
        Mark::Present | Mark::Late | Mark::Absent | Mark::Leave => {
            child.state.marked_by(session).map(|sight| sight.fact)
        }
    }
}

/// The head count beside the roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadCount {
    /// The room and the roll agree.
    Agrees,
    /// Some children have not been called yet.
    Unmarked(u32),
    /// The room holds another number than the roll.
    Differs {
        /// Counted in the room.
        counted: u32,
        /// Present by the roll.
        present: u32,
    },
}

/// Compares the number in the room with the roll (rule 3 of the screens; G9).
pub fn count_heads(counted: u32, counts: crate::custody::Counts) -> HeadCount {
    match counts.unmarked {
        0 if counted == counts.present => HeadCount::Agrees,
        0 => HeadCount::Differs { counted, present: counts.present },
        unmarked => HeadCount::Unmarked(unmarked),
    }
}
