//! `kehou plan`: whether a plan file is sound, what it says of a day, what changed between two.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use jiff::civil::{Date, Weekday};
use kehou_app::plan::file::{Reading, entries, read_bytes};
use kehou_domain::calendar::{self, national};
use kehou_domain::plan::{Change, DayKind, Grades, Plan, diff};
use kehou_web::lang::Lang;
use kehou_web::plan::json::{self, Asked, Check, Day, Difference};
use kehou_web::plan::words::{self, Called, command};

use crate::answer::{self, Failure, Format, Language};
use crate::{Outcome, say};

/// The plan of a school, as a file.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(crate) format: Format,
    /// The language of the answer
    #[arg(long, value_enum, default_value = "zh", global = true)]
    lang: Language,
}

#[derive(Subcommand)]
enum Command {
    /// Say what is wrong with plan files, and which rules the plans do not keep
    Check {
        /// The plan files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Say what a plan holds on a day
    Show {
        /// The plan file
        file: PathBuf,
        /// The day, as in 2026-09-01
        #[arg(long)]
        date: Date,
        /// Only this grade
        #[arg(long, value_parser = clap::value_parser!(u8).range(1..=9))]
        grade: Option<u8>,
        /// The weekday that a make-up day follows, 1 (Monday) to 5
        #[arg(long, value_parser = clap::value_parser!(i8).range(1..=5))]
        follows: Option<i8>,
    },
    /// Say what changed between two plan files
    Diff {
        /// The older file
        before: PathBuf,
        /// The newer file
        after: PathBuf,
    },
}

/// How the answer is written, and in which language.
#[derive(Clone, Copy)]
struct Answer {
    format: Format,
    lang: Lang,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let answer = Answer { format: args.format, lang: args.lang.lang() };
    match args.command {
        Command::Check { files } => check(answer, &files),
        Command::Show { file, date, grade, follows } => {
            show(answer, &file, Question { date, grade, follows })
        }
        Command::Diff { before, after } => changes(answer, &before, &after),
    }
}

/// What `show` asks.
#[derive(Clone, Copy)]
struct Question {
    date: Date,
    grade: Option<u8>,
    follows: Option<i8>,
}

fn check(answer: Answer, files: &[PathBuf]) -> Outcome {
    let (mut checks, mut missing) = (Vec::new(), false);
    for file in files {
        match std::fs::read(file) {
            Ok(bytes) => checks.push(checked(answer.lang, file, &bytes)),
            Err(why) => {
                missing = true;
                checks.push(unreadable(answer.lang, file, &why));
            }
        }
    }
    match answer.format {
        Format::Json => say(serde_json::to_string_pretty(&checks)?),
        Format::Text => checks.iter().for_each(|check| say(check_text(answer.lang, check).trim_end())),
    }
    let wrong = checks.iter().any(|check| !check.ok);
    Ok(ExitCode::from(if missing { 2 } else { u8::from(wrong) }))
}

/// A file that was named and cannot be read stands in the list with the others.
fn unreadable(lang: Lang, file: &Path, why: &std::io::Error) -> Check {
    let message = command::unreadable(lang, why.kind()).to_owned();
    let error = json::Error { line: 1, column: 1, code: answer::UNREADABLE, message };
    Check { file: file.display().to_string(), ok: false, errors: vec![error], warnings: Vec::new() }
}

/// The bytes of a file that must be there.
fn bytes_of(lang: Lang, file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|why| Failure::unreadable(lang, file, &why))
}

/// Answers with what is wrong with a file that another question was asked about.
fn unsound(answer: Answer, check: &Check) -> Outcome {
    if answer.format == Format::Text {
        say(check_text(answer.lang, check).trim_end());
        return Ok(ExitCode::from(1));
    }
    let message = format!("{}: {}", check.file, command::unsound(answer.lang, check.errors.len()));
    let failure = Failure::wrong("not_sound", message).and("file", check.file.clone().into());
    Err(failure.and("errors", serde_json::to_value(&check.errors)?).into())
}

fn checked(lang: Lang, file: &Path, bytes: &[u8]) -> Check {
    let file = file.display().to_string();
    let reading = match read_bytes(bytes) {
        Ok((_, reading)) => reading,
        Err(problem) => Reading { plan: None, problems: vec![problem] },
    };
    let errors: Vec<_> = reading.problems.iter().map(|problem| json::error(lang, problem)).collect();
    let warnings = reading.plan.as_ref().map(|plan| json::warnings(lang, plan)).unwrap_or_default();
    Check { file, ok: errors.is_empty(), errors, warnings }
}

fn check_text(lang: Lang, check: &Check) -> String {
    let mut text = String::new();
    for error in &check.errors {
        let _ = writeln!(text, "{}:{}:{}: {}", check.file, error.line, error.column, error.message);
    }
    if check.ok {
        let _ = writeln!(text, "{}: {}", check.file, command::sound(lang));
    }
    for warning in &check.warnings {
        let since = command::reminder(lang, &warning.since);
        let _ = writeln!(text, "  {since}: {}", warning.message);
        let _ = writeln!(text, "    {}", warning.clause);
    }
    text
}

fn show(answer: Answer, file: &Path, question: Question) -> Outcome {
    let bytes = bytes_of(answer.lang, file)?;
    let Ok((_, Reading { plan: Some(plan), .. })) = read_bytes(&bytes) else {
        return unsound(answer, &checked(answer.lang, file, &bytes));
    };
    let kind = kind_of(&plan, question).map_err(|unknown| unknown_day(answer.lang, unknown))?;
    let asked = Asked { date: question.date, kind, grade: question.grade };
    let day = json::day(answer.lang, &plan, asked);
    match answer.format {
        Format::Json => say(serde_json::to_string_pretty(&day)?),
        Format::Text => say(day_text(answer.lang, &plan, asked, &day).trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Why it cannot be said what kind of day it is.
#[derive(Clone, Copy)]
enum UnknownDay {
    /// The year's holidays are not published.
    Unpublished(i16),
    /// It is a make-up day, and the weekday that it follows makes a difference.
    Follows,
}

/// What kind of day it is by the country's calendar; a school's own days are not in a plan file.
fn kind_of(plan: &Plan, question: Question) -> Result<DayKind, UnknownDay> {
    let day = national::day(question.date).map_err(|unknown| UnknownDay::Unpublished(unknown.year))?;
    Ok(match day.kind {
        calendar::DayKind::SchoolDay => DayKind::School { follows: question.date.weekday() },
        calendar::DayKind::Weekend => DayKind::Weekend,
        calendar::DayKind::Holiday => DayKind::Closed,
        calendar::DayKind::MakeUpDay => make_up_day(plan, question)?,
    })
}

/// A make-up day follows the weekday asked for; without one it is answered when all weekdays are alike.
fn make_up_day(plan: &Plan, question: Question) -> Result<DayKind, UnknownDay> {
    let weekday = |number: i8| Weekday::from_monday_one_offset(number).expect("1 to 5 are weekdays");
    if let Some(number) = question.follows {
        return Ok(DayKind::School { follows: weekday(number) });
    }
    let kinds = (1..=5).map(|number| DayKind::School { follows: weekday(number) });
    let mut answers = kinds.map(|kind| (kind, plan.slots_on(question.date, kind)));
    let (monday, slots) = answers.next().expect("there are five");
    if answers.all(|(_, other)| other == slots) { Ok(monday) } else { Err(UnknownDay::Follows) }
}

fn unknown_day(lang: Lang, unknown: UnknownDay) -> Failure {
    match unknown {
        UnknownDay::Unpublished(year) => Failure::wrong("unpublished_year", command::unpublished(lang, year)),
        UnknownDay::Follows => Failure::misuse("make_up_day", command::which_weekday(lang)),
    }
}

fn day_text(lang: Lang, plan: &Plan, asked: Asked, day: &Day) -> String {
    let season = day.season_name.as_deref().unwrap_or_default();
    let mut text = format!("{} {} {season}\n", plan.school, day.date);
    if let Some(reason) = plan.no_service(asked.date, asked.kind) {
        let _ = writeln!(text, "{}", words::no_service(lang, reason));
    }
    let open = || command::not_stated(lang);
    for slot in &day.slots {
        let times = [&slot.start, &slot.end].map(|time| time.as_deref().unwrap_or(open()));
        let grades = words::grades(lang, Grades::of(slot.grades.iter().copied()));
        let _ =
            writeln!(text, "  {}–{}  {}  {grades}  {}", times[0], times[1], slot.name, slot.content_names);
    }
    for leaving in &day.release {
        let grades = words::grades(lang, Grades::of(leaving.grades.iter().copied()));
        let at = leaving.at.as_deref().unwrap_or(open());
        let _ = writeln!(text, "  {}", command::leaving(lang, &grades, at));
    }
    if !day.open.is_empty() {
        let _ = writeln!(text, "{}", command::to_answer(lang));
        for point in &day.open {
            let _ = writeln!(text, "  {point}");
        }
    }
    text
}

fn changes(answer: Answer, before: &Path, after: &Path) -> Outcome {
    let mut sides = Vec::new();
    for file in [before, after] {
        let bytes = bytes_of(answer.lang, file)?;
        let check = checked(answer.lang, file, &bytes);
        if !check.ok {
            return unsound(answer, &check);
        }
        let text = String::from_utf8(bytes).context("a sound plan is UTF-8")?;
        sides.push(entries(text.trim_start_matches('\u{feff}')));
    }
    let changes = diff(&sides[0], &sides[1]);
    match answer.format {
        Format::Json => {
            let changes: Vec<Difference> = changes.into_iter().map(Difference::from).collect();
            say(serde_json::to_string_pretty(&changes)?);
        }
        Format::Text if changes.is_empty() => say(command::no_difference(answer.lang)),
        Format::Text => {
            let [was, is] = [0, 1].map(|side| Called::new(answer.lang, &sides[side]));
            for change in &changes {
                say(change_text(change, was, is));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A change in words: the part by what it is for, what it was, what it is.
fn change_text(change: &Change, was: Called<'_>, is: Called<'_>) -> String {
    let before = change.before.as_ref().map(|value| was.value(&change.path, value));
    let after = change.after.as_ref().map(|value| is.value(&change.path, value));
    let part = if after.is_some() { is.path(&change.path) } else { was.path(&change.path) };
    match (before, after) {
        (Some(before), Some(after)) => format!("~ {part}: {before} → {after}"),
        (Some(before), None) => format!("- {part}: {before}"),
        (None, Some(after)) => format!("+ {part}: {after}"),
        (None, None) => part,
    }
}
