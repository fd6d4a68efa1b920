//! `kehou user`: a school's first accounts, and a way back in for whoever is locked out.
//!
//! A one-time code is printed once, on standard output, and kept nowhere: the store has its keyed hash alone.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::Date;
use kehou_app::identity::accounts::{self, FirstCode, NewStaff, Refused};
use kehou_db::{Db, Error, Scope};
use kehou_domain::access::{ManageAccounts, Role};
use kehou_domain::ids::AccountId;
use kehou_domain::{identity, moment};
use kehou_web::identity::account_refused;
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
    /// Give somebody an account at a school, and print the one-time code of the first sign-in
    Add {
        #[command(flatten)]
        whose: Whose,
        /// What they are there, such as `academic_office`; once for each role
        #[arg(long, value_parser = role, required = true)]
        role: Vec<Role>,
        /// Their name
        #[arg(long, value_parser = name)]
        name: String,
    },
    /// Take a lost second factor away and end the account's sign-ins; the next one sets up a new factor
    RemoveSecondFactor {
        #[command(flatten)]
        whose: Whose,
        /// How the person was verified, such as `in person, by staff card`
        #[arg(long, value_parser = verified)]
        verified: String,
    },
    /// Take a password away, end the account's sign-ins, and print a new one-time code
    ResetPassword {
        #[command(flatten)]
        whose: Whose,
    },
}

/// A person as the operator names one.
#[derive(clap::Args)]
struct Whose {
    /// The school's code
    #[arg(long)]
    school: String,
    /// Their mobile number, with which they sign in
    #[arg(long, value_parser = phone)]
    phone: String,
}

/// Eleven digits, however they were written.
fn phone(text: &str) -> Result<String, String> {
    identity::phone(text).map_err(|digits| {
        format!(
            "a mobile number has 11 digits and begins with 1, such as 13900000001; this has {digits} digits"
        )
    })
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() { Err("a name is needed, such as 林芳".to_owned()) } else { Ok(name.to_owned()) }
}

fn verified(text: &str) -> Result<String, String> {
    identity::may_remove_factor(text).map(|()| text.trim().to_owned()).map_err(|identity::NotVerified| {
        "say in a few words how the person was verified, such as `in person, by staff card`".to_owned()
    })
}

/// A role that an operator gives: families come with the roster.
fn role(word: &str) -> Result<Role, String> {
    match Role::parse(word) {
        Some(Role::Guardian) => {
            Err("guardians come with the roster, and their codes are on the slips of the class".to_owned())
        }
        Some(role) => Ok(role),
        None => {
            let given = Role::ALL.into_iter().filter(|role| *role != Role::Guardian);
            let words: Vec<&str> = given.map(Role::word).collect();
            Err(format!("there is no such role; the roles are {}", words.join(", ")))
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let (config, lang) = (Config::read(args.config.as_deref())?, args.lang.lang());
    opened::wait(async {
        let (db, at) = (opened::open(&config)?, opened::now());
        let made = match args.act {
            Act::RemoveSecondFactor { whose, verified } => {
                let command = "kehou user remove-second-factor";
                let scope = opened::school(&db, lang, &whose.school, command).await?;
                remove_factor((&db, lang), &scope, &whose, verified).await?;
                match args.format {
                    Format::Json => say(json!({ "phone": whose.phone, "second_factor": null })),
                    Format::Text => say("The second factor is gone; the next sign-in sets up a new one."),
                }
                return Ok(ExitCode::SUCCESS);
            }
            Act::Add { whose, role, name } => {
                let scope = opened::school(&db, lang, &whose.school, "kehou user add").await?;
                add(lang, &scope, NewStaff { name, phone: whose.phone, roles: role }).await?
            }
            Act::ResetPassword { whose } => {
                let scope = opened::school(&db, lang, &whose.school, "kehou user reset-password").await?;
                reset((&db, lang), &scope, &whose).await?
            }
        };
        tell(&made, until(at)?, args.format);
        Ok(ExitCode::SUCCESS)
    })?
}

async fn add(lang: Lang, scope: &Scope, new: NewStaff) -> anyhow::Result<FirstCode> {
    let done =
        scope.act::<ManageAccounts, _, Vec<Refused>>(move |tx| accounts::add_as_operator(tx, &new)).await?;
    Ok(done.map_err(|refused| not_done(lang, &refused))?)
}

async fn reset((db, lang): (&Db, Lang), scope: &Scope, whose: &Whose) -> anyhow::Result<FirstCode> {
    let account = account(db, scope, whose).await?.ok_or_else(|| nobody(lang, whose))?;
    let done =
        scope.act::<ManageAccounts, _, Refused>(move |tx| accounts::reset_as_operator(tx, account)).await;
    match done {
        Err(Error::NotFound) => Err(nobody(lang, whose).into()),
        done => Ok(done?.map_err(|refused| not_done(lang, &[refused]))?),
    }
}

async fn remove_factor(
    (db, lang): (&Db, Lang),
    scope: &Scope,
    whose: &Whose,
    verified: String,
) -> anyhow::Result<()> {
    let account = account(db, scope, whose).await?.ok_or_else(|| nobody(lang, whose))?;
    let done = scope.act::<ManageAccounts, (), Refused>(move |tx| {
        accounts::remove_factor_as_operator(tx, account, &verified)
    });
    match done.await {
        Err(Error::NotFound) => Err(nobody(lang, whose).into()),
        done => Ok(done?.map_err(|refused| not_done(lang, &[refused]))?),
    }
}

async fn account(db: &Db, scope: &Scope, whose: &Whose) -> anyhow::Result<Option<AccountId>> {
    Ok(db.account_of_phone(&whose.phone, scope.at()).await?)
}

/// Nobody with this number has a role at the school.
fn nobody(lang: Lang, whose: &Whose) -> Failure {
    let school = &whose.school;
    let message = either(
        lang,
        format!("{school} 没有用这个手机号的人；先用 kehou user add 添加"),
        format!("nobody with this number has a role at {school}: `kehou user add` gives one"),
    );
    Failure::wrong("nobody", message)
}

/// Everything for which an account stays as it is, in the words of the page.
fn not_done(lang: Lang, refused: &[Refused]) -> Failure {
    let said: Vec<String> = refused.iter().map(|why| account_refused(lang, *why).message).collect();
    Failure::wrong("refused", said.join(either(lang, "；", "; ").as_str()))
}

/// The last day of a code that is made now.
fn until(at: Timestamp) -> anyhow::Result<Date> {
    Ok(moment::day_of(at.checked_add(identity::FIRST_CODE_HOLDS)?))
}

/// The code, this once; none for somebody who has a password already.
fn tell(made: &FirstCode, until: Date, format: Format) {
    let FirstCode { name, code, .. } = made;
    match (format, code) {
        (Format::Json, code) => {
            let until = code.as_ref().map(|_| until.to_string());
            say(json!({ "name": name, "code": code, "until": until }));
        }
        (Format::Text, Some(code)) => {
            say(format_args!("{name}: one-time code {code}, until {until}"));
            say("Sign in at /sign-in/code with the mobile number and this code, then set a password.");
            say("The code is shown this once and works once; `kehou user reset-password` gives a new one.");
        }
        (Format::Text, None) => {
            say(format_args!("{name} has a password already and signs in with it; the role is added."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_one_of_the_staff() {
        assert_eq!(role("academic_office"), Ok(Role::AcademicOffice));
        for (word, why) in
            [("guardian", "slips of the class"), ("office", "academic_office, general_affairs")]
        {
            assert!(role(word).unwrap_err().contains(why), "{word}");
        }
    }

    #[test]
    fn a_phone_is_taken_as_people_write_it() {
        assert_eq!(phone("+86 139-0000-0001"), Ok("13900000001".to_owned()));
        assert!(phone("1390000").unwrap_err().ends_with("this has 7 digits"));
    }
}
