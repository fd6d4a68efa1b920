//! Tables of offerings for programs: sent, laid beside the term, and written, as on the pages.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use kehou_app::catalogue::import::{self, Column, Counts, Preview, Row, Table, Upload, Verdict, Wish, Wrong};
use kehou_domain::access::KeepOfferings;
use kehou_domain::ids::{ImportId, TermId};
use kehou_domain::plan::Plan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::api::{MeetingOut, meetings_out};
use super::form::setting;
use super::{brought, id, imports};
use crate::fault::Fault;
use crate::form::Json;
use crate::key::Key;
use crate::lang::Lang;
use crate::refusal::Refusal;
use crate::seat::Seat;

/// A table of offerings, as a workbook holds it.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewImport {
    /// The term's id; the one that runs or comes next when it is left out.
    #[serde(default)]
    term: String,
    /// What the pages call it.
    #[serde(default)]
    file_name: String,
    /// The rows with their cells, the headings first; the headings are those of the template, in either language. A row
    /// with the name again, or none, and nothing but days and slot goes on with the row above.
    #[serde(default)]
    rows: Vec<Vec<String>>,
}

/// A confirmation: the counts that the preview showed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewConfirmation {
    /// Whether the good rows are written although others are wrong.
    #[serde(default)]
    without_wrong: bool,
    #[serde(flatten)]
    shown: CountsOut,
}

/// Counts of rows.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct CountsOut {
    /// Rows that become drafts.
    new: u32,
    /// Rows that are there already, in the term or further up.
    existing: u32,
    /// Rows to be changed.
    wrong: u32,
}

/// A table laid beside its term.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportOut {
    /// The import's id.
    import: String,
    /// The term's id.
    term: String,
    /// What it brought, once it was confirmed.
    done: Option<DoneOut>,
    counts: CountsOut,
    /// Headings that are not read.
    columns_left: Vec<String>,
    /// The rows below the headings; none once the import is over.
    rows: Vec<RowOut>,
}

/// What an import brought.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DoneOut {
    /// Drafts written.
    written: u32,
    /// Rows left out.
    left_out: u32,
}

/// A row of the table.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RowOut {
    /// The row, counted from 1.
    row: u32,
    title: String,
    /// `new`, `exists`, `twice`, `part_of` or `wrong`.
    becomes: String,
    /// The row that says the same, or that it goes on with.
    of: Option<u32>,
    /// When a new one meets, with what the rows say that go on with it.
    meetings: Vec<MeetingOut>,
    /// What somebody should know of it, as sentences.
    notes: Vec<String>,
    wrongs: Vec<WrongOut>,
}

/// What is wrong with a cell.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WrongOut {
    /// `title`, `kind`, `topic`, `weekdays`, `slot`, `grades`, `sex`, `capacity`, `minimum`, `venue`, `teacher`,
    /// `description`, `materials` or `cost`; nothing where the whole row is meant.
    column: Option<String>,
    /// What stands there.
    value: String,
    /// A sentence in the account's language.
    message: String,
}

impl From<Counts> for CountsOut {
    fn from(counts: Counts) -> CountsOut {
        CountsOut { new: counts.new, existing: counts.existing, wrong: counts.wrong }
    }
}

impl NewConfirmation {
    fn wish(&self) -> Wish {
        let CountsOut { new, existing, wrong } = self.shown;
        Wish { without_wrong: self.without_wrong, shown: Some(Counts { new, existing, wrong }) }
    }
}

impl NewImport {
    /// The table as a file of text.
    fn file(&self) -> Vec<u8> {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",");
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n").into_bytes()
    }
}

pub(super) async fn create(seat: Seat, key: Key, Json(new): Json<NewImport>) -> Result<Response, Fault> {
    let asked: Option<TermId> = if new.term.is_empty() { None } else { Some(id(&new.term)?) };
    let term = setting(&seat, asked).await?.term.id;
    match imports::kept(&seat, &key, term, (new.file_name.clone(), new.file())).await? {
        Ok(import) => Ok(out(&seat, id(&import)?).await?.into_response()),
        Err(refusal) => Ok(refusal.into_response()),
    }
}

pub(super) async fn show(
    seat: Seat,
    Path((_, import)): Path<(String, String)>,
) -> Result<Json<ImportOut>, Fault> {
    out(&seat, id(&import)?).await
}

async fn out(seat: &Seat, import: ImportId) -> Result<Json<ImportOut>, Fault> {
    let upload = seat.read::<KeepOfferings, _>(move |tx| import::upload(tx, import)).await?;
    let preview = match upload.bytes.clone() {
        Some(bytes) => {
            let table = imports::read(bytes).await?.map_err(|_| Fault::NotFound)?;
            imports::laid(seat, upload.term, table).await?
        }
        None => Preview::default(),
    };
    let plan = setting(seat, Some(upload.term)).await?.plan;
    Ok(Json(import_out((seat.lang(), plan.as_deref()), (import, &upload), preview)))
}

fn import_out(
    words: (Lang, Option<&Plan>),
    (import, upload): (ImportId, &Upload),
    preview: Preview,
) -> ImportOut {
    ImportOut {
        import: import.to_string(),
        term: upload.term.to_string(),
        done: upload.done.map(|(written, left_out)| DoneOut { written, left_out }),
        counts: preview.counts().into(),
        rows: preview.rows.iter().map(|row| row_out(words, row)).collect(),
        columns_left: preview.columns_left,
    }
}

fn row_out((lang, plan): (Lang, Option<&Plan>), row: &Row) -> RowOut {
    let (becomes, of) = match &row.verdict {
        Verdict::New(..) => ("new", None),
        Verdict::Exists => ("exists", None),
        Verdict::Twice(of) => ("twice", Some(*of)),
        Verdict::PartOf(of) => ("part_of", Some(*of)),
        Verdict::Wrong(_) => ("wrong", None),
    };
    let wrongs = if let Verdict::Wrong(wrongs) = &row.verdict { wrongs.as_slice() } else { &[] };
    let meetings = if let Verdict::New(details, _) = &row.verdict { &*details.meetings } else { &[] };
    let notes = if wrongs.is_empty() { brought::row_notes(lang, plan, &row.verdict) } else { Vec::new() };
    let wrong = |wrong: &Wrong| WrongOut {
        column: wrong.column.map(|column| word(column).to_owned()),
        value: wrong.value.clone(),
        message: brought::why_wrong(lang, plan, wrong),
    };
    RowOut {
        row: row.number,
        title: row.title.clone(),
        becomes: becomes.to_owned(),
        of,
        meetings: meetings_out(meetings),
        notes,
        wrongs: wrongs.iter().map(wrong).collect(),
    }
}

/// The column's word for programs.
const fn word(column: Column) -> &'static str {
    match column {
        Column::Title => "title",
        Column::Kind => "kind",
        Column::Topic => "topic",
        Column::Weekdays => "weekdays",
        Column::Slot => "slot",
        Column::Grades => "grades",
        Column::Sex => "sex",
        Column::Capacity => "capacity",
        Column::Minimum => "minimum",
        Column::Venue => "venue",
        Column::Teacher => "teacher",
        Column::Description => "description",
        Column::Materials => "materials",
        Column::Cost => "cost",
    }
}

pub(super) async fn confirm(
    seat: Seat,
    Path((_, import)): Path<(String, String)>,
    key: Key,
    Json(new): Json<NewConfirmation>,
) -> Result<Response, Fault> {
    let import: ImportId = id(&import)?;
    let upload = seat.read::<KeepOfferings, _>(move |tx| import::upload(tx, import)).await?;
    let table = match &upload.bytes {
        Some(bytes) => imports::read(bytes.clone()).await?.map_err(|_| Fault::NotFound)?,
        // over already: the same request once more still gets its answer by the key
        None => Table::default(),
    };
    Ok(match imports::confirmed(&seat, &key, (import, upload.term), (table, new.wish())).await? {
        Ok(counts) => Json(CountsOut::from(counts)).into_response(),
        Err(_) if upload.bytes.is_none() => {
            let words = seat.lang().t("这个文件已经导入过，或者换成了后来的文件");
            Refusal::new("over", words).into_response()
        }
        Err(refusal) => refusal.into_response(),
    })
}
