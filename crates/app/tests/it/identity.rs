//! Sign-in, seats, the second factor and a school's accounts.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use jiff::{SignedDuration, Timestamp};
use kehou_app::identity::accounts::{self, NewStaff};
use kehou_app::identity::{
    Attempt, NotSeated, Opened, Refused, factor, password, sign_in, sign_in_by_code, take_seat,
};
use kehou_db::identity::SignedIn;
use kehou_db::identity::log::From;
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Db, Scope};
use kehou_domain::access::{ManageAccounts, Role};
use kehou_domain::identity::Device;

const PHONE: &str = "13800000001";
const PASSWORD: &str = "三年级二班放学后去围棋";

fn noon() -> Timestamp {
    "2026-11-24T04:00:00Z".parse().unwrap()
}

fn later(minutes: i64) -> Timestamp {
    noon().checked_add(SignedDuration::from_mins(minutes)).unwrap()
}

fn attempt(phone: &str, secret: &str) -> Attempt {
    let from = From { device: "Chromium".to_owned(), request: "r".to_owned() };
    Attempt { phone: phone.to_owned(), secret: secret.to_owned(), whose: Device::Own, from }
}

/// A school with an administrator, who adds Ms Wu in these roles: her first code.
async fn wu(store: &TestStore, roles: &'static [Role]) -> String {
    store.school(1, "east", noon()).await;
    add(&administrator(store, "east").await, roles).await
}

async fn administrator(store: &TestStore, school: &str) -> Scope {
    store.member(school, ("13900000000", Role::SystemAdministrator), None, noon()).await
}

async fn add(scope: &Scope, roles: &'static [Role]) -> String {
    let added = scope.act::<ManageAccounts, _, _>(|tx| {
        let new =
            NewStaff { name: "吴敏".to_owned(), phone: "138 0000 0001".to_owned(), roles: roles.to_vec() };
        accounts::add(tx, &new)
    });
    added.await.unwrap().unwrap().code.unwrap()
}

async fn who(db: &Db, opened: &Opened, at: Timestamp) -> SignedIn {
    db.signed_in(&opened.token, at).await.unwrap().unwrap()
}

/// Ms Wu, signed in by her first code with a password set; her present token.
async fn settled(db: &Db, code: &str) -> String {
    let opened = sign_in_by_code(db, attempt(PHONE, code), noon()).await.unwrap().unwrap();
    assert!(!opened.has_password);
    let signed_in = who(db, &opened, noon()).await;
    password::set(db, &signed_in, (String::new(), PASSWORD.to_owned()), noon()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_first_code_opens_the_account_once() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        let grouped = format!("{} {}", &code[..4], &code[4..]);
        let opened = sign_in_by_code(&store.db, attempt(PHONE, &grouped), noon()).await.unwrap().unwrap();
        assert!(opened.has_seat);
        assert_eq!(sign_in_by_code(&store.db, attempt(PHONE, &code), noon()).await.unwrap(), Err(Refused));
    }
}

#[tokio::test]
async fn a_first_code_is_worth_nothing_after_a_fortnight() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        let late = later(14 * 24 * 60);
        assert_eq!(sign_in_by_code(&store.db, attempt(PHONE, &code), late).await.unwrap(), Err(Refused));
    }
}

#[tokio::test]
async fn a_password_signs_in_and_ends_what_was_open_before() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        let opened = sign_in_by_code(&store.db, attempt(PHONE, &code), noon()).await.unwrap().unwrap();
        let first = who(&store.db, &opened, noon()).await;
        let token =
            password::set(&store.db, &first, (String::new(), PASSWORD.to_owned()), noon()).await.unwrap();
        assert!(store.db.signed_in(&opened.token, noon()).await.unwrap().is_none());
        assert!(store.db.signed_in(&token.unwrap(), noon()).await.unwrap().is_some());
        let again =
            sign_in(&store.db, attempt("+86 138-0000-0001", PASSWORD), later(1)).await.unwrap().unwrap();
        assert!(again.has_password);
    }
}

#[tokio::test]
async fn five_wrong_passwords_make_the_right_one_wait_a_minute() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        settled(&store.db, &code).await;
        for _ in 0..5 {
            assert_eq!(sign_in(&store.db, attempt(PHONE, "wrong"), noon()).await.unwrap(), Err(Refused));
        }
        assert_eq!(sign_in(&store.db, attempt(PHONE, PASSWORD), noon()).await.unwrap(), Err(Refused));
        assert!(sign_in(&store.db, attempt(PHONE, PASSWORD), later(1)).await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn an_unknown_number_is_refused_like_a_wrong_password() {
    for store in stores().await {
        assert_eq!(sign_in(&store.db, attempt("13811111111", PASSWORD), noon()).await.unwrap(), Err(Refused));
        assert_eq!(sign_in(&store.db, attempt("no number", PASSWORD), noon()).await.unwrap(), Err(Refused));
    }
}

#[tokio::test]
async fn a_seat_is_taken_under_a_new_token() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher, Role::DutyLeader]).await;
        let opened = sign_in_by_code(&store.db, attempt(PHONE, &code), noon()).await.unwrap().unwrap();
        assert!(!opened.has_seat);
        let signed_in = who(&store.db, &opened, noon()).await;
        let none = take_seat(&store.db, &signed_in, ("east", Role::Principal), noon()).await.unwrap();
        assert_eq!(none, Err(NotSeated::NoSuchSeat));
        let token =
            take_seat(&store.db, &signed_in, ("east", Role::DutyLeader), noon()).await.unwrap().unwrap();
        assert!(store.db.signed_in(&opened.token, noon()).await.unwrap().is_none());
        let seated = store.db.signed_in(&token, noon()).await.unwrap().unwrap();
        assert_eq!(seated.scope.unwrap().role(), Role::DutyLeader);
    }
}

#[tokio::test]
async fn whoever_loses_a_role_loses_its_sign_ins_at_once() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        let opened = sign_in_by_code(&store.db, attempt(PHONE, &code), noon()).await.unwrap().unwrap();
        let account = opened.account;
        let administrator = administrator(&store, "east").await;
        let disable = |roles: &'static [Role]| {
            administrator.act::<ManageAccounts, _, _>(move |tx| accounts::set_roles(tx, account, roles))
        };
        disable(&[]).await.unwrap().unwrap();
        assert!(store.db.signed_in(&opened.token, noon()).await.unwrap().is_none());
        disable(&[Role::HomeroomTeacher]).await.unwrap().unwrap();
        let found =
            administrator.read::<ManageAccounts, _>(move |tx| accounts::one(tx, account)).await.unwrap();
        assert_eq!(found.roles, [Role::HomeroomTeacher]);
    }
}

#[tokio::test]
async fn a_forgotten_password_is_opened_by_a_new_code_unless_another_school_trusts_it_too() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        let token = settled(&store.db, &code).await;
        let account = store.db.signed_in(&token, noon()).await.unwrap().unwrap().account;
        let administrator = administrator(&store, "east").await;
        let reset = || administrator.act::<ManageAccounts, _, _>(move |tx| accounts::reset(tx, account));
        let code = reset().await.unwrap().unwrap().code.unwrap();
        assert!(store.db.signed_in(&token, noon()).await.unwrap().is_none());
        assert_eq!(sign_in(&store.db, attempt(PHONE, PASSWORD), noon()).await.unwrap(), Err(Refused));
        settled(&store.db, &code).await;

        store.school(2, "west", noon()).await;
        store.member("west", (PHONE, Role::Guardian), None, noon()).await;
        assert_eq!(reset().await.unwrap(), Err(accounts::Refused::SitsElsewhere));
    }
}

#[tokio::test]
async fn a_number_of_another_account_is_taken_only_with_its_name() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        let token = settled(&store.db, &code).await;
        let account = store.db.signed_in(&token, noon()).await.unwrap().unwrap().account;
        store.school(2, "west", noon()).await;
        let west = store.member("west", ("13900000002", Role::SystemAdministrator), None, noon()).await;
        let try_add = async |name: &str| {
            let roles = vec![Role::GateGuard];
            let new = NewStaff { name: name.to_owned(), phone: PHONE.to_owned(), roles };
            west.act::<ManageAccounts, _, _>(move |tx| accounts::add(tx, &new)).await.unwrap()
        };
        for other in ["县官", "吴", "吴敏敏"] {
            assert_eq!(try_add(other).await, Err(vec![accounts::Refused::OtherName]));
            let seats = store.db.memberships(account, noon()).await.unwrap();
            assert_eq!(seats.len(), 1, "nothing is given");
        }
        let added = try_add("吴 敏").await.unwrap();
        assert_eq!((added.name.as_str(), added.code), ("吴敏", None));
        assert_eq!(store.db.memberships(account, noon()).await.unwrap().len(), 2);
        assert!(store.db.signed_in(&token, noon()).await.unwrap().is_some(), "nobody is signed out");
    }
}

#[tokio::test]
async fn an_account_of_another_school_gets_no_code_here() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        store.school(2, "west", noon()).await;
        let west = store.member("west", ("13900000002", Role::SystemAdministrator), None, noon()).await;
        let added = west.act::<ManageAccounts, _, Vec<accounts::Refused>>(|tx| {
            let roles = vec![Role::GateGuard];
            accounts::add(tx, &NewStaff { name: "吴敏".to_owned(), phone: PHONE.to_owned(), roles })
        });
        let added = added.await.unwrap().unwrap();
        assert_eq!(added.code, None);
        let reset = west.act::<ManageAccounts, _, _>(move |tx| accounts::reset(tx, added.account));
        assert_eq!(reset.await.unwrap(), Err(accounts::Refused::SitsElsewhere));
        settled(&store.db, &code).await;
    }
}

#[tokio::test]
async fn the_operator_opens_any_account_that_has_a_role_here() {
    for store in stores().await {
        let code = wu(&store, &[Role::HomeroomTeacher]).await;
        let token = settled(&store.db, &code).await;
        let account = store.db.signed_in(&token, noon()).await.unwrap().unwrap().account;
        for school in ["west", "north"] {
            store.school(if school == "west" { 2 } else { 3 }, school, noon()).await;
        }
        store.member("west", (PHONE, Role::Guardian), None, noon()).await;
        let reset = |scope: Scope| async move {
            scope.act::<ManageAccounts, _, ()>(move |tx| accounts::reset_as_operator(tx, account)).await
        };
        let code = reset(store.system("west", noon()).await).await.unwrap().unwrap().code.unwrap();
        assert!(store.db.signed_in(&token, noon()).await.unwrap().is_none());
        assert_eq!(sign_in(&store.db, attempt(PHONE, PASSWORD), noon()).await.unwrap(), Err(Refused));
        settled(&store.db, &code).await;
        let nobody = reset(store.system("north", noon()).await).await;
        assert!(matches!(nobody, Err(kehou_db::Error::NotFound)));
    }
}

#[tokio::test]
async fn nobody_takes_their_own_rights_away() {
    for store in stores().await {
        store.school(1, "east", noon()).await;
        let administrator = administrator(&store, "east").await;
        let own = administrator.account();
        let refused =
            administrator.act::<ManageAccounts, _, _>(move |tx| accounts::set_roles(tx, own, &[])).await;
        assert_eq!(refused.unwrap(), Err(accounts::Refused::Oneself));
    }
}

#[tokio::test]
async fn a_second_factor_is_shown_once_for_each_code() {
    for store in stores().await {
        let code = wu(&store, &[Role::GeneralAffairs]).await;
        let token = settled(&store.db, &code).await;
        let signed_in = store.db.signed_in(&token, noon()).await.unwrap().unwrap();
        let offer = factor::offer(&store.db, &signed_in, noon()).await.unwrap().unwrap();
        let code = factor::code_now(&offer.secret, noon()).unwrap();
        let confirmed = factor::confirm(&store.db, &signed_in, &code, noon()).await.unwrap().unwrap();
        assert_eq!(confirmed.recovery.len(), 10);

        let opened = sign_in(&store.db, attempt(PHONE, PASSWORD), later(1)).await.unwrap().unwrap();
        let plain = who(&store.db, &opened, later(1)).await;
        assert_eq!(
            factor::show(&store.db, &plain, &code, later(1)).await.unwrap(),
            Err(factor::Refused::Wrong)
        );
        let next = factor::code_now(&offer.secret, later(1)).unwrap();
        let token = factor::show(&store.db, &plain, &next, later(1)).await.unwrap().unwrap();
        let shown = store.db.signed_in(&token, later(1)).await.unwrap().unwrap();
        assert_eq!(shown.second_factor_at, Some(later(1)));
        assert_eq!(
            factor::show(&store.db, &shown, &next, later(1)).await.unwrap(),
            Err(factor::Refused::Wrong)
        );
    }
}

#[tokio::test]
async fn a_recovery_code_stands_in_once() {
    for store in stores().await {
        let code = wu(&store, &[Role::GeneralAffairs]).await;
        let token = settled(&store.db, &code).await;
        let signed_in = store.db.signed_in(&token, noon()).await.unwrap().unwrap();
        let offer = factor::offer(&store.db, &signed_in, noon()).await.unwrap().unwrap();
        let code = factor::code_now(&offer.secret, noon()).unwrap();
        let confirmed = factor::confirm(&store.db, &signed_in, &code, noon()).await.unwrap().unwrap();
        let opened = sign_in(&store.db, attempt(PHONE, PASSWORD), later(1)).await.unwrap().unwrap();
        let plain = who(&store.db, &opened, later(1)).await;
        let recovery = &confirmed.recovery[0];
        assert!(factor::show(&store.db, &plain, recovery, later(1)).await.unwrap().is_ok());
        assert_eq!(
            factor::show(&store.db, &plain, recovery, later(1)).await.unwrap(),
            Err(factor::Refused::Wrong)
        );
    }
}

#[tokio::test]
async fn a_new_member_of_staff_needs_name_number_and_role() {
    for store in stores().await {
        store.school(1, "east", noon()).await;
        let administrator = administrator(&store, "east").await;
        let short = accounts::Refused::Phone { digits: 10 };
        let (unnamed, no_role) = (accounts::Refused::NoName, accounts::Refused::NoRole);
        let cases: [(&str, &str, &[Role], &[accounts::Refused]); 5] = [
            (" ", PHONE, &[Role::Principal], &[unnamed]),
            ("吴敏", "1380000000", &[Role::Principal], &[short]),
            ("吴敏", PHONE, &[], &[no_role]),
            ("吴敏", PHONE, &[Role::Guardian], &[no_role]),
            (" ", "1380000000", &[], &[unnamed, short, no_role]),
        ];
        for (name, phone, roles, expected) in cases {
            let new = NewStaff { name: name.to_owned(), phone: phone.to_owned(), roles: roles.to_vec() };
            let added =
                administrator.act::<ManageAccounts, accounts::FirstCode, Vec<accounts::Refused>>(move |tx| {
                    accounts::add(tx, &new)
                });
            assert_eq!(added.await.unwrap(), Err(expected.to_vec()));
        }
    }
}

#[tokio::test]
async fn a_lost_second_factor_is_taken_away_by_somebody_who_says_how_the_person_was_verified() {
    for store in stores().await {
        let code = wu(&store, &[Role::GeneralAffairs]).await;
        let token = settled(&store.db, &code).await;
        let signed_in = store.db.signed_in(&token, noon()).await.unwrap().unwrap();
        let offer = factor::offer(&store.db, &signed_in, noon()).await.unwrap().unwrap();
        let code = factor::code_now(&offer.secret, noon()).unwrap();
        let confirmed = factor::confirm(&store.db, &signed_in, &code, noon()).await.unwrap().unwrap();
        let plain = store.db.signed_in(&confirmed.token, later(1)).await.unwrap().unwrap();
        for _ in 0..5 {
            let wrong = factor::show(&store.db, &plain, "nosuchcode", later(1)).await.unwrap();
            assert_eq!(wrong, Err(factor::Refused::Wrong));
        }
        let next = factor::code_now(&offer.secret, later(1)).unwrap();
        let waits = factor::show(&store.db, &plain, &next, later(1)).await.unwrap();
        assert_eq!(waits, Err(factor::Refused::Waits { minutes: 1 }));

        let admin = ("13800000999", Role::SystemAdministrator);
        let admin = store.member("east", admin, None, later(1)).await;
        let id = plain.account;
        let remove = async |verified: &'static str| {
            let done = admin.act::<kehou_domain::access::ManageAccounts, (), accounts::Refused>(move |tx| {
                accounts::remove_factor(tx, id, verified)
            });
            done.await.unwrap()
        };
        assert_eq!(remove(" ").await, Err(accounts::Refused::NotVerified));
        assert_eq!(remove("当面看了工作证").await, Ok(()));
        assert_eq!(remove("当面看了工作证").await, Err(accounts::Refused::NoFactor));
        assert!(store.db.signed_in(&confirmed.token, later(1)).await.unwrap().is_none());
    }
}
