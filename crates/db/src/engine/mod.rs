//! The two engines: one writer thread over SQLite, worker threads over PostgreSQL.

pub(crate) mod lite;
pub(crate) mod pg;
mod rows;

use crate::Result;
use crate::conn::Conn;

/// A unit of work that runs inside a transaction and answers its waiter when its fate is known.
pub(crate) trait Work: Send {
    /// The school whose rows the transaction may touch on PostgreSQL; none for global work.
    fn school(&self) -> Option<i64>;
    /// Does the work; may be called again on PostgreSQL. An error undoes what it did.
    fn run(&mut self, conn: &mut Conn<'_>) -> Result<()>;
    /// Whether running again after a lost commit does no harm.
    fn repeatable(&self) -> bool;
    /// Answers the waiter.
    fn done(self: Box<Self>, verdict: Result<()>);
}

/// Runs the work inside a savepoint of its own; a panic is a fault, not the end of the thread.
pub(crate) fn run_in_savepoint(work: &mut dyn Work, conn: &mut Conn<'_>) -> Result<()> {
    conn.control("savepoint work")?;
    let verdict = caught(work, conn);
    if verdict.is_err() {
        conn.control("rollback to savepoint work")?;
    }
    conn.control("release savepoint work")?;
    verdict
}

/// Runs the work and turns a panic into a fault.
pub(crate) fn caught(work: &mut dyn Work, conn: &mut Conn<'_>) -> Result<()> {
    let attempt = std::panic::AssertUnwindSafe(|| work.run(conn));
    std::panic::catch_unwind(attempt).unwrap_or(Err(crate::Error::Panicked))
}
