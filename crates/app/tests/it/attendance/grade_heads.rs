//! What a grade head sees of a club: the children of the own grades.

use kehou_app::attendance;
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Error, Scope, sql};
use kehou_domain::access::{ReadSessions, Role};
use kehou_domain::attendance::Part;
use kehou_domain::ids::{AnyId, EntityId, SessionId, StudentId};

use super::clubs::{cards, doing, prepare, session, with_clay};
use super::day::WEDNESDAY;
use super::world::{World, child, id, put};

const OLDER: u128 = 40;

/// The clay club on Wednesday, with six children of grade 3 and one of grade 4.
async fn with_older(store: &TestStore) -> World {
    let world = with_clay(store).await;
    prepare(&world.office, WEDNESDAY).await;
    let club = session(&world.leader, WEDNESDAY, "泥塑社").await;
    doing(&world.office, move |tx| {
        let class = sql!(
            "insert into home_class (school_id, id, stage, entered_year, class_no)
             values ($1, $2, 'primary', 2023, 1)"
        );
        put(tx, class, &[id(123)])?;
        for (staff, grade) in [(137, 4), (138, 5)] {
            let new = sql!("insert into staff (school_id, id, name) values ($1, $2, '级长')");
            put(tx, new, &[id(staff)])?;
            let head = sql!("insert into grade_head (school_id, staff_id, grade) values ($1, $2, $3)");
            put(tx, head, &[id(staff), i64::from(grade).into()])?;
        }
        let student = sql!("insert into student (school_id, id, name, sex) values ($1, $2, '高年级', 'F')");
        put(tx, student, &[id(OLDER)])?;
        let stay = sql!(
            "insert into class_stay (school_id, id, student_id, class_id, from_on)
             values ($1, $2, $3, $4, '2023-09-01')"
        );
        put(tx, stay, &[id(1000 + OLDER), id(OLDER), id(123)])?;
        let fact = sql!(
            "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
               account_id, role, facts)
             values ($1, $2, $3, $4, $5, 'expected', 0, 0, '', $6, 'academic_office', '{}')"
        );
        put(tx, fact, &[id(3000 + OLDER), id(OLDER), WEDNESDAY.into(), club.into(), id(0)])
    })
    .await;
    world
}

async fn head(store: &TestStore, world: &World, (phone, staff): (&str, u128)) -> Scope {
    let person = Some(AnyId::from_bits(staff));
    store.member("east", (phone, Role::GradeHead), person, world.leader.at()).await
}

/// The groups with how many children are expected, as the list shows them.
async fn listed(head: &Scope) -> Vec<(String, u32, Part)> {
    let cards = cards(head, WEDNESDAY).await;
    cards.into_iter().map(|card| (card.session.group_name, card.counts.expected, card.part)).collect()
}

async fn called(head: &Scope, club: SessionId) -> kehou_db::Result<(Vec<StudentId>, Part)> {
    let roll = head.read::<ReadSessions, _>(move |tx| attendance::roll(tx, club)).await?;
    let facts = head.read::<ReadSessions, _>(move |tx| attendance::facts(tx, club)).await?;
    let mut children: Vec<StudentId> = roll.children.iter().map(|one| one.pupil.id).collect();
    children.sort_unstable();
    assert!(facts.iter().all(|fact| children.contains(&fact.student)));
    Ok((children, roll.part))
}

#[tokio::test]
async fn g1_a_grade_head_sees_of_a_club_the_children_of_the_own_grades_alone() {
    for store in stores().await {
        let world = with_older(&store).await;
        let club = session(&world.leader, WEDNESDAY, "泥塑社").await;
        assert_eq!(called(&world.leader, club).await.unwrap().0.len(), 7);

        let third = &world.grade_head;
        let expected = [("三(2)班".to_owned(), 24, Part::Whole), ("泥塑社".to_owned(), 6, Part::OwnGrades)];
        assert_eq!(listed(third).await, expected);
        let own: Vec<StudentId> = (1..=6).map(child).collect();
        assert_eq!(called(third, club).await.unwrap(), (own, Part::OwnGrades));

        let fourth = head(&store, &world, ("13800000137", 137)).await;
        assert_eq!(listed(&fourth).await, [("泥塑社".to_owned(), 1, Part::OwnGrades)]);
        assert_eq!(called(&fourth, club).await.unwrap(), (vec![child(OLDER)], Part::OwnGrades));

        let fifth = head(&store, &world, ("13800000138", 138)).await;
        assert_eq!(listed(&fifth).await, []);
        assert!(matches!(called(&fifth, club).await, Err(Error::NotAllowed)));
    }
}
