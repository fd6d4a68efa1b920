//! Leaving before the end (G6): the child reports, the tutor passes it on, the grade head decides, then the child may go
//! to the gate, where it is released as any other, before its wave.

use crate::access::Role;

/// How far a report of early leaving has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EarlyStatus {
    /// The child, or a guardian for it, has reported.
    Reported,
    /// The tutor has passed it to the grade head.
    PassedOn,
    /// The grade head lets the child go.
    Approved,
    /// The grade head does not.
    Refused,
    /// The child has left the room for the gate; registered. Who takes it is the gate's to check (H2).
    Left,
}

impl EarlyStatus {
    /// Every status.
    pub const ALL: [EarlyStatus; 5] = [
        EarlyStatus::Reported,
        EarlyStatus::PassedOn,
        EarlyStatus::Approved,
        EarlyStatus::Refused,
        EarlyStatus::Left,
    ];

    /// The status's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            EarlyStatus::Reported => "reported",
            EarlyStatus::PassedOn => "passed_on",
            EarlyStatus::Approved => "approved",
            EarlyStatus::Refused => "refused",
            EarlyStatus::Left => "left",
        }
    }

    /// The status of this word.
    pub fn parse(word: &str) -> Option<EarlyStatus> {
        EarlyStatus::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether somebody still has to do something.
    pub const fn is_open(self) -> bool {
        matches!(self, EarlyStatus::Reported | EarlyStatus::PassedOn | EarlyStatus::Approved)
    }
}

/// What somebody does with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EarlyStep {
    /// The tutor passes it on.
    PassOn,
    /// The grade head lets the child go.
    Approve,
    /// The grade head does not.
    Refuse,
    /// The tutor registers that the child has left the room and was brought to the gate.
    Leave,
}

impl EarlyStep {
    /// Every step.
    pub const ALL: [EarlyStep; 4] =
        [EarlyStep::PassOn, EarlyStep::Approve, EarlyStep::Refuse, EarlyStep::Leave];

    /// The step's word in forms.
    pub const fn word(self) -> &'static str {
        match self {
            EarlyStep::PassOn => "pass_on",
            EarlyStep::Approve => "approve",
            EarlyStep::Refuse => "refuse",
            EarlyStep::Leave => "leave",
        }
    }

    /// The step of this word.
    pub fn parse(word: &str) -> Option<EarlyStep> {
        EarlyStep::ALL.into_iter().find(|step| step.word() == word)
    }
}

/// Why a step is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlyRefused {
    /// It is not the turn of this step.
    NotNow(EarlyStatus),
    /// This role does not take this step.
    NotYours(EarlyStep),
}

/// The status after the step. Only who leads the grade, or the day's duty, lets a child go.
pub fn step(status: EarlyStatus, step: EarlyStep, role: Role) -> Result<EarlyStatus, EarlyRefused> {
    if !may_take(step, role) {
        return Err(EarlyRefused::NotYours(step));
    }
    match (status, step) {
        (EarlyStatus::Reported, EarlyStep::PassOn) => Ok(EarlyStatus::PassedOn),
        (EarlyStatus::PassedOn, EarlyStep::Approve) => Ok(EarlyStatus::Approved),
        (EarlyStatus::PassedOn, EarlyStep::Refuse) => Ok(EarlyStatus::Refused),
        (EarlyStatus::Approved, EarlyStep::Leave) => Ok(EarlyStatus::Left),
        (status, _) => Err(EarlyRefused::NotNow(status)),
    }
}

/// Whether the role takes this step.
pub fn may_take(step: EarlyStep, role: Role) -> bool {
    match step {
        EarlyStep::PassOn | EarlyStep::Leave => {
            matches!(role, Role::HomeroomTeacher | Role::ServiceTeacher | Role::DutyLeader)
        }
        EarlyStep::Approve | EarlyStep::Refuse => matches!(role, Role::GradeHead | Role::DutyLeader),
    }
}
