//! The two names a request carries through the system: `x-request-id` and `x-amzn-trace-id`.

use std::cell::Cell;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use http::header::{Entry, HeaderName};
use http::{HeaderMap, HeaderValue};

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_AMZN_TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// The longest request id that is kept.
const REQUEST_ID_BYTES: usize = 128;
/// The longest trace header that is extended; a longer one is replaced.
const TRACE_BYTES: usize = 512;

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
    let fresh = match headers.get(X_AMZN_TRACE_ID) {
        Some(known) if known.len() <= TRACE_BYTES && has_root(known.as_bytes()) => {
            let mut rest = Vec::with_capacity(known.len() + 1);
            let fields = known.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
            for field in fields.filter(|field| !field.starts_with(b"Self=") && !field.is_empty()) {
                rest.push(b';');
                rest.extend_from_slice(field);
            }
            let mut text = hop(*b"Self", dice).to_vec();
            text.extend_from_slice(&rest);
            value(&text)
        }
        _ => value(&hop(*b"Root", dice)),
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
    let mut text = [0; 32];
    let (first, second) = text.split_at_mut(16);
    write_hex(first, dice.roll());
    write_hex(second, dice.roll());
    value(&text)
}

/// Writes the last digits of `number`, as many as `digits` has room for.
fn write_hex(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        let value = (number & 15) as u8;
        // The letters begin 39 places behind the digits; no branch, so that the compiler takes many at once.
        *digit = b'0' + value + u8::from(value > 9) * 39;
        number >>= 4;
    }
}

/// `LABEL=1-<seconds>-<random>`.
fn hop(label: [u8; 4], dice: &Dice) -> [u8; 40] {
    let mut text = *b"Self=1-........-........................";
    let (start, random) = text.split_at_mut(16);
    let (name, time) = start.split_at_mut(7);
    name.iter_mut().zip(label).for_each(|(slot, byte)| *slot = byte);
    let (time, _dash) = time.split_at_mut(8);
    write_hex(time, seconds());
    let (first, second) = random.split_at_mut(16);
    write_hex(first, dice.roll());
    write_hex(second, dice.roll());
    text
}

fn value(text: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(text).unwrap_or_else(|_| HeaderValue::from_static("invalid"))
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
