//! A reviewer's decision: whose turn it is, which grounds hold, and the order of the pile.

use jiff::civil::Date;

use super::chain::{Stand, Step, Verdict};
use crate::access::Role;

/// Why an application goes back or is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// 能按时离校: the family can collect on time, and the plan is for those who can't (B3).
    CanLeaveOnTime,
    /// 非本校在读: not on this school's roll (B1).
    NotOnRoll,
    /// 年级不在服务范围: the plan does not serve the grade (B1).
    GradeNotServed,
    /// 信息不全: something is missing that the family can add.
    Incomplete,
    /// 与家长核对: the choices need a word with the family.
    ChoiceUnclear,
}

impl Ground {
    /// Every ground, in the order in which reviewers are offered them.
    pub const ALL: [Ground; 5] = [
        Ground::Incomplete,
        Ground::ChoiceUnclear,
        Ground::CanLeaveOnTime,
        Ground::NotOnRoll,
        Ground::GradeNotServed,
    ];

    /// The ground's word in the store.
    pub const fn word(&self) -> &'static str {
        match self {
            Ground::CanLeaveOnTime => "can_leave_on_time",
            Ground::NotOnRoll => "not_on_roll",
            Ground::GradeNotServed => "grade_not_served",
            Ground::Incomplete => "incomplete",
            Ground::ChoiceUnclear => "choice_unclear",
        }
    }

    /// The ground of this word.
    pub fn parse(word: &str) -> Option<Ground> {
        Ground::ALL.into_iter().find(|ground| ground.word() == word)
    }

    /// Whether an application may be refused for it, under a plan that does or does not check need.
    ///
    /// B2: where a plan is for everybody, nobody who is on roll in a served grade may be turned away.
    pub const fn may_refuse(&self, need_checked: bool) -> bool {
        match self {
            Ground::CanLeaveOnTime => need_checked,
            Ground::NotOnRoll | Ground::GradeNotServed => true,
            Ground::Incomplete | Ground::ChoiceUnclear => false,
        }
    }
}

/// What a reviewer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It may go on; `need_seen` says that the reviewer confirmed the need (B3).
    Approve {
        /// The reviewer spoke with the family and found that the child can't leave on time.
        need_seen: bool,
    },
    /// The family is asked to change something.
    Return(Ground),
    /// No.
    Refuse(Ground),
}

/// Whether a role reads an application that waits at this step (F1): the office and the principal all, a class
/// teacher those of the own class whatever their step, anybody else only what waits at the role's own step of the plan's
/// chain. Where the plan gives a role no step, it reads none.
pub fn may_read(role: Role, waits_at: Option<Step>) -> bool {
    match role {
        Role::AcademicOffice | Role::Principal | Role::HomeroomTeacher => true,
        Role::Guardian
        | Role::ServiceTeacher
        | Role::DutyLeader
        | Role::GradeHead
        | Role::GateGuard
        | Role::GeneralAffairs
        | Role::SafetyOffice
        | Role::ParentCommittee
        | Role::BureauOfficer
        | Role::SystemAdministrator => {
            matches!(waits_at, Some(Step::Review { role: reviewer, .. }) if reviewer == role)
        }
    }
}

/// Whether the plan's chain shows a role anything at all (F1).
pub fn has_part(role: Role, steps: &[Step]) -> bool {
    may_read(role, None) || steps.iter().any(|step| may_read(role, Some(*step)))
}

/// Why a decision cannot be made. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotDecide {
    /// The application waits for another role, or for a publication, a filing or the family.
    NotYourStep,
    /// It is returned, refused, complete or withdrawn: nothing waits.
    NotWaiting,
    /// This step confirms the need, and that was not said (B3).
    NeedNotSeen,
    /// An eligible child of a plan for everybody may not be refused for this (B2).
    MayNotRefuse(Ground),
}

/// The verdict of a review (F1, B2, B3).
pub fn decide(
    stand: Stand,
    role: Role,
    need_checked: bool,
    judgement: &Judgement,
) -> Result<Verdict, CannotDecide> {
    let Stand::Waiting { step, .. } = stand else { return Err(CannotDecide::NotWaiting) };
    let Step::Review { role: reviewer, verifies_need } = step else { return Err(CannotDecide::NotYourStep) };
    if reviewer != role {
        return Err(CannotDecide::NotYourStep);
    }
    match judgement {
        Judgement::Approve { need_seen: false } if verifies_need => Err(CannotDecide::NeedNotSeen),
        Judgement::Approve { .. } => Ok(Verdict::Passed),
        Judgement::Return(_) => Ok(Verdict::Returned),
        Judgement::Refuse(ground) if ground.may_refuse(need_checked) => Ok(Verdict::Refused),
        Judgement::Refuse(ground) => Err(CannotDecide::MayNotRefuse(ground.clone())),
    }
}

/// One application on a reviewer's pile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnPile {
    /// The last day on which the step is in time.
    pub due_on: Date,
    /// Whether the child is in one of the plan's priority groups (B4).
    pub priority: bool,
    /// The day it reached this step. A day, not a time: nobody gains by being quick.
    pub since: Date,
}

/// The order in which a reviewer sees the pile: overdue first, then priority groups (B4), then by day.
///
/// Families never see it. Equal ones keep their order.
pub fn review_order(pile: &[OnPile], today: Date) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pile.len()).collect();
    order.sort_by_key(|place| {
        let item = pile[*place];
        (item.due_on >= today, !item.priority, item.since)
    });
    order
}
