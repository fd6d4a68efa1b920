//! Tables of cases, each with the requirement it shows.

use jiff::civil::{Date, Weekday, date};
use rstest::rstest;

use super::agreement::{Clause, Kind, Parties, Side, Unusable, Wording, canonical, fingerprint, usable};
use super::apply::{CannotApply, Child, Choice, Need, Opening, Window, Wish, apply};
use super::chain::{
    Chain, Decision, Stand, Step, Verdict, due_on, next_step, publication_closes_on, publication_is_over,
};
use super::consent::{Answer, Purpose, missing};
use super::ending::{CannotEnd, Stay, first_day, in_term, terminate, withdraw};
use super::notice::{Item, blank_items};
use super::objection::{
    After, CannotObject, Finding, LONGEST_OBJECTION, Standing, after, answer as answer_objection, moves_now,
    object, once,
};
use super::paper::{CannotCount, OnPaper, Paper, confirm, enter};
use super::review::{CannotDecide, Ground, Judgement, OnPile, decide, has_part, may_read, review_order};
use super::signature::{Mark, NotASignature, Path, Signed, mark, seal};
use super::will::{NotYet, Will, admit};
use crate::access::Role;
use crate::ids::{AccountId, EntityId, GuardianId};
use crate::moment::instant;

const TODAY: Date = date(2026, 9, 8);

fn review(role: Role) -> Step {
    Step::Review { role, verifies_need: false }
}

#[rstest]
#[case::office_all(Role::AcademicOffice, None, true)]
#[case::principal_all(Role::Principal, Some(review(Role::GradeHead)), true)]
#[case::own_class(Role::HomeroomTeacher, Some(Step::Agreement), true)]
#[case::own_step(Role::ParentCommittee, Some(review(Role::ParentCommittee)), true)]
#[case::another_step(Role::ParentCommittee, Some(review(Role::AcademicOffice)), false)]
#[case::settled(Role::ParentCommittee, None, false)]
#[case::head_at_own_step(Role::GradeHead, Some(review(Role::GradeHead)), true)]
#[case::head_elsewhere(Role::GradeHead, Some(Step::Filing), false)]
#[case::no_reviewer(Role::DutyLeader, Some(review(Role::GradeHead)), false)]
fn f1_a_role_reads_what_waits_at_its_own_step(
    #[case] role: Role,
    #[case] waits_at: Option<Step>,
    #[case] reads: bool,
) {
    assert_eq!(may_read(role, waits_at), reads);
}

#[test]
fn f10_an_objection_is_heard_once_and_one_that_holds_moves_the_name_at_once() {
    assert_eq!((once(0), once(1)), (Ok(()), Err(CannotObject::Twice)));
    let standing = Standing { opens_on: date(2026, 9, 8), closes_on: date(2026, 9, 10) };
    assert!(moves_now(Finding::Upheld, standing, TODAY));
    assert!(!moves_now(Finding::Dismissed, standing, standing.closes_on));
    assert!(moves_now(Finding::Dismissed, standing, date(2026, 9, 11)));
}

#[test]
fn f1_a_role_without_a_step_in_the_plan_has_no_part() {
    let chain = chain_of_s4d().steps;
    assert!(has_part(Role::HomeroomTeacher, &chain) && has_part(Role::Principal, &chain));
    assert!(!has_part(Role::ParentCommittee, &chain) && !has_part(Role::GradeHead, &chain));
}

/// S4d: class, school, class publication, agreement.
fn chain_of_s4d() -> Chain {
    Chain {
        steps: vec![
            review(Role::HomeroomTeacher),
            review(Role::AcademicOffice),
            Step::Publication { days: 3 },
            Step::Agreement,
        ],
    }
}

fn decisions(verdicts: &[Verdict]) -> Vec<Decision> {
    verdicts.iter().enumerate().map(|(step, verdict)| Decision { step, verdict: *verdict }).collect()
}

// F1: the plan's chain says whose turn it is
#[rstest]
#[case::nobody_yet(&[], Stand::Waiting { at: 0, step: review(Role::HomeroomTeacher) })]
#[case::class_agreed(&[Verdict::Passed], Stand::Waiting { at: 1, step: review(Role::AcademicOffice) })]
#[case::school_returned(&[Verdict::Passed, Verdict::Returned], Stand::Returned { at: 1 })]
#[case::class_refused(&[Verdict::Refused], Stand::Refused { at: 0 })]
#[case::published(&[Verdict::Passed; 3], Stand::Waiting { at: 3, step: Step::Agreement })]
#[case::signed(&[Verdict::Passed; 4], Stand::Complete)]
fn f1_the_chain_says_whose_turn_it_is(#[case] verdicts: &[Verdict], #[case] stand: Stand) {
    assert_eq!(next_step(&chain_of_s4d(), &decisions(verdicts)), stand);
}

#[test]
fn f1_a_plan_without_steps_needs_only_the_sign_up() {
    assert_eq!(next_step(&Chain::default(), &[]), Stand::Complete);
}

#[rstest]
#[case::three_days(3, date(2026, 9, 10))]
#[case::one_day(1, TODAY)]
#[case::never_less_than_one(0, TODAY)]
fn f10_names_stand_for_the_plans_days(#[case] days: u8, #[case] closes_on: Date) {
    assert_eq!(publication_closes_on(TODAY, days), closes_on);
    assert!(!publication_is_over(TODAY, days, closes_on));
    assert!(publication_is_over(TODAY, days, closes_on.tomorrow().unwrap()));
}

/// A review step of the homeroom teacher that the application waits for.
fn waiting(verifies_need: bool) -> Stand {
    Stand::Waiting { at: 0, step: Step::Review { role: Role::HomeroomTeacher, verifies_need } }
}

const APPROVE: Judgement = Judgement::Approve { need_seen: false };

// B2, B3, F1
#[rstest]
#[case::approves(waiting(false), Role::HomeroomTeacher, APPROVE, Ok(Verdict::Passed))]
#[case::not_their_turn(waiting(false), Role::Principal, APPROVE, Err(CannotDecide::NotYourStep))]
#[case::names_still_stand(Stand::Waiting { at: 2, step: Step::Publication { days: 3 } }, Role::HomeroomTeacher, APPROVE, Err(CannotDecide::NotYourStep))]
#[case::done(Stand::Complete, Role::HomeroomTeacher, APPROVE, Err(CannotDecide::NotWaiting))]
#[case::need_not_confirmed(waiting(true), Role::HomeroomTeacher, APPROVE, Err(CannotDecide::NeedNotSeen))]
#[case::need_confirmed(waiting(true), Role::HomeroomTeacher, Judgement::Approve { need_seen: true }, Ok(Verdict::Passed))]
#[case::returns(
    waiting(false),
    Role::HomeroomTeacher,
    Judgement::Return(Ground::Incomplete),
    Ok(Verdict::Returned)
)]
#[case::can_leave_on_time(
    waiting(true),
    Role::HomeroomTeacher,
    Judgement::Refuse(Ground::CanLeaveOnTime),
    Ok(Verdict::Refused)
)]
#[case::open_to_all(
    waiting(false),
    Role::HomeroomTeacher,
    Judgement::Refuse(Ground::CanLeaveOnTime),
    Err(CannotDecide::MayNotRefuse(Ground::CanLeaveOnTime))
)]
#[case::incomplete_is_no_refusal(
    waiting(true),
    Role::HomeroomTeacher,
    Judgement::Refuse(Ground::Incomplete),
    Err(CannotDecide::MayNotRefuse(Ground::Incomplete))
)]
#[case::not_on_roll(
    waiting(false),
    Role::HomeroomTeacher,
    Judgement::Refuse(Ground::NotOnRoll),
    Ok(Verdict::Refused)
)]
fn f1_a_reviewer_decides_in_turn_and_on_grounds_that_hold(
    #[case] stand: Stand,
    #[case] role: Role,
    #[case] judgement: Judgement,
    #[case] expected: Result<Verdict, CannotDecide>,
) {
    let need_checked = matches!(stand, Stand::Waiting { step: Step::Review { verifies_need: true, .. }, .. });
    assert_eq!(decide(stand, role, need_checked, &judgement), expected);
}

#[test]
fn b4_overdue_first_then_priority_groups_then_by_day() {
    let item = |since: i8, priority: bool| {
        let since = date(2026, 9, since);
        OnPile { due_on: due_on(since, 3), priority, since }
    };
    let pile = [item(7, false), item(8, true), item(6, false), item(1, false)];
    assert_eq!(review_order(&pile, TODAY), [3, 1, 2, 0]);
}

fn monday() -> Choice {
    Choice::new("after_school", Weekday::Monday)
}

fn opening() -> Opening {
    let window = Window { opens_on: date(2026, 9, 1), closes_on: Some(date(2026, 9, 10)) };
    Opening { window, letter_published: true, letter_read: true, need_checked: false }
}

fn child() -> Child {
    Child {
        on_roll: true,
        grade_served: true,
        allowed: vec![monday()],
        applied: false,
        consent_missing: None,
    }
}

fn wish() -> Wish {
    Wish { choices: vec![monday()], need: None }
}

#[test]
fn b1_a_child_on_roll_may_apply() {
    assert_eq!(apply(&opening(), &child(), &wish(), TODAY), Ok(()));
}

#[rstest]
#[case::too_early(date(2026, 8, 31), CannotApply::NotOpenYet { opens_on: date(2026, 9, 1) })]
#[case::too_late(date(2026, 9, 11), CannotApply::Closed { closes_on: date(2026, 9, 10) })]
fn f11_sign_up_has_days(#[case] today: Date, #[case] expected: CannotApply) {
    assert_eq!(apply(&opening(), &child(), &wish(), today), Err(vec![expected]));
}

#[test]
fn f11_an_open_sign_up_takes_children_at_any_time() {
    let window = Window { closes_on: None, ..opening().window };
    assert_eq!(apply(&Opening { window, ..opening() }, &child(), &wish(), date(2027, 1, 4)), Ok(()));
}

#[rstest]
#[case::m1_no_letter(Opening { letter_published: false, ..opening() }, child(), wish(), CannotApply::LetterNotPublished)]
#[case::m1_letter_unread(Opening { letter_read: false, ..opening() }, child(), wish(), CannotApply::LetterNotRead)]
#[case::b1_not_on_roll(opening(), Child { on_roll: false, ..child() }, wish(), CannotApply::NotOnRoll)]
#[case::b1_grade(opening(), Child { grade_served: false, ..child() }, wish(), CannotApply::GradeNotServed)]
#[case::twice(opening(), Child { applied: true, ..child() }, wish(), CannotApply::AlreadyApplied)]
#[case::consent(opening(), Child { consent_missing: Some(Purpose::RunService), ..child() }, wish(), CannotApply::ConsentMissing(Purpose::RunService))]
#[case::nothing(opening(), child(), Wish { choices: vec![], need: None }, CannotApply::NothingChosen)]
#[case::not_offered(opening(), child(), Wish { choices: vec![Choice::new("after_school", Weekday::Sunday)], need: None }, CannotApply::NotOffered(Choice::new("after_school", Weekday::Sunday)))]
#[case::b3_no_reason(Opening { need_checked: true, ..opening() }, child(), wish(), CannotApply::NeedMissing)]
fn b1_b3_m1_what_stands_in_the_way(
    #[case] opening: Opening,
    #[case] child: Child,
    #[case] wish: Wish,
    #[case] expected: CannotApply,
) {
    assert_eq!(apply(&opening, &child, &wish, TODAY), Err(vec![expected]));
}

#[test]
fn everything_that_a_wish_lacks_is_said_at_once() {
    let asks_why = Opening { need_checked: true, ..opening() };
    let nothing = Wish { choices: vec![], need: None };
    let both = vec![CannotApply::NothingChosen, CannotApply::NeedMissing];
    assert_eq!(apply(&asks_why, &child(), &nothing, TODAY), Err(both));
}

#[test]
fn b3_a_family_says_why() {
    let wish = Wish { need: Some(Need::Pickup), ..wish() };
    assert_eq!(apply(&Opening { need_checked: true, ..opening() }, &child(), &wish, TODAY), Ok(()));
}

fn answer(purpose: Purpose, given: bool, notice_version: i64) -> Answer {
    Answer { purpose, given, notice_version }
}

#[rstest]
#[case::nothing_said(&[], 1, Some(Purpose::RunService))]
#[case::one_missing(&[answer(Purpose::RunService, true, 1)], 1, Some(Purpose::UrgentContact))]
#[case::refused(&[answer(Purpose::RunService, true, 1), answer(Purpose::UrgentContact, false, 1)], 1, Some(Purpose::UrgentContact))]
#[case::optional_ones_refused(&[answer(Purpose::RunService, true, 1), answer(Purpose::UrgentContact, true, 1), answer(Purpose::GatePicture, false, 1)], 1, None)]
#[case::notice_has_a_new_purpose(&[answer(Purpose::RunService, true, 1), answer(Purpose::UrgentContact, true, 2)], 2, Some(Purpose::RunService))]
fn refusing_an_optional_purpose_never_blocks(
    #[case] answers: &[Answer],
    #[case] since: i64,
    #[case] expected: Option<Purpose>,
) {
    assert_eq!(missing(answers, since), expected);
}

#[test]
fn m1_m4_a_letter_tells_every_required_item() {
    let told = |items: &[Item]| items.iter().map(|item| (*item, "…".to_owned())).collect::<Vec<_>>();
    let all = [Item::Time, Item::Content, Item::Manner, Item::Safety, Item::Fee, Item::Risk];
    assert_eq!(blank_items(&all, &told(&all)), []);
    assert_eq!(blank_items(&all, &told(&all[..4])), [Item::Fee, Item::Risk]);
    assert_eq!(blank_items(&all, &[(Item::Time, " ".to_owned())]), all);
}

const OPEN: Stay = Stay { from_on: date(2026, 9, 1), to_on: None };

#[rstest]
#[case::today(OPEN, TODAY, Ok(TODAY))]
#[case::before_the_first_day(Stay { from_on: date(2026, 10, 1), to_on: None }, TODAY, Ok(TODAY))]
#[case::yesterday(OPEN, date(2026, 9, 7), Err(CannotEnd::InThePast))]
#[case::already(Stay { to_on: Some(TODAY), ..OPEN }, TODAY, Err(CannotEnd::AlreadyEnded { to_on: TODAY }))]
#[case::earlier_than_set(Stay { to_on: Some(date(2026, 9, 30)), ..OPEN }, TODAY, Ok(TODAY))]
fn b6_a_family_leaves_at_any_time(
    #[case] stay: Stay,
    #[case] last_day: Date,
    #[case] expected: Result<Date, CannotEnd>,
) {
    assert_eq!(withdraw(stay, last_day, TODAY), expected);
}

#[test]
fn b6_nobody_leaves_after_the_term() {
    let after = CannotEnd::AfterTerm { ends_on: TODAY };
    assert_eq!((in_term(TODAY, TODAY), in_term(date(2127, 1, 20), TODAY)), (Ok(()), Err(after)));
}

#[rstest]
#[case::before_the_service(date(2026, 9, 14), None, date(2026, 9, 14))]
#[case::from_tomorrow_because_todays_lists_are_out(date(2026, 9, 8), None, date(2026, 9, 9))]
#[case::while_it_runs(date(2026, 9, 1), None, date(2026, 9, 9))]
#[case::after_the_place_before(date(2026, 9, 1), Some(date(2026, 9, 10)), date(2026, 9, 11))]
fn r1_a_place_begins_on_a_day_whose_lists_can_have_the_child(
    #[case] service_from: Date,
    #[case] left_on: Option<Date>,
    #[case] expected: Date,
) {
    assert_eq!(first_day(service_from, TODAY, left_on), expected);
}

#[rstest]
#[case::with_notice(date(2026, 9, 15), "协议多次未履行", Ok(date(2026, 9, 15)))]
#[case::too_soon(date(2026, 9, 14), "协议多次未履行", Err(vec![CannotEnd::NoticeTooShort { earliest: date(2026, 9, 15) }]))]
#[case::no_reason(date(2026, 9, 30), " ", Err(vec![CannotEnd::ReasonMissing]))]
#[case::both(date(2026, 9, 14), " ", Err(vec![CannotEnd::NoticeTooShort { earliest: date(2026, 9, 15) }, CannotEnd::ReasonMissing]))]
fn b6_a_school_ends_it_with_notice_and_reason(
    #[case] last_day: Date,
    #[case] reason: &str,
    #[case] expected: Result<Date, Vec<CannotEnd>>,
) {
    assert_eq!(terminate(OPEN, last_day, reason, TODAY), expected);
}

fn account(bits: u128) -> AccountId {
    AccountId::from_bits(bits)
}

#[test]
fn f4_a_paper_needs_a_second_person_and_a_place() {
    let paper = |place: &str| Paper { entered_by: account(1), place: place.to_owned() };
    assert_eq!(confirm(paper("教务处 3 号柜"), account(1)), Err(CannotCount::SamePerson));
    assert_eq!(confirm(paper(" "), account(2)), Err(CannotCount::PlaceMissing));
    assert_eq!(confirm(paper("教务处 3 号柜"), account(2)).unwrap().seen_by(), (account(1), account(2)));
}

#[rstest]
#[case::a_guardian_signed_today("3 号柜", TODAY, 7, Ok(()))]
#[case::nobody_would_find_it(" ", TODAY, 7, Err(vec![CannotCount::PlaceMissing]))]
#[case::signed_tomorrow("3 号柜", TODAY.tomorrow().unwrap(), 7, Err(vec![CannotCount::SignedLater]))]
#[case::signed_by_a_neighbour("3 号柜", TODAY, 8, Err(vec![CannotCount::NoGuardian]))]
#[case::all_at_once(" ", TODAY.tomorrow().unwrap(), 8, Err(vec![CannotCount::NoGuardian, CannotCount::SignedLater, CannotCount::PlaceMissing]))]
fn h1_f4_what_a_paper_must_say(
    #[case] place: &str,
    #[case] signed_on: Date,
    #[case] guardian: u128,
    #[case] expected: Result<(), Vec<CannotCount>>,
) {
    let signed = OnPaper { guardian: GuardianId::from_bits(guardian), signed_on, place };
    assert_eq!(enter(&signed, &[GuardianId::from_bits(7)], TODAY), expected);
}

#[test]
fn r1_nobody_is_enrolled_without_own_act_or_signed_paper() {
    let done = decisions(&[Verdict::Passed; 4]);
    let will = Will::own_act(account(1), instant(TODAY, jiff::civil::time(18, 0, 0, 0)));
    assert_eq!(admit(&chain_of_s4d(), &done, None), Err(NotYet::NoWill));
    let waiting = Stand::Waiting { at: 3, step: Step::Agreement };
    assert_eq!(admit(&chain_of_s4d(), &done[..3], Some(will.clone())), Err(NotYet::Stands(waiting)));
    assert_eq!(admit(&chain_of_s4d(), &done, Some(will)).unwrap().will().word(), "own_act");
}

fn clause(head: &str, text: &str) -> Clause {
    Clause { head: head.to_owned(), text: text.to_owned(), side: Side::Family }
}

fn wording(clauses: Vec<Clause>) -> Wording {
    Wording {
        kind: Kind::SafetyPledge,
        version: 2,
        title: "安全承诺书".to_owned(),
        preamble: String::new(),
        clauses,
    }
}

fn parties() -> Parties {
    Parties {
        school: "东校".to_owned(),
        student: "安安".to_owned(),
        class: "三（2）班".to_owned(),
        guardian: "安母".to_owned(),
        relation: "母亲".to_owned(),
        term: "2026 秋".to_owned(),
        choices: vec!["周一 15:10–17:10".to_owned()],
    }
}

#[test]
fn f6_the_canonical_text_holds_every_word_in_order() {
    let text = canonical(&wording(vec![clause("自愿参加", "完全自愿。\n学生也是。")]), &parties());
    let lines = [
        "kehou: 1",
        "kind: safety_pledge",
        "version: 2",
        "school: 东校",
        "student: 安安",
        "class: 三（2）班",
        "guardian: 安母",
        "relation: 母亲",
        "term: 2026 秋",
        "choice: 周一 15:10–17:10",
        "title: 安全承诺书",
        "preamble: ",
        "1 family 自愿参加: 完全自愿。\\n学生也是。",
        "",
    ];
    assert_eq!(text, lines.join("\n"));
    assert_eq!(fingerprint(&text), fingerprint(&lines.join("\n")));
    assert_eq!(fingerprint(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[rstest]
#[case::good(wording(vec![clause("自愿", "自愿。")]), Ok(()))]
#[case::none(wording(vec![]), Err(vec![Unusable::NoClauses]))]
#[case::untitled(Wording { title: " ".to_owned(), ..wording(vec![clause("自愿", "自愿。")]) }, Err(vec![Unusable::TitleMissing]))]
#[case::two_line_head(wording(vec![clause("自愿", "自愿。"), clause("一\n二", "三")]), Err(vec![Unusable::HeadWrong { number: 2 }]))]
#[case::empty(wording(vec![clause("自愿", " ")]), Err(vec![Unusable::TextWrong { number: 1 }]))]
#[case::all_at_once(Wording { title: String::new(), ..wording(vec![clause("", " ")]) }, Err(vec![Unusable::TitleMissing, Unusable::HeadWrong { number: 1 }, Unusable::TextWrong { number: 1 }]))]
#[case::too_many(wording(vec![clause("自愿", "自愿。"); 61]), Err(vec![Unusable::TooManyClauses]))]
fn f6_a_wording_is_usable_or_says_why_not(
    #[case] wording: Wording,
    #[case] expected: Result<(), Vec<Unusable>>,
) {
    assert_eq!(usable(&wording), expected);
}

#[rstest]
#[case::curves("M10 10C11 12 13 14 15 16L20 20L30 30L40,40", Ok(()))]
#[case::script("M10 10<script>", Err(NotASignature::NotAPath))]
#[case::not_ascii("M10 10字", Err(NotASignature::NotAPath))]
#[case::no_start("L10 10L20 20L20 20L20 20L20 20L20 20", Err(NotASignature::NotAPath))]
#[case::odd_numbers("M10 10L1 2 3", Err(NotASignature::NotAPath))]
#[case::far_away("M10 10L99999 2L1 1L1 1L1 1L1 1", Err(NotASignature::NotAPath))]
#[case::a_dot("M10 10L10 10", Err(NotASignature::TooShort))]
fn f4_a_drawn_signature_is_a_line(#[case] data: &str, #[case] expected: Result<(), NotASignature>) {
    assert_eq!(Path::parse(data).map(|_| ()), expected);
}

#[test]
fn f4_a_drawn_signature_is_not_endless() {
    assert_eq!(Path::parse(&format!("M1 1{}", "L1 1".repeat(9_000))), Err(NotASignature::TooLong));
}

#[rstest]
#[case::typed("", "安 母", Ok(Mark::Typed))]
#[case::someone_else("", "李四", Err(NotASignature::OtherName))]
#[case::nothing("", " ", Err(NotASignature::Missing))]
fn f4_without_script_the_typed_name_signs(
    #[case] path: &str,
    #[case] typed: &str,
    #[case] expected: Result<Mark, NotASignature>,
) {
    assert_eq!(mark(path, typed, "安母"), expected);
}

#[test]
fn f4_the_seal_breaks_when_anything_changes() {
    let at = instant(TODAY, jiff::civil::time(19, 0, 0, 0));
    let signed = Signed { text_hash: "ab", name: "安母", account: account(1), at };
    let sealed = seal(&signed, &Mark::Typed);
    assert_eq!(seal(&signed, &Mark::Typed), sealed);
    assert_ne!(seal(&Signed { text_hash: "ac", ..signed.clone() }, &Mark::Typed), sealed);
    assert_ne!(seal(&Signed { account: account(2), ..signed.clone() }, &Mark::Typed), sealed);
    let drawn = mark("M10 10L20 20L20 20L20 20L20 20L20 20", "", "安母").unwrap();
    assert_ne!(seal(&signed, &drawn), sealed);
}

#[rstest]
#[case::on_a_day_of_the_list(0, 2, "不是本班学生", Ok(()))]
#[case::on_the_last_day(-2, 0, "不是本班学生", Ok(()))]
#[case::the_day_after(-3, -1, "不是本班学生", Err(CannotObject::NotShown))]
#[case::before_it_stands(1, 3, "不是本班学生", Err(CannotObject::NotShown))]
#[case::without_a_word(0, 2, " ", Err(CannotObject::NothingSaid))]
fn f10_who_may_object_and_when(
    #[case] opens_in: i64,
    #[case] closes_in: i64,
    #[case] what: &str,
    #[case] expected: Result<(), CannotObject>,
) {
    use jiff::ToSpan;
    let standing = Standing { opens_on: TODAY + opens_in.days(), closes_on: TODAY + closes_in.days() };
    assert_eq!(object(standing, what, TODAY), expected);
}

#[rstest]
#[case::nobody_objected(&[], After::GoesOn)]
#[case::it_did_not_hold(&[Some(Finding::Dismissed)], After::GoesOn)]
#[case::it_held(&[Some(Finding::Dismissed), Some(Finding::Upheld)], After::GoesBack)]
#[case::no_answer_yet(&[Some(Finding::Dismissed), None], After::Waits)]
#[case::one_that_held_is_enough(&[None, Some(Finding::Upheld)], After::GoesBack)]
fn f10_what_becomes_of_a_name(#[case] objections: &[Option<Finding>], #[case] expected: After) {
    assert_eq!(after(objections), expected);
}

#[test]
fn f10_an_objection_is_answered_once_and_in_words() {
    assert_eq!(answer_objection(None, "已核实"), Ok(()));
    assert_eq!(answer_objection(None, ""), Err(CannotObject::NothingSaid));
    assert_eq!(answer_objection(None, &"长".repeat(LONGEST_OBJECTION + 1)), Err(CannotObject::TooLong));
    assert_eq!(answer_objection(Some(Finding::Upheld), "已核实"), Err(CannotObject::Answered));
}
