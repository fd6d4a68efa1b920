//! What programs are told: one language an answer, the request's or the account's, and words that fit a program.

use axum::body::Body;
use axum::http::{StatusCode, header};
use serde_json::Value;

use crate::world::{Visitor, World};

const DECISIONS: &str = "/api/v1/schools/east/applications/decisions";

/// Posts as a program would: with a key or without, in this language or none.
async fn post(
    visitor: &Visitor<'_>,
    key: Option<&str>,
    lang: Option<&str>,
    body: &str,
) -> (StatusCode, Value) {
    let mut request = visitor.request("POST", DECISIONS).header(header::CONTENT_TYPE, "application/json");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    if let Some(lang) = lang {
        request = request.header(header::ACCEPT_LANGUAGE, lang);
    }
    let answer = visitor.send(request.body(Body::from(body.to_owned())).unwrap()).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

async fn told(visitor: &Visitor<'_>, key: Option<&str>, lang: Option<&str>, body: &str) -> String {
    let (_, problem) = post(visitor, key, lang, body).await;
    problem["message"].as_str().unwrap().to_owned()
}

const ONE: &str = r#"{"applications":["zz"],"verdict":"approve","need_seen":false,"ground":"","note":""}"#;

#[tokio::test]
async fn a_program_is_told_which_header_is_missing() {
    let world = World::new().await;
    let office = world.office().await;
    let (status, problem) = post(&office, None, Some("en"), ONE).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &"malformed".into()));
    assert!(problem["message"].as_str().unwrap().contains("Idempotency-Key"));
}

#[tokio::test]
async fn every_answer_is_in_the_requests_language_or_else_the_accounts() {
    let world = World::new().await;
    let office = world.office().await;
    let (status, _) = post(&world.stranger(), Some("a"), None, ONE).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let stranger = world.stranger();
    let guard = world.gate_guard().await;
    let empty = ONE.replace("\"zz\"", "");
    for (lang, signed_out, not_allowed, no_id, nothing) in [
        (
            Some("en-GB,en;q=0.9"),
            "the request carries no valid sign-in; sign in first",
            "the present role may not do this; the roles that may stand in /api/openapi.json",
            "zz among applications is no id",
            "applications is empty: give the ids of the applications to decide",
        ),
        (
            None,
            "请求里没有有效的登录，请先登录再发",
            "现在的身份不能做这件事，能做的身份见 /api/openapi.json",
            "applications 里的 zz 不是编号",
            "applications 是空的，请写要审核的报名的编号",
        ),
    ] {
        assert_eq!(told(&stranger, Some("b"), lang, ONE).await, signed_out);
        assert_eq!(told(&guard, Some("c"), lang, ONE).await, not_allowed);
        assert_eq!(told(&office, Some("d"), lang, ONE).await, no_id);
        assert_eq!(told(&office, Some("e"), lang, &empty).await, nothing);
    }
}

#[tokio::test]
async fn an_unreadable_body_is_told_of_in_plain_words() {
    let world = World::new().await;
    let office = world.office().await;
    let told = |body: &'static str| {
        let office = &office;
        async move { told(office, Some("a"), Some("en"), body).await }
    };
    assert_eq!(told("{").await, "the body is no JSON (line:column 1:1)");
    let wrong =
        "a value of the body (line:column 1:17) is not of the right form; the format is in /api/openapi.json";
    assert_eq!(told(r#"{"applications":1}"#).await, wrong);
    let missing = "the body lacks the field applications; the format is in /api/openapi.json";
    assert_eq!(told("{}").await, missing);
}

#[tokio::test]
async fn the_description_names_the_headers_and_the_other_statuses() {
    let world = World::new().await;
    let document: Value =
        serde_json::from_str(&world.stranger().get("/api/openapi.json").await.body).unwrap();
    let decide = &document["paths"]["/api/v1/schools/{school}/applications/decisions"]["post"];
    let named: Vec<_> =
        decide["parameters"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(named, ["school", "Accept-Language", "Idempotency-Key"]);
    let statuses: Vec<&String> = decide["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["200", "401", "403", "404", "405", "409", "422", "default"]);
    let read = &document["paths"]["/api/v1/schools/{school}/classes"]["get"];
    assert!(read["responses"]["409"].is_null() && read["responses"]["401"].is_object());
}
