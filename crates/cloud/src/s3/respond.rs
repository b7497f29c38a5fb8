//! Answers: documents, bare statuses, and errors in S3's form.

use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use uuid::Uuid;

use super::error::Error;
use super::xml::Writer;
use crate::answer::{self, Body};

/// A status and no body.
pub(super) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(answer::full(""));
    *response.status_mut() = status;
    response
}

/// 200 and a document.
pub(super) fn document(text: String) -> Response<Body> {
    answer::answer(StatusCode::OK, "application/xml", text)
}

/// Puts a header on an answer. A value that can't be one is left out.
pub(super) fn put(response: &mut Response<Body>, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        response.headers_mut().insert(name, value);
    }
}

/// An entity tag as headers and documents write it.
pub(super) fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

/// The id that a client quotes when it asks what happened.
pub(super) fn request_id() -> String {
    let id = Uuid::new_v4().simple().to_string().to_ascii_uppercase();
    id.get(..16).unwrap_or_default().to_owned()
}

/// An error as the client is told it. A `HEAD` is told by the status alone.
///
/// The API Reference shows a `Resource` too, which S3 does not send.
pub(super) fn error(error: &Error, id: &str) -> Response<Body> {
    let text = Writer::plain_document("Error", |xml| {
        xml.text("Code", error.code.as_str());
        xml.text("Message", &error.message);
        for (name, value) in &error.details {
            xml.text(name, value);
        }
        xml.text("RequestId", id);
        xml.text("HostId", id);
    });
    let mut response = answer::answer(error.code.status(), "application/xml", text);
    for (name, value) in &error.headers {
        put(&mut response, name, value);
    }
    response
}

/// Ends the connection with the answer: what is left of the request's body will not be read.
pub(super) fn last(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Takes off an answer to `HEAD` what only a body explains.
pub(super) fn without_body(response: Response<Body>) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    if !parts.status.is_success() {
        parts.headers.remove(CONTENT_LENGTH);
        parts.headers.remove(CONTENT_TYPE);
    }
    Response::from_parts(parts, answer::full(""))
}
