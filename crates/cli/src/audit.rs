//! `kehou audit verify`: whether a school's event log is as it was written.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Subcommand;
use kehou_db::School;

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
        let (db, at) = (opened::existing(&config)?, opened::now());
        let mut whole = true;
        for known in named(db.schools(at).await?, school.as_deref())? {
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

/// The school of this code, or every school when none is named.
fn named(schools: Vec<School>, code: Option<&str>) -> anyhow::Result<Vec<School>> {
    let Some(code) = code else { return Ok(schools) };
    let found: Vec<School> = schools.into_iter().filter(|school| school.code == code).collect();
    if found.is_empty() {
        bail!("there is no school {code} in this store; `kehou school list` names them");
    }
    Ok(found)
}
