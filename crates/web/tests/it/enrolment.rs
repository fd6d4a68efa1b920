//! Enrolment's pages: the family's way on a phone, the school's on a desk, and what bad input gets.

use axum::http::StatusCode;
use jiff::civil::{Date, date};
use kehou_app::calendar::{self, NewTerm};
use kehou_app::people::import::{Reading, read};
use kehou_app::people::{self, Wish};
use kehou_app::plan;
use kehou_db::Scope;
use kehou_domain::access::{ApprovePlan, DraftPlan, FilePlan, ImportRoster, KeepCalendar, ReadRoster, Role};
use kehou_domain::ids::StudentId;
use kehou_domain::people::class::Stage;

use crate::world::{Answer, Visitor, World};

const TODAY: Date = date(2026, 11, 24);

const ROSTER: &str = "姓名,性别,班级,家长,关系,电话\n\
    孙安安,女,3.1,孙建国,父亲,13900000011\n\
    孙平平,男,1.1,孙建国,父亲,13900000011\n\
    周小波,男,3.1,周丽,母亲,13900000012\n";

/// A school under plan S4d with a roster and a term, and the two guardians.
pub(crate) struct School<'a> {
    pub(crate) office: Visitor<'a>,
    pub(crate) sun: Visitor<'a>,
    pub(crate) zhou: Visitor<'a>,
    pub(crate) an: StudentId,
    pub(crate) ping: StudentId,
    pub(crate) bo: StudentId,
}

async fn child(scope: &Scope, name: &'static str) -> StudentId {
    scope.read::<ReadRoster, _>(move |tx| people::search(tx, name)).await.unwrap()[0].0.id
}

async fn parent<'a>(world: &'a World, scope: &Scope, child: StudentId) -> Visitor<'a> {
    let page = scope.read::<ReadRoster, _>(move |tx| people::student_page(tx, child)).await.unwrap();
    let account = page.guardians[0].account.unwrap();
    let scope = world.store.db.enter(account, "east", Role::Guardian, world.at).await.unwrap();
    world.seated(scope).await
}

impl<'a> School<'a> {
    async fn new(world: &'a World) -> School<'a> {
        let office = world.office().await;
        let scope = office.scope.clone().unwrap();
        adopt(world).await;
        let roster = read(ROSTER.as_bytes(), Reading::any(TODAY, Stage::Primary)).unwrap();
        scope
            .act::<ImportRoster, _, _>(move |tx| people::import_roster(tx, &roster, Wish::default()))
            .await
            .unwrap()
            .unwrap();
        term(&scope).await;
        let (an, ping) = (child(&scope, "孙安安").await, child(&scope, "孙平平").await);
        let bo = child(&scope, "周小波").await;
        let (sun, zhou) = (parent(world, &scope, an).await, parent(world, &scope, bo).await);
        School { office, sun, zhou, an, ping, bo }
    }

    /// The office publishes the letter, the privacy notice and the clauses, and opens the sign-up, on its pages.
    pub(crate) async fn open(world: &'a World) -> School<'a> {
        let school = School::new(world).await;
        let letter = school.letter().await;
        saved(&school.office.post(&format!("{letter}/publication"), "").await);
        let page = school.office.get("/schools/east/sign-up").await;
        let form = format!(
            "term={}&letter={}&survey_opens_on=2026-11-20&survey_closes_on=2026-11-25&opens_on=2026-11-20\
             &closes_on=2026-12-04&review_days=3",
            option(&page.body, "name=\"term\""),
            option(&page.body, "name=\"letter\""),
        );
        saved(&school.office.post("/schools/east/sign-up", &form).await);
        let notice = "officer=何敏&officer_phone=0519-80000000&place=本校&keep_months=12&afterwards=销毁";
        saved(&school.office.post("/schools/east/privacy-notice", notice).await);
        for paper in ["service_agreement", "safety_pledge"] {
            let form =
                format!("paper={paper}&title=协议&preamble=约定&head=自愿&text=完全自愿。&side=family");
            let set = saved(&school.office.post("/schools/east/clauses", &form).await);
            saved(&school.office.post(&format!("{set}/use"), "").await);
        }
        school
    }

    /// A draft of the letter with every required item.
    async fn letter(&self) -> String {
        let form = "kind=letter&title=致家长的一封信&opening=您好&time=每天&content=作业&manner=自愿&safety=点名&fee=免费\
                    &risk=磕碰&closing=谢谢";
        saved(&self.office.post("/schools/east/letters", form).await)
    }

    /// The family reads the letter and agrees to what is required, on its pages.
    pub(crate) async fn ready(&self, family: &Visitor<'_>, child: StudentId) {
        saved(&family.post(&format!("/children/{child}/letter"), "").await);
        let consents = "purpose=run_service&purpose=urgent_contact";
        saved(&family.post(&format!("/children/{child}/consents"), consents).await);
    }
}

/// Where a form that was taken leads to.
#[track_caller]
pub(crate) fn saved(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.place.clone()
}

#[track_caller]
fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains(words), "no {words} in {}", answer.body);
}

/// The value of the first option of a field.
fn option(body: &str, field: &str) -> String {
    let after = body.split(field).nth(1).expect("the field is there");
    let value = after.split("value=\"").nth(1).expect("an option is there");
    value.split('"').next().unwrap().to_owned()
}

async fn term(scope: &Scope) {
    let term = NewTerm {
        school_year: 2026,
        name: "2026 学年第一学期".to_owned(),
        starts_on: date(2026, 9, 1),
        ends_on: date(2027, 1, 22),
        service_from: date(2026, 10, 8),
    };
    scope.act::<KeepCalendar, _, _>(move |tx| calendar::add_term(tx, &term)).await.unwrap().unwrap();
}

/// Adopts plan S4d from the first school day on.
async fn adopt(world: &World) {
    let scope = world.principal().await.scope.unwrap();
    let text = include_str!("../../../../plans/s4d.toml");
    let id = scope.act::<DraftPlan, _, ()>(move |tx| Ok(plan::draft(tx, text)?)).await.unwrap().unwrap();
    scope.act::<DraftPlan, _, _>(move |tx| plan::check(tx, id)).await.unwrap().unwrap();
    scope.act::<ApprovePlan, _, _>(move |tx| plan::approve(tx, id)).await.unwrap().unwrap();
    let rule = move |tx: &mut kehou_db::Tx<FilePlan>| {
        plan::note_filing(tx, id, "教备〔2026〕7号")?;
        plan::put_in_force(tx, id, date(2026, 9, 1), kehou_domain::plan::Agreed { today: true, left_out: 0 })
    };
    scope.act::<FilePlan, _, _>(rule).await.unwrap().unwrap();
}

fn choices_of(child: &StudentId, weekdays: &str) -> String {
    weekdays
        .chars()
        .flat_map(|day| ["&choice=".to_owned(), child.to_string(), format!("/afternoon/{day}")])
        .collect()
}

pub(crate) fn application(children: &[StudentId], weekdays: &str) -> String {
    let one = |child: &StudentId| -> String { format!("&child={child}") + &choices_of(child, weekdays) };
    String::from("need=pickup&remark=") + &children.iter().map(one).collect::<String>()
}

#[tokio::test]
async fn f1_the_familys_pages_lead_from_the_letter_to_the_application() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (sun, an) = (&school.sun, school.an);
    let service = format!("/children/{an}/service");
    assert_eq!(saved(&sun.get("/service").await), service);
    let page = sun.get(&service).await;
    assert_eq!(page.status, StatusCode::OK);
    for todo in ["读学校的告知书", "填需求调查", "看隐私说明并同意"] {
        assert!(page.body.contains(todo), "{todo}");
    }
    assert!(!page.body.contains("报名课后服务"), "the letter comes first");
    school.ready(sun, an).await;
    let survey = sun.post(&format!("/children/{an}/survey"), "wish=yes&weekday=2&weekday=4&remark=").await;
    assert_eq!(saved(&survey), service);
    assert!(sun.get(&service).await.body.contains("报名课后服务"));
    let open = sun.get(&format!("/children/{an}/survey")).await;
    assert!(open.body.contains("交调查"), "{}", open.body);
    world.clock.move_to("2026-11-26T07:05:00Z".parse().unwrap());
    let closed = sun.get(&format!("/children/{an}/survey")).await;
    assert!(
        closed.body.contains("调查11月25日（周三）已经结束") && !closed.body.contains("交调查"),
        "{}",
        closed.body
    );
    world.clock.move_to(world.at);
    school.ready(sun, school.ping).await;
    let form = application(&[an, school.ping], "24");
    assert_eq!(saved(&sun.post(&format!("/children/{an}/application"), &form).await), service);
    assert!(sun.get(&service).await.body.contains("正在班主任审核"));
    let ping = sun.get(&format!("/api/v1/children/{}/service", school.ping)).await;
    let json: serde_json::Value = serde_json::from_str(&ping.body).unwrap();
    assert_eq!(json["status"], "waiting");
    assert_eq!(json["steps"][0], serde_json::json!({ "step": "review", "state": "now" }));
    assert_eq!(json["choices"][1], serde_json::json!({ "slot": "afternoon", "weekday": 4 }));
}

#[tokio::test]
async fn a_refused_application_keeps_what_was_typed_and_says_what_is_missing() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (sun, an) = (&school.sun, school.an);
    school.ready(sun, an).await;
    let path = format!("/children/{an}/application");
    let nothing = sun.post(&path, &format!("child={an}&need=pickup&remark=对花生过敏")).await;
    refused(&nothing, "请至少勾选一天");
    assert!(nothing.body.contains("对花生过敏") && nothing.body.contains("value=\"pickup\" checked"));
    refused(&sun.post(&path, &application(&[an], "1")).await, "周一没有这个时段，请重新勾选");
    let no_need = application(&[an], "2").replace("need=pickup", "need=");
    refused(&sun.post(&path, &no_need).await, "请选一个需要课后服务的原因");
    let empty = sun.post(&path, &format!("child={an}")).await;
    refused(&empty, "有 2 处要改");
    assert!(empty.body.contains(&format!("href=\"#choice-{an}\"")), "{}", empty.body);
    assert!(empty.body.contains(&format!("id=\"choice-{an}\"")) && empty.body.contains("href=\"#need\""));
    let nobody = sun.post(&path, "remark=x").await;
    refused(&nobody, "请勾选要报名的孩子");
    refused(&nobody, "请选一个需要课后服务的原因");
}

#[tokio::test]
async fn consents_without_a_required_one_say_what_was_saved() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let path = format!("/children/{}/consents", school.an);
    let nothing = saved(&school.sun.post(&path, "").await);
    assert!(school.sun.get(&nothing).await.body.contains("已保存：没有勾选任何一项。"));
    let other = format!("/children/{}/consents", school.ping);
    let one = saved(&school.sun.post(&other, "purpose=run_service").await);
    assert!(school.sun.get(&one).await.body.contains("只同意了：组织课后服务。"));
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_application_with_one_answer() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (sun, an) = (&school.sun, school.an);
    school.ready(sun, an).await;
    let form = format!("{}&key=once", application(&[an], "2"));
    let path = format!("/children/{an}/application");
    let first = sun.post_exactly(&path, &form).await;
    let second = sun.post_exactly(&path, &form).await;
    assert_eq!((first.status, first.place), (second.status, second.place));
    refused(&sun.post(&path, &application(&[an], "2")).await, "已经报过名了");
}

#[tokio::test]
async fn another_familys_child_and_another_schools_pages_are_not_there() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let bo = school.bo;
    for page in ["service", "letter", "survey", "consents", "application", "withdrawal", "data", "data.json"]
    {
        let status = school.sun.get(&format!("/children/{bo}/{page}")).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{page}");
    }
    assert_eq!(school.zhou.get(&format!("/children/{bo}/service")).await.status, StatusCode::OK);
    let west = world.head_of_west().await;
    for page in
        ["applications", "places", "filings", "letters", "clauses", "sign-up", "exceptions", "corrections"]
    {
        let status = west.get(&format!("/schools/east/{page}")).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{page}");
        assert_eq!(
            school.office.get(&format!("/schools/east/{page}")).await.status,
            StatusCode::OK,
            "{page}"
        );
    }
}

#[tokio::test]
async fn b2_the_office_returns_with_a_reason_and_the_family_reads_it() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (zhou, bo) = (&school.zhou, school.bo);
    school.ready(zhou, bo).await;
    saved(&zhou.post(&format!("/children/{bo}/application"), &application(&[bo], "2")).await);
    let json = school.office.get("/api/v1/schools/east/applications").await;
    let listed: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    let id = listed[0]["id"].as_str().unwrap().to_owned();
    assert_eq!((&listed[0]["name"], &listed[0]["mine"]), (&"周小波".into(), &false.into()));
    let path = "/schools/east/applications/decisions";
    refused(
        &school.office.post(path, &format!("application={id}&verdict=approve")).await,
        "现在不是您这一步",
    );
    refused(&school.office.post(path, "verdict=approve").await, "请先勾选要审核的学生");
    refused(
        &school.office.post(path, &format!("application={id}&verdict=return&note=x")).await,
        "请选退回或不通过的理由",
    );
    assert_eq!(school.office.get(&format!("/schools/east/applications/{id}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn m1_a_letter_with_a_blank_item_is_not_published_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let school = School::new(&world).await;
    let letter =
        saved(&school.office.post("/schools/east/letters", "kind=letter&title=信&opening=开头在此").await);
    let answer = school.office.post(&format!("{letter}/publication"), "").await;
    refused(&answer, "请写“收费”，家长报名前要知道");
    assert!(answer.body.contains("开头在此"));
    refused(&school.office.post("/schools/east/letters", "kind=letter&title=&fee=免费").await, "请填标题");
}

#[tokio::test]
async fn f6_clauses_that_cannot_be_used_come_back_as_typed() {
    let world = World::new().await;
    let school = School::new(&world).await;
    let form = "paper=safety_pledge&title=承诺书&preamble=&head=自愿&text=完全自愿。&side=family&head=&text=没有小标题&side=both";
    let answer = school.office.post("/schools/east/clauses", form).await;
    refused(&answer, "第 2 条要有一行小标题，最多 16 字");
    assert!(answer.body.contains("没有小标题") && answer.body.contains("完全自愿。"));
}

#[tokio::test]
async fn b6_a_family_takes_its_application_back_and_asks_for_a_correction() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (sun, an) = (&school.sun, school.an);
    school.ready(sun, an).await;
    saved(&sun.post(&format!("/children/{an}/application"), &application(&[an], "2")).await);
    let path = format!("/children/{an}/withdrawal");
    refused(&sun.post(&path, "last_day=昨天&reason=搬家").await, "请选最后一天");
    saved(&sun.post(&path, "last_day=2026-11-24&reason=搬家").await);
    assert!(sun.get(&format!("/children/{an}/service")).await.body.contains("已退出"));
    refused(&sun.post(&format!("/children/{an}/corrections"), "what=").await, "请写清楚哪里不对、应该是什么");
    saved(&sun.post(&format!("/children/{an}/corrections"), "what=电话换了").await);
    assert!(school.office.get("/schools/east/corrections").await.body.contains("电话换了"));
    let data = sun.get(&format!("/children/{an}/data.json")).await;
    let held: serde_json::Value = serde_json::from_str(&data.body).unwrap();
    assert_eq!(held["applications"][0]["status"], "withdrawn");
    for part in ["leaves", "delegates", "days", "release_consents"] {
        assert!(held[part].is_array(), "{part}: {held}");
    }
    assert!(!held["consents"].as_array().unwrap().is_empty(), "{held}");
    let page = sun.get(&format!("/children/{an}/data")).await.body;
    for words in ["请假记录", "接送委托", "每天的点名和交接"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn b6_a_place_ends_on_the_day_that_the_family_chose_and_knew_of() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, zhou, bo) = (&school.office, &school.zhou, school.bo);
    let page = office.get("/schools/east/take-over").await;
    let class = option(&page.body, "name=\"class\"");
    let taken = format!("class={class}&student={bo}&choice=afternoon/2&from_on=2026-11-24&place=柜");
    saved(&office.post("/schools/east/take-over", &taken).await);
    let path = format!("/children/{bo}/withdrawal");
    let page = zhou.get(&path).await.body;
    assert!(page.contains("id=\"last_day\"") && !page.contains("value=\"2026-11-24\""), "{page}");
    let empty = zhou.post(&path, "last_day=&reason=搬家").await;
    refused(&empty, "请选最后一天");
    refused(&empty, "请勾选：知道从第二天起没有课后服务");
    assert!(empty.body.contains("搬家"));
    refused(&zhou.post(&path, "last_day=2026-11-23&sure=yes").await, "checked");
    saved(&zhou.post(&path, "last_day=2026-11-26&sure=yes").await);
    assert!(zhou.get(&format!("/children/{bo}/service")).await.body.contains("11月26日"));
}

#[tokio::test]
async fn pages_render_for_every_role_that_may_see_them() {
    let world = World::new().await;
    let school = School::open(&world).await;
    for page in [
        "applications?show=settled",
        "places",
        "take-over",
        "publications",
        "filings",
        "exceptions",
        "papers",
        "papers/new",
        "letters",
        "letters/new",
        "letters/new?kind=notice",
        "sign-up",
        "clauses",
        "clauses/new?paper=safety_pledge",
        "clauses/new?paper=service_agreement&from=en",
        "privacy-notice",
        "corrections",
    ] {
        let answer = school.office.get(&format!("/schools/east/{page}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(!answer.body.contains("style=\"") && !answer.body.contains("onclick"), "{page}");
    }
    let found = school.office.post_exactly("/schools/east/papers/new", "name=%E5%AD%99").await;
    assert!(found.status == StatusCode::OK && found.body.contains("<body data-posted"), "{}", found.body);
    let bureau = world.member("east", Role::BureauOfficer).await;
    assert_eq!(bureau.get("/schools/east/received-filings").await.status, StatusCode::OK);
    assert_eq!(bureau.get("/schools/east/applications").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn f4_the_second_person_compares_all_that_was_entered_with_the_sheet() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (an, scope) = (school.an, school.office.scope.clone().unwrap());
    let page = scope.read::<ReadRoster, _>(move |tx| people::student_page(tx, an)).await.unwrap();
    let form = format!(
        "student={an}&guardian={}&choice=afternoon/2&choice=afternoon/3&need=pickup&remark=花生过敏\
         &signed_on={TODAY}&place=3 号柜&covers_agreement=1",
        page.guardians[0].id
    );
    saved(&school.office.post("/schools/east/papers", &form).await);
    let list = world.principal().await.get("/schools/east/papers").await.body;
    for words in
        ["报名：课后服务 · 周二–周三", "备注：花生过敏", "原因：", "含签好的协议", "不一致或没有这份表"]
    {
        assert!(list.contains(words), "{words}: {list}");
    }
    let picked = school.office.get(&format!("/schools/east/papers/new?student={an}")).await;
    assert!(picked.status == StatusCode::OK && picked.body.contains("孙安安"), "{}", picked.body);
}
