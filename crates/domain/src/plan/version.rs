//! The way of a plan version: draft, checked, approved by the principal, filed, in force from a day (O3).

use jiff::civil::Date;

use super::Plan;
use super::word::words;

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
        /// How many points are open.
        points: usize,
    },
    /// The day is past, and its rolls and bills follow the version that was in force.
    Past,
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
        return Err(VersionRefused::TimesOpen { points: plan.open_points().len() });
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
        /// How many points are open.
        points: usize,
    },
}

/// Whether a term may open whose service begins on this day, under the plan in force then (C1).
pub fn open_term(plan: Option<&Plan>, from: Date) -> Result<(), TermUnready> {
    let plan = plan.ok_or(TermUnready::NoPlan { from })?;
    if plan.lacks_times() {
        return Err(TermUnready::TimesOpen { points: plan.open_points().len() });
    }
    Ok(())
}
