//! The Query protocol, as SQS spoke it before it spoke JSON and still does: a form in, XML out, or JSON where that is
//! what the caller accepts.
//!
//! Names are those of the service's published model of that time (botocore before 1.31, `sqs/2012-11-05`).

use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Fault, SqsError};
use super::operations::Protocol;
use crate::answer::{self, Body, REQUEST_ID};
use crate::call::Call;

mod form;
mod json;
mod xml;

const CONTENT_TYPE: &str = "text/xml";
const JSON_TYPE: &str = "application/json";

/// The namespace of every document (the model's `xmlNamespace`).
const NAMESPACE: &str = "http://queue.amazonaws.com/doc/2012-11-05/";

/// The protocol, for one request.
pub(super) struct Query<'a> {
    /// The path the request was sent to, which is a queue's where the form names none.
    path: &'a str,
    format: Format,
    request_id: &'a str,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Xml,
    Json,
}

impl<'a> Query<'a> {
    pub(super) fn new(call: &'a Call, request_id: &'a str) -> Self {
        let json = call.accept.as_deref().is_some_and(|accept| accept.starts_with(JSON_TYPE));
        Self { path: &call.path, format: if json { Format::Json } else { Format::Xml }, request_id }
    }

    /// Checks what the protocol itself has to say about a call: a queue's URL takes no operation that is about
    /// no queue in particular.
    pub(super) fn check(call: &Call) -> Result<(), SqsError> {
        let of_no_queue = matches!(call.operation.as_str(), "CreateQueue" | "ListQueues");
        if of_no_queue && call.path != "/" {
            return Err(SqsError::UnknownOperation(call.operation.clone()));
        }
        Ok(())
    }
}

impl Protocol for Query<'_> {
    fn read<I: DeserializeOwned>(&self, body: &[u8]) -> Result<I, SqsError> {
        let mut input = form::read(body)?;
        if self.path != "/" {
            input.entry("QueueUrl").or_insert_with(|| self.path.into());
        }
        serde_json::from_value(input.into()).map_err(|error| SqsError::Serialization(error.to_string()))
    }

    fn write<O: Serialize>(&self, operation: &str, output: &O) -> Result<Vec<u8>, SqsError> {
        let output =
            serde_json::to_value(output).map_err(|error| SqsError::Serialization(error.to_string()))?;
        let write = match self.format {
            Format::Xml => xml::answer,
            Format::Json => json::answer,
        };
        Ok(write(operation, &output, self.request_id).into_bytes())
    }
}

impl Query<'_> {
    /// An operation's answer.
    pub(super) fn done(&self, body: Vec<u8>) -> Response<Body> {
        stamped(answer::answer(StatusCode::OK, self.format.content_type(), body), self.request_id)
    }

    /// An error's answer.
    pub(super) fn refusal(&self, error: &SqsError) -> Response<Body> {
        let party = match error.fault() {
            Fault::Sender => "Sender",
            Fault::Receiver => "Receiver",
        };
        let write = match self.format {
            Format::Xml => xml::refusal,
            Format::Json => json::refusal,
        };
        let text = write(party, error.code().query, &message(error), self.request_id);
        stamped(answer::answer(error.status(), self.format.content_type(), text), self.request_id)
    }
}

impl Format {
    fn content_type(self) -> &'static str {
        match self {
            Self::Xml => CONTENT_TYPE,
            Self::Json => JSON_TYPE,
        }
    }
}

/// Whether the model gives the operation an output.
fn has_result(operation: &str) -> bool {
    !matches!(
        operation,
        "AddPermission"
            | "ChangeMessageVisibility"
            | "DeleteMessage"
            | "DeleteQueue"
            | "PurgeQueue"
            | "RemovePermission"
            | "SetQueueAttributes"
            | "TagQueue"
            | "UntagQueue"
    )
}

/// What a request without an `Action` gets.
pub(super) fn nothing_asked() -> Response<Body> {
    answer::answer(StatusCode::NOT_FOUND, CONTENT_TYPE, "<UnknownOperationException/>\n")
}

/// The sentences that differ between the protocols.
fn message(error: &SqsError) -> String {
    match error {
        SqsError::QueueDoesNotExist => "The specified queue does not exist for this wsdl version.".to_owned(),
        SqsError::UnknownOperation(name) => format!("The action {name} is not valid for this endpoint."),
        other => other.to_string(),
    }
}

fn stamped(mut response: Response<Body>, request_id: &str) -> Response<Body> {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
