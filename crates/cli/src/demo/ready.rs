//! What a built demo remembers of itself: for which moment it was built, and who may sign in.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use kehou_domain::access::Role;
use kehou_web::lang::Lang;
use kehou_web::{Demo, DemoSignIn};
use serde::{Deserialize, Serialize};

use super::What;
use crate::answer::Failure;

/// Marks a folder as a demo's own, which may be emptied.
const MARK: &str = "kehou-demo.json";

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignIn {
    /// The school's code.
    pub(super) school: String,
    /// The school's name.
    pub(super) school_name: String,
    /// The role's word.
    pub(super) role: String,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) password: String,
}

/// A demo that can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ready {
    built: String,
    sign_ins: Vec<SignIn>,
    /// The days that the first school has behind it: its sheets have these and no others.
    #[serde(default)]
    played: Vec<String>,
}

/// What the demo must have been built for: this version, this moment, these schools.
pub(super) fn wanted(at: Timestamp, what: What<'_>) -> String {
    format!("{} at {at} {what:?}", env!("CARGO_PKG_VERSION"))
}

/// Writes the mark before anything else, so that a demo that was cut short is recognised.
pub(super) fn claim(folder: &Path) -> anyhow::Result<()> {
    let unfinished = Ready { built: String::new(), sign_ins: Vec::new(), played: Vec::new() };
    Ok(fs::write(mark(folder), serde_json::to_string(&unfinished)?)?)
}

/// Empties a folder that is a demo's; one that holds anything else is left alone.
pub(super) fn clear(lang: Lang, folder: &Path) -> anyhow::Result<()> {
    let empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if empty {
        return Ok(());
    }
    if !mark(folder).exists() {
        let folder = folder.display();
        let message = match lang {
            Lang::Zh => format!("{folder}：里面有别的文件，不是演示用的；请用 --data 写另一个文件夹"),
            Lang::En => format!("{folder}: is not empty and not a demo's; name another folder with --data"),
        };
        return Err(Failure::misuse("not_a_demo", message).into());
    }
    fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))
}

fn mark(folder: &Path) -> PathBuf {
    folder.join(MARK)
}

impl SignIn {
    fn as_line(&self, lang: Lang) -> Option<String> {
        let role = Role::parse(&self.role)?;
        let (called, first) = (lang.t(kehou_web::identity::role(role)), lang.t(kehou_web::try_first(role)));
        Some(format!("  {}  {called} {}: {first}", self.phone, self.name))
    }
}

impl Ready {
    /// The demo in this folder, when it was built for this.
    pub(super) fn read(folder: &Path, wanted: &str) -> anyhow::Result<Option<Ready>> {
        let Ok(text) = fs::read_to_string(mark(folder)) else { return Ok(None) };
        let ready: Ready = serde_json::from_str(&text)?;
        Ok((ready.built == wanted).then_some(ready))
    }

    /// Remembers that the demo is built.
    pub(super) fn write(
        folder: &Path,
        built: String,
        sign_ins: Vec<SignIn>,
        played: Vec<String>,
    ) -> anyhow::Result<Ready> {
        let ready = Ready { built, sign_ins, played };
        fs::write(mark(folder), serde_json::to_string_pretty(&ready)?)?;
        Ok(ready)
    }

    /// The sign-ins as the demo's page lists them.
    pub(super) fn for_pages(&self) -> Demo {
        let sign_ins = self.sign_ins.iter().filter_map(|one| {
            let role = Role::parse(&one.role)?;
            Some(DemoSignIn {
                school: one.school_name.clone(),
                role,
                name: one.name.clone(),
                phone: one.phone.clone(),
                password: one.password.clone(),
                factor_secret: role.needs_second_factor().then(|| super::staff::FACTOR.to_owned()),
            })
        });
        Demo { sign_ins: sign_ins.collect() }
    }

    /// For a person at a terminal: the first school's sign-ins, one for each role, with what to try first.
    pub(super) fn as_text(&self, address: SocketAddr, lang: Lang) -> String {
        let address = format!("http://{address}");
        let mut lines = vec![format!("Kehou 课后 demo: {address}/"), String::new()];
        if let Some(first) = self.sign_ins.first() {
            lines.push(format!("{} ({}), password {}", first.school_name, first.school, first.password));
            let own = self.sign_ins.iter().filter(|one| one.school == first.school);
            lines.extend(own.filter_map(|one| one.as_line(lang)));
        }
        if !self.played.is_empty() {
            lines.push(format!("  days with sheets before today: {}", self.played.join(", ")));
        }
        lines.extend([
            String::new(),
            format!("{address}/demo           every school's sign-ins, and codes of the second factor"),
            format!("{address}/demo/clock     moves the clock"),
            format!("{address}/demo/messages  every message that was sent"),
            String::new(),
            "Ctrl-C ends it. What was changed stays until the demo is started for another moment.".to_owned(),
        ]);
        lines.join("\n")
    }

    /// For a program: one line.
    pub(super) fn as_json(&self, address: SocketAddr) -> String {
        let address = format!("http://{address}/");
        serde_json::json!({ "address": address, "sign_ins": self.sign_ins, "played": self.played })
            .to_string()
    }
}
