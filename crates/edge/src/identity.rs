//! The two names a request carries through the system: `x-request-id` and `x-amzn-trace-id`.

use std::cell::Cell;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::{BufMut, Bytes, BytesMut};
use http::header::{Entry, HeaderName};
use http::{HeaderMap, HeaderValue};

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_AMZN_TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// The longest request id that is kept.
const REQUEST_ID_BYTES: usize = 128;
/// The longest trace header that is extended; a longer one is replaced.
const TRACE_BYTES: usize = 512;
const HEX: &[u8; 16] = b"0123456789abcdef";

/// Numbers that differ between requests and between starts. Not for secrets.
#[derive(Debug)]
pub(crate) struct Dice(Cell<u64>);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(Cell::new(RandomState::new().build_hasher().finish()))
    }

    /// The next number (SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    pub(crate) fn roll(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Keeps the client's request id when it is one line of at most 128 visible characters, else makes one; returns it.
pub(crate) fn set_request_id(headers: &mut HeaderMap, dice: &Dice) -> HeaderValue {
    match headers.entry(X_REQUEST_ID) {
        Entry::Occupied(slot) if is_sane(slot.get()) => slot.get().clone(),
        Entry::Occupied(mut slot) => {
            let fresh = request_id(dice);
            slot.insert(fresh.clone());
            fresh
        }
        Entry::Vacant(slot) => slot.insert(request_id(dice)).clone(),
    }
}

/// Gives a request a trace root, or adds this hop to the one it has (Elastic Load Balancing user guide, "Request tracing
/// for your Application Load Balancer").
pub(crate) fn set_trace_id(headers: &mut HeaderMap, dice: &Dice) {
    let hop = |label: &[u8], rest: &[u8]| {
        let mut text = BytesMut::with_capacity(label.len() + 35 + rest.len());
        text.put_slice(label);
        text.put_slice(b"=1-");
        put_hex(&mut text, seconds(), 8);
        text.put_u8(b'-');
        put_hex(&mut text, dice.roll(), 16);
        put_hex(&mut text, dice.roll(), 8);
        text.put_slice(rest);
        value(text.freeze())
    };
    let fresh = match headers.get(X_AMZN_TRACE_ID) {
        Some(known) if known.len() <= TRACE_BYTES && has_root(known.as_bytes()) => {
            let mut rest = Vec::with_capacity(known.len() + 1);
            let fields = known.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
            for field in fields.filter(|field| !field.starts_with(b"Self=") && !field.is_empty()) {
                rest.push(b';');
                rest.extend_from_slice(field);
            }
            hop(b"Self", &rest)
        }
        _ => hop(b"Root", b""),
    };
    headers.insert(X_AMZN_TRACE_ID, fresh);
}

fn is_sane(id: &HeaderValue) -> bool {
    (1..=REQUEST_ID_BYTES).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
}

fn has_root(trace: &[u8]) -> bool {
    trace.split(|byte| *byte == b';').any(|field| field.trim_ascii().starts_with(b"Root="))
}

fn request_id(dice: &Dice) -> HeaderValue {
    let mut text = BytesMut::with_capacity(32);
    put_hex(&mut text, dice.roll(), 16);
    put_hex(&mut text, dice.roll(), 16);
    value(text.freeze())
}

/// The last `digits` hexadecimal digits of `number`.
fn put_hex(text: &mut BytesMut, number: u64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = usize::try_from((number >> (place * 4)) & 15).unwrap_or_default();
        text.put_u8(HEX.get(digit).copied().unwrap_or(b'0'));
    }
}

fn value(text: Bytes) -> HeaderValue {
    HeaderValue::from_maybe_shared(text).unwrap_or_else(|_| HeaderValue::from_static("invalid"))
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request_id_of(sent: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_static(sent));
        set_request_id(&mut headers, &Dice::new()).to_str().unwrap().to_owned()
    }

    fn trace_of(sent: Option<&'static str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(sent) = sent {
            headers.insert(X_AMZN_TRACE_ID, HeaderValue::from_static(sent));
        }
        set_trace_id(&mut headers, &Dice::new());
        headers[X_AMZN_TRACE_ID].to_str().unwrap().to_owned()
    }

    #[test]
    fn a_sane_request_id_stays() {
        assert_eq!(request_id_of("abc-123"), "abc-123");
        assert_eq!(request_id_of("with space").len(), 32);
        assert_eq!(request_id_of("").len(), 32);
    }

    #[test]
    fn ids_differ() {
        let dice = Dice::new();
        assert_ne!(request_id(&dice), request_id(&dice));
    }

    #[test]
    fn traces_get_a_root_or_a_hop() {
        let fresh = trace_of(None);
        assert!(fresh.starts_with("Root=1-") && fresh.len() == 40, "{fresh}");
        let hop = trace_of(Some("Self=1-0-0;Root=1-67891233-abc;CalledFrom=app"));
        assert!(hop.starts_with("Self=1-") && hop.ends_with(";Root=1-67891233-abc;CalledFrom=app"), "{hop}");
        assert_eq!(hop.matches("Self=").count(), 1);
        assert!(trace_of(Some("nonsense")).starts_with("Root=1-"));
    }
}
