//! A stop at the gate and how a duty leader ends it.

use jiff::{SignedDuration, Timestamp};

use super::release::{Verdict, Why, in_care};
use crate::custody::Whereabouts;
use crate::ids::GuardianId;
use crate::typed::{LONGEST_NOTE, is_longer};

/// A stop of today, as far as a later verdict depends on it.
#[expect(clippy::struct_excessive_bools, reason = "four facts that are known apart")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Whether only a duty leader can end it.
    pub needs_duty_leader: bool,
    /// Whether the person must not collect the child.
    pub restricted: bool,
    /// Whether it says who stood there.
    pub named: bool,
    /// Whether it was ended.
    pub settled: bool,
}

impl Stop {
    /// Whether the stop still holds the child.
    pub const fn holds(&self) -> bool {
        self.needs_duty_leader && !self.settled
    }

    /// H3, H10: whether somebody is still asked to decide. A stop that holds the child waits for the duty leader; any
    /// other ends by itself with the child's day: the child has left, or does not come.
    pub const fn waits(&self, whereabouts: Whereabouts) -> bool {
        !self.settled && (self.needs_duty_leader || !matches!(whereabouts, Whereabouts::Ended(_)))
    }

    /// H3: whether the same person who asks again is still this stop: nobody ended it, and it is no lighter than what
    /// speaks against the person now.
    pub fn covers(&self, why: &Why) -> bool {
        let restricted = matches!(why, Why::Restricted);
        !self.settled
            && (self.restricted || !restricted)
            && (self.needs_duty_leader || !why.needs_duty_leader())
    }
}

/// How long after the last time asking again is another moment of a stop: a form that is sent twice is none.
pub const ANOTHER_MOMENT: SignedDuration = SignedDuration::from_mins(1);

/// H3: whether who was stopped last at `last` and asks at `at` has come again.
pub fn has_come_again(last: Timestamp, at: Timestamp) -> bool {
    ANOTHER_MOMENT <= at.duration_since(last)
}

/// How a duty leader ended a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Settlement {
    /// The person was sent away; the child waits for someone entitled.
    TurnedAway,
    /// It was a mistake: the child or the person was taken for another.
    Mistaken,
    /// The child was found: what is known stands in the ledger.
    Found,
    /// A guardian agreed to the person on the telephone: from now on the guard may let the child go with them today.
    LetGo,
}

impl Settlement {
    /// Every way.
    pub const ALL: [Settlement; 4] =
        [Settlement::TurnedAway, Settlement::Mistaken, Settlement::Found, Settlement::LetGo];

    /// The word in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Settlement::TurnedAway => "turned_away",
            Settlement::Mistaken => "mistaken",
            Settlement::Found => "found",
            Settlement::LetGo => "let_go",
        }
    }

    /// Whether a stop may end so: with somebody who must not collect, no child goes; with nobody whose name is known, no
    /// child goes either; and a child is found only where the stop was about one who was not seen.
    pub const fn fits(self, stop: Stop) -> bool {
        match self {
            Settlement::TurnedAway | Settlement::Mistaken => true,
            Settlement::Found => stop.needs_duty_leader && !stop.restricted,
            Settlement::LetGo => !stop.restricted && stop.named,
        }
    }

    /// The way of this word.
    pub fn parse(word: &str) -> Option<Settlement> {
        Settlement::ALL.into_iter().find(|settlement| settlement.word() == word)
    }
}

/// What a guard is told of a stop now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Somebody is still asked to decide, for the reason that was written down.
    Waits,
    /// The child's day ended it.
    Over,
    /// A duty leader ended it, and nothing is left to ask.
    Settled,
    /// A guardian let the person come meanwhile: they may take the child.
    MayGo,
    /// A guardian let the person come, or was said to on the telephone, and they may not take the child now.
    NotNow(&'a Why),
}

/// H1, H3: how a stop stands: what the day's lists say of the person now counts, not what was true when it was written
/// down or settled. `verdict` is the one on the person by name, none when they are on no list. A guardian's word on the
/// telephone lasts only as long as that guardian may give it.
pub fn standing(
    stop: Stop,
    settlement: Option<Settlement>,
    whereabouts: Whereabouts,
    verdict: Option<&Verdict>,
) -> Standing<'_> {
    let has_ended = matches!(whereabouts, Whereabouts::Ended(_));
    match (settlement, verdict) {
        (Some(Settlement::LetGo), _) if has_ended => Standing::Settled,
        (Some(Settlement::LetGo), None) => Standing::NotNow(&Why::NotNamed),
        (Some(Settlement::LetGo), Some(verdict)) => standing_of(verdict),
        (Some(Settlement::TurnedAway | Settlement::Mistaken | Settlement::Found), _) => Standing::Settled,
        (None, _) if !stop.waits(whereabouts) => Standing::Over,
        (None, Some(Verdict::Stop { why, .. })) if why.is_for_the_family() => Standing::Waits,
        (None, Some(verdict)) if !stop.holds() => standing_of(verdict),
        (None, _) => Standing::Waits,
    }
}

fn standing_of(verdict: &Verdict) -> Standing<'_> {
    match verdict {
        Verdict::Release(_) => Standing::MayGo,
        Verdict::Stop { why, .. } => Standing::NotNow(why),
    }
}

/// Why a stop cannot be ended so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettlementRefused {
    /// It was ended before.
    SettledAlready,
    /// What was done is missing: the note is the record of the duty (A6).
    NoNote,
    /// The note is longer than [`LONGEST_NOTE`].
    NoteTooLong,
    /// Nobody may let go a child with someone who must not collect it.
    MustNotCollect,
    /// The stop names nobody with whom the child could go.
    NobodyNamed,
    /// The stop is about a person: that the child was found does not end it.
    NotAboutFinding,
    /// The child is not in the school's hands.
    NotInCare,
    /// Nobody said which guardian agreed on the telephone.
    NobodyAgreed,
    /// Whoever agreed is no guardian of the child, or must not collect it.
    MayNotAgree,
}

/// H1, H3: a stop over somebody on no list is lifted by the word of one guardian on file who may collect the child.
pub fn who_agreed(
    called: Option<GuardianId>,
    deciders: &[GuardianId],
) -> Result<GuardianId, SettlementRefused> {
    match called {
        None => Err(SettlementRefused::NobodyAgreed),
        Some(called) if deciders.contains(&called) => Ok(called),
        Some(_) => Err(SettlementRefused::MayNotAgree),
    }
}

/// H3, H10, A6: a duty leader ends a stop once, and says what was done. No settlement lets a child go with someone who
/// must not collect it, with nobody who has a name, or a child who is not there.
pub fn settle(
    stop: Stop,
    settlement: Settlement,
    whereabouts: Whereabouts,
    note: &str,
) -> Result<(), SettlementRefused> {
    if stop.settled {
        return Err(SettlementRefused::SettledAlready);
    }
    if note.trim().is_empty() {
        return Err(SettlementRefused::NoNote);
    }
    if is_longer(note, LONGEST_NOTE) {
        return Err(SettlementRefused::NoteTooLong);
    }
    match settlement {
        Settlement::LetGo if stop.restricted => Err(SettlementRefused::MustNotCollect),
        Settlement::LetGo if !stop.named => Err(SettlementRefused::NobodyNamed),
        Settlement::LetGo => in_care(whereabouts).map_err(|_| SettlementRefused::NotInCare),
        Settlement::Found if !settlement.fits(stop) => Err(SettlementRefused::NotAboutFinding),
        Settlement::TurnedAway | Settlement::Mistaken | Settlement::Found => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::custody::{Ending, Receiver};
    use crate::dismissal::Leave;
    use crate::ids::{DelegateId, EntityId};

    const LIGHT: Stop = Stop { needs_duty_leader: false, restricted: false, named: true, settled: false };
    const HOLDING: Stop = Stop { needs_duty_leader: true, ..LIGHT };
    const RESTRICTED: Stop = Stop { restricted: true, ..HOLDING };

    #[test]
    fn h3_h10_a_stop_that_holds_nobody_ends_with_the_childs_day() {
        let gone = Whereabouts::Ended(Ending::Collected(Receiver::Unlisted));
        let away = Whereabouts::Ended(Ending::WithFamily);
        let settled = Stop { settled: true, ..RESTRICTED };
        for (stop, place, waits) in [
            (LIGHT, Whereabouts::Here, true),
            (LIGHT, Whereabouts::Unseen, true),
            (LIGHT, gone, false),
            (LIGHT, away, false),
            (HOLDING, gone, true),
            (RESTRICTED, gone, true),
            (settled, Whereabouts::Here, false),
        ] {
            assert_eq!(stop.waits(place), waits, "{stop:?} {place:?}");
        }
    }

    #[test]
    fn h3_h10_a_child_is_let_go_only_with_somebody_who_has_a_name() {
        let nameless = Stop { named: false, ..LIGHT };
        for (stop, refused) in [
            (LIGHT, None),
            (nameless, Some(SettlementRefused::NobodyNamed)),
            (Stop { named: false, ..RESTRICTED }, Some(SettlementRefused::MustNotCollect)),
        ] {
            let settled = settle(stop, Settlement::LetGo, Whereabouts::Here, "电话问过");
            assert_eq!(settled.err(), refused, "{stop:?}");
            assert_eq!(Settlement::LetGo.fits(stop), refused.is_none(), "{stop:?}");
        }
        assert_eq!(settle(nameless, Settlement::TurnedAway, Whereabouts::Here, "请其离开"), Ok(()));
    }

    #[test]
    fn h3_who_asks_again_is_the_same_stop_unless_more_speaks_against_them() {
        let settled = Stop { settled: true, ..RESTRICTED };
        for (stop, why, covered) in [
            (LIGHT, Why::NotNamed, true),
            (LIGHT, Why::NotSeen, false),
            (LIGHT, Why::Restricted, false),
            (HOLDING, Why::NotNamed, true),
            (HOLDING, Why::NotSeen, true),
            (HOLDING, Why::Restricted, false),
            (RESTRICTED, Why::Restricted, true),
            (settled, Why::NotNamed, false),
        ] {
            assert_eq!(stop.covers(&why), covered, "{stop:?} {why:?}");
        }
    }

    #[test]
    fn h1_h3_only_a_guardian_on_file_who_may_collect_agrees_on_the_telephone() {
        let (mother, father) = (GuardianId::from_bits(11), GuardianId::from_bits(12));
        for (called, agreed) in [
            (Some(mother), Ok(mother)),
            (Some(father), Err(SettlementRefused::MayNotAgree)),
            (None, Err(SettlementRefused::NobodyAgreed)),
        ] {
            assert_eq!(who_agreed(called, &[mother]), agreed, "{called:?}");
        }
    }

    #[test]
    fn h1_h3_a_stop_stands_as_the_days_lists_say_now() {
        let go = Verdict::Release(Leave::WithDelegate(DelegateId::from_bits(7)));
        let not = |why: Why| Verdict::Stop { next: why.next(Whereabouts::Here), why };
        let (uncalled, barred, ended) =
            (not(Why::NotCalled), not(Why::NotNamed), not(Why::Ended { to_on: date(2026, 11, 23) }));
        let agreed = (Stop { settled: true, ..LIGHT }, Some(Settlement::LetGo));
        let away = (Stop { settled: true, ..LIGHT }, Some(Settlement::TurnedAway));
        let (here, gone) = (Whereabouts::Here, Whereabouts::Ended(Ending::WentAlone));
        for ((stop, settlement), place, verdict, expected) in [
            ((LIGHT, None), here, None, Standing::Waits),
            ((LIGHT, None), here, Some(&go), Standing::MayGo),
            ((LIGHT, None), here, Some(&ended), Standing::Waits),
            ((LIGHT, None), Whereabouts::Unseen, Some(&uncalled), Standing::NotNow(&Why::NotCalled)),
            ((LIGHT, None), gone, Some(&go), Standing::Over),
            ((HOLDING, None), here, Some(&go), Standing::Waits),
            ((HOLDING, None), here, Some(&uncalled), Standing::Waits),
            (agreed, here, Some(&go), Standing::MayGo),
            (agreed, here, Some(&barred), Standing::NotNow(&Why::NotNamed)),
            (agreed, here, None, Standing::NotNow(&Why::NotNamed)),
            (agreed, gone, Some(&barred), Standing::Settled),
            (away, here, Some(&go), Standing::Settled),
        ] {
            assert_eq!(standing(stop, settlement, place, verdict), expected, "{stop:?} {verdict:?}");
        }
    }

    #[test]
    fn h3_a_form_that_is_sent_twice_is_one_moment() {
        let at = |seconds| Timestamp::new(seconds, 0).unwrap();
        for (seconds, again) in [(0, false), (59, false), (60, true), (-60, false)] {
            assert_eq!(has_come_again(at(600), at(600 + seconds)), again, "{seconds}");
        }
    }
}
