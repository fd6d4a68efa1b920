//! Choosing a seat: one school, one role.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kehou_app::identity::{NotSeated, take_seat};
use kehou_db::identity::Membership;
use kehou_domain::access::Role;
use serde::Deserialize;

use super::cookies;
use crate::answer::see_other;
use crate::fault::Fault;
use crate::filters;
use crate::form::Form;
use crate::seat::SignIn;
use crate::web::Web;

/// The seat that was tapped.
#[derive(Deserialize)]
pub(super) struct SeatForm {
    #[serde(default)]
    school: String,
    #[serde(default)]
    role: String,
}

/// A seat as the page shows it.
struct Line {
    school: String,
    code: String,
    role: Role,
    here: bool,
}

impl Line {
    fn words(&self) -> &'static str {
        super::role(self.role)
    }

    fn icon(&self) -> &'static str {
        if self.role == Role::Guardian { "heart" } else { "school" }
    }
}

#[derive(Template)]
#[template(path = "identity/seats.html")]
struct SeatsPage {
    name: String,
    lines: Vec<Line>,
    /// Whether the account was a guardian's once.
    was_guardian: bool,
}

pub(super) async fn index(State(web): State<Web>, sign_in: SignIn) -> Result<Response, Fault> {
    let seats = web.db().memberships(sign_in.account(), web.now()).await?;
    let lines = seats.into_iter().map(|seat| line(&sign_in, seat)).collect();
    let was_guardian = web.db().held(sign_in.account(), Role::Guardian, web.now()).await?;
    sign_in.page(&SeatsPage { name: sign_in.signed_in.name.clone(), lines, was_guardian })
}

fn line(sign_in: &SignIn, seat: Membership) -> Line {
    let scope = sign_in.signed_in.scope.as_ref();
    let here = scope.is_some_and(|scope| *scope.school() == seat.school && scope.role() == seat.role);
    Line { school: seat.school.name, code: seat.school.code, role: seat.role, here }
}

pub(super) async fn update(
    State(web): State<Web>,
    sign_in: SignIn,
    Form(form): Form<SeatForm>,
) -> Result<Response, Fault> {
    let role = Role::parse(&form.role).ok_or(Fault::NotFound)?;
    match take_seat(web.db(), &sign_in.signed_in, (&form.school, role), web.now()).await? {
        Ok(token) => {
            let mut response = see_other("/");
            cookies::keep_token(&web, sign_in.signed_in.device, token, &mut response);
            Ok(response)
        }
        Err(NotSeated::NoSuchSeat) => Err(Fault::NotFound),
        Err(NotSeated::TooOld) => Err(Fault::SignedOut),
    }
}
