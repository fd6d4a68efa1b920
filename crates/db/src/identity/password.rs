//! Password hashes (Argon2id). Hashing takes a tenth of a second on purpose, so it runs apart and two at a time.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::{Error, Result};

/// How many are hashed at once; the others wait.
static SEATS: Semaphore = Semaphore::const_new(2);

/// The hash that stands in for accounts without a password, so that an unknown number takes as long as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$a2Vob3UtYWZ0ZXItY2xhc3M$0Ajpo/KMFI8JHn5a1CxzbLkzdVHzjHdCNvVT0OHXTOE";

/// The hash of a password, with a salt of its own.
pub async fn hash(password: String) -> Result<String> {
    apart(move || match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(hash.to_string()),
        Err(why) => Err(Error::Engine(format!("a password could not be hashed: {why}"))),
    })
    .await?
}

/// Whether the password is the one of this hash; without a hash it never is, and that takes as long.
pub async fn is_right(password: String, hash: Option<String>) -> Result<bool> {
    apart(move || {
        let known = hash.is_some();
        let kept = hash.as_deref().unwrap_or(NOBODY);
        let parsed = PasswordHash::new(kept);
        let right =
            parsed.is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok());
        known && right
    })
    .await
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _seat = SEATS.acquire().await.map_err(|_| Error::Panicked)?;
    spawn_blocking(work).await.map_err(|_| Error::Panicked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_alone() {
        let kept = hash("三年级二班".to_owned()).await.unwrap();
        assert!(is_right("三年级二班".to_owned(), Some(kept.clone())).await.unwrap());
        assert!(!is_right("三年级三班".to_owned(), Some(kept)).await.unwrap());
        assert!(!is_right("三年级二班".to_owned(), None).await.unwrap());
    }

    #[test]
    fn the_hash_of_nobody_can_be_read() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
