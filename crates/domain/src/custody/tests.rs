use jiff::civil::{Date, date, time};
use proptest::prelude::*;

use super::*;
use crate::access::Role;
use crate::ids::{AccountId, DelegateId, EarlyLeaveId, EntityId, FactId, GuardianId, SessionId, StudentId};
use crate::moment::instant;

const DAY: Date = date(2026, 11, 24);

fn session(number: u128) -> SessionId {
    SessionId::from_bits(number)
}

fn fact(number: u128, minute: i8, what: What) -> Fact {
    let at = instant(DAY, time(15, minute, 0, 0));
    Fact {
        id: FactId::from_bits(number),
        student: StudentId::from_bits(1),
        day: DAY,
        session: Some(session(1)),
        at,
        arrived_at: at,
        device: "phone".into(),
        account: AccountId::from_bits(1),
        role: Role::ServiceTeacher,
        corrects: None,
        what,
    }
}

/// The facts in this order, one a minute from 15:00, all in the first session.
fn day(facts: Vec<What>) -> Vec<Fact> {
    (0_i8..)
        .zip(facts)
        .map(|(minute, what)| fact(u128::try_from(minute).unwrap() + 1, minute, what))
        .collect()
}

fn grandmother() -> Handing {
    Handing {
        to: Receiver::Delegate(DelegateId::from_bits(7)),
        checked: Check::PaperSeen,
        place: "北门".into(),
    }
}

fn colleague() -> Handing {
    Handing { to: Receiver::Colleague, checked: Check::Known, place: "北门".into() }
}

fn mother() -> Handing {
    Handing { to: Receiver::Guardian(GuardianId::from_bits(8)), checked: Check::Known, place: String::new() }
}

fn early() -> EarlyLeaveId {
    EarlyLeaveId::from_bits(3)
}

#[track_caller]
fn check(facts: Vec<What>, mark: Option<Mark>, whereabouts: Whereabouts) {
    let state = state(&day(facts));
    assert_eq!((state.mark(session(1)), state.whereabouts()), (mark, whereabouts));
}

#[test]
fn nobody_is_present_by_default() {
    check(vec![], None, Whereabouts::NotExpected);
    check(vec![What::Expected], Some(Mark::Unmarked), Whereabouts::Unseen);
}

#[test]
fn the_roll_marks_each_child() {
    check(vec![What::Expected, What::Present], Some(Mark::Present), Whereabouts::Here);
    check(vec![What::Expected, What::Absent], Some(Mark::Absent), Whereabouts::Missing);
    check(vec![What::Expected, What::Absent, What::Late], Some(Mark::Late), Whereabouts::Here);
}

#[test]
fn leave_is_an_ending_and_eyes_overrule_it() {
    let on_leave = What::OnLeave(None);
    let ended = Whereabouts::Ended(Ending::OnLeave);
    check(vec![What::Expected, on_leave.clone()], Some(Mark::Leave), ended);
    check(vec![on_leave.clone(), What::Expected], Some(Mark::Leave), ended);
    check(vec![What::Expected, on_leave.clone(), What::Present], Some(Mark::Present), Whereabouts::Here);
    check(vec![What::Expected, What::Present, on_leave.clone()], Some(Mark::Present), Whereabouts::Here);
    check(vec![What::Expected, What::Absent, on_leave], Some(Mark::Absent), Whereabouts::Missing);
}

#[test]
fn a_child_not_coming_is_on_leave_in_every_session() {
    let ended = Whereabouts::Ended(Ending::NotComing);
    check(vec![What::Expected, What::NotComing], Some(Mark::Leave), ended);
    check(vec![What::NotComing, What::Expected], Some(Mark::Leave), ended);
}

#[test]
fn a_missing_child_is_open_until_explained() {
    let elsewhere = What::Found(Found::InSchool);
    check(vec![What::Expected, What::Absent, elsewhere], Some(Mark::Absent), Whereabouts::ElsewhereInSchool);
    let family = What::Found(Found::WithFamily);
    let ended = Whereabouts::Ended(Ending::WithFamily);
    check(vec![What::Expected, What::Absent, family], Some(Mark::Absent), ended);
}

#[test]
fn present_handed_over_and_through_the_gate_are_three_records() {
    let facts = day(vec![What::Expected, What::Present, What::HandedOver(colleague())]);
    let state_at_the_gate = state(&facts);
    assert_eq!(state_at_the_gate.whereabouts(), Whereabouts::WithColleague);
    assert_eq!(state_at_the_gate.let_through, None);
    assert!(!has_ending(&state_at_the_gate));

    let facts = day(vec![What::Expected, What::Present, What::LetThrough(grandmother())]);
    let collected = state(&facts);
    assert_eq!(collected.ending(), Some(Ending::Collected(grandmother().to)));
    assert_eq!(collected.handed_over, None);
    assert_eq!(collected.mark(session(1)), Some(Mark::Present));
}

#[test]
fn an_early_leave_is_registered_in_its_session() {
    let facts =
        vec![What::Expected, What::Present, What::EarlyLeaveApproved(early()), What::LeftEarly(early())];
    check(facts.clone(), Some(Mark::LeftEarly), Whereabouts::WithColleague);
    let collected = [facts, vec![What::LetThrough(grandmother())]].concat();
    let ended = Whereabouts::Ended(Ending::Collected(grandmother().to));
    check(collected, Some(Mark::LeftEarly), ended);
}

#[test]
fn a_later_session_knows_that_the_child_has_gone() {
    let mut facts = day(vec![What::Expected, What::Present, What::HandedOver(mother())]);
    facts.push(Fact { session: Some(session(2)), ..fact(20, 0, What::Expected) });
    let state = state(&facts);
    assert_eq!(state.mark(session(1)), Some(Mark::Present));
    assert_eq!(state.mark(session(2)), Some(Mark::Gone));
}

#[test]
fn a_child_seen_after_an_ending_is_in_the_schools_hands_again() {
    let facts = vec![What::Expected, What::Present, What::LetThrough(mother()), What::Returned];
    let back = state(&day(facts));
    assert_eq!((back.whereabouts(), back.let_through), (Whereabouts::Here, None));
}

#[test]
fn a_child_who_stayed_late_is_known_to_have_after_it_was_collected() {
    let collected = state(&day(vec![What::Present, What::StayedLate, What::LetThrough(grandmother())]));
    assert!(collected.whereabouts().has_gone());
    assert_eq!(collected.stayed_late.map(|sight| sight.fact), Some(FactId::from_bits(2)));
    let on_time = state(&day(vec![What::Present, What::LetThrough(grandmother())]));
    assert_eq!(on_time.stayed_late, None);
}

#[test]
fn an_undone_fact_does_not_count_and_undoing_the_undoing_restores_it() {
    let mut facts = day(vec![What::Expected, What::Present]);
    facts.push(Fact { corrects: Some(FactId::from_bits(2)), ..fact(3, 5, What::Undone) });
    assert_eq!(state(&facts).mark(session(1)), Some(Mark::Unmarked));
    facts.push(Fact { corrects: Some(FactId::from_bits(3)), ..fact(4, 6, What::Undone) });
    assert_eq!(state(&facts).mark(session(1)), Some(Mark::Present));
}

#[test]
fn replacing_a_replacement_does_not_bring_the_first_back() {
    let mut facts = day(vec![What::Expected, What::Present]);
    facts.push(Fact { corrects: Some(FactId::from_bits(2)), ..fact(3, 5, What::Absent) });
    facts.push(Fact { corrects: Some(FactId::from_bits(3)), ..fact(4, 6, What::OnLeave(None)) });
    assert_eq!(state(&facts).mark(session(1)), Some(Mark::Leave));
    facts.push(Fact { corrects: Some(FactId::from_bits(4)), ..fact(5, 7, What::Undone) });
    assert_eq!(state(&facts).mark(session(1)), Some(Mark::Absent));
}

#[test]
fn facts_of_one_moment_count_in_the_order_in_which_a_day_goes() {
    let mut facts = vec![fact(3, 0, What::Expected), fact(2, 0, What::Present), fact(1, 0, What::WentAlone)];
    let ended = Some(Ending::WentAlone);
    assert_eq!((state(&facts).mark(session(1)), state(&facts).ending()), (Some(Mark::Present), ended));
    facts.reverse();
    assert_eq!(state(&facts).ending(), ended);
}

#[test]
fn a_correction_counts_even_when_its_device_is_slow() {
    let mut facts = day(vec![What::Expected, What::Absent]);
    facts[1].at = instant(DAY, time(15, 30, 0, 0));
    facts.push(Fact { corrects: Some(FactId::from_bits(2)), ..fact(3, 20, What::Present) });
    assert_eq!(state(&facts).mark(session(1)), Some(Mark::Present));
}

#[test]
fn a_devices_clock_counts_unless_it_runs_ahead_or_shows_another_day() {
    let arrived = instant(DAY, time(15, 30, 0, 0));
    let earlier = instant(DAY, time(15, 21, 0, 0));
    let ahead = instant(DAY, time(15, 31, 0, 0));
    let yesterday = instant(date(2026, 11, 23), time(15, 21, 0, 0));
    assert_eq!(happened(earlier, arrived, DAY), earlier);
    assert_eq!(happened(ahead, arrived, DAY), arrived);
    assert_eq!(happened(yesterday, arrived, DAY), arrived);
}

#[track_caller]
fn follows(facts: Vec<What>, kind: Kind, expected: Result<(), CannotFollow>) {
    assert_eq!(may_follow(&state(&day(facts)), kind), expected);
}

#[test]
fn nobody_is_handed_over_whom_nobody_has_seen() {
    follows(vec![What::Expected], Kind::HandedOver, Err(CannotFollow::NotSeen));
    follows(vec![What::Expected, What::Absent], Kind::HandedOver, Err(CannotFollow::Missing));
    follows(vec![What::Expected, What::Present], Kind::HandedOver, Ok(()));
    follows(vec![], Kind::LetThrough, Err(CannotFollow::NotExpected));
}

#[test]
fn the_gate_follows_the_handing_over_once() {
    let handed = vec![What::Expected, What::Present, What::HandedOver(mother())];
    follows(handed.clone(), Kind::LetThrough, Ok(()));
    follows(handed, Kind::HandedOver, Err(CannotFollow::Ended(Ending::HandedOver(mother().to))));
    let through = vec![What::Expected, What::Present, What::LetThrough(mother())];
    follows(through, Kind::LetThrough, Err(CannotFollow::Ended(Ending::Collected(mother().to))));
}

#[test]
fn h9_nothing_follows_on_a_day_that_was_closed() {
    for (closed_at, expected) in
        [(None, Ok(())), (Some(instant(DAY, time(18, 0, 0, 0))), Err(CannotFollow::DayClosed))]
    {
        assert_eq!(day_is_open(closed_at), expected, "{closed_at:?}");
    }
}

#[test]
fn leaving_early_needs_approval() {
    follows(vec![What::Expected, What::Present], Kind::LeftEarly, Err(CannotFollow::NotApproved));
    let approved = vec![What::Expected, What::Present, What::EarlyLeaveApproved(early())];
    follows(approved, Kind::LeftEarly, Ok(()));
}

#[test]
fn leave_is_for_those_not_seen_yet() {
    follows(vec![What::Expected], Kind::OnLeave, Ok(()));
    follows(vec![What::Expected, What::Present], Kind::OnLeave, Err(CannotFollow::InSchool));
    follows(vec![What::Expected, What::Absent], Kind::NotComing, Err(CannotFollow::Missing));
    follows(vec![What::Expected, What::OnLeave(None)], Kind::Present, Ok(()));
}

#[test]
fn only_the_missing_are_found_and_only_the_gone_return() {
    follows(vec![What::Expected, What::Absent], Kind::Found, Ok(()));
    follows(vec![What::Expected, What::Present], Kind::Found, Err(CannotFollow::NotMissing));
    follows(vec![What::Expected, What::Present], Kind::Returned, Err(CannotFollow::NotGone));
    follows(vec![What::Expected, What::Present, What::WentAlone], Kind::Returned, Ok(()));
}

#[test]
fn words_read_back() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.word()), Some(kind));
    }
    for check in Check::ALL {
        assert_eq!(Check::parse(check.word()), Some(check));
    }
    for found in Found::ALL {
        assert_eq!(Found::parse(found.word()), Some(found));
    }
}

fn any_what() -> impl Strategy<Value = What> {
    prop::sample::select(vec![
        What::Expected,
        What::OnLeave(None),
        What::Present,
        What::Late,
        What::Absent,
        What::Found(Found::InSchool),
        What::Found(Found::WithFamily),
        What::EarlyLeaveApproved(early()),
        What::LeftEarly(early()),
        What::HandedOver(colleague()),
        What::HandedOver(mother()),
        What::LetThrough(grandmother()),
        What::WentAlone,
        What::TookBus,
        What::StayedLate,
        What::Returned,
        What::NotComing,
        What::SickRoom,
        What::Undone,
    ])
}

/// Facts of one child, in two sessions, with corrections of one another, rings among them.
fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    let one = (any_what(), 0_i8..59, 1_u128..3, prop::option::of(1_u128..16));
    prop::collection::vec(one, 0..16).prop_map(|list| {
        (1_u128..)
            .zip(list)
            .map(|(number, (what, minute, in_session, corrects))| Fact {
                session: Some(session(in_session)),
                corrects: corrects.map(FactId::from_bits),
                ..fact(number, minute, what)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        (facts, shuffled) in any_facts().prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle()))
    ) {
        prop_assert_eq!(state(&facts), state(&shuffled));
    }

    #[test]
    fn the_same_fact_twice_changes_nothing(facts in any_facts(), again in any::<prop::sample::Index>()) {
        let mut twice = facts.clone();
        if !facts.is_empty() {
            twice.push(again.get(&facts).clone());
        }
        prop_assert_eq!(state(&facts), state(&twice));
    }

    #[test]
    fn the_parts_add_up_to_the_expected(children in prop::collection::vec(any_facts(), 0..8)) {
        let states: Vec<State> = children.iter().map(|facts| state(facts)).collect();
        let counts = Counts::of(states.iter().filter_map(|state| state.mark(session(1))));
        let parts = counts.present + counts.absent + counts.leave + counts.left + counts.unmarked;
        prop_assert_eq!(parts, counts.expected);
        prop_assert!(counts.late <= counts.present);
    }

    #[test]
    fn what_may_follow_an_open_day_keeps_its_sense(facts in any_facts()) {
        let state = state(&facts);
        if may_follow(&state, Kind::HandedOver).is_ok() {
            prop_assert!(!has_ending(&state));
        }
        prop_assert_eq!(state.ending().is_some() || state.whereabouts() == Whereabouts::NotExpected, has_ending(&state));
    }
}

#[test]
fn that_a_child_is_expected_is_no_mark_of_the_roll() {
    let said = |facts: Vec<What>| state(&day(facts)).said_by(session(1)).map(|sight| sight.fact);
    assert_eq!(said(vec![What::Expected]), None);
    assert_eq!(said(vec![What::Expected, What::Present]), Some(FactId::from_bits(2)));
    assert_eq!(said(vec![What::Expected, What::WentAlone]), Some(FactId::from_bits(2)));
}

#[test]
fn who_is_in_care_who_is_to_go_and_who_has_gone() {
    let ended = |ending| Whereabouts::Ended(ending);
    let (yes, no) = (true, false);
    for (place, in_care, to_go, gone) in [
        (Whereabouts::NotExpected, no, no, no),
        (Whereabouts::Unseen, no, yes, no),
        (Whereabouts::Missing, no, yes, no),
        (Whereabouts::Here, yes, yes, no),
        (Whereabouts::ElsewhereInSchool, yes, yes, no),
        (Whereabouts::SickRoom, yes, yes, no),
        (Whereabouts::WithColleague, yes, yes, no),
        (Whereabouts::LateCare, yes, yes, no),
        (ended(Ending::OnLeave), no, no, no),
        (ended(Ending::NotComing), no, no, no),
        (ended(Ending::WithFamily), no, no, no),
        (ended(Ending::HandedOver(mother().to)), no, yes, yes),
        (ended(Ending::Collected(mother().to)), no, yes, yes),
        (ended(Ending::WentAlone), no, yes, yes),
        (ended(Ending::TookBus), no, yes, yes),
    ] {
        assert_eq!(
            (place.is_in_care(), place.is_to_go(), place.has_gone()),
            (in_care, to_go, gone),
            "{place:?}"
        );
    }
}
