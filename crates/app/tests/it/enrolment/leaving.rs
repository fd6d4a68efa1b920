//! Leaving, ending, and what a family can see, correct and take away.

use jiff::civil::date;
use kehou_app::attendance::{self, Prepared};
use kehou_app::dismissal::{self, Naming};
use kehou_app::enrolment::{self, CannotAsk, CorrectionStatus, Exception, PaperChild};
use kehou_app::{grouping, people};
use kehou_db::sql;
use kehou_db::testing::stores;
use kehou_domain::access::{
    AnswerCorrections, AskForCorrection, EndService, KeepOwnAccount, KeepPickupList, KeepRoster, PrepareDay,
    ReadExceptions, ReadGroups, ReadOwnEnrolment, ReadPlaces, ReadSessions, WithdrawChild,
};
use kehou_domain::enrolment::ending::CannotEnd;
use kehou_domain::people::LeftWhy;

use super::paper::{confirm, enter, on_paper};
use super::world::{S4D, World, at, doing};

/// An has a place: signed up on paper, with the signed papers beside it, and through the chain.
pub(crate) async fn with_place(world: &World<'_>) {
    let paper = enter(world, &on_paper(world).await).await.unwrap();
    confirm(world, paper).await.unwrap();
    super::paper::through_the_chain(world).await;
    assert_eq!(world.steps(&world.sun, world.an).await, "enrolled: done done done done");
}

#[tokio::test]
async fn b6_a_family_leaves_at_any_time_and_may_come_back() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        with_place(&world).await;
        let (an, november) = (world.an, world.sun.at_moment(at(date(2026, 11, 3))));
        let leave =
            |day| november.act::<WithdrawChild, _, _>(move |tx| enrolment::leave(tx, an, day, "搬家"));
        assert_eq!(leave(date(2026, 11, 2)).await.unwrap(), Err(CannotEnd::InThePast));
        assert_eq!(leave(date(2026, 11, 6)).await.unwrap(), Ok(()));
        let service = world.service(&november, an).await;
        assert_eq!(service.place.unwrap().stay.to_on, Some(date(2026, 11, 6)));
        assert_eq!(service.application.unwrap().status.word(), "withdrawn");
        let found = world.principal.read::<ReadExceptions, _>(enrolment::exceptions).await.unwrap();
        let left =
            Exception::Left {
                name: "孙安安".into(), last_day: date(2026, 11, 6), reason: "搬家".into()
            };
        assert!(found.contains(&left));
    }
}

#[tokio::test]
async fn f4_signed_papers_stay_the_familys_own_when_it_leaves_and_applies_again() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        with_place(&world).await;
        let (an, today) = (world.an, super::world::TUESDAY);
        let own = move |tx: &mut kehou_db::Tx<ReadOwnEnrolment>| enrolment::own_copies(tx, an);
        let before = world.sun.read::<ReadOwnEnrolment, _>(own).await.unwrap();
        assert!(!before.is_empty());
        let left = world.sun.act::<WithdrawChild, _, _>(move |tx| enrolment::leave(tx, an, today, "")).await;
        assert_eq!(left.unwrap(), Ok(()));
        world.apply(&world.sun, &[an]).await.unwrap();
        assert_eq!(world.sun.read::<ReadOwnEnrolment, _>(own).await.unwrap(), before);
    }
}

#[tokio::test]
async fn b6_an_application_is_taken_back_while_it_waits() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        world.apply(&world.sun, &[world.an]).await.unwrap();
        let (an, today) = (world.an, super::world::TUESDAY);
        let left = world.sun.act::<WithdrawChild, _, _>(move |tx| enrolment::leave(tx, an, today, "")).await;
        assert_eq!(left.unwrap(), Ok(()));
        assert_eq!(world.steps(&world.sun, an).await, "withdrawn: ahead ahead ahead ahead");
        assert!(world.apply(&world.sun, &[an]).await.is_ok(), "and may be handed in again");
    }
}

#[tokio::test]
async fn b6_f7_the_school_ends_a_place_with_notice_and_a_reason_and_the_family_is_told() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        with_place(&world).await;
        let places = world.office.read::<ReadPlaces, _>(enrolment::places).await.unwrap();
        let place = places[0].place.id;
        let end = |day, reason: &'static str| {
            world.office.act::<EndService, _, _>(move |tx| enrolment::end_service(tx, place, day, reason))
        };
        let soon = Err(vec![CannotEnd::NoticeTooShort { earliest: date(2026, 9, 15) }]);
        assert_eq!(end(date(2026, 9, 14), "多次不按时接").await.unwrap(), soon);
        assert_eq!(end(date(2026, 10, 30), " ").await.unwrap(), Err(vec![CannotEnd::ReasonMissing]));
        assert_eq!(end(date(2026, 10, 30), "多次不按时接").await.unwrap(), Ok(()));
        let told = world.sun.read::<kehou_domain::access::KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        assert!(told.iter().any(|message| message.kind == "service_ended_by_school"));
    }
}

#[tokio::test]
async fn a_family_sees_corrects_and_takes_away_what_is_held() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        with_place(&world).await;
        let an = world.an;
        let ask = |what: &'static str| {
            world.sun.act::<AskForCorrection, _, _>(move |tx| enrolment::ask_for_correction(tx, an, what))
        };
        assert_eq!(ask(" ").await.unwrap(), Err(CannotAsk::NothingSaid));
        let asked = ask("电话换成 13900000099").await.unwrap().unwrap();
        world
            .office
            .act::<AnswerCorrections, _, _>(move |tx| {
                enrolment::answer_correction(tx, asked, CorrectionStatus::Done, "已改")
            })
            .await
            .unwrap()
            .unwrap();
        let held = world.sun.read::<ReadOwnEnrolment, _>(move |tx| enrolment::takeout(tx, an)).await.unwrap();
        assert_eq!(held["child"]["name"], "孙安安");
        assert_eq!(held["guardian"]["phone"], "13900000011");
        assert_eq!(held["applications"][0]["source"], "paper");
        assert_eq!(held["agreements"][0]["mark"], "paper");
        assert_eq!(held["places"][0]["from_on"], "2026-10-08");
        assert_eq!(held["corrections"][0]["answer"], "已改");
        assert_eq!(held["consents"].as_array().unwrap().len(), 5);
    }
}

#[tokio::test]
async fn a_form_is_entered_only_for_children_in_sight() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let names = |found: Vec<PaperChild>| found.into_iter().map(|child| child.name).collect::<Vec<_>>();
        let found = doing(&world.homeroom, |tx| enrolment::children_named(tx, "孙")).await.unwrap();
        assert_eq!(names(found), ["孙安安"]);
        let found = doing(&world.office, |tx| enrolment::children_named(tx, "孙")).await.unwrap();
        assert_eq!(names(found), ["孙安安", "孙平平"]);
    }
}

/// Opens the school's only term.
async fn open_term(world: &World<'_>) {
    let system = world.store.system("east", at(super::world::TUESDAY)).await;
    let opened = system.act::<KeepOwnAccount, u64, ()>(|tx| {
        Ok(tx.run(sql!("update term set status = 'open' where school_id = $1"), &[])?)
    });
    assert_eq!(opened.await.unwrap(), Ok(1));
}

/// Makes the sessions of a day; how many children were put on a list.
async fn prepare(world: &World<'_>, day: jiff::civil::Date) -> u32 {
    let scope = world.principal.at_moment(at(day));
    let made = scope.act::<PrepareDay, _, _>(move |tx| attendance::prepare_day(tx, day)).await;
    match made.unwrap().unwrap() {
        Prepared::Held { expected, .. } => expected,
        Prepared::NotHeld(_) => 0,
    }
}

#[tokio::test]
async fn b1_who_leaves_the_school_leaves_place_group_and_delegates_and_the_past_stays() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        with_place(&world).await;
        open_term(&world).await;
        let (an, tuesday, wednesday) = (world.an, date(2026, 10, 20), date(2026, 10, 21));
        let grandmother = Naming {
            name: "王桂兰".into(),
            relation: "奶奶".into(),
            from_on: tuesday,
            to_on: date(2026, 12, 31),
            declared_capable: true,
        };
        let sun = world.sun.at_moment(at(tuesday));
        let named = sun
            .act::<KeepPickupList, _, _>(move |tx| dismissal::name_delegate(tx, an, &grandmother))
            .await
            .unwrap();
        assert!(named.is_ok());
        assert_eq!(prepare(&world, tuesday).await, 1);
        let office = world.office.at_moment(at(tuesday));
        doing::<KeepRoster, _>(&office, move |tx| people::note_leaving(tx, an, LeftWhy::Transferred))
            .await
            .unwrap();

        assert_eq!(prepare(&world, wednesday).await, 0, "nobody is expected the day after");
        let places = world.office.read::<ReadPlaces, _>(enrolment::places).await.unwrap();
        assert_eq!(places[0].place.stay.to_on, Some(tuesday));
        let sun = world.sun.at_moment(at(wednesday));
        assert_eq!(world.service(&sun, an).await.application.unwrap().status.word(), "withdrawn");
        let list = sun.read::<KeepPickupList, _>(move |tx| dismissal::pickup_list(tx, an)).await.unwrap();
        assert_eq!(list.delegates, []);
        let later = world.principal.at_moment(at(wednesday));
        let groups = later.read::<ReadGroups, _>(grouping::current).await.unwrap();
        assert!(groups.iter().all(|group| group.children == 0));
        let cards = later.read::<ReadSessions, _>(move |tx| attendance::sessions(tx, tuesday)).await.unwrap();
        assert_eq!(cards.iter().map(|card| card.counts.expected).sum::<u32>(), 1, "the past stays");
        assert_eq!(prepare(&world, wednesday).await, 0, "and again changes nothing");
    }
}
