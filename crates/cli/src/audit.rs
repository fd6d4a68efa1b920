//! `kehou audit verify`: whether a school's event log is as it was written.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::config::Config;
use crate::{Outcome, opened, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Check the chain from the first event to the last, and how many wait for the seal
    Verify {
        /// The school's code; every school when none is named
        #[arg(long)]
        school: Option<String>,
        /// The configuration file
        #[arg(long)]
        config: Option<PathBuf>,
    },
}

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let Act::Verify { school, config } = args.act;
    let config = Config::read(config.as_deref())?;
    opened::wait(async {
        let (db, at) = (opened::open(&config)?, opened::now());
        let mut whole = true;
        for known in db.schools(at).await? {
            if school.as_ref().is_some_and(|code| *code != known.code) {
                continue;
            }
            let audit = db.audit(&known.code, at).await?;
            whole &= audit.broken_at.is_none();
            let verdict =
                audit.broken_at.map_or_else(|| "holds".to_owned(), |at| format!("BROKEN at event {at}"));
            say(format_args!(
                "{}: {verdict}; {} sealed, {} waiting; head {}",
                known.code, audit.sealed, audit.waiting, audit.head
            ));
        }
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })?
}
