//! Tables of text: UTF-8 with or without its mark, UTF-16 with its mark, GB18030.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use kehou_domain::people::cell::Cell;

use super::grid::Grid;
use super::{MOST_ROWS, Refused};

/// The text in the first encoding that reads it without a fault.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Refused> {
    let marked = [UTF_8, UTF_16LE, UTF_16BE].into_iter().find(|encoding| has_mark(bytes, encoding.name()));
    let candidates = marked.map_or_else(|| vec![UTF_8, GB18030], |encoding| vec![encoding]);
    for encoding in candidates {
        let (text, _, faulty) = encoding.decode(bytes);
        if !faulty && !text.contains('\0') {
            return Ok(text.into_owned());
        }
    }
    // noughts and unknown bytes: no text at all
    if bytes.contains(&0) { Err(Refused::Unknown) } else { Err(Refused::Encoding) }
}

fn has_mark(bytes: &[u8], encoding: &str) -> bool {
    let mark: &[u8] = match encoding {
        "UTF-16LE" => &[0xff, 0xfe],
        "UTF-16BE" => &[0xfe, 0xff],
        _ => &[0xef, 0xbb, 0xbf],
    };
    bytes.starts_with(mark)
}

/// The table, as one sheet.
pub(super) fn grids(text: &str) -> Result<Vec<Grid>, Refused> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut grid = Grid::new("");
    for record in reader.records() {
        let record = record.map_err(|_| Refused::Damaged)?;
        // empty lines are no records: the line of the position keeps the row's number
        let line = record.position().map_or(0, ::csv::Position::line);
        let row = usize::try_from(line).unwrap_or(MOST_ROWS).saturating_sub(1);
        for (column, field) in record.iter().enumerate() {
            grid.put(row, column, cell(field))?;
        }
    }
    Ok(vec![grid])
}

fn cell(field: &str) -> Cell {
    if field.trim().is_empty() { Cell::Empty } else { Cell::Text(field.to_owned()) }
}

/// Comma, tab or semicolon: whichever the first lines use most.
fn separator(text: &str) -> u8 {
    let start: Vec<&str> = text.lines().take(20).collect();
    let count =
        |sign: u8| start.iter().map(|line| line.bytes().filter(|byte| *byte == sign).count()).sum::<usize>();
    [b',', b'\t', b';'].into_iter().max_by_key(|sign| (count(*sign), *sign == b',')).unwrap_or(b',')
}
