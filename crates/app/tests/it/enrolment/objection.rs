//! Names in a class: who may object, and what an objection does (F10).

use jiff::civil::date;
use kehou_app::enrolment::{self, NewObjection};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{
    AnswerObjections, ObjectToName, PublishClass, ReadOwnEnrolment, ReviewApplications, SeeOpenWork,
};
use kehou_domain::agenda::Matter;
use kehou_domain::enrolment::objection::{CannotObject, Finding};
use kehou_domain::enrolment::review::Judgement;
use kehou_domain::ids::{ApplicationId, ObjectionId, PublicationId};

use super::world::{S4D, World, at, doing};

/// An's name stands in class 3(1), where Bo sits as well.
async fn shown(world: &World<'_>) -> (PublicationId, ApplicationId) {
    let id = world.apply(&world.sun, &[world.an]).await.unwrap()[0];
    for scope in [&world.homeroom, &world.office] {
        let seen = Judgement::Approve { need_seen: true };
        let decided =
            scope.act::<ReviewApplications, _, _>(move |tx| enrolment::decide(tx, &[id], &seen, "")).await;
        assert_eq!(decided.unwrap().unwrap().done, 1);
    }
    let class = world.class;
    let list = world.office.act::<PublishClass, _, _>(move |tx| enrolment::publish_class(tx, class)).await;
    (list.unwrap().unwrap(), id)
}

fn against((publication, application): (PublicationId, ApplicationId)) -> NewObjection {
    NewObjection { publication, application, what: "家里有人能接".to_owned() }
}

async fn object(world: &World<'_>, family: &Scope, new: NewObjection) -> Result<ObjectionId, CannotObject> {
    let bo = world.bo;
    family.act::<ObjectToName, _, _>(move |tx| enrolment::object_to_name(tx, bo, &new)).await.unwrap()
}

async fn answer(office: &Scope, id: ObjectionId, finding: Finding) -> Result<PublicationId, CannotObject> {
    office
        .act::<AnswerObjections, _, _>(move |tx| enrolment::answer_objection(tx, id, finding, "已核实"))
        .await
        .unwrap()
}

#[tokio::test]
async fn f10_a_family_of_the_class_sees_the_names_and_objects_while_they_stand() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let list = shown(&world).await;
        let bo = world.bo;
        let names = |scope: Scope| async move {
            scope.read::<ReadOwnEnrolment, _>(move |tx| enrolment::class_names(tx, bo)).await.unwrap()
        };
        let seen = names(world.zhou.clone()).await;
        assert_eq!(seen.shown.unwrap().1, [(list.1, "孙安安".to_owned())]);
        let empty = NewObjection { what: " ".to_owned(), ..against(list) };
        assert_eq!(object(&world, &world.zhou, empty).await, Err(CannotObject::NothingSaid));
        assert!(object(&world, &world.zhou, against(list)).await.is_ok());
        assert_eq!(object(&world, &world.zhou, against(list)).await, Err(CannotObject::Twice));
        let told = world.zhou.read::<kehou_domain::access::KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        assert!(told.iter().any(|message| message.kind == "class_names_shown"));
        let open = async |scope: &Scope| {
            let agenda = scope.read::<SeeOpenWork, _>(kehou_app::agenda::agenda).await.unwrap();
            agenda.waiting.iter().any(|waiting| waiting.matter == Matter::Objections)
        };
        assert!(open(&world.homeroom).await && open(&world.office).await);
        let later = world.zhou.at_moment(at(date(2026, 9, 11)));
        assert_eq!(object(&world, &later, against(list)).await, Err(CannotObject::NotShown));
        let seen = names(later).await;
        assert_eq!((seen.shown, seen.mine.len()), (None, 1), "the own objection stays in sight");
        let stranger =
            world.sun.act::<ObjectToName, _, _>(move |tx| enrolment::object_to_name(tx, bo, &against(list)));
        assert!(matches!(stranger.await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn f10_a_name_with_an_open_objection_waits_and_goes_on_with_the_answer() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let list = shown(&world).await;
        let said = object(&world, &world.zhou, against(list)).await.unwrap();
        let later = world.office.at_moment(at(date(2026, 9, 11)));
        assert_eq!(doing(&later, enrolment::close_publications).await.unwrap(), 0);
        assert_eq!(world.steps(&world.sun, world.an).await, "waiting: done done now ahead");
        assert_eq!(answer(&later, said, Finding::Dismissed).await, Ok(list.0));
        assert_eq!(answer(&later, said, Finding::Upheld).await, Err(CannotObject::Answered));
        assert_eq!(world.steps(&world.sun, world.an).await, "waiting: done done done now");
        let told = world.zhou.read::<kehou_domain::access::KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        assert!(told.iter().any(|message| message.kind == "objection_answered"));
    }
}

#[tokio::test]
async fn f10_an_objection_that_holds_sends_the_application_back_at_once() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let list = shown(&world).await;
        let noted =
            world.homeroom.act::<PublishClass, _, _>(move |tx| enrolment::note_objection(tx, &against(list)));
        let said = noted.await.unwrap().unwrap();
        assert_eq!(answer(&world.office, said, Finding::Upheld).await, Ok(list.0));
        assert_eq!(world.steps(&world.sun, world.an).await, "returned: done done returned ahead");
        let (bo, zhou) = (world.bo, &world.zhou);
        let seen = zhou.read::<ReadOwnEnrolment, _>(move |tx| enrolment::class_names(tx, bo)).await.unwrap();
        assert_eq!(seen.shown.unwrap().1, []);
        let later = world.office.at_moment(at(date(2026, 9, 11)));
        assert_eq!(doing(&later, enrolment::close_publications).await.unwrap(), 0);
    }
}
