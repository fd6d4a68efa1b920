//! Who acts, in which school, in which role, at which moment. Only this crate makes a scope, and only from a
//! membership that it found.

use std::sync::Arc;

use jiff::Timestamp;
use kehou_domain::access::{Action, Role};
use kehou_domain::ids::{AccountId, AnyId, SchoolId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::keyed::{Key, Keyed, Plain, Read};
use crate::{Db, Error, Failed, Result, Tx};

/// A school of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// The operator's number: first part of every key.
    pub id: SchoolId,
    /// How people and commands name the school.
    pub code: String,
    /// The school's full name.
    pub name: String,
    /// `primary`, `junior` or `nine_year`.
    pub stage: String,
}

/// The facts of a scope, as transactions carry them.
#[derive(Debug, Clone)]
pub(crate) struct Seated {
    pub(crate) school: School,
    pub(crate) account: AccountId,
    pub(crate) role: Role,
    pub(crate) person: Option<AnyId>,
    pub(crate) at: Timestamp,
    /// A command or a job, which no membership stands behind; its reason is in the event log.
    pub(crate) system: bool,
}

/// One account acting in one school in one role at one moment.
#[derive(Clone)]
pub struct Scope {
    db: Db,
    seated: Arc<Seated>,
}

impl Scope {
    pub(crate) fn new(db: Db, seated: Seated) -> Scope {
        Scope { db, seated: Arc::new(seated) }
    }

    /// Reads in one snapshot.
    pub async fn read<A: Action, T: Send + 'static>(
        &self,
        f: impl Fn(&mut Tx<A>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        self.allow::<A>()?;
        self.db.read(|reply| Read::<A, T, _>::boxed(Arc::clone(&self.seated), self.db.keys(), f, reply)).await
    }

    /// Writes under an idempotency key: the same key twice gives the same answer once, refusals included.
    pub async fn write<A, T, R>(
        &self,
        key: &Key,
        f: impl Fn(&mut Tx<A>) -> std::result::Result<T, Failed<R>> + Send + Sync + 'static,
    ) -> Result<std::result::Result<T, R>>
    where
        A: Action,
        T: Serialize + DeserializeOwned + Send + 'static,
        R: Serialize + DeserializeOwned + Send + 'static,
    {
        self.allow::<A>()?;
        let key = key.clone();
        self.db
            .write(|reply| {
                Keyed::<A, T, R, _>::boxed(Arc::clone(&self.seated), self.db.keys(), key, f, reply)
            })
            .await
    }

    /// Writes without a key, for commands, jobs and tests: nothing is remembered of the answer.
    pub async fn act<A, T, R>(
        &self,
        f: impl Fn(&mut Tx<A>) -> std::result::Result<T, Failed<R>> + Send + Sync + 'static,
    ) -> Result<std::result::Result<T, R>>
    where
        A: Action,
        T: Send + 'static,
        R: Send + 'static,
    {
        self.allow::<A>()?;
        self.db
            .write(|reply| Plain::<A, T, R, _>::boxed(Arc::clone(&self.seated), self.db.keys(), f, reply))
            .await
    }

    /// The school.
    pub fn school(&self) -> &School {
        &self.seated.school
    }

    /// Who acts.
    pub fn account(&self) -> AccountId {
        self.seated.account
    }

    /// In which role.
    pub fn role(&self) -> Role {
        self.seated.role
    }

    /// Who that is in this school: the bits of a guardian's or a staff member's id.
    pub fn person(&self) -> Option<AnyId> {
        self.seated.person
    }

    /// The moment of the request.
    pub fn at(&self) -> Timestamp {
        self.seated.at
    }

    /// The same scope at another moment, for jobs and simulations that run through time.
    #[must_use]
    pub fn at_moment(&self, at: Timestamp) -> Scope {
        Scope::new(self.db.clone(), Seated { at, ..Seated::clone(&self.seated) })
    }

    /// Whether the role may begin this act.
    pub fn may<A: Action>(&self) -> bool {
        self.seated.system || A::ROLES.contains(&self.seated.role)
    }

    fn allow<A: Action>(&self) -> Result<()> {
        if self.may::<A>() { Ok(()) } else { Err(Error::NotAllowed) }
    }
}
