//! A flight: what a client may send, and what it gets.

use kit::ApiError;
use kit::json::{Text, Value};
use kit::validation::{Fields, JsonBody, Kind, Problem, Pydantic};
use mongodb::bson::oid::ObjectId;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// What a status is called.
const STATUSES: &[&str] = &["scheduled", "cancelled"];

/// The form of an identifier.
const IDENTIFIER: &str = "^[0-9a-fA-F]{24}$";

/// Whether a flight is to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// It is.
    Scheduled,
    /// It is not.
    Cancelled,
}

impl Status {
    /// What it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Cancelled => "cancelled",
        }
    }

    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Scheduled, Self::Cancelled].into_iter().find(|status| status.name() == name)
    }
}

/// What a client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
pub(crate) struct Draft {
    pub(crate) status: Status,
}

/// What a client gets; the keys stand in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flight {
    pub(crate) status: Status,
    /// 24 hexadecimal digits.
    #[schema(value_type = String, example = "65f1c0ffee0ddba11ca7f00d", pattern = "^[0-9a-f]{24}$")]
    #[serde(serialize_with = "digits")]
    pub(crate) id: ObjectId,
}

impl Draft {
    /// Reads a body. Fields that a flight has not are left out.
    ///
    /// # Errors
    /// 422 with what is wrong, `problems` before it; 400 where the body is not even text.
    pub(crate) fn read(body: &JsonBody, mut problems: Vec<Problem>) -> Result<Self, ApiError> {
        let status = match body.read(Pydantic::V2, &mut problems)? {
            Some(value) => match Fields::of(&value, &["body"]) {
                Ok(fields) => fields.one_of("status", STATUSES, &mut problems).and_then(Status::named),
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            },
            None => None,
        };
        match status {
            Some(status) if problems.is_empty() => Ok(Self { status }),
            _ => Err(Pydantic::V2.refuse(&problems)),
        }
    }
}

fn digits<S: Serializer>(id: &ObjectId, serializer: S) -> Result<S::Ok, S::Error> {
    let mut digits = [0; 24];
    hex::encode_to_slice(id.bytes(), &mut digits).map_err(serde::ser::Error::custom)?;
    serializer.serialize_str(str::from_utf8(&digits).map_err(serde::ser::Error::custom)?)
}

/// Reads an identifier that stands at `place`.
///
/// # Errors
/// A problem where it is none.
pub(crate) fn identifier(place: &[&'static str], written: &str) -> Result<ObjectId, Problem> {
    ObjectId::parse_str(written)
        .map_err(|_| Problem::new(Kind::Pattern(IDENTIFIER), place, Value::Text(Text::from(written))))
}
