//! The whole suite, step by step, and its counts.

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::count::Count;
use crate::postgres::Scratch;
use crate::root::{cargo, target};
use crate::{browser as pages, machine, peers};

/// `cargo xtask test`: every step runs even when an earlier one failed, so that one run tells everything.
pub(crate) fn test() -> Result<ExitCode> {
    machine::prepare()?;
    let scratch = Scratch::start()?;
    let address = scratch.address();
    let mut total = Count::default();
    step("formatting", &mut total, || check(&["fmt", "--all", "--check"]));
    step("lints", &mut total, || {
        check(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])
    });
    step("unit, use-case, page and tidy tests, SQLite and PostgreSQL", &mut total, || {
        Count::of(cargo(&["test", "--workspace", "--no-fail-fast"]).env("KEHOU_TEST_PG", &address))
    });
    step("types of the front end", &mut total, pages::types);
    step("browser tests", &mut total, || pages::run(&[]));
    Ok(end(total))
}

/// `cargo xtask tidy`
pub(crate) fn tidy() -> Result<ExitCode> {
    Ok(end(Count::of(&mut cargo(&["test", "--quiet", "--package", "xtask"]))?))
}

/// `cargo xtask browser [NAME…]`
pub(crate) fn browser(names: &[String]) -> Result<ExitCode> {
    machine::prepare()?;
    let mut count = pages::types()?;
    count += pages::run(names)?;
    Ok(end(count))
}

/// `cargo xtask bench [ROW…]`: the release build, measured from outside.
pub(crate) fn bench(rows: &[String]) -> Result<ExitCode> {
    if rows.first().is_some_and(|row| row == "allocation") {
        return allocation(rows);
    }
    machine::prepare()?;
    release()?;
    if rows.first().is_some_and(|row| row == "rush") {
        build(&["--package", "kehou-db", "--example", "bare_claims"])?;
    }
    let scratch = Scratch::start()?;
    let mut bench = Command::new(target().join("release/kehou-bench"));
    let done = bench.args(rows).env("KEHOU_BENCH_PG", scratch.address()).status()?;
    Ok(if done.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `cargo xtask bench allocation [INSTANCE…]`: our solvers beside OR-tools, where that can be had.
fn allocation(rows: &[String]) -> Result<ExitCode> {
    let python = peers::python();
    release()?;
    let mut bench = Command::new(target().join("release/kehou-bench"));
    bench.args(rows);
    match python {
        Ok(python) => bench.env("KEHOU_BENCH_PYTHON", python),
        Err(fault) => {
            println!("OR-tools is left out: {fault:#}");
            bench.env_remove("KEHOU_BENCH_PYTHON")
        }
    };
    Ok(if bench.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn release() -> Result<()> {
    build(&["--package", "kehou", "--package", "kehou-bench"])
}

fn build(what: &[&str]) -> Result<()> {
    if !cargo(&["build", "--release"]).args(what).status()?.success() {
        bail!("the release build failed");
    }
    Ok(())
}

fn step(name: &str, total: &mut Count, work: impl FnOnce() -> Result<Count>) {
    println!("\n=== {name}");
    let began = Instant::now();
    let count = work().unwrap_or_else(|fault| {
        println!("{fault:#}");
        Count::one(false)
    });
    println!("=== {name}: {count}, {} s", began.elapsed().as_secs());
    *total += count;
}

/// A step that is one check: it passes when the command ends well.
fn check(words: &[&str]) -> Result<Count> {
    Ok(Count::one(cargo(words).status()?.success()))
}

fn end(total: Count) -> ExitCode {
    println!("\n{total}");
    if total.clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
