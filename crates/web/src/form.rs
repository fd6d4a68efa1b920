//! Reading what was sent: forms with repeated fields, and JSON.

use axum::extract::{FromRequest, Request};
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
            Err(rejection) => Err(rejected(rejection.status(), rejection.body_text())),
        }
    }
}

/// A JSON body as its own type.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Json<T>, Fault> {
        let axum::Json(body) = axum::Json::<T>::from_request(request, state).await?;
        Ok(Json(body))
    }
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
