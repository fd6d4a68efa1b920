//! `kehou roster`: what a workbook says row by row, and taking it into a school's roster (G1).

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;
use kehou_app::people::import::{self, LARGEST_FILE, Reading, Refused, Roster, Sheet, Student};
use kehou_app::people::{ImportRefused, Summary, Wish};
use kehou_db::Scope;
use kehou_domain::access::ImportRoster;
use kehou_domain::moment;
use kehou_domain::people::class;
use kehou_domain::people::problem::Problem;
use kehou_web::lang::Lang;
use kehou_web::people::words;
use serde_json::{Value, json};

use crate::answer::{Failure, Format, Language};
use crate::config::Config;
use crate::{Outcome, opened, say};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// Lines for people or JSON for programs
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(crate) format: Format,
    /// Language of what people read
    #[arg(long, value_enum, default_value = "zh", global = true)]
    lang: Language,
}

#[derive(Subcommand)]
enum Act {
    /// Say what a workbook holds, row by row; nothing is stored
    Check(Check),
    /// Import a workbook into a school: all of it or nothing
    Import(Import),
}

#[derive(clap::Args)]
struct Check {
    /// .xlsx, .xls, .csv or a web table
    file: PathBuf,
    /// The day whose school year counts (today)
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// What a year of entry (2024级) counts from
    #[arg(long, value_enum, default_value = "primary")]
    stage: Stage,
}

#[derive(clap::Args)]
struct Import {
    /// .xlsx, .xls, .csv or a web table
    file: PathBuf,
    /// The school's code
    #[arg(long)]
    school: String,
    /// Import the good rows although others are refused
    #[arg(long)]
    without_rejected: bool,
    /// Take pupils off the roll whom the workbook misses in its classes
    #[arg(long)]
    missing_left: bool,
    /// The configuration file
    #[arg(long)]
    config: Option<PathBuf>,
}

/// What a year of entry counts from.
#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// Grades 1 to 6
    Primary,
    /// Grades 7 to 9
    Junior,
}

/// How the answer is written, and in which language.
#[derive(Clone, Copy)]
struct Answer {
    format: Format,
    lang: Lang,
}

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let answer = Answer { format: args.format, lang: args.lang.lang() };
    match args.act {
        Act::Check(check) => self::check(answer, &check),
        Act::Import(import) => self::import(answer, &import),
    }
}

fn check(answer: Answer, args: &Check) -> Outcome {
    let stage = match args.stage {
        Stage::Primary => class::Stage::Primary,
        Stage::Junior => class::Stage::Junior,
    };
    let on = args.on.unwrap_or_else(|| moment::day_of(opened::now()));
    let roster = read(answer, &args.file, Reading::any(on, stage))?;
    match answer.format {
        Format::Json => say(as_json(answer.lang, &roster)),
        Format::Text => lines(answer.lang, &args.file, &roster).into_iter().for_each(say),
    }
    Ok(ExitCode::from(u8::from(0 < roster.rejections())))
}

/// What the file says; one that is too large is refused by its size.
fn read(answer: Answer, file: &Path, reading: Reading) -> anyhow::Result<Roster> {
    let content = content(file).map_err(|why| Failure::unreadable(answer.lang, file, &why))?;
    let roster = match content {
        Ok(content) => import::read(&content, reading),
        Err(bytes) => Err(Refused::TooLarge { bytes }),
    };
    roster.map_err(|refused| refusal(answer.lang, file, refused).into())
}

/// The bytes of the file, or how many there are when they are too many.
fn content(file: &Path) -> std::io::Result<Result<Vec<u8>, usize>> {
    let mut opened = File::open(file)?;
    let bytes = usize::try_from(opened.metadata()?.len()).unwrap_or(usize::MAX);
    if LARGEST_FILE < bytes {
        return Ok(Err(bytes));
    }
    let mut content = Vec::with_capacity(bytes);
    opened.read_to_end(&mut content)?;
    Ok(Ok(content))
}

fn refusal(lang: Lang, file: &Path, refused: Refused) -> Failure {
    let file = file.display().to_string();
    let message = format!("{file}:1:1: {}", words::refused_file(lang, refused));
    Failure::wrong(refused.code(), message).and("file", json!(file))
}

fn import(answer: Answer, args: &Import) -> Outcome {
    let config = Config::read(args.config.as_deref())?;
    opened::wait(async {
        let db = opened::existing(answer.lang, &config)?;
        let scope = opened::school(&db, answer.lang, &args.school, "kehou roster import").await?;
        let on = moment::day_of(opened::now());
        let reading = Reading::of_school(on, &scope.school().stage);
        let roster = read(answer, &args.file, reading)?;
        let mut found = match answer.format {
            Format::Json => as_json(answer.lang, &roster),
            Format::Text => {
                lines(answer.lang, &args.file, &roster).into_iter().for_each(say);
                Value::Null
            }
        };
        let of_guardians = guardians(answer.lang, &scope, &roster).await?;
        let wish =
            Wish { without_rejected: args.without_rejected, missing_left: args.missing_left, shown: None };
        let done = take(&scope, roster, wish).await?;
        match (answer.format, &done) {
            (Format::Json, _) => found["guardians"] = json!(of_guardians),
            (Format::Text, Ok(_)) => of_guardians.into_iter().for_each(say),
            (Format::Text, Err(_)) => {}
        }
        told(answer, found, done)
    })?
}

/// What the import does to the guardians of pupils on roll: who comes to them, whose name changes or stays.
async fn guardians(lang: Lang, scope: &Scope, roster: &Roster) -> kehou_db::Result<Vec<String>> {
    let laid = roster.clone();
    let preview = scope.read::<ImportRoster, _>(move |tx| kehou_app::people::preview(tx, &laid)).await?;
    let added = preview.guardians.iter().map(|line| words::guardians_line(lang, line));
    Ok(added.chain(preview.names.iter().map(|line| words::name_line(lang, line))).collect())
}

/// What the import did, or why it did nothing; for programs with what the workbook says.
fn told(answer: Answer, mut found: Value, done: Result<Summary, ImportRefused>) -> Outcome {
    match done {
        Ok(done) if answer.format == Format::Json => {
            found["imported"] = serde_json::to_value(done)?;
            say(found);
        }
        Ok(done) => say(words::import_done(answer.lang, done)),
        Err(refused) => {
            let message = words::import_refused_by_command(answer.lang, refused);
            return Err(Failure::wrong(refused.code(), message).and("roster", found).into());
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn take(scope: &Scope, roster: Roster, wish: Wish) -> kehou_db::Result<Result<Summary, ImportRefused>> {
    scope.act::<ImportRoster, _, _>(move |tx| kehou_app::people::import_roster(tx, &roster, wish)).await
}

/// `file:row:column: what is wrong`, then a line for each sheet.
fn lines(lang: Lang, file: &Path, roster: &Roster) -> Vec<String> {
    let mut lines = Vec::new();
    for sheet in &roster.sheets {
        let place = if sheet.name.is_empty() { String::new() } else { format!("[{}]", sheet.name) };
        for cell in &sheet.rejected {
            let message = words::problem(lang, cell.problem);
            let column = &cell.column;
            lines.push(format!("{}{place}:{}:{column}: {} {message}", file.display(), cell.row, cell.value));
        }
        for (row, name, problem) in same_names(sheet) {
            let message = words::problem(lang, problem);
            lines.push(format!("{}{place}:{row}: {name} {message}", file.display()));
        }
        let columns = words::doubled_columns(lang, sheet).into_iter();
        lines.extend(columns.map(|message| format!("{}{place}: {message}", file.display())));
        lines.push(format!("{} {}: {}", file.display(), sheet.name, words::sheet_summary(lang, sheet)));
    }
    lines
}

/// Rows that are taken as another pupil of one name: a command asks nobody whether it is one.
fn same_names(sheet: &Sheet) -> impl Iterator<Item = (u32, &str, Problem)> {
    sheet.students.iter().flat_map(|student| {
        let own = student.problems.iter().map(|found| found.problem);
        let own = own.filter(|problem| matches!(problem, Problem::SameName { .. }));
        own.map(|problem| (student.row, student.name.as_str(), problem))
    })
}

fn as_json(lang: Lang, roster: &Roster) -> Value {
    let sheets = roster.sheets.iter().map(|sheet| sheet_json(lang, sheet));
    let siblings = roster.siblings.iter().map(|family| {
        let rows = family.rows.iter().map(|(sheet, row)| json!({"sheet": sheet, "row": row}));
        json!({"phone": family.phone.digits(), "rows": rows.collect::<Value>()})
    });
    json!({"sheets": sheets.collect::<Value>(), "siblings": siblings.collect::<Value>()})
}

fn sheet_json(lang: Lang, sheet: &Sheet) -> Value {
    let rejected = sheet.rejected.iter().map(|cell| {
        json!({"row": cell.row, "column": cell.column, "value": cell.value, "code": cell.problem.code(),
            "message": words::problem(lang, cell.problem)})
    });
    let skipped = sheet.skipped.iter().map(|skipped| json!({"row": skipped.row, "why": skipped.why.word()}));
    json!({
        "name": sheet.name,
        "hidden": sheet.hidden,
        "header_rows": sheet.header_rows,
        "columns_left": sheet.columns_left,
        "columns_twice": sheet.columns_twice,
        "columns_of_guardians": sheet.columns_of_guardians,
        "students": sheet.students.iter().map(|student| student_json(lang, student)).collect::<Value>(),
        "rejected": rejected.collect::<Value>(),
        "skipped": skipped.collect::<Value>(),
    })
}

fn student_json(lang: Lang, student: &Student) -> Value {
    let guardians = student.guardians.iter().map(|guardian| {
        let phones: Vec<&str> =
            guardian.phones.iter().map(kehou_domain::people::phone::Phone::digits).collect();
        json!({"name": guardian.name, "relation": guardian.relation, "phones": phones})
    });
    let problems = student.problems.iter().map(|found| {
        json!({"column": found.column, "code": found.problem.code(),
            "message": words::problem(lang, found.problem)})
    });
    json!({
        "row": student.row,
        "name": student.name,
        "sex": student.sex.word(),
        "class": {"grade": student.grade, "no": student.class.class_no, "entered_year": student.class.entered_year},
        "seat_no": student.seat,
        "boarding": student.boarding.map(kehou_domain::people::Boarding::word),
        "homeroom_teacher": student.homeroom,
        "guardians": guardians.collect::<Value>(),
        "problems": problems.collect::<Value>(),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_roster_is_json_with_the_promised_fields() {
        let text = "姓名,性别,班级,家长,关系,电话\n张三,男,三（2）班,张大,父亲,13900000011\n李四,男,大班,李大,父亲,1.39E+10\n";
        let reading = Reading::any(date(2026, 9, 7), class::Stage::Primary);
        let json = as_json(Lang::En, &import::read(text.as_bytes(), reading).unwrap());
        let sheet = &json["sheets"][0];
        assert_eq!(sheet["header_rows"], json!([1]));
        let student = &sheet["students"][0];
        assert_eq!(
            (&student["row"], &student["name"], &student["sex"]),
            (&json!(2), &json!("张三"), &json!("M"))
        );
        assert_eq!(student["class"], json!({"grade": 3, "no": 2, "entered_year": 2024}));
        assert_eq!(
            student["guardians"],
            json!([{"name": "张大", "relation": "父亲", "phones": ["13900000011"]}])
        );
        assert_eq!(sheet["rejected"][0]["code"], "class_unreadable");
        assert_eq!(sheet["rejected"][1]["value"], "1.39E+10");
        assert_eq!(sheet["skipped"], json!([]));
    }
}
