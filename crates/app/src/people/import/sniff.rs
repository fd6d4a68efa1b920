//! What a file is, by its first bytes.

use super::grid::Grid;
use super::{LARGEST_FILE, Refused, csv, html, unpack, workbook};

const ZIP: &[u8] = b"PK\x03\x04";
const CFB: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// A BIFF file without its container, as Excel 2 to 4 wrote.
const BARE_BIFF: [&[u8]; 3] = [&[0x09, 0x00], &[0x09, 0x02], &[0x09, 0x04]];

/// The sheets of the file.
pub(super) fn grids(bytes: &[u8]) -> Result<Vec<Grid>, Refused> {
    if LARGEST_FILE < bytes.len() {
        return Err(Refused::TooLarge { bytes: bytes.len() });
    }
    if bytes.starts_with(ZIP) {
        unpack::check(bytes)?;
        return workbook::xlsx(bytes);
    }
    if bytes.starts_with(CFB) {
        return workbook::xls(bytes);
    }
    if BARE_BIFF.iter().any(|start| bytes.starts_with(start)) || bytes.starts_with(b"%PDF") {
        return Err(Refused::Unknown);
    }
    from_text(bytes)
}

/// Whether the file is text that has no columns: a letter, a list of names without headings.
pub(super) fn is_prose(bytes: &[u8], grids: &[Grid]) -> bool {
    let rows = || grids.iter().flat_map(|grid| (0..grid.rows()).map(|row| grid.texts(row).len()));
    csv::decode(bytes).is_ok() && rows().any(|cells| 0 < cells) && rows().all(|cells| cells <= 1)
}

fn from_text(bytes: &[u8]) -> Result<Vec<Grid>, Refused> {
    let text = csv::decode(bytes)?;
    let start = text.trim_start().get(..text.trim_start().floor_char_boundary(2000)).unwrap_or_default();
    let start = start.to_lowercase();
    if start.contains("urn:schemas-microsoft-com:office:spreadsheet") && start.starts_with("<?xml") {
        return Err(Refused::OldXml);
    }
    if start.starts_with('<') {
        return html::grids(&text);
    }
    csv::grids(&text)
}
