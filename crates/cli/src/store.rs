//! `kehou db`: care for the store at rest.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use kehou_db::{Place, migrate, upkeep};
use kehou_web::lang::Lang;
use serde_json::json;

use crate::answer::{Failure, Language, either};
use crate::config::Config;
use crate::{Outcome, opened, say, target};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// The configuration file
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Language of the lines that say what is wrong
    #[arg(long, value_enum, default_value = "zh", global = true)]
    lang: Language,
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
    let (place, lang) = (opened::place(&config), args.lang.lang());
    match args.act {
        Act::Migrate => {
            drop(opened::open(&config)?);
            say(format_args!("the store is at migration {}", migrate::newest()));
        }
        Act::Backup { file } => {
            opened::must_exist(lang, &config)?;
            absent(lang, &file)?;
            target::writable(lang, &file)?;
            upkeep::backup(&place, &file)?;
            say(format_args!("{}: checked; keep the key file apart from it", file.display()));
        }
        Act::Restore { file } => {
            if let Place::File(store) = &place
                && let Some(folder) = store.parent()
            {
                std::fs::create_dir_all(folder).map_err(|why| target::unwritable(lang, folder, &why))?;
            }
            upkeep::restore(&file, &place)?;
            say("restored and checked");
        }
        Act::Check => {
            opened::must_exist(lang, &config)?;
            say(format_args!("whole, at migration {}", upkeep::check(&place)?));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A copy is written over nothing.
fn absent(lang: Lang, file: &Path) -> Result<(), Failure> {
    if !file.exists() {
        return Ok(());
    }
    let file = file.display().to_string();
    let message = either(
        lang,
        format!("{file}：已经有这个文件；请换一个文件名"),
        format!("{file}: is there already; name a new file"),
    );
    Err(Failure::misuse("is_there", message).and("file", json!(file)))
}
