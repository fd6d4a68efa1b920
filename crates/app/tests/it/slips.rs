//! First codes on paper: who gets a slip, and with which child it goes home.

use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_app::identity::guardians::{self as codes, Identity, Refused};
use kehou_app::identity::slips::{self, AllHold, ClassLine, Slips};
use kehou_app::identity::{Attempt, password, sign_in_by_code};
use kehou_app::people::import::{Reading, read};
use kehou_app::people::{self, Wish};
use kehou_db::Scope;
use kehou_db::identity::log::From;
use kehou_db::testing::{TestStore, stores};
use kehou_domain::access::{ImportRoster, PrintSlips, ReadRoster, Role};
use kehou_domain::identity::{Device, Earlier};
use kehou_domain::moment;
use kehou_domain::people::class::Stage;

const MONDAY: Date = date(2026, 9, 7);
const ROSTER: &str = "姓名,性别,班级,家长,关系,电话\n\
    孙安安,女,3.1,孙建国,父亲,13900000011\n\
    周小波,男,3.1,周丽,母亲,13900000012\n\
    吴迪,男,3.1,吴强,父亲,\n\
    孙平平,男,1.2,孙建国,父亲,13900000011\n";

fn at() -> Timestamp {
    moment::instant(MONDAY, time(9, 0, 0, 0))
}

async fn office(store: &TestStore) -> Scope {
    store.school(1, "east", at()).await;
    let office = store.member("east", ("13800000001", Role::AcademicOffice), None, at()).await;
    let roster = read(ROSTER.as_bytes(), Reading::any(MONDAY, Stage::Primary)).unwrap();
    let imported =
        office.act::<ImportRoster, _, _>(move |tx| people::import_roster(tx, &roster, Wish::default())).await;
    assert_eq!(imported.unwrap().unwrap().added, 4);
    office
}

/// The class with this number: there is one of each.
async fn class(office: &Scope, class_no: u8) -> ClassLine {
    let lines = office.read::<PrintSlips, _>(slips::class_lines).await.unwrap();
    lines.into_iter().find(|line| line.key.class_no == class_no).unwrap()
}

/// Prints the slips of a class.
async fn try_print(office: &Scope, class_no: u8, earlier: Earlier) -> Result<String, AllHold> {
    let class = class(office, class_no).await.class;
    office.act::<PrintSlips, _, _>(move |tx| slips::print(tx, class, earlier)).await.unwrap()
}

/// The slips that a printing gave, as they hold now.
async fn open(office: &Scope, sealed: &str) -> Slips {
    let sealed = sealed.to_owned();
    office.read::<PrintSlips, _>(move |tx| slips::open(tx, &sealed)).await.unwrap()
}

async fn print(office: &Scope, class_no: u8) -> Slips {
    let sealed = try_print(office, class_no, Earlier::Hold).await.unwrap();
    open(office, &sealed).await
}

fn guardians(made: &Slips) -> Vec<&str> {
    made.slips.iter().map(|slip| slip.guardian.as_str()).collect()
}

fn attempt(phone: &str, code: &str) -> Attempt {
    let from = From { device: "Chromium".to_owned(), request: "r".to_owned() };
    Attempt { phone: phone.to_owned(), secret: code.to_owned(), whose: Device::Own, from }
}

#[tokio::test]
async fn a_family_with_children_in_two_classes_gets_one_slip_and_it_works() {
    for store in stores().await {
        let office = office(&store).await;
        let younger = print(&office, 2).await;
        assert_eq!(guardians(&younger), ["孙建国"]);

        let older = print(&office, 1).await;
        assert_eq!(guardians(&older), ["周丽"]);
        let elsewhere: Vec<_> =
            older.elsewhere.iter().map(|one| (one.guardian.as_str(), one.class())).collect();
        assert_eq!(elsewhere, [("孙建国", Some(class(&office, 2).await.class))]);

        let full_width =
            younger.slips[0].code.chars().map(|digit| char::from_u32(u32::from(digit) + 0xfee0).unwrap());
        let typed: String = full_width.collect();
        let opened = sign_in_by_code(&store.db, attempt("13900000011", &typed), at()).await;
        assert!(opened.unwrap().is_ok(), "the slip of the first class still opens the account");
    }
}

#[tokio::test]
async fn whoever_has_no_number_is_named_and_gets_no_slip() {
    for store in stores().await {
        let office = office(&store).await;
        let made = print(&office, 1).await;
        assert_eq!((made.no_phone, made.ready), (vec!["吴强".to_owned()], 0));
    }
}

#[tokio::test]
async fn printed_slips_hold_until_new_ones_are_asked_for_openly() {
    for store in stores().await {
        let office = office(&store).await;
        let sealed = try_print(&office, 1, Earlier::Hold).await.unwrap();
        let first = open(&office, &sealed).await;
        assert_eq!((guardians(&first), class(&office, 1).await.holding), (vec!["周丽"], 1));
        assert!(!sealed.contains(&first.slips[0].code), "no code can be read in the answer that is kept");

        assert_eq!(try_print(&office, 1, Earlier::Hold).await, Err(AllHold(1)));
        assert_eq!(open(&office, &sealed).await, first, "and the slips are the same");

        let later = office.at_moment(moment::instant(MONDAY, time(9, 5, 0, 0)));
        let again = try_print(&later, 1, Earlier::End).await.unwrap();
        assert_eq!(guardians(&open(&office, &again).await), ["周丽"]);
        let dead = open(&office, &sealed).await;
        assert_eq!((guardians(&dead), dead.over), (vec![], 1), "nobody prints dead paper");
    }
}

#[tokio::test]
async fn a_family_that_came_later_gets_its_slip_and_the_others_keep_theirs() {
    for store in stores().await {
        let office = office(&store).await;
        print(&office, 1).await;
        let late = "姓名,性别,班级,家长,关系,电话\n郑一,男,3.1,郑大,父亲,13900000019\n";
        let roster = read(late.as_bytes(), Reading::any(MONDAY, Stage::Primary)).unwrap();
        let wish = Wish::default();
        let imported = office.act::<ImportRoster, _, _>(move |tx| people::import_roster(tx, &roster, wish));
        assert_eq!(imported.await.unwrap().unwrap().added, 1);
        let made = print(&office, 1).await;
        assert_eq!((guardians(&made), made.kept), (vec!["郑大"], 1));
    }
}

#[tokio::test]
async fn one_guardian_who_stands_there_gets_a_new_code_and_the_old_password_ends() {
    for store in stores().await {
        let office = office(&store).await;
        let made = print(&office, 1).await;
        let opened = sign_in_by_code(&store.db, attempt("13900000012", &made.slips[0].code), at()).await;
        let opened = opened.unwrap().unwrap();
        let signed_in = store.db.signed_in(&opened.token, at()).await.unwrap().unwrap();
        let secrets = (String::new(), "三年级二班放学后去围棋".to_owned());
        let token = password::set(&store.db, &signed_in, secrets, at()).await.unwrap().unwrap();
        let sealed = try_print(&office, 1, Earlier::End).await.unwrap();
        assert_eq!(open(&office, &sealed).await.ready_names, ["周丽"], "who gets no slip is named");

        let [bo, di] = [student(&office, "周小波").await, student(&office, "吴迪").await];
        let (zhou, wu) = (bo.guardians[0].id, di.guardians[0].id);
        let (bo, di) = (bo.student.id, di.student.id);
        let give = async |pair, identity| {
            office.act::<PrintSlips, _, _>(move |tx| codes::new_code(tx, pair, identity)).await
        };
        assert_eq!(give((bo, zhou), Identity::NotSeen).await.unwrap(), Err(Refused::NotSeen));
        assert_eq!(give((di, wu), Identity::Seen).await.unwrap(), Err(Refused::NoPhone));
        assert!(give((di, zhou), Identity::Seen).await.is_err(), "not this child's");
        assert!(store.db.signed_in(&token, at()).await.unwrap().is_some());

        let code = give((bo, zhou), Identity::Seen).await.unwrap().unwrap().code.unwrap();
        assert!(store.db.signed_in(&token, at()).await.unwrap().is_none());
        let again = sign_in_by_code(&store.db, attempt("13900000012", &code), at()).await.unwrap().unwrap();
        assert!(!again.has_password && again.has_seat);
    }
}

#[tokio::test]
async fn the_office_opens_no_account_that_others_answer_for() {
    for store in stores().await {
        let office = office(&store).await;
        print(&office, 1).await;
        let bo = student(&office, "周小波").await;
        let pair = (bo.student.id, bo.guardians[0].id);
        let give = || office.act::<PrintSlips, _, _>(move |tx| codes::new_code(tx, pair, Identity::Seen));
        store.school(2, "west", at()).await;
        store.member("west", ("13900000012", Role::Guardian), None, at()).await;
        assert_eq!(give().await.unwrap(), Err(Refused::SitsElsewhere));
        store.member("east", ("13900000012", Role::SystemAdministrator), None, at()).await;
        assert_eq!(give().await.unwrap(), Err(Refused::OfStaff));
    }
}

/// The page of the pupil with this name.
async fn student(office: &Scope, name: &'static str) -> people::StudentPage {
    office
        .read::<ReadRoster, _>(move |tx| {
            let found = people::search(tx, name)?;
            people::student_page(tx, found[0].0.id)
        })
        .await
        .unwrap()
}
