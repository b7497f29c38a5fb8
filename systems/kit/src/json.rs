//! JSON as Python's `json` module reads it: the clients of the original service saw its verdicts.
//!
//! It differs from RFC 8259 in what it takes (`NaN`, `Infinity`, lone surrogates; of two equal keys the last wins) and
//! names the place of an error as a count of characters. Left out on purpose: bodies in UTF-16 or UTF-32, and
//! surrogates that are written as raw bytes; RFC 8259 section 8.1 wants UTF-8.

mod read;
mod text;
mod write;

pub use read::{Unreadable, read};
pub use text::Text;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction and exponent: its decimal digits, of any length, `-0` as `0`.
    Integer(String),
    /// Any other number; too large ones are infinite.
    Float(f64),
    /// A string.
    Text(Text),
    /// An array.
    List(Vec<Value>),
    /// An object, its entries as written, repeated keys included.
    Object(Vec<(Text, Value)>),
}
