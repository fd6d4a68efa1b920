//! Which sessions a day has: the plan's slots of the day, for the groups that stand.

use jiff::Timestamp;
use jiff::civil::{Date, time};

use crate::ids::GroupId;
use crate::moment::instant;
use crate::plan::{Grades, SlotId, SlotOn};

/// A group that may meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The group.
    pub group: GroupId,
    /// Its slot.
    pub slot: SlotId,
    /// Its children's grades: one for a home class, some for a club.
    pub grades: Grades,
}

/// A session that the day has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The group.
    pub group: GroupId,
    /// The slot.
    pub slot: SlotId,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends; the end of the day when the slot has no end of its own.
    pub ends_at: Timestamp,
}

/// The sessions of the day (C3): one for each group whose slot is held for its grade. A slot whose beginning the plan
/// leaves open makes none; the plan asks for it before a term opens.
pub fn sessions_due(day: Date, slots: &[SlotOn<'_>], groups: &[Meeting]) -> Vec<Due> {
    groups.iter().filter_map(|group| session_due(day, slots, group)).collect()
}

fn session_due(day: Date, slots: &[SlotOn<'_>], meeting: &Meeting) -> Option<Due> {
    let is_own = |part: &&SlotOn<'_>| {
        part.slot.id == meeting.slot && !part.grades.and(meeting.grades).is_empty() && part.start.is_some()
    };
    let parts: Vec<&SlotOn<'_>> = slots.iter().filter(is_own).collect();
    // where grades have different hours, a group of several grades has room for all of them
    let starts_at = instant(day, parts.iter().filter_map(|part| part.start).min()?);
    let ends = parts.iter().map(|part| part.end.unwrap_or(time(23, 59, 0, 0)));
    let ends_at = instant(day, ends.max()?);
    Some(Due { group: meeting.group, slot: meeting.slot.clone(), starts_at, ends_at })
}
