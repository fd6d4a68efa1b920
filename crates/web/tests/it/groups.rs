//! Groups beside the home classes on the pages: clubs with a roll and sheets of their own, small classes together.

use axum::http::StatusCode;
use kehou_db::{Result, SchoolTx, sql};
use kehou_domain::access::{KeepOwnAccount, Role};

use crate::attendance::{afternoon, id, person, put, roll, teacher, text, tiles};
use crate::plan::in_force;
use crate::world::World;

/// 何老师 leads the clay club beside the class, and a fourth child of the class sits in it.
fn clay(tx: &mut SchoolTx) -> Result<()> {
    let offering = sql!(
        "insert into offering (school_id, id, term_id, title, kind, topic, venue, teacher_id, capacity, minimum, sex,
           description, materials, status, made_by, made_at, written_by, written_at, version)
         values ($1, $2, $3, '泥塑社', 'club', 'clay', '陶艺室', $4, 20, 1, 'anyone', '', '', 'published', $5, 0, $5,
           0, 1)"
    );
    put(tx, offering, &[id(601), id(141), id(135), id(0)])?;
    let group = sql!(
        "insert into teaching_group (school_id, id, term_id, slot_id, slot_name, name, venue, teacher_id, version)
         values ($1, $2, $3, 'care', '自主作业', '泥塑社', '陶艺室', $4, 0)"
    );
    put(tx, group, &[id(152), id(141), id(135)])?;
    let club = sql!(
        "insert into club_group (school_id, group_id, offering_id, slot_id) values ($1, $2, $3, 'care')"
    );
    put(tx, club, &[id(152), id(601)])?;
    let session = sql!(
        "insert into session (school_id, id, group_id, slot_id, slot_name, held_on, starts_at, ends_at, teacher_id,
           venue, status, version)
         select $1, $2, $3, slot_id, slot_name, held_on, starts_at, ends_at, $4, '陶艺室', 'planned', 0 from session
         where school_id = $1 and id = $5"
    );
    put(tx, session, &[id(62), id(152), id(135), id(61)])?;
    let student =
        sql!("insert into student (school_id, id, name, sex, seat_no) values ($1, $2, '林小满', 'F', 4)");
    put(tx, student, &[id(4)])?;
    let stay = sql!(
        "insert into class_stay (school_id, id, student_id, class_id, from_on) values ($1, $2, $3, $4, '2024-09-01')"
    );
    put(tx, stay, &[id(1004), id(4), id(121)])?;
    let member = sql!(
        "insert into group_member (school_id, group_id, student_id, from_on) values ($1, $2, $3, '2026-09-07')"
    );
    put(tx, member, &[id(151), id(4)])?;
    let fact = sql!(
        "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
           account_id, role, facts)
         values ($1, $2, $3, '2026-11-24', $4, 'expected', 0, 0, '', $5, 'academic_office', '{}')"
    );
    put(tx, fact, &[id(3004), id(4), id(62), id(0)])
}

async fn afternoon_with_clay() -> World {
    let world = afternoon().await;
    let system = world.store.system("east", world.at).await;
    assert_eq!(system.act::<KeepOwnAccount, (), ()>(|tx| Ok(clay(tx)?)).await.unwrap(), Ok(()));
    world
}

#[tokio::test]
async fn g2_the_class_s_teacher_reads_who_is_in_a_club_and_the_club_s_teacher_has_its_roll() {
    let world = afternoon_with_clay().await;
    let class = teacher(&world).await;
    let today = class.get("/schools/east/today").await.body;
    assert!(today.contains("在社团：泥塑社 <span class=\"num\">(1)</span>"), "{today}");
    let rolled = class.get(&roll()).await.body;
    assert_eq!(tiles(&rolled).len(), 3);
    assert!(rolled.contains("在社团：泥塑社") && rolled.contains("林小满"));

    let other = world.member_as("east", Role::ServiceTeacher, Some(person(135))).await;
    let own = other.get("/schools/east/today").await.body;
    assert!(own.contains("泥塑社 自主作业") && own.contains("陶艺室") && !own.contains("在社团："));
    let called = other.get(&format!("/schools/east/rolls/{}", text(62))).await;
    assert_eq!((called.status, tiles(&called.body).len()), (StatusCode::OK, 1));
    assert!(called.body.contains("<small>三(2)班</small>"), "{}", called.body);
    assert_eq!(other.get(&roll()).await.status, StatusCode::FORBIDDEN);

    let programs = other.get(&format!("/api/v1/schools/east/rolls/{}", text(62))).await.body;
    let read: serde_json::Value = serde_json::from_str(&programs).unwrap();
    assert_eq!((&read["session"]["class"], &read["whole"]), (&serde_json::Value::Null, &true.into()));
    let class = serde_json::json!({ "name": "三(2)班", "grade": 3, "class_no": 2, "entered_year": 2024 });
    assert_eq!((&read["children"][0]["name"], &read["children"][0]["class"]), (&"林小满".into(), &class));
}

#[tokio::test]
async fn g1_a_grade_head_reads_of_a_club_s_roll_the_children_of_the_own_grades() {
    let world = afternoon_with_clay().await;
    let system = world.store.system("east", world.at).await;
    let filled = system.act::<KeepOwnAccount, (), ()>(|tx| Ok(with_older_child(tx)?)).await;
    assert_eq!(filled.unwrap(), Ok(()));
    let head = world.member_as("east", Role::GradeHead, Some(person(131))).await;
    let today = head.get("/schools/east/today").await.body;
    assert!(today.contains("泥塑社 自主作业") && today.contains("只算您年级的"), "{today}");
    let club = format!("/schools/east/rolls/{}", text(62));
    let page = head.get(&club).await.body;
    assert_eq!(tiles(&page).len(), 1);
    assert!(page.contains("只列出您年级的") && page.contains("林小满") && !page.contains("高年级"), "{page}");
    let programs = head.get(&format!("/api/v1{club}")).await.body;
    let read: serde_json::Value = serde_json::from_str(&programs).unwrap();
    assert_eq!((read["whole"].as_bool(), read["children"].as_array().unwrap().len()), (Some(false), 1));
    let other = world.member_as("east", Role::GradeHead, Some(person(135))).await;
    assert_eq!(other.get(&club).await.status, StatusCode::FORBIDDEN);
}

/// 吴老师 heads grade 3, 何老师 grade 5, and a child of grade 4 sits in the club as well.
fn with_older_child(tx: &mut SchoolTx) -> Result<()> {
    for (staff, grade) in [(131, 3), (135, 5)] {
        let head = sql!("insert into grade_head (school_id, staff_id, grade) values ($1, $2, $3)");
        put(tx, head, &[id(staff), i64::from(grade).into()])?;
    }
    let class = sql!(
        "insert into home_class (school_id, id, stage, entered_year, class_no) values ($1, $2, 'primary', 2023, 1)"
    );
    put(tx, class, &[id(129)])?;
    let student =
        sql!("insert into student (school_id, id, name, sex, seat_no) values ($1, $2, '高年级', 'F', 9)");
    put(tx, student, &[id(9)])?;
    let stay = sql!(
        "insert into class_stay (school_id, id, student_id, class_id, from_on) values ($1, $2, $3, $4, '2023-09-01')"
    );
    put(tx, stay, &[id(1009), id(9), id(129)])?;
    let fact = sql!(
        "insert into custody_fact (school_id, id, student_id, day, session_id, kind, at, arrived_at, device,
           account_id, role, facts)
         values ($1, $2, $3, '2026-11-24', $4, 'expected', 0, 0, '', $5, 'academic_office', '{}')"
    );
    put(tx, fact, &[id(3009), id(9), id(62), id(0)])
}

#[tokio::test]
async fn g7_a_club_stands_on_the_sheets_by_itself() {
    let world = afternoon_with_clay().await;
    let office = world.office().await;
    let day = office.get("/schools/east/sheets/day").await.body;
    assert!(day.contains("泥塑社 自主作业"));
    let one = office.get(&format!("/schools/east/sheets/day?session={}", text(62))).await.body;
    assert!(one.contains("<td class=\"r\">三(2)班</td><th scope=\"row\">林小满</th>"), "{one}");
    let class = office.get(&format!("/schools/east/sheets/day?session={}", text(61))).await.body;
    assert!(class.contains("在社团：泥塑社 1 人"));
    let week = office.get("/schools/east/sheets/week").await.body;
    assert!(week.contains("<th scope=\"row\">泥塑社 自主作业</th>"));
    let month = office.get("/schools/east/sheets/month?of=2026-11").await.body;
    assert!(month.contains("<a href=\"?of=2026-11&amp;club=0\">泥塑社 自主作业</a>"), "{month}");
    let club = office.get("/schools/east/sheets/month?of=2026-11&club=0").await.body;
    assert!(club.contains("<th scope=\"row\">林小满</th><td>三(2)班</td>"), "{club}");
    for sheet in ["day", "week", "month"] {
        let file = office.get(&format!("/schools/east/sheets/{sheet}.xlsx")).await;
        assert_eq!(file.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn e5_the_office_sees_both_countings_and_takes_one_over() {
    let world = afternoon().await;
    in_force(&world.principal().await, include_str!("../../../../plans/s1d.toml"), "2026-09-01").await;
    let system = world.store.system("east", world.at).await;
    let staying = system.act::<KeepOwnAccount, (), ()>(|tx| Ok(stay_at_noon(tx)?)).await;
    assert_eq!(staying.unwrap(), Ok(()));
    let office = world.office().await;
    let page = office.get("/schools/east/groups/merging?on=2026-11-25").await.body;
    for words in
        ["照原文数要 1 个班，最少要 1 个班，少用 0 位老师。", "三(2)班 2、三(3)班 1", "这一天各班自己坐。"]
    {
        assert!(page.contains(words), "the page lacks {words}: {page}");
    }
    assert!(page.contains("够不够 40 人按留下的孩子算："), "{page}");
    let form = "on=2026-11-25&slot=noon&by=exact";
    assert_eq!(office.post("/schools/east/groups/merging", form).await.status, StatusCode::SEE_OTHER);
    let page = office.get("/schools/east/groups/merging?on=2026-11-25").await.body;
    assert!(page.contains(">三(2)班＋三(3)班</a>") && page.contains("各班自己坐"));
    let late = office.post("/schools/east/groups/merging", "on=2026-11-24&slot=noon&by=exact").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("这一天已经到了"));
    let none = office.get("/schools/east/groups/merging?on=2026-11-28").await;
    assert!(none.status == StatusCode::OK && none.body.contains("这一天没有课后服务"));
}

/// Two children of 3(2) and one of 3(3) stay at noon.
fn stay_at_noon(tx: &mut SchoolTx) -> Result<()> {
    let class = sql!(
        "insert into home_class (school_id, id, stage, entered_year, class_no) values ($1, $2, 'primary', 2024, 3)"
    );
    put(tx, class, &[id(122)])?;
    for (group, class) in [(161, 121), (162, 122)] {
        let sql = sql!(
            "insert into teaching_group (school_id, id, term_id, slot_id, slot_name, name, class_id, venue, version)
             values ($1, $2, $3, 'noon', '午间服务', '', $4, '', 0)"
        );
        put(tx, sql, &[id(group), id(141), id(class)])?;
    }
    for (child, group) in [(1, 161), (2, 161), (3, 162)] {
        let member = sql!(
            "insert into group_member (school_id, group_id, student_id, from_on) values ($1, $2, $3, '2026-09-07')"
        );
        put(tx, member, &[id(group), id(child)])?;
        let enrolment = sql!(
            "insert into enrolment (school_id, id, student_id, term_id, from_on, will, made_at)
             values ($1, $2, $3, $4, '2026-09-07', 'own_act', 0)"
        );
        put(tx, enrolment, &[id(2000 + child), id(child), id(141)])?;
        let slot = sql!(
            "insert into enrolment_slot (school_id, enrolment_id, slot_id, weekday) values ($1, $2, 'noon', 3)"
        );
        put(tx, slot, &[id(2000 + child)])?;
    }
    Ok(())
}
