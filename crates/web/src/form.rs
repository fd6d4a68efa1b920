//! Reading what was sent: forms with repeated fields, and JSON.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum_extra::extract::Form as Repeated;
use kehou_domain::people::cell::squeeze;
use serde::de::DeserializeOwned;

use crate::fault::{Fault, rejected};

/// A number as people type it: blanks around it, digits of full width.
pub(crate) fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    squeeze(text).parse().ok()
}

/// A form as its own type; a field may come several times.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Form<T>, Fault> {
        match Repeated::<T>::from_request(request, state).await {
            Ok(Repeated(form)) => Ok(Form(form)),
            Err(rejection) => Err(rejected(rejection.status())),
        }
    }
}

/// A JSON body as its own type.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Json<T>, Fault> {
        if !is_json(request.headers()) {
            return Err(Fault::malformed("请用 Content-Type: application/json 发送 JSON 正文"));
        }
        let bytes = Bytes::from_request(request, state).await?;
        serde_json::from_slice(&bytes).map(Json).map_err(|error| unreadable(&error))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json")
}

/// Where a body stops being what the address takes, without the words of the program that reads it.
fn unreadable(error: &serde_json::Error) -> Fault {
    if error.is_syntax() || error.is_eof() {
        return Fault::malformed_in("正文不是 JSON（行:列 {what}）", place(error));
    }
    let said = error.to_string();
    let missing = said.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(field) => Fault::malformed_in("正文缺少字段 {what}，格式见 /api/openapi.json", field),
        None => {
            Fault::malformed_in("正文里（行:列 {what}）的值不合格式，格式见 /api/openapi.json", place(error))
        }
    }
}

fn place(error: &serde_json::Error) -> String {
    format!("{}:{}", error.line(), error.column())
}

impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_digits_of_either_width() {
        for (text, expected) in [
            ("20", Some(20_u16)),
            (" ２０ ", Some(20)),
            ("", None),
            ("-1", None),
            ("99999", None),
            ("二十", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
