//! Behind a proxy that ends TLS the service speaks plain HTTP, and so with that proxy and this machine alone.
//!
//! What the proxy says of the asker's address is not read: nothing depends on an address, since a whole school shares
//! one.

use std::net::SocketAddr;

use axum::Extension;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::fault::Fault;
use crate::web::{Transport, Web};

/// Turns away whoever comes past the proxy: what they typed would have travelled in the open.
pub(crate) async fn proxy_only(
    State(web): State<Web>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    request: Request,
    next: Next,
) -> Response {
    let Transport::Proxy(proxy) = web.transport() else { return next.run(request).await };
    match peer.map(|Extension(ConnectInfo(peer))| peer.ip().to_canonical()) {
        Some(peer) if peer == proxy || peer.is_loopback() => next.run(request).await,
        Some(_) | None => Fault::PastProxy.into_response(),
    }
}
