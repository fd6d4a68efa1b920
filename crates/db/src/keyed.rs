//! The units of work that scopes hand to the engines: reads, plain writes, and keyed writes.
//!
//! The key and its answer lie outside the use case's own savepoint, so a refusal rolls the use case back and
//! is remembered all the same.

use std::marker::PhantomData;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kehou_domain::access::{Action, KeepOwnAccount};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::oneshot::Sender;

use crate::conn::Conn;
use crate::engine::Work;
use crate::keys::Keys;
use crate::scope::Seated;
use crate::sql::global_sql;
use crate::{Arg, Db, Error, Failed, Result, Tx, sql};

/// An idempotency key with the hash of the request that it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The client's key: at most 64 characters.
    pub key: String,
    /// A hash over the request's method, path and body.
    pub request_hash: String,
}

/// A use case's answer, before the commit is known.
type Outcome<T, R> = std::result::Result<T, R>;

/// Reads in one snapshot.
pub(crate) struct Read<A, T, F> {
    seated: Arc<Seated>,
    keys: Arc<Keys>,
    f: F,
    answer: Option<T>,
    reply: Sender<Result<T>>,
    act: PhantomData<fn(A)>,
}

impl<A, T, F> Read<A, T, F>
where
    A: Action,
    T: Send + 'static,
    F: Fn(&mut Tx<A>) -> Result<T> + Send + Sync + 'static,
{
    pub(crate) fn boxed(
        seated: Arc<Seated>,
        keys: Arc<Keys>,
        f: F,
        reply: Sender<Result<T>>,
    ) -> Box<dyn Work> {
        Box::new(Read { seated, keys, f, answer: None, reply, act: PhantomData })
    }
}

impl<A, T, F> Work for Read<A, T, F>
where
    A: Action,
    T: Send + 'static,
    F: Fn(&mut Tx<A>) -> Result<T> + Send + Sync + 'static,
{
    fn school(&self) -> Option<i64> {
        Some(self.seated.school.id.0)
    }

    fn run(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        let mut tx = Tx::new(conn.again(), &self.seated, &self.keys);
        self.answer = Some((self.f)(&mut tx)?);
        Ok(())
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn done(self: Box<Self>, verdict: Result<()>) {
        settle(self.reply, self.answer, verdict);
    }
}

/// Writes without a key.
pub(crate) struct Plain<A, T, R, F> {
    seated: Arc<Seated>,
    keys: Arc<Keys>,
    f: F,
    answer: Option<Outcome<T, R>>,
    reply: Sender<Result<Outcome<T, R>>>,
    act: PhantomData<fn(A)>,
}

impl<A, T, R, F> Plain<A, T, R, F>
where
    A: Action,
    T: Send + 'static,
    R: Send + 'static,
    F: Fn(&mut Tx<A>) -> std::result::Result<T, Failed<R>> + Send + Sync + 'static,
{
    pub(crate) fn boxed(
        seated: Arc<Seated>,
        keys: Arc<Keys>,
        f: F,
        reply: Sender<Result<Outcome<T, R>>>,
    ) -> Box<dyn Work> {
        Box::new(Plain { seated, keys, f, answer: None, reply, act: PhantomData })
    }
}

impl<A, T, R, F> Work for Plain<A, T, R, F>
where
    A: Action,
    T: Send + 'static,
    R: Send + 'static,
    F: Fn(&mut Tx<A>) -> std::result::Result<T, Failed<R>> + Send + Sync + 'static,
{
    fn school(&self) -> Option<i64> {
        Some(self.seated.school.id.0)
    }

    fn run(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        self.answer = Some(decide(conn, &self.seated, &self.keys, &self.f)?);
        Ok(())
    }

    fn repeatable(&self) -> bool {
        false
    }

    fn done(self: Box<Self>, verdict: Result<()>) {
        settle(self.reply, self.answer, verdict);
    }
}

/// Writes under an idempotency key.
pub(crate) struct Keyed<A, T, R, F> {
    plain: Plain<A, T, R, F>,
    key: Key,
}

impl<A, T, R, F> Keyed<A, T, R, F>
where
    A: Action,
    T: Serialize + DeserializeOwned + Send + 'static,
    R: Serialize + DeserializeOwned + Send + 'static,
    F: Fn(&mut Tx<A>) -> std::result::Result<T, Failed<R>> + Send + Sync + 'static,
{
    pub(crate) fn boxed(
        seated: Arc<Seated>,
        keys: Arc<Keys>,
        key: Key,
        f: F,
        reply: Sender<Result<Outcome<T, R>>>,
    ) -> Box<dyn Work> {
        let plain = Plain { seated, keys, f, answer: None, reply, act: PhantomData };
        Box::new(Keyed { plain, key })
    }

    fn remembered(&self, conn: &mut Conn<'_>) -> Result<Option<Outcome<T, R>>> {
        let sql = global_sql!(
            "select request_hash, answer from idem where school_id = $1 and account_id = $2 and key = $3"
        );
        let found = conn.all(sql, &self.place(), &mut |row| Ok((row.text(0)?, row.text(1)?)))?;
        let Some((request_hash, answer)) = found.into_iter().next() else { return Ok(None) };
        if request_hash != self.key.request_hash {
            return Err(Error::KeyReused);
        }
        serde_json::from_str(&answer).map(Some).map_err(|error| Error::Engine(error.to_string()))
    }

    fn remember(&self, conn: &mut Conn<'_>, answer: &Outcome<T, R>) -> Result<()> {
        let text = serde_json::to_string(answer).map_err(|error| Error::Engine(error.to_string()))?;
        let mut args = self.place();
        args.extend([Arg::from(&self.key.request_hash), Arg::from(text), Arg::from(self.plain.seated.at)]);
        let sql = global_sql!(
            "insert into idem (school_id, account_id, key, request_hash, answer, created_at)
             values ($1, $2, $3, $4, $5, $6)"
        );
        conn.run(sql, &args).map(|_| ())
    }

    fn decide_and_remember(&self, conn: &mut Conn<'_>) -> Result<Outcome<T, R>> {
        let answer = decide(conn, &self.plain.seated, &self.plain.keys, &self.plain.f)?;
        match self.remember(conn, &answer) {
            // another device's same key came first: run again and find its answer
            Err(Error::Already) => Err(conn.ask_again(Error::Already)),
            Err(other) => Err(other),
            Ok(()) => Ok(answer),
        }
    }

    fn place(&self) -> Vec<Arg> {
        let seated = &self.plain.seated;
        vec![seated.school.id.0.into(), seated.account.into(), self.key.key.as_str().into()]
    }
}

impl<A, T, R, F> Work for Keyed<A, T, R, F>
where
    A: Action,
    T: Serialize + DeserializeOwned + Send + 'static,
    R: Serialize + DeserializeOwned + Send + 'static,
    F: Fn(&mut Tx<A>) -> std::result::Result<T, Failed<R>> + Send + Sync + 'static,
{
    fn school(&self) -> Option<i64> {
        self.plain.school()
    }

    fn run(&mut self, conn: &mut Conn<'_>) -> Result<()> {
        let answer = match self.remembered(conn)? {
            Some(answer) => answer,
            None => self.decide_and_remember(conn)?,
        };
        self.plain.answer = Some(answer);
        Ok(())
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn done(self: Box<Self>, verdict: Result<()>) {
        Box::new(self.plain).done(verdict);
    }
}

/// How long an answer is remembered: money needs a month, and nothing needs less care than money.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 31);

impl Db {
    /// Forgets the answers that no honest repetition can ask for any more.
    pub async fn forget_old_keys(&self, at: Timestamp) -> Result<u64> {
        let before = at.checked_sub(REMEMBERED).unwrap_or(at);
        let mut forgotten = 0;
        for school in self.schools(at).await? {
            let sql = sql!("delete from idem where school_id = $1 and created_at < $2");
            let scope = self.job(school, at);
            let gone = scope
                .act::<KeepOwnAccount, u64, ()>(move |tx| {
                    tx.run(sql, &[before.into()]).map_err(Failed::Fault)
                })
                .await?;
            forgotten += gone.unwrap_or(0);
        }
        Ok(forgotten)
    }
}

/// Runs the use case in its own savepoint: a refusal leaves nothing of it behind, a fault ends the unit.
fn decide<A: Action, T, R>(
    conn: &mut Conn<'_>,
    seated: &Seated,
    keys: &Keys,
    f: &(impl Fn(&mut Tx<A>) -> std::result::Result<T, Failed<R>> + ?Sized),
) -> Result<Outcome<T, R>> {
    conn.control("savepoint decision")?;
    let decided = {
        let mut tx = Tx::new(conn.again(), seated, keys);
        f(&mut tx)
    };
    match decided {
        Ok(value) => {
            conn.control("release savepoint decision")?;
            Ok(Ok(value))
        }
        Err(Failed::Refused(reason)) => {
            conn.control("rollback to savepoint decision")?;
            conn.control("release savepoint decision")?;
            Ok(Err(reason))
        }
        Err(Failed::Fault(fault)) => Err(fault),
    }
}

fn settle<T>(reply: Sender<Result<T>>, answer: Option<T>, verdict: Result<()>) {
    let answer = verdict.and_then(|()| answer.ok_or(Error::Panicked));
    if reply.send(answer).is_err() {
        tracing::debug!("nobody waits for this answer any more");
    }
}
