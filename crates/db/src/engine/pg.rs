//! PostgreSQL: worker threads with one connection each, a transaction for a unit of work.
//!
//! A serialization failure or a deadlock runs the work again. A connection lost while committing leaves the
//! fate unknown: work that carries a key is asked again on a new connection, other work answers `Unknown`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use postgres::types::{ToSql, Type};
use postgres::{Client, NoTls, Row, Statement};

use super::{Work, caught, rows};
use crate::conn::Conn;
use crate::{Arg, Error, Result, Sql};

/// The role that the service acts as: it owns nothing, so row-level security binds it.
pub(crate) const ROLE: &str = "kehou_app";
/// How often a transaction is run again before it is given up.
const TRIES_MOST: u32 = 12;
/// The most rows in one insert.
const ROWS_MOST: usize = 200;
/// How many units may wait for a thread.
const QUEUE_MOST: usize = 4_096;

/// Where the database is and how many threads serve it.
#[derive(Debug, Clone)]
pub struct PgConfig {
    /// A `postgres://` address.
    pub url: String,
    /// A PEM file with the authorities that may vouch for the server; needed off loopback.
    pub authorities: Option<std::path::PathBuf>,
    /// Threads that write.
    pub writers: usize,
    /// Threads that read.
    pub readers: usize,
}

/// One connection and what it has prepared.
pub(crate) struct PgConn {
    client: Client,
    prepared: HashMap<(&'static str, Vec<Type>), Statement>,
    /// Whether this transaction has to be run again.
    pub(crate) again: bool,
}

/// A PostgreSQL store that is open.
pub(crate) struct Pg {
    writers: Sender<Box<dyn Work>>,
    readers: Sender<Box<dyn Work>>,
}

impl Pg {
    /// Starts the threads; each connects when its first work comes.
    pub(crate) fn open(config: &PgConfig) -> Result<Pg> {
        Ok(Pg { writers: pool(config, config.writers, false)?, readers: pool(config, config.readers, true)? })
    }

    pub(crate) fn read(&self, work: Box<dyn Work>) {
        hand(&self.readers, work);
    }

    pub(crate) fn write(&self, work: Box<dyn Work>) {
        hand(&self.writers, work);
    }
}

fn hand(queue: &Sender<Box<dyn Work>>, work: Box<dyn Work>) {
    if let Err(returned) = queue.send(work) {
        returned.0.done(Err(Error::Engine("the store is closing".to_owned())));
    }
}

fn pool(config: &PgConfig, threads: usize, read_only: bool) -> Result<Sender<Box<dyn Work>>> {
    let (sender, queue) = bounded(QUEUE_MOST);
    for _ in 0..threads.max(1) {
        let (config, queue) = (config.clone(), queue.clone());
        thread::Builder::new()
            .name(if read_only { "store-reader" } else { "store-writer" }.to_owned())
            .spawn(move || serve(&config, &queue, read_only))
            .map_err(|error| Error::Setup(format!("a store thread did not start: {error}")))?;
    }
    Ok(sender)
}

fn serve(config: &PgConfig, queue: &Receiver<Box<dyn Work>>, read_only: bool) {
    let mut conn = None;
    while let Ok(mut work) = queue.recv() {
        let verdict = run_again(config, &mut conn, work.as_mut(), read_only);
        work.done(verdict);
    }
}

/// What came of one attempt.
enum Attempt {
    Settled(Result<()>),
    Again,
    Lost { committing: bool, why: String },
}

fn run_again(
    config: &PgConfig,
    held: &mut Option<PgConn>,
    work: &mut dyn Work,
    read_only: bool,
) -> Result<()> {
    for round in 0..TRIES_MOST {
        if 0 < round {
            thread::sleep(Duration::from_millis(5 << round.min(10)));
        }
        let conn = match held {
            Some(conn) => conn,
            None => match PgConn::connect(config) {
                Ok(conn) => held.insert(conn),
                Err(error) if round + 1 == TRIES_MOST => return Err(error),
                Err(_) => continue,
            },
        };
        match attempt(conn, work, read_only) {
            Attempt::Settled(verdict) => return verdict,
            Attempt::Again => {}
            Attempt::Lost { committing, why } => {
                *held = None;
                if committing && !work.repeatable() {
                    return Err(Error::Unknown);
                }
                tracing::warn!(%why, "the connection to the database was lost, asking again");
            }
        }
    }
    Err(Error::Engine("the database did not settle the transaction".to_owned()))
}

fn attempt(conn: &mut PgConn, work: &mut dyn Work, read_only: bool) -> Attempt {
    let begun = conn.batch(&begin_words(work.school(), read_only));
    if let Err(error) = begun {
        return lost_or(conn, error, false);
    }
    match caught(work, &mut Conn::Pg(conn)) {
        Ok(()) => match conn.raw_batch("commit") {
            Ok(()) => Attempt::Settled(Ok(())),
            Err(error) if again(&error) => Attempt::Again,
            Err(error) => lost_or(conn, Error::from(error), true),
        },
        Err(error) => {
            let failed = conn.raw_batch("rollback").is_err();
            if failed || conn.client.is_closed() {
                return Attempt::Lost { committing: false, why: error.to_string() };
            }
            if std::mem::take(&mut conn.again) { Attempt::Again } else { Attempt::Settled(Err(error)) }
        }
    }
}

fn lost_or(conn: &PgConn, error: Error, committing: bool) -> Attempt {
    if conn.client.is_closed() {
        Attempt::Lost { committing, why: error.to_string() }
    } else {
        Attempt::Settled(Err(error))
    }
}

/// Begins, and tells row-level security which school this transaction is for.
fn begin_words(school: Option<i64>, read_only: bool) -> String {
    let mut words =
        String::from(if read_only { "begin isolation level repeatable read read only" } else { "begin" });
    if let Some(school) = school {
        write!(words, "; select set_config('app.school', '{school}', true)").expect("writing to a string");
    }
    words
}

/// Whether the engine asks for the transaction to be run again.
fn again(error: &postgres::Error) -> bool {
    matches!(error.code().map(postgres::error::SqlState::code), Some("40001" | "40P01" | "55P03"))
}

/// A missing number and a missing text, each with its type.
const NO_INT: Option<i64> = None;
const NO_TEXT: Option<String> = None;

impl PgConn {
    /// Connects and steps down to the role that row-level security binds.
    fn connect(config: &PgConfig) -> Result<PgConn> {
        let mut client = client(config)?;
        client.batch_execute(&format!("set role {ROLE}"))?;
        Ok(PgConn { client, prepared: HashMap::new(), again: false })
    }

    /// The rows of an answer.
    pub(crate) fn query(&mut self, sql: Sql, args: &[Arg]) -> Result<Vec<Row>> {
        let statement = self.prepare(sql, args)?;
        let answer = self.client.query(&statement, &bound(args));
        self.noted(answer)
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) fn execute(&mut self, sql: Sql, args: &[Arg]) -> Result<u64> {
        let statement = self.prepare(sql, args)?;
        let answer = self.client.execute(&statement, &bound(args));
        self.noted(answer)
    }

    /// Inserts many rows, some hundred in a statement; nothing when the statement is no plain insert.
    pub(crate) fn insert_many(&mut self, sql: Sql, first: &Arg, lists: &[Vec<Arg>]) -> Result<Option<u64>> {
        let width = lists.first().map_or(0, Vec::len);
        if lists.len() < 3 || lists.iter().any(|list| list.len() != width) {
            return Ok(None);
        }
        let mut touched = 0;
        for chunk in lists.chunks(ROWS_MOST) {
            let Some(text) = rows::of_many(sql.text(), width, chunk.len()) else { return Ok(None) };
            let args: Vec<Arg> = std::iter::once(first).chain(chunk.iter().flatten()).cloned().collect();
            let types: Vec<Type> = args.iter().map(type_of).collect();
            let prepared = self.client.prepare_typed(&text, &types);
            let statement = self.noted(prepared)?;
            let answer = self.client.execute(&statement, &bound(&args));
            touched += self.noted(answer)?;
        }
        Ok(Some(touched))
    }

    /// Runs words without arguments.
    pub(crate) fn batch(&mut self, words: &str) -> Result<()> {
        let answer = self.client.batch_execute(words);
        self.noted(answer)
    }

    fn raw_batch(&mut self, words: &str) -> std::result::Result<(), postgres::Error> {
        self.client.batch_execute(words)
    }

    fn prepare(&mut self, sql: Sql, args: &[Arg]) -> Result<Statement> {
        let types: Vec<Type> = args.iter().map(type_of).collect();
        let place = (sql.text(), types);
        if let Some(statement) = self.prepared.get(&place) {
            return Ok(statement.clone());
        }
        let answer = self.client.prepare_typed(place.0, &place.1);
        let statement = self.noted(answer)?;
        self.prepared.insert(place, statement.clone());
        Ok(statement)
    }

    fn noted<T>(&mut self, answer: std::result::Result<T, postgres::Error>) -> Result<T> {
        answer.map_err(|error| {
            self.again |= again(&error);
            Error::from(error)
        })
    }
}

fn type_of(arg: &Arg) -> Type {
    match arg {
        Arg::Int(_) | Arg::NoInt => Type::INT8,
        Arg::Text(_) | Arg::NoText => Type::TEXT,
    }
}

fn bound(args: &[Arg]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter()
        .map(|arg| -> &(dyn ToSql + Sync) {
            match arg {
                Arg::Int(value) => value,
                Arg::Text(text) => text,
                Arg::NoInt => &NO_INT,
                Arg::NoText => &NO_TEXT,
            }
        })
        .collect()
}

/// A client as the owner of the tables: for migrations, and before stepping down.
pub(crate) fn client(config: &PgConfig) -> Result<Client> {
    match &config.authorities {
        None if on_loopback(&config.url)? => Ok(Client::connect(&config.url, NoTls)?),
        None => Err(Error::Setup(
            "a database off this machine needs TLS: name the file of authorities in `database_authorities`"
                .to_owned(),
        )),
        Some(file) => Ok(Client::connect(&config.url, tls(file)?)?),
    }
}

fn on_loopback(url: &str) -> Result<bool> {
    use postgres::config::Host;
    let config: postgres::Config = url
        .parse()
        .map_err(|_| Error::Setup("the database address is not a postgres:// address".to_owned()))?;
    Ok(config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
        Host::Unix(_) => true,
    }))
}

fn tls(file: &std::path::Path) -> Result<tokio_postgres_rustls::MakeRustlsConnect> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    let unreadable = |error: &dyn std::fmt::Display| Error::Setup(format!("{}: {error}", file.display()));
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unreadable(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(tokio_postgres_rustls::MakeRustlsConnect::new(config))
}
