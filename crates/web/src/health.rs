//! What operators and browsers fetch beside pages: whether the service lives, its figures, the built files.

use std::net::SocketAddr;
use std::sync::LazyLock;

use axum::Extension;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::fault::Fault;
use crate::routes::{Entry, Routes};
use crate::web::Web;

/// The figures of this process, collected from the first request on.
static FIGURES: LazyLock<PrometheusHandle> = LazyLock::new(|| {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::warn!("another recorder collects the figures");
    }
    handle
});

/// The figures, collected from now on.
pub(crate) fn figures() -> &'static PrometheusHandle {
    &FIGURES
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(Method::GET, "/healthz", Entry::Anyone, || async { "ok" })
        .with(Method::GET, "/readyz", Entry::Anyone, ready)
        .with(Method::GET, "/metrics", Entry::Operator, show_figures)
}

/// Whether the store answers.
async fn ready(State(web): State<Web>) -> Result<&'static str, Fault> {
    web.db().answers(web.now()).await.map_err(|_| Fault::Unavailable)?;
    Ok("ok")
}

/// The figures for those on this machine and whom the configuration names; for all others there is no such page.
async fn show_figures(
    State(web): State<Web>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<String, Fault> {
    let asked_by = peer.map(|Extension(ConnectInfo(peer))| peer.ip()).ok_or(Fault::NotFound)?;
    // behind a proxy everybody comes from the proxy's machine
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    let is_near = asked_by.is_loopback() && !forwarded;
    if is_near || web.settings().metrics_for.contains(&asked_by) {
        Ok(figures().render())
    } else {
        Err(Fault::NotFound)
    }
}

/// A built file, kept for a year: its name changes with its content.
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Fault> {
    let file = kehou_assets::file(&name).ok_or(Fault::NotFound)?;
    let headers = [(CONTENT_TYPE, file.media_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, file.body).into_response())
}
