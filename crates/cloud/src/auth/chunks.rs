//! The chain of signatures through a body that is signed chunk by chunk.
//!
//! "Signature calculations for the Authorization header: Transferring payload in multiple chunks" in the Amazon S3
//! API Reference. Each chunk's signature contains the one before it, the first that of the head.

use super::{hmac, same, v4};

/// Where a chain has got to.
#[derive(Clone)]
pub(crate) struct Chain {
    key: Vec<u8>,
    timestamp: String,
    scope: String,
    last: String,
}

/// Says nothing of the key.
impl std::fmt::Debug for Chain {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Chain").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl Chain {
    /// Begins with the signature of the head.
    pub(super) fn new(key: Vec<u8>, timestamp: &str, scope: &str, seed: &str) -> Self {
        Self { key, timestamp: timestamp.to_owned(), scope: scope.to_owned(), last: seed.to_owned() }
    }

    /// Whether a chunk with this SHA-256, in hexadecimal, has this signature; it is the last one then.
    pub(crate) fn chunk(&mut self, sha256: &str, provided: &str) -> bool {
        let empty = v4::empty();
        self.link("AWS4-HMAC-SHA256-PAYLOAD", &format!("{empty}\n{sha256}"), provided)
    }

    /// Whether the trailers with this SHA-256, in hexadecimal, have this signature.
    pub(crate) fn trailer(&mut self, sha256: &str, provided: &str) -> bool {
        self.link("AWS4-HMAC-SHA256-TRAILER", sha256, provided)
    }

    fn link(&mut self, algorithm: &str, hashes: &str, provided: &str) -> bool {
        let Self { key, timestamp, scope, last } = self;
        let string = format!("{algorithm}\n{timestamp}\n{scope}\n{last}\n{hashes}");
        let right = same(&hex::encode(hmac(key, string.as_bytes())), provided);
        provided.clone_into(last);
        right
    }
}
