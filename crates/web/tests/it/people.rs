//! Import, classes, pupils, staff and the turn of the year as pages and JSON.

use axum::body::Body;
use axum::http::{StatusCode, header};
use serde_json::Value;

use crate::world::{Answer, Visitor, World};

const ROSTER: &str = "三年级花名册\n姓名,性别,班级,家长,关系,电话\n\
    孙安安,女,三（1）班,孙建国,父亲,13900000011\n\
    周小波,男,三（1）班,周丽,母亲,13900000012\n合计,2\n";

/// Sends a file as the upload form does.
async fn upload(visitor: &Visitor<'_>, content: &[u8]) -> Answer {
    let mut body =
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n".to_vec();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let path = format!("/schools/east/roster-imports?key={}", kehou_web::key::fresh());
    let request =
        visitor.request("POST", &path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    visitor.send(request.body(Body::from(body)).unwrap()).await
}

async fn import(visitor: &Visitor<'_>, text: &str, form: &str) -> Answer {
    let uploaded = upload(visitor, text.as_bytes()).await;
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.body);
    visitor.post(&uploaded.place, form).await
}

async fn json(visitor: &Visitor<'_>, path: &str) -> Value {
    serde_json::from_str(&visitor.get(path).await.body).unwrap()
}

/// The address of the pupil of this name, found by the search.
async fn student(visitor: &Visitor<'_>, name: &str) -> String {
    let found = visitor.post("/schools/east/students/search", &format!("q={name}")).await.body;
    let (_, rest) = found.split_once("<th scope=\"row\"><a href=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_workbook_is_previewed_and_then_imported_once() {
    let world = World::new().await;
    let office = world.office().await;
    let uploaded = upload(&office, ROSTER.as_bytes()).await;
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER);
    let preview = office.get(&uploaded.place).await;
    assert_eq!(preview.status, StatusCode::OK);
    for words in ["学生 2 名，不能导入 0 处，跳过 2 行", "新建班级：三(1)班", "第 1 行", "合计"]
    {
        assert!(preview.body.contains(words), "{words}");
    }
    assert_eq!(json(&office, "/api/v1/schools/east/classes").await, serde_json::json!([]));

    let form = "added=2&changed=0&same=0&missing=0&key=once";
    let first = office.post_exactly(&uploaded.place, form).await;
    let second = office.post_exactly(&uploaded.place, form).await;
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert!(office.get(&uploaded.place).await.body.contains("新增 2 名"));
    let classes = json(&office, "/api/v1/schools/east/classes").await;
    assert_eq!((&classes[0]["grade"], &classes[0]["students"]), (&3.into(), &2.into()));
    let class = classes[0]["id"].as_str().unwrap();
    let students = json(&office, &format!("/api/v1/schools/east/classes/{class}/students")).await;
    assert_eq!(students[1]["name"], "孙安安");
    let page = office.get(&format!("/schools/east/classes/{class}")).await;
    assert!(page.body.contains("周小波") && page.body.contains("<h1>三(1)班</h1>"));
}

#[tokio::test]
async fn refused_rows_are_shown_and_stop_the_import_until_it_goes_on_without_them() {
    let world = World::new().await;
    let office = world.office().await;
    let broken = format!("{ROSTER}郑好,男,大班,郑军,父亲,1.39E+10\n");
    let uploaded = upload(&office, broken.as_bytes()).await;
    let preview = office.get(&uploaded.place).await.body;
    assert!(preview.contains("看不懂这个班级") && preview.contains("1.39E+10"));
    let form = "added=2&changed=0&same=0&missing=0";
    let refused = office.post(&uploaded.place, form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("有 2 处不能导入"));
    let done = office.post(&uploaded.place, &format!("{form}&without_rejected=1")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_workbook_with_two_columns_of_one_heading_says_which_it_reads() {
    let world = World::new().await;
    let office = world.office().await;
    let doubled = "姓名,班级,姓名,电话,班级\n孙一诺,3.2,孙建国,13900000011,3.3\n";
    let uploaded = upload(&office, doubled.as_bytes()).await;
    let preview = office.get(&uploaded.place).await.body;
    for words in ["标题重复的列，只读最前面那一列：班级", "标题是姓名、当作家长姓名读取的列：姓名"]
    {
        assert!(preview.contains(words), "{words}: {preview}");
    }
}

#[tokio::test]
async fn g1_the_preview_asks_whether_two_lines_of_one_name_are_one_child() {
    let world = World::new().await;
    let office = world.office().await;
    let twice = ROSTER.replace("合计,2", "孙安安,女,三（1）班,李梅,母亲,13900000014\r\n合计,3");
    let uploaded = upload(&office, twice.as_bytes()).await;
    let preview = office.get(&uploaded.place).await.body;
    let question = "三(1)班 孙安安：第 3 行（父亲 孙建国 …0011）和第 5 行（母亲 李梅 …0014）是同一个孩子";
    assert!(preview.contains(question), "{preview}");
    let done = office.post(&uploaded.place, "added=3&changed=0&same=0&missing=0&one=0").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(office.get(&uploaded.place).await.body.contains("新增 2 名"));
    // the child left out: nobody says why, and the page says so
    let without = ROSTER.replace("周小波,男,三（1）班,周丽,母亲,13900000012\n", "");
    import(&office, &without, "added=0&changed=0&same=1&missing=1&missing_left=1").await;
    let bo = student(&office, "周小波").await;
    assert!(office.get(&bo).await.body.contains("离校：名单里没有，原因没有写"));
}

#[tokio::test]
async fn g1_the_preview_shows_new_guardians_and_other_names_before_they_count() {
    let world = World::new().await;
    let office = world.office().await;
    import(&office, ROSTER, "added=2&changed=0&same=0&missing=0").await;
    let next = ROSTER.replace("13900000011", "13900000031").replace("周丽", "周美丽");
    let uploaded = upload(&office, next.as_bytes()).await;
    let preview = office.get(&uploaded.place).await.body;
    for cell in ["父亲 孙建国 13900000031", "父亲 孙建国 13900000011", "周丽 → 周美丽", "确认后照改"]
    {
        assert!(preview.contains(&format!("\">{cell}</td>")), "{cell}: {preview}");
    }
    office.post(&uploaded.place, "added=0&changed=2&same=0&missing=0").await;
    let bo = student(&office, "周小波").await;
    assert!(office.get(&bo).await.body.contains("周美丽"));
}

#[tokio::test]
async fn a_file_that_is_no_roster_says_why() {
    let world = World::new().await;
    let office = world.office().await;
    let refused = upload(&office, b"%PDF-1.7").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("这不是表格文件"));
    let macros = upload(&office, "name,class\n".as_bytes()).await;
    assert!(macros.body.contains("没有找到带 姓名 一列的表头"));
}

#[tokio::test]
async fn a_pupil_is_corrected_gets_a_guardian_and_leaves() {
    let world = World::new().await;
    let office = world.office().await;
    import(&office, ROSTER, "added=2&changed=0&same=0&missing=0").await;
    let an = student(&office, "孙安安").await;
    let corrected = office.post(&an, "name=孙安&sex=F&seat=7&boarding=boarder").await;
    assert_eq!((corrected.status, corrected.place.as_str()), (StatusCode::SEE_OTHER, an.as_str()));
    let page = office.get(&an).await.body;
    assert!(page.contains("<h1>孙安</h1>") && page.contains("座号 7") && page.contains("住宿"));

    let guardians = format!("{an}/guardians");
    let wrong = office.post(&guardians, "guardian_name=李梅&relation=母亲&phone=123").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"李梅\"") && wrong.body.contains("电话请写 11 位手机号"));
    let form = "guardian_name=李梅&relation=母亲&phone=13900000021";
    assert_eq!(office.post(&guardians, form).await.status, StatusCode::SEE_OTHER);
    let again = office.post(&guardians, form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("这个电话的家长已经在下面了"));

    let flags = office.post(&format!("{an}/flags"), "flag=left_behind&flag=hardship").await;
    assert_eq!(flags.status, StatusCode::SEE_OTHER);
    let left = office.post(&format!("{an}/leaving"), "why=transferred").await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    let page = office.get(&an).await.body;
    assert!(page.contains("2026年11月24日离校：转学") && !page.contains("记为离校</button>"));
}

#[tokio::test]
async fn a_pupil_is_added_by_hand() {
    let world = World::new().await;
    let office = world.office().await;
    import(&office, ROSTER, "added=2&changed=0&same=0&missing=0").await;
    let class = json(&office, "/api/v1/schools/east/classes").await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(office.get(&format!("/schools/east/students/new?class={class}")).await.status, StatusCode::OK);
    let empty = office.post("/schools/east/students", "name=&seat=x").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("name=吴迪&sex=M&class={class}&guardian_name=吴强&relation=父亲&phone=13900000013");
    let added = office.post("/schools/east/students", &form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    assert!(office.get(&added.place).await.body.contains("吴强"));
}

#[tokio::test]
async fn a_teacher_is_added_leads_a_class_and_leaves() {
    let world = World::new().await;
    let office = world.office().await;
    import(&office, ROSTER, "added=2&changed=0&same=0&missing=0").await;
    let added = office.post("/schools/east/staff", "name=王老师&phone=13700000001&role=duty_leader").await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let again = office.post("/schools/east/staff", "name=王老师&phone=13700000001").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let staff = json(&office, "/api/v1/schools/east/staff").await;
    let teacher = staff[0]["id"].as_str().unwrap().to_owned();
    let class = json(&office, "/api/v1/schools/east/classes").await[0]["id"].as_str().unwrap().to_owned();
    let set =
        office.post(&format!("/schools/east/classes/{class}/teacher"), &format!("teacher={teacher}")).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
    assert!(office.get("/schools/east/staff").await.body.contains("三(1)班"));
    assert_eq!(json(&office, "/api/v1/schools/east/classes").await[0]["teacher"], "王老师");
    let left = office.post(&format!("/schools/east/staff/{teacher}/leaving"), "").await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    assert_eq!(json(&office, "/api/v1/schools/east/classes").await[0]["teacher"], Value::Null);
}

#[tokio::test]
async fn the_year_turns_after_it_was_reviewed() {
    let world = World::new().await;
    let office = world.office().await;
    import(&office, ROSTER, "added=2&changed=0&same=0&missing=0").await;
    assert_eq!(office.get("/schools/east/year-turn").await.status, StatusCode::OK);
    let class = json(&office, "/api/v1/schools/east/classes").await[0]["id"].as_str().unwrap().to_owned();
    let form = format!("class={class}&choice=split%3A2&new=1&stage=primary");
    let review = office.get(&format!("/schools/east/year-turn/review?{form}")).await;
    assert_eq!(review.status, StatusCode::OK);
    assert!(review.body.contains("新开三(2)班") && review.body.contains("新开一(1)班"));
    assert!(review.body.contains("1 名学生从三(1)班转到三(2)班"));
    let turned = office.post("/schools/east/year-turn", &form).await;
    assert_eq!(turned.place, "/schools/east/classes");
    assert_eq!(json(&office, "/api/v1/schools/east/classes").await.as_array().unwrap().len(), 3);
    let page = office.get("/schools/east/year-turn").await;
    assert!(page.body.contains("这个学年已经开始，没有要毕业的班。"));
    let wrong = format!("class={class}&choice=split%3A2&new=many&stage=primary");
    let refused = office.get(&format!("/schools/east/year-turn/review?{wrong}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let at_class = format!("<a href=\"#choice-{class}\">2024级1班：2024级2班已经有了；请换一个班号</a>");
    for words in ["有 2 处要改", "新开班级数请填 0 到 40", "value=\"many\"", &at_class] {
        assert!(refused.body.contains(words), "{words}: {}", refused.body);
    }
    let again = office.post("/schools/east/year-turn", &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn others_roles_and_schools_see_nothing_of_it() {
    let world = World::new().await;
    let office = world.office().await;
    import(&office, ROSTER, "added=2&changed=0&same=0&missing=0").await;
    let an = student(&office, "孙安安").await;
    let guard = world.gate_guard().await;
    assert_eq!(guard.get(&an).await.status, StatusCode::FORBIDDEN);
    assert_eq!(upload(&guard, ROSTER.as_bytes()).await.status, StatusCode::FORBIDDEN);
    let west = world.head_of_west().await;
    assert_eq!(west.get(&an).await.status, StatusCode::NOT_FOUND);
    assert_eq!(west.get(&an.replace("east", "west")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_of_the_office_opens() {
    let world = World::new().await;
    let office = world.office().await;
    import(&office, ROSTER, "added=2&changed=0&same=0&missing=0").await;
    for path in ["classes", "roster-imports/new", "staff", "year-turn", "students", "students/new"] {
        assert_eq!(office.get(&format!("/schools/east/{path}")).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn an_empty_file_is_called_empty_and_the_preview_says_which_rows_come_in() {
    let world = World::new().await;
    let office = world.office().await;
    let empty = upload(&office, b"").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("文件是空的"), "{}", empty.body);
    let rows =
        "姓名,性别,班级,家长,电话\n孙安安,女,三（1）班,孙建国,1.39E+10\n周小波,男,火星班,周丽,13900000012\n";
    let preview = office.get(&upload(&office, rows.as_bytes()).await.place).await;
    for words in ["导入，不带这一格", "不导入"] {
        let cell = format!("<td data-l=\"这一行\">{words}</td>");
        assert!(preview.body.contains(&cell), "{words}: {}", preview.body);
    }
}

#[tokio::test]
async fn slips_stay_good_when_a_form_comes_twice_and_end_only_openly() {
    let world = World::new().await;
    let office = world.office().await;
    import(&office, ROSTER, "added=2&changed=0&same=0&missing=0").await;
    let classes = json(&office, "/api/v1/schools/east/classes").await;
    let path = format!("/schools/east/slips/{}", classes[0]["id"].as_str().unwrap());
    let codes = |answer: &Answer| -> Vec<String> {
        let parts = answer.body.split("class=\"code num\">").skip(1);
        parts.map(|part| part.split('<').next().unwrap().to_owned()).collect()
    };
    let first = codes(&office.post_exactly(&path, "key=once").await);
    assert_eq!(first.len(), 2);
    assert_eq!(codes(&office.post_exactly(&path, "key=once").await), first, "the same request");
    let refused = office.post(&path, "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("有 2 张纸条的登录码还有效"), "{}", refused.body);
    world.clock.move_to(world.at + jiff::SignedDuration::from_mins(5));
    let again = codes(&office.post(&path, "again=yes").await);
    assert_eq!(again.len(), 2);
    assert_ne!(again, first);
    let stale = office.post_exactly(&path, "key=once").await;
    assert!(stale.body.contains("2 张已经用过或被新的代替"), "{}", stale.body);
}

#[tokio::test]
async fn the_preview_shows_who_share_a_guardian() {
    let world = World::new().await;
    let office = world.office().await;
    let rows = "姓名,性别,班级,家长,电话\n孙安安,女,三（1）班,孙建国,13900000011\n\
        孙小波,男,一（1）班,孙建国,13900000011\n周小波,男,三（1）班,周丽,13900000012\n";
    let preview = office.get(&upload(&office, rows.as_bytes()).await.place).await;
    assert!(preview.body.contains("<li class=\"line\">孙安安、孙小波</li>"), "{}", preview.body);
    assert!(!preview.body.contains("周小波</li>"));
}
