//! The family says which day counts first when the week has no room for every day.

use jiff::SignedDuration;
use kehou_app::allocation::round::{self, AnswerReason, WriteRefused};
use kehou_app::allocation::{Statement, file, verify};
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{ChooseOfferings, ReadRounds};
use kehou_domain::allocation::round::{Method, Setup, WishFault, WishStep};
use kehou_domain::ids::{RoundId, StudentId};

use super::world::{CLOSING, Clubs, on, seen, setup, write};
use crate::enrolment::world::{TUESDAY, at};

async fn tap(family: &Scope, of: (RoundId, StudentId), step: WishStep) -> Result<(), WriteRefused> {
    let family = family.at_moment(at(TUESDAY) + SignedDuration::from_hours(2));
    family.act::<ChooseOfferings, _, _>(move |tx| round::change_wishes(tx, of, step)).await.unwrap()
}

#[tokio::test]
async fn f12_with_one_a_week_the_day_that_counts_first_is_granted_first() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let (world, closed) = (&clubs.world, on(CLOSING, 21));
        let id = clubs.round(setup()).await;
        clubs.announce(id, None).await.unwrap();
        // football on Tuesday and the choir on Thursday; both children want one a week
        for (family, child) in [(&world.sun, world.an), (&world.zhou, world.bo)] {
            write(family, (id, child), (1, "- 1 - 2 -")).await.unwrap();
        }
        let an = (id, world.an);
        assert_eq!(tap(&world.sun, an, WishStep::First(2)).await, Ok(()));
        assert_eq!(tap(&world.sun, an, WishStep::First(4)).await, Ok(()));
        let fault = tap(&world.sun, an, WishStep::First(6)).await;
        assert_eq!(fault, Err(WriteRefused::Faults(vec![WishFault::Week])));
        let list = seen(&world.sun, world.an, at(TUESDAY) + SignedDuration::from_hours(2)).await.list;
        assert_eq!(list.map(|list| list.week), Some(vec![4, 2]));
        clubs.seal(id, closed).await.unwrap();
        clubs.draw(id, closed, ("7", None)).await.unwrap();
        clubs.publish_round(id, closed).await.unwrap();

        let (an, bo) = (seen(&world.sun, world.an, closed).await, seen(&world.zhou, world.bo, closed).await);
        let weekdays = |own: &round::ChildRound| own.seats.iter().map(|(day, _)| *day).collect::<Vec<_>>();
        assert_eq!((weekdays(&an), weekdays(&bo)), (vec![4], vec![2]));
        let why: Vec<_> = an.answers.iter().map(|answer| (answer.place, answer.reason)).collect();
        assert_eq!(why, [(2, AnswerReason::Got), (1, AnswerReason::WeekFull)]);
        let line = |own: &round::ChildRound| own.receipt.clone().unwrap().sealed.unwrap().0;
        assert!(line(&an).ends_with(" - 1 - 2 - week=3,1"), "{}", line(&an));
        assert!(line(&bo).ends_with(" - 1 - 2 -"), "{}", line(&bo));
        let office = clubs.office(closed);
        let (market, result) =
            office.read::<ReadRounds, _>(move |tx| round::record(tx, id)).await.unwrap().unwrap();
        let statement = Statement::read(result.unwrap().as_bytes()).unwrap();
        assert_eq!(verify(&file::read(market.as_bytes()).unwrap(), &statement), Ok(()));
    }
}

#[tokio::test]
async fn no_day_counts_first_where_the_most_seats_are_filled() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let id = clubs.round(Setup { method: Method::MostSeats, ..setup() }).await;
        clubs.announce(id, None).await.unwrap();
        let refused = tap(&clubs.world.sun, (id, clubs.world.an), WishStep::First(4)).await;
        assert_eq!(refused, Err(WriteRefused::Faults(vec![WishFault::Week])));
    }
}
