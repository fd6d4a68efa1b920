//! What a guardian who must not collect a child may read of its day: that it left, not how, with whom or where (H3).

use crate::custody::{Check, Handing, Receiver, What};

/// H3: a fact as a guardian reads it who must not collect the child. Every way home looks the same.
pub fn veiled(what: What) -> What {
    let handing = |to| Handing { to, checked: Check::Known, place: String::new() };
    match what {
        What::HandedOver(Handing { to: Receiver::Colleague, .. }) => {
            What::HandedOver(handing(Receiver::Colleague))
        }
        What::HandedOver(_) | What::LetThrough(_) | What::WentAlone | What::TookBus => {
            What::LetThrough(handing(Receiver::Unlisted))
        }
        What::Expected
        | What::OnLeave(_)
        | What::Present
        | What::Late
        | What::Absent
        | What::Found(_)
        | What::EarlyLeaveApproved(_)
        | What::LeftEarly(_)
        | What::StayedLate
        | What::Returned
        | What::NotComing
        | What::SickRoom
        | What::Undone => what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DelegateId, EntityId};

    #[test]
    fn h3_every_way_home_looks_the_same_behind_the_veil() {
        let to = |to| Handing { to, checked: Check::PaperSeen, place: "北门".to_owned() };
        let delegate = Receiver::Delegate(DelegateId::from_bits(1));
        let left =
            What::LetThrough(Handing { to: Receiver::Unlisted, checked: Check::Known, place: String::new() });
        let ways =
            [What::HandedOver(to(delegate)), What::LetThrough(to(delegate)), What::WentAlone, What::TookBus];
        for what in ways {
            assert_eq!(veiled(what), left);
        }
        let What::HandedOver(handing) = veiled(What::HandedOver(to(Receiver::Colleague))) else {
            panic!("the child was handed to a colleague")
        };
        assert_eq!((handing.to, handing.place.as_str()), (Receiver::Colleague, ""));
        assert_eq!(veiled(What::Present), What::Present);
    }
}
