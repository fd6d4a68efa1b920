//! Changing requests come from our own pages: a browser says where a request comes from, and we look.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::fault::Fault;

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets changing requests pass only when they come from this site. Programs, which no site can use against
/// their owner, send neither header and may use `/api`.
pub(crate) async fn own_pages_only(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_own(request.headers(), request.uri().path()) {
        return next.run(request).await;
    }
    tracing::warn!(path = request.uri().path(), "a changing request from elsewhere");
    Fault::Foreign.into_response()
}

fn is_own(headers: &HeaderMap, path: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text(&SITE), text(&ORIGIN), text(&HOST)) {
        (Some(site), _, _) => site == "same-origin",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (None, Some(_), None) => false,
        (None, None, _) => path.starts_with("/api/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Sent = &'static [(&'static str, &'static str)];

    #[test]
    fn only_our_own_pages_may_change_anything() {
        let cases: [(Sent, &str, bool); 8] = [
            (&[("sec-fetch-site", "same-origin")], "/sign-in", true),
            (&[("sec-fetch-site", "cross-site")], "/sign-in", false),
            (&[("sec-fetch-site", "same-site")], "/sign-in", false),
            (&[("origin", "https://a.example"), ("host", "a.example")], "/sign-in", true),
            (&[("origin", "https://b.example"), ("host", "a.example")], "/sign-in", false),
            (&[("origin", "null"), ("host", "a.example")], "/sign-in", false),
            (&[("host", "a.example")], "/sign-in", false),
            (&[("host", "a.example")], "/api/v1/rolls", true),
        ];
        for (headers, path, expected) in cases {
            let map = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            assert_eq!(is_own(&map.collect(), path), expected, "{headers:?} {path}");
        }
    }
}
