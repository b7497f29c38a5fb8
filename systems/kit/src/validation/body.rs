//! A request's body as JSON, or FastAPI's refusal of it.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use bytes::Bytes;

use super::{Kind, Problem, Pydantic, Step};
use crate::ApiError;
use crate::body::WholeBody;
use crate::json::{self, Text, Unreadable, Value};

/// A whole body that is still to be read as JSON. Over [`crate::body::MAX_BODY`] the answer is 413.
#[derive(Debug)]
pub struct JsonBody {
    content_type: Option<HeaderValue>,
    bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
        let WholeBody(bytes) = WholeBody::from_request(request, state).await?;
        Ok(Self { content_type, bytes })
    }
}

impl JsonBody {
    /// A body that did not come by HTTP. `content_type` is the header as written.
    #[must_use]
    pub fn of(content_type: Option<HeaderValue>, bytes: Bytes) -> Self {
        Self { content_type, bytes }
    }

    /// The JSON value in it, as FastAPI sees it: a body of another media type is a text, `null` is no body at all. Where
    /// there is none, that is one problem among others.
    ///
    /// # Errors
    /// 422 where it is broken JSON, whatever else is wrong; 400 where it is not even text, or nested beyond reason.
    pub fn read(&self, pydantic: Pydantic, problems: &mut Vec<Problem>) -> Result<Option<Value>, ApiError> {
        let (kind, input) = if self.bytes.is_empty() {
            (Kind::Missing, Value::Null)
        } else if self.is_json() {
            match json::read(&self.bytes) {
                Ok(Value::Null) => (Kind::Missing, Value::Null),
                Ok(value) => return Ok(Some(value)),
                Err(why) => return Err(unreadable(pydantic, why)),
            }
        } else {
            (Kind::NotObject, Value::Text(Text::from(String::from_utf8_lossy(&self.bytes).as_ref())))
        };
        problems.push(Problem::new(kind, &["body"], input));
        Ok(None)
    }

    /// No type at all, `application/json` or `application/…+json`.
    fn is_json(&self) -> bool {
        let Some(content_type) = &self.content_type else { return true };
        let Ok(written) = content_type.to_str() else { return false };
        let media_type = written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let subtype = media_type.strip_prefix("application/").unwrap_or_default();
        written.is_empty() || subtype == "json" || (subtype.ends_with("+json") && !subtype.contains('/'))
    }
}

fn unreadable(pydantic: Pydantic, why: Unreadable) -> ApiError {
    match why {
        Unreadable::Syntax { position, problem } => pydantic.refuse(&[Problem {
            kind: Kind::NotJson(problem),
            place: vec![Step::Name("body"), Step::Index(position)],
            input: Value::Object(Vec::new()),
        }]),
        Unreadable::Encoding | Unreadable::TooMuch => {
            ApiError::new(StatusCode::BAD_REQUEST, "There was an error parsing the body")
        }
    }
}
