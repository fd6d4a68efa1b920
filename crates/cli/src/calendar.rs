//! `kehou calendar`: school days, holidays and make-up days as the country publishes them (C3).

use std::process::ExitCode;

use jiff::civil::Date;
use kehou_domain::calendar::days;
use kehou_domain::calendar::national::{self, Day};
use kehou_web::calendar::words;
use kehou_web::dates;
use kehou_web::lang::Lang;
use serde_json::{Value, json};

use crate::answer::{Failure, Format, Language};
use crate::{Outcome, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// First day, as 2026-09-01
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// Last day
    #[arg(long, value_name = "DATE")]
    to: Date,
    /// Lines for people or JSON for programs
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// Language of the lines
    #[arg(long, value_enum, default_value = "zh")]
    lang: Language,
}

/// Runs the command. A span with an unpublished day is an error: nothing is guessed.
pub(crate) fn run(args: &Args) -> Outcome {
    let lang = args.lang.lang();
    if args.to < args.from {
        return Err(Failure::misuse("span_backwards", words::span_backwards(lang)).into());
    }
    let found: Result<Vec<Day>, _> = days(args.from, args.to).map(national::day).collect();
    let days =
        found.map_err(|unknown| Failure::wrong("unpublished_year", words::unpublished(lang, unknown)))?;
    print(lang, args.format, &days);
    Ok(ExitCode::SUCCESS)
}

fn print(lang: Lang, format: Format, days: &[Day]) {
    match format {
        Format::Json => say(days.iter().map(as_json).collect::<Value>()),
        Format::Text => days.iter().for_each(|day| say(as_line(lang, day))),
    }
}

fn as_json(day: &Day) -> Value {
    json!({"date": day.date.to_string(), "kind": day.kind.word(), "name": day.name, "notice": day.notice})
}

fn as_line(lang: Lang, day: &Day) -> String {
    let weekday = dates::weekday(lang, day.date.weekday());
    let name = day.name.map_or("", |name| words::holiday(lang, name));
    let line = format!(
        "{} {weekday} {} {name} {}",
        day.date,
        words::day_kind(lang, day.kind),
        day.notice.unwrap_or_default()
    );
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::answer::end;

    #[test]
    fn a_day_is_a_line_for_people_and_facts_for_programs() {
        let day = national::day(date(2026, 9, 20)).unwrap();
        assert_eq!(as_line(Lang::Zh, &day), "2026-09-20 周日 调休上班 国庆节 国办发明电〔2025〕7号");
        let expected = json!({"date": "2026-09-20", "kind": "make_up_day", "name": "国庆节",
            "notice": "国办发明电〔2025〕7号"});
        assert_eq!(as_json(&day), expected);
        let plain = national::day(date(2026, 9, 21)).unwrap();
        assert_eq!(as_line(Lang::En, &plain), "2026-09-21 Mon School day");
        assert_eq!(as_json(&plain)["name"], Value::Null);
    }

    #[test]
    fn an_unpublished_span_ends_with_one() {
        let exit = |from, to| {
            let args = Args { from, to, format: Format::Json, lang: Language::Zh };
            end(Format::Json, &run(&args).unwrap_err())
        };
        assert_eq!(exit(date(2026, 12, 31), date(2027, 1, 1)), ExitCode::from(1));
        assert_eq!(exit(date(2026, 12, 31), date(2026, 12, 1)), ExitCode::from(2));
    }
}
