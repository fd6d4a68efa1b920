//! The configuration: one TOML file, and the environment for what an operator sets from outside.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use confique::Config as _;

/// What an operator decides.
#[derive(Debug, Clone, confique::Config)]
pub(crate) struct Config {
    /// Where the service listens. Off loopback it needs `tls` or `proxy`.
    #[config(env = "KEHOU_LISTEN", default = "127.0.0.1:8480")]
    pub(crate) listen: SocketAddr,
    /// The folder of the SQLite store.
    #[config(env = "KEHOU_DATA", default = "data")]
    pub(crate) data: PathBuf,
    /// A `postgres://` address; without one the store is SQLite.
    #[config(env = "DATABASE_URL")]
    pub(crate) database: Option<String>,
    /// A PEM file with the authorities that vouch for the database server; needed off loopback.
    #[config(env = "KEHOU_DATABASE_AUTHORITIES")]
    pub(crate) database_authorities: Option<PathBuf>,
    /// The file of field keys, backed up apart from the data; `field.keys` in the data folder unless named.
    #[config(env = "KEHOU_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// The certificate chain in PEM, looked at again when it changes.
    #[config(env = "KEHOU_CERTIFICATE")]
    pub(crate) certificate: Option<PathBuf>,
    /// The certificate's key in PEM.
    #[config(env = "KEHOU_CERTIFICATE_KEY")]
    pub(crate) certificate_key: Option<PathBuf>,
    /// The one proxy that ends TLS before the service; without a certificate nobody else is served.
    #[config(env = "KEHOU_PROXY")]
    pub(crate) proxy: Option<IpAddr>,
    /// Who may read `/metrics` beside this machine.
    #[config(default = [])]
    pub(crate) metrics_for: Vec<IpAddr>,
}

impl Config {
    /// Reads the file, when one is named, under what the environment says.
    pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Config> {
        let mut builder = Config::builder().env();
        if let Some(file) = file {
            anyhow::ensure!(file.exists(), "{}: there is no such configuration file", file.display());
            builder = builder.file(file);
        }
        builder.load().context("the configuration cannot be read")
    }

    /// The file of field keys.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data.join("field.keys"))
    }

    /// The SQLite file.
    pub(crate) fn store_file(&self) -> PathBuf {
        self.data.join("kehou.sqlite")
    }
}
