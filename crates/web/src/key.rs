//! The key that makes a changing request safe to send twice, and the hash of the request it came with.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kehou_domain::ids::{AnyId, EntityId};
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::look::text;
use crate::unsent::{Unsent, lacks_seat};

/// The largest body of a form or a JSON request; files come as `multipart/form-data`, which has its own limit.
pub const BODY_LIMIT: usize = 512 * 1024;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The key of a changing request: the form field `key`, the header `Idempotency-Key`, or, where a file is sent,
/// `?key=` of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(pub kehou_db::Key);

/// What the body of this request hashes to, with its method and address.
#[derive(Debug, Clone)]
struct Seen {
    hash: String,
    is_form: bool,
    field: Option<String>,
}

/// A new key, as forms carry it.
pub fn fresh() -> String {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).expect("the system's generator answers");
    AnyId::from_bits(u128::from_be_bytes(bytes)).to_string()
}

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Key, Fault> {
        let seen = parts.extensions.get::<Seen>();
        let field = seen.and_then(|seen| seen.field.clone());
        let header = Some(text(parts, &HEADER).to_owned()).filter(|key| !key.is_empty());
        let query = parts.uri.query().and_then(|query| value(query.as_bytes(), "key"));
        let key = field.or(header).or(query).ok_or_else(no_key)?;
        if key.is_empty() || 64 < key.len() {
            return Err(no_key());
        }
        let hash = seen.map_or_else(|| hash(&parts.method, parts.uri.path(), &[]), |seen| seen.hash.clone());
        Ok(Key(kehou_db::Key { key, request_hash: hash }))
    }
}

fn no_key() -> Fault {
    Fault::malformed("请在请求头 Idempotency-Key 里带一个 1 到 64 个字符的键；同一个请求重发时用同一个键")
}

/// Reads the body of a form or JSON request once, notes its key and hash, and hands it on.
pub(crate) async fn note_key(request: Request, next: Next) -> Response {
    if request.method().is_safe() || !is_small(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY_LIMIT).await else { return Fault::TooLarge.into_response() };
    let bytes = if is_form(&parts) { with_plain_breaks(bytes) } else { bytes };
    let seen = see(&parts, &bytes);
    // over HTTP/2 the address begins with the host
    let place = parts.uri.path_and_query().map(ToString::to_string);
    let given_back = place.filter(|_| seen.is_form).map(|place| (place, bytes.clone()));
    parts.extensions.insert(seen);
    let mut response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    if let Some((action, body)) = given_back.filter(|_| lacks_seat(&response))
        && let Some(unsent) = Unsent::of(action, body).await
    {
        response.extensions_mut().insert(unsent);
    }
    response
}

fn is_form(parts: &Parts) -> bool {
    text(parts, &CONTENT_TYPE).starts_with("application/x-www-form-urlencoded")
}

/// A line break as one character: browsers send two for each and count one against a field's `maxlength`, so that the
/// end of a long text would be cut off.
fn with_plain_breaks(body: Bytes) -> Bytes {
    const SENT: &[u8] = b"%0D%0A";
    if !body.windows(SENT.len()).any(|part| part.eq_ignore_ascii_case(SENT)) {
        return body;
    }
    let mut plain = Vec::with_capacity(body.len());
    let mut rest = &body[..];
    while let Some(first) = rest.first() {
        let is_break = rest.get(..SENT.len()).is_some_and(|part| part.eq_ignore_ascii_case(SENT));
        plain.extend_from_slice(if is_break { b"%0A" } else { std::slice::from_ref(first) });
        rest = &rest[if is_break { SENT.len() } else { 1 }..];
    }
    plain.into()
}

fn see(parts: &Parts, bytes: &Bytes) -> Seen {
    let is_form = is_form(parts);
    let field = is_form.then(|| value(bytes, "key")).flatten();
    Seen { hash: hash(&parts.method, parts.uri.path(), bytes), is_form, field }
}

fn is_small(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    !kind.starts_with("multipart/form-data")
}

fn hash(method: &Method, path: &str, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(method.as_str());
    hash.update([0]);
    hash.update(path);
    hash.update([0]);
    hash.update(body);
    hash.finalize().iter().take(16).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The value of a name in form-encoded text, when it is plain: keys are letters and digits.
fn value(encoded: &[u8], name: &str) -> Option<String> {
    let text = std::str::from_utf8(encoded).ok()?;
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(found, _)| *found == name).map(|(_, value)| value.to_owned()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_keys_differ() {
        assert_ne!(fresh(), fresh());
    }

    #[test]
    fn a_key_is_found_among_the_fields() {
        assert_eq!(value(b"name=An&key=abc&x=1", "key"), Some("abc".to_owned()));
        assert_eq!(value(b"name=An&monkey=abc", "key"), None);
    }

    #[test]
    fn a_line_break_is_one_character() {
        for (sent, kept) in [
            ("why=a%0D%0Ab%0d%0a", "why=a%0Ab%0A"),
            ("why=a%0Ab%0D", "why=a%0Ab%0D"),
            ("why=%0D%0A%0D%0A", "why=%0A%0A"),
            ("", ""),
        ] {
            assert_eq!(with_plain_breaks(Bytes::from(sent)), Bytes::from(kept), "{sent}");
        }
    }

    #[test]
    fn another_body_has_another_hash() {
        let one = hash(&Method::POST, "/rolls", b"a=1");
        assert_ne!(one, hash(&Method::POST, "/rolls", b"a=2"));
        assert_eq!(one, hash(&Method::POST, "/rolls", b"a=1"));
    }
}
