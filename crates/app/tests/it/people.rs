//! Import, corrections, staff and the turn of the year.

use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use kehou_app::people::import::{Reading, Roster, read};
use kehou_app::people::{self, Decisions, ImportRefused, NewGuardian, NewStaff, NewStudent, Summary, Wish};
use kehou_db::testing::{TestStore, stores};
use kehou_db::{Error, Failed, Scope};
use kehou_domain::access::{
    Action, ImportRoster, KeepFlags, KeepOwnAccount, KeepRoster, KeepStaff, ReadFlags, ReadRoster, ReadStaff,
    Role, TurnYear,
};
use kehou_domain::ids::{AccountId, AnyId, ClassId, EntityId, StudentId};
use kehou_domain::moment;
use kehou_domain::people::class::{ClassKey, Stage};
use kehou_domain::people::contact::WhyKept;
use kehou_domain::people::flag::Flag;
use kehou_domain::people::phone::Phone;
use kehou_domain::people::turn::{Choice, TurnRefused, Wrong};
use kehou_domain::people::{Boarding, LeftWhy, Sex};

const MONDAY: Date = date(2026, 9, 7);

pub(crate) fn at(day: Date) -> Timestamp {
    moment::instant(day, time(9, 0, 0, 0))
}

pub(crate) fn roster(text: &str) -> Roster {
    read(text.as_bytes(), Reading::any(MONDAY, Stage::Primary)).unwrap()
}

pub(crate) const AN_AND_BO: &str = "姓名,性别,班级,家长,关系,电话\n\
    孙安安,女,3.1,孙建国,父亲,13900000011\n\
    周小波,男,3.1,周丽,母亲,13900000012\n";

pub(crate) async fn office(store: &TestStore) -> Scope {
    store.school(1, "east", at(MONDAY)).await;
    store.member("east", ("13800000001", Role::AcademicOffice), None, at(MONDAY)).await
}

pub(crate) async fn import(scope: &Scope, text: &str, wish: Wish) -> Result<Summary, ImportRefused> {
    let roster = roster(text);
    scope.act::<ImportRoster, _, _>(move |tx| people::import_roster(tx, &roster, wish)).await.unwrap()
}

/// A use case that nothing refuses.
async fn doing<A: Action, T: Send + 'static>(
    scope: &Scope,
    f: impl Fn(&mut kehou_db::Tx<A>) -> kehou_db::Result<T> + Send + Sync + 'static,
) -> kehou_db::Result<T> {
    let done = scope.act::<A, T, ()>(move |tx| f(tx).map_err(Failed::Fault)).await?;
    Ok(done.expect("nothing refuses"))
}

pub(crate) fn summary(added: u32, changed: u32, same: u32, missing: u32) -> Summary {
    Summary { added, changed, same, missing, departed: 0 }
}

/// The pupils of each class as `grade.no: names`.
pub(crate) async fn classes(scope: &Scope) -> Vec<String> {
    scope
        .read::<ReadRoster, _>(|tx| {
            let mut lines = Vec::new();
            for card in people::class_cards(tx)? {
                let page = people::class_page(tx, card.class.id)?;
                let names: Vec<_> = page.students.into_iter().map(|student| student.name).collect();
                let grade = card.grade.map_or("-".into(), |grade| grade.to_string());
                lines.push(format!("{grade}.{}: {}", card.class.key.class_no, names.join(" ")));
            }
            Ok(lines)
        })
        .await
        .unwrap()
}

async fn student(scope: &Scope, name: &'static str) -> StudentId {
    scope.read::<ReadRoster, _>(move |tx| people::search(tx, name)).await.unwrap()[0].0.id
}

async fn class(scope: &Scope, grade: u8, class_no: u8) -> ClassId {
    let cards = scope.read::<ReadRoster, _>(people::class_cards).await.unwrap();
    let found = cards.iter().find(|card| card.grade == Some(grade) && card.class.key.class_no == class_no);
    found.unwrap().class.id
}

#[tokio::test]
async fn g1_an_import_twice_changes_nothing_the_second_time() {
    for store in stores().await {
        let office = office(&store).await;
        assert_eq!(import(&office, AN_AND_BO, Wish::default()).await, Ok(summary(2, 0, 0, 0)));
        assert_eq!(import(&office, AN_AND_BO, Wish::default()).await, Ok(summary(0, 0, 2, 0)));
        assert_eq!(classes(&office).await, ["3.1: 周小波 孙安安"]);
    }
}

#[tokio::test]
async fn g1_the_preview_shows_what_the_import_then_does_and_nothing_else() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let next = "姓名,班级,家长,电话\n孙安安,3.2,孙建国,13900000011\n吴迪,3.1,吴强,13900000013\n";
        let laid = roster(next);
        let preview = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        assert_eq!(preview.summary, summary(1, 1, 0, 1));
        let names = |lines: &[people::Line]| lines.iter().map(|line| line.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&preview.added), ["吴迪"]);
        assert_eq!(names(&preview.changed), ["孙安安"]);
        assert_eq!(names(&preview.missing), ["周小波"]);
        let opens = ClassKey { stage: Stage::Primary, entered_year: 2024, class_no: 2 };
        assert_eq!((preview.new_classes, preview.new_grades), (vec![opens], vec![]));
        let other_grade = roster(&next.replace("3.2", "5.2"));
        let preview_of_it =
            office.read::<ImportRoster, _>(move |tx| people::preview(tx, &other_grade)).await.unwrap();
        assert_eq!(preview_of_it.new_grades, preview_of_it.new_classes);

        let stale = Wish { shown: Some(summary(9, 0, 0, 0)), ..Wish::default() };
        assert_eq!(import(&office, next, stale).await, Err(ImportRefused::Changed));
        let wish = Wish { shown: Some(preview.summary), missing_left: true, ..Wish::default() };
        let done = import(&office, next, wish).await.unwrap();
        assert_eq!(done, Summary { departed: 1, ..preview.summary });
        let tomorrow = office.at_moment(at(date(2026, 9, 8)));
        assert_eq!(classes(&tomorrow).await, ["3.1: 吴迪", "3.2: 孙安安"]);
    }
}

/// A class list with a line for each guardian.
const AN_TWICE: &str = "姓名,性别,班级,家长,关系,电话\n\
    孙安安,女,3.1,孙建国,父亲,13900000011\n\
    孙安安,女,3.1,李梅,母亲,13900000014\n\
    周小波,男,3.1,周丽,母亲,13900000012\n";

/// Imports the list; whether its two lines of one name are one pupil is decided as said.
async fn import_decided(scope: &Scope, is_one: bool, wish: Wish) -> Result<Summary, ImportRefused> {
    let mut roster = roster(AN_TWICE);
    roster.namesakes.iter_mut().for_each(|pair| pair.is_one = is_one);
    scope.act::<ImportRoster, _, _>(move |tx| people::import_roster(tx, &roster, wish)).await.unwrap()
}

#[tokio::test]
async fn g1_two_lines_of_one_name_are_two_pupils_unless_somebody_says_one() {
    for store in stores().await {
        let office = office(&store).await;
        let laid = roster(AN_TWICE);
        let preview = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        assert_eq!((preview.summary, preview.asks), (summary(3, 0, 0, 0), vec![0]));
        let shown = Wish { shown: Some(preview.summary), ..Wish::default() };
        assert_eq!(import_decided(&office, false, shown).await, Ok(summary(3, 0, 0, 0)));
        assert_eq!(classes(&office).await, ["3.1: 周小波 孙安安 孙安安"]);
        // the same file again changes nothing and asks nothing that is known
        assert_eq!(import_decided(&office, false, Wish::default()).await, Ok(summary(0, 0, 3, 0)));
    }
}

#[tokio::test]
async fn g1_two_lines_of_one_pupil_are_one_with_both_guardians_and_stay_so() {
    for store in stores().await {
        let office = office(&store).await;
        let shown = Wish { shown: Some(summary(3, 0, 0, 0)), ..Wish::default() };
        assert_eq!(import_decided(&office, true, shown).await, Ok(summary(2, 0, 0, 0)));
        assert_eq!(classes(&office).await, ["3.1: 周小波 孙安安"]);
        let an = office.read::<ReadRoster, _>(|tx| people::search(tx, "孙安安")).await.unwrap()[0].0.id;
        let page = office.read::<ReadRoster, _>(move |tx| people::student_page(tx, an)).await.unwrap();
        assert_eq!(page.guardians.len(), 2);
        let laid = roster(AN_TWICE);
        let preview = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        assert_eq!((preview.summary, preview.asks), (summary(0, 0, 2, 0), vec![]));
        assert_eq!(import_decided(&office, false, Wish::default()).await, Ok(summary(0, 0, 2, 0)));
    }
}

#[tokio::test]
async fn b1_who_is_missing_from_a_list_left_for_no_stated_reason() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let bo = office.read::<ReadRoster, _>(|tx| people::search(tx, "周小波")).await.unwrap()[0].0.id;
        let an = AN_AND_BO.lines().take(2).collect::<Vec<_>>().join("\n");
        let laid = roster(&an);
        let preview = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        assert_eq!(preview.missing_ids, [bo]);
        let wish = Wish { missing_left: true, ..Wish::default() };
        assert_eq!(import(&office, &an, wish).await.unwrap().departed, 1);
        let page = office.read::<ReadRoster, _>(move |tx| people::student_page(tx, bo)).await.unwrap();
        assert_eq!(page.student.left, Some((MONDAY, LeftWhy::Unstated)));
    }
}

#[tokio::test]
async fn g1_an_upload_is_kept_sealed_until_it_is_imported_once() {
    for store in stores().await {
        let office = office(&store).await;
        let id = doing::<ImportRoster, _>(&office, |tx| {
            people::keep_upload(tx, "三年级.csv", AN_AND_BO.as_bytes())
        })
        .await
        .unwrap();
        let upload = office.read::<ImportRoster, _>(move |tx| people::upload(tx, id)).await.unwrap();
        assert_eq!(upload.file_name, "三年级.csv");
        assert_eq!(upload.bytes.as_deref(), Some(AN_AND_BO.as_bytes()));
        let roster = roster(AN_AND_BO);
        let confirm = move |tx: &mut kehou_db::Tx<ImportRoster>| {
            people::import_upload(tx, id, &roster, Wish::default())
        };
        let confirmed = office.act::<ImportRoster, _, _>(confirm.clone()).await.unwrap();
        assert_eq!(confirmed, Ok(summary(2, 0, 0, 0)));
        let again = office.act::<ImportRoster, _, _>(confirm).await;
        assert!(matches!(again, Err(Error::NotFound)));
        let upload = office.read::<ImportRoster, _>(move |tx| people::upload(tx, id)).await.unwrap();
        assert_eq!(upload.bytes, None);
    }
}

#[tokio::test]
async fn g1_siblings_share_one_guardian_who_signs_in_once() {
    for store in stores().await {
        let office = office(&store).await;
        let text = format!("{AN_AND_BO}孙平平,男,1.1,孙建国,父亲,13900000011\n");
        import(&office, &text, Wish::default()).await.unwrap();
        let (an, ping) = (student(&office, "孙安安").await, student(&office, "孙平平").await);
        let guardians = office
            .read::<ReadRoster, _>(move |tx| {
                Ok((people::student_page(tx, an)?.guardians, people::student_page(tx, ping)?.guardians))
            })
            .await
            .unwrap();
        assert_eq!(guardians.0, guardians.1);
        let account = guardians.0[0].account.unwrap();
        let seats = store.db.memberships(account, at(MONDAY)).await.unwrap();
        assert_eq!(seats.len(), 1);
        assert_eq!(seats[0].role, Role::Guardian);

        doing::<KeepRoster, _>(&office, move |tx| people::note_leaving(tx, an, LeftWhy::Transferred))
            .await
            .unwrap();
        assert_eq!(store.db.memberships(account, at(MONDAY)).await.unwrap().len(), 1, "the brother is here");
        doing::<KeepRoster, _>(&office, move |tx| people::note_leaving(tx, ping, LeftWhy::Transferred))
            .await
            .unwrap();
        assert_eq!(store.db.memberships(account, at(MONDAY)).await.unwrap().len(), 1, "the day has to end");
        let father = guardians.0[0].id;
        doing::<KeepRoster, _>(&office, move |tx| people::end_guardianship(tx, an, father)).await.unwrap();
        assert_eq!(store.db.memberships(account, at(MONDAY)).await.unwrap().len(), 1, "still one's father");
        doing::<KeepRoster, _>(&office, move |tx| people::end_guardianship(tx, ping, father)).await.unwrap();
        assert_eq!(store.db.memberships(account, at(MONDAY)).await.unwrap().len(), 0);
    }
}

#[tokio::test]
async fn b1_a_pupil_comes_moves_and_leaves_and_past_days_keep_the_class() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let home = class(&office, 3, 1).await;
        let new = NewStudent {
            name: "吴迪".into(),
            sex: Sex::Male,
            seat: Some(3),
            boarding: Boarding::Day,
            class: home,
            guardians: vec![NewGuardian {
                name: "吴强".into(),
                relation: "父亲".into(),
                phone: Phone::parse("13900000013"),
            }],
        };
        let wu = doing::<KeepRoster, _>(&office, move |tx| people::add_student(tx, &new)).await.unwrap();
        import(&office, "姓名,班级,电话\n郑好,3.2,13900000014\n", Wish::default()).await.unwrap();
        let other = class(&office, 3, 2).await;
        let later = office.at_moment(at(date(2026, 9, 9)));
        doing::<KeepRoster, _>(&later, move |tx| people::move_student(tx, wu, other)).await.unwrap();
        assert_eq!(classes(&office).await, ["3.1: 吴迪 周小波 孙安安", "3.2: 郑好"]);
        assert_eq!(classes(&later).await, ["3.1: 周小波 孙安安", "3.2: 吴迪 郑好"]);
        let page = later.read::<ReadRoster, _>(move |tx| people::student_page(tx, wu)).await.unwrap();
        let days: Vec<_> = page.stays.iter().map(|stay| (stay.from_on, stay.to_on)).collect();
        assert_eq!(days, [(date(2026, 9, 9), None), (MONDAY, Some(date(2026, 9, 8)))]);
    }
}

#[tokio::test]
async fn g1_a_second_guardian_is_added_once_and_ends() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let an = student(&office, "孙安安").await;
        let mother =
            NewGuardian {
                name: "李梅".into(), relation: "母亲".into(), phone: Phone::parse("13900000021")
            };
        let add = move |tx: &mut kehou_db::Tx<KeepRoster>| people::add_guardian(tx, an, &mother);
        let id = doing(&office, add.clone()).await.unwrap();
        assert!(matches!(doing(&office, add).await, Err(Error::Already)));
        doing::<KeepRoster, _>(&office, move |tx| people::end_guardianship(tx, an, id)).await.unwrap();
        let page = office.read::<ReadRoster, _>(move |tx| people::student_page(tx, an)).await.unwrap();
        let names: Vec<_> = page.guardians.iter().map(|guardian| guardian.name.as_str()).collect();
        assert_eq!(names, ["孙建国"]);
    }
}

/// The kinds and facts of a guardian's messages, the oldest first.
async fn told(store: &TestStore, account: AccountId) -> Vec<String> {
    let scope = store.db.enter(account, "east", Role::Guardian, at(MONDAY)).await.unwrap();
    let inbox = scope.read::<KeepOwnAccount, _>(|tx| tx.inbox()).await.unwrap();
    let said = |message: &kehou_db::Message| {
        let fact = |name: &str| message.facts[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", message.kind, fact("child"), fact("name"), fact("relation"))
    };
    inbox.iter().rev().map(said).collect()
}

#[tokio::test]
async fn g1_whoever_is_added_is_shown_beside_those_on_file_and_they_are_told() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let an = student(&office, "孙安安").await;
        let page = move |tx: &mut kehou_db::Tx<ReadRoster>| people::student_page(tx, an);
        let father = office.read::<ReadRoster, _>(page).await.unwrap().guardians[0].account.unwrap();
        assert_eq!(told(&store, father).await, Vec::<String>::new());

        let next = AN_AND_BO.replace("孙建国,父亲,13900000011", "新妈,母亲,13911110001");
        let laid = roster(&next);
        let preview = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        let shown = |people: &[people::Person]| {
            let one = |one: &people::Person| {
                format!("{} {} {}", one.relation, one.name, one.phone.as_deref().unwrap_or("-"))
            };
            people.iter().map(one).collect::<Vec<_>>()
        };
        let line = &preview.guardians[0];
        assert_eq!((preview.guardians.len(), line.child.as_str()), (1, "孙安安"));
        assert_eq!(shown(&line.added), ["母亲 新妈 13911110001"]);
        assert_eq!(shown(&line.on_file), ["父亲 孙建国 13900000011"]);

        assert_eq!(import(&office, &next, Wish::default()).await, Ok(summary(0, 1, 1, 0)));
        assert_eq!(told(&store, father).await, ["guardian_added 孙安安 新妈 母亲"]);
        assert_eq!(import(&office, &next, Wish::default()).await, Ok(summary(0, 0, 2, 0)));
        assert_eq!(told(&store, father).await.len(), 1, "nobody is told twice");
        let guardians = office.read::<ReadRoster, _>(page).await.unwrap().guardians;
        let mother = guardians.iter().find(|guardian| guardian.name == "新妈").unwrap();
        assert_eq!(told(&store, mother.account.unwrap()).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn g1_another_name_on_a_known_number_changes_or_is_kept_with_the_reason() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let next = AN_AND_BO.replace("孙建国", "孙大国").replace("周丽,母亲", "周强,父亲");
        let laid = roster(&next);
        let preview = office.read::<ImportRoster, _>(move |tx| people::preview(tx, &laid)).await.unwrap();
        let names = preview.names.iter().map(|line| (line.old.as_str(), line.new.as_str(), line.kept));
        let other_relation = Some(WhyKept::OtherRelation);
        let expected = [("孙建国", "孙大国", None), ("周丽", "周强", other_relation)];
        assert_eq!(names.collect::<Vec<_>>(), expected);
        assert_eq!(preview.summary, summary(0, 1, 1, 0));

        assert_eq!(import(&office, &next, Wish::default()).await, Ok(summary(0, 1, 1, 0)));
        for (child, name) in [("孙安安", "孙大国"), ("周小波", "周丽")] {
            let id = student(&office, child).await;
            let page = office.read::<ReadRoster, _>(move |tx| people::student_page(tx, id)).await.unwrap();
            let names: Vec<_> = page.guardians.iter().map(|guardian| guardian.name.as_str()).collect();
            assert_eq!(names, [name]);
            let expected = usize::from(name == "孙大国");
            assert_eq!(told(&store, page.guardians[0].account.unwrap()).await.len(), expected);
        }
        assert_eq!(import(&office, &next, Wish::default()).await, Ok(summary(0, 0, 2, 0)));
    }
}

async fn teacher(office: &Scope) -> kehou_domain::ids::StaffId {
    let new = NewStaff {
        name: "王老师".into(),
        phone: Phone::parse("13700000001").unwrap(),
        roles: vec![Role::ServiceTeacher, Role::SystemAdministrator],
    };
    doing::<KeepStaff, _>(office, move |tx| people::add_staff(tx, &new)).await.unwrap()
}

#[tokio::test]
async fn g1_a_class_teacher_sees_the_own_class_alone() {
    for store in stores().await {
        let office = office(&store).await;
        let text = format!("{AN_AND_BO}郑好,男,3.2,郑军,父亲,13900000014\n");
        import(&office, &text, Wish::default()).await.unwrap();
        let (own, other) = (class(&office, 3, 1).await, class(&office, 3, 2).await);
        let wang = teacher(&office).await;
        doing::<KeepStaff, _>(&office, move |tx| people::assign_homeroom(tx, own, Some(wang))).await.unwrap();
        let account = store.db.account_of_phone("13700000001", at(MONDAY)).await.unwrap().unwrap();
        let seats: Vec<_> =
            store.db.memberships(account, at(MONDAY)).await.unwrap().iter().map(|seat| seat.role).collect();
        assert_eq!(seats, [Role::HomeroomTeacher, Role::ServiceTeacher], "no school names its administrator");
        let seat = store.db.enter(account, "east", Role::HomeroomTeacher, at(MONDAY)).await.unwrap();
        assert_eq!(classes(&seat).await, ["3.1: 周小波 孙安安"]);
        let hidden = seat.read::<ReadRoster, _>(move |tx| people::class_page(tx, other)).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
        let zheng = student(&office, "郑好").await;
        let hidden = seat.read::<ReadRoster, _>(move |tx| people::student_page(tx, zheng)).await;
        assert!(matches!(hidden, Err(Error::NotFound)));

        doing::<KeepStaff, _>(&office, move |tx| people::note_staff_leaving(tx, wang)).await.unwrap();
        assert!(store.db.memberships(account, at(MONDAY)).await.unwrap().is_empty());
        let staff = office.read::<ReadStaff, _>(people::staff_list).await.unwrap();
        assert_eq!((staff[0].staff.active, staff[0].classes.len()), (false, 0));
    }
}

#[tokio::test]
async fn b4_flags_are_seen_by_the_reviewing_roles_alone() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let an = student(&office, "孙安安").await;
        let set =
            |flags: &'static [Flag]| move |tx: &mut kehou_db::Tx<KeepFlags>| people::set_flags(tx, an, flags);
        doing(&office, set(&[Flag::LeftBehind, Flag::Hardship])).await.unwrap();
        doing(&office, set(&[Flag::Hardship])).await.unwrap();
        let flags = office.read::<ReadFlags, _>(move |tx| people::flags(tx, an)).await.unwrap();
        assert_eq!(flags, [(Flag::Hardship, MONDAY)]);
        let guard = store.member("east", ("13800000002", Role::GateGuard), None, at(MONDAY)).await;
        let hidden = guard.read::<ReadFlags, _>(move |tx| people::flags(tx, an)).await;
        assert!(matches!(hidden, Err(Error::NotAllowed)));
    }
}

#[tokio::test]
async fn b1_the_year_turns_in_one_step_and_history_stays() {
    for store in stores().await {
        let office = office(&store).await;
        let text = "姓名,班级,电话\n老大,6.1,13900000031\n甲,3.1,13900000032\n乙,3.2,13900000033\n\
            丙,5.1,13900000034\n丁,5.1,13900000035\n";
        import(&office, text, Wish::default()).await.unwrap();
        let summer = office.at_moment(at(date(2027, 8, 20)));
        let (third, fourth) = (class(&office, 3, 1).await, class(&office, 3, 2).await);
        let fifth = class(&office, 5, 1).await;
        let first = ClassKey { stage: Stage::Primary, entered_year: 2027, class_no: 1 };
        let decisions = Decisions {
            choices: vec![(fourth, Choice::MergeInto(third)), (fifth, Choice::SplitOff(2))],
            opens: vec![first],
        };
        let shown = decisions.clone();
        let review = summer.read::<TurnYear, _>(move |tx| people::review_turn(tx, &shown)).await.unwrap();
        let turned = summer.act::<TurnYear, _, _>(move |tx| people::turn_year(tx, &decisions)).await.unwrap();
        assert_eq!(review.turn, turned);
        let autumn = office.at_moment(at(date(2027, 9, 1)));
        let names = classes(&autumn).await;
        assert_eq!(names, ["1.1: ", "4.1: 乙 甲", "6.1: 丁", "6.2: 丙"]);
        let mut before = classes(&office).await;
        before.retain(|line| !line.ends_with(": "));
        assert_eq!(before, ["3.1: 甲", "3.2: 乙", "5.1: 丁 丙", "6.1: 老大"], "the past is as it was");
        let again = summer
            .act::<TurnYear, _, _>(move |tx| {
                let opens = vec![first];
                people::turn_year(tx, &Decisions { opens, ..Decisions::default() })
            })
            .await
            .unwrap();
        let taken = Wrong { class: None, why: TurnRefused::Taken { class: first } };
        assert_eq!(again, Err(vec![taken]));
    }
}

#[tokio::test]
async fn another_schools_pupils_are_not_there() {
    for store in stores().await {
        let office = office(&store).await;
        import(&office, AN_AND_BO, Wish::default()).await.unwrap();
        let an = student(&office, "孙安安").await;
        store.school(2, "west", at(MONDAY)).await;
        let west = store.member("west", ("13800000009", Role::AcademicOffice), None, at(MONDAY)).await;
        assert!(west.read::<ReadRoster, _>(|tx| people::search(tx, "安")).await.unwrap().is_empty());
        let hidden = west.read::<ReadRoster, _>(move |tx| people::student_page(tx, an)).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
        let guardian = AnyId::from_bits(1);
        let other = store.member("east", ("13900000099", Role::Guardian), Some(guardian), at(MONDAY)).await;
        let hidden = other.read::<ReadRoster, _>(move |tx| people::student_page(tx, an)).await;
        assert!(matches!(hidden, Err(Error::NotAllowed)));
    }
}
