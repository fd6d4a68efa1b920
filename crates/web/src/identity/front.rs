//! The first page: where a seat's work begins.

use axum::extract::State;
use axum::response::Response;
use kehou_domain::access::Role;

use crate::answer::see_other;
use crate::fault::Fault;
use crate::seat::SignIn;
use crate::web::Web;

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
