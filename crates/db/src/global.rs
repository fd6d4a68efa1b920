//! Units of work on the global tables.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::oneshot::Sender;

use crate::conn::Conn;
use crate::engine::Work;
use crate::keys::Keys;
use crate::tx::GlobalTx;
use crate::{Error, Result};

/// A read or a write of global tables; `WRITES` tells which.
pub(crate) struct Global<T, F, const WRITES: bool> {
    keys: Arc<Keys>,
    at: Timestamp,
    f: F,
    answer: Option<T>,
    reply: Sender<Result<T>>,
}

/// Reads global tables.
pub(crate) type GlobalRead<T, F> = Global<T, F, false>;
/// Writes global tables.
pub(crate) type GlobalWrite<T, F> = Global<T, F, true>;

impl<T, F, const WRITES: bool> Global<T, F, WRITES>
where
    T: Send + 'static,
    F: Fn(&mut GlobalTx) -> Result<T> + Send + Sync + 'static,
{
    pub(crate) fn boxed(keys: Arc<Keys>, at: Timestamp, f: F, reply: Sender<Result<T>>) -> Box<dyn Work> {
        Box::new(Self { keys, at, f, answer: None, reply })
    }
}

impl<T, F, const WRITES: bool> Work for Global<T, F, WRITES>
where
    T: Send + 'static,
    F: Fn(&mut GlobalTx) -> Result<T> + Send + Sync + 'static,
{
    fn school(&self) -> Option<i64> {
        None
    }

    fn run(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        let mut tx = GlobalTx::new(conn.again(), &self.keys, self.at);
        self.answer = Some((self.f)(&mut tx)?);
        Ok(())
    }

    fn repeatable(&self) -> bool {
        !WRITES
    }

    fn done(self: Box<Self>, verdict: Result<()>) {
        let Self { answer, reply, .. } = *self;
        if reply.send(verdict.and_then(|()| answer.ok_or(Error::Panicked))).is_err() {
            tracing::debug!("nobody waits for this answer any more");
        }
    }
}
