//! The catalogue's pages and JSON: written, marked, sent back, published, read on a phone.

use axum::body::Body;
use axum::http::{StatusCode, header};
use serde_json::Value;

use crate::enrolment::{School, saved};
use crate::world::{Answer, Visitor, World};

const OFFERINGS: &str = "/schools/east/offerings";

/// A teacher of the staff.
pub(crate) async fn teacher(office: &Visitor<'_>) -> String {
    saved(&office.post("/schools/east/staff", "name=周敏&phone=13700000001&role=service_teacher").await);
    let staff: Value = serde_json::from_str(&office.get("/api/v1/schools/east/staff").await.body).unwrap();
    staff[0]["id"].as_str().unwrap().to_owned()
}

/// The term's id, as the form of a new offering carries it.
pub(crate) async fn term(office: &Visitor<'_>) -> String {
    let page = office.get(&format!("{OFFERINGS}/new")).await.body;
    let after = page.split("name=\"term\" value=\"").nth(1).expect("the form carries its term");
    after.split('"').next().unwrap().to_owned()
}

pub(crate) fn form(term: &str, teacher: &str, title: &str) -> String {
    format!(
        "term={term}&title={title}&kind=club&topic=board_games&meeting=2/afternoon&grade=3&venue=博艺楼302\
         &teacher={teacher}&capacity=20&minimum=8&sex=anyone&description=学下围棋。&materials=不用带&cost=30.50"
    )
}

/// The version that a page was made of.
pub(crate) fn version(page: &Answer) -> String {
    let after = page.body.split("name=\"version\" value=\"").nth(1).expect("the form carries its version");
    after.split('"').next().unwrap().to_owned()
}

#[track_caller]
fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.body.contains(words), "no {words} in {}", answer.body);
}

#[tokio::test]
async fn an_offering_goes_from_the_office_by_the_reviewer_to_the_families() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, principal) = (&school.office, world.principal().await);
    assert!(office.get(OFFERINGS).await.body.contains("还没有写课程"));
    let (term, teacher) = (term(office).await, teacher(office).await);

    let place = saved(&office.post(OFFERINGS, &form(&term, "", "奥数社")).await);
    let page = office.get(&place).await;
    assert!(page.body.contains("“奥数”（名称）：可能是竞赛培训，上级规定禁止"), "{}", page.body);
    assert!(page.body.contains("value=\"30.50\""));
    refused(&office.post(&format!("{place}/handing-in"), "").await, "还没定由谁带");
    let whole = format!("{}&version={}", form(&term, &teacher, "奥数社"), version(&page));
    saved(&office.post(&place, &whole).await);
    refused(&office.post(&place, &whole).await, "您打开以后有人改过");
    saved(&office.post(&format!("{place}/handing-in"), "").await);
    refused(&office.post(&place, &whole).await, "现在的状态是“等审核”，不能这样办");

    assert!(principal.get("/schools/east").await.body.contains("1 门课程等您审核"));
    let pile = principal.get("/schools/east/offering-reviews").await;
    assert!(pile.body.contains("<mark title=\"竞赛培训\">奥数</mark>社"), "{}", pile.body);
    let review = place.replace("offerings/", "offering-reviews/");
    assert!(principal.get(&place).await.body.contains(&format!("href=\"{review}\"")));
    let page = principal.get(&review).await;
    assert!(page.body.contains("<mark title=\"竞赛培训\">奥数</mark>社"));
    refused(&principal.post(&review, &format!("version={}", version(&page))).await, "请选通过还是退回");
    let back = format!("version={}&verdict=send_back&reason=", version(&page));
    refused(&principal.post(&review, &back).await, "退回要写明理由");
    saved(&principal.post(&review, &format!("{back}不要用奥数的名字")).await);

    assert!(office.get(OFFERINGS).await.body.contains("审核人退回了，请按理由修改"));
    assert!(office.get("/schools/east").await.body.contains("1 门课程退回来了，等您修改"));
    assert!(office.get("/messages").await.body.contains("课程“奥数社”被退回修改，理由在课程页上。"));
    let page = office.get(&place).await;
    assert!(page.body.contains("不要用奥数的名字"));
    saved(
        &office
            .post(&place, &format!("{}&version={}", form(&term, &teacher, "围棋社"), version(&page)))
            .await,
    );
    saved(&office.post(&format!("{place}/handing-in"), "").await);
    let publish = format!("version={}&verdict=publish", version(&principal.get(&review).await));
    saved(&principal.post(&review, &publish).await);

    let phone = school.sun.get(&format!("/children/{}/catalogue", school.an)).await;
    assert_eq!(phone.status, StatusCode::OK);
    for words in ["围棋社", "周二 16:20—17:50", "博艺楼302", "周敏", "满 8 人开班", "代收费 30.50 元/学期"]
    {
        assert!(phone.body.contains(words), "no {words} in {}", phone.body);
    }
    assert!(!phone.body.contains("限 3 年级"));
    let sibling = school.sun.get(&format!("/children/{}/catalogue", school.ping)).await;
    assert!(sibling.body.contains("限 3 年级"), "{}", sibling.body);
    let stranger = school.sun.get(&format!("/children/{}/catalogue", school.bo)).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    let staff = world.homeroom().await;
    assert!(staff.get("/schools/east/catalogue").await.body.contains("围棋社"));

    let copy = format!("{OFFERINGS}/new?copy={}", place.rsplit('/').next().unwrap());
    assert!(office.get(&copy).await.body.contains("value=\"围棋社\""));
    let second = saved(&office.post(OFFERINGS, &form(&term, &teacher, "象棋社")).await);
    refused(&office.post(&format!("{second}/handing-in"), "").await, "周二和“围棋社”同一个地方、同一时间");
    saved(&office.post(&format!("{second}/withdrawal"), "").await);
    saved(&office.post(&format!("{place}/taking-back"), "").await);
    assert!(!school.sun.get(&format!("/children/{}/catalogue", school.an)).await.body.contains("围棋社"));
}

#[tokio::test]
async fn a_refused_offering_says_everything_that_is_wrong_and_keeps_what_was_typed() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let office = &school.office;
    let term = term(office).await;
    let wrong = form(&term, "", "奥数社").replace("capacity=20", "capacity=很多");
    let answer = office.post(OFFERINGS, &wrong).await;
    refused(&answer, "<a href=\"#capacity\">名额：请写整数，如 20</a>");
    assert!(answer.body.contains("value=\"奥数社\"") && answer.body.contains("value=\"很多\""));
    let twice = form(&term, "", "").replace("capacity=20", "capacity=很多").replace("grade=3&", "");
    let answer = office.post(OFFERINGS, &twice).await;
    refused(&answer, "有 3 处要改");
    for (field, words) in
        [("title", "请写名称"), ("grade", "请勾选年级"), ("capacity", "名额：请写整数，如 20")]
    {
        assert!(answer.body.contains(&format!("<a href=\"#{field}\">{words}</a>")), "{}", answer.body);
    }
    let monday = form(&term, "", "奥数社").replace("meeting=2/", "meeting=1/");
    refused(&office.post(OFFERINGS, &monday).await, "服务方案没有安排周一 课后服务");
}

#[tokio::test]
async fn programs_list_write_hand_in_and_decide() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, principal) = (&school.office, world.principal().await);
    let teacher = teacher(office).await;
    let list = "/api/v1/schools/east/offerings";
    let new = format!(
        r#"{{"title":"刷题社","kind":"club","topic":"thinking","meetings":[{{"weekday":2,"slot":"afternoon"}}],
            "venue":"302","teacher":"{teacher}","capacity":20,"minimum":8,"grades":[3],"description":"一起想"}}"#
    );
    let wrong = office.json("POST", list, &new.replace("\"minimum\":8", "\"minimum\":21")).await;
    refused(&wrong, "\"code\":\"minimum_above_capacity\"");
    let written = office.json("POST", list, &new).await;
    assert_eq!(written.status, StatusCode::OK, "{}", written.body);
    let written: Value = serde_json::from_str(&written.body).unwrap();
    let path = format!("{list}/{}", written["offering"].as_str().unwrap());
    assert_eq!(
        office.json("POST", &format!("{path}/handing-in"), "").await.body,
        r#"{"status":"in_review"}"#
    );

    let all: Value = serde_json::from_str(&principal.get(list).await.body).unwrap();
    assert_eq!(all[0]["flags"][0]["found"], "刷题");
    assert_eq!(all[0]["flags"][0]["concern"], "exam_drill");
    let families: Value = serde_json::from_str(&school.sun.get(list).await.body).unwrap();
    assert_eq!(families, Value::Array(Vec::new()));

    let decision = format!("{path}/decision");
    let said = |version: &Value, verdict: &str| format!(r#"{{"version":{version},"verdict":"{verdict}"}}"#);
    refused(&principal.json("POST", &decision, &said(&all[0]["version"], "maybe")).await, "\"no_verdict\"");
    let stale = principal.json("POST", &decision, &said(&Value::from(1), "publish")).await;
    refused(&stale, "\"changed\"");
    let passed = principal.json("POST", &decision, &said(&all[0]["version"], "publish")).await;
    assert_eq!(passed.body, r#"{"status":"published"}"#);
    let families: Value = serde_json::from_str(&school.sun.get(list).await.body).unwrap();
    assert_eq!(families[0]["title"], "刷题社");
    assert_eq!(families[0]["flags"], Value::Array(Vec::new()));
    assert_eq!(office.json("POST", &decision, "{}").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_school_without_term_or_plan_reads_what_is_missing() {
    let world = World::new().await;
    let office = world.office().await;
    assert!(office.get(OFFERINGS).await.body.contains("还没有学期"));
    assert!(office.get("/schools/east/catalogue").await.body.contains("还没有发布的课程"));
    assert_eq!(office.get(&format!("{OFFERINGS}/new")).await.status, StatusCode::NOT_FOUND);
    let principal = world.principal().await;
    assert!(principal.get("/schools/east/offering-reviews").await.body.contains("没有课程等您审核"));
}

/// Sends a file as the upload form does.
async fn upload(office: &Visitor<'_>, term: &str, content: &str) -> Answer {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"课程表.csv\"\r\n\r\n{content}\r\n--b--\r\n"
    );
    let path = format!("{IMPORTS}?term={term}&key={}", kehou_web::key::fresh());
    let request =
        office.request("POST", &path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    office.send(request.body(Body::from(body)).unwrap()).await
}

const IMPORTS: &str = "/schools/east/offering-imports";

const TABLE: &str = "课程名称,类别,内容,星期,时段,年级,性别,名额（人）,最少几人开班,地点,老师,介绍,要带的东西,代收费,备注\n\
    围棋社,社团,棋类,周二,,3,,20,8,博艺楼302,周敏,学下围棋。,,,\n\
    Go club,Club,Board games,Thu,,3-4,Girls only,20,8,,,,,30.5,\n\
    跳绳社,社团,跳绳,周二,,低年级,,很多,8,,无此人,,,,\n";

#[tokio::test]
async fn a_table_is_downloaded_filled_in_previewed_and_imported_once() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let office = &school.office;
    let (term, _) = (term(office).await, teacher(office).await);
    assert!(office.get(&format!("{OFFERINGS}?term={term}")).await.body.contains("从表格导入"));
    assert!(office.get(&format!("{IMPORTS}/new?term={term}")).await.body.contains("下载空表"));
    let template = office.get(&format!("{IMPORTS}/template.xlsx?term={term}")).await;
    assert_eq!(template.status, StatusCode::OK);

    refused(&upload(office, &term, "").await, "文件是空的");
    refused(&upload(office, &term, "姓名,性别,班级\n孙安安,女,3.1\n").await, "没有找到带 名称 一列的表头");
    let uploaded = upload(office, &term, TABLE).await;
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.body);
    let preview = office.get(&uploaded.place).await;
    for words in [
        "不读取的列：备注",
        "围棋社",
        "周二",
        "还没写在哪里活动",
        "活动内容“跳绳”：不认识；能填什么写在空表的第二页",
        "年级“低年级”：看不出是哪几个年级",
        "名额（人）“很多”：请写整数，如 20",
        "老师“无此人”：教职工里没有这个姓名",
        "写成 2 门草稿",
    ] {
        assert!(preview.body.contains(words), "no {words} in {}", preview.body);
    }
    let counts = "new=2&existing=0&wrong=1";
    refused(&office.post(&uploaded.place, counts).await, "有 1 行要改");
    refused(
        &office.post(&uploaded.place, "new=3&existing=0&wrong=1&without_wrong=1").await,
        "请看过新的预览",
    );
    assert!(office.get(OFFERINGS).await.body.contains("还没有写课程"));
    let key = kehou_web::key::fresh();
    let form = format!("{counts}&without_wrong=1&key={key}");
    let first = office.post_exactly(&uploaded.place, &form).await;
    let second = office.post_exactly(&uploaded.place, &form).await;
    assert_eq!((first.status, &first.place), (second.status, &second.place));
    let list = saved(&office.get(&uploaded.place).await);
    let page = office.get(&list).await;
    for words in ["新写了 2 门，都是草稿", "另有 1 门没有动", "Go club", "草稿 2 门"] {
        assert!(page.body.contains(words), "no {words} in {}", page.body);
    }
    let again = upload(office, &term, TABLE).await;
    assert!(office.get(&again.place).await.body.contains("这个学期已经有同名、同一天的"));
    let band = "名称,类别,活动内容,星期,时段,年级,名额,最少人数\n管乐团,社团,棋类,周二,,3,20,8\n管乐团,,,周四,晚上,,,\n";
    let page = office.get(&upload(office, &term, band).await.place).await.body;
    assert!(page.contains("接着写的第 3 行要改") && page.contains("时段“晚上”：不认识"), "{page}");
    let page = office.get(&upload(office, &term, &band.replace("晚上", "")).await.place).await.body;
    assert!(page.contains("接着第 2 行写的，是同一门的另一个时段"), "{page}");
    assert!(page.contains("写成 1 门草稿"), "{page}");
    let later = upload(office, &term, TABLE).await;
    assert_ne!(later.place, again.place);
    assert!(office.get(&again.place).await.body.contains("已经换成了后来的文件"));
}

#[tokio::test]
async fn the_last_terms_offerings_are_listed_with_ticks_and_copied_once() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, principal) = (&school.office, world.principal().await);
    let copies = "/schools/east/offering-copies";
    let (first, teacher) = (term(office).await, teacher(office).await);
    let page = office.get(&format!("{copies}?term={first}")).await;
    assert!(page.body.contains("前面的学期没有发布过课程"), "{}", page.body);
    let place = saved(&office.post(OFFERINGS, &form(&first, &teacher, "围棋社")).await);
    saved(&office.post(&format!("{place}/handing-in"), "").await);
    let review = place.replace("offerings/", "offering-reviews/");
    let publish = format!("version={}&verdict=publish", version(&principal.get(&review).await));
    saved(&principal.post(&review, &publish).await);

    let new = "name=第二学期&starts_on=2027-02-22&ends_on=2027-07-02&service_from=2027-03-01";
    saved(&office.post("/schools/east/terms", new).await);
    let list = office.get(OFFERINGS).await.body;
    let spring = list.split("?term=").find(|rest| rest.contains(">第二学期</a>")).unwrap();
    let spring = spring.split('"').next().unwrap();
    saved(&office.post(&format!("/schools/east/staff/{teacher}/leaving"), "").await);
    let page = office.get(&format!("{copies}?term={spring}")).await;
    for words in ["发布过 1 门", "围棋社", "老师已经离校，复制后请另定一位", "1 门可以复制", "checked"]
    {
        assert!(page.body.contains(words), "no {words} in {}", page.body);
    }
    refused(&office.post(copies, &format!("term={spring}")).await, "请至少勾选一门");
    let old = place.rsplit('/').next().unwrap();
    let ticked = format!("term={spring}&offering={old}");
    let list = saved(&office.post(copies, &ticked).await);
    assert!(office.get(&list).await.body.contains("新写了 1 门，都是草稿"));
    let list = saved(&office.post(copies, &ticked).await);
    let page = office.get(&list).await.body;
    assert!(page.contains("新写了 0 门") && page.contains("另有 1 门没有动"), "{page}");
    assert!(office.get(&format!("{copies}?term={spring}")).await.body.contains("这学期已经有了"));
    let asked = format!(r#"{{"term":"{spring}","offerings":["{old}"]}}"#);
    let answer = office.json("POST", "/api/v1/schools/east/offering-copies", &asked).await;
    assert_eq!(answer.body, r#"{"copied":0,"existed":1}"#);
    let listed: Value =
        serde_json::from_str(&office.get("/api/v1/schools/east/offering-copies").await.body).unwrap();
    assert_eq!(listed["offerings"], Value::Array(Vec::new()), "no term published anything before the first");
}

#[tokio::test]
async fn programs_send_a_table_and_end_what_was_published() {
    let world = World::new().await;
    let school = School::open(&world).await;
    let (office, principal) = (&school.office, world.principal().await);
    let teacher = teacher(office).await;
    let imports = "/api/v1/schools/east/offering-imports";
    refused(&office.json("POST", imports, "{}").await, "\"code\":\"empty\"");
    let roster = r#"{"rows":[["姓名","性别"],["孙安安","女"]]}"#;
    refused(&office.json("POST", imports, roster).await, "\"code\":\"no_header\"");
    let table = serde_json::json!({ "file_name": "课程表", "rows": [
        ["名称", "类别", "活动内容", "星期", "时段", "年级", "名额（人）", "最少几人开班", "备注"],
        ["管乐团", "社团", "棋类", "周二", "", "3", "20", "8", "逗号,和\"引号\""],
        ["管乐团", "", "", "周四", "", "", "", "", ""],
        ["跳绳社", "社团", "棋类", "周二", "", "低年级", "20", "8", ""],
    ] });
    let sent = office.json("POST", imports, &table.to_string()).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    let laid: Value = serde_json::from_str(&sent.body).unwrap();
    let counts = serde_json::json!({ "new": 1, "existing": 0, "wrong": 1 });
    assert_eq!((&laid["counts"], &laid["columns_left"]), (&counts, &serde_json::json!(["备注"])));
    assert_eq!(laid["rows"][0]["meetings"].as_array().unwrap().len(), 2);
    assert_eq!((&laid["rows"][1]["becomes"], &laid["rows"][1]["of"]), (&"part_of".into(), &2.into()));
    let wrong = &laid["rows"][2]["wrongs"][0];
    assert_eq!((&wrong["column"], &wrong["value"]), (&"grades".into(), &"低年级".into()));

    let import = format!("{imports}/{}", laid["import"].as_str().unwrap());
    refused(&office.json("POST", &import, &counts.to_string()).await, "\"code\":\"wrong_rows\"");
    let stale = r#"{"new":2,"existing":0,"wrong":1,"without_wrong":true}"#;
    refused(&office.json("POST", &import, stale).await, "\"code\":\"changed\"");
    let good = stale.replace("\"new\":2", "\"new\":1");
    let done = office.json("POST", &import, &good).await;
    assert_eq!(serde_json::from_str::<Value>(&done.body).unwrap(), counts);
    refused(&office.json("POST", &import, &good).await, "\"code\":\"over\"");
    let over: Value = serde_json::from_str(&office.get(&import).await.body).unwrap();
    assert_eq!(over["done"], serde_json::json!({ "written": 1, "left_out": 1 }));

    let place = saved(&office.post(OFFERINGS, &form(&term(office).await, &teacher, "围棋社")).await);
    let api = format!("/api/v1{place}");
    refused(&office.json("POST", &format!("{api}/taking-back"), "{}").await, "\"code\":\"wrong_status\"");
    saved(&office.post(&format!("{place}/handing-in"), "").await);
    let review = place.replace("offerings/", "offering-reviews/");
    let publish = format!("version={}&verdict=publish", version(&principal.get(&review).await));
    saved(&principal.post(&review, &publish).await);
    let back = office.json("POST", &format!("{api}/taking-back"), "{}").await;
    assert_eq!(back.body, r#"{"status":"draft"}"#);
    let ended = office.json("POST", &format!("{api}/withdrawal"), r#"{"reason":"老师病了"}"#).await;
    assert_eq!(ended.body, r#"{"status":"withdrawn"}"#);
    refused(&office.json("POST", &format!("{api}/withdrawal"), "{}").await, "\"code\":\"wrong_status\"");
    assert_eq!(
        principal.json("POST", &format!("{api}/withdrawal"), "{}").await.status,
        StatusCode::FORBIDDEN
    );
}
