//! The AWS JSON 1.0 protocol, as SQS speaks it.

use http::Response;
use http::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Fault, SqsError};
use super::operations::Protocol;
use crate::answer::{self, Body};

pub(super) const CONTENT_TYPE: &str = "application/x-amz-json-1.0";

/// How SDKs that knew the Query protocol's codes still show them.
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// The protocol.
pub(super) struct Json;

#[derive(Serialize)]
struct Refusal<'a> {
    #[serde(rename = "__type")]
    shape: String,
    message: &'a str,
}

impl Protocol for Json {
    fn read<I: DeserializeOwned>(&self, body: &[u8]) -> Result<I, SqsError> {
        let body = if body.is_empty() { b"{}" } else { body };
        serde_json::from_slice(body).map_err(|error| SqsError::Serialization(error.to_string()))
    }

    fn write<O: Serialize>(&self, _operation: &str, output: &O) -> Result<Vec<u8>, SqsError> {
        serde_json::to_vec(output).map_err(|error| SqsError::Serialization(error.to_string()))
    }
}

/// An error's answer.
pub(super) fn refusal(error: &SqsError) -> Response<Body> {
    let code = error.code();
    let party = match error.fault() {
        Fault::Sender => "Sender",
        Fault::Receiver => "Receiver",
    };
    let message = error.to_string();
    let refusal = Refusal { shape: format!("com.amazonaws.sqs#{}", code.shape), message: &message };
    let body = serde_json::to_vec(&refusal).unwrap_or_default();
    let mut response = answer::answer(error.status(), CONTENT_TYPE, body);
    if let Ok(value) = HeaderValue::from_str(&format!("{};{party}", code.query)) {
        response.headers_mut().insert(QUERY_ERROR, value);
    }
    response
}
