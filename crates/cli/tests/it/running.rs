//! The program as a process that ends with its test, on a store in a folder of its own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::http::Client;

/// `kehou` with its store in this folder and nowhere else.
pub(crate) fn kehou(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kehou"));
    command.env("KEHOU_DATA", folder).env("KEHOU_LISTEN", "127.0.0.1:0");
    for elsewhere in ["DATABASE_URL", "KEHOU_KEY_FILE", "KEHOU_CERTIFICATE", "KEHOU_PROXY"] {
        command.env_remove(elsewhere);
    }
    command
}

/// A process that listens, killed at the end.
pub(crate) struct Running {
    pub(crate) child: Child,
    /// What it printed first.
    pub(crate) line: String,
}

impl Running {
    /// Starts it and waits for its first line; what it logs goes into a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Running {
        let log = File::create(log).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Running { child, line: line.trim_end().to_owned() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // it may be gone already, killed by its test
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client of the service at this address.
pub(crate) fn client(address: &str) -> Client {
    let host = address.trim_start_matches("http://").trim_end_matches('/');
    Client::connect(host).unwrap()
}
