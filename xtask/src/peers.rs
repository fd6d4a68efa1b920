//! The programs that ours are measured against, in a folder of their own below the target folder.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::root::{root, target};

/// A Python with what `crates/bench/peers/requirements.txt` names, installed when that has changed.
pub(crate) fn python() -> Result<PathBuf> {
    let folder = target().join("peers");
    let wanted = root().join("crates/bench/peers/requirements.txt");
    let (python, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
    let list = std::fs::read(&wanted)?;
    if std::fs::read(&stamp).ok().as_ref() == Some(&list) {
        return Ok(python);
    }
    done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    done(Command::new(&python).args(pip).arg(wanted))?;
    std::fs::write(&stamp, list)?;
    Ok(python)
}

fn done(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_owned();
    if !command.status().with_context(|| format!("{} cannot be started", program.display()))?.success() {
        bail!("{} did not succeed", program.display());
    }
    Ok(())
}
