//! The list of every route: what the router is built from, and what tests and the API page walk.

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::handler::Handler;
use axum::http::Method;
use axum::http::request::Parts;
use axum::routing::{MethodFilter, MethodRouter, on};
use kehou_domain::access::{Action, Role};
use utoipa::ToSchema;

use crate::openapi::Doc;
use crate::web::Web;

/// Who may take a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Anybody: sign-in, errors, health.
    Anyone,
    /// Anybody who is signed in, whatever the seat.
    SignedIn,
    /// Only those on the same machine, unless the configuration opens it: figures.
    Operator,
    /// Anybody, but only in the demo.
    Demo,
    /// Those whose role may begin this act.
    Act(&'static str, &'static [Role]),
}

impl Entry {
    /// The entry of an act.
    pub const fn act<A: Action>() -> Entry {
        Entry::Act(A::NAME, A::ROLES)
    }
}

/// One route.
#[derive(Clone)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address, with `{names}`.
    pub path: &'static str,
    /// Who may take it.
    pub entry: Entry,
    /// What programs are told of it; every route under `/api/v1` has it.
    pub doc: Option<Doc>,
    handler: MethodRouter<Web>,
}

/// A slice's routes, or all of them.
#[derive(Clone, Default)]
pub struct Routes(Vec<Route>);

/// What a route takes and gives, described for programs.
#[derive(Debug)]
pub struct Described<B, T>(&'static str, std::marker::PhantomData<fn(B) -> T>);

impl<B, T> Clone for Described<B, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B, T> Copy for Described<B, T> {}

/// A JSON route's sentence, with the types of its body and its answer: `described::<NewLeave, Leave>("Ask for leave")`.
/// A route without a body has `()`.
pub const fn described<B: ToSchema, T: ToSchema>(summary: &'static str) -> Described<B, T> {
    Described(summary, std::marker::PhantomData)
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Routes {
        Routes::default()
    }

    /// A page: `get::<CallRoll, _>("/schools/{school}/rolls/{session}", pages::show)`.
    #[must_use]
    pub fn get<A: Action, T: 'static>(self, path: &'static str, handler: impl Handler<T, Web>) -> Routes {
        self.with(Method::GET, path, Entry::act::<A>(), handler)
    }

    /// What a form sends: `post::<CallRoll, _>("/schools/{school}/rolls/{session}", pages::save)`.
    #[must_use]
    pub fn post<A: Action, T: 'static>(self, path: &'static str, handler: impl Handler<T, Web>) -> Routes {
        self.with(Method::POST, path, Entry::act::<A>(), handler)
    }

    /// A JSON route under `/api/v1`, which is described for programs.
    #[must_use]
    pub fn api<A: Action, T: 'static, B: ToSchema, R: ToSchema>(
        self,
        method: Method,
        path: &'static str,
        described: Described<B, R>,
        handler: impl Handler<T, Web>,
    ) -> Routes {
        let mut routes = self.with(method, path, Entry::act::<A>(), handler);
        if let Some(route) = routes.0.last_mut() {
            route.doc = Some(Doc::of::<B, R>(described.0));
        }
        routes
    }

    /// A route with another entry than an act.
    #[must_use]
    pub fn with<T: 'static>(
        mut self,
        method: Method,
        path: &'static str,
        entry: Entry,
        handler: impl Handler<T, Web>,
    ) -> Routes {
        let filter = MethodFilter::try_from(method.clone()).expect("pages and JSON use the usual methods");
        let handler = on(filter, handler).layer(Extension(Gate(entry)));
        self.0.push(Route { method, path, entry, doc: None, handler });
        self
    }

    /// These routes and those.
    #[must_use]
    pub fn and(mut self, others: Routes) -> Routes {
        self.0.extend(others.0);
        self
    }

    /// Every route, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    /// The router of these routes.
    pub(crate) fn into_router(self) -> axum::Router<Web> {
        let router = axum::Router::new();
        self.0.into_iter().fold(router, |router, route| router.route(route.path, route.handler))
    }
}

/// What a route asks of whoever takes it; the extractors of seat and family look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate(Entry);

impl Gate {
    /// Whether this role may take the route.
    pub(crate) fn lets(self, role: Role) -> bool {
        match self.0 {
            Entry::Act(_, roles) => roles.contains(&role),
            Entry::Anyone | Entry::SignedIn | Entry::Operator | Entry::Demo => true,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Gate {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Gate, Self::Rejection> {
        Ok(parts.extensions.get::<Gate>().copied().unwrap_or(Gate(Entry::SignedIn)))
    }
}

#[cfg(test)]
mod tests {
    use kehou_domain::access::ManageAccounts;

    use super::*;

    #[test]
    fn a_route_knows_its_act() {
        let routes = Routes::new().get::<ManageAccounts, _>("/schools/{school}/accounts", || async {});
        let route = routes.iter().next().unwrap();
        assert_eq!(route.entry, Entry::Act("ManageAccounts", ManageAccounts::ROLES));
        assert!(Gate(route.entry).lets(Role::SystemAdministrator));
        assert!(!Gate(route.entry).lets(Role::Guardian));
    }
}
