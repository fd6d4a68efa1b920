use jiff::civil::{Date, Time, date, time};

use super::*;
use crate::access::Role;
use crate::custody::{
    CannotFollow, Check, Counts, Ending, Fact, Found, Handing, Kind, Mark, Receiver, State, What, state,
};
use crate::ids::{AccountId, EarlyLeaveId, EntityId, FactId, SessionId, StudentId};
use crate::moment::instant;
use crate::plan::CutOff;

const DAY: Date = date(2026, 11, 24);

fn session() -> SessionId {
    SessionId::from_bits(1)
}

fn an() -> StudentId {
    StudentId::from_bits(1)
}

/// A day of one child: facts one a minute, numbered from 1.
fn after(whats: Vec<What>) -> State {
    let facts = (0_i8..).zip(whats).map(|(minute, what)| Fact {
        id: FactId::from_bits(u128::try_from(minute).unwrap() + 1),
        student: an(),
        day: DAY,
        session: Some(session()),
        at: instant(DAY, time(15, minute, 0, 0)),
        arrived_at: instant(DAY, time(15, minute, 0, 0)),
        device: "phone".into(),
        account: AccountId::from_bits(1),
        role: Role::ServiceTeacher,
        corrects: None,
        what,
    });
    state(&facts.collect::<Vec<Fact>>())
}

#[track_caller]
fn says(whats: Vec<What>, said: Said, expected: Result<Vec<(What, Option<u128>)>, RollRefused>) {
    let child = Child { student: an(), state: after(whats) };
    let notes = call_roll(session(), &[child], &[Saying { student: an(), said }]);
    let expected = expected.map(|list| {
        let note = |(what, corrects): (What, Option<u128>)| Note {
            student: an(),
            what,
            corrects: corrects.map(FactId::from_bits),
        };
        list.into_iter().map(note).collect::<Vec<Note>>()
    });
    assert_eq!(notes, expected);
}

#[test]
fn what_is_known_already_makes_no_fact() {
    says(vec![What::Expected], Said::Unmarked, Ok(vec![]));
    says(vec![What::Expected, What::Present], Said::Present, Ok(vec![]));
    says(vec![What::Expected, What::OnLeave(None)], Said::Leave, Ok(vec![]));
}

#[test]
fn h2_a_child_whom_this_session_gave_out_is_not_missing() {
    let gate = Handing { to: Receiver::Colleague, checked: Check::Known, place: "北门".to_owned() };
    let refused = || Err(RollRefused::Cannot(an(), CannotFollow::GivenOut));
    says(vec![What::Expected, What::Present, What::HandedOver(gate.clone())], Said::Absent, refused());
    says(vec![What::Expected, What::HandedOver(gate)], Said::Absent, refused());
    says(vec![What::Expected, What::Present, What::StayedLate], Said::Absent, refused());
}

#[test]
fn g3_a_child_who_was_seen_need_not_be_looked_for() {
    let seen: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| is_seen_by(*kind)).collect();
    let not_seen = [
        Kind::Expected,
        Kind::OnLeave,
        Kind::NotComing,
        Kind::Absent,
        Kind::Found,
        Kind::EarlyLeaveApproved,
        Kind::Undone,
    ];
    assert_eq!(seen.len() + not_seen.len(), Kind::ALL.len());
    assert!(not_seen.into_iter().all(|kind| !seen.contains(&kind)));
}

#[test]
fn a_first_mark_replaces_nothing() {
    says(vec![What::Expected], Said::Present, Ok(vec![(What::Present, None)]));
    says(vec![What::Expected], Said::Absent, Ok(vec![(What::Absent, None)]));
    says(vec![What::Expected], Said::Leave, Ok(vec![(What::OnLeave(None), None)]));
}

#[test]
fn a_slip_is_replaced() {
    says(vec![What::Expected, What::Present], Said::Absent, Ok(vec![(What::Absent, Some(2))]));
    says(vec![What::Expected, What::Absent], Said::Present, Ok(vec![(What::Present, Some(2))]));
    says(vec![What::Expected, What::Absent], Said::Leave, Ok(vec![(What::OnLeave(None), Some(2))]));
    says(vec![What::Expected, What::Absent], Said::Unmarked, Ok(vec![(What::Undone, Some(2))]));
}

#[test]
fn coming_late_and_coming_in_spite_of_leave_are_no_slips() {
    says(vec![What::Expected, What::Absent], Said::Late, Ok(vec![(What::Late, None)]));
    says(vec![What::Expected, What::OnLeave(None)], Said::Present, Ok(vec![(What::Present, None)]));
}

#[test]
fn a_child_who_has_gone_cannot_be_called() {
    let gone = vec![
        What::Expected,
        What::Present,
        What::EarlyLeaveApproved(EarlyLeaveId::from_bits(1)),
        What::LeftEarly(EarlyLeaveId::from_bits(1)),
        What::WentAlone,
    ];
    let refused = RollRefused::Cannot(an(), CannotFollow::Ended(Ending::WentAlone));
    says(gone, Said::Present, Err(refused));
}

#[test]
fn strangers_are_refused() {
    says(vec![], Said::Present, Err(RollRefused::NotInSession(an())));
    let nobody = call_roll(session(), &[], &[Saying { student: an(), said: Said::Present }]);
    assert_eq!(nobody, Err(RollRefused::NotInSession(an())));
}

#[test]
fn a_tap_means_missing_first_and_leads_round_to_what_was() {
    let (none, here) = (Mark::Unmarked, Mark::Present);
    for (mark, saved, called, expected) in [
        (Mark::Unmarked, none, false, Some(Said::Absent)),
        (Mark::Absent, none, false, Some(Said::Leave)),
        (Mark::Leave, none, false, Some(Said::Present)),
        (Mark::Present, none, false, Some(Said::Unmarked)),
        (Mark::Present, here, true, Some(Said::Absent)),
        (Mark::Absent, here, true, Some(Said::Late)),
        (Mark::Late, here, true, Some(Said::Leave)),
        (Mark::Leave, here, true, Some(Said::Present)),
        (Mark::Present, Mark::Absent, true, Some(Said::Unmarked)),
        (Mark::Gone, Mark::Gone, true, None),
    ] {
        assert_eq!(Said::after_tap(mark, saved, called), expected, "{mark:?} saved as {saved:?}");
    }
}

#[test]
fn the_head_count_is_the_confirmation() {
    let counts = Counts { expected: 30, present: 26, absent: 2, leave: 2, ..Counts::default() };
    assert_eq!(count_heads(26, counts), HeadCount::Agrees);
    assert_eq!(count_heads(25, counts), HeadCount::Differs { counted: 25, present: 26 });
    assert_eq!(count_heads(26, Counts { unmarked: 1, ..counts }), HeadCount::Unmarked(1));
}

#[test]
fn g3_a_missing_child_is_with_the_family_only_when_someone_was_reached_in_this_call() {
    let nobody = Err(CaseRefused::NobodyReached);
    for (found, answer, said, closed) in [
        (Found::WithFamily, Answer::NoAnswer, "在家", nobody),
        (Found::WithFamily, Answer::WrongNumber, "在家", nobody),
        (Found::WithFamily, Answer::Dialled, "在家", nobody),
        (Found::WithFamily, Answer::Seen, "在家", nobody),
        (Found::WithFamily, Answer::Reached, "在家", Ok(Outcome::WithFamily)),
        (Found::WithFamily, Answer::Reached, " ", Err(CaseRefused::NothingSaid)),
        (Found::InSchool, Answer::Seen, "在医务室", Ok(Outcome::InSchool)),
        (Found::InSchool, Answer::Seen, " ", Err(CaseRefused::NothingSaid)),
    ] {
        assert_eq!(close_case(None, found, answer, said), closed, "{found:?} {answer:?} {said}");
    }
    for ended in Outcome::ALL {
        let again = close_case(Some(ended), Found::InSchool, Answer::Seen, "在医务室");
        assert_eq!(again, Err(CaseRefused::Closed));
        assert_eq!(may_learn(Some(ended)), Err(CaseRefused::Closed));
    }
    assert_eq!(may_learn(None), Ok(()));
}

#[test]
fn early_leave_goes_from_hand_to_hand() {
    use EarlyStatus::{Approved, Left, PassedOn, Refused, Reported};
    let teacher = Role::ServiceTeacher;
    assert_eq!(step(Reported, EarlyStep::PassOn, teacher), Ok(PassedOn));
    assert_eq!(step(PassedOn, EarlyStep::Approve, Role::GradeHead), Ok(Approved));
    assert_eq!(step(PassedOn, EarlyStep::Refuse, Role::GradeHead), Ok(Refused));
    assert_eq!(step(Approved, EarlyStep::Leave, teacher), Ok(Left));
    assert_eq!(step(PassedOn, EarlyStep::Approve, teacher), Err(EarlyRefused::NotYours(EarlyStep::Approve)));
    assert_eq!(step(Reported, EarlyStep::Approve, Role::GradeHead), Err(EarlyRefused::NotNow(Reported)));
    assert_eq!(step(Refused, EarlyStep::Leave, teacher), Err(EarlyRefused::NotNow(Refused)));
}

#[track_caller]
fn files(span: (Date, Date), now: Time, by: Role, expected: Result<(), LeaveRefused>) {
    let span = Span { from_on: span.0, to_on: span.1 };
    let cut_off = Some(instant(DAY, time(14, 0, 0, 0)));
    assert_eq!(file_leave(span, instant(DAY, now), DAY, cut_off, by), expected);
}

#[test]
fn leave_is_filed_before_the_cut_off() {
    let tomorrow = date(2026, 11, 25);
    let yesterday = date(2026, 11, 23);
    let (before, after) = (time(14, 0, 0, 0), time(14, 1, 0, 0));
    files((DAY, DAY), before, Role::Guardian, Ok(()));
    let cut_off = instant(DAY, before);
    files((DAY, tomorrow), after, Role::Guardian, Err(LeaveRefused::TooLate { cut_off }));
    files((tomorrow, tomorrow), after, Role::Guardian, Ok(()));
    files((DAY, DAY), after, Role::HomeroomTeacher, Ok(()));
    files((yesterday, DAY), before, Role::HomeroomTeacher, Err(LeaveRefused::Past));
    files((tomorrow, DAY), before, Role::Guardian, Err(LeaveRefused::EndsBeforeStart));
    files((DAY, date(2027, 1, 23)), before, Role::Guardian, Err(LeaveRefused::TooLong { days: 61 }));
}

#[test]
fn the_cut_off_is_the_plans_and_never_after_the_start() {
    let start = instant(DAY, time(15, 20, 0, 0));
    assert_eq!(cut_off(None, DAY, start), start);
    assert_eq!(cut_off(Some(CutOff::BeforeStart(20)), DAY, start), instant(DAY, time(15, 0, 0, 0)));
    assert_eq!(cut_off(Some(CutOff::At(time(12, 0, 0, 0))), DAY, start), instant(DAY, time(12, 0, 0, 0)));
    assert_eq!(cut_off(Some(CutOff::At(time(16, 0, 0, 0))), DAY, start), start);
}

#[test]
fn a_care_log_says_something() {
    assert_eq!(log_entry("  ", None), Err(vec![EntryRefused::Empty]));
    assert_eq!(log_entry("", Some(26)), Ok(()));
    assert_eq!(log_entry("自主作业，两人借书", None), Ok(()));
    assert_eq!(log_entry(&"字".repeat(1001), None), Err(vec![EntryRefused::TooLong { characters: 1001 }]));
}

#[test]
fn the_parts_of_a_tally_add_up() {
    let marks = [
        Mark::Unmarked,
        Mark::Present,
        Mark::Late,
        Mark::Absent,
        Mark::Leave,
        Mark::LeftEarly,
        Mark::Gone,
        Mark::Present,
    ];
    let tally = Tally::of(marks);
    assert_eq!((tally.expected, tally.on_time, tally.attended()), (8, 2, 4));
    assert_eq!(tally.with(tally).expected, 16);
}

#[test]
fn a_months_text_has_one_hash() {
    let line = Line {
        student: an(),
        class: "三(2)班".into(),
        name: "陈\n子轩".into(),
        tally: Tally::of([Mark::Present]),
    };
    let text = month_text("东校", "2026-11", &MonthSheet { lines: vec![line] });
    let expected = format!(
        "kehou attendance month 1\t东校\t2026-11\n{}\t三(2)班\t陈子轩\t1\t1\t0\t0\t0\t0\t0\t0\n",
        an()
    );
    assert_eq!(text, expected);
    assert_eq!(hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn g5_leave_is_for_days_of_service_within_the_terms() {
    let day = |day| date(2026, 11, day);
    let service = [day(24), day(25), day(26), day(27), day(30)];
    let ends_on = day(30);
    for (from_on, to_on, expected) in [
        (day(24), day(24), Ok(())),
        (day(27), day(29), Ok(())),
        (day(28), day(28), Err(LeaveRefused::NoService { next: Some(day(30)) })),
        (day(28), day(29), Err(LeaveRefused::NoService { next: Some(day(30)) })),
        (day(30), date(2026, 12, 1), Err(LeaveRefused::AfterTerm { ends_on })),
        (date(9999, 12, 31), date(9999, 12, 31), Err(LeaveRefused::AfterTerm { ends_on })),
    ] {
        let span = Span { from_on, to_on };
        let first = service.into_iter().find(|day| from_on <= *day);
        assert_eq!(on_service_days(span, Some(ends_on), first), expected, "{from_on} to {to_on}");
    }
    let span = Span { from_on: day(24), to_on: day(24) };
    assert_eq!(on_service_days(span, None, None), Err(LeaveRefused::NoService { next: None }));
}

#[test]
fn g8_no_more_heads_are_counted_than_a_hall_holds() {
    assert_eq!(log_entry("", Some(MOST_HEADS)), Ok(()));
    assert_eq!(log_entry("操场", Some(MOST_HEADS + 1)), Err(vec![EntryRefused::TooMany]));
}
