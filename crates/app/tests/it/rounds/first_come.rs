//! First come: never one seat too many, no child twice, and what becomes free goes to whoever waits.

use jiff::{SignedDuration, Timestamp};
use kehou_app::allocation::round::{self, SeatRefused, SeatStep};
use kehou_db::testing::stores;
use kehou_db::{Failed, Scope, Tx};
use kehou_domain::access::{ChooseOfferings, KeepOwnAccount, KeepRounds, ReadRounds};
use kehou_domain::allocation::round::{ClaimRefused, Seized, Setup, Stage, StepRefused, Way};
use kehou_domain::ids::{RoundId, StudentId};
use tokio::task::JoinSet;

use super::world::{CLOSING, Clubs, on, seen, setup};
use crate::enrolment::world::TUESDAY;

/// A quarter past the opening.
fn opened() -> Timestamp {
    on(TUESDAY, 19) + SignedDuration::from_mins(15)
}

async fn open(clubs: &Clubs<'_>) -> RoundId {
    let id = clubs.round(Setup { way: Way::FirstCome, beacon: String::new(), ..setup() }).await;
    clubs.announce(id, None).await.unwrap();
    id
}

async fn claim(
    family: &Scope,
    (round, student): (RoundId, StudentId),
    (place, when): (u32, Timestamp),
) -> Result<Seized, SeatRefused> {
    family
        .at_moment(when)
        .act::<ChooseOfferings, _, _>(move |tx| round::claim(tx, (round, student), place))
        .await
        .unwrap()
}

async fn does(
    family: &Scope,
    when: Timestamp,
    act: impl Fn(&mut Tx<ChooseOfferings>) -> Result<(), Failed<SeatRefused>> + Send + Sync + 'static,
) -> Result<(), SeatRefused> {
    let family = family.at_moment(when);
    family.act::<ChooseOfferings, _, _>(act).await.unwrap()
}

async fn sweep(clubs: &Clubs<'_>, when: Timestamp) -> Result<u32, ()> {
    let office = clubs.office(when);
    office.act::<KeepRounds, _, _>(round::sweep).await.unwrap()
}

async fn taken(clubs: &Clubs<'_>, id: RoundId) -> Vec<u16> {
    let seen = clubs.office(opened()).read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
    seen.offered.iter().map(|one| one.listed.seats.taken).collect()
}

#[tokio::test]
async fn a_seat_is_held_confirmed_and_given_up_to_the_first_in_line() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = open(&clubs).await;
        let (an, bo) = ((id, world.an), (id, world.bo));
        let until = opened() + SignedDuration::from_mins(30);
        assert_eq!(claim(&world.sun, an, (0, opened())).await, Ok(Seized::Seat(until)));
        assert_eq!(claim(&world.zhou, bo, (0, opened())).await, Ok(Seized::Line(0)));
        let again = claim(&world.zhou, bo, (0, opened())).await;
        assert_eq!(again, Err(SeatRefused::Claim(ClaimRefused::Already)));
        let same_day = claim(&world.sun, an, (1, opened())).await;
        assert_eq!(same_day, Err(SeatRefused::Claim(ClaimRefused::DayTaken)));
        assert_eq!(claim(&world.zhou, bo, (1, opened())).await, Ok(Seized::Seat(until)));
        assert_eq!(taken(&clubs, id).await, [1, 1, 0]);

        let now = opened() + SignedDuration::from_mins(5);
        let confirmed =
            does(&world.sun, now, move |tx| round::change_seat(tx, an, SeatStep::Confirm(2))).await;
        assert_eq!(confirmed, Ok(()));
        let given_up = does(&world.sun, now, move |tx| round::change_seat(tx, an, SeatStep::GiveUp(2))).await;
        assert_eq!(given_up, Ok(()));
        assert_eq!(taken(&clubs, id).await, [1, 1, 0], "the seat is kept for the first in line");
        let told = world.zhou.at_moment(now).read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        assert_eq!(told[0].kind, "seat_offered");
        let accepted =
            does(&world.zhou, now, move |tx| round::change_seat(tx, bo, SeatStep::Accept(0))).await;
        assert_eq!(accepted, Ok(()));
        assert_eq!(taken(&clubs, id).await, [1, 0, 0], "football is free again");
        let over = on(CLOSING, 21);
        clubs.publish_round(id, over).await.unwrap();
        let own = seen(&world.zhou, world.bo, over).await;
        assert_eq!(own.seats, [(2, own.offered[0].id)]);
        assert_eq!(own.stage, Stage::Published);
    }
}

#[tokio::test]
async fn what_is_not_confirmed_in_time_goes_to_whoever_waits_and_an_offer_lapses_too() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = open(&clubs).await;
        claim(&world.sun, (id, world.an), (0, opened())).await.unwrap();
        claim(&world.zhou, (id, world.bo), (0, opened())).await.unwrap();
        let late = opened() + SignedDuration::from_mins(31);
        assert_eq!(sweep(&clubs, opened()).await, Ok(0));
        assert_eq!(sweep(&clubs, late).await, Ok(1));
        let an = (id, world.an);
        let confirm =
            does(&world.sun, late, move |tx| round::change_seat(tx, an, SeatStep::Confirm(2))).await;
        assert_eq!(confirm, Err(SeatRefused::NotThere));
        let later = late + SignedDuration::from_mins(31);
        let bo = (id, world.bo);
        let accept =
            does(&world.zhou, later, move |tx| round::change_seat(tx, bo, SeatStep::Accept(0))).await;
        assert_eq!(accept, Err(SeatRefused::TooLate));
        assert_eq!(sweep(&clubs, later).await, Ok(1));
        assert_eq!(taken(&clubs, id).await, [0, 0, 0]);
        let wait = does(&world.zhou, later, move |tx| round::change_seat(tx, bo, SeatStep::Leave(0))).await;
        assert_eq!(wait, Err(SeatRefused::NotThere));
    }
}

#[tokio::test]
async fn a_claim_outside_the_window_or_of_a_ranked_round_is_refused_honestly() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = open(&clubs).await;
        let early = claim(&world.sun, (id, world.an), (0, on(TUESDAY, 18))).await;
        assert_eq!(early, Err(SeatRefused::Claim(ClaimRefused::At(Stage::Announced))));
        let late = claim(&world.sun, (id, world.an), (0, on(CLOSING, 20))).await;
        assert_eq!(late, Err(SeatRefused::Claim(ClaimRefused::At(Stage::Over))));
        assert_eq!(clubs.seal(id, on(CLOSING, 21)).await, Err(StepRefused::NoDraw));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn however_they_arrive_there_is_one_seat_for_one_child() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = open(&clubs).await;
        let mut tries = JoinSet::new();
        for (family, child) in [(&world.sun, world.an), (&world.zhou, world.bo)].into_iter().cycle().take(16)
        {
            let family = family.at_moment(opened());
            tries.spawn(async move {
                family.act::<ChooseOfferings, _, _>(move |tx| round::claim(tx, (id, child), 0)).await.unwrap()
            });
        }
        let mut seats = 0;
        while let Some(answer) = tries.join_next().await {
            let answer = answer.unwrap();
            match answer {
                Ok(Seized::Seat(_)) => seats += 1,
                Ok(Seized::Line(_)) => {}
                Err(SeatRefused::Claim(why)) => {
                    let is_honest = ClaimRefused::DayTaken == why || ClaimRefused::Already == why;
                    assert!(is_honest, "{why:?}");
                }
                Err(why) => panic!("{why:?}"),
            }
        }
        assert_eq!((seats, taken(&clubs, id).await), (1, vec![1, 0, 0]));
    }
}
