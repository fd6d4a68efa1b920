//! `kehou serve` on a filled store, as a process of its own.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::town::Town;
use crate::http::Client;
use crate::process::{Running, first_line};

/// How long a start may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The service, and where it listens.
pub(super) struct Service {
    pub(super) running: Running,
    pub(super) host: String,
}

impl Service {
    /// Starts it on the store of the town, on a free port.
    pub(super) fn start(town: &Town) -> Result<Service> {
        Service::on(town, "127.0.0.1:0")
    }

    /// Kills it as a power cut would, and starts it again at the same address.
    pub(super) fn cut_short(&mut self, town: &Town) -> Result<()> {
        self.running.kill()?;
        *self = Service::on(town, &self.host)?;
        Ok(())
    }

    fn on(town: &Town, listen: &str) -> Result<Service> {
        let program = std::env::current_exe()?.with_file_name("kehou");
        let mut command = Command::new(&program);
        command.arg("serve").env("KEHOU_DATA", &town.folder).env("KEHOU_LISTEN", listen);
        command.env("KEHOU_KEY_FILE", town.folder.join("field.keys")).env_remove("DATABASE_URL");
        if let Some(address) = &town.database {
            command.env("DATABASE_URL", address);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let line = first_line(&mut child)?;
        let running = Running::new(child);
        let Some(host) = line.strip_prefix("http://") else { bail!("the service said {line:?}") };
        let service = Service { running, host: host.to_owned() };
        service.wait()?;
        Ok(service)
    }

    fn wait(&self) -> Result<()> {
        let began = Instant::now();
        loop {
            let answer = Client::connect(&self.host).and_then(|mut client| client.get("/readyz"));
            match answer {
                Ok(answer) if answer.status == 200 => return Ok(()),
                _ if PATIENCE < began.elapsed() => bail!("the service does not get ready"),
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}
