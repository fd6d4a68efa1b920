//! A child whose place ends: its seats go to whoever waits, from the morning after its last day.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use kehou_app::allocation::round::{self, SeatRefused, SeatStep};
use kehou_app::{enrolment, people};
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{
    ArrangeSeats, ChooseOfferings, EndService, KeepOwnAccount, KeepRoster, KeepRounds, ReadPlaces,
    ReadRounds, WithdrawChild,
};
use kehou_domain::allocation::round::{MoveRefused, PASSED_ON_FROM_HOUR, Setup, Way};
use kehou_domain::catalogue::Details;
use kehou_domain::ids::{RoundId, StudentId};
use kehou_domain::people::LeftWhy;
use kehou_domain::plan::Grades;

use super::world::{CLOSING, Clubs, club, on, seen, setup, write};
use crate::enrolment::world::{TUESDAY, doing};

const WEDNESDAY: Date = date(2026, 9, 9);

fn first_come() -> Setup {
    Setup { name: "第二轮".to_owned(), way: Way::FirstCome, beacon: String::new(), ..setup() }
}

async fn does(
    (family, when): (&Scope, Timestamp),
    of: (RoundId, StudentId),
    step: SeatStep,
) -> Result<(), SeatRefused> {
    let family = family.at_moment(when);
    family.act::<ChooseOfferings, _, _>(move |tx| round::change_seat(tx, of, step)).await.unwrap()
}

async fn leaves((family, when): (&Scope, Timestamp), child: StudentId, last_day: Date) {
    let family = family.at_moment(when);
    let left =
        family.act::<WithdrawChild, _, _>(move |tx| enrolment::leave(tx, child, last_day, "搬家")).await;
    assert_eq!(left.unwrap(), Ok(()));
}

/// What the job does in the morning of a day.
async fn morning(clubs: &Clubs<'_>, day: Date) -> u32 {
    let office = clubs.office(on(day, PASSED_ON_FROM_HOUR));
    office.act::<KeepRounds, _, _>(round::let_leavers_go).await.unwrap().unwrap()
}

/// The seats and the taken ones of each offering.
async fn seats(clubs: &Clubs<'_>, id: RoundId) -> Vec<(u16, u16)> {
    let seen = clubs.office(on(TUESDAY, 20)).read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await;
    seen.unwrap().offered.iter().map(|one| (one.listed.seats.capacity, one.listed.seats.taken)).collect()
}

async fn told(family: &Scope, when: Timestamp) -> Vec<String> {
    let inbox = family.at_moment(when).read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
    inbox.into_iter().map(|one| one.kind).collect()
}

/// An has the one seat of chess and Bo waits for it.
async fn with_line(clubs: &Clubs<'_>) -> RoundId {
    let (world, now) = (&clubs.world, on(TUESDAY, 20));
    let id = clubs.round(first_come()).await;
    clubs.announce(id, None).await.unwrap();
    for step in [SeatStep::Claim(0), SeatStep::Confirm(2)] {
        does((&world.sun, now), (id, world.an), step).await.unwrap();
    }
    does((&world.zhou, now), (id, world.bo), SeatStep::Claim(0)).await.unwrap();
    id
}

#[tokio::test]
async fn b6_the_seat_of_a_child_that_leaves_goes_to_the_first_in_line_the_morning_after() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = with_line(&clubs).await;
        let (an, bo) = ((id, world.an), (id, world.bo));
        leaves((&world.sun, on(TUESDAY, 21)), world.an, WEDNESDAY).await;
        let own = seen(&world.sun, world.an, on(TUESDAY, 21)).await;
        assert_eq!((own.held.len(), own.place_ends_on), (1, Some(WEDNESDAY)));
        assert_eq!(morning(&clubs, WEDNESDAY).await, 0, "it is the child's to the end of the day");
        assert_eq!(seen(&world.sun, world.an, on(WEDNESDAY, 8)).await.held.len(), 1);

        let (thursday, now) = (date(2026, 9, 10), on(date(2026, 9, 10), 8));
        assert_eq!(morning(&clubs, thursday).await, 1);
        assert_eq!(morning(&clubs, thursday).await, 0, "once");
        assert_eq!(seats(&clubs, id).await, [(1, 1), (5, 0), (5, 0)], "kept for the first in line");
        let until = on(thursday, PASSED_ON_FROM_HOUR) + SignedDuration::from_mins(30);
        assert_eq!(seen(&world.zhou, world.bo, now).await.line[0].offered_until, Some(until));
        assert!(told(&world.sun, now).await.contains(&"seat_ended_with_place".to_owned()));
        assert!(told(&world.zhou, now).await.contains(&"seat_offered".to_owned()));
        does((&world.zhou, until - SignedDuration::from_mins(1)), bo, SeatStep::Accept(0)).await.unwrap();
        assert_eq!(does((&world.sun, now), an, SeatStep::Confirm(2)).await, Err(SeatRefused::NotThere));

        let office = clubs.office(now);
        let changes = office.read::<ReadRounds, _>(move |tx| round::changes(tx, id)).await.unwrap();
        let (name, moved) = &changes[0];
        assert_eq!((changes.len(), name.as_str(), moved.to, moved.is_by_place()), (1, "孙安安", None, true));
        let moved = moved.id;
        let back = office.act::<ArrangeSeats, _, _>(move |tx| round::take_back(tx, (id, moved))).await;
        assert_eq!(back.unwrap(), Err(MoveRefused::NotTheLast));
    }
}

#[tokio::test]
async fn b6_a_child_that_leaves_waits_no_more_and_is_offered_nothing() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = with_line(&clubs).await;
        leaves((&world.zhou, on(TUESDAY, 21)), world.bo, TUESDAY).await;
        leaves((&world.sun, on(TUESDAY, 21)), world.an, TUESDAY).await;
        assert_eq!(morning(&clubs, WEDNESDAY).await, 1);
        assert_eq!(seats(&clubs, id).await, [(1, 0), (5, 0), (5, 0)], "nobody is left");
        assert!(!told(&world.zhou, on(WEDNESDAY, 8)).await.contains(&"seat_offered".to_owned()));
        assert_eq!(seen(&world.zhou, world.bo, on(WEDNESDAY, 8)).await.line, []);
    }
}

#[tokio::test]
async fn b6_a_seat_of_the_draw_goes_to_the_line_of_the_open_round() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let teacher = clubs.teacher("陶艺社", "13700000014").await;
        let clay =
            clubs.publish(Details { grades: Grades::of([1, 2, 3]), ..club("陶艺社", 2, 2, teacher) }).await;
        let first = clubs.round(setup()).await;
        clubs.announce(first, None).await.unwrap();
        write(&world.sun, (first, world.an), (2, "- 2 - - -")).await.unwrap();
        let (closed, evening) = (on(CLOSING, 21), on(CLOSING, 23));
        clubs.seal(first, closed).await.unwrap();
        clubs.draw(first, closed, ("7", None)).await.unwrap();
        clubs.publish_round(first, closed).await.unwrap();
        assert_eq!(seen(&world.sun, world.an, closed).await.seats, [(2, clay)]);

        let hours = (on(CLOSING, 22), on(date(2026, 9, 20), 20));
        let second = clubs.round(Setup { opens_at: hours.0, closes_at: hours.1, ..first_come() }).await;
        clubs.announce(second, None).await.unwrap();
        assert_eq!(seats(&clubs, second).await[2], (1, 0));
        let (bo, ping) = ((second, world.bo), (second, world.ping));
        for step in [SeatStep::Claim(2), SeatStep::Confirm(2)] {
            does((&world.zhou, evening), bo, step).await.unwrap();
        }
        does((&world.sun, evening), ping, SeatStep::Claim(2)).await.unwrap();
        leaves((&world.sun, evening), world.an, CLOSING).await;
        let sunday = date(2026, 9, 13);
        assert_eq!((morning(&clubs, sunday).await, morning(&clubs, sunday).await), (1, 0));
        assert_eq!(seats(&clubs, second).await[2], (2, 2), "one seat more, kept for the first in line");
        assert_eq!(seats(&clubs, first).await[2], (2, 1), "and nobody is put on it twice");
        let now = on(sunday, PASSED_ON_FROM_HOUR) + SignedDuration::from_mins(9);
        does((&world.sun, now), ping, SeatStep::Accept(2)).await.unwrap();
        // the draw stays as it was drawn
        let record = clubs.office(now).read::<ReadRounds, _>(move |tx| round::record(tx, first)).await;
        assert!(record.unwrap().unwrap().1.is_some());
    }
}

#[tokio::test]
async fn b6_a_seat_ends_however_the_place_does() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = with_line(&clubs).await;
        does((&world.zhou, on(TUESDAY, 20)), (id, world.bo), SeatStep::Claim(1)).await.unwrap();
        does((&world.zhou, on(TUESDAY, 20)), (id, world.bo), SeatStep::Confirm(2)).await.unwrap();
        let (an, bo) = (world.an, world.bo);
        doing::<KeepRoster, _>(&world.office, move |tx| people::note_leaving(tx, an, LeftWhy::Transferred))
            .await
            .unwrap();
        let places = world.office.read::<ReadPlaces, _>(enrolment::places).await.unwrap();
        let place = places.iter().find(|one| one.place.student == bo).unwrap().place.id;
        let last_day = date(2026, 9, 15);
        let ended = world
            .office
            .act::<EndService, _, _>(move |tx| enrolment::end_service(tx, place, last_day, "多次不按时接"))
            .await;
        assert_eq!(ended.unwrap(), Ok(()));
        assert_eq!(morning(&clubs, WEDNESDAY).await, 1, "whoever left the school");
        assert_eq!(morning(&clubs, last_day).await, 0);
        assert_eq!(morning(&clubs, date(2026, 9, 16)).await, 1, "whoever the school sent away");
        assert_eq!(seats(&clubs, id).await[1], (5, 0));
    }
}
