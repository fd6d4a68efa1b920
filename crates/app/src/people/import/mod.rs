//! Reading a roster workbook: whatever a school sends, row by row, nothing repaired in silence (G1).
//!
//! The file is known by its content, never by its name. What is read is what the workbook says; nothing is
//! stored here.

mod check;
mod csv;
mod grid;
mod head;
mod html;
mod line;
mod sheet;
mod sniff;
mod unpack;
mod workbook;

pub(crate) use grid::Grid;

use jiff::civil::Date;
use kehou_domain::people::class::{ClassKey, Stage, school_year};
use kehou_domain::people::phone::Phone;
use kehou_domain::people::problem::Problem;
use kehou_domain::people::{Boarding, Sex};

/// The largest file taken, in bytes.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// The most rows taken from one workbook.
pub const MOST_ROWS: usize = 20_000;

/// Under which circumstances a workbook is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The day whose school year turns grades into years of entry.
    pub on: Date,
    /// What a year of entry (2024级) counts from.
    stage: Stage,
    /// The only stage that the school teaches; nothing for a nine-year school and where no school is known.
    only: Option<Stage>,
}

impl Reading {
    /// For any school: each grade from 1 to 9 may stand in the file.
    pub const fn any(on: Date, stage: Stage) -> Reading {
        Reading { on, stage, only: None }
    }

    /// For a school of this kind (`primary`, `junior`, `nine_year`): a grade that it does not teach is a fault.
    pub fn of_school(on: Date, kind: &str) -> Reading {
        let only = Stage::parse(kind);
        Reading { on, stage: only.unwrap_or(Stage::Primary), only }
    }

    fn school_year(self) -> i16 {
        school_year(self.on)
    }
}

/// Why a file is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// More bytes than a roster needs.
    TooLarge {
        /// The file's size in bytes.
        bytes: usize,
    },
    /// More rows than any school has pupils.
    TooManyRows,
    /// It unpacks to far more than it seems (a zip bomb).
    Bomb,
    /// It carries macros.
    Macros,
    /// It is protected by a password.
    Password,
    /// An XML spreadsheet of 2003: to be saved as .xlsx.
    OldXml,
    /// Neither a workbook nor a table of text.
    Unknown,
    /// A workbook that cannot be read to its end.
    Damaged,
    /// Text in no encoding that schools use.
    Encoding,
    /// No sheet has a row of headings with a column of names.
    NoHead,
    /// Lines of text without columns.
    PlainText,
    /// A row of headings and no pupil below it.
    OnlyHead,
    /// A quotation mark opens a cell in this line of a table of text and swallows the lines after it.
    OpenQuote {
        /// The line, from 1.
        line: u32,
    },
}

impl Refused {
    /// The code for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Refused::TooLarge { .. } => "too_large",
            Refused::TooManyRows => "too_many_rows",
            Refused::Bomb => "unpacks_too_large",
            Refused::Macros => "macros",
            Refused::Password => "password",
            Refused::OldXml => "old_xml",
            Refused::Unknown => "not_a_workbook",
            Refused::Damaged => "damaged",
            Refused::Encoding => "encoding",
            Refused::NoHead => "no_header",
            Refused::PlainText => "plain_text",
            Refused::OnlyHead => "only_header",
            Refused::OpenQuote { .. } => "open_quote",
        }
    }
}

/// What a workbook says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Roster {
    /// Its sheets, in their order.
    pub sheets: Vec<Sheet>,
    /// Pupils who share a guardian.
    pub siblings: Vec<Siblings>,
    /// Rows of which nobody but the school can say whether they are one pupil.
    pub namesakes: Vec<Namesakes>,
}

/// What one sheet says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden; a hidden sheet is not read.
    pub hidden: bool,
    /// The rows that hold the headings, counted from 1.
    pub header_rows: Vec<u32>,
    /// Headings of columns that are not kept (data a roster does not need).
    pub columns_left: Vec<String>,
    /// Headings of columns that are not read, as an earlier column says the same of the pupil.
    pub columns_twice: Vec<String>,
    /// Headings of columns of names that are read as guardians' names.
    pub columns_of_guardians: Vec<String>,
    /// The pupils.
    pub students: Vec<Student>,
    /// Rows and cells that are refused.
    pub rejected: Vec<Rejected>,
    /// Names in rows that are refused: whoever bears one is not missing from the file.
    pub names_refused: Vec<String>,
    /// Rows that are no data.
    pub skipped: Vec<Skipped>,
}

/// One pupil as a row states them: the fields of G1.
#[derive(Debug, Clone, PartialEq)]
pub struct Student {
    /// The row, counted from 1.
    pub row: u32,
    /// The name.
    pub name: String,
    /// The sex.
    pub sex: Sex,
    /// The home class.
    pub class: ClassKey,
    /// The class's grade in the school year of reading, 1 to 9.
    pub grade: u8,
    /// The number in the class.
    pub seat: Option<u8>,
    /// Day pupil or boarder; nothing when no column says.
    pub boarding: Option<Boarding>,
    /// The class teacher's name, where a column states it.
    pub homeroom: Option<String>,
    /// The guardians, in the order of the columns.
    pub guardians: Vec<Guardian>,
    /// What somebody should look at.
    pub problems: Vec<Finding>,
}

/// A guardian as a row states them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guardian {
    /// The name; empty when only a phone is given.
    pub name: String,
    /// The relation in the sheet's own word; empty when nothing tells.
    pub relation: String,
    /// The phones.
    pub phones: Vec<Phone>,
}

/// A problem and the column it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The column's heading; empty when it is about the whole row.
    pub column: String,
    /// What is wrong.
    pub problem: Problem,
}

/// A refused row or cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The row, counted from 1.
    pub row: u32,
    /// The column's heading; empty when it is about the whole row.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why it is refused.
    pub problem: Problem,
}

/// A row that is no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skipped {
    /// The row, counted from 1.
    pub row: u32,
    /// What it is instead.
    pub why: Why,
}

/// What a row is when it is no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A title above the headings.
    Title,
    /// The headings once more, as on the next printed page.
    Header,
    /// Nothing, or a number with nothing beside it.
    Blank,
    /// A total.
    Total,
    /// A remark, a signature line.
    Note,
    /// A row of a sheet without headings.
    NoHeader,
}

impl Why {
    /// The word for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Why::Title => "title",
            Why::Header => "header",
            Why::Blank => "blank",
            Why::Total => "total",
            Why::Note => "note",
            Why::NoHeader => "no_header",
        }
    }
}

/// Pupils who share a guardian's name and phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Siblings {
    /// The phone they share.
    pub phone: Phone,
    /// Sheet (counted from 0) and row (counted from 1) of each.
    pub rows: Vec<(usize, u32)>,
}

/// Two rows of one class and one name with different guardians: one pupil, or two (G1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Namesakes {
    /// Sheet and place among its pupils, both counted from 0.
    pub first: (usize, usize),
    /// The same of the later row.
    pub second: (usize, usize),
    /// Whether somebody has said that it is one pupil; until then both are kept.
    pub is_one: bool,
}

impl Roster {
    /// Every pupil of every sheet.
    pub fn students(&self) -> impl Iterator<Item = &Student> {
        self.sheets.iter().flat_map(|sheet| &sheet.students)
    }

    /// The names in rows that are refused.
    pub fn names_refused(&self) -> impl Iterator<Item = &str> {
        self.sheets.iter().flat_map(|sheet| sheet.names_refused.iter().map(String::as_str))
    }

    /// How many rows and cells are refused.
    pub fn rejections(&self) -> usize {
        self.sheets.iter().map(|sheet| sheet.rejected.len()).sum()
    }
}

/// Reads a workbook or table of text, whatever its name says.
pub fn read(bytes: &[u8], reading: Reading) -> Result<Roster, Refused> {
    let grids = tables(bytes)?;
    let mut sheets: Vec<Sheet> = grids.iter().map(|grid| sheet::read(grid, reading)).collect();
    if sheets.iter().all(|sheet| sheet.header_rows.is_empty()) {
        return Err(if sniff::is_prose(bytes, &grids) { Refused::PlainText } else { Refused::NoHead });
    }
    if sheets.iter().all(|sheet| sheet.students.is_empty() && sheet.rejected.is_empty()) {
        return Err(Refused::OnlyHead);
    }
    let siblings = check::across(&mut sheets);
    let namesakes = check::namesakes(&sheets);
    Ok(Roster { sheets, siblings, namesakes })
}

/// The sheets of a workbook or table of text as rows of cells, for tables of another trade.
pub(crate) fn tables(bytes: &[u8]) -> Result<Vec<Grid>, Refused> {
    let grids = sniff::grids(bytes)?;
    let rows: usize = grids.iter().map(Grid::rows).sum();
    if MOST_ROWS < rows { Err(Refused::TooManyRows) } else { Ok(grids) }
}

#[cfg(test)]
mod tests;
