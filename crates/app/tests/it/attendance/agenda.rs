//! What waits for whom in the middle of a day, and after it.

use kehou_app::agenda::{self, Agenda};
use kehou_app::dismissal;
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{SeeOpenWork, WatchBoard};
use kehou_domain::agenda::{Matter, Waiting};
use kehou_domain::attendance::Said;
use kehou_domain::moment::instant;

use super::world::{TUESDAY, at, call, save, world};

async fn agenda(scope: &Scope) -> Agenda {
    scope.read::<SeeOpenWork, _>(agenda::agenda).await.unwrap()
}

/// The matters of the day that wait.
async fn of_the_day(scope: &Scope) -> Vec<Waiting> {
    let of_the_day = [Matter::ChildrenMissing, Matter::DaysUnclosed, Matter::RollsUncalled];
    let mut waiting = agenda(scope).await.waiting;
    waiting.retain(|waiting| of_the_day.contains(&waiting.matter));
    waiting
}

/// How many groups the board says somebody has to see to.
async fn asking(scope: &Scope) -> usize {
    let at = scope.at();
    let board = scope.read::<WatchBoard, _>(|tx| dismissal::board(tx, None)).await.unwrap();
    board.groups.iter().filter(|group| group.asks(at)).count()
}

fn one(matter: Matter) -> Waiting {
    Waiting { matter, count: 1 }
}

#[tokio::test]
async fn a9_a_roll_that_is_due_waits_and_then_the_child_that_is_missing() {
    for store in stores().await {
        let world = world(&store).await;
        let early = world.leader.at_moment(at(15, 0));
        assert_eq!(of_the_day(&early).await, []);
        assert_eq!(asking(&early).await, 0);
        assert_eq!(of_the_day(&world.leader).await, [one(Matter::RollsUncalled)]);
        assert_eq!(asking(&world.leader).await, 1, "and the board has the same");
        assert_eq!(of_the_day(&world.teacher).await, [one(Matter::RollsUncalled)]);
        assert_eq!(of_the_day(&world.other_teacher).await, []);

        save(&world.teacher, call(&[(1, Said::Absent)], Some(Said::Present))).await.unwrap().unwrap();
        assert_eq!(of_the_day(&world.leader).await, [one(Matter::ChildrenMissing)]);
        assert_eq!(asking(&world.leader).await, 0);
        // the same roll of the other school was not called
        assert_eq!(of_the_day(&world.west_leader).await, [one(Matter::RollsUncalled)]);
    }
}

#[tokio::test]
async fn h9_a_day_that_nobody_closed_waits_from_midnight_on() {
    for store in stores().await {
        let world = world(&store).await;
        let next_day = instant(TUESDAY.tomorrow().unwrap(), jiff::civil::time(0, 1, 0, 0));
        let after = world.leader.at_moment(next_day);
        assert_eq!(of_the_day(&after).await, [one(Matter::DaysUnclosed)]);
        assert_eq!(agenda(&after).await.unclosed, Some(TUESDAY));
    }
}
