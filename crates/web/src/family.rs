//! Who asks on pages for guardians, which carry no school: a guardian may have children in several.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use kehou_db::Scope;
use kehou_domain::access::Role;
use kehou_domain::ids::AccountId;
use kehou_domain::moment;

use crate::fault::Fault;
use crate::lang::Lang;
use crate::routes::Gate;
use crate::seat::SignIn;
use crate::web::Web;

/// A guardian with one scope for each school where they have children; the current seat's school comes first.
#[derive(Clone)]
pub struct Family {
    sign_in: SignIn,
    scopes: Vec<Scope>,
}

impl Family {
    /// One scope for each school; never empty.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// The scope of the current seat, for what belongs to no child.
    pub fn scope(&self) -> &Scope {
        &self.scopes[0]
    }

    /// Renders a page.
    pub fn page(&self, template: &impl Template) -> Result<Response, Fault> {
        self.sign_in.page(template)
    }

    /// Renders a form that was refused: 422, with what was typed still in it.
    pub fn refused(&self, template: &impl Template) -> Result<Response, Fault> {
        self.sign_in.refused(template)
    }

    /// The state of the service.
    pub fn web(&self) -> &Web {
        &self.sign_in.web
    }

    /// The sign-in.
    pub fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    /// The language of the account.
    pub fn lang(&self) -> Lang {
        self.sign_in.lang()
    }

    /// Whether the pages are in 长辈版.
    pub fn is_elder(&self) -> bool {
        self.sign_in.frame().elder()
    }

    /// Who acts.
    pub fn account(&self) -> AccountId {
        self.sign_in.account()
    }

    /// The moment of the request.
    pub fn at(&self) -> Timestamp {
        self.scopes[0].at()
    }

    /// The civil day of the request.
    pub fn today(&self) -> Date {
        moment::day_of(self.at())
    }
}

/// A guardian, in the seat of one.
impl FromRequestParts<Web> for Family {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Family, Fault> {
        let seat = <SignIn as FromRequestParts<Web>>::from_request_parts(parts, web).await?.into_seat()?;
        let Ok(gate) = Gate::from_request_parts(parts, web).await;
        if seat.role() != Role::Guardian || !gate.lets(Role::Guardian) {
            return Err(Fault::NotAllowed);
        }
        let mut scopes = vec![seat.scope().clone()];
        let all = web.db().scopes(seat.account(), Role::Guardian, seat.at()).await?;
        scopes.extend(all.into_iter().filter(|scope| scope.school() != seat.school()));
        Ok(Family { sign_in: seat.sign_in().clone(), scopes })
    }
}
