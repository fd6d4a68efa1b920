//! What only the demo has.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::fault::Fault;
use crate::routes::Routes;
use crate::web::Web;

pub(crate) fn routes() -> Routes {
    Routes::new()
}

/// Outside the demo there are no such pages.
pub(crate) async fn only_in_demo(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !web.is_demo() && (path == "/demo" || path.starts_with("/demo/")) {
        return Fault::NotFound.into_response();
    }
    next.run(request).await
}
