//! Answers: documents, bare statuses, and errors in S3's form.

use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use uuid::Uuid;

use super::error::Error;
use super::xml::Writer;
use crate::answer::{self, Body};

/// The longest body of a refused request that is still read, so that the connection can be used again.
const WORTH_READING: u64 = 64 * 1024;

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
pub(super) fn error(error: &Error, resource: &str, id: &str) -> Response<Body> {
    let text = Writer::plain_document("Error", |xml| {
        xml.text("Code", error.code.as_str());
        xml.text("Message", &error.message);
        for (name, value) in &error.details {
            xml.text(name, value);
        }
        xml.text("Resource", resource);
        xml.text("RequestId", id);
        xml.text("HostId", id);
    });
    answer::answer(error.code.status(), "application/xml", text)
}

/// Ends the connection with the answer when a long body is still on its way, which nobody will read.
pub(super) fn end_after(response: &mut Response<Body>, length: Option<u64>) {
    if length.is_none_or(|length| length > WORTH_READING) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
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
