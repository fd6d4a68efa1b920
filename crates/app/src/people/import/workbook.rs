//! Workbooks of spreadsheet programs: .xlsx and the older .xls.

use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Reader, SheetVisible, Xls, XlsError, Xlsx, XlsxError};
use kehou_domain::people::cell::Cell;

use super::Refused;
use super::grid::{Grid, Merge};

/// Marks of a protected and of a macro workbook in the older container, as its directory writes them.
const PROTECTED: &str = "EncryptedPackage";
const MACROS: &str = "_VBA_PROJECT";

/// The sheets of an .xlsx workbook, read cell by cell: a lonely cell far away costs nothing.
pub(super) fn xlsx(bytes: &[u8]) -> Result<Vec<Grid>, Refused> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| {
        if matches!(error, XlsxError::Password) { Refused::Password } else { Refused::Damaged }
    })?;
    let sheets: Vec<_> =
        book.sheets_metadata().iter().map(|sheet| (sheet.name.clone(), sheet.visible)).collect();
    sheets.into_iter().map(|(name, visible)| xlsx_sheet(&mut book, &name, visible)).collect()
}

fn xlsx_sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, visible: SheetVisible) -> Result<Grid, Refused> {
    let mut grid = Grid::new(name);
    grid.hidden = visible != SheetVisible::Visible;
    // charts and dialogs have no cells
    if let Ok(mut cells) = book.worksheet_cells_reader(name) {
        while let Some(cell) = cells.next_cell().map_err(|_| Refused::Damaged)? {
            let (row, column) = cell.get_position();
            grid.put(index(row), index(column), from_ref(cell.get_value()))?;
        }
    } else {
        return Ok(grid);
    }
    let merges = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    with_merges(grid, &merges)
}

/// The sheets of an .xls workbook.
pub(super) fn xls(bytes: &[u8]) -> Result<Vec<Grid>, Refused> {
    if holds(bytes, PROTECTED) {
        return Err(Refused::Password);
    }
    if holds(bytes, MACROS) {
        return Err(Refused::Macros);
    }
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| {
        if matches!(error, XlsError::Password) {
            return Refused::Password;
        }
        if matches!(error, XlsError::Cfb(_)) { Refused::Unknown } else { Refused::Damaged }
    })?;
    let sheets: Vec<_> =
        book.sheets_metadata().iter().map(|sheet| (sheet.name.clone(), sheet.visible)).collect();
    sheets.into_iter().map(|(name, visible)| xls_sheet(&mut book, &name, visible)).collect()
}

fn xls_sheet(book: &mut Xls<Cursor<&[u8]>>, name: &str, visible: SheetVisible) -> Result<Grid, Refused> {
    let mut grid = Grid::new(name);
    grid.hidden = visible != SheetVisible::Visible;
    let Ok(range) = book.worksheet_range(name) else {
        return Ok(grid);
    };
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        grid.put(index(top) + row, index(left) + column, from_data(data))?;
    }
    let merges = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    with_merges(grid, &merges)
}

fn with_merges(mut grid: Grid, merges: &[Dimensions]) -> Result<Grid, Refused> {
    for merge in merges {
        let (top, left) = (index(merge.start.0), index(merge.start.1));
        let (bottom, right) = (index(merge.end.0), index(merge.end.1));
        grid.merge(Merge { top, left, bottom, right })?;
    }
    Ok(grid)
}

/// Whether the name stands in the container's directory (UTF-16, low byte first).
fn holds(bytes: &[u8], name: &str) -> bool {
    let wanted: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn from_ref(data: &DataRef<'_>) -> Cell {
    if let DataRef::SharedString(text) = data {
        return Cell::Text((*text).to_owned());
    }
    from_data(&Data::from(data.clone()))
}

#[expect(clippy::cast_precision_loss, reason = "a spreadsheet keeps whole numbers as floats as well")]
fn from_data(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) => Cell::Text(text.clone()),
        Data::Bool(flag) => Cell::Text(flag.to_string()),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Cell::Date(format!("{year:04}-{month:02}-{day:02}"))
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Date(text.clone()),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}
