//! One entry of a 422 answer.

use axum::http::StatusCode;
use kit::ApiError;
use serde::Serialize;

use crate::json::Unreadable;

/// Field names from the body down, without the leading `body`.
pub(crate) type Location = Vec<&'static str>;

/// A problem as pydantic 1 words it; the keys are in its order.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    loc: Vec<&'static str>,
    msg: &'static str,
    r#type: &'static str,
}

/// Broken JSON as FastAPI words it.
#[derive(Debug, Serialize)]
struct BrokenJson {
    r#type: &'static str,
    loc: (&'static str, usize),
    msg: &'static str,
    input: Empty,
    ctx: Context,
}

#[derive(Debug, Serialize)]
struct Empty {}

#[derive(Debug, Serialize)]
struct Context {
    error: &'static str,
}

impl Problem {
    pub(crate) fn missing(location: &[&'static str]) -> Self {
        Self::new(location, "field required", "value_error.missing")
    }

    pub(crate) fn null(location: &[&'static str]) -> Self {
        Self::new(location, "none is not an allowed value", "type_error.none.not_allowed")
    }

    pub(crate) fn no_text(location: &[&'static str]) -> Self {
        Self::new(location, "str type expected", "type_error.str")
    }

    pub(crate) fn no_integer(location: &[&'static str]) -> Self {
        Self::new(location, "value is not a valid integer", "type_error.integer")
    }

    pub(crate) fn no_dict(location: &[&'static str]) -> Self {
        Self::new(location, "value is not a valid dict", "type_error.dict")
    }

    pub(crate) fn keys_not_text(location: &[&'static str]) -> Self {
        Self::new(location, "keywords must be strings", "type_error")
    }

    fn new(location: &[&'static str], msg: &'static str, r#type: &'static str) -> Self {
        let loc = ["body"].into_iter().chain(location.iter().copied()).collect();
        Self { loc, msg, r#type }
    }
}

/// The answer to a body that is no JSON.
pub(crate) fn unreadable(why: Unreadable) -> ApiError {
    match why {
        Unreadable::Syntax { position, problem } => ApiError::unprocessable(&[BrokenJson {
            r#type: "json_invalid",
            loc: ("body", position),
            msg: "JSON decode error",
            input: Empty {},
            ctx: Context { error: problem },
        }]),
        Unreadable::Encoding | Unreadable::TooMuch => {
            ApiError::new(StatusCode::BAD_REQUEST, "There was an error parsing the body")
        }
    }
}
