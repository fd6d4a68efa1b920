//! Opening a store: twice, newer than the program, with a snapshot.

use kehou_db::testing::stores;
use kehou_db::{Db, Error, Keys, PgConfig, Place, migrate};

#[tokio::test]
async fn a_store_opens_a_second_time() {
    for store in stores().await {
        let again = open(&store.place, store.keys.clone());
        assert!(again.is_ok(), "{:?}", again.err());
    }
}

#[test]
fn a_newer_store_is_refused() {
    let store = kehou_db::testing::sqlite();
    let Place::File(path) = &store.place else { unreachable!("a SQLite store is a file") };
    let newer = migrate::newest() + 1;
    rusqlite::Connection::open(path)
        .unwrap()
        .execute("insert into migration (number, name) values (?1, 'from the future')", [newer])
        .unwrap();
    let opened = Db::open(&store.place, store.keys.clone());
    assert!(matches!(opened, Err(Error::Newer { store, .. }) if store == newer));
}

#[test]
fn an_old_store_is_kept_beside_the_new_one() {
    let store = kehou_db::testing::sqlite();
    let Place::File(path) = &store.place else { unreachable!("a SQLite store is a file") };
    // a later migration's trace is taken away, so that the store looks one step behind
    let conn = rusqlite::Connection::open(path).unwrap();
    let last = migrate::MIGRATIONS.last().unwrap();
    if last.number == 1 {
        return;
    }
    conn.execute("delete from migration where number = ?1", [last.number]).unwrap();
    drop(conn);
    // the tables are there already, so the step itself fails, after the snapshot was kept
    assert!(Db::open(&store.place, store.keys.clone()).is_err());
    let copies = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("before-"))
        .count();
    assert_eq!(copies, 1);
}

#[test]
fn a_database_elsewhere_needs_tls() {
    let config = PgConfig {
        url: "postgres://kehou@db.example.invalid/kehou".to_owned(),
        authorities: None,
        writers: 1,
        readers: 1,
    };
    let opened = Db::open(&Place::Postgres(config), Keys::generate().unwrap());
    assert!(matches!(opened, Err(Error::Setup(_))));
}

fn open(place: &Place, keys: Keys) -> Result<(), Error> {
    let place = place.clone();
    // the synchronous client must not run on a worker of the asynchronous runtime
    std::thread::spawn(move || Db::open(&place, keys).map(|_| ())).join().expect("opening does not panic")
}
