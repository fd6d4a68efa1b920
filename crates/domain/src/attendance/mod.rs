//! 考勤: who is expected, who is missing and must be looked for, leave, early leave, the care log and the sheets.

mod case;
mod due;
mod early;
mod leave;
mod part;
mod roll;
mod sheet;
#[cfg(test)]
mod tests;

pub use case::{Answer, CaseRefused, Outcome, Seen, close_case, is_seen_by, may_learn, seen};
pub use due::{Due, Meeting, sessions_due};
pub use early::{EarlyRefused, EarlyStatus, EarlyStep, may_take, step};
pub use leave::{LONGEST_LEAVE, LeaveKind, LeaveRefused, Span, cut_off, file_leave, on_service_days};
pub use part::{Part, part};
pub use roll::{Child, HeadCount, Note, RollRefused, Said, Saying, call_roll, count_heads};
pub use sheet::{Line, MonthSheet, Tally, hash, month_text};

/// The longest text of a care log's entry, in characters (G8).
pub const LONGEST_ENTRY: usize = 1000;

/// The most heads that one session can hold (G9): a hall full of groups.
pub const MOST_HEADS: u32 = 300;

/// Why a care log's entry is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryRefused {
    /// Nothing was written and nobody was counted.
    Empty,
    /// The text is longer than [`LONGEST_ENTRY`].
    TooLong {
        /// Its length in characters.
        characters: usize,
    },
    /// More than [`MOST_HEADS`] were counted.
    TooMany,
    /// The day was closed: nothing is noted on it any more (H9).
    DayClosed,
}

/// A care log's entry says what happened or how many children were counted, or both (G8, G9). All that is wrong with it
/// is said at once.
pub fn log_entry(happened: &str, head_count: Option<u32>) -> Result<(), Vec<EntryRefused>> {
    let characters = happened.trim().chars().count();
    let said = match characters {
        0 if head_count.is_none() => Some(EntryRefused::Empty),
        long if LONGEST_ENTRY < long => Some(EntryRefused::TooLong { characters }),
        _ => None,
    };
    let counted = head_count.is_some_and(|heads| MOST_HEADS < heads).then_some(EntryRefused::TooMany);
    let wrong: Vec<EntryRefused> = said.into_iter().chain(counted).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
