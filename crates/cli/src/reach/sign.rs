//! Signing a request with an access key, for clouds that check: "Create a signed AWS API request" in the IAM User Guide.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;

const STAMP: &[FormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// An access key, as the environment has it.
#[derive(Clone)]
pub(super) struct Key {
    id: String,
    secret: String,
    region: String,
}

/// What of a POST to `/` is signed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signed<'a> {
    /// `sqs`, `ssm`, `secretsmanager`.
    pub(super) service: &'a str,
    pub(super) host: &'a str,
    /// `X-Amz-Target`, where there is one.
    pub(super) target: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// The headers that carry a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Headers {
    pub(super) date: String,
    pub(super) authorization: String,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Key {
    /// The one that AWS's clients would take from these variables; nothing where there is none.
    pub(super) fn of(variables: &BTreeMap<String, String>) -> Option<Self> {
        let named = |name: &str| variables.get(name).filter(|value| !value.is_empty()).cloned();
        Some(Self {
            id: named("AWS_ACCESS_KEY_ID")?,
            secret: named("AWS_SECRET_ACCESS_KEY")?,
            region: named("AWS_REGION")
                .or_else(|| named("AWS_DEFAULT_REGION"))
                .unwrap_or_else(|| "us-east-1".to_owned()),
        })
    }

    /// Signs a request that is sent now.
    pub(super) fn sign(&self, request: Signed<'_>) -> Headers {
        self.sign_at(request, &OffsetDateTime::now_utc().format(STAMP).unwrap_or_default())
    }

    fn sign_at(&self, request: Signed<'_>, date: &str) -> Headers {
        let day = date.get(..8).unwrap_or_default();
        let mut headers = vec![("host", request.host), ("x-amz-date", date)];
        headers.extend(request.target.map(|target| ("x-amz-target", target)));
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let canonical = format!("POST\n/\n\n{lines}\n{names}\n{}", sha256(request.body));
        let scope = format!("{day}/{}/{}/aws4_request", self.region, request.service);
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", sha256(canonical.as_bytes()));
        let parts = [day, &self.region, request.service, "aws4_request", &text];
        let key = format!("AWS4{}", self.secret).into_bytes();
        let signature = parts.iter().fold(key, |key, part| hmac(&key, part.as_bytes()));
        let (id, signature) = (&self.id, hex::encode(signature));
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}");
        Headers { date: date.to_owned(), authorization }
    }
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    // Any length of key will do, so this can't fail; an empty result matches no signature.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(text);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `post-vanilla` of AWS's own Signature Version 4 test suite.
    #[test]
    fn as_in_aws_s_test_suite() {
        let key = Key {
            id: "AKIDEXAMPLE".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            region: "us-east-1".to_owned(),
        };
        let request = Signed { service: "service", host: "example.amazonaws.com", target: None, body: b"" };
        assert_eq!(
            key.sign_at(request, "20150830T123600Z").authorization,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders=host;x-amz-date, \
             Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
        );
    }

    #[test]
    fn half_a_key_is_none() {
        let variables = BTreeMap::from([("AWS_ACCESS_KEY_ID".to_owned(), "a".to_owned())]);
        assert!(Key::of(&variables).is_none());
    }
}
