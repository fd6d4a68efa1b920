//! A transaction for one school, typed by the act that it performs.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use jiff::civil::Date;
use kehou_domain::access::Role;
use kehou_domain::ids::{AccountId, AnyId, EntityId};
use kehou_domain::moment;

use crate::conn::Conn;
use crate::keys::Keys;
use crate::row::Row;
use crate::scope::{School, Seated};
use crate::{Arg, Error, Result, Sql};

/// A transaction that may do `A`: it exists only for somebody whose role allows that.
pub struct Tx<'a, A> {
    inner: SchoolTx<'a>,
    act: PhantomData<A>,
}

/// A transaction for one school, whatever the act: what the shared steps of use cases take.
pub struct SchoolTx<'a> {
    conn: Conn<'a>,
    seated: &'a Seated,
    keys: &'a Keys,
    statements: u32,
}

impl<'a, A> Tx<'a, A> {
    pub(crate) fn new(conn: Conn<'a>, seated: &'a Seated, keys: &'a Keys) -> Self {
        Tx { inner: SchoolTx { conn, seated, keys, statements: 0 }, act: PhantomData }
    }
}

impl<'a, A> Deref for Tx<'a, A> {
    type Target = SchoolTx<'a>;
    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl<A> DerefMut for Tx<'_, A> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.inner
    }
}

impl SchoolTx<'_> {
    /// Every row of the answer. The statement's `$1` is the school; `args` begin at `$2`.
    pub fn all<T>(
        &mut self,
        sql: Sql,
        args: &[Arg],
        mut read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.statements += 1;
        let args = self.with_school(args);
        self.conn.all(sql, &args, &mut read)
    }

    /// The first row of the answer, if there is one.
    pub fn maybe<T>(
        &mut self,
        sql: Sql,
        args: &[Arg],
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.all(sql, args, read)?.into_iter().next())
    }

    /// The first row of the answer; none is [`Error::NotFound`].
    pub fn one<T>(&mut self, sql: Sql, args: &[Arg], read: impl FnMut(&Row) -> Result<T>) -> Result<T> {
        self.maybe(sql, args, read)?.ok_or(Error::NotFound)
    }

    /// Runs a statement and says how many rows it touched. A row that is there already is [`Error::Already`].
    pub fn run(&mut self, sql: Sql, args: &[Arg]) -> Result<u64> {
        self.statements += 1;
        let args = self.with_school(args);
        self.conn.run(sql, &args)
    }

    /// Runs one statement for each list of arguments and says how many rows were touched in all. A plain insert
    /// travels to PostgreSQL with many rows at once.
    pub fn run_each(&mut self, sql: Sql, lists: &[Vec<Arg>]) -> Result<u64> {
        self.statements += 1;
        self.conn.run_each(sql, &Arg::Int(self.seated.school.id.0), lists)
    }

    /// Runs a step inside a savepoint: when it is "already" there, nothing of the step stays and the answer is
    /// `None`. PostgreSQL could not go on in the transaction otherwise.
    pub fn unless_already<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        self.conn.control("savepoint step")?;
        let verdict = step(self);
        if verdict.is_err() {
            self.conn.control("rollback to savepoint step")?;
        }
        self.conn.control("release savepoint step")?;
        match verdict {
            Ok(value) => Ok(Some(value)),
            Err(Error::Already) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// The school that this transaction is for.
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

    /// The moment of the request: time is an argument, and this carries it.
    pub fn at(&self) -> Timestamp {
        self.seated.at
    }

    /// The school's civil day of the request.
    pub fn today(&self) -> Date {
        moment::day_of(self.seated.at)
    }

    /// A new id (UUIDv7 of this moment).
    pub fn new_id<I: EntityId>(&mut self) -> I {
        new_id(self.seated.at)
    }

    /// Seals a personal text with the installation's current field key.
    pub fn seal(&self, text: &str) -> String {
        self.keys.seal(text)
    }

    /// Opens what was sealed.
    pub fn unseal(&self, sealed: &str) -> Result<String> {
        self.keys.unseal(sealed)
    }

    /// The look-up value of a phone number.
    pub fn mac(&self, text: &str) -> String {
        self.keys.mac(text)
    }

    /// How many statements ran so far: pages have a fixed number.
    pub fn statements(&self) -> u32 {
        self.statements
    }

    /// A statement on a global table, inside this transaction.
    pub(crate) fn global<T>(
        &mut self,
        sql: Sql,
        args: &[Arg],
        mut read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.statements += 1;
        self.conn.all(sql, args, &mut read)
    }

    fn with_school(&self, args: &[Arg]) -> Vec<Arg> {
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(Arg::Int(self.seated.school.id.0));
        all.extend_from_slice(args);
        all
    }
}

/// A transaction on the global tables: accounts, sign-ins, the directory of schools.
pub struct GlobalTx<'a> {
    conn: Conn<'a>,
    pub(crate) keys: &'a Keys,
    at: Timestamp,
}

impl<'a> GlobalTx<'a> {
    pub(crate) fn new(conn: Conn<'a>, keys: &'a Keys, at: Timestamp) -> Self {
        GlobalTx { conn, keys, at }
    }

    /// Every row of the answer.
    pub(crate) fn all<T>(
        &mut self,
        sql: Sql,
        args: &[Arg],
        mut read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.conn.all(sql, args, &mut read)
    }

    /// The first row of the answer, if there is one.
    pub(crate) fn maybe<T>(
        &mut self,
        sql: Sql,
        args: &[Arg],
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.all(sql, args, read)?.into_iter().next())
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) fn run(&mut self, sql: Sql, args: &[Arg]) -> Result<u64> {
        self.conn.run(sql, args)
    }

    /// The moment of the request.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// Opens what was sealed.
    pub fn unseal(&self, sealed: &str) -> Result<String> {
        self.keys.unseal(sealed)
    }

    /// Seals a personal text.
    pub fn seal(&self, text: &str) -> String {
        self.keys.seal(text)
    }
}

/// A new id of this moment: UUIDv7, so that ids sort by time and new rows lie together.
pub(crate) fn new_id<I: EntityId>(at: Timestamp) -> I {
    let millis = moment::millis(at);
    let random: [u8; 10] = crate::keys::random().expect("the system's generator answers");
    let millis = u64::try_from(millis).expect("the moment is after 1970");
    I::from_bits(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().as_u128())
}
