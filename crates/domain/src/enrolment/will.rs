//! Nobody is enrolled without their own act or a signed paper (R1, B2): a type, not a habit.

use jiff::Timestamp;

use super::chain::{Chain, Decision, Stand, next_step};
use super::paper::Confirmed;
use crate::ids::AccountId;

/// A family's own will, expressed. There is no other way to make one than the two below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Will(Expressed);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Expressed {
    OwnAct { account: AccountId, at: Timestamp },
    Paper(Confirmed),
}

impl Will {
    /// A guardian applied with their own sign-in.
    pub fn own_act(account: AccountId, at: Timestamp) -> Will {
        Will(Expressed::OwnAct { account, at })
    }

    /// A guardian signed on paper, and two of the staff have seen it.
    pub fn paper(paper: Confirmed) -> Will {
        Will(Expressed::Paper(paper))
    }

    /// The will's word in the store.
    pub fn word(&self) -> &'static str {
        match &self.0 {
            Expressed::OwnAct { .. } => "own_act",
            Expressed::Paper(_) => "paper",
        }
    }
}

/// A complete application with a family's will behind it: what an enrolment is made from, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    will: Will,
}

/// Why a child is not enrolled yet. Facts only: the words are in `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotYet {
    /// The chain is not at its end.
    Stands(Stand),
    /// Nobody of the family has said so.
    NoWill,
}

impl Admission {
    /// How the family said that they want the service.
    pub fn will(&self) -> &Will {
        &self.will
    }
}

/// Admits a child whose chain is complete and whose family has said so (R1).
pub fn admit(chain: &Chain, decisions: &[Decision], will: Option<Will>) -> Result<Admission, NotYet> {
    match next_step(chain, decisions) {
        Stand::Complete => {}
        stand @ (Stand::Waiting { .. } | Stand::Returned { .. } | Stand::Refused { .. }) => {
            return Err(NotYet::Stands(stand));
        }
    }
    will.map(|will| Admission { will }).ok_or(NotYet::NoWill)
}
