//! Ciphertexts: what they are made of, and sealing and opening them under a key and an encryption context.

use std::collections::BTreeMap;

use rusqlite::Connection;
use uuid::Uuid;

use super::Inner;
use super::error::{Code, Error, Result};
use super::key::{self, Key, Material};

/// What has to be the same when a ciphertext is opened ("Encryption context", AWS KMS Developer Guide).
pub(crate) type Context = BTreeMap<String, String>;

/// The first byte of a ciphertext: how the rest of it is laid out.
const LAYOUT: u8 = 1;

/// The layout, the key's id and the number of its material.
const HEAD_BYTES: usize = 1 + 16 + 4;

/// A ciphertext and the key it was made with.
#[derive(Debug)]
pub(crate) struct Encrypted {
    pub(crate) blob: Vec<u8>,
    pub(crate) key_arn: String,
    pub(super) material_id: String,
}

/// What was in a ciphertext, and the key it was made with. It has no `Debug`.
pub(crate) struct Decrypted {
    pub(crate) value: Vec<u8>,
    pub(crate) key_arn: String,
    pub(super) material_id: String,
}

impl Inner {
    /// Encrypts under the newest material of a key.
    pub(super) fn encrypt(
        &self,
        db: &Connection,
        key: &Key,
        context: &Context,
        value: &[u8],
    ) -> Result<Encrypted> {
        let material = key::current_material(db, &self.root, key.id)?.ok_or_else(Error::internal)?;
        let sealed = material.key.seal(&place(context)?, value)?;
        let number = material.number.to_be_bytes();
        let blob = [&[LAYOUT], key.id.as_bytes().as_slice(), &number, &sealed].concat();
        Ok(Encrypted { blob, key_arn: self.arn(key.id), material_id: material_id(key.id, material.number) })
    }

    /// Opens a ciphertext. `expected` is the key it has to be of, where the request says.
    pub(super) fn decrypt(
        &self,
        db: &Connection,
        blob: &[u8],
        context: &Context,
        expected: Option<Uuid>,
    ) -> Result<Decrypted> {
        let (id, number, sealed) = parts(blob).ok_or_else(invalid)?;
        if expected.is_some_and(|expected| expected != id) {
            return Err(Code::IncorrectKeyException.saying(
                "The key ID in the request does not identify a CMK that can perform this operation.",
            ));
        }
        let key = key::find(db, id)?.ok_or_else(invalid)?;
        self.check_usable(&key)?;
        let Material { key: material, .. } =
            key::material(db, &self.root, id, number)?.ok_or_else(invalid)?;
        let value = material.unseal(&place(context)?, sealed).map_err(|_| invalid())?;
        Ok(Decrypted { value, key_arn: self.arn(id), material_id: material_id(id, number) })
    }
}

/// The name of one generation of a key's material: 64 hexadecimal digits.
pub(super) fn material_id(id: Uuid, number: u32) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(format!("{id}:{number}")))
}

fn parts(blob: &[u8]) -> Option<(Uuid, u32, &[u8])> {
    let (head, sealed) = blob.split_at_checked(HEAD_BYTES)?;
    let (layout, head) = head.split_first()?;
    let (id, number) = head.split_at_checked(16)?;
    let number = u32::from_be_bytes(number.try_into().ok()?);
    (*layout == LAYOUT).then_some((Uuid::from_slice(id).ok()?, number, sealed))
}

/// A ciphertext opens only with the same context.
fn place(context: &Context) -> Result<Vec<u8>> {
    serde_json::to_vec(context).map_err(|_| Error::internal())
}

/// KMS says no more than that it can't be opened.
fn invalid() -> Error {
    Code::InvalidCiphertextException.saying("")
}
