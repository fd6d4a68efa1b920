//! The command `kehou`: the service, the store, and the rules on files alone.
//!
//! Exit codes: 0 when all is well, 1 when the content is wrong, 2 on wrong usage.

mod allocate;
mod answer;
mod audit;
mod calendar;
mod classes;
mod config;
mod demo;
mod jobs;
mod key;
mod logs;
mod opened;
mod plan;
mod roster;
mod school;
mod serve;
mod store;
mod target;
mod usage;
mod user;
mod work;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::answer::Format;

/// What a command answers: the exit code, or why it could not do its work.
pub(crate) type Outcome = anyhow::Result<ExitCode>;

/// Kehou 课后: after-school service, from the plan to the last child handed over.
#[derive(Parser)]
#[command(name = "kehou", version, about, arg_required_else_help = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build a district of invented people and serve it on this machine
    Demo(demo::Args),
    /// Serve the pages and the JSON, with the jobs beside them
    Serve(serve::Args),
    /// Run the jobs apart from the service
    Work(work::Args),
    /// School days, holidays and make-up days as the country publishes them
    Calendar(calendar::Args),
    /// Who sits together by the rule for small classes, as JSON
    Classes(classes::Args),
    /// Read roster workbooks, import them
    Roster(roster::Args),
    /// Bring the store up to date, copy it, put a copy back, look it through
    Db(store::Args),
    /// The schools of this installation
    School(school::Args),
    /// First accounts of a school, new codes for whoever is locked out
    User(user::Args),
    /// Check the chain over a school's event log
    Audit(audit::Args),
    /// Field keys
    Key(key::Args),
    /// Plan files: check them, ask them, compare them
    Plan(plan::Args),
    /// Who gets which seat, by a draw that anyone can check
    Allocate(allocate::Args),
}

fn main() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let command = match Line::try_parse_from(&typed) {
        Ok(line) => line.command,
        Err(error) => return usage::end(&error, &typed),
    };
    let format = command.format();
    run(command).unwrap_or_else(|fault| answer::end(format, &fault))
}

impl Command {
    /// How the command answers, also when it fails.
    const fn format(&self) -> Format {
        match self {
            Command::Demo(args) => args.format,
            Command::Calendar(args) => args.format,
            Command::Roster(args) => args.format,
            Command::User(args) => args.format,
            Command::Plan(args) => args.format,
            Command::Allocate(args) => args.format,
            Command::Classes(_) => Format::Json,
            Command::School(args) => args.format,
            Command::Audit(args) => args.format,
            Command::Serve(_) | Command::Work(_) | Command::Db(_) | Command::Key(_) => Format::Text,
        }
    }
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Demo(args) => demo::run(args),
        Command::Serve(args) => serve::run(&args),
        Command::Work(args) => work::run(&args),
        Command::Calendar(args) => calendar::run(&args),
        Command::Classes(args) => classes::run(&args),
        Command::Roster(args) => roster::run(args),
        Command::Db(args) => store::run(args),
        Command::School(args) => school::run(args),
        Command::User(args) => user::run(args),
        Command::Audit(args) => audit::run(args),
        Command::Key(args) => key::run(args),
        Command::Plan(args) => plan::run(args),
        Command::Allocate(args) => allocate::run(args),
    }
}

/// What is wrong, for the person at the terminal.
#[expect(clippy::print_stderr, reason = "a command tells its person what went wrong")]
pub(crate) fn say_wrong(line: impl std::fmt::Display) {
    eprintln!("kehou: {line}");
}

/// One line for the person at the terminal, or the program that reads it.
///
/// Who reads may stop early (`kehou plan check … | head`): what is left is then said to nobody.
pub(crate) fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
