//! The life of a plan version.

use super::*;

#[test]
fn a_version_goes_from_draft_to_filed_step_by_step() {
    assert_eq!(step(Stage::Draft, Stage::Draft), Ok(Stage::Checked));
    assert_eq!(step(Stage::Checked, Stage::Checked), Ok(Stage::Approved));
    assert_eq!(step(Stage::Approved, Stage::Approved), Ok(Stage::Filed));
    assert_eq!(step(Stage::Draft, Stage::Checked), Err(VersionRefused::WrongStage { stage: Stage::Draft }));
    assert_eq!(may_change(Stage::Checked), Ok(()));
    assert_eq!(may_change(Stage::Approved), Err(VersionRefused::WrongStage { stage: Stage::Approved }));
}

#[test]
fn a_day_that_was_ruled_keeps_its_rule() {
    let plan = school(vec![afternoon()]);
    let today = date(2023, 3, 1);
    let other = InForce { number: 1, from: date(2023, 2, 13) };
    assert_eq!(put_in_force(&plan, date(2023, 2, 13), today, &[]), Ok(()));
    assert_eq!(put_in_force(&plan, date(2023, 2, 28), today, &[other]), Err(VersionRefused::Past));
    let taken = VersionRefused::DayTaken { number: 1 };
    assert_eq!(put_in_force(&plan, date(2023, 2, 13), today, &[other]), Err(taken));
    assert_eq!(put_in_force(&plan, today, today, &[other]), Ok(()));
}

#[test]
fn a_plan_with_open_times_is_neither_approved_nor_put_in_force_and_what_is_assumed_does_not_count() {
    let mut plan = school(vec![afternoon()]);
    plan.slots[0].weekdays_assumed = true;
    assert_eq!(approve(&plan, Stage::Checked), Ok(Stage::Approved));
    assert_eq!(approve(&plan, Stage::Draft), Err(VersionRefused::WrongStage { stage: Stage::Draft }));
    plan.slots[0].windows[0].end = End::NotStated;
    assert_eq!(approve(&plan, Stage::Checked), Err(VersionRefused::TimesOpen { points: 1 }));
    let open = VersionRefused::TimesOpen { points: 1 };
    assert_eq!(put_in_force(&plan, TUESDAY, TUESDAY, &[]), Err(open));
}

#[test]
fn c1_a_term_opens_under_a_plan_that_states_its_times() {
    let mut plan = school(vec![afternoon()]);
    assert_eq!(open_term(None, TUESDAY, None), Err(TermUnready::NoPlan { from: TUESDAY }));
    assert_eq!(open_term(Some(&plan), TUESDAY, None), Ok(()));
    let ended_on = date(2023, 1, 20);
    assert_eq!(open_term(Some(&plan), TUESDAY, Some(ended_on)), Err(TermUnready::EarlierOpen { ended_on }));
    plan.slots[0].windows[0].end = End::NotStated;
    assert_eq!(open_term(Some(&plan), TUESDAY, None), Err(TermUnready::TimesOpen { points: 1 }));
}

#[test]
fn a_plan_of_another_school_does_not_fit() {
    let mut plan = school(vec![afternoon()]);
    for (of_plan, of_school, fit) in [
        (1..=6, 1..=6, true),
        (1..=2, 1..=6, true),
        (1..=9, 7..=9, true),
        (7..=9, 1..=6, false),
        (1..=6, 7..=9, false),
    ] {
        plan.grades = Grades::of(of_plan);
        let school = Grades::of(of_school);
        let refused = VersionRefused::OtherGrades { plan: plan.grades, school };
        assert_eq!(fits(&plan, school), if fit { Ok(()) } else { Err(refused) });
    }
}

#[test]
fn a_version_is_taken_back_until_the_day_it_rules() {
    let (monday, tomorrow) = (TUESDAY.yesterday().unwrap(), TUESDAY.tomorrow().unwrap());
    for (from, may) in [(Some(tomorrow), true), (Some(TUESDAY), false), (Some(monday), false), (None, false)]
    {
        let refused = Err(VersionRefused::NotScheduled);
        assert_eq!(take_back(from, TUESDAY), if may { Ok(()) } else { refused }, "{from:?}");
    }
}

#[test]
fn families_read_what_rules_and_no_drafts() {
    for (role, stage, from, may) in [
        (Role::AcademicOffice, Stage::Draft, None, true),
        (Role::Principal, Stage::Checked, None, true),
        (Role::BureauOfficer, Stage::Approved, None, false),
        (Role::BureauOfficer, Stage::Filed, None, true),
        (Role::Guardian, Stage::Draft, None, false),
        (Role::Guardian, Stage::Filed, None, false),
        (Role::Guardian, Stage::Filed, Some(TUESDAY), true),
        (Role::HomeroomTeacher, Stage::Approved, None, false),
        (Role::SystemAdministrator, Stage::Draft, None, false),
    ] {
        assert_eq!(may_read(role, stage, from), may, "{role:?} {stage:?} {from:?}");
    }
}

#[test]
fn c9_a_version_begins_today_only_when_asked_and_before_the_first_session() {
    let (today, tomorrow) = (date(2026, 10, 13), date(2026, 10, 14));
    let meets = |begun_today, left_out| Meets { begun_today, left_out };
    let agreed = |today, left_out| Agreed { today, left_out };
    let cases = [
        (tomorrow, agreed(false, 0), meets(true, 0), Ok(())),
        (today, agreed(true, 0), meets(false, 0), Ok(())),
        (today, agreed(false, 0), meets(false, 0), Err(VersionRefused::TodayUnasked)),
        (today, agreed(true, 0), meets(true, 0), Err(VersionRefused::TodayBegun)),
        (tomorrow, agreed(false, 0), meets(false, 96), Err(VersionRefused::LeavesOut { children: 96 })),
        (tomorrow, agreed(false, 95), meets(false, 96), Err(VersionRefused::LeavesOut { children: 96 })),
        (tomorrow, agreed(false, 96), meets(false, 96), Ok(())),
    ];
    for (from, agreed, meets, expected) in cases {
        assert_eq!(may_begin(from, today, agreed, meets), expected, "{from} {agreed:?} {meets:?}");
    }
}

#[test]
fn o3_a_filing_has_a_number() {
    assert_eq!(note_filing("  "), Err(VersionRefused::NoReference));
    assert_eq!(note_filing("教备〔2026〕7号"), Ok(()));
}
