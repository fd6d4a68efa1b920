//! The walls: every route is tried by nobody, by another school's head, and by every role that may not take it.
//!
//! The list is the router's own, so a new route is tried from the day it is written.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use kehou_domain::access::{POLICY, Role};
use kehou_web::routes;
use kehou_web::routes::{Entry, Route};

use crate::world::{Answer, Visitor, World};

/// The id of nothing.
const NOTHING: &str = "00000000000000000000000000";

/// The route's address in this school, with ids of nothing and a day for the rest.
fn address(route: &Route, school: &str) -> String {
    let mut path = route.path.replace("{school}", school).replace("{day}", "2026-11-24");
    while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
        path.replace_range(open..=close, NOTHING);
    }
    path
}

async fn take(visitor: &Visitor<'_>, route: &Route, school: &str) -> Answer {
    let address = format!("{}?key={}", address(route, school), kehou_web::key::fresh());
    let request = visitor.request(route.method.as_str(), &address);
    let is_program = route.path.starts_with("/api/");
    let kind = if is_program { "application/json" } else { "application/x-www-form-urlencoded" };
    let body = if is_program { "{}" } else { "" };
    let request =
        if route.method == Method::GET { request } else { request.header(header::CONTENT_TYPE, kind) };
    visitor.send(request.body(Body::from(body)).unwrap()).await
}

/// Routes that an act stands before.
fn guarded() -> Vec<(Route, &'static [Role])> {
    let all = routes();
    let of_act = |route: &Route| match route.entry {
        Entry::Act(_, roles) => Some((route.clone(), roles)),
        Entry::Anyone | Entry::SignedIn | Entry::Operator | Entry::Demo => None,
    };
    all.iter().filter_map(of_act).collect()
}

#[tokio::test]
async fn nobody_is_let_in() {
    let world = World::new().await;
    let all = routes();
    let closed = all.iter().filter(|route| matches!(route.entry, Entry::Act(..) | Entry::SignedIn));
    for route in closed {
        let answer = take(&world.stranger(), route, "east").await;
        if route.path.starts_with("/api/") {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {}", route.method, route.path);
        } else {
            let goes = answer.status == StatusCode::SEE_OTHER && answer.place.starts_with("/sign-in");
            let is_given_back =
                answer.status == StatusCode::UNAUTHORIZED && answer.body.contains("href=\"/sign-in?next=");
            assert!(
                goes || is_given_back,
                "{} {}: {} {}",
                route.method,
                route.path,
                answer.status,
                answer.place
            );
        }
    }
}

#[tokio::test]
async fn another_schools_pages_are_not_there() {
    let world = World::new().await;
    for (route, roles) in guarded().into_iter().filter(|(route, _)| route.path.contains("{school}")) {
        let stranger = world.member("west", roles[0]).await;
        let answer = take(&stranger, &route, "east").await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{} {} as {:?} of west",
            route.method,
            route.path,
            roles[0]
        );
    }
}

#[tokio::test]
async fn a_wrong_role_is_turned_away() {
    let world = World::new().await;
    let mut visitors = Vec::new();
    for role in Role::ALL {
        visitors.push((role, world.member("east", role).await));
    }
    for (route, roles) in guarded() {
        for (role, visitor) in visitors.iter().filter(|(role, _)| !roles.contains(role)) {
            let answer = take(visitor, &route, "east").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {} as {role:?}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn nothing_breaks_for_a_right_role_that_asks_for_nothing() {
    let world = World::new().await;
    for (route, roles) in guarded() {
        let visitor = world.member("east", roles[0]).await;
        let answer = take(&visitor, &route, "east").await;
        let is_broken = answer.status.is_server_error() || answer.status == StatusCode::UNAUTHORIZED;
        assert!(!is_broken, "{} {} as {:?}: {}", route.method, route.path, roles[0], answer.status);
    }
}

#[test]
fn every_json_route_is_described_for_programs() {
    for route in routes().iter().filter(|route| route.path.starts_with("/api/v1/")) {
        assert!(route.doc.is_some(), "{} {}", route.method, route.path);
    }
}

#[test]
fn a_route_is_in_the_list_once() {
    let mut seen = std::collections::BTreeSet::new();
    for route in routes().iter() {
        assert!(
            seen.insert((route.method.to_string(), route.path)),
            "{} {} comes twice",
            route.method,
            route.path
        );
    }
}

/// `docs/access.txt` for people to read: every act with its roles, every route with its act.
#[test]
fn the_printed_policy_is_the_one_in_force() {
    let mut text =
        String::from("Who may begin what. Printed from the policy list and the routes; do not edit.\n\n");
    for (act, roles) in POLICY {
        let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
        writeln!(text, "{act}: {}", roles.join(", ")).unwrap();
    }
    text.push('\n');
    for route in routes().iter() {
        let entry = match route.entry {
            Entry::Anyone => "anyone",
            Entry::SignedIn => "whoever is signed in",
            Entry::Operator => "this machine",
            Entry::Demo => "the demo only",
            Entry::Act(act, _) => act,
        };
        writeln!(text, "{:<6} {} — {entry}", route.method, route.path).unwrap();
    }
    printed("access.txt", &text);
}

/// `docs/api/v1.json` for those who write programs: the document that the service itself shows.
#[tokio::test]
async fn the_printed_api_is_the_one_served() {
    let world = World::new().await;
    let served = world.stranger().get("/api/openapi.json").await;
    let document: serde_json::Value = serde_json::from_str(&served.body).unwrap();
    printed("api/v1.json", &format!("{document:#}\n"));
}

/// A page of `docs/` that is printed from the code and kept, so that a change of it is seen.
fn printed(name: &str, text: &str) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    #[expect(clippy::disallowed_methods, reason = "a test's switch")]
    if std::env::var("KEHOU_BLESS").is_ok() {
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, text).unwrap();
    }
    let kept = fs::read_to_string(&place).unwrap_or_default();
    assert!(kept == text, "docs/{name} is stale: run this test with KEHOU_BLESS=1");
}
