//! The signature of a form posted to a bucket: over its policy, not over the request.

use super::denied::{Denied, Mismatch};
use super::v4::Scope;
use super::{hmac, same, v2};

/// The fields of a form that sign its policy.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FormSignature<'a> {
    /// The policy as it came, in base64.
    pub(crate) policy: &'a str,
    /// `x-amz-credential`.
    pub(crate) credential: Option<&'a str>,
    /// `x-amz-signature`.
    pub(crate) signature: Option<&'a str>,
    /// `AWSAccessKeyId`, of an old signature.
    pub(crate) old_key: Option<&'a str>,
    /// `signature`, an old one.
    pub(crate) old_signature: Option<&'a str>,
}

impl<'a> FormSignature<'a> {
    /// Whether there is a signature of either kind, right or wrong.
    pub(crate) fn is_whole(&self) -> bool {
        self.credential.and(self.signature).is_some() || self.old_key.and(self.old_signature).is_some()
    }

    /// Whose signature it says it is.
    pub(super) fn key(&self) -> Option<&'a str> {
        // From the end: the key itself may contain slashes.
        self.credential.and_then(|credential| credential.rsplitn(5, '/').nth(4)).or(self.old_key)
    }

    /// Compares it with the one this policy has under `secret`.
    pub(super) fn check(&self, secret: &str) -> Result<(), Denied> {
        let (computed, provided) = match (self.credential.and_then(Scope::read), self.signature) {
            (Some(scope), Some(provided)) => {
                (hex::encode(hmac(&scope.signing_key(secret), self.policy.as_bytes())), provided)
            }
            _ => (v2::sign(secret, self.policy), self.old_signature.unwrap_or_default()),
        };
        if same(&computed, provided) {
            return Ok(());
        }
        Err(Denied::Mismatch(Box::new(Mismatch {
            key: self.key().unwrap_or_default().to_owned(),
            string_to_sign: self.policy.to_owned(),
            provided: provided.to_owned(),
            canonical_request: String::new(),
        })))
    }
}
