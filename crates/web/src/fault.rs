//! What is no refusal: not there, not allowed, not signed in, too much, broken. One place turns them to pages.

use std::fmt::Display;

use axum::extract::rejection::{BytesRejection, FormRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kehou_db::Error;

/// Why a request has no answer of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nobody is signed in: pages send to the sign-in and back.
    SignedOut,
    /// Signed in, but in no seat yet.
    NoSeat,
    /// The seat needs a second factor first.
    SecondFactor,
    /// Not there, or another school's: the two look the same.
    NotFound,
    /// A member whose role may not do this.
    NotAllowed,
    /// The request came from another site, or could have.
    Foreign,
    /// The request came past the proxy, over a line that is not encrypted.
    PastProxy,
    /// The request is not what the address takes, with a sentence for programs.
    Malformed(Told),
    /// The same key came with another request.
    KeyReused,
    /// Something else stands in the way: it is there already, or something needs it.
    Conflict,
    /// More than may be sent.
    TooLarge,
    /// Too often, with the seconds to wait.
    TooOften(u64),
    /// The page knows no such method.
    WrongMethod,
    /// The store cannot be reached or is busy: ask again.
    Unavailable,
    /// Broken on our side; the log has more under the request's id.
    Broken,
}

/// A sentence for programs, as words have it: Chinese text, with `{what}` for what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// The text; empty where there is nothing to add to the fault itself.
    pub text: &'static str,
    /// What stands in place of `{what}`.
    pub what: String,
}

impl Fault {
    /// The request is not what the address takes.
    pub fn malformed(text: &'static str) -> Fault {
        Fault::Malformed(Told { text, what: String::new() })
    }

    /// The request is not what the address takes, and this is what it is about.
    pub fn malformed_in(text: &'static str, what: impl Into<String>) -> Fault {
        Fault::Malformed(Told { text, what: what.into() })
    }

    /// Something is broken on our side: the log keeps it, the page says no more than that.
    pub fn broken(why: &dyn Display) -> Fault {
        tracing::error!(%why, "a request failed");
        Fault::Broken
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Fault::SignedOut | Fault::NoSeat | Fault::SecondFactor => StatusCode::UNAUTHORIZED,
            Fault::NotFound => StatusCode::NOT_FOUND,
            Fault::NotAllowed | Fault::Foreign | Fault::PastProxy => StatusCode::FORBIDDEN,
            Fault::Malformed(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Fault::KeyReused | Fault::Conflict => StatusCode::CONFLICT,
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Fault::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Fault::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Fault::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The word that programs get.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::SignedOut => "signed_out",
            Fault::NoSeat => "no_seat",
            Fault::SecondFactor => "second_factor",
            Fault::NotFound => "not_found",
            Fault::NotAllowed => "not_allowed",
            Fault::Foreign => "foreign_request",
            Fault::PastProxy => "past_proxy",
            Fault::Malformed(_) => "malformed",
            Fault::KeyReused => "key_reused",
            Fault::Conflict => "conflict",
            Fault::TooLarge => "too_large",
            Fault::TooOften(_) => "too_often",
            Fault::WrongMethod => "wrong_method",
            Fault::Unavailable => "unavailable",
            Fault::Broken => "broken",
        }
    }
}

/// A bare answer that carries the fault; [`crate::fault_page`] puts words to it, since it knows the reader's language.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        match error {
            Error::NotFound => Fault::NotFound,
            Error::NotAllowed => Fault::NotAllowed,
            Error::KeyReused => Fault::KeyReused,
            Error::Already | Error::Reference => Fault::Conflict,
            Error::Unknown => Fault::Unavailable,
            Error::Column { .. }
            | Error::Sealed
            | Error::Panicked
            | Error::Newer { .. }
            | Error::Setup(_)
            | Error::Engine(_) => Fault::broken(&error),
        }
    }
}

impl From<BytesRejection> for Fault {
    fn from(rejection: BytesRejection) -> Fault {
        rejected(rejection.status())
    }
}

impl From<FormRejection> for Fault {
    fn from(rejection: FormRejection) -> Fault {
        rejected(rejection.status())
    }
}

/// The fault for a body that could not be read.
pub(crate) fn rejected(status: StatusCode) -> Fault {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Fault::TooLarge } else { Fault::malformed("") }
}
