//! `kehou audit verify`: whether a school's event log is as it was written.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use kehou_db::{Audit, School};
use kehou_web::lang::Lang;
use kehou_web::plan::words::command;
use serde_json::json;

use crate::answer::{Failure, Format, Language};
use crate::config::Config;
use crate::{Outcome, opened, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// Lines for people or JSON for programs
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(crate) format: Format,
    /// Language of the lines that say what is wrong
    #[arg(long, value_enum, default_value = "zh", global = true)]
    lang: Language,
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
        let (db, at, lang) = (opened::existing(args.lang.lang(), &config)?, opened::now(), args.lang.lang());
        let (mut whole, mut verdicts) = (true, Vec::new());
        for known in named(lang, db.schools(at).await?, school.as_deref())? {
            let audit = db.audit(&known.code, at).await?;
            whole &= audit.broken_at.is_none();
            verdicts.push((known.code, audit));
        }
        print(&verdicts, args.format);
        Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(1) })
    })?
}

fn print(verdicts: &[(String, Audit)], format: Format) {
    if format == Format::Json {
        let lines = verdicts.iter().map(|(code, audit)| {
            json!({
                "school": code, "holds": audit.broken_at.is_none(), "broken_at": audit.broken_at,
                "sealed": audit.sealed, "waiting": audit.waiting, "head": audit.head,
            })
        });
        say(json!(lines.collect::<Vec<_>>()));
        return;
    }
    for (code, audit) in verdicts {
        let verdict =
            audit.broken_at.map_or_else(|| "holds".to_owned(), |at| format!("BROKEN at event {at}"));
        say(format_args!(
            "{code}: {verdict}; {} sealed, {} waiting; head {}",
            audit.sealed, audit.waiting, audit.head
        ));
    }
}

/// The school of this code, or every school when none is named.
fn named(lang: Lang, schools: Vec<School>, code: Option<&str>) -> Result<Vec<School>, Failure> {
    let Some(code) = code else { return Ok(schools) };
    if let Some(school) = schools.iter().find(|school| school.code == code) {
        return Ok(vec![school.clone()]);
    }
    let known: Vec<String> = schools.into_iter().map(|school| school.code).collect();
    Err(Failure::wrong("no_school", command::no_school(lang, code, &known)))
}
