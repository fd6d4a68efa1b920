//! What waits for whom between the plan and the place in the service.

use kehou_app::agenda::{self, Agenda};
use kehou_db::Scope;
use kehou_db::testing::stores;
use kehou_domain::access::{PublishClass, ReviewApplications, Role, SeeOpenWork};
use kehou_domain::agenda::{FirstStep, Matter};
use kehou_domain::enrolment::review::Judgement;

use super::paper::{enter, on_paper};
use super::world::{S4D, TUESDAY, World, at};

async fn agenda(scope: &Scope) -> Agenda {
    scope.read::<SeeOpenWork, _>(agenda::agenda).await.unwrap()
}

/// How many of one matter wait; none is nought.
async fn waiting(scope: &Scope, matter: Matter) -> i64 {
    let waiting = agenda(scope).await.waiting;
    waiting.iter().find(|waiting| waiting.matter == matter).map_or(0, |waiting| waiting.count)
}

/// The steps that are left for this role.
async fn left(scope: &Scope) -> Vec<FirstStep> {
    let steps = agenda(scope).await.steps;
    steps.iter().filter(|step| !step.done).map(|step| step.step).collect()
}

#[tokio::test]
async fn a_school_from_nothing_is_led_through_its_first_steps() {
    for store in stores().await {
        store.school(1, "east", at(TUESDAY)).await;
        let office = store.member("east", ("13800000001", Role::AcademicOffice), None, at(TUESDAY)).await;
        assert_eq!(left(&office).await, FirstStep::ALL);
        assert_eq!(agenda(&office).await.waiting, []);
    }
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let begun = left(&world.office).await;
        // grade 1 has no homeroom teacher; the term is not opened; the roster's families have accounts
        let expected = [
            FirstStep::Term,
            FirstStep::Teachers,
            FirstStep::Letter,
            FirstStep::Clauses,
            FirstStep::PrivacyNotice,
            FirstStep::SignUp,
        ];
        assert_eq!(begun, expected);
        assert_eq!(waiting(&world.office, Matter::ClassesWithoutTeacher).await, 1);
        world.publish().await;
        assert_eq!(left(&world.office).await, [FirstStep::Term, FirstStep::Teachers]);
    }
}

#[tokio::test]
async fn f1_an_application_waits_for_the_one_whose_step_it_is() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        world.apply(&world.sun, &[world.an, world.ping]).await.unwrap();
        let an = world.service(&world.sun, world.an).await.application.unwrap().id;
        // An sits in the teacher's class, the brother does not
        assert_eq!(waiting(&world.homeroom, Matter::ApplicationsToReview).await, 1);
        assert_eq!(waiting(&world.office, Matter::ApplicationsToReview).await, 0);
        let seen = Judgement::Approve { need_seen: true };
        for scope in [&world.homeroom, &world.office] {
            assert_eq!(waiting(scope, Matter::ApplicationsToReview).await, 1);
            let seen = seen.clone();
            let decided = scope
                .act::<ReviewApplications, _, _>(move |tx| kehou_app::enrolment::decide(tx, &[an], &seen, ""))
                .await;
            assert_eq!(decided.unwrap().unwrap().done, 1);
            assert_eq!(waiting(scope, Matter::ApplicationsToReview).await, 0);
        }
        assert_eq!(waiting(&world.homeroom, Matter::NamesToShow).await, 1);
        let class = world.class;
        world
            .office
            .act::<PublishClass, _, _>(move |tx| kehou_app::enrolment::publish_class(tx, class))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(waiting(&world.homeroom, Matter::NamesToShow).await, 0);
    }
}

#[tokio::test]
async fn f11_what_is_late_is_told_to_those_who_read_exceptions() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        world.apply(&world.sun, &[world.an]).await.unwrap();
        // three days each: the 11th is the last one in time
        let on = |day| world.principal.at_moment(at(september(day)));
        assert_eq!(waiting(&on(11), Matter::ApplicationsOverdue).await, 0);
        assert_eq!(waiting(&on(12), Matter::ApplicationsOverdue).await, 1);
    }
}

fn september(day: i8) -> jiff::civil::Date {
    jiff::civil::date(2026, 9, day)
}

#[tokio::test]
async fn f4_a_paper_waits_for_a_second_person_and_not_for_the_first() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        enter(&world, &on_paper(&world).await).await.unwrap();
        assert_eq!(waiting(&world.homeroom, Matter::PapersToConfirm).await, 0);
        assert_eq!(waiting(&world.office, Matter::PapersToConfirm).await, 1);
        assert_eq!(waiting(&world.principal, Matter::PapersToConfirm).await, 1);
    }
}
