//! Plan versions: from draft to in force, and which one rules a day.

use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_app::plan::{self, edit};
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Error, Scope};
use kehou_domain::access::{ApprovePlan, DraftPlan, FilePlan, ReadPlan, Role};
use kehou_domain::ids::PlanVersionId;
use kehou_domain::moment;
use kehou_domain::plan::{Stage, VersionRefused};

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
    let text = text.to_owned();
    scope.act::<DraftPlan, _, _>(move |tx| plan::redraft(tx, id, &text)).await.unwrap()
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
    scope.act::<FilePlan, _, _>(move |tx| plan::put_in_force(tx, id, from)).await.unwrap()
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
        approve(&principal, id).await.unwrap();
        let fixed = Err(VersionRefused::WrongStage { stage: Stage::Approved });
        assert_eq!(redraft(&principal, id, SOUND).await, fixed);
    }
}

#[tokio::test]
async fn open_times_are_answered_before_a_plan_rules() {
    for store in stores().await {
        let principal = principal(&store).await;
        let open = filed(&principal, OPEN).await;
        let refused = Err(VersionRefused::TimesOpen { points: 1 });
        assert_eq!(put_in_force(&principal, open, TODAY).await, refused);
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
