//! A sheet as rows of cells, with merged cells filled.

use std::collections::HashSet;

use kehou_domain::people::cell::Cell;

use super::{MOST_ROWS, Refused};

/// The most columns looked at.
pub(super) const MOST_COLUMNS: usize = 200;

/// One sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    pub(super) name: String,
    pub(super) hidden: bool,
    cells: Vec<Vec<Cell>>,
    continued: HashSet<(usize, usize)>,
}

/// The corners of a merged region, both included, counted from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merge {
    pub(super) top: usize,
    pub(super) left: usize,
    pub(super) bottom: usize,
    pub(super) right: usize,
}

static EMPTY: Cell = Cell::Empty;

impl Grid {
    pub(super) fn new(name: &str) -> Grid {
        Grid { name: name.to_owned(), ..Grid::default() }
    }

    /// Puts a cell in its place; columns beyond the limit are left out, rows beyond it refuse the file.
    pub(super) fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), Refused> {
        if cell == Cell::Empty || MOST_COLUMNS <= column {
            return Ok(());
        }
        if MOST_ROWS <= row {
            return Err(Refused::TooManyRows);
        }
        if self.cells.len() <= row {
            self.cells.resize_with(row + 1, Vec::new);
        }
        let line = &mut self.cells[row];
        if line.len() <= column {
            line.resize(column + 1, Cell::Empty);
        }
        line[column] = cell;
        Ok(())
    }

    /// Repeats the first cell of a merged region in the others, within the sheet's own rows.
    pub(super) fn merge(&mut self, merge: Merge) -> Result<(), Refused> {
        let first = self.cell(merge.top, merge.left).clone();
        let bottom = merge.bottom.min(self.rows().saturating_sub(1));
        for row in merge.top..=bottom {
            for column in merge.left..=merge.right.min(MOST_COLUMNS - 1) {
                if (row, column) != (merge.top, merge.left) {
                    self.put(row, column, first.clone())?;
                }
                if merge.top < row {
                    self.continued.insert((row, column));
                }
            }
        }
        Ok(())
    }

    /// Whether the workbook hides the sheet.
    pub(crate) fn is_hidden(&self) -> bool {
        self.hidden
    }

    pub(crate) fn rows(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn row(&self, row: usize) -> &[Cell] {
        self.cells.get(row).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn cell(&self, row: usize, column: usize) -> &Cell {
        self.row(row).get(column).unwrap_or(&EMPTY)
    }

    /// Whether the cell belongs to a region that began in a row above.
    pub(crate) fn is_continued(&self, row: usize, column: usize) -> bool {
        self.continued.contains(&(row, column))
    }

    /// The different texts of a row, in their order.
    pub(super) fn texts(&self, row: usize) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for cell in self.row(row).iter().filter(|cell| !cell.is_blank()) {
            let text = cell.shown();
            if texts.last() != Some(&text) {
                texts.push(text);
            }
        }
        texts
    }
}
