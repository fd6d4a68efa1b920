//! The ceiling: an empty answer from the same HTTP stack, in a process of its own.

use std::process::{Command, Stdio};

use anyhow::Result;
use axum::Router;
use axum::routing::get;

use crate::http::Client;
use crate::measure::{self, Measured};
use crate::process::{Running, first_line};

/// `kehou-bench hello`: answers every request with one word, and says where.
pub(crate) fn serve() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, Router::new().route("/", get(async || "hello").post(async || "hello"))).await?;
        Ok(())
    })
}

/// Starts it.
pub(crate) fn start() -> Result<(Running, String)> {
    let mut child = Command::new(std::env::current_exe()?).arg("hello").stdout(Stdio::piped()).spawn()?;
    let host = first_line(&mut child)?;
    Ok((Running::new(child), host))
}

/// CPU of one such answer.
pub(crate) fn measure() -> Result<Measured> {
    let (running, host) = start()?;
    measure::repeat(&running, &mut Client::connect(&host)?, "/")
}
