//! Logs on standard error: what happened, never about whom.

use tracing_subscriber::EnvFilter;

/// Starts logging; `RUST_LOG` narrows or widens it.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    if started.is_err() {
        tracing::debug!("logging had started already");
    }
}
