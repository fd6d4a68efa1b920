//! A scratch PostgreSQL: made for one run, on its own port, gone afterwards.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::machine;

/// Settings for speed: what this server holds is thrown away, so nothing needs to survive a power cut.
const SETTINGS: [&str; 5] =
    ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "timezone=UTC"];

/// A running scratch server. Dropping it stops the server and removes its files.
pub(crate) struct Scratch {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    server: Child,
}

impl Scratch {
    /// Makes a cluster in the system's temporary folder and starts it.
    pub(crate) fn start() -> Result<Scratch> {
        let programs = machine::postgres_programs().context("PostgreSQL 15 or newer was not found")?;
        let folder = std::env::temp_dir().join(format!("kehou-pg-{}", std::process::id()));
        make_folder(&folder)?;
        let data = folder.join("data");
        let mut initdb = as_postgres(&programs.join("initdb"));
        initdb.args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ]);
        if !initdb.arg(&data).stdout(Stdio::null()).status()?.success() {
            bail!("initdb failed in {}", folder.display());
        }
        let port = free_port()?;
        let server = serve(&programs, &folder, port)?;
        let scratch = Scratch { programs, folder, port, server };
        scratch.wait()?;
        Ok(scratch)
    }

    /// The address to give to `KEHOU_TEST_PG`.
    pub(crate) fn address(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&self) -> Result<()> {
        for _ in 0..200 {
            let mut ready = Command::new(self.programs.join("pg_isready"));
            ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            if ready.status()?.success() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not start; see {}", self.folder.join("log").display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let mut stop = as_postgres(&self.programs.join("pg_ctl"));
        stop.args(["stop", "-s", "-m", "immediate", "-D"]).arg(self.folder.join("data"));
        let _ = stop.status();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// `cargo xtask pg`: keeps a server up until Enter is pressed.
pub(crate) fn until_enter() -> Result<ExitCode> {
    machine::prepare()?;
    let scratch = Scratch::start()?;
    println!("export KEHOU_TEST_PG={}", scratch.address());
    println!("Press Enter to stop it and throw its data away.");
    std::io::stdin().read_line(&mut String::new())?;
    Ok(ExitCode::SUCCESS)
}

fn serve(programs: &Path, folder: &Path, port: u16) -> Result<Child> {
    let mut postgres = as_postgres(&programs.join("postgres"));
    postgres.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    postgres.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    for setting in SETTINGS {
        postgres.args(["-c", setting]);
    }
    let log = std::fs::File::create(folder.join("log"))?;
    postgres.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    postgres.spawn().context("cannot start PostgreSQL")
}

/// A command as the user postgres when this process is root, which PostgreSQL refuses to run as.
fn as_postgres(program: &Path) -> Command {
    if !machine::is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    if machine::is_root() && !Command::new("chown").arg("postgres").arg(folder).status()?.success() {
        bail!("cannot give {} to the user postgres", folder.display());
    }
    Ok(())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
