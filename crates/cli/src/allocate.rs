//! `kehou allocate`: who gets which seat, from a file alone, and whether a result follows from its file.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use kehou_app::allocation::file::{self, School};
use kehou_app::allocation::{
    self, Difference, Explanations, Filled, Made, ResultFile, Setting, Statement, Unreadable,
};
use kehou_domain::allocation::{Closing, Rules, Scheme, Seed, Siblings, Titles};
use kehou_web::allocation::words;
use kehou_web::lang::Lang;
use serde_json::{Value, json};

use crate::answer::{Failure, Format, Language};
use crate::{Outcome, say, target};

/// Seats for wishes, by a draw that anyone can check.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    draw: Option<Draw>,
    /// How a failure is told
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(crate) format: Format,
    /// Language of what people read
    #[arg(long, value_enum, default_value = "zh", global = true)]
    lang: Language,
}

#[derive(Subcommand)]
enum Act {
    /// Check that a result follows from its market, without allocating again
    Verify(Verify),
}

#[derive(clap::Args)]
struct Draw {
    /// The market, in the format ALLOC1
    file: PathBuf,
    /// The seed of the draw in hexadecimal
    #[arg(long, value_name = "HEX")]
    seed: String,
    /// Which mechanism
    #[arg(long, value_enum, default_value = "da")]
    mode: Mode,
    /// For what a child draws a ticket
    #[arg(long, value_enum, default_value = "perday")]
    tickets: Tickets,
    /// Whether the children of a family share their tickets
    #[arg(long, value_enum, default_value = "apart")]
    siblings: Families,
    /// Open every offering, however few come
    #[arg(long)]
    no_closing: bool,
    /// What closed stays closed
    #[arg(long, alias = "no-reopen")]
    no_reopening: bool,
    /// A child may have the same title on several days
    #[arg(long)]
    repeat_titles: bool,
    /// Where the result goes, as JSON (standard output)
    #[arg(long, value_name = "RESULT")]
    out: Option<PathBuf>,
    /// Where the reasons go, one line a wish
    #[arg(long, value_name = "FILE")]
    explain: Option<PathBuf>,
}

#[derive(clap::Args)]
struct Verify {
    /// The result
    result: PathBuf,
    /// The market that it was made from
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    /// Deferred acceptance, the children proposing
    Da,
    /// The yardstick against other solvers: the least objective, without minimums, titles may repeat
    O1,
    /// The most seats; a family may gain by ordering its wishes tactically
    MostSeats,
}

#[derive(Clone, Copy, ValueEnum)]
enum Tickets {
    /// One for each weekday
    Perday,
    /// One for the week
    One,
}

#[derive(Clone, Copy, ValueEnum)]
enum Families {
    /// Each child draws for itself
    Apart,
    /// All draw by the lowest number of the family
    Together,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let lang = args.lang.lang();
    match (args.act, args.draw) {
        (Some(Act::Verify(verify)), _) => self::verify(lang, &verify),
        (None, Some(draw)) => self::draw(lang, &draw),
        (None, None) => unreachable!("without a subcommand the file is required"),
    }
}

fn draw(lang: Lang, args: &Draw) -> Outcome {
    let setting = setting(lang, args)?;
    may_write(lang, args)?;
    let schools = read(lang, &args.file)?;
    let is_beyond = |school: &School| school.market.has_apart() || school.market.has_several_days();
    if matches!(args.mode, Mode::O1) && schools.iter().any(is_beyond) {
        return Err(Failure::misuse("mode", words::beyond_yardstick(lang).to_owned()).into());
    }
    let result = to(lang, args.out.as_deref())?;
    let reasons = args.explain.as_deref().map(|path| to(lang, Some(path))).transpose()?;
    match write(&setting, &schools, result, reasons) {
        Ok(done) => report(&done),
        // who reads may stop early
        Err(fault) if fault.kind() == ErrorKind::BrokenPipe => {}
        Err(fault) => return Err(fault.into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether result and reasons can be written, each beside the other and beside the market.
fn may_write(lang: Lang, args: &Draw) -> Result<(), Failure> {
    let named = [("--out", &args.out), ("--explain", &args.explain)];
    let named: Vec<(&str, &Path)> =
        named.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?))).collect();
    let market = match lang {
        Lang::Zh => "名单文件",
        Lang::En => "the market",
    };
    for (number, one) in named.iter().enumerate() {
        target::apart(lang, *one, (market, &args.file))?;
        named[..number].iter().try_for_each(|other| target::apart(lang, *other, *one))?;
    }
    named.iter().try_for_each(|(_, path)| target::writable(lang, path))
}

/// What is told of a result beside it.
struct Done {
    /// Processor time spent on drawing and allocating, without the reading and writing.
    solved: Duration,
    o1: u64,
    filled: Option<Filled>,
}

/// Draws, allocates and writes school by school.
fn write(
    setting: &Setting,
    schools: &[School],
    mut result: Box<dyn Write>,
    mut reasons: Option<Box<dyn Write>>,
) -> std::io::Result<Done> {
    let mut file = ResultFile::begin(&mut *result, setting, schools.len());
    let mut explanations = reasons.as_mut().map(|to| Explanations::begin(&mut **to, schools.len()));
    let (mut solved, mut filled) = (Duration::ZERO, None);
    for school in schools {
        let begun = processor_time();
        let made = Made::of(school, setting);
        solved += processor_time().saturating_sub(begun);
        filled = sum(filled, made.filled);
        file.add(&made)?;
        if let Some(explanations) = &mut explanations {
            explanations.add(&made)?;
        }
    }
    let o1 = file.finish()?;
    explanations.map(Explanations::finish).transpose()?;
    Ok(Done { solved, o1, filled })
}

fn setting(lang: Lang, args: &Draw) -> Result<Setting, Failure> {
    let seed = seed(&args.seed).ok_or_else(|| Failure::misuse("seed", words::seed_shape(lang)))?;
    let mode = match args.mode {
        Mode::Da => allocation::Mode::Deferred,
        Mode::O1 => allocation::Mode::Cheapest,
        Mode::MostSeats => allocation::Mode::MostSeats,
    };
    let scheme = match args.tickets {
        Tickets::Perday => Scheme::PerDay,
        Tickets::One => Scheme::One,
    };
    let siblings = match args.siblings {
        Families::Apart => Siblings::Apart,
        Families::Together => Siblings::Together,
    };
    let tickets = kehou_domain::allocation::Tickets { scheme, siblings };
    let closing = match (args.no_closing, args.no_reopening) {
        (true, _) => Closing::Never,
        (false, true) => Closing::ForGood,
        (false, false) => Closing::Reopening,
    };
    let titles = if args.repeat_titles { Titles::Repeat } else { Titles::Once };
    let rules = match mode {
        allocation::Mode::Cheapest => Rules { titles: Titles::Repeat, closing: Closing::Never },
        allocation::Mode::Deferred | allocation::Mode::MostSeats => Rules { titles, closing },
    };
    Ok(Setting { mode, seed, tickets, rules })
}

/// The seed of these hexadecimal digits, two a byte.
fn seed(digits: &str) -> Option<Seed> {
    let digits: Option<Vec<u8>> =
        digits.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Seed::of(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The schools of a file, or every problem of it.
fn read(lang: Lang, path: &Path) -> Result<Vec<School>, Failure> {
    let bytes = std::fs::read(path).map_err(|why| Failure::unreadable(lang, path, &why))?;
    file::read(&bytes).map_err(|problems| {
        let name = path.display();
        let mut lines = Vec::new();
        let mut facts = Vec::new();
        for problem in &problems {
            let message = words::problem(lang, &problem.wrong);
            lines.push(format!("{name}:{}:{}: {message}", problem.line, problem.column));
            facts.push(json!({ "line": problem.line, "column": problem.column, "message": message }));
        }
        let failure = Failure::wrong("not_sound", lines.join("\n"));
        failure.and("file", json!(name.to_string())).and("problems", Value::Array(facts))
    })
}

/// Where something is written.
fn to(lang: Lang, path: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    let Some(path) = path else { return Ok(Box::new(std::io::stdout())) };
    Ok(Box::new(target::create(lang, path)?))
}

/// What benches read: processor seconds spent on drawing and allocating, and the objective.
#[expect(clippy::print_stderr, reason = "the result may go to standard output, this may not be in it")]
fn report(done: &Done) {
    eprintln!("SOLVE cpu {:.6}", done.solved.as_secs_f64());
    eprintln!("OBJECTIVE O1 {}", done.o1);
    if let Some(Filled { seats, at_most }) = done.filled {
        eprintln!("SEATS {seats} of at most {at_most}");
    }
}

/// The seats of several schools.
fn sum(one: Option<Filled>, other: Option<Filled>) -> Option<Filled> {
    let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
    Some(Filled { seats: one.seats + other.seats, at_most: one.at_most + other.at_most })
}

/// The processor time of this process so far.
#[cfg(unix)]
fn processor_time() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(spent).unwrap_or_default()
}

/// Without a clock for the processor's time none is told.
#[cfg(not(unix))]
fn processor_time() -> Duration {
    Duration::ZERO
}

fn verify(lang: Lang, args: &Verify) -> Outcome {
    let schools = read(lang, &args.input)?;
    let json = std::fs::read(&args.result).map_err(|why| Failure::unreadable(lang, &args.result, &why))?;
    let statement = Statement::read(&json).map_err(|why| no_result(lang, &args.result, &why))?;
    allocation::verify(&schools, &statement).map_err(|found| differs(lang, &args.result, &found))?;
    say(words::verified(lang));
    Ok(ExitCode::SUCCESS)
}

fn no_result(lang: Lang, path: &Path, why: &Unreadable) -> Failure {
    let message = words::unreadable(lang, why);
    let place = match why {
        Unreadable::Shape { line, column } => format!("{}:{line}:{column}", path.display()),
        Unreadable::Word { .. } | Unreadable::Seed => path.display().to_string(),
    };
    Failure::wrong("no_result", format!("{place}: {message}"))
}

fn differs(lang: Lang, path: &Path, found: &Difference) -> Failure {
    let message = format!("{}: {}", path.display(), words::difference(lang, found));
    let failure = Failure::wrong("differs", message);
    failure.and("student", json!(found.student)).and("offering", json!(found.offering))
}
