//! Signature Version 4, in a header or in a URL.

use http::HeaderMap;

use super::chunks::Chain;
use super::denied::{Denied, Mismatch};
use super::head::{compact_time, parameters, text};
use super::{EMPTY_SHA256, Head, Payload, SKEW_MAX_MS, canonical, hmac, same, sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A presigned URL is good for a week at most.
const EXPIRES_MAX: i64 = 604_800;

const PARAMETERS_MISSING: &str = "Query-string authentication version 4 requires the X-Amz-Algorithm, \
    X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";

/// A signature and what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) scope: Scope,
    /// Names of the signed headers, in lower case.
    signed: Vec<String>,
    provided: String,
    /// `20130524T000000Z`.
    timestamp: String,
    /// The same in milliseconds since 1970.
    pub(super) signed_ms: i64,
    /// How many seconds it is good for, in a URL.
    pub(super) expires: Option<i64>,
}

/// `KEY/DATE/REGION/SERVICE/aws4_request`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) key: String,
    date: String,
    pub(super) region: String,
    service: String,
}

impl Scope {
    /// Reads a credential. The key itself may contain slashes, so it is read from the end.
    pub(super) fn read(credential: &str) -> Option<Self> {
        let mut parts = credential.rsplitn(5, '/');
        let (last, service, region, date) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let key = parts.next().filter(|key| !key.is_empty())?;
        (last == "aws4_request").then(|| Self {
            key: key.to_owned(),
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        })
    }

    /// What a string to sign has of it.
    pub(super) fn text(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }

    /// The key that signs in this scope.
    pub(super) fn signing_key(&self, secret: &str) -> Vec<u8> {
        let date = hmac(format!("AWS4{secret}").as_bytes(), self.date.as_bytes());
        let region = hmac(&date, self.region.as_bytes());
        hmac(&hmac(&region, self.service.as_bytes()), b"aws4_request")
    }
}

impl Signature {
    /// Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
    pub(super) fn of_header(value: &str, headers: &HeaderMap) -> Result<Self, Denied> {
        let wrong = |reason| Denied::Header { reason };
        let rest =
            value.strip_prefix(ALGORITHM).ok_or_else(|| wrong("only AWS4-HMAC-SHA256 is known here"))?;
        let field =
            |name: &str| rest.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        let credential = field("Credential").ok_or_else(|| wrong("it has no Credential"))?;
        let scope = Scope::read(credential)
            .ok_or_else(|| wrong("the Credential is not KEY/DATE/REGION/SERVICE/aws4_request"))?;
        let signed = field("SignedHeaders").ok_or_else(|| wrong("it has no SignedHeaders"))?;
        let provided = field("Signature").ok_or_else(|| wrong("it has no Signature"))?;
        let (timestamp, signed_ms) =
            header_time(headers).ok_or(Denied::MissingHeader { name: "x-amz-date" })?;
        Ok(Self {
            scope,
            signed: names(signed),
            provided: provided.to_owned(),
            timestamp,
            signed_ms,
            expires: None,
        })
    }

    /// Reads the parameters of a presigned URL.
    pub(super) fn of_query<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Denied> {
        let wrong = |reason| Denied::Parameters { reason };
        let needed = |name: &str| get(name).ok_or_else(|| wrong(PARAMETERS_MISSING));
        if needed("X-Amz-Algorithm")? != ALGORITHM {
            return Err(wrong(
                "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"",
            ));
        }
        let scope = Scope::read(needed("X-Amz-Credential")?).ok_or_else(|| {
            wrong(
                "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \
                   \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
            )
        })?;
        let timestamp = needed("X-Amz-Date")?;
        let signed_ms = compact_time(timestamp)
            .ok_or_else(|| wrong("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""))?;
        let expires = needed("X-Amz-Expires")?;
        let expires = expires.parse::<i64>().map_err(|_| wrong("X-Amz-Expires should be a number"))?;
        if expires < 0 {
            return Err(wrong("X-Amz-Expires must be non-negative"));
        }
        if expires > EXPIRES_MAX {
            return Err(wrong(
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be \
                 less than 604800 seconds",
            ));
        }
        Ok(Self {
            scope,
            signed: names(needed("X-Amz-SignedHeaders")?),
            provided: needed("X-Amz-Signature")?.to_owned(),
            timestamp: timestamp.to_owned(),
            signed_ms,
            expires: Some(expires),
        })
    }

    /// Compares it with the one this request has under `secret`, and its time with `now`.
    pub(super) fn check(
        &self,
        head: Head<'_>,
        payload: Payload<'_>,
        secret: &str,
        now: i64,
    ) -> Result<Option<Chain>, Denied> {
        self.check_time(now)?;
        self.check_coverage(head)?;
        let payload = self.payload(head, payload)?;
        let request = canonical::request(head, &self.scope.service, &self.signed, &payload);
        let (timestamp, scope) = (&self.timestamp, self.scope.text());
        let string_to_sign = format!("{ALGORITHM}\n{timestamp}\n{scope}\n{}", sha256(request.as_bytes()));
        let key = self.scope.signing_key(secret);
        if !same(&hex::encode(hmac(&key, string_to_sign.as_bytes())), &self.provided) {
            return Err(Denied::Mismatch(Box::new(Mismatch {
                key: self.scope.key.clone(),
                string_to_sign,
                provided: self.provided.clone(),
                canonical_request: request,
            })));
        }
        let chunked = payload.starts_with("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
        Ok(chunked.then(|| Chain::new(key, timestamp, &scope, &self.provided)))
    }

    fn check_time(&self, now: i64) -> Result<(), Denied> {
        let late = self.expires.is_none() && now - self.signed_ms > SKEW_MAX_MS;
        if late || self.signed_ms - now > SKEW_MAX_MS {
            return Err(Denied::Skewed { request_ms: self.signed_ms, server_ms: now });
        }
        if self.timestamp.get(..8) == Some(self.scope.date.as_str()) {
            return Ok(());
        }
        Err(Denied::Header { reason: "the date of the Credential is not that of the request" })
    }

    /// What decides about the request has to be signed: the host, and all of `x-amz-*`.
    fn check_coverage(&self, head: Head<'_>) -> Result<(), Denied> {
        // A header that stands in a presigned URL is signed with it.
        let url = parameters(head.uri.query().filter(|_| self.expires.is_some()).unwrap_or_default());
        let in_url = |name: &str| url.iter().any(|(have, _)| have.eq_ignore_ascii_case(name));
        let covered = |name: &str| self.signed.iter().any(|signed| signed == name) || in_url(name);
        if !covered("host") {
            return Err(Denied::MissingHeader { name: "host (it has to be signed)" });
        }
        let open = head.headers.keys().any(|name| {
            let name = name.as_str();
            name.starts_with("x-amz-") && name != "x-amz-content-sha256" && !covered(name)
        });
        if open && self.scope.service == "s3" {
            return Err(Denied::MissingHeader { name: "x-amz-* (all of them have to be signed)" });
        }
        Ok(())
    }

    fn payload(&self, head: Head<'_>, payload: Payload<'_>) -> Result<String, Denied> {
        let said = text(head.headers, "x-amz-content-sha256");
        match (payload, said) {
            (Payload::Body(body), _) => Ok(sha256(body)),
            (Payload::Header, Some(said)) => Ok(said.to_owned()),
            (Payload::Header, None) if self.expires.is_some() => Ok("UNSIGNED-PAYLOAD".to_owned()),
            (Payload::Header, None) => Err(Denied::MissingHeader { name: "x-amz-content-sha256" }),
        }
    }
}

/// The string that the trailing part of a chain signs beside the scope.
pub(super) fn empty() -> &'static str {
    EMPTY_SHA256
}

fn names(list: &str) -> Vec<String> {
    list.split(';').map(str::to_ascii_lowercase).collect()
}

/// `x-amz-date`, or `Date` where a client can't set the other.
fn header_time(headers: &HeaderMap) -> Option<(String, i64)> {
    if let Some(stamp) = text(headers, "x-amz-date") {
        return Some((stamp.to_owned(), compact_time(stamp)?));
    }
    let at = httpdate::parse_http_date(text(headers, "date")?).ok()?;
    let at = time::OffsetDateTime::from(at);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    let month = u8::from(month);
    let stamp = format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z");
    Some((stamp, at.unix_timestamp() * 1000))
}
