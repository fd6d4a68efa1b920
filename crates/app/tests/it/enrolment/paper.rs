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
