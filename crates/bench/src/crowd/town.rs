//! The schools of a crowd, filled before the service starts.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use kehou_db::identity::NewSignIn;
use kehou_db::{Db, Keys, PgConfig, Place};
use kehou_domain::access::{ReadOwnChoices, ReadRounds, Role};
use kehou_domain::allocation::round::{Way, WishList};
use kehou_domain::identity::Device;
use kehou_domain::ids::StudentId;

use super::families;
use super::school::{self, School};

/// Sign-ins that are opened at the same time, so that they share commits.
const AT_ONCE: usize = 64;

/// A family before a round.
#[derive(Debug, Clone)]
pub(super) struct Family {
    /// Which school of the town.
    pub(super) school: usize,
    /// Its child.
    pub(super) child: StudentId,
    /// The number under which its guardian signs in.
    pub(super) phone: String,
    /// The cookie of its sign-in.
    pub(super) token: String,
}

/// Schools with their families, all signed in.
pub(super) struct Town {
    pub(super) folder: PathBuf,
    pub(super) database: Option<String>,
    pub(super) schools: Vec<School>,
    pub(super) families: Vec<Family>,
}

/// What a child has in a round.
pub(super) struct Has {
    /// How many ranked wishes are kept.
    pub(super) wishes: usize,
    /// Seats that stand.
    pub(super) seats: usize,
    /// Lines in which it waits.
    pub(super) lines: usize,
}

impl Town {
    /// Builds so many schools, numbered from `first`, in a folder of their own or in this database.
    pub(super) fn build(
        database: Option<&str>,
        (first, schools): (usize, usize),
        (children, way): (usize, Way),
    ) -> Result<Town> {
        let folder = std::env::temp_dir().join(format!("kehou-crowd-{}-{first}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let keys = Keys::generate()?;
        keys.write(&folder.join("field.keys"))?;
        let mut town =
            Town { folder, database: database.map(str::to_owned), schools: vec![], families: vec![] };
        let db = town.open()?;
        runtime()?.block_on(async {
            for number in 0..schools {
                let school = school::found(&db, first + number, children, way).await?;
                let signed_in = sign_in(&db, &school, first + number).await?;
                let each = school.children.iter().zip(signed_in).enumerate();
                town.families.extend(each.map(|(line, (child, token))| {
                    let phone = families::phone(first + number, line);
                    Family { school: number, child: *child, phone, token }
                }));
                town.schools.push(school);
            }
            anyhow::Ok(())
        })?;
        Ok(town)
    }

    pub(super) fn open(&self) -> Result<Db> {
        let place = match &self.database {
            None => Place::File(self.folder.join("kehou.sqlite")),
            Some(url) => {
                Place::Postgres(PgConfig { url: url.clone(), authorities: None, writers: 4, readers: 4 })
            }
        };
        Ok(Db::open(&place, Keys::read(&self.folder.join("field.keys"))?)?)
    }

    /// The seats taken of every club, school by school, as the office counts them.
    pub(super) fn taken(&self) -> Result<Vec<Vec<u16>>> {
        let db = self.open()?;
        runtime()?.block_on(async {
            let mut taken = Vec::new();
            for school in &self.schools {
                let office = db.system(&school.code, "a measurement is checked", super::now()).await?;
                let id = school.round;
                let seen = office
                    .read::<ReadRounds, _>(move |tx| kehou_app::allocation::round::overview(tx, id))
                    .await?;
                taken.push(seen.offered.iter().map(|one| one.listed.seats.taken).collect());
            }
            Ok(taken)
        })
    }

    /// What every family's child has, in the order of the families, read as the family itself would.
    pub(super) fn held(&self) -> Result<Vec<Has>> {
        let db = self.open()?;
        runtime()?.block_on(async {
            let mut found = Vec::new();
            for family in &self.families {
                let (school, at) = (&self.schools[family.school], super::now());
                let account = db.account_of_phone(&family.phone, at).await?.context("an account")?;
                let scope = db.enter(account, &school.code, Role::Guardian, at).await?;
                let child = family.child;
                let read = move |tx: &mut kehou_db::Tx<ReadOwnChoices>| {
                    kehou_app::allocation::round::for_child(tx, child)
                };
                let rounds = scope.read::<ReadOwnChoices, _>(read).await?.rounds;
                let one = rounds.first().context("a round")?;
                let wishes = one.list.as_ref().map_or(0, WishList::count);
                found.push(Has { wishes, seats: one.held.len(), lines: one.line.len() });
            }
            Ok(found)
        })
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Signs every family of a school in on a device of its own.
async fn sign_in(db: &Db, school: &School, number: usize) -> Result<Vec<String>> {
    let at = super::now();
    let seat = db.schools(at).await?.into_iter().find(|one| one.code == school.code).context("a school")?;
    let (db, seat) = (db.clone(), Arc::new(seat));
    let mut tokens = Vec::new();
    for chunk in (0..school.children.len()).collect::<Vec<_>>().chunks(AT_ONCE) {
        let mut open = tokio::task::JoinSet::new();
        for child in chunk {
            let (db, seat, child) = (db.clone(), Arc::clone(&seat), *child);
            open.spawn(async move {
                let account = db.account_of_phone(&families::phone(number, child), at).await?;
                let new = NewSignIn {
                    account: account.context("a family has an account")?,
                    seat: Some(((*seat).clone(), Role::Guardian)),
                    device: "bench".to_owned(),
                    whose: Device::Own,
                    signed_in_at: at,
                    second_factor_at: None,
                    replaces: None,
                };
                anyhow::Ok((child, db.start_sign_in(new, at).await?))
            });
        }
        let mut opened = Vec::new();
        while let Some(one) = open.join_next().await {
            opened.push(one??);
        }
        opened.sort_unstable();
        tokens.extend(opened.into_iter().map(|(_, token)| token));
    }
    Ok(tokens)
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
