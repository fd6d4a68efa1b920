//! Opening the store that a configuration names, with its keys.

use std::{fs, thread};

use anyhow::{Context as _, bail};
use kehou_db::{Db, Error, Keys, PgConfig, Place, Scope};
use kehou_web::lang::Lang;
use kehou_web::plan::words::command;

use crate::answer::{Failure, either};
use crate::config::Config;

/// Threads that write to PostgreSQL, and threads that read.
const PG_THREADS: usize = 4;

/// Where the store is.
pub(crate) fn place(config: &Config) -> Place {
    match &config.database {
        None => Place::File(config.store_file()),
        Some(url) => Place::Postgres(PgConfig {
            url: url.clone(),
            authorities: config.database_authorities.clone(),
            writers: PG_THREADS,
            readers: PG_THREADS,
        }),
    }
}

/// The field keys: read, or made at the first start. A store without its keys is not opened.
pub(crate) fn keys(config: &Config) -> anyhow::Result<Keys> {
    let file = config.key_file();
    if file.exists() {
        return Ok(Keys::read(&file)?);
    }
    if config.database.is_none() && config.store_file().exists() {
        bail!(
            "the key file {} is missing: without it no phone number can be read. Put the backed-up file back",
            file.display()
        );
    }
    let keys = Keys::generate()?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    keys.write(&file)?;
    Ok(keys)
}

/// Opens a store that is there already: a command that only looks makes none.
pub(crate) fn existing(lang: Lang, config: &Config) -> anyhow::Result<Db> {
    must_exist(lang, config)?;
    open(config)
}

/// Refuses when there is no store, or no key file that it was begun with.
pub(crate) fn must_exist(lang: Lang, config: &Config) -> Result<(), Failure> {
    let begun = if config.database.is_none() { config.store_file() } else { config.key_file() };
    if begun.exists() {
        return Ok(());
    }
    let file = begun.display();
    let message = either(
        lang,
        format!(
            "这里没有数据：缺少 {file}。请用 --config 写明配置文件，或先用 kehou school add 加第一所学校"
        ),
        format!(
            "there is no store here: {file} is missing. Name the configuration file with --config, or begin with `kehou school add`"
        ),
    );
    Err(Failure::wrong("no_store", message).and("file", serde_json::json!(file.to_string())))
}

/// Opens the store, brought up to date. On a thread of its own: the client of PostgreSQL does not start on one that runs
/// asynchronous work.
pub(crate) fn open(config: &Config) -> anyhow::Result<Db> {
    if config.database.is_none() {
        fs::create_dir_all(&config.data)
            .with_context(|| format!("cannot make the folder {}", config.data.display()))?;
    }
    let (place, keys) = (place(config), keys(config)?);
    match thread::scope(|scope| scope.spawn(|| Db::open(&place, keys)).join()) {
        Ok(opened) => Ok(opened?),
        Err(_) => bail!("the store could not be opened"),
    }
}

/// The school of this code, acted in for this reason, or which codes there are.
pub(crate) async fn school(db: &Db, lang: Lang, code: &str, reason: &str) -> anyhow::Result<Scope> {
    let at = now();
    match db.system(code, reason, at).await {
        Err(Error::NotFound) => {}
        found => return Ok(found?),
    }
    let known: Vec<String> = db.schools(at).await?.into_iter().map(|school| school.code).collect();
    Err(Failure::wrong("no_school", command::no_school(lang, code, &known)).into())
}

/// Runs asynchronous work from a command.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    Ok(runtime.block_on(work))
}

/// The moment, from the system's clock: commands are where time comes in.
#[expect(clippy::disallowed_methods, reason = "the command is where the system's time comes in")]
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
