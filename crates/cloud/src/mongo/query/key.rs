//! Values as bytes whose order is the order of the values, for the keys of indexes and of sorts.
//!
//! `encode(a) < encode(b)` exactly when `compare(a, b)` is less, and equal exactly when it is equal: `1`, `1.0` and
//! `NumberDecimal("1.00")` have the same bytes. No encoding is the beginning of another one, so components can be put
//! behind each other. A descending component has all its bits turned over.
//!
//! A number is the greatest double not above it (eight bytes), then 0 if that is the number, or 1 and all its digits.

use bson::{Bson, Document};

use super::compare::{Rank, pointer_bytes, subtype};
use super::decimal::{Decimal, Finite};
use super::number::{Number, f64_to_i64, long_to_f64};

/// Which way a component of a key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

/// Ends a document, an array; lower than every rank.
const END: u8 = 0;

/// The value as bytes, ascending.
pub(crate) fn encode(value: &Bson) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16);
    append(&mut bytes, value);
    bytes
}

/// Puts a component behind a compound key.
pub(crate) fn push(key: &mut Vec<u8>, value: &Bson, direction: Direction) {
    let start = key.len();
    append(key, value);
    if direction == Direction::Descending {
        invert(key.get_mut(start..).unwrap_or_default());
    }
}

/// Turns an ascending component into a descending one, and back.
pub(crate) fn invert(bytes: &mut [u8]) {
    for byte in bytes {
        *byte = !*byte;
    }
}

/// The bytes below all values of this rank.
pub(crate) fn rank_start(rank: Rank) -> Vec<u8> {
    vec![byte(rank)]
}

/// The bytes above all values of this rank, and below those of the next.
pub(crate) fn rank_end(rank: Rank) -> Vec<u8> {
    vec![byte(rank) + 1]
}

#[expect(clippy::as_conversions, reason = "the ranks are the bytes")]
fn byte(rank: Rank) -> u8 {
    rank as u8
}

fn append(to: &mut Vec<u8>, value: &Bson) {
    to.push(byte(Rank::of(value)));
    append_body(to, value);
}

fn append_body(to: &mut Vec<u8>, value: &Bson) {
    match value {
        Bson::MinKey | Bson::MaxKey | Bson::Undefined | Bson::Null => {}
        Bson::String(text) | Bson::Symbol(text) | Bson::JavaScriptCode(text) => {
            append_bytes(to, text.as_bytes());
        }
        Bson::Document(document) => append_document(to, document),
        Bson::Array(array) => {
            array.iter().for_each(|value| append(to, value));
            to.push(END);
        }
        Bson::Binary(binary) => {
            let length = u32::try_from(binary.bytes.len()).unwrap_or(u32::MAX);
            to.extend(length.to_be_bytes());
            to.push(subtype(binary));
            to.extend(&binary.bytes);
        }
        Bson::ObjectId(id) => to.extend(id.bytes()),
        Bson::Boolean(value) => to.push(u8::from(*value)),
        Bson::DateTime(date) => to.extend(ordered(date.timestamp_millis()).to_be_bytes()),
        Bson::Timestamp(stamp) => {
            to.extend(stamp.time.to_be_bytes());
            to.extend(stamp.increment.to_be_bytes());
        }
        Bson::RegularExpression(regex) => {
            append_bytes(to, regex.pattern.as_str().as_bytes());
            append_bytes(to, regex.options.as_str().as_bytes());
        }
        Bson::DbPointer(pointer) => append_bytes(to, &pointer_bytes(pointer)),
        Bson::JavaScriptCodeWithScope(code) => {
            append_bytes(to, code.code.as_bytes());
            append_document(to, &code.scope);
        }
        Bson::Int32(value) => append_double(to, f64::from(*value), None),
        Bson::Int64(value) => append_long(to, *value),
        Bson::Double(value) => append_double(to, *value, None),
        Bson::Decimal128(value) => append_decimal(to, &(*value).into()),
    }
}

fn append_document(to: &mut Vec<u8>, document: &Document) {
    for (name, value) in document {
        to.push(byte(Rank::of(value)));
        append_bytes(to, name.as_bytes());
        append_body(to, value);
    }
    to.push(END);
}

/// Bytes of any length: a zero becomes 0 and 255, the end is two zeros.
fn append_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        to.push(*byte);
        if *byte == 0 {
            to.push(0xFF);
        }
    }
    to.extend([0, 0]);
}

fn append_long(to: &mut Vec<u8>, value: i64) {
    let near = long_to_f64(value);
    if f64_to_i64(near) == Some(value) {
        return append_double(to, near, None);
    }
    let exact = Decimal::from_i64(value);
    let above = Number::Double(near).compare(&Number::Long(value)).is_gt();
    append_double(to, if above { near.next_down() } else { near }, finite(&exact));
}

fn append_decimal(to: &mut Vec<u8>, value: &Decimal) {
    let near = value.to_f64();
    match Decimal::exactly(near).compare(value) {
        std::cmp::Ordering::Equal => append_double(to, near, None),
        std::cmp::Ordering::Less => append_double(to, near, finite(value)),
        std::cmp::Ordering::Greater => append_double(to, near.next_down(), finite(value)),
    }
}

fn finite(value: &Decimal) -> Option<&Finite> {
    match value {
        Decimal::Finite(finite) => Some(finite),
        _ => None,
    }
}

fn append_double(to: &mut Vec<u8>, floor: f64, beyond: Option<&Finite>) {
    to.extend(ordered_double(floor).to_be_bytes());
    match beyond {
        None => to.push(0),
        Some(finite) => {
            to.push(1);
            append_digits(to, finite);
        }
    }
}

/// A finite number's magnitude and digits; those of a negative one turned over.
fn append_digits(to: &mut Vec<u8>, finite: &Finite) {
    let start = to.len();
    to.extend(ordered(i64::from(finite.magnitude())).to_be_bytes());
    to.extend(finite.significant().iter().map(|digit| digit + 1));
    to.push(END);
    if finite.negative {
        invert(to.get_mut(start..).unwrap_or_default());
    }
}

/// A double's bits in the order of doubles; all NaNs are one, below all others, and so are both zeros.
fn ordered_double(value: f64) -> u64 {
    if value.is_nan() {
        return 0;
    }
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// A whole number's bits in the order of whole numbers.
fn ordered(value: i64) -> u64 {
    value.cast_unsigned() ^ 1 << 63
}

#[cfg(test)]
mod tests;
