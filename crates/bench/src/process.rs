//! The measured program as a process: its CPU time, its memory, its start.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::http::Client;

/// A process that ends with this value.
pub(crate) struct Running(Child);

impl Running {
    /// Takes over a started process.
    pub(crate) fn new(child: Child) -> Running {
        Running(child)
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// CPU time of all its threads so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut nanoseconds = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.0.id()))? {
            let spent = std::fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            nanoseconds += spent.split(' ').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Resident memory in kilobytes.
    pub(crate) fn resident(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
        line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).context("no VmRSS")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The demo, and who may sign in to it.
pub(crate) struct Program {
    pub(crate) running: Running,
    pub(crate) host: String,
    /// From the call to the first answer of the last start.
    pub(crate) started_in: Duration,
    facts: Value,
    folder: PathBuf,
    database: Option<String>,
}

impl Program {
    /// Fills a demo, on SQLite or in this PostgreSQL database.
    pub(crate) fn start(database: Option<&str>) -> Result<Program> {
        let folder = std::env::temp_dir().join(format!("kehou-bench-{}", std::process::id()));
        let database = database.map(str::to_owned);
        let (running, facts, started_in) = run(&folder, database.as_deref())?;
        let address = facts["address"].as_str().context("the demo does not say where it is")?;
        let host = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Ok(Program { running, host, started_in, facts, folder, database })
    }

    /// Ends it and starts it again on the store that it left.
    pub(crate) fn restart(&mut self) -> Result<()> {
        self.running.kill()?;
        let (running, facts, started_in) = run(&self.folder, self.database.as_deref())?;
        let address = facts["address"].as_str().context("the demo does not say where it is")?;
        address.trim_start_matches("http://").trim_end_matches('/').clone_into(&mut self.host);
        (self.running, self.started_in) = (running, started_in);
        Ok(())
    }

    /// A signed-in client with this role in the fullest school.
    pub(crate) fn client(&self, role: &str) -> Result<Client> {
        let mut sign_ins = self.facts["sign_ins"].as_array().context("no sign-ins")?.iter();
        let found = sign_ins.find(|one| one["school"] == "s0" && one["role"] == role);
        let found = found.with_context(|| format!("nobody is {role}"))?;
        let mut client = Client::connect(&self.host)?;
        let page = client.follow("/sign-in")?.text();
        let mut fields = crate::form::hidden(&page, "/sign-in");
        for (field, fact) in [("phone", "phone"), ("secret", "password")] {
            fields.push((field.to_owned(), found[fact].as_str().unwrap_or_default().to_owned()));
        }
        let answer = client.post("/sign-in", &fields)?;
        if answer.location.is_none() {
            bail!("{role} cannot sign in: {}", answer.status);
        }
        sit(&mut client, role)?;
        Ok(client)
    }
}

/// Takes the seat in this role, when the person has several to choose from.
fn sit(client: &mut Client, role: &str) -> Result<()> {
    let page = client.get("/seats")?.text();
    let mut forms = page.split("<form").filter(|form| form.contains(" action=\"/seats\""));
    let wanted = format!("value=\"{role}\"");
    let Some(form) = forms.find(|form| form.contains(&wanted)) else { return Ok(()) };
    let fields = crate::form::hidden(&format!("<form{form}"), "/seats");
    let answer = client.post("/seats", &fields)?;
    if answer.location.is_none() {
        bail!("{role} has no seat: {}", answer.status);
    }
    Ok(())
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.running.0.kill();
        let _ = self.running.0.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The first line that a process prints.
pub(crate) fn first_line(child: &mut Child) -> Result<String> {
    let output = child.stdout.take().context("no output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

fn run(folder: &std::path::Path, database: Option<&str>) -> Result<(Running, Value, Duration)> {
    let program = std::env::current_exe()?.with_file_name("kehou");
    let mut command = Command::new(&program);
    command.args(["demo", "--port", "0", "--format", "json", "--data"]).arg(folder);
    if let Some(address) = database {
        command.env("DATABASE_URL", address);
    }
    let began = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let line = first_line(&mut child)?;
    let running = Running::new(child);
    let facts: Value = serde_json::from_str(&line).with_context(|| format!("the demo said {line:?}"))?;
    let address = facts["address"].as_str().context("no address")?;
    let host = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
    Client::connect(&host)?.get("/healthz")?;
    Ok((running, facts, began.elapsed()))
}
