//! What every page has, whatever it shows.

use axum::body::Body;
use axum::http::{StatusCode, header};
use kehou_web::headers::POLICY;
use kehou_web::{Settings, Transport};

use crate::world::World;

#[tokio::test]
async fn an_operator_sees_that_the_service_and_its_store_answer() {
    let world = World::new().await;
    for path in ["/healthz", "/readyz"] {
        let answer = world.stranger().get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "ok"), "{path}");
    }
}

#[tokio::test]
async fn figures_are_not_open_to_the_world() {
    let world = World::new().await;
    assert_eq!(world.stranger().get("/metrics").await.status, StatusCode::NOT_FOUND);
    let near = axum::extract::ConnectInfo("127.0.0.1:1".parse::<std::net::SocketAddr>().unwrap());
    let ask = || world.stranger().request("GET", "/metrics").extension(near);
    assert_eq!(world.stranger().send(ask().body(Body::empty()).unwrap()).await.status, StatusCode::OK);
    let by_proxy = ask().header("x-forwarded-for", "203.0.113.9").body(Body::empty()).unwrap();
    assert_eq!(world.stranger().send(by_proxy).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn behind_a_proxy_nobody_else_is_served() {
    let transport = Transport::Proxy("10.0.0.2".parse().unwrap());
    let world = World::with(Settings { transport, ..Settings::default() }).await;
    for (peer, status) in [
        ("10.0.0.2:1", StatusCode::OK),
        ("[::ffff:10.0.0.2]:1", StatusCode::OK),
        ("127.0.0.1:1", StatusCode::OK),
        ("10.0.0.3:1", StatusCode::FORBIDDEN),
    ] {
        let peer = axum::extract::ConnectInfo(peer.parse::<std::net::SocketAddr>().unwrap());
        let request = world.stranger().request("GET", "/sign-in").extension(peer);
        let answer = world.stranger().send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{peer:?}");
    }
}

#[tokio::test]
async fn every_answer_is_strict() {
    let world = World::new().await;
    for path in ["/healthz", "/nothing", "/api", "/api/openapi.json"] {
        let answer = world.stranger().get(path).await;
        assert_eq!(answer.headers[header::CONTENT_SECURITY_POLICY], POLICY, "{path}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(answer.headers["x-request-id"].len(), 26, "{path}");
    }
}

#[tokio::test]
async fn a_built_file_is_kept_for_a_year() {
    let world = World::new().await;
    let answer = world.stranger().get(kehou_assets::address("base.css").unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_the_readers_language() {
    let world = World::new().await;
    let chinese = world.stranger().get("/nothing").await;
    assert_eq!(chinese.status, StatusCode::NOT_FOUND);
    assert!(chinese.body.contains("<html lang=\"zh-CN\">") && chinese.body.contains("<h1>没有这一页</h1>"));
    let request = world.stranger().request("GET", "/nothing").header(header::ACCEPT_LANGUAGE, "en-GB");
    let english = world.stranger().send(request.body(Body::empty()).unwrap()).await;
    assert!(
        english.body.contains("<html lang=\"en\">")
            && english.body.contains("<h1>There is no such page</h1>")
    );
}

#[tokio::test]
async fn a_program_gets_a_problem_document() {
    let world = World::new().await;
    let answer = world.stranger().get("/api/v1/nothing").await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    assert!(answer.body.contains("\"code\":\"not_found\""));
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let world = World::new().await;
    let request = world.stranger().request("POST", "/sign-out");
    let mut request = request.body(Body::empty()).unwrap();
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let answer = world.stranger().send(request).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn too_large_a_form_is_refused_in_words() {
    let world = World::new().await;
    let answer = world.stranger().post("/sign-in", &"a".repeat(600 * 1024)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("<h1>内容太大了</h1>"));
}

#[tokio::test]
async fn every_visitor_has_a_seat_of_their_own() {
    let world = World::new().await;
    let visitors = [
        world.guardian().await,
        world.homeroom().await,
        world.service_teacher().await,
        world.duty_leader().await,
        world.gate_guard().await,
        world.office().await,
        world.principal().await,
        world.administrator().await,
        world.head_of_west().await,
    ];
    for visitor in visitors {
        let scope = visitor.scope.as_ref().unwrap();
        assert_eq!(scope.at(), world.clock.now());
        assert_eq!(visitor.get("/nothing").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_changing_request_of_a_program_to_nowhere_is_not_found() {
    let world = World::new().await;
    let answer = world.principal().await.json("POST", "/api/v1/nothing", "{}").await;
    assert_eq!((answer.status, answer.place.as_str()), (StatusCode::NOT_FOUND, ""));
    assert_eq!(world.stranger().keeping(&answer).get("/healthz").await.status, StatusCode::OK);
}
