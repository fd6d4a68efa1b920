//! What rounds and base care mean for the catalogue: no choice is lost in silence, and no teacher is in two places.

use jiff::civil::date;
use kehou_app::allocation::round::{self, Choosing, NewMove};
use kehou_app::attendance::{self, Prepared};
use kehou_app::calendar::{self, TermStatus};
use kehou_app::catalogue::{self, ClashWith, HandInRefused, KeepRefused, With};
use kehou_app::grouping::{self, ArrangeRefused};
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{
    ArrangeGroups, ArrangeSeats, KeepCalendar, KeepOfferings, KeepOwnAccount, PrepareDay, ReadGroups,
    ReadOfferings, ReadRounds,
};
use kehou_domain::allocation::round::{MoveRefused, Retire, RetireRefused};
use kehou_domain::catalogue::{Details, Fault, Meeting, Over, Status, Step};
use kehou_domain::ids::{EntityId, OfferingId, StaffId};
use kehou_domain::plan::SlotId;

use super::world::{CLOSING, Clubs, club, on, seen, setup, write};
use crate::enrolment::world::doing;

async fn retire(
    office: &Scope,
    id: OfferingId,
    wish: (Step, Option<u32>, &str),
) -> Result<Status, RetireRefused> {
    let wish = Retire { step: wish.0, agreed: wish.1, reason: wish.2.to_owned() };
    office.act::<KeepOfferings, _, _>(move |tx| round::retire(tx, id, &wish)).await.unwrap()
}

async fn told(family: &Scope, kind: &str) -> Vec<serde_json::Value> {
    let inbox = family.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
    inbox.into_iter().filter(|one| one.kind == kind).map(|one| one.facts).collect()
}

#[tokio::test]
async fn what_families_choose_stays_and_a_seat_ends_with_a_number_a_reason_and_a_message() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let round = clubs.round(setup()).await;
        clubs.announce(round, None).await.unwrap();
        write(&world.sun, (round, world.an), (2, "- 0 - - -")).await.unwrap();
        let closed = on(CLOSING, 21);
        let seen_round =
            clubs.office(closed).read::<ReadRounds, _>(move |tx| round::overview(tx, round)).await.unwrap();
        let chess = seen_round.offered[0].id;
        for step in [Step::TakeBack, Step::Withdraw] {
            let refused = retire(&world.office, chess, (step, Some(1), "老师病了")).await;
            assert_eq!(refused, Err(RetireRefused::Choosing(1)));
        }
        let chosen = world.office.read::<ReadOfferings, _>(move |tx| round::chosen(tx, chess)).await.unwrap();
        assert_eq!(chosen.rounds, [Choosing { round, name: "第一轮".to_owned(), children: 1 }]);
        clubs.seal(round, closed).await.unwrap();
        clubs.draw(round, closed, ("7", None)).await.unwrap();
        clubs.publish_round(round, closed).await.unwrap();

        let (office, an) = (clubs.office(closed), world.an);
        let sun = world.sun.at_moment(closed);
        assert_eq!(retire(&office, chess, (Step::TakeBack, None, "")).await, Err(RetireRefused::Seats(1)));
        assert_eq!(retire(&office, chess, (Step::TakeBack, Some(1), "")).await, Ok(Status::Draft));
        assert_eq!(told(&sun, "offering_changes").await[0]["title"], "围棋社");
        assert_eq!(seen(&world.sun, an, closed).await.seats, [(2, chess)]);
        let found = office.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, chess)).await.unwrap();
        let (read, before) = (found.0.offering.version, found.0.offering.details);
        let thursday = vec![Meeting { weekday: 4, slot: SlotId("afternoon".to_owned()) }];
        let moved = Details { meetings: thursday, ..before.clone() };
        let kept =
            office.act::<KeepOfferings, _, _>(move |tx| catalogue::update(tx, chess, read, &moved)).await;
        assert_eq!(kept.unwrap(), Err(KeepRefused::Faults(vec![Fault::DaysOfSeats(1)])));
        let renamed = Details { description: "下棋。".to_owned(), ..before };
        let kept =
            office.act::<KeepOfferings, _, _>(move |tx| catalogue::update(tx, chess, read, &renamed)).await;
        assert_eq!(kept.unwrap(), Ok(()));

        assert_eq!(
            retire(&office, chess, (Step::Withdraw, Some(1), " ")).await,
            Err(RetireRefused::NoReason)
        );
        let gone = retire(&office, chess, (Step::Withdraw, Some(1), "老师病了")).await;
        assert_eq!(gone, Ok(Status::Withdrawn));
        let facts = told(&sun, "seat_moved").await;
        assert_eq!(
            (facts.len(), &facts[0]["from"], &facts[0]["reason"]),
            (1, &"围棋社".into(), &"老师病了".into())
        );
        assert_eq!(seen(&world.sun, an, closed).await.seats, []);
        let changes = office.read::<ReadRounds, _>(move |tx| round::changes(tx, round)).await.unwrap();
        assert_eq!((changes.len(), changes[0].1.from, changes[0].1.to), (1, Some(chess), None));
        let again = NewMove { student: an, weekday: 2, to: Some(chess), reason: "还要".to_owned() };
        let refused = office.act::<ArrangeSeats, _, _>(move |tx| round::move_child(tx, round, &again)).await;
        assert_eq!(refused.unwrap(), Err(MoveRefused::NotOffered));
    }
}

#[tokio::test]
async fn a_teacher_who_looks_after_a_class_leads_no_club_at_the_same_time() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let day = date(2026, 10, 13);
        let homeroom = clubs.world.homeroom.at_moment(on(day, 12));
        let term = clubs.term;
        doing::<KeepCalendar, _>(&clubs.world.office, move |tx| {
            calendar::set_term_status(tx, term, TermStatus::Open)
        })
        .await
        .unwrap();
        let prepared = homeroom.act::<PrepareDay, _, _>(move |tx| attendance::prepare_day(tx, day)).await;
        assert_eq!(prepared.unwrap(), Ok(Prepared::Held { expected: 3, on_leave: 0 }));
        let person = StaffId::from_bits(homeroom.person().unwrap().bits());
        let office = clubs.office(on(day, 12));

        let details = club("象棋社", 2, 5, person);
        let written =
            office.act::<KeepOfferings, _, _>(move |tx| catalogue::create(tx, term, &details)).await;
        let id = written.unwrap().unwrap();
        let handed_in =
            office.act::<KeepOfferings, _, _>(move |tx| catalogue::hand_in(tx, id)).await.unwrap();
        let care = With::Care("三(1)班".to_owned());
        let clash = vec![ClashWith { over: Over::Teacher, weekday: 2, with: care }];
        assert_eq!(handed_in, Err(HandInRefused::Clash(clash.clone())));
        let found = office.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await.unwrap();
        assert_eq!(found.0.clashes, clash);

        let groups = office.read::<ReadGroups, _>(grouping::current).await.unwrap();
        let third = groups.iter().find(|group| group.name == "三(1)班").unwrap().id;
        let all = office.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await.unwrap();
        let lines = all.unwrap().lines;
        let chess =
            &lines.iter().find(|line| line.offering.details.title == "围棋社").unwrap().offering.details;
        let (leader, venue) = (chess.teacher, chess.venue.clone());
        let arranged = office.act::<ArrangeGroups, _, _>(move |tx| grouping::arrange(tx, third, leader, ""));
        assert_eq!(arranged.await.unwrap(), Err(ArrangeRefused::TeacherInOffering));
        let homeroom = Some(person);
        let arranged =
            office.act::<ArrangeGroups, _, _>(move |tx| grouping::arrange(tx, third, homeroom, &venue));
        assert_eq!(arranged.await.unwrap(), Err(ArrangeRefused::VenueInOffering));
        let arranged =
            office.act::<ArrangeGroups, _, _>(move |tx| grouping::arrange(tx, third, homeroom, "本班教室"));
        assert_eq!(arranged.await.unwrap(), Ok(()));
    }
}
