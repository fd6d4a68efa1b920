//! Small classes that sit together: what the office decides for a weekday makes its days from then on (E3, E5).

use jiff::civil::{Date, date};
use kehou_app::attendance::{self, NoPlan, Status};
use kehou_app::grouping::{self, Counting, MergeRefused, Merging, NoMerging};
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Failed, SchoolTx, sql};
use kehou_domain::access::{ArrangeGroups, KeepOwnAccount, PrepareDay, ReadGroups, ReadSessions};
use kehou_domain::grouping::classes::{Counted, Kind};
use kehou_domain::plan::SlotId;

use super::day::{WEDNESDAY, planned, planned_by};
use super::world::{CHILDREN, World, id, put};

const S1D: &str = include_str!("../../../../../plans/s1d.toml");
/// A Wednesday later.
const NEXT: Date = date(2026, 12, 2);
/// How many children the other class has.
const OTHERS: u128 = 8;

/// 3(2) with thirty children and 3(3) with eight, all at noon.
async fn two_classes(store: &TestStore) -> World {
    two_classes_by(store, S1D).await
}

/// Thirty-two more on the roll of 3(3), who do not stay: forty in all.
fn fill_roll(tx: &mut SchoolTx) -> kehou_db::Result<()> {
    (301..=332).try_for_each(|number| {
        let student = sql!("insert into student (school_id, id, name, sex) values ($1, $2, '不留', 'M')");
        put(tx, student, &[id(number)])?;
        let stay = sql!(
            "insert into class_stay (school_id, id, student_id, class_id, from_on)
             values ($1, $2, $3, $4, '2024-09-01')"
        );
        put(tx, stay, &[id(1000 + number), id(number), id(122)])
    })
}

/// The same with another plan.
async fn two_classes_by(store: &TestStore, text: &'static str) -> World {
    let world = planned_by(store, text).await;
    let filled = world.office.act::<KeepOwnAccount, (), ()>(|tx| {
        for number in 201..=200 + OTHERS {
            let student =
                sql!("insert into student (school_id, id, name, sex) values ($1, $2, $3, 'M')");
            put(tx, student, &[id(number), format!("邻班{number}").into()])?;
            let stay = sql!(
                "insert into class_stay (school_id, id, student_id, class_id, from_on)
                 values ($1, $2, $3, $4, '2024-09-01')"
            );
            put(tx, stay, &[id(1000 + number), id(number), id(122)])?;
            let enrolment = sql!(
                "insert into enrolment (school_id, id, student_id, term_id, from_on, will, made_at)
                 values ($1, $2, $3, $4, '2026-09-07', 'own_act', 0)"
            );
            put(tx, enrolment, &[id(2000 + number), id(number), id(141)])?;
            let slot = sql!(
                "insert into enrolment_slot (school_id, enrolment_id, slot_id, weekday) values ($1, $2, 'noon', 3)"
            );
            put(tx, slot, &[id(2000 + number)])?;
        }
        Ok(())
    });
    assert_eq!(filled.await.unwrap(), Ok(()));
    prepare(&world, WEDNESDAY).await;
    world
}

async fn prepare(world: &World, day: Date) {
    let made = world.office.act::<PrepareDay, _, NoPlan>(move |tx| attendance::prepare_day(tx, day)).await;
    made.unwrap().unwrap();
}

/// The groups that meet on the day, with how many each expects.
async fn groups(world: &World, day: Date) -> Vec<(String, u32)> {
    let cards = world.leader.read::<ReadSessions, _>(move |tx| attendance::sessions(tx, day)).await.unwrap();
    let held = cards.into_iter().filter(|card| card.session.status != Status::Cancelled);
    held.map(|card| (card.session.group_name, card.counts.expected)).collect()
}

async fn merging(world: &World, day: Date) -> Result<Merging, NoMerging> {
    let found = world.office.read::<ReadGroups, _>(move |tx| match grouping::merging(tx, day, None) {
        Ok(found) => Ok(Ok(found)),
        Err(Failed::Refused(why)) => Ok(Err(why)),
        Err(Failed::Fault(fault)) => Err(fault),
    });
    found.await.unwrap()
}

async fn merge(world: &World, day: Date, by: Counting) -> Result<usize, MergeRefused> {
    let slot = SlotId("noon".into());
    world.office.act::<ArrangeGroups, _, _>(move |tx| grouping::merge(tx, (day, &slot), by)).await.unwrap()
}

fn all() -> u32 {
    u32::try_from(CHILDREN + OTHERS).unwrap()
}

#[tokio::test]
async fn e5_classes_that_are_merged_have_one_roll_from_that_weekday_on_until_they_part() {
    for store in stores().await {
        let world = two_classes(&store).await;
        let apart = [("三(2)班".to_owned(), 30), ("三(3)班".to_owned(), 8)];
        assert_eq!(groups(&world, WEDNESDAY).await, apart);
        let found = merging(&world, WEDNESDAY).await.unwrap();
        assert_eq!(found.classes.iter().map(|class| class.staying).collect::<Vec<_>>(), [30, 8]);
        assert_eq!((found.literal.count(Kind::Merged), found.saved(), found.standing.len()), (1, 0, 0));

        assert_eq!(merge(&world, date(2026, 11, 24), Counting::Exact).await, Err(MergeRefused::TooLate));
        assert_eq!(merge(&world, WEDNESDAY, Counting::Exact).await, Ok(1));
        let together = [("三(2)班＋三(3)班".to_owned(), all())];
        for day in [WEDNESDAY, NEXT] {
            prepare(&world, day).await;
            assert_eq!(groups(&world, day).await, together);
            prepare(&world, day).await;
            assert_eq!(groups(&world, day).await, together);
        }
        let standing = merging(&world, NEXT).await.unwrap().standing;
        assert_eq!((standing.len(), standing[0].children), (1, all()));
        assert_eq!(standing[0].teacher_name, "吴老师");
        // other weekdays are as they were
        prepare(&world, date(2026, 11, 26)).await;
        assert_eq!(groups(&world, date(2026, 11, 26)).await[0], ("三(2)班".to_owned(), 30));

        // again the same: the group goes on
        assert_eq!(merge(&world, NEXT, Counting::Exact).await, Ok(1));
        assert_eq!(merging(&world, NEXT).await.unwrap().standing[0].id, standing[0].id);
        assert_eq!(merge(&world, NEXT, Counting::Apart).await, Ok(0));
        prepare(&world, NEXT).await;
        assert_eq!(groups(&world, NEXT).await, apart);
        prepare(&world, WEDNESDAY).await;
        assert_eq!(groups(&world, WEDNESDAY).await, together);
    }
}

#[tokio::test]
async fn e5_a_temporary_group_has_a_lead_and_a_room_of_its_own() {
    for store in stores().await {
        let world = two_classes(&store).await;
        assert_eq!(merge(&world, NEXT, Counting::Literal).await, Ok(1));
        let temporary = merging(&world, NEXT).await.unwrap().standing.remove(0);
        let arranged = world.office.act::<ArrangeGroups, (), _>(move |tx| {
            grouping::arrange(tx, temporary.id, Some(kehou_domain::ids::EntityId::from_bits(136)), "阶梯教室")
        });
        assert_eq!(arranged.await.unwrap(), Ok(()));
        prepare(&world, NEXT).await;
        let cards = world.leader.read::<ReadSessions, _>(|tx| attendance::sessions(tx, NEXT)).await.unwrap();
        let one = &cards[0].session;
        assert_eq!((one.teacher_name.as_str(), one.venue.as_str()), ("郑组长", "阶梯教室"));
    }
}

#[tokio::test]
async fn e5_a_class_counts_by_its_roll_where_the_plan_says_so() {
    let by_roll: &'static str = S1D.replace("min = 40\n", "min = 40\ncounted = \"roll\"\n").leak();
    for (text, counted, groups) in [(S1D, Counted::Staying, 1), (by_roll, Counted::Roll, 2)] {
        for store in stores().await {
            let world = two_classes_by(&store, text).await;
            let filled = world.office.act::<KeepOwnAccount, (), ()>(|tx| Ok(fill_roll(tx)?)).await;
            assert_eq!(filled.unwrap(), Ok(()));
            let found = merging(&world, WEDNESDAY).await.unwrap();
            assert_eq!((found.rule.counted(), found.literal.groups.len()), (counted, groups));
            assert_eq!(found.exact.formation.groups.len(), groups);
        }
    }
}

#[tokio::test]
async fn e5_a_plan_without_the_rule_and_a_day_without_service_say_nothing() {
    for store in stores().await {
        let world = planned(&store).await;
        assert_eq!(merging(&world, WEDNESDAY).await, Err(NoMerging::NoRule));
        assert_eq!(merging(&world, date(2026, 11, 28)).await, Err(NoMerging::NoService));
    }
}
