//! The way of a plan version: draft, checked, approved by the principal, filed, in force from a day (O3).

use jiff::civil::Date;

use super::word::words;
use super::{Grades, Plan};
use crate::access::{Action as _, DraftPlan, Role};

words! {
    /// Where a version stands.
    Stage {
        /// 草稿: being written.
        Draft = "draft",
        /// 已检查: the file is sound.
        Checked = "checked",
        /// 校长已批准.
        Approved = "approved",
        /// 已备案: the bureau has it.
        Filed = "filed",
    }
}

/// Why a version does not take the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionRefused {
    /// The file has problems.
    NotSound {
        /// How many.
        problems: usize,
    },
    /// The version stands elsewhere than the step needs.
    WrongStage {
        /// Where it stands.
        stage: Stage,
    },
    /// Times are not stated, and no session could be held.
    TimesOpen {
        /// How many times are missing.
        points: usize,
    },
    /// Somebody else changed the text after it was read.
    Changed,
    /// The plan is for none of the grades that the school has.
    OtherGrades {
        /// The grades of the plan.
        plan: Grades,
        /// The grades of the school.
        school: Grades,
    },
    /// The version rules already, or was never to rule, so there is nothing to take back.
    NotScheduled,
    /// The day is past, and its rolls and bills follow the version that was in force.
    Past,
    /// The day is today, and whoever puts the version in force did not say that today is meant.
    TodayUnasked,
    /// A session of today has begun under the version that rules today.
    TodayBegun,
    /// Children hold places that the version has no time for, and whoever puts it in force was not told of so many.
    LeavesOut {
        /// How many children.
        children: u32,
    },
    /// The bureau's number of the filing is missing.
    NoReference,
    /// Another version is in force from that very day.
    DayTaken {
        /// Its number.
        number: i64,
    },
    /// The version is in force already.
    InForce {
        /// Since when.
        from: Date,
    },
}

/// Whether the text of a version may still change: until the principal has approved it.
pub fn may_change(stage: Stage) -> Result<(), VersionRefused> {
    match stage {
        Stage::Draft | Stage::Checked => Ok(()),
        Stage::Approved | Stage::Filed => Err(VersionRefused::WrongStage { stage }),
    }
}

/// The stage after `stage`, when that is the one the step begins at.
pub fn step(stage: Stage, begins_at: Stage) -> Result<Stage, VersionRefused> {
    if stage != begins_at {
        return Err(VersionRefused::WrongStage { stage });
    }
    match stage {
        Stage::Draft => Ok(Stage::Checked),
        Stage::Checked => Ok(Stage::Approved),
        Stage::Approved => Ok(Stage::Filed),
        Stage::Filed => Err(VersionRefused::WrongStage { stage }),
    }
}

/// Whether the principal may approve a version that stands here: the times that no session can be held without are
/// stated, so that what is filed can also be put in force (C1).
pub fn approve(plan: &Plan, stage: Stage) -> Result<Stage, VersionRefused> {
    let next = step(stage, Stage::Checked)?;
    match plan.missing_times().len() {
        0 => Ok(next),
        points => Err(VersionRefused::TimesOpen { points }),
    }
}

/// Whether the plan is for any of the grades that the school has (B1).
pub fn fits(plan: &Plan, school: Grades) -> Result<(), VersionRefused> {
    if plan.grades.and(school).is_empty() {
        return Err(VersionRefused::OtherGrades { plan: plan.grades, school });
    }
    Ok(())
}

/// Whether a version that was to rule from a day may be taken back: until that day (O3).
pub fn take_back(in_force_from: Option<Date>, today: Date) -> Result<(), VersionRefused> {
    match in_force_from {
        Some(from) if today < from => Ok(()),
        Some(_) | None => Err(VersionRefused::NotScheduled),
    }
}

/// Whether a role may read a version: those who make plans read all, the bureau what is filed with it, and everybody
/// what rules, has ruled or will (O3).
pub fn may_read(role: Role, stage: Stage, in_force_from: Option<Date>) -> bool {
    let filed = role == Role::BureauOfficer && stage == Stage::Filed;
    in_force_from.is_some() || filed || DraftPlan::ROLES.contains(&role)
}

/// What whoever puts a version in force was shown and agreed to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Whether it shall rule from today on.
    pub today: bool,
    /// How many children it was said to leave without a place that they hold.
    pub left_out: u32,
}

/// What a version would meet on its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meets {
    /// Whether a session of today has begun.
    pub begun_today: bool,
    /// How many children hold places that it has no time for.
    pub left_out: u32,
}

/// Whether what a version would meet was asked and agreed (C3, C9): it rules from today on only when that was said and
/// no session of today has begun, and children lose places only when their number was shown.
pub fn may_begin(from: Date, today: Date, agreed: Agreed, meets: Meets) -> Result<(), VersionRefused> {
    if from == today && meets.begun_today {
        return Err(VersionRefused::TodayBegun);
    }
    if from == today && !agreed.today {
        return Err(VersionRefused::TodayUnasked);
    }
    if agreed.left_out != meets.left_out {
        return Err(VersionRefused::LeavesOut { children: meets.left_out });
    }
    Ok(())
}

/// Whether the filing may be noted under this number (O3).
pub fn note_filing(reference: &str) -> Result<(), VersionRefused> {
    if reference.trim().is_empty() { Err(VersionRefused::NoReference) } else { Ok(()) }
}

/// A version that is in force, or will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce {
    /// The version's number.
    pub number: i64,
    /// Its first day.
    pub from: Date,
}

/// Whether a filed plan may be put in force from a day: its times are known, and no day that another version
/// has ruled gets another rule afterwards (C9). A school's very first plan may begin in the past.
pub fn put_in_force(plan: &Plan, from: Date, today: Date, others: &[InForce]) -> Result<(), VersionRefused> {
    if plan.lacks_times() {
        return Err(VersionRefused::TimesOpen { points: plan.missing_times().len() });
    }
    if let Some(other) = others.iter().find(|other| other.from == from) {
        return Err(VersionRefused::DayTaken { number: other.number });
    }
    if from < today && !others.is_empty() {
        return Err(VersionRefused::Past);
    }
    Ok(())
}

/// Why a term does not open yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermUnready {
    /// No plan is in force on the first day of the service, so no time of it is known (C1).
    NoPlan {
        /// The first day of the service.
        from: Date,
    },
    /// The plan leaves times open that the school has to state (C1).
    TimesOpen {
        /// How many times are missing.
        points: usize,
    },
    /// A term that is over stands open still; one after the other.
    EarlierOpen {
        /// The last day of that term.
        ended_on: Date,
    },
}

/// Whether a term may open whose service begins on this day, under the plan in force then (C1); `over` is the last day
/// of an earlier term that is over and stands open still.
pub fn open_term(plan: Option<&Plan>, from: Date, over: Option<Date>) -> Result<(), TermUnready> {
    if let Some(ended_on) = over {
        return Err(TermUnready::EarlierOpen { ended_on });
    }
    let plan = plan.ok_or(TermUnready::NoPlan { from })?;
    if plan.lacks_times() {
        return Err(TermUnready::TimesOpen { points: plan.missing_times().len() });
    }
    Ok(())
}
