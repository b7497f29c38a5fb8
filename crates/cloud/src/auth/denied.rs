//! Why a request is denied, with what its sender needs to find the mistake. Never a secret.

/// Why a request is denied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Denied {
    /// It is not signed.
    #[error("The request is not signed, and this cloud was given access keys: sign it with one of them.")]
    Unsigned,
    /// Nobody here has this access key.
    #[error("The access key ID `{key}` is not one this cloud was given.")]
    UnknownKey {
        /// The key's id.
        key: String,
    },
    /// The signature is another one than that of this request.
    #[error("The signature is not the one of this request.")]
    Mismatch(Box<Mismatch>),
    /// The clocks differ too much.
    #[error("The request was signed at {request_ms}, it is {server_ms} now (milliseconds since 1970).")]
    Skewed {
        /// When the request says it was signed, milliseconds since 1970.
        request_ms: i64,
        /// Now, milliseconds since 1970.
        server_ms: i64,
    },
    /// A presigned URL is past its time.
    #[error("The URL expired at {expires_ms}, it is {server_ms} now (milliseconds since 1970).")]
    Expired {
        /// How long it was good for, in seconds; not known of old signatures.
        seconds: Option<i64>,
        /// When it ended, milliseconds since 1970.
        expires_ms: i64,
        /// Now, milliseconds since 1970.
        server_ms: i64,
    },
    /// The `Authorization` header makes no sense.
    #[error("The authorization header is malformed; {reason}.")]
    Header {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The parameters of a presigned URL make no sense.
    #[error("{reason}")]
    Parameters {
        /// What is wrong with them.
        reason: &'static str,
    },
    /// A header that belongs to the request is not signed, or a needed one is missing.
    #[error("Missing required header for this request: {name}")]
    MissingHeader {
        /// The header.
        name: &'static str,
    },
}

/// Both sides of a signature that does not match: what it would have to be made of here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) key: String,
    pub(crate) string_to_sign: String,
    pub(crate) provided: String,
    /// Empty where an old signature has none.
    pub(crate) canonical_request: String,
}
