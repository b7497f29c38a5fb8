//! Signatures: whether a request was signed with one of the access keys this cloud was told, and is fresh.
//!
//! Without access keys every signature is accepted and none is needed; only a presigned URL's time still counts.
//! With them, every request to a service has to be signed. The module decides from a request's head, the keys and
//! the time, and touches nothing else.
//!
//! "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API Reference, and "Create a signed AWS API
//! request" in the IAM User Guide.

use std::sync::Arc;

use hmac::{Hmac, Mac as _};
use http::request::Parts;
use http::{HeaderMap, Method, Uri};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use self::head::Presented;
use crate::settings::Credential;

mod canonical;
mod chunks;
mod denied;
mod form;
mod head;
mod refusal;
mod v2;
mod v4;

pub(crate) use self::chunks::Chain;
pub(crate) use self::denied::Denied;
pub(crate) use self::form::FormSignature;
pub(crate) use self::refusal::{json, query};

/// What a request's clock may differ by, in milliseconds: 15 minutes.
pub(crate) const SKEW_MAX_MS: i64 = 15 * 60 * 1000;

/// The SHA-256 of nothing.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The head of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
}

/// The access keys. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keyring {
    keys: Arc<[Credential]>,
}

/// How the payload of a request enters its signature.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Payload<'a> {
    /// By the hash of these bytes.
    Body(&'a [u8]),
    /// By what `x-amz-content-sha256` says, as in S3; the bytes are compared with that when they come.
    Header,
}

/// What is known of who asks.
#[derive(Debug, Clone)]
pub(crate) enum Identity {
    /// No access keys are set: whoever it is may do it.
    Anyone,
    /// The signature is right. With the chain that the chunks of the body go on with, where it is signed in chunks.
    Signed(Option<Chain>),
}

/// The region a request was signed for, whoever signed it; none where no signature says so.
pub(crate) fn signed_region(head: Head<'_>) -> Option<String> {
    match head::read(head).ok()? {
        Presented::V4(signature) => Some(signature.scope.region),
        Presented::V2(_) | Presented::Nothing => None,
    }
}

impl<'a> From<&'a Parts> for Head<'a> {
    fn from(parts: &'a Parts) -> Self {
        Self { method: &parts.method, uri: &parts.uri, headers: &parts.headers }
    }
}

impl Keyring {
    /// A keyring with these keys.
    pub(crate) fn new(keys: &[Credential]) -> Self {
        Self { keys: keys.into() }
    }

    /// Whether signatures are checked at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Judges a request. `now` is in milliseconds since 1970; `bucket` is the one the host names, which only old
    /// signatures need.
    pub(crate) fn check(
        &self,
        head: Head<'_>,
        payload: Payload<'_>,
        bucket: Option<&str>,
        now: i64,
    ) -> Result<Identity, Denied> {
        let presented = match head::read(head) {
            Err(_) if self.is_empty() => return Ok(Identity::Anyone),
            presented => presented?,
        };
        presented.check_expiry(now)?;
        if self.is_empty() {
            return Ok(Identity::Anyone);
        }
        match presented {
            Presented::Nothing => Err(Denied::Unsigned),
            Presented::V4(signature) => {
                let secret = self.secret(&signature.scope.key)?;
                signature.check(head, payload, secret, now).map(Identity::Signed)
            }
            Presented::V2(signature) => {
                let secret = self.secret(&signature.key)?;
                signature.check(head, bucket, secret, now).map(|()| Identity::Signed(None))
            }
        }
    }

    /// Judges the policy of a form that was posted to a bucket.
    pub(crate) fn check_form(&self, signature: &FormSignature<'_>) -> Result<(), Denied> {
        if self.is_empty() {
            return Ok(());
        }
        let key = signature.key().ok_or(Denied::Unsigned)?;
        signature.check(self.secret(key)?)
    }

    fn secret(&self, key: &str) -> Result<&str, Denied> {
        let found = self.keys.iter().find(|credential| credential.access_key_id == key);
        found
            .map(|credential| credential.secret.expose())
            .ok_or_else(|| Denied::UnknownKey { key: key.to_owned() })
    }
}

/// HMAC-SHA-256.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    // Any length of key will do, so this can't fail; an empty result would match no signature.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(text);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

/// SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Compares signatures without telling by the time it takes where they differ.
fn same(one: &str, other: &str) -> bool {
    !one.is_empty() && bool::from(one.as_bytes().ct_eq(other.as_bytes()))
}

#[cfg(test)]
mod tests;
