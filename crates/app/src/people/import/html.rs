//! Web tables that call themselves .xls, as school systems export them.

use kehou_domain::people::cell::Cell;
use scraper::{ElementRef, Html, Selector};

use super::Refused;
use super::grid::{Grid, MOST_COLUMNS, Merge};

/// The tables of the page, each as one sheet.
pub(super) fn grids(text: &str) -> Result<Vec<Grid>, Refused> {
    let page = Html::parse_document(text);
    let tables: Result<Vec<Grid>, Refused> = page
        .select(&selector("table"))
        .filter(|table| table.select(&selector("table")).next().is_none())
        .enumerate()
        .map(|(number, table)| grid(table, number + 1))
        .collect();
    match tables {
        Ok(tables) if tables.is_empty() => Err(Refused::Unknown),
        other => other,
    }
}

fn selector(tag: &str) -> Selector {
    Selector::parse(tag).expect("a tag's name is a selector")
}

fn grid(table: ElementRef<'_>, number: usize) -> Result<Grid, Refused> {
    let mut grid = Grid::new(&number.to_string());
    let mut merges = Vec::new();
    for (row, line) in table.select(&selector("tr")).enumerate() {
        let mut column = 0;
        for field in line.select(&selector("td, th")) {
            while taken(&merges, row, column) {
                column += 1;
            }
            let text: String = field.text().collect();
            let cell = if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text) };
            grid.put(row, column, cell)?;
            let (tall, wide) = (span(field, "rowspan"), span(field, "colspan"));
            if 1 < tall || 1 < wide {
                merges.push(Merge {
                    top: row,
                    left: column,
                    bottom: row + tall - 1,
                    right: column + wide - 1,
                });
            }
            column += wide;
        }
    }
    for merge in merges {
        grid.merge(merge)?;
    }
    Ok(grid)
}

/// Whether a region from a row above covers the place.
fn taken(merges: &[Merge], row: usize, column: usize) -> bool {
    let covers = |merge: &Merge| {
        merge.top < row && row <= merge.bottom && merge.left <= column && column <= merge.right
    };
    column < MOST_COLUMNS && merges.iter().rev().take(500).any(covers)
}

fn span(field: ElementRef<'_>, name: &str) -> usize {
    let stated = field.value().attr(name).and_then(|text| text.trim().parse().ok());
    stated.unwrap_or(1).clamp(1, 1000)
}
