//! First codes on paper: who gets a slip, and with which child it goes home.

use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_app::identity::slips::{self, Slips};
use kehou_app::identity::{Attempt, sign_in_by_code};
use kehou_app::people::import::{Reading, read};
use kehou_app::people::{self, Wish};
use kehou_db::Scope;
use kehou_db::identity::log::From;
use kehou_db::testing::{TestStore, stores};
use kehou_domain::access::{ImportRoster, PrintSlips, Role};
use kehou_domain::identity::Device;
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
    let roster = read(ROSTER.as_bytes(), Reading { on: MONDAY, stage: Stage::Primary }).unwrap();
    let imported =
        office.act::<ImportRoster, _, _>(move |tx| people::import_roster(tx, &roster, Wish::default())).await;
    assert_eq!(imported.unwrap().unwrap().added, 4);
    office
}

/// Prints the slips of the class with this number: there is one of each.
async fn print(office: &Scope, class_no: u8) -> Slips {
    let lines = office.read::<PrintSlips, _>(slips::class_lines).await.unwrap();
    let class = lines.iter().find(|line| line.key.class_no == class_no).unwrap().class;
    office.act::<PrintSlips, _, ()>(move |tx| slips::print(tx, class)).await.unwrap().unwrap()
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
            older.elsewhere.iter().map(|(name, key)| (name.as_str(), key.class_no)).collect();
        assert_eq!(elsewhere, [("孙建国", 2)]);

        let opened = sign_in_by_code(&store.db, attempt("13900000011", &younger.slips[0].code), at()).await;
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
