//! Sign-in, seats, passwords, the second factor, a school's accounts and first codes.
//!
//! People sign in once for all schools: what is done before a seat is taken works on the global tables through
//! `kehou_db::identity`; what a school does with its own accounts is done in a transaction of that school.

pub mod accounts;
pub mod factor;
pub mod guardians;
pub mod password;
mod rows;
pub mod slips;

use jiff::Timestamp;
use kehou_db::identity::log::{From, Happened};
use kehou_db::identity::{CODE, Credentials, NewSignIn, SignedIn};
use kehou_db::{Db, Error, Result, School};
use kehou_domain::access::Role;
use kehou_domain::identity::{self, Device};
use kehou_domain::ids::AccountId;
use kehou_domain::people::cell::squeeze;

/// Somebody at the sign-in page.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The phone number as typed.
    pub phone: String,
    /// The password or the one-time code as typed.
    pub secret: String,
    /// Whose device it is.
    pub whose: Device,
    /// From where, for the log.
    pub from: From,
}

/// Why a sign-in did not happen. One answer for an unknown number, a wrong secret and an account that waits, so
/// that nobody learns which numbers are known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// A sign-in that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The cookie's token.
    pub token: String,
    /// Whose sign-in it is.
    pub account: AccountId,
    /// Whether the account has a password already.
    pub has_password: bool,
    /// Whether a seat was clear, because there is only one.
    pub has_seat: bool,
}

/// Signs in by password.
pub async fn sign_in(
    db: &Db,
    attempt: Attempt,
    at: Timestamp,
) -> Result<std::result::Result<Opened, Refused>> {
    let found = find(db, &attempt.phone, at).await?;
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let right = kehou_db::identity::password::is_right(attempt.secret.clone(), hash).await?;
    settle(db, attempt, found, right.then_some(Happened::SignedIn), at).await
}

/// Signs in by the one-time code of a slip: once, and only while it holds.
pub async fn sign_in_by_code(
    db: &Db,
    attempt: Attempt,
    at: Timestamp,
) -> Result<std::result::Result<Opened, Refused>> {
    let found = find(db, &attempt.phone, at).await?;
    let right = match &found {
        Some(found) if code_is_right(db, found, &attempt.secret, at) && may_try(found, at) => {
            let hash = db.secret_hash(found.account, CODE, &digits(&attempt.secret));
            db.use_code(found.account, &hash, at).await?
        }
        _ => false,
    };
    settle(db, attempt, found, right.then_some(Happened::SignedInByCode), at).await
}

async fn find(db: &Db, phone: &str, at: Timestamp) -> Result<Option<Credentials>> {
    match identity::phone(phone) {
        Ok(phone) => db.credentials(&phone, at).await,
        Err(_) => Ok(None),
    }
}

fn may_try(found: &Credentials, at: Timestamp) -> bool {
    !found.is_disabled && found.locked_until.is_none_or(|until| until <= at)
}

fn code_is_right(db: &Db, found: &Credentials, typed: &str, at: Timestamp) -> bool {
    let hash = db.secret_hash(found.account, CODE, &digits(typed));
    let holds = |code: &&kehou_db::identity::OpenCode| {
        at < code.expires_at && code.failures < identity::CODE_ATTEMPTS
    };
    found.code.as_ref().filter(holds).is_some_and(|code| code.hash == hash)
}

/// The digits of a code, however it was grouped; full-width ones are digits too.
fn digits(typed: &str) -> String {
    squeeze(typed).chars().filter(char::is_ascii_digit).collect()
}

/// Opens the sign-in when the secret was right, and counts the attempt when it was not.
async fn settle(
    db: &Db,
    attempt: Attempt,
    found: Option<Credentials>,
    right: Option<Happened>,
    at: Timestamp,
) -> Result<std::result::Result<Opened, Refused>> {
    let account = found.as_ref().map(|found| found.account);
    match (found, right) {
        (Some(found), Some(how)) if may_try(&found, at) => {
            db.clear_failures(found.account, at).await?;
            db.note(account, how, attempt.from.clone(), at).await?;
            open(db, &attempt, &found, at).await.map(Ok)
        }
        (found, _) => {
            // an account that waits is not made to wait longer by those who keep trying
            if let Some(found) = found.filter(|found| may_try(found, at)) {
                db.note_failure(found.account, at).await?;
            }
            db.note(account, Happened::Refused, attempt.from, at).await?;
            Ok(Err(Refused))
        }
    }
}

async fn open(db: &Db, attempt: &Attempt, found: &Credentials, at: Timestamp) -> Result<Opened> {
    let seats = db.memberships(found.account, at).await?;
    let seat = match seats.as_slice() {
        [only] => Some((only.school.clone(), only.role)),
        _ => None,
    };
    let has_seat = seat.is_some();
    let new = NewSignIn {
        account: found.account,
        seat,
        device: attempt.from.device.clone(),
        whose: attempt.whose,
        signed_in_at: at,
        second_factor_at: None,
        replaces: None,
    };
    let token = db.start_sign_in(new, at).await?;
    Ok(Opened { token, account: found.account, has_password: found.password_hash.is_some(), has_seat })
}

/// Why a seat was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSeated {
    /// The account holds no such seat.
    NoSuchSeat,
    /// The seat's sign-ins are shorter than this one is old: sign in again.
    TooOld,
}

/// Takes a seat and gives a new token for it; the old one is worth nothing from then on.
pub async fn take_seat(
    db: &Db,
    who: &SignedIn,
    (school, role): (&str, Role),
    at: Timestamp,
) -> Result<std::result::Result<String, NotSeated>> {
    let scope = match db.enter(who.account, school, role, at).await {
        Err(Error::NotFound) => return Ok(Err(NotSeated::NoSuchSeat)),
        found => found?,
    };
    if !identity::holds(identity::span(role, who.device), who.signed_in_at, at, at) {
        return Ok(Err(NotSeated::TooOld));
    }
    let seat = Some((scope.school().clone(), role));
    let token = db.start_sign_in(renewed(who, seat), at).await?;
    db.note(Some(who.account), Happened::SeatTaken, From::default(), at).await?;
    Ok(Ok(token))
}

/// The same sign-in under a new token, in this seat.
pub(crate) fn renewed(who: &SignedIn, seat: Option<(School, Role)>) -> NewSignIn {
    NewSignIn {
        account: who.account,
        seat,
        device: who.device_name.clone(),
        whose: who.device,
        signed_in_at: who.signed_in_at,
        second_factor_at: who.second_factor_at,
        replaces: Some(who.token_hash.clone()),
    }
}

/// The seat that a sign-in acts in.
pub(crate) fn seat_of(who: &SignedIn) -> Option<(School, Role)> {
    who.scope.as_ref().map(|scope| (scope.school().clone(), scope.role()))
}

/// Signs out.
pub async fn sign_out(db: &Db, who: &SignedIn, at: Timestamp) -> Result<()> {
    db.end_sign_in(&who.token_hash, at).await?;
    db.note(Some(who.account), Happened::SignedOut, From::default(), at).await
}

/// Ends a sign-in of the same account on another device.
pub async fn end_elsewhere(db: &Db, who: &SignedIn, token_hash: &str, at: Timestamp) -> Result<()> {
    db.end_own_sign_in(who.account, token_hash, at).await?;
    db.note(Some(who.account), Happened::EndedElsewhere, From::default(), at).await
}
