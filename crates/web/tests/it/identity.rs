//! Sign-in, seats, accounts, slips: what people see and what stays closed.

use axum::http::StatusCode;
use kehou_app::identity::factor;
use kehou_domain::access::{ManageAccounts, Role};

use crate::world::{Answer, Visitor, World};

const PASSWORD: &str = "三年级二班放学后去围棋";

/// The first code that a page shows, as typed.
fn code_on(page: &str) -> String {
    let (_, after) = page.split_once("class=\"code num\">").unwrap();
    after.split('<').next().unwrap().replace(' ', "")
}

/// Ms Wu is added by the administrator in these roles; the code that the page shows once.
async fn wu(world: &World, roles: &str) -> String {
    let page = world
        .administrator()
        .await
        .post("/schools/east/accounts", &format!("name=吴敏&phone=13800000001&{roles}"))
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    code_on(&page.body)
}

async fn by_code<'a>(world: &'a World, code: &str) -> (Answer, Visitor<'a>) {
    let nobody = world.stranger();
    let answer = nobody.post("/sign-in/code", &format!("phone=13800000001&secret={code}")).await;
    let visitor = nobody.keeping(&answer);
    (answer, visitor)
}

#[tokio::test]
async fn a_first_code_leads_to_a_password_and_then_to_work() {
    let world = World::new().await;
    let code = wu(&world, "roles=homeroom_teacher").await;
    let (answer, wu) = by_code(&world, &code).await;
    assert_eq!((answer.status, answer.place.as_str()), (StatusCode::SEE_OTHER, "/account/password"));
    assert!(answer.cookies[0].contains("HttpOnly; SameSite=Lax"), "{:?}", answer.cookies);

    let page = wu.get("/account/password").await;
    assert!(page.body.contains("已经用掉了") && !page.body.contains("以后再说"), "{}", page.body);
    let set = wu.post("/account/password", &format!("wanted={PASSWORD}&again={PASSWORD}")).await;
    assert_eq!((set.status, set.place.as_str()), (StatusCode::SEE_OTHER, "/"));
    let wu = wu.keeping(&set);
    assert_eq!(wu.get("/").await.place, "/schools/east");
    let front = wu.get("/schools/east").await;
    assert!(front.body.contains(" · 班主任</p>"), "{}", front.body);
    assert_eq!(wu.get("/schools/west").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_typed_stays_and_the_field_says_what_is_wrong() {
    let world = World::new().await;
    let answer = world.stranger().post("/sign-in", "phone=1380000000&secret=x").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("请填 11 位手机号，现在是 10 位"));
    assert!(answer.body.contains("value=\"1380000000\"") && answer.body.contains("href=\"#phone\""));
}

#[tokio::test]
async fn an_unknown_number_and_a_wrong_password_get_the_same_page() {
    let world = World::new().await;
    wu(&world, "roles=homeroom_teacher").await;
    let page = async |phone: &'static str| {
        let answer = world.stranger().post("/sign-in", &format!("phone={phone}&secret=wrong")).await;
        (answer.status, keyless(&answer.body).replace(phone, "…"))
    };
    assert_eq!(page("13800000001").await, page("13800000009").await);
}

/// A page without what differs each time: the forms' keys.
fn keyless(page: &str) -> String {
    let mut parts = page.split("name=\"key\" value=\"");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + &part[26..])
}

#[tokio::test]
async fn the_eleventh_try_in_a_minute_waits() {
    let world = World::new().await;
    for _ in 0..10 {
        assert_eq!(
            world.stranger().post("/sign-in", "phone=13800000009&secret=x").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let answer = world.stranger().post("/sign-in", "phone=13800000009&secret=x").await;
    assert_eq!(
        (answer.status, answer.headers["retry-after"].to_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "60")
    );
}

#[tokio::test]
async fn nobody_is_sent_to_the_sign_in_and_back() {
    let world = World::new().await;
    let answer = world.stranger().get("/schools/east/accounts").await;
    assert_eq!(
        (answer.status, answer.place.as_str()),
        (StatusCode::SEE_OTHER, "/sign-in?next=%2Fschools%2Feast%2Faccounts")
    );
}

#[tokio::test]
async fn a_form_sent_after_the_sign_in_ran_out_comes_back_whole() {
    let world = World::new().await;
    let answer =
        world.stranger().post("/schools/east/accounts", "name=%E5%90%B4%E6%95%8F&roles=a&roles=b").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    for held in [
        "action=\"/schools/east/accounts\"",
        "value=\"吴敏\"",
        "value=\"a\"",
        "value=\"b\"",
        "/sign-in?next=",
    ] {
        assert!(answer.body.contains(held), "{held}: {}", answer.body);
    }
    let secret = world.stranger().post("/account/password", "new=secret").await;
    assert_eq!((secret.status, secret.body.contains("secret")), (StatusCode::SEE_OTHER, false));
}

#[tokio::test]
async fn a_seat_is_switched_under_a_new_token() {
    let world = World::new().await;
    let code = wu(&world, "roles=homeroom_teacher&roles=duty_leader").await;
    let (_, wu) = by_code(&world, &code).await;
    let seats = wu.get("/seats").await;
    assert!(seats.body.contains("班主任") && seats.body.contains("值班领导"));
    let taken = wu.post("/seats", "school=east&role=duty_leader").await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    assert_eq!(wu.get("/seats").await.place, "/sign-in?next=%2Fseats");
    assert_eq!(wu.keeping(&taken).get("/schools/east").await.status, StatusCode::OK);
    assert_eq!(
        wu.keeping(&taken).post("/seats", "school=west&role=principal").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn money_asks_for_a_second_factor_first() {
    let world = World::new().await;
    let code = wu(&world, "roles=general_affairs").await;
    let (_, wu) = by_code(&world, &code).await;
    assert_eq!(wu.get("/schools/east").await.place, "/second-factor?next=%2Fschools%2Feast");
    let page = wu.get("/second-factor/set-up").await;
    let (_, after) = page.body.split_once("<code class=\"strong\">").unwrap();
    let secret = after.split('<').next().unwrap().replace(' ', "");
    let wrong = wu.post("/second-factor/set-up", "code=000000").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = factor::code_now(&secret, world.at).unwrap();
    let done = wu.post("/second-factor/set-up", &format!("code={code}")).await;
    assert_eq!(done.status, StatusCode::OK);
    assert_eq!(wu.keeping(&done).get("/schools/east").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_shared_device_forgets_soon() {
    let world = World::new().await;
    let code = wu(&world, "roles=gate_guard").await;
    let answer =
        world.stranger().post("/sign-in/code", &format!("phone=13800000001&secret={code}&shared=1")).await;
    assert!(!answer.cookies[0].contains("Max-Age"), "{:?}", answer.cookies);
    let guard = world.stranger().keeping(&answer);
    assert_eq!(guard.get("/schools/east").await.status, StatusCode::OK);
    world.clock.move_to("2026-11-24T07:15:00Z".parse().unwrap());
    assert_eq!(guard.get("/schools/east").await.place, "/sign-in?next=%2Fschools%2Feast");
}

#[tokio::test]
async fn disabling_ends_what_is_open() {
    let world = World::new().await;
    let code = wu(&world, "roles=homeroom_teacher").await;
    let (_, wu) = by_code(&world, &code).await;
    let administrator = world.administrator().await;
    let scope = administrator.scope.clone().unwrap();
    let list = scope.read::<ManageAccounts, _>(kehou_app::identity::accounts::list).await.unwrap();
    let account = list.iter().find(|account| account.name == "吴敏").unwrap().id;
    let page = administrator.get(&format!("/schools/east/accounts/{account}")).await;
    assert!(page.body.contains("value=\"homeroom_teacher\" checked"), "{}", page.body);
    let done = administrator.post(&format!("/schools/east/accounts/{account}"), "").await;
    assert_eq!(done.place, "/schools/east/accounts");
    assert_eq!(wu.get("/schools/east").await.place, "/sign-in?next=%2Fschools%2Feast");
}

#[tokio::test]
async fn a_name_reads_like_one_and_ones_own_account_offers_nothing_that_is_refused() {
    let world = World::new().await;
    let administrator = world.administrator().await;
    for (name, said) in
        [("<script>1</script>", "姓名只写字，不写数字和符号"), (&"长".repeat(41), "姓名最多 40 个字")]
    {
        let form = format!("name={name}&phone=13800000001&roles=gate_guard");
        let refused = administrator.post("/schools/east/accounts", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(said), "{}", refused.body);
    }
    let own = administrator.scope.as_ref().unwrap().account();
    let page = administrator.get(&format!("/schools/east/accounts/{own}")).await.body;
    assert!(page.contains("自己的账号请另一位管理员来改"), "{page}");
    assert!(!page.contains("保存身份") && !page.contains("生成新的登录码"), "{page}");
}

#[tokio::test]
async fn an_account_without_a_role_is_not_added() {
    let world = World::new().await;
    let answer =
        world.administrator().await.post("/schools/east/accounts", "name=吴敏&phone=13800000001").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("请至少选一个身份") && answer.body.contains("value=\"吴敏\""));
    let answer = world.administrator().await.post("/schools/east/accounts", "name=&phone=138").await;
    for words in
        ["有 3 处要改", "请填姓名", "请填 11 位手机号，现在是 3 位", "请至少选一个身份", "value=\"138\""]
    {
        assert!(answer.body.contains(words), "{words}");
    }
}

#[tokio::test]
async fn elder_view_is_one_tap_from_the_first_screen_and_is_remembered() {
    let world = World::new().await;
    let page = world.stranger().get("/sign-in").await;
    assert!(page.body.contains("name=\"size\" value=\"elder\""));
    let by_code = world.stranger().get("/sign-in/code").await;
    assert!(
        by_code.body.contains("name=\"back\" value=\"/sign-in/code\""),
        "it stays on the page of the code"
    );
    let answer = world.stranger().post("/look", "size=elder&back=/sign-in").await;
    assert_eq!(answer.place, "/sign-in");
    let page = world.stranger().keeping(&answer).get("/sign-in").await;
    assert!(page.body.contains("<html lang=\"zh-CN\" data-elder>"));

    let teacher = world.homeroom().await;
    teacher.post("/look", "size=elder&lang=en&theme=dark").await;
    let page = teacher.get("/account").await;
    assert!(page.body.contains("<html lang=\"en\" data-theme=\"dark\" data-elder>"));
}

#[tokio::test]
async fn whoever_signs_out_is_out() {
    let world = World::new().await;
    let teacher = world.homeroom().await;
    assert_eq!(teacher.get("/messages").await.status, StatusCode::OK);
    assert_eq!(teacher.post("/messages", "").await.place, "/messages");
    assert_eq!(teacher.post("/sign-out", "").await.place, "/sign-in");
    assert_eq!(teacher.get("/messages").await.place, "/sign-in?next=%2Fmessages");
}

#[tokio::test]
async fn the_demo_shows_whom_one_can_be_and_moves_its_clock() {
    let plain = World::new().await;
    assert_eq!(plain.stranger().get("/demo").await.status, StatusCode::NOT_FOUND);
    let sign_in = kehou_web::DemoSignIn {
        school: "东小学".to_owned(),
        role: Role::Principal,
        name: "陈校长".to_owned(),
        phone: "13800000002".to_owned(),
        password: "demo".to_owned(),
        factor_secret: None,
    };
    let demo = Some(kehou_web::Demo { sign_ins: vec![sign_in] });
    let world = World::with(kehou_web::Settings { demo, ..kehou_web::Settings::default() }).await;
    let nobody = world.stranger();
    assert_eq!(nobody.get("/").await.place, "/demo");
    assert!(nobody.get("/demo").await.body.contains("陈校长"));
    assert_eq!(nobody.post("/demo/clock", "minutes=30").await.place, "/demo/clock");
    assert!(nobody.get("/demo/clock").await.body.contains("2026年11月24日 15:35"));
    assert_eq!(nobody.post("/demo/clock", "at=noon").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.get("/demo/messages").await.body.contains("还没有消息"));
}

#[tokio::test]
async fn a_number_of_another_account_shows_nobodys_name() {
    let world = World::new().await;
    wu(&world, "roles=homeroom_teacher").await;
    let west = world.member("west", Role::SystemAdministrator).await;
    let form = "name=县官&phone=13800000001&roles=gate_guard";
    let refused = west.post("/schools/west/accounts", form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("姓名和手机号对不上") && !refused.body.contains("吴敏"));
    let added = west.post("/schools/west/accounts", &form.replace("县官", "吴敏")).await;
    assert_eq!(added.status, StatusCode::OK);
    assert!(added.body.contains("与已有的账号一致") && !added.body.contains("class=\"code num\""));
}
