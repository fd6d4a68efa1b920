//! Sign-ins: the row behind a session cookie.

use std::sync::Arc;

use jiff::Timestamp;
use kehou_domain::access::Role;
use kehou_domain::identity::{self, Device};
use kehou_domain::ids::{AccountId, AnyId};
use sha2::{Digest, Sha256};

use crate::row::Row;
use crate::scope::{School, Scope, Seated};
use crate::sql::global_sql;
use crate::store::read_school;
use crate::{Db, Result, hex};

/// What a session cookie leads to.
#[derive(Clone)]
pub struct SignedIn {
    /// The row's key: the hash of the cookie's token.
    pub token_hash: String,
    /// Who.
    pub account: AccountId,
    /// The account's name.
    pub name: String,
    /// The words for language and theme, and whether 长辈版 is on.
    pub look: (String, String, bool),
    /// Whose device it is.
    pub device: Device,
    /// What the browser said it is.
    pub device_name: String,
    /// When they signed in.
    pub signed_in_at: Timestamp,
    /// When the last request came, to the minute.
    pub last_seen_at: Timestamp,
    /// When the second factor was shown, if it was.
    pub second_factor_at: Option<Timestamp>,
    /// Whether the account has a second factor.
    pub has_second_factor: bool,
    /// Whether the account has a password.
    pub has_password: bool,
    /// How many seats the account may take.
    pub seats: i64,
    /// The seat, when one was taken and the membership still stands.
    pub scope: Option<Scope>,
}

/// A sign-in to be started.
#[derive(Debug, Clone)]
pub struct NewSignIn {
    /// Who.
    pub account: AccountId,
    /// The seat, when it is clear.
    pub seat: Option<(School, Role)>,
    /// What the browser says it is, cut to a short line.
    pub device: String,
    /// Whose device it is.
    pub whose: Device,
    /// When they signed in; a switch of seat keeps it.
    pub signed_in_at: Timestamp,
    /// When the second factor was shown.
    pub second_factor_at: Option<Timestamp>,
    /// The token's hash of the sign-in that this one takes the place of.
    pub replaces: Option<String>,
}

/// One line of the list of sign-ins that an account keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSignIn {
    /// The row's key.
    pub token_hash: String,
    /// What the browser said it is.
    pub device: String,
    /// Whether others use the device too.
    pub shared: bool,
    /// When they signed in.
    pub signed_in_at: Timestamp,
    /// When the last request came, to the minute.
    pub last_seen_at: Timestamp,
}

/// The hash under which a secret that is already random is kept.
pub fn hash_of(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

/// A row before its seat becomes a scope.
struct Found {
    signed_in: SignedIn,
    seat: Option<(School, Role, Option<AnyId>)>,
}

impl Db {
    /// Who holds this token, in which seat: one statement. Nobody when the sign-in was ended or the account
    /// disabled; how long it holds is [`kehou_domain::identity::holds`].
    pub async fn signed_in(&self, token: &str, at: Timestamp) -> Result<Option<SignedIn>> {
        let hash = hash_of(token);
        let sql = global_sql!(
            "select s.id, s.code, s.name, s.stage, m.role, m.person_id,
                    i.token_hash, a.id, a.name, a.language, a.theme, a.elder, i.shared, i.signed_in_at,
                    i.last_seen_at, i.second_factor_at, a.totp_sealed, a.password_hash,
                    (select count(*) from membership x where x.account_id = a.id and x.ended_at is null),
                    i.device
             from signin i join account a on a.id = i.account_id
             left join membership m on m.account_id = i.account_id and m.school = i.seat_school
                  and m.role = i.seat_role and m.ended_at is null
             left join school s on s.id = m.school
             where i.token_hash = $1 and i.ended_at is null and a.disabled_at is null"
        );
        let found =
            self.global_read(at, move |tx| tx.maybe(sql, &[hash.as_str().into()], read_signed_in)).await?;
        Ok(found.map(|found| self.with_scope(found, at)))
    }

    fn with_scope(&self, found: Found, at: Timestamp) -> SignedIn {
        let account = found.signed_in.account;
        let scope = found.seat.map(|(school, role, person)| {
            Scope::new(self.clone(), Seated { school, account, role, person, at, system: false })
        });
        SignedIn { scope, ..found.signed_in }
    }

    /// Starts a sign-in and gives the cookie's token, which is kept nowhere.
    pub async fn start_sign_in(&self, new: NewSignIn, at: Timestamp) -> Result<String> {
        let token = hex(&crate::keys::random::<32>()?);
        let hash = Arc::new(hash_of(&token));
        self.global_write(at, move |tx| {
            if let Some(old) = &new.replaces {
                end(tx, old)?;
            }
            insert(tx, &new, &hash)
        })
        .await?;
        Ok(token)
    }

    /// Notes that a request came now.
    pub async fn seen(&self, token_hash: &str, at: Timestamp) -> Result<()> {
        let hash = token_hash.to_owned();
        let sql = global_sql!("update signin set last_seen_at = $2 where token_hash = $1");
        self.global_write(at, move |tx| tx.run(sql, &[hash.as_str().into(), at.into()]).map(|_| ())).await
    }

    /// Ends one sign-in.
    pub async fn end_sign_in(&self, token_hash: &str, at: Timestamp) -> Result<()> {
        let hash = token_hash.to_owned();
        self.global_write(at, move |tx| end(tx, &hash)).await
    }

    /// Ends one sign-in of this account, named as its owner sees it; somebody else's stays.
    pub async fn end_own_sign_in(&self, account: AccountId, token_hash: &str, at: Timestamp) -> Result<()> {
        let hash = token_hash.to_owned();
        let sql = global_sql!(
            "update signin set ended_at = $3 where account_id = $1 and token_hash = $2 and ended_at is null"
        );
        self.global_write(at, move |tx| {
            tx.run(sql, &[account.into(), hash.as_str().into(), at.into()]).map(|_| ())
        })
        .await
    }

    /// Ends every sign-in of this account but one.
    pub async fn end_other_sign_ins(&self, account: AccountId, but: &str, at: Timestamp) -> Result<()> {
        let but = but.to_owned();
        let sql = global_sql!(
            "update signin set ended_at = $3 where account_id = $1 and token_hash <> $2 and ended_at is null"
        );
        self.global_write(at, move |tx| {
            tx.run(sql, &[account.into(), but.as_str().into(), at.into()]).map(|_| ())
        })
        .await
    }

    /// The open sign-ins of an account, newest first, at most fifty.
    pub async fn sign_ins(&self, account: AccountId, at: Timestamp) -> Result<Vec<OpenSignIn>> {
        let sql = global_sql!(
            "select token_hash, device, shared, signed_in_at, last_seen_at from signin
             where account_id = $1 and ended_at is null and expires_at > $2 order by last_seen_at desc limit 50"
        );
        self.global_read(at, move |tx| tx.all(sql, &[account.into(), at.into()], read_open)).await
    }
}

fn insert(tx: &mut crate::GlobalTx, new: &NewSignIn, hash: &str) -> Result<()> {
    let at = tx.at();
    let role = new.seat.as_ref().map_or(Role::Guardian, |(_, role)| *role);
    let expires_at = new.signed_in_at.checked_add(identity::span(role, new.whose).at_most).unwrap_or(at);
    let school = new.seat.as_ref().map(|(school, _)| school.id.0);
    let sql = global_sql!(
        "insert into signin (token_hash, account_id, seat_school, seat_role, device, shared, signed_in_at,
                             second_factor_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let args = [
        hash.into(),
        new.account.into(),
        school.into(),
        new.seat.as_ref().map(|(_, role)| role.word()).into(),
        new.device.as_str().into(),
        (new.whose == Device::Shared).into(),
        new.signed_in_at.into(),
        new.second_factor_at.into(),
        at.into(),
        expires_at.into(),
    ];
    tx.run(sql, &args).map(|_| ())
}

fn end(tx: &mut crate::GlobalTx, hash: &str) -> Result<()> {
    let at = tx.at();
    let sql = global_sql!("update signin set ended_at = $2 where token_hash = $1 and ended_at is null");
    tx.run(sql, &[hash.into(), at.into()]).map(|_| ())
}

fn read_signed_in(row: &Row) -> Result<Found> {
    let seat = match row.maybe_int(0)? {
        Some(_) => Some((read_school(row)?, row.word(4, Role::parse)?, row.maybe_id(5)?)),
        None => None,
    };
    let signed_in = SignedIn {
        token_hash: row.text(6)?,
        account: row.id(7)?,
        name: row.text(8)?,
        look: (row.text(9)?, row.text(10)?, row.flag(11)?),
        device: if row.flag(12)? { Device::Shared } else { Device::Own },
        signed_in_at: row.at(13)?,
        last_seen_at: row.at(14)?,
        second_factor_at: row.maybe_at(15)?,
        has_second_factor: row.maybe_text(16)?.is_some(),
        has_password: row.maybe_text(17)?.is_some(),
        seats: row.int(18)?,
        device_name: row.text(19)?,
        scope: None,
    };
    Ok(Found { signed_in, seat })
}

fn read_open(row: &Row) -> Result<OpenSignIn> {
    Ok(OpenSignIn {
        token_hash: row.text(0)?,
        device: row.text(1)?,
        shared: row.flag(2)?,
        signed_in_at: row.at(3)?,
        last_seen_at: row.at(4)?,
    })
}
