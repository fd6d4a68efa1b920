//! The office moves children by hand, within the rules, and takes moves back.

use kehou_app::allocation::round::{self, NewMove};
use kehou_db::testing::stores;
use kehou_domain::access::{ArrangeSeats, KeepOwnAccount, ReadRounds};
use kehou_domain::allocation::round::{MoveRefused, Stage, StepRefused};
use kehou_domain::ids::{MoveId, OfferingId, RoundId, StudentId};

use super::world::{CLOSING, Clubs, on, seen, setup, write};

async fn drawn(clubs: &Clubs<'_>) -> (RoundId, Vec<OfferingId>) {
    let world = &clubs.world;
    let id = clubs.round(setup()).await;
    clubs.announce(id, None).await.unwrap();
    write(&world.sun, (id, world.an), (2, "- 1 - - -")).await.unwrap();
    write(&world.zhou, (id, world.bo), (2, "- 0 - - -")).await.unwrap();
    let closed = on(CLOSING, 21);
    clubs.seal(id, closed).await.unwrap();
    clubs.draw(id, closed, ("7", None)).await.unwrap();
    let seen = clubs.office(closed).read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
    (id, seen.offered.iter().map(|one| one.id).collect())
}

async fn go(
    clubs: &Clubs<'_>,
    id: RoundId,
    (student, weekday, to, reason): (StudentId, i8, Option<OfferingId>, &str),
) -> Result<MoveId, MoveRefused> {
    let new = NewMove { student, weekday, to, reason: reason.to_owned() };
    clubs
        .office(on(CLOSING, 21))
        .act::<ArrangeSeats, _, _>(move |tx| round::move_child(tx, id, &new))
        .await
        .unwrap()
}

async fn back(clubs: &Clubs<'_>, id: RoundId, moved: MoveId) -> Result<MoveId, MoveRefused> {
    let office = clubs.office(on(CLOSING, 21));
    office.act::<ArrangeSeats, _, _>(move |tx| round::take_back(tx, (id, moved))).await.unwrap()
}

#[tokio::test]
async fn a_child_is_moved_with_a_reason_its_family_is_told_and_the_move_is_taken_back() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let (id, offers) = drawn(&clubs).await;
        let (an, bo, closed) = (world.an, world.bo, on(CLOSING, 21));
        assert_eq!(go(&clubs, id, (an, 2, Some(offers[0]), " ")).await, Err(MoveRefused::NoReason));
        assert_eq!(go(&clubs, id, (an, 2, Some(offers[0]), "换班")).await, Err(MoveRefused::Full));
        assert_eq!(go(&clubs, id, (an, 2, Some(offers[1]), "换班")).await, Err(MoveRefused::Same));
        go(&clubs, id, (an, 4, Some(offers[2]), "家长来电")).await.unwrap();
        clubs.publish_round(id, closed).await.unwrap();
        let moved = go(&clubs, id, (bo, 2, Some(offers[1]), "围棋老师请假")).await.unwrap();
        let told = world.zhou.at_moment(closed).read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        let moved_told = told.iter().find(|one| one.kind == "seat_moved").unwrap();
        assert_eq!(moved_told.facts["to"].as_str(), Some("足球社"));
        assert_eq!(seen(&world.zhou, bo, closed).await.seats, [(2, offers[1])]);
        let undone = back(&clubs, id, moved).await.unwrap();
        assert_eq!(seen(&world.zhou, bo, closed).await.seats, [(2, offers[0])]);
        assert_eq!(back(&clubs, id, moved).await, Err(MoveRefused::NotTheLast));
        assert_eq!(back(&clubs, id, undone).await, Err(MoveRefused::NotTheLast));
        let lock = move |tx: &mut kehou_db::Tx<ArrangeSeats>| {
            round::lock(tx, id, (bo, 2, true)).map_err(kehou_db::Failed::<()>::Fault)
        };
        clubs.office(closed).act::<ArrangeSeats, _, _>(lock).await.unwrap().unwrap();
        assert_eq!(go(&clubs, id, (bo, 2, None, "退出")).await, Err(MoveRefused::Locked));
        let changes =
            clubs.office(closed).read::<ReadRounds, _>(move |tx| round::changes(tx, id)).await.unwrap();
        assert_eq!(changes.len(), 3);
    }
}

#[tokio::test]
async fn nobody_is_moved_before_the_draw() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let id = clubs.round(setup()).await;
        clubs.announce(id, None).await.unwrap();
        let office = clubs.office(on(CLOSING, 21));
        let seen = office.read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
        let refused = go(&clubs, id, (clubs.world.an, 2, Some(seen.offered[0].id), "换班")).await;
        assert_eq!(refused, Err(MoveRefused::Step(StepRefused::At(Stage::Over))));
    }
}
