//! Answers, in the shapes the services share.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use uuid::Uuid;

/// What can go wrong while a body is being sent or read.
pub(crate) type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// The body of an answer: a few bytes, or a stream.
pub(crate) type Body = UnsyncBoxBody<Bytes, BodyError>;

/// `x-amzn-RequestId`, which every answer carries.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// A body that is already here.
pub(crate) fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// An answer with a content type, a status and its bytes.
pub(crate) fn answer(
    status: StatusCode,
    content_type: &'static str,
    bytes: impl Into<Bytes>,
) -> Response<Body> {
    let mut response = Response::new(full(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A new request id.
pub(crate) fn request_id() -> String {
    Uuid::new_v4().to_string()
}

/// Puts the request id on an answer that has none yet. S3's has a name of its own.
pub(crate) fn stamp(response: &mut Response<Body>) {
    if !response.headers().contains_key(REQUEST_ID)
        && !response.headers().contains_key("x-amz-request-id")
        && let Ok(id) = HeaderValue::from_str(&request_id())
    {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}
