//! The root key of a data folder: AES-256-GCM, in a file of its own that only this user reads.
//!
//! It seals the material of KMS keys, which in turn seal values, and the SecureStrings of folders from before there
//! were KMS keys; hence the file's name.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};

use crate::store::StoreError;

const FILE: &str = "parameters.key";
const NONCE_BYTES: usize = 12;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

/// A key that seals. Its `Debug` says nothing.
pub(crate) struct Key {
    cipher: Aes256Gcm,
}

/// Whether something in the folder is sealed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sealed {
    /// Nothing is: a missing key file is made.
    Nothing,
    /// Something is: a missing key file is an error.
    Something,
}

/// Sealing failed for want of random numbers, or what was sealed does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the value can't be sealed or opened: it was sealed with another key or for another place, or is damaged"
)]
pub(crate) struct Unsealable;

impl Key {
    /// Reads the root key of a data folder, or makes one.
    ///
    /// A process killed between the key file and the first sealed row leaves a key that seals nothing yet: the next
    /// start uses it.
    pub(crate) fn root(data: &Path, sealed: Sealed) -> Result<Self, StoreError> {
        let path = data.join(FILE);
        let refused = |reason: String| StoreError::Damaged { path: path.clone(), reason };
        let bytes = match (std::fs::read(&path), sealed) {
            (Ok(bytes), _) => bytes,
            (Err(error), Sealed::Something) if error.kind() == ErrorKind::NotFound => {
                return Err(refused("it is missing, and secret values are sealed with it".to_owned()));
            }
            (Err(error), Sealed::Nothing) if error.kind() == ErrorKind::NotFound => create(data, &path)
                .map_err(|error| StoreError::Folder { path: path.clone(), reason: error.to_string() })?,
            (Err(error), _) => return Err(refused(error.to_string())),
        };
        Self::new(&bytes)
            .ok_or_else(|| refused(format!("it has {} bytes instead of {KEY_BYTES}", bytes.len())))
    }

    /// A key of these bytes, where they are as many as a key has.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        Some(Self { cipher: Aes256Gcm::new_from_slice(bytes).ok()? })
    }

    /// Seals a value for one place: nonce, ciphertext, tag.
    pub(crate) fn seal(&self, place: &[u8], value: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let nonce: [u8; NONCE_BYTES] = random()?;
        let payload = Payload { msg: value, aad: place };
        let sealed = self.cipher.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| Unsealable)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for this place.
    pub(crate) fn unseal(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(Unsealable)?;
        let payload = Payload { msg: sealed, aad: place };
        self.cipher.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| Unsealable)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key")
    }
}

/// Bytes nobody can guess.
pub(crate) fn random<const COUNT: usize>() -> Result<[u8; COUNT], Unsealable> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).map_err(|_| Unsealable)?;
    Ok(bytes)
}

/// Makes the key file whole or not at all, and on the disk before anything is sealed with it.
fn create(data: &Path, path: &Path) -> io::Result<Vec<u8>> {
    let key = random::<KEY_BYTES>().map_err(|_| io::Error::other("the system has no random numbers"))?;
    let temporary = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    file.write_all(&key)?;
    file.sync_all()?;
    std::fs::rename(temporary, path)?;
    File::open(data)?.sync_all()?;
    Ok(key.to_vec())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_sealed_opens_only_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::root(folder.path(), Sealed::Nothing).unwrap();
        let sealed = key.seal(b"/a:1", b"secret").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_ne!(sealed, key.seal(b"/a:1", b"secret").unwrap());
        let again = Key::root(folder.path(), Sealed::Something).unwrap();
        assert_eq!(again.unseal(b"/a:1", &sealed).unwrap(), b"secret");
        assert_eq!(again.unseal(b"/a:2", &sealed), Err(Unsealable));
        assert_eq!(again.unseal(b"/a:1", &sealed[..5]), Err(Unsealable));
    }

    #[test]
    fn only_this_user_reads_the_key_and_a_lost_one_is_said() {
        let folder = tempfile::tempdir().unwrap();
        Key::root(folder.path(), Sealed::Nothing).unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, b"short").unwrap();
        let said = |sealed| Key::root(folder.path(), sealed).unwrap_err().to_string();
        assert!(said(Sealed::Something).contains("5 bytes instead of 32"));
        std::fs::remove_file(&path).unwrap();
        assert!(said(Sealed::Something).contains("it is missing"));
    }
}
