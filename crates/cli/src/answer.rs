//! How commands answer: for people or for programs, in which language, and how they say that they cannot.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;
use kehou_web::lang::Lang;
use kehou_web::plan::words::command;
use serde_json::{Value, json};

use crate::{say, say_wrong};

/// How a command answers.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people
    Text,
    /// JSON for programs
    Json,
}

/// The language of the lines for people.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Language {
    /// 简体中文
    Zh,
    /// English
    En,
}

impl Language {
    pub(crate) const fn lang(self) -> Lang {
        match self {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }
}

/// A sentence in the reader's language.
pub(crate) fn either(lang: Lang, chinese: impl Into<String>, english: impl Into<String>) -> String {
    match lang {
        Lang::Zh => chinese.into(),
        Lang::En => english.into(),
    }
}

/// Why a command ends without its answer: a word for programs, a sentence for people.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: u8,
    code: &'static str,
    message: String,
    facts: Vec<(&'static str, Value)>,
}

impl Failure {
    /// The content is wrong: exit 1.
    pub(crate) fn wrong(code: &'static str, message: impl Into<String>) -> Failure {
        Failure { exit: 1, code, message: message.into(), facts: Vec::new() }
    }

    /// The command was used wrongly: exit 2.
    pub(crate) fn misuse(code: &'static str, message: impl Into<String>) -> Failure {
        Failure { exit: 2, code, message: message.into(), facts: Vec::new() }
    }

    /// A file that was named and cannot be read.
    pub(crate) fn unreadable(lang: Lang, file: &Path, why: &std::io::Error) -> Failure {
        let file = file.display().to_string();
        let message = format!("{file}: {}", command::unreadable(lang, why.kind()));
        Failure::misuse(UNREADABLE, message).and("file", json!(file))
    }

    /// One more fact for programs.
    pub(crate) fn and(mut self, name: &'static str, fact: Value) -> Failure {
        self.facts.push((name, fact));
        self
    }

    fn as_json(&self) -> Value {
        let mut error = json!({ "code": self.code, "message": self.message });
        for (name, fact) in &self.facts {
            error[name] = fact.clone();
        }
        json!({ "error": error })
    }
}

/// The word for a file that cannot be read.
pub(crate) const UNREADABLE: &str = "unreadable";

impl fmt::Display for Failure {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Says why the command ends: to people beside the answer, to programs in its place.
pub(crate) fn end(format: Format, fault: &anyhow::Error) -> ExitCode {
    let failure = fault.downcast_ref::<Failure>();
    match format {
        Format::Text => say_wrong(format!("{fault:#}")),
        Format::Json => {
            say(failure
                .map_or_else(|| Failure::wrong("fault", format!("{fault:#}")).as_json(), Failure::as_json));
        }
    }
    ExitCode::from(failure.map_or(1, |failure| failure.exit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_has_one_shape() {
        let failure = Failure::misuse("no_school", "there is none").and("school", json!("s9"));
        let expected =
            json!({ "error": { "code": "no_school", "message": "there is none", "school": "s9" } });
        assert_eq!(failure.as_json(), expected);
        assert_eq!(end(Format::Text, &failure.into()), ExitCode::from(2));
        assert_eq!(end(Format::Text, &anyhow::anyhow!("the disk is full")), ExitCode::from(1));
    }
}
