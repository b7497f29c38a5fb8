//! The order of BSON values across all types, as sorts, indexes and `$lt` know it.
//!
//! MongoDB manual, "Comparison/Sort Order": MinKey, (undefined), null, numbers, strings and symbols, documents, arrays,
//! binary, ObjectId, booleans, dates, timestamps, regular expressions, DBPointers, code, code with scope, MaxKey.

use std::cmp::Ordering;

use bson::spec::BinarySubtype;
use bson::{Binary, Bson, DbPointer, Document};

use super::number::Number;

/// The place of a value's type in the order. Equal for types that compare by value: all numbers, strings and symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Rank {
    MinKey = 0x10,
    Undefined = 0x18,
    Null = 0x20,
    Number = 0x28,
    String = 0x30,
    Document = 0x38,
    Array = 0x40,
    Binary = 0x48,
    ObjectId = 0x50,
    Boolean = 0x58,
    Date = 0x60,
    Timestamp = 0x68,
    Regex = 0x70,
    DbPointer = 0x78,
    Code = 0x80,
    CodeWithScope = 0x88,
    MaxKey = 0xE0,
}

impl Rank {
    /// The rank of a value.
    pub(crate) fn of(value: &Bson) -> Self {
        match value {
            Bson::MinKey => Self::MinKey,
            Bson::Undefined => Self::Undefined,
            Bson::Null => Self::Null,
            Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => Self::Number,
            Bson::String(_) | Bson::Symbol(_) => Self::String,
            Bson::Document(_) => Self::Document,
            Bson::Array(_) => Self::Array,
            Bson::Binary(_) => Self::Binary,
            Bson::ObjectId(_) => Self::ObjectId,
            Bson::Boolean(_) => Self::Boolean,
            Bson::DateTime(_) => Self::Date,
            Bson::Timestamp(_) => Self::Timestamp,
            Bson::RegularExpression(_) => Self::Regex,
            Bson::DbPointer(_) => Self::DbPointer,
            Bson::JavaScriptCode(_) => Self::Code,
            Bson::JavaScriptCodeWithScope(_) => Self::CodeWithScope,
            Bson::MaxKey => Self::MaxKey,
        }
    }
}

/// The order of two values.
pub(crate) fn compare(left: &Bson, right: &Bson) -> Ordering {
    Rank::of(left).cmp(&Rank::of(right)).then_with(|| within_rank(left, right))
}

/// The order of two values that may be missing: what is missing comes before everything but MinKey.
pub(crate) fn compare_optional(left: Option<&Bson>, right: Option<&Bson>) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) => compare(left, right),
        (None, None) => Ordering::Equal,
        (None, Some(Bson::MinKey)) => Ordering::Greater,
        (Some(Bson::MinKey), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
    }
}

/// Whether two values are the same to a query: `1` and `1.0` are, documents with their fields in another order are not.
pub(crate) fn equal(left: &Bson, right: &Bson) -> bool {
    compare(left, right) == Ordering::Equal
}

/// Whether two values are the same in every bit that BSON keeps: `1` and `1.0` are not.
pub(crate) fn identical(left: &Bson, right: &Bson) -> bool {
    match (left, right) {
        (Bson::Document(left), Bson::Document(right)) => identical_documents(left, right),
        (Bson::Array(left), Bson::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| identical(left, right))
        }
        (Bson::Double(left), Bson::Double(right)) => left.to_bits() == right.to_bits(),
        _ => left == right,
    }
}

/// Whether two documents have the same fields in the same order with identical values.
pub(crate) fn identical_documents(left: &Document, right: &Document) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| left.0 == right.0 && identical(left.1, right.1))
}

/// The order of two documents: field by field, each by its type, then its name, then its value.
pub(crate) fn compare_documents(left: &Document, right: &Document) -> Ordering {
    for ((left_name, left), (right_name, right)) in left.iter().zip(right) {
        let order = Rank::of(left)
            .cmp(&Rank::of(right))
            .then_with(|| left_name.as_bytes().cmp(right_name.as_bytes()))
            .then_with(|| within_rank(left, right));
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

/// The namespace and the id of a DBPointer, a type that nothing has written for a decade and bson gives no access to.
pub(super) fn pointer_bytes(pointer: &DbPointer) -> Vec<u8> {
    let mut document = Document::new();
    document.insert("", Bson::DbPointer(pointer.clone()));
    document.to_vec().unwrap_or_default()
}

/// The number of a binary's subtype.
pub(super) fn subtype(binary: &Binary) -> u8 {
    let subtype: BinarySubtype = binary.subtype;
    subtype.into()
}

fn within_rank(left: &Bson, right: &Bson) -> Ordering {
    match (left, right) {
        (Bson::Document(left), Bson::Document(right)) => compare_documents(left, right),
        (Bson::Array(left), Bson::Array(right)) => compare_arrays(left, right),
        (Bson::String(left) | Bson::Symbol(left), Bson::String(right) | Bson::Symbol(right)) => {
            left.as_bytes().cmp(right.as_bytes())
        }
        (Bson::Binary(left), Bson::Binary(right)) => left
            .bytes
            .len()
            .cmp(&right.bytes.len())
            .then_with(|| subtype(left).cmp(&subtype(right)))
            .then_with(|| left.bytes.cmp(&right.bytes)),
        (Bson::ObjectId(left), Bson::ObjectId(right)) => left.bytes().cmp(&right.bytes()),
        (Bson::Boolean(left), Bson::Boolean(right)) => left.cmp(right),
        (Bson::DateTime(left), Bson::DateTime(right)) => left.cmp(right),
        (Bson::Timestamp(left), Bson::Timestamp(right)) => {
            (left.time, left.increment).cmp(&(right.time, right.increment))
        }
        (Bson::RegularExpression(left), Bson::RegularExpression(right)) => {
            let (left_options, right_options) = (left.options.as_str(), right.options.as_str());
            left.pattern.as_str().cmp(right.pattern.as_str()).then_with(|| left_options.cmp(right_options))
        }
        (Bson::DbPointer(left), Bson::DbPointer(right)) => pointer_bytes(left).cmp(&pointer_bytes(right)),
        (Bson::JavaScriptCode(left), Bson::JavaScriptCode(right)) => left.as_bytes().cmp(right.as_bytes()),
        (Bson::JavaScriptCodeWithScope(left), Bson::JavaScriptCodeWithScope(right)) => left
            .code
            .as_bytes()
            .cmp(right.code.as_bytes())
            .then_with(|| compare_documents(&left.scope, &right.scope)),
        _ => match (Number::of(left), Number::of(right)) {
            (Some(left), Some(right)) => left.compare(&right),
            _ => Ordering::Equal,
        },
    }
}

fn compare_arrays(left: &[Bson], right: &[Bson]) -> Ordering {
    left.iter()
        .zip(right)
        .map(|(left, right)| compare(left, right))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or_else(|| left.len().cmp(&right.len()))
}

#[cfg(test)]
mod tests;
