//! Two schools, east and west, with the same names in both, and a visitor for every role.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::Timestamp;
use kehou_db::identity::NewSignIn;
use kehou_db::testing::{TestStore, sqlite};
use kehou_db::{Clock, Scope};
use kehou_domain::access::Role;
use kehou_domain::identity::Device;
use kehou_domain::ids::AnyId;
use kehou_web::{Settings, Web, router};
use tower::ServiceExt;

/// When everything happens: Tuesday 24 November 2026, 15:05 on the school's clock.
pub(crate) const NOW: &str = "2026-11-24T07:05:00Z";

/// The schools' codes.
pub(crate) const SCHOOLS: [&str; 2] = ["east", "west"];

/// Two schools and whoever visits them.
pub(crate) struct World {
    pub(crate) store: TestStore,
    pub(crate) clock: Clock,
    app: Router,
    pub(crate) at: Timestamp,
}

/// Somebody with a browser.
pub(crate) struct Visitor<'a> {
    world: &'a World,
    cookie: String,
    /// The scope that the visitor acts in; nobody's is none.
    pub(crate) scope: Option<Scope>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) place: String,
    pub(crate) cookies: Vec<String>,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: String,
}

impl World {
    /// Both schools, empty but for what tests add.
    pub(crate) async fn new() -> World {
        World::with(Settings::default()).await
    }

    /// The same with other settings, such as the demo's.
    pub(crate) async fn with(settings: Settings) -> World {
        let at: Timestamp = NOW.parse().unwrap();
        let store = sqlite();
        for (id, code) in (1..).zip(SCHOOLS) {
            store.school(id, code, at).await;
        }
        let clock = Clock::standing(at);
        let app = router(Web::new(store.db.clone(), clock.clone(), settings));
        World { store, clock, app, at }
    }

    /// A member of a school in this role, signed in with a second factor.
    pub(crate) async fn member(&self, school: &str, role: Role) -> Visitor<'_> {
        self.member_as(school, role, None).await
    }

    /// A member who is this guardian or member of staff in the school.
    pub(crate) async fn member_as(&self, school: &str, role: Role, person: Option<AnyId>) -> Visitor<'_> {
        let phone = phone_of(school, role, person);
        let scope = self.store.member(school, (&phone, role), person, self.at).await;
        self.seated(scope).await
    }

    /// A browser that is signed in as this scope's account, in its seat.
    pub(crate) async fn seated(&self, scope: Scope) -> Visitor<'_> {
        self.seated_since(scope, self.at).await
    }

    /// The same after a night, when earlier sign-ins are over.
    pub(crate) async fn seated_anew(&self, visitor: &Visitor<'_>) -> Visitor<'_> {
        let scope = visitor.scope.clone().expect("somebody is signed in");
        self.seated_since(scope, self.clock.now()).await
    }

    async fn seated_since(&self, scope: Scope, at: Timestamp) -> Visitor<'_> {
        let new = NewSignIn {
            account: scope.account(),
            seat: Some((scope.school().clone(), scope.role())),
            device: "test".to_owned(),
            whose: Device::Own,
            signed_in_at: at,
            second_factor_at: Some(at),
            replaces: None,
        };
        let token = self.store.db.start_sign_in(new, at).await.unwrap();
        Visitor { world: self, cookie: format!("kehou={token}"), scope: Some(scope) }
    }

    /// Nobody.
    pub(crate) fn stranger(&self) -> Visitor<'_> {
        Visitor { world: self, cookie: String::new(), scope: None }
    }

    pub(crate) async fn guardian(&self) -> Visitor<'_> {
        self.member("east", Role::Guardian).await
    }

    pub(crate) async fn homeroom(&self) -> Visitor<'_> {
        self.member("east", Role::HomeroomTeacher).await
    }

    pub(crate) async fn service_teacher(&self) -> Visitor<'_> {
        self.member("east", Role::ServiceTeacher).await
    }

    pub(crate) async fn duty_leader(&self) -> Visitor<'_> {
        self.member("east", Role::DutyLeader).await
    }

    pub(crate) async fn gate_guard(&self) -> Visitor<'_> {
        self.member("east", Role::GateGuard).await
    }

    pub(crate) async fn office(&self) -> Visitor<'_> {
        self.member("east", Role::AcademicOffice).await
    }

    pub(crate) async fn principal(&self) -> Visitor<'_> {
        self.member("east", Role::Principal).await
    }

    pub(crate) async fn administrator(&self) -> Visitor<'_> {
        self.member("east", Role::SystemAdministrator).await
    }

    /// The head of the other school: whatever they may do at home, here they are a stranger.
    pub(crate) async fn head_of_west(&self) -> Visitor<'_> {
        self.member("west", Role::Principal).await
    }
}

/// One number for each school, role and person.
fn phone_of(school: &str, role: Role, person: Option<AnyId>) -> String {
    let school = SCHOOLS.iter().position(|code| *code == school).unwrap();
    let role = Role::ALL.iter().position(|known| *known == role).unwrap();
    let person = person.map_or(0, |person| kehou_domain::ids::EntityId::bits(person) % 100_000);
    format!("13{school}{role:02}{person:06}")
}

impl Visitor<'_> {
    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form, with a fresh key.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        let key = kehou_web::key::fresh();
        let sep = if form.is_empty() { "" } else { "&" };
        self.post_exactly(path, &format!("{form}{sep}key={key}")).await
    }

    /// Sends a form as it stands, for requests that come twice or without a key.
    pub(crate) async fn post_exactly(&self, path: &str, form: &str) -> Answer {
        let request =
            self.request("POST", path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Sends JSON, with a fresh key.
    pub(crate) async fn json(&self, method: &str, path: &str, body: &str) -> Answer {
        let request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        let request = request.header("idempotency-key", kehou_web::key::fresh());
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// A request of this browser, to be finished by the caller.
    pub(crate) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
        if self.cookie.is_empty() { request } else { request.header(header::COOKIE, &self.cookie) }
    }

    /// Sends a finished request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.world.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text =
            |name| parts.headers.get(name).map_or("", |value: &header::HeaderValue| value.to_str().unwrap());
        let cookies =
            parts.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned());
        let (place, cookies) = (text(header::LOCATION).to_owned(), cookies.collect());
        // a stream of events has no end to wait for
        let is_stream = text(header::CONTENT_TYPE).starts_with("text/event-stream");
        let body = if is_stream { Bytes::new() } else { body.collect().await.unwrap().to_bytes() };
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, place, cookies, headers: parts.headers, body }
    }

    /// The same browser with the cookies that an answer set.
    #[must_use]
    pub(crate) fn keeping(&self, answer: &Answer) -> Self {
        let kept = answer.cookies.iter().filter_map(|cookie| cookie.split(';').next());
        let cookie = kept.collect::<Vec<_>>().join("; ");
        Visitor { world: self.world, cookie, scope: self.scope.clone() }
    }
}
