//! Papers from before: all of a list or nothing, and nobody without one (R1).

use jiff::civil::{Date, date};
use kehou_app::enrolment::{self, CannotTakeOver, Exception, TakenOver};
use kehou_db::testing::stores;
use kehou_domain::access::{FileList, ReadExceptions, ReadPlaces, TakeOverPapers, WithdrawChild};
use kehou_domain::ids::{EntityId, StudentId};

use super::world::{S4D, World, at, doing, wish};

const OCTOBER: Date = date(2026, 10, 8);

fn taken(student: StudentId, weekdays: &[i8]) -> TakenOver {
    TakenOver { student, choices: wish(student, weekdays).choices }
}

async fn take(
    world: &World<'_>,
    children: &[TakenOver],
    from_on: Date,
    place: &'static str,
) -> Result<usize, Vec<CannotTakeOver>> {
    let children = children.to_vec();
    world
        .office
        .act::<TakeOverPapers, _, _>(move |tx| enrolment::take_over(tx, &children, from_on, place))
        .await
        .unwrap()
}

async fn places(world: &World<'_>) -> usize {
    world.office.read::<ReadPlaces, _>(enrolment::places).await.unwrap().len()
}

#[tokio::test]
async fn r1_f4_a_class_is_taken_over_with_its_papers_and_the_principal_sees_it() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let class = world.class;
        let to_take = move |tx: &mut kehou_db::Tx<TakeOverPapers>| enrolment::to_take_over(tx, Some(class));
        let before = world.office.read::<TakeOverPapers, _>(to_take).await.unwrap().unwrap();
        let mut children = before.children;
        children.sort();
        let mut all = [(world.bo, "周小波".to_owned()), (world.an, "孙安安".to_owned())];
        all.sort();
        assert_eq!(children, all);
        assert_eq!((before.classes.len(), before.offered.len()), (2, 4));
        let papers = [taken(world.an, &[2, 3]), taken(world.bo, &[2])];
        assert_eq!(take(&world, &papers, OCTOBER, "3 号柜").await, Ok(2));
        let after = world.office.read::<TakeOverPapers, _>(to_take).await.unwrap().unwrap();
        assert_eq!((after.children.len(), places(&world).await), (0, 2));
        let place = world.service(&world.sun, world.an).await.place.unwrap();
        assert_eq!((place.stay.from_on, place.stay.to_on), (OCTOBER, None));
        let found = world.principal.read::<ReadExceptions, _>(enrolment::exceptions).await.unwrap();
        assert!(found.contains(&Exception::TakenOver { children: 2 }));
    }
}

#[tokio::test]
async fn r1_one_child_who_cannot_be_taken_over_stops_the_list() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let (an, bo) = (world.an, world.bo);
        let good = taken(an, &[2]);
        let with = |other: TakenOver| [good.clone(), other];
        let refused = take(&world, &with(taken(bo, &[6])), OCTOBER, "柜").await;
        assert_eq!(refused, Err(vec![CannotTakeOver::NotOffered(bo)]));
        let refused = take(&world, &with(taken(bo, &[])), OCTOBER, "柜").await;
        assert_eq!(refused, Err(vec![CannotTakeOver::NotOffered(bo)]));
        let refused = take(&world, &with(taken(an, &[3])), OCTOBER, "柜").await;
        assert_eq!(refused, Err(vec![CannotTakeOver::HasPlace(an)]));
        assert_eq!(take(&world, &[], OCTOBER, "柜").await, Err(vec![CannotTakeOver::NobodyTicked]));
        let papers = [good.clone()];
        assert_eq!(take(&world, &papers, OCTOBER, " ").await, Err(vec![CannotTakeOver::PlaceMissing]));
        let early = take(&world, &papers, date(2026, 10, 7), "柜").await;
        assert_eq!(early, Err(vec![CannotTakeOver::TooEarly { service_from: OCTOBER }]));
        let stranger = [TakenOver { student: EntityId::from_bits(1), ..good.clone() }];
        let unknown = world
            .office
            .act::<TakeOverPapers, _, _>(move |tx| enrolment::take_over(tx, &stranger, OCTOBER, "柜"))
            .await;
        assert!(matches!(unknown, Err(kehou_db::Error::NotFound)));
        assert_eq!(places(&world).await, 0, "all of it or nothing");
    }
}

#[tokio::test]
async fn b6_who_was_taken_over_leaves_as_everybody_else() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        take(&world, &[taken(world.an, &[2])], OCTOBER, "柜").await.unwrap();
        let (an, last) = (world.an, date(2026, 11, 6));
        let november = world.sun.at_moment(at(date(2026, 11, 3)));
        let left = november.act::<WithdrawChild, _, _>(move |tx| enrolment::leave(tx, an, last, "")).await;
        assert_eq!(left.unwrap(), Ok(()));
        assert_eq!(world.service(&november, an).await.place.unwrap().stay.to_on, Some(last));
        let found =
            doing(&world.principal, |tx: &mut kehou_db::Tx<ReadExceptions>| enrolment::exceptions(tx));
        let left = Exception::Left { name: "孙安安".into(), last_day: last, reason: String::new() };
        assert!(found.await.unwrap().contains(&left));
    }
}

#[tokio::test]
async fn f9_who_was_taken_over_is_filed_with_everybody_else_and_once() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        take(&world, &[taken(world.an, &[2, 3]), taken(world.bo, &[2])], OCTOBER, "柜").await.unwrap();
        let (_, waiting) = world.office.read::<FileList, _>(enrolment::filings).await.unwrap();
        assert_eq!(waiting, 2);
        let list = world.office.act::<FileList, _, _>(enrolment::file_list).await.unwrap().unwrap();
        let (filing, lines) =
            world.office.read::<FileList, _>(move |tx| enrolment::filing(tx, list)).await.unwrap();
        assert_eq!(filing.children, 2);
        let mut seen: Vec<_> = lines.iter().map(|line| (line.name.as_str(), line.choices.len())).collect();
        seen.sort_unstable();
        assert_eq!(seen, [("周小波", 1), ("孙安安", 2)]);
        assert_eq!(world.office.act::<FileList, _, _>(enrolment::file_list).await.unwrap(), Err(()));
    }
}
