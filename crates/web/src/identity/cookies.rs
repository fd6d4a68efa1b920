//! The two cookies: the sign-in's token and the look.

use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use kehou_domain::identity::Device;

use crate::look::{self, Look};
use crate::seat::cookie_name;
use crate::web::Web;

/// How long a browser keeps the token at most; the store ends it earlier where it should.
const THIRTY_DAYS: i64 = 30 * 24 * 60 * 60;
const A_YEAR: i64 = 365 * 24 * 60 * 60;

/// Hands the browser its token; on a shared device it forgets it when it closes.
pub(super) fn keep_token(web: &Web, whose: Device, token: String, response: &mut Response) {
    let age = match whose {
        Device::Own => format!("; Max-Age={THIRTY_DAYS}"),
        Device::Shared => String::new(),
    };
    let cookie = plain(web, cookie_name(web.transport()), token);
    set(&format!("{cookie}{age}"), response);
}

/// Takes the token away from the browser.
pub(super) fn drop_token(web: &Web, response: &mut Response) {
    let cookie = plain(web, cookie_name(web.transport()), String::new());
    set(&format!("{cookie}; Max-Age=0"), response);
}

/// Keeps the look on this device.
pub(super) fn keep_look(web: &Web, look: Look, response: &mut Response) {
    let cookie = plain(web, look::COOKIE, look.written());
    set(&format!("{cookie}; Max-Age={A_YEAR}"), response);
}

/// Out of reach for scripts, only over TLS where there is TLS, sent along a link from a message but not with
/// another site's forms.
fn plain(web: &Web, name: &'static str, value: String) -> Cookie<'static> {
    let cookie = Cookie::build((name, value)).path("/").http_only(true).same_site(SameSite::Lax);
    cookie.secure(web.transport().is_secure()).build()
}

fn set(cookie: &str, response: &mut Response) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
