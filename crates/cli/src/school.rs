//! `kehou school`: the directory of schools that this installation serves.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use kehou_db::{Error, School};
use kehou_domain::ids::SchoolId;
use kehou_web::lang::Lang;
use serde_json::json;

use crate::answer::{Failure, Format, Language, either};
use crate::config::Config;
use crate::{Outcome, opened, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// The configuration file
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Lines for people or JSON for programs
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(crate) format: Format,
    /// Language of the lines that say what is wrong
    #[arg(long, value_enum, default_value = "zh", global = true)]
    lang: Language,
}

#[derive(Subcommand)]
enum Act {
    /// Add a school
    Add {
        /// The operator's number for it, never used for another school
        #[arg(long)]
        number: i64,
        /// How people and commands name it: lower-case letters, digits and hyphens
        #[arg(long, value_parser = code)]
        code: String,
        /// Its full name
        #[arg(long)]
        name: String,
        /// Which grades it teaches
        #[arg(long, value_enum)]
        stage: Stage,
    },
    /// List the schools
    List,
}

/// Which grades a school teaches.
#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// Grades 1 to 6
    Primary,
    /// Grades 7 to 9
    Junior,
    /// Grades 1 to 9
    NineYear,
}

impl Stage {
    const fn word(self) -> &'static str {
        match self {
            Stage::Primary => "primary",
            Stage::Junior => "junior",
            Stage::NineYear => "nine_year",
        }
    }
}

/// A code that can stand in an address.
fn code(text: &str) -> Result<String, String> {
    let fits = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if fits && (2..=32).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err("2 to 32 lower-case letters, digits and hyphens, such as hutangqiao-2".to_owned())
    }
}

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let (config, lang) = (Config::read(args.config.as_deref())?, args.lang.lang());
    opened::wait(async {
        let db = match args.act {
            Act::Add { .. } => opened::open(&config)?,
            Act::List => opened::existing(lang, &config)?,
        };
        let at = opened::now();
        match args.act {
            Act::Add { number, code, name, stage } => {
                let school = School { id: SchoolId(number), code, name, stage: stage.word().to_owned() };
                match db.add_school(school.clone(), at).await {
                    Err(Error::Already) => return Err(taken(lang).into()),
                    other => other?,
                }
                say(format_args!("{} is {}", school.code, school.name));
            }
            Act::List => list(&db.schools(at).await?, args.format),
        }
        Ok(ExitCode::SUCCESS)
    })?
}

/// The number or the code is another school's.
fn taken(lang: Lang) -> Failure {
    let message = either(
        lang,
        "这个编号或代码已经是另一所学校的；请换一个，kehou school list 列出现有的",
        "the number or the code belongs to another school; choose another, `kehou school list` names those taken",
    );
    Failure::wrong("taken", message)
}

fn list(schools: &[School], format: Format) {
    if format == Format::Json {
        let card = |school: &School| json!({ "number": school.id.0, "code": school.code, "stage": school.stage, "name": school.name });
        say(json!(schools.iter().map(card).collect::<Vec<_>>()));
        return;
    }
    for school in schools {
        say(format_args!("{}\t{}\t{}\t{}", school.id.0, school.code, school.stage, school.name));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_can_stand_in_an_address() {
        for (text, fits) in [("s0", true), ("east-2", true), ("East", false), ("a b", false), ("x", false)] {
            assert_eq!(super::code(text).is_ok(), fits, "{text}");
        }
    }
}
