//! What may be offered, at the edges of plans, sizes, words and times.

use jiff::civil::Weekday;

use super::*;
use crate::ids::{AccountId, EntityId, OfferingId};
use crate::plan::tests::{afternoon, from_to, school, slot};
use crate::plan::{Banned, Counted, Grouping, Programme, Season, SeasonKind, Weekdays};

/// Grades 1–4; clubs on all days but Friday, when grade 4 alone has them; at most 20 in principle.
fn plan() -> Plan {
    let mut service = afternoon();
    service.content = vec![Content::Kind(ContentKind::Club), Content::Kind(ContentKind::Reading)];
    let line = |grades: &[u8], content| Programme {
        grades: Grades::of(grades.iter().copied()),
        weekdays: Weekdays::of([5]),
        content: vec![Content::Kind(content)],
    };
    service.programme = vec![line(&[1, 2, 3], ContentKind::Homework), line(&[4], ContentKind::Club)];
    let mut plan = school(vec![service]);
    plan.groups = vec![rule(GroupKind::Club, None, Some(20), true)];
    plan
}

fn rule(kind: GroupKind, min: Option<u16>, max: Option<u16>, in_principle: bool) -> GroupRule {
    GroupRule {
        kind,
        grouping: Grouping::ByCourse,
        slots: Vec::new(),
        min,
        max,
        in_principle,
        counted: Counted::Staying,
    }
}

fn on(weekday: i8, slot: &str) -> Meeting {
    Meeting { weekday, slot: SlotId(slot.to_owned()) }
}

fn chess() -> Details {
    Details {
        title: "围棋社".to_owned(),
        kind: Kind::Club,
        topic: Topic::BoardGames,
        meetings: vec![on(2, "afternoon")],
        venue: "博艺楼 302".to_owned(),
        teacher: Some(StaffId::from_bits(1)),
        capacity: 20,
        minimum: 8,
        grades: Grades::of([3, 4]),
        sex: SexLimit::Anyone,
        description: "学下围棋，认识礼仪。".to_owned(),
        materials: String::new(),
        cost: None,
    }
}

fn offering(bits: u128) -> OfferingId {
    OfferingId::from_bits(bits)
}

fn account(bits: u128) -> AccountId {
    AccountId::from_bits(bits)
}

#[test]
fn an_offering_fits_or_says_everything_that_does_not() {
    let check_with = |change: fn(&mut Details), expected: &[Fault]| {
        let mut details = chess();
        change(&mut details);
        assert_eq!(check(&plan(), &details), expected, "{details:?}");
    };
    check_with(|_| (), &[]);
    check_with(|it| it.title = "  ".to_owned(), &[Fault::NoTitle]);
    check_with(|it| it.title = "围".repeat(30), &[]);
    check_with(|it| it.title = "围".repeat(31), &[Fault::TitleTooLong]);
    check_with(|it| it.venue = "楼".repeat(51), &[Fault::VenueTooLong]);
    check_with(|it| it.description = "字".repeat(1_001), &[Fault::DescriptionTooLong]);
    check_with(|it| it.materials = "棋".repeat(501), &[Fault::MaterialsTooLong]);
    check_with(|it| it.meetings.clear(), &[Fault::NoMeeting]);
    check_with(|it| it.meetings = vec![on(2, "dawn")], &[Fault::NoSuchSlot(SlotId("dawn".to_owned()))]);
    check_with(|it| it.meetings = vec![on(6, "afternoon")], &[Fault::NotOnWeekday(on(6, "afternoon"))]);
    check_with(|it| it.meetings = vec![on(0, "afternoon")], &[Fault::NotOnWeekday(on(0, "afternoon"))]);
    check_with(
        |it| it.meetings = vec![on(5, "afternoon")],
        &[Fault::NotForGradesThen { meeting: on(5, "afternoon"), grades: Grades::of([3]) }],
    );
    check_with(|it| it.grades = Grades::default(), &[Fault::NoGrade]);
    check_with(|it| it.grades = Grades::of([4, 5]), &[Fault::GradesNotServed(Grades::of([5]))]);
    check_with(|it| it.capacity = 0, &[Fault::NoSeat, Fault::MinimumAboveCapacity]);
    check_with(|it| it.capacity = 2_001, &[Fault::TooManySeats]);
    check_with(|it| it.minimum = 0, &[Fault::NoMinimum]);
    check_with(|it| it.minimum = 20, &[]);
    check_with(|it| it.minimum = 21, &[Fault::MinimumAboveCapacity]);
    check_with(|it| it.kind = Kind::MovingClass, &[Fault::KindNotInPlan(Kind::MovingClass)]);
    check_with(|it| it.cost = Some(Fen(5_000)), &[Fault::CostNotCharged]);
}

#[test]
fn sizes_are_the_plans_and_what_holds_in_principle_is_flagged() {
    let check_with = |rules: Vec<GroupRule>, capacity, expected: &[Fault], flagged: &[Flag]| {
        let (mut plan, details) = (plan(), Details { capacity, ..chess() });
        plan.groups = rules;
        assert_eq!(check(&plan, &details), expected, "{capacity}");
        assert_eq!(flags(&plan, &details), flagged, "{capacity}");
    };
    let club = |most, in_principle| vec![rule(GroupKind::Club, None, most, in_principle)];
    check_with(club(Some(20), false), 20, &[], &[]);
    check_with(club(Some(20), false), 21, &[Fault::AboveMost(20)], &[]);
    check_with(club(Some(20), true), 20, &[], &[]);
    check_with(club(Some(20), true), 21, &[], &[Flag::AboveMost(20)]);
    check_with(club(None, false), 400, &[], &[]);
    check_with(Vec::new(), 400, &[], &[]);
    check_with(vec![rule(GroupKind::MovingClass, None, Some(10), false)], 21, &[], &[]);
    check_with(vec![rule(GroupKind::Club, Some(10), None, false)], 20, &[Fault::BelowFewest(10)], &[]);
}

#[test]
fn a_plan_that_charges_lets_a_cost_be_named() {
    let cost = Details { cost: Some(Fen(5_000)), ..chess() };
    for (mode, charges) in [
        (FeeMode::Free, false),
        (FeeMode::PublicBenefit, false),
        (FeeMode::NotStated, false),
        (FeeMode::Undecided, false),
        (FeeMode::Rates, true),
        (FeeMode::UpperRule, true),
        (FeeMode::ApprovedStandard, true),
        (FeeMode::Shared, true),
    ] {
        let mut plan = plan();
        plan.fee.mode = mode;
        assert_eq!(check(&plan, &cost).is_empty(), charges, "{mode:?}");
    }
}

#[test]
fn the_programme_says_what_may_be_offered_and_when() {
    let grades = |kind, weekday| grades_then(&plan(), kind, &plan().slots[0], weekday);
    assert_eq!(grades(Kind::Club, Weekday::Monday), Grades::of(1..=4));
    assert_eq!(grades(Kind::Club, Weekday::Friday), Grades::of([4]));
    assert_eq!(grades(Kind::Club, Weekday::Saturday), Grades::default());
    assert_eq!(grades(Kind::OpenActivity, Weekday::Friday), Grades::of([4]));
    assert_eq!(grades(Kind::MovingClass, Weekday::Monday), Grades::default());
    assert_eq!(kinds(&plan()), [Kind::Club, Kind::OpenActivity]);
    assert_eq!(openings(&plan(), Kind::Club).len(), 5);
    assert_eq!(kinds(&school(vec![afternoon()])), [], "homework alone is no choice");
}

#[test]
fn a_rule_for_groups_opens_a_slot_whose_content_is_not_stated() {
    let mut plan = school(vec![Slot { content: Vec::new(), ..afternoon() }]);
    plan.groups = vec![GroupRule {
        slots: vec![SlotId("afternoon".to_owned())],
        ..rule(GroupKind::TemporaryGroup, None, Some(40), false)
    }];
    assert_eq!(kinds(&plan), [Kind::TemporaryGroup]);
    plan.groups[0].slots = vec![SlotId("noon".to_owned())];
    assert_eq!(kinds(&plan), []);
}

#[test]
fn what_a_family_must_know_is_asked_for() {
    assert_eq!(lacks(&chess()), []);
    let bare = Details { venue: " ".to_owned(), teacher: None, description: String::new(), ..chess() };
    assert_eq!(lacks(&bare), [Lack::Venue, Lack::Teacher, Lack::Description]);
}

#[test]
fn words_of_the_prohibitions_are_found_as_they_stand() {
    let check_with = |text: &str, expected: &[(&str, Banned)]| {
        let plan = plan();
        let found: Vec<(String, Concern)> = mark(&plan, text)
            .iter()
            .filter_map(|piece| Some((piece.text.to_owned(), piece.concern?)))
            .collect();
        let expected: Vec<(String, Concern)> =
            expected.iter().map(|(word, banned)| ((*word).to_owned(), Concern::Banned(*banned))).collect();
        assert_eq!(found, expected, "{text}");
        let whole: String = mark(&plan, text).iter().map(|piece| piece.text).collect();
        assert_eq!(whole, text, "nothing of the text is lost");
    };
    check_with("", &[]);
    check_with("学下围棋，认识礼仪。", &[]);
    check_with("奥数提高", &[("奥数", Banned::CompetitionTraining)]);
    check_with("奥 数 提高", &[("奥 数", Banned::CompetitionTraining)]);
    check_with("期末考试前刷题", &[("考试", Banned::ExamDrill), ("刷题", Banned::ExamDrill)]);
    check_with(
        "数学培优班，预习新课",
        &[("培优", Banned::RemedialClass), ("预习", Banned::NewLessons), ("新课", Banned::NewLessons)],
    );
    check_with("小升初衔接班", &[("小升初", Banned::ExamDrill), ("衔接班", Banned::RemedialClass)]);
    check_with("Math OLYMPIAD team", &[("OLYMPIAD", Banned::CompetitionTraining)]);
    check_with("室外攀岩", &[("攀岩", Banned::HighRisk)]);
    check_with("机构体验课", &[("机构", Banned::Commerce), ("体验课", Banned::Commerce)]);
    check_with("数学课", &[("数学课", Banned::GroupTeaching)]);
    check_with("布置作业", &[("布置作业", Banned::ExtraHomework)]);
}

#[test]
fn an_interest_class_is_flagged_where_the_plan_bans_it_and_a_charge_where_none_is_made() {
    let words =
        |plan: &Plan, text: &str| mark(plan, text).iter().filter(|piece| piece.concern.is_some()).count();
    let mut plan = plan();
    assert_eq!(words(&plan, "书法兴趣班"), 0);
    plan.banned = vec![Banned::InterestClass];
    assert_eq!(words(&plan, "书法兴趣班"), 1);
    assert_eq!(words(&plan, "另收材料费"), 1);
    plan.fee.mode = FeeMode::Rates;
    assert_eq!(words(&plan, "另收材料费"), 0);
}

#[test]
fn a_flag_says_where_the_words_stand_and_whether_the_plan_itself_forbids_them() {
    let mut plan = plan();
    plan.banned = vec![Banned::ExamDrill];
    let details = Details {
        title: "奥数社".to_owned(),
        description: "刷题，再刷题。".to_owned(),
        materials: "奥数书".to_owned(),
        ..chess()
    };
    let flag = |banned, part, found: &str, by_plan| Flag::Wording {
        concern: Concern::Banned(banned),
        part,
        found: found.to_owned(),
        by_plan,
    };
    let expected = [
        flag(Banned::CompetitionTraining, Part::Title, "奥数", false),
        flag(Banned::ExamDrill, Part::Description, "刷题", true),
        flag(Banned::CompetitionTraining, Part::Materials, "奥数", false),
    ];
    assert_eq!(flags(&plan, &details), expected);
}

#[test]
fn every_concern_and_part_reads_back_from_its_word() {
    let concerns = Banned::ALL.iter().map(|banned| Concern::Banned(*banned)).chain([Concern::Charge]);
    for concern in concerns {
        assert_eq!(Concern::parse(concern.word()), Some(concern));
    }
    for part in Part::ALL {
        assert_eq!(Part::parse(part.word()), Some(part));
    }
}

#[test]
fn a_venue_or_a_teacher_serves_one_offering_at_a_time() {
    let check_with = |change: fn(&mut Details), expected: &[(Over, i8)]| {
        let mut other = chess();
        change(&mut other);
        let chess = chess();
        let found = clashes(&plan(), &[(offering(1), &chess), (offering(2), &other)]);
        let found: Vec<(Over, i8)> = found.iter().map(|clash| (clash.over, clash.weekday)).collect();
        assert_eq!(found, expected, "{other:?}");
    };
    check_with(|_| (), &[(Over::Venue, 2), (Over::Teacher, 2)]);
    check_with(|it| it.teacher = None, &[(Over::Venue, 2)]);
    check_with(|it| it.venue = "博艺楼302".to_owned(), &[(Over::Venue, 2), (Over::Teacher, 2)]);
    check_with(|it| it.venue = "北操场".to_owned(), &[(Over::Teacher, 2)]);
    check_with(|it| it.meetings = vec![on(3, "afternoon")], &[]);
    check_with(
        |it| it.meetings = vec![on(1, "afternoon"), on(2, "afternoon")],
        &[(Over::Venue, 2), (Over::Teacher, 2)],
    );
    let nowhere = Details { venue: String::new(), teacher: None, ..chess() };
    assert_eq!(clashes(&plan(), &[(offering(1), &nowhere), (offering(2), &nowhere)]), []);
    let (one, two) = (chess(), chess());
    assert_eq!(
        clashes_of(&plan(), (offering(1), &one), &[(offering(1), &one), (offering(2), &two)]).len(),
        2
    );
}

#[test]
fn slots_clash_when_their_hours_overlap_for_the_grades_that_come() {
    let early = slot("early", SlotKind::AfterSchool, vec![from_to(&[3, 4], (16, 0), (16, 40))]);
    let late = slot("late", SlotKind::AfterSchool, vec![from_to(&[3, 4], (16, 40), (17, 20))]);
    let long = slot(
        "long",
        SlotKind::AfterSchool,
        vec![from_to(&[3], (16, 30), (17, 0)), from_to(&[4], (17, 20), (18, 0))],
    );
    let open = slot("open", SlotKind::AfterSchool, Vec::new());
    let plan = school(vec![early, late, long, open]);
    let meets = |slot: &str, grades: &[u8]| Details {
        meetings: vec![on(2, slot)],
        grades: Grades::of(grades.iter().copied()),
        ..chess()
    };
    let check_with = |one: &Details, other: &Details, expected: bool| {
        let found = clashes(&plan, &[(offering(1), one), (offering(2), other)]);
        assert_eq!(!found.is_empty(), expected, "{:?} and {:?}", one.meetings, other.meetings);
    };
    check_with(&meets("early", &[3]), &meets("late", &[3]), false);
    check_with(&meets("early", &[3]), &meets("early", &[4]), true);
    check_with(&meets("late", &[3]), &meets("long", &[3]), true);
    check_with(&meets("late", &[3]), &meets("long", &[4]), false);
    check_with(&meets("open", &[3]), &meets("open", &[4]), true);
    check_with(&meets("open", &[3]), &meets("early", &[3]), false);
}

#[test]
fn hours_of_one_season_do_not_meet_those_of_another() {
    let window =
        |season, from, to| crate::plan::Window { season: Some(season), ..from_to(&[3, 4], from, to) };
    let summer = slot("a", SlotKind::AfterSchool, vec![window(SeasonKind::Summer, (16, 0), (17, 0))]);
    let winter = slot("b", SlotKind::AfterSchool, vec![window(SeasonKind::Winter, (16, 0), (17, 0))]);
    let mut plan = school(vec![summer, winter]);
    let season = |kind| Season {
        kind,
        name: String::new(),
        from: crate::plan::MonthDay { month: 5, day: 1 },
        to: crate::plan::MonthDay { month: 9, day: 30 },
        assumed: false,
    };
    plan.seasons = vec![season(SeasonKind::Summer), season(SeasonKind::Winter)];
    let one = Details { meetings: vec![on(2, "a")], ..chess() };
    let other = Details { meetings: vec![on(2, "b")], ..chess() };
    assert_eq!(clashes(&plan, &[(offering(1), &one), (offering(2), &other)]), []);
}

#[test]
fn each_step_leads_from_where_it_may_be_taken() {
    use Status::{Draft, InReview, Published, Returned, Withdrawn};
    let check_with = |taken, expected: [Option<Status>; 5]| {
        for (status, expected) in [Draft, InReview, Returned, Published, Withdrawn].into_iter().zip(expected)
        {
            assert_eq!(step(status, taken).ok(), expected, "{taken:?} from {status:?}");
        }
    };
    check_with(Step::HandIn, [Some(InReview), None, Some(InReview), None, None]);
    check_with(Step::TakeBack, [None, Some(Draft), None, Some(Draft), Some(Draft)]);
    check_with(Step::Withdraw, [Some(Withdrawn), None, Some(Withdrawn), Some(Withdrawn), None]);
    assert_eq!(Status::ALL.iter().filter(|status| may_change(**status)).count(), 2);
}

#[test]
fn the_reviewer_publishes_or_sends_back_with_a_reason_and_never_the_own_work() {
    let authors = [account(1), account(2)];
    let plain = Review {
        status: Status::InReview,
        is_as_read: true,
        authors: &authors,
        reviewer: account(3),
        fits: true,
        clashes: false,
        reason: "",
    };
    let long = "长".repeat(501);
    for (review, verdict, expected) in [
        (plain, Verdict::Publish, Ok(Status::Published)),
        (plain, Verdict::SendBack, Err(DecideRefused::NoReason)),
        (Review { reason: "去掉刷题", ..plain }, Verdict::SendBack, Ok(Status::Returned)),
        (Review { reason: &long, ..plain }, Verdict::SendBack, Err(DecideRefused::ReasonTooLong)),
        (Review { reviewer: account(2), ..plain }, Verdict::Publish, Err(DecideRefused::OwnWork)),
        (Review { is_as_read: false, ..plain }, Verdict::Publish, Err(DecideRefused::Changed)),
        (Review { fits: false, ..plain }, Verdict::Publish, Err(DecideRefused::Unfit)),
        (Review { clashes: true, ..plain }, Verdict::Publish, Err(DecideRefused::Clash)),
        (Review { clashes: true, reason: "换地方", ..plain }, Verdict::SendBack, Ok(Status::Returned)),
        (
            Review { status: Status::Draft, ..plain },
            Verdict::Publish,
            Err(DecideRefused::WrongStatus(Status::Draft)),
        ),
    ] {
        assert_eq!(decide(review, verdict), expected, "{review:?} {verdict:?}");
    }
}

#[test]
fn an_offering_says_whom_it_is_for() {
    let girls = Details { sex: SexLimit::Girls, ..chess() };
    assert_eq!(girls.not_for(Some(3), Sex::Female), None);
    assert_eq!(girls.not_for(Some(3), Sex::Unstated), None);
    assert_eq!(girls.not_for(Some(3), Sex::Male), Some(NotFor::Sex));
    assert_eq!(girls.not_for(Some(2), Sex::Female), Some(NotFor::Grade));
    assert_eq!(girls.not_for(None, Sex::Female), Some(NotFor::Grade));
    let boys = Details { sex: SexLimit::Boys, ..chess() };
    assert_eq!(boys.not_for(Some(3), Sex::Female), Some(NotFor::Sex));
    assert_eq!(chess().not_for(Some(4), Sex::Male), None);
}

fn care(grade: u8, venue: &str, teacher: u128) -> CareGroup {
    let (name, slot) = (format!("{grade}(1)班"), SlotId("afternoon".to_owned()));
    CareGroup { name, slot, grade, venue: venue.to_owned(), teacher: Some(StaffId::from_bits(teacher)) }
}

#[test]
fn an_offering_takes_neither_room_nor_teacher_of_a_class_that_stays_together() {
    let check = |details: &Details, group: CareGroup, expected: &[(Over, i8)]| {
        let found = clashes_with_care(&plan(), details, std::slice::from_ref(&group));
        let found: Vec<(Over, i8)> = found.iter().map(|clash| (clash.over, clash.weekday)).collect();
        assert_eq!(found, expected, "{group:?}");
    };
    check(&chess(), care(1, "", 9), &[]);
    check(&chess(), care(1, "博艺楼302", 9), &[(Over::Venue, 2)]);
    check(&chess(), care(1, "", 1), &[(Over::Teacher, 2)]);
    check(&chess(), care(1, "博艺楼 302", 1), &[(Over::Venue, 2), (Over::Teacher, 2)]);
    // on Fridays grade 4 has clubs and nothing else, and the others stay together
    let friday = Details { meetings: vec![on(5, "afternoon")], grades: Grades::of([4]), ..chess() };
    check(&friday, care(4, "", 1), &[]);
    check(&friday, care(3, "", 1), &[(Over::Teacher, 5)]);
    // grade 5 is not served, the slot is another
    check(&chess(), care(5, "", 1), &[]);
    check(&chess(), CareGroup { slot: SlotId("noon".to_owned()), ..care(1, "", 1) }, &[]);
    let instead = Details { kind: Kind::TemporaryGroup, ..chess() };
    check(&instead, care(1, "", 1), &[]);
}

#[test]
fn a_change_keeps_days_and_seats_of_the_children_who_have_one() {
    let check = |change: fn(&mut Details), seats, expected: &[Fault]| {
        let mut after = chess();
        change(&mut after);
        assert_eq!(breaks_seats(&chess(), &after, seats), expected, "{seats}");
    };
    check(|it| it.meetings = vec![on(3, "afternoon")], 0, &[]);
    check(|it| it.meetings = vec![on(3, "afternoon")], 2, &[Fault::DaysOfSeats(2)]);
    check(|it| it.meetings = vec![on(2, "afternoon"), on(2, "afternoon")], 2, &[]);
    check(|it| it.capacity = 12, 12, &[]);
    check(|it| it.capacity = 11, 12, &[Fault::BelowSeats(12)]);
    check(|it| it.teacher = Some(StaffId::from_bits(2)), 12, &[]);
}

#[test]
fn an_offering_is_known_again_by_name_and_days() {
    let check = |change: fn(&mut Details), expected| {
        let mut other = chess();
        change(&mut other);
        assert_eq!(is_same(&chess(), &other), expected, "{other:?}");
    };
    check(|it| it.title = " 围棋 社".to_owned(), true);
    check(|it| it.venue = "别处".to_owned(), true);
    check(|it| it.meetings = vec![on(2, "afternoon"), on(2, "afternoon")], true);
    check(|it| it.meetings = vec![on(3, "afternoon")], false);
    check(|it| it.title = "象棋社".to_owned(), false);
}
