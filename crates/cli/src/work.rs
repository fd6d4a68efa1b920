//! `kehou work`: the jobs apart from the service.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use kehou_db::Clock;

use crate::config::Config;
use crate::{Outcome, jobs, logs, opened, say};

/// How long to rest between two rounds.
const REST: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The configuration file
    #[arg(long)]
    config: Option<PathBuf>,
    /// Do what waits and end
    #[arg(long)]
    once: bool,
}

/// Runs the jobs once, or until the process is ended.
pub(crate) fn run(args: &Args) -> Outcome {
    logs::start();
    let config = Config::read(args.config.as_deref())?;
    let (db, clock) = (opened::open(&config)?, Clock::new(opened::now));
    opened::wait(async {
        let mut made = jobs::Made::default();
        loop {
            jobs::once(&db, &clock, &mut made).await?;
            if args.once {
                say("nothing waits");
                return Ok(ExitCode::SUCCESS);
            }
            tokio::time::sleep(REST).await;
        }
    })?
}
