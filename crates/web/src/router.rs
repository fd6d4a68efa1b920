//! The service: every route, inside the layers that every request passes.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;

use crate::fault::Fault;
use crate::routes::{Entry, Routes};
use crate::web::Web;
use crate::{
    agenda, allocation, attendance, calendar, catalogue, demo, dismissal, enrolment, fault_page, grouping,
    headers, health, identity, key, openapi, origin, people, plan, proxy,
};

/// How long a request may take; a file of 5,000 students is read in three seconds.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Every route of the service.
pub fn routes() -> Routes {
    Routes::new()
        .and(health::routes())
        .and(own_pages())
        .and(identity::routes())
        .and(agenda::routes())
        .and(calendar::routes())
        .and(people::routes())
        .and(plan::routes())
        .and(allocation::routes())
        .and(catalogue::routes())
        .and(enrolment::routes())
        .and(dismissal::routes())
        .and(demo::routes())
        .and(grouping::routes())
        .and(attendance::routes())
}

fn own_pages() -> Routes {
    Routes::new()
        .with(Method::GET, "/assets/{name}", Entry::Anyone, health::asset)
        .with(Method::GET, "/api", Entry::Anyone, openapi::show)
        .with(Method::GET, "/api/openapi.json", Entry::Anyone, openapi::json)
}

/// The router over all routes.
pub fn router(web: Web) -> Router {
    health::figures();
    let routes = routes();
    let document = Arc::new(openapi::document(&routes));
    let listed = Arc::new(routes.clone());
    routes
        .into_router()
        .fallback(|| async { Fault::NotFound })
        .layer(from_fn(key::note_key))
        .layer(from_fn(origin::own_pages_only))
        .layer(DefaultBodyLimit::max(key::BODY_LIMIT))
        .layer(from_fn_with_state(web.clone(), demo::only_in_demo))
        .layer(from_fn_with_state(web.clone(), proxy::proxy_only))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(from_fn_with_state(web.clone(), fault_page::put_words))
        .layer(from_fn_with_state(web.clone(), headers::strict))
        .layer(CompressionLayer::new())
        .layer(Extension(document))
        .layer(Extension(listed))
        .layer(from_fn_with_state(web.clone(), note))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(NewId))
        .with_state(web)
}

/// Request ids of our own; what a client calls its request is not taken over.
#[derive(Clone, Copy)]
struct NewId;

impl MakeRequestId for NewId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        key::fresh().parse().ok().map(RequestId::new)
    }
}

/// One line in the log and one count for each request: method, route and status, nothing of what was sent.
async fn note(State(web): State<Web>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .map(str::to_owned);
    let route = request.extensions().get::<axum::extract::MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let route = route.unwrap_or_else(|| "-".to_owned());
    tracing::info!(%method, route, status, id, demo = web.is_demo(), "request");
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("kehou_requests_total", &labels).increment(1);
    response
}
