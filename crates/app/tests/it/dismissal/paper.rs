//! What a family says on paper counts once a second person has seen it.

use jiff::civil::date;
use kehou_app::dismissal::{self, CannotWrite, Naming, PickupList, ReleaseOutcome, Says, WrittenPaper};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{ConfirmPaper, EnterPaper, KeepPickupList, RestrictPickup, Role};
use kehou_domain::dismissal::{Collector, ConsentRefused, NamingRefused};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::enrolment::paper::CannotCount;
use kehou_domain::ids::{AnyId, EntityId, GuardianId, SignedPaperId};
use kehou_domain::plan::ReleaseMode;

use super::world::{TUESDAY, World, an, at, release, told, world};
use kehou_db::testing::TestStore;

/// A grandmother without a phone signs that a neighbour collects; she is the father's mother, he signs for her.
fn neighbour() -> WrittenPaper {
    WrittenPaper {
        student: an(),
        guardian: GuardianId::from_bits(12),
        says: Says::Delegate(Naming {
            name: "方秀英".to_owned(),
            relation: "邻居".to_owned(),
            from_on: TUESDAY,
            to_on: date(2026, 12, 31),
            declared_capable: true,
        }),
        signed_on: TUESDAY,
        place: "教务处 3 号柜".to_owned(),
    }
}

async fn enter(scope: &Scope, paper: WrittenPaper) -> Result<SignedPaperId, Vec<CannotWrite>> {
    scope.act::<EnterPaper, _, _>(move |tx| dismissal::write_signed_paper(tx, &paper)).await.unwrap()
}

async fn settle(scope: &Scope, id: SignedPaperId, found: bool) -> Result<(), Vec<CannotWrite>> {
    scope.act::<ConfirmPaper, _, _>(move |tx| dismissal::settle_signed_paper(tx, id, found)).await.unwrap()
}

async fn list(world: &World) -> PickupList {
    world.mother.read::<KeepPickupList, _>(|tx| dismissal::pickup_list(tx, an())).await.unwrap()
}

async fn principal(store: &TestStore) -> Scope {
    store.member("east", ("13800000035", Role::Principal), None, at(17, 20)).await
}

#[tokio::test]
async fn h1_r1_a_delegate_named_on_paper_counts_once_a_second_person_has_seen_it() {
    for store in stores().await {
        let world = world(&store).await;
        let principal = principal(&store).await;
        let paper = enter(&world.office, neighbour()).await.unwrap();
        assert_eq!(list(&world).await.delegates, [], "nothing follows from entering alone");
        let own = settle(&world.office, paper, true).await;
        assert_eq!(own, Err(vec![CannotWrite::Paper(CannotCount::SamePerson)]));
        assert_eq!(settle(&principal, paper, true).await, Ok(()));
        assert_eq!(
            settle(&principal, paper, true).await,
            Err(vec![CannotWrite::Paper(CannotCount::Settled)])
        );
        let delegate = list(&world).await.delegates[0].clone();
        assert_eq!((delegate.name.as_str(), delegate.named_by), ("方秀英", GuardianId::from_bits(12)));
        let taken = release(&world.guard, an(), Collector::Delegate(delegate.id)).await;
        assert_eq!(taken, ReleaseOutcome::Released);
        assert_eq!(told(&world.mother).await, ["child_released", "paper_names_delegate"]);
    }
}

#[tokio::test]
async fn h1_a_paper_that_is_not_found_changes_nothing() {
    for store in stores().await {
        let world = world(&store).await;
        let paper = enter(&world.office, neighbour()).await.unwrap();
        assert_eq!(settle(&principal(&store).await, paper, false).await, Ok(()));
        assert_eq!(list(&world).await.delegates, []);
    }
}

#[tokio::test]
async fn h1_a_paper_is_asked_again_when_it_is_confirmed() {
    for store in stores().await {
        let world = world(&store).await;
        let paper = enter(&world.office, neighbour()).await.unwrap();
        let restriction = dismissal::NewRestriction {
            name: "方秀英".to_owned(),
            guardian: None,
            source: dismissal::Source::ALL[0],
            note: String::new(),
            to_on: None,
        };
        let restricted = world
            .office
            .act::<RestrictPickup, _, _>(move |tx| dismissal::restrict(tx, an(), &restriction))
            .await
            .unwrap();
        assert!(restricted.is_ok());
        let refused = settle(&principal(&store).await, paper, true).await;
        assert_eq!(refused, Err(vec![CannotWrite::Naming(NamingRefused::AskSchool)]));
        assert_eq!(list(&world).await.delegates, []);
    }
}

#[tokio::test]
async fn h1_b6_what_the_app_refuses_paper_is_refused_as_well() {
    for store in stores().await {
        let world = world(&store).await;
        let says = |says: Says| WrittenPaper { says, ..neighbour() };
        let stranger = WrittenPaper { guardian: GuardianId::from_bits(99), ..neighbour() };
        let refused = enter(&world.office, stranger).await;
        assert_eq!(refused, Err(vec![CannotWrite::Paper(CannotCount::NoGuardian)]));
        let alone = enter(&world.office, says(Says::WayHome(ReleaseMode::Alone))).await;
        assert_eq!(alone, Err(vec![CannotWrite::WayHome(ConsentRefused::NotOffered)]));
        let ends = Says::DelegateEnds(EntityId::from_bits(7), "方秀英".to_owned());
        assert_eq!(enter(&world.office, says(ends)).await, Err(vec![CannotWrite::NothingThere]));
        let purposes = Says::Purposes(vec![(Purpose::RunService, true)]);
        assert_eq!(enter(&world.office, says(purposes)).await, Err(vec![CannotWrite::NoNotice]));
        let withdrawal = Says::Withdrawal(TUESDAY, String::new());
        assert_eq!(enter(&world.office, says(withdrawal)).await, Err(vec![CannotWrite::NothingThere]));
    }
}

#[tokio::test]
async fn h1_a_delegation_is_ended_on_paper() {
    for store in stores().await {
        let (world, principal) = (world(&store).await, principal(&store).await);
        let paper = enter(&world.office, neighbour()).await.unwrap();
        settle(&principal, paper, true).await.unwrap();
        let named = list(&world).await.delegates[0].clone();
        let ends = WrittenPaper { says: Says::DelegateEnds(named.id, named.name), ..neighbour() };
        let paper = enter(&world.office, ends).await.unwrap();
        assert_eq!(settle(&principal, paper, true).await, Ok(()));
        assert_eq!(list(&world).await.delegates, []);
        let papers = world.office.read::<ConfirmPaper, _>(dismissal::signed_papers).await.unwrap();
        assert_eq!(papers.len(), 2);
    }
}

#[tokio::test]
async fn h1_a_homeroom_teacher_enters_for_the_own_class_alone() {
    for store in stores().await {
        world(&store).await;
        let person = Some(AnyId::from_bits(31));
        let other = store.member("east", ("13800000036", Role::HomeroomTeacher), person, at(17, 20)).await;
        let entered =
            other.act::<EnterPaper, _, _>(|tx| dismissal::write_signed_paper(tx, &neighbour())).await;
        assert!(matches!(entered, Err(Error::NotFound)));
    }
}
