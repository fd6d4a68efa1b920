//! The store: one handle over either engine.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use kehou_domain::access::{Action, Role, Shown};
use kehou_domain::ids::{AccountId, EntityId, SchoolId};
use tokio::sync::oneshot::{self, Sender};

use crate::engine::Work;
use crate::engine::lite::Lite;
use crate::engine::pg::{Pg, PgConfig};
use crate::global::{GlobalRead, GlobalWrite};
use crate::keys::Keys;
use crate::row::Row;
use crate::scope::{School, Scope, Seated};
use crate::sql::global_sql;
use crate::tx::{GlobalTx, Tx};
use crate::{Error, Result, migrate};

/// Where a store lives.
#[derive(Debug, Clone)]
pub enum Place {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database.
    Postgres(PgConfig),
}

enum Engine {
    Lite(Lite),
    Pg(Pg),
}

/// An open store. Clones share it.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Engine>,
    keys: Arc<Keys>,
}

impl Db {
    /// Brings the store up to date (after a snapshot of an existing SQLite file) and opens it.
    /// A store made by a newer Kehou is refused.
    pub fn open(place: &Place, keys: Keys) -> Result<Db> {
        let engine = match place {
            Place::File(path) => {
                migrate::lite(path)?;
                Engine::Lite(Lite::open(path)?)
            }
            Place::Postgres(config) => {
                migrate::pg(config)?;
                Engine::Pg(Pg::open(config)?)
            }
        };
        Ok(Db { engine: Arc::new(engine), keys: Arc::new(keys) })
    }

    /// `sqlite` or `postgresql`, for pages that say what runs.
    pub fn engine(&self) -> &'static str {
        match *self.engine {
            Engine::Lite(_) => "sqlite",
            Engine::Pg(_) => "postgresql",
        }
    }

    /// Takes a seat: finds the membership, or says that there is none.
    pub async fn enter(&self, account: AccountId, school: &str, role: Role, at: Timestamp) -> Result<Scope> {
        let code = school.to_owned();
        let seated = self.global_read(at, move |tx| seated(tx, account, &code, role)).await?;
        Ok(Scope::new(self.clone(), seated))
    }

    /// A scope for a command or a job: every act is open to it, and the reason is written down first.
    pub async fn system(&self, school: &str, reason: &str, at: Timestamp) -> Result<Scope> {
        let scope = self.job(self.school(school, at).await?, at);
        crate::event::note_system(&scope, reason).await?;
        Ok(scope)
    }

    /// A scope for a job of the trade when there is something to do; whether there is, is asked without a trace.
    pub async fn system_when<A: Action>(
        &self,
        school: &School,
        (reason, at): (&str, Timestamp),
        is_due: impl Fn(&mut Tx<A>) -> Result<bool> + Send + Sync + 'static,
    ) -> Result<Option<Scope>> {
        let scope = self.job(school.clone(), at);
        if !scope.read::<A, bool>(is_due).await? {
            return Ok(None);
        }
        crate::event::note_system(&scope, reason).await?;
        Ok(Some(scope))
    }

    /// Reads what a school shows to anybody, signed in or not: no membership stands behind it.
    pub async fn shown<A: Shown, T: Send + 'static>(
        &self,
        school: &School,
        at: Timestamp,
        f: impl Fn(&mut Tx<A>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.job(school.clone(), at).read::<A, T>(f).await
    }

    /// A scope for this crate's own jobs, which change nothing of the trade.
    pub(crate) fn job(&self, school: School, at: Timestamp) -> Scope {
        let (account, role) = (AccountId::from_bits(0), Role::SystemAdministrator);
        Scope::new(self.clone(), Seated { school, account, role, person: None, at, system: true })
    }

    /// The school of this code.
    pub async fn school(&self, code: &str, at: Timestamp) -> Result<School> {
        let code = code.to_owned();
        self.global_read(at, move |tx| {
            let sql = global_sql!("select id, code, name, stage from school where code = $1");
            tx.maybe(sql, &[code.as_str().into()], read_school)?.ok_or(Error::NotFound)
        })
        .await
    }

    /// Every school of the directory, by number.
    pub async fn schools(&self, at: Timestamp) -> Result<Vec<School>> {
        let sql = global_sql!("select id, code, name, stage from school order by id");
        self.global_read(at, move |tx| tx.all(sql, &[], read_school)).await
    }

    /// Adds a school to the directory. A number or code that is taken is [`Error::Already`].
    pub async fn add_school(&self, school: School, at: Timestamp) -> Result<()> {
        self.global_write(at, move |tx| {
            let sql = global_sql!(
                "insert into school (id, code, name, stage, created_at) values ($1, $2, $3, $4, $5)"
            );
            let at = tx.at();
            let args = [
                school.id.0.into(),
                school.code.as_str().into(),
                school.name.as_str().into(),
                school.stage.as_str().into(),
                at.into(),
            ];
            tx.run(sql, &args).map(|_| ())
        })
        .await
    }

    /// Whether the store answers, for `/readyz`.
    pub async fn answers(&self, at: Timestamp) -> Result<()> {
        self.global_read(at, |tx| tx.all(global_sql!("select 1 from school limit 1"), &[], |_| Ok(())))
            .await
            .map(|_| ())
    }

    /// The look-up value of a phone number.
    pub fn mac(&self, phone: &str) -> String {
        self.keys.mac(phone)
    }

    pub(crate) fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys)
    }

    pub(crate) async fn global_read<T: Send + 'static>(
        &self,
        at: Timestamp,
        f: impl Fn(&mut GlobalTx) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.read(|reply| GlobalRead::boxed(self.keys(), at, f, reply)).await
    }

    pub(crate) async fn global_write<T: Send + 'static>(
        &self,
        at: Timestamp,
        f: impl Fn(&mut GlobalTx) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.write(|reply| GlobalWrite::boxed(self.keys(), at, f, reply)).await
    }

    /// Reads: SQLite on the calling worker, PostgreSQL on a reader thread.
    pub(crate) async fn read<T>(&self, work: impl FnOnce(Sender<Result<T>>) -> Box<dyn Work>) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let mut work = work(reply);
        match &*self.engine {
            Engine::Lite(lite) => {
                let verdict = lite.read(work.as_mut());
                work.done(verdict);
            }
            Engine::Pg(pg) => pg.read(work),
        }
        answer.await.unwrap_or(Err(Error::Panicked))
    }

    /// Writes: SQLite's one writer thread, or a transaction on a worker thread.
    pub(crate) async fn write<T>(&self, work: impl FnOnce(Sender<Result<T>>) -> Box<dyn Work>) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let work = work(reply);
        match &*self.engine {
            Engine::Lite(lite) => lite.write(work),
            Engine::Pg(pg) => pg.write(work),
        }
        answer.await.unwrap_or(Err(Error::Panicked))
    }
}

fn seated(tx: &mut GlobalTx, account: AccountId, code: &str, role: Role) -> Result<Seated> {
    let sql = global_sql!(
        "select s.id, s.code, s.name, s.stage, m.person_id
         from membership m join school s on s.id = m.school join account a on a.id = m.account_id
         where m.account_id = $1 and s.code = $2 and m.role = $3 and m.ended_at is null and a.disabled_at is null"
    );
    let args = [account.into(), code.into(), role.word().into()];
    let at = tx.at();
    tx.maybe(sql, &args, |row| {
        let school = read_school(row)?;
        Ok(Seated { school, account, role, person: row.maybe_id(4)?, at, system: false })
    })?
    .ok_or(Error::NotFound)
}

pub(crate) fn read_school(row: &Row) -> Result<School> {
    Ok(School { id: SchoolId(row.int(0)?), code: row.text(1)?, name: row.text(2)?, stage: row.text(3)? })
}
