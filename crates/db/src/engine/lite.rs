//! SQLite: readers on the calling worker, and ONE writer thread that commits whole groups.
//!
//! The writer takes every waiting unit of work into one `BEGIN IMMEDIATE`, each in its own savepoint, commits
//! once and only then answers all: one sync of the disk serves many people, and nothing is acknowledged
//! before it is durable.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Work, run_in_savepoint};
use crate::conn::Conn;
use crate::{Error, Result};

/// The oldest library that carries the fixes we lean on (3.51.3).
const OLDEST_LIBRARY: i32 = 3_051_003;
/// The most units of work in one commit: bounds how long the first one waits.
const GROUP_MOST: usize = 500;
/// How many units may wait before callers are held back.
const QUEUE_MOST: usize = 4_096;
/// Prepared statements kept by each connection.
const STATEMENTS_KEPT: usize = 512;

/// A SQLite store that is open.
pub(crate) struct Lite {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    writer: Sender<Box<dyn Work>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Lite {
    /// Opens readers and the writer over a store that is up to date.
    pub(crate) fn open(path: &Path) -> Result<Lite> {
        let conn = connect(path)?;
        let (writer, queue) = bounded(QUEUE_MOST);
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_groups(&conn, &queue))
            .map_err(|error| Error::Setup(format!("the writer thread did not start: {error}")))?;
        Ok(Lite { path: path.to_owned(), readers: Mutex::new(Vec::new()), writer, thread: Some(thread) })
    }

    /// Reads on the calling thread, in one snapshot.
    pub(crate) fn read(&self, work: &mut dyn Work) -> Result<()> {
        let conn = self.reader()?;
        conn.execute_batch("begin")?;
        let verdict = super::caught(work, &mut Conn::Lite(&conn));
        conn.execute_batch("rollback")?;
        self.readers.lock().expect("no reader panics while it holds the pool").push(conn);
        verdict
    }

    /// Hands work to the writer.
    pub(crate) fn write(&self, work: Box<dyn Work>) {
        if let Err(returned) = self.writer.send(work) {
            returned.0.done(Err(Error::Engine("the writer thread has ended".to_owned())));
        }
    }

    fn reader(&self) -> Result<Connection> {
        let kept = self.readers.lock().expect("no reader panics while it holds the pool").pop();
        match kept {
            Some(conn) => Ok(conn),
            None => connect(&self.path),
        }
    }
}

impl Drop for Lite {
    /// Lets the writer finish what it holds, so that a closed store is a quiet store.
    fn drop(&mut self) {
        let (closed, _) = bounded(0);
        self.writer = closed;
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if ended.is_err() {
                tracing::error!("the writer thread panicked");
            }
        }
    }
}

/// A connection with the store's rules set: WAL, full sync, foreign keys.
pub(crate) fn connect(path: &Path) -> Result<Connection> {
    if rusqlite::version_number() < OLDEST_LIBRARY {
        return Err(Error::Setup(format!(
            "SQLite {} is too old: 3.51.3 or newer is needed",
            rusqlite::version()
        )));
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
         pragma busy_timeout = 10000; pragma cache_size = -8000; pragma temp_store = memory;",
    )?;
    // or a statement that meets a partial index is planned anew whenever its arguments change
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(conn)
}

fn write_groups(conn: &Connection, queue: &Receiver<Box<dyn Work>>) {
    while let Ok(first) = queue.recv() {
        let mut group = vec![first];
        group.extend(queue.try_iter().take(GROUP_MOST - 1));
        commit_group(conn, group);
    }
}

/// One transaction for the group; each unit's own verdict, or the commit's when it failed.
fn commit_group(conn: &Connection, mut group: Vec<Box<dyn Work>>) {
    let verdicts = run_group(conn, &mut group);
    match verdicts {
        Ok(verdicts) => {
            for (work, verdict) in group.into_iter().zip(verdicts) {
                work.done(verdict);
            }
        }
        Err(error) => {
            // a rollback of what failed to commit may itself say there is nothing to undo
            if let Err(second) = conn.execute_batch("rollback") {
                tracing::debug!(%second, "nothing to roll back");
            }
            let text = error.to_string();
            for work in group {
                work.done(Err(Error::Engine(text.clone())));
            }
        }
    }
}

fn run_group(conn: &Connection, group: &mut [Box<dyn Work>]) -> Result<Vec<Result<()>>> {
    conn.execute_batch("begin immediate")?;
    let mut verdicts = Vec::with_capacity(group.len());
    for work in group.iter_mut() {
        verdicts.push(run_in_savepoint(work.as_mut(), &mut Conn::Lite(conn)));
    }
    conn.execute_batch("commit")?;
    Ok(verdicts)
}
