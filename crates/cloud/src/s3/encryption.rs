//! Encryption as S3 speaks of it: by the bucket's default, by a key of KMS, or by a key the customer brings.
//!
//! The bytes lie on this machine's disk as they are. What is kept is what was asked for, and it is told back; an
//! object stored under a customer's key is handed out only to who shows that key again ("Using server-side
//! encryption with customer-provided keys" in the Amazon S3 User Guide).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use md5::{Digest as _, Md5};
use subtle::ConstantTimeEq as _;

use super::documents::shape::Node;
use super::error::{Code, Error, Result};

const METHOD: &str = "x-amz-server-side-encryption";
const KMS_KEY: &str = "x-amz-server-side-encryption-aws-kms-key-id";
const BUCKET_KEY: &str = "x-amz-server-side-encryption-bucket-key-enabled";
pub(super) const CONTEXT: &str = "x-amz-server-side-encryption-context";
const CUSTOMER_ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";
const CUSTOMER_MD5: &str = "x-amz-server-side-encryption-customer-key-md5";

/// Before the customer's headers about the object itself, and about the source of a copy.
pub(super) const OWN: &str = "x-amz-server-side-encryption-customer-";
pub(super) const SOURCE: &str = "x-amz-copy-source-server-side-encryption-customer-";

/// What encrypts an object when its request says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Encryption {
    method: String,
    key: Option<String>,
    bucket_key: bool,
    origin: Origin,
}

/// Where a bucket's default is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// S3 encrypts what nobody says anything of.
    Service,
    /// The bucket's owner put it.
    Owner,
}

/// Where a key without a full name is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) region: &'a str,
    pub(super) account: &'a str,
}

impl Default for Encryption {
    fn default() -> Self {
        Self { method: "AES256".to_owned(), key: None, bucket_key: false, origin: Origin::Service }
    }
}

impl Encryption {
    /// The default of a bucket's document.
    pub(super) fn default_of(node: &Node) -> Self {
        let Some(rule) = node.child("Rule") else { return Self::default() };
        let Some(default) = rule.child("ApplyServerSideEncryptionByDefault") else { return Self::default() };
        Self {
            method: default.get("SSEAlgorithm").unwrap_or("AES256").to_owned(),
            key: default.get("KMSMasterKeyID").map(str::to_owned),
            bucket_key: rule.says("BucketKeyEnabled"),
            origin: Origin::Owner,
        }
    }

    /// Whether an object kept with these headers is encrypted as S3 does it where nobody said anything.
    pub(super) fn is_default_for(&self, kept: &BTreeMap<String, String>) -> bool {
        self.origin == Origin::Service && kept.get(METHOD).is_none_or(|method| *method == self.method)
    }

    /// The headers that an object written by a request is kept with.
    pub(super) fn of_request(
        &self,
        headers: &HeaderMap,
        place: Place<'_>,
    ) -> Result<BTreeMap<String, String>> {
        if let Some(customer) = Customer::of(headers, OWN)? {
            if headers.contains_key(METHOD) {
                return Err(Error::argument(
                    METHOD,
                    text(headers, METHOD).unwrap_or_default(),
                    "Server Side Encryption with Customer provided key is incompatible with the encryption \
                     method specified",
                ));
            }
            return Ok(customer.headers());
        }
        let method = text(headers, METHOD).unwrap_or(&self.method);
        let own_method = text(headers, METHOD).is_none();
        let key = text(headers, KMS_KEY).or(self.key.as_deref().filter(|_| own_method));
        match method {
            "AES256" if text(headers, KMS_KEY).is_some() => Err(Error::argument(
                METHOD,
                method,
                "Server Side Encryption with AWS KMS managed key requires HTTP header \
                 x-amz-server-side-encryption : aws:kms",
            )),
            "AES256" => Ok(BTreeMap::from([(METHOD.to_owned(), method.to_owned())])),
            "aws:kms" | "aws:kms:dsse" => {
                let bucket_key = text(headers, BUCKET_KEY).map(|text| text.eq_ignore_ascii_case("true"));
                let bucket_key = bucket_key.unwrap_or(self.bucket_key && own_method);
                let context = text(headers, CONTEXT);
                Ok(under_kms(method, &full_name(key, place), bucket_key, context))
            }
            other => Err(Error::argument(METHOD, other, "The encryption method specified is not supported")),
        }
    }
}

/// What is kept of an object under a key of KMS.
fn under_kms(method: &str, key: &str, bucket_key: bool, context: Option<&str>) -> BTreeMap<String, String> {
    let bucket_key = bucket_key.then_some((BUCKET_KEY, "true"));
    let context = context.map(|context| (CONTEXT, context));
    let always = [(METHOD, method), (KMS_KEY, key)];
    let all = always.into_iter().chain(bucket_key).chain(context);
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A key the customer brings, as the MD5 that tells it from others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Customer {
    md5: String,
}

impl Customer {
    /// Reads the three headers, which come together or not at all.
    fn of(headers: &HeaderMap, prefix: &str) -> Result<Option<Self>> {
        let part = |name: &str| text(headers, &format!("{prefix}{name}"));
        let wrong = |name: &str, message: &str| {
            let header = format!("{prefix}{name}");
            Error::argument(&header, "null", message)
        };
        let (algorithm, key, md5) = (part("algorithm"), part("key"), part("key-md5"));
        if (algorithm, key, md5) == (None, None, None) {
            return Ok(None);
        }
        let begin = "Requests specifying Server Side Encryption with Customer provided keys must provide";
        let algorithm =
            algorithm.ok_or_else(|| wrong("algorithm", &format!("{begin} a valid encryption algorithm.")))?;
        let key = key.ok_or_else(|| wrong("key", &format!("{begin} an appropriate secret key.")))?;
        let md5 = md5.ok_or_else(|| {
            wrong("key-MD5", &format!("{begin} the client calculated MD5 of the secret key."))
        })?;
        if algorithm != "AES256" {
            return Err(Code::InvalidEncryptionAlgorithmError.into());
        }
        let bytes = BASE64_STANDARD.decode(key).ok().filter(|bytes| bytes.len() == 32);
        let bytes =
            bytes.ok_or_else(|| wrong("key", "The secret key was invalid for the specified algorithm."))?;
        if BASE64_STANDARD.encode(Md5::digest(&bytes)) != md5 {
            let message = "The calculated MD5 hash of the key did not match the hash that was provided.";
            return Err(wrong("key-MD5", message));
        }
        Ok(Some(Self { md5: md5.to_owned() }))
    }

    fn headers(self) -> BTreeMap<String, String> {
        BTreeMap::from([
            (CUSTOMER_ALGORITHM.to_owned(), "AES256".to_owned()),
            (CUSTOMER_MD5.to_owned(), self.md5),
        ])
    }
}

/// Whether a request may read what is kept with these headers: with the key it was stored under, or without any.
pub(super) fn check_read(kept: &BTreeMap<String, String>, headers: &HeaderMap, prefix: &str) -> Result<()> {
    match (kept.get(CUSTOMER_MD5), Customer::of(headers, prefix)?) {
        (None, None) => Ok(()),
        (None, Some(_)) => {
            Err(Code::InvalidRequest.saying("The encryption parameters are not applicable to this object."))
        }
        (Some(_), None) => Err(Code::InvalidRequest.saying(
            "The object was stored using a form of Server Side Encryption. The correct parameters must be \
             provided to retrieve the object.",
        )),
        (Some(md5), Some(shown)) if bool::from(md5.as_bytes().ct_eq(shown.md5.as_bytes())) => Ok(()),
        (Some(_), Some(_)) => Err(Code::AccessDenied.saying(
            "Requests specifying Server Side Encryption with Customer provided keys must provide the correct \
             secret key.",
        )),
    }
}

/// Whether a part is sent under the key its upload was begun with.
pub(super) fn check_part(kept: &BTreeMap<String, String>, headers: &HeaderMap) -> Result<()> {
    match (kept.get(CUSTOMER_MD5), Customer::of(headers, OWN)?) {
        (None, None) => Ok(()),
        (Some(md5), Some(shown)) if bool::from(md5.as_bytes().ct_eq(shown.md5.as_bytes())) => Ok(()),
        (Some(_), Some(_)) => Err(Code::InvalidRequest
            .saying("The provided encryption parameters did not match the ones used originally.")),
        (Some(_), None) => Err(Code::InvalidRequest.saying(
            "The multipart upload initiate requested encryption. Subsequent part requests must include the \
             appropriate encryption parameters.",
        )),
        (None, Some(_)) => {
            Err(Code::InvalidRequest.saying("The encryption parameters are not applicable to this object."))
        }
    }
}

/// A key by its full name, as answers have it.
fn full_name(key: Option<&str>, Place { region, account }: Place<'_>) -> String {
    let prefix = format!("arn:aws:kms:{region}:{account}:");
    match key {
        None => format!("{prefix}alias/aws/s3"),
        Some(key) if key.starts_with("arn:") => key.to_owned(),
        Some(key) if key.starts_with("alias/") => format!("{prefix}{key}"),
        Some(key) => format!("{prefix}key/{key}"),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests;
