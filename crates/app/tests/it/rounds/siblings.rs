//! A child whose list says so goes where its sibling is, for a free seat alone (6 A).

use jiff::SignedDuration;
use kehou_app::allocation::round::{self, AnswerReason, Cause, WriteRefused};
use kehou_app::allocation::{Statement, file, verify};
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{ChooseOfferings, ReadRounds};
use kehou_domain::allocation::round::{Favours, Setup, WishFault, WishStep};
use kehou_domain::catalogue::Details;
use kehou_domain::ids::{OfferingId, RoundId, StudentId};
use kehou_domain::plan::Grades;

use super::world::{CLOSING, Clubs, club, on, seen, setup, write};
use crate::enrolment::world::{TUESDAY, at};

/// What a family reads of its two wishes in a round that heeds siblings, or not.
struct Told {
    seats: Vec<(i8, OfferingId)>,
    why: Vec<AnswerReason>,
}

async fn tap(family: &Scope, of: (RoundId, StudentId)) -> Result<(), WriteRefused> {
    let family = family.at_moment(at(TUESDAY) + SignedDuration::from_hours(2));
    let step = WishStep::Beside(true);
    family.act::<ChooseOfferings, _, _>(move |tx| round::change_wishes(tx, of, step)).await.unwrap()
}

/// Robots and clay on Tuesday for every grade, with so many seats for robots.
async fn offered(clubs: &Clubs<'_>, robots: u16) -> [OfferingId; 2] {
    let mut ids = Vec::new();
    for (title, capacity, phone) in [("机器人社", robots, "13700000015"), ("陶艺社", 3, "13700000016")]
    {
        let teacher = clubs.teacher(title, phone).await;
        let details = club(title, 2, capacity, teacher);
        ids.push(clubs.publish(Details { grades: Grades::of([1, 2, 3, 4]), ..details }).await);
    }
    [ids[0], ids[1]]
}

async fn places(clubs: &Clubs<'_>, id: RoundId, of: [OfferingId; 2]) -> [u32; 2] {
    let read = clubs.world.office.read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
    of.map(|wanted| read.offered.iter().find(|one| one.id == wanted).unwrap().listed.place)
}

/// The sister wishes for robots, the brother for clay before robots, and somebody else for clay.
async fn drawn(clubs: &Clubs<'_>, id: RoundId, of: [OfferingId; 2]) -> Told {
    let (world, closed) = (&clubs.world, on(CLOSING, 21));
    let [robots, clay] = places(clubs, id, of).await;
    write(&world.sun, (id, world.an), (1, &format!("- {robots} - - -"))).await.unwrap();
    write(&world.sun, (id, world.ping), (1, &format!("- {clay},{robots} - - -"))).await.unwrap();
    write(&world.zhou, (id, world.bo), (1, &format!("- {clay} - - -"))).await.unwrap();
    tap(&world.sun, (id, world.ping)).await.unwrap();
    clubs.seal(id, closed).await.unwrap();
    clubs.draw(id, closed, ("7", None)).await.unwrap();
    clubs.publish_round(id, closed).await.unwrap();
    let own = seen(&world.sun, world.ping, closed).await;
    Told { seats: own.seats, why: own.answers.iter().map(|answer| answer.reason).collect() }
}

fn heeding() -> Setup {
    Setup { favours: Favours { beside: true, ..Favours::default() }, ..setup() }
}

#[tokio::test]
async fn a_brother_goes_where_his_sister_is_and_reads_why() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let [robots, clay] = offered(&clubs, 3).await;
        let id = clubs.round(heeding()).await;
        clubs.announce(id, None).await.unwrap();
        let told = drawn(&clubs, id, [robots, clay]).await;
        assert_eq!(told.seats, [(2, robots)]);
        assert_eq!(told.why, [AnswerReason::LeftForSibling, AnswerReason::BesideSibling]);
        let office = clubs.office(on(CLOSING, 21));
        let taken = office.read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
        let taken = [robots, clay]
            .map(|wanted| taken.offered.iter().find(|one| one.id == wanted).unwrap().listed.seats.taken);
        assert_eq!(taken, [2, 1]);
        let moved = office.read::<ReadRounds, _>(move |tx| round::changes(tx, id)).await.unwrap();
        assert_eq!(moved.len(), 1);
        assert_eq!(
            (moved[0].1.cause, moved[0].1.from, moved[0].1.to),
            (Cause::Siblings, Some(clay), Some(robots))
        );
        let (market, result) =
            office.read::<ReadRounds, _>(move |tx| round::record(tx, id)).await.unwrap().unwrap();
        assert_eq!(market.lines().filter(|line| line.ends_with(" with=sibling")).count(), 1, "{market}");
        let statement = Statement::read(result.unwrap().as_bytes()).unwrap();
        assert_eq!(verify(&file::read(market.as_bytes()).unwrap(), &statement), Ok(()), "the draw itself");
    }
}

#[tokio::test]
async fn without_a_free_seat_he_keeps_what_he_drew() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let [robots, clay] = offered(&clubs, 1).await;
        let id = clubs.round(heeding()).await;
        clubs.announce(id, None).await.unwrap();
        let told = drawn(&clubs, id, [robots, clay]).await;
        assert_eq!(told.seats, [(2, clay)]);
        assert_eq!(told.why[0], AnswerReason::Got);
    }
}

#[tokio::test]
async fn a_round_that_heeds_no_siblings_takes_no_such_wish() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let id = clubs.round(setup()).await;
        clubs.announce(id, None).await.unwrap();
        let refused = tap(&clubs.world.sun, (id, clubs.world.ping)).await;
        assert_eq!(refused, Err(WriteRefused::Faults(vec![WishFault::Beside])));
    }
}
