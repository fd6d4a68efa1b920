//! What a packed workbook holds, counted before anything is unpacked into memory.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::Refused;

/// The most parts of a workbook.
const MOST_PARTS: usize = 2_000;
/// The most bytes that the parts may unpack to, together.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// The most bytes of the shared texts, which stay in memory.
const MOST_TEXT: u64 = 64 * 1024 * 1024;
/// From this size on a part that shrank more than a hundred and fifty times is no roster.
const LARGE_PART: u64 = 8 * 1024 * 1024;
const MOST_SHRUNK: u64 = 150;

/// Refuses bombs, macros and packages that are no workbook.
///
/// The sizes in the package's directory are claims, so the parts are unpacked once and counted.
pub(super) fn check(bytes: &[u8]) -> Result<(), Refused> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refused::Damaged)?;
    if MOST_PARTS < package.len() {
        return Err(Refused::Bomb);
    }
    let mut total = 0;
    let mut is_workbook = false;
    for index in 0..package.len() {
        let part = package.by_index(index).map_err(|_| Refused::Damaged)?;
        let name = part.name().map_err(|_| Refused::Damaged)?.to_lowercase();
        if name.ends_with("vbaproject.bin") || name.contains("macrosheets/") {
            return Err(Refused::Macros);
        }
        is_workbook |= name == "xl/workbook.xml";
        total += counted(part, &name, MOST_BYTES - total)?;
    }
    if is_workbook { Ok(()) } else { Err(Refused::Unknown) }
}

/// How many bytes a part unpacks to, stopping at what is left.
fn counted(part: zip::read::ZipFile<'_, Cursor<&[u8]>>, name: &str, left: u64) -> Result<u64, Refused> {
    let packed = part.compressed_size().max(1);
    let limit = if name.ends_with("sharedstrings.xml") { left.min(MOST_TEXT) } else { left };
    let bytes =
        std::io::copy(&mut part.take(limit + 1), &mut std::io::sink()).map_err(|_| Refused::Damaged)?;
    let shrunk = LARGE_PART < bytes && MOST_SHRUNK < bytes / packed;
    if limit < bytes || shrunk { Err(Refused::Bomb) } else { Ok(bytes) }
}
