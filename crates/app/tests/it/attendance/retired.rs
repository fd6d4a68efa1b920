//! A club ends or is taken back in the middle of the term: days that were made follow at once, unasked.

use jiff::civil::{Date, time};
use kehou_app::attendance::{self, Status as Held};
use kehou_app::catalogue::{self, Said};
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Scope, sql};
use kehou_domain::access::{KeepOfferings, KeepStaff, ReadOfferings, ReadSheets, ReviewOfferings, Role};
use kehou_domain::allocation::round::{Retire, RetireRefused};
use kehou_domain::catalogue::{Status, Step, Verdict};
use kehou_domain::ids::{EntityId, OfferingId, StaffId};
use kehou_domain::moment::instant;

use super::clubs::{CLAY, NEXT, at_noon, call_clay, cards, check, doing, prepare, seated, with_clay};
use super::day::WEDNESDAY;
use super::world::{World, id, put};

fn clay() -> OfferingId {
    OfferingId::from_bits(601)
}

async fn retire(office: &Scope, step: Step) -> Result<Status, RetireRefused> {
    let wish = Retire { step, agreed: Some(6), reason: "何老师病了".to_owned() };
    office.act::<KeepOfferings, _, _>(move |tx| attendance::retire_offering(tx, clay(), &wish)).await.unwrap()
}

async fn both_days(store: &TestStore) -> World {
    let world = with_clay(store).await;
    for day in [WEDNESDAY, NEXT] {
        prepare(&world.office, day).await;
        check(&seated(&world, day).await, &CLAY);
    }
    world
}

async fn sheet(world: &World, day: Date) -> Vec<(String, u32)> {
    let sheet = world.office.read::<ReadSheets, _>(move |tx| attendance::day_sheet(tx, day)).await.unwrap();
    let held = sheet.into_iter().filter(|one| one.session.status != Held::Cancelled);
    held.map(|one| (one.session.group_name, one.tally.expected)).collect()
}

#[tokio::test]
async fn g1_a_club_that_ends_gives_its_children_back_on_every_day_that_was_made() {
    for store in stores().await {
        let world = both_days(&store).await;
        assert_eq!(retire(&world.office, Step::Withdraw).await, Ok(Status::Withdrawn));
        for day in [WEDNESDAY, NEXT] {
            check(&seated(&world, day).await, &[]);
            assert_eq!(cards(&world.teacher, day).await[0].in_clubs, []);
            assert_eq!(sheet(&world, day).await, [("三(2)班".to_owned(), 30)]);
        }
        let again = retire(&world.office, Step::Withdraw).await;
        assert_eq!(again, Err(RetireRefused::WrongStatus(Status::Withdrawn)));
        check(&seated(&world, WEDNESDAY).await, &[]);
    }
}

#[tokio::test]
async fn g1_a_club_that_ends_at_noon_is_called_off_the_same_day_unless_its_roll_was_called() {
    for store in stores().await {
        let world = both_days(&store).await;
        assert_eq!(retire(&at_noon(&world, WEDNESDAY), Step::Withdraw).await, Ok(Status::Withdrawn));
        check(&seated(&world, WEDNESDAY).await, &[]);
    }
    for store in stores().await {
        let world = both_days(&store).await;
        call_clay(&world, 1).await;
        let evening = world.office.at_moment(instant(WEDNESDAY, time(16, 30, 0, 0)));
        assert_eq!(retire(&evening, Step::Withdraw).await, Ok(Status::Withdrawn));
        check(&seated(&world, WEDNESDAY).await, &CLAY);
        check(&seated(&world, NEXT).await, &[]);
    }
}

#[tokio::test]
async fn g1_a_club_that_is_changed_has_its_children_back_once_it_is_published_again() {
    for store in stores().await {
        let world = both_days(&store).await;
        assert_eq!(retire(&world.office, Step::TakeBack).await, Ok(Status::Draft));
        check(&seated(&world, WEDNESDAY).await, &[]);
        doing(&world.office, |tx| {
            put(
                tx,
                sql!("update offering set status = 'in_review' where school_id = $1 and id = $2"),
                &[id(601)],
            )
        })
        .await;
        let at = instant(WEDNESDAY, time(9, 0, 0, 0));
        let principal = store.member("east", ("13800000139", Role::Principal), None, at).await;
        let said = Said { read: version(&world).await, verdict: Verdict::Publish, reason: String::new() };
        let decided = principal
            .act::<ReviewOfferings, _, _>(move |tx| attendance::decide_offering(tx, clay(), &said))
            .await;
        assert_eq!(decided.unwrap(), Ok(Status::Published));
        check(&seated(&world, WEDNESDAY).await, &CLAY);
        check(&seated(&world, NEXT).await, &CLAY);
    }
}

#[tokio::test]
async fn g1_a_club_whose_teacher_leaves_gives_its_children_back_as_well() {
    for store in stores().await {
        let world = both_days(&store).await;
        let left = world
            .office
            .act::<KeepStaff, (), ()>(|tx| Ok(attendance::note_staff_leaving(tx, StaffId::from_bits(135))?));
        assert_eq!(left.await.unwrap(), Ok(()));
        check(&seated(&world, WEDNESDAY).await, &[]);
        check(&seated(&world, NEXT).await, &[]);
    }
}

async fn version(world: &World) -> u32 {
    let found = world.office.read::<ReadOfferings, _>(|tx| catalogue::offering(tx, clay())).await;
    found.unwrap().0.offering.version
}
