//! A school's members as its office sees them: who may sign in here, and their first codes.

use jiff::Timestamp;
use kehou_domain::access::Role;
use kehou_domain::ids::{AccountId, AnyId};

use crate::row::Row;
use crate::sql::global_sql;
use crate::tx::SchoolTx;
use crate::{Error, Result};

/// One role of one account in this school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its phone number.
    pub phone: String,
    /// The role.
    pub role: Role,
    /// Who that is in the school.
    pub person: Option<AnyId>,
    /// When the role ended, if it did.
    pub ended_at: Option<Timestamp>,
    /// Whether a password was set: nobody who has one needs a first code.
    pub has_password: bool,
    /// Whether a second factor was set up.
    pub has_second_factor: bool,
}

impl SchoolTx<'_> {
    /// Everybody who holds or held a role of staff here, by name and account; at most two thousand rows.
    pub fn staff_members(&mut self) -> Result<Vec<Member>> {
        let sql = global_sql!(
            "select a.id, a.name, a.phone_sealed, m.role, m.person_id, m.ended_at, a.password_hash, a.totp_sealed
             from membership m join account a on a.id = m.account_id
             where m.school = $1 and m.role <> $2 order by a.name, a.id, m.role limit 2000"
        );
        let school = self.school().id.0;
        let sealed = self.global(sql, &[school.into(), Role::Guardian.word().into()], read_member)?;
        sealed.into_iter().map(|member| self.with_phone(member)).collect()
    }

    /// The roles that one account holds or held here.
    pub fn roles_of(&mut self, account: AccountId) -> Result<Vec<Member>> {
        let sql = global_sql!(
            "select a.id, a.name, a.phone_sealed, m.role, m.person_id, m.ended_at, a.password_hash, a.totp_sealed
             from membership m join account a on a.id = m.account_id
             where m.school = $1 and m.account_id = $2 order by m.role"
        );
        let school = self.school().id.0;
        let sealed = self.global(sql, &[school.into(), account.into()], read_member)?;
        sealed.into_iter().map(|member| self.with_phone(member)).collect()
    }

    fn with_phone(&self, member: Member) -> Result<Member> {
        let phone = if member.phone.is_empty() { String::new() } else { self.unseal(&member.phone)? };
        Ok(Member { phone, ..member })
    }

    /// Whether an account holds a seat in another school too.
    pub fn sits_elsewhere(&mut self, account: AccountId) -> Result<bool> {
        let sql = global_sql!(
            "select 1 from membership where account_id = $1 and school <> $2 and ended_at is null limit 1"
        );
        let school = self.school().id.0;
        Ok(!self.global(sql, &[account.into(), school.into()], |_| Ok(()))?.is_empty())
    }

    /// Keeps a one-time code for an account, by its keyed hash; an earlier one is worth nothing from then on.
    pub fn keep_code(&mut self, account: AccountId, code: &str, expires_at: Timestamp) -> Result<()> {
        let sql = global_sql!(
            "insert into first_code (account_id, code_hash, made_at, expires_at) values ($1, $2, $3, $4)
             on conflict (account_id) do update set code_hash = excluded.code_hash, made_at = excluded.made_at,
             expires_at = excluded.expires_at, failed_count = 0, used_at = null returning account_id"
        );
        let hash = self.mac(&format!("{CODE}:{account}:{code}"));
        let args = [account.into(), hash.into(), self.at().into(), expires_at.into()];
        self.global(sql, &args, |_| Ok(())).map(|_| ())
    }

    /// Takes the password away and ends every sign-in, so that only a new code opens the account.
    pub fn forget_password(&mut self, account: AccountId) -> Result<()> {
        let at = self.at();
        let sql = global_sql!(
            "update account set password_hash = null, failed_count = 0, locked_until = null where id = $1 returning id"
        );
        let known = self.global(sql, &[account.into()], |_| Ok(()))?;
        let sql = global_sql!(
            "update signin set ended_at = $2 where account_id = $1 and ended_at is null returning account_id"
        );
        self.global(sql, &[account.into(), at.into()], |_| Ok(()))?;
        if known.is_empty() { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Takes the second factor and its spare codes away and ends every sign-in; the next one sets up a new factor.
    pub fn forget_factor(&mut self, account: AccountId) -> Result<()> {
        let at = self.at();
        let sql = global_sql!(
            "update account set totp_sealed = null, totp_last_step = null, failed_count = 0, locked_until = null
             where id = $1 returning id"
        );
        let known = self.global(sql, &[account.into()], |_| Ok(()))?;
        let sql = global_sql!("delete from totp_pending where account_id = $1 returning account_id");
        self.global(sql, &[account.into()], |_| Ok(()))?;
        let sql = global_sql!("delete from recovery_code where account_id = $1 returning account_id");
        self.global(sql, &[account.into()], |_| Ok(()))?;
        let sql = global_sql!(
            "update signin set ended_at = $2 where account_id = $1 and ended_at is null returning account_id"
        );
        self.global(sql, &[account.into(), at.into()], |_| Ok(()))?;
        if known.is_empty() { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Whether an account has a password.
    pub fn has_password(&mut self, account: AccountId) -> Result<bool> {
        let sql = global_sql!("select 1 from account where id = $1 and password_hash is not null");
        Ok(!self.global(sql, &[account.into()], |_| Ok(()))?.is_empty())
    }
}

/// The word under which one-time codes are hashed.
pub const CODE: &str = "first-code";

fn read_member(row: &Row) -> Result<Member> {
    Ok(Member {
        account: row.id(0)?,
        name: row.text(1)?,
        phone: row.maybe_text(2)?.unwrap_or_default(),
        role: row.word(3, Role::parse)?,
        person: row.maybe_id(4)?,
        ended_at: row.maybe_at(5)?,
        has_password: row.maybe_text(6)?.is_some(),
        has_second_factor: row.maybe_text(7)?.is_some(),
    })
}
