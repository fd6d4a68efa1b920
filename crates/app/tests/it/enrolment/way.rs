//! Letter, survey, application, chain, agreement, place.

use jiff::civil::date;
use kehou_app::dismissal;
use kehou_app::enrolment::{
    self, CannotAnswer, CannotSign, Decided, Intention, NoApplication, Part, Read, Signing, ToSign, Wish,
};
use kehou_db::testing::stores;
use kehou_db::{Error, Scope};
use kehou_domain::access::{
    AnswerSurvey, FileList, KeepFlags, KeepSignUps, PublishClass, ReadApplications, ReadOwnEnrolment,
    ReviewApplications, Role, SeeOwnChildren,
};
use kehou_domain::enrolment::agreement::Kind;
use kehou_domain::enrolment::apply::{CannotApply, Choice};
use kehou_domain::enrolment::consent::Purpose;
use kehou_domain::enrolment::review::{CannotDecide, Ground, Judgement};
use kehou_domain::enrolment::signature::NotASignature;
use kehou_domain::ids::ApplicationId;
use kehou_domain::people::flag::Flag;

use super::world::{S4A, S4D, TUESDAY, World, at, doing, wish};

const SEEN: Judgement = Judgement::Approve { need_seen: true };

async fn decide(scope: &Scope, ids: &[ApplicationId], judgement: Judgement) -> Decided {
    let ids = ids.to_vec();
    let decided =
        scope.act::<ReviewApplications, _, _>(move |tx| enrolment::decide(tx, &ids, &judgement, "请补充"));
    decided.await.unwrap().unwrap()
}

fn signing(paper: &ToSign, typed: &str) -> Signing {
    Signing {
        clause_set: paper.clause_set,
        hash: paper.hash.clone(),
        path: String::new(),
        typed: typed.to_owned(),
        has_read: Read::Yes,
    }
}

/// Class, school and publication are behind the application; it waits for the signature.
async fn to_signature(
    world: &World<'_>,
    family: &Scope,
    child: kehou_domain::ids::StudentId,
) -> ApplicationId {
    let id = world.apply(family, &[child]).await.unwrap()[0];
    decide(&world.homeroom, &[id], SEEN).await;
    decide(&world.office, &[id], SEEN).await;
    let class = world.class;
    let shown = world.office.act::<PublishClass, _, _>(move |tx| enrolment::publish_class(tx, class)).await;
    shown.unwrap().unwrap();
    let later = world.office.at_moment(at(date(2026, 9, 11)));
    assert_eq!(doing(&later, enrolment::close_publications).await.unwrap(), 1);
    id
}

#[tokio::test]
async fn f1_a_family_goes_from_the_letter_to_a_place_along_the_plans_chain() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let id = world.apply(&world.sun, &[world.an]).await.unwrap()[0];
        assert_eq!(world.steps(&world.sun, world.an).await, "waiting: now ahead ahead ahead");

        assert_eq!(decide(&world.homeroom, &[id], SEEN).await, Decided { done: 1, not: vec![] });
        assert_eq!(decide(&world.office, &[id], SEEN).await.done, 1);
        assert_eq!(world.steps(&world.sun, world.an).await, "waiting: done done now ahead");

        let class = world.class;
        let shown = world.homeroom.act::<PublishClass, _, _>(move |tx| enrolment::publish_class(tx, class));
        shown.await.unwrap().unwrap();
        let third = world.office.at_moment(at(date(2026, 9, 10)));
        let early = doing(&third, enrolment::close_publications).await.unwrap();
        assert_eq!(early, 0, "F10: the names stand for three days");
        let later = world.office.at_moment(at(date(2026, 9, 11)));
        assert_eq!(doing(&later, enrolment::close_publications).await.unwrap(), 1);
        assert_eq!(world.steps(&world.sun, world.an).await, "waiting: done done done now");
        let home = world.sun.read::<SeeOwnChildren, _>(dismissal::today).await.unwrap();
        let to_do = home.iter().find(|child| child.child.id == world.an).unwrap().to_do;
        assert_eq!(to_do, Some(dismissal::ToDo::Sign), "the home page says so");

        let papers = world.to_sign(&world.sun, world.an).await;
        assert_eq!(
            papers.iter().map(|paper| paper.wording.kind).collect::<Vec<_>>(),
            [Kind::ServiceAgreement]
        );
        world.sign(&world.sun, world.an, signing(&papers[0], "孙建国")).await.unwrap();
        assert_eq!(world.steps(&world.sun, world.an).await, "enrolled: done done done done");
        let place = world.service(&world.sun, world.an).await.place.unwrap();
        assert_eq!((place.stay.from_on, place.stay.to_on), (date(2026, 10, 8), None));

        // F12: told at each turn
        let told = world.sun.read::<kehou_domain::access::KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
        let mut kinds: Vec<_> = told.iter().map(|message| message.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["agreement_to_sign", "child_enrolled", "class_published", "letter_published"]);
    }
}

#[tokio::test]
async fn m1_nobody_applies_before_reading_the_letter_and_agreeing_to_what_is_required() {
    for store in stores().await {
        let world = World::new(&store, "east", S4D).await;
        let nothing = world.service(&world.sun, world.an).await;
        assert_eq!((nothing.sign_up, nothing.letter), (None, None));
        world.publish().await;
        let refused = |why| Err(vec![NoApplication { student: world.an, why }]);
        assert_eq!(world.apply(&world.sun, &[world.an]).await, refused(CannotApply::LetterNotRead));
        world.read_letter(&world.sun).await;
        let missing = CannotApply::ConsentMissing(Purpose::RunService);
        assert_eq!(world.apply(&world.sun, &[world.an]).await, refused(missing));
        // every optional purpose is refused here, and that blocks nothing
        world.agree(&world.sun, world.an).await;
        assert!(world.apply(&world.sun, &[world.an]).await.is_ok());
        assert_eq!(world.apply(&world.sun, &[world.an]).await, refused(CannotApply::AlreadyApplied));
    }
}

#[tokio::test]
async fn siblings_are_signed_up_together_or_not_at_all() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let wishes = vec![wish(world.an, &[2]), wish(world.ping, &[1])];
        let why = CannotApply::NotOffered(Choice { slot: "afternoon".to_owned(), weekday: 1 });
        let refused = Err(vec![NoApplication { student: world.ping, why }]);
        assert_eq!(world.apply_with(&world.sun, wishes).await, refused);
        let nothing = |student| NoApplication { student, why: CannotApply::NothingChosen };
        let empty = vec![wish(world.an, &[]), wish(world.ping, &[])];
        let both = Err(vec![nothing(world.an), nothing(world.ping)]);
        assert_eq!(world.apply_with(&world.sun, empty).await, both, "every child's is said at once");
        assert_eq!(world.service(&world.sun, world.an).await.application, None);
        assert_eq!(world.apply(&world.sun, &[world.an, world.ping]).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn f1_the_same_child_sent_twice_at_once_is_one_application() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let (sun, an) = (&world.sun, [world.an]);
        let all = (world.apply(sun, &an), world.apply(sun, &an), world.apply(sun, &an));
        let (first, second, third) = tokio::join!(all.0, all.1, all.2);
        let made = [first, second, third].into_iter().flatten().count();
        assert_eq!(made, 1);
    }
}

#[tokio::test]
async fn b2_b3_grounds_hold_and_one_that_cannot_be_decided_holds_up_no_other() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let an = world.apply(&world.sun, &[world.an]).await.unwrap()[0];
        let bo = world.apply(&world.zhou, &[world.bo]).await.unwrap()[0];
        let blind = decide(&world.homeroom, &[an], Judgement::Approve { need_seen: false }).await;
        assert_eq!(blind.not[0].why, CannotDecide::NeedNotSeen);
        decide(&world.homeroom, &[an], SEEN).await;
        let both = decide(&world.homeroom, &[an, bo], SEEN).await;
        assert_eq!((both.done, both.not[0].name.as_str()), (1, "孙安安"));
        assert_eq!(both.not[0].why, CannotDecide::NotYourStep);
        let harsh = decide(&world.office, &[bo], Judgement::Refuse(Ground::Incomplete)).await;
        assert_eq!(harsh.not[0].why, CannotDecide::MayNotRefuse(Ground::Incomplete));
        assert_eq!(decide(&world.office, &[bo], Judgement::Return(Ground::Incomplete)).await.done, 1);
        assert_eq!(world.steps(&world.zhou, world.bo).await, "returned: done returned ahead ahead");
        // handed in again: a new round from the first step
        assert_eq!(world.apply(&world.zhou, &[world.bo]).await.unwrap(), [bo]);
        assert_eq!(world.steps(&world.zhou, world.bo).await, "waiting: now ahead ahead ahead");
    }
}

#[tokio::test]
async fn b4_overdue_and_priority_come_first_on_the_pile_of_the_role_that_decides() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        world.apply(&world.sun, &[world.an]).await.unwrap();
        world.apply(&world.zhou, &[world.bo]).await.unwrap();
        let bo = world.bo;
        doing::<KeepFlags, _>(&world.office, move |tx| {
            kehou_app::people::set_flags(tx, bo, &[Flag::LeftBehind])
        })
        .await
        .unwrap();
        let pile = world
            .homeroom
            .read::<ReadApplications, _>(|tx| enrolment::pile(tx, Part::All))
            .await
            .unwrap()
            .unwrap();
        let lines: Vec<_> =
            pile.items.iter().map(|item| (item.name.as_str(), item.priority, item.mine)).collect();
        assert_eq!(lines, [("周小波", true, true), ("孙安安", false, true)]);
        let late = world.homeroom.at_moment(at(date(2026, 9, 12)));
        let pile =
            late.read::<ReadApplications, _>(|tx| enrolment::pile(tx, Part::All)).await.unwrap().unwrap();
        assert!(pile.items.iter().all(|item| item.overdue));
        let committee = world.member("13600000001", Role::ParentCommittee).await;
        let pile = committee
            .read::<ReadApplications, _>(|tx| enrolment::pile(tx, Part::All))
            .await
            .unwrap()
            .unwrap();
        assert!(pile.items.is_empty() && pile.steps.is_empty() && !pile.has_part);
    }
}

#[tokio::test]
async fn a_class_teacher_sees_and_decides_only_their_own_class() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let ids = world.apply(&world.sun, &[world.an, world.ping]).await.unwrap();
        let pile = world
            .homeroom
            .read::<ReadApplications, _>(|tx| enrolment::pile(tx, Part::All))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(pile.items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["孙安安"]);
        let foreign = [ids[1]];
        let done = world
            .homeroom
            .act::<ReviewApplications, _, _>(move |tx| enrolment::decide(tx, &foreign, &SEEN, ""))
            .await;
        assert!(matches!(done, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn what_waits_is_read_without_what_is_settled_and_that_is_counted() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        world.apply(&world.sun, &[world.an, world.ping]).await.unwrap();
        let bo = world.apply(&world.zhou, &[world.bo]).await.unwrap()[0];
        let back = decide(&world.homeroom, &[bo], Judgement::Return(Ground::Incomplete)).await;
        assert_eq!(back.done, 1);
        for (who, part, children) in [
            (&world.office, Part::Waiting, 2),
            (&world.office, Part::Settled, 1),
            (&world.office, Part::All, 3),
            (&world.homeroom, Part::Waiting, 1),
            (&world.homeroom, Part::Settled, 1),
        ] {
            let read = move |tx: &mut kehou_db::Tx<ReadApplications>| enrolment::pile(tx, part);
            let pile = who.read::<ReadApplications, _>(read).await.unwrap().unwrap();
            assert_eq!((pile.items.len(), pile.settled), (children, 1), "{part:?}");
            assert!(pile.items.iter().all(|item| !item.choices.is_empty()), "{part:?}");
            assert_eq!(pile.items.iter().any(|item| item.id == bo), part != Part::Waiting);
        }
    }
}

#[tokio::test]
async fn another_familys_child_is_not_there() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let bo = world.bo;
        let seen = world.sun.read::<ReadOwnEnrolment, _>(move |tx| enrolment::service(tx, bo)).await;
        assert!(matches!(seen, Err(Error::NotFound)));
        let wishes = [wish(bo, &[2])];
        let done = world
            .sun
            .act::<kehou_domain::access::ApplyForService, _, _>(move |tx| enrolment::apply(tx, &wishes))
            .await;
        assert!(matches!(done, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn f6_what_was_shown_is_what_is_signed() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        to_signature(&world, &world.sun, world.an).await;
        let paper = &world.to_sign(&world.sun, world.an).await[0];
        let sign = |signing| world.sign(&world.sun, world.an, signing);
        let unread = Signing { has_read: Read::NotSaid, ..signing(paper, "孙建国") };
        assert_eq!(
            sign(unread).await,
            Err(vec![CannotSign::NotRead { clauses: paper.wording.clauses.len() }])
        );
        let other = CannotSign::Signature(NotASignature::OtherName);
        assert_eq!(sign(signing(paper, "周丽")).await, Err(vec![other]));
        world.use_wording(Kind::ServiceAgreement, |wording| wording.clauses.truncate(3)).await;
        assert_eq!(sign(signing(paper, "孙建国")).await, Err(vec![CannotSign::TextChanged]));
        let fresh = &world.to_sign(&world.sun, world.an).await[0];
        let drawn = "M10 10L20 20L30 10L40 20L50 10L60 20".to_owned();
        assert!(sign(Signing { path: drawn.clone(), ..signing(fresh, "") }).await.is_ok());
        let signed = world.to_sign(&world.sun, world.an).await[0].signed.clone().unwrap();
        assert_eq!((signed.hash, signed.path, signed.mark.as_str()), (fresh.hash.clone(), drawn, "drawn"));
        assert_eq!(sign(signing(fresh, "孙建国")).await, Err(vec![CannotSign::AlreadySigned]));
    }
}

#[tokio::test]
async fn c8_f11_the_survey_is_answered_and_counted_by_class() {
    for store in stores().await {
        let world = World::open(&store, "east", S4D).await;
        let (an, sun) = (world.an, &world.sun);
        let answer = |wish, weekdays: Vec<i8>| {
            let intention = Intention { wish, weekdays, remark: String::new() };
            sun.act::<AnswerSurvey, _, _>(move |tx| enrolment::answer_survey(tx, an, &intention))
        };
        assert_eq!(answer(Wish::Yes, vec![]).await.unwrap(), Err(CannotAnswer::NoWeekday));
        assert_eq!(answer(Wish::Yes, vec![2, 4]).await.unwrap(), Ok(()));
        assert_eq!(answer(Wish::Unsure, vec![]).await.unwrap(), Ok(()), "a later answer replaces the first");
        let lines = world.office.read::<KeepSignUps, _>(enrolment::survey).await.unwrap();
        let counts: Vec<_> =
            lines.iter().map(|l| (l.class.grade, l.children, l.yes, l.no, l.unsure)).collect();
        assert_eq!(counts, [(1, 1, 0, 0, 0), (3, 2, 0, 0, 1)]);
        let late = sun.at_moment(at(date(2026, 9, 10)));
        let intention = Intention { wish: Wish::No, weekdays: vec![], remark: String::new() };
        let over =
            late.act::<AnswerSurvey, _, _>(move |tx| enrolment::answer_survey(tx, an, &intention)).await;
        assert_eq!(over.unwrap(), Err(CannotAnswer::Over { closes_on: date(2026, 9, 9) }));
    }
}

#[tokio::test]
async fn f9_approved_children_are_filed_before_they_go_on() {
    for store in stores().await {
        let world = World::open(&store, "east", S4A).await;
        let wishes = vec![kehou_app::enrolment::ChildWish { need: None, ..wish(world.an, &[1, 5]) }];
        let slot = world.service(&world.sun, world.an).await.offered[0].choice.slot.clone();
        let wishes = wishes.into_iter().map(|mut wish| {
            wish.choices.iter_mut().for_each(|choice| choice.slot.clone_from(&slot));
            wish
        });
        let id = world.apply_with(&world.sun, wishes.collect()).await.unwrap()[0];
        let plain = Judgement::Approve { need_seen: false };
        decide(&world.homeroom, &[id], plain.clone()).await;
        let nobody = world.office.act::<FileList, _, _>(enrolment::file_list).await.unwrap();
        assert_eq!(nobody, Err(()));
        decide(&world.office, &[id], plain).await;
        let list = world.office.act::<FileList, _, _>(enrolment::file_list).await.unwrap().unwrap();
        assert_eq!(world.steps(&world.sun, world.an).await, "waiting: done done done now");
        let (filing, lines) =
            world.office.read::<FileList, _>(move |tx| enrolment::filing(tx, list)).await.unwrap();
        assert_eq!((filing.number, filing.children), (1, 1));
        let line = &lines[0];
        assert_eq!((line.name.as_str(), line.sex.as_str(), line.choices.len()), ("孙安安", "F", 2));
        let bureau = world.member("13500000001", Role::BureauOfficer).await;
        doing::<kehou_domain::access::ReceiveFilings, _>(&bureau, move |tx| {
            enrolment::receive_filing(tx, list)
        })
        .await
        .unwrap();
        let (filings, waiting) = world.office.read::<FileList, _>(enrolment::filings).await.unwrap();
        assert_eq!((filings[0].received_at, waiting), (Some(at(TUESDAY)), 0));
    }
}
