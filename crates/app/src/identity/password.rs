//! Setting a password: after a first code without the old one, later with it.

use jiff::Timestamp;
use kehou_db::identity::log::{From, Happened};
use kehou_db::identity::{SignedIn, password};
use kehou_db::{Db, Result};
use kehou_domain::identity::{self, BadPassword};

use super::{may_try, renewed, seat_of};

/// Why a password was not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The present password is another, or the account waits after wrong attempts.
    WrongPresent,
    /// The new one is not good enough.
    Bad(BadPassword),
}

/// Sets a password and gives a new token; every other sign-in of the account ends.
pub async fn set(
    db: &Db,
    who: &SignedIn,
    (present, wanted): (String, String),
    at: Timestamp,
) -> Result<std::result::Result<String, Refused>> {
    let kept = db.credentials_of(who.account, at).await?;
    if kept.password_hash.is_some() {
        let may_try = may_try(&kept, at);
        let right = password::is_right(present, kept.password_hash.clone()).await?;
        if !(may_try && right) {
            if may_try {
                db.note_failure(who.account, at).await?;
            }
            return Ok(Err(Refused::WrongPresent));
        }
    }
    if let Err(bad) = identity::check_password(&wanted, &kept.phone) {
        return Ok(Err(Refused::Bad(bad)));
    }
    db.set_password(who.account, password::hash(wanted).await?, at).await?;
    let token = db.start_sign_in(renewed(who, seat_of(who)), at).await?;
    db.end_other_sign_ins(who.account, &kehou_db::identity::hash_of(&token), at).await?;
    db.note(Some(who.account), Happened::PasswordSet, From::default(), at).await?;
    Ok(Ok(token))
}
