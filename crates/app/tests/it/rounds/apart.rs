//! Offerings of which no child has both: declared in the catalogue, kept apart in every round of their slot.

use jiff::{SignedDuration, Timestamp};
use kehou_app::allocation::round::{self, AnswerReason, NewMove, SeatRefused};
use kehou_app::allocation::{Statement, file, verify};
use kehou_app::catalogue;
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{
    ArrangeSeats, ChooseOfferings, KeepOfferings, KeepRounds, ReadOfferings, ReadRounds,
};
use kehou_domain::allocation::round::{
    ApartRefused, ClaimRefused, MoveRefused, Seized, Setup, Way, WishFault,
};
use kehou_domain::ids::{OfferingId, RoundId, StudentId};

use super::world::{CLOSING, Clubs, on, seen, setup, write};
use crate::enrolment::world::TUESDAY;

/// Places of the list: chess and football on Tuesday, the choir on Thursday.
const FOOTBALL: usize = 1;
const CHOIR: usize = 2;

async fn offered(clubs: &Clubs<'_>) -> [OfferingId; 3] {
    let read = clubs.world.office.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await;
    let lines = read.unwrap().unwrap().lines;
    ["围棋社", "足球社", "合唱团"]
        .map(|title| lines.iter().find(|line| line.offering.details.title == title).unwrap().offering.id)
}

async fn apart(office: &Scope, pair: (OfferingId, OfferingId)) -> Result<Result<(), ApartRefused>, Error> {
    office.act::<KeepOfferings, _, _>(move |tx| round::keep_apart(tx, pair)).await
}

async fn together(office: &Scope, pair: (OfferingId, OfferingId)) -> Result<Result<(), ApartRefused>, Error> {
    office.act::<KeepOfferings, _, _>(move |tx| round::let_together(tx, pair)).await
}

/// What is apart from the offering, as its page shows it.
async fn declared(office: &Scope, id: OfferingId) -> Vec<OfferingId> {
    let beside = office.read::<ReadOfferings, _>(move |tx| catalogue::beside(tx, id)).await.unwrap();
    beside.into_iter().filter(|one| one.is_apart).map(|one| one.id).collect()
}

async fn record(clubs: &Clubs<'_>, id: RoundId) -> (String, Option<String>) {
    let office = clubs.office(on(CLOSING, 21));
    office.read::<ReadRounds, _>(move |tx| round::record(tx, id)).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_is_apart_is_declared_once_and_not_changed_while_families_choose() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let [chess, football, choir] = offered(&clubs).await;
        let office = &clubs.world.office;
        assert_eq!(apart(office, (football, choir)).await.unwrap(), Ok(()));
        assert_eq!(apart(office, (choir, football)).await.unwrap(), Ok(()), "said again");
        assert_eq!(apart(office, (choir, choir)).await.unwrap(), Err(ApartRefused::Same));
        for (one, other) in [(football, choir), (choir, football)] {
            assert_eq!(declared(office, one).await, [other]);
        }
        assert_eq!(together(office, (choir, football)).await.unwrap(), Ok(()));
        assert!(matches!(together(office, (choir, football)).await, Err(Error::NotFound)));
        assert_eq!(declared(office, choir).await, []);

        let id = clubs.round(setup()).await;
        clubs.announce(id, None).await.unwrap();
        assert_eq!(apart(office, (chess, choir)).await.unwrap(), Err(ApartRefused::Choosing(1)));
    }
}

#[tokio::test]
async fn e4_a_family_ranks_both_gets_one_and_reads_why() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let [chess, football, choir] = offered(&clubs).await;
        let (world, closed) = (&clubs.world, on(CLOSING, 21));
        apart(&world.office, (football, choir)).await.unwrap().unwrap();
        let id = clubs.round(setup()).await;
        clubs.announce(id, None).await.unwrap();
        write(&world.sun, (id, world.an), (2, "- 1 - 2 -")).await.unwrap();
        write(&world.zhou, (id, world.bo), (1, "- - - 2 -")).await.unwrap();
        clubs.seal(id, closed).await.unwrap();
        clubs.draw(id, closed, ("7", None)).await.unwrap();
        clubs.publish_round(id, closed).await.unwrap();
        let (market, result) = record(&clubs, id).await;
        let lines: Vec<&str> = market.lines().filter(|line| line.contains("apart=")).collect();
        assert_eq!((lines.len(), lines[0].ends_with(" apart=1")), (1, true), "{market}");
        let statement = Statement::read(result.unwrap().as_bytes()).unwrap();
        assert_eq!(verify(&file::read(market.as_bytes()).unwrap(), &statement), Ok(()));
        let own = seen(&world.sun, world.an, closed).await;
        assert_eq!(own.seats, [(2, football)]);
        let why: Vec<AnswerReason> = own.answers.iter().map(|answer| answer.reason).collect();
        assert_eq!(why, [AnswerReason::Got, AnswerReason::ApartFrom(1)]);

        let reason = "家长来电".to_owned();
        let new = NewMove { student: world.an, weekday: 4, to: Some(choir), reason };
        let office = clubs.office(closed);
        let moved = office.act::<ArrangeSeats, _, _>(move |tx| round::move_child(tx, id, &new)).await;
        assert_eq!(moved.unwrap(), Err(MoveRefused::Apart(football)));

        // in a second round the child has football already
        let later = closed + SignedDuration::from_hours(24);
        let second = Setup { opens_at: closed, closes_at: later, name: "第二轮".to_owned(), ..setup() };
        let term = clubs.term;
        let second = office
            .act::<KeepRounds, _, _>(move |tx| round::create(tx, term, &second))
            .await
            .unwrap()
            .unwrap();
        let announced = office.act::<KeepRounds, _, _>(move |tx| round::announce(tx, second, None)).await;
        announced.unwrap().unwrap();
        let own = seen(&world.sun, world.an, closed).await;
        let place = own.offered.iter().find(|one| one.id == choir).unwrap().listed.place;
        let choir_on = own.choosable.iter().find(|one| one.place == place).unwrap();
        assert_eq!(own.chooser.may_have(choir_on), Err(WishFault::Apart(place, football)));
        let (free, list) = (own.offered.iter().any(|one| one.id == chess), own.list);
        assert_eq!((free, list), (true, None));
    }
}

async fn claim(
    family: &Scope,
    of: (RoundId, StudentId),
    (place, when): (usize, Timestamp),
) -> Result<Seized, SeatRefused> {
    let place = u32::try_from(place).unwrap();
    let family = family.at_moment(when);
    family.act::<ChooseOfferings, _, _>(move |tx| round::claim(tx, of, place)).await.unwrap()
}

#[tokio::test]
async fn whoever_comes_first_has_one_of_two_that_are_apart() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let [_, football, choir] = offered(&clubs).await;
        let world = &clubs.world;
        apart(&world.office, (choir, football)).await.unwrap().unwrap();
        let id = clubs.round(Setup { way: Way::FirstCome, beacon: String::new(), ..setup() }).await;
        clubs.announce(id, None).await.unwrap();
        let (own, opened) = ((id, world.an), on(TUESDAY, 19));
        assert!(matches!(claim(&world.sun, own, (FOOTBALL, opened)).await, Ok(Seized::Seat(_))));
        let refused = claim(&world.sun, own, (CHOIR, opened)).await;
        assert_eq!(refused, Err(SeatRefused::Claim(ClaimRefused::Apart(football))));
    }
}
