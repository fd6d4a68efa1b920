//! Dismissal: who may take this child now, and when the day may be closed (H1–H3, H6, H9, H10, H12, C2).
//!
//! A guard or teacher asks [`may_take`]; the answer is to let go, or to stop with the reason, where the
//! child waits and whom to call. A stop that [`Why::needs_duty_leader`] holds the child until a duty leader
//! ends it with [`settle`].

mod closing;
mod guardianship;
mod late;
mod mode;
mod outlook;
mod pickup;
mod release;
mod stop;
mod take_back;
#[cfg(test)]
mod tests;
mod veil;

pub use closing::{
    CannotClose, ClosingCheck, Explained, GroupOpen, InHand, Leaving, StillOpen, close_group, may_close,
};
pub use guardianship::{EndRefused, GuardianshipEnd, may_end_guardianship};
pub use late::{CannotStay, Waiting, may_stay};
pub use mode::{Consent, ConsentRefused, may_consent};
pub use outlook::{DayList, Outlook, Place, outlook};
pub use pickup::{
    Delegate, LONGEST_DELEGATION_DAYS, MOST_DELEGATES, NamingRefused, NewDelegate, Restriction,
    name_delegate, person_wrong, shown_on,
};
pub use release::{BadName, Call, Child, Collector, Leave, Next, Verdict, Wait, Why, may_be_told, may_take};
pub use stop::{
    ANOTHER_MOMENT, Settlement, SettlementRefused, Standing, Stop, has_come_again, settle, standing,
    who_agreed,
};
pub use take_back::{CannotTakeBack, TAKE_BACK_SPAN, TakingBack, release_to_take_back};
pub use veil::veiled;
