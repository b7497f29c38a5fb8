//! A new document's body: what is taken, and what a refusal says.

use axum::http::{HeaderMap, StatusCode, header};
use kit::ApiError;
use kit::json::{self, Text, Value};
use utoipa::ToSchema;

use crate::settings::Limits;

/// A document as a client gives it. Other fields are ignored.
#[derive(Debug, PartialEq, ToSchema)]
#[schema(as = NewDocument, example = json!({
    "title": "Foxes",
    "content": "The quick brown fox jumps over the lazy dog.",
    "tags": ["animals"]
}))]
pub(crate) struct Payload {
    #[schema(min_length = 1)]
    pub(crate) title: String,
    /// A body of more than 1 MiB is refused whatever is in it.
    #[schema(min_length = 1)]
    pub(crate) content: String,
    pub(crate) tags: Vec<String>,
}

/// 400 for everything that is not as the description has it.
pub(crate) fn invalid() -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "Invalid request")
}

/// The body as JSON. What is not declared as JSON, or empty, is as wrong as a wrong shape, and no broken JSON.
///
/// # Errors
/// 400 when it is broken.
pub(crate) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() || !is_json(headers) {
        return Ok(Value::Null);
    }
    json::read(body).map_err(|_| invalid())
}

/// FastAPI takes `application/json`, `application/…+json` and no type at all.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(written) = headers.get(header::CONTENT_TYPE) else { return true };
    let Ok(written) = written.to_str() else { return false };
    let media_type = written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let subtype = media_type.strip_prefix("application/").unwrap_or_default();
    written.is_empty() || subtype == "json" || (subtype.ends_with("+json") && !subtype.contains('/'))
}

impl Payload {
    /// Reads the fields; others are ignored.
    ///
    /// # Errors
    /// 400 when one is missing, of another type or too long.
    pub(crate) fn read(value: &Value, limits: Limits) -> Result<Self, ApiError> {
        let Value::Object(fields) = value else { return Err(invalid()) };
        let field = |name: &str| fields.iter().rev().find(|(key, _)| key.is(name)).map(|(_, value)| value);
        let title = field("title").and_then(text).filter(|title| !title.is_empty()).ok_or_else(invalid)?;
        let content =
            field("content").and_then(text).filter(|content| !content.is_empty()).ok_or_else(invalid)?;
        let Some(Value::List(tags)) = field("tags") else { return Err(invalid()) };
        let tags = tags.iter().map(text).collect::<Option<Vec<String>>>().ok_or_else(invalid)?;
        Self { title, content, tags }.within(limits)
    }

    fn within(self, limits: Limits) -> Result<Self, ApiError> {
        let is_longer = |text: &str, limit: usize| text.len() > limit && text.chars().count() > limit;
        let refusal = if is_longer(&self.title, limits.title) {
            "Title too long"
        } else if is_longer(&self.content, limits.content) {
            "Content too long"
        } else if self.tags.len() > limits.tags {
            "Too many tags"
        } else {
            return Ok(self);
        };
        Err(ApiError::new(StatusCode::BAD_REQUEST, refusal))
    }
}

/// A string that is one in Unicode, too: no half of a surrogate pair.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Text::to_unicode(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { title: 5, content: 6, tags: 2 };

    fn read(body: &str) -> Result<Payload, String> {
        let value = parse(&HeaderMap::new(), body.as_bytes());
        let told = |error: ApiError| String::from_utf8(error.body().to_vec()).unwrap();
        Payload::read(&value.map_err(told)?, LIMITS).map_err(told)
    }

    #[test]
    fn what_is_a_document() {
        for body in [
            r#"{"title":"t","content":"c","tags":[]}"#,
            r#"{"title":"ééééé","content":"\ud83d\ude00cccc","tags":["a","a"],"more":{"x":NaN}}"#,
            r#"{"title":1,"title":"t","content":"\u0000","tags":[""]}"#,
        ] {
            assert!(read(body).is_ok(), "{body}");
        }
    }

    #[test]
    fn what_is_none() {
        for (body, detail) in [
            ("", "Invalid request"),
            ("{", "Invalid request"),
            ("null", "Invalid request"),
            ("[]", "Invalid request"),
            (r#"{"title":"","content":"c","tags":[]}"#, "Invalid request"),
            (r#"{"title":"t","content":"","tags":[]}"#, "Invalid request"),
            (r#"{"title":"t","content":"c"}"#, "Invalid request"),
            (r#"{"title":"t","content":"c","tags":null}"#, "Invalid request"),
            (r#"{"title":"t","content":"c","tags":[1]}"#, "Invalid request"),
            (r#"{"title":"t","content":"c","tags":"a"}"#, "Invalid request"),
            (r#"{"title":5,"content":"c","tags":[]}"#, "Invalid request"),
            (r#"{"title":"\ud800","content":"c","tags":[]}"#, "Invalid request"),
            (r#"{"title":"tttttt","content":"ccccccc","tags":["","",""]}"#, "Title too long"),
            (r#"{"title":"t","content":"ccccccc","tags":["","",""]}"#, "Content too long"),
            (r#"{"title":"t","content":"c","tags":["","",""]}"#, "Too many tags"),
        ] {
            assert_eq!(read(body).unwrap_err(), format!(r#"{{"detail":"{detail}"}}"#), "{body}");
        }
    }
}
