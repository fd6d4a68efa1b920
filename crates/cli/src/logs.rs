//! Logs on standard error: what happened, never about whom.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged when nobody asks for more or less.
const USUAL: Level = Level::INFO;

/// Starts logging; `RUST_LOG` narrows or widens it: `warn`, `info,kehou_db=debug`.
#[expect(clippy::disallowed_methods, reason = "logging starts before the configuration is read")]
pub(crate) fn start() {
    let asked = std::env::var("RUST_LOG").ok().and_then(|text| text.parse().ok());
    let filter = asked.unwrap_or_else(|| Targets::new().with_default(USUAL));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if tracing_subscriber::registry().with(filter).with(lines).try_init().is_err() {
        tracing::debug!("logging had started already");
    }
}
