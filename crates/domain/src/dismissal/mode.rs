//! Consent to how a child goes home: alone or by bus only with a guardian's written word.

use jiff::civil::Date;

use crate::plan::ReleaseMode;

/// A guardian's written consent to a mode, for a span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// What was agreed to.
    pub mode: ReleaseMode,
    /// The first day on which it holds.
    pub from_on: Date,
    /// The last day on which it holds; without one, until withdrawn.
    pub to_on: Option<Date>,
}

impl Consent {
    /// Whether the consent holds on this day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from_on <= day && self.to_on.is_none_or(|to_on| day <= to_on)
    }
}

/// Why a mode cannot be consented to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentRefused {
    /// Children of this grade don't leave in this mode.
    NotOffered,
    /// There is a consent already.
    Given,
    /// Being collected needs no consent.
    NotNeeded,
}

/// H1, art. 31: whether a guardian may consent to this mode, given the modes that the plan offers the grade.
pub fn may_consent(
    mode: ReleaseMode,
    offered: &[ReleaseMode],
    given: &[Consent],
    today: Date,
) -> Result<(), ConsentRefused> {
    match mode {
        ReleaseMode::Guardian | ReleaseMode::Delegate => return Err(ConsentRefused::NotNeeded),
        ReleaseMode::Alone | ReleaseMode::Bus => {}
    }
    if !offered.contains(&mode) {
        return Err(ConsentRefused::NotOffered);
    }
    if given.iter().any(|consent| consent.mode == mode && consent.holds_on(today)) {
        return Err(ConsentRefused::Given);
    }
    Ok(())
}
