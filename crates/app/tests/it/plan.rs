//! Plan versions: from draft to in force, and which one rules a day.

use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_app::plan::{self, Version, edit};
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Error, Scope};
use kehou_domain::access::{ApprovePlan, DraftPlan, FilePlan, ReadPlan, Role};
use kehou_domain::ids::PlanVersionId;
use kehou_domain::moment;
use kehou_domain::plan::{Agreed, Grades, Stage, VersionRefused};

const TODAY: Date = date(2026, 11, 24);
/// A plan whose times are all stated.
const SOUND: &str = include_str!("../../../../plans/s4a.toml");
/// A plan with times left open.
const OPEN: &str = include_str!("../../../../plans/s3.toml");

fn now() -> Timestamp {
    moment::instant(TODAY, time(9, 0, 0, 0))
}

async fn principal(store: &TestStore) -> Scope {
    store.school(1, "east", now()).await;
    store.member("east", ("13800000001", Role::Principal), None, now()).await
}

async fn draft(scope: &Scope, text: &str) -> PlanVersionId {
    let text = text.to_owned();
    scope.act::<DraftPlan, _, ()>(move |tx| Ok(plan::draft(tx, &text)?)).await.unwrap().unwrap()
}

async fn redraft(scope: &Scope, id: PlanVersionId, text: &str) -> Result<(), VersionRefused> {
    let read = read_version(scope, id).await.0.digest;
    redraft_over(scope, id, &read, text).await
}

/// Changes a text that was read when its digest was `read`.
async fn redraft_over(
    scope: &Scope,
    id: PlanVersionId,
    read: &str,
    text: &str,
) -> Result<(), VersionRefused> {
    let (read, text) = (read.to_owned(), text.to_owned());
    scope.act::<DraftPlan, _, _>(move |tx| plan::redraft(tx, id, &read, &text)).await.unwrap()
}

async fn read_version(scope: &Scope, id: PlanVersionId) -> (Version, String) {
    scope.read::<ReadPlan, _>(move |tx| plan::read_version(tx, id)).await.unwrap()
}

async fn take_back(scope: &Scope, id: PlanVersionId) -> Result<(), VersionRefused> {
    scope.act::<FilePlan, _, _>(move |tx| plan::take_back(tx, id)).await.unwrap()
}

async fn check(scope: &Scope, id: PlanVersionId) -> Result<(), VersionRefused> {
    scope.act::<DraftPlan, _, _>(move |tx| plan::check(tx, id)).await.unwrap()
}

async fn approve(scope: &Scope, id: PlanVersionId) -> Result<(), VersionRefused> {
    scope.act::<ApprovePlan, _, _>(move |tx| plan::approve(tx, id)).await.unwrap()
}

async fn note_filing(scope: &Scope, id: PlanVersionId) -> Result<(), VersionRefused> {
    scope.act::<FilePlan, _, _>(move |tx| plan::note_filing(tx, id, "教备〔2026〕7号")).await.unwrap()
}

async fn put_in_force(scope: &Scope, id: PlanVersionId, from: Date) -> Result<(), VersionRefused> {
    scope
        .act::<FilePlan, _, _>(move |tx| {
            let agreed = Agreed { today: from == TODAY, left_out: 0 };
            plan::put_in_force(tx, id, from, agreed)
        })
        .await
        .unwrap()
}

/// A version that the bureau has.
async fn filed(scope: &Scope, text: &str) -> PlanVersionId {
    let id = draft(scope, text).await;
    assert_eq!(check(scope, id).await, Ok(()));
    assert_eq!(approve(scope, id).await, Ok(()));
    assert_eq!(note_filing(scope, id).await, Ok(()));
    id
}

/// The number of the version that rules the day.
async fn rules(scope: &Scope, day: Date) -> Option<i64> {
    let found = scope.read::<ReadPlan, _>(move |tx| plan::in_force(tx, day)).await.unwrap();
    found.map(|(version, _)| version.number)
}

#[tokio::test]
async fn o3_a_plan_rules_once_it_was_checked_approved_and_filed() {
    for store in stores().await {
        let principal = principal(&store).await;
        let id = draft(&principal, SOUND).await;
        let early = Err(VersionRefused::WrongStage { stage: Stage::Draft });
        assert_eq!(approve(&principal, id).await, early);
        assert_eq!(put_in_force(&principal, id, TODAY).await, early);
        assert_eq!(check(&principal, id).await, Ok(()));
        assert_eq!(approve(&principal, id).await, Ok(()));
        assert_eq!(note_filing(&principal, id).await, Ok(()));
        assert_eq!(
            put_in_force(&principal, id, date(2026, 9, 1)).await,
            Ok(()),
            "the first may begin earlier"
        );
        assert_eq!(rules(&principal, TODAY).await, Some(1));
        assert_eq!(rules(&principal, date(2026, 8, 31)).await, None);
        let again = Err(VersionRefused::InForce { from: date(2026, 9, 1) });
        assert_eq!(put_in_force(&principal, id, TODAY).await, again);
    }
}

#[tokio::test]
async fn an_earlier_day_keeps_the_version_of_that_day() {
    for store in stores().await {
        let principal = principal(&store).await;
        let first = filed(&principal, SOUND).await;
        put_in_force(&principal, first, date(2026, 9, 1)).await.unwrap();
        let later = edit::set(SOUND, &["slots", "1", "windows", "1", "end"], "\"17:45\"").unwrap();
        let second = filed(&principal, &later).await;
        assert_eq!(put_in_force(&principal, second, date(2026, 11, 23)).await, Err(VersionRefused::Past));
        assert_eq!(put_in_force(&principal, second, date(2026, 12, 1)).await, Ok(()));
        assert_eq!(rules(&principal, date(2026, 11, 30)).await, Some(1));
        assert_eq!(rules(&principal, date(2026, 12, 1)).await, Some(2));
        let third = filed(&principal, SOUND).await;
        let taken = Err(VersionRefused::DayTaken { number: 2 });
        assert_eq!(put_in_force(&principal, third, date(2026, 12, 1)).await, taken);
    }
}

#[tokio::test]
async fn a_draft_with_mistakes_is_kept_and_not_checked() {
    for store in stores().await {
        let principal = principal(&store).await;
        let id = draft(&principal, "plan = 1").await;
        let refused = check(&principal, id).await;
        assert!(matches!(refused, Err(VersionRefused::NotSound { .. })), "{refused:?}");
        let (version, text) =
            principal.read::<ReadPlan, _>(move |tx| plan::read_version(tx, id)).await.unwrap();
        assert_eq!((version.stage, text.as_str()), (Stage::Draft, "plan = 1"));
        assert_eq!(redraft(&principal, id, SOUND).await, Ok(()));
        assert_eq!(check(&principal, id).await, Ok(()));
    }
}

#[tokio::test]
async fn a_changed_text_is_checked_anew_and_an_approved_one_does_not_change() {
    for store in stores().await {
        let principal = principal(&store).await;
        let id = draft(&principal, SOUND).await;
        check(&principal, id).await.unwrap();
        assert_eq!(redraft(&principal, id, OPEN).await, Ok(()));
        assert_eq!(approve(&principal, id).await, Err(VersionRefused::WrongStage { stage: Stage::Draft }));
        check(&principal, id).await.unwrap();
        assert_eq!(approve(&principal, id).await, Err(VersionRefused::TimesOpen { points: 1 }));
        assert_eq!(redraft(&principal, id, SOUND).await, Ok(()));
        check(&principal, id).await.unwrap();
        approve(&principal, id).await.unwrap();
        let fixed = Err(VersionRefused::WrongStage { stage: Stage::Approved });
        assert_eq!(redraft(&principal, id, SOUND).await, fixed);
    }
}

#[tokio::test]
async fn open_times_are_answered_before_the_principal_approves() {
    for store in stores().await {
        let principal = principal(&store).await;
        let open = draft(&principal, OPEN).await;
        assert_eq!(check(&principal, open).await, Ok(()));
        assert_eq!(approve(&principal, open).await, Err(VersionRefused::TimesOpen { points: 1 }));
        let answered = edit::set(OPEN, &["dismissal", "1", "at"], "\"15:30\"").unwrap();
        let id = filed(&principal, &answered).await;
        assert_eq!(put_in_force(&principal, id, TODAY).await, Ok(()));
    }
}

#[tokio::test]
async fn another_schools_version_is_not_there() {
    for store in stores().await {
        let principal = principal(&store).await;
        let id = draft(&principal, SOUND).await;
        store.school(2, "west", now()).await;
        let stranger = store.member("west", ("13800000002", Role::Principal), None, now()).await;
        let found = stranger.read::<ReadPlan, _>(move |tx| plan::read_version(tx, id)).await;
        assert!(matches!(found, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn a_later_save_does_not_undo_an_earlier_one() {
    for store in stores().await {
        let principal = principal(&store).await;
        let id = draft(&principal, SOUND).await;
        let read = read_version(&principal, id).await.0.digest;
        let first = edit::set(SOUND, &["slots", "1", "windows", "1", "end"], "\"17:45\"").unwrap();
        let second = edit::set(SOUND, &["slots", "1", "windows", "1", "start"], "\"15:40\"").unwrap();
        assert_eq!(redraft_over(&principal, id, &read, &first).await, Ok(()));
        assert_eq!(redraft_over(&principal, id, &read, &second).await, Err(VersionRefused::Changed));
        assert_eq!(read_version(&principal, id).await.1, first);
    }
}

#[tokio::test]
async fn a_plan_of_another_stage_is_not_put_in_force() {
    for store in stores().await {
        let principal = principal(&store).await;
        let junior = SOUND.replace("level = \"primary\"", "level = \"junior\"").replace("\"1-6\"", "\"7-9\"");
        let id = filed(&principal, &junior).await;
        let refused = Err(VersionRefused::OtherGrades { plan: Grades::of(7..=9), school: Grades::of(1..=6) });
        assert_eq!(put_in_force(&principal, id, TODAY).await, refused);
        assert_eq!(rules(&principal, TODAY).await, None);
    }
}

#[tokio::test]
async fn a_version_is_taken_back_before_its_day_and_another_takes_the_day() {
    for store in stores().await {
        let principal = principal(&store).await;
        let first = filed(&principal, SOUND).await;
        put_in_force(&principal, first, date(2026, 9, 1)).await.unwrap();
        let (wrong, right) = (filed(&principal, SOUND).await, filed(&principal, SOUND).await);
        put_in_force(&principal, wrong, date(2026, 12, 1)).await.unwrap();
        assert_eq!(take_back(&principal, wrong).await, Ok(()));
        assert_eq!(rules(&principal, date(2026, 12, 1)).await, Some(1));
        assert_eq!(put_in_force(&principal, right, date(2026, 12, 1)).await, Ok(()));
        assert_eq!(rules(&principal, date(2026, 12, 1)).await, Some(3));
        assert_eq!(take_back(&principal, first).await, Err(VersionRefused::NotScheduled));
    }
}

#[tokio::test]
async fn families_read_no_drafts() {
    for store in stores().await {
        let principal = principal(&store).await;
        let guardian = store.member("east", ("13800000003", Role::Guardian), None, now()).await;
        let ruling = filed(&principal, SOUND).await;
        put_in_force(&principal, ruling, date(2026, 9, 1)).await.unwrap();
        let hidden = draft(&principal, SOUND).await;
        let (seen, _) = guardian.read::<ReadPlan, _>(plan::versions).await.unwrap();
        assert_eq!(seen.iter().map(|version| version.number).collect::<Vec<_>>(), [1]);
        let found = guardian.read::<ReadPlan, _>(move |tx| plan::read_version(tx, hidden)).await;
        assert!(matches!(found, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn c9_today_is_asked_for_and_a_filing_has_its_number() {
    for store in stores().await {
        let principal = principal(&store).await;
        let first = draft(&principal, SOUND).await;
        assert_eq!(check(&principal, first).await, Ok(()));
        assert_eq!(approve(&principal, first).await, Ok(()));
        let unnumbered = principal.act::<FilePlan, _, _>(move |tx| plan::note_filing(tx, first, " "));
        assert_eq!(unnumbered.await.unwrap(), Err(VersionRefused::NoReference));
        assert_eq!(note_filing(&principal, first).await, Ok(()));
        let unasked = principal
            .act::<FilePlan, _, _>(move |tx| plan::put_in_force(tx, first, TODAY, Agreed::default()));
        assert_eq!(unasked.await.unwrap(), Err(VersionRefused::TodayUnasked));
        assert_eq!(put_in_force(&principal, first, TODAY).await, Ok(()));
    }
}
