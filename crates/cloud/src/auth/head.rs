//! What a request's head presents: a signature in a header, in the URL, an old one, or nothing.

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use time::{Date, Month, PrimitiveDateTime, Time};

use super::denied::Denied;
use super::{Head, v2, v4};

/// What was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Presented {
    Nothing,
    V4(v4::Signature),
    V2(v2::Signature),
}

/// Reads the head.
pub(super) fn read(head: Head<'_>) -> Result<Presented, Denied> {
    let parameters = parameters(head.uri.query().unwrap_or_default());
    let get = |name: &str| parameters.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str());
    if get("X-Amz-Algorithm").is_some() || get("X-Amz-Signature").is_some() {
        return v4::Signature::of_query(get).map(Presented::V4);
    }
    if let (Some(key), Some(signature)) = (get("AWSAccessKeyId"), get("Signature")) {
        return v2::Signature::of_query(key, signature, get("Expires")).map(Presented::V2);
    }
    match text(head.headers, "authorization") {
        None => Ok(Presented::Nothing),
        Some(value) if value.starts_with("AWS ") => {
            v2::Signature::of_header(value, head.headers).map(Presented::V2)
        }
        Some(value) => v4::Signature::of_header(value, head.headers).map(Presented::V4),
    }
}

impl Presented {
    /// Refuses a presigned URL past its time.
    pub(super) fn check_expiry(&self, now: i64) -> Result<(), Denied> {
        let (seconds, expires_ms) = match self {
            Self::V4(v4::Signature { signed_ms, expires: Some(seconds), .. }) => {
                (Some(*seconds), signed_ms.saturating_add(seconds.saturating_mul(1000)))
            }
            Self::V2(v2::Signature { expires_ms: Some(expires_ms), .. }) => (None, *expires_ms),
            _ => return Ok(()),
        };
        if now > expires_ms { Err(Denied::Expired { seconds, expires_ms, server_ms: now }) } else { Ok(()) }
    }
}

/// A query's parameters, decoded. A `+` stands for itself here: signing encodes it, and a space as `%20`.
pub(super) fn parameters(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// A header as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Reads `20130524T000000Z` as milliseconds since 1970.
pub(super) fn compact_time(text: &str) -> Option<i64> {
    let digits = |from: usize, length: usize| text.get(from..from + length)?.parse::<u16>().ok();
    let byte = |from: usize| u8::try_from(digits(from, 2)?).ok();
    if text.len() != 16 || text.get(8..9) != Some("T") || text.get(15..16) != Some("Z") {
        return None;
    }
    let month = Month::try_from(byte(4)?).ok()?;
    let date = Date::from_calendar_date(i32::from(digits(0, 4)?), month, byte(6)?).ok()?;
    let time = Time::from_hms(byte(9)?, byte(11)?, byte(13)?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp() * 1000)
}
