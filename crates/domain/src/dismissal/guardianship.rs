//! The end of a guardianship, as far as the gate depends on it.

use crate::custody::Whereabouts;

/// Why a guardianship does not end yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndRefused {
    /// The child is in school or expected, and nobody else of the family could collect it: that has to be meant.
    LastWhileInSchool,
}

/// What the end of a guardianship means for the child today.
#[derive(Debug, Clone, Copy)]
pub struct GuardianshipEnd {
    /// How many other guardians may collect the child.
    pub others_who_may_collect: usize,
    /// Where the child is.
    pub whereabouts: Whereabouts,
    /// Whether whoever ends it was asked and means it.
    pub is_sure: bool,
}

/// H1: ending the last guardian who may collect a child asks first while the child has no ending today: at the gate
/// nobody of the family could be called, or take the child.
pub const fn may_end_guardianship(ending: GuardianshipEnd) -> Result<(), EndRefused> {
    let in_school = ending.whereabouts.is_to_go() && !ending.whereabouts.has_gone();
    if ending.others_who_may_collect == 0 && in_school && !ending.is_sure {
        Err(EndRefused::LastWhileInSchool)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::Ending;

    #[test]
    fn h1_the_last_guardian_of_a_child_in_school_is_ended_only_when_that_is_meant() {
        let gone = Whereabouts::Ended(Ending::WentAlone);
        for (others, place, sure, refused) in [
            (0, Whereabouts::Here, false, true),
            (0, Whereabouts::Unseen, false, true),
            (0, Whereabouts::Here, true, false),
            (1, Whereabouts::Here, false, false),
            (0, Whereabouts::NotExpected, false, false),
            (0, Whereabouts::Ended(Ending::OnLeave), false, false),
            (0, gone, false, false),
        ] {
            let end = GuardianshipEnd { others_who_may_collect: others, whereabouts: place, is_sure: sure };
            let ended = may_end_guardianship(end);
            assert_eq!(ended.is_err(), refused, "{others} {place:?} {sure}");
        }
    }
}
