//! Brings a store up to date: one numbered text for both engines.
//!
//! SQLite's migrator turns `bigint` into `integer`, makes tables strict, and tells the planner how large they are.
//! PostgreSQL's migrator, after the texts, gives every school table forced row-level security.

use std::path::Path;

use crate::engine::lite;
use crate::engine::pg::{self, PgConfig, ROLE};
use crate::{Error, Result, sizes};

/// One migration as it lies in the folder.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its place in the order.
    pub number: u32,
    /// Its file's name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Every migration, in order.
pub const MIGRATIONS: &[Migration] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The table of what was applied; not a migration itself.
const APPLIED: &str =
    "create table if not exists migration (number bigint not null primary key, name text not null)";

/// The newest migration that this program knows.
pub fn newest() -> u32 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// Brings a SQLite file up to date, after a snapshot beside it when it holds something already.
pub fn lite(path: &Path) -> Result<()> {
    let mut conn = lite::connect(path)?;
    conn.execute_batch(&for_lite(APPLIED))?;
    let at: u32 = conn.query_row("select coalesce(max(number), 0) from migration", [], |row| row.get(0))?;
    refuse_newer(at)?;
    if 0 < at && at < newest() {
        snapshot(&conn, path, at)?;
    }
    for migration in MIGRATIONS.iter().filter(|migration| at < migration.number) {
        let tx = conn.transaction()?;
        tx.execute_batch(&for_lite(migration.text)).map_err(|error| named(migration, &error))?;
        tx.execute(
            "insert into migration (number, name) values (?1, ?2)",
            (migration.number, migration.name),
        )?;
        tx.commit()?;
    }
    if at < newest() {
        sizes::tell(&conn)?;
    }
    Ok(())
}

/// The text as SQLite takes it.
fn for_lite(text: &str) -> String {
    text.replace("bigint", "integer").replace("\n);", "\n) strict;")
}

/// A compact copy of the store as it was before the migrations.
fn snapshot(conn: &rusqlite::Connection, path: &Path, at: u32) -> Result<()> {
    let copy = path.with_extension(format!("before-{:04}.sqlite", newest()));
    if copy.exists() {
        return Ok(());
    }
    let copy = copy.to_string_lossy().into_owned();
    tracing::info!(from = at, to = newest(), %copy, "keeping a snapshot before the migrations");
    conn.execute("vacuum into ?1", [copy]).map(|_| ()).map_err(Error::from)
}

/// Brings a PostgreSQL database up to date, as the tables' owner.
pub fn pg(config: &PgConfig) -> Result<()> {
    let mut client = pg::client(config)?;
    // one migrator at a time; the lock goes with the connection
    client.batch_execute("select pg_advisory_lock(7305820)")?;
    client.batch_execute(APPLIED)?;
    let row = client.query_one("select coalesce(max(number), 0) from migration", &[])?;
    let at =
        u32::try_from(row.get::<_, i64>(0)).map_err(|_| Error::Engine("a negative migration".to_owned()))?;
    refuse_newer(at)?;
    if at == newest() {
        return measure(&mut client);
    }
    for migration in MIGRATIONS.iter().filter(|migration| at < migration.number) {
        let mut tx = client.transaction()?;
        tx.batch_execute(migration.text).map_err(|error| named(migration, &Error::from(error)))?;
        let number = i64::from(migration.number);
        tx.execute("insert into migration (number, name) values ($1, $2)", &[&number, &migration.name])?;
        tx.commit()?;
    }
    client.batch_execute(&make_role())?;
    for words in fences(&mut client)? {
        client.batch_execute(&words)?;
    }
    Ok(())
}

/// Has the planner measure the tables when one that was filled has never been: the engine does so by itself some minutes
/// later, and until then a join over a school's children may walk all of them for each child.
fn measure(client: &mut postgres::Client) -> Result<()> {
    let sql = "select exists (select 1 from pg_stat_user_tables
                 where 500 < n_live_tup and last_analyze is null and last_autoanalyze is null)";
    if client.query_one(sql, &[])?.get(0) {
        client.batch_execute("analyze")?;
    }
    Ok(())
}

/// The role that the service acts as. It is the cluster's, so another database may have made it already.
fn make_role() -> String {
    format!(
        "do $$ begin
           create role {ROLE} nologin;
         exception when duplicate_object or unique_violation then null;
         end $$;
         grant usage on schema public to {ROLE};
         grant select, insert, update, delete on all tables in schema public to {ROLE};
         revoke insert, update, delete on migration from {ROLE};"
    )
}

/// Row-level security for every table that carries a school.
fn fences(client: &mut postgres::Client) -> Result<Vec<String>> {
    let sql = "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
               join pg_attribute a on a.attrelid = c.oid
               where n.nspname = 'public' and c.relkind = 'r' and a.attname = 'school_id'
               and not c.relforcerowsecurity order by 1";
    let rows = client.query(sql, &[])?;
    Ok(rows.iter().map(|row| fence(row.get(0))).collect())
}

fn fence(table: &str) -> String {
    let own = "school_id = nullif(current_setting('app.school', true), '')::bigint";
    format!(
        "alter table {table} enable row level security; alter table {table} force row level security;
         create policy own_school on {table} using ({own}) with check ({own});"
    )
}

fn refuse_newer(store: u32) -> Result<()> {
    let program = newest();
    if store <= program { Ok(()) } else { Err(Error::Newer { store, program }) }
}

fn named(migration: &Migration, error: &dyn std::fmt::Display) -> Error {
    Error::Engine(format!("migration {}: {error}", migration.name))
}
