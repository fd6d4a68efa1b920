//! The rows of the table.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::form;
use crate::http::{Answer, Client};
use crate::process::{Program, Running};

/// Requests before the measured ones, so that caches are warm.
const WARM: u32 = 50;
/// Measured requests.
const TIMES: u32 = 500;

/// What was measured.
pub(crate) enum Measured {
    /// CPU of the server and time to the answer, for each request; bytes of the compressed answer.
    Requests { cpu: Duration, wall: Duration, bytes: usize },
    /// Kilobytes of resident memory.
    Memory { resident: u64 },
    /// From the call of the program to its first answer.
    Start { first_answer: Duration },
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measured::Requests { cpu, wall, bytes } => {
                write!(f, "{} µs CPU, {} µs to the answer, {bytes} bytes", cpu.as_micros(), wall.as_micros())
            }
            Measured::Memory { resident } => write!(f, "{} MB resident", resident / 1024),
            Measured::Start { first_answer } => write!(f, "{} ms", first_answer.as_millis()),
        }
    }
}

/// The roll of a group.
pub(crate) fn attendance(program: &mut Program) -> Result<Measured> {
    let mut client = program.client("service_teacher")?;
    let path = roll_path(&mut client)?;
    repeat(&program.running, &mut client, &path)
}

/// The list of applications in the office.
pub(crate) fn list(program: &mut Program) -> Result<Measured> {
    let mut client = program.client("academic_office")?;
    let path = find(&mut client, "/applications")?;
    repeat(&program.running, &mut client, &path)
}

/// The first page of a family.
pub(crate) fn home(program: &mut Program) -> Result<Measured> {
    let mut client = program.client("guardian")?;
    repeat(&program.running, &mut client, "/home")
}

/// Saving a roll: each that can be called now, from the form of its page as a duty leader has it, everybody present.
pub(crate) fn roll(program: &mut Program) -> Result<Measured> {
    let mut client = program.client("duty_leader")?;
    let today = find(&mut client, "/today")?;
    let rolls = form::links(&client.get(&today)?.text());
    let mut saves = Vec::new();
    for path in rolls.into_iter().filter(|path| path.contains("/rolls/")) {
        let page = client.get(&path)?.text();
        saves.push((filled(&page, &path), path));
    }
    let (began, before) = (Instant::now(), program.running.cpu()?);
    let mut done = 0;
    for (fields, path) in &saves {
        // later groups cannot be called yet; those before them were saved
        if client.post(path, fields)?.status != 303 {
            break;
        }
        done += 1;
    }
    let (cpu, wall) = (program.running.cpu()?.saturating_sub(before), began.elapsed());
    if done == 0 {
        bail!("none of {} rolls was saved", saves.len());
    }
    Ok(Measured::Requests { cpu: cpu / done, wall: wall / done, bytes: 0 })
}

/// The fields of a roll's form with every child present.
fn filled(page: &str, path: &str) -> Vec<(String, String)> {
    let mut fields = form::hidden(page, path);
    fields.retain(|(name, _)| name == "version" || name == "key");
    let tiles = form::tags(page, "button").filter(|tag| form::attribute(tag, "name") == Some("tap"));
    let children = tiles.filter_map(|tag| form::attribute(tag, "value"));
    fields.extend(children.map(|child| ("m".to_owned(), format!("{child}.present"))));
    fields
}

/// Memory after a start on the store that is there, once somebody has looked at a page.
pub(crate) fn memory(program: &mut Program) -> Result<Measured> {
    program.restart()?;
    program.client("guardian")?.follow("/home")?;
    Ok(Measured::Memory { resident: program.running.resident()? })
}

/// A start on the store that is there.
pub(crate) fn start(program: &mut Program) -> Result<Measured> {
    program.restart()?;
    Ok(Measured::Start { first_answer: program.started_in })
}

/// Asks for one page again and again.
pub(crate) fn repeat(running: &Running, client: &mut Client, path: &str) -> Result<Measured> {
    client.gzip = true;
    let mut last = fetch(client, path)?;
    for _ in 0..WARM {
        last = fetch(client, path)?;
    }
    let (began, before) = (Instant::now(), running.cpu()?);
    for _ in 0..TIMES {
        fetch(client, path)?;
    }
    let cpu = running.cpu()?.saturating_sub(before) / TIMES;
    Ok(Measured::Requests { cpu, wall: began.elapsed() / TIMES, bytes: last.body.len() })
}

fn fetch(client: &mut Client, path: &str) -> Result<Answer> {
    let answer = client.get(path)?;
    if answer.status != 200 {
        bail!("{path} answers {}", answer.status);
    }
    Ok(answer)
}

/// The roll of the first session that the signed-in teacher leads.
fn roll_path(client: &mut Client) -> Result<String> {
    find(client, "/rolls/")
}

/// The first link with these words on the first page or one step behind it.
fn find(client: &mut Client, words: &str) -> Result<String> {
    let first = client.follow("/")?.text();
    let near = form::links(&first);
    let found = |links: &[String]| links.iter().find(|link| link.contains(words)).cloned();
    if let Some(link) = found(&near) {
        return Ok(link);
    }
    for path in near.iter().filter(|path| path.starts_with('/')).take(12) {
        if let Some(link) = found(&form::links(&client.get(path)?.text())) {
            return Ok(link);
        }
    }
    None.with_context(|| format!("no page links to {words}"))
}
