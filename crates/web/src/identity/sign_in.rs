//! The sign-in page, by password or by the code of a slip.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, http::header::USER_AGENT};
use kehou_app::identity::{self, Attempt, Opened, Refused};
use kehou_db::identity::log::From;
use kehou_domain::identity::{Device, phone};
use serde::Deserialize;
use tower_http::request_id::RequestId;

use super::{cookies, words};
use crate::answer::{self, see_other};
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::frame::{Frame, Surroundings};
use crate::look::Look;
use crate::refusal::{Problems, Refusal};
use crate::seat::SignIn;
use crate::web::Web;

/// Where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// What the page sends.
#[derive(Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    shared: Option<String>,
    #[serde(default)]
    next: String,
}

/// Which secret the page asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Password,
    Code,
}

#[derive(Template)]
#[template(path = "identity/sign_in.html")]
struct SignInPage {
    by_code: bool,
    phone: String,
    shared: bool,
    next: String,
    problems: Problems,
}

pub(super) async fn show(
    State(web): State<Web>,
    look: Look,
    Query(next): Query<Next>,
) -> Result<Response, Fault> {
    answer::page(&frame(&web, look, By::Password), &empty(By::Password, next.next))
}

pub(super) async fn show_code(
    State(web): State<Web>,
    look: Look,
    Query(next): Query<Next>,
) -> Result<Response, Fault> {
    answer::page(&frame(&web, look, By::Code), &empty(By::Code, next.next))
}

fn empty(by: By, next: String) -> SignInPage {
    let by_code = by == By::Code;
    SignInPage { by_code, phone: String::new(), shared: false, next, problems: Problems::none() }
}

fn frame(web: &Web, look: Look, by: By) -> Frame {
    let path = if by == By::Code { "/sign-in/code" } else { "/sign-in" }.to_owned();
    Frame::new(Surroundings { look, path, seat: None, demo: web.is_demo() })
}

pub(super) async fn by_password(
    State(web): State<Web>,
    look: Look,
    headers: HeaderMap,
    Extension(id): Extension<RequestId>,
    Form(form): Form<SignInForm>,
) -> Result<Response, Fault> {
    enter(&web, look, By::Password, from(&headers, &id), form).await
}

pub(super) async fn by_code(
    State(web): State<Web>,
    look: Look,
    headers: HeaderMap,
    Extension(id): Extension<RequestId>,
    Form(form): Form<SignInForm>,
) -> Result<Response, Fault> {
    enter(&web, look, By::Code, from(&headers, &id), form).await
}

fn from(headers: &HeaderMap, id: &RequestId) -> From {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let request = id.header_value().to_str().unwrap_or("").to_owned();
    From { device: words::device(agent), request }
}

async fn enter(web: &Web, look: Look, by: By, from: From, form: SignInForm) -> Result<Response, Fault> {
    let whose = if form.shared.is_some() { Device::Shared } else { Device::Own };
    let mut problems = missing(look, by, &form);
    if problems.is_empty() {
        if !web.limits().may_try(&web.db().mac(&phone(&form.phone).unwrap_or_default())) {
            return Err(Fault::TooOften(60));
        }
        let attempt = Attempt { phone: form.phone.clone(), secret: form.secret.clone(), whose, from };
        match attempted(web, by, attempt).await? {
            Ok(opened) => return Ok(opened_page(web, whose, &form.next, opened)),
            Err(Refused) => problems = Problems::from(wrong(look, by)),
        }
    }
    let (shared, by_code) = (whose == Device::Shared, by == By::Code);
    let page = SignInPage { by_code, phone: form.phone, shared, next: form.next, problems };
    answer::refused(&frame(web, look, by), &page)
}

async fn attempted(web: &Web, by: By, attempt: Attempt) -> Result<Result<Opened, Refused>, Fault> {
    let at = web.now();
    Ok(match by {
        By::Password => identity::sign_in(web.db(), attempt, at).await?,
        By::Code => identity::sign_in_by_code(web.db(), attempt, at).await?,
    })
}

fn missing(look: Look, by: By, form: &SignInForm) -> Problems {
    let mut problems = Problems::none();
    if let Err(digits) = phone(&form.phone) {
        problems.add("phone", words::phone(look.lang, digits));
    }
    if form.secret.is_empty() {
        let text = if by == By::Code { "请填登录码" } else { "请填密码" };
        problems.add("secret", look.lang.t(text));
    }
    problems
}

/// One sentence for every reason, so that nobody learns which numbers are known here.
fn wrong(look: Look, by: By) -> Refusal {
    let text = match by {
        By::Password => "手机号或密码不对。连错 5 次要等几分钟再试",
        By::Code => "手机号或登录码不对，或者登录码用过了、过期了。可以请学校再发一张",
    };
    Refusal::new("wrong", look.lang.t(text)).at("secret")
}

/// A first sign-in sets a password next; whoever has several seats chooses one.
fn opened_page(web: &Web, whose: Device, next: &str, opened: Opened) -> Response {
    let place = match (opened.has_password, opened.has_seat) {
        (false, _) => "/account/password",
        (true, false) => "/seats",
        (true, true) => local(next),
    };
    let mut response = see_other(place);
    cookies::keep_token(web, whose, opened.token, &mut response);
    response
}

/// A page of ours, or the first one: a link from elsewhere never leads out.
pub(super) fn local(next: &str) -> &str {
    let is_local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if is_local { next } else { "/" }
}

pub(super) async fn sign_out(State(web): State<Web>, sign_in: SignIn) -> Result<Response, Fault> {
    identity::sign_out(web.db(), &sign_in.signed_in, web.now()).await?;
    let mut response = see_other("/sign-in");
    cookies::drop_token(&web, &mut response);
    cookies::keep_look(&web, sign_in.look(), &mut response);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_never_leads_out() {
        let cases = [
            ("/home", "/home"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil", "/"),
            ("", "/"),
        ];
        for (next, expected) in cases {
            assert_eq!(local(next), expected, "{next}");
        }
    }
}
