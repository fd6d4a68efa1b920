//! The filed list as a workbook (F9).

use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// A workbook of one sheet: a title, a head row, then the rows. Texts that a spreadsheet would run as a formula
/// are written as text.
pub fn filing_workbook(title: &str, head: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    sheet.write_string_with_format(0, 0, title, &bold)?;
    for (column, name) in (0_u16..).zip(head) {
        sheet.write_string_with_format(1, column, name, &bold)?;
        sheet.set_column_width(column, 16)?;
    }
    for (row, cells) in (2_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, cell)?;
        }
    }
    sheet.set_repeat_rows(1, 1)?;
    book.save_to_buffer()
}
