//! A workbook of offerings: read, laid beside the term, then written as drafts, all of it or nothing (D2–D6).
//!
//! The words for columns and choices come from the pages, in every language that they speak: what a template says is
//! what is read back.

mod meaning;
mod table;

use kehou_db::{Event, Failed, Result, SchoolTx, Tx};
use kehou_domain::access::KeepOfferings;
use kehou_domain::catalogue::{Details, Fault, Kind, Lack, SexLimit, Topic};
use kehou_domain::ids::{ImportId, OfferingId, TermId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::keep::{facts, plan_for};
use super::rows::{self, uploads};
use crate::people;
use crate::people::import::Refused;

pub use table::{Line, Table, read};

/// The most rows of one workbook.
pub const MOST_LINES: usize = 500;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// 名称.
    Title,
    /// 类别.
    Kind,
    /// 内容.
    Topic,
    /// 星期.
    Weekdays,
    /// 时段.
    Slot,
    /// 年级.
    Grades,
    /// 性别.
    Sex,
    /// 名额.
    Capacity,
    /// 最少几人开班.
    Minimum,
    /// 地方.
    Venue,
    /// 老师.
    Teacher,
    /// 介绍.
    Description,
    /// 要带的东西.
    Materials,
    /// 代收费.
    Cost,
}

/// What the pages call columns and choices, in every language.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// Columns.
    pub columns: Vec<(String, Column)>,
    /// Kinds.
    pub kinds: Vec<(String, Kind)>,
    /// Topics.
    pub topics: Vec<(String, Topic)>,
    /// For girls, boys or everybody.
    pub sexes: Vec<(String, SexLimit)>,
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRefused {
    /// It is no table that anybody could read.
    File(Refused),
    /// It has more rows than a school has offerings.
    TooMany,
}

/// A workbook laid beside the term.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// Its rows, each with what would become of it.
    pub rows: Vec<Row>,
    /// Headings of columns that are not read.
    pub columns_left: Vec<String>,
}

/// A row of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row, counted from 1.
    pub number: u32,
    /// The name as it stands there.
    pub title: String,
    /// What would become of it.
    pub verdict: Verdict,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A new draft, with what families must know and nobody has written yet.
    New(Box<Details>, Vec<Lack>),
    /// The term has it already.
    Exists,
    /// The same stands in an earlier row.
    Twice(u32),
    /// It goes on with the offering of this earlier row.
    PartOf(u32),
    /// What is wrong with it.
    Wrong(Vec<Wrong>),
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The column; nothing when it is not in the file or the whole row is meant.
    pub column: Option<Column>,
    /// What stands there.
    pub value: String,
    /// Why it cannot be so.
    pub why: Why,
}

/// Why a cell cannot be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is none of the choices.
    Unknown,
    /// The program took it for a date.
    Date,
    /// It is a formula's error.
    Error,
    /// Nobody can tell which days or grades.
    Unclear,
    /// It is no whole number.
    NoNumber,
    /// It is no amount of money.
    NoMoney,
    /// No slot is named, and the plan has several then.
    WhichSlot,
    /// Nobody of that name works here.
    NoSuchTeacher,
    /// Several of that name work here.
    SeveralTeachers,
    /// The same day and slot stand there already.
    MeetsTwice,
    /// It goes on with the row above and says something else in this column.
    NotAsAbove,
    /// Something is wrong with this row, which goes on with it.
    RowBelow(u32),
    /// It does not fit the plan.
    Fault(Fault),
}

/// What an import does: counts of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// New drafts.
    pub new: u32,
    /// Rows that are there already, in the term or further up.
    pub existing: u32,
    /// Rows with something wrong.
    pub wrong: u32,
}

/// Why an import is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportRefused {
    /// No plan is in force for the term.
    NoPlan,
    /// So many rows are wrong, and nobody said to go on without them.
    Wrong(u32),
    /// No row would become a draft.
    Nothing,
    /// The catalogue, the plan or the staff changed after the preview was shown.
    Changed,
}

/// How somebody wants a workbook imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// Write the good rows although others are wrong.
    pub without_wrong: bool,
    /// The counts that were shown; others refuse the import.
    pub shown: Option<Counts>,
}

/// A workbook that waits for confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The term that it is for.
    pub term: TermId,
    /// Its name.
    pub file_name: String,
    /// Its content; nothing once it was imported or dropped.
    pub bytes: Option<Vec<u8>>,
    /// New drafts and rows left out, once it was imported.
    pub done: Option<(u32, u32)>,
}

impl Preview {
    /// How many rows of each sort.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for row in &self.rows {
            match row.verdict {
                Verdict::New(..) => counts.new += 1,
                Verdict::Exists | Verdict::Twice(_) => counts.existing += 1,
                Verdict::Wrong(_) => counts.wrong += 1,
                Verdict::PartOf(_) => {}
            }
        }
        counts
    }
}

/// Keeps an uploaded workbook, sealed, until somebody confirms it.
pub fn keep_upload(
    tx: &mut Tx<KeepOfferings>,
    term: TermId,
    (file_name, bytes): (&str, &[u8]),
) -> Result<ImportId> {
    let id: ImportId = tx.new_id();
    let sealed = tx.seal(&people::hex(bytes));
    uploads::save(tx, (id, term), file_name, &sealed)?;
    tx.event(Event::new("KeepOfferingUpload", id).facts(json!({ "bytes": bytes.len() })))?;
    Ok(id)
}

/// The uploaded workbook.
pub fn upload(tx: &mut Tx<KeepOfferings>, id: ImportId) -> Result<Upload> {
    let found = uploads::upload(tx, id)?;
    let opened = found.sealed.map(|sealed| tx.unseal(&sealed)).transpose()?;
    let bytes = opened.map(|text| people::unhex(&text));
    Ok(Upload { term: found.term, file_name: found.file_name, bytes, done: found.done })
}

/// Lays a workbook beside the term; nothing is written. Without a plan nothing can be said of it.
pub fn preview(
    tx: &mut Tx<KeepOfferings>,
    term: TermId,
    (table, words): (&Table, &Words),
) -> Result<Option<Preview>> {
    laid_beside(tx, term, (table, words))
}

/// Writes a workbook's offerings as drafts and ends the upload: all of it, or nothing.
pub fn import(
    tx: &mut Tx<KeepOfferings>,
    (id, term): (ImportId, TermId),
    (table, words): (&Table, &Words),
    wish: Wish,
) -> std::result::Result<Counts, Failed<ImportRefused>> {
    rows::hold(tx, term)?;
    let preview = laid_beside(tx, term, (table, words))?;
    let preview = preview.ok_or(Failed::Refused(ImportRefused::NoPlan))?;
    let counts = preview.counts();
    check(counts, wish).map_err(Failed::Refused)?;

    for row in preview.rows {
        if let Verdict::New(details, _) = row.verdict {
            let offering: OfferingId = tx.new_id();
            rows::add(tx, offering, term, &details)?;
            tx.event(Event::of::<KeepOfferings>(offering).facts(json!({ "after": facts(&details) })))?;
        }
    }
    uploads::finish(tx, id, (counts.new, counts.existing + counts.wrong))?;
    Ok(counts)
}

fn check(counts: Counts, wish: Wish) -> std::result::Result<(), ImportRefused> {
    if wish.shown.is_some_and(|shown| shown != counts) {
        return Err(ImportRefused::Changed);
    }
    if 0 < counts.wrong && !wish.without_wrong {
        return Err(ImportRefused::Wrong(counts.wrong));
    }
    if counts.new == 0 { Err(ImportRefused::Nothing) } else { Ok(()) }
}

fn laid_beside(tx: &mut SchoolTx, term: TermId, (table, words): (&Table, &Words)) -> Result<Option<Preview>> {
    let Some(plan) = plan_for(tx, term)? else { return Ok(None) };
    let (here, teachers) = (rows::of_term(tx, term)?, rows::teachers(tx)?);
    let known = meaning::Known { plan: &plan, teachers: &teachers, words };
    let mut rows: Vec<Row> = Vec::new();
    let mut before: Vec<(u32, Details)> = Vec::new();
    for lines in table.lines.chunk_by(|_, next| next.goes_on) {
        let verdicts = match meaning::details(&known, lines) {
            Err(wrongs) => meaning::wrong(lines, wrongs),
            Ok(details) => meaning::right(lines, meaning::verdict(&here, &before, details)),
        };
        if let Some((first, Verdict::New(details, _))) = lines.first().zip(verdicts.first()) {
            before.push((first.number, (**details).clone()));
        }
        let row = |(line, verdict): (&Line, Verdict)| Row {
            number: line.number,
            title: line.text(Column::Title),
            verdict,
        };
        rows.extend(lines.iter().zip(verdicts).map(row));
    }
    Ok(Some(Preview { rows, columns_left: table.columns_left.clone() }))
}
