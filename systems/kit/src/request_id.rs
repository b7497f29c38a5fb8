//! One identifier per request: taken from `X-Request-Id` where it is sane, else made; on the answer and in the logs.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header it travels in.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longest identifier that is taken over from a client, in bytes.
const MAX_LENGTH: usize = 128;

/// The identifier a request has: its own when that is 1 to 128 visible ASCII characters, else a new UUIDv4.
#[must_use]
pub fn of(headers: &HeaderMap) -> HeaderValue {
    match headers.get(HEADER) {
        Some(given) if is_sane(given) => given.clone(),
        _ => fresh(),
    }
}

fn is_sane(given: &HeaderValue) -> bool {
    (1..=MAX_LENGTH).contains(&given.len()) && given.as_bytes().iter().all(u8::is_ascii_graphic)
}

fn fresh() -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    let text = Uuid::new_v4().hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(HEADER, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn a_sane_one_is_kept() {
        assert_eq!(of(&given("trace-42")), "trace-42");
    }

    #[test]
    fn anything_else_is_replaced() {
        for bad in ["", "two words", &"x".repeat(129)] {
            assert_eq!(of(&given(bad)).len(), 36, "{bad:?}");
        }
        assert_ne!(of(&HeaderMap::new()), of(&HeaderMap::new()));
    }
}
