//! What an account proves itself with: password, one-time code, second factor; and its look.

use jiff::Timestamp;
use kehou_domain::identity;
use kehou_domain::ids::AccountId;

use crate::row::Row;
use crate::sql::global_sql;
use crate::{Db, GlobalTx, Result};

/// What an attempt to sign in is measured by.
#[derive(Clone)]
pub struct Credentials {
    /// The account.
    pub account: AccountId,
    /// Its phone number.
    pub phone: String,
    /// The password's hash, when one was set.
    pub password_hash: Option<String>,
    /// The second factor's secret in base 32, when one was confirmed.
    pub totp_secret: Option<String>,
    /// The last thirty-second step whose code was used.
    pub totp_last_step: Option<i64>,
    /// Until when the account waits after wrong attempts.
    pub locked_until: Option<Timestamp>,
    /// Whether the account was disabled for good.
    pub is_disabled: bool,
    /// The open one-time code, when there is one.
    pub code: Option<OpenCode>,
}

/// A one-time code as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCode {
    /// Its keyed hash.
    pub hash: String,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// How often a wrong one was tried instead.
    pub failures: u32,
}

impl Db {
    /// What the account of this phone number proves itself with.
    pub async fn credentials(&self, phone: &str, at: Timestamp) -> Result<Option<Credentials>> {
        let mac = self.mac(phone);
        let sql = global_sql!(
            "select a.id, a.phone_sealed, a.password_hash, a.totp_sealed, a.totp_last_step, a.locked_until,
                    a.disabled_at, c.code_hash, c.expires_at, c.failed_count
             from account a left join first_code c on c.account_id = a.id and c.used_at is null
             where a.phone_mac = $1"
        );
        self.global_read(at, move |tx| {
            let found = tx.maybe(sql, &[mac.as_str().into()], read_credentials)?;
            found.map(|found| opened(tx, found)).transpose()
        })
        .await
    }

    /// What this account proves itself with.
    pub async fn credentials_of(&self, account: AccountId, at: Timestamp) -> Result<Credentials> {
        let sql = global_sql!(
            "select a.id, a.phone_sealed, a.password_hash, a.totp_sealed, a.totp_last_step, a.locked_until,
                    a.disabled_at, c.code_hash, c.expires_at, c.failed_count
             from account a left join first_code c on c.account_id = a.id and c.used_at is null
             where a.id = $1"
        );
        self.global_read(at, move |tx| {
            let found = tx.maybe(sql, &[account.into()], read_credentials)?.ok_or(crate::Error::NotFound)?;
            opened(tx, found)
        })
        .await
    }

    /// Counts a wrong attempt, and lets the account wait when there were too many in a row.
    pub async fn note_failure(&self, account: AccountId, at: Timestamp) -> Result<()> {
        self.global_write(at, move |tx| {
            let sql = global_sql!(
                "update account set failed_count = failed_count + 1 where id = $1 returning failed_count"
            );
            let failures = tx.maybe(sql, &[account.into()], |row| row.count(0))?.unwrap_or(0);
            let until = identity::locked_until(failures, tx.at());
            let sql = global_sql!("update account set locked_until = $2 where id = $1");
            tx.run(sql, &[account.into(), until.into()])?;
            let sql =
                global_sql!("update first_code set failed_count = failed_count + 1 where account_id = $1");
            tx.run(sql, &[account.into()]).map(|_| ())
        })
        .await
    }

    /// Forgets wrong attempts after a right one.
    pub async fn clear_failures(&self, account: AccountId, at: Timestamp) -> Result<()> {
        let sql = global_sql!("update account set failed_count = 0, locked_until = null where id = $1");
        self.global_write(at, move |tx| tx.run(sql, &[account.into()]).map(|_| ())).await
    }

    /// Uses up the one-time code; says whether this was the use. A second one at once finds it used.
    pub async fn use_code(&self, account: AccountId, hash: &str, at: Timestamp) -> Result<bool> {
        let hash = hash.to_owned();
        let sql = global_sql!(
            "update first_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null"
        );
        self.global_write(at, move |tx| {
            Ok(tx.run(sql, &[account.into(), hash.as_str().into(), tx.at().into()])? == 1)
        })
        .await
    }

    /// Keeps a new password's hash; an open one-time code is worth nothing from then on.
    pub async fn set_password(&self, account: AccountId, hash: String, at: Timestamp) -> Result<()> {
        self.global_write(at, move |tx| {
            let sql = global_sql!(
                "update account set password_hash = $2, failed_count = 0, locked_until = null where id = $1"
            );
            tx.run(sql, &[account.into(), hash.as_str().into()])?;
            let sql = global_sql!("delete from first_code where account_id = $1");
            tx.run(sql, &[account.into()]).map(|_| ())
        })
        .await
    }

    /// Keeps language, theme and 长辈版 with the account.
    pub async fn set_look(
        &self,
        account: AccountId,
        words: (String, String, bool),
        at: Timestamp,
    ) -> Result<()> {
        let sql = global_sql!("update account set language = $2, theme = $3, elder = $4 where id = $1");
        let (language, theme, elder) = words;
        let args = [account.into(), language.into(), theme.into(), elder.into()];
        self.global_write(at, move |tx| tx.run(sql, &args).map(|_| ())).await
    }

    /// The keyed hash of a secret that this account holds, such as a one-time code.
    pub fn secret_hash(&self, account: AccountId, kind: &str, secret: &str) -> String {
        self.mac(&format!("{kind}:{account}:{secret}"))
    }
}

/// The row, with sealed texts still sealed.
fn read_credentials(row: &Row) -> Result<Credentials> {
    let code = match row.maybe_text(7)? {
        Some(hash) => Some(OpenCode { hash, expires_at: row.at(8)?, failures: row.count(9)? }),
        None => None,
    };
    Ok(Credentials {
        account: row.id(0)?,
        phone: row.maybe_text(1)?.unwrap_or_default(),
        password_hash: row.maybe_text(2)?,
        totp_secret: row.maybe_text(3)?,
        totp_last_step: row.maybe_int(4)?,
        locked_until: row.maybe_at(5)?,
        is_disabled: row.maybe_int(6)?.is_some(),
        code,
    })
}

fn opened(tx: &GlobalTx, found: Credentials) -> Result<Credentials> {
    let phone = if found.phone.is_empty() { String::new() } else { tx.keys.unseal(&found.phone)? };
    let totp_secret = found.totp_secret.as_deref().map(|sealed| tx.keys.unseal(sealed)).transpose()?;
    Ok(Credentials { phone, totp_secret, ..found })
}
