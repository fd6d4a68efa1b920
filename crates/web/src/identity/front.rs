//! The first page: where a seat's work begins.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kehou_domain::access::Role;

use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::seat::{Seat, SignIn};
use crate::web::Web;

#[derive(Template)]
#[template(path = "identity/front.html")]
struct FrontPage {
    school: String,
    role: &'static str,
    name: String,
}

/// Leads to where the seat's work begins; the demo's visitors first see whom they can be.
pub(super) async fn index(State(web): State<Web>, sign_in: Option<SignIn>) -> Result<Response, Fault> {
    let Some(sign_in) = sign_in else {
        return Ok(see_other(if web.is_demo() { "/demo" } else { "/sign-in" }));
    };
    let Some(scope) = &sign_in.signed_in.scope else { return Ok(see_other("/seats")) };
    let is_guardian = scope.role() == Role::Guardian;
    let staff = || format!("/schools/{}", scope.school().code);
    Ok(see_other(&if is_guardian { "/home".to_owned() } else { staff() }))
}

/// The offices' first page: everything that the role can open.
pub(super) async fn school(seat: Seat) -> Result<Response, Fault> {
    let (school, role) = (seat.school().name.clone(), super::role(seat.role()));
    seat.page(&FrontPage { school, role, name: seat.sign_in().signed_in.name.clone() })
}
