//! `kehou db`: care for the store at rest.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use kehou_db::{Place, migrate, upkeep};

use crate::config::Config;
use crate::{Outcome, opened, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// The configuration file
    #[arg(long, global = true)]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Act {
    /// Bring the store up to date, after a snapshot beside it
    Migrate,
    /// Write a compact, checked copy; the service may be running
    Backup {
        /// The file of the copy; must not exist
        file: PathBuf,
    },
    /// Put a copy in the place of a store that is not there
    Restore {
        /// The copy
        file: PathBuf,
    },
    /// Look the whole store through
    Check,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let config = Config::read(args.config.as_deref())?;
    let place = opened::place(&config);
    match args.act {
        Act::Migrate => {
            drop(opened::open(&config)?);
            say(format_args!("the store is at migration {}", migrate::newest()));
        }
        Act::Backup { file } => {
            opened::must_exist(&config)?;
            upkeep::backup(&place, &file)?;
            say(format_args!("{}: checked; keep the key file apart from it", file.display()));
        }
        Act::Restore { file } => {
            if let Place::File(store) = &place
                && let Some(folder) = store.parent()
            {
                std::fs::create_dir_all(folder)?;
            }
            upkeep::restore(&file, &place)?;
            say("restored and checked");
        }
        Act::Check => {
            opened::must_exist(&config)?;
            say(format_args!("whole, at migration {}", upkeep::check(&place)?));
        }
    }
    Ok(ExitCode::SUCCESS)
}
