use jiff::Timestamp;
use jiff::civil::{Date, date, time};

use super::*;
use crate::access::Role;
use crate::custody::{Check, Ending, Fact, Handing, Receiver, What, Whereabouts, state};
use crate::ids::{AccountId, DelegateId, EntityId, FactId, GuardianId, RestrictionId, StudentId};
use crate::moment::instant;
use crate::plan::ReleaseMode;

const TUESDAY: Date = date(2026, 11, 24);
const MOTHER: u128 = 1;
const FATHER: u128 = 2;
const STRANGER: u128 = 9;
const GRANDMOTHER: u128 = 11;
const NEIGHBOUR: u128 = 12;
const DRIVER: u128 = 13;

fn guardian(bits: u128) -> GuardianId {
    GuardianId::from_bits(bits)
}

fn delegate(bits: u128, name: &str, named_by: u128, from_on: Date, to_on: Date) -> Delegate {
    Delegate {
        id: DelegateId::from_bits(bits),
        name: name.to_owned(),
        relation: "亲友".to_owned(),
        named_by: guardian(named_by),
        from_on,
        to_on,
    }
}

/// 奶奶 for the term, 邻居 until yesterday, 司机 named by the father from tomorrow.
fn delegates() -> Vec<Delegate> {
    vec![
        delegate(GRANDMOTHER, "王桂兰", MOTHER, date(2026, 9, 1), date(2027, 1, 20)),
        delegate(NEIGHBOUR, "刘强", MOTHER, date(2026, 11, 1), date(2026, 11, 23)),
        delegate(DRIVER, "陈师傅", FATHER, date(2026, 11, 25), date(2026, 12, 31)),
    ]
}

fn restriction(name: &str, guardian: Option<GuardianId>) -> Restriction {
    Restriction {
        id: RestrictionId::from_bits(21),
        name: name.to_owned(),
        guardian,
        from_on: date(2026, 10, 1),
        to_on: None,
    }
}

fn at(hour: i8, minute: i8) -> Timestamp {
    instant(TUESDAY, time(hour, minute, 0, 0))
}

fn by(collector: &Collector, change: impl FnOnce(&mut Child)) -> Verdict {
    let mut child = Child {
        whereabouts: Whereabouts::Here,
        wave_at: Some(at(17, 20)),
        early_leave: false,
        guardians: vec![guardian(MOTHER), guardian(FATHER)],
        delegates: delegates(),
        restrictions: Vec::new(),
        consents: Vec::new(),
        modes: vec![ReleaseMode::Guardian, ReleaseMode::Delegate, ReleaseMode::Alone],
        stops: Vec::new(),
    };
    change(&mut child);
    may_take(collector, &child, at(17, 21))
}

/// The mother takes the child.
fn released() -> Verdict {
    Verdict::Release(Leave::WithGuardian(guardian(MOTHER)))
}

fn delegated(bits: u128) -> Collector {
    Collector::Delegate(DelegateId::from_bits(bits))
}

#[track_caller]
fn stops(verdict: &Verdict, why: Why, wait: Wait, call: Call) {
    let expected = Verdict::Stop { why, next: Next { wait, call } };
    assert_eq!(verdict, &expected);
}

#[test]
fn h1_guardians_and_delegates_of_today_take_the_child() {
    let grandmother = Leave::WithDelegate(DelegateId::from_bits(GRANDMOTHER));
    assert_eq!(by(&Collector::Guardian(guardian(MOTHER)), |_| {}), released());
    assert_eq!(by(&delegated(GRANDMOTHER), |_| {}), Verdict::Release(grandmother));
}

#[test]
fn h1_others_are_stopped_and_a_guardian_is_called() {
    let cases = [
        (Collector::Guardian(guardian(STRANGER)), Why::NotNamed),
        (Collector::Unnamed("张三".to_owned()), Why::NotNamed),
        (delegated(99), Why::NotNamed),
        (delegated(NEIGHBOUR), Why::Ended { to_on: date(2026, 11, 23) }),
        (delegated(DRIVER), Why::NotYet { from_on: date(2026, 11, 25) }),
    ];
    for (collector, why) in cases {
        stops(&by(&collector, |_| {}), why, Wait::GateRoom, Call::Guardian);
    }
}

#[test]
fn h3_who_must_not_collect_is_stopped_under_any_title() {
    let father = [restriction("李建国", Some(guardian(FATHER)))];
    let neighbour = [restriction("刘 强", None)];
    let grandmother = [restriction("王桂兰", None)];
    let cases: [(&Collector, &[Restriction]); 4] = [
        (&Collector::Guardian(guardian(FATHER)), &father),
        (&Collector::Unnamed("李 建国".to_owned()), &father),
        (&delegated(NEIGHBOUR), &neighbour),
        (&delegated(GRANDMOTHER), &grandmother),
    ];
    for (collector, restrictions) in cases {
        let verdict = by(collector, |child| child.restrictions = restrictions.to_vec());
        stops(&verdict, Why::Restricted, Wait::GateRoom, Call::DutyLeader);
    }
}

#[test]
fn h3_a_restriction_shows_even_when_the_child_has_gone() {
    let father = [restriction("李建国", Some(guardian(FATHER)))];
    let verdict = by(&Collector::Guardian(guardian(FATHER)), |child| {
        child.restrictions = father.to_vec();
        child.whereabouts = Whereabouts::Ended(Ending::WentAlone);
    });
    stops(&verdict, Why::Restricted, Wait::GateRoom, Call::DutyLeader);
}

#[test]
fn h3_a_delegation_falls_with_the_guardian_who_gave_it() {
    let mother = [restriction("周敏", Some(guardian(MOTHER)))];
    let verdict = by(&delegated(GRANDMOTHER), |child| child.restrictions = mother.to_vec());
    stops(&verdict, Why::NotNamed, Wait::GateRoom, Call::Guardian);
}

#[test]
fn h3_a_restriction_of_another_time_does_not_stop() {
    let mut past = restriction("李建国", Some(guardian(FATHER)));
    past.to_on = Some(date(2026, 11, 23));
    let past = [past];
    let verdict = by(&Collector::Guardian(guardian(FATHER)), |child| child.restrictions = past.to_vec());
    assert_eq!(verdict, Verdict::Release(Leave::WithGuardian(guardian(FATHER))));
}

#[test]
fn h3_a_stop_of_the_duty_leader_holds_the_child_for_everyone() {
    let open = [Stop { needs_duty_leader: true, restricted: true, named: true, settled: false }];
    let ended = [Stop { settled: true, ..open[0] }];
    let light = [Stop { needs_duty_leader: false, ..open[0] }];
    let mother = Collector::Guardian(guardian(MOTHER));
    stops(&by(&mother, |child| child.stops = open.to_vec()), Why::Held, Wait::GateRoom, Call::DutyLeader);
    assert_eq!(by(&mother, |child| child.stops = ended.to_vec()), released());
    assert_eq!(by(&mother, |child| child.stops = light.to_vec()), released());
}

#[test]
fn h10_only_a_child_in_the_schools_hands_is_let_go() {
    let mother = Collector::Guardian(guardian(MOTHER));
    for here in [
        Whereabouts::Here,
        Whereabouts::WithColleague,
        Whereabouts::LateCare,
        Whereabouts::SickRoom,
        Whereabouts::ElsewhereInSchool,
    ] {
        let verdict = by(&mother, |child| child.whereabouts = here);
        assert_eq!(verdict, released(), "{here:?}");
    }
    for (whereabouts, why) in [
        (Whereabouts::NotExpected, Why::NotSeen),
        (Whereabouts::Missing, Why::NotSeen),
        (Whereabouts::Ended(Ending::OnLeave), Why::NotSeen),
        (Whereabouts::Ended(Ending::TookBus), Why::Gone),
        (Whereabouts::Ended(Ending::Collected(Receiver::Guardian(guardian(FATHER)))), Why::Gone),
    ] {
        let verdict = by(&mother, |child| child.whereabouts = whereabouts);
        stops(&verdict, why, Wait::Nowhere, Call::DutyLeader);
    }
}

#[test]
fn g2_a_child_whose_roll_was_not_called_is_asked_for_and_not_searched() {
    let verdict = by(&Collector::Guardian(guardian(MOTHER)), |child| child.whereabouts = Whereabouts::Unseen);
    stops(&verdict, Why::NotCalled, Wait::Classroom, Call::RollCaller);
}

#[test]
fn g2_h3_a_stranger_is_a_stop_of_their_own_before_the_roll_and_while_the_child_is_held() {
    let held = Stop { needs_duty_leader: true, restricted: true, named: true, settled: false };
    let stranger = Collector::Unnamed("刘强".to_owned());
    let unseen = |child: &mut Child| child.whereabouts = Whereabouts::Unseen;
    stops(&by(&stranger, unseen), Why::NotNamed, Wait::Classroom, Call::Guardian);
    stops(
        &by(&delegated(NEIGHBOUR), unseen),
        Why::Ended { to_on: date(2026, 11, 23) },
        Wait::Classroom,
        Call::Guardian,
    );
    stops(&by(&delegated(GRANDMOTHER), unseen), Why::NotCalled, Wait::Classroom, Call::RollCaller);
    stops(&by(&Collector::Alone, unseen), Why::NotCalled, Wait::Classroom, Call::RollCaller);
    let holding = |child: &mut Child| child.stops = vec![held];
    stops(&by(&stranger, holding), Why::NotNamed, Wait::GateRoom, Call::Guardian);
    let gone = |child: &mut Child| child.whereabouts = Whereabouts::Ended(Ending::WentAlone);
    stops(&by(&stranger, gone), Why::NotNamed, Wait::HasLeft, Call::DutyLeader);
    stops(&by(&delegated(GRANDMOTHER), gone), Why::Gone, Wait::Nowhere, Call::DutyLeader);
}

#[test]
fn h1_h3_with_no_guardian_left_who_may_collect_the_duty_leader_is_called() {
    let stranger = Collector::Unnamed("刘强".to_owned());
    let orphaned = |child: &mut Child| child.guardians.clear();
    stops(&by(&stranger, orphaned), Why::NotNamed, Wait::GateRoom, Call::DutyLeader);
    let barred = |child: &mut Child| {
        child.guardians = vec![guardian(FATHER)];
        child.restrictions = vec![restriction("李建国", Some(guardian(FATHER)))];
    };
    stops(&by(&stranger, barred), Why::NotNamed, Wait::GateRoom, Call::DutyLeader);
}

#[test]
fn h1_h3_the_list_names_no_delegate_who_is_barred_or_whose_giver_is() {
    let [grandmother, neighbour, ..] = &delegates()[..] else { panic!("three delegates") };
    let other = restriction("陈师傅", None);
    for (delegate, restrictions, collects) in [
        (grandmother, vec![], true),
        (grandmother, vec![other.clone()], true),
        (grandmother, vec![other.clone(), restriction("奶奶王桂兰", None)], false),
        (grandmother, vec![restriction("周敏", Some(guardian(MOTHER)))], false),
        (grandmother, vec![restriction("周 敏", None)], false),
        (grandmother, vec![restriction("周敏", Some(guardian(FATHER)))], true),
        (neighbour, vec![], false),
    ] {
        assert_eq!(delegate.collects_on(TUESDAY, "周敏", &restrictions), collects, "{restrictions:?}");
    }
}

#[test]
fn h3_a_guardian_who_must_not_collect_is_not_told_of_the_way_home() {
    let barred = [restriction("李建国", Some(guardian(FATHER)))];
    assert!(may_be_told(guardian(MOTHER), &barred, TUESDAY));
    assert!(!may_be_told(guardian(FATHER), &barred, TUESDAY));
    assert!(may_be_told(guardian(FATHER), &barred, date(2026, 9, 30)), "before it holds");
}

#[test]
fn c2_a_wave_is_waited_for_unless_leaving_early_was_approved() {
    let mother = Collector::Guardian(guardian(MOTHER));
    let later = at(17, 30);
    let verdict = by(&mother, |child| child.wave_at = Some(later));
    stops(&verdict, Why::TooEarly { wave_at: later }, Wait::WithTeacher, Call::Teacher);
    let early = by(&mother, |child| {
        child.wave_at = Some(later);
        child.early_leave = true;
    });
    assert_eq!(early, released());
    assert_eq!(by(&mother, |child| child.wave_at = None), released());
    assert_eq!(by(&mother, |child| child.wave_at = Some(at(17, 21))), released());
}

#[test]
fn h1_going_alone_needs_the_grade_and_a_written_consent_of_today() {
    let consent = [Consent { mode: ReleaseMode::Alone, from_on: date(2026, 9, 1), to_on: None }];
    let withdrawn = [Consent { to_on: Some(date(2026, 11, 23)), ..consent[0] }];
    let alone = Collector::Alone;
    let no_consent = Why::NoConsent { mode: ReleaseMode::Alone };
    let not_offered = Why::ModeNotOffered { mode: ReleaseMode::Alone };
    assert_eq!(by(&alone, |child| child.consents = consent.to_vec()), Verdict::Release(Leave::Alone));
    stops(&by(&alone, |_| {}), no_consent.clone(), Wait::GateRoom, Call::Guardian);
    stops(
        &by(&alone, |child| child.consents = withdrawn.to_vec()),
        no_consent,
        Wait::GateRoom,
        Call::Guardian,
    );
    let young = by(&alone, |child| {
        child.consents = consent.to_vec();
        child.modes = vec![ReleaseMode::Guardian, ReleaseMode::Delegate];
    });
    stops(&young, not_offered, Wait::GateRoom, Call::Guardian);
}

#[test]
fn h1_the_plan_says_which_modes_a_grade_has() {
    let verdict = by(&delegated(GRANDMOTHER), |child| child.modes = vec![ReleaseMode::Guardian]);
    let why = Why::ModeNotOffered { mode: ReleaseMode::Delegate };
    stops(&verdict, why, Wait::GateRoom, Call::Guardian);
    let bus = [Consent { mode: ReleaseMode::Bus, from_on: TUESDAY, to_on: Some(TUESDAY) }];
    let verdict = by(&Collector::Bus, |child| {
        child.consents = bus.to_vec();
        child.modes = vec![ReleaseMode::Guardian, ReleaseMode::Bus];
    });
    assert_eq!(verdict, Verdict::Release(Leave::ByBus));
}

#[test]
fn words_read_back() {
    for settlement in Settlement::ALL {
        assert_eq!(Settlement::parse(settlement.word()), Some(settlement));
    }
    for check in ClosingCheck::ALL {
        assert_eq!(ClosingCheck::parse(check.word()), Some(check));
    }
}

fn aunt() -> NewDelegate {
    NewDelegate {
        name: "李梅".to_owned(),
        relation: "姑姑".to_owned(),
        named_by: guardian(MOTHER),
        from_on: TUESDAY,
        to_on: TUESDAY,
        declared_capable: true,
    }
}

#[track_caller]
fn naming(change: impl FnOnce(&mut NewDelegate), refused: Option<NamingRefused>) {
    let mut new = aunt();
    change(&mut new);
    let restrictions = [restriction("陈 师傅", None), restriction("李建国", Some(guardian(FATHER)))];
    assert_eq!(name_delegate(&new, &delegates(), &restrictions, TUESDAY).err(), refused.map(|why| vec![why]));
}

#[test]
fn h1_a_guardian_names_a_capable_adult_between_two_days() {
    naming(|_| {}, None);
    naming(|new| new.to_on = date(2027, 11, 25), None);
    naming(|new| new.name = " 　".to_owned(), Some(NamingRefused::NoName));
    for odd in ["😀<b>", "王桂兰2", "<script>"] {
        naming(|new| new.name = odd.to_owned(), Some(NamingRefused::NoNameAtAll));
    }
    naming(|new| new.name = "阿依古丽·买买提".to_owned(), None);
    naming(|new| new.relation = String::new(), Some(NamingRefused::NoRelation));
    naming(|new| new.relation = "<i>邻</i>".to_owned(), Some(NamingRefused::NoRelationAtAll));
    naming(|new| new.declared_capable = false, Some(NamingRefused::NotCapable));
    naming(|new| new.to_on = date(2026, 11, 23), Some(NamingRefused::EndsBeforeStart));
    naming(
        |new| (new.from_on, new.to_on) = (date(2026, 11, 1), date(2026, 11, 23)),
        Some(NamingRefused::Past),
    );
    naming(|new| new.from_on = date(2026, 9, 1), Some(NamingRefused::StartsInPast));
    naming(|new| new.to_on = date(2027, 11, 26), Some(NamingRefused::TooLong));
    naming(|new| new.name = "王 桂兰".to_owned(), Some(NamingRefused::NamedAlready));
    naming(|new| new.name = "刘强".to_owned(), None);
}

#[test]
fn h1_of_two_delegations_of_one_person_the_gate_shows_the_one_that_holds() {
    let (monday, friday) = (date(2026, 11, 23), date(2026, 11, 27));
    let shown = |list: &[Delegate]| -> Vec<DelegateId> {
        super::shown_on(list, TUESDAY).map(|delegate| delegate.id).collect()
    };
    let old = delegate(1, "李奶奶", MOTHER, monday, monday);
    let new = delegate(2, "李 奶奶", MOTHER, TUESDAY, friday);
    let other = delegate(3, "王桂兰", MOTHER, monday, monday);
    let ids = |list: &[&Delegate]| list.iter().map(|delegate| delegate.id).collect::<Vec<_>>();
    assert_eq!(shown(&[old.clone(), new.clone(), other.clone()]), ids(&[&new, &other]));
    assert_eq!(shown(&[old.clone(), other.clone()]), ids(&[&old, &other]), "ended is said as ended");
}

#[test]
fn h3_a_restriction_sends_the_guardian_to_the_school() {
    naming(|new| new.name = "陈师傅".to_owned(), Some(NamingRefused::AskSchool));
    naming(|new| new.named_by = guardian(FATHER), Some(NamingRefused::AskSchool));
}

#[test]
fn h1_the_list_stays_short() {
    let many: Vec<Delegate> =
        (0..8).map(|n| delegate(n, &format!("人{n}"), MOTHER, TUESDAY, TUESDAY)).collect();
    assert_eq!(name_delegate(&aunt(), &many, &[], TUESDAY), Err(vec![NamingRefused::TooMany]));
    assert_eq!(name_delegate(&aunt(), &many[..7], &[], TUESDAY), Ok(()));
}

#[test]
fn h3_a_duty_leader_ends_a_stop_once_with_a_note() {
    let open = Stop { needs_duty_leader: true, restricted: true, named: true, settled: false };
    let settled = Stop { settled: true, ..open };
    let unlisted = Stop { needs_duty_leader: false, restricted: false, named: true, settled: false };
    let unseen = Stop { needs_duty_leader: true, ..unlisted };
    let (here, missing) = (Whereabouts::Here, Whereabouts::Missing);
    let cases = [
        (open, Settlement::TurnedAway, here, "已请其离开", None),
        (open, Settlement::Found, missing, "在图书室", Some(SettlementRefused::NotAboutFinding)),
        (unlisted, Settlement::Found, missing, "在图书室", Some(SettlementRefused::NotAboutFinding)),
        (unseen, Settlement::Found, missing, "在图书室", None),
        (open, Settlement::TurnedAway, here, "  ", Some(SettlementRefused::NoNote)),
        (settled, Settlement::TurnedAway, here, "已请其离开", Some(SettlementRefused::SettledAlready)),
        (open, Settlement::LetGo, here, "母亲来电", Some(SettlementRefused::MustNotCollect)),
        (unlisted, Settlement::LetGo, missing, "母亲来电", Some(SettlementRefused::NotInCare)),
        (unlisted, Settlement::LetGo, here, "母亲来电", None),
    ];
    for (stop, settlement, whereabouts, note, refused) in cases {
        assert_eq!(settle(stop, settlement, whereabouts, note).err(), refused, "{settlement:?} {note}");
    }
    let offered = |stop| Settlement::ALL.into_iter().filter(|one| one.fits(stop)).collect::<Vec<_>>();
    assert_eq!(offered(open), [Settlement::TurnedAway, Settlement::Mistaken]);
    assert_eq!(offered(unlisted), [Settlement::TurnedAway, Settlement::Mistaken, Settlement::LetGo]);
    assert_eq!(offered(unseen), Settlement::ALL);
}

#[test]
fn h1_consent_is_for_modes_that_are_offered_and_only_once() {
    let offered = [ReleaseMode::Guardian, ReleaseMode::Delegate, ReleaseMode::Alone];
    let given = [Consent { mode: ReleaseMode::Alone, from_on: date(2026, 9, 1), to_on: None }];
    let cases = [
        (ReleaseMode::Alone, &[][..], None),
        (ReleaseMode::Alone, &given[..], Some(ConsentRefused::Given)),
        (ReleaseMode::Bus, &[][..], Some(ConsentRefused::NotOffered)),
        (ReleaseMode::Guardian, &[][..], Some(ConsentRefused::NotNeeded)),
    ];
    for (mode, given, refused) in cases {
        assert_eq!(may_consent(mode, &offered, given, TUESDAY).err(), refused, "{mode:?}");
    }
}

/// What a guard or a leader noted at 17:25, after the child was seen.
fn noted(role: Role, what: What) -> Vec<Fact> {
    let fact = |bits, at, role, what| Fact {
        id: FactId::from_bits(bits),
        student: StudentId::from_bits(1),
        day: TUESDAY,
        session: None,
        at,
        arrived_at: at,
        device: String::new(),
        account: AccountId::from_bits(1),
        role,
        corrects: None,
        what,
    };
    vec![fact(1, at(15, 25), Role::ServiceTeacher, What::Returned), fact(2, at(17, 25), role, what)]
}

fn through() -> What {
    let to = Receiver::Guardian(guardian(MOTHER));
    What::LetThrough(Handing { to, checked: Check::Known, place: String::new() })
}

#[test]
fn h10_a_guard_takes_a_release_back_for_five_minutes_and_a_duty_leader_until_the_day_is_closed() {
    use CannotTakeBack::{ByDutyLeader, DayClosed, NotLetGo, TooLate};
    let (guard, leader) = (Role::GateGuard, Role::DutyLeader);
    let colleague = Handing { to: Receiver::Colleague, checked: Check::Known, place: String::new() };
    for (by, what, role, minute, day_closed, expected) in [
        (guard, through(), guard, 25, false, Ok(())),
        (guard, through(), guard, 30, false, Ok(())),
        (guard, through(), guard, 31, false, Err(TooLate)),
        (guard, through(), leader, 59, false, Ok(())),
        (guard, through(), leader, 59, true, Err(DayClosed)),
        (guard, What::WentAlone, guard, 26, false, Ok(())),
        (guard, What::TookBus, guard, 26, false, Ok(())),
        (leader, through(), guard, 26, false, Err(ByDutyLeader)),
        (leader, through(), leader, 26, false, Ok(())),
        (guard, What::HandedOver(colleague), guard, 26, false, Err(NotLetGo)),
        (guard, What::StayedLate, leader, 26, false, Err(NotLetGo)),
    ] {
        let now = state(&noted(by, what));
        let taking = TakingBack { role, at: at(17, minute), day_closed };
        let answer = release_to_take_back(&now, taking);
        assert_eq!(answer, expected.map(|()| FactId::from_bits(2)), "{role:?} at 17:{minute}");
    }
}

#[test]
fn h1_h3_names_and_notes_fit_the_lists_that_are_read_at_the_gate() {
    let new = |name: &str, relation: &str| NewDelegate {
        name: name.to_owned(),
        relation: relation.to_owned(),
        named_by: guardian(MOTHER),
        from_on: TUESDAY,
        to_on: TUESDAY,
        declared_capable: true,
    };
    for (name, relation, expected) in [
        ("长".repeat(40), "奶".repeat(20), Ok(())),
        ("长".repeat(41), "奶奶".to_owned(), Err(vec![NamingRefused::NameTooLong])),
        ("王桂兰".to_owned(), "奶".repeat(21), Err(vec![NamingRefused::RelationTooLong])),
        (String::new(), " ".to_owned(), Err(vec![NamingRefused::NoName, NamingRefused::NoRelation])),
    ] {
        assert_eq!(name_delegate(&new(&name, &relation), &[], &[], TUESDAY), expected);
    }
    assert_eq!(Collector::unnamed(" 刘强 "), Ok(Collector::Unnamed("刘强".to_owned())));
    assert_eq!(Collector::unnamed(" "), Err(BadName::Missing));
    assert_eq!(Collector::unnamed(&"长".repeat(41)), Err(BadName::TooLong));
    let stop = Stop { needs_duty_leader: true, restricted: false, named: true, settled: false };
    let settled = |note: &str| settle(stop, Settlement::TurnedAway, Whereabouts::Here, note);
    assert_eq!(settled(&"字".repeat(500)), Ok(()));
    assert_eq!(settled(&"字".repeat(501)), Err(SettlementRefused::NoteTooLong));
}
