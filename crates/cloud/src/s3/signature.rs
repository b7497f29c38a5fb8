//! Who asks, and S3's way to say that it is not who it says ("Error responses" in the Amazon S3 API Reference).

use super::error::{Code, Error, Result};
use super::request::{Request, bucket_in_host};
use super::route::Operation;
use super::{S3, dates};
use crate::auth::{Chain, Denied, Head, Identity, Payload, SKEW_MAX_MS};

impl S3 {
    /// Checks the signature of a request, where its operation asks for one. With what its chunks' go on with.
    pub(super) fn authenticate(&self, request: &Request, operation: Operation) -> Result<Option<Chain>> {
        // A browser asks without signing, and signs the policy of a form instead of its request.
        if matches!(operation, Operation::Preflight | Operation::PostObject) {
            return Ok(None);
        }
        let bucket = bucket_in_host(&request.uri, &request.headers);
        let head = Head { method: &request.method, uri: &request.uri, headers: &request.headers };
        match self.inner.keyring.check(head, Payload::Header, bucket.as_deref(), dates::now())? {
            Identity::Anyone => Ok(None),
            Identity::Signed(chain) => Ok(chain),
        }
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unsigned => Code::AccessDenied.into(),
            Denied::UnknownKey { key } => Self::from(Code::InvalidAccessKeyId).with("AWSAccessKeyId", key),
            Denied::Mismatch(both) => {
                let bytes =
                    |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
                let error = Self::from(Code::SignatureDoesNotMatch)
                    .with("AWSAccessKeyId", both.key)
                    .with("StringToSign", &both.string_to_sign)
                    .with("SignatureProvided", both.provided)
                    .with("StringToSignBytes", bytes(&both.string_to_sign));
                if both.canonical_request.is_empty() {
                    return error;
                }
                error
                    .with("CanonicalRequest", &both.canonical_request)
                    .with("CanonicalRequestBytes", bytes(&both.canonical_request))
            }
            Denied::Skewed { request_ms, server_ms } => Self::from(Code::RequestTimeTooSkewed)
                .with("RequestTime", dates::iso(request_ms))
                .with("ServerTime", dates::iso(server_ms))
                .with("MaxAllowedSkewMilliseconds", SKEW_MAX_MS.to_string()),
            Denied::Expired { seconds, expires_ms, server_ms } => {
                let error = Code::AccessDenied.saying("Request has expired");
                let error = match seconds {
                    Some(seconds) => error.with("X-Amz-Expires", seconds.to_string()),
                    None => error,
                };
                error.with("Expires", whole_seconds(expires_ms)).with("ServerTime", whole_seconds(server_ms))
            }
            Denied::Header { .. } => Code::AuthorizationHeaderMalformed.saying(denied.to_string()),
            Denied::Parameters { .. } => Code::AuthorizationQueryParametersError.saying(denied.to_string()),
            Denied::MissingHeader { .. } => Code::AccessDenied.saying(denied.to_string()),
        }
    }
}

/// `2013-05-24T00:00:00Z`.
fn whole_seconds(milliseconds: i64) -> String {
    dates::iso(milliseconds).split('.').take(1).map(|text| format!("{text}Z")).collect()
}
