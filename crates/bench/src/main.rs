//! What `cargo xtask bench` measures: the built program under requests, from outside.
//!
//! The program runs as a process of its own, so that its CPU time and memory are its own and the driver's are not
//! in them. Figures are printed beside their goals and are never a test: a busy machine would fail it.

#![expect(clippy::print_stdout, reason = "a measurement is printed")]

mod allocation;
mod crowd;
mod form;
mod hello;
mod http;
mod measure;
mod process;

use std::time::Duration;

use anyhow::{Context, Result};

use crate::measure::Measured;
use crate::process::Program;

/// One line of the table: what, how it is measured, and what it should be.
struct Row {
    name: &'static str,
    goal: &'static str,
    measure: fn(&mut Program) -> Result<Measured>,
}

const ROWS: [Row; 6] = [
    Row {
        name: "attendance", goal: "page of 40: ≤ 1 ms CPU, ≤ 8 KB gzipped", measure: measure::attendance
    },
    Row { name: "list", goal: "list of 50: ≤ 1 ms CPU, ≤ 8 KB gzipped", measure: measure::list },
    Row { name: "home", goal: "parent home: ≤ 1 ms CPU, ≤ 8 KB gzipped", measure: measure::home },
    Row { name: "roll", goal: "save a roll of 40: ≤ 2 ms CPU on SQLite", measure: measure::roll },
    Row { name: "memory", goal: "≤ 40 MB idle with one school", measure: measure::memory },
    Row { name: "start", goal: "≤ 100 ms to the first answer", measure: measure::start },
];

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "hello") {
        return hello::serve();
    }
    if let Some(("allocation", names)) = words.split_first().map(|(first, names)| (first.as_str(), names)) {
        return allocation::bench(names);
    }
    if let Some((name @ ("rush" | "wishes"), engines)) =
        words.split_first().map(|(first, rest)| (first.as_str(), rest))
    {
        return crowd::bench(name, engines);
    }
    let names: Vec<&str> = words.iter().map(String::as_str).collect();
    println!("load before: {}", load());
    println!("| what | {:52} | goal |", "measured");
    println!("|---|---|---|");
    println!(
        "| hello | {:52} | the ceiling: an empty answer from the same stack |",
        hello::measure()?.to_string()
    );
    for (engine, address) in engines() {
        bench(engine, address.as_deref(), &names).with_context(|| format!("on {engine}"))?;
    }
    println!("load after: {}", load());
    Ok(())
}

fn bench(engine: &str, address: Option<&str>, names: &[&str]) -> Result<()> {
    let mut program = Program::start(address)?;
    std::thread::sleep(Duration::from_millis(200));
    for row in ROWS.iter().filter(|row| names.is_empty() || names.contains(&row.name)) {
        let measured = match (row.measure)(&mut program) {
            Ok(measured) => measured.to_string(),
            Err(fault) => format!("not measured: {fault:#}"),
        };
        println!("| {} ({engine}) | {measured:52} | {} |", row.name, row.goal);
    }
    Ok(())
}

/// SQLite always, PostgreSQL when `KEHOU_BENCH_PG` names a database.
fn engines() -> Vec<(&'static str, Option<String>)> {
    let mut engines = vec![("SQLite", None)];
    if let Some(address) = std::env::var_os("KEHOU_BENCH_PG") {
        engines.push(("PostgreSQL", Some(address.to_string_lossy().into_owned())));
    }
    engines
}

/// The machine's load over one, five and fifteen minutes, and its processors.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = text.split(' ').take(3).collect();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} on {processors} processors", load.join(" "))
}
