mod apart;
mod kept;
mod lists;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::*;
use crate::allocation::{Channel, Reserve, Rules, Scheme};
use crate::catalogue::{Kind, Meeting, NotFor, SexLimit, Status, Topic};
use crate::ids::{EntityId as _, OfferingId};
use crate::people::Sex;
use crate::plan::{Grades, Weekdays};

fn at(hour: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour)
}

fn setup() -> Setup {
    Setup {
        name: "第一轮".to_owned(),
        way: Way::Ranked,
        slot: SlotId("afternoon".to_owned()),
        weekly_limit: 2,
        method: Method::Deferred,
        scheme: Scheme::PerDay,
        rules: Rules::default(),
        favours: Favours::default(),
        opens_at: at(10),
        closes_at: at(58),
        beacon: "福利彩票双色球 12 月 1 日开奖号码".to_owned(),
        hold: SignedDuration::from_mins(30),
    }
}

/// A name, what is changed, and what is said of it.
type Wrong = (&'static str, fn(&mut Setup), &'static [SetupFault]);

#[test]
fn a_setup_is_refused_with_everything_that_is_wrong() {
    use SetupFault as F;
    assert_eq!(setup().faults(at(0)), []);
    let table: [Wrong; 14] = [
        ("no name", |one| one.name = "  ".to_owned(), &[F::NoName]),
        ("a long name", |one| one.name = "轮".repeat(41), &[F::NameTooLong]),
        ("backwards", |one| one.closes_at = at(10), &[F::ClosesTooEarly]),
        ("three months", |one| one.closes_at = at(10 + 24 * 90), &[F::WindowTooLong]),
        ("long ago", |one| (one.opens_at, one.closes_at) = (at(-20), at(-1)), &[F::ClosedAlready]),
        ("nothing a week", |one| one.weekly_limit = 0, &[F::WeeklyLimit]),
        (
            "no value, six a week",
            |one| (one.beacon, one.weekly_limit) = (String::new(), 6),
            &[F::WeeklyLimit, F::NoBeacon],
        ),
        ("a long value", |one| one.beacon = "号".repeat(201), &[F::BeaconTooLong]),
        (
            "a hold of a minute",
            |one| (one.way, one.hold) = (Way::FirstCome, SignedDuration::from_mins(1)),
            &[F::Hold],
        ),
        ("a share of nothing", |one| one.favours.priority_percent = Some(0), &[F::KeptSeats]),
        ("more than all", |one| one.favours.priority_percent = Some(101), &[F::KeptSeats]),
        ("a hall of seats", |one| one.favours.office_seats = 41, &[F::KeptSeats]),
        (
            "kept seats where the most are filled",
            |one| (one.method, one.favours.office_seats) = (Method::MostSeats, 1),
            &[F::KeptSeats],
        ),
        (
            "a share for priority groups where whoever comes first has the seat",
            |one| (one.way, one.favours.priority_percent) = (Way::FirstCome, Some(30)),
            &[F::KeptSeats],
        ),
    ];
    for (name, change, expected) in table {
        let mut changed = setup();
        change(&mut changed);
        assert_eq!(changed.faults(at(0)), expected, "{name}");
    }
}

#[rstest]
#[case(None, 0, 20, None, 0)]
#[case(Some(30), 2, 20, Some(6), 2)]
#[case(Some(30), 2, 1, Some(1), 0)]
#[case(Some(1), 0, 20, Some(1), 0)]
#[case(Some(100), 5, 20, Some(20), 0)]
#[case(None, 5, 3, None, 3)]
fn a_part_of_a_kept_seat_is_a_whole_one_and_no_more_are_kept_than_there_are(
    #[case] priority_percent: Option<u8>,
    #[case] office_seats: u16,
    #[case] capacity: u16,
    #[case] priority: Option<u16>,
    #[case] office: u16,
) {
    let favours = Favours { priority_percent, office_seats, ..Favours::default() };
    assert_eq!(favours.reserve(capacity), Reserve { priority, office });
}

#[test]
fn a_round_of_first_come_needs_no_public_value() {
    let open = Setup { way: Way::FirstCome, beacon: String::new(), ..setup() };
    assert_eq!(open.faults(at(0)), []);
}

fn chess() -> Details {
    Details {
        title: "围棋社".to_owned(),
        kind: Kind::Club,
        topic: Topic::BoardGames,
        meetings: vec![Meeting { weekday: 2, slot: SlotId("afternoon".to_owned()) }],
        venue: "博艺楼 302".to_owned(),
        teacher: None,
        capacity: 20,
        minimum: 8,
        grades: Grades::of([3, 4]),
        sex: SexLimit::Anyone,
        description: String::new(),
        materials: String::new(),
        cost: None,
    }
}

#[test]
fn an_offering_joins_the_round_of_its_slot() {
    let meeting = |weekday: i8, slot: &str| Meeting { weekday, slot: SlotId(slot.to_owned()) };
    let table: [(&str, Details, Result<Weekdays, Outside>); 9] = [
        ("as it is", chess(), Ok(Weekdays::of([2]))),
        ("at noon", Details { meetings: vec![meeting(2, "noon")], ..chess() }, Err(Outside::OtherSlot)),
        (
            "twice a week",
            Details { meetings: vec![meeting(2, "afternoon"), meeting(4, "afternoon")], ..chess() },
            Ok(Weekdays::of([2, 4])),
        ),
        (
            "at noon too",
            Details { meetings: vec![meeting(2, "afternoon"), meeting(4, "noon")], ..chess() },
            Err(Outside::SeveralSlots),
        ),
        (
            "on a Friday and a Saturday",
            Details { meetings: vec![meeting(5, "afternoon"), meeting(6, "afternoon")], ..chess() },
            Err(Outside::Weekend),
        ),
        (
            "on Saturday",
            Details { meetings: vec![meeting(6, "afternoon")], ..chess() },
            Err(Outside::Weekend),
        ),
        ("an open room", Details { kind: Kind::OpenActivity, ..chess() }, Err(Outside::Open)),
        ("grades apart", Details { grades: Grades::of([1, 3]), ..chess() }, Err(Outside::GradesApart)),
        ("a hall", Details { capacity: 41, ..chess() }, Err(Outside::TooLarge)),
    ];
    for (name, details, expected) in table {
        assert_eq!(joins(&details, &SlotId("afternoon".to_owned())), expected, "{name}");
    }
}

fn times() -> Times {
    Times {
        opens_at: at(10),
        closes_at: at(58),
        announced_at: Some(at(1)),
        sealed_at: None,
        drawn_at: None,
        published_at: None,
        called_off_at: None,
    }
}

#[test]
fn a_round_stands_where_its_moments_say() {
    let table = [
        (Times { announced_at: None, ..times() }, 20, Stage::Draft),
        (times(), 9, Stage::Announced),
        (times(), 10, Stage::Open),
        (times(), 57, Stage::Open),
        (times(), 58, Stage::Over),
        (Times { sealed_at: Some(at(58)), ..times() }, 60, Stage::Sealed),
        (Times { sealed_at: Some(at(58)), drawn_at: Some(at(60)), ..times() }, 60, Stage::Drawn),
        (Times { drawn_at: Some(at(60)), published_at: Some(at(61)), ..times() }, 61, Stage::Published),
        (Times { called_off_at: Some(at(20)), published_at: None, ..times() }, 21, Stage::CalledOff),
    ];
    for (times, hour, expected) in table {
        assert_eq!(times.stage(at(hour)), expected, "{hour}");
    }
    assert_eq!(times().reveal_until(), at(82));
}

#[test]
fn each_step_has_its_stage() {
    use Stage as S;
    let every = [S::Draft, S::Announced, S::Open, S::Over, S::Sealed, S::Drawn, S::Published, S::CalledOff];
    let may =
        |step: &dyn Fn(Stage) -> bool| every.into_iter().filter(|stage| step(*stage)).collect::<Vec<_>>();
    assert_eq!(may(&|stage| may_announce(stage, 3).is_ok()), [S::Draft]);
    assert_eq!(may_announce(S::Draft, 0), Err(StepRefused::NothingOffered));
    assert_eq!(may(&|stage| may_write(Way::Ranked, stage).is_ok()), [S::Open]);
    assert_eq!(may(&|stage| may_seal(Way::Ranked, stage).is_ok()), [S::Over]);
    assert_eq!(may(&|stage| may_draw(Way::Ranked, stage).is_ok()), [S::Sealed]);
    assert_eq!(may(&|stage| may_publish(Way::Ranked, stage).is_ok()), [S::Drawn]);
    assert_eq!(may(&|stage| may_publish(Way::FirstCome, stage).is_ok()), [S::Over]);
    assert_eq!(may(&|stage| may_move(Way::Ranked, stage).is_ok()), [S::Drawn, S::Published]);
    assert_eq!(may(&|stage| may_move(Way::FirstCome, stage).is_ok()), [S::Open, S::Over, S::Published]);
    assert_eq!(may(&|stage| may_call_off(stage).is_ok()), every[..6]);
    assert_eq!(may(&|stage| may_draw(Way::FirstCome, stage).is_ok()), []);
    assert_eq!(may_seal(Way::FirstCome, S::Over), Err(StepRefused::NoDraw));
    assert_eq!(may(&|stage| may_write(Way::FirstCome, stage).is_ok()), []);
}

fn offered(place: u32, weekday: i8, title: &str) -> Choosable {
    let days = Weekdays::of([weekday.unsigned_abs()]);
    Choosable {
        place,
        weekday,
        days,
        title: title.to_owned(),
        not_for: None,
        is_for_one_sex: false,
        apart: vec![],
    }
}

/// An offering's id of so many.
fn id(number: u128) -> OfferingId {
    OfferingId::from_bits(number)
}

fn has(number: u128, day: u8, title: &str) -> Has {
    Has { offering: id(number), days: Weekdays::of([day]), title: title.to_owned() }
}

fn chooser() -> Chooser {
    Chooser {
        sex: Sex::Unstated,
        stays_on: vec![1, 2, 4],
        has: vec![(4, "合唱团".to_owned())],
        offerings: vec![id(40)],
    }
}

/// A child who has nothing from earlier rounds.
fn new_here() -> Chooser {
    Chooser { has: Vec::new(), offerings: Vec::new(), ..chooser() }
}

#[test]
fn a_wish_list_is_refused_with_everything_that_is_wrong() {
    use WishFault as F;
    let all = [
        offered(0, 1, "围棋社"),
        offered(1, 2, "足球社"),
        Choosable { not_for: Some(NotFor::Grade), ..offered(2, 2, "演讲社") },
        Choosable { is_for_one_sex: true, ..offered(3, 2, "女足") },
        offered(4, 1, "合唱团"),
        offered(5, 3, "书法社"),
        offered(6, 4, "手工社"),
        Choosable { days: Weekdays::of([1, 2]), ..offered(7, 1, "管乐团") },
        Choosable { days: Weekdays::of([1, 3]), ..offered(8, 1, "舞蹈团") },
        Choosable { apart: vec![id(41), id(40)], ..offered(9, 2, "二声部") },
        Choosable { apart: vec![id(41)], ..offered(10, 2, "独唱") },
    ];
    let table: [(&str, u8, &str, &[F]); 15] = [
        ("nothing", 2, "- - - - -", &[]),
        ("two days", 2, "0 1 - - -", &[]),
        ("too many a week", 3, "0 - - - -", &[F::WeeklyLimit]),
        ("none a week", 0, "- - - - -", &[F::WeeklyLimit]),
        ("unknown", 1, "99 - - - -", &[F::Unknown(99)]),
        ("the wrong day", 1, "1 - - - -", &[F::WrongDay(1)]),
        ("twice", 1, "0,0 - - - -", &[F::Twice(0)]),
        (
            "another grade's, and one sex's",
            1,
            "- 2,3 - - -",
            &[F::NotFor(2, NotFor::Grade), F::SexUnstated(3)],
        ),
        ("a day at home", 1, "- - 5 - -", &[F::NotStaying(3)]),
        ("two days a week", 1, "7 - - - -", &[]),
        ("one of two days at home", 1, "8 - - - -", &[F::NotStaying(3)]),
        ("a day that is taken", 1, "- - - 6 -", &[F::DayTaken(4)]),
        ("a title from before", 1, "4 - - - -", &[F::TitleTaken(4)]),
        ("apart from what the child has", 1, "- 9 - - -", &[F::Apart(9, id(40))]),
        ("apart from what the child has not", 1, "- 10 - - -", &[]),
    ];
    for (name, limit, text, expected) in table {
        let list = WishList::read(limit, text).unwrap();
        assert_eq!(list.faults(&setup(), &chooser(), &all), expected, "{name}");
        assert_eq!(list.written(), text, "{name}");
    }
}

#[test]
fn what_a_child_has_from_earlier_rounds_counts_in_its_week() {
    let all = [offered(0, 1, "围棋社")];
    let list = WishList::read(2, "0 - - - -").unwrap();
    let with = |has: &[u128]| Chooser { offerings: has.iter().map(|one| id(*one)).collect(), ..new_here() };
    for (has, expected) in [(&[][..], None), (&[40], None), (&[40, 40], None), (&[40, 41], Some(()))] {
        let chooser = with(has);
        let faults = list.faults(&setup(), &chooser, &all);
        assert_eq!(faults, expected.map(|()| WishFault::WeekFull).into_iter().collect::<Vec<_>>(), "{has:?}");
        let claimant = Claimant { chooser, seats: Vec::new() };
        let open = Setup { way: Way::FirstCome, ..setup() };
        let claimed = claim(&open, Stage::Open, &claimant, &all[0]).err();
        assert_eq!(claimed, expected.map(|()| ClaimRefused::WeekFull), "{has:?}");
        let wanted = Wanted {
            claimant: &claimant,
            is_locked: false,
            to: Some(&all[0]),
            weekly_limit: 2,
            reason: "调",
        };
        let moved = moves(Way::Ranked, Stage::Drawn, &wanted).err();
        assert_eq!(moved, expected.map(|()| MoveRefused::WeekFull), "{has:?}");
    }
    assert_eq!(WishList::read(2, "- - - - -").unwrap().faults(&setup(), &with(&[40, 41]), &all), []);
}

#[test]
fn what_is_no_wish_list_is_not_read() {
    for text in ["", "1 2 3 4", "1 2 3 4 5 6", "a - - - -", "1,,2 - - - -", "-1 - - - -"] {
        assert_eq!(WishList::read(1, text), None, "{text}");
    }
    assert_eq!(WishList::read(1, "3,1 - 7 - -").unwrap().count(), 3);
}

#[test]
fn a_seat_is_claimed_where_child_day_and_week_have_room() {
    let open = Setup { way: Way::FirstCome, ..setup() };
    let free = Claimant { chooser: new_here(), seats: Vec::new() };
    let with = |seats: &[(u8, &str)]| Claimant {
        seats: (1..).zip(seats).map(|(number, (day, title))| has(number, *day, title)).collect(),
        ..free.clone()
    };
    let chess = offered(0, 1, "围棋社");
    let draughts = Choosable { apart: vec![id(2)], ..offered(6, 1, "国际跳棋") };
    let band = Choosable { days: Weekdays::of([1, 2]), ..offered(7, 1, "管乐团") };
    let table = [
        ("free", claim(&open, Stage::Open, &free, &chess), Ok(())),
        ("not open", claim(&open, Stage::Over, &free, &chess), Err(ClaimRefused::At(Stage::Over))),
        ("ranked", claim(&setup(), Stage::Open, &free, &chess), Err(ClaimRefused::Ranked)),
        ("same day", claim(&open, Stage::Open, &with(&[(1, "足球社")]), &chess), Err(ClaimRefused::DayTaken)),
        (
            "one of two days",
            claim(&open, Stage::Open, &with(&[(2, "足球社")]), &band),
            Err(ClaimRefused::DayTaken),
        ),
        ("two days that are free", claim(&open, Stage::Open, &with(&[(4, "足球社")]), &band), Ok(())),
        (
            "same title",
            claim(&open, Stage::Open, &with(&[(2, "围棋社")]), &chess),
            Err(ClaimRefused::TitleTaken),
        ),
        (
            "apart",
            claim(&open, Stage::Open, &with(&[(2, "足球社"), (4, "围棋社")]), &draughts),
            Err(ClaimRefused::Apart(id(2))),
        ),
        ("apart from another", claim(&open, Stage::Open, &with(&[(2, "足球社")]), &draughts), Ok(())),
        (
            "two a week",
            claim(&open, Stage::Open, &with(&[(2, "足球社"), (4, "合唱团")]), &chess),
            Err(ClaimRefused::WeekFull),
        ),
        (
            "at home",
            claim(&open, Stage::Open, &free, &offered(5, 3, "书法社")),
            Err(ClaimRefused::Wish(WishFault::NotStaying(3))),
        ),
    ];
    for (name, found, expected) in table {
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_seat_is_held_no_longer_than_the_window_is_open() {
    let hour = Setup { hold: SignedDuration::from_hours(1), ..setup() };
    assert_eq!(claims_until(&hour, at(20)), at(21));
    assert_eq!(claims_until(&hour, at(57) + SignedDuration::from_mins(30)), at(58));
    assert!(Holding::Held(at(21)).stands(at(20)));
    assert!(!Holding::Held(at(21)).stands(at(21)));
    assert!(Holding::Confirmed.stands(at(900)));
    assert!(passes_on(Stage::Open) && !passes_on(Stage::Over));
}

#[test]
fn the_office_moves_a_child_within_the_rules_and_with_a_reason() {
    let claimant = Claimant { chooser: new_here(), seats: Vec::new() };
    let busy = Claimant { seats: vec![has(1, 2, "足球社"), has(2, 4, "围棋社")], ..claimant.clone() };
    let chess = offered(0, 1, "围棋社");
    let clay = offered(1, 1, "陶艺社");
    let draughts = Choosable { apart: vec![id(1)], ..offered(6, 1, "国际跳棋") };
    let band = Choosable { days: Weekdays::of([1, 2]), ..offered(7, 1, "管乐团") };
    let wanted =
        Wanted { claimant: &claimant, is_locked: false, to: Some(&chess), weekly_limit: 2, reason: "调班" };
    let table = [
        ("fine", Stage::Drawn, wanted.clone(), Ok(())),
        ("nowhere", Stage::Published, Wanted { to: None, ..wanted.clone() }, Ok(())),
        ("too early", Stage::Sealed, wanted.clone(), Err(MoveRefused::Step(StepRefused::At(Stage::Sealed)))),
        ("no reason", Stage::Drawn, Wanted { reason: " ", ..wanted.clone() }, Err(MoveRefused::NoReason)),
        ("locked", Stage::Drawn, Wanted { is_locked: true, ..wanted.clone() }, Err(MoveRefused::Locked)),
        ("title", Stage::Drawn, Wanted { claimant: &busy, ..wanted.clone() }, Err(MoveRefused::TitleTaken)),
        (
            "apart",
            Stage::Drawn,
            Wanted { claimant: &busy, to: Some(&draughts), ..wanted.clone() },
            Err(MoveRefused::Apart(id(1))),
        ),
        (
            "one of two days",
            Stage::Drawn,
            Wanted { claimant: &busy, to: Some(&band), weekly_limit: 3, ..wanted.clone() },
            Err(MoveRefused::Wish(WishFault::DayTaken(2))),
        ),
        (
            "week",
            Stage::Drawn,
            Wanted { claimant: &busy, to: Some(&clay), ..wanted.clone() },
            Err(MoveRefused::WeekFull),
        ),
    ];
    for (name, stage, wanted, expected) in table {
        assert_eq!(moves(Way::Ranked, stage, &wanted), expected, "{name}");
    }
    let long = "因".repeat(501);
    let wanted = Wanted { reason: &long, ..wanted };
    assert_eq!(moves(Way::Ranked, Stage::Drawn, &wanted), Err(MoveRefused::ReasonTooLong));
}

#[test]
fn a_tap_changes_the_list_once() {
    let all = [offered(0, 1, "围棋社"), offered(1, 1, "足球社"), offered(2, 3, "书法社")];
    let table = [
        ("- - - - -", WishStep::Add(0), "0 - - - -"),
        ("0 - - - -", WishStep::Add(0), "0 - - - -"),
        ("0 - - - -", WishStep::Add(1), "0,1 - - - -"),
        ("0,1 - - - -", WishStep::Add(2), "0,1 - 2 - -"),
        ("0,1 - - - -", WishStep::Add(9), "0,1 - - - -"),
        ("0,1 - - - -", WishStep::Up(1), "1,0 - - - -"),
        ("0,1 - - - -", WishStep::Up(0), "0,1 - - - -"),
        ("0,1 - - - -", WishStep::Down(0), "1,0 - - - -"),
        ("0,1 - - - -", WishStep::Down(1), "0,1 - - - -"),
        ("0,1 - 2 - -", WishStep::Drop(0), "1 - 2 - -"),
        ("1 - - - -", WishStep::Drop(0), "1 - - - -"),
    ];
    for (before, step, after) in table {
        let list = WishList::read(2, before).unwrap();
        assert_eq!(list.after(step, &all).written(), after, "{before} {step:?}");
    }
    assert_eq!(WishList::read(2, "- - - - -").unwrap().after(WishStep::Limit(1), &all).weekly_limit, 1);
}
