//! Sheets as `.xlsx` (G7): words come from the pages, numbers stay numbers.

use rust_xlsxwriter::{Format, FormatBorder, Workbook, Worksheet, XlsxError};

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text: never taken for a formula.
    Text(String),
    /// A count.
    Count(u32),
    /// Nothing.
    Empty,
}

/// One table on a sheet of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The sheet's name, at most 31 characters.
    pub name: String,
    /// Lines above the table: school, title, date.
    pub title: Vec<String>,
    /// The heads of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A workbook of these tables: heads repeat on every printed page, the page is A4, the first row of figures is frozen.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for table in tables {
        fill(book.add_worksheet(), table)?;
    }
    book.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&table.name))?;
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    let bold = Format::new().set_bold();
    let mut at: u32 = 0;
    for line in &table.title {
        sheet.write_string_with_format(at, 0, line, &guarded(&bold, line))?;
        at += 1;
    }
    let head = Format::new().set_bold().set_border(FormatBorder::Thin).set_text_wrap();
    for (column, text) in (0_u16..).zip(&table.head) {
        sheet.write_string_with_format(at, column, text, &guarded(&head, text))?;
    }
    sheet.set_repeat_rows(at, at)?;
    sheet.set_freeze_panes(at + 1, 0)?;
    for row in &table.rows {
        at += 1;
        for (column, cell) in (0_u16..).zip(row) {
            write(sheet, (at, column), cell)?;
        }
    }
    sheet.autofit();
    Ok(())
}

fn write(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    let plain = Format::new().set_border(FormatBorder::Thin);
    match cell {
        Cell::Text(text) => sheet.write_string_with_format(row, column, text, &guarded(&plain, text))?,
        Cell::Count(count) => sheet.write_number_with_format(row, column, *count, &plain)?,
        Cell::Empty => sheet.write_blank(row, column, &plain)?,
    };
    Ok(())
}

/// A text that a spreadsheet would take for a formula, once it is copied elsewhere, is marked as text.
fn guarded(format: &Format, text: &str) -> Format {
    let starts = text.chars().next();
    if starts.is_some_and(|letter| matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r')) {
        return format.clone().set_quote_prefix();
    }
    format.clone()
}

/// A name that workbooks allow: some characters are not, and 31 is the most.
fn sheet_name(name: &str) -> String {
    let allowed = |letter: &char| !matches!(letter, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    name.chars().filter(allowed).take(31).collect()
}
