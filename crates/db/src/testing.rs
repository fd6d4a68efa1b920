//! Scratch stores for tests: SQLite always, PostgreSQL when `KEHOU_TEST_PG` names a server.
//!
//! One store on each engine is brought up to date once and copied for each test.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use kehou_domain::access::Role;
use kehou_domain::ids::{AccountId, AnyId, SchoolId};
use sha2::{Digest, Sha256};

use crate::engine::pg;
use crate::{Db, Failed, Keys, PgConfig, Place, School, Scope, hex, migrate};

/// A store that goes away with its test.
pub struct TestStore {
    /// The store.
    pub db: Db,
    /// Where it is, to open it a second time.
    pub place: Place,
    /// Its field keys.
    pub keys: Keys,
    cleanup: Cleanup,
}

enum Cleanup {
    Folder { _folder: tempfile::TempDir },
    Database { server: String, name: String },
}

/// A store on each engine that is at hand.
#[expect(clippy::unused_async, reason = "tests await it like every other call on a store")]
pub async fn stores() -> Vec<TestStore> {
    let mut stores = vec![sqlite()];
    stores.extend(postgres());
    stores
}

/// A SQLite store in a folder of its own.
pub fn sqlite() -> TestStore {
    let folder = tempfile::tempdir().expect("the system has a folder for scratch files");
    let file = folder.path().join("kehou.sqlite");
    std::fs::write(&file, fresh_file()).expect("a scratch file is written");
    open(Place::File(file), Cleanup::Folder { _folder: folder })
}

/// A SQLite file that was just brought up to date, made once and copied for each test.
fn fresh_file() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("the system has a folder for scratch files");
        let file = folder.path().join("kehou.sqlite");
        migrate::lite(&file).expect("the migrations run on SQLite");
        std::fs::read(&file).expect("the file is there")
    })
}

/// A PostgreSQL store in a database of its own, when a server is named.
pub fn postgres() -> Option<TestStore> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration file")]
    let server = std::env::var("KEHOU_TEST_PG").ok()?;
    // the synchronous client must not run on a worker of the asynchronous runtime
    std::thread::spawn(move || clone_template(&server))
        .join()
        .expect("the test server makes a database")
        .into()
}

fn clone_template(server: &str) -> TestStore {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let template = template(server);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("kehou_{}_{number}", std::process::id());
    admin(server, &[&format!("create database {name} template {template}")]);
    let place = Place::Postgres(config(server, &name));
    open(place, Cleanup::Database { server: server.to_owned(), name })
}

/// The template of this set of migrations, made when it is not there.
fn template(server: &str) -> String {
    let mut hasher = Sha256::new();
    for migration in migrate::MIGRATIONS {
        hasher.update(migration.text.as_bytes());
    }
    let name = format!("kehou_template_{}", &hex(&hasher.finalize())[..16]);
    let mut client = pg::client(&config(server, "postgres")).expect("the test server answers");
    client.batch_execute("select pg_advisory_lock(7305821)").expect("one test makes the template");
    let sql = "select 1 from pg_database where datname = $1";
    if client.query(sql, &[&name]).expect("the catalogue answers").is_empty() {
        let making = format!("{name}_making");
        client
            .batch_execute(&format!("drop database if exists {making}"))
            .expect("an unfinished template goes");
        client.batch_execute(&format!("create database {making}")).expect("the server makes databases");
        migrate::pg(&config(server, &making)).expect("the migrations run on PostgreSQL");
        client
            .batch_execute(&format!("alter database {making} rename to {name}"))
            .expect("nobody is connected");
    }
    name
}

fn config(server: &str, database: &str) -> PgConfig {
    let (base, _) = server.rsplit_once('/').expect("the server's address ends in a database");
    PgConfig { url: format!("{base}/{database}"), authorities: None, writers: 4, readers: 2 }
}

fn admin(server: &str, words: &[&str]) {
    let mut client = pg::client(&config(server, "postgres")).expect("the test server answers");
    for words in words {
        client.batch_execute(words).expect("the test server does as it is told");
    }
}

fn open(place: Place, cleanup: Cleanup) -> TestStore {
    let keys = Keys::generate().expect("the system's generator answers");
    let db = Db::open(&place, keys.clone()).expect("a scratch store opens");
    TestStore { db, place, keys, cleanup }
}

impl Drop for TestStore {
    fn drop(&mut self) {
        if let Cleanup::Database { server, name } = &self.cleanup {
            let (server, name) = (server.clone(), name.clone());
            let gone =
                std::thread::spawn(move || admin(&server, &[&format!("drop database {name} with (force)")]));
            drop(gone.join());
        }
    }
}

impl TestStore {
    /// Adds a primary school.
    pub async fn school(&self, id: i64, code: &str, at: Timestamp) -> School {
        let school = School {
            id: SchoolId(id),
            code: code.to_owned(),
            name: format!("{code} school"),
            stage: "primary".to_owned(),
        };
        self.db.add_school(school.clone(), at).await.expect("the school is new");
        school
    }

    /// A scope of the system in this school.
    pub async fn system(&self, school: &str, at: Timestamp) -> Scope {
        self.db.system(school, "test", at).await.expect("the school is there")
    }

    /// An account with this phone that holds this role, seated in it.
    pub async fn member(
        &self,
        school: &str,
        seat: (&str, Role),
        person: Option<AnyId>,
        at: Timestamp,
    ) -> Scope {
        let (phone, role) = (seat.0.to_owned(), seat.1);
        let admitted = self
            .system(school, at)
            .await
            .act::<kehou_domain::access::ManageAccounts, AccountId, ()>(move |tx| {
                let account = tx.account_for_phone(&phone, &phone)?;
                tx.admit(account, role, person).map_err(Failed::Fault)?;
                Ok(account)
            })
            .await;
        let account = admitted.expect("the store works").expect("nothing refuses");
        self.db.enter(account, school, role, at).await.expect("the membership was just made")
    }
}
