//! A plan that drops a weekday that children come on (C3, C9).

use jiff::civil::{Date, date};
use kehou_app::enrolment::{FallsAway, Offered, Service};
use kehou_app::plan;
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{ApprovePlan, DraftPlan, FilePlan, KeepOwnAccount};
use kehou_domain::enrolment::apply::Choice;
use kehou_domain::ids::PlanVersionId;
use kehou_domain::plan::Agreed;
use serde_json::json;

use super::leaving::with_place;
use super::world::{S4D, World, at, doing};

const FROM: Date = date(2026, 11, 2);

/// A version that the bureau has, whose weekdays are these.
async fn filed(principal: &Scope, weekdays: &'static str) -> PlanVersionId {
    let text = S4D.replace("weekdays = \"2-5\"", &format!("weekdays = \"{weekdays}\""));
    let id = doing::<DraftPlan, _>(principal, move |tx| plan::draft(tx, &text)).await.unwrap();
    principal.act::<DraftPlan, _, _>(move |tx| plan::check(tx, id)).await.unwrap().unwrap();
    principal.act::<ApprovePlan, _, _>(move |tx| plan::approve(tx, id)).await.unwrap().unwrap();
    principal
        .act::<FilePlan, _, _>(move |tx| plan::note_filing(tx, id, "教备〔2026〕8号"))
        .await
        .unwrap()
        .unwrap();
    id
}

async fn losses(principal: &Scope, id: PlanVersionId) -> plan::Losses {
    principal.read::<FilePlan, _>(move |tx| plan::left_out(tx, id, FROM)).await.unwrap()
}

fn afternoon(weekday: i8) -> Offered {
    Offered { choice: Choice { slot: "afternoon".to_owned(), weekday }, name: "课后服务".to_owned() }
}

fn weekdays(service: &Service) -> Vec<i8> {
    service.attends.iter().map(|one| one.choice.weekday).collect()
}

#[tokio::test]
async fn c9_a_plan_that_drops_a_weekday_says_which_and_whom_it_leaves_without_any() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        with_place(&world).await;
        let before = world.service(&world.sun, world.an).await;
        assert_eq!((weekdays(&before), &before.falls_away), (vec![2, 3], &Vec::new()));
        let (none, some) = (filed(&world.principal, "4-5").await, filed(&world.principal, "2, 4-5").await);
        let found = losses(&world.principal, none).await;
        assert_eq!((found.lines.len(), found.children, found.without_any), (2, 1, 1));
        let found = losses(&world.principal, some).await;
        let line = plan::LeftOut { slot: "课后服务".to_owned(), weekday: 3, children: 1 };
        assert_eq!((found.lines, found.children, found.without_any), (vec![line], 1, 0));
        let agreed = Agreed { today: false, left_out: 1 };
        let ruled =
            world.principal.act::<FilePlan, _, _>(move |tx| plan::put_in_force(tx, some, FROM, agreed));
        assert_eq!(ruled.await.unwrap(), Ok(()));
        let told = world.sun.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        let told = told.iter().find(|message| message.kind == "plan_leaves_out").unwrap();
        assert_eq!(told.facts["lost"], json!([{ "slot": "课后服务", "weekday": 3 }]));
        let soon = world.service(&world.sun, world.an).await;
        let falls = |gone| vec![FallsAway { from: FROM, gone, slots: vec![afternoon(3)] }];
        assert_eq!((weekdays(&soon), soon.falls_away), (vec![2, 3], falls(false)));
        let then = world.service(&world.sun.at_moment(at(FROM)), world.an).await;
        assert_eq!((weekdays(&then), then.falls_away), (vec![2], falls(true)));
    }
}
