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

/// The table, as one sheet, with the row numbers that a spreadsheet program shows (G1).
pub(super) fn grids(text: &str) -> Result<Vec<Grid>, Refused> {
    // Excel and WPS end lines with two signs, old machines with the first of them
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let separator = separator(&text);
    if let Some(line) = open_quote(&text, separator) {
        return Err(Refused::OpenQuote { line });
    }
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut grid = Grid::new("");
    let mut breaks = 0;
    for record in reader.records() {
        let record = record.map_err(|_| Refused::Damaged)?;
        let row = line_of(&record, &text).saturating_sub(breaks);
        for (column, field) in record.iter().enumerate() {
            grid.put(row, column, cell(field))?;
            breaks += field.matches('\n').count();
        }
    }
    Ok(vec![grid])
}

/// The line that the record begins in, counted from 0. Empty lines are no records: the reader's position is where the
/// record before ended, and they follow it.
fn line_of(record: &::csv::StringRecord, text: &str) -> usize {
    let Some(position) = record.position() else { return 0 };
    let [start, line] =
        [position.byte(), position.line() - 1].map(|n| usize::try_from(n).unwrap_or(MOST_ROWS));
    let after = text.as_bytes().get(start..).unwrap_or_default();
    line + after.iter().take_while(|sign| **sign == b'\n').count()
}

/// The line in which a quotation mark opens a cell that never closes, or that holds what is plainly rows of its own: read
/// as one cell, the children in it would be gone without a word.
fn open_quote(text: &str, separator: u8) -> Option<u32> {
    let mut signs = text.bytes().peekable();
    let (mut line, mut at_start) = (1_u32, true);
    while let Some(sign) = signs.next() {
        if sign == b'"' && at_start {
            let (opened, mut breaks, mut separators) = (line, 0, 0);
            loop {
                match signs.next() {
                    None => return Some(opened),
                    Some(b'"') if signs.next_if_eq(&b'"').is_none() => break,
                    Some(b'\n') => breaks += 1,
                    Some(inside) if inside == separator => separators += 1,
                    Some(_) => {}
                }
            }
            if 0 < breaks && 2 <= separators {
                return Some(opened);
            }
            line += breaks;
        }
        line += u32::from(sign == b'\n');
        at_start = sign == separator || sign == b'\n';
    }
    None
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
