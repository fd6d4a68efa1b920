//! A form that came after its sign-in had run out: it goes back to the reader with everything in it, so that a browser
//! without script loses nothing that was typed.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};

use crate::answer;
use crate::fault::Fault;
use crate::filters;
use crate::frame::Frame;

const FORM: &str = "application/x-www-form-urlencoded";

/// Pages that lead into a seat or hold a secret; what was typed there is not given back.
const NOT_GIVEN_BACK: [&str; 7] =
    ["/sign-in", "/sign-out", "/second-factor", "/seats", "/account", "/look", "/demo"];

/// What a form held when nobody stood behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsent {
    action: String,
    fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "shell/unsent.html")]
struct UnsentPage<'a> {
    form: &'a Unsent,
    entrance: &'a str,
}

impl Unsent {
    /// The form of a request to a page, if it may be given back.
    pub(crate) async fn of(action: String, body: Bytes) -> Option<Unsent> {
        if NOT_GIVEN_BACK.iter().any(|page| action.starts_with(page)) || action.starts_with("/api/") {
            return None;
        }
        let request = Request::post("/").header(CONTENT_TYPE, FORM).body(Body::from(body)).ok()?;
        let axum::Form(fields) = axum::Form::from_request(request, &()).await.ok()?;
        Some(Unsent { action, fields })
    }

    /// The page that holds the form until it is sent again. `entrance` leads to the seat that is missing and back;
    /// the page's script goes there at once, since it keeps what was typed itself.
    pub(crate) fn page(&self, frame: &Frame, entrance: &str) -> Result<Response, Fault> {
        let html = answer::render(frame, &UnsentPage { form: self, entrance })?;
        Ok((StatusCode::UNAUTHORIZED, Html(html)).into_response())
    }
}

/// Whether the answer says that no seat stood behind the request.
pub(crate) fn lacks_seat(response: &Response) -> bool {
    let fault = response.extensions().get::<Fault>();
    matches!(fault, Some(Fault::SignedOut | Fault::NoSeat | Fault::SecondFactor))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn given_back(action: &str, body: &'static str) -> Option<Unsent> {
        Unsent::of(action.to_owned(), Bytes::from_static(body.as_bytes())).await
    }

    #[tokio::test]
    async fn every_field_is_kept_in_its_order() {
        let form = given_back("/children/1/leave", "key=a&day=2026-11-24&day=2026-11-25&why=%E7%97%85").await;
        let fields = form.expect("a form of a page").fields;
        let expected = [("key", "a"), ("day", "2026-11-24"), ("day", "2026-11-25"), ("why", "病")];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[tokio::test]
    async fn secrets_and_programs_get_nothing_back() {
        for action in ["/account/password", "/second-factor", "/sign-in", "/api/v1/schools/east/rolls"] {
            assert_eq!(given_back(action, "new=x").await, None, "{action}");
        }
    }
}
