//! Signature Version 2, which old clients still send to S3.
//!
//! "Signing and authenticating REST requests (AWS signature version 2)" in the Amazon S3 User Guide.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, Mac as _};
use http::HeaderMap;
use sha1::Sha1;

use super::denied::{Denied, Mismatch};
use super::head::{compact_time, parameters, text};
use super::{Head, SKEW_MAX_MS, same};

/// Parameters that are part of the resource.
const SUB_RESOURCES: [&str; 36] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "encryption",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "partNumber",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "retention",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
];

/// Those that come after them in order of name.
const MORE_SUB_RESOURCES: [&str; 2] = ["versions", "website"];

/// A signature and what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) key: String,
    provided: String,
    /// The `Date` line: a header's value, or when a URL expires.
    date: String,
    /// When a URL ends, milliseconds since 1970.
    pub(super) expires_ms: Option<i64>,
}

impl Signature {
    /// Reads `AWS KEY:SIGNATURE`.
    pub(super) fn of_header(value: &str, headers: &HeaderMap) -> Result<Self, Denied> {
        let wrong = || Denied::Header { reason: "it is not AWS KEY:SIGNATURE" };
        let (key, provided) =
            value.strip_prefix("AWS ").and_then(|rest| rest.split_once(':')).ok_or_else(wrong)?;
        // With `x-amz-date` among the signed headers, the line of the other one is empty.
        let date =
            if headers.contains_key("x-amz-date") { "" } else { text(headers, "date").unwrap_or_default() };
        Ok(Self {
            key: key.to_owned(),
            provided: provided.to_owned(),
            date: date.to_owned(),
            expires_ms: None,
        })
    }

    /// Reads the parameters of a presigned URL.
    pub(super) fn of_query(key: &str, provided: &str, expires: Option<&str>) -> Result<Self, Denied> {
        let wrong = Denied::Parameters {
            reason: "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
        };
        let date = expires.ok_or_else(|| wrong.clone())?;
        let expires_ms = date.parse::<i64>().map_err(|_| wrong)?.saturating_mul(1000);
        Ok(Self {
            key: key.to_owned(),
            provided: provided.to_owned(),
            date: date.to_owned(),
            expires_ms: Some(expires_ms),
        })
    }

    /// Compares it with the one this request has under `secret`.
    pub(super) fn check(
        &self,
        head: Head<'_>,
        bucket: Option<&str>,
        secret: &str,
        now: i64,
    ) -> Result<(), Denied> {
        self.check_time(head.headers, now)?;
        let string_to_sign = self.string_to_sign(head, bucket);
        let computed = sign(secret, &string_to_sign);
        if same(&computed, &self.provided) {
            return Ok(());
        }
        Err(Denied::Mismatch(Box::new(Mismatch {
            key: self.key.clone(),
            string_to_sign,
            provided: self.provided.clone(),
            canonical_request: String::new(),
        })))
    }

    fn check_time(&self, headers: &HeaderMap, now: i64) -> Result<(), Denied> {
        if self.expires_ms.is_some() {
            return Ok(());
        }
        let stamp = text(headers, "x-amz-date").or(text(headers, "date")).unwrap_or_default();
        let request_ms = compact_time(stamp).or_else(|| http_time(stamp));
        let request_ms = request_ms.ok_or(Denied::MissingHeader { name: "date" })?;
        if (now - request_ms).abs() > SKEW_MAX_MS {
            return Err(Denied::Skewed { request_ms, server_ms: now });
        }
        Ok(())
    }

    fn string_to_sign(&self, head: Head<'_>, bucket: Option<&str>) -> String {
        let line = |name: &str| text(head.headers, name).unwrap_or_default();
        let (method, md5, kind) = (head.method.as_str(), line("content-md5"), line("content-type"));
        let (amz, resource) = (amz_headers(head.headers), resource(head, bucket));
        format!("{method}\n{md5}\n{kind}\n{}\n{amz}{resource}", self.date)
    }
}

/// HMAC-SHA-1 in base64.
pub(super) fn sign(secret: &str, text: &str) -> String {
    Hmac::<Sha1>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(text.as_bytes());
            BASE64_STANDARD.encode(mac.finalize().into_bytes())
        },
    )
}

fn amz_headers(headers: &HeaderMap) -> String {
    let mut names: Vec<_> =
        headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-")).collect();
    names.sort_unstable();
    let line = |name: &str| {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
            .collect();
        format!("{name}:{}\n", values.join(","))
    };
    names.into_iter().map(line).collect()
}

fn resource(head: Head<'_>, bucket: Option<&str>) -> String {
    let front = bucket.map(|bucket| format!("/{bucket}")).unwrap_or_default();
    let mut named: Vec<_> = parameters(head.uri.query().unwrap_or_default())
        .into_iter()
        .filter(|(name, _)| SUB_RESOURCES.iter().chain(&MORE_SUB_RESOURCES).any(|known| known == name))
        .collect();
    named.sort();
    let named: Vec<_> = named
        .into_iter()
        .map(|(name, value)| if value.is_empty() { name } else { format!("{name}={value}") })
        .collect();
    let tail = if named.is_empty() { String::new() } else { format!("?{}", named.join("&")) };
    format!("{front}{}{tail}", head.uri.path())
}

fn http_time(text: &str) -> Option<i64> {
    let at = httpdate::parse_http_date(text).ok()?;
    let since = at.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}
