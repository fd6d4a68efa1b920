//! Offerings from draft to published on both engines: who decides, what is kept, and one venue for one at a time.

use kehou_app::catalogue::{self, HandInRefused, KeepRefused, Said};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{
    KeepOfferings, KeepOwnAccount, ReadCatalogue, ReadOfferings, ReviewOfferings, Role, SeeOpenWork,
};
use kehou_domain::agenda::Matter;
use kehou_domain::catalogue::{
    Concern, DecideRefused, Details, Fault, Flag, Kind, Lack, Meeting, Over, Part, SexLimit, Status, Topic,
    Verdict, WrongStatus,
};
use kehou_domain::ids::{OfferingId, StaffId, TermId};
use kehou_domain::plan::{Banned, Grades, SlotId};

use crate::enrolment::world::{S4A, S4D, TUESDAY, World, at};

async fn term(office: &Scope) -> TermId {
    let setting = office.read::<ReadOfferings, _>(|tx| catalogue::setting_for_new(tx, None)).await.unwrap();
    setting.unwrap().term.id
}

async fn teacher(office: &Scope) -> StaffId {
    office.read::<ReadOfferings, _>(catalogue::teachers).await.unwrap()[0].id
}

async fn chess(office: &Scope) -> Details {
    Details {
        title: "围棋社".to_owned(),
        kind: Kind::Club,
        topic: Topic::BoardGames,
        meetings: vec![Meeting { weekday: 2, slot: SlotId("afternoon".to_owned()) }],
        venue: "博艺楼 302".to_owned(),
        teacher: Some(teacher(office).await),
        capacity: 20,
        minimum: 8,
        grades: Grades::of([3, 4]),
        sex: SexLimit::Anyone,
        description: "学下围棋。".to_owned(),
        materials: "不用带".to_owned(),
        cost: None,
    }
}

async fn write(office: &Scope, details: Details) -> Result<OfferingId, KeepRefused> {
    let term = term(office).await;
    office.act::<KeepOfferings, _, _>(move |tx| catalogue::create(tx, term, &details)).await.unwrap()
}

async fn hand_in(office: &Scope, id: OfferingId) -> Result<(), HandInRefused> {
    office.act::<KeepOfferings, _, _>(move |tx| catalogue::hand_in(tx, id)).await.unwrap()
}

async fn version(office: &Scope, id: OfferingId) -> u32 {
    let found = office.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await.unwrap();
    found.0.offering.version
}

async fn decide(
    reviewer: &Scope,
    id: OfferingId,
    (read, verdict, reason): (u32, Verdict, &str),
) -> Result<Status, DecideRefused> {
    let said = Said { read, verdict, reason: reason.to_owned() };
    reviewer.act::<ReviewOfferings, _, _>(move |tx| catalogue::decide(tx, id, &said)).await.unwrap()
}

async fn published(scope: &Scope) -> Vec<String> {
    let found = scope.read::<ReadCatalogue, _>(catalogue::published).await.unwrap().unwrap();
    found.lines.into_iter().map(|line| line.offering.details.title).collect()
}

#[tokio::test]
async fn an_offering_is_published_by_another_than_its_author_and_the_flags_are_kept() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let title = "奥数思维".to_owned();
        let id = write(office, Details { title, ..chess(office).await }).await.unwrap();
        assert_eq!(hand_in(office, id).await, Ok(()));
        let again = HandInRefused::WrongStatus(Status::InReview);
        assert_eq!(hand_in(office, id).await, Err(again));

        let pile = world.principal.read::<ReviewOfferings, _>(catalogue::pile).await.unwrap();
        assert_eq!(pile.len(), 1);
        let agenda = world.principal.read::<SeeOpenWork, _>(kehou_app::agenda::agenda).await.unwrap();
        assert!(agenda.waiting.iter().any(|one| one.matter == Matter::OfferingsToReview && one.count == 1));

        let both = store.member("east", ("13800000001", Role::Principal), None, at(TUESDAY)).await;
        let read = version(office, id).await;
        let own = decide(&both, id, (read, Verdict::Publish, "")).await;
        assert_eq!(own, Err(DecideRefused::OwnWork));
        let stale = decide(&world.principal, id, (read - 1, Verdict::Publish, "")).await;
        assert_eq!(stale, Err(DecideRefused::Changed));
        let mute = decide(&world.principal, id, (read, Verdict::SendBack, " ")).await;
        assert_eq!(mute, Err(DecideRefused::NoReason));
        let back = decide(&world.principal, id, (read, Verdict::SendBack, "改名")).await;
        assert_eq!(back, Ok(Status::Returned));
        let agenda = office.read::<SeeOpenWork, _>(kehou_app::agenda::agenda).await.unwrap();
        assert!(agenda.waiting.iter().any(|one| one.matter == Matter::OfferingsReturned && one.count == 1));
        let told = office.read::<KeepOwnAccount, _>(|tx| tx.unread()).await.unwrap();
        assert_eq!(told, 1, "the office has a message of what came back");

        let found = office.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await.unwrap();
        let flags = vec![Flag::Wording {
            concern: Concern::Banned(Banned::CompetitionTraining),
            part: Part::Title,
            found: "奥数".to_owned(),
            by_plan: false,
        }];
        assert_eq!(found.2.len(), 1);
        assert_eq!((&found.2[0].reason[..], &found.2[0].flags), ("改名", &flags));
        assert_eq!(published(&world.sun).await, Vec::<String>::new());

        let (details, read) = (chess(office).await, found.0.offering.version);
        let changed = office
            .act::<KeepOfferings, _, _>(move |tx| catalogue::update(tx, id, read, &details))
            .await
            .unwrap();
        assert_eq!(changed, Ok(()));
        assert_eq!(hand_in(office, id).await, Ok(()));
        let read = version(office, id).await;
        assert_eq!(decide(&world.principal, id, (read, Verdict::Publish, "")).await, Ok(Status::Published));
        assert_eq!(published(&world.sun).await, ["围棋社"]);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_what_is_missing_stays_a_draft() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let whole = chess(office).await;
        let monday = vec![Meeting { weekday: 1, slot: SlotId("afternoon".to_owned()) }];
        let faults = vec![Fault::NotOnWeekday(monday[0].clone())];
        let wrong = write(office, Details { meetings: monday, ..whole.clone() }).await;
        assert_eq!(wrong, Err(KeepRefused::Faults(faults)));
        let bare = Details { venue: String::new(), teacher: None, ..whole.clone() };
        let id = write(office, bare.clone()).await.unwrap();
        assert_eq!(hand_in(office, id).await, Err(HandInRefused::Lacks(vec![Lack::Venue, Lack::Teacher])));
        let stale =
            office.act::<KeepOfferings, _, _>(move |tx| catalogue::update(tx, id, 7, &bare)).await.unwrap();
        assert_eq!(stale, Err(KeepRefused::Changed));
        let published = office.act::<KeepOfferings, _, _>(move |tx| catalogue::take_back(tx, id)).await;
        assert_eq!(published.unwrap(), Err(WrongStatus(Status::Draft)));
        let gone = office.act::<KeepOfferings, _, _>(move |tx| catalogue::withdraw(tx, id)).await;
        assert_eq!(gone.unwrap(), Ok(()));
        let back = office.act::<KeepOfferings, _, _>(move |tx| catalogue::take_back(tx, id)).await;
        assert_eq!(back.unwrap(), Ok(()));
    }
}

#[tokio::test]
async fn a_plan_without_clubs_has_none() {
    for store in stores().await {
        let world = World::new(&store, "east", S4A).await;
        let office = &world.office;
        let club = write(office, chess(office).await).await;
        let Err(KeepRefused::Faults(faults)) = club else { panic!("{club:?}") };
        assert!(faults.contains(&Fault::KindNotInPlan(Kind::Club)), "{faults:?}");
    }
}

#[tokio::test]
async fn of_two_that_take_one_venue_at_once_only_one_is_handed_in() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let one = write(office, chess(office).await).await.unwrap();
        let title = "象棋社".to_owned();
        let other = write(office, Details { title, ..chess(office).await }).await.unwrap();
        let found = office.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await.unwrap();
        assert!(found.unwrap().lines.iter().all(|line| line.clashes.len() == 2));

        let (first, second) = tokio::join!(hand_in(office, one), hand_in(office, other));
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
        let refused = first.err().or(second.err()).unwrap();
        let HandInRefused::Clash(with) = refused else { panic!("{refused:?}") };
        assert_eq!(with.iter().map(|one| one.clash.over).collect::<Vec<_>>(), [Over::Venue, Over::Teacher]);
    }
}

#[tokio::test]
async fn a_family_reads_for_its_own_child_and_another_school_nothing() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let office = &world.office;
        let id = write(office, chess(office).await).await.unwrap();
        let (an, bo) = (world.an, world.bo);
        let own = world.sun.read::<ReadCatalogue, _>(move |tx| catalogue::for_child(tx, an)).await.unwrap();
        assert_eq!((own.grade, own.catalogue.unwrap().lines.len()), (Some(3), 0));
        let other = world.sun.read::<ReadCatalogue, _>(move |tx| catalogue::for_child(tx, bo)).await;
        assert!(matches!(other, Err(Error::NotFound)));
        store.school(2, "west", at(TUESDAY)).await;
        let west = store.member("west", ("13800000009", Role::AcademicOffice), None, at(TUESDAY)).await;
        let stranger = west.read::<ReadOfferings, _>(move |tx| catalogue::offering(tx, id)).await;
        assert!(matches!(stranger, Err(Error::NotFound)));
        let none = west.read::<ReadOfferings, _>(|tx| catalogue::offerings(tx, None)).await.unwrap();
        assert!(none.is_none());
    }
}
