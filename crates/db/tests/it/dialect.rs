//! One text for both engines: every statement of every crate prepares on each, and the schema fits a cluster
//! that is spread by school.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kehou_db::testing::{self, TestStore};
use kehou_db::{PgConfig, Place, migrate};

/// Every statement literal of the workspace, with its file.
fn statements() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut folders = vec![crates];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir()
                && !path.ends_with("target")
                && !path.ends_with("node_modules")
                && !path.ends_with("tests")
            {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.extend(literals(&text).map(|literal| (path.clone(), literal)));
            }
        }
    }
    found
}

/// The literals inside `sql!(…)` and `global_sql!(…)`, doc comments left out.
fn literals(text: &str) -> impl Iterator<Item = String> + '_ {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|l| l.to_owned() + "\n")
        .collect();
    let mut found = Vec::new();
    let mut rest = code.as_str();
    while let Some(at) = rest.find("sql!(") {
        rest = rest[at + 5..].trim_start();
        if let Some(body) = rest.strip_prefix('"') {
            let end = body.find('"').expect("a literal ends");
            found.push(body[..end].replace("\\\n", " "));
            rest = &body[end..];
        }
    }
    found.into_iter()
}

fn pg_client(store: &TestStore) -> postgres::Client {
    let Place::Postgres(PgConfig { url, .. }) = &store.place else {
        unreachable!("a PostgreSQL store has an address")
    };
    postgres::Client::connect(url, postgres::NoTls).unwrap()
}

#[test]
fn every_statement_prepares_on_sqlite() {
    let store = testing::sqlite();
    let Place::File(path) = &store.place else { unreachable!("a SQLite store is a file") };
    let conn = rusqlite::Connection::open(path).unwrap();
    let statements = statements();
    assert!(20 < statements.len(), "the scan found the statements");
    let wrong: Vec<String> = statements
        .iter()
        .filter_map(|(file, text)| {
            conn.prepare(text).err().map(|error| format!("{}: {error}: {text}", file.display()))
        })
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_statement_prepares_on_postgresql() {
    let Some(store) = testing::postgres() else { return };
    let mut client = pg_client(&store);
    let mut wrong = Vec::new();
    for (file, text) in statements() {
        if let Err(error) = client.prepare(&text) {
            wrong.push(format!("{}: {error:?}: {text}", file.display()));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let Some(store) = testing::postgres() else { return };
    let rows = pg_client(&store)
        .query(
            "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'",
            &[],
        )
        .unwrap();
    let postgres: BTreeSet<(String, String, String)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get::<_, String>(2).replace("bigint", "integer")))
        .collect();
    assert_eq!(sqlite_columns(), postgres);
}

fn sqlite_columns() -> BTreeSet<(String, String, String)> {
    let store = testing::sqlite();
    let Place::File(path) = &store.place else { unreachable!("a SQLite store is a file") };
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut statement = conn
        .prepare(
            "select t.name, c.name, lower(c.type) from sqlite_master t join pragma_table_info(t.name) c
             where t.type = 'table' and t.name not like 'sqlite_%'",
        )
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// A table whose keys do not begin with the school cannot be split by school: PostgreSQL itself says so.
#[test]
fn the_schema_can_be_spread_by_school() {
    let Some(store) = testing::postgres() else { return };
    let mut client = pg_client(&store);
    client.batch_execute("create schema spread; set search_path to spread").unwrap();
    for migration in migrate::MIGRATIONS {
        let spread = partitioned(migration.text);
        client.batch_execute(&spread).unwrap_or_else(|error| panic!("{}: {error:?}", migration.name));
    }
}

/// The migration with every school table split by the hash of its school.
fn partitioned(text: &str) -> String {
    text.split_inclusive(';')
        .map(|statement| {
            let makes =
                statement.trim_start_matches('\n').lines().any(|line| line.starts_with("create table"));
            if makes && statement.contains("\n  school_id bigint not null") {
                statement.replace("\n);", "\n) partition by hash (school_id);")
            } else {
                statement.to_owned()
            }
        })
        .collect()
}

/// Without a school set, or with another one, row-level security shows and takes nothing.
#[test]
fn postgresql_fences_every_school_table() {
    let Some(store) = testing::postgres() else { return };
    let mut client = pg_client(&store);
    let open: Vec<String> = client
        .query(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
             join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'public' and c.relkind = 'r' and a.attname = 'school_id'
             and not (c.relrowsecurity and c.relforcerowsecurity)",
            &[],
        )
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(open, Vec::<String>::new());

    client
        .batch_execute("insert into school (id, code, name, stage, created_at) values (1,'e','e','primary',0),(2,'w','w','primary',0)")
        .unwrap();
    client.batch_execute("set role kehou_app").unwrap();
    let insert = "insert into person_key (school_id, person_id, key_sealed) values (1, 'p', 'k')";
    assert!(client.batch_execute(insert).is_err());
    client.batch_execute("begin; select set_config('app.school', '1', true)").unwrap();
    client.batch_execute(insert).unwrap();
    client.batch_execute("commit; begin; select set_config('app.school', '2', true)").unwrap();
    assert!(client.query("select 1 from person_key", &[]).unwrap().is_empty());
}
