//! First come with seats that are kept for families who cannot choose themselves (F11).

use jiff::{SignedDuration, Timestamp};
use kehou_app::allocation::round::{self, NewMove, SeatRefused, SeatStep, change_seat_for};
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{
    ArrangeSeats, ChooseOfferings, EnterWishes, KeepOwnAccount, KeepRounds, ReadRounds,
};
use kehou_domain::allocation::round::{Favours, MoveRefused, Seats, Seized, Setup, Way};
use kehou_domain::catalogue::Details;
use kehou_domain::ids::{OfferingId, RoundId, StudentId};
use kehou_domain::plan::Grades;
use tokio::task::JoinSet;

use super::world::{CLOSING, Clubs, club, on, setup};
use crate::enrolment::world::TUESDAY;

fn opened() -> Timestamp {
    on(TUESDAY, 19) + SignedDuration::from_mins(15)
}

/// A round of first come that keeps two seats of each offering, the robots with so many seats for every grade, and their
/// place in the list.
async fn open(clubs: &Clubs<'_>, capacity: u16) -> (RoundId, OfferingId, u32) {
    let teacher = clubs.teacher("机器人", "13700000015").await;
    let details = club("机器人社", 2, capacity, teacher);
    let robots = clubs.publish(Details { grades: Grades::of([1, 2, 3, 4]), ..details }).await;
    let favours = Favours { office_seats: 2, ..Favours::default() };
    let setup = Setup { way: Way::FirstCome, beacon: String::new(), favours, ..setup() };
    let id = clubs.round(setup).await;
    clubs.announce(id, None).await.unwrap();
    let read = clubs.world.office.read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
    let place = read.offered.iter().find(|one| one.id == robots).unwrap().listed.place;
    (id, robots, place)
}

async fn seats(clubs: &Clubs<'_>, (id, robots): (RoundId, OfferingId)) -> Seats {
    let read = clubs.world.office.read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
    read.offered.iter().find(|one| one.id == robots).unwrap().listed.seats
}

const fn counted(taken: u16, entered: u16) -> Seats {
    Seats { capacity: 3, taken, kept: 2, entered }
}

async fn claims(family: &Scope, of: (RoundId, StudentId), place: u32) -> Result<Seized, SeatRefused> {
    let family = family.at_moment(opened());
    family.act::<ChooseOfferings, _, _>(move |tx| round::claim(tx, of, place)).await.unwrap()
}

async fn step(family: &Scope, of: (RoundId, StudentId), step: SeatStep) -> Result<(), SeatRefused> {
    let family = family.at_moment(opened());
    family.act::<ChooseOfferings, _, _>(move |tx| round::change_seat(tx, of, step)).await.unwrap()
}

/// The school in the family's place.
async fn enters(clubs: &Clubs<'_>, of: (RoundId, StudentId), step: SeatStep) -> Result<(), SeatRefused> {
    let office = clubs.office(opened());
    office.act::<EnterWishes, _, _>(move |tx| change_seat_for(tx, of, step)).await.unwrap()
}

async fn offers(family: &Scope) -> usize {
    let inbox = family.at_moment(opened()).read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
    inbox.iter().filter(|one| one.kind == "seat_offered").count()
}

#[tokio::test]
async fn f11_a_kept_seat_goes_to_nobody_but_a_child_for_whom_the_school_claims() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let (id, robots, place) = open(&clubs, 3).await;
        let (world, of) = (&clubs.world, (id, robots));
        let (an, ping, bo) = ((id, world.an), (id, world.ping), (id, world.bo));
        let until = opened() + SignedDuration::from_mins(30);
        assert_eq!(claims(&world.sun, an, place).await, Ok(Seized::Seat(until)));
        assert_eq!(claims(&world.sun, ping, place).await, Ok(Seized::Line(0)), "two seats are free and kept");
        assert_eq!(seats(&clubs, of).await, counted(1, 0));
        assert_eq!(
            enters(&clubs, bo, SeatStep::Claim(place)).await,
            Ok(()),
            "whoever waits waits for others"
        );
        assert_eq!(seats(&clubs, of).await, counted(2, 1));

        // the seat that the school took is kept again, although somebody waits
        assert_eq!(enters(&clubs, bo, SeatStep::GiveUp(2)).await, Ok(()));
        assert_eq!((seats(&clubs, of).await, offers(&world.sun).await), (counted(1, 0), 0));
        let swept = clubs.office(opened()).act::<KeepRounds, _, _>(round::sweep).await.unwrap();
        assert_eq!((swept, offers(&world.sun).await), (Ok(0), 0));
        // one that a family gives up is offered to the family that waits
        assert_eq!(step(&world.sun, an, SeatStep::GiveUp(2)).await, Ok(()));
        assert_eq!((seats(&clubs, of).await, offers(&world.sun).await), (counted(1, 0), 1));
        assert_eq!(step(&world.sun, ping, SeatStep::Accept(place)).await, Ok(()));
        assert_eq!(seats(&clubs, of).await, counted(1, 0));
    }
}

#[tokio::test]
async fn f11_what_the_school_takes_uses_up_the_kept_seats_first() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let (id, robots, place) = open(&clubs, 3).await;
        let (world, of) = (&clubs.world, (id, robots));
        let (an, ping, bo) = ((id, world.an), (id, world.ping), (id, world.bo));
        // two kept ones and the other
        for child in [an, ping, bo] {
            assert_eq!(enters(&clubs, child, SeatStep::Claim(place)).await, Ok(()));
        }
        assert_eq!(seats(&clubs, of).await, counted(3, 3));
        assert_eq!(enters(&clubs, an, SeatStep::GiveUp(2)).await, Ok(()));
        assert_eq!(enters(&clubs, bo, SeatStep::GiveUp(2)).await, Ok(()));
        assert_eq!(seats(&clubs, of).await, counted(1, 1), "one of the two that are free is kept");
        let until = opened() + SignedDuration::from_mins(30);
        assert_eq!(claims(&world.zhou, bo, place).await, Ok(Seized::Seat(until)));
        assert_eq!(claims(&world.sun, an, place).await, Ok(Seized::Line(0)));
        assert_eq!(enters(&clubs, ping, SeatStep::GiveUp(2)).await, Ok(()));
        assert_eq!((seats(&clubs, of).await, offers(&world.sun).await), (counted(1, 0), 0));
    }
}

#[tokio::test]
async fn f11_a_kept_seat_that_is_given_up_goes_past_the_families_to_who_waits_by_the_school() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let (id, robots, place) = open(&clubs, 1).await;
        let world = &clubs.world;
        let (an, ping, bo) = ((id, world.an), (id, world.ping), (id, world.bo));
        let only = |taken, entered| Seats { capacity: 1, taken, kept: 1, entered };
        assert_eq!(enters(&clubs, an, SeatStep::Claim(place)).await, Ok(()));
        assert_eq!(claims(&world.zhou, bo, place).await, Ok(Seized::Line(0)));
        assert_eq!(enters(&clubs, ping, SeatStep::Claim(place)).await, Ok(()));
        assert_eq!(seats(&clubs, (id, robots)).await, only(1, 1));
        assert_eq!(enters(&clubs, an, SeatStep::GiveUp(2)).await, Ok(()));
        assert_eq!((offers(&world.zhou).await, offers(&world.sun).await), (0, 1));
        assert_eq!(step(&world.zhou, bo, SeatStep::Accept(place)).await, Err(SeatRefused::TooLate));
        assert_eq!(step(&world.sun, ping, SeatStep::Accept(place)).await, Ok(()));
        assert_eq!(seats(&clubs, (id, robots)).await, only(1, 1));
    }
}

#[tokio::test]
async fn f11_the_office_moves_nobody_into_a_kept_seat_before_the_round_closes() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let (id, robots, place) = open(&clubs, 3).await;
        let world = &clubs.world;
        claims(&world.sun, (id, world.an), place).await.unwrap();
        let reason = "家长来信".to_owned();
        let new = NewMove { student: world.bo, weekday: 2, to: Some(robots), reason };
        let early = new.clone();
        let office = clubs.office(opened());
        let moved = office.act::<ArrangeSeats, _, _>(move |tx| round::move_child(tx, id, &early)).await;
        assert_eq!(moved.unwrap(), Err(MoveRefused::KeptAlone));
        let office = clubs.office(on(CLOSING, 21));
        let moved = office.act::<ArrangeSeats, _, _>(move |tx| round::move_child(tx, id, &new)).await;
        assert!(moved.unwrap().is_ok(), "then nothing is kept any more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f11_however_families_and_the_school_arrive_the_kept_seats_are_the_schools() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let (id, robots, place) = open(&clubs, 3).await;
        let (world, of) = (&clubs.world, (id, robots));
        let mut tries = JoinSet::new();
        for (family, child) in [(&world.sun, world.an), (&world.sun, world.ping)].into_iter().cycle().take(12)
        {
            let family = family.at_moment(opened());
            tries.spawn(async move {
                let of = (id, child);
                let claimed =
                    family.act::<ChooseOfferings, _, _>(move |tx| round::claim(tx, of, place)).await;
                claimed.unwrap().map(|seized| matches!(seized, Seized::Seat(_)))
            });
        }
        for _ in 0..6 {
            let (office, bo) = (clubs.office(opened()), (id, world.bo));
            tries.spawn(async move {
                let step = SeatStep::Claim(place);
                let entered = office.act::<EnterWishes, _, _>(move |tx| change_seat_for(tx, bo, step));
                entered.await.unwrap().map(|()| true)
            });
        }
        let mut given = 0;
        while let Some(answer) = tries.join_next().await {
            given += usize::from(answer.unwrap() == Ok(true));
        }
        assert_eq!((given, seats(&clubs, of).await), (2, counted(2, 1)), "one family's, one of the school");
        let more = claims(&world.sun, (id, world.an), place).await;
        assert!(!matches!(more, Ok(Seized::Seat(_))), "the last one is kept: {more:?}");
    }
}
