//! Backup, restore and check of a SQLite store.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::engine::lite;
use crate::{Error, Place, Result, migrate};

/// Writes a compact copy of a store that may be in use. The copy must not exist yet.
pub fn backup(place: &Place, copy: &Path) -> Result<()> {
    let conn = lite::connect(file(place)?)?;
    if copy.exists() {
        return Err(Error::Setup(format!("{} is there already: name a new file", copy.display())));
    }
    conn.execute("vacuum into ?1", [copy.to_string_lossy()])?;
    check(&Place::File(copy.to_owned())).map(|_| ())
}

/// Puts a checked copy in the store's place. The store must not exist: move the old one away first.
pub fn restore(copy: &Path, place: &Place) -> Result<()> {
    let file = file(place)?;
    if file.exists() {
        return Err(Error::Setup(format!("{} is there already: move it away first", file.display())));
    }
    check(&Place::File(copy.to_owned()))?;
    fs::copy(copy, file).map_err(|error| Error::Setup(format!("{}: {error}", file.display())))?;
    check(place).map(|_| ())
}

/// Looks through the whole store: pages, keys between tables, and how far it is migrated.
pub fn check(place: &Place) -> Result<u32> {
    let file = file(place)?;
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .map_err(|error| Error::Setup(format!("{}: {error}", file.display())))?;
    let verdict: String = conn.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Error::Engine(format!("{}: {verdict}", file.display())));
    }
    let mut orphans = conn.prepare("pragma foreign_key_check")?;
    if orphans.exists([])? {
        return Err(Error::Engine(format!("{}: a row points at nothing", file.display())));
    }
    let at: u32 = conn.query_row("select coalesce(max(number), 0) from migration", [], |row| row.get(0))?;
    let program = migrate::newest();
    if program < at { Err(Error::Newer { store: at, program }) } else { Ok(at) }
}

fn file(place: &Place) -> Result<&Path> {
    match place {
        Place::File(path) => Ok(path),
        Place::Postgres(_) => Err(Error::Setup(
            "copies of a PostgreSQL database are made with pg_dump and pg_restore".to_owned(),
        )),
    }
}
