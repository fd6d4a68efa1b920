//! What the tests need on this machine beyond Rust and Node: PostgreSQL, Chromium and a Chinese font.
//!
//! What is missing is installed from Debian's packages, after saying so.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Names under which a usable browser may be found.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The oldest Node that the front end and the browser tests work with.
const OLDEST_NODE: u32 = 20;

/// Installs what is missing, or says which packages a person with the right to do so must install.
pub(crate) fn prepare() -> Result<()> {
    let node = output(Command::new("node").arg("--version")).unwrap_or_default();
    let major: u32 = node.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    if major < OLDEST_NODE {
        bail!("Node {OLDEST_NODE} or newer with npm is needed; found {:?}", node.trim());
    }
    let missing = missing_packages();
    if missing.is_empty() {
        return Ok(());
    }
    println!("The tests need these Debian packages, which are missing here: {}", missing.join(" "));
    let Some(prefix) = administrator() else {
        bail!("please run `apt-get install {}` as root, then start the tests again", missing.join(" "));
    };
    println!("Installing them with apt-get.");
    apt(&prefix, &["update", "-qq"])?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(&missing);
    apt(&prefix, &words)
}

/// The Chromium to use in browser tests.
pub(crate) fn chromium() -> Result<PathBuf> {
    BROWSERS
        .iter()
        .find_map(|name| on_path(name))
        .context("no Chromium was found; `cargo xtask test` installs it")
}

/// The folder with PostgreSQL's programs, newest version first; they are not on the path on Debian.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(version, bin)| 15 <= *version && bin.join("initdb").exists())
        .collect();
    folders.sort();
    folders.pop().map(|(_, bin)| bin).or_else(|| on_path("initdb")?.parent().map(PathBuf::from))
}

/// Whether this process is root.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

fn missing_packages() -> Vec<&'static str> {
    let mut missing = Vec::new();
    if postgres_programs().is_none() {
        missing.push("postgresql");
    }
    if chromium().is_err() {
        missing.push("chromium");
    }
    let chinese_fonts = output(Command::new("fc-list").arg(":lang=zh"));
    if chinese_fonts.is_none_or(|fonts| fonts.trim().is_empty()) {
        missing.extend(["fontconfig", "fonts-noto-cjk"]);
    }
    missing
}

/// The words that make a command run as root, or none when this user may not become root without a password.
fn administrator() -> Option<Vec<&'static str>> {
    on_path("apt-get")?;
    if is_root() {
        return Some(Vec::new());
    }
    output(Command::new("sudo").args(["-n", "true"])).map(|_| vec!["sudo", "-n"])
}

fn apt(prefix: &[&str], words: &[&str]) -> Result<()> {
    let mut line: Vec<&str> = prefix.to_vec();
    line.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    line.extend(words);
    let status = Command::new(line[0]).args(&line[1..]).stdout(Stdio::null()).status()?;
    if !status.success() {
        bail!("`{}` failed", line.join(" "));
    }
    Ok(())
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// What a command prints, when it can be started and ends well.
fn output(command: &mut Command) -> Option<String> {
    let done = command.stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}
