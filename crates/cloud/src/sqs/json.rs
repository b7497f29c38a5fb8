//! The AWS JSON 1.0 protocol, as SQS speaks it.

use http::Response;
use http::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::{Fault, SqsError};
use super::operations::Protocol;
use crate::answer::{self, Body};
use crate::call::Call;

pub(super) const CONTENT_TYPE: &str = "application/x-amz-json-1.0";

/// How SDKs that knew the Query protocol's codes still show them.
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// The protocol, for one request.
pub(super) struct Json<'a> {
    /// The path the request was sent to, which is a queue's where the body names none.
    path: &'a str,
}

#[derive(Serialize)]
struct Refusal<'a> {
    #[serde(rename = "__type")]
    shape: String,
    message: &'a str,
}

impl<'a> Json<'a> {
    pub(super) fn new(call: &'a Call) -> Self {
        Self { path: &call.path }
    }
}

impl Protocol for Json<'_> {
    fn read<I: DeserializeOwned>(&self, body: &[u8]) -> Result<I, SqsError> {
        let body = if body.is_empty() { b"{}" } else { body };
        let refused = |error: serde_json::Error| SqsError::Serialization(error.to_string());
        if self.path == "/" {
            return serde_json::from_slice(body).map_err(refused);
        }
        let mut input: Map<String, Value> = serde_json::from_slice(body).map_err(refused)?;
        input.entry("QueueUrl").or_insert_with(|| self.path.into());
        serde_json::from_value(input.into()).map_err(refused)
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
