//! `kehou key rotate`: a new field key, and everything personal sealed again with it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use kehou_db::{Keys, upkeep};

use crate::answer::Language;
use crate::config::Config;
use crate::{Outcome, opened, say, target};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Make a new key and seal again with it; stop the service first, and back up the key file after
    Rotate {
        /// The configuration file
        #[arg(long)]
        config: Option<PathBuf>,
        /// Language of the lines that say what is wrong
        #[arg(long, value_enum, default_value = "zh")]
        lang: Language,
    },
}

/// Runs the command. The new key is on the disk before anything is sealed with it.
pub(crate) fn run(args: Args) -> Outcome {
    let Act::Rotate { config, lang } = args.act;
    let (config, lang) = (Config::read(config.as_deref())?, lang.lang());
    opened::must_exist(lang, &config)?;
    target::writable(lang, &Keys::beside(&config.key_file()))?;
    drop(opened::open(&config)?);
    let keys = opened::keys(&config)?.rotated()?;
    keys.write(&config.key_file())?;
    let touched = upkeep::reseal(&opened::place(&config), &keys)?;
    say(format_args!("key {} seals from now on; {touched} values were sealed again", keys.current()));
    Ok(ExitCode::SUCCESS)
}
