//! Importing a roster: upload, preview with every refused row and cell, confirmation.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Multipart, Path};
use axum::response::Response;
use kehou_app::attendance::{self, Stake};
use kehou_app::people::import::{self, Reading, Refused, Roster, Siblings};
use kehou_app::people::{
    self, GuardiansAdded, ImportRefused, Line, NameLine, Person, Preview, Summary, Upload, Wish,
};
use kehou_domain::access::ImportRoster;
use kehou_domain::ids::ImportId;
use kehou_domain::people::class::{ClassKey, school_year};
use serde::Deserialize;

use super::{id, words};
use crate::answer::see_other;
use crate::fault::{Fault, rejected};
use crate::filters;
use crate::form::Form;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::{Problems, Refusal};
use crate::seat::Seat;

/// The most lines shown of a list that can be as long as the school.
const MOST_LINES: usize = 500;

#[derive(Template)]
#[template(path = "people/import_new.html")]
struct NewPage {
    base: String,
    problems: Problems,
}

#[derive(Template)]
#[template(path = "people/import.html")]
struct ShowPage {
    base: String,
    import: ImportId,
    file_name: String,
    problems: Problems,
    form: ConfirmForm,
    summary: Summary,
    /// New pupils of each class.
    added: Vec<(String, u32)>,
    new_classes: Vec<String>,
    /// New classes of a grade that has none yet.
    new_grades: Vec<String>,
    changed: Vec<ChangedRow>,
    guardians: Vec<GuardiansRow>,
    names: Vec<NameRow>,
    missing: Vec<ChangedRow>,
    /// What hangs on those whom the workbook misses.
    stake: Stake,
    /// Rows that may be one pupil.
    asks: Vec<Ask>,
    sheets: Vec<SheetPart>,
    /// The names of pupils who share a guardian, family by family.
    siblings: Vec<String>,
    rejected: usize,
}

/// Two rows that may be one pupil.
struct Ask {
    /// The place among the workbook's namesakes.
    place: usize,
    name: String,
    class: String,
    /// Row and guardians of each.
    rows: [(u32, String); 2],
}

/// A pupil in the lists of changed and missing ones.
struct ChangedRow {
    name: String,
    class: String,
    what: String,
}

/// Guardians who come to those on file.
struct GuardiansRow {
    child: String,
    class: String,
    added: String,
    on_file: String,
}

/// A guardian whom the workbook calls otherwise.
struct NameRow {
    child: String,
    class: String,
    old: String,
    new: String,
    /// What happens: the name changes, or why it does not.
    outcome: &'static str,
}

/// What a sheet says beside its pupils.
struct SheetPart {
    name: String,
    summary: String,
    rejected: Vec<CellRow>,
    notes: Vec<CellRow>,
    skipped: Vec<(u32, &'static str)>,
    columns_left: String,
    /// Columns that are not read as their headings say.
    doubled: Vec<String>,
}

/// A refused or doubtful cell.
struct CellRow {
    row: u32,
    column: String,
    value: String,
    problem: String,
    /// Whether the row comes in all the same, without this cell.
    comes_in: bool,
}

#[derive(Template)]
#[template(path = "people/import_done.html")]
struct DonePage {
    base: String,
    file_name: String,
    done: Option<Summary>,
}

/// What the confirmation sends: the boxes ticked, and the counts that were shown.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ConfirmForm {
    #[serde(default)]
    without_rejected: String,
    #[serde(default)]
    missing_left: String,
    /// Places of the pairs that are one pupil.
    #[serde(default)]
    one: Vec<usize>,
    #[serde(default)]
    added: u32,
    #[serde(default)]
    changed: u32,
    #[serde(default)]
    same: u32,
    #[serde(default)]
    missing: u32,
}

impl ShowPage {
    /// Whether the person has said that the pair is one pupil.
    fn is_one(&self, ask: &Ask) -> bool {
        self.form.one.contains(&ask.place)
    }
}

impl ConfirmForm {
    /// The roster with what was decided of its namesakes.
    fn decide(&self, roster: &mut Roster) {
        for (place, pair) in roster.namesakes.iter_mut().enumerate() {
            pair.is_one = self.one.contains(&place);
        }
    }

    fn wish(&self) -> Wish {
        let (added, changed, same, missing) = (self.added, self.changed, self.same, self.missing);
        Wish {
            without_rejected: !self.without_rejected.is_empty(),
            missing_left: !self.missing_left.is_empty(),
            shown: Some(Summary { added, changed, same, missing, departed: 0 }),
        }
    }
}

pub(super) async fn new(seat: Seat) -> Result<Response, Fault> {
    seat.page(&NewPage { base: seat.path(""), problems: Problems::none() })
}

pub(super) async fn create(seat: Seat, key: Key, mut form: Multipart) -> Result<Response, Fault> {
    let lang = seat.lang();
    let refuse = |refusal: Refusal| {
        seat.refused(&NewPage { base: seat.path(""), problems: refusal.at("file").into() })
    };
    let (file_name, bytes) = match file_of(&mut form).await {
        Err(Fault::TooLarge) => {
            return refuse(Refusal::new("too_large", lang.t("文件超过 10 MB；请只留学生名单")));
        }
        file => file?,
    };
    if bytes.is_empty() {
        return refuse(Refusal::new("empty", lang.t("文件是空的；请选有学生名单的文件")));
    }
    if let Err(refused) = read(&seat, bytes.clone()).await? {
        return refuse(Refusal::new(refused.code(), words::refused_file(lang, refused)));
    }
    let kept = seat
        .write::<ImportRoster, String, ()>(&key, move |tx| {
            Ok(people::keep_upload(tx, &file_name, &bytes)?.to_string())
        })
        .await?;
    let import = kept.map_err(|()| Fault::NotFound)?;
    Ok(see_other(&seat.path(&format!("roster-imports/{import}"))))
}

/// The name and content of the file that a form sends.
pub(crate) async fn file_of(form: &mut Multipart) -> Result<(String, Vec<u8>), Fault> {
    let broken = |error: axum::extract::multipart::MultipartError| rejected(error.status());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().chars().take(120).collect();
            return Ok((name, field.bytes().await.map_err(broken)?.to_vec()));
        }
    }
    Ok((String::new(), Vec::new()))
}

/// Reads a workbook away from the threads that answer requests.
async fn read(seat: &Seat, bytes: Vec<u8>) -> Result<Result<Roster, Refused>, Fault> {
    let reading = Reading::of_school(seat.today(), &seat.school().stage);
    tokio::task::spawn_blocking(move || import::read(&bytes, reading))
        .await
        .map_err(|why| Fault::broken(&why))
}

pub(super) async fn show(seat: Seat, Path((_, import)): Path<(String, String)>) -> Result<Response, Fault> {
    let import: ImportId = id(&import)?;
    let upload = seat.read::<ImportRoster, _>(move |tx| people::upload(tx, import)).await?;
    let Some(bytes) = upload.bytes.clone() else {
        let (base, file_name) = (seat.path(""), upload.file_name);
        return seat.page(&DonePage { base, file_name, done: upload.done });
    };
    let roster = read(&seat, bytes).await?.map_err(|_| Fault::NotFound)?;
    let page = page(&seat, (import, upload), roster, ConfirmForm::default(), Problems::none()).await?;
    seat.page(&page)
}

async fn page(
    seat: &Seat,
    (import, upload): (ImportId, Upload),
    roster: Roster,
    form: ConfirmForm,
    problems: Problems,
) -> Result<ShowPage, Fault> {
    let rejected = roster.rejections();
    let (lang, year) = (seat.lang(), school_year(seat.today()));
    let sheets = roster.sheets.iter().map(|sheet| sheet_part(lang, sheet)).collect();
    let siblings = roster.siblings.iter().take(MOST_LINES).map(|family| names(&roster, family)).collect();
    let laid = roster.clone();
    let (mut preview, stake) = seat
        .read::<ImportRoster, _>(move |tx| {
            let preview = people::preview(tx, &laid)?;
            let stake = attendance::stake(tx, &preview.missing_ids)?;
            Ok((preview, stake))
        })
        .await?;
    // the youngest first, as everywhere
    preview.missing.sort_by_key(|line| (-line.class.entered_year, line.class));
    Ok(ShowPage {
        stake,
        asks: preview.asks.iter().filter_map(|place| ask(lang, &roster, *place, year)).collect(),
        base: seat.path(""),
        import,
        file_name: upload.file_name,
        problems,
        form,
        summary: preview.summary,
        added: by_class(lang, &preview, year),
        new_classes: preview.new_classes.iter().map(|class| words::class(lang, *class, year)).collect(),
        new_grades: preview.new_grades.iter().map(|class| words::class(lang, *class, year)).collect(),
        changed: preview.changed.iter().take(MOST_LINES).map(|line| changed_row(lang, line, year)).collect(),
        guardians: preview
            .guardians
            .iter()
            .take(MOST_LINES)
            .map(|line| guardians_row(lang, line, year))
            .collect(),
        names: preview.names.iter().take(MOST_LINES).map(|line| name_row(lang, line, year)).collect(),
        missing: preview.missing.iter().take(MOST_LINES).map(|line| changed_row(lang, line, year)).collect(),
        sheets,
        siblings,
        rejected,
    })
}

/// The question whether two rows are one pupil.
fn ask(lang: Lang, roster: &Roster, place: usize, year: i16) -> Option<Ask> {
    let pair = roster.namesakes.get(place)?;
    let (first, second) = (roster.student(pair.first)?, roster.student(pair.second)?);
    let rows = [first, second].map(|student| (student.row, guardians(lang, student)));
    Some(Ask { place, name: first.name.clone(), class: words::class(lang, first.class, year), rows })
}

fn guardians_row(lang: Lang, line: &GuardiansAdded, year: i16) -> GuardiansRow {
    let people =
        |people: &[Person]| people.iter().map(|one| person(lang, one)).collect::<Vec<_>>().join("、");
    let (child, class) = (line.child.clone(), words::class(lang, line.class, year));
    GuardiansRow { child, class, added: people(&line.added), on_file: people(&line.on_file) }
}

/// A guardian with relation and the whole number: whoever compares looks for the digit that differs.
fn person(lang: Lang, person: &Person) -> String {
    let phone = person.phone.clone().unwrap_or_default();
    let parts = [words::relation(lang, &person.relation), person.name.clone(), phone];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn name_row(lang: Lang, line: &NameLine, year: i16) -> NameRow {
    let (child, class) = (line.child.clone(), words::class(lang, line.class, year));
    let outcome = words::name_outcome(lang, line.kept);
    NameRow { child, class, old: line.old.clone(), new: line.new.clone(), outcome }
}

/// The guardians of a row, each with relation and the end of the phone: enough to know them by.
fn guardians(lang: Lang, student: &import::Student) -> String {
    let one = |guardian: &import::Guardian| {
        let relation = words::relation(lang, &guardian.relation);
        let end = guardian.phones.first().map(|phone| {
            let digits = phone.digits();
            format!("…{}", digits.get(digits.len().saturating_sub(4)..).unwrap_or_default())
        });
        let parts = [relation, guardian.name.clone(), end.unwrap_or_default()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    student.guardians.iter().map(one).collect::<Vec<_>>().join("、")
}

/// The names of a family's children.
fn names(roster: &Roster, family: &Siblings) -> String {
    let name = |(sheet, row): &(usize, u32)| {
        let students = roster.sheets.get(*sheet).into_iter().flat_map(|sheet| &sheet.students);
        students.filter(|student| student.row == *row).map(|student| student.name.as_str()).next()
    };
    family.rows.iter().filter_map(name).collect::<Vec<_>>().join("、")
}

fn by_class(lang: Lang, preview: &Preview, year: i16) -> Vec<(String, u32)> {
    let mut counts: BTreeMap<(i16, ClassKey), u32> = BTreeMap::new();
    for line in &preview.added {
        // the youngest first
        *counts.entry((-line.class.entered_year, line.class)).or_default() += 1;
    }
    counts.into_iter().map(|((_, class), count)| (words::class(lang, class, year), count)).collect()
}

fn changed_row(lang: Lang, line: &Line, year: i16) -> ChangedRow {
    let what: Vec<&str> = line.differences.iter().map(|found| words::difference(lang, *found)).collect();
    let class = words::class(lang, line.class, year);
    let class = match line.was_in {
        Some(was) => format!("{} → {class}", words::class(lang, was, year)),
        None => class,
    };
    ChangedRow { name: line.name.clone(), class, what: what.join("、") }
}

fn sheet_part(lang: Lang, sheet: &import::Sheet) -> SheetPart {
    let comes_in = |row: u32| sheet.students.iter().any(|student| student.row == row);
    let rejected = sheet.rejected.iter().map(|cell| CellRow {
        row: cell.row,
        column: cell.column.clone(),
        value: cell.value.clone(),
        problem: words::problem(lang, cell.problem),
        comes_in: comes_in(cell.row),
    });
    let notes = sheet.students.iter().flat_map(|student| {
        let doubts = student.problems.iter();
        let doubts =
            doubts.filter(|found| found.problem.weight() == kehou_domain::people::problem::Weight::Note);
        doubts.map(|found| CellRow {
            row: student.row,
            column: found.column.clone(),
            value: student.name.clone(),
            problem: words::problem(lang, found.problem),
            comes_in: true,
        })
    });
    SheetPart {
        name: sheet.name.clone(),
        summary: words::sheet_summary(lang, sheet),
        rejected: rejected.collect(),
        notes: notes.take(MOST_LINES).collect(),
        skipped: sheet
            .skipped
            .iter()
            .take(MOST_LINES)
            .map(|skipped| (skipped.row, words::skipped(lang, skipped.why)))
            .collect(),
        columns_left: sheet.columns_left.join("、"),
        doubled: words::doubled_columns(lang, sheet),
    }
}

pub(super) async fn confirm(
    seat: Seat,
    Path((_, import)): Path<(String, String)>,
    key: Key,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Fault> {
    let import: ImportId = id(&import)?;
    let upload = seat.read::<ImportRoster, _>(move |tx| people::upload(tx, import)).await?;
    // imported already: the same request once more still gets its answer by the key
    let mut roster = match &upload.bytes {
        Some(bytes) => read(&seat, bytes.clone()).await?.map_err(|_| Fault::NotFound)?,
        None => Roster::default(),
    };
    form.decide(&mut roster);
    let (shown, wish) = (roster.clone(), form.wish());
    let done = seat
        .write::<ImportRoster, Summary, ImportRefused>(&key, move |tx| {
            people::import_upload(tx, import, &roster, wish)
        })
        .await?;
    match done {
        Err(refused) if upload.bytes.is_some() => {
            let problems = Refusal::new("import", words::import_refused(seat.lang(), refused)).into();
            seat.refused(&page(&seat, (import, upload), shown, form, problems).await?)
        }
        Ok(_) | Err(_) => Ok(see_other(&seat.path(&format!("roster-imports/{import}")))),
    }
}
