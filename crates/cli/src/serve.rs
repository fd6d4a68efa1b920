//! `kehou serve`: the pages and the JSON, with the jobs beside them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use kehou_db::Clock;
use kehou_web::{Settings, Transport, Web};

use crate::config::Config;
use crate::{Outcome, jobs, logs, opened, say};

/// How long open requests may finish once the service was told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How often the certificate's files are looked at.
const CERTIFICATE_EVERY: Duration = Duration::from_mins(1);

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The configuration file
    #[arg(long)]
    config: Option<PathBuf>,
}

/// The certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Certificate {
    chain: PathBuf,
    key: PathBuf,
}

/// Runs the service until it is told to stop.
pub(crate) fn run(args: &Args) -> Outcome {
    logs::start();
    let config = Config::read(args.config.as_deref())?;
    let certificate = certificate(&config)?;
    let db = opened::open(&config)?;
    let settings = Settings {
        transport: transport(&config, certificate.as_ref())?,
        metrics_for: config.metrics_for.clone(),
        ..Settings::default()
    };
    let clock = Clock::new(opened::now);
    let web = Web::new(db.clone(), clock.clone(), settings);
    opened::wait(async {
        jobs::start(&db, &clock);
        listen(config.listen, certificate, kehou_web::router(web)).await
    })??;
    Ok(ExitCode::SUCCESS)
}

/// Serves a demo on loopback and tells its address once it listens.
pub(crate) async fn demo(at: SocketAddr, web: Web, told: impl FnOnce(SocketAddr)) -> anyhow::Result<()> {
    let handle = Handle::new();
    stop_when_told(handle.clone());
    let service = kehou_web::router(web).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum_server::bind(at).handle(handle.clone()).serve(service);
    let (served, ()) = tokio::join!(serving, tell(&handle, told));
    served.with_context(|| format!("cannot serve on {at}"))
}

/// Tells the address once there is one: port 0 is any that is free.
async fn tell(handle: &Handle<SocketAddr>, told: impl FnOnce(SocketAddr)) {
    if let Some(address) = handle.listening().await {
        told(address);
    }
}

/// Plain HTTP is for loopback only: elsewhere a certificate, or one named proxy that has one.
fn transport(config: &Config, certificate: Option<&Certificate>) -> anyhow::Result<Transport> {
    match (certificate, config.proxy) {
        (None, None) if config.listen.ip().is_loopback() => Ok(Transport::Loopback),
        (None, None) => bail!(
            "{} can be reached from outside, where plain HTTP would show children's data: \
             set `certificate` and `certificate_key`, or name the `proxy` that ends TLS",
            config.listen
        ),
        (Some(_), _) => Ok(Transport::Tls),
        (None, Some(proxy)) => Ok(Transport::Proxy(proxy.to_canonical())),
    }
}

fn certificate(config: &Config) -> anyhow::Result<Option<Certificate>> {
    match (&config.certificate, &config.certificate_key) {
        (Some(chain), Some(key)) => Ok(Some(Certificate { chain: chain.clone(), key: key.clone() })),
        (None, None) => Ok(None),
        _ => bail!("`certificate` and `certificate_key` go together: one of them is missing"),
    }
}

/// Serves until SIGINT or SIGTERM, then lets open requests finish.
async fn listen(at: SocketAddr, certificate: Option<Certificate>, router: Router) -> anyhow::Result<()> {
    let handle = Handle::new();
    stop_when_told(handle.clone());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = match certificate {
        None => {
            let serving = axum_server::bind(at).handle(handle.clone()).serve(service);
            tokio::join!(serving, tell(&handle, |address| say(format_args!("http://{address}")))).0
        }
        Some(certificate) => {
            let tls = load(&certificate).await?;
            reload_when_changed(certificate, tls.clone());
            let serving = axum_server::bind_rustls(at, tls).handle(handle.clone()).serve(service);
            tokio::join!(serving, tell(&handle, |address| say(format_args!("https://{address}")))).0
        }
    };
    served.with_context(|| format!("cannot serve on {at}"))
}

async fn load(certificate: &Certificate) -> anyhow::Result<RustlsConfig> {
    // the first to install a provider wins, and there is only this one
    let installed = rustls::crypto::ring::default_provider().install_default();
    tracing::debug!(first = installed.is_ok(), "TLS is ready");
    RustlsConfig::from_pem_file(&certificate.chain, &certificate.key)
        .await
        .with_context(|| format!("cannot read the certificate {}", certificate.chain.display()))
}

#[expect(clippy::disallowed_methods, reason = "lives as long as the service, which has no outbox for itself")]
fn stop_when_told(handle: Handle<SocketAddr>) {
    tokio::spawn(async move {
        told_to_stop().await;
        tracing::info!("stopping: open requests may finish");
        handle.graceful_shutdown(Some(GRACE));
    });
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "lives as long as the service, which has no outbox for itself")]
fn reload_when_changed(certificate: Certificate, tls: RustlsConfig) {
    tokio::spawn(async move {
        let certificate = Arc::new(certificate);
        let mut seen = changed_at(&certificate);
        loop {
            tokio::time::sleep(CERTIFICATE_EVERY).await;
            let now = changed_at(&certificate);
            if now == seen {
                continue;
            }
            match tls.reload_from_pem_file(&certificate.chain, &certificate.key).await {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => {
                    tracing::error!(%error, "the new certificate cannot be read; the old one stays");
                }
            }
            seen = now;
        }
    });
}

fn changed_at(certificate: &Certificate) -> Vec<Option<std::time::SystemTime>> {
    [&certificate.chain, &certificate.key]
        .map(|file| std::fs::metadata(file).and_then(|file| file.modified()).ok())
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(listen: &str, certificate: bool, proxy: Option<&str>, expected: Option<Transport>) {
        let mut config = Config::read(None).unwrap();
        config.listen = listen.parse().unwrap();
        config.proxy = proxy.map(|ip| ip.parse().unwrap());
        let certificate = certificate.then(|| Certificate { chain: "c.pem".into(), key: "k.pem".into() });
        assert_eq!(transport(&config, certificate.as_ref()).ok(), expected);
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        check("127.0.0.1:80", false, None, Some(Transport::Loopback));
        check("0.0.0.0:80", false, None, None);
        check("0.0.0.0:443", true, None, Some(Transport::Tls));
        check("0.0.0.0:80", false, Some("10.0.0.2"), Some(Transport::Proxy("10.0.0.2".parse().unwrap())));
        check("0.0.0.0:443", true, Some("10.0.0.2"), Some(Transport::Tls));
    }
}
