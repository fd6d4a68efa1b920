//! From a round to the afternoon: whoever gets, loses or changes a seat sits there from the next day on.

use jiff::civil::{Date, date};
use kehou_app::allocation::round::{self, NewMove, SeatStep};
use kehou_app::attendance::{self, NoPlan, Status};
use kehou_db::sql;
use kehou_db::testing::stores;
use kehou_domain::access::{
    ArrangeSeats, ChooseOfferings, KeepOwnAccount, PrepareDay, ReadRounds, ReadSessions,
};
use kehou_domain::allocation::round::{Setup, Way};
use kehou_domain::ids::{MoveId, OfferingId, RoundId, StudentId};

use super::world::{CLOSING, Clubs, on, setup};
use crate::enrolment::world::TUESDAY;

/// Two Tuesdays of service, a week apart, and one after them.
const DAYS: [Date; 3] = [date(2026, 10, 13), date(2026, 10, 20), date(2026, 10, 27)];

/// Makes a day on a day; each group that meets with how many children it has.
async fn made(clubs: &Clubs<'_>, today: Date, day: Date) -> Vec<(String, u32)> {
    let scope = clubs.world.principal.at_moment(on(today, 12));
    let made = scope.act::<PrepareDay, _, NoPlan>(move |tx| attendance::prepare_day(tx, day)).await;
    made.unwrap().unwrap();
    let cards = scope.read::<ReadSessions, _>(move |tx| attendance::sessions(tx, day)).await.unwrap();
    let held = cards.into_iter().filter(|card| card.session.status != Status::Cancelled);
    let clubs = held.filter(|card| card.session.class.is_none());
    clubs.map(|card| (card.session.group_name, card.counts.expected)).collect()
}

fn groups(expected: &[(&str, u32)]) -> Vec<(String, u32)> {
    expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// The child takes a seat of the open round and confirms it.
async fn takes(clubs: &Clubs<'_>, id: RoundId, (student, place): (StudentId, u32)) {
    let family = if student == clubs.world.an { &clubs.world.sun } else { &clubs.world.zhou };
    let family = family.at_moment(on(TUESDAY, 20));
    let own = (id, student);
    family.act::<ChooseOfferings, _, _>(move |tx| round::claim(tx, own, place)).await.unwrap().unwrap();
    let confirm = SeatStep::Confirm(2);
    family
        .act::<ChooseOfferings, _, _>(move |tx| round::change_seat(tx, own, confirm))
        .await
        .unwrap()
        .unwrap();
}

async fn moved(clubs: &Clubs<'_>, day: Date, id: RoundId, to: OfferingId) -> MoveId {
    let new =
        NewMove { student: clubs.world.an, weekday: 2, to: Some(to), reason: "家长来电".to_owned() };
    clubs
        .office(on(day, 11))
        .act::<ArrangeSeats, _, _>(move |tx| round::move_child(tx, id, &new))
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn e4_g1_a_seat_from_a_round_and_a_move_by_hand_seat_a_child_from_the_next_day_on() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let system = store.system("east", on(TUESDAY, 9)).await;
        let opened = system.act::<KeepOwnAccount, u64, ()>(|tx| {
            Ok(tx.run(sql!("update term set status = 'open' where school_id = $1"), &[])?)
        });
        assert_eq!(opened.await.unwrap(), Ok(1));
        let id = clubs.round(Setup { way: Way::FirstCome, beacon: String::new(), ..setup() }).await;
        clubs.announce(id, None).await.unwrap();
        takes(&clubs, id, (clubs.world.an, 0)).await;
        clubs.publish_round(id, on(CLOSING, 21)).await.unwrap();
        let seen =
            clubs.office(on(CLOSING, 21)).read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await;
        let football = seen.unwrap().offered[1].id;

        assert_eq!(made(&clubs, DAYS[0], DAYS[0]).await, groups(&[("围棋社", 1)]));
        let by_hand = moved(&clubs, DAYS[0], id, football).await;
        assert_eq!(made(&clubs, DAYS[0], DAYS[0]).await, groups(&[("围棋社", 1)]));
        assert_eq!(made(&clubs, DAYS[0], DAYS[1]).await, groups(&[("足球社", 1)]));

        let office = clubs.office(on(DAYS[1], 11));
        office
            .act::<ArrangeSeats, _, _>(move |tx| round::take_back(tx, (id, by_hand)))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(made(&clubs, DAYS[1], DAYS[1]).await, groups(&[("足球社", 1)]));
        assert_eq!(made(&clubs, DAYS[1], DAYS[2]).await, groups(&[("围棋社", 1)]));
    }
}
