//! What is wrong with a request, in the words FastAPI has for it: pydantic 1's or pydantic 2's.
//!
//! A body is read by [`JsonBody`], its fields by [`Fields`], the part of the address behind `?` by [`Query`]. Each
//! notes [`Problem`]s, so that a caller is told all of them at once, in the order of the fields; [`Pydantic::refuse`]
//! makes the answer.

mod body;
mod fields;
mod query;
mod words;

pub use body::JsonBody;
pub use fields::Fields;
pub use query::Query;

use utoipa::ToSchema;

use crate::ApiError;
use crate::json::Value;

/// Whose words a refusal has. Clients of a service tell by them what went wrong, so a service keeps to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pydantic {
    /// Pydantic 1: `loc`, `msg`, `type`.
    V1,
    /// Pydantic 2: `type`, `loc`, `msg`, `input`.
    V2,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What.
    pub kind: Kind,
    /// Where, from the part of the request down: `body`, `data`, `email_subject`.
    pub place: Vec<Step>,
    /// What stands there; what stands around it where it is missing.
    pub input: Value,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It is required and not there.
    Missing,
    /// It is no JSON; Python's words for the reason.
    NotJson(&'static str),
    /// It is no object.
    NotObject,
    /// A key of it is no text, which only lists of pairs can have.
    KeysNotText,
    /// It is no string.
    NotText,
    /// It is no whole number.
    NotInteger,
    /// It is a text that reads as no whole number.
    NoIntegerInText,
    /// It is a text with too many digits.
    IntegerTooLong,
    /// It is less than this.
    AtLeast(i64),
    /// It is more than this.
    AtMost(i64),
    /// It is none of these names.
    OneOf(&'static [&'static str]),
    /// It does not match this regular expression.
    Pattern(&'static str),
}

/// A step down to a place in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[serde(untagged)]
pub enum Step {
    /// A field.
    Name(&'static str),
    /// An element, or a character of the text.
    Index(usize),
}

impl Problem {
    /// A problem at `place`, where `input` stands.
    #[must_use]
    pub fn new(kind: Kind, place: &[&'static str], input: Value) -> Self {
        Self { kind, place: place.iter().copied().map(Step::Name).collect(), input }
    }
}

impl Pydantic {
    /// 422 with all problems.
    #[must_use]
    pub fn refuse(self, problems: &[Problem]) -> ApiError {
        let mut list = String::from("[");
        for (index, problem) in problems.iter().enumerate() {
            if index > 0 {
                list.push(',');
            }
            words::write(self, problem, &mut list);
        }
        list.push(']');
        ApiError::unprocessable(&list)
    }
}
