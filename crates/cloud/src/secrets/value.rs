//! Values: what a request brings, what is kept of it, and what an answer tells. None of them has `Debug`.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::Inner;
use super::error::{Code, Error, Result};
use super::secret::Secret;
use super::versions::{Kind, Sealed, Version};
use crate::kms::cipher::Context;

/// Bytes of a value at most ("AWS Secrets Manager quotas").
const VALUE_MAX: usize = 65_536;

/// The key that seals where a secret names none.
const DEFAULT_KEY: &str = "alias/aws/secretsmanager";

/// The two members a value can come in.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Given {
    secret_string: Option<String>,
    secret_binary: Option<String>,
}

/// The two members a value is told in.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secret_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_binary: Option<String>,
}

/// A value in the open.
pub(super) struct Value {
    kind: Kind,
    bytes: Vec<u8>,
}

impl Given {
    /// The value, where the request brings one.
    pub(super) fn read(self) -> Result<Option<Value>> {
        let value = match (self.secret_string, self.secret_binary) {
            (Some(_), Some(_)) => {
                return Err(Code::InvalidParameterException.saying(
                    "You can't specify both a binary secret value and a string secret value in the same secret.",
                ));
            }
            (Some(text), None) => Value { kind: Kind::Text, bytes: text.into_bytes() },
            (None, Some(binary)) => {
                let bytes = BASE64_STANDARD.decode(binary).map_err(|_| Error::internal())?;
                Value { kind: Kind::Binary, bytes }
            }
            (None, None) => return Ok(None),
        };
        if value.bytes.len() > VALUE_MAX {
            return Err(Error::validation(format!(
                "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have \
                 length less than or equal to {VALUE_MAX}"
            )));
        }
        Ok(Some(value))
    }
}

impl Value {
    /// Whether it is the same value, in a time that does not tell how much of it is.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && self.bytes.ct_eq(&other.bytes).into()
    }

    /// The value as an answer has it.
    pub(super) fn told(self) -> Result<Told> {
        match self.kind {
            Kind::Text => {
                let text = String::from_utf8(self.bytes).map_err(|_| Error::internal())?;
                Ok(Told { secret_string: Some(text), secret_binary: None })
            }
            Kind::Binary => {
                Ok(Told { secret_string: None, secret_binary: Some(BASE64_STANDARD.encode(self.bytes)) })
            }
        }
    }
}

impl Inner {
    /// Seals a value for one version of a secret, under the secret's key.
    pub(super) fn seal(
        &self,
        db: &Connection,
        secret: &Secret,
        version: &str,
        value: &Value,
    ) -> Result<Sealed> {
        let key = secret.kms_key_id.as_deref().unwrap_or(DEFAULT_KEY);
        let context = self.context(secret, version);
        let sealed = self.kms.encrypt_for(db, key, &context, &value.bytes);
        let blob = sealed.map_err(|refused| Error::unsealable(&refused))?.blob;
        Ok(Sealed { kind: value.kind, blob, key_id: secret.kms_key_id.clone() })
    }

    /// Opens the value of a version; none where it has none.
    pub(super) fn open(&self, db: &Connection, secret: &Secret, version: &Version) -> Result<Option<Value>> {
        let Some(sealed) = &version.value else { return Ok(None) };
        let context = self.context(secret, version.id());
        let opened = self.kms.decrypt_for(db, &sealed.blob, &context);
        let bytes = opened.map_err(|refused| Error::unreadable(&refused))?.value;
        Ok(Some(Value { kind: sealed.kind, bytes }))
    }

    /// What KMS binds a value to ("Secret encryption and decryption in AWS Secrets Manager").
    fn context(&self, secret: &Secret, version: &str) -> Context {
        Context::from([
            ("SecretARN".to_owned(), self.primary_arn(secret)),
            ("SecretVersionId".to_owned(), version.to_owned()),
        ])
    }
}
