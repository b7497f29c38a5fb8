//! `Encrypt`, `Decrypt`, `ReEncrypt`, `GenerateDataKey` and `GenerateRandom`.
//!
//! Requests and answers with plaintexts have no `Debug`.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::cipher::Context;
use super::error::{Code, Error, Result};
use super::find::Aliases;
use super::{Inner, Kms};

const ALGORITHM: &str = "SYMMETRIC_DEFAULT";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Encrypting {
    key_id: String,
    plaintext: String,
    #[serde(default)]
    encryption_context: Context,
    encryption_algorithm: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Decrypting {
    ciphertext_blob: Option<String>,
    #[serde(default)]
    encryption_context: Context,
    key_id: Option<String>,
    encryption_algorithm: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReEncrypting {
    ciphertext_blob: Option<String>,
    #[serde(default)]
    source_encryption_context: Context,
    source_key_id: Option<String>,
    destination_key_id: String,
    #[serde(default)]
    destination_encryption_context: Context,
    source_encryption_algorithm: Option<String>,
    destination_encryption_algorithm: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Generating {
    key_id: String,
    #[serde(default)]
    encryption_context: Context,
    number_of_bytes: Option<usize>,
    key_spec: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Randomness {
    number_of_bytes: Option<usize>,
    custom_key_store_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Ciphertext {
    ciphertext_blob: String,
    key_id: String,
    encryption_algorithm: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Plaintext {
    key_id: String,
    plaintext: String,
    encryption_algorithm: &'static str,
    key_material_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReEncrypted {
    ciphertext_blob: String,
    source_key_id: String,
    key_id: String,
    source_encryption_algorithm: &'static str,
    destination_encryption_algorithm: &'static str,
    source_key_material_id: String,
    destination_key_material_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DataKey {
    ciphertext_blob: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<String>,
    key_id: String,
    key_material_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Random {
    plaintext: String,
}

impl DataKey {
    pub(super) fn without_plaintext(self) -> Self {
        Self { plaintext: None, ..self }
    }
}

impl Kms {
    pub(super) async fn encrypt(&self, input: Encrypting) -> Result<Ciphertext> {
        symmetric(input.encryption_algorithm.as_deref())?;
        let value = decoded(&input.plaintext)?;
        let (context, dry_run) = (input.encryption_context, input.dry_run);
        self.with_key(input.key_id, Aliases::Taken, move |db, inner, key| {
            inner.check_usable(&key)?;
            wet(dry_run)?;
            let made = inner.encrypt(db, &key, &context, &value)?;
            let ciphertext_blob = BASE64_STANDARD.encode(made.blob);
            Ok(Ciphertext { ciphertext_blob, key_id: made.key_arn, encryption_algorithm: ALGORITHM })
        })
        .await
    }

    pub(super) async fn decrypt(&self, input: Decrypting) -> Result<Plaintext> {
        symmetric(input.encryption_algorithm.as_deref())?;
        let blob = ciphertext(input.ciphertext_blob.as_deref())?;
        let inner = self.inner.clone();
        let read = self.inner.store.look(move |db| {
            let opened = inner.open(db, &blob, &input.encryption_context, input.key_id.as_deref())?;
            wet(input.dry_run)?;
            Ok::<_, Error>(Plaintext {
                key_id: opened.key_arn,
                plaintext: BASE64_STANDARD.encode(opened.value),
                encryption_algorithm: ALGORITHM,
                key_material_id: opened.material_id,
            })
        });
        read.await
    }

    pub(super) async fn re_encrypt(&self, input: ReEncrypting) -> Result<ReEncrypted> {
        symmetric(input.source_encryption_algorithm.as_deref())?;
        symmetric(input.destination_encryption_algorithm.as_deref())?;
        let blob = ciphertext(input.ciphertext_blob.as_deref())?;
        self.with_key(input.destination_key_id.clone(), Aliases::Taken, move |db, inner, key| {
            let source = input.source_key_id.as_deref();
            let opened = inner.open(db, &blob, &input.source_encryption_context, source)?;
            inner.check_usable(&key)?;
            wet(input.dry_run)?;
            let made = inner.encrypt(db, &key, &input.destination_encryption_context, &opened.value)?;
            Ok(ReEncrypted {
                ciphertext_blob: BASE64_STANDARD.encode(made.blob),
                source_key_id: opened.key_arn,
                key_id: made.key_arn,
                source_encryption_algorithm: ALGORITHM,
                destination_encryption_algorithm: ALGORITHM,
                source_key_material_id: opened.material_id,
                destination_key_material_id: made.material_id,
            })
        })
        .await
    }

    pub(super) async fn generate_data_key(&self, input: Generating) -> Result<DataKey> {
        let count = match (input.number_of_bytes, input.key_spec.as_deref()) {
            (Some(count), None) => count,
            (None, Some("AES_128")) => 16,
            (None, Some(_)) => 32,
            _ => {
                return Err(Error::validation("Please specify either number of bytes or key spec."));
            }
        };
        let (context, dry_run) = (input.encryption_context, input.dry_run);
        self.with_key(input.key_id, Aliases::Taken, move |db, inner, key| {
            inner.check_usable(&key)?;
            wet(dry_run)?;
            let value = random(count)?;
            let made = inner.encrypt(db, &key, &context, &value)?;
            Ok(DataKey {
                ciphertext_blob: BASE64_STANDARD.encode(made.blob),
                plaintext: Some(BASE64_STANDARD.encode(value)),
                key_id: made.key_arn,
                key_material_id: made.material_id,
            })
        })
        .await
    }
}

impl Inner {
    fn open(
        &self,
        db: &Connection,
        blob: &[u8],
        context: &Context,
        key: Option<&str>,
    ) -> Result<super::Decrypted> {
        let expected = key.map(|key| self.find_usable(db, key)).transpose()?;
        self.decrypt(db, blob, context, expected.map(|key| key.id))
    }
}

pub(super) fn generate_random(input: Randomness) -> Result<Random> {
    if input.custom_key_store_id.is_some() {
        return Err(Code::UnsupportedOperationException
            .saying("GenerateRandom: this cloud has no custom key stores."));
    }
    let count = input.number_of_bytes.ok_or_else(|| Error::validation("NumberOfBytes is required."))?;
    Ok(Random { plaintext: BASE64_STANDARD.encode(random(count)?) })
}

fn random(count: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).map_err(|_| Error::internal())?;
    Ok(bytes)
}

fn symmetric(algorithm: Option<&str>) -> Result<()> {
    match algorithm {
        None | Some(ALGORITHM) => Ok(()),
        Some(other) => Err(Code::UnsupportedOperationException.saying(format!(
            "{other}: this cloud has symmetric keys, whose algorithm is SYMMETRIC_DEFAULT."
        ))),
    }
}

/// Stops where the caller only wanted to know whether it would be allowed.
fn wet(dry_run: Option<bool>) -> Result<()> {
    if dry_run != Some(true) {
        return Ok(());
    }
    Err(Code::DryRunOperationException
        .saying("The request would have succeeded, but the DryRun option is set."))
}

fn ciphertext(text: Option<&str>) -> Result<Vec<u8>> {
    let missing = "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: \
                   Member must not be null";
    decoded(text.ok_or_else(|| Error::validation(missing))?)
}

fn decoded(text: &str) -> Result<Vec<u8>> {
    BASE64_STANDARD.decode(text).map_err(|_| Error::internal())
}
