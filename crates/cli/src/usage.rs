//! Why a line that was typed is no command: said in the user's language, with what would be right, or as JSON.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use kehou_domain::access::Role;
use kehou_web::lang::Lang;
use serde_json::json;

use crate::answer::{self, Failure, Format};

/// Ends the program: a question for help or the version is answered, anything else is refused (exit 2).
#[expect(clippy::wildcard_enum_match_arm, reason = "whatever asks for no help is refused")]
pub(crate) fn end(error: &clap::Error, typed: &[OsString]) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // who reads may stop early
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
        _ => {
            let line = Typed::of(typed);
            answer::end(line.format(), &refused(line.lang(), error).into())
        }
    }
}

/// The words of the line, read as far as the answer to a refusal needs them.
struct Typed(Vec<String>);

impl Typed {
    fn of(typed: &[OsString]) -> Typed {
        Typed(typed.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect())
    }

    /// What was typed for an option: `--name value` or `--name=value`.
    fn value(&self, name: &str) -> Option<&str> {
        let with = format!("{name}=");
        let joined = self.0.iter().find_map(|word| word.strip_prefix(&with));
        let apart = || self.0.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1].as_str());
        joined.or_else(apart)
    }

    fn format(&self) -> Format {
        let always = self.0.first().is_some_and(|command| command == "classes");
        if always || self.value("--format") == Some("json") { Format::Json } else { Format::Text }
    }

    fn lang(&self) -> Lang {
        self.value("--lang").and_then(Lang::parse).unwrap_or_default()
    }
}

/// A sentence in Chinese and in English.
fn say(lang: Lang, chinese: String, english: String) -> String {
    match lang {
        Lang::Zh => chinese,
        Lang::En => english,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's other reasons cannot come from this program's commands"
)]
fn refused(lang: Lang, error: &clap::Error) -> Failure {
    let option = bare(&words(error, ContextKind::InvalidArg).join(" "));
    match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => bad_value(lang, error, &option),
        ErrorKind::UnknownArgument => unknown(lang, error, &option),
        ErrorKind::InvalidSubcommand => unknown_command(lang, error),
        ErrorKind::MissingRequiredArgument | ErrorKind::MissingSubcommand => missing(lang, error),
        ErrorKind::ArgumentConflict => conflict(lang, error, &option),
        _ => {
            let message = say(
                lang,
                format!("写法不对：{option}；用 kehou help 看各条命令的写法"),
                format!("not a way to write it: {option}; kehou help shows how commands are written"),
            );
            Failure::misuse("usage", message)
        }
    }
}

/// The words of a context, one or several.
fn words(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        _ => Vec::new(),
    }
}

/// An argument without the name of its value: `--on <DATE>` is `--on`, `<FILES>...` is `FILES`.
fn bare(argument: &str) -> String {
    match argument.split_once(' ') {
        Some((option, _)) if option.starts_with("--") => option.to_owned(),
        _ => argument.trim_matches(['<', '>', '.']).to_owned(),
    }
}

fn bad_value(lang: Lang, error: &clap::Error, option: &str) -> Failure {
    let value = words(error, ContextKind::InvalidValue).concat();
    let known = words(error, ContextKind::ValidValue);
    let (chinese, english) = if value.is_empty() {
        ("后面要写一个值", "a value must follow")
    } else if is_day(&value) && DAYS.contains(&option) {
        ("没有这一天", "there is no such day")
    } else {
        ("不能这样写", "cannot be read")
    };
    let right = right(lang, option, &known);
    let asked = format!("{option} {value}");
    let message = say(
        lang,
        format!("{}：{chinese}。{right}", asked.trim_end()),
        format!("{}: {english}; {right}", asked.trim_end()),
    );
    Failure::misuse("bad_value", message).and("option", json!(option)).and("value", json!(value))
}

/// Options that take a day.
const DAYS: [&str; 4] = ["--from", "--to", "--on", "--date"];

/// Whether the words have a day's shape, so that only the calendar has no such day.
fn is_day(value: &str) -> bool {
    let parts: Vec<usize> = value.split('-').map(str::len).collect();
    parts == [4, 2, 2] && value.chars().all(|letter| letter.is_ascii_digit() || letter == '-')
}

/// What would be right for an option.
fn right(lang: Lang, option: &str, known: &[String]) -> String {
    if !known.is_empty() {
        return say(
            lang,
            format!("可以写：{}", known.join("、")),
            format!("it is one of {}", known.join(", ")),
        );
    }
    let (chinese, english) = match option {
        "--from" | "--to" | "--on" | "--date" => ("写成 2026-09-01 这样", "write it as 2026-09-01"),
        "--at" => ("写成 2026-10-13T15:05 这样", "write it as 2026-10-13T15:05"),
        "--grade" => ("年级是 1 到 9 的数", "a grade is a number from 1 to 9"),
        "--follows" => ("星期几写 1（周一）到 5（周五）", "a weekday is 1 (Monday) to 5 (Friday)"),
        "--port" => ("端口是 0 到 65535 的数", "a port is a number from 0 to 65535"),
        "--keep" | "--cap" | "--divide-above" => ("人数是 0 到 65535 的数", "it is a number from 0 to 65535"),
        "--number" => ("编号是整数，例如 1", "a number is whole, such as 1"),
        "--code" => (
            "代码是 2 到 32 个小写字母、数字和连字符，例如 hutangqiao-2",
            "a code has 2 to 32 lower-case letters, digits and hyphens, such as hutangqiao-2",
        ),
        "--role" => return roles(lang),
        "--phone" => (
            "手机号是 1 开头的 11 位数字，例如 13900000001",
            "a mobile number has 11 digits and begins with 1, such as 13900000001",
        ),
        "--name" => ("要写姓名，例如 林芳", "a name is needed, such as 林芳"),
        _ => ("在命令后面加 --help 看可以写什么", "--help after the command shows what may stand there"),
    };
    say(lang, chinese.to_owned(), english.to_owned())
}

/// The roles that an operator gives.
fn roles(lang: Lang) -> String {
    let given = Role::ALL.into_iter().filter(|role| *role != Role::Guardian);
    let words: Vec<&str> = given.map(Role::word).collect();
    say(
        lang,
        format!("可以写：{}。家长随名册导入，登录码在班级的纸条上", words.join("、")),
        format!(
            "it is one of {}; guardians come with the roster, and their codes are on the slips of the class",
            words.join(", ")
        ),
    )
}

fn unknown(lang: Lang, error: &clap::Error, option: &str) -> Failure {
    let near = words(error, ContextKind::SuggestedArg).join(" ");
    let message = say(
        lang,
        format!("没有 {option} 这个选项{}", meant(lang, &near)),
        format!("there is no option {option}{}", meant(lang, &near)),
    );
    Failure::misuse("unknown_option", message).and("option", json!(option))
}

fn unknown_command(lang: Lang, error: &clap::Error) -> Failure {
    let typed = words(error, ContextKind::InvalidSubcommand).concat();
    let near = words(error, ContextKind::SuggestedSubcommand).join(" ");
    let message = say(
        lang,
        format!("没有 {typed} 这条命令{}", meant(lang, &near)),
        format!("there is no command {typed}{}", meant(lang, &near)),
    );
    Failure::misuse("unknown_command", message).and("command", json!(typed))
}

/// What may have been meant, or where one can look.
fn meant(lang: Lang, near: &str) -> String {
    if near.is_empty() {
        return say(lang, "；加 --help 看有哪些".to_owned(), "; --help shows what there is".to_owned());
    }
    say(lang, format!("；您要的是 {near} 吗"), format!("; did you mean {near}"))
}

fn missing(lang: Lang, error: &clap::Error) -> Failure {
    let missing: Vec<String> =
        words(error, ContextKind::InvalidArg).iter().map(|argument| bare(argument)).collect();
    if missing.is_empty() {
        let known = words(error, ContextKind::ValidSubcommand);
        let message = say(
            lang,
            format!("还要写明做什么：{}", known.join("、")),
            format!("what to do must follow: {}", known.join(", ")),
        );
        return Failure::misuse("missing", message);
    }
    let message = say(
        lang,
        format!("还要写：{}", missing.join("、")),
        format!("still to be given: {}", missing.join(", ")),
    );
    Failure::misuse("missing", message).and("missing", json!(missing))
}

fn conflict(lang: Lang, error: &clap::Error, option: &str) -> Failure {
    let other: Vec<String> =
        words(error, ContextKind::PriorArg).iter().map(|argument| bare(argument)).collect();
    let twice = other.iter().all(|known| known == option);
    let message = if twice {
        say(lang, format!("{option} 只能写一次"), format!("{option} can be given once"))
    } else {
        let other = other.join("、");
        say(lang, format!("{option} 不能和 {other} 一起写"), format!("{option} does not go with {other}"))
    };
    Failure::misuse("conflict", message).and("option", json!(option))
}
