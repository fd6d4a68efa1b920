//! The paper route: four eyes, and the same chain.

use jiff::civil::date;
use kehou_app::enrolment::{self, CannotEnter, NewPaper};
use kehou_db::testing::stores;
use kehou_domain::access::{ConfirmPaper, EnterPaper, PublishClass, ReviewApplications};
use kehou_domain::enrolment::apply::CannotApply;
use kehou_domain::enrolment::paper::CannotCount;
use kehou_domain::enrolment::review::Judgement;
use kehou_domain::ids::{ApplicationId, GuardianId, PaperId};

use super::world::{S4D, TUESDAY, World, at, doing, wish};

/// A form that An's father signed, with the signed agreement beside it.
pub(crate) async fn on_paper(world: &World<'_>) -> NewPaper {
    let found = doing(&world.office, |tx| enrolment::children_named(tx, "孙安安")).await.unwrap();
    let wish = wish(world.an, &[2, 3]);
    NewPaper {
        student: world.an,
        guardian: found[0].guardians[0].0,
        choices: wish.choices,
        need: wish.need,
        remark: String::new(),
        covers_agreement: true,
        signed_on: TUESDAY,
        place: "教务处 3 号柜".to_owned(),
    }
}

pub(crate) async fn enter(world: &World<'_>, paper: &NewPaper) -> Result<PaperId, Vec<CannotEnter>> {
    let paper = paper.clone();
    world.homeroom.act::<EnterPaper, _, _>(move |tx| enrolment::enter_paper(tx, &paper)).await.unwrap()
}

pub(crate) async fn confirm(world: &World<'_>, id: PaperId) -> Result<(), CannotEnter> {
    world.office.act::<ConfirmPaper, _, _>(move |tx| enrolment::settle_paper(tx, id, true)).await.unwrap()
}

/// Class, school and publication pass An's application.
pub(crate) async fn through_the_chain(world: &World<'_>) -> ApplicationId {
    let id = world.service(&world.sun, world.an).await.application.unwrap().id;
    for scope in [&world.homeroom, &world.office] {
        let seen = Judgement::Approve { need_seen: true };
        let decided =
            scope.act::<ReviewApplications, _, _>(move |tx| enrolment::decide(tx, &[id], &seen, "")).await;
        assert_eq!(decided.unwrap().unwrap().done, 1);
    }
    let class = world.class;
    let shown = world.office.act::<PublishClass, _, _>(move |tx| enrolment::publish_class(tx, class)).await;
    shown.unwrap().unwrap();
    let later = world.office.at_moment(at(date(2026, 9, 11)));
    doing(&later, enrolment::close_publications).await.unwrap();
    id
}

#[tokio::test]
async fn f4_r1_a_paper_counts_once_a_second_person_has_seen_it() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let paper = enter(&world, &on_paper(&world).await).await.unwrap();
        assert_eq!(world.steps(&world.sun, world.an).await, "", "nothing follows from entering alone");
        let own = world
            .homeroom
            .act::<ConfirmPaper, _, _>(move |tx| enrolment::settle_paper(tx, paper, true))
            .await;
        assert_eq!(own.unwrap(), Err(CannotEnter::Paper(CannotCount::SamePerson)));
        assert_eq!(confirm(&world, paper).await, Ok(()));
        assert_eq!(confirm(&world, paper).await, Err(CannotEnter::Paper(CannotCount::Settled)));
        assert_eq!(world.steps(&world.sun, world.an).await, "waiting: now ahead ahead ahead");
        through_the_chain(&world).await;
        assert_eq!(
            world.steps(&world.sun, world.an).await,
            "enrolled: done done done done",
            "the signed agreement lies with the paper"
        );
    }
}

#[tokio::test]
async fn f4_a_paper_that_is_not_found_starts_nothing() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let paper = enter(&world, &on_paper(&world).await).await.unwrap();
        let gone =
            world.office.act::<ConfirmPaper, _, _>(move |tx| enrolment::settle_paper(tx, paper, false)).await;
        assert_eq!(gone.unwrap(), Ok(()));
        assert_eq!(world.service(&world.sun, world.an).await.application, None);
    }
}

#[tokio::test]
async fn f4_what_a_paper_must_say() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let good = on_paper(&world).await;
        let no_place = NewPaper { place: " ".into(), ..good.clone() };
        let refused = Err(vec![CannotEnter::Paper(CannotCount::PlaceMissing)]);
        assert_eq!(enter(&world, &no_place).await, refused);
        let later = NewPaper { signed_on: date(2026, 9, 9), ..good.clone() };
        assert_eq!(enter(&world, &later).await, Err(vec![CannotEnter::Paper(CannotCount::SignedLater)]));
        let stranger = NewPaper { guardian: kehou_domain::ids::EntityId::from_bits(1), ..good.clone() };
        let _: GuardianId = stranger.guardian;
        assert_eq!(enter(&world, &stranger).await, Err(vec![CannotEnter::Paper(CannotCount::NoGuardian)]));
        let nothing = NewPaper { choices: vec![], ..good.clone() };
        assert_eq!(enter(&world, &nothing).await, Err(vec![CannotEnter::Apply(CannotApply::NothingChosen)]));
        world.apply(&world.sun, &[world.an]).await.unwrap();
        let refused = Err(vec![CannotEnter::Apply(CannotApply::AlreadyApplied)]);
        assert_eq!(enter(&world, &good).await, refused);
    }
}

/// The class teacher enters the agreement that this child's father signed on paper.
async fn enter_agreement(world: &World<'_>) -> Result<PaperId, Vec<CannotEnter>> {
    // what the form says of slots is the application's, whatever was typed
    enter(world, &NewPaper { choices: vec![], need: None, ..on_paper(world).await }).await
}

#[tokio::test]
async fn f4_the_second_person_sees_everything_that_was_entered() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let paper = NewPaper { remark: "花生过敏".into(), ..on_paper(&world).await };
        enter(&world, &paper).await.unwrap();
        let seen = world.office.read::<ConfirmPaper, _>(enrolment::papers).await.unwrap();
        let slots: Vec<_> =
            seen[0].choices.iter().map(|one| (one.name.as_str(), one.choice.weekday)).collect();
        assert_eq!(slots, [("课后服务", 2), ("课后服务", 3)]);
        assert_eq!((seen[0].paper.need, seen[0].paper.remark.as_str()), (paper.need, "花生过敏"));
    }
}

#[tokio::test]
async fn f4_an_agreement_signed_on_paper_is_entered_at_its_step_and_counts_after_the_second_person() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        world.apply(&world.sun, &[world.an]).await.unwrap();
        let early = enter_agreement(&world).await;
        let applied = CannotEnter::Apply(CannotApply::AlreadyApplied);
        assert_eq!(early, Err(vec![applied]), "not its turn yet");
        through_the_chain(&world).await;
        assert_eq!(world.steps(&world.sun, world.an).await, "waiting: done done done now");
        let an = world.an;
        let child =
            world.office.read::<EnterPaper, _>(move |tx| enrolment::child_to_enter(tx, an)).await.unwrap();
        assert_eq!(child.to_sign.unwrap().iter().map(|one| one.choice.weekday).collect::<Vec<_>>(), [2, 4]);
        let paper = enter_agreement(&world).await.unwrap();
        let seen = world.office.read::<ConfirmPaper, _>(enrolment::papers).await.unwrap();
        assert!(seen[0].signs.is_some());
        assert_eq!(seen[0].choices.iter().map(|one| one.choice.weekday).collect::<Vec<_>>(), [2, 4]);
        let own = world
            .homeroom
            .act::<ConfirmPaper, _, _>(move |tx| enrolment::settle_paper(tx, paper, true))
            .await;
        assert_eq!(own.unwrap(), Err(CannotEnter::Paper(CannotCount::SamePerson)));
        assert_eq!(confirm(&world, paper).await, Ok(()));
        assert_eq!(world.steps(&world.sun, world.an).await, "enrolled: done done done done");
        let signed = world.to_sign(&world.sun, world.an).await[0].signed.clone().unwrap();
        assert_eq!((signed.mark.as_str(), signed.signer.as_str()), ("paper", "孙建国"));
    }
}

#[tokio::test]
async fn f4_an_agreement_on_paper_that_came_too_late_changes_nothing() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        world.apply(&world.sun, &[world.an]).await.unwrap();
        through_the_chain(&world).await;
        let (first, second) =
            (enter_agreement(&world).await.unwrap(), enter_agreement(&world).await.unwrap());
        assert_eq!(confirm(&world, first).await, Ok(()));
        assert_eq!(confirm(&world, second).await, Err(CannotEnter::NothingToSign));
        let rejected = world
            .office
            .act::<ConfirmPaper, _, _>(move |tx| enrolment::settle_paper(tx, second, false))
            .await;
        assert_eq!(rejected.unwrap(), Ok(()));
    }
}
