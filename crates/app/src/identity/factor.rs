//! The second factor: six digits of an authenticator (RFC 6238), or one of ten recovery codes.

use jiff::Timestamp;
use kehou_db::identity::log::{From, Happened};
use kehou_db::identity::{NewSignIn, SignedIn};
use kehou_db::{Db, Error, Result};
use kehou_domain::people::cell::squeeze;
use totp_rs::{Builder, Secret, Totp};

use super::{may_try, renewed, seat_of};

/// How many recovery codes an account gets.
const RECOVERY_CODES: usize = 10;

/// The digits of a code.
const DIGITS: usize = 6;

/// The letters and digits of a recovery code.
const RECOVERY_LENGTH: usize = 10;

/// The word under which recovery codes are hashed.
const RECOVERY: &str = "recovery";

/// Why a second factor was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The code is wrong or was used before.
    Wrong,
    /// It is no code: neither six digits nor one of the ten letters and digits. It does not count as an attempt.
    NoCode,
    /// The account waits after wrong attempts; even the right code is not taken.
    Waits {
        /// For so many minutes more, rounded up.
        minutes: i64,
    },
    /// A second factor that was set up is changed only by those who have shown it.
    NotShown,
}

/// A second factor as its owner sees it once, to take it into an authenticator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The secret in base 32.
    pub secret: String,
    /// What the QR code says.
    pub address: String,
}

/// Makes a secret and shows it; nothing counts until a code of it comes back. An offer that is open is shown again.
pub async fn offer(db: &Db, who: &SignedIn, at: Timestamp) -> Result<std::result::Result<Offer, Refused>> {
    if who.has_second_factor && who.second_factor_at.is_none() {
        return Ok(Err(Refused::NotShown));
    }
    let open = db.offered_factor(who.account, at).await?;
    let secret = if let Some(open) = open { open } else { fresh_offer(db, who, at).await? };
    let address = format!("otpauth://totp/Kehou?secret={secret}&issuer=Kehou");
    Ok(Ok(Offer { secret, address }))
}

async fn fresh_offer(db: &Db, who: &SignedIn, at: Timestamp) -> Result<String> {
    let secret = Secret::from(random::<20>()?.to_vec()).to_base32();
    db.offer_factor(who.account, &secret, at).await?;
    Ok(secret)
}

/// A new token and, once, the recovery codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The cookie's token.
    pub token: String,
    /// Ten codes that stand in for the authenticator once each.
    pub recovery: Vec<String>,
}

/// Takes the offered second factor, when a code of it comes back.
pub async fn confirm(
    db: &Db,
    who: &SignedIn,
    code: &str,
    at: Timestamp,
) -> Result<std::result::Result<Confirmed, Refused>> {
    if who.has_second_factor && who.second_factor_at.is_none() {
        return Ok(Err(Refused::NotShown));
    }
    let Some(secret) = db.offered_factor(who.account, at).await? else { return Ok(Err(Refused::Wrong)) };
    let Some(step) = step_of(&secret, &plain(code), at)? else { return Ok(Err(Refused::Wrong)) };
    let recovery: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<_>>()?;
    let hashes = recovery.iter().map(|code| db.secret_hash(who.account, RECOVERY, code)).collect();
    db.confirm_factor(who.account, step, hashes, at).await?;
    db.note(Some(who.account), Happened::FactorSet, From::default(), at).await?;
    Ok(Ok(Confirmed { token: shown(db, who, at).await?, recovery }))
}

/// Takes a code of the authenticator or a recovery code, and gives a new token.
pub async fn show(
    db: &Db,
    who: &SignedIn,
    typed: &str,
    at: Timestamp,
) -> Result<std::result::Result<String, Refused>> {
    let kept = db.credentials_of(who.account, at).await?;
    if let Some(until) = kept.locked_until.filter(|until| at < *until) {
        let minutes = (until.duration_since(at).as_secs() + 59) / 60;
        return Ok(Err(Refused::Waits { minutes }));
    }
    if !may_try(&kept, at) {
        return Ok(Err(Refused::Wrong));
    }
    let plain = plain(typed);
    if plain.len() != DIGITS && plain.len() != RECOVERY_LENGTH {
        return Ok(Err(Refused::NoCode));
    }
    let happened = if plain.len() == DIGITS {
        match kept.totp_secret.as_deref().map(|secret| step_of(secret, &plain, at)).transpose()?.flatten() {
            Some(step) if db.use_step(who.account, step, at).await? => Some(Happened::FactorShown),
            _ => None,
        }
    } else {
        let hash = db.secret_hash(who.account, RECOVERY, &plain);
        db.use_recovery(who.account, &hash, at).await?.then_some(Happened::RecoveryUsed)
    };
    let Some(happened) = happened else {
        db.note_failure(who.account, at).await?;
        db.note(Some(who.account), Happened::FactorRefused, From::default(), at).await?;
        return Ok(Err(Refused::Wrong));
    };
    db.note(Some(who.account), happened, From::default(), at).await?;
    shown(db, who, at).await.map(Ok)
}

/// The letters and digits of a code, however it was grouped; full-width ones are plain ones too.
fn plain(typed: &str) -> String {
    squeeze(typed).chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

async fn shown(db: &Db, who: &SignedIn, at: Timestamp) -> Result<String> {
    let new = NewSignIn { second_factor_at: Some(at), ..renewed(who, seat_of(who)) };
    db.start_sign_in(new, at).await
}

/// The thirty-second step that a code is of, if it is of this secret and of about now.
fn step_of(secret: &str, code: &str, at: Timestamp) -> Result<Option<i64>> {
    let seconds = u64::try_from(at.as_second()).unwrap_or_default();
    let step = totp(secret)?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn totp(secret: &str) -> Result<Totp> {
    let broken =
        |why: &dyn std::fmt::Display| Error::Engine(format!("a second factor cannot be read: {why}"));
    let secret = Secret::try_from_base32(secret).map_err(|why| broken(&why))?;
    Builder::new().with_secret(secret).build().map_err(|why| broken(&why))
}

/// The code that an authenticator with this secret shows, for tests and for those who try the demo.
pub fn code_now(secret: &str, at: Timestamp) -> Result<String> {
    Ok(totp(secret)?.generate(u64::try_from(at.as_second()).unwrap_or_default()).to_string())
}

/// Ten letters without those that are taken for one another.
fn recovery_code() -> Result<String> {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bytes = random::<RECOVERY_LENGTH>()?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|why| Error::Engine(format!("no random bytes: {why}")))?;
    Ok(bytes)
}
