//! Copies of a store, and sealing again after a key was rotated.

use kehou_db::testing::{self, stores};
use kehou_db::{Db, Error, Place, upkeep};
use kehou_domain::access::Role;

use crate::tuesday;

#[tokio::test]
async fn after_a_rotation_every_phone_opens_under_the_new_key() {
    for store in stores().await {
        store.school(1, "east", tuesday()).await;
        store.member("east", ("13800000001", Role::Principal), None, tuesday()).await;
        let rotated = store.keys.rotated().unwrap();
        let (place, keys) = (store.place.clone(), rotated.clone());
        let both = std::thread::spawn(move || (upkeep::reseal(&place, &keys), upkeep::reseal(&place, &keys)));
        let (first, second) = both.join().unwrap();
        assert_eq!((first.unwrap(), second.unwrap()), (1, 0));

        let place = store.place.clone();
        let db = std::thread::spawn(move || Db::open(&place, rotated)).join().unwrap().unwrap();
        let account = db.account_of_phone("13800000001", tuesday()).await.unwrap();
        assert!(account.is_some());
    }
}

#[tokio::test]
async fn a_backup_is_a_whole_store_and_comes_back() {
    let store = testing::sqlite();
    store.school(1, "east", tuesday()).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite");
    upkeep::backup(&store.place, &copy).unwrap();
    assert!(matches!(upkeep::backup(&store.place, &copy), Err(Error::Setup(_))));

    let back = Place::File(folder.path().join("back.sqlite"));
    upkeep::restore(&copy, &back).unwrap();
    let db = Db::open(&back, store.keys.clone()).unwrap();
    assert_eq!(db.schools(tuesday()).await.unwrap().len(), 1);
}

#[test]
fn a_broken_store_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.sqlite");
    std::fs::write(&path, vec![7_u8; 8192]).unwrap();
    assert!(upkeep::check(&Place::File(path)).is_err());
}
