//! The jobs that run beside the service: sealing the event log, forgetting old idempotency keys.

use std::time::Duration;

use kehou_db::{Clock, Db};

/// How often the jobs look for work.
const EVERY: Duration = Duration::from_secs(5);

/// Starts the jobs; they end with the service.
#[expect(clippy::disallowed_methods, reason = "the jobs live as long as the service")]
pub(crate) fn start(db: &Db, clock: &Clock) {
    let (db, clock) = (db.clone(), clock.clone());
    tokio::spawn(async move {
        loop {
            if let Err(error) = once(&db, &clock).await {
                tracing::error!(%error, "a job failed; it will be tried again");
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

/// Every job once.
pub(crate) async fn once(db: &Db, clock: &Clock) -> kehou_db::Result<()> {
    let at = clock.now();
    let sealed = db.seal_events(at).await?;
    let forgotten = db.forget_old_keys(at).await?;
    if 0 < sealed + forgotten {
        tracing::debug!(sealed, forgotten, "jobs done");
    }
    Ok(())
}
