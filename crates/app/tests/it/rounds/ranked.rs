//! A round of ranked wishes from its first line to the family's answer.

use jiff::SignedDuration;
use kehou_app::allocation::round::{self, AnswerReason, DrawFailed, WriteRefused};
use kehou_app::allocation::{Statement, file, verify};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{ChooseOfferings, EnterWishes, KeepRounds, ReadRound, ReadRounds};
use kehou_domain::allocation::draw::{DrawRefused, Leaf, Proof, Secret, Side, commitment};
use kehou_domain::allocation::round::{Setup, SetupFault, Stage, StepRefused, WishFault, WishList};
use kehou_domain::ids::{RoundId, StudentId};

use super::world::{CLOSING, Clubs, on, seen, setup, write};
use crate::enrolment::world::{TUESDAY, at};

/// Everybody has written wishes: both pupils of grade 3 want chess first, which has one seat.
async fn written(clubs: &Clubs<'_>) -> RoundId {
    let id = clubs.round(setup()).await;
    clubs.announce(id, None).await.unwrap();
    let world = &clubs.world;
    write(&world.sun, (id, world.an), (2, "- 0,1 - 2 -")).await.unwrap();
    write(&world.zhou, (id, world.bo), (2, "- 0,1 - - -")).await.unwrap();
    id
}

async fn stage(office: &Scope, id: RoundId) -> Stage {
    office.read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap().stage
}

#[tokio::test]
async fn f12_a_round_goes_from_draft_to_the_familys_answer() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = written(&clubs).await;
        let closed = on(CLOSING, 21);
        assert_eq!(stage(&clubs.office(closed), id).await, Stage::Over);
        clubs.seal(id, closed).await.unwrap();
        assert_eq!(clubs.seal(id, closed).await, Err(StepRefused::At(Stage::Sealed)));
        clubs.draw(id, closed, ("03 11 17 22 25 31 + 08", None)).await.unwrap();
        assert_eq!(
            seen(&world.sun, world.an, closed).await.answers,
            [],
            "nobody is told before the office is sure"
        );
        clubs.publish_round(id, closed).await.unwrap();
        let (an, bo) = (seen(&world.sun, world.an, closed).await, seen(&world.zhou, world.bo, closed).await);
        let reasons = |seen: &round::ChildRound| {
            seen.answers.iter().map(|one| (one.place, one.reason)).collect::<Vec<_>>()
        };
        let (lucky, other) = if an.seats.iter().any(|(day, seat)| *day == 2 && *seat == an.offered[0].id) {
            (an, bo)
        } else {
            (bo, an)
        };
        assert_eq!(reasons(&lucky)[0], (0, AnswerReason::Got));
        assert!(reasons(&lucky).contains(&(1, AnswerReason::DayUsed(0))));
        assert_eq!(reasons(&other)[0], (0, AnswerReason::Full));
        assert!(reasons(&other).contains(&(1, AnswerReason::Got)));
        let told = world
            .sun
            .at_moment(closed)
            .read::<kehou_domain::access::KeepOwnAccount, _>(|tx| tx.inbox())
            .await
            .unwrap();
        assert_eq!(told[0].kind, "round_result");
        let public =
            world.sun.at_moment(closed).read::<ReadRound, _>(move |tx| round::public(tx, id)).await.unwrap();
        let admitted: Vec<u32> =
            public.offered.iter().map(|one| one.listed.outcome.as_ref().unwrap().admitted).collect();
        assert_eq!((admitted, public.round.sealed.unwrap().1), (vec![1, 1, 1], 2));
        assert_eq!(public.offered[0].listed.wished, (2, 2));
    }
}

#[tokio::test]
async fn the_record_is_checked_by_whoever_has_it_and_each_receipt_leads_to_the_root() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = written(&clubs).await;
        let closed = on(CLOSING, 21);
        clubs.seal(id, closed).await.unwrap();
        clubs.draw(id, closed, ("7", None)).await.unwrap();
        clubs.publish_round(id, closed).await.unwrap();
        let record =
            clubs.office(closed).read::<ReadRounds, _>(move |tx| round::record(tx, id)).await.unwrap();
        let (market, result) = record.unwrap();
        let (schools, result) = (file::read(market.as_bytes()).unwrap(), result.unwrap());
        let statement = Statement::read(result.as_bytes()).unwrap();
        assert_eq!(verify(&schools, &statement), Ok(()));
        for (family, child) in [(&world.sun, world.an), (&world.zhou, world.bo)] {
            let own = seen(family, child, closed).await;
            let receipt = own.receipt.unwrap();
            let (line, way) = receipt.sealed.unwrap();
            assert!(market.contains(&line) && line.starts_with(&format!("P {} 3 ", receipt.number)));
            let root = own.round.sealed.unwrap().0;
            assert!(proof(&way).shows(leaf(&receipt.salt, &line), root));
            assert!(
                !proof(&way).shows(leaf(&receipt.salt, &line.replace(" 2 0 ", " 1 0 ")), root)
                    || !line.contains(" 2 0 ")
            );
        }
    }
}

fn leaf(salt: &str, line: &str) -> Leaf {
    let bytes: Vec<u8> =
        (0..16).map(|at| u8::from_str_radix(&salt[2 * at..2 * at + 2], 16).unwrap()).collect();
    Leaf::of(bytes.try_into().unwrap(), line.as_bytes())
}

fn proof(way: &str) -> Proof {
    let step = |step: &str| {
        let hash: Vec<u8> =
            (0..32).map(|at| u8::from_str_radix(&step[2 * at + 1..2 * at + 3], 16).unwrap()).collect();
        let side = if step.starts_with('l') { Side::Left } else { Side::Right };
        (side, hash.try_into().unwrap())
    };
    Proof { path: way.split(' ').map(step).collect() }
}

#[tokio::test]
async fn what_is_wrong_with_wishes_is_told_and_the_last_ones_count() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = clubs.round(setup()).await;
        let unknown = write(&world.sun, (id, world.an), (2, "- 0 - - -"));
        let list = WishList::read(2, "- 0 - - -").unwrap();
        let (an, early) = (world.an, world.sun.at_moment(at(TUESDAY)));
        drop(unknown);
        let draft = early.act::<ChooseOfferings, (), WriteRefused>({
            let list = list.clone();
            move |tx| round::write_wishes(tx, (id, an), &list)
        });
        assert!(matches!(draft.await, Err(Error::NotFound)), "a draft is there for the office alone");
        clubs.announce(id, None).await.unwrap();
        let soon = early
            .act::<ChooseOfferings, _, _>(move |tx| round::write_wishes(tx, (id, an), &list))
            .await
            .unwrap();
        assert_eq!(soon, Err(WriteRefused::Step(StepRefused::At(Stage::Announced))));
        let wrong = write(&world.sun, (id, world.an), (3, "0 9 - 0 -")).await;
        let faults = vec![
            WishFault::WeeklyLimit,
            WishFault::NotStaying(1),
            WishFault::WrongDay(0),
            WishFault::Unknown(9),
            WishFault::WrongDay(0),
            WishFault::Twice(0),
        ];
        assert_eq!(wrong, Err(WriteRefused::Faults(faults)));
        write(&world.sun, (id, world.an), (2, "- 1,0 - - -")).await.unwrap();
        write(&world.sun, (id, world.an), (1, "- 0 - - -")).await.unwrap();
        let own = seen(&world.sun, world.an, on(CLOSING, 9)).await;
        assert_eq!(own.list.unwrap().written(), "- 0 - - -");
        assert!(
            matches!(
                clubs
                    .world
                    .zhou
                    .at_moment(on(CLOSING, 9))
                    .act::<ChooseOfferings, (), WriteRefused>(move |tx| {
                        round::write_wishes(tx, (id, an), &WishList::read(1, "- - - - -").unwrap())
                    })
                    .await,
                Err(Error::NotFound)
            ),
            "another family's child is not there"
        );
    }
}

#[tokio::test]
async fn a_teacher_writes_for_a_family_without_a_phone_and_for_the_own_class_alone() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let world = &clubs.world;
        let id = clubs.round(setup()).await;
        clubs.announce(id, None).await.unwrap();
        let homeroom = world.homeroom.at_moment(on(CLOSING, 9));
        let enter = |student: StudentId| {
            homeroom.act::<EnterWishes, (), WriteRefused>(move |tx| {
                round::write_wishes_for(tx, (id, student), &WishList::read(1, "- - - - -").unwrap())
            })
        };
        assert!(matches!(enter(world.bo).await, Ok(Ok(()))));
        assert!(matches!(enter(world.ping).await, Err(Error::NotFound)));
        assert!(seen(&world.zhou, world.bo, on(CLOSING, 9)).await.receipt.unwrap().is_by_office);
    }
}

#[tokio::test]
async fn a_draw_has_one_commitment_one_secret_and_a_value_from_outside() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let secret = Secret([7; 32]);
        let id = clubs.round(setup()).await;
        clubs.announce(id, Some(commitment(secret))).await.unwrap();
        let again = clubs.round(Setup { name: "第二轮".to_owned(), ..setup() }).await;
        let used = clubs.announce(again, Some(commitment(secret))).await;
        assert_eq!(used, Err(round::AnnounceRefused::CommittedBefore));
        let beside = clubs.announce(again, None).await;
        assert_eq!(beside, Err(round::AnnounceRefused::Beside("第一轮".to_owned())));
        let closed = on(CLOSING, 21);
        let early = clubs.draw(id, closed, ("7", Some(secret.0))).await;
        assert_eq!(early, Err(DrawFailed::Step(StepRefused::At(Stage::Over))));
        clubs.seal(id, closed).await.unwrap();
        for (typed, expected) in [
            (
                ("7", None),
                DrawRefused::NotRevealed { until: on(CLOSING, 20) + SignedDuration::from_hours(24) },
            ),
            (("7", Some([8; 32])), DrawRefused::DoesNotMatch),
            (("  ", Some([7; 32])), DrawRefused::NoBeacon),
        ] {
            assert_eq!(clubs.draw(id, closed, typed).await, Err(DrawFailed::Draw(expected)));
        }
        clubs.draw(id, closed, ("7", Some(secret.0))).await.unwrap();
        let second = clubs.draw(id, closed, ("8", Some(secret.0))).await;
        assert_eq!(second, Err(DrawFailed::Step(StepRefused::At(Stage::Drawn))));
    }
}

#[tokio::test]
async fn of_two_rounds_made_known_at_once_over_the_same_seats_one_is() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let one = clubs.round(setup()).await;
        let other = clubs.round(Setup { name: "第二轮".to_owned(), ..setup() }).await;
        let (first, second) = tokio::join!(clubs.announce(one, None), clubs.announce(other, None));
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
        let refused = first.err().or(second.err());
        assert!(matches!(refused, Some(round::AnnounceRefused::Beside(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_secret_that_is_not_revealed_in_time_counts_as_zeros() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let id = clubs.round(setup()).await;
        clubs.announce(id, Some(commitment(Secret([7; 32])))).await.unwrap();
        let late = on(CLOSING, 20) + SignedDuration::from_hours(25);
        clubs.seal(id, late).await.unwrap();
        clubs.draw(id, late, ("7", None)).await.unwrap();
        let seen = clubs.office(late).read::<ReadRounds, _>(move |tx| round::overview(tx, id)).await.unwrap();
        assert_eq!(seen.round.drawn.unwrap().secret, None);
    }
}

#[tokio::test]
async fn rules_that_families_read_are_not_changed_and_a_round_can_be_given_up() {
    for store in stores().await {
        let clubs = Clubs::new(&store, "east").await;
        let office = &clubs.world.office;
        let term = clubs.term;
        let wrong =
            Setup { weekly_limit: 0, slot: kehou_domain::plan::SlotId("night".to_owned()), ..setup() };
        let refused =
            office.act::<KeepRounds, _, _>(move |tx| round::create(tx, term, &wrong)).await.unwrap();
        assert_eq!(refused, Err(round::KeepRefused::UnknownSlot));
        let wrong = Setup { weekly_limit: 0, ..setup() };
        let refused =
            office.act::<KeepRounds, _, _>(move |tx| round::create(tx, term, &wrong)).await.unwrap();
        assert_eq!(refused, Err(round::KeepRefused::Faults(vec![SetupFault::WeeklyLimit])));
        let id = clubs.round(setup()).await;
        office
            .act::<KeepRounds, _, _>(move |tx| round::update(tx, id, &Setup { weekly_limit: 1, ..setup() }))
            .await
            .unwrap()
            .unwrap();
        clubs.announce(id, None).await.unwrap();
        let late = office.act::<KeepRounds, _, _>(move |tx| round::update(tx, id, &setup())).await.unwrap();
        assert_eq!(late, Err(round::KeepRefused::At(Stage::Announced)));
        let empty = office.act::<KeepRounds, _, _>(move |tx| round::call_off(tx, id, " ")).await.unwrap();
        assert_eq!(empty, Err(round::CallOffRefused::NoReason));
        office
            .act::<KeepRounds, _, _>(move |tx| round::call_off(tx, id, "教师外出培训"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(stage(office, id).await, Stage::CalledOff);
    }
}
