//! The key that seals SecureStrings: AES-256-GCM, in a file of its own that only this user reads.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};

use super::error::{Code, Result};
use crate::store::StoreError;

const FILE: &str = "parameters.key";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// The key. Its `Debug` says nothing.
pub(super) struct Key {
    cipher: Aes256Gcm,
}

impl Key {
    /// Reads the key of a data folder, or makes one. `needed`: something is sealed already, so it has to be there.
    pub(super) fn open(data: &Path, needed: bool) -> std::result::Result<Self, StoreError> {
        let path = data.join(FILE);
        let refused = |reason: String| StoreError::Damaged { path: path.clone(), reason };
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound && needed => {
                return Err(refused(
                    "it is missing, and SecureString parameters are sealed with it".to_owned(),
                ));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => create(data, &path)
                .map_err(|error| StoreError::Folder { path: path.clone(), reason: error.to_string() })?,
            Err(error) => return Err(refused(error.to_string())),
        };
        let cipher = Aes256Gcm::new_from_slice(&bytes);
        Ok(Self {
            cipher: cipher
                .map_err(|_| refused(format!("it has {} bytes instead of {KEY_BYTES}", bytes.len())))?,
        })
    }

    /// Seals a value for one version of one parameter: nonce, ciphertext, tag.
    pub(super) fn seal(&self, name: &str, version: i64, value: &str) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| Code::InternalServerError)?;
        let place = place(name, version);
        let payload = Payload { msg: value.as_bytes(), aad: place.as_bytes() };
        let sealed =
            self.cipher.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| Code::InternalServerError)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for this version of this parameter.
    pub(super) fn unseal(&self, name: &str, version: i64, sealed: &[u8]) -> Result<String> {
        let failed = || {
            Code::InternalServerError.saying(format!(
                "The value of {name} can't be decrypted: it was sealed with another key, or is damaged."
            ))
        };
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(failed)?;
        let place = place(name, version);
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let value = self.cipher.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| failed())?;
        String::from_utf8(value).map_err(|_| failed())
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key")
    }
}

/// A sealed value moved to another parameter or version does not open.
fn place(name: &str, version: i64) -> String {
    format!("{name}:{version}")
}

/// Makes the key file whole or not at all, and on the disk before anything is sealed with it.
fn create(data: &Path, path: &Path) -> io::Result<Vec<u8>> {
    let mut key = vec![0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| io::Error::other(error.to_string()))?;
    let temporary = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(&key)?;
    file.sync_all()?;
    std::fs::rename(temporary, path)?;
    File::open(data)?.sync_all()?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_sealed_opens_only_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(folder.path(), false).unwrap();
        let sealed = key.seal("/a", 1, "secret").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_ne!(sealed, key.seal("/a", 1, "secret").unwrap());
        let again = Key::open(folder.path(), true).unwrap();
        assert_eq!(again.unseal("/a", 1, &sealed).unwrap(), "secret");
        assert!(again.unseal("/a", 2, &sealed).is_err());
        assert!(again.unseal("/b", 1, &sealed).is_err());
        assert!(again.unseal("/a", 1, &sealed[..5]).is_err());
    }

    #[test]
    fn only_this_user_reads_the_key_and_a_lost_one_is_said() {
        let folder = tempfile::tempdir().unwrap();
        Key::open(folder.path(), false).unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, b"short").unwrap();
        assert!(Key::open(folder.path(), true).unwrap_err().to_string().contains("5 bytes instead of 32"));
        std::fs::remove_file(&path).unwrap();
        assert!(Key::open(folder.path(), true).unwrap_err().to_string().contains("it is missing"));
    }
}
