//! What a request's headers say its body should be: length, MD5, SHA-256, checksum.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;

use super::{Algorithm, Digests, Hashing};
use crate::auth::Chain;
use crate::s3::error::{Code, Error, Result};

/// What has to be true of a body.
#[derive(Debug, Clone, Default)]
pub(in crate::s3) struct Expected {
    /// Bytes of content, after any chunk framing.
    pub(in crate::s3) length: Option<u64>,
    /// Whether the body is framed as `aws-chunked`.
    pub(in crate::s3) framed: bool,
    /// The algorithm asked for, by a header, a trailer or by name.
    pub(in crate::s3) algorithm: Option<Algorithm>,
    /// The signatures of the chunks, where they are checked.
    pub(in crate::s3) chain: Option<Chain>,
    md5: Option<[u8; 16]>,
    payload_sha256: Option<String>,
    checksum: Option<String>,
}

impl Expected {
    /// Reads the headers of a request with a body.
    pub(in crate::s3) fn of(headers: &HeaderMap) -> Result<Self> {
        let payload = text(headers, "x-amz-content-sha256").unwrap_or_default();
        let framed = payload.starts_with("STREAMING-") || is_aws_chunked(headers);
        let length = text(headers, if framed { "x-amz-decoded-content-length" } else { "content-length" });
        let (algorithm, checksum) = announced(headers)?;
        Ok(Self {
            length: length.and_then(|length| length.parse().ok()),
            framed,
            algorithm,
            chain: None,
            md5: content_md5(headers)?,
            payload_sha256: (payload.len() == 64).then(|| payload.to_ascii_lowercase()),
            checksum,
        })
    }

    /// Only a length: for a document whose headers speak of something else.
    pub(in crate::s3) fn length_of(headers: &HeaderMap) -> Self {
        let length = text(headers, "content-length").and_then(|length| length.parse().ok());
        Self { length, ..Self::default() }
    }

    /// Begins the computation this body needs; `fallback` is used where no algorithm is asked for.
    pub(in crate::s3) fn hashing(&self, fallback: Algorithm) -> Hashing {
        Hashing::new(self.algorithm.unwrap_or(fallback), self.payload_sha256.is_some())
    }

    /// Compares. `trailers` are the fields that came after the body.
    pub(in crate::s3) fn verify(&self, digests: &Digests, trailers: &[(String, String)]) -> Result<()> {
        if self.md5.is_some_and(|md5| md5 != digests.md5) {
            return Err(
                Error::from(Code::BadDigest).with("CalculatedDigest", BASE64_STANDARD.encode(digests.md5))
            );
        }
        if let (Some(wanted), Some(found)) = (&self.payload_sha256, digests.payload_sha256) {
            let found = hex::encode(found);
            if *wanted != found {
                return Err(Error::from(Code::XAmzContentSHA256Mismatch)
                    .with("ClientComputedContentSHA256", wanted)
                    .with("S3ComputedContentSHA256", found));
            }
        }
        let trailing = trailers.iter().find(|(name, _)| name == digests.checksum.algorithm.header());
        match self.checksum.as_deref().or(trailing.map(|(_, value)| value.as_str())) {
            Some(wanted) if wanted != digests.checksum.value => Err(mismatch(digests.checksum.algorithm)),
            _ => Ok(()),
        }
    }
}

/// The algorithm and, where it is in a header, the value. Two at once are refused.
fn announced(headers: &HeaderMap) -> Result<(Option<Algorithm>, Option<String>)> {
    let given = |algorithm: &Algorithm| headers.contains_key(algorithm.header());
    let mut present = Algorithm::ALL.into_iter().filter(given);
    if let Some(algorithm) = present.next() {
        if present.next().is_some() {
            return Err(Code::InvalidRequest.saying(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
            ));
        }
        let value = text(headers, algorithm.header()).unwrap_or_default();
        let well_formed = BASE64_STANDARD.decode(&value).is_ok_and(|bytes| bytes.len() == algorithm.length());
        if !well_formed {
            return Err(
                Code::InvalidRequest.saying(format!("Value for {} header is invalid.", algorithm.header()))
            );
        }
        return Ok((Some(algorithm), Some(value)));
    }
    let trailer = text(headers, "x-amz-trailer");
    let trailing =
        Algorithm::ALL.into_iter().find(|algorithm| trailer.as_deref() == Some(algorithm.header()));
    Ok((trailing.or(by_name(headers)?), None))
}

fn by_name(headers: &HeaderMap) -> Result<Option<Algorithm>> {
    let name =
        text(headers, "x-amz-sdk-checksum-algorithm").or_else(|| text(headers, "x-amz-checksum-algorithm"));
    let Some(name) = name else { return Ok(None) };
    let message = "Checksum algorithm provided is unsupported. Please try again with any of the valid \
        types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]";
    Algorithm::named(&name).map(Some).ok_or_else(|| Code::InvalidRequest.saying(message))
}

fn mismatch(algorithm: Algorithm) -> Error {
    Code::BadDigest
        .saying(format!("The {} you specified did not match the calculated checksum.", algorithm.name()))
}

fn content_md5(headers: &HeaderMap) -> Result<Option<[u8; 16]>> {
    let Some(value) = text(headers, "content-md5") else { return Ok(None) };
    let bytes = BASE64_STANDARD.decode(&value).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(Some).ok_or_else(|| Error::from(Code::InvalidDigest).with("Content-MD5", value))
}

fn is_aws_chunked(headers: &HeaderMap) -> bool {
    let encoding = text(headers, "content-encoding").unwrap_or_default();
    headers.contains_key("x-amz-decoded-content-length")
        && encoding.split(',').any(|one| one.trim() == "aws-chunked")
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.trim().to_owned())
}
