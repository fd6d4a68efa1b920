//! The plan's approval chain as data, and where one application stands in it.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::access::Role;

/// One step of a plan's approval chain (F1), after the family has applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Someone in this role looks at the application.
    Review {
        /// Who decides.
        role: Role,
        /// Whether this reviewer confirms that the child can't leave on time (B3).
        verifies_need: bool,
    },
    /// The names stand in the class for so many days before anybody starts (F10).
    Publication {
        /// How many calendar days, the first included; at least one.
        days: u8,
    },
    /// The list of approved children goes to the bureau (F9).
    Filing,
    /// Family and school agree in writing (F6).
    Agreement,
}

/// The steps of a plan in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chain {
    /// First to last; empty where sign-up alone is enough (S4b).
    pub steps: Vec<Step>,
}

/// What was decided at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// On to the next step.
    Passed,
    /// Back to the family, who may change it and hand it in again.
    Returned,
    /// The end of this application.
    Refused,
}

/// One decision of the present round of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The step's place in the chain, from 0.
    pub step: usize,
    /// What was decided there.
    pub verdict: Verdict,
}

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// It waits for this step.
    Waiting {
        /// The step's place in the chain, from 0.
        at: usize,
        /// The step itself.
        step: Step,
    },
    /// The family has it back from this step.
    Returned {
        /// The step's place in the chain, from 0.
        at: usize,
    },
    /// It was refused at this step.
    Refused {
        /// The step's place in the chain, from 0.
        at: usize,
    },
    /// Every step is behind it.
    Complete,
}

impl Verdict {
    /// The verdict's word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Returned => "returned",
            Verdict::Refused => "refused",
        }
    }

    /// The verdict of this word.
    pub fn parse(word: &str) -> Option<Verdict> {
        [Verdict::Passed, Verdict::Returned, Verdict::Refused].into_iter().find(|known| known.word() == word)
    }
}

impl Chain {
    /// Whether a written agreement is one of the steps (F6).
    pub fn has_agreement(&self) -> bool {
        self.steps.contains(&Step::Agreement)
    }

    /// Whether somebody in the chain verifies the family's need (B3).
    pub fn verifies_need(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Review { verifies_need: true, .. }))
    }
}

/// Where an application stands, by the plan's chain and the decisions of its present round (F1).
///
/// A returned application that is handed in again begins a new round, so that nobody's approval covers
/// choices that they have not seen.
pub fn next_step(chain: &Chain, decisions: &[Decision]) -> Stand {
    for (at, step) in chain.steps.iter().enumerate() {
        let decided = decisions.iter().find(|decision| decision.step == at);
        match decided.map(|decision| decision.verdict) {
            None => return Stand::Waiting { at, step: *step },
            Some(Verdict::Returned) => return Stand::Returned { at },
            Some(Verdict::Refused) => return Stand::Refused { at },
            Some(Verdict::Passed) => {}
        }
    }
    Stand::Complete
}

/// The last day on which a class's names stand (F10): the first day counts as one.
pub fn publication_closes_on(opens_on: Date, days: u8) -> Date {
    opens_on.saturating_add((i64::from(days.max(1)) - 1).days())
}

/// Whether the names have stood long enough: from the day after the last one.
pub fn publication_is_over(opens_on: Date, days: u8, today: Date) -> bool {
    publication_closes_on(opens_on, days) < today
}

/// The last day on which a step is in time, when it was reached on `since` and may take so many days.
pub fn due_on(since: Date, days: u8) -> Date {
    since.saturating_add(i64::from(days).days())
}

/// What has become of an application, as the store keeps it for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It waits for a step.
    Waiting,
    /// The family has it back.
    Returned,
    /// It was refused.
    Refused,
    /// The family took it back, or the place ended.
    Withdrawn,
    /// The child has a place.
    Enrolled,
}

impl Status {
    /// Every status, those that need somebody first.
    pub const ALL: [Status; 5] =
        [Status::Waiting, Status::Returned, Status::Refused, Status::Withdrawn, Status::Enrolled];

    /// The status's word in the store and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Waiting => "waiting",
            Status::Returned => "returned",
            Status::Refused => "refused",
            Status::Withdrawn => "withdrawn",
            Status::Enrolled => "enrolled",
        }
    }

    /// The status of this word.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether the family may hand it in (again): everything but a running or an enrolled one.
    pub const fn is_over(self) -> bool {
        match self {
            Status::Waiting | Status::Enrolled => false,
            Status::Returned | Status::Refused | Status::Withdrawn => true,
        }
    }
}

impl Step {
    /// The kind's word in the store and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Step::Review { .. } => "review",
            Step::Publication { .. } => "publication",
            Step::Filing => "filing",
            Step::Agreement => "agreement",
        }
    }
}
