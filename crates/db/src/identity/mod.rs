//! Accounts and memberships: who signs in, and in which schools and roles.

mod account;
mod factor;
pub mod log;
mod member;
pub mod password;
mod signin;

pub use account::{Credentials, OpenCode};
pub use member::{CODE, Member};
pub use signin::{NewSignIn, OpenSignIn, SignedIn, hash_of};

use jiff::Timestamp;
use kehou_domain::access::Role;
use kehou_domain::ids::{AccountId, AnyId, EntityId};

use crate::row::Row;
use crate::scope::{School, Scope, Seated};
use crate::sql::global_sql;
use crate::store::read_school;
use crate::tx::{SchoolTx, new_id};
use crate::{Arg, Db, Error, Result};

/// One seat that an account may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The school.
    pub school: School,
    /// The role there.
    pub role: Role,
    /// Who that is in the school.
    pub person: Option<AnyId>,
}

impl Db {
    /// The seats that an account may take today, by school and role.
    pub async fn memberships(&self, account: AccountId, at: Timestamp) -> Result<Vec<Membership>> {
        let sql = global_sql!(
            "select s.id, s.code, s.name, s.stage, m.role, m.person_id
             from membership m join school s on s.id = m.school
             where m.account_id = $1 and m.ended_at is null order by s.id, m.role"
        );
        self.global_read(at, move |tx| tx.all(sql, &[account.into()], read_membership)).await
    }

    /// Whether an account holds or held this role in some school.
    pub async fn held(&self, account: AccountId, role: Role, at: Timestamp) -> Result<bool> {
        let sql = global_sql!("select 1 from membership where account_id = $1 and role = $2 limit 1");
        let read =
            move |tx: &mut crate::GlobalTx| tx.maybe(sql, &[account.into(), role.word().into()], |_| Ok(()));
        Ok(self.global_read(at, read).await?.is_some())
    }

    /// One scope for each school where the account holds this role, by school.
    pub async fn scopes(&self, account: AccountId, role: Role, at: Timestamp) -> Result<Vec<Scope>> {
        let found = self.memberships(account, at).await?.into_iter().filter(|seat| seat.role == role);
        let seat = |seat: Membership| Seated {
            school: seat.school,
            account,
            role,
            person: seat.person,
            at,
            system: false,
        };
        Ok(found.map(|found| Scope::new(self.clone(), seat(found))).collect())
    }

    /// The account of this phone number, if there is one.
    pub async fn account_of_phone(&self, phone: &str, at: Timestamp) -> Result<Option<AccountId>> {
        let mac = self.mac(phone);
        let sql = global_sql!("select id from account where phone_mac = $1");
        self.global_read(at, move |tx| tx.maybe(sql, &[mac.as_str().into()], |row| row.id(0))).await
    }
}

impl SchoolTx<'_> {
    /// The account of this phone number, opened when there is none yet: people sign in once for all schools.
    pub fn account_for_phone(&mut self, phone: &str, name: &str) -> Result<AccountId> {
        let mac = self.mac(phone);
        let at = self.at();
        let insert = global_sql!(
            "insert into account (id, phone_mac, phone_sealed, name, created_at) values ($1, $2, $3, $4, $5)
             on conflict (phone_mac) do nothing returning id"
        );
        let id: AccountId = new_id(at);
        let args = [id.into(), mac.as_str().into(), self.seal(phone).into(), name.into(), at.into()];
        if let Some(id) = self.global(insert, &args, |row| row.id(0))?.pop() {
            return Ok(id);
        }
        let found = global_sql!("select id from account where phone_mac = $1");
        self.global(found, &[mac.into()], |row| row.id(0))?.pop().ok_or(Error::NotFound)
    }

    /// The account of this phone number with its name, when there is one: for a rule to compare, never to be shown.
    pub fn known_phone(&mut self, phone: &str) -> Result<Option<(AccountId, String)>> {
        let sql = global_sql!("select id, name from account where phone_mac = $1");
        let mac = self.mac(phone);
        Ok(self.global(sql, &[mac.into()], |row| Ok((row.id(0)?, row.text(1)?)))?.pop())
    }

    /// Admits an account to this school in a role, or again after it had left.
    pub fn admit(&mut self, account: AccountId, role: Role, person: Option<AnyId>) -> Result<()> {
        let sql = global_sql!(
            "insert into membership (account_id, school, role, person_id, admitted_at) values ($1, $2, $3, $4, $5)
             on conflict (account_id, school, role) do update
             set person_id = excluded.person_id, ended_at = null returning account_id"
        );
        let args = self.membership_args(account, role, &[person.into(), self.at().into()]);
        self.global(sql, &args, |_| Ok(())).map(|_| ())
    }

    /// Ends a role of an account in this school; the account's sign-ins in that seat end with it.
    pub fn release_member(&mut self, account: AccountId, role: Role) -> Result<()> {
        let at = Arg::from(self.at());
        let args = self.membership_args(account, role, &[at]);
        let sql = global_sql!(
            "update membership set ended_at = $4 where account_id = $1 and school = $2 and role = $3
             and ended_at is null returning account_id"
        );
        self.global(sql, &args, |_| Ok(()))?;
        let sql = global_sql!(
            "update signin set ended_at = $4 where account_id = $1 and seat_school = $2 and seat_role = $3
             and ended_at is null returning account_id"
        );
        self.global(sql, &args, |_| Ok(())).map(|_| ())
    }

    /// The accounts that hold a role in this school now.
    pub fn members(&mut self, role: Role) -> Result<Vec<AccountId>> {
        let sql = global_sql!(
            "select account_id from membership where school = $1 and role = $2 and ended_at is null
             order by account_id"
        );
        let school = self.school().id.0;
        self.global(sql, &[school.into(), role.word().into()], |row| row.id(0))
    }

    fn membership_args(&self, account: AccountId, role: Role, rest: &[Arg]) -> Vec<Arg> {
        let mut args = vec![account.into(), self.school().id.0.into(), role.word().into()];
        args.extend_from_slice(rest);
        args
    }
}

fn read_membership(row: &Row) -> Result<Membership> {
    Ok(Membership { school: read_school(row)?, role: row.word(4, Role::parse)?, person: row.maybe_id(5)? })
}

/// Whether an id is the system's own, which no person has.
pub fn is_system(account: AccountId) -> bool {
    account.bits() == 0
}
