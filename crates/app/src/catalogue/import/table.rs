//! The table of a workbook: its headings by the pages' words, and its rows as they stand.

use kehou_domain::catalogue::written::{Rest, goes_on};
use kehou_domain::people::cell::{Cell, squeeze};

use super::{Column, FileRefused, MOST_LINES, Words};
use crate::people::import::{Grid, Refused, tables};

/// Headings stand within the first rows.
const SEARCHED: usize = 20;

static EMPTY: Cell = Cell::Empty;

/// What a row says that goes on with the one above.
pub(super) const SAID_AGAIN: [Column; 3] = [Column::Title, Column::Weekdays, Column::Slot];

/// What the sheets say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The rows below the headings.
    pub lines: Vec<Line>,
    /// Headings that are no column of ours.
    pub columns_left: Vec<String>,
}

/// A row as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The row, counted from 1.
    pub number: u32,
    /// Its cells, of the columns that the file has.
    pub cells: Vec<(Column, Cell)>,
    /// Whether it goes on with the offering of the row above.
    pub goes_on: bool,
}

impl Line {
    /// The cell of the column; nothing where the file has none.
    pub(super) fn cell(&self, column: Column) -> &Cell {
        self.cells.iter().find(|(known, _)| *known == column).map_or(&EMPTY, |(_, cell)| cell)
    }

    /// What stands in the column.
    pub(super) fn text(&self, column: Column) -> String {
        self.cell(column).shown()
    }

    /// What it says besides name, weekdays and slot.
    fn rest(&self) -> Rest {
        let mut rest = self.cells.iter().filter(|(column, _)| !SAID_AGAIN.contains(column));
        if rest.all(|(_, cell)| cell.is_blank()) { Rest::Blank } else { Rest::Written }
    }
}

/// Reads a workbook or table of text, whatever its name says: of every sheet with headings the rows below them.
pub fn read(bytes: &[u8], words: &Words) -> Result<Table, FileRefused> {
    let grids = tables(bytes).map_err(FileRefused::File)?;
    let mut table = Table::default();
    let mut has_head = false;
    for grid in grids.iter().filter(|grid| !grid.is_hidden()) {
        let Some((head, columns)) = find_head(grid, words) else { continue };
        has_head = true;
        table.columns_left.extend(columns.iter().filter(|one| one.2.is_none()).map(|one| one.1.clone()));
        table.lines.extend(lines(grid, head + 1, &columns));
    }
    if !has_head {
        return Err(FileRefused::File(Refused::NoHead));
    }
    match table.lines.len() {
        0 => Err(FileRefused::File(Refused::OnlyHead)),
        many if MOST_LINES < many => Err(FileRefused::TooMany),
        _ => Ok(table),
    }
}

/// Place, heading and what it is.
type Head = (usize, String, Option<Column>);

/// The first row with a column of names and at least two more that are known.
fn find_head(grid: &Grid, words: &Words) -> Option<(usize, Vec<Head>)> {
    (0..grid.rows().min(SEARCHED)).find_map(|row| {
        let columns: Vec<Head> = (0..grid.row(row).len())
            .map(|place| (place, grid.cell(row, place).shown()))
            .filter(|(_, label)| !label.is_empty())
            .map(|(place, label)| {
                let column = column(&label, words);
                (place, label, column)
            })
            .collect();
        let known = columns.iter().filter(|one| one.2.is_some()).count();
        let is_named = columns.iter().any(|one| one.2 == Some(Column::Title));
        (is_named && 3 <= known).then_some((row, columns))
    })
}

/// The column of a heading; a remark in brackets, an asterisk and blanks do not matter.
fn column(label: &str, words: &Words) -> Option<Column> {
    let bare = |text: &str| {
        let text = squeeze(text).to_lowercase();
        let cut = text.find('(').filter(|cut| 0 < *cut).unwrap_or(text.len());
        text[..cut].trim_matches(['*', ':']).to_owned()
    };
    let label = bare(label);
    words.columns.iter().find(|(word, _)| bare(word) == label).map(|(_, column)| *column)
}

/// The rows below the headings; one that goes on with the row above knows it, by its cells or since its name is merged
/// with the one above.
fn lines(grid: &Grid, from: usize, columns: &[Head]) -> Vec<Line> {
    let name = columns.iter().find(|one| one.2 == Some(Column::Title)).map(|one| one.0);
    let (mut lines, mut above): (Vec<Line>, String) = (Vec::new(), String::new());
    for row in from..grid.rows() {
        let Some(mut line) = line(grid, row, columns) else { continue };
        let is_merged = name.is_some_and(|place| grid.is_continued(row, place));
        line.goes_on =
            !lines.is_empty() && (is_merged || goes_on(&above, &line.text(Column::Title), line.rest()));
        if !line.goes_on {
            above = line.text(Column::Title);
        }
        lines.push(line);
    }
    lines
}

fn line(grid: &Grid, row: usize, columns: &[Head]) -> Option<Line> {
    let known = columns.iter().filter_map(|(place, _, column)| column.map(|column| (column, *place)));
    let cells: Vec<(Column, Cell)> =
        known.map(|(column, place)| (column, grid.cell(row, place).clone())).collect();
    let is_blank = cells.iter().all(|(_, cell)| cell.is_blank());
    let number = u32::try_from(row + 1).unwrap_or(u32::MAX);
    (!is_blank).then_some(Line { number, cells, goes_on: false })
}
