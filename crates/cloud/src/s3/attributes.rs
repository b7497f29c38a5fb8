//! What an object carries beside its bytes: content headers, metadata, storage class.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, Response};
use serde::{Deserialize, Serialize};

use super::encryption::CONTEXT;
use super::error::{Code, Error, Result};
use super::respond;
use crate::answer::Body;

/// Metadata a request may carry, names and values together ("Working with object metadata").
const METADATA_MAX_BYTES: usize = 2048;

const METADATA_PREFIX: &str = "x-amz-meta-";

/// Headers that are kept and told back.
const KEPT: [&str; 7] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    "x-amz-website-redirect-location",
];

/// Headers that ask for something that is not done here; ignoring them would be a lie.
const REFUSED: [&str; 1] = ["x-amz-write-offset-bytes"];

const STORAGE_CLASSES: [&str; 8] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
];

/// The class of what does not say.
pub(super) const STANDARD: &str = "STANDARD";

/// Headers and metadata of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attributes {
    /// Content headers, by name in lower case.
    pub(super) headers: BTreeMap<String, String>,
    /// Metadata, by name without `x-amz-meta-`.
    pub(super) metadata: BTreeMap<String, String>,
}

impl Attributes {
    /// Reads the headers of a request that writes an object.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self> {
        if let Some(name) = REFUSED.into_iter().find(|name| headers.contains_key(*name)) {
            return Err(Error::from(Code::NotImplemented).with("Header", name));
        }
        let kept = KEPT.into_iter().filter_map(|name| Some((name.to_owned(), kept_value(headers, name)?)));
        let metadata = metadata(headers);
        let size: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size > METADATA_MAX_BYTES {
            return Err(Error::from(Code::MetadataTooLarge)
                .with("Size", size.to_string())
                .with("MaxSizeAllowed", METADATA_MAX_BYTES.to_string()));
        }
        Ok(Self { headers: kept.collect(), metadata })
    }

    /// Puts them on an answer.
    pub(super) fn apply(&self, response: &mut Response<Body>) {
        respond::put(response, "content-type", "binary/octet-stream");
        // The context of an encryption is told to who writes, not to who reads.
        for (name, value) in self.headers.iter().filter(|(name, _)| *name != CONTEXT) {
            respond::put(response, name, value);
        }
        for (name, value) in &self.metadata {
            respond::put(response, &format!("{METADATA_PREFIX}{name}"), &as_header(value));
        }
    }

    /// Puts on an answer only what was asked for encryption: what an answer to a write has of them.
    pub(super) fn apply_encryption(&self, response: &mut Response<Body>) {
        for (name, value) in self.headers.iter().filter(|(name, _)| name.starts_with("x-amz-server-side")) {
            respond::put(response, name, value);
        }
    }
}

/// Reads the storage class of a request that writes an object.
pub(super) fn storage_class(headers: &HeaderMap) -> Result<String> {
    let Some(class) = headers.get("x-amz-storage-class") else { return Ok(STANDARD.to_owned()) };
    let class = class.to_str().unwrap_or_default();
    if STORAGE_CLASSES.contains(&class) {
        Ok(class.to_owned())
    } else {
        Err(Error::from(Code::InvalidStorageClass).with("StorageClassRequested", class))
    }
}

fn metadata(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut metadata = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        let Some(name) = name.as_str().strip_prefix(METADATA_PREFIX) else { continue };
        let value = String::from_utf8_lossy(value.as_bytes());
        // Repeated names are one value, joined, as for any header.
        metadata
            .entry(name.to_owned())
            .and_modify(|earlier| *earlier = format!("{earlier},{value}"))
            .or_insert_with(|| value.into_owned());
    }
    metadata
}

fn kept_value(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned();
    if name != "content-encoding" {
        return (!value.is_empty()).then_some(value);
    }
    // `aws-chunked` says how the request was framed, not what the content is.
    let rest: Vec<_> =
        value.split(',').map(str::trim).filter(|one| !one.is_empty() && *one != "aws-chunked").collect();
    (!rest.is_empty()).then(|| rest.join(","))
}

/// Text beyond ASCII goes out as an encoded word (RFC 2047), as from S3.
fn as_header(value: &str) -> String {
    if value.is_ascii() { value.to_owned() } else { format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(value)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &str)]) -> Result<Attributes> {
        let pairs =
            headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap()));
        Attributes::of(&pairs.collect())
    }

    #[test]
    fn what_is_kept_comes_back() {
        let headers = [
            ("content-type", "text/plain"),
            ("x-amz-meta-owner", "me"),
            ("accept", "x"),
            ("content-encoding", "aws-chunked,gzip"),
        ];
        let attributes = of(&headers).unwrap();
        let mut response = respond::empty(http::StatusCode::OK);
        attributes.apply(&mut response);
        assert_eq!(response.headers()["content-type"], "text/plain");
        assert_eq!(response.headers()["content-encoding"], "gzip");
        assert_eq!(response.headers()["x-amz-meta-owner"], "me");
        assert!(!response.headers().contains_key("accept"));
    }

    #[test]
    fn metadata_is_bounded_and_promises_are_not_made() {
        let long = "a".repeat(METADATA_MAX_BYTES);
        assert_eq!(of(&[("x-amz-meta-a", &long)]).unwrap_err().code, Code::MetadataTooLarge);
        assert_eq!(of(&[("x-amz-write-offset-bytes", "1")]).unwrap_err().code, Code::NotImplemented);
    }
}
