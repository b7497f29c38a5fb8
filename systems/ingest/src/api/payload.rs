//! The body of `POST /ingest`: what is taken, what is coerced, and what a refusal says.
//!
//! The original declared its models with pydantic 1 behind FastAPI 0.100 or later; `tests.rs` beside this file holds what
//! those two answer to some two hundred bodies. In short: a string field takes strings, numbers and booleans (as
//! Python prints them); a model takes an object, or anything Python's `dict()` makes one of, such as a list of pairs;
//! all problems are reported, in the order of the fields; unknown keys are ignored.

mod schema;

use kit::ApiError;
use kit::json::{Text, Value};
use kit::validation::{Fields, JsonBody, Kind, Problem, Pydantic};

use utoipa::ToSchema;

use super::python;

/// A body in which every field is there and of a usable type. Other fields are ignored.
#[derive(Debug, PartialEq, ToSchema)]
#[schema(as = Request, example = json!({
    "data": {
        "email_subject": "Hello",
        "email_sender": "John Doe",
        "email_timestream": 1_693_561_101,
        "email_content": "First message"
    },
    "token": "local-dev-token"
}))]
pub(crate) struct Payload {
    pub(crate) data: Data,
    /// None where it is absent or null.
    #[schema(schema_with = schema::token)]
    pub(crate) token: Option<Text>,
}

/// The e-mail.
#[derive(Debug, PartialEq, ToSchema)]
#[schema(as = Email)]
pub(crate) struct Data {
    #[schema(rename = "email_subject", schema_with = schema::text)]
    pub(crate) subject: Text,
    #[schema(rename = "email_sender", schema_with = schema::text)]
    pub(crate) sender: Text,
    /// A number, boolean or string; whether it is a timestamp is asked later.
    #[schema(rename = "email_timestream", schema_with = schema::timestamp)]
    pub(crate) timestream: Value,
    #[schema(rename = "email_content", schema_with = schema::text)]
    pub(crate) content: Text,
}

/// Reads a body.
///
/// # Errors
/// 422 with all problems; 400 when it is not even text.
pub(crate) fn read(body: &JsonBody) -> Result<Payload, ApiError> {
    let mut problems = Vec::new();
    let body = body.read(Pydantic::V1, &mut problems)?;
    match body.and_then(|body| request(&body, &mut problems)) {
        Some(payload) if problems.is_empty() => Ok(payload),
        _ => Err(Pydantic::V1.refuse(&problems)),
    }
}

fn request(body: &Value, problems: &mut Vec<Problem>) -> Option<Payload> {
    let model = model(body, &["body"], problems)?;
    let data = match present(&model, "data", problems) {
        Some(data) => self::model(data, &["body", "data"], problems),
        None => None,
    };
    let subject = data.as_ref().and_then(|data| text(data, "email_subject", problems));
    let sender = data.as_ref().and_then(|data| text(data, "email_sender", problems));
    let timestream = data.as_ref().and_then(|data| text_or_number(data, "email_timestream", problems));
    let content = data.as_ref().and_then(|data| text(data, "email_content", problems));
    let token = match model.find("token") {
        None | Some(Value::Null) => None,
        Some(_) => text(&model, "token", problems),
    };
    let data = Data { subject: subject?, sender: sender?, timestream: timestream?, content: content? };
    Some(Payload { data, token })
}

/// What Python's `dict()` takes has fields.
fn model<'a>(value: &'a Value, place: &[&'static str], problems: &mut Vec<Problem>) -> Option<Fields<'a>> {
    let kind = match python::dict(value) {
        Ok(entries) => return Some(Fields::of_entries(entries, value, place)),
        Err(python::NoDict::WrongShape) => Kind::NotObject,
        Err(python::NoDict::KeysNotText) => Kind::KeysNotText,
    };
    problems.push(Problem::new(kind, place, value.clone()));
    None
}

fn present<'a>(fields: &Fields<'a>, name: &'static str, problems: &mut Vec<Problem>) -> Option<&'a Value> {
    let value = fields.required(name, problems)?;
    if *value == Value::Null {
        problems.push(Problem::new(Kind::NotText, &fields.at(name), Value::Null));
        return None;
    }
    Some(value)
}

fn text(fields: &Fields<'_>, name: &'static str, problems: &mut Vec<Problem>) -> Option<Text> {
    let value = present(fields, name, problems)?;
    let text = python::text(value);
    if text.is_none() {
        problems.push(Problem::new(Kind::NotText, &fields.at(name), value.clone()));
    }
    text
}

fn text_or_number(fields: &Fields<'_>, name: &'static str, problems: &mut Vec<Problem>) -> Option<Value> {
    let value = present(fields, name, problems)?;
    if matches!(value, Value::List(_) | Value::Object(_)) {
        let at = fields.at(name);
        problems.extend([Kind::NotInteger, Kind::NotText].map(|kind| Problem::new(kind, &at, value.clone())));
        return None;
    }
    Some(value.clone())
}

#[cfg(test)]
mod tests;
