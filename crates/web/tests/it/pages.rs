//! Every page of a school in the middle of its day, in both languages: none breaks, and none is left half in Chinese.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use jiff::civil::{Date, date, time};
use kehou_app::attendance::{self, Call, Mention, Prepared};
use kehou_db::{Result, SchoolTx, sql};
use kehou_domain::access::{CallRoll, KeepOwnAccount, PrepareDay, Role};
use kehou_domain::attendance::{Said, Saying};
use kehou_domain::ids::{AnyId, EntityId, SessionId, StudentId};
use kehou_domain::moment::instant;
use kehou_web::routes;
use kehou_web::routes::{Entry, Route};

use crate::enrolment::{School, application, saved};
use crate::rounds;
use crate::world::World;

const TODAY: Date = date(2026, 11, 24);

/// Words that stand on pages as the school's own, though a page of ours says the same somewhere.
const OWN_WORDS: [&str; 7] = ["课后服务", "协议", "东小学", "父亲", "母亲", "点名", "免费"];

/// Pages that ask for more than an address: which kind, which other version, which days, a paper that is signed, a
/// draft.
pub(crate) const ASK_FOR_MORE: [&str; 5] = [
    "/schools/{school}/clauses/new",
    "/schools/{school}/plan/versions/{version}/comparison",
    "/children/{student}/agreements/{paper}/copies",
    "/schools/{school}/rounds/{round}/form",
    "/api/v1/schools/{school}/calendar",
];

/// An's family waits for the review, Bo is in the service and missing from today's roll.
pub(crate) async fn fill(world: &World, school: &School<'_>) {
    school.ready(&school.sun, school.an).await;
    let wish = application(&[school.an], "23");
    saved(&school.sun.post(&format!("/children/{}/application", school.an), &wish).await);
    let class = one(world, "class", school.bo).await;
    let taken = format!("class={class}&student={}&choice=afternoon/2&from_on={TODAY}&place=柜", school.bo);
    saved(&school.office.post("/schools/east/take-over", &taken).await);
    let system = world.store.system("east", world.at).await;
    let opened = system.act::<KeepOwnAccount, u64, ()>(|tx| {
        Ok(tx.run(sql!("update term set status = 'open' where school_id = $1"), &[])?)
    });
    assert_eq!(opened.await.unwrap(), Ok(1));
    let term = one(world, "term", school.bo).await;
    let offering = format!(
        "term={term}&title=奥数社&kind=club&topic=thinking&meeting=2/afternoon&grade=3&capacity=20&minimum=8"
    );
    saved(&school.office.post("/schools/east/offerings", &offering).await);
    // the session runs since five minutes
    let later = instant(TODAY, time(16, 25, 0, 0));
    world.clock.move_to(later);
    let office = school.office.scope.clone().unwrap().at_moment(later);
    let made = office.act::<PrepareDay, _, _>(|tx| attendance::prepare_day(tx, TODAY)).await.unwrap();
    assert_eq!(made, Ok(Prepared::Held { expected: 1, on_leave: 0 }));
    let session = SessionId::parse(&one(world, "session", school.bo).await).unwrap();
    let missing = Saying { student: school.bo, said: Said::Absent };
    let call = Call {
        session,
        version: None,
        mentions: vec![Mention { saying: missing, at: None, fact: None }],
        rest: Some(Said::Present),
        device: String::new(),
    };
    let called = office.act::<CallRoll, _, _>(move |tx| attendance::save_roll(tx, &call)).await.unwrap();
    assert_eq!(called.map(|saved| saved.rest), Ok(0));
    rounds::offer(world, school, &["围棋社"]).await;
    rounds::published(world, school).await;
    world.clock.move_to(later);
    let (an, bo) = (school.an, school.bo);
    let filled = system.act::<KeepOwnAccount, (), ()>(move |tx| Ok(rest(tx, an, bo)?)).await;
    assert_eq!(filled.unwrap(), Ok(()));
}

/// What would take a chain of people and days: a list in the class, a list at the bureau, a stop at the gate.
fn rest(tx: &mut SchoolTx, an: StudentId, bo: StudentId) -> Result<()> {
    let (account, at) = (tx.account(), tx.at());
    let (list, filing, stop): (AnyId, AnyId, AnyId) = (tx.new_id(), tx.new_id(), tx.new_id());
    let publication = sql!(
        "insert into class_publication (school_id, id, term_id, class_id, opens_on, days, published_by, published_at)
         select a.school_id, $2, a.term_id, y.class_id, $3, 3, $4, $5 from application a
         join class_stay y on y.school_id = a.school_id and y.student_id = a.student_id
         where a.school_id = $1 and a.student_id = $6"
    );
    tx.run(publication, &[list.into(), TODAY.into(), account.into(), at.into(), an.into()])?;
    let name = sql!(
        "insert into class_publication_name (school_id, publication_id, application_id, round)
         select school_id, $2, id, round from application where school_id = $1 and student_id = $3"
    );
    tx.run(name, &[list.into(), an.into()])?;
    let filed = sql!(
        "insert into filing (school_id, id, term_id, number, filed_at, filed_by)
         select school_id, $2, term_id, 1, $3, $4 from application where school_id = $1 and student_id = $5"
    );
    tx.run(filed, &[filing.into(), at.into(), account.into(), an.into()])?;
    let entry = sql!(
        "insert into filing_entry (school_id, filing_id, application_id)
         select school_id, $2, id from application where school_id = $1 and student_id = $3"
    );
    tx.run(entry, &[filing.into(), an.into()])?;
    let stopped = sql!(
        "insert into pickup_stop (school_id, id, student_id, day, at, why, needs_duty_leader, collector, account_id)
         values ($1, $2, $3, $4, $5, 'not_named', 0, '', $6)"
    );
    tx.run(stopped, &[stop.into(), bo.into(), TODAY.into(), at.into(), account.into()]).map(drop)
}

/// The id of one thing of this kind in the east.
async fn one(world: &World, what: &'static str, child: StudentId) -> String {
    let system = world.store.system("east", world.at).await;
    let found = system.read::<KeepOwnAccount, _>(move |tx| {
        let sql = match what {
            "application" => sql!("select max(id) from application where school_id = $1"),
            "case" => sql!("select max(id) from absence_case where school_id = $1"),
            "class" => {
                let sql = sql!("select class_id from class_stay where school_id = $1 and student_id = $2");
                return tx.one(sql, &[child.into()], |row| row.text(0));
            }
            "filing" => sql!("select max(id) from filing where school_id = $1"),
            "group" => sql!("select max(id) from teaching_group where school_id = $1"),
            "letter" => sql!("select max(id) from notice where school_id = $1"),
            "offering" => sql!("select max(id) from offering where school_id = $1"),
            "publication" => sql!("select max(id) from class_publication where school_id = $1"),
            "round" => sql!("select max(id) from choice_round where school_id = $1"),
            "session" => sql!("select max(id) from session where school_id = $1"),
            "set" => sql!("select max(id) from clause_set where school_id = $1"),
            "stop" => sql!("select max(id) from pickup_stop where school_id = $1"),
            "term" => sql!("select max(id) from term where school_id = $1"),
            "version" => sql!("select max(id) from plan_version where school_id = $1"),
            other => panic!("nobody knows where {other} lies"),
        };
        let found = tx.one(sql, &[], |row| row.maybe_text(0))?;
        Ok(found.unwrap_or_else(|| panic!("the east has no {what}")))
    });
    found.await.unwrap()
}

/// What stands for each name in an address.
pub(crate) async fn ids(world: &World, school: &School<'_>) -> BTreeMap<&'static str, String> {
    let mut ids = BTreeMap::from([
        ("school", "east".to_owned()),
        ("student", school.an.to_string()),
        ("day", TODAY.to_string()),
        ("paper", "service_agreement".to_owned()),
        ("account", school.office.scope.as_ref().unwrap().account().to_string()),
    ]);
    for what in [
        "application",
        "case",
        "class",
        "filing",
        "group",
        "letter",
        "offering",
        "publication",
        "round",
        "session",
        "set",
        "stop",
        "version",
    ] {
        ids.insert(what, one(world, what, school.bo).await);
    }
    ids
}

/// The route's address with real ids; nothing when one of its names is not known.
pub(crate) fn address(route: &Route, ids: &BTreeMap<&str, String>, bo: StudentId) -> Option<String> {
    // at the gate stand those who are in school today
    let at_gate = route.path.contains("/gate/");
    let mut path = route.path.to_owned();
    while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
        let name = &path[open + 1..close];
        let id = if at_gate && name == "student" { bo.to_string() } else { ids.get(name)?.clone() };
        path.replace_range(open..=close, &id);
    }
    Some(path)
}

/// Whoever knows most of those who may take the route.
pub(crate) fn actor(roles: &[Role]) -> Role {
    let order = [Role::Guardian, Role::AcademicOffice, Role::Principal, Role::DutyLeader];
    order.into_iter().find(|role| roles.contains(role)).unwrap_or(roles[0])
}

/// The Chinese sentences of ours.
pub(crate) fn sentences() -> BTreeSet<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let words = files.flat_map(|path| {
        let table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
        table.into_iter().map(|(chinese, _)| chinese).collect::<Vec<_>>()
    });
    words.filter(|words| !OWN_WORDS.contains(&words.as_str())).collect()
}

/// Sentences of ours that stand in a page as they are in Chinese.
pub(crate) fn left_in_chinese<'a>(body: &'a str, sentences: &BTreeSet<String>) -> Vec<&'a str> {
    let parts = body.split(['<', '>', '"']).map(str::trim);
    parts.filter(|part| sentences.contains(*part)).collect()
}

#[tokio::test]
async fn every_page_renders_in_both_languages_and_nothing_is_left_in_chinese() {
    let world = World::new().await;
    let school = School::open(&world).await;
    fill(&world, &school).await;
    let (ids, sentences) = (ids(&world, &school).await, sentences());
    let mut visitors = BTreeMap::new();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Guardian) {
        visitors.insert(role, world.member("east", role).await);
    }
    let all = routes();
    let pages = all.iter().filter(|route| route.method == Method::GET);
    let pages: Vec<_> = pages.filter(|route| !ASK_FOR_MORE.contains(&route.path)).collect();
    let mut wrong = Vec::new();
    for language in ["zh", "en"] {
        for visitor in visitors.values().chain([&school.sun]) {
            visitor.post("/look", &format!("lang={language}")).await;
        }
        for route in &pages {
            let Entry::Act(_, roles) = route.entry else { continue };
            let Some(path) = address(route, &ids, school.bo) else { continue };
            let visitor = visitors.get(&actor(roles)).unwrap_or(&school.sun);
            let answer = visitor.get(&path).await;
            if !matches!(answer.status, StatusCode::OK | StatusCode::SEE_OTHER) {
                wrong.push(format!("{path} in {language}: {}", answer.status));
            }
            if language == "en" {
                let left = left_in_chinese(&answer.body, &sentences);
                wrong.extend(left.into_iter().map(|words| format!("{path}: {words}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Rule of privacy: what is typed, such as a child's name, is sent in a body and stands in no address and no log.
#[test]
fn no_form_puts_what_is_typed_into_an_address() {
    let mut asked = 0;
    for folder in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap() {
        let Ok(files) = std::fs::read_dir(folder.unwrap().path()) else { continue };
        for file in files {
            let file = file.unwrap().path();
            let text = std::fs::read_to_string(&file).unwrap();
            for form in text.split("<form").skip(1).filter(|form| form.contains(" method=\"get\"")) {
                let form = form.split("</form>").next().unwrap();
                assert!(!form.contains("<input class=\"input"), "{} asks by GET", file.display());
                asked += 1;
            }
        }
    }
    assert!(0 < asked, "the scan found forms");
}
