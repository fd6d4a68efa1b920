//! Field keys: kept in a file outside the store, so that a copy of the store alone says nothing personal.
//!
//! Sealed text reads `2:…`: the number of the key, then nonce and cipher text (XChaCha20-Poly1305) in hex.
//! Look-up of phone numbers uses its own key, which is never rotated because every look-up leans on it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::Mac as _;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{Error, Result};

/// How long a nonce is, in bytes.
const NONCE: usize = 24;

/// The field keys of one installation.
#[derive(Clone)]
pub struct Keys {
    current: u32,
    by_number: BTreeMap<u32, [u8; 32]>,
    lookup: [u8; 32],
}

/// The key file as it lies on the disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    current: u32,
    keys: BTreeMap<u32, String>,
    lookup: String,
}

impl Keys {
    /// Keys for a new installation.
    pub fn generate() -> Result<Keys> {
        Ok(Keys { current: 1, by_number: BTreeMap::from([(1, random()?)]), lookup: random()? })
    }

    /// Reads the key file.
    pub fn read(path: &Path) -> Result<Keys> {
        let text = fs::read_to_string(path).map_err(|error| broken(path, &error))?;
        let file: KeyFile = serde_json::from_str(&text).map_err(|error| broken(path, &error))?;
        let mut by_number = BTreeMap::new();
        for (number, hex) in &file.keys {
            by_number
                .insert(*number, key_of(hex).ok_or_else(|| broken(path, &"a key is not 64 hex digits"))?);
        }
        let lookup =
            key_of(&file.lookup).ok_or_else(|| broken(path, &"the look-up key is not 64 hex digits"))?;
        if !by_number.contains_key(&file.current) {
            return Err(broken(path, &"the current key is missing"));
        }
        Ok(Keys { current: file.current, by_number, lookup })
    }

    /// Writes the key file beside its place and moves it there, readable by its owner alone.
    pub fn write(&self, path: &Path) -> Result<()> {
        let file = KeyFile {
            current: self.current,
            keys: self.by_number.iter().map(|(number, key)| (*number, hex(key))).collect(),
            lookup: hex(&self.lookup),
        };
        let text = serde_json::to_string_pretty(&file).expect("maps of numbers and texts are JSON");
        let beside = Keys::beside(path);
        let mut out = private_file(&beside).map_err(|error| broken(&beside, &error))?;
        out.write_all(text.as_bytes())
            .and_then(|()| out.sync_all())
            .map_err(|error| broken(&beside, &error))?;
        fs::rename(&beside, path).map_err(|error| broken(path, &error))
    }

    /// The file that new keys are written to before they take the old ones' place.
    pub fn beside(path: &Path) -> PathBuf {
        path.with_extension("new")
    }

    /// The same keys with a new current one; old ones still open what they sealed.
    pub fn rotated(&self) -> Result<Keys> {
        let mut next = self.clone();
        next.current = self.by_number.keys().max().copied().unwrap_or(0) + 1;
        next.by_number.insert(next.current, random()?);
        Ok(next)
    }

    /// The number of the key that seals now.
    pub fn current(&self) -> u32 {
        self.current
    }

    /// Seals a text with the current key.
    pub fn seal(&self, text: &str) -> String {
        let key = self.by_number.get(&self.current).expect("the current key is always there");
        format!("{}:{}", self.current, seal_with(key, text.as_bytes()))
    }

    /// Opens what some key of the file sealed.
    pub fn unseal(&self, sealed: &str) -> Result<String> {
        let (number, rest) = sealed.split_once(':').ok_or(Error::Sealed)?;
        let number: u32 = number.parse().map_err(|_| Error::Sealed)?;
        let key = self.by_number.get(&number).ok_or(Error::Sealed)?;
        String::from_utf8(unseal_with(key, rest)?).map_err(|_| Error::Sealed)
    }

    /// A look-up value for a phone number: equal for equal numbers, useless without the key.
    pub fn mac(&self, text: &str) -> String {
        let mut mac = hmac::Hmac::<Sha256>::new_from_slice(&self.lookup).expect("any length of key will do");
        mac.update(text.as_bytes());
        hex(&mac.finalize().into_bytes())
    }
}

/// Seals bytes with a key of one's own, such as a person's.
pub(crate) fn seal_with(key: &[u8; 32], plain: &[u8]) -> String {
    let nonce: [u8; NONCE] = random().expect("the system's generator answers");
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed =
        cipher.encrypt(&XNonce::from(nonce), plain).expect("texts are far shorter than the cipher's limit");
    hex(&nonce) + &hex(&sealed)
}

/// Opens what [`seal_with`] sealed.
pub(crate) fn unseal_with(key: &[u8; 32], sealed: &str) -> Result<Vec<u8>> {
    let bytes = unhex(sealed).ok_or(Error::Sealed)?;
    let (nonce, rest) = bytes.split_at_checked(NONCE).ok_or(Error::Sealed)?;
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| Error::Sealed)?;
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(nonce), rest).map_err(|_| Error::Sealed)
}

/// Bytes from the system's generator.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Engine(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

/// Lower-case hex as bytes.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

fn key_of(hex: &str) -> Option<[u8; 32]> {
    unhex(hex)?.try_into().ok()
}

fn broken(path: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::Setup(format!("key file {}: {why}", path.display()))
}

#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<fs::File> {
    fs::File::create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_keys_open_what_they_sealed_and_new_ones_seal() {
        let old = Keys::generate().unwrap();
        let sealed = old.seal("13800000000");
        let new = old.rotated().unwrap();
        assert_eq!(new.unseal(&sealed).unwrap(), "13800000000");
        assert!(new.seal("x").starts_with("2:"));
        assert!(matches!(old.unseal(&new.seal("x")), Err(Error::Sealed)));
    }

    #[test]
    fn look_up_values_stay_over_a_rotation() {
        let old = Keys::generate().unwrap();
        assert_eq!(old.mac("13800000000"), old.rotated().unwrap().mac("13800000000"));
        assert_ne!(old.mac("13800000000"), old.mac("13800000001"));
    }

    #[test]
    fn a_changed_seal_does_not_open() {
        let keys = Keys::generate().unwrap();
        let sealed = keys.seal("a name");
        let changed = sealed.replace(&sealed[10..11], if &sealed[10..11] == "0" { "1" } else { "0" });
        assert!(matches!(keys.unseal(&changed), Err(Error::Sealed)));
    }

    #[test]
    fn the_key_file_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("field.keys");
        let keys = Keys::generate().unwrap().rotated().unwrap();
        keys.write(&path).unwrap();
        assert_eq!(Keys::read(&path).unwrap().unseal(&keys.seal("a")).unwrap(), "a");
    }
}
