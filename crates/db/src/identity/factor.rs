//! The second factor: its secret, the codes that were used, recovery codes.

use jiff::Timestamp;
use kehou_domain::ids::AccountId;

use crate::sql::global_sql;
use crate::{Db, Result};

impl Db {
    /// Keeps a secret (base 32) that its owner has seen and not yet confirmed.
    pub async fn offer_factor(&self, account: AccountId, secret: &str, at: Timestamp) -> Result<()> {
        let sealed = self.keys().seal(secret);
        let sql = global_sql!(
            "insert into totp_pending (account_id, secret_sealed, made_at) values ($1, $2, $3)
             on conflict (account_id) do update set secret_sealed = excluded.secret_sealed, made_at = excluded.made_at"
        );
        self.global_write(at, move |tx| {
            tx.run(sql, &[account.into(), sealed.as_str().into(), tx.at().into()]).map(|_| ())
        })
        .await
    }

    /// The secret that was offered last, if it was not confirmed yet.
    pub async fn offered_factor(&self, account: AccountId, at: Timestamp) -> Result<Option<String>> {
        let sql = global_sql!("select secret_sealed from totp_pending where account_id = $1");
        self.global_read(at, move |tx| {
            let sealed = tx.maybe(sql, &[account.into()], |row| row.text(0))?;
            sealed.map(|sealed| tx.keys.unseal(&sealed)).transpose()
        })
        .await
    }

    /// Makes the offered secret the account's second factor, with fresh recovery codes (their keyed hashes).
    pub async fn confirm_factor(
        &self,
        account: AccountId,
        step: i64,
        recovery: Vec<String>,
        at: Timestamp,
    ) -> Result<()> {
        self.global_write(at, move |tx| {
            let sql = global_sql!(
                "update account set totp_last_step = $2, totp_sealed =
                   (select secret_sealed from totp_pending where account_id = $1) where id = $1"
            );
            tx.run(sql, &[account.into(), step.into()])?;
            tx.run(global_sql!("delete from totp_pending where account_id = $1"), &[account.into()])?;
            tx.run(global_sql!("delete from recovery_code where account_id = $1"), &[account.into()])?;
            for hash in &recovery {
                let sql = global_sql!("insert into recovery_code (account_id, code_hash) values ($1, $2)");
                tx.run(sql, &[account.into(), hash.as_str().into()])?;
            }
            Ok(())
        })
        .await
    }

    /// Uses up a step's code; says whether it was new. The same code a second time is not.
    pub async fn use_step(&self, account: AccountId, step: i64, at: Timestamp) -> Result<bool> {
        let sql = global_sql!(
            "update account set totp_last_step = $2, failed_count = 0, locked_until = null
             where id = $1 and (totp_last_step is null or totp_last_step < $2)"
        );
        self.global_write(at, move |tx| Ok(tx.run(sql, &[account.into(), step.into()])? == 1)).await
    }

    /// Uses up a recovery code; says whether it was one.
    pub async fn use_recovery(&self, account: AccountId, hash: &str, at: Timestamp) -> Result<bool> {
        let hash = hash.to_owned();
        let sql = global_sql!(
            "update recovery_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null"
        );
        self.global_write(at, move |tx| {
            Ok(tx.run(sql, &[account.into(), hash.as_str().into(), tx.at().into()])? == 1)
        })
        .await
    }
}
