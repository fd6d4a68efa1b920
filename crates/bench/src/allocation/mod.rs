//! `kehou-bench allocation`: our solvers beside OR-tools, each in a process of its own.
//!
//! Ratios are of processor time, from pairs that run one after another in changing order, so that a busy machine
//! slows both. An answer with another objective is an error: speed never counts on a wrong answer.

mod instance;
mod solver;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use solver::{Answer, Solver, cpu_of_children};

/// What the rows are measured on.
const INSTANCES: [&str; 4] = ["school", "district", "million", "classes"];
/// How many pairs a ratio is the median of.
const PAIRS: usize = 5;
/// How often the classes are formed, since the clock of ended processes is coarse.
const TIMES: u32 = 50;

/// Prints the table, all of it or the named instances. `KEHOU_BENCH_PYTHON` names a Python that has OR-tools;
/// without it there are no ratios to it.
pub(crate) fn bench(names: &[String]) -> Result<()> {
    if let Some(name) = names.iter().find(|name| !INSTANCES.contains(&name.as_str())) {
        bail!("there is no instance {name:?}, only {}", INSTANCES.join(", "));
    }
    let folder = std::env::temp_dir().join(format!("kehou-bench-allocation-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = rows(&folder, |name| names.is_empty() || names.iter().any(|named| named == name));
    std::fs::remove_dir_all(&folder)?;
    done
}

fn rows(folder: &std::path::Path, is_wanted: impl Fn(&str) -> bool) -> Result<()> {
    let written = |name: &str, text: String| -> Result<PathBuf> {
        let file = folder.join(name);
        std::fs::write(&file, text)?;
        Ok(file)
    };
    println!("load before: {}", crate::load());
    println!("| what | measured | goal |\n|---|---|---|");
    for (name, schools) in [("school", 1), ("district", 50)].into_iter().filter(|(name, _)| is_wanted(name)) {
        let market = written(name, instance::market(schools))?;
        flows(name, &market, folder)?;
    }
    if is_wanted("million") {
        million(&written("million", instance::market(500))?, folder)?;
    }
    if is_wanted("classes") {
        classes(&written("classes", instance::classes(200))?)?;
    }
    println!("load after: {}", crate::load());
    Ok(())
}

/// The yardstick and deferred acceptance against OR-tools on one market.
fn flows(name: &str, market: &std::path::Path, folder: &std::path::Path) -> Result<()> {
    let result = folder.join("result");
    let (ours, draw) = (Solver::ours("o1", market, &result)?, Solver::ours("da", market, &result)?);
    let Some(peer) = Solver::peer(market, folder)? else {
        let (ours, draw) = (ours.run()?, draw.run()?);
        println!("| o1, {name} | {:.4} s; OR-tools is not here | ≤ 0.5 of it |", ours.seconds);
        println!("| da, {name} | {:.4} s; OR-tools is not here | ≤ 0.02 of it |", draw.seconds);
        return Ok(());
    };
    let (mut o1, mut da) = (Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        let (ours, theirs) = if pair % 2 == 0 {
            let ours = ours.run()?;
            (ours, peer.run()?)
        } else {
            let theirs = peer.run()?;
            (ours.run()?, theirs)
        };
        same(ours, theirs)?;
        o1.push((ours.seconds, theirs.seconds));
        da.push((draw.run()?.seconds, theirs.seconds));
    }
    println!("| o1, {name} | {} | ≤ 0.5 of OR-tools |", ratio(&mut o1));
    println!("| da, {name} | {} | ≤ 0.02 of OR-tools |", ratio(&mut da));
    Ok(())
}

fn same(ours: Answer, theirs: Answer) -> Result<()> {
    if ours.objective != theirs.objective {
        bail!("objective O1: ours {}, OR-tools {}", ours.objective, theirs.objective);
    }
    Ok(())
}

/// The median of the ratios, with the seconds of its pair.
fn ratio(pairs: &mut [(f64, f64)]) -> String {
    pairs.sort_by(|one, other| (one.0 * other.1).total_cmp(&(other.0 * one.1)));
    let (ours, theirs) = pairs[pairs.len() / 2];
    format!("{:.3}: {ours:.4} s against {theirs:.4} s", ours / theirs)
}

/// Reading, allocating and writing a million children against only reading and counting them.
fn million(market: &std::path::Path, folder: &std::path::Path) -> Result<()> {
    let draw = Solver::ours("da", market, &folder.join("result"))?;
    let (mut whole, mut counts) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let before = cpu_of_children()?;
        draw.run()?;
        whole.push(cpu_of_children()? - before);
        counts.push(solver::count(market)?);
    }
    whole.sort_by(f64::total_cmp);
    counts.sort_by(f64::total_cmp);
    let (whole, count) = (whole[PAIRS / 2], counts[PAIRS / 2]);
    println!(
        "| da, million, from file to result | {:.1}: {whole:.2} s against {count:.3} s | ≤ 5 of counting |",
        whole / count
    );
    Ok(())
}

/// The whole command on 200 schools: start, reading, both countings, writing.
fn classes(file: &std::path::Path) -> Result<()> {
    let before = cpu_of_children()?;
    for _ in 0..TIMES {
        solver::kehou()?.arg("classes").arg(file).arg("--exact").output().context("kehou classes")?;
    }
    let each = (cpu_of_children()? - before) / f64::from(TIMES) * 1000.0;
    println!("| classes, 200 schools, whole command | {each:.1} ms | exact counting alone: ≤ 10 ms |");
    Ok(())
}
