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
fn a_plan_with_open_times_is_not_put_in_force() {
    let mut plan = school(vec![afternoon()]);
    plan.slots[0].windows[0].end = End::NotStated;
    let open = VersionRefused::TimesOpen { points: 1 };
    assert_eq!(put_in_force(&plan, TUESDAY, TUESDAY, &[]), Err(open));
}

#[test]
fn c1_a_term_opens_under_a_plan_that_states_its_times() {
    let mut plan = school(vec![afternoon()]);
    assert_eq!(open_term(None, TUESDAY), Err(TermUnready::NoPlan { from: TUESDAY }));
    assert_eq!(open_term(Some(&plan), TUESDAY), Ok(()));
    plan.slots[0].windows[0].end = End::NotStated;
    assert_eq!(open_term(Some(&plan), TUESDAY), Err(TermUnready::TimesOpen { points: 1 }));
}
