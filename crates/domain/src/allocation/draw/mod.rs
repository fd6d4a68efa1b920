//! The draw that anyone can check: the school commits to a secret before the wishes close, a public value that nobody
//! can steer comes after, and the seed is computed from both and from the applications as they stood.
//!
//! The secret stops those who know the public value early, the public value stops the school, and the root over the
//! applications stops late changes.

mod merkle;

pub use merkle::{Leaf, Proof, Side, Tree};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::lots::Seed;

/// SHA-256 of something.
pub type Hash = [u8; 32];

/// How long after the closing of the wishes the school may reveal its secret.
pub const REVEAL_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// What counts as the secret of a school that did not reveal it in time: withholding gains nothing.
pub const WITHHELD: Secret = Secret([0; 32]);

/// 32 random bytes that the school keeps until the wishes are closed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

/// A round of a school whose wishes are closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round<'a> {
    /// The school's code.
    pub school: &'a str,
    /// The term.
    pub term: &'a str,
    /// The round within the term.
    pub round: &'a str,
    /// What the school committed to before the wishes closed.
    pub commitment: Hash,
    /// Root over the applications.
    pub root: Hash,
    /// When the wishes closed.
    pub closed_at: Timestamp,
}

/// A secret as it was revealed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reveal {
    /// The secret.
    pub secret: Secret,
    /// When.
    pub at: Timestamp,
}

/// Why a draw does not take place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawRefused {
    /// A draw was made with this commitment already; another one could be chosen among.
    SecondDraw,
    /// What was revealed is not what the school committed to.
    DoesNotMatch,
    /// The secret was revealed before the wishes closed, when it could still be used.
    TooEarly,
    /// The secret is not revealed, and the school has time until then.
    NotRevealed {
        /// When its time ends.
        until: Timestamp,
    },
    /// The public value that was named in advance is missing.
    NoBeacon,
}

/// What is published before the wishes close: SHA-256 of the secret.
pub fn commitment(secret: Secret) -> Hash {
    Sha256::digest(secret.0).into()
}

/// Whether a new round may commit to this: each commitment serves one draw.
pub fn commit(commitment: Hash, earlier: &[Hash]) -> Result<(), DrawRefused> {
    if earlier.contains(&commitment) { Err(DrawRefused::SecondDraw) } else { Ok(()) }
}

/// The seed of a round, once its secret is revealed or the time for that has passed. `drawn` are the commitments of
/// all draws so far.
pub fn seed(
    round: &Round<'_>,
    reveal: Option<Reveal>,
    beacon: &str,
    drawn: &[Hash],
    now: Timestamp,
) -> Result<Seed, DrawRefused> {
    commit(round.commitment, drawn)?;
    let secret = secret_of(round, reveal, now)?;
    if beacon.trim().is_empty() {
        return Err(DrawRefused::NoBeacon);
    }
    Ok(seed_of(round, secret, beacon))
}

/// SHA-256("club-lottery-v1" ‖ school ‖ term ‖ round ‖ root ‖ secret ‖ beacon), each part behind its length in eight
/// bytes, so that no two lists of parts read alike.
pub fn seed_of(round: &Round<'_>, secret: Secret, beacon: &str) -> Seed {
    let names = [round.school, round.term, round.round].map(str::as_bytes);
    let parts = [b"club-lottery-v1".as_slice()].into_iter().chain(names);
    let parts = parts.chain([round.root.as_slice(), secret.0.as_slice(), beacon.as_bytes()]);
    let hash = parts.fold(Sha256::new(), |hash, part| {
        let length = u64::try_from(part.len()).expect("a part fits into memory");
        hash.chain_update(length.to_be_bytes()).chain_update(part)
    });
    Seed::of(hash.finalize().to_vec()).expect("a hash has 32 bytes")
}

/// The secret that counts: the revealed one if it came in time, nothing but zeros if not.
fn secret_of(round: &Round<'_>, reveal: Option<Reveal>, now: Timestamp) -> Result<Secret, DrawRefused> {
    let until = round.closed_at + REVEAL_WITHIN;
    match reveal {
        Some(reveal) if commitment(reveal.secret) != round.commitment => Err(DrawRefused::DoesNotMatch),
        Some(reveal) if reveal.at < round.closed_at => Err(DrawRefused::TooEarly),
        Some(reveal) if reveal.at <= until => Ok(reveal.secret),
        None if now <= until => Err(DrawRefused::NotRevealed { until }),
        Some(_) | None => Ok(WITHHELD),
    }
}
