//! Tasks of the project, as `cargo xtask TASK`.
//!
//! `test` is the whole suite and what continuous integration runs; the others are parts of it for daily work.

#![expect(clippy::print_stdout, reason = "a task talks to the person who started it")]

mod browser;
mod count;
mod machine;
mod peers;
mod postgres;
mod root;
mod suite;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask test              formatting, lints, tests on both engines, tidy and browser tests
cargo xtask tidy              the tests that read the project's own files
cargo xtask browser [NAME…]   the browser tests, all or the named files of browser/tests
cargo xtask bench [ROW…]      measurements beside their goals, on both engines
cargo xtask bench allocation [school|district|million|classes]  our solvers beside OR-tools
cargo xtask bench rush [ENGINE]     first come: 2,000 families, each from two devices, for 800 seats
cargo xtask bench wishes [ENGINE]   ranked wishes of 40,000 families in ten minutes, with a power cut
cargo xtask pg                a PostgreSQL for development, until Enter is pressed";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(code) => code,
        Err(fault) => {
            println!("xtask: {fault:#}");
            ExitCode::from(2)
        }
    }
}

fn run(words: &[String]) -> Result<ExitCode> {
    let (task, rest) = words.split_first().map_or(("help", words), |(task, rest)| (task.as_str(), rest));
    match task {
        "test" => suite::test(),
        "tidy" => suite::tidy(),
        "browser" => suite::browser(rest),
        "bench" => suite::bench(rest),
        "pg" => postgres::until_enter(),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no task {other:?}; `cargo xtask help` lists them"),
    }
}
