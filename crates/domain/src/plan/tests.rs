mod version;

use jiff::civil::{Date, Time, Weekday, date, time};

use super::*;
use crate::access::Role;
use crate::money::Fen;

/// A Tuesday in winter.
const TUESDAY: Date = date(2023, 2, 14);
/// A Tuesday in summer.
const SUMMER_TUESDAY: Date = date(2023, 6, 13);

pub(crate) fn clock(hour: i8, minute: i8) -> Time {
    time(hour, minute, 0, 0)
}

fn window(grades: &[u8], start: Start, end: End) -> Window {
    let grades = Grades::of(grades.iter().copied());
    Window { grades, season: None, weekdays: Weekdays::WORKING, start, end, wave: None }
}

pub(crate) fn from_to(grades: &[u8], start: (i8, i8), end: (i8, i8)) -> Window {
    window(grades, Start::At(clock(start.0, start.1)), End::At(clock(end.0, end.1)))
}

pub(crate) fn slot(id: &str, kind: SlotKind, windows: Vec<Window>) -> Slot {
    Slot {
        id: SlotId(id.to_owned()),
        name: id.to_owned(),
        kind,
        applies_to: AppliesTo::All,
        grades: Grades::of(1..=4),
        weekdays: Weekdays::WORKING,
        weekdays_assumed: false,
        service: true,
        chargeable: None,
        counts_for_pay: None,
        billing_lesson_hours: None,
        staff_lesson_hours: None,
        not_before_work_ends: false,
        windows,
        batches: Vec::new(),
        content: vec![Content::Kind(ContentKind::Homework)],
        programme: Vec::new(),
        periods: Vec::new(),
    }
}

pub(crate) fn afternoon() -> Slot {
    let windows = vec![from_to(&[1, 2], (15, 10), (17, 10)), from_to(&[3, 4], (15, 20), (17, 20))];
    slot("afternoon", SlotKind::AfterSchool, windows)
}

/// Grades 1–4, two waves, lessons end at 15:10, all that the rule pack asks for.
pub(crate) fn school(slots: Vec<Slot>) -> Plan {
    Plan {
        code: "T".to_owned(),
        school: "东校".to_owned(),
        title: "课后服务方案".to_owned(),
        level: Level::Primary,
        reach: Reach::School,
        grades: Grades::of(1..=4),
        sources: Vec::new(),
        starts: Starts::On(date(2023, 2, 13)),
        layers: Vec::new(),
        seasons: Vec::new(),
        joining: joining(),
        dismissal: vec![Dismissal {
            grades: Grades::of(1..=4),
            season: None,
            weekdays: Weekdays::WORKING,
            at: Some(clock(15, 10)),
        }],
        slots,
        groups: Vec::new(),
        release: Vec::new(),
        absence: None,
        fee: fee(FeeMode::Free, Payee::Nobody),
        staff: Staff {
            participation: Participation::All,
            opt_out: false,
            duty_letter: false,
            parent_helpers: false,
            ratios: Vec::new(),
            posts: Vec::new(),
        },
        pay: Pay {
            mode: PayMode::NotStated,
            rates: Vec::new(),
            credits: Vec::new(),
            punches: Vec::new(),
            penalties: Vec::new(),
        },
        funds: Funds::default(),
        providers: ProviderPolicy::NotStated,
        banned: Vec::new(),
        reports: Vec::new(),
    }
}

fn joining() -> Joining {
    let step = |kind, role| Step { kind, role, within_days: None, verifies_need: false };
    Joining {
        need_check: false,
        priority: vec![PriorityGroup::LeftBehind, PriorityGroup::MigrantWorkers],
        cycle: Cycle::Term,
        survey: None,
        steps: vec![step(StepKind::Apply, Role::Guardian), step(StepKind::Review, Role::HomeroomTeacher)],
        forms: Vec::new(),
        copies: None,
        id_numbers: IdNumbers::NotCollected,
        publish: vec![PublicItem::Fee],
        channels: Vec::new(),
    }
}

fn fee(mode: FeeMode, payee: Payee) -> Fee {
    let rates = Vec::new();
    let refund = RefundRule::NotStated;
    Fee {
        mode,
        payee,
        rates,
        settled_per: None,
        refund,
        waivers: Vec::new(),
        basis: None,
        publication_first: false,
    }
}

fn rate(from: Option<Date>, until: Option<Date>) -> Rate {
    let unit = Unit::LessonHour;
    Rate { amount: Fen(350), unit, from, until, slots: Vec::new(), cap: None, provisional: false }
}

fn season(kind: SeasonKind, from: &str, to: &str) -> Season {
    let day = |text| MonthDay::parse(text).unwrap();
    Season { kind, name: kind.word().to_owned(), from: day(from), to: day(to), assumed: true }
}

fn school_day(date: Date) -> DayKind {
    DayKind::School { follows: date.weekday() }
}

/// Grades and times of the day's parts, as `12 15:10-17:10`.
fn times(plan: &Plan, date: Date, kind: DayKind) -> Vec<String> {
    let text = |time: Option<Time>| time.map_or("?".to_owned(), |time| time.strftime("%H:%M").to_string());
    let parts = plan.slots_on(date, kind);
    parts
        .iter()
        .map(|part| format!("{} {}-{}", digits(part.grades), text(part.start), text(part.end)))
        .collect()
}

fn releases(plan: &Plan, date: Date) -> Vec<String> {
    let text = |time: Option<Time>| time.map_or("?".to_owned(), |time| time.strftime("%H:%M").to_string());
    let releases = plan.release_on(date, school_day(date));
    releases.iter().map(|release| format!("{} {}", digits(release.grades), text(release.at))).collect()
}

fn digits(grades: Grades) -> String {
    grades.iter().map(|grade| grade.to_string()).collect()
}

#[test]
fn each_pair_of_grades_has_its_own_times_and_wave() {
    let plan = school(vec![afternoon()]);
    assert_eq!(times(&plan, TUESDAY, school_day(TUESDAY)), ["12 15:10-17:10", "34 15:20-17:20"]);
    assert_eq!(releases(&plan, TUESDAY), ["12 17:10", "34 17:20"]);
}

#[test]
fn a_later_wave_moves_the_release_and_not_the_end() {
    let mut plan = school(vec![afternoon()]);
    plan.slots[0].windows[0].wave = Some(clock(17, 15));
    assert_eq!(releases(&plan, TUESDAY), ["12 17:15", "34 17:20"]);
}

#[test]
fn a_make_up_day_follows_another_weekday() {
    let mut plan = school(vec![afternoon()]);
    plan.slots[0].weekdays = Weekdays::of([2]);
    let saturday = date(2023, 4, 23);
    let tuesday_like = DayKind::School { follows: Weekday::Tuesday };
    assert_eq!(times(&plan, saturday, tuesday_like).len(), 2);
    assert_eq!(times(&plan, saturday, DayKind::Weekend).len(), 0);
}

#[test]
fn where_no_slot_is_held_children_leave_when_lessons_end() {
    let mut plan = school(vec![afternoon()]);
    plan.slots[0].weekdays = Weekdays::of([1]);
    assert_eq!(releases(&plan, TUESDAY), ["1234 15:10"]);
    assert_eq!(plan.no_service(TUESDAY, school_day(TUESDAY)), Some(NoService::NotThisWeekday));
}

#[test]
fn a_window_may_hang_on_the_end_of_lessons() {
    let two_hours = window(&[1, 2, 3, 4], Start::Dismissal, End::After(120));
    let mut plan = school(vec![slot("afternoon", SlotKind::AfterSchool, vec![two_hours])]);
    assert_eq!(times(&plan, TUESDAY, school_day(TUESDAY)), ["1234 15:10-17:10"]);
    plan.dismissal[0].at = None;
    assert_eq!(times(&plan, TUESDAY, school_day(TUESDAY)), ["1234 ?-?"]);
    assert_eq!(plan.open_points(), [OpenPoint::Dismissal { entry: 0 }]);
}

#[test]
fn a_season_that_the_plan_leaves_open_has_no_times() {
    let mut plan = school(vec![afternoon()]);
    plan.seasons =
        vec![season(SeasonKind::Summer, "05-01", "09-30"), season(SeasonKind::Winter, "10-01", "04-30")];
    for window in &mut plan.slots[0].windows {
        window.season = Some(SeasonKind::Winter);
    }
    let mut open = window(&[1, 2, 3, 4], Start::NotStated, End::NotStated);
    open.season = Some(SeasonKind::Summer);
    plan.slots[0].windows.push(open);
    assert_eq!(times(&plan, TUESDAY, school_day(TUESDAY)), ["12 15:10-17:10", "34 15:20-17:20"]);
    assert_eq!(times(&plan, SUMMER_TUESDAY, school_day(SUMMER_TUESDAY)), ["1234 ?-?"]);
    assert_eq!(releases(&plan, SUMMER_TUESDAY), ["1234 ?"]);
    assert!(plan.lacks_times());
    assert_eq!(plan.faults(), []);
}

#[test]
fn content_follows_the_programme_of_weekday_and_grade() {
    let mut plan = school(vec![afternoon()]);
    let club = vec![Content::Kind(ContentKind::Club)];
    let on_tuesday = Weekdays::of([2]);
    plan.slots[0].programme =
        vec![Programme { grades: Grades::of([1]), weekdays: on_tuesday, content: club.clone() }];
    let parts = plan.slots_on(TUESDAY, school_day(TUESDAY));
    let split: Vec<(String, Vec<Content>)> =
        parts.iter().map(|part| (digits(part.grades), part.content.clone())).collect();
    let homework = vec![Content::Kind(ContentKind::Homework)];
    assert_eq!(
        split,
        [("1".to_owned(), club), ("2".to_owned(), homework.clone()), ("34".to_owned(), homework)]
    );
}

#[test]
fn boarders_come_back_at_the_weekend_and_do_not_leave_in_the_evening() {
    let sunday = date(2023, 2, 19);
    let night = window(&[1, 2, 3, 4], Start::At(clock(20, 0)), End::Open);
    let mut dormitory = slot("dormitory", SlotKind::Evening, vec![night.clone()]);
    dormitory.applies_to = AppliesTo::Boarders;
    let back = Window { weekdays: Weekdays::of([7]), start: Start::At(clock(14, 0)), ..night };
    let mut weekend = slot("back", SlotKind::WeekendReturn, vec![back]);
    weekend.weekdays = Weekdays::of([7]);
    let plan = school(vec![afternoon(), dormitory, weekend]);
    assert_eq!(plan.faults(), []);
    assert_eq!(times(&plan, sunday, DayKind::Weekend), ["1234 14:00-?"]);
    assert_eq!(plan.no_service(sunday, DayKind::Weekend), Some(NoService::Weekend));
    assert_eq!(releases(&plan, TUESDAY), ["12 17:10", "34 17:20"]);
}

#[test]
fn nothing_is_held_before_the_plan_starts() {
    let plan = school(vec![afternoon()]);
    let before = date(2023, 2, 10);
    let starts_on = date(2023, 2, 13);
    assert_eq!(plan.no_service(before, school_day(before)), Some(NoService::NotStarted { starts_on }));
    assert_eq!(times(&plan, before, school_day(before)).len(), 0);
}

#[test]
fn the_youngest_never_leave_alone_unless_the_plan_says_so() {
    let plan = school(vec![afternoon()]);
    assert!(!plan.release_modes(2).contains(&ReleaseMode::Alone));
    assert!(plan.release_modes(3).contains(&ReleaseMode::Alone));
}

/// The fault that a change of a sound plan brings, and where.
#[track_caller]
fn check(change: impl Fn(&mut Plan), at: Place, fault: Fault) {
    let mut plan = school(vec![afternoon()]);
    assert_eq!(plan.faults(), []);
    change(&mut plan);
    assert_eq!(plan.faults(), [(at, fault)]);
}

#[test]
fn two_windows_for_one_grade_do_not_fit() {
    let twice = Fault::WindowTwice { grades: Grades::of([2]) };
    check(|plan| plan.slots[0].windows.push(from_to(&[2], (18, 0), (19, 0))), Place::Window(0, 2), twice);
}

#[test]
fn a_child_cannot_be_in_two_slots_at_once() {
    let add = |plan: &mut Plan| {
        let mut late = slot("late", SlotKind::LateCare, vec![from_to(&[1, 2, 3, 4], (17, 15), (18, 0))]);
        late.grades = Grades::of([3, 4]);
        plan.slots.push(late);
    };
    let overlap = Fault::WindowsOverlap { other: SlotId("afternoon".to_owned()), grades: Grades::of([3, 4]) };
    check(add, Place::Window(1, 0), overlap);
}

#[test]
fn a_wave_waits_for_the_end() {
    check(
        |plan| plan.slots[0].windows[0].wave = Some(clock(17, 0)),
        Place::Window(0, 0),
        Fault::WaveBeforeEnd,
    );
}

#[test]
fn a_window_ends_after_it_begins() {
    let backwards = |plan: &mut Plan| plan.slots[0].windows[0].end = End::At(clock(15, 10));
    check(backwards, Place::Window(0, 0), Fault::EndsBeforeStart);
}

#[test]
fn every_grade_of_a_slot_has_a_window() {
    let missing = Fault::WindowMissing { grades: Grades::of([3, 4]), season: None };
    check(|plan| plan.slots[0].windows.truncate(1), Place::Slot(0), missing);
}

#[test]
fn a_slot_stays_within_the_grades_and_the_week() {
    let sixth = |plan: &mut Plan| plan.grades = Grades::of(1..=3);
    check(sixth, Place::Slot(0), Fault::GradesOutside { grades: Grades::of([4]) });
    let on_saturday = |plan: &mut Plan| {
        plan.slots[0].weekdays = Weekdays::of([6]);
        plan.slots[0].windows.iter_mut().for_each(|window| window.weekdays = Weekdays::of([6]));
    };
    check(on_saturday, Place::Slot(0), Fault::SlotOnWeekend);
}

#[test]
fn seasons_cover_the_year_once() {
    let gap = |plan: &mut Plan| plan.seasons = vec![season(SeasonKind::Summer, "03-01", "02-10")];
    check(gap, Place::Seasons, Fault::SeasonGap { day: MonthDay { month: 2, day: 11 } });
    let both = |plan: &mut Plan| {
        plan.seasons =
            vec![season(SeasonKind::Summer, "05-01", "10-01"), season(SeasonKind::Winter, "10-01", "04-30")];
    };
    check(both, Place::Seasons, Fault::SeasonsOverlap { day: MonthDay { month: 10, day: 1 } });
}

#[test]
fn a_free_plan_charges_nothing() {
    check(|plan| plan.fee.rates.push(rate(None, None)), Place::Rate(0), Fault::FeeOnFreePlan);
    check(|plan| plan.slots[0].chargeable = Some(true), Place::Slot(0), Fault::FeeOnFreePlan);
    check(|plan| plan.fee.payee = Payee::School, Place::Fee, Fault::FeeOnFreePlan);
}

#[test]
fn a_plan_with_rates_has_rates_that_follow_one_another() {
    let charged = |rates: Vec<Rate>| {
        move |plan: &mut Plan| {
            plan.fee.mode = FeeMode::Rates;
            plan.fee.rates.clone_from(&rates);
        }
    };
    let day = |day| Some(date(2023, 3, day));
    check(charged(vec![]), Place::Fee, Fault::RatesMissing);
    check(charged(vec![rate(day(2), day(1))]), Place::Rate(0), Fault::RateEndsBeforeStart);
    let twice = vec![rate(None, day(9)), rate(day(9), None)];
    check(charged(twice), Place::Rate(1), Fault::RatesOverlap { other: 0 });
    let mut plan = school(vec![afternoon()]);
    charged(vec![rate(None, day(8)), rate(day(9), None)])(&mut plan);
    assert_eq!(plan.faults(), []);
}

#[test]
fn nobody_reviews_before_a_family_applies() {
    check(|plan| plan.joining.steps.reverse(), Place::Step(0), Fault::ReviewBeforeApply);
}

#[test]
fn groups_name_slots_and_have_sizes_that_fit() {
    let group = |slots: &[&str], min, max| GroupRule {
        kind: GroupKind::Club,
        grouping: Grouping::ByCourse,
        slots: slots.iter().map(|id| SlotId((*id).to_owned())).collect(),
        min,
        max,
        in_principle: true,
        counted: Counted::Staying,
    };
    let add = |rule: GroupRule| move |plan: &mut Plan| plan.groups.push(rule.clone());
    check(add(group(&[], Some(30), Some(20))), Place::Group(0), Fault::MinAboveMax);
    let unknown = Fault::UnknownSlot { id: SlotId("noon".to_owned()) };
    check(add(group(&["noon"], None, Some(20))), Place::Group(0), unknown);
}

/// The rules that a change of a lawful plan breaks.
#[track_caller]
fn warns(change: impl Fn(&mut Plan), rules: &[Rule]) {
    let mut plan = school(vec![afternoon()]);
    assert_eq!(plan.warnings(), []);
    change(&mut plan);
    let broken: Vec<Rule> = plan.warnings().iter().map(|warning| warning.rule).collect();
    assert_eq!(broken, rules);
}

#[test]
fn rules_of_2017_ask_for_priority_application_and_no_tutoring() {
    warns(|plan| plan.joining.priority.clear(), &[Rule::PriorityMissing]);
    let only_review = |plan: &mut Plan| plan.joining.steps.retain(|step| step.kind == StepKind::Review);
    warns(only_review, &[Rule::NobodyApplies]);
    let tutoring = |plan: &mut Plan| plan.slots[0].content = vec![Content::Kind(ContentKind::Tutoring)];
    warns(tutoring, &[Rule::TutoringContent]);
}

#[test]
fn rules_of_2021_ask_for_five_days_and_two_hours() {
    warns(|plan| plan.slots[0].weekdays = Weekdays::of(1..=4), &[Rule::FewerThanFiveDays]);
    let shorter = |plan: &mut Plan| plan.slots[0].windows[0].end = End::At(clock(17, 0));
    warns(shorter, &[Rule::LessThanTwoHours]);
}

#[test]
fn rules_of_2023_keep_other_care_apart() {
    let add = |kind, start, end| {
        move |plan: &mut Plan| plan.slots.push(slot("other", kind, vec![from_to(&[1, 2, 3, 4], start, end)]))
    };
    warns(add(SlotKind::EarlyArrival, (7, 0), (8, 10)), &[Rule::EarlyArrivalAsService]);
    warns(add(SlotKind::Noon, (12, 10), (14, 0)), &[Rule::NoonAsService]);
    warns(add(SlotKind::Evening, (18, 30), (20, 0)), &[Rule::EveningStudyInPrimary, Rule::EveningAsService]);
}

#[test]
fn rules_of_2023_watch_who_collects_what_is_published_and_who_is_waived() {
    let charged = |payee: Payee| {
        move |plan: &mut Plan| {
            plan.fee = fee(FeeMode::Shared, payee);
            plan.fee.waivers = vec![Waiver::Poor];
        }
    };
    warns(charged(Payee::School), &[]);
    warns(charged(Payee::ParentCommittee), &[Rule::CollectedByCommittee]);
    warns(charged(Payee::ThirdParty), &[Rule::CollectedByThirdParty]);
    let silent = |plan: &mut Plan| {
        plan.fee = fee(FeeMode::Shared, Payee::School);
        plan.joining.publish.clear();
    };
    warns(silent, &[Rule::FeeNotPublished, Rule::NoWaiver]);
}

#[test]
fn a_rule_warns_from_its_first_day() {
    let mut plan = school(vec![afternoon()]);
    plan.fee = fee(FeeMode::Shared, Payee::ParentCommittee);
    plan.fee.waivers = vec![Waiver::Poor];
    assert_eq!(plan.warnings_on(date(2023, 12, 31)), []);
    assert_eq!(plan.warnings_on(date(2024, 1, 1)).len(), 1);
}

#[test]
fn a_difference_names_the_way_the_old_and_the_new() {
    let entry = |path: &str, value: &str| Entry {
        path: path.split('.').map(str::to_owned).collect(),
        value: value.to_owned(),
    };
    let before = [entry("fee.yuan", "3.50"), entry("title", "甲"), entry("old", "1")];
    let after = [entry("title", "甲"), entry("fee.yuan", "3.80"), entry("new", "2")];
    let lines: Vec<String> = diff(&before, &after)
        .into_iter()
        .map(|change| format!("{} {:?} {:?}", change.path.join("."), change.before, change.after))
        .collect();
    assert_eq!(
        lines,
        ["fee.yuan Some(\"3.50\") Some(\"3.80\")", "new None Some(\"2\")", "old Some(\"1\") None",]
    );
}

#[test]
fn words_read_back() {
    for kind in ContentKind::ALL {
        assert_eq!(ContentKind::parse(kind.word()), Some(*kind));
    }
    assert_eq!(SlotKind::parse("afternoon"), None);
}
