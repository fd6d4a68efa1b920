//! What meets on several days is given as a whole, and takes its days from everything else.

use jiff::{SignedDuration, Timestamp};
use kehou_app::allocation::round::{self, AnswerReason, NewMove, SeatRefused, SeatStep};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{ArrangeSeats, ChooseOfferings, KeepRounds, ReadRounds};
use kehou_domain::allocation::round::{ClaimRefused, MoveRefused, Setup, Way, WishFault};
use kehou_domain::ids::{MoveId, OfferingId, RoundId, StudentId};

use super::world::{CLOSING, Clubs, on, seen, setup, write};
use crate::enrolment::world::TUESDAY;

/// Places of the list: chess, the band and football on Tuesday, the choir on Thursday.
const CHESS: usize = 0;
const BAND: usize = 1;
const CHOIR: usize = 3;

async fn offers(clubs: &Clubs<'_>, id: RoundId) -> Vec<(OfferingId, u16)> {
    let read = clubs.world.office.read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
    read.offered.iter().map(|one| (one.id, one.listed.seats.taken)).collect()
}

async fn go(
    clubs: &Clubs<'_>,
    id: RoundId,
    (student, weekday, to): (StudentId, i8, Option<OfferingId>),
) -> Result<Result<MoveId, MoveRefused>, Error> {
    let new = NewMove { student, weekday, to, reason: "家长来电".to_owned() };
    let office = clubs.office(on(CLOSING, 21));
    office.act::<ArrangeSeats, _, _>(move |tx| round::move_child(tx, id, &new)).await
}

/// Days and offerings of a child's seats, as the office reads them.
async fn seats(clubs: &Clubs<'_>, id: RoundId, child: StudentId) -> Vec<(i8, OfferingId)> {
    let read = clubs.world.office.read::<ReadRounds, _>(move |tx| round::applicants(tx, id)).await.unwrap();
    read.into_iter().find(|one| one.student == child).map(|one| one.seats).unwrap_or_default()
}

#[tokio::test]
async fn f12_a_band_of_two_days_is_drawn_for_first_and_moved_as_a_whole() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        clubs.band().await;
        let world = &clubs.world;
        let id = clubs.round(setup()).await;
        clubs.announce(id, None).await.unwrap();
        for (family, child) in [(&world.sun, world.an), (&world.zhou, world.bo)] {
            write(family, (id, child), (2, "- 1,0 - 3 -")).await.unwrap();
        }
        let closed = on(CLOSING, 21);
        clubs.seal(id, closed).await.unwrap();
        clubs.draw(id, closed, ("7", None)).await.unwrap();
        clubs.publish_round(id, closed).await.unwrap();
        let offers = offers(&clubs, id).await;
        let (band, choir) = (offers[BAND].0, offers[CHOIR].0);
        assert_eq!((offers[BAND].1, offers[CHESS].1, offers[CHOIR].1), (1, 1, 1));

        let an = seen(&world.sun, world.an, closed).await;
        let (lucky, other) =
            if an.seats == [(2, band)] { (world.an, world.bo) } else { (world.bo, world.an) };
        let family = if lucky == world.an { &world.sun } else { &world.zhou };
        let reasons: Vec<_> =
            seen(family, lucky, closed).await.answers.iter().map(|one| one.reason).collect();
        assert!(reasons.contains(&AnswerReason::MoreDaysUsed(1)), "{reasons:?}");
        assert_eq!(seats(&clubs, id, lucky).await, [(2, band), (4, band)]);
        assert_eq!(seats(&clubs, id, other).await, [(2, offers[CHESS].0), (4, choir)]);

        let second_day = go(&clubs, id, (lucky, 4, None)).await;
        assert!(matches!(second_day, Err(Error::NotFound)), "moved on its first day: {second_day:?}");
        let moved = go(&clubs, id, (lucky, 2, None)).await.unwrap().unwrap();
        assert_eq!(seats(&clubs, id, lucky).await, []);
        let refused = go(&clubs, id, (other, 2, Some(band))).await.unwrap();
        assert_eq!(refused, Err(MoveRefused::Wish(WishFault::DayTaken(4))));
        go(&clubs, id, (other, 4, None)).await.unwrap().unwrap();
        go(&clubs, id, (other, 2, Some(band))).await.unwrap().unwrap();
        assert_eq!(seats(&clubs, id, other).await, [(2, band), (4, band)]);
        let office = clubs.office(closed);
        let back = office.act::<ArrangeSeats, _, _>(move |tx| round::take_back(tx, (id, moved)));
        assert_eq!(back.await.unwrap(), Err(MoveRefused::Full));
    }
}

/// A quarter past the opening.
fn opened() -> Timestamp {
    on(TUESDAY, 19) + SignedDuration::from_mins(15)
}

async fn step(family: &Scope, of: (RoundId, StudentId), step: SeatStep) -> Result<(), SeatRefused> {
    let family = family.at_moment(opened());
    family.act::<ChooseOfferings, _, _>(move |tx| round::change_seat(tx, of, step)).await.unwrap()
}

#[tokio::test]
async fn a_band_of_two_days_is_claimed_and_given_up_as_one_seat() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        clubs.band().await;
        let world = &clubs.world;
        let id = clubs.round(Setup { way: Way::FirstCome, beacon: String::new(), ..setup() }).await;
        clubs.announce(id, None).await.unwrap();
        let (an, bo) = ((id, world.an), (id, world.bo));
        step(&world.sun, an, SeatStep::Claim(1)).await.unwrap();
        let taken = step(&world.sun, an, SeatStep::Claim(3)).await;
        assert_eq!(taken, Err(SeatRefused::Claim(ClaimRefused::DayTaken)));
        let band = offers(&clubs, id).await[BAND];
        assert_eq!((seats(&clubs, id, world.an).await, band.1), (vec![(2, band.0), (4, band.0)], 1));
        assert_eq!(seen(&world.sun, world.an, opened()).await.held.len(), 1);

        step(&world.zhou, bo, SeatStep::Claim(3)).await.unwrap();
        step(&world.zhou, bo, SeatStep::Claim(0)).await.unwrap();
        step(&world.sun, an, SeatStep::Confirm(4)).await.unwrap();
        step(&world.sun, an, SeatStep::GiveUp(4)).await.unwrap();
        assert_eq!(seats(&clubs, id, world.an).await, []);
        assert_eq!(offers(&clubs, id).await[BAND].1, 0);

        step(&world.sun, an, SeatStep::Claim(1)).await.unwrap();
        let late = opened() + SignedDuration::from_mins(31);
        let swept = clubs.office(late).act::<KeepRounds, _, _>(round::sweep).await.unwrap();
        assert_eq!(swept, Ok(3), "the band once, chess and the choir");
        assert!(offers(&clubs, id).await.iter().all(|(_, taken)| *taken == 0));
    }
}

#[tokio::test]
async fn whoever_accepts_a_band_of_two_days_gives_both_up() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        clubs.band().await;
        let world = &clubs.world;
        let id = clubs.round(Setup { way: Way::FirstCome, beacon: String::new(), ..setup() }).await;
        clubs.announce(id, None).await.unwrap();
        let (an, bo) = ((id, world.an), (id, world.bo));
        step(&world.sun, an, SeatStep::Claim(1)).await.unwrap();
        step(&world.zhou, bo, SeatStep::Claim(1)).await.unwrap();
        step(&world.zhou, bo, SeatStep::Claim(0)).await.unwrap();
        step(&world.zhou, bo, SeatStep::Claim(3)).await.unwrap();
        step(&world.sun, an, SeatStep::GiveUp(2)).await.unwrap();
        step(&world.zhou, bo, SeatStep::Accept(1)).await.unwrap();
        let offers = offers(&clubs, id).await;
        let taken: Vec<u16> = offers.iter().map(|(_, taken)| *taken).collect();
        assert_eq!(taken, [0, 1, 0, 0]);
        assert_eq!(seats(&clubs, id, world.bo).await, [(2, offers[BAND].0), (4, offers[BAND].0)]);
    }
}
