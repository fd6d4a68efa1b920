//! The seal over the event log: a chain per school, made a moment after the events and checked on demand.

use kehou_domain::access::ManageAccounts;
use sha2::{Digest, Sha256};

use crate::event::hash_of;
use crate::keys::hex;
use crate::row::Row;
use crate::tx::SchoolTx;
use crate::{Arg, Db, Failed, Result, Scope, sql};
use jiff::Timestamp;

/// How many events one sealing step takes.
const STEP: usize = 500;

/// What a check of one school's chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Events that the chain covers.
    pub sealed: u64,
    /// Events that wait for the sealer.
    pub waiting: u64,
    /// The first place where the chain does not hold, counted from 1.
    pub broken_at: Option<u64>,
    /// The chain's head: note it elsewhere, and a cut-off end shows too.
    pub head: String,
}

/// One event with all columns, as the hash covers them.
struct Sealed {
    id: String,
    own: Vec<Arg>,
    hash: String,
    chain: Option<String>,
}

impl Db {
    /// Seals what waits in every school; the job runs this every few seconds.
    pub async fn seal_events(&self, at: Timestamp) -> Result<u64> {
        let mut sealed = 0;
        for school in self.schools(at).await? {
            let scope = self.job(school, at);
            loop {
                let step =
                    scope.act::<ManageAccounts, usize, ()>(|tx| seal_step(tx).map_err(Failed::Fault)).await?;
                let step = step.unwrap_or(0);
                sealed += step as u64;
                if step < STEP {
                    break;
                }
            }
        }
        Ok(sealed)
    }

    /// Checks the chain of one school from its first event to its last.
    pub async fn audit(&self, school: &str, at: Timestamp) -> Result<Audit> {
        let scope: Scope = self.job(self.school(school, at).await?, at);
        scope.read::<ManageAccounts, _>(verify).await
    }
}

/// Takes the oldest unsealed events into the chain.
fn seal_step(tx: &mut SchoolTx) -> Result<usize> {
    let sql = sql!(
        "select seq, chain from event where school_id = $1 and seq is not null order by seq desc limit 1"
    );
    let (mut seq, mut chain) =
        tx.maybe(sql, &[], |row| Ok((row.int(0)?, row.text(1)?)))?.unwrap_or((0, String::new()));
    let sql = sql!("select id, hash from event where school_id = $1 and seq is null order by id limit 500");
    let waiting = tx.all(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
    let mut links = Vec::with_capacity(waiting.len());
    for (id, hash) in waiting {
        seq += 1;
        chain = link(&chain, &hash);
        links.push(vec![id.into(), seq.into(), chain.as_str().into()]);
    }
    let sql = sql!("update event set seq = $3, chain = $4 where school_id = $1 and id = $2 and seq is null");
    tx.run_each(sql, &links)?;
    Ok(links.len())
}

fn verify<A>(tx: &mut crate::Tx<A>) -> Result<Audit> {
    let mut audit = Audit { sealed: 0, waiting: 0, broken_at: None, head: String::new() };
    loop {
        let page = page_after(tx, audit.sealed)?;
        for event in &page {
            audit.sealed += 1;
            audit.head = link(&audit.head, &event.hash);
            let whole = event.chain.as_deref() == Some(audit.head.as_str())
                && hash_of(tx.school().id.0, &event.own) == event.hash;
            if !whole && audit.broken_at.is_none() {
                tracing::warn!(event = %event.id, "the event log does not hold");
                audit.broken_at = Some(audit.sealed);
            }
        }
        if page.len() < STEP {
            break;
        }
    }
    let sql = sql!("select count(*) from event where school_id = $1 and seq is null");
    audit.waiting = u64::from(tx.one(sql, &[], |row| row.count(0))?);
    Ok(audit)
}

fn page_after(tx: &mut SchoolTx, seq: u64) -> Result<Vec<Sealed>> {
    let sql = sql!(
        "select id, at, account_id, role, action, subject, facts, person_id, personal_sealed, hash, chain
         from event where school_id = $1 and seq > $2 order by seq limit 500"
    );
    let after = i64::try_from(seq).unwrap_or(i64::MAX);
    tx.all(sql, &[after.into()], read_sealed)
}

fn read_sealed(row: &Row) -> Result<Sealed> {
    let own = vec![
        row.text(0)?.into(),
        row.int(1)?.into(),
        row.text(2)?.into(),
        row.text(3)?.into(),
        row.text(4)?.into(),
        row.text(5)?.into(),
        row.text(6)?.into(),
        row.maybe_text(7)?.into(),
        row.maybe_text(8)?.into(),
    ];
    Ok(Sealed { id: row.text(0)?, own, hash: row.text(9)?, chain: row.maybe_text(10)? })
}

/// The next link: a hash over the chain so far and the event's own hash.
fn link(chain: &str, hash: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(chain.as_bytes());
    hasher.update(hash.as_bytes());
    hex(&hasher.finalize())
}
