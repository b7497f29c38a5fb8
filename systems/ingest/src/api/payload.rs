//! The body of `POST /ingest`: what is taken, what is coerced, and what a refusal says.
//!
//! The original declared its models with pydantic 1 behind FastAPI 0.100 or later; `tests.rs` beside this file holds what
//! those two answer to some two hundred bodies. In short: a string field takes strings, numbers and booleans (as
//! Python prints them); a model takes an object, or anything Python's `dict()` makes one of, such as a list of pairs;
//! all problems are reported, in the order of the fields; unknown keys are ignored.

mod problem;

use kit::ApiError;

use super::python;
use crate::json::{self, Text, Value};
use problem::{Location, Problem};

/// A body in which every field is there and of a usable type.
#[derive(Debug, PartialEq)]
pub(crate) struct Payload {
    /// `data.email_subject`.
    pub(crate) subject: Text,
    /// `data.email_sender`.
    pub(crate) sender: Text,
    /// `data.email_timestream`: a number, boolean or string; whether it is a timestamp is asked later.
    pub(crate) timestream: Value,
    /// `data.email_content`.
    pub(crate) content: Text,
    /// `token`, unless absent or null.
    pub(crate) token: Option<Text>,
}

/// Reads a body. `content_type` is the header as written, empty when absent, `None` when unreadable.
///
/// # Errors
/// 422 with all problems; 400 when it is not even text.
pub(crate) fn read(content_type: Option<&str>, body: &[u8]) -> Result<Payload, ApiError> {
    if body.is_empty() {
        return Err(ApiError::unprocessable(&[Problem::missing(&[])]));
    }
    if !content_type.is_some_and(is_json) {
        return Err(ApiError::unprocessable(&[Problem::no_dict(&[])]));
    }
    let value = json::read(body).map_err(problem::unreadable)?;
    let mut problems = Vec::new();
    match request(&value, &mut problems) {
        Some(payload) if problems.is_empty() => Ok(payload),
        _ => Err(ApiError::unprocessable(&problems)),
    }
}

/// Whether the body is to be read as JSON: no type at all, `application/json` or `application/…+json`.
fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let subtype = media_type.strip_prefix("application/").unwrap_or_default();
    content_type.is_empty() || subtype == "json" || (subtype.ends_with("+json") && !subtype.contains('/'))
}

fn request(body: &Value, problems: &mut Vec<Problem>) -> Option<Payload> {
    if *body == Value::Null {
        problems.push(Problem::missing(&[]));
        return None;
    }
    let model = Model::of(body, &[], problems)?;
    let data = match model.present("data", problems) {
        Some(data) => Model::of(data, &["data"], problems),
        None => None,
    };
    let subject = data.as_ref().and_then(|data| data.text("email_subject", problems));
    let sender = data.as_ref().and_then(|data| data.text("email_sender", problems));
    let timestream = data.as_ref().and_then(|data| data.text_or_number("email_timestream", problems));
    let content = data.as_ref().and_then(|data| data.text("email_content", problems));
    let token = match model.field("token") {
        None | Some(Value::Null) => None,
        Some(_) => model.text("token", problems),
    };
    Some(Payload { subject: subject?, sender: sender?, timestream: timestream?, content: content?, token })
}

/// A value that has fields, and where it stands in the body.
struct Model<'a> {
    entries: Vec<(Text, &'a Value)>,
    location: Location,
}

impl<'a> Model<'a> {
    fn of(value: &'a Value, location: &[&'static str], problems: &mut Vec<Problem>) -> Option<Self> {
        match python::dict(value) {
            Ok(entries) => Some(Self { entries, location: location.to_vec() }),
            Err(python::NoDict::WrongShape) => {
                problems.push(Problem::no_dict(location));
                None
            }
            Err(python::NoDict::KeysNotText) => {
                problems.push(Problem::keys_not_text(location));
                None
            }
        }
    }

    /// The last field of this name: of repeated keys the last one counts.
    fn field(&self, name: &str) -> Option<&'a Value> {
        self.entries.iter().rev().find(|(key, _)| key.is(name)).map(|(_, value)| *value)
    }

    fn at(&self, name: &'static str) -> Location {
        self.location.iter().copied().chain([name]).collect()
    }

    fn present(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<&'a Value> {
        match self.field(name) {
            None => problems.push(Problem::missing(&self.at(name))),
            Some(Value::Null) => problems.push(Problem::null(&self.at(name))),
            Some(value) => return Some(value),
        }
        None
    }

    fn text(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<Text> {
        let text = python::text(self.present(name, problems)?);
        if text.is_none() {
            problems.push(Problem::no_text(&self.at(name)));
        }
        text
    }

    fn text_or_number(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<Value> {
        let value = self.present(name, problems)?;
        if matches!(value, Value::List(_) | Value::Object(_)) {
            problems.extend([Problem::no_integer(&self.at(name)), Problem::no_text(&self.at(name))]);
            return None;
        }
        Some(value.clone())
    }
}

#[cfg(test)]
mod tests;
