//! Solvers as processes that tell their processor time and their objective.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The seed of every draw here; the yardstick does not depend on it.
const SEED: &str = "00000000000000000000000000000000000000000000000000000000000000aa";
/// Our own script, beside the sources.
const PEER: &str = include_str!("../../peers/flow.py");

/// A command that solves one market.
pub(super) struct Solver(Vec<std::ffi::OsString>);

/// What a solver says.
#[derive(Clone, Copy)]
pub(super) struct Answer {
    /// Processor seconds of solving alone.
    pub(super) seconds: f64,
    /// The objective O1.
    pub(super) objective: u64,
}

impl Solver {
    /// `kehou allocate` in a mode.
    pub(super) fn ours(mode: &str, market: &Path, result: &Path) -> Result<Solver> {
        let program = std::env::current_exe()?.with_file_name("kehou");
        let words = ["--seed", SEED, "--mode", mode, "--out"].map(std::ffi::OsString::from);
        let file = [program.into(), "allocate".into(), market.into()];
        Ok(Solver(file.into_iter().chain(words).chain([result.into()]).collect()))
    }

    /// OR-tools, when there is a Python that has it.
    pub(super) fn peer(market: &Path, folder: &Path) -> Result<Option<Solver>> {
        let Some(python) = std::env::var_os("KEHOU_BENCH_PYTHON") else { return Ok(None) };
        let script = folder.join("flow.py");
        std::fs::write(&script, PEER)?;
        Ok(Some(Solver(vec![python, script.into(), market.into()])))
    }

    /// Runs it once.
    pub(super) fn run(&self) -> Result<Answer> {
        let (program, words) = self.0.split_first().context("a solver is a command")?;
        let output = Command::new(program).args(words).output()?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        if !output.status.success() {
            bail!("{}: {}", program.display(), said.trim());
        }
        let after = |words: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(words));
            line.with_context(|| format!("{} does not say {words:?}", program.display()))
        };
        let (seconds, objective) = (after("SOLVE cpu ")?.parse()?, after("OBJECTIVE O1 ")?.parse()?);
        Ok(Answer { seconds, objective })
    }
}

/// The program under measurement.
pub(super) fn kehou() -> Result<Command> {
    Ok(Command::new(std::env::current_exe()?.with_file_name("kehou")))
}

/// Processor seconds of all processes that were started here and have ended.
pub(super) fn cpu_of_children() -> Result<f64> {
    /// The kernel counts in hundredths of a second.
    const TICKS: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = text.rsplit(") ").next().context("no name")?;
    let times = after_name.split(' ').skip(13).take(2).map(str::parse::<f64>);
    Ok(times.collect::<std::result::Result<Vec<f64>, _>>()?.iter().sum::<f64>() / TICKS)
}

/// Seconds for reading a market and counting its wishes: what nobody can do without.
pub(super) fn count(market: &Path) -> Result<f64> {
    let before = own_cpu()?;
    let bytes = std::fs::read(market)?;
    let mut wishes = 0_u64;
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| line.first() == Some(&b'P')) {
        let days = line.split(|byte| *byte == b' ').skip(7).filter(|day| *day != b"-");
        wishes += days.map(|day| day.split(|byte| *byte == b',').count() as u64).sum::<u64>();
    }
    if wishes == 0 {
        bail!("{} has no wishes", market.display());
    }
    Ok(own_cpu()? - before)
}

/// Processor seconds of this thread.
fn own_cpu() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().context("no time")?.parse()?;
    Ok(nanoseconds / 1e9)
}
