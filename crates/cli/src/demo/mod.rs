//! `kehou demo`: a district of thirteen schools with invented people, on this machine only.
//!
//! One school for each plan in `plans/`. Everything is made through the same use cases that the pages call, from a
//! fixed seed, so that the demo is the same every time. It is never a place for real people's data: its passwords
//! are printed.

mod adoption;
mod applied;
mod build;
mod chance;
mod days;
mod district;
mod families;
mod going_home;
mod joining;
mod names;
mod offerings;
mod pupils;
mod ready;
mod rounds;
mod site;
mod staff;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::builder::PossibleValuesParser;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use kehou_db::Clock;
use kehou_domain::moment;
use kehou_web::lang::Lang;
use kehou_web::{Settings, Web};

use crate::answer::{Failure, Format, Language};
use crate::config::Config;
use crate::demo::district::{DemoSchool, SCHOOLS};
use crate::demo::ready::Ready;
use crate::{Outcome, jobs, opened, say, serve, target};

/// The moment at which the demo's clock starts: a Tuesday in term, a little before the first children are called in.
const BEGIN: &str = "2026-10-13T15:05";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// When the demo's clock starts, on the school's clock
    #[arg(long, default_value = BEGIN)]
    at: DateTime,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8480)]
    port: u16,
    /// The folder of the demo's store; a folder for temporary files unless named
    #[arg(long)]
    data: Option<PathBuf>,
    /// Only the school of this code
    #[arg(long, value_parser = PossibleValuesParser::new(SCHOOLS.map(|school| school.code)))]
    only: Option<String>,
    /// One school with its staff and nothing else, to be tried with a plan and a roster of your own
    #[arg(long, conflicts_with = "only")]
    empty: bool,
    /// How the sign-ins are printed
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// Language of what people read
    #[arg(long, value_enum, default_value = "zh")]
    lang: Language,
}

impl Args {
    /// Which schools are asked for.
    fn what(&self) -> What<'_> {
        match &self.only {
            _ if self.empty => What::Empty,
            Some(code) => What::Only(code),
            None => What::District,
        }
    }

    /// The days that the first of the schools has behind it when the demo begins.
    fn played(&self) -> Vec<String> {
        let is_asked = |school: &&DemoSchool| self.only.as_deref().is_none_or(|code| code == school.code);
        let first = SCHOOLS.iter().find(is_asked).filter(|_| !self.empty);
        let days = first.map(|school| days::played(self.at.date(), school.played));
        days.unwrap_or_default().iter().map(Date::to_string).collect()
    }
}

/// Which schools a demo has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What<'a> {
    /// All thirteen.
    District,
    /// The one of this code.
    Only(&'a str),
    /// One that has staff and nothing else.
    Empty,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let mut config = Config::read(None)?;
    config.data = args.data.clone().unwrap_or_else(|| std::env::temp_dir().join("kehou-demo"));
    config.key_file = None;
    config.listen = ([127, 0, 0, 1], args.port).into();
    let at = moment::instant(args.at.date(), args.at.time());
    let day = args.at.date();
    if !args.empty && !(site::SERVICE_FROM..=site::TERM_TO).contains(&day) {
        return Err(outside_the_term(args.lang.lang()).into());
    }
    opened::wait(async move {
        let ready = prepared(&config, &args, at).await?;
        let db = opened::open(&config)?;
        let clock = Clock::new(opened::now).movable();
        clock.move_to(at);
        jobs::start(&db, &clock);
        let settings = Settings { demo: Some(ready.for_pages()), ..Settings::default() };
        let web = Web::new(db, clock, settings);
        serve::demo(config.listen, web, |address| {
            say(match args.format {
                Format::Text => ready.as_text(address, args.lang.lang()),
                Format::Json => ready.as_json(address),
            });
        })
        .await?;
        Ok(ExitCode::SUCCESS)
    })?
}

fn outside_the_term(lang: Lang) -> Failure {
    let (from, to) = (site::SERVICE_FROM, site::TERM_TO);
    let message = match lang {
        Lang::Zh => format!("--at：演示的课后服务从 {from} 到 {to}，请写其中的一个时间"),
        Lang::En => format!("--at: the demo's service runs from {from} to {to}; give a moment of it"),
    };
    Failure::misuse("outside_term", message)
}

/// The demo in this folder: the one that is there, when it is this one, or a new one.
async fn prepared(config: &Config, args: &Args, at: Timestamp) -> anyhow::Result<Ready> {
    let wanted = ready::wanted(at, args.what());
    if let Some(ready) = Ready::read(&config.data, &wanted)? {
        return Ok(ready);
    }
    let lang = args.lang.lang();
    ready::clear(lang, &config.data)?;
    std::fs::create_dir_all(&config.data).map_err(|why| target::unwritable(lang, &config.data, &why))?;
    ready::claim(&config.data)?;
    let db = opened::open(config)?;
    ensure!(
        db.schools(at).await?.is_empty(),
        "the store holds schools that are not the demo's: name another one"
    );
    let sign_ins = match args.what() {
        What::District => build::district(&db, at, None).await?,
        What::Only(code) => build::district(&db, at, Some(code)).await?,
        What::Empty => build::empty(&db).await?,
    };
    Ready::write(&config.data, wanted, sign_ins, args.played())
}
